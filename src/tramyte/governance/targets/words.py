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
