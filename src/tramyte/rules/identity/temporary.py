"""Temporary numbers: what somebody is known by until the personal number is there."""

import re
from datetime import date

_PATTERN = re.compile(r"T[SX]\d{6}-[0-9A-F]{8}")


def temporary_number(key: str, day: date, *, newborn: bool) -> str:
    """The temporary number of a record: TS (trẻ sơ sinh) or TX (chưa xác định), yymmdd, eight hex digits of its key.

    key: the record's key in hex digits, of which the last eight count: two devices that are offline never give the same.
    day: of birth for a newborn, else the day the number is given. Ours: no circular prescribes a pattern.
    """
    return f"{'TS' if newborn else 'TX'}{day:%y%m%d}-{key[-8:].upper()}"


def is_temporary_number(text: str) -> bool:
    """Whether a text has the pattern of `temporary_number`, in small letters too."""
    return _PATTERN.fullmatch(text.strip().upper()) is not None
