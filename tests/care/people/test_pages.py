"""The pages of people: who may open them, what they show, what is logged, and the nurse's renewal."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tramyte.care.checkups.models import Checkup
from tramyte.care.people import actions
from tramyte.care.people.models import Coverage, Person, RecordEntry
from tramyte.engine.audit.models import AuditEntry

D = datetime.date
INSIDE = ["person", "person-edit", "coverage-renew", "residence-new", "death", "number-new"]


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


@pytest.fixture
def person(register, cast):
    """A person of the first hamlet whose card has run out."""
    made = register(national_id="037056001234", phone="0912345678", since=D(2010, 1, 1))
    actions.record_coverage(by=cast.nurse, person=made, card_number="GD4370100123456", start=D(2025, 1, 1), end=D(2025, 12, 31))
    return made


@pytest.mark.parametrize(("user", "status"), [
    ("nurse", 200), ("director", 200), ("clinician", 200), ("village_worker", 200), ("stranger", 404),
    ("officer", 403), ("chairman", 403), ("unit", 403), ("supervisor", 403), ("admin", 403)])
def test_who_opens_a_person(enter, person, user, status):
    client = enter(user)
    for name in INSIDE:
        answer = page(client, name, person.pk)
        assert answer.status_code == status, name
        assert status == 200 or person.full_name not in answer.content.decode()
    number = person.identifiers.get(kind="national")
    assert page(client, "number-shown", person.pk, number.pk).status_code == status
    assert page(client, "people").status_code == (403 if status == 403 else 200)
    assert page(client, "person-new").status_code == (403 if status == 403 else 200)


def test_a_hamlet_worker_does_not_open_another_hamlet(enter, register, cast):
    other = register(hamlet=cast.hamlets[1])
    home = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[1], number="1")
    client = enter("village_worker")
    assert page(client, "person", other.pk).status_code == 404
    assert page(client, "household", home.pk).status_code == 404


def test_the_page_masks_numbers_and_logs_the_view(enter, person):
    client = enter("nurse")
    text = page(client, "person", person.pk).content.decode()
    assert "037056001234" not in text and "0912345678" not in text
    assert "037 056 •••• 34" in text and "Hết hạn BHYT 31/12/2025" in text and "Chưa khám sức khỏe năm 2026" in text
    assert AuditEntry.objects.filter(action="view", object_id=str(person.pk), username="nurse").count() == 1
    number = person.identifiers.get(kind="national")
    shown = client.get(reverse("number-shown", args=[person.pk, number.pk]), HTTP_HX_REQUEST="true").content.decode()
    assert "037056001234" in shown
    assert AuditEntry.objects.filter(action="view_number", object_id=str(person.pk)).count() == 1


def test_the_person_page_stays_within_twenty_seven_queries_with_five_hundred_events(enter, person, cast):
    actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="1", members=[(person, "chủ hộ")])
    RecordEntry.objects.bulk_create(RecordEntry(person=person, kind="updated", on=D(2020, 1, 1) + datetime.timedelta(days=n)) for n in range(200))
    Coverage.objects.bulk_create(Coverage(person=person, card_number="GD4370100123456", group="GD", start=D(1990 - n % 20, 1, 1), end=D(1990 - n % 20, 12, 31)) for n in range(50))
    Checkup.objects.bulk_create(Checkup(person=person, on=D(2015, 1, 1) + datetime.timedelta(days=n), kind="screening", age_days=1) for n in range(250))
    client = enter("nurse")
    page(client, "person", person.pk)
    with CaptureQueriesContext(connection, ) as seen:
        answer = page(client, "person", person.pk)
    assert "Trang 1/" in answer.content.decode()
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT pg_advisory_xact_lock")
    own = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(frame) and "django_session" not in q["sql"] and "governance" not in q["sql"]]
    own = [sql for sql in own if 'FROM "access_user"' not in sql and "tasks_" not in sql]
    assert len(own) <= 27, "\n".join(own)


def test_the_nurse_finds_renews_and_takes_back(enter, person, cast):
    client = enter("nurse")
    found = page(client, "search", q="nguyen van a 1956")
    assert reverse("person", args=[person.pk]) in found.content.decode()
    offered = page(client, "coverage-renew", person.pk).content.decode()
    assert 'value="03/06/2026"' in offered and 'value="02/06/2027"' in offered
    sent = {"card_number": "GD4370100123456", "start": "03/06/2026", "end": "02/06/2027"}
    answer = client.post(reverse("coverage-renew", args=[person.pk]), sent, follow=True)
    text = answer.content.decode()
    assert "Đã gia hạn thẻ BHYT đến 02/06/2027." in text and "Hoàn tác" in text and "BHYT đến 02/06/2027" in text
    assert "Hết hạn BHYT" not in text
    made = person.coverages.get(start=D(2026, 6, 3))
    text = client.post(reverse("coverage-undo", args=[person.pk, made.pk]), follow=True).content.decode()
    assert "Hết hạn BHYT 31/12/2025" in text
    made.refresh_from_db()
    assert made.entered_in_error and made.error_reason


@pytest.mark.parametrize(("sent", "word"), [
    ({"card_number": "GD43701001234", "start": "03/06/2026", "end": "02/06/2027"}, "13 ký tự"),
    ({"card_number": "GD4370100123456", "start": "03/06/2025", "end": "02/06/2027"}, "bắt đầu từ 01/01/2026"),
    ({"card_number": "GD4370100123456", "start": "03/06/2026", "end": "02/06/2025"}, "đứng trước"),
    ({"card_number": "GD4370100123456", "start": "31/02/2026", "end": ""}, "không có ngày 31"),
])
def test_a_refused_renewal_keeps_what_was_typed(enter, person, sent, word):
    answer = enter("nurse").post(reverse("coverage-renew", args=[person.pk]), sent)
    text = answer.content.decode()
    assert answer.status_code == 422 and word in text and sent["card_number"] in text
    assert person.coverages.count() == 1


def test_writing_is_denied_to_strangers_and_officers(enter, person):
    for user, status in (("stranger", 404), ("officer", 403)):
        client = enter(user)
        for name in ("coverage-renew", "person-edit", "residence-new", "death", "record-entry", "number-new"):
            assert client.post(reverse(name, args=[person.pk]), {}).status_code == status, (user, name)
    assert person.coverages.count() == 1


def new_person(**fields):
    return {"full_name": "Nguyễn Văn A", "birth": "12/05/1956", "sex": "M", "residence": "thường trú"} | fields


def test_a_new_person_with_a_likely_duplicate_must_be_looked_at(enter, person, cast):
    client = enter("nurse")
    sent = new_person(hamlet=str(cast.hamlets[0].pk), household_number="12")
    shown = client.get(reverse("person-duplicates"), sent, HTTP_HX_REQUEST="true").content.decode()
    assert "Có thể đã có trong sổ" in shown and "trùng họ tên" in shown
    refused = client.post(reverse("person-new"), sent)
    assert refused.status_code == 422 and "Đã xem: đây là người khác" in refused.content.decode()
    assert Person.objects.count() == 1
    answer = client.post(reverse("person-new"), sent | {"confirmed": "1"})
    assert answer.status_code == 302 and Person.objects.count() == 2
    made = Person.objects.exclude(pk=person.pk).get()
    assert made.household.number == "12" and made.birth_date == D(1956, 5, 12)


@pytest.mark.parametrize(("field", "value", "word"), [
    ("birth", "04/06/2026", "tương lai"), ("birth", "31/02/1990", "không có ngày 31"), ("full_name", "Ă" * 10_000, "10000 ký tự"),
    ("full_name", "Nguyễn\x07 An", "ký tự điều khiển"), ("national_id", "37056001234", "mất một số 0"), ("phone", "123", "Số điện thoại"),
    ("hamlet", "không phải thôn", "Thôn")])
def test_bad_input_on_the_form(enter, cast, field, value, word):
    answer = enter("nurse").post(reverse("person-new"), new_person(hamlet=str(cast.hamlets[0].pk)) | {field: value})
    assert answer.status_code == 422 and word in answer.content.decode()
    assert not Person.objects.exists()


def test_edit_notices_a_change_by_another(enter, person, cast):
    client = enter("nurse")
    text = page(client, "person-edit", person.pk).content.decode()
    assert f'name="seen_version" value="{person.version}"' in text
    actions.change_person(by=cast.clinician, id=person.pk, occupation="thợ")
    sent = {"full_name": "Nguyễn Văn B", "birth": "1956", "sex": "M", "seen_version": person.version}
    assert client.post(reverse("person-edit", args=[person.pk]), sent).status_code == 409
    person.refresh_from_db()
    assert client.post(reverse("person-edit", args=[person.pk]), sent | {"seen_version": person.version}).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.birth_precision) == ("Nguyễn Văn B", "year")


def test_small_forms_write(enter, person, cast):
    client = enter("nurse")
    post = lambda name, sent: client.post(reverse(name, args=[person.pk]), sent).status_code  # noqa: E731
    assert post("number-new", {"kind": "national", "value": "037056001235"}) == 302
    assert post("residence-new", {"kind": "temporary", "place": str(cast.hamlets[1].pk), "start": "01/06/2026"}) == 302
    assert post("record-entry", {}) == 302
    assert post("death", {"on": "05/06/2026"}) == 422
    assert post("death", {"on": "02/06/2026"}) == 302
    person.refresh_from_db()
    assert person.died_on == D(2026, 6, 2) and person.hamlet == cast.hamlets[1]
    assert "Đã mất 02/06/2026" in page(client, "person", person.pk).content.decode()
    assert post("death", {"reason": "ghi nhầm"}) == 302


def test_household_page(enter, person, cast):
    home = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="0412", members=[(person, "Chủ hộ")])
    client = enter("village_worker")
    text = page(client, "household", home.pk).content.decode()
    assert "Hộ 0412" in text and person.full_name in text and "Hết hạn BHYT" in text
    assert client.post(reverse("household-add", args=[home.pk]), {"who": "không ai", "relation": "Con"}).status_code == 422
    assert page(enter("officer"), "household", home.pk).status_code == 403


def test_search_page(enter, person):
    client = enter("nurse")
    whole = page(client, "search", q="037056001234")
    assert whole.status_code == 302 and whole.url == reverse("person", args=[person.pk])
    assert "Gõ điều bạn biết" in page(client, "search").content.decode()
    assert "Không thấy ai" in page(client, "search", q="zzz").content.decode()
    part = client.get(reverse("search"), {"q": "nguyen"}, HTTP_HX_REQUEST="true").content.decode()
    assert person.full_name in part and "<html" not in part
    told = page(enter("officer"), "search", q="nguyen van a").content.decode()
    assert person.full_name not in told and "không tra người dân" in told
    part = enter("chairman").get(reverse("search"), {"q": "nguyen"}, HTTP_HX_REQUEST="true").content.decode()
    assert person.full_name not in part


def test_unknown_ids_are_not_found(enter, cast):
    client = enter("nurse")
    for name in (*INSIDE, "household"):
        assert page(client, name, "0198a000-0000-7000-8000-000000000000").status_code == 404


def test_the_next_checkup_begins_with_the_person(enter, person):
    client = enter("nurse")
    text = client.get(reverse("register-new", args=["checkups"]), {"person": person.pk}).content.decode()
    assert 'value="037056001234"' in text
