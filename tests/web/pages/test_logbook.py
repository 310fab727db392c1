"""The audit tells a reader the content only of what that reader may see."""

import datetime

import pytest

from tramyte.care.people.models import Person
from tramyte.engine.access.operator import operator
from tramyte.engine.audit import chain
from tramyte.engine.jobs.models import Job
from tramyte.web.pages import logbook


@pytest.fixture
def written(cast):
    """A change by the command line to a person of each commune, and a bulk of lines."""
    for name, hamlet in (("Kha Thị Gần", cast.hamlet), ("Kha Thị Xa", cast.other_hamlet)):
        person = Person.objects.create(full_name=name, birth_date=datetime.date(1956, 3, 5), sex="F", hamlet=hamlet)
        chain.record(by=operator(), action="record_person", row=person, after={"full_name": name}, note=f"ghi {name}")
    chain.record(by=operator(), action="import_people", model="people.person", after={"rows": {str(person.pk): "0"}}, note="1 dòng")


def _told(reader):
    return str([(line.changes, line.note) for line in logbook.lines(logbook.entries(reader), by=reader)])


def test_a_director_reads_the_own_commune_only(written, cast):
    told = _told(cast.director)
    assert "Kha Thị Gần" in told
    assert "Kha Thị Xa" not in told
    assert "1 dòng" in told


def test_an_administrator_reads_no_person(written, cast):
    assert "Kha Thị" not in _told(cast.users["admin"])


def test_jobs_of_others_stay_with_them(cast, enter):
    theirs = Job.objects.create(task="verify_audit", title="Việc của xã khác", by=cast.users["stranger"])
    client = enter("director")
    assert "Việc của xã khác" not in client.get("/he-thong/viec/").content.decode()
    assert client.get(f"/he-thong/viec/{theirs.pk}/").status_code == 404


def test_every_action_of_the_product_has_words():
    """Whatever the code writes into the audit reads as Vietnamese."""
    import re
    from pathlib import Path

    import tramyte
    from tramyte.web.pages.deeds import ACTIONS

    wanted = set()
    for file in Path(tramyte.__file__).parent.rglob("*.py"):
        if "commands" not in file.parts:  # there `action` belongs to the parser of the command line
            wanted |= set(re.findall(r'(?:action=|Changes\(by, |_tell\(change, by, )"([a-z_]+)"', file.read_text(encoding="utf-8")))
    assert len(wanted) > 100 and sorted(wanted - ACTIONS.keys()) == []
