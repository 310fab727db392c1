"""Small populations whose dates crowd around the days that matter, and how they get into the database."""

import datetime
from contextlib import contextmanager

from django.db import transaction
from hypothesis import strategies as st
from oracle import Approval, Human, Stay

Day = datetime.date
AS_OF = Day(2025, 3, 14)
MONTHS = ("2024-01", "2024-02", "2024-03", "2024-12", "2025-01", "2025-02", "2025-03")
TURNS = (
    Day(2023, 1, 31), Day(2023, 2, 28), Day(2023, 3, 31), Day(2023, 12, 31), Day(2024, 1, 31), Day(2024, 2, 29), Day(2024, 3, 31),
    Day(2024, 12, 31), Day(2025, 1, 31), Day(2025, 2, 28), Day(2025, 3, 14),
)
days = st.builds(lambda turn, step: turn + datetime.timedelta(step), st.sampled_from(TURNS), st.integers(-1, 1))
births = st.one_of(st.just(Day(1964, 2, 29)), st.just(Day(2018, 2, 28)), st.just(Day(2006, 3, 1)), st.builds(
    lambda years, day: Day(day.year - years, day.month, min(day.day, 28)), st.sampled_from([0, 5, 6, 17, 18, 59, 60, 61]), st.sampled_from(TURNS)))


@contextmanager
def example():
    """A transaction that is always rolled back, so that an example leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def spans(draw, open_end: bool = True):
    """A first day and a last day not before it; the last one may be missing."""
    start = draw(days)
    end = draw(st.one_of(st.none(), days) if open_end else days)
    return (start, end) if end is None or end >= start else (end, start)


@st.composite
def humans(draw) -> Human:
    """Somebody with up to three residences and a few of everything else."""
    born = draw(births)
    stays = [Stay(0, "permanent", born)] if draw(st.booleans()) else []
    for start, end in draw(st.lists(spans(), max_size=2)):
        stays.append(Stay(draw(st.integers(0, 2)), draw(st.sampled_from(["permanent", "temporary", "absent"])), start, end))
    died = draw(st.one_of(st.none(), st.none(), days))
    return Human(
        born=born, precision=draw(st.sampled_from(["day", "day", "year"])), sex=draw(st.sampled_from("MF")),
        died=died if died is None or died >= born else born, housed=draw(st.booleans()), stays=stays,
        cards=draw(st.lists(spans(open_end=False), max_size=3)),
        numbers=[(start if draw(st.booleans()) else None, end) for start, end in draw(st.lists(spans(), max_size=2))],
        entries=draw(st.lists(st.tuples(st.sampled_from(["opened", "updated"]), days), max_size=3)),
        checkups=draw(st.lists(days, max_size=3, unique=True)))


@st.composite
def approvals(draw) -> Approval:
    """A technique with its days."""
    approved, withdrawn = draw(spans())
    start, end = draw(st.one_of(st.just((None, None)), spans()))
    return Approval(draw(st.integers(0, 1)), approved, withdrawn, start, end)


def store_humans(people: list[Human], hamlets) -> list:
    """The persons as rows, in the order of the plain ones."""
    from tramyte.care.checkups.models import Checkup
    from tramyte.care.people.models import Coverage, Household, Identifier, Person, RecordEntry, Residence

    home, _ = Household.objects.get_or_create(hamlet=hamlets[0], number="1")
    made = []
    for human in people:
        person = Person.objects.create(
            full_name="Người thử", birth_date=human.born, birth_precision=human.precision, sex=human.sex, hamlet=hamlets[0],
            died_on=human.died, household=home if human.housed else None)
        made.append(person)
        for stay in human.stays:
            Residence.objects.create(person=person, place=hamlets[stay.hamlet], kind=stay.kind, start=stay.start, end=stay.end)
        Coverage.objects.bulk_create([Coverage(person=person, card_number="x", group="GD", start=a, end=b) for a, b in human.cards])
        Identifier.objects.bulk_create([Identifier(person=person, kind="national", value="1", valid_from=a, valid_to=b) for a, b in human.numbers])
        RecordEntry.objects.bulk_create([RecordEntry(person=person, kind=kind, on=on) for kind, on in human.entries])
        Checkup.objects.bulk_create([Checkup(person=person, on=on, kind="periodic", age_days=0) for on in human.checkups])
    return made


def store_approvals(rows: list[Approval], facilities) -> list:
    """The approvals as rows, each of a technique of its own."""
    from tramyte.station.techniques.models import StationTechnique, Technique, TechniqueList

    version = TechniqueList.objects.create(name="Danh mục thử", source="bịa", valid_from=Day(2020, 1, 1))
    made = []
    for number, row in enumerate(rows):
        technique = Technique.objects.create(list=version, code=str(number), name=f"Kỹ thuật {number}")
        made.append(StationTechnique.objects.create(
            facility=facilities[row.site], technique=technique, approved_on=row.approved, withdrawn_on=row.withdrawn,
            performed_from=row.start, performed_until=row.end))
    return made
