"""How a topic declares an indicator: in its `indicators.py`, found at start."""

import datetime
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# Columns every relation gives; `reason_on` is the date that stands for `{on}` in `reason`.
REQUIRED = {"period": "string", "subject": "string", "place": "string", "met": "boolean", "reason": "string", "due_on": "date"}
FORMER = "old_commune"  # hamlets summed by the commune in which they lay before a merger: a way of summing, no column
BY_PLACE = ("hamlet", FORMER)
GROUP_TITLES = {"hamlet": "thôn", FORMER: "xã cũ", "site": "trạm, điểm trạm", "sex": "giới tính", "age_group": "nhóm tuổi"}

Relation = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Indicator:
    """A declared indicator.

    relation: the function over fact tables and the table of periods.  definition: its docstring, which states
    numerator, denominator, source and the boundary days.  groups: names of its group columns with, for each,
    the words of its values (empty: the values are codes of places or facilities).  direction: "up" when more
    is better, "down" when less is: those who are met then are the ones to be looked after, and on the worklist.
    cumulative: the value grows from nothing within the calendar year.  interval: few are counted, so that pages
    show the 95 % confidence interval beside the value.
    """

    code: str
    title: str
    relation: Relation
    definition: str
    source: str
    unit: str = "%"
    subject_type: str = "person"
    direction: str = "up"
    frequency: str = "month"
    owner: str = ""
    reviewed_on: datetime.date | None = None
    version: int = 1
    groups: Mapping[str, Mapping[str, str]] = None  # type: ignore[assignment]  # set by `indicator`
    cumulative: bool = False
    interval: bool = False

    @property
    def personal(self) -> bool:
        """Whether the rows behind the figure tell about single persons."""
        return self.subject_type == "person"


INDICATORS: dict[str, Indicator] = {}


def indicator(
    *, code: str, title: str, source: str, groups: Mapping[str, Mapping[str, str]], unit: str = "%", subject_type: str = "person",
    direction: str = "up", frequency: str = "month", owner: str = "Trạm Y tế xã", reviewed_on: datetime.date | None = None,
    version: int = 1, cumulative: bool = False, interval: bool = False,
) -> Callable[[Relation], Indicator]:
    """Declare the function below as an indicator.

    The function gets the fact tables (`tables.coverages`) and the table of periods and returns an Ibis
    expression with one row per subject and period: period, subject, place (code of the hamlet or
    commune), met (true, false, null unknown), reason (Vietnamese; `{on}` stands for the date in an
    optional column `reason_on`), due_on, and the group columns; hamlet and old commune follow from the place. Being in it is being counted.
    Raises ValueError for a code in use, an unknown group or a missing docstring.
    """
    def declare(relation: Relation) -> Indicator:
        definition = inspect.getdoc(relation)
        if not definition:
            raise ValueError(f"indicator {code}: the docstring is its definition; write it")
        if code in INDICATORS or (strange := set(groups) - set(GROUP_TITLES)):
            raise ValueError(f"indicator {code}: declared twice, or unknown groups {strange if code not in INDICATORS else ''}")
        if direction not in {"up", "down"}:
            raise ValueError(f"indicator {code}: direction is up or down")
        made = Indicator(
            code=code, title=title, relation=relation, definition=definition, source=source, unit=unit, subject_type=subject_type,
            direction=direction, frequency=frequency, owner=owner, reviewed_on=reviewed_on, version=version,
            groups={**groups, **({FORMER: {}} if "hamlet" in groups else {})}, cumulative=cumulative, interval=interval,
        )
        INDICATORS[code] = made
        return made
    return declare
