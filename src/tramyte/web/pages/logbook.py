"""Audit entries in words: who did what to which thing, before and after."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.actions import managed_by
from tramyte.engine.access.models import User
from tramyte.engine.access.operator import USERNAME
from tramyte.engine.access.rights import Guard, sees_people, visible
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.clients.queries import audit_names
from tramyte.engine.registers import history

ACTIONS = {
    "view": "Mở xem hồ sơ", "demo": "Tạo xã trình diễn", "read_reminders": "Đọc lời nhắc", "remind": "Nhắc việc",
    "create_user": "Tạo tài khoản", "lend_rights": "Ủy quyền", "take_back_rights": "Thu hồi ủy quyền", "open_emergency": "Mở khẩn cấp hồ sơ", "miss_emergency": "Mở khẩn cấp, không thấy ai",
    "review_emergency": "Soát lần mở khẩn cấp", "assign_role": "Phân công vai trò", "end_assignment": "Kết thúc vai trò", "reset_password": "Đặt lại mật khẩu",
    "set_active": "Khóa hoặc mở tài khoản", "change_password": "Đổi mật khẩu", "sign_in": "Đăng nhập", "sign_out": "Đăng xuất", "wrong_code": "Gõ sai mã bước hai",
    "set_up_second_step": "Cài bước hai", "remove_second_step": "Tắt bước hai", "reset_second_step": "Đặt lại bước hai của người khác",
    "renew_recovery_codes": "Tạo bộ mã khôi phục mới", "use_recovery_code": "Dùng mã khôi phục", "release_sign_in": "Mở khóa đăng nhập",
    "set_step_roles": "Đặt vai trò bắt buộc có bước hai", "end_sitting": "Đóng một phiên", "end_other_sittings": "Đóng các phiên khác", "add_unit": "Thêm đơn vị", "receive_directive": "Nhận văn bản",
    "issue_directive": "Giao việc theo văn bản", "accept_obligation": "Nhận mục của văn bản", "drop_obligation": "Bỏ mục của văn bản",
    "assign_task": "Giao hoặc sửa nhiệm vụ", "assign_part": "Giao phần việc", "report_progress": "Báo tiến độ", "note_progress": "Ghi tiến độ",
    "complete_task": "Báo hoàn thành", "cancel_task": "Hủy nhiệm vụ", "reopen_task": "Mở lại nhiệm vụ", "close_bound": "Đóng vì chỉ tiêu đã đạt",
    "open_occurrence": "Mở kỳ mới", "set_milestone": "Thêm mốc", "finish_milestone": "Xong mốc", "set_target": "Giao chỉ tiêu",
    "bind_target": "Gắn chỉ tiêu", "end_target": "Hết hiệu lực chỉ tiêu", "correct_target": "Sửa mức giao", "ask_report_period": "Yêu cầu báo cáo",
    "set_duty_period": "Chọn kỳ báo cáo", "tie_units": "Nối đơn vị phối hợp", "choose_partner": "Chọn đơn vị phối hợp", "tell_part": "Ghi kết quả phối hợp",
    "learn_unit_name": "Nhớ tên đơn vị", "record_place": "Ghi thôn", "record_facility": "Ghi cơ sở", "record_orgunit": "Ghi đơn vị",
    "reopen_bound": "Mở lại vì số dưới mức giao", "fall_back": "Đánh dấu số lại dưới mức giao", "meet_again": "Số lại đạt mức giao", "renew_coverage": "Gia hạn thẻ BHYT",
    "merge_persons": "Gộp hồ sơ", "unmerge_persons": "Tách hồ sơ", "propose_pairs": "Tìm thấy hồ sơ nghi trùng", "pair_dismissed": "Đánh dấu hai người khác nhau",
    "create_client": "Nối ứng dụng", "revoke_client": "Thu hồi khóa ứng dụng", "list": "Mở danh sách", "pair_merged": "Gộp cặp hồ sơ nghi trùng", "bulk_edit": "Sửa hàng loạt", "undo_bulk_edit": "Hoàn tác sửa hàng loạt",
}
VERBS = {
    "record": "Ghi", "create": "Thêm", "add": "Thêm", "update": "Sửa", "change": "Sửa", "cancel": "Đánh dấu ghi nhầm", "import": "Nhập từ tệp",
    "undo": "Hoàn tác", "load": "Nạp từ tệp", "export": "Xuất", "lock": "Khóa", "submit": "Gửi", "return": "Trả lại", "approve": "Duyệt", "draft": "Soạn", "set": "Đặt",
    "end": "Kết thúc", "open": "Mở", "close": "Đóng", "revoke": "Bãi bỏ", "accept": "Nhận", "reopen": "Mở lại", "edit": "Sửa", "write": "Ghi",
}
QUIET = {"id", "import_id", "entered_in_error", "error_reason", "search", "password"}
LONGEST = 120
history.name_actions(ACTIONS)
HOUSE = {"": "Hệ thống", USERNAME: "Quản trị qua dòng lệnh"}


@dataclass(frozen=True)
class Line:
    """An audit entry as a page shows it. changes: (label, before, after) in words; hidden: the reader may not see them."""

    entry: AuditEntry
    who: str
    what: str
    thing: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    note: str = ""
    hidden: bool = False


def entries(by: User, *, user: str = "", action: str = "", day: datetime.date | None = None) -> QuerySet[AuditEntry]:
    """The audit of those people and programs whom this user manages and of the house itself, newest first, narrowed to a user name, an action and a day."""
    theirs = User.objects.filter(pk__in=managed_by(by)).values("username")
    rows = AuditEntry.objects.filter(Q(username__in=theirs) | Q(username__in=("", USERNAME, *audit_names(by))))
    if user:
        rows = rows.filter(username=user)
    if action:
        rows = rows.filter(action=action)
    if day:
        start = datetime.datetime.combine(day, datetime.time.min, clock.ZONE)
        rows = rows.filter(at__gte=start, at__lt=start + datetime.timedelta(days=1))
    return rows


def lines(rows: Iterable[AuditEntry], *, by: User) -> list[Line]:
    """Entries in words; of bulk writing only how many rows there were.

    What happened to a person, or to something in another place, is told to a reader who may not see it without its content.
    """
    found = list(rows)
    names = dict(User.objects.filter(username__in={entry.username for entry in found}).values_list("username", "full_name"))
    closed = _closed(found, by)
    return [
        Line(entry, names.get(entry.username, HOUSE.get(entry.username, entry.username)), action_words(entry.action), _thing(entry.model),
             [] if entry.seq in closed else _changes(entry), "" if entry.seq in closed else entry.note, entry.seq in closed)
        for entry in found]


def _closed(entries: list[AuditEntry], by: User) -> set[int]:
    """The numbers of the entries whose content this reader may not see."""
    people = sees_people(by)
    closed = {entry.seq for entry in entries if not people and _personal(entry.model)}
    for label in {entry.model for entry in entries}:
        model = _model(label)
        if isinstance(getattr(model, "guard", None), Guard):
            about = {entry.seq: entry.object_id for entry in entries if entry.model == label and _is_id(entry.object_id) and "rows" not in (entry.after or {})}
            seen = visible(by, model._base_manager.filter(pk__in=set(about.values())), "audit.view").values_list("pk", flat=True)
            open_ids = {str(pk) for pk in seen}
            closed |= {seq for seq, id in about.items() if id not in open_ids}
    return closed


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _personal(label: str) -> bool:
    """Whether a model tells about persons, or is not known any more."""
    model = _model(label)
    guard = getattr(model, "guard", None)
    return bool(label) and (model is None or model.__module__.startswith("tramyte.care.") or bool(guard and guard.personal))


def action_words(action: str) -> str:
    """An action in Vietnamese; its own name when nobody gave it words."""
    if action in ACTIONS:
        return ACTIONS[action]
    verb, _, rest = action.replace("-", "_").partition("_")
    return f"{VERBS[verb]} ({rest.replace('_', ' ')})" if verb in VERBS and rest else VERBS.get(verb, action)


def _model(label: str) -> Any:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _thing(label: str) -> str:
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


def _changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    after, before = entry.after or {}, entry.before or {}
    if "rows" in after:
        return []
    fields = {one.attname: one for one in model._meta.concrete_fields} if (model := _model(entry.model)) else {}
    made = []
    for name in after:
        was, now = before.get(name), after[name]
        if name in QUIET or was == now or (was is None and now in ("", None, "[]", "{}")):
            continue
        source = fields.get(name)
        label = str(source.verbose_name) if source is not None else name
        made.append((label[:1].upper() + label[1:], _words(source, was), _words(source, now)))
    return made


def _words(source: Any, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if source is not None and source.is_relation:
        found = source.related_model._default_manager.filter(pk=value).first()
        return str(found) if found is not None else str(value)
    chosen = dict(getattr(source, "flatchoices", None) or []).get(value)
    text = str(chosen) if chosen is not None else _plain(source, value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(source: Any, value: Any) -> str:
    kind = source.get_internal_type() if source is not None else ""
    if kind == "DateField":
        return f"{datetime.date.fromisoformat(str(value)):%d/%m/%Y}"
    if kind == "BooleanField":
        return "có" if str(value) == "True" else "không"
    return str(value)
