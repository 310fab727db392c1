"""How the pages of targets speak: numbers, levels, who is missing."""

import datetime
from dataclasses import dataclass

SPACE = "\u00a0"
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "~": "≈", "reduce": "giảm"}
LESS = ("<=", "<")


@dataclass(frozen=True)
class Subject:
    """What an indicator counts: its noun, what those on the worklist are, in short, and how it is counted, in Vietnamese."""

    noun: str
    missing: str
    short: str
    counted: str = ""


_STAY = "Mẫu số: người ở tại địa bàn (thường trú, tạm trú, không đi vắng, còn sống) vào ngày tính, theo sổ của trạm, không phải số giao."
_WEIGHED = "Mẫu số: trẻ dưới 5 tuổi ở tại địa bàn vào ngày tính, được cân đo trong 12 tháng; số đo khó có thật không tính."
_TURNING = "Mẫu số: trẻ ở tại địa bàn vào ngày tính và đủ {} trong năm; trẻ chưa tới ngày đó tính là chưa rõ nên còn trong danh sách cần tiêm."
_ONE, _TWO, _THREE = (_TURNING.format(age) for age in ("1 tuổi", "24 tháng", "3 tuổi"))
_BORN = "Mẫu số: trẻ sinh từ 01/01 của năm đến ngày tính, đang ở tại địa bàn."
_BEFORE = "Tử số: trẻ có {} được tính theo lịch, trước khi đủ {}. {}"
SUBJECTS = {
    "BH01": Subject("người", "người chưa có thẻ bảo hiểm y tế còn hạn", "chưa có thẻ",
                    "Tử số: người có thẻ BHYT còn giá trị vào ngày tính, kể cả ngày đầu và ngày cuối của thẻ. " + _STAY),
    "NK01": Subject("người", "người còn thiếu thông tin quản lý", "thiếu thông tin",
                    "Tử số: người có số định danh còn giá trị, ngày sinh đủ ngày tháng năm và đã gắn với hộ. " + _STAY),
    "SK01": Subject("người", "người chưa lập hoặc chưa cập nhật hồ sơ sức khỏe", "chưa cập nhật",
                    "Tử số: người đã lập hồ sơ sức khỏe và có lần ghi hoặc lần khám trong 12 tháng đến ngày tính. " + _STAY),
    "SK02": Subject("người", "người chưa khám sức khỏe trong năm", "chưa khám",
                    "Tử số: người có ít nhất một lần khám sức khỏe định kỳ hoặc khám sàng lọc từ 01/01 của năm đến ngày tính. " + _STAY),
    "DD01": Subject("trẻ", "trẻ suy dinh dưỡng thể nhẹ cân", "nhẹ cân",
                    "Tử số: trẻ có cân nặng theo tuổi dưới -2 SD (chuẩn WHO 2006) hoặc phù, theo lần cân gần nhất. " + _WEIGHED),
    "DD02": Subject("trẻ", "trẻ suy dinh dưỡng thể thấp còi", "thấp còi",
                    "Tử số: trẻ có chiều dài, chiều cao theo tuổi dưới -2 SD (chuẩn WHO 2006), theo lần đo gần nhất. " + _WEIGHED),
    "DD03": Subject("trẻ", "trẻ suy dinh dưỡng thể gầy còm", "gầy còm",
                    "Tử số: trẻ có cân nặng theo chiều cao dưới -2 SD (chuẩn WHO 2006) hoặc phù, theo lần đo gần nhất. " + _WEIGHED),
    "DD04": Subject("trẻ", "trẻ thừa cân, béo phì", "thừa cân",
                    "Tử số: trẻ có cân nặng theo chiều cao trên +2 SD (chuẩn WHO 2006), theo lần đo gần nhất. " + _WEIGHED),
    "DD06": Subject("trẻ", "trẻ suy dinh dưỡng cấp chưa có hẹn khám lại", "chưa hẹn",
                    "Tử số: trẻ có hẹn khám lại còn hiệu lực. Mẫu số: trẻ 6-59 tháng mà lần cân đo gần nhất trong 12 tháng thấy suy dinh dưỡng cấp."),
    "DD07": Subject("trẻ", "trẻ dưới 5 tuổi chưa được cân đo trong 6 tháng", "chưa cân đo",
                    "Tử số: trẻ được cân đo ít nhất một lần trong 6 tháng đến ngày tính. Mẫu số: trẻ dưới 5 tuổi ở tại địa bàn vào ngày tính."),
    "DD08": Subject("trẻ", "trẻ không tăng cân hoặc tụt kênh cân nặng", "tăng trưởng chững",
                    "Tử số: trẻ cân lại thấy tăng cân. Mẫu số: trẻ dưới 5 tuổi có hai lần cân so được với nhau, lần sau trong 12 tháng."),
    "BM13": Subject("trẻ", "trẻ không bú mẹ hoàn toàn trong 6 tháng đầu", "không bú mẹ hoàn toàn",
                    "Tử số: trẻ bú mẹ hoàn toàn trong 24 giờ trước khi hỏi. Mẫu số: trẻ được hỏi khi chưa đủ 6 tháng, trong 12 tháng đến ngày tính."),
    "TC01": Subject("trẻ", "trẻ dưới 1 tuổi chưa tiêm chủng đầy đủ", "chưa đủ mũi",
                    "Tử số: trẻ có đủ BCG, 3 DPT-VGB-Hib, 3 OPV, sởi 1 (bộ mũi có ngày hiệu lực) trước khi đủ 1 tuổi. " + _ONE),
    "TC02": Subject("trẻ", "trẻ chưa tiêm viêm gan B trong 24 giờ sau sinh", "chưa tiêm trong 24 giờ",
                    "Tử số: trẻ tiêm viêm gan B trong 24 giờ theo giờ sinh và giờ tiêm; thiếu giờ thì chỉ mũi trong ngày sinh được tính. " + _BORN),
    "TC03": Subject("trẻ", "trẻ chưa tiêm BCG", "chưa tiêm BCG", "Tử số: trẻ đã tiêm BCG. " + _BORN),
    "TC04": Subject("trẻ", "trẻ chưa có DPT-VGB-Hib mũi 3", "chưa đủ 3 mũi", _BEFORE.format("mũi 3 DPT-VGB-Hib hoặc vắc xin thay thế", "1 tuổi", _ONE)),
    "TC05": Subject("trẻ", "trẻ chưa uống OPV lần 3", "chưa đủ 3 lần", _BEFORE.format("OPV lần 3 hoặc vắc xin thay thế", "1 tuổi", _ONE)),
    "TC06": Subject("trẻ", "trẻ chưa tiêm IPV mũi 2", "chưa đủ 2 mũi", _BEFORE.format("IPV mũi 2", "1 tuổi", _ONE)),
    "TC07": Subject("trẻ", "trẻ chưa tiêm sởi mũi 1", "chưa tiêm sởi 1", _BEFORE.format("sởi mũi 1", "1 tuổi", _ONE)),
    "TC08": Subject("trẻ", "trẻ chưa tiêm sởi - rubella (MR)", "chưa tiêm MR", _BEFORE.format("mũi sởi - rubella", "24 tháng", _TWO)),
    "TC09": Subject("trẻ", "trẻ chưa tiêm DPT mũi 4", "chưa tiêm DPT 4", _BEFORE.format("DPT mũi 4", "24 tháng", _TWO)),
    "TC10": Subject("phụ nữ", "phụ nữ đẻ mà chưa đủ mũi uốn ván", "chưa đủ mũi uốn ván",
                    "Tử số: phụ nữ có từ 2 mũi uốn ván còn tác dụng, mũi cuối trước đẻ ít nhất 2 tuần. Mẫu số: phụ nữ đẻ từ 01/01 của năm đến ngày tính."),
    "TC11": Subject("trẻ", "trẻ chưa tiêm viêm não Nhật Bản mũi 3", "chưa tiêm mũi 3", _BEFORE.format("viêm não Nhật Bản mũi 3", "3 tuổi", _THREE)),
    "TC12": Subject("trẻ", "trẻ bỏ mũi sau DPT-VGB-Hib 1", "bỏ mũi", "Tử số: trẻ đủ 1 tuổi mà chưa có mũi 3 trước ngày đó. Mẫu số: trẻ đủ 1 tuổi trong năm đã có mũi 1."),
    "TC15": Subject("trẻ", "trẻ nhập học chưa rà soát tiền sử tiêm chủng", "chưa rà soát",
                    "Tử số: trẻ đã rà soát trong năm học. Mẫu số: trẻ ở tại địa bàn tới tuổi vào mầm non (3 tuổi), tiểu học (6 tuổi) trong năm học."),
    "TC16": Subject("trẻ", "trẻ có mũi trễ hẹn", "trễ hẹn", "Tử số: trẻ đủ 1 tuổi mà không mũi nào của bộ đầy đủ bị trễ. " + _ONE),
    "KC04": Subject("kỹ thuật", "kỹ thuật đã duyệt mà chưa thực hiện", "chưa thực hiện",
                    "Tử số: kỹ thuật đang thực hiện vào ngày tính. Mẫu số: kỹ thuật đã được phê duyệt cho trạm và điểm trạm, chưa thôi."),
}
PLAIN = Subject("đối tượng", "đối tượng chưa đạt", "chưa đạt")


def subject_of(code: str) -> Subject:
    """The words for what an indicator counts."""
    return SUBJECTS.get(code, PLAIN)


def number(value: float, places: int | None = None) -> str:
    """30216 as "30.216", 37.83 with one place as "37,8"; without places as many as the value has, at most two."""
    digits = places if places is not None else next(p for p in (0, 1, 2) if p == 2 or round(value, p) == value)
    text = f"{abs(value):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"−{text}" if value < 0 and text.strip("0,") else text


def measured(value: float | None, unit: str) -> str:
    """A figure with its unit: "92,4 %"; "–" when there is none."""
    return "–" if value is None else SPACE.join(part for part in (number(value, 1), unit) if part)


def level(value: float | None, comparator: str, unit: str) -> str:
    """The level of a target: "≥ 98 %", "100 %", "giảm 5 %"; "chưa rõ mức" without a number."""
    if value is None:
        return "chưa rõ mức"
    sign = "" if unit == "%" and value == 100 and comparator == ">=" else SIGNS[comparator]
    return SPACE.join(part for part in (sign, number(value), unit) if part)


def day(on: datetime.date) -> str:
    """03/06/2026."""
    return f"{on:%d/%m/%Y}"
