"""The page of the record: what it shows, each part saved by itself, two writers, the printed form."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tramyte.care.health_record.actions import Line
from tramyte.care.health_record.form import BY_SLUG, PARTS
from tramyte.care.health_record.models import AllergyIntolerance, Observation, PartReview
from tramyte.care.people import actions
from tramyte.engine.audit.models import AuditEntry

D = datetime.date
HX = {"HTTP_HX_REQUEST": "true"}
ON = {"on": "03/06/2026", "finding": "present"}


def page(person, part=None):
    return reverse("health-record-part", args=[person.pk, part]) if part else reverse("health-record", args=[person.pk])


@pytest.mark.parametrize(("user", "reads", "writes"), [("nurse", 200, 200), ("village_worker", 200, 200), ("stranger", 404, 404), ("officer", 403, 403), ("chairman", 403, 403), ("supervisor", 403, 403)])
def test_who_opens_a_record(enter, person, user, reads, writes):
    client = enter(user)
    assert client.get(page(person)).status_code == reads
    assert client.get(page(person, "allergy")).status_code == writes
    assert client.get(reverse("health-record-print", args=[person.pk])).status_code == reads


def test_every_part_is_shown_and_the_view_is_logged(enter, person):
    text = enter("nurse").get(page(person)).content.decode()
    assert all(part.title in text for part in PARTS) and text.count("Chưa hỏi") == len(PARTS)
    assert AuditEntry.objects.filter(action="view", object_id=str(person.pk), note="hồ sơ sức khỏe").count() == 1


@pytest.mark.parametrize("part", [part.slug for part in PARTS])
def test_the_form_of_every_part_opens_saves_and_opens_filled(enter, person, part):
    client, chosen = enter("nurse"), BY_SLUG[part]
    empty = client.get(page(person, part), **HX).content.decode()
    assert "Ngày hỏi" in empty and "<html" not in empty
    sent = {**ON, "seen_version": "0", **{q.code: {"choice": q.choices[0][0] if q.choices else "", "yes_no": "1", "whole": "1000" if q.high > 1000 else "2", "number": "40,5", "day": "03/2020"}.get(q.kind, "chữ") for q in chosen.questions}}
    if chosen.model:
        sent |= {"l0_id": "", "l0_code": chosen.choices[0][0] if chosen.choices else "", "l0_detail": "chữ", "l0_since": "2019", "l0_relative": "mẹ", "l1_detail": "", "l1_id": ""}
    answer = client.post(page(person, part), sent, **HX)
    text = answer.content.decode()
    assert answer.status_code == 200 and "Đã lưu" in text and 'id="con-thieu"' in text, text
    filled = client.get(page(person, part), **HX).content.decode()
    assert 'value="chữ"' in filled or "checked" in filled
    assert client.post(page(person, part), {**sent, "seen_version": "1", "l0_id": "", "l0_detail": "", "l0_code": "", "l0_since": "", "l0_relative": ""}, **HX).status_code == 200
    assert PartReview.objects.filter(part=part).count() == 2


def test_one_click_states_an_absence_and_the_page_says_what_is_left(enter, person):
    client = enter("nurse")
    before = client.get(page(person)).content.decode()
    assert "tình trạng lúc sinh, yếu tố nguy cơ, dị ứng, bệnh tật, khuyết tật, phẫu thuật, tiền sử gia đình, sức khỏe sinh sản" in before
    answer = client.post(page(person, "allergy"), {"finding": "none", "on": "03/06/2026", "seen_version": "0"}, follow=True)
    text = answer.content.decode()
    assert "Không có dị ứng" in text and "yếu tố nguy cơ, bệnh tật" in text
    shown = client.get(reverse("person", args=[person.pk])).content.decode()
    assert "Không có dị ứng (03/06/2026)" in shown and "Còn thiếu" in shown and "tình trạng lúc sinh, yếu tố nguy cơ, bệnh tật" in shown


def test_an_allergy_is_a_danger_on_the_banner(enter, person, save):
    save("allergy", lines=[Line(code="medication", detail="Penicillin")])
    save("disability", lines=[Line(code="hearing")])
    text = enter("nurse").get(reverse("person", args=[person.pk])).content.decode()
    assert "Dị ứng: Penicillin" in text and "st alarm" in text and "Khuyết tật: thính lực" in text


def test_a_refused_part_keeps_what_was_typed(enter, person):
    sent = {**ON, "seen_version": "0", "l0_id": "", "l0_code": "other", "l0_detail": "", "l0_since": "1950", "l1_id": "", "l1_detail": "", "l1_code": ""}
    for headers in ({}, HX):
        answer = enter("nurse").post(page(person, "illness"), sent, **headers)
        text = answer.content.decode()
        assert answer.status_code == 422 and "đứng trước ngày sinh" in text and 'value="1950"' in text and "Chưa lưu được" in text
    assert not PartReview.objects.exists()


def test_of_two_writers_the_second_sees_both_versions_and_loses_nothing(enter, person):
    address = page(person, "allergy")
    mine = {**ON, "seen_version": "0", "l0_id": "", "l0_code": "food", "l0_detail": "Tôm", "l0_since": "", "l1_id": "", "l1_detail": ""}
    assert enter("nurse").post(address, {**mine, "l0_code": "medication", "l0_detail": "Penicillin"}, **HX).status_code == 200
    second = enter("clinician")
    for headers in ({}, HX):
        answer = second.post(address, mine, **headers)
        text = answer.content.decode()
        assert answer.status_code == 409 and "Penicillin" in text and "Tôm" in text and "Giữ bản bạn vừa gõ" in text and "Lê Thị Lan" in text
    assert AllergyIntolerance.objects.get().detail == "Penicillin"
    assert second.post(address, {**mine, "seen_version": "1"}, **HX).status_code == 200
    assert {row.detail for row in AllergyIntolerance.objects.all()} == {"Penicillin", "Tôm"}


def test_two_versions_of_answers_stand_side_by_side(enter, person, save):
    save("risk", answers={"smoking": "often", "activity": "yes"})
    answer = enter("clinician").post(page(person, "risk"), {**ON, "seen_version": "0", "smoking": "stopped", "activity": "yes"}, **HX)
    text = answer.content.decode()
    assert answer.status_code == 409 and "thường xuyên" in text and "đã bỏ" in text and text.count("Khác</span>") == 1
    assert Observation.objects.get(code="smoking").value == "often"


def test_a_part_that_is_not_there(enter, person, cast):
    client = enter("nurse")
    assert client.get(page(person, "teeth")).status_code == 404
    man = actions.register_person(by=cast.nurse, full_name="Trần Văn Ba", birth_date=D(1950, 1, 1), sex="M", hamlet=cast.hamlets[0], confirmed=True)
    assert client.get(page(man, "reproductive")).status_code == 404
    girl = actions.register_person(by=cast.nurse, full_name="Trần Thị Bé", birth_date=D(2020, 1, 1), sex="F", hamlet=cast.hamlets[0], confirmed=True)
    text = client.get(page(girl)).content.decode()
    assert "sức khỏe sinh sản" not in text.split('id="con-thieu"')[1].split("</div>")[0] and "Sức khỏe sinh sản" not in text
    assert client.get(page(girl, "reproductive")).status_code == 404


def test_the_record_costs_the_same_however_long_it_is(enter, person, save):
    client = enter("nurse")
    counts = []
    for turn in range(2):
        client.get(page(person))
        with CaptureQueriesContext(connection) as asked:
            client.get(page(person))
        counts.append(len(asked))
        for code in ("heart", "hypertension", "diabetes", "stomach", "lung"):
            save("illness", lines=[Line(code=code, detail=f"lần {turn}")])
    assert counts[0] == counts[1] <= 26, counts


def test_the_printed_form_holds_the_record(person, save, cast):
    import io

    import pypdfium2

    from tramyte.care.health_record.printing import printed_form

    save("allergy", lines=[Line(code="medication", detail="Penicillin", since="2015")])
    save("family", finding="none", on=D(2026, 5, 20))
    save("birth", answers={"delivery": "caesarean", "birth_weight": "3200"})
    at = datetime.datetime(2026, 6, 3, 7, 15, tzinfo=datetime.UTC)
    made = printed_form(person, at)
    assert made == printed_form(person, at)
    pages = pypdfium2.PdfDocument(io.BytesIO(made))
    text = " ".join("".join(one.get_textpage().get_text_range() for one in pages).split())
    for words in ("HỒ SƠ SỨC KHỎE CÁ NHÂN", "NGUYỄN THỊ MẬN", "05/03/1956", "Penicillin, 2015", "3200 g", "Trong gia đình không ai mắc (hỏi ngày 20/05/2026).", "7. Sức khỏe sinh sản", f"Trang 1/{len(pages)}"):
        assert words in text, words
