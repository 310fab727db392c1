"""What the demo's health records hold: sound rows, the same for the same seed, in agreement with check-ups and records."""

import datetime

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.care.health_record.models import (
    AllergyIntolerance,
    Condition,
    FamilyMemberHistory,
    Observation,
    PartReview,
    Procedure,
)
from tramyte.care.health_record.queries import record_of
from tramyte.care.people.models import Person, RecordEntry
from tramyte.exchange.demo import commune, fill
from tramyte.exchange.demo.histories import Teller
from tramyte.exchange.demo.population import make_population

AS_OF = datetime.date(2026, 6, 3)


@pytest.fixture
def filled(db):
    return fill.fill(people=400, seed=2026, as_of=AS_OF, say=lambda text: None)


def test_the_records_of_the_demo_are_sound_and_believable(filled):
    asked = set(PartReview.objects.values_list("person", flat=True))
    opened = set(RecordEntry.objects.filter(kind="opened").values_list("person", flat=True))
    assert asked <= opened and 0.15 < len(asked) / len(opened) < 0.45, "the rest is on paper"
    for model in (PartReview, AllergyIntolerance, Condition, FamilyMemberHistory, Procedure, Observation):
        rows = list(model.objects.select_related("person"))
        assert rows or model in (AllergyIntolerance, Procedure)
        for row in rows:
            row.full_clean()
            assert row.person.birth_date <= row.on <= (row.person.died_on or AS_OF)
            assert getattr(row, "onset", None) is None or row.onset.year >= row.person.birth_date.year
    for row in Condition.objects.filter(code="diabetes"):
        assert Checkup.objects.filter(person=row.person, glucose__gte=7).exists()
    last = {row.person_id: row.on for row in RecordEntry.objects.order_by("on")}
    assert all(row.on == last[row.person_id] for row in PartReview.objects.all()), "asked about when the record was last brought up to date"
    person = Person.objects.get(pk=next(iter(asked)))
    assert {held.finding for held in record_of(person, AS_OF).values()} & {"present", "none"}


def test_the_same_seed_tells_the_same():
    people = make_population(200, 7, as_of=AS_OF, hamlets=[commune.HamletSpec("Thôn Một", 1)])
    told = []
    for _ in range(2):
        teller = Teller(people, 7)
        for record in people.records:
            teller.tell(record.person, record.person, record.updated_on)
        told.append(dict(teller.rows))
    assert told[0] == told[1] and told[0]
