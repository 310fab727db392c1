"""A child and a mother written twice: what was measured, given and followed goes to the one record, and comes back."""

import datetime

import pytest

from tramyte.care.growth.actions import record_measurement
from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.immunization.actions import record_immunization
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Immunization, Recommendation, Vaccine
from tramyte.care.maternal import actions as maternal
from tramyte.care.maternal.models import Newborn, Pregnancy
from tramyte.care.people.actions import merge_persons, register_person, unmerge_persons
from tramyte.care.people.birth_doses import birth_dose
from tramyte.care.people.models import Person

pytestmark = pytest.mark.django_db
DAY = datetime.date


def coming(person):
    """Which dose against measles comes next."""
    return Recommendation.objects.get(person=person, group="MEASLES").dose


def test_measurements_and_doses_follow_the_one_record(cast):
    install()
    boy, again = (register_person(by=cast.director, full_name="Nguyễn Minh Khôi", birth_date=DAY(2025, 3, 12), sex="M", hamlet=cast.hamlets[0], confirmed=True) for _ in range(2))
    record_measurement(by=cast.nurse, person=again, on=DAY(2026, 1, 15), weight_kg=9)
    record_measurement(by=cast.nurse, person=boy, on=DAY(2026, 5, 15), weight_kg=9)
    last = GrowthMeasurement.objects.get(on=DAY(2026, 5, 15))
    assert (last.trend, last.due_on) == ("", DAY(2026, 11, 15)), "one weighing says nothing"
    dose = record_immunization(by=cast.nurse, person=again, vaccine=Vaccine.objects.get(code="MEASLES"), on=DAY(2026, 1, 14), source="import")
    merge = merge_persons(by=cast.director, survivor=boy, lesser=again)
    last.refresh_from_db()
    dose.refresh_from_db()
    assert (last.trend, last.due_on) == ("flat", DAY(2026, 6, 15)) and dose.person_id == boy.pk
    assert coming(boy) == "MR" and set(GrowthMeasurement.objects.values_list("person", flat=True)) == {boy.pk}
    unmerge_persons(by=cast.director, id=merge.pk)
    last.refresh_from_db()
    assert (last.trend, last.due_on) == ("", DAY(2026, 11, 15)) and Immunization.objects.get().person_id == again.pk
    assert coming(boy) == "MEASLES1"


def test_a_mother_and_her_newborn_follow_too(cast):
    install()
    mother, twice = (Person.objects.create(full_name="Nguyễn Thị Mận", birth_date=DAY(1996, 3, 5), sex="F", hamlet=cast.hamlets[0]) for _ in range(2))
    owner = maternal.register_pregnancy(by=cast.nurse, person=twice, lmp=DAY(2025, 8, 20), registered_on=DAY(2025, 10, 20))
    birth = maternal.record_delivery(
        by=cast.nurse, person=twice, on=DAY(2026, 5, 20), at="07:30", place="hospital", newborns=[{"sex": "F", "weight_g": 3200, "hepatitis_b_at": "20/05/2026 09:00"}])
    child = birth.newborns.get().child
    entered = Person.objects.create(full_name="Lê Thị Hoa", birth_date=DAY(2026, 5, 20), sex="F", hamlet=cast.hamlets[0])
    merges = [merge_persons(by=cast.director, survivor=mother, lesser=twice), merge_persons(by=cast.director, survivor=entered, lesser=child)]
    line = Newborn.objects.select_related("child").get()
    assert (line.mother_id, line.child_id, line.child.mother_id, Pregnancy.objects.get().person_id) == (mother.pk, entered.pk, mother.pk, mother.pk)
    assert birth_dose(line.child).at == "09:00" and "trong thời hạn" in Immunization.objects.get().verdict_text
    for merge in reversed(merges):
        unmerge_persons(by=cast.director, id=merge.pk)
    line = Newborn.objects.select_related("child").get()
    assert (line.mother_id, line.child_id, Pregnancy.objects.get(pk=owner.pk).person_id) == (twice.pk, child.pk, twice.pk) and birth_dose(line.child).at == "09:00"
