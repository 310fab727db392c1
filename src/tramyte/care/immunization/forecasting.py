"""People with their doses as `rules.forecast` wants them, and its answer; read by few queries for any number of people."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.care.immunization.catalogue import codes
from tramyte.care.immunization.models import Activation, Immunization, NotGiven, Programme, Vaccine
from tramyte.care.people.birth_times import birth_times
from tramyte.care.people.expecting import Expecting, expecting
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import valid_on
from tramyte.rules.calendar import add_months
from tramyte.rules.forecast import Child, Event, Given, Plan, Schedule, forecast, vietnam

GROWN = 16 * 12  # months from which nothing is asked for any more, but of a pregnant woman
DOSE = ("person_id", "pk", "vaccine_id", "on", "at", "source", "counts_as", "verdict", "verdict_text")
AT_ONCE = 500
_FORESEEN: "dict[str, tuple[Schedule, Child, Plan]]" = {}


def forget() -> None:
    """Let go of the plans that `Subject.plan_with` kept."""
    _FORESEEN.clear()


@dataclass(slots=True)
class Dose:
    """A stored dose: key as 32 hex digits, what the rules take, and the judgement that is stored."""

    key: str
    given: Given
    stored: tuple[str, str, str]


@dataclass(slots=True)
class Subject:
    """Somebody to be vaccinated: key (32 hex digits) and what the rules take. followed: whether next doses are asked for."""

    key: str
    child: Child
    doses: list[Dose]
    schedule: Schedule
    followed: bool

    def plan(self, as_of: datetime.date) -> Plan:
        """What the rules say on a day; not reckoned again when an import has just foreseen the very same."""
        schedule, child, plan = _FORESEEN.get(self.key, (None, None, None))
        if plan is not None and schedule is self.schedule and child == self.child and plan.as_of == as_of:
            return plan
        return forecast(self.child, self.schedule, as_of)

    def plan_with(self, new: Sequence[Given], as_of: datetime.date, *, keep: bool = False) -> Plan:
        """What the rules would say if these doses were stored too. keep: `plan` knows it until `forget`."""
        held = self.child
        child = Child(held.born, held.sex, [*held.doses, *new], held.born_at, held.events, held.activated)
        plan = forecast(child, self.schedule, as_of)
        if keep:
            _FORESEEN[self.key] = self.schedule, child, plan
        return plan


@dataclass
class Ways:
    """How a place carries the schedule out on a day: its programme and what was begun there, by the path of the place."""

    as_of: datetime.date
    programmes: Mapping[str, Programme]
    activations: Sequence[Activation]
    _paths: dict[str, str] = field(default_factory=dict)
    _found: dict[str, tuple[Schedule, datetime.date | None, list[Activation]]] = field(default_factory=dict)

    @classmethod
    def on(cls, as_of: datetime.date) -> "Ways":
        """Two queries."""
        begun = Activation.objects.filter(valid_on(as_of), entered_in_error=False).select_related("place")
        programmes = Programme.objects.filter(entered_in_error=False).select_related("place")
        return cls(as_of, {row.place.path: row for row in programmes}, list(begun))

    def of(self, hamlet: str) -> tuple[Schedule, datetime.date | None, list[Activation]]:
        """Of a hamlet (32 hex digits): the schedule, from which birth on children are followed, what was begun."""
        if hamlet not in self._found:
            path = self._path(hamlet)
            programme = next((row for at, row in self.programmes.items() if path.startswith(at)), None)
            begun = [row for row in self.activations if path.startswith(row.place.path)]
            self._found[hamlet] = (vietnam(self.as_of, programme.parameters if programme else None), programme and programme.born_from, begun)
        return self._found[hamlet]

    def _path(self, hamlet: str) -> str:
        if hamlet not in self._paths:
            self._paths |= {pk.hex: path for pk, path in Place.objects.filter(kind=Place.HAMLET).values_list("pk", "path")}
        return self._paths.get(hamlet, "")


def subjects(ids: Collection[uuid.UUID], as_of: datetime.date, ways: Ways | None = None) -> list[Subject]:
    """These people with their doses; who was entered in error is left out. Some eight queries for up to `AT_ONCE` of them."""
    ways, wanted, found = ways or Ways.on(as_of), list(ids), []
    for begin in range(0, len(wanted), AT_ONCE):
        found += _subjects(wanted[begin:begin + AT_ONCE], ways)
    return found


def plan_of(person: Person, as_of: datetime.date) -> tuple[Subject, Plan] | None:
    """One person's plan on a day, reckoned now; None for a record that counts no more."""
    found = subjects([person.pk], as_of)
    return (found[0], found[0].plan(as_of)) if found else None


def _subjects(ids: list[uuid.UUID], ways: Ways) -> list[Subject]:
    rows = tuples(Person.objects.filter(pk__in=ids, entered_in_error=False).order_by(), "pk", "birth_date", "sex", "hamlet_id", "died_on")
    people = [(hex_of(key), born, sex, hex_of(hamlet), died) for key, born, sex, hamlet, died in rows]
    doses, events = doses_of(ids), _events_of(ids)
    women = [uuid.UUID(key) for key, _, sex, _, _ in people if sex == "F"]
    pregnant = {key.hex: one for key, one in expecting(ways.as_of, women).items()}
    born_at = {key.hex: at for key, at in birth_times(ids).items()}
    return [
        _subject(person, doses.get(person[0], []), events.get(person[0], []), pregnant.get(person[0]), born_at.get(person[0]), ways)
        for person in people]


def _subject(
    person: tuple[Any, ...], doses: list[Dose], events: list[Event], pregnancy: Expecting | None, born_at: datetime.datetime | None, ways: Ways,
) -> Subject:
    key, born, sex, hamlet, died = person
    schedule, born_from, begun = ways.of(hamlet)
    if pregnancy:
        events = [*events, Event("pregnancy", pregnancy.since, due_on=pregnancy.due_on, known_on=pregnancy.known_on)]
    activated = frozenset(row.group for row in begun if row.born_from is None or born >= row.born_from)
    child = Child(born, sex, [dose.given for dose in doses], born_at, events, activated)
    return Subject(key, child, doses, schedule, _followed(born, died, bool(doses), pregnancy, born_from, ways.as_of))


def _followed(
    born: datetime.date, died: datetime.date | None, has_doses: bool, pregnancy: Expecting | None, born_from: datetime.date | None, as_of: datetime.date,
) -> bool:
    """Whether next doses are asked for: the living under 16 whom the commune follows, and pregnant women."""
    if died is not None and died <= as_of:
        return False
    if pregnancy:
        return True
    return add_months(born, GROWN) > as_of and (has_doses or born_from is None or born >= born_from)


def doses_of(ids: Collection[uuid.UUID]) -> dict[str, list[Dose]]:
    """The doses of these people, oldest first, by the hex digits of the person's key. One query (two when a station made a vaccine of its own)."""
    known = _codes()
    found: defaultdict[str, list[Dose]] = defaultdict(list)
    rows = Immunization.objects.filter(person__in=ids, entered_in_error=False).order_by("on", "pk")
    for person, key, vaccine, on, at, source, *stored in tuples(rows, *DOSE):
        code = known.get(hex_of(vaccine))
        if code is None:
            known |= {row.pk.hex: row.code for row in Vaccine.objects.all()}
            code = known[hex_of(vaccine)]
        given = Given(on, code, moment(on, at), source == "elsewhere")
        found[hex_of(person)].append(Dose(hex_of(key), given, (stored[0], stored[1], stored[2])))
    return found


def _codes() -> dict[str, str]:
    return {key.hex: code for key, code in codes().items()}


def moment(on: datetime.date, at: str) -> datetime.datetime | None:
    """The moment of a dose; None when only its day is known."""
    return datetime.datetime.combine(on, datetime.time.fromisoformat(at), clock.ZONE) if at else None


def _events_of(ids: Collection[uuid.UUID]) -> dict[str, list[Event]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    rows = NotGiven.objects.filter(person__in=ids, entered_in_error=False).order_by("on", "pk")
    for person, kind, group, on, until in tuples(rows, "person_id", "kind", "group", "on", "until"):
        found[hex_of(person)].append(Event(kind, on, group, until))
    return found
