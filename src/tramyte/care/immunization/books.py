"""What the paper books A2.1, A2.2 and A2.3 show of one person: the day of each dose, read from doses that were fetched for the page."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from tramyte.care.immunization.full import full_set
from tramyte.care.immunization.models import Immunization
from tramyte.care.immunization.queries import LATEST
from tramyte.care.people.expecting import expecting
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.rules.calendar import add_months
from tramyte.rules.forecast import vietnam

BASIC = ("HEPB", "BCG", "DPT-VGB-HIB", "OPV", "IPV", "MEASLES", "MR", "DPT", "DPT-VGB-HIB-IPV", "DPT-IPV-HIB", "DPT-IPV", "MMR")
OTHERS = ("JE", "ROTA", "PCV", "TD", "HPV", "CHOLERA", "TYPHOID", "FLU", "RABIES")
TETANUS = ("UV", "TD")
UNDER = 60  # months: the children of book A2.1
WOMAN = 15 * 12  # months from which a tetanus dose belongs to book A2.3
WITHIN_A_DAY = "≤24 giờ"
TETANUS_DOSES: dict[int, list[str]] = {}
for _series in vietnam(LATEST).groups["UV"].series:
    for _rule in _series.doses:
        TETANUS_DOSES.setdefault(_rule.number, []).append(_rule.code)


def with_doses(rows: "QuerySet[Person]") -> "QuerySet[Person]":
    """People with their doses and their mother's tetanus doses; two queries more for any number of them."""
    doses = Immunization.objects.filter(entered_in_error=False).select_related("vaccine").order_by("on", "pk")
    mothers = doses.filter(vaccine__code__in=TETANUS)
    return rows.select_related("hamlet", "household", "mother").prefetch_related(
        "identifiers", Prefetch("immunizations", doses, to_attr="doses_given"), Prefetch("mother__immunizations", mothers, to_attr="tetanus_given"))


def children(rows: "QuerySet[Person]") -> "QuerySet[Person]":
    """Of these people the children of book A2.1: those under five."""
    return rows.filter(birth_date__gt=add_months(clock.today(), -UNDER))


def others(rows: "QuerySet[Person]") -> "QuerySet[Person]":
    """Of these people those with a dose that book A2.2 is about."""
    return rows.filter(Exists(Immunization.objects.filter(person=OuterRef("pk"), vaccine__code__in=OTHERS, entered_in_error=False)))


def women(rows: "QuerySet[Person]") -> "QuerySet[Person]":
    """Of these people the women with a tetanus dose, and those who are pregnant."""
    given = Immunization.objects.filter(person=OuterRef("pk"), vaccine__code="UV", entered_in_error=False)
    grown = Immunization.objects.filter(person=OuterRef("pk"), vaccine__code="TD", age_days__gte=WOMAN // 12 * 365, entered_in_error=False)
    return rows.filter(Q(Exists(given)) | Q(Exists(grown)) | Q(pk__in=list(expecting(clock.today()))), sex="F")


def dose(*codes: str) -> Callable[[Any], str]:
    """A reader: the day of the dose that counts as one of these doses of the schedule; of several codes all their days."""
    def read(person: Any) -> str:
        found = [one for code in codes for one in person.doses_given if f" {code} " in one.counts_as]
        return "; ".join(f"{one.on:%d/%m/%Y}" for one in dict.fromkeys(found))
    return read


def birth_dose(person: Any) -> str:
    """The birth dose of hepatitis B: day, hour, and whether it came within 24 hours."""
    given = next((one for one in person.doses_given if " HEPB0 " in one.counts_as), None)
    if given is None:
        return ""
    within = f", {WITHIN_A_DAY}" if "trong thời hạn" in given.verdict_text else ""
    return f"{given.on:%d/%m/%Y}{f' {given.at}' if given.at else ''}{within}"


def plain(*vaccines: str) -> Callable[[Any], str]:
    """A reader: the days of every dose of these vaccines."""
    def read(person: Any) -> str:
        return "; ".join(f"{one.on:%d/%m/%Y}" for one in person.doses_given if one.vaccine.code in vaccines)
    return read


def fully_on(person: Any) -> str:
    """The day on which the doses of full immunization were all there; empty before."""
    day = full_day(person, clock.today())
    return f"{day:%d/%m/%Y}" if day else ""


def full_day(person: Any, as_of: datetime.date) -> datetime.date | None:
    """As `fully_on`, as a day, by the set in force on a day; reads `doses_given`."""
    days = {code: one.on for one in reversed(person.doses_given) for code in one.counts_as.split()}
    wanted = full_set(as_of).doses
    return max(days[code] for code in wanted) if all(code in days for code in wanted) else None


def mothers_tetanus(person: Any) -> str:
    """How many tetanus doses the mother had when the child was born, with the day of the last."""
    given = [one for one in (person.mother.tetanus_given if person.mother else ()) if one.on <= person.birth_date]
    return f"{len(given)} mũi, {given[-1].on:%d/%m/%Y}" if given else ""


def reactions(*vaccines: str) -> Callable[[Any], str]:
    """A reader: what was noted after doses of these vaccines."""
    def read(person: Any) -> str:
        return "; ".join(f"{one.vaccine.code} {one.on:%d/%m/%Y}: {one.reaction}" for one in person.doses_given if one.reaction and one.vaccine.code in vaccines)
    return read


def remarks(*vaccines: str) -> Callable[[Any], str]:
    """A reader: doses of these vaccines that do not count, and those given elsewhere."""
    def read(person: Any) -> str:
        told = []
        for one in person.doses_given:
            if one.vaccine.code in vaccines and (words := _remark(one)):
                told.append(f"{one.vaccine.code} {one.on:%d/%m/%Y}: {words}")
        return "; ".join(told)
    return read


def _remark(one: Immunization) -> str:
    if one.verdict not in ("", "valid"):
        return str(one.get_verdict_display())
    return str(one.get_source_display()) if one.source == "elsewhere" else ""


def phone(person: Any) -> str:
    """The telephone of the person, else of the mother."""
    return person.phone or (person.mother.phone if person.mother else "")


def address(person: Any) -> str:
    """Hamlet, and the address of the household within it."""
    house = person.household.address if person.household else ""
    return house if person.hamlet.name in house else f"{person.hamlet.name}{f', {house}' if house else ''}"


def tetanus(number: int) -> Callable[[Any], str]:
    """A reader: the day of the n-th tetanus dose of a woman that counts, whichever of the three ways of the schedule she goes."""
    return dose(*TETANUS_DOSES.get(number, ()))


def earlier_tetanus(person: Any) -> str:
    """Tetanus doses of childhood: how many count."""
    count = sum(1 for one in person.doses_given for code in one.counts_as.split() if code.startswith(("DPT", "TD")))
    return f"{count} mũi" if count else ""


def months_pregnant(person: Any) -> str:
    """In which month of pregnancy (of 28 days) each tetanus dose was given, of those of which it is known."""
    return "; ".join(str(one.gestation_days // 28 + 1) for one in person.doses_given if one.gestation_days is not None and one.vaccine.code in TETANUS)
