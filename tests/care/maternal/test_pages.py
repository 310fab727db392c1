"""A pregnancy on its pages, from the first contact to the certificate of birth; who sees what; how many questions a page asks."""

import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tramyte.care.maternal import actions
from tramyte.care.maternal.certificate import FIELDS
from tramyte.care.maternal.models import AntenatalContact, Delivery, Newborn, Pregnancy
from tramyte.care.people.actions import record_coverage
from tramyte.care.people.cards import cards_of
from tramyte.care.people.search import refresh
from tramyte.engine.indicators import results

pytestmark = pytest.mark.django_db
AS_OF = datetime.date(2026, 6, 3)
MOST_QUERIES = 30


def ago(days):
    return AS_OF - datetime.timedelta(days=days)


def typed(day):
    return f"{day:%d/%m/%Y}"


@pytest.fixture
def row(cast, woman):
    return actions.register_pregnancy(by=cast.nurse, person=woman(), lmp=ago(275), registered_on=ago(200), para="1001")


def test_from_registration_to_the_weeks_after(cast, enter, woman):
    page, person = enter("nurse"), woman()
    assert "Thai phụ" in page.get(reverse("pregnancy-new")).content.decode()
    found = page.get(reverse("pregnancy-new"), {"ai": "037196000001"})
    assert "Nguyễn Thị Mận" in found.content.decode()
    new = f"{reverse('pregnancy-new')}?nguoi={person.pk}"
    refused = page.post(new, {"registered_on": typed(ago(100)), "lmp": typed(ago(100 + 300)), "fetuses": "1"})
    assert refused.status_code == 422 and "đã qua" in refused.content.decode() and "Đã kiểm tra lại" in refused.content.decode()
    made = page.post(new, {"registered_on": typed(ago(200)), "lmp": typed(ago(275)), "scan_on": typed(ago(200)), "scan_weeks": "10+5", "fetuses": "1"})
    owner = Pregnancy.objects.get()
    assert made.status_code == 302 and owner.scan_days == 75
    contact = reverse("antenatal-new", args=[owner.pk])
    assert page.post(contact, {"on": typed(ago(201 + 80)), "weight_kg": "50"}).status_code == 422
    assert page.post(contact, {"on": typed(ago(100)), "weight_kg": "52,5", "systolic": "150", "diastolic": "95", "hiv": "pos"}).status_code == 302
    held = AntenatalContact.objects.get()
    shown = page.get(f"{contact}?lan={held.pk}").content.decode()
    assert 'value="52,5"' in shown and page.get(f"{contact}?lan={owner.pk}").status_code == 404
    assert page.post(f"{contact}?lan={held.pk}", {"on": typed(ago(100)), "weight_kg": "53", "seen_version": "1", "hiv": "pos"}).status_code == 302
    assert page.post(reverse("birth-plan", args=[owner.pk]), {"on": typed(AS_OF), "place": "hospital"}).status_code == 302
    more = page.post(reverse("delivery", args=[owner.pk]), {"do": "more", "babies": "1", "on": typed(ago(3))})
    assert more.status_code == 200 and 'name="1-sex"' in more.content.decode()
    birth = {"babies": "2", "on": typed(ago(3)), "at": "7h30", "place": "station", "attendant": "midwife", "attendant_name": "Trần Thị Sen", "mode": "vaginal", "0-sex": "F", "0-weight_g": "2600", "0-state": "well", "1-sex": "M", "1-weight_g": "2,4", "1-state": "well"}
    wrong = page.post(reverse("delivery", args=[owner.pk]), birth)
    assert wrong.status_code == 422 and "2,4 kg là 2400 gam" in wrong.content.decode()
    assert page.post(reverse("delivery", args=[owner.pk]), {**birth, "1-weight_g": "2400"}).status_code == 302
    assert [one.child.full_name for one in Newborn.objects.order_by("order")] == ["Con Bà Mận", "Con Bà Mận Hai"]
    assert page.post(reverse("postnatal-new", args=[owner.pk]), {"on": typed(ago(1)), "mother_seen": "1", "child_seen": "1"}).status_code == 302
    shown = page.get(reverse("pregnancy", args=[owner.pk])).content.decode()
    assert "Con Bà Mận Hai" in shown and "Tuần đầu" in shown and "HIV dương tính" in shown


def test_a_name_alone_offers_the_women_who_bear_it(cast, enter, woman):
    page, mother = enter("nurse"), woman()
    refresh([mother.pk, woman("Nguyễn Thị Mận", born=datetime.date(1931, 1, 1)).pk])
    shown = page.get(reverse("pregnancy-new"), {"ai": "nguyen thi man"}).content.decode()
    assert shown.count("?nguoi=") == 1 and str(mother.pk) in shown and "Không có ai" not in shown
    assert "Không có ai" in page.get(reverse("pregnancy-new"), {"ai": "Hồ Văn Tám"}).content.decode()


def test_nothing_that_must_be_told_is_chosen_beforehand(cast, enter, row):
    page, address = enter("nurse"), reverse("delivery", args=[row.pk])
    form = page.get(address).context["form"]
    assert [form[name].field.widget.choices[0][0] for name in ("place", "0-state")] == ["", "well"]
    sent = page.post(address, {"babies": "9" * 5000, "on": typed(ago(3)), "place": "", "0-sex": "F", "0-state": "well"})
    assert sent.status_code == 422 and list(sent.context["form"].errors) == ["place"] and not Delivery.objects.exists()
    assert "chọn" in page.get(reverse("birth-plan", args=[row.pk])).content.decode()
    assert '<option value="" selected>chọn</option>' in page.get(reverse("register-new", args=["family-planning"])).content.decode()


def test_a_correction_keeps_every_answer(cast, enter, row):
    seen = actions.record_contact(by=cast.nurse, person=row.person, on=ago(50), weight_kg=52, iron=True, danger=False, hiv="neg")
    birth = actions.record_delivery(
        by=cast.nurse, person=row.person, on=ago(9), place="hospital", newborns=[{"sex": "F", "weight_g": 3200, "breastfed": True, "vitamin_k": False}])
    after = actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(4), breastfeeding=True)
    page, baby = enter("nurse"), birth.newborns.get()
    for address, held, kept in (
        (f"{reverse('antenatal-new', args=[row.pk])}?lan={seen.pk}", seen, ("weight_kg", "iron", "danger", "hiv", "anaemia")),
        (f"{reverse('postnatal-new', args=[row.pk])}?lan={after.pk}", after, ("mother_seen", "child_seen", "breastfeeding", "danger")),
        (reverse("delivery", args=[row.pk]), baby, ("sex", "weight_g", "breastfed", "vitamin_k", "state"))):
        form = page.get(address).context["form"]
        shown = {name: form[name].value() for name in form.fields}
        assert page.post(address, {name: value for name, value in shown.items() if value not in (None, "")}).status_code == 302, address
        now = type(held).objects.get(pk=held.pk)
        assert [getattr(now, name) for name in kept] == [getattr(held, name) for name in kept], address


def test_a_height_in_metres_and_a_wrong_para_are_said_once(cast, enter, woman):
    page = enter("nurse")
    address = f"{reverse('pregnancy-new')}?nguoi={woman().pk}"
    sent = {"registered_on": typed(ago(20)), "lmp": typed(ago(80)), "fetuses": "1"}
    assert "1,55 m là 155 cm" in page.post(address, {**sent, "height_cm": "1,55"}).content.decode()
    shown = page.post(address, {**sent, "para": "12x"}).content.decode()
    assert "PARA gồm bốn chữ số" in shown and "PARA: PARA" not in shown


def test_results_of_tests_are_not_told_to_the_village(cast, enter, row):
    actions.record_contact(by=cast.nurse, person=row.person, on=ago(50), hiv="pos", systolic=150, diastolic=95)
    for who, told in (("nurse", True), ("village_worker", False)):
        page = enter(who)
        for address in (reverse("pregnancy", args=[row.pk]), reverse("maternal"), reverse("register", args=["pregnancies"])):
            shown = page.get(address).content.decode()
            assert row.person.full_name in shown
            assert ("HIV" in shown) == (told and "/so/" not in address), (who, address)
        assert (page.get(reverse("register", args=["antenatal-contacts"])).status_code == 200) == told
        assert ("HIV" in str([risk.words for card in cards_of(cast.users[who], row.person, AS_OF) if card.slug == "thai-san" for line in card.context["rows"] for risk in line["risks"]])) == told


def test_ending_and_reopening(cast, enter, woman):
    row = actions.register_pregnancy(by=cast.nurse, person=woman(), lmp=ago(90))
    page = enter("nurse")
    assert page.post(reverse("pregnancy-end", args=[row.pk]), {"outcome": "miscarriage", "ended_on": typed(ago(1))}).status_code == 302
    assert "Mở lại thai kỳ" in page.get(reverse("pregnancy", args=[row.pk])).content.decode()
    page.post(reverse("pregnancy-reopen", args=[row.pk]))
    row.refresh_from_db()
    assert row.outcome == ""


def test_the_certificate_says_what_it_lacks_and_is_written_when_whole(cast, enter, row):
    birth = actions.record_delivery(
        by=cast.nurse, person=row.person, on=ago(5), at="07:30", place="station", site="Trạm Y tế xã", attendant="midwife", attendant_name="Trần Thị Sen", mode="caesarean",
        newborns=[{"sex": "F", "weight_g": 3200, "name": "Lê Thị Hoa"}])
    baby, page = birth.newborns.get(), enter("nurse")
    address, file = reverse("birth-certificate", args=[baby.pk]), reverse("birth-certificate-xml", args=[baby.pk])
    shown = page.get(address).content.decode()
    assert ", số giấy chứng sinh, " in shown and "mã thẻ BHYT 15 ký tự của con, " in shown
    assert "chưa đủ để xuất" in page.get(file, follow=True).content.decode()
    record_coverage(by=cast.nurse, person=baby.child, card_number="TE1370100000001", start=ago(5), end=AS_OF)
    sent = {"certificate": "12", "certificate_book": "1/2026", "certificate_on": typed(ago(4)), "certificate_writer": "Lê Thị Lan", "head_code": "3701000009", "id_issued_on": "01/01/2022", "id_issued_at": "Cục CSQLHC", "seen_version": "1"}
    assert page.post(address, {**sent, "certificate_on": typed(ago(6))}).status_code == 422
    assert page.post(address, sent).status_code == 302
    record = ElementTree.fromstring(page.get(file).content)[0][0]
    assert [one.tag for one in record] == [field.name for field in FIELDS] and len(FIELDS) == 35
    told = {one.tag: one.text for one in record}
    assert (told["NGAY_SINH_CON"], told["CAN_NANG_CON"], told["GIOI_TINH_CON"], told["LAN_SINH"], told["SO_CON_SONG"]) == (f"{ago(5):%Y%m%d}0730", "3200", "2", "2", "2")
    assert (told["SINHCON_PHAUTHUAT"], told["GHI_CHU"], told["MA_DANTOC_NND"]) == ("1", "Sinh con phải phẫu thuật", "01")


def test_a_page_asks_the_same_however_much_there_is(cast, enter, row):
    page = enter("nurse")
    address = reverse("pregnancy", args=[row.pk])
    page.get(address)
    with CaptureQueriesContext(connection) as few:
        page.get(address)
    for days in range(10, 190, 20):
        actions.record_contact(by=cast.nurse, person=row.person, on=ago(days))
    with CaptureQueriesContext(connection) as many:
        page.get(address)
    assert len(many) <= len(few) <= MOST_QUERIES
    assert not Delivery.objects.exists()


def test_the_year_in_figures_and_the_women_behind_them(cast, enter, row, woman):
    actions.record_delivery(by=cast.nurse, person=row.person, on=ago(9), place="home", attendant="nobody", newborns=[{"sex": "M", "weight_g": 2300}])
    results.refresh()
    page = enter("nurse")
    shown = page.get(reverse("maternal")).content.decode()
    assert "Chỉ tiêu năm nay" in shown and reverse("maternal-list", args=["BM05"]) in shown and "ít ca, chưa kết luận được" in shown
    assert reverse("maternal-list", args=["BM02"]) not in shown, "nobody is on that list"
    for code, name in (("BM05", row.person.full_name), ("BM12", "Con Bà Mận")):
        listed = page.get(reverse("maternal-list", args=[code])).content.decode()
        assert name in listed and f"Chỉ tiêu {code}" in listed
    assert page.get(reverse("maternal-list", args=["BM05"]), {"thon": "khong-co"}).status_code == 404
    assert page.get(reverse("maternal-list", args=["DS01"])).status_code == 404
    village = enter("village_worker")
    shown = village.get(reverse("maternal")).content.decode()
    for code, told in (("BM05", True), ("BM03", False), ("DS07", False), ("DS08", False)):
        address = reverse("maternal-list", args=[code])
        assert village.get(address).status_code == (200 if told else 403) and (address in shown) <= told, code
    assert enter("officer").get(reverse("maternal-list", args=["BM05"])).status_code == 403
