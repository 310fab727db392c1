"""The demo fills an empty home, the same for the same seed, and refuses another one."""

import datetime

import pytest

from tramyte.care.immunization.models import Immunization
from tramyte.care.people.models import Coverage, Person
from tramyte.engine.access.models import User
from tramyte.engine.audit import chain
from tramyte.engine.indicators.results import figure
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.exchange.demo import fill
from tramyte.governance.reports.models import Report
from tramyte.governance.targets.models import Target
from tramyte.governance.tasks.models import Task

AS_OF = datetime.date(2026, 6, 3)


@pytest.fixture(scope="module")
def commune(module_rows):
    """The commune, filled once: seconds."""
    return fill.fill(people=200, seed=2026, as_of=AS_OF, say=lambda text: None)


@pytest.fixture
def filled(commune, db):
    """What the filling told; a test finds its rows and changes them for itself alone."""
    return commune


def test_the_commune_lives(filled):
    commune = Place.objects.get(code="00001", valid_to=None)
    assert {login["username"] for login in filled["logins"]} == set(fill.SHOWN)
    assert all(User.objects.get(username=name).check_password(filled["password"]) for name in ("chutich", "thon01"))
    living = Person.objects.filter(died_on=None)
    assert 190 <= living.count() <= 240
    an = Person.objects.get(search="nguyen van an", birth_date__year=1956)
    assert an.hamlet.code == "00001.01" and not Coverage.objects.filter(person=an, end__gte=AS_OF).exists()
    assert 80 < figure("BH01", commune).value < 100
    assert Target.objects.filter(indicator="BH01", comparator=">=", value=98).exists()
    assert {"open", "done"} <= set(Task.objects.values_list("state", flat=True))
    assert set(Report.objects.values_list("state", flat=True)) == {"locked"}
    assert Immunization.objects.filter(vaccine__code="UV", gestation_days__range=(1, 300)).exists(), "tetanus doses know the pregnancy"
    assert chain.verify().broken_at is None


def test_the_same_seed_gives_the_same_people_and_figures(filled):
    commune = Place.objects.get(code="00001", valid_to=None)
    people = list(Person.objects.order_by("pk").values_list("pk", "full_name", "birth_date")[:50])
    found = {code: figure(code, commune).value for code in ("BH01", "NK01", "SK01", "SK02", "KC04")}
    assert people[0][0].hex.startswith("019e")
    assert (people[0][1], found["KC04"]) == (Person.objects.get(pk=people[0][0]).full_name, pytest.approx(100 * 70 / 124))


def test_a_home_with_data_is_refused(filled):
    with pytest.raises(Refused, match="đã có dữ liệu"):
        fill.fill(people=200, seed=1, as_of=AS_OF, say=lambda text: None)


def test_everybody_who_died_stands_in_the_book_of_deaths(filled):
    from tramyte.care.people.models import Death, Residence

    died = Person.objects.exclude(died_on=None)
    assert died.count() == Death.objects.count() > 0
    assert all(row.on == row.person.died_on for row in Death.objects.select_related("person"))
    assert not Residence.objects.filter(person__in=died, ended_by=None).exists()
    for row in Death.objects.all():
        row.full_clean()


def test_acting_on_a_day_leaves_the_clock_as_it_was(monkeypatch):
    from tramyte.engine import clock
    from tramyte.exchange.demo.steering import on_day

    for before in (None, "2026-06-03"):
        monkeypatch.delenv(clock.AS_OF, raising=False)
        if before:
            monkeypatch.setenv(clock.AS_OF, before)
        seen = clock.today()
        with on_day(datetime.date(2026, 1, 15)):
            assert clock.today() == datetime.date(2026, 1, 15)
        assert clock.today() == seen


def test_a_day_before_the_commune_is_refused(db, monkeypatch):
    from tramyte.web.commands import demo

    monkeypatch.setenv("TRAMYTE_AS_OF", "2025-06-30")
    with pytest.raises(Refused, match="01/07/2025"):
        demo._make(50, 1)


def test_doses_and_what_comes_next_are_as_they_would_be_reckoned(filled):
    from tramyte.care.immunization import renewing
    from tramyte.care.immunization.courses import COLUMNS
    from tramyte.care.immunization.models import Course, Immunization, Recommendation, StockMovement, Waiting
    from tramyte.care.immunization.queries import usable_lots

    ids, courses = renewing.everybody(AS_OF), list(Course.objects.order_by("pk").values_list("pk", *COLUMNS))
    assert len(ids) > 20 and Immunization.objects.count() > 100 and Recommendation.objects.exists() and not Waiting.objects.exists()
    assert renewing.renew(ids, renewing.Ways.on(AS_OF)) == 0
    assert courses and courses == list(Course.objects.order_by("pk").values_list("pk", *COLUMNS))
    assert {lot.left > 0 for lot in usable_lots(AS_OF)} == {True}
    assert StockMovement.objects.filter(kind="used").count() == Immunization.objects.exclude(lot=None).count()
    assert {row.verdict for row in Immunization.objects.all()} >= {"valid"}
