"""Recording, changing and cancelling a check-up: done, refused, refused for a stranger."""

import datetime

import pytest

from tramyte.care.checkups import queries
from tramyte.care.checkups.actions import cancel_checkup, record_checkup, record_checkups
from tramyte.care.checkups.models import Checkup
from tramyte.care.people.models import Person
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

BORN = datetime.date(1956, 3, 5)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def person(cast):
    return Person.objects.create(full_name="Nguyễn Thị Mận", birth_date=BORN, sex="F", hamlet=cast.hamlets[0])


def test_a_checkup_is_written_with_age_and_audit(cast, person):
    row = record_checkup(by=cast.nurse, person=person, on=day("2026-04-15"), kind="periodic", systolic=130, diastolic=80)
    assert row.age_days == (day("2026-04-15") - BORN).days
    assert AuditEntry.objects.get(object_id=str(row.pk)).username == "nurse"
    changed = record_checkup(by=cast.nurse, id=row.pk, seen_version=1, conclusion="Bình thường")
    assert (changed.version, changed.systolic) == (2, 130)
    assert queries.latest_periodic(person, day("2026-06-03")) == row and queries.latest_periodic(person, day("2026-04-14")) is None


@pytest.mark.parametrize(("fields", "code", "field"), [
    ({"on": day("2026-06-04")}, "future", "on"),
    ({"on": day("1956-03-04")}, "before_birth", "on"),
    ({"systolic": 80, "diastolic": 130}, "pressure", "diastolic"),
    ({"systolic": 20}, "invalid", "systolic"),
    ({"kind": "nothing"}, "invalid", "kind"),
    ({"on": None}, "missing", "on"),
    ({"person": None}, "missing", "person"),
])
def test_what_cannot_be_is_refused(cast, person, fields, code, field):
    with pytest.raises(Refused) as refused:
        record_checkup(**{"by": cast.nurse, "person": person, "on": day("2026-04-15"), "kind": "periodic", **fields})
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Checkup.objects.exists()


def test_nobody_is_examined_after_death(cast, person):
    person.died_on = day("2026-01-10")
    person.save()
    with pytest.raises(Refused, match="đã mất ngày 10/01/2026"):
        record_checkup(by=cast.nurse, person=person, on=day("2026-01-11"), kind="periodic")
    record_checkup(by=cast.nurse, person=person, on=day("2026-01-10"), kind="periodic")


def test_twice_on_one_day_is_refused_until_the_first_is_cancelled(cast, person):
    fields = {"person": person, "on": day("2026-04-15"), "kind": "periodic"}
    row = record_checkup(by=cast.nurse, **fields)
    with pytest.raises(Refused, match="đã có lượt khám"):
        record_checkup(by=cast.nurse, **fields)
    with pytest.raises(Refused, match="lý do"):
        cancel_checkup(by=cast.nurse, id=row.pk, seen_version=1, reason=" ")
    assert cancel_checkup(by=cast.nurse, id=row.pk, seen_version=1, reason="nhầm người").entered_in_error
    assert not queries.of_person(person).exists()
    record_checkup(by=cast.nurse, **fields)


@pytest.mark.parametrize("role", ["stranger", "officer", "chairman", "village_worker", "admin"])
def test_others_may_not_write(cast, person, role):
    by = cast.users[role]
    with pytest.raises(Refused) as refused:
        record_checkup(by=by, person=person, on=day("2026-04-15"), kind="periodic")
    assert refused.value.status in {403, 404}
    assert not Checkup.objects.exists()
    row = record_checkup(by=cast.nurse, person=person, on=day("2026-04-15"), kind="periodic")
    for act in (lambda: record_checkup(by=by, id=row.pk, site="x"), lambda: cancel_checkup(by=by, id=row.pk, reason="x")):
        with pytest.raises(Refused):
            act()


def test_a_chunk_is_one_audit_entry(cast, person):
    days = [day("2026-01-01") + datetime.timedelta(days=n) for n in range(20)]
    rows = record_checkups([(None, {"person": person, "on": on, "kind": "periodic"}) for on in days], by=cast.nurse)
    assert [row.on for row in rows] == days and Checkup.objects.count() == 20 and AuditEntry.objects.count() == 1


def test_a_chunk_of_another_commune_is_refused(cast, person):
    with pytest.raises(Refused):
        record_checkups([(None, {"person": person, "on": day("2026-01-01"), "kind": "periodic"})], by=cast.stranger)
