"""Named reads of pregnancies, births and family planning."""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse

from tramyte.care.maternal.models import (
    AntenatalContact,
    Delivery,
    FamilyPlanning,
    Newborn,
    PostnatalContact,
    Pregnancy,
)
from tramyte.care.people.birth_doses import with_birth_doses
from tramyte.care.people.expecting import Expecting
from tramyte.care.people.models import Person, Residence
from tramyte.care.people.queries import holding
from tramyte.engine import clock
from tramyte.rules.calendar import age_years
from tramyte.rules.pregnancy import (
    FOUR_VISITS,
    LONGEST,
    OVERDUE,
    RISKS,
    Finding,
    Risk,
    missing_visits,
    next_visit,
    term_of,
)

PRIVATE_RISKS = frozenset({"hiv", "syphilis", "hepatitis_b"})  # told only to whoever may see test results
CHUNK = 500


def pregnancies() -> QuerySet[Pregnancy]:
    """Every pregnancy that was not entered in error, of people who are in the registry; narrow with `visible`."""
    return Pregnancy.objects.filter(entered_in_error=False, person__entered_in_error=False)


def whole(rows: "QuerySet[Pregnancy]") -> "QuerySet[Pregnancy]":
    """The pregnancies with their contacts, births and what followed, ready to be shown: eight queries."""
    return rows.select_related("person", "person__hamlet").prefetch_related(
        Prefetch("contacts", AntenatalContact.objects.filter(entered_in_error=False).order_by("on")), Prefetch("plans", to_attr="held_plans"),
        Prefetch("deliveries__newborns", with_birth_doses(Newborn.objects.filter(entered_in_error=False).select_related("child").order_by("order"), "child")),
        Prefetch("deliveries__postnatal", PostnatalContact.objects.filter(entered_in_error=False).order_by("on")), "abortions")


def living(birth: Delivery, on: datetime.date) -> list[Person]:
    """The children of a birth who were born alive and have not died before a day."""
    born = [line.child for line in birth.newborns.all() if line.alive and line.child and not line.entered_in_error]
    return [child for child in born if child.died_on is None or child.died_on >= on]


def going_on(on: datetime.date) -> Q:
    """The condition that a pregnancy goes on with a woman who lives and, as far as her residences say, stays here on a day."""
    stays = Residence.objects.filter(person=OuterRef("person"), entered_in_error=False)
    return Q(outcome="", person__died_on=None) & (Q(Exists(open_on(stays, on))) | ~Q(Exists(stays)))


def left(on: datetime.date) -> Q:
    """The condition that a pregnancy is open though the woman has left: its end is still to be written."""
    stays = Residence.objects.filter(person=OuterRef("person"), entered_in_error=False)
    return Q(outcome="", person__died_on=None) & Q(Exists(stays)) & ~Q(Exists(open_on(stays, on)))


def open_on(stays: "QuerySet[Residence]", on: datetime.date) -> "QuerySet[Residence]":
    """Of these residences the permanent and temporary ones that hold on a day."""
    return stays.filter(holding(on), kind__in=["permanent", "temporary"])


def holding_on(on: datetime.date) -> Q:
    """The condition that a pregnancy has begun on a day and not ended before it, nor is longer than any can be."""
    return Q(since__lte=on, since__gte=on - datetime.timedelta(days=LONGEST)) & (Q(outcome="") | Q(ended_on__gte=on))


def pregnancy_on(person: Person | uuid.UUID, on: datetime.date) -> Pregnancy | None:
    """The pregnancy of a woman on a day: the open one before one that ended on that very day."""
    rows = pregnancies().filter(holding_on(on), person=person)
    return rows.order_by("outcome", "-since").first()


def who_expects(on: datetime.date, persons: Collection[uuid.UUID] | None) -> dict[uuid.UUID, Expecting]:
    """Who is pregnant on a day; see `care.people.expecting`. A day on which a pregnancy ended counts no more."""
    rows = pregnancies().filter(holding_on(on)).exclude(ended_on=on).filter(Q(person__died_on=None) | Q(person__died_on__gt=on))
    wanted: Iterable[Collection[uuid.UUID] | None] = [None]
    if persons is not None:
        known = list(persons)
        wanted = [known[begin:begin + CHUNK] for begin in range(0, len(known), CHUNK)]
    found = {}
    for part in wanted:
        some = rows if part is None else rows.filter(person__in=part)
        for person, key, since, due, known in some.order_by("since").values_list("person_id", "pk", "since", "due_on", "registered_on"):
            found[person] = Expecting(person, key, since, due, reverse("pregnancy", args=[key]), known)
    return found


def when_born(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime.datetime]:
    """The moment of birth of these people, of those whose hour Sổ đẻ holds; see `care.people.birth_times`."""
    rows = Newborn.objects.filter(child__in=list(persons), entered_in_error=False).exclude(at="").order_by("pk")
    return {
        child: datetime.datetime.combine(on, datetime.time.fromisoformat(at), clock.ZONE) for child, on, at in rows.values_list("child_id", "on", "at")}


def finding_of(row: Pregnancy, contacts: Sequence[AntenatalContact], on: datetime.date) -> Finding:
    """What is known of a pregnancy on a day: of each finding the newest; a test that was positive once stays so."""
    last = contacts[-1] if contacts else None
    birth = row.person.birth_date
    tests = {name: "pos" if any(getattr(one, name) == "pos" for one in contacts) else "" for name in ("hiv", "syphilis", "hepatitis_b")}
    taken = {name: getattr(last, name) for name in ("systolic", "diastolic", "protein", "fetal_heart", "fundal_cm", "danger")} if last else {}
    blood = next((one for one in reversed(contacts) if one.haemoglobin is not None or one.anaemia is not None), None)
    # Findings are judged by the gestation at which they were made, an overdue pregnancy by today's.
    days = row.gestation(on) if not last or (not row.outcome and row.gestation(on) >= OVERDUE) else last.gestation
    return Finding(
        days=days, age=age_years(birth, row.since) if birth <= row.since else None, height_cm=row.height_cm, births=sum(map(int, row.para[:2])) if row.para else None,
        scar=row.caesarean, fetuses=row.fetuses, illness=row.illness, presentation=last.lie if last else "",
        haemoglobin=blood.haemoglobin if blood else None, anaemia=blood.anaemia if blood else None, **tests, **taken)


def risks_told(row: Pregnancy, *, private: bool) -> list[Risk]:
    """The risks of a pregnancy: those stored, and that it is overdue today; those that tell test results only when `private`."""
    stored = [code for code in row.risks.split() if code != "overdue"]
    late = ["overdue"] if not row.outcome and row.gestation(clock.today()) >= OVERDUE else []
    return [RISKS[code] for code in (*late, *stored) if code in RISKS and (private or code not in PRIVATE_RISKS)]


def at_risk(on: datetime.date) -> Q:
    """The condition that an open pregnancy carries a risk on a day; one becomes overdue without anybody writing."""
    return ~Q(risks="") | Q(since__lte=on - datetime.timedelta(days=OVERDUE))


@dataclass(frozen=True)
class Terms:
    """The contacts of a pregnancy by term, and what is missing. rows: (term, wanted, contacts)."""

    rows: Sequence[tuple[int, int, Sequence[AntenatalContact]]]
    missing: Sequence[str]
    next_due: datetime.date | None
    next_words: str


def terms_of(row: Pregnancy, contacts: Sequence[AntenatalContact], on: datetime.date) -> Terms:
    """The contacts by term as of a day."""
    gestations = [one.gestation for one in contacts]
    until = min(row.ended_on or on, on)
    missing = [visit.words for visit in missing_visits(gestations, row.gestation(until)) if term_of(row.gestation(until)) > visit.term or row.outcome]
    due, words = next_visit(gestations, row.since, contacts[-1].next_on if contacts else None)
    by_term = [(term, wanted, [one for one in contacts if one.term == term]) for term, wanted in FOUR_VISITS.items()]
    return Terms(by_term, missing, None if row.outcome else due, words)


def method_on(person: Person, on: datetime.date) -> FamilyPlanning | None:
    """The line that says which contraceptive somebody uses on a day, as the indicators read it; None when none is used."""
    lines = FamilyPlanning.objects.filter(person=person, on__lte=on, entered_in_error=False)
    last = lines.order_by("-on", Case(When(act="stop", then=Value(1)), default=Value(0)), "-pk").first()
    if last is None or last.act == "stop" or (last.until and last.until < on) or (last.stock_out and (last.act == "start" or not last.until)):
        return None
    return last
