"""One person's immunization card: what was given in each group of the schedule, what is next, what is late."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from tramyte.care.immunization.forecasting import GROWN, plan_of
from tramyte.care.immunization.models import Immunization, NotGiven
from tramyte.care.immunization.models.recommendations import OPEN
from tramyte.care.immunization.queries import doses_of, not_given_to
from tramyte.care.people.models import Person
from tramyte.rules.calendar import add_months
from tramyte.rules.forecast import GroupForecast, Plan

KINDS = {"overdue": "late", "due": "due", "not_due": "off", "contraindicated": "alarm", "complete": "ok", "aged_out": "off"}
TEXTS = {
    "overdue": "Quá hạn", "due": "Đến hạn", "not_due": "Chưa đến hạn", "contraindicated": "Chống chỉ định", "complete": "Đủ mũi", "aged_out": "Quá tuổi",
    "refused": "Từ chối", "deferred": "Tạm hoãn"}
REFUSING = ("refused", "deferred")


@dataclass(frozen=True)
class Given:
    """A dose within a group: its label in the schedule, the day, whether it counts there."""

    label: str
    on: datetime.date
    counts: bool


@dataclass(frozen=True)
class Line:
    """A group of the schedule for one person. given: oldest first. label, due_on: of the next dose; kind, text: the state chip."""

    group: str
    name: str
    given: Sequence[Given]
    status: str
    kind: str
    text: str
    label: str = ""
    number: int | None = None
    earliest: datetime.date | None = None
    due_on: datetime.date | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Plans:
    """Everything of one person: doses (oldest first, with their vaccine), what was not given, and a line for each group."""

    doses: list[Immunization]
    not_given: list[NotGiven]
    lines: list[Line] = field(default_factory=list)
    followed: bool = False
    schedule: str = ""

    @property
    def late(self) -> list[Line]:
        """Groups whose next dose is overdue, the longest first."""
        return sorted((line for line in self.lines if line.status == "overdue"), key=lambda line: line.due_on or datetime.date.max)

    @property
    def due(self) -> list[Line]:
        """Groups whose next dose may be given today and is not late."""
        return [line for line in self.lines if line.status == "due"]

    @property
    def coming(self) -> Line | None:
        """The next appointment that has not come."""
        waiting = [line for line in self.lines if line.status == "not_due" and line.due_on]
        return min(waiting, key=lambda line: line.due_on or datetime.date.max, default=None)


def plans_of(person: Person, as_of: datetime.date) -> Plans:
    """The card of a person as of a day, reckoned now: some ten queries."""
    doses, refused = list(doses_of(person)), list(not_given_to(person))
    found = plan_of(person, as_of)
    if found is None:
        return Plans(doses, refused)
    subject, plan = found
    child = subject.followed and add_months(person.birth_date, GROWN) > as_of
    asked = [one for one in plan.groups if child or _given(one, plan) or (subject.followed and one.status in OPEN)]
    return Plans(doses, refused, [_line(one, plan) for one in asked], subject.followed, plan.schedule)


def _given(one: GroupForecast, plan: Plan) -> list[Given]:
    return [
        Given(verdict.rule.label if verdict.rule else one.name, dose.given.day, verdict.status == "Valid")
        for dose in sorted(plan.doses, key=lambda dose: dose.given.day) for verdict in dose.groups if verdict.group == one.group]


def _line(one: GroupForecast, plan: Plan) -> Line:
    text = TEXTS[one.reason] if one.reason in REFUSING else TEXTS[one.status]
    return Line(
        one.group, one.name, _given(one, plan), one.status, KINDS[one.status], text, one.rule.label if one.rule and one.earliest else "", one.number, one.earliest,
        one.recommended, one.sentence)
