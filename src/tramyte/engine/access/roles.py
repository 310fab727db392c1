"""The roles of a commune and what each may do: the table of design.md section 1."""

from dataclasses import dataclass, field

# Every permission, with the words a page shows for it.
PERMISSIONS = {
    "people.view": "xem hồ sơ người dân",
    "people.write": "ghi hồ sơ người dân",
    "people.import": "nhập danh sách người dân từ tệp",
    "care.write": "ghi khám, kiểm tra sức khỏe",
    "growth.write": "ghi cân đo trẻ em",
    "maternal.view": "xem theo dõi thai sản, cuộc đẻ, khám sau sinh",
    "maternal.private": "xem sổ khám thai, đẻ, tránh thai, phá thai (có kết quả xét nghiệm)",
    "maternal.write": "ghi thai sản, đẻ, kế hoạch hóa gia đình, phá thai",
    "vaccines.view": "xem danh mục, kho vắc xin",
    "vaccines.write": "ghi kho vắc xin, lịch triển khai tiêm chủng",
    "reactions.view": "xem phản ứng, tai biến sau tiêm chủng",
    "reactions.write": "ghi phản ứng sau tiêm chủng",
    "reactions.report": "báo cáo tai biến nặng sau tiêm lên tuyến trên",
    "rights.write": "trả lời yêu cầu về dữ liệu cá nhân, lấy bản trích dữ liệu",
    "people.emergency": "mở khẩn cấp hồ sơ ngoài địa bàn, có lý do, trong 4 giờ",
    "emergency.review": "soát các lần mở khẩn cấp",
    "figures.view": "xem chỉ tiêu, số liệu tổng hợp",
    "places.view": "xem thôn, cơ sở, đơn vị",
    "places.write": "ghi thôn, cơ sở, đơn vị",
    "techniques.view": "xem danh mục kỹ thuật",
    "techniques.write": "ghi danh mục kỹ thuật của trạm",
    "directives.view": "xem văn bản chỉ đạo",
    "directives.write": "nhập và rà soát văn bản",
    "tasks.view": "xem nhiệm vụ",
    "tasks.assign": "giao nhiệm vụ",
    "tasks.progress": "báo tiến độ nhiệm vụ của đơn vị mình",
    "targets.write": "gắn và sửa chỉ tiêu",
    "reports.view": "xem báo cáo",
    "reports.write": "soạn và gửi báo cáo",
    "reports.approve": "duyệt, trả lại và khóa báo cáo",
    "overview.view": "xem trang điều hành một trang",
    "users.manage": "quản lý người dùng",
    "rights.lend": "ủy quyền một phần việc của mình khi vắng mặt",
    "audit.view": "xem nhật ký",
}

_OFFICE = {"places.view", "figures.view", "directives.view", "tasks.view", "tasks.progress", "reports.view"}
_STATION = {"people.view", "people.write", "care.write", "growth.write", "maternal.view", "maternal.private", "maternal.write", "techniques.view", "vaccines.view", "vaccines.write", "reactions.view", "reactions.write", *_OFFICE}


@dataclass(frozen=True)
class Role:
    """A role: its words, those for where there is little room, its permissions and whether it may only ever see figures, never a person."""

    slug: str
    title: str
    short: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    figures_only: bool = False


def _role(slug: str, title: str, short: str, permissions: set[str], *, figures_only: bool = False) -> Role:
    unknown = permissions - PERMISSIONS.keys()
    if unknown:
        raise ValueError(f"role {slug}: unknown permissions {sorted(unknown)}")
    return Role(slug, title, short, frozenset(permissions), figures_only)


ROLES = {role.slug: role for role in (
    _role("director", "Giám đốc trạm y tế", "Giám đốc", _STATION | {
        "people.import", "rights.write", "places.write", "techniques.write", "tasks.assign", "targets.write", "reports.write", "reports.approve", "users.manage", "audit.view",
        "people.emergency", "emergency.review", "rights.lend", "reactions.report"}),
    _role("clinician", "Bác sĩ, y sĩ", "Bác sĩ, y sĩ", _STATION | {"people.emergency", "people.import", "techniques.write", "reports.write", "reactions.report"}),
    _role("nurse", "Điều dưỡng, nữ hộ sinh, dược sĩ", "Điều dưỡng", _STATION | {"people.import", "people.emergency"}),
    _role("village_worker", "Y tế thôn, cộng tác viên dân số", "Y tế thôn", {"people.view", "people.write", "growth.write", "maternal.view", "tasks.view", "tasks.progress", "figures.view"}),
    _role("officer", "Công chức Phòng Văn hóa - Xã hội", "Phòng VH-XH", _OFFICE | {
        "directives.write", "places.write", "tasks.assign", "targets.write", "reports.write", "reports.approve", "overview.view", "techniques.view", "rights.lend"}, figures_only=True),
    _role("chairman", "Chủ tịch, Phó Chủ tịch UBND xã", "Chủ tịch xã", _OFFICE | {"reports.approve", "overview.view", "tasks.assign", "techniques.view", "rights.lend"}, figures_only=True),
    _role("unit", "Đơn vị phối hợp", "Đơn vị phối hợp", set(_OFFICE), figures_only=True),
    _role("supervisor", "TTYT khu vực, CDC, Sở Y tế", "Cấp trên", {"figures.view", "reports.view", "techniques.view"}, figures_only=True),
    _role("admin", "Quản trị hệ thống", "Quản trị", {"users.manage", "audit.view", "emergency.review", "places.view", "places.write"}, figures_only=True),
)}
