"""Names and birth dates of people."""

import unicodedata
from datetime import date

from tramyte.rules.calendar import add_months
from tramyte.rules.text import clean

LONGEST_NAME = 100
OLDEST_YEARS = 120
_JOINERS = frozenset(" '’-.")


def check_name(text: str) -> str:
    """A full name, cleaned (NFC, single blanks): letters with blanks, apostrophes, hyphens and points, at most 100.

    ValueError with a Vietnamese sentence when empty, too long, or with digits or other signs.
    """
    name = clean(text)
    if len(name) > LONGEST_NAME:
        raise ValueError(
            f"Họ tên dài {len(name)} ký tự, nhiều nhất là {LONGEST_NAME}. Hãy kiểm tra xem có dán nhầm không."
        )
    if not any(letter.isalpha() for letter in name):
        raise ValueError("Họ tên để trống hoặc không có chữ cái. Hãy nhập họ và tên như trên giấy tờ.")
    if name.replace(" ", "").isalpha():
        return name
    for letter in name:
        if not (letter.isalpha() or letter in _JOINERS or unicodedata.category(letter)[0] == "M"):
            raise ValueError(
                f"Họ tên “{name[:40]}” có ký tự “{letter}” không phải chữ cái. Hãy sửa lại họ tên."
            )
    return name


def check_birth_date(birth: date, today: date) -> date:
    """The birth date when it is neither after today nor more than 120 years before; else ValueError (Vietnamese)."""
    if birth > today:
        raise ValueError(
            f"Ngày sinh {birth:%d/%m/%Y} ở tương lai (hôm nay {today:%d/%m/%Y}). Hãy kiểm tra lại ngày và năm."
        )
    if birth < add_months(today, -12 * OLDEST_YEARS):
        raise ValueError(f"Ngày sinh {birth:%d/%m/%Y} đã quá {OLDEST_YEARS} năm. Hãy kiểm tra lại năm sinh.")
    return birth
