"""The groups of insured people (the first two letters of a card) with the share of the cost that the fund pays."""

from dataclasses import dataclass
from datetime import date

SOURCE = "Quyết định 1351/QĐ-BHXH (2015), 1697/QĐ-BHXH (2023), 1018/QĐ-BHXH (2024); CN, LH từ 01/01/2026 theo Nghị quyết 261/2025/QH15. Chưa đối chiếu văn bản gốc."
RATES = {1: 100, 2: 100, 3: 95, 4: 80, 5: 100}  # percent of the cost within the scope, by the third character of the card
NEW_LEVELS = date(2026, 1, 1)
_NEAR_POOR = {"CN": 3, "LH": 4}  # their levels before 2026; 2 since

# Which groups each level has, as of 2026. The titles are in everyday words, written from memory; "" where not known.
_GROUPS = {
    1: {"CC": "người có công, thương binh nặng", "TE": "trẻ em dưới 6 tuổi"},
    2: {
        "CK": "người có công khác", "CB": "cựu chiến binh", "KC": "người tham gia kháng chiến", "HN": "hộ nghèo",
        "DT": "dân tộc thiểu số ở vùng khó khăn", "DK": "người ở vùng đặc biệt khó khăn", "XD": "người ở xã đảo, huyện đảo",
        "BT": "hưởng trợ cấp bảo trợ xã hội", "TS": "thân nhân liệt sĩ", "AK": "", "CT": "người cao tuổi hưởng tuất",
        "CN": "hộ cận nghèo", "LH": ""},
    3: {"HT": "hưu trí", "TC": "thân nhân người có công", "PV": "người phục vụ người có công", "TG": "", "DS": "", "HK": ""},
    4: {
        "DN": "lao động trong doanh nghiệp", "HX": "lao động trong hợp tác xã", "CH": "lao động trong cơ quan, đơn vị", "NN": "lao động trong tổ chức nước ngoài",
        "TK": "lao động trong tổ chức khác", "HC": "cán bộ, công chức, viên chức", "XK": "cán bộ không chuyên trách cấp xã",
        "TB": "hưởng trợ cấp tai nạn lao động", "NO": "nghỉ ốm dài ngày", "XB": "cán bộ xã hưởng trợ cấp", "TN": "hưởng trợ cấp thất nghiệp",
        "CS": "công nhân cao su hưởng trợ cấp", "XN": "hưởng trợ cấp mất sức", "MS": "hưởng trợ cấp mất sức khác", "HD": "đại biểu Quốc hội, Hội đồng nhân dân",
        "TQ": "thân nhân quân đội", "TA": "thân nhân công an", "TY": "thân nhân cơ yếu", "HG": "người hiến bộ phận cơ thể",
        "LS": "lưu học sinh", "HS": "học sinh", "SV": "sinh viên", "GB": "hộ nông, lâm, ngư, diêm nghiệp mức sống trung bình",
        "GD": "hộ gia đình tự đóng", "ND": "", "TH": "", "TV": "", "TD": "", "TU": "", "BA": ""},
    5: {"QN": "quân nhân", "CA": "công an", "CY": "cơ yếu"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InsuranceGroup:
    """A group of insured people. code: two letters. title: everyday words, "" when not known. level: 1 to 5 on a card of today."""

    code: str
    title: str
    level: int

    @property
    def rate(self) -> int:
        """Percent of the cost within the scope that the fund pays, as the level says."""
        return RATES[self.level]


GROUPS = {code: InsuranceGroup(code, title, level) for level, codes in _GROUPS.items() for code, title in codes.items()}


def group_level(code: str, on: date) -> int | None:
    """The level of a group on a day; None for a code that is none of `GROUPS`."""
    group = GROUPS.get(code)
    if group is None:
        return None
    return _NEAR_POOR.get(code, group.level) if on < NEW_LEVELS else group.level


def card_rate(card_number: str, group: str, on: date) -> int | None:
    """Percent of the cost that the fund pays for the holder of a card on a day; None when neither says.

    card_number: a checked one; the third character of the 15 rules, not the group. The station itself is paid whole for
    any card (mã đối tượng 1.2): this is the card's own rate.
    """
    if len(card_number) == 15:
        return RATES[int(card_number[2])]
    level = group_level(group, on)
    return RATES[level] if level else None


def group_warnings(card_number: str, group: str, on: date) -> tuple[str, ...]:
    """What in group and level of a checked card is not in the table; sentences that warn and do not block."""
    code = card_number[:2] if len(card_number) == 15 else group
    if not code:
        return ()
    level = group_level(code, on)
    if level is None:
        return (f"Nhóm đối tượng {code} không có trong danh mục. Hãy so lại với thẻ.",)
    said = int(card_number[2]) if len(card_number) == 15 else level
    if said != level and not (code in _NEAR_POOR and said == _NEAR_POOR[code]):  # cards of before 2026 were not issued anew
        return (f"Số thẻ ghi mức hưởng {said}, nhóm {code} có mức {level}. Hãy so lại với thẻ.",)
    return ()
