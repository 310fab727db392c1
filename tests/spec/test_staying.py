"""Who stays where: the query of the pages and the denominator of the indicators are the same people."""

import datetime
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import oracle
import populations
from populations import AS_OF, MONTHS, humans

from tramyte.care.people.models import Person
from tramyte.care.people.queries import place_of_stay, presence, present_residence, staying
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.native import Native
from tramyte.engine.places.models import Place
from tramyte.rules.calendar import Period

PERIODS = [Period.parse(code) for code in MONTHS]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(humans(), min_size=1, max_size=6))
def test_the_pages_and_the_indicators_count_the_same_people(cast, people):
    with populations.example():
        made = populations.store_humans(people, cast.hamlets)
        codes = dict(Place.objects.values_list("pk", "code"))
        counted = {(row.period, row.subject, row.place) for row in Native().rows(INDICATORS["NK01"], PERIODS, AS_OF)}
        for period in PERIODS:
            day = min(period.end, AS_OF)
            here = {(period.code, str(pk), codes[place]) for pk, place in staying(day).annotate(stay=place_of_stay(day)).values_list("pk", "stay")}
            assert here == {line for line in counted if line[0] == period.code}
            told = dict(Person.objects.annotate(presence=presence(day)).values_list("pk", "presence"))
            for human, person in zip(people, made, strict=True):
                hamlet = oracle.where_staying(human, day)
                assert (told[person.pk] == "here") == (hamlet is not None)
                stay = present_residence(person, day)
                assert hamlet is None or (stay is not None and stay.place == cast.hamlets[hamlet])


def test_the_landing_page_agrees_with_the_figures(db, client):
    from tramyte.engine.access.models import User
    from tramyte.engine.indicators.results import figure
    from tramyte.exchange.demo import fill

    as_of = datetime.date(2026, 6, 3)
    fill.fill(people=300, seed=2026, as_of=as_of, say=lambda text: None)
    commune = Place.objects.get(code="00001", valid_to=None)
    insured, managed = figure("BH01", commune), figure("NK01", commune)
    client.force_login(User.objects.get(username="giamdoc"))
    shown = client.get("/nguoi-dan/").context
    assert Person.objects.count() > insured.denominator, "the demo has people who left"
    assert shown["counts"]["people"] == insured.denominator == managed.denominator
    assert shown["counts"]["uncovered"] == insured.denominator - insured.numerator
    assert sum(row["people"] for row in shown["by_hamlet"]) == insured.denominator
    for row in shown["by_hamlet"]:
        listed = client.get("/so/residents/", {"hamlet": row["place"].code, "as": "json"}).json()["count"]
        assert row["people"] == listed == figure("BH01", row["place"]).denominator
    assert client.get("/so/residents/", {"as": "json"}).json()["count"] == insured.denominator
    assert client.get("/so/residents/", {"as": "json", "presence": "all"}).json()["count"] == Person.objects.count()
