"""The history of a row in words: who, when, from where, before and after; by page, import, edit of many, merge."""

import datetime

import pytest

from tramyte.care.people.actions import merge_persons, record_coverage, record_identifier, register_person
from tramyte.care.people.models import Person
from tramyte.engine.audit import chain, origin
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.registers import history, loading, output, registry, staging

BORN = datetime.date(1956, 3, 5)


@pytest.fixture
def book(cast):
    return registry.get("residents")


@pytest.fixture
def person(cast):
    return register_person(by=cast.nurse, full_name="Nguyễn Thị Mận", birth_date=BORN, sex="F", hamlet=cast.hamlet, national_id="037156000123")


def told(book, person):
    return [(event.what, event.thing, event.changes) for event in history.events(book, Person.objects.get(pk=person.pk))]


def test_a_person_tells_of_numbers_stays_and_cards_in_words(book, cast, person):
    record_coverage(by=cast.nurse, person=person, card_number="GD4370100123456", start=datetime.date(2026, 1, 1), end=datetime.date(2026, 12, 31))
    record_identifier(by=cast.nurse, person=person, kind="national", value="037156000999")
    found = told(book, person)
    assert ("Kết thúc", "giấy tờ", [("Đến hết ngày", "–", "02/06/2026")]) in found
    assert any(thing == "thẻ bảo hiểm y tế" and ("Giá trị đến ngày", "–", "31/12/2026") in changes for _, thing, changes in found)
    assert any(thing == "cư trú" and ("Loại cư trú", "–", "thường trú") in changes for _, thing, changes in found)
    assert ("Giới tính", "–", "Nữ") in found[-1][2] and found[-1][0] == "Thêm"
    labels = {label for _, _, changes in found for label, _, _ in changes}
    assert not labels & {"Search", "Person", "Id", "Ended by"} and "Thẻ BHYT" not in {label.capitalize() for label in labels}


def test_an_import_and_its_undo_are_told(book, cast):
    load = staging.stage(book, cast.director, "mau.xlsx", output.template_bytes(book))
    loading.apply(book, cast.director, load)
    row = Person.objects.get(import_id=load.pk)
    event = next(event for event in history.events(book, row) if not event.thing)
    assert event.what == "Nhập từ tệp" and event.where.startswith("tệp nhập") and event.who == "Nguyễn Thị Hạnh (Giám đốc)"
    load.refresh_from_db()
    loading.undo(book, cast.director, load)
    assert "Hoàn tác lần nhập" in {what for what, _, _ in told(book, row)}


def test_a_merge_is_told_on_both_records(book, cast, person):
    other = register_person(by=cast.nurse, full_name="Nguyễn Thị Mận", birth_date=BORN, sex="F", hamlet=cast.hamlet, phone="0912345678", confirmed=True)
    merge_persons(by=cast.director, survivor=person, lesser=other, confirmed=True)
    kept, gone = told(book, person), told(book, other)
    assert any(what == "Gộp hồ sơ" and ("Điện thoại", "–", "0912345678") in changes for what, _, changes in kept)
    assert any(what == "Gộp hồ sơ" for what, _, _ in gone)


@pytest.mark.parametrize(("agent", "words"), [("Mozilla/5.0 (Windows NT 10.0)", "trang trên máy tính, 127.0.0.1"), ("Mozilla/5.0 (Linux; Android 14) Mobile", "trang trên điện thoại, 127.0.0.1")])
def test_a_page_tells_from_where(book, cast, enter, person, agent, words):
    nurse = enter("nurse")
    form = nurse.get(f"/so/residents/{person.pk}/").context["form"]
    typed = {name: str(form.initial.get(name) or "") for name in form.fields} | {"occupation": "thợ may"}
    assert nurse.post(f"/so/residents/{person.pk}/", typed, headers={"User-Agent": agent}).status_code == 302
    newest = next(event for event in history.events(book, Person.objects.get(pk=person.pk)) if ("Nghề nghiệp", "–", "thợ may") in event.changes)
    assert newest.where == words and newest.who == "Lê Thị Lan (Điều dưỡng)"
    page = nurse.get(f"/so/residents/{person.pk}/lich-su/").content.decode()
    assert words in page and "thợ may" in page and "Nguyễn Thị Mận" in page
    assert "037156000123" not in page and "•" in page, "numbers are masked as in the list"


def test_a_program_comes_by_the_json_interface(cast, enter):
    enter("nurse").get("/api/v1/khong-co/")
    with origin.through("api", "192.0.2.7"):
        made = chain.record(by=cast.nurse, action="record_x", model="people.person", object_id="x")
    assert made.origin == "api 192.0.2.7" and origin.words(made.origin) == "giao diện JSON, 192.0.2.7"
    assert chain.record(by=cast.nurse, action="record_x").origin == "command"
    with pytest.raises(ValueError, match="window"), origin.through("window"):
        pass


def test_the_origin_is_proved_and_old_entries_still_hold(cast):
    entry = chain.record(by=cast.nurse, action="record_x")
    assert chain.verify().broken_at is None
    for other in ("page 192.0.2.7", ""):
        AuditEntry.objects.filter(pk=entry.pk).update(origin=other)
        assert chain.verify().broken_at == entry.seq
    before = AuditEntry(at=entry.at, username="nurse", action="record_x", previous=entry.previous)
    AuditEntry.objects.filter(pk=entry.pk).update(origin="", digest=chain.digest(before))
    assert chain.verify().broken_at is None


def test_a_history_costs_no_query_an_entry(book, cast, person):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as queries:
            history.events(book, Person.objects.get(pk=person.pk))
        return len(queries)

    before = asked()
    for n in range(5):
        record_identifier(by=cast.nurse, person=person, kind="national", value=f"03715600020{n}")
    assert asked() == before


def test_a_number_typed_in_fewer_digits_is_no_change(cast, person, enter):
    from tramyte.care.checkups.models import Checkup

    row = Checkup.objects.create(person=person, on=datetime.date(2026, 5, 1), age_days=25_000, kind="periodic", height_cm="151.0", weight_kg="45.5")
    address = f"/so/checkups/{row.pk}/"
    sent = {"person": "037156000123", "on": "01/05/2026", "kind": "periodic", "height_cm": "151", "weight_kg": "46", "seen_version": "1"}
    assert enter("nurse").post(address, sent).status_code == 302
    page = enter("nurse").get(f"{address}lich-su/").content.decode()
    assert "Cân nặng" in page and "Chiều cao" not in page
