"""The pages of directives, as a browser without JavaScript meets them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.tasks.models import Task


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_whole_journey_from_upload_to_tasks(enter, plan_text, cast):
    client = enter("officer")
    assert "Chưa có văn bản nào" in text_of(client.get(reverse("directives")))
    file = SimpleUploadedFile("kế hoạch 87.txt", plan_text().encode())
    answer = client.post(reverse("directive-new"), {"file": file, "arrival_number": "5", "arrived_on": "03/06/2026"})
    directive = Directive.objects.get()
    assert answer.url == reverse("directive-review", args=[directive.pk]) and directive.file_name == "kế hoạch 87.txt"
    page = text_of(client.get(answer.url))
    assert "Rà soát: Kế hoạch 87/KH-UBND" in page and 'id="m-N1"' in page and 'data-key="enter"' in page
    row = directive.obligations.get(mark="N1")
    answer = client.post(reverse("directive-item", args=[row.pk]), {
        "do": "accept", "text": row.text, "owner_name": ["Trạm Y tế xã", ""], "owner_unit": [str(cast.units["tyt"].pk), ""],
        "coordinating": "Công an xã", "due_on": "12/06/2026", "recurrence": ""})
    assert answer.status_code == 302 and "vua=N1" in answer.url
    row.refresh_from_db()
    assert row.state == Obligation.ACCEPTED and row.fields["due_on"] == "2026-06-12" and row.fields["coordinating"] == ["Công an xã"]
    assert "Hoàn tác N1" in text_of(client.get(answer.url))
    client.post(reverse("directive-accept-all", args=[directive.pk]), {"add_units": "1"})
    answer = client.post(reverse("directive-issue", args=[directive.pk]))
    assert answer.url == reverse("directive", args=[directive.pk])
    page = text_of(client.get(answer.url))
    assert "Rà soát, lập danh sách người chưa có thẻ" in page and "12/06/2026" in page
    assert Task.objects.filter(directive=directive).exists()
    assert client.get(reverse("directive-file", args=[directive.pk])).content == plan_text().encode()


def test_a_refused_upload_keeps_what_was_typed(enter):
    answer = enter("officer").post(reverse("directive-new"), {
        "file": SimpleUploadedFile("cũ.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "arrival_number": "77", "instruction": "Giao Trạm Y tế"})
    page = text_of(answer)
    assert answer.status_code == 422 and 'value="77"' in page and "Giao Trạm Y tế" in page and "Chưa lưu được" in page
    assert not Directive.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(enter):
    answer = enter("officer").post(reverse("directive-new"), {"file": SimpleUploadedFile("to.pdf", b"%PDF-1.7" + b"0" * (20 * 1024 * 1024)), "arrival_number": "9"})
    assert answer.status_code == 422 and "tối đa 20 MB" in text_of(answer) and 'value="9"' in text_of(answer)


def test_the_second_time_shows_the_way_to_the_first(enter, received, plan_text):
    answer = enter("officer").post(reverse("directive-new"), {"text": plan_text()})
    assert answer.status_code == 422 and reverse("directive", args=[received.pk]) in text_of(answer)


@pytest.mark.parametrize("act", ["accept", "save"])
def test_a_wrong_date_is_told_in_its_place(enter, item, act):
    row = item("N1")
    answer = enter("officer").post(reverse("directive-item", args=[row.pk]), {"do": act, "text": "Nội dung đã gõ", "due_on": "31/02/2026"})
    page = text_of(answer)
    assert answer.status_code == 422 and "Nội dung đã gõ" in page and 'value="31/02/2026"' in page and "không có ngày 31" in page


def test_buttons_of_the_card(enter, item, received, cast):
    client = enter("officer")

    def press(mark, **fields):
        return client.post(reverse("directive-item", args=[item(mark).pk]), fields)

    press("N2", do="drop")
    assert item("N2").state == Obligation.DROPPED
    press("N2", do="reopen")
    assert item("N2").state == Obligation.PENDING
    press("N4", do="unit", new_unit="Hội Phụ nữ xã")
    assert item("N4").doubt == ""
    press("C1", do="save", value="97,5", comparator=">", unit="%", year="2026", due_on="31/12/2026", phrase="Tham gia BHYT", indicator="BH01")
    assert item("C1").fields["value"] == 97.5 and item("C1").doubt == ""
    press("B1", do="save", owners="Trạm Y tế xã; Công an xã", to="UBND xã", period="quarterly", phrase="Báo cáo quý", due_phrase="", due_day="5", due_month="", due_on="")
    assert [owner["name"] for owner in item("B1").fields["owners"]] == ["Trạm Y tế xã", "Công an xã"] and item("B1").fields["period"] == "quarterly"
    press("N3", do="select", words="Tham mưu bố trí kinh phí")
    assert item("N3").text == "Tham mưu bố trí kinh phí"
    assert press("N3", do="dance").status_code == 422
    answer = client.post(reverse("directive-give-units", args=[received.pk]), {"item": [str(item("P1").pk)], "unit": str(cast.units["vhxh"].pk)})
    assert answer.status_code == 302 and not received.obligations.filter(kind="unassigned").exists()
    assert client.post(reverse("directive-give-units", args=[received.pk]), {"unit": ""}).status_code == 422
    assert client.post(reverse("directive-add-item", args=[received.pk]), {"kind": "task", "words": ""}).status_code == 422
    assert client.post(reverse("directive-issue", args=[received.pk])).status_code == 422


def test_dropping_an_owner_on_the_form(enter, item):
    row = item("N4")
    enter("officer").post(reverse("directive-item", args=[row.pk]), {"do": "save", "text": row.text, "owner_name": ["Hội Phụ nữ xã", ""], "owner_unit": ["-", ""]})
    assert item("N4").fields["owners"] == []


@pytest.mark.parametrize("query", ["", "?xem=chua-giao", "?xem=nhan", "?xem=bo", "?xem=lạ&muc=Z9", "?muc=B1", "?muc=C1", "?muc=P1", "?pane=chu"])
def test_every_tab_answers(enter, received, query):
    assert enter("officer").get(reverse("directive-review", args=[received.pk]) + query).status_code == 200


@pytest.mark.parametrize("who", ["nurse", "chairman", "unit", "stranger", "supervisor", "admin", "village_worker"])
def test_who_may_not_review(enter, received, who):
    client = enter(who)
    addresses = [reverse(name, args=[received.pk]) for name in ("directive-review", "directive-edit")] + [reverse("directive-new")]
    for address in addresses:
        assert client.get(address).status_code in (403, 404), address
    for name in ("directive-issue", "directive-accept-all", "directive-add-item", "directive-give-units", "directive-relate", "directive-revoke"):
        assert client.post(reverse(name, args=[received.pk])).status_code in (403, 404), name
    assert client.post(reverse("directive-item", args=[received.obligations.first().pk]), {"do": "drop"}).status_code in (403, 404)


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("chairman", 200), ("nurse", 200), ("unit", 200), ("stranger", 404), ("village_worker", 403), ("supervisor", 403)])
def test_who_may_read(enter, issued, who, status):
    client = enter(who)
    for name in ("directive", "directive-text"):
        assert client.get(reverse(name, args=[issued.pk])).status_code == status


def test_the_list_is_searched_without_tones_and_filtered(enter, received):
    client = enter("officer")
    assert "87/KH-UBND" in text_of(client.get(reverse("directives"), {"q": "nang cao y te"}))
    assert "Không có văn bản nào khớp" in text_of(client.get(reverse("directives"), {"q": "lũ lụt"}))
    assert "Không có văn bản nào khớp" in text_of(client.get(reverse("directives"), {"trang-thai": "da-nhan"}))


def test_editing_and_revoking(enter, received):
    client = enter("officer")
    address = reverse("directive-edit", args=[received.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": "90/KH-UBND", "arrived_on": "99/99/2026"}).status_code == 422
    assert client.post(address, {"number": "90/KH-UBND", "version": "999"}).status_code == 409
    assert client.post(address, {"number": "90/KH-UBND", "arrival_number": "3"}).status_code == 302
    client.post(reverse("directive-revoke", args=[received.pk]), {"reason": "Thôi", "on": "02/06/2026"})
    received.refresh_from_db()
    assert received.state == Directive.REVOKED and received.number == "90/KH-UBND"


def test_two_officers_at_once_is_a_conflict_that_says_so(enter, item):
    row = item("N1")
    client = enter("officer")
    client.post(reverse("directive-item", args=[row.pk]), {"do": "save", "text": "Người thứ nhất", "version": str(row.version)})
    answer = client.post(reverse("directive-item", args=[row.pk]), {"do": "accept", "text": "Người thứ hai", "version": str(row.version)})
    assert answer.status_code == 409 and "vừa sửa mục này" in text_of(answer) and item("N1").text == "Người thứ nhất"
