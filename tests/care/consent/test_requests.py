"""Requests about personal data: deadlines by the law of the day, answers, the extract."""

import datetime
import json

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.care.consent import actions, holding
from tramyte.care.consent.models import DataRequest
from tramyte.care.consent.queries import limits, open_requests
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

DAY = datetime.date


def asked(cast, person, **fields):
    return actions.record_request(by=cast.nurse, person=person, **{"kind": "correction", "received_on": DAY(2026, 4, 24), "words": "Sửa ngày sinh"} | fields)


@pytest.mark.parametrize(("kind", "received", "answer_by", "done_by"), [
    ("correction", DAY(2026, 6, 1), DAY(2026, 6, 3), DAY(2026, 6, 11)),
    ("access", DAY(2026, 4, 24), DAY(2026, 4, 29), DAY(2026, 5, 4)),  # a Friday; Monday 27 April is a day off in lieu (Giỗ Tổ is Sunday the 26th)
    ("withdrawal", DAY(2026, 5, 29), DAY(2026, 6, 2), DAY(2026, 6, 13)),
    ("erasure", DAY(2026, 5, 29), DAY(2026, 6, 2), DAY(2026, 6, 18)),
])
def test_deadlines(born, cast, kind, received, answer_by, done_by):
    made = asked(cast, born(), kind=kind, received_on=received)
    assert (made.answer_by, made.done_by) == (answer_by, done_by)


def test_a_request_keeps_the_law_of_its_day(born, cast):
    person = born()
    before = asked(cast, person, received_on=DAY(2026, 5, 29))
    actions.record_limit(by=cast.director, kind="correction", answer_days=5, done_days=30, valid_from=DAY(2026, 6, 1), source="Điều 5", verified=True)
    after = asked(cast, person, received_on=DAY(2026, 6, 1))
    before.refresh_from_db()
    assert (before.answer_by, before.done_by, after.answer_by, after.done_by) == (DAY(2026, 6, 2), DAY(2026, 6, 8), DAY(2026, 6, 8), DAY(2026, 7, 1))
    assert limits(DAY(2026, 6, 3))["correction"].checked and not limits(DAY(2026, 5, 31))["correction"].checked
    with pytest.raises(Refused):
        actions.record_limit(by=cast.nurse, kind="correction", answer_days=5, done_days=30, valid_from=DAY(2026, 6, 2), source="Điều 5")


def test_answer_then_carry_out(born, cast):
    made = asked(cast, born())
    assert list(open_requests(DataRequest.objects.all())) == [made] and made.due_on == made.answer_by
    with pytest.raises(Refused, match="trả lời người yêu cầu trước"):
        actions.finish_request(by=cast.director, id=made.pk)
    made = actions.answer_request(by=cast.director, id=made.pk, outcome="accepted", answer="Đã sửa theo giấy khai sinh", on=DAY(2026, 4, 27))
    assert made.due_on == made.done_by
    made = actions.finish_request(by=cast.director, id=made.pk, on=DAY(2026, 4, 28))
    assert made.due_on is None and not open_requests(DataRequest.objects.all()).exists()
    with pytest.raises(Refused):
        actions.finish_request(by=cast.director, id=made.pk)
    with pytest.raises(Refused, match="đã xong"):
        actions.record_request(by=cast.nurse, id=made.pk, words="Khác")


@pytest.mark.parametrize(("answer", "code"), [
    ({"outcome": "refused", "answer": "  "}, "no_reason"), ({"outcome": "accepted", "answer": "", "on": DAY(2026, 4, 23)}, "order"),
    ({"outcome": "accepted", "answer": "", "on": DAY(2026, 6, 4)}, "future"), ({"outcome": "maybe", "answer": "x"}, "invalid"),
])
def test_answers_that_are_refused(born, cast, answer, code):
    made = asked(cast, born())
    with pytest.raises(Refused) as refused:
        actions.answer_request(by=cast.director, id=made.pk, **answer)
    assert refused.value.code == code
    assert not DataRequest.objects.get().answered_on


def test_a_refusal_settles_and_only_the_director_answers(born, cast):
    made = asked(cast, born(), kind="erasure")
    with pytest.raises(Refused) as refused:
        actions.answer_request(by=cast.nurse, id=made.pk, outcome="refused", answer="Phải lưu")
    assert refused.value.status == 403
    assert not actions.answer_request(by=cast.director, id=made.pk, outcome="refused", answer="Hồ sơ phải lưu theo luật").is_open


def test_the_extract_holds_every_kind_of_row_and_nobody_else(born, cast):
    mother = born("01/02/1990", "Trần Thị Mẹ")
    person = born("05/03/2015", mother=mother)
    other = born("05/03/1980", "Lê Văn Khác")
    Checkup.objects.create(person=person, on=DAY(2026, 2, 3), kind="periodic", age_days=3988, conclusion="Sâu răng")
    Checkup.objects.create(person=other, on=DAY(2026, 2, 3), kind="periodic", age_days=1, conclusion="Chuyện riêng")
    asked(cast, person, words="Cho xem hồ sơ")
    data = holding.as_data(person, clock.now())
    text = json.dumps(data, ensure_ascii=False)
    kinds = {part["model"] for part in data["parts"]}
    assert {"people.person", "people.residence", "checkups.checkup", "consent.datarequest"} <= kinds
    assert "Sâu răng" in text and "Cho xem hồ sơ" in text and "2015-03-05" in text
    assert "Chuyện riêng" not in text and "Lê Văn Khác" not in text and "Trần Thị Mẹ" not in text


def test_the_extract_covers_whatever_points_at_a_person(born):
    person = born()
    shown = {part.model for part in holding._related(person)}
    wanted = {relation.related_model._meta.label_lower for relation in Person._meta.get_fields(include_hidden=True)
              if relation.auto_created and not relation.concrete and not relation.many_to_many}
    assert wanted - shown == {"people.searchtext"}


def test_pages_and_extracts(born, cast, enter):
    person = born()
    nurse = enter("nurse")
    page = nurse.get(f"/nguoi-dan/{person.pk}/quyen/")
    assert page.status_code == 200 and "Nhắn tin, gọi điện nhắc lịch" in page.content.decode()
    assert nurse.post(f"/nguoi-dan/{person.pk}/quyen/dong-y/", {"purpose": "reminders"}).status_code == 422, "nothing is chosen beforehand"
    typed = {"purpose": "reminders", "decision": "permit", "given_on": "01/06/2026", "given_by": "self", "evidence": "paper", "evidence_note": "phiếu 7"}
    assert nurse.post(f"/nguoi-dan/{person.pk}/quyen/dong-y/", typed).status_code == 302
    assert nurse.post(f"/nguoi-dan/{person.pk}/quyen/yeu-cau/", {"kind": "copy", "received_on": "01/06/2026", "words": "Xin bản sao"}).status_code == 302
    assert nurse.get(f"/nguoi-dan/{person.pk}/quyen/tat-ca.json").status_code == 403
    assert "trả lời trước 03/06/2026" in nurse.get(f"/nguoi-dan/{person.pk}/").content.decode()
    director = enter("director")
    row = DataRequest.objects.get()
    assert director.post(f"/nguoi-dan/quyen/yeu-cau/{row.pk}/", {"do": "answer", "outcome": "refused", "on": "02/06/2026"}).status_code == 422
    assert director.post(f"/nguoi-dan/quyen/yeu-cau/{row.pk}/", {"do": "answer", "outcome": "accepted", "on": "02/06/2026"}).status_code == 302
    assert director.post(f"/nguoi-dan/quyen/yeu-cau/{row.pk}/", {"do": "done"}).status_code == 302
    pdf = director.get(f"/nguoi-dan/{person.pk}/quyen/tat-ca.pdf")
    assert pdf.content.startswith(b"%PDF") and director.get(f"/nguoi-dan/{person.pk}/quyen/tat-ca.json").json()["person"] == str(person.pk)
    assert AuditEntry.objects.filter(action="export_person", object_id=str(person.pk)).count() == 2
    changed = {"answer_days": "3", "done_days": "12", "valid_from": "03/06/2026", "source": "Điều 5", "verified": "1"}
    assert director.post("/nguoi-dan/quyen/thoi-han/copy/", changed).status_code == 302
    assert "Điều 5" in director.get("/nguoi-dan/quyen/thoi-han/").content.decode()
    assert director.post("/nguoi-dan/quyen/thoi-han/copy/", changed).status_code == 422, "the same day twice"


def test_a_scan_is_kept_and_only_pictures_are(born, cast, enter):
    from django.core.files.uploadedfile import SimpleUploadedFile

    person, nurse = born(), enter("nurse")
    typed = {"purpose": "images", "decision": "permit", "given_on": "01/06/2026", "given_by": "self", "evidence": "paper", "evidence_note": "phiếu 7"}
    wrong = nurse.post(f"/nguoi-dan/{person.pk}/quyen/dong-y/", typed | {"file": SimpleUploadedFile("a.png", b"MZ\x90\x00 chay")})
    assert wrong.status_code == 422 and "không phải ảnh hay PDF" in wrong.content.decode()
    assert nurse.post(f"/nguoi-dan/{person.pk}/quyen/dong-y/", typed | {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n1 0 obj")}).status_code == 302
    row = person.consents.get()
    answer = nurse.get(f"/nguoi-dan/quyen/phieu/{row.pk}/ban-quet/")
    assert answer.content == b"%PDF-1.7\n1 0 obj" and "attachment" in answer.headers["Content-Disposition"]
    assert 'filename="phieu-dong-y.pdf"' in answer.headers["Content-Disposition"]
    assert nurse.post(f"/nguoi-dan/quyen/phieu/{row.pk}/rut-lai/").status_code == 302
    assert "Đã rút lại" in nurse.get(f"/nguoi-dan/{person.pk}/quyen/").content.decode()


@pytest.mark.parametrize(("start", "ending", "kind"), [(b"\x89PNG\r\n\x1a\n", "png", "image/png"), (b"\xff\xd8\xff\xe0", "jpg", "image/jpeg"), (b"II*\x00", "tif", "image/tiff")])
def test_a_scan_is_handed_out_as_what_it_is(born, cast, enter, start, ending, kind):
    from django.core.files.uploadedfile import SimpleUploadedFile

    person, nurse = born(), enter("nurse")
    typed = {"purpose": "images", "decision": "permit", "given_on": "01/06/2026", "given_by": "self", "evidence": "paper", "evidence_note": "phiếu 7"}
    assert nurse.post(f"/nguoi-dan/{person.pk}/quyen/dong-y/", typed | {"file": SimpleUploadedFile("anh.jpg", start + bytes(range(64)))}).status_code == 302
    answer = nurse.get(f"/nguoi-dan/quyen/phieu/{person.consents.get().pk}/ban-quet/")
    assert answer.headers["Content-Type"] == kind and f'filename="phieu-dong-y.{ending}"' in answer.headers["Content-Disposition"]
