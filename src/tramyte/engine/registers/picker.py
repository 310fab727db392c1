"""The period picker of a dated book: years, halves, quarters and months as links, a range of days as a small form.

What is picked stands in the address (`period`, or `from` and `to`), so that counts, pages, exports and prints follow.
"""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from tramyte.engine import clock
from tramyte.engine.refused import Refused
from tramyte.engine.registers import narrowing
from tramyte.engine.registers.register import Register
from tramyte.rules.calendar import Period

ASKED = ("period", "from", "to")
BACK, AHEAD = 6, 1  # years offered around the one that is shown


def picker(register: Register, params: QueryDict) -> dict[str, Any] | None:
    """What `registers/period.html` reads; None for a book without dates. Raises Refused for a period that cannot be read."""
    if not register.date:
        return None
    code, today = str(params.get("period", "")), clock.today()
    period = _read(code) if code else None
    start, end = narrowing.bounds(params)
    shown = period.start.year if period else (start or end or today).year

    def link(one: Period, words: str) -> dict[str, Any]:
        return {"words": words, "title": one.title, "url": _address(params, period=one.code), "current": one.code == code, "now": one.start <= today <= one.end}

    return {
        "words": words_of(params), "date": register.date_label, "whole": _address(params), "asked": bool(period or start or end), "year": shown,
        "before": link(period.previous(), "") if period else None, "after": link(following(period), "") if period else None,
        "years": [link(Period.year(year), str(year)) for year in range(shown - BACK, shown + AHEAD + 1)],
        "halves": [link(Period.half(shown, half), ("6 tháng đầu", "6 tháng cuối")[half - 1]) for half in (1, 2)],
        "quarters": [link(Period.quarter(shown, quarter), f"Quý {('I', 'II', 'III', 'IV')[quarter - 1]}") for quarter in (1, 2, 3, 4)],
        "months": [link(Period.month(shown, month), f"Tháng {month}") for month in range(1, 13)],
        "from": "" if period else str(params.get("from", "")), "to": "" if period else str(params.get("to", "")),
        "kept": [(name, value) for name, value in params.items() if value and name not in {*ASKED, "page", "as"}],
    }


def _read(code: str) -> Period:
    try:
        return Period.parse(code)
    except ValueError as error:
        raise Refused("bad_period", str(error)) from None


def following(period: Period) -> Period:
    """The period of the same kind just after this one."""
    first = period.end + datetime.timedelta(days=1)
    makers = {"year": lambda: Period.year(first.year), "half": lambda: Period.half(first.year, (first.month + 5) // 6),
              "quarter": lambda: Period.quarter(first.year, (first.month + 2) // 3), "month": lambda: Period.month(first.year, first.month)}
    return makers[period.kind]()


def words_of(params: QueryDict) -> str:
    """The period asked for, in words."""
    if code := str(params.get("period", "")):
        return _read(code).title
    said = [f"{word} {text[:10]}" for word, name in (("từ", "from"), ("đến", "to")) if (text := str(params.get(name, "")))]
    return " ".join(said) or "Mọi ngày"


def _address(params: QueryDict, **changes: str) -> str:
    kept = {name: value for name, value in params.items() if value and name not in {*ASKED, "page", "as"}}
    return f"?{urlencode(kept | changes) or 'view=0'}"
