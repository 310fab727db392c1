"""What goes in and what comes out: a child with doses and events; verdicts and forecasts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.model import DoseRule


@dataclass(slots=True)
class Given:
    """A dose given. at: the moment, when known. elsewhere: by a service outside the programme."""

    day: date
    product: str
    at: datetime | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class Event:
    """Something that happened besides doses.

    kind: "refused", "deferred", "contraindicated" or "pregnancy". day: when it was recorded, or when the pregnancy began
    or was found. product: the product or group it is about ("" all). until: the first day on which it no longer holds.
    history: of a pregnant woman, "A", "B" or "C" ("": by her recorded doses). due_on: expected day of birth.
    known_on: the day from which the station knew of a pregnancy; None: from `day` on.
    """

    kind: str
    day: date
    product: str = ""
    until: date | None = None
    history: str = ""
    due_on: date | None = None
    known_on: date | None = None


@dataclass(slots=True)
class Child:
    """A person to be vaccinated. sex: "M", "F" or "". activated: groups that the province has begun."""

    born: date
    sex: str = ""
    doses: Sequence[Given] = ()
    born_at: datetime | None = None
    events: Sequence[Event] = ()
    activated: frozenset[str] = frozenset()


@dataclass(slots=True)
class GroupVerdict:
    """What a dose was worth for one group; rule: the dose it was taken for; limit: the day that decided."""

    group: str
    status: str
    reason: str
    rule: DoseRule | None = None
    limit: date | None = None

    @property
    def sentence(self) -> str:
        """The reason in Vietnamese; empty for a valid dose without remark."""
        return reasons.sentence(self.reason, self.limit) if self.reason else ""


@dataclass(slots=True)
class DoseVerdict:
    """What became of a dose: that of the group in which it counts best; groups: of each group it speaks for."""

    given: Given
    status: str
    reason: str
    groups: list[GroupVerdict] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The reason in Vietnamese; empty for a valid dose without remark."""
        if not self.reason:
            return ""
        return next((one.sentence for one in self.groups if one.reason == self.reason), reasons.sentence(self.reason, None))


@dataclass(slots=True)
class GroupForecast:
    """Where a child stands in one group.

    status: due, not_due, overdue, complete, contraindicated or aged_out. reason: the status, or refused or deferred.
    number: how many valid doses there will be with the next one. rule: the next dose. past_due: last day in time.
    target_before: day from which the dose no longer counts for the yearly target. event_day: of what the reason tells.
    """

    group: str
    name: str
    antigens: tuple[str, ...]
    series: str
    status: str
    reason: str
    number: int | None = None
    rule: DoseRule | None = None
    earliest: date | None = None
    recommended: date | None = None
    past_due: date | None = None
    target_before: date | None = None
    event_day: date | None = None

    @property
    def state(self) -> str:
        """The status in the words of CDSi."""
        return {reasons.COMPLETE: "Complete", reasons.AGED_OUT: "Aged out", reasons.CONTRAINDICATED: "Contraindicated"}.get(self.status, "Not complete")

    @property
    def sentence(self) -> str:
        """The reason in Vietnamese."""
        if self.reason in (reasons.DUE, reasons.NOT_DUE):
            return reasons.sentence(self.reason, self.earliest)
        if self.reason == reasons.OVERDUE and self.past_due:
            return reasons.sentence(self.reason, self.past_due + timedelta(1))
        return reasons.sentence(self.reason, self.event_day)


@dataclass(slots=True)
class Plan:
    """The answer for one child on one day: verdicts in the order of entry, forecasts in the order of the schedule."""

    as_of: date
    schedule: str
    doses: list[DoseVerdict]
    groups: list[GroupForecast]
