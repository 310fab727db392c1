"""Numbers, dates and ages as the pages write them; plain functions, no clock."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NOTHING = "–"
SPACE = "\u00a0"
MINUS = "−"
SMALL_DENOMINATOR = 20
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
SIGNS = {
    "ge": "≥", ">=": "≥", "≥": "≥", "le": "≤", "<=": "≤", "≤": "≤",
    "gt": ">", ">": ">", "lt": "<", "<": "<", "eq": "", "=": "", "": "",
}  # fmt: skip


def as_decimal(value: object) -> Decimal | None:
    """The value as a Decimal, or None when it is empty or not a finite number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        result = Decimal(str(value))
    except InvalidOperation:
        return None
    return result if result.is_finite() else None


def decimal_words(value: object, places: int = 1) -> str:
    """`-3.24` with one place becomes `−3,2`; thousands have a point; an empty value becomes a dash."""
    number = as_decimal(value)
    if number is None:
        return NOTHING
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if rounded < 0 else text


def number_words(value: object) -> str:
    """`30216` becomes `30.216`; a fraction keeps its own decimals: `0.5` becomes `0,5`."""
    number = as_decimal(value)
    if number is None:
        return NOTHING
    exponent = number.normalize().as_tuple().exponent
    return decimal_words(number, max(0, -exponent) if isinstance(exponent, int) else 0)


def percent_words(value: object, places: int = 1) -> str:
    """`37.83` (percent points) becomes `37,8 %` with a space that does not break."""
    text = decimal_words(value, places)
    return text if text == NOTHING else f"{text}{SPACE}%"


def ratio_words(numerator: object, denominator: object) -> str:
    """`7/10` when the denominator is under 20, else the percentage; a dash when there is no denominator."""
    top, bottom = as_decimal(numerator), as_decimal(denominator)
    if top is None or not bottom:
        return NOTHING
    if bottom < SMALL_DENOMINATOR:
        return f"{number_words(top)}/{number_words(bottom)}"
    return percent_words(100 * top / bottom)


def target_words(value: object, operator: str = "ge", unit: str = "%") -> str:
    """`98, "ge", "%"` becomes `≥ 98 %`; 100 % of something is written without a sign."""
    text = number_words(value)
    if text == NOTHING:
        return NOTHING
    sign = SIGNS.get(str(operator), "")
    if sign == "≥" and unit == "%" and as_decimal(value) == 100:
        sign = ""
    return SPACE.join(part for part in (sign, text, unit) if part)


def day_words(value: date | datetime | None) -> str:
    """`03/06/2026`."""
    return value.strftime("%d/%m/%Y") if value else NOTHING


def birth_words(value: date | None, precision: str = "day") -> str:
    """A birth date as far as it is known: `03/09/1959`, `07/1948` (month) or `1954` (year)."""
    if not value:
        return NOTHING
    return value.strftime({"month": "%m/%Y", "year": "%Y"}.get(precision, "%d/%m/%Y"))


def months_between(birth: date, today: date) -> int:
    """Full months from birth to today."""
    return 12 * (today.year - birth.year) + today.month - birth.month - (today.day < birth.day)


def days_after_months(birth: date, today: date) -> int:
    """Days left over after the full months; a birth on the 31st counts from the last day of a short month."""
    months = birth.month - 1 + months_between(birth, today)
    year, month = birth.year + months // 12, months % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - date(year, month, 1)).days
    return (today - date(year, month, min(birth.day, last))).days


def age_words(birth: date | None, precision: str, today: date, *, long: bool = False) -> str:
    """Days under one month, months under six years, then years; `≈` when only the year of birth is known."""
    if not birth or birth > today:
        return NOTHING
    if precision == "year":
        return f"≈{SPACE}{today.year - birth.year}{SPACE}tuổi"
    months = months_between(birth, today)
    if months >= 72:
        return f"{months // 12}{SPACE}tuổi"
    if precision == "month":
        return f"{months}{SPACE}tháng"
    if months < 1:
        return f"{(today - birth).days}{SPACE}ngày"
    rest = days_after_months(birth, today)
    return f"{months}{SPACE}tháng" + (f" {rest}{SPACE}ngày" if long and rest else "")


def late_words(due: date | None, today: date) -> str:
    """`Trễ 9 ngày`, `Hôm nay` or `Còn 6 ngày`."""
    if not due:
        return NOTHING
    left = (due - today).days
    if left < 0:
        return f"Trễ {number_words(-left)}{SPACE}ngày"
    return f"Còn {number_words(left)}{SPACE}ngày" if left else "Hôm nay"


def late_kind(due: date | None, today: date) -> str:
    """State of a deadline: `late`, `due` (7 days or less), `off` (later) or `unk` (no deadline)."""
    if not due:
        return "unk"
    left = (due - today).days
    return "late" if left < 0 else "due" if left <= 7 else "off"


def masked_words(value: str | None, kind: str = "") -> str:
    """An identity, card or phone number with its middle hidden; the kind is guessed when it is not told.

    12 digits `033 161 •••• 27`, card `GD4 33 2719 •••• 58`, phone `09•• ••• 318`.
    """
    text = "".join(str(value or "").split())
    if not text:
        return NOTHING
    if not kind:
        kind = "phone" if text.startswith("0") and len(text) == 10 else "card" if text[0].isalpha() else "identity"
    if kind == "phone" and len(text) >= 9:
        return f"{text[:2]}•• ••• {text[-3:]}"
    if kind == "card" and len(text) == 15:
        return f"{text[:3]} {text[3:5]} {text[5:9]} •••• {text[-2:]}"
    if kind == "identity" and len(text) == 12:
        return f"{text[:3]} {text[3:6]} •••• {text[-2:]}"
    if len(text) < 7:
        return "•" * len(text)
    return f"{text[:3]} {'•' * (len(text) - 5)} {text[-2:]}"
