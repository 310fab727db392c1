"""Calendar periods of plans and reports: a year, a half, a quarter, a month."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tramyte.rules.calendar.ages import add_months

_CODE = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?")
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: first and last day (both inside it) and its code.

    code: "2026", "2026-H1", "2026-Q3" or "2026-10" (the command line's spelling).
    """

    start: date
    end: date
    code: str

    @classmethod
    def _of(cls, year: int, first_month: int, months: int, code: str) -> "Period":
        start = date(year, first_month, 1)
        return cls(
            start,
            add_months(start, months - 1).replace(day=1) + _to_month_end(year, first_month + months - 1),
            code,
        )

    @classmethod
    def year(cls, year: int) -> "Period":
        """The calendar year, 1 January to 31 December."""
        return cls._of(year, 1, 12, f"{year:04d}")

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        """The first (1) or second (2) half of a year; ValueError for another number."""
        _check(half, 2, "Nửa năm")
        return cls._of(year, half * 6 - 5, 6, f"{year:04d}-H{half}")

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        """A quarter of a year, 1 to 4; ValueError for another number."""
        _check(quarter, 4, "Quý")
        return cls._of(year, quarter * 3 - 2, 3, f"{year:04d}-Q{quarter}")

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """A month of a year, 1 to 12; ValueError for another number."""
        _check(month, 12, "Tháng")
        return cls._of(year, month, 1, f"{year:04d}-{month:02d}")

    @classmethod
    def parse(cls, code: str) -> "Period":
        """The period with this code; ValueError with a Vietnamese sentence when it is none."""
        match = _CODE.fullmatch(code.strip())
        if match is None or not 1900 <= int(match[1]) <= 2199:
            shown = code.strip()[:30]
            raise ValueError(f"Kỳ “{shown}” không đúng. Hãy viết như 2026, 2026-H1, 2026-Q3 hoặc 2026-10.")
        year = int(match[1])
        makers: tuple[Callable[[int, int], Period], ...] = (cls.half, cls.quarter, cls.month)
        for make, number in zip(makers, match.groups()[1:], strict=True):
            if number:
                return make(year, int(number))
        return cls.year(year)

    @classmethod
    def last_months(cls, end: date, n: int) -> "tuple[Period, ...]":
        """The `n` months that end with the month of the day `end`, oldest first."""
        starts = (add_months(end.replace(day=1), -back) for back in range(n - 1, -1, -1))
        return tuple(cls.month(start.year, start.month) for start in starts)

    @property
    def kind(self) -> str:
        """ "year", "half", "quarter" or "month"."""
        tail = self.code[5:6]
        return {"": "year", "H": "half", "Q": "quarter"}.get(tail, "month")

    @property
    def title(self) -> str:
        """The period in Vietnamese, as a heading: "6 tháng đầu năm 2026", "Quý III năm 2026", "Tháng 10 năm 2026"."""
        year = self.start.year
        if self.kind == "year":
            return f"Năm {year}"
        if self.kind == "half":
            return f"6 tháng {'đầu' if self.start.month == 1 else 'cuối'} năm {year}"
        if self.kind == "quarter":
            return f"Quý {_ROMAN[self.start.month // 3]} năm {year}"
        return f"Tháng {self.start.month} năm {year}"

    def months(self) -> "tuple[Period, ...]":
        """The months of the period, in order; a month gives itself."""
        count = self.end.month - self.start.month + 1
        return tuple(Period.month(self.start.year, self.start.month + step) for step in range(count))

    def until(self, as_of: date) -> date:
        """The day on which the period is measured: its end, or `as_of` while it is unfinished."""
        return min(self.end, as_of)

    def previous(self) -> "Period":
        """The period of the same kind just before this one."""
        last = self.start - timedelta(days=1)
        if self.kind == "year":
            return Period.year(last.year)
        if self.kind == "half":
            return Period.half(last.year, (last.month + 5) // 6)
        if self.kind == "quarter":
            return Period.quarter(last.year, (last.month + 2) // 3)
        return Period.month(last.year, last.month)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.code


def _to_month_end(year: int, month: int) -> timedelta:
    first = date(year, month, 1)
    return add_months(first, 1) - first - timedelta(days=1)


def _check(number: int, highest: int, name: str) -> None:
    if not 1 <= number <= highest:
        raise ValueError(f"{name} {number} không có. Hãy chọn số từ 1 đến {highest}.")
