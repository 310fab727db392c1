"""The headings that stations, the police, the insurance agency and hamlets write for the same thing."""

from collections.abc import Iterable
from functools import cache

from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.register import Register
from tramyte.rules.text import fold

NAME = "name"
MEANINGS: dict[str, tuple[str, ...]] = {
    NAME: (
        "Họ và tên", "Họ tên", "Họ, chữ đệm và tên", "Họ, chữ đệm và tên khai sinh", "Họ và tên khai sinh", "Họ tên khai sinh", "Tên công dân", "Họ tên công dân",
        "Họ và tên công dân", "Tên người dân", "Họ tên người dân", "Họ và tên người dân", "Họ tên nhân khẩu", "Họ và tên nhân khẩu", "Họ tên người tham gia",
        "Họ và tên người tham gia", "Họ tên người bệnh", "Họ và tên người bệnh", "Tên người bệnh", "Họ tên bệnh nhân", "Họ tên đối tượng", "Họ và tên đối tượng",
        "Họ tên trẻ", "Họ và tên trẻ", "HoTen", "HoVaTen"),
    "birth": (
        "Ngày sinh", "Năm sinh", "Ngày tháng năm sinh", "Ngày/tháng/năm sinh", "Ngày, tháng, năm sinh", "NTNS", "Ngày sinh đầy đủ", "Sinh ngày", "Ngày năm sinh", "NgaySinh"),
    "sex": ("Giới tính", "Giới", "Phái", "Nam/Nữ", "Nam, nữ", "GioiTinh"),
    "national": (
        "Số định danh", "Số định danh cá nhân", "Mã định danh", "Mã định danh cá nhân", "Số ĐDCN", "ĐDCN", "CCCD", "Số CCCD", "Số căn cước", "Căn cước", "Số thẻ căn cước",
        "Số căn cước công dân", "Căn cước công dân", "Số CMND", "CMND", "CMND/CCCD", "CCCD/CMND", "Số CMND/CCCD", "Số CCCD/CMND", "Số CCCD/ĐDCN", "Số ĐDCN/CCCD",
        "Số định danh cá nhân/CMND", "Số CCCD/Số định danh", "Số giấy tờ tùy thân", "Số giấy tờ"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT", "Số ĐT", "Di động", "Số di động", "Điện thoại liên hệ", "Số điện thoại liên hệ", "Điện thoại di động"),
    "card": (
        "Số thẻ BHYT", "Mã thẻ BHYT", "Thẻ BHYT", "BHYT", "Mã thẻ", "Số thẻ", "Số thẻ bảo hiểm y tế", "Mã thẻ bảo hiểm y tế", "Thẻ bảo hiểm y tế", "Mã số BHXH", "Số BHXH"),
    "card_start": ("BHYT từ ngày", "Giá trị từ ngày", "Từ ngày", "Giá trị thẻ từ", "Thẻ có giá trị từ", "Hạn thẻ từ", "Hạn từ", "Hạn thẻ từ ngày"),
    "card_end": (
        "Hạn thẻ BHYT", "Hạn thẻ", "BHYT đến ngày", "Giá trị đến ngày", "Đến ngày", "Giá trị thẻ đến", "Thẻ có giá trị đến", "Hạn thẻ đến", "Hạn đến", "Hạn sử dụng",
        "Hạn sử dụng thẻ", "Ngày hết hạn"),
    "hamlet": (
        "Thôn", "Xóm", "Ấp", "Bản", "Tổ", "Khu phố", "Tổ dân phố", "Thôn/xóm", "Thôn, xóm", "Thôn (xóm)", "Thôn/bản", "Thôn, bản", "Thôn/ấp", "Thôn/tổ dân phố",
        "Thôn, tổ dân phố", "Thôn/tổ", "Địa bàn", "Khu dân cư", "Tổ dân cư", "Tên thôn"),
    "household": ("Số hộ", "Mã hộ", "Hộ số", "Số hộ khẩu", "Số sổ hộ khẩu", "Sổ hộ khẩu", "Hộ khẩu số", "Mã hộ gia đình", "Số hộ gia đình"),
    "relation": ("Quan hệ với chủ hộ", "Quan hệ chủ hộ", "Quan hệ", "QH với chủ hộ", "Quan hệ với CH", "QHCH", "Mối quan hệ với chủ hộ"),
    "residence": ("Cư trú", "Loại cư trú", "Tình trạng cư trú", "Hình thức cư trú", "Thường trú/tạm trú"),
    "ethnicity": ("Dân tộc",),
    "occupation": ("Nghề nghiệp", "Nghề", "Công việc"),
    "address": ("Địa chỉ", "Nơi ở", "Chỗ ở hiện nay", "Nơi ở hiện nay", "Nơi ở hiện tại", "Nơi cư trú", "Địa chỉ thường trú", "Địa chỉ liên hệ", "Số nhà"),
}
# A heading in two columns: the first words of a name, and the last.
FAMILY = {fold(text) for text in ("Họ", "Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ tên đệm", "Họ, tên đệm", "Họ và chữ đệm", "Họ, chữ đệm", "Họ lót", "Họ và chữ lót", "Họ, đệm")}
GIVEN = {fold(text) for text in ("Tên", "Tên gọi", "Tên chính", "Tên khai sinh")}
# Words that make a heading speak of somebody else than the line does.
OTHERS = {"chu", "cha", "bo", "me", "vo", "chong", "than", "giam", "khai", "lap", "nguoi", "ong", "cu", "cap", "truoc"}
SURNAMES = frozenset(fold(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lò Đinh Đào Đoàn Hà Mai Trịnh Lương Cao Tạ Trương Lâm Vi Giàng Vàng Sùng Quàng Cà Nông Hứa "
    "Triệu Bàn Chu Châu Thái La Kiều Quách Tống Thạch Sơn Kim Danh Điểu Rơ Siu Ksor Y Mạc Từ Tô Phùng Nghiêm Doãn Khổng Lưu Tăng Vương Văn Ma Mùa Hờ Thào Lầu Hạng Cứ").split())


@cache
def _folded(meaning: str) -> frozenset[str]:
    return frozenset(map(fold, MEANINGS[meaning]))


def meaning_of(column: Column) -> str:
    """What a column means among MEANINGS, by its heading or one of its aliases; empty for a thing of its own."""
    own = {fold(text) for text in (column.label, *column.aliases)}
    by_label = [meaning for meaning in MEANINGS if fold(column.label) in _folded(meaning)]
    return next((meaning for meaning in (*by_label, *MEANINGS) if own & _folded(meaning)), "")


def headings_of(register: Register) -> dict[str, str]:
    """Folded heading -> path: what the book itself says first, then what others write for the same."""
    wanted: dict[str, str] = {}
    for column in register.all_columns:
        for text in (column.label, *column.aliases, column.path):
            wanted.setdefault(fold(text), column.path)
    for column in register.all_columns:
        for text in _meant(column):
            wanted.setdefault(text, column.path)
    return wanted


def known_headings(register: Register) -> list[str]:
    """Every heading that a file of this register may carry, as people write it."""
    own = [text for column in register.all_columns for text in (column.label, *column.aliases)]
    others = [text for column in register.all_columns if (meaning := meaning_of(column)) for text in MEANINGS[meaning]]
    return list(dict.fromkeys([*own, *others]))


def _meant(column: Column) -> Iterable[str]:
    meaning = meaning_of(column)
    return _folded(meaning) if meaning else ()
