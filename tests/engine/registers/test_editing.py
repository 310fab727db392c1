"""One value for many rows: judged, shown, written by sets, told in each row's history, undone as a whole."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.checkups.actions import record_checkup
from tramyte.care.checkups.models import Checkup
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused
from tramyte.engine.registers import editing, history, picking, registry
from tramyte.engine.registers.models import Import

from .conftest import make_person

URL = "/so/checkups/"


@pytest.fixture
def book(cast):
    """Six check-ups; the last is of a person who is written to have died before it."""
    for n in range(6):
        person = make_person(cast.hamlets[n % 2], f"Người Thứ {chr(65 + n)}", f"0370560001{n:02d}")
        record_checkup(by=cast.nurse, person=person, on=datetime.date(2026, 5, 1), kind="periodic", site="Trạm" if n else "Nhà văn hóa")
    type(person).objects.filter(pk=person.pk).update(died_on=datetime.date(2026, 4, 1))
    return registry.get("checkups")


def ticked(book, user):
    picking.tick(book, user, book.base(user))


def verdicts(load):
    return dict(editing.counts(load))


def test_a_value_is_judged_row_by_row_and_nothing_is_written(book, cast):
    ticked(book, cast.nurse)
    entries = AuditEntry.objects.count()
    load = editing.stage(book, cast.nurse, "site", "Nhà văn hóa")
    assert verdicts(load) == {"updated": 4, "duplicate": 1, "refused": 1}
    assert "đã mất ngày 01/04/2026" in load.rows.get(verdict="refused").reason
    assert load.rows.filter(verdict="updated").first().reason == "Trạm → Nhà văn hóa"
    assert AuditEntry.objects.count() == entries and set(Checkup.objects.values_list("version", flat=True)) == {1}


def test_it_is_written_told_and_undone_as_a_whole(book, cast):
    ticked(book, cast.nurse)
    load = editing.stage(book, cast.nurse, "health_class", "loại II")
    editing.begin(book, cast.nurse, load)
    assert load.state == "finished" and verdicts(load) == {"updated": 5, "refused": 1}
    assert Checkup.objects.filter(health_class=2, version=2).count() == 5
    row = Checkup.objects.filter(health_class=2).first()
    newest = history.events(book, row)[0]
    assert newest.what == "Sửa hàng loạt" and newest.who == "Lê Thị Lan (Điều dưỡng)" and newest.changes == [("Phân loại sức khỏe", "–", "loại II")]
    assert AuditEntry.objects.get(object_id=str(load.pk)).after["count"] == 5
    assert editing.undo(book, cast.nurse, load) == (5, 0) and load.state == "undone"
    assert not Checkup.objects.exclude(health_class=None).exists() and Checkup.objects.filter(version=3).count() == 5
    assert history.events(book, row)[0].what == "Hoàn tác sửa hàng loạt" and chain.verify().broken_at is None
    with pytest.raises(Refused, match="hoàn tác rồi"):
        editing.undo(book, cast.nurse, load)


def test_an_undo_gives_each_row_its_own_former_value(book, cast):
    before = dict(Checkup.objects.values_list("pk", "site"))
    ticked(book, cast.nurse)
    load = editing.stage(book, cast.nurse, "site", "")
    editing.begin(book, cast.nurse, load)
    assert Checkup.objects.filter(site="").count() == 5
    editing.undo(book, cast.nurse, load)
    assert dict(Checkup.objects.values_list("pk", "site")) == before


def test_who_changed_a_row_meanwhile_is_not_overwritten(book, cast):
    ticked(book, cast.nurse)
    load = editing.stage(book, cast.nurse, "site", "Đồn")
    first, second = Checkup.objects.exclude(site="Đồn").filter(person__died_on=None)[:2]
    record_checkup(by=cast.clinician, id=first.pk, seen_version=1, site="Khác")
    editing.begin(book, cast.nurse, load)
    told = load.rows.get(object_id=first.pk)
    assert told.verdict == "refused" and told.reason.startswith(f"{cast.clinician.full_name} vừa sửa") and Checkup.objects.get(pk=first.pk).site == "Khác"
    record_checkup(by=cast.clinician, id=second.pk, seen_version=2, site="Khác nữa")
    assert editing.undo(book, cast.nurse, load) == (3, 1)
    assert Checkup.objects.get(pk=second.pk).site == "Khác nữa"


def test_an_interrupted_edit_goes_on(book, cast, monkeypatch):
    ticked(book, cast.nurse)
    monkeypatch.setattr(editing, "CHUNK", 2)
    load = editing.stage(book, cast.nurse, "site", "Đồn")
    real, calls = editing._write, []

    def stops(*arguments):
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return real(*arguments)

    monkeypatch.setattr(editing, "_write", stops)
    with pytest.raises(KeyboardInterrupt):
        editing.apply(book, cast.nurse, load)
    assert Checkup.objects.filter(site="Đồn").count() == 2
    monkeypatch.setattr(editing, "_write", real)
    editing.apply(book, cast.nurse, load)
    assert Checkup.objects.filter(site="Đồn", version=2).count() == 5


def test_rows_out_of_the_writers_reach_are_refused(book, cast):
    """A village worker of one hamlet may read no other; a role that only reads writes nothing."""
    from tramyte.engine.access.models import Assignment

    ticked(book, cast.nurse)
    load = editing.stage(book, cast.nurse, "site", "Đồn")
    Assignment.objects.filter(user=cast.nurse).update(place=cast.hamlets[0])
    again = type(cast.nurse).objects.get(pk=cast.nurse.pk)
    editing.apply(book, again, load)
    assert load.rows.filter(verdict="refused", reason=editing.FOREIGN).count() == 2
    assert not Checkup.objects.filter(site="Đồn", person__hamlet=cast.hamlets[1]).exists()
    with pytest.raises(Refused) as refused:
        editing.stage(book, cast.village_worker, "site", "x")
    assert refused.value.status == 403


@pytest.mark.parametrize(("path", "text", "words"), [("person", "x", "không sửa hàng loạt"), ("nowhere", "", "không sửa hàng loạt"), ("health_class", "tốt", "Hãy ghi một trong"), ("site", "=1", "công thức")])
def test_what_is_not_given_to_many_is_refused(book, cast, path, text, words):
    ticked(book, cast.nurse)
    with pytest.raises(Refused, match=words):
        editing.stage(book, cast.nurse, path, text)
    assert not Import.objects.exists()


def test_the_pages_lead_through(book, cast, enter):
    nurse = enter("nurse")
    assert "Chưa chọn dòng nào" in nurse.get(f"{URL}sua-nhieu/").content.decode()
    assert nurse.post(f"{URL}sua-nhieu/", {"field": "site", "value": "Đồn"}).status_code == 422
    nurse.post(f"{URL}chon/", {"do": "all"})
    assert "Sửa hàng loạt" in nurse.get(URL).content.decode()
    assert 'name="value"' in nurse.get(f"{URL}sua-nhieu/", {"field": "health_class"}).content.decode()
    bad = nurse.post(f"{URL}sua-nhieu/", {"field": "health_class", "value": "tốt"})
    assert bad.status_code == 422 and "Hãy ghi một trong" in bad.content.decode()
    there = nurse.post(f"{URL}sua-nhieu/", {"field": "site", "value": "Đồn"}, follow=True)
    page = there.content.decode()
    assert "Đổi 5 dòng" in page and "đã mất ngày" in page and "Nhà văn hóa" in page and "Người Thứ F" in page
    address = there.redirect_chain[-1][0]
    done = nurse.post(address, {"do": "apply"}, follow=True).content.decode()
    assert "Đã sửa" in done and "Hoàn tác cả lần sửa" in done and "Đã đổi" in done and "Sẽ đổi" not in done
    assert f'href="{URL}{Checkup.objects.filter(site="Đồn").first().pk}/"' in done, "a row without a page of its own leads to its form"
    undone = nurse.post(address, {"do": "undo"}, follow=True).content.decode()
    assert "Đã trả 5 dòng về như trước" in undone and "Đã trả lại" in undone and "Sẽ đổi" not in undone
    assert enter("director").get(address).status_code == 404, "the edit of another"
    assert enter("stranger").get(address).status_code == 404


def test_an_edit_is_never_taken_for_a_file(book, cast, enter):
    ticked(book, cast.director)
    load = editing.stage(book, cast.director, "site", "Đồn")
    director = enter("director")
    assert director.get(f"{URL}nhap/{load.pk}/").status_code == 404
    assert "Sửa hàng loạt" not in director.get(f"{URL}nhap/").content.decode()


def test_more_than_some_thousands_are_a_job(book, cast, monkeypatch):
    monkeypatch.setattr(editing, "IN_BACKGROUND", 2)
    ticked(book, cast.nurse)
    load = editing.stage(book, cast.nurse, "site", "Đồn")
    editing.begin(book, cast.nurse, load)
    assert load.state == "running" and load.job
    editing.edit_job(type("Quiet", (), {"of": lambda *a: None, "step": lambda *a: None})(), import_id=str(load.pk))
    assert Checkup.objects.filter(site="Đồn").count() == 5


def test_the_database_is_asked_by_sets(book, cast):
    def asked(count):
        picking.let_go(book, cast.nurse)
        picking.tick(book, cast.nurse, book.base(cast.nurse).filter(pk__in=list(book.base(cast.nurse).filter(person__died_on=None).values_list("pk", flat=True)[:count])))
        with CaptureQueriesContext(connection) as queries:
            editing.begin(book, cast.nurse, editing.stage(book, cast.nurse, "conclusion", f"lần {count}"))
        return len(queries)

    assert asked(1) == asked(5)
