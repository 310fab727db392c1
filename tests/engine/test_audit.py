"""The chain proves itself and shows tampering."""

import datetime

import pytest

from tramyte.care.people.models import Person
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused


@pytest.fixture
def person(cast):
    row = Person(full_name="Nguyễn Văn An", birth_date=datetime.date(1956, 2, 1), sex="M", hamlet=cast.hamlets[0])
    return store(row, by=cast.nurse, permission="people.write", action="register_person")


def change(person, cast, name):
    row = fetch(Person, person.pk, by=cast.nurse, permission="people.write", seen_version=person.version)
    before = row.plain()
    row.full_name = name
    return store(row, by=cast.nurse, permission="people.write", action="change_person", before=before)


def test_a_chain_of_writes_is_whole(cast, person):
    change(person, cast, "Nguyễn Văn Ân")
    verdict = chain.verify()
    assert (verdict.entries, verdict.broken_at) == (2, None)
    entry = AuditEntry.objects.first()
    assert entry.before["full_name"] == "Nguyễn Văn An" and entry.after["full_name"] == "Nguyễn Văn Ân"
    assert set(entry.after) == {"full_name"}


@pytest.mark.parametrize("tamper", [
    lambda rows: rows.filter(seq=rows.last().seq + 1).update(username="ai-khac"),
    lambda rows: rows.filter(seq=rows.last().seq + 1).delete(),
    lambda rows: rows.filter(seq=rows.last().seq + 1).update(after={"full_name": "Khác"}),
])
def test_tampering_is_shown(cast, person, tamper):
    for name in ("Nguyễn Văn Ân", "Nguyễn Văn Ấn"):
        person = change(person, cast, name)
    tamper(AuditEntry.objects.all())
    assert chain.verify().broken_at is not None


def test_a_second_writer_is_told(cast, person):
    change(person, cast, "Nguyễn Văn Ân")
    with pytest.raises(Refused) as refused:
        fetch(Person, person.pk, by=cast.nurse, permission="people.write", seen_version=1)
    assert refused.value.status == 409 and cast.nurse.full_name in refused.value.message


def test_a_foreign_row_is_not_there(cast, person):
    with pytest.raises(Refused) as refused:
        fetch(Person, person.pk, by=cast.stranger, permission="people.write")
    assert refused.value.status == 404


def test_a_row_cannot_be_moved_out_of_reach(cast, person):
    row = fetch(Person, person.pk, by=cast.village_worker, permission="people.write")
    before = row.plain()
    row.hamlet = cast.other_hamlet
    with pytest.raises(Refused):
        store(row, by=cast.village_worker, permission="people.write", action="change_person", before=before)
    assert Person.objects.get(pk=person.pk).hamlet == cast.hamlets[0]
