"""The sessions in which the doses of the last two months were given, with absentees, deferrals and vials; and one for the day of the demo."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tramyte.care.immunization.models import Immunization, Recommendation
from tramyte.care.people.queries import staying
from tramyte.care.vaccination.models import (
    Attendee,
    Session,
    SessionDose,
    SessionHamlet,
    SessionLot,
    Vial,
)
from tramyte.engine import clock
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.draws import Draws
from tramyte.exchange.demo.records import Ids

EXPECTED = 40  # people that the session of the day is planned for, when so many are due
PACE = datetime.timedelta(minutes=2)
WATCH = datetime.timedelta(minutes=32)
SCREENER, INJECTOR = "Trần Văn Hùng", "Lê Thị Lan"
WHY = (("sốt 38,1 °C", 38.1), ("sốt 37,8 °C", 37.8), ("đang mắc bệnh cấp tính, nhiễm trùng", 36.9))
NAMES = {
    Session: ("id", "place_id", "facility_id", "on", "site", "state", "screener", "injector", "recorder", "staff", "temperature", "began", "ended"),
    SessionHamlet: ("id", "session_id", "hamlet_id"),
    Attendee: ("id", "session_id", "person_id", "number", "origin", "turn", "came", "temperature", "outcome", "why", "until", "screened", "given", "left", "reaction"),
    SessionLot: ("id", "session_id", "lot_id", "received", "used", "wasted"),
    Vial: ("id", "session_id", "lot_id", "opened", "usable_until", "doses"),
    SessionDose: ("id", "attendee_id", "vial_id", "immunization_id"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A dose that left a lot: its key, lot, doses in a vial and hours after opening, and what was noted."""

    key: uuid.UUID
    lot: uuid.UUID
    vial: int
    hours: int
    reaction: str


@dataclass
class Held:
    """Everything that is drawn and kept until it is written."""

    made: Commune
    draws: Draws
    ids: Ids
    rows: dict[type[Fact], list[Sequence[object]]] = field(default_factory=lambda: {model: [] for model in NAMES})


def store_sessions(made: Commune, seed: int, as_of: datetime.date) -> int:
    """Write the sessions; answers how many."""
    held = Held(made, Draws(seed, "sessions"), Ids(seed + 3, as_of))
    days: defaultdict[datetime.date, dict[uuid.UUID, list[Given]]] = defaultdict(dict)
    rows = Immunization.objects.filter(lot__isnull=False).order_by("on", "pk").values_list(
        "on", "person", "pk", "lot", "lot__product__doses_per_vial", "lot__product__open_hours", "reaction")
    for on, person, key, lot, vial, hours, reaction in rows:
        days[on].setdefault(person, []).append(Given(key, lot, vial, hours or 6, reaction))
    due = _due(as_of)
    late: defaultdict[int, list[uuid.UUID]] = defaultdict(list)
    for n, (person, _, first) in enumerate(due):
        if first < as_of - datetime.timedelta(days=31):
            late[n % 3].append(person)
    dates = sorted(days)
    for n, on in enumerate(dates):
        waiting = days.get(dates[n + 3], ()) if n + 3 < len(dates) else late[n % 3]
        _past(held, on, days[on], [person for person in waiting if person not in days[on]])
    _planned(held, as_of, due)
    for model, names in NAMES.items():
        store_values(model, names, held.rows[model], by=operator(), permission="care.write", action="import")
    return len(held.rows[Session])


def _due(as_of: datetime.date) -> list[tuple[uuid.UUID, uuid.UUID, datetime.date]]:
    """Who stays here and is due on the day: person, hamlet, the first appointed day; by hamlet, household and name."""
    first: dict[uuid.UUID, datetime.date] = {}
    wanted = Recommendation.objects.filter(due_on__lte=as_of, earliest__lte=as_of).exclude(status="contraindicated").order_by("-due_on")
    for person, day in wanted.values_list("person", "due_on"):
        first[person] = day
    people = staying(as_of).filter(pk__in=list(first)) if len(first) < 900 else staying(as_of).filter(recommendations__due_on__lte=as_of, recommendations__earliest__lte=as_of).distinct()
    rows = people.order_by("hamlet__code", "household__number", "search", "pk").values_list("pk", "hamlet")
    return [(person, hamlet, first[person]) for person, hamlet in rows if person in first]


def _past(held: Held, on: datetime.date, given: dict[uuid.UUID, list[Given]], again: Sequence[uuid.UUID]) -> None:
    """A session that was held: who came, two of those who come again later were put off, the others stayed away."""
    session, draws, start = held.ids(), held.draws, datetime.datetime.combine(on, datetime.time(7, 30), clock.ZONE)
    shots: defaultdict[uuid.UUID, list[tuple[datetime.datetime, uuid.UUID, Given]]] = defaultdict(list)
    for turn, (person, doses) in enumerate(given.items(), 1):
        key, moment = held.ids(), start + turn * PACE
        reaction = next((one.reaction for one in doses if one.reaction), "")
        held.rows[Attendee].append((
            key, session, person, turn, "due", turn, moment - PACE, 36 + draws.between(4, 12) / 10, "eligible", "", None, moment, moment, moment + WATCH,
            "quấy khóc" if reaction and draws.chance(0.3) else ""))
        for one in doses:
            shots[one.lot].append((moment, key, one))
    end = start + len(given) * PACE + WATCH
    put_off = 0
    for number, person in enumerate(again[:max(1, len(given) // 5)], len(given) + 1):
        deferred = put_off < 2 and draws.chance(0.4)
        put_off += deferred
        came = end - WATCH if deferred else None
        why, temperature = draws.pick(WHY) if deferred else ("", None)
        held.rows[Attendee].append((
            held.ids(), session, person, number, "due", number if deferred else None, came, temperature, "deferred" if deferred else "",
            why, on + datetime.timedelta(days=7) if deferred else None, came, None, None, ""))
    _vials(held, session, shots)
    held.rows[Session].append((
        session, held.made.commune.pk, held.made.facilities[0].pk, on, held.made.facilities[0].name, Session.CLOSED, SCREENER, INJECTOR, INJECTOR, draws.pick((3, 3, 4)),
        draws.between(30, 60) / 10, start, end))


def _vials(held: Held, session: uuid.UUID, by_lot: dict[uuid.UUID, list[tuple[datetime.datetime, uuid.UUID, Given]]]) -> None:
    """Vials opened as they were needed, the doses out of them, and the balance of each lot."""
    for lot, shots in by_lot.items():
        size = shots[0][2].vial
        for begin in range(0, len(shots), size):
            vial, (opened, _, first) = held.ids(), shots[begin]
            held.rows[Vial].append((vial, session, lot, opened, opened + datetime.timedelta(hours=first.hours) if size > 1 else None, size))
            held.rows[SessionDose] += [(held.ids(), attendee, vial, one.key) for _, attendee, one in shots[begin:begin + size]]
        used = -(-len(shots) // size) * size
        held.rows[SessionLot].append((held.ids(), session, lot, used, used, used - len(shots)))


def _planned(held: Held, as_of: datetime.date, due: Sequence[tuple[uuid.UUID, uuid.UUID, datetime.date]]) -> None:
    """A session on the day of the demo, of as many hamlets as make some forty people."""
    session, hamlets, number, missed = held.ids(), [], 0, {row[2] for row in held.rows[Attendee] if row[6] is None}
    for hamlet in dict.fromkeys(hamlet for _, hamlet, _ in due):
        if number >= EXPECTED:
            break
        hamlets.append(hamlet)
        for person in (person for person, at, _ in due if at == hamlet):
            number += 1
            held.rows[Attendee].append((held.ids(), session, person, number, "carried" if person in missed else "due", *[None] * 3, "", "", *[None] * 4, ""))
    held.rows[SessionHamlet] += [(held.ids(), session, hamlet) for hamlet in hamlets]
    held.rows[Session].append((
        session, held.made.commune.pk, held.made.facilities[0].pk, as_of, held.made.facilities[0].name, Session.PLANNED, "", "", "", None, None, None, None))
