"""The pages of adverse events: few keystrokes for an ordinary one, the severe one with its form, who sees them, what they cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.adverse_events import actions
from tramyte.care.adverse_events.models import AdverseEvent, SuspectDose
from tramyte.care.adverse_events.printing import printed_event
from tramyte.care.adverse_events.queries import events, present, with_doses
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.audit.models import AuditEntry

MADE_AT = datetime.datetime(2026, 6, 3, 9, 15, tzinfo=clock.ZONE)


@pytest.fixture
def severe(cast, dose, child):
    """A severe event of a dose with another child in the session."""
    given = dose()
    dose(child("Nguyễn Hà My"), at="09:00")
    return actions.record_event(
        by=cast.nurse, person=given.person, doses=[given.pk], onset_on=datetime.date(2026, 6, 1), onset_at="20:00", signs="high_fever seizure", severe_for="hospital", storage="TL-01 sáng 01/06: 4,5 °C",
        supplier="CDC tỉnh", registration="QLVX-1", treatment="hạ sốt, chuyển viện", discovered_at=present() - datetime.timedelta(hours=1))


def text_of(pdf):
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return text


def test_an_ordinary_one_is_one_tick_and_a_save(dose, enter):
    given, client = dose(), enter("nurse")
    url = f"/phan-ung/nguoi/{given.person_id}/moi/?mui={given.pk}"
    form = client.get(url).context["form"]
    asked = {name: value for name in form.fields if (value := form.initial.get(name))}
    answer = client.post(url, {**asked, "signs": ["fever"]})
    event = AdverseEvent.objects.get()
    assert answer["Location"] == f"/phan-ung/{event.pk}/" and (event.signs, event.onset_on, event.severe) == (" fever ", given.on, False)
    page = client.get(answer["Location"]).content.decode()
    assert "sốt dưới 39 °C" in page and "Báo cáo lên tuyến trên" not in page and "09•• ••• 678" in page
    assert client.post(f"/phan-ung/{event.pk}/theo-doi/", {"on": "03/06/2026", "note": "", "outcome": "recovered"}).status_code == 422
    assert client.post(f"/phan-ung/{event.pk}/theo-doi/", {"on": "03/06/2026", "note": "hết sốt", "outcome": "recovered"}).status_code == 302
    assert "sốt dưới 39 °C" in client.get("/phan-ung/?xem=nam").content.decode() and "sốt dưới" not in client.get("/phan-ung/").content.decode()
    assert "Phản ứng: sốt dưới 39 °C" in client.get(f"/tiem-chung/phieu/{given.person_id}/").content.decode()
    assert "sốt dưới 39 °C" in str(client.get("/so/immunization-children/", {"as": "json"}).json())


def test_what_is_odd_keeps_what_was_typed(dose, enter):
    given = dose()
    answer = enter("nurse").post(f"/phan-ung/nguoi/{given.person_id}/moi/", {
        "doses": [str(given.pk)], "onset_on": "01/06/2026", "signs": ["seizure"], "outcome": "ongoing", "discovered_on": "03/06/2026", "discovered_time": "00:01", "signs_text": "trợn mắt"})
    body = answer.content.decode()
    assert answer.status_code == 422 and "Co giật thường là tai biến nặng" in body and 'value="trợn mắt"' in body and "<details class=\"t-severe\" open>" in body


def test_a_severe_one_is_reported_and_its_lot_stopped(severe, enter, lot):
    director = enter("director")
    Person.objects.filter(pk=severe.person_id).update(phone="0912345678")
    page = director.get(f"/phan-ung/{severe.pk}/").content.decode()
    assert "để báo cáo Sở Y tế và CDC tỉnh" in page and "2 người đã tiêm lô này" in page and "Dừng lô 5T2601" in page
    answer = director.post(f"/phan-ung/{severe.pk}/dung-lo/{lot.pk}/")
    listed = director.get(answer["Location"]).content.decode()
    assert answer["Location"] == f"/phan-ung/lo/{lot.pk}/" and "Nguyễn Hà My" in listed and "Lô đã dừng" in listed
    assert "0912345678" not in listed and f'hx-get="/nguoi-dan/{severe.person_id}/dien-thoai/"' in listed
    now = present()
    fields = {"to": "Sở Y tế, CDC tỉnh", "how": "điện thoại", "day": f"{now:%d/%m/%Y}", "time": f"{now:%H:%M}"}
    assert director.post(f"/phan-ung/{severe.pk}/bao-cao/", {**fields, "to": ""}).status_code == 422
    assert director.post(f"/phan-ung/{severe.pk}/bao-cao/", fields).status_code == 302
    assert "Đã báo cáo lúc" in director.get(f"/phan-ung/{severe.pk}/").content.decode()
    assert enter("nurse").post(f"/phan-ung/{severe.pk}/bao-cao/", fields).status_code == 403


def test_the_form_of_a_severe_one_says_all_its_fields(severe, enter):
    event = with_doses(events()).get()
    pdf = printed_event(event, MADE_AT)
    assert pdf == printed_event(event, MADE_AT)
    assert text_of(pdf).split("3. Diễn biến")[0] == (
        "Trạm Y tế xã Đồng Vân Theo các trường TC-AEFI PHIẾU BÁO CÁO TAI BIẾN NẶNG SAU TIÊM CHỦNG Báo cáo Sở Y tế và CDC tỉnh trong 24 giờ (TT 34/2018/TT-BYT (đã hết hiệu lực); chưa đối chiếu văn bản gốc) "
        "1. Người được tiêm chủng Họ và tên: NGUYỄN MINH KHÔI Giới: Nam Ngày sinh: 10/03/2026 Tuổi khi xuất hiện: 2 tháng Địa chỉ: Thôn Đông Hạ, Xã Đồng Vân Điện thoại: 0912345678 2. Vắc xin đã tiêm "
        "Ngày giờ tiêm Vắc xin, mũi Số lô Hạn dùng Nhà sản xuất Nơi tiêm 01/06/2026 08:30 DPT-VGB-Hib (5 trong 1) 5T2601 30/06/2027 Serum Institute Trạm Y tế xã Đồng Vân "
        "Số đăng ký: QLVX-1 Nơi cung cấp: CDC tỉnh Điều kiện bảo quản: TL-01 sáng 01/06: 4,5 °C Buổi tiêm (vắc xin, lô, số người): 01/06/2026: DPT-VGB-Hib (5 trong 1) lô 5T2601: 2 người ")
    rest = text_of(pdf).split("3. Diễn biến")[1]
    assert all(words in rest for words in ("Xuất hiện lúc: 20:00 01/06/2026", "sốt từ 39 °C; co giật", "hạ sốt, chuyển viện", "đang theo dõi", "4. Báo cáo Chưa báo cáo. Hạn báo cáo:"))
    assert enter("nurse").get(f"/phan-ung/{severe.pk}/phieu.pdf").status_code == 200
    assert AuditEntry.objects.filter(action="view", note="in phiếu phản ứng sau tiêm", object_id=str(severe.person_id)).exists()


@pytest.mark.parametrize("name", ["village_worker", "officer", "chairman", "supervisor", "admin", "stranger"])
def test_whoever_may_not_sees_nothing(severe, enter, name):
    client = enter(name)
    for page in (f"/phan-ung/{severe.pk}/", f"/phan-ung/{severe.pk}/phieu.pdf", f"/phan-ung/nguoi/{severe.person_id}/moi/"):
        assert client.get(page).status_code in {403, 404}, page
    assert "Nguyễn Minh Khôi" not in client.get("/phan-ung/").content.decode() and "Tai biến nặng sau tiêm" not in client.get("/").content.decode()


def test_the_looks_are_logged(severe, enter):
    client = enter("nurse")
    for page in (f"/phan-ung/{severe.pk}/", "/phan-ung/", f"/phan-ung/{severe.pk}/sua/"):
        assert client.get(page).status_code == 200
    notes = set(AuditEntry.objects.filter(username=client.session.get("username", "nurse"), action__in=("view", "list")).values_list("note", flat=True))
    assert {"phiếu tai biến nặng sau tiêm", "Đang theo dõi: 1 phản ứng, trang 1", "sửa phiếu phản ứng sau tiêm"} <= notes


def test_lists_cost_the_same_for_one_and_for_many(severe, dose, child, enter, lot, cast):
    client = enter("nurse")
    pages = ("/phan-ung/", "/phan-ung/?xem=nam", f"/phan-ung/lo/{lot.pk}/", f"/phan-ung/{severe.pk}/")
    for page in pages:
        client.get(page)
    few = [_count(client, page) for page in pages]
    for n in range(4):
        given = dose(child(f"Bé Thứ {n}"), at=f"1{n}:00")
        made = AdverseEvent.objects.create(person=Person.objects.get(pk=given.person_id), onset_on=given.on, discovered_at=present(), signs=" fever ", follow_up_on=given.on)
        SuspectDose.objects.create(event=made, immunization=given)
    assert [_count(client, page) for page in pages] == few


def _count(client, page):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_the_number_to_call_opens_on_one_press_on_the_list_and_on_the_form(severe, cast, enter):
    client, url = enter("nurse"), f"/nguoi-dan/{severe.person_id}/dien-thoai/"
    for page in ("/phan-ung/?xem=nang", f"/phan-ung/{severe.pk}/"):
        body = client.get(page).content.decode()
        assert f'hx-get="{url}"' in body and "09•• ••• 678" in body and "0912345678" not in body
    assert 'href="tel:0912345678"' in client.get(url, HTTP_HX_REQUEST="true").content.decode()
    assert AuditEntry.objects.filter(action="view_number", object_id=str(severe.person_id)).count() == 1
