"""Books, imports, the national record, the pages and the printed card."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from tramyte.care.immunization import actions
from tramyte.care.immunization.models import Immunization, Recommendation, Waiting
from tramyte.care.people import actions as people
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.facts import following
from tramyte.engine.registers import loading, registry, staging
from tramyte.engine.registers.models import Import

HEADS = "Số định danh,Họ và tên,Ngày sinh,Thôn,Vắc xin,Ngày tiêm\n"


def day(text):
    return datetime.date.fromisoformat(text)


def told(load):
    return list(load.rows.values_list("verdict", "reason"))


def test_a_list_is_matched_judged_written_and_taken_back(cast, child):
    boy, same = child(), child("Nguyễn Minh Khôi", hamlet=cast.hamlets[1])
    people.record_identifier(by=cast.director, person=boy, kind="national", value="037226001234")
    text = HEADS + "\n".join([
        "037226001234,,,,5 trong 1,15/03/2026", "037226001234,,,,5 trong 1,20/03/2026", f",Nguyễn Minh Khôi,10/01/2026,{cast.hamlets[1].name},BCG,12/01/2026",
        ",Nguyễn Minh Khôi,10/01/2026,,BCG,12/01/2026", "037226001234,,,,Thuốc lạ,15/03/2026", "037226001234,,,,OPV,09/01/2026", "037226001234,,,,5 trong 1,15/03/2026"])
    book = registry.get("immunizations")
    load = staging.stage(book, cast.nurse, "so.csv", text.encode())
    verdicts = told(load)
    assert [verdict for verdict, _ in verdicts] == ["created", "created", "created", "refused", "refused", "refused", "duplicate"]
    for at, words in ((1, "phải tiêm lại mũi này"), (3, "Có 2 người"), (4, "Không có vắc xin “Thuốc lạ”"), (5, "trước ngày sinh"), (6, "Trùng với dòng 2")):
        assert words in verdicts[at][1], verdicts[at]
    loading.apply(book, cast.nurse, load)
    load.refresh_from_db()
    assert told(load) == verdicts and not Waiting.objects.exists()
    assert [row.verdict for row in Immunization.objects.filter(person=boy)] == ["not_valid", "valid"] and Immunization.objects.get(person=same).source == "import"
    assert Recommendation.objects.get(person=boy, group="DTP").dose == "DPT-VGB-HIB2"
    again = staging.stage(book, cast.nurse, "lai.csv", text.encode() + b"\n")
    assert {verdict for verdict, _ in told(again)} == {"duplicate", "refused"}
    assert loading.undo(book, cast.nurse, load) == (3, 0)
    assert not Immunization.objects.filter(entered_in_error=False).exists() and Recommendation.objects.get(person=boy, group="DTP").dose == "DPT-VGB-HIB1"


@pytest.mark.parametrize("resumed", [False, True])
def test_doses_of_a_list_are_judged_before_they_are_stored(cast, child, monkeypatch, resumed):
    boy = child()
    people.record_identifier(by=cast.director, person=boy, kind="national", value="037226001234")
    doses = [("BCG", "12/01/2026"), ("5 trong 1", "15/03/2026"), ("5 trong 1", "20/03/2026"), ("OPV", "15/03/2026"), ("IPV", "20/05/2026")]
    own = [f"037226001234,,,,{vaccine},{on}" for vaccine, on in doses]
    book, settle = registry.get("immunizations"), following.settle
    monkeypatch.setattr(following, "settle", lambda: None)  # as after a power cut just before the end
    load = staging.stage(book, cast.nurse, "so.csv", (HEADS + "\n".join(own)).encode())
    loading.apply(book, cast.nurse, Import.objects.get(pk=load.pk) if resumed else load)
    judged = {(row.vaccine.code, str(row.on)): (row.counts_as, row.verdict) for row in Immunization.objects.filter(person=boy).select_related("vaccine")}
    assert judged["DPT-VGB-HIB", "2026-03-15"] == (" DPT-VGB-HIB1 ", "valid") and judged["DPT-VGB-HIB", "2026-03-20"] == ("", "not_valid")
    assert set(Waiting.objects.values_list("person_id", flat=True)) == {boy.pk}
    before = sorted(Immunization.objects.values_list("pk", "counts_as", "verdict", "verdict_text"))
    settle()
    assert sorted(Immunization.objects.values_list("pk", "counts_as", "verdict", "verdict_text")) == before and not Waiting.objects.exists()
    assert Recommendation.objects.get(person=boy, group="DTP").dose == "DPT-VGB-HIB2"
    entries = AuditEntry.objects.count()
    load.refresh_from_db()
    assert loading.undo(book, cast.nurse, load) == (5, 0)
    taken = AuditEntry.objects.filter(action="undo_import", model="immunization.immunization")
    assert AuditEntry.objects.count() == entries + 1 and len(taken.get().after["rows"]) == 5 and set(Immunization.objects.values_list("version", flat=True)) == {2}


def test_the_national_record_goes_out_and_comes_in_without_change(cast, child, give, enter):
    boy = child(ethnicity="Mường")
    people.record_identifier(by=cast.director, person=boy, kind="national", value="037226001234")
    give(boy, "BCG", "2026-01-12", dose_number=1, site="Bệnh viện khu vực")
    content = enter("nurse").get("/so/immunizations-national/", {"as": "csv"}).content
    line = next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert (line["Số định danh cá nhân"], line["Mã dân tộc"], line["Mã xã nơi ở hiện tại"], line["Mã tỉnh thường trú"]) == ("037226001234", "06", cast.commune.code, cast.province.code)
    assert (line["Vắc xin"], line["Ngày tiêm"], line["Mũi thứ"], line["Cơ sở tiêm"], line["Kháng nguyên"]) == ("BCG (lao)", "12/01/2026", "1", "Bệnh viện khu vực", "BCG")
    load = staging.stage(registry.get("immunizations"), cast.nurse, "quoc-gia.csv", content)
    assert told(load) == [("duplicate", "Đã có trong sổ, không đổi gì.")]


def test_the_paper_books_show_each_dose_in_its_column(cast, child, give, vaccine):
    mother = child("Lê Thị Hòa", born=day("1996-01-01"), sex="F")
    boy = child(mother=mother)
    for on in ("2025-08-01", "2025-09-01"):
        give(mother, "UV", on)
    give(boy, "HEPB", "2026-01-10", at="08:30")
    give(boy, "DPT-VGB-HIB", "2026-03-15", reaction="sốt nhẹ")
    give(boy, "DPT-VGB-HIB-IPV", "2026-04-20", source="elsewhere")
    give(boy, "ROTA", "2026-03-15")
    read = {slug: registry.get(slug) for slug in ("immunization-children", "immunization-others", "immunization-women")}
    line = {column.path: column.words(row) for column in read["immunization-children"].all_columns for row in read["immunization-children"].rows(cast.nurse, {})}
    assert (line["hepb0"], line["penta1"], line["penta2"], line["opv1"], line["full"]) == ("10/01/2026 08:30, ≤24 giờ", "15/03/2026", "20/04/2026", "20/04/2026", "")
    assert line["tetanus"] == "2 mũi, 01/09/2025" and line["reactions"] == "DPT-VGB-HIB 15/03/2026: sốt nhẹ" and "tiêm nơi khác" in line["remarks"]
    other = {column.path: column.words(row) for column in read["immunization-others"].all_columns for row in read["immunization-others"].rows(cast.nurse, {})}
    assert (other["full_name"], other["rota1"]) == ("Nguyễn Minh Khôi", "15/03/2026")
    woman = {column.path: column.words(row) for column in read["immunization-women"].all_columns for row in read["immunization-women"].rows(cast.nurse, {})}
    assert (woman["uv1"], woman["uv2"], woman["uv3"]) == ("01/08/2025", "01/09/2025", "")


@pytest.mark.parametrize("who", ["nurse", "village_worker"])
def test_the_pages_answer_and_the_card_is_printed(cast, child, give, lot, enter, who):
    import pypdfium2

    boy, client = child(), enter(who)
    give(boy, "BCG", "2026-01-12", lot_number="B2601")
    actions.record_not_given(by=cast.nurse, person=boy, kind="refused", group="OPV", on=day("2026-05-02"), reason="sợ phản ứng")
    page = client.get(reverse("immunization"))
    assert page.context["lines"][0]["person"] == boy and "DPT-VGB-Hib lần 1" in page.content.decode() and "gia đình từ chối" in page.content.decode()
    card = client.get(reverse("immunization-card", args=[boy.pk])).content.decode()
    assert "BCG (lao)" in card and "sợ phản ứng" in card and ("Ghi mũi tiêm" in card) == (who == "nurse")
    assert "Quá hạn tiêm" in client.get(reverse("person", args=[boy.pk])).content.decode()
    paper = pypdfium2.PdfDocument(client.get(reverse("immunization-card-print", args=[boy.pk])).content)
    text = "".join(one.get_textpage().get_text_range() for one in paper)
    assert len(paper) == 1 and "PHIẾU TIÊM CHỦNG CÁ NHÂN" in text and "12/01/2026" in text and "B2601" in text
    paper.close()
    for form in ("csv", "xlsx", "pdf"):
        assert client.get(reverse("immunization"), {"as": form}).status_code == 200


def test_store_and_programme_are_written_on_their_pages(cast, child, lot, enter):
    held, client, boy = lot(), enter("nurse"), child()
    address = reverse("vaccine-lot", args=[held.pk])
    assert client.post(address, {"act": "move", "kind": "wasted", "doses": "11", "on": "01/06/2026", "reason": "vỡ"}).status_code == 422
    assert client.post(address, {"act": "move", "kind": "wasted", "doses": "2", "on": "01/06/2026", "reason": "vỡ"}).status_code == 302
    assert client.post(address, {"act": "stop", "reason": "chờ kết luận"}).status_code == 302
    assert "đang dừng dùng" in client.get(address).content.decode() and "Còn 8 liều" in client.get(address).content.decode()
    programme = reverse("immunization-programme")
    assert client.post(programme, {"act": "activation", "group": "PCV", "valid_from": "01/01/2026", "source": ""}).status_code == 422
    assert client.post(programme, {"act": "activation", "group": "PCV", "valid_from": "01/01/2026", "source": "KH 12"}).status_code == 302
    assert client.post(programme, {"born_from": "", "grace_days": "4", "month_interval": "calendar", "overdue_after": "1 month"}).status_code == 302
    assert "KH 12" in client.get(programme).content.decode() and Waiting.objects.filter(person=boy).exists()
    assert client.post(reverse("vaccine-products"), {"vaccine": str(held.product.vaccine_id), "name": "Mới", "doses_per_vial": "5"}).status_code == 302
    assert enter("village_worker").get(programme).status_code == 403


def test_a_list_that_says_more_of_a_stored_dose_changes_it(cast, child, give):
    boy = child()
    people.record_identifier(by=cast.director, person=boy, kind="national", value="037226001234")
    dose = give(boy, "DPT-VGB-HIB", "2026-03-15", source="elsewhere", site="TTYT")
    text = "Số định danh,Vắc xin,Ngày tiêm,Nơi tiêm\n037226001234,5 trong 1,15/03/2026,Bệnh viện tỉnh\n"
    load = staging.stage(registry.get("immunizations"), cast.nurse, "so.csv", text.encode())
    assert told(load)[0][0] == "updated"
    loading.apply(registry.get("immunizations"), cast.nurse, load)
    dose.refresh_from_db()
    assert (dose.site, dose.version, load.rows.get().before["site"]) == ("Bệnh viện tỉnh", 2, "TTYT")
    load.refresh_from_db()
    assert loading.undo(registry.get("immunizations"), cast.nurse, load) == (1, 0)
    dose.refresh_from_db()
    assert dose.site == "TTYT"


def test_what_is_written_from_a_card_leads_back_to_the_card(child, enter):
    boy, client = child(), enter("nurse")
    card = reverse("immunization-card", args=[boy.pk])
    number = f"{reverse('register-new', args=['immunizations'])}?person={boy.pk}"
    person = client.get(number).context["form"].initial["person"]
    typed = {"person": person, "vaccine": "BCG", "on": "12/01/2026", "source": "elsewhere"}
    assert client.post(number, typed).url == card
    edit = f"{reverse('register-edit', args=['immunizations', Immunization.objects.get().pk])}?person={boy.pk}"
    assert f'href="{edit}"' in client.get(card).content.decode()
    assert client.post(edit, {**typed, "on": "13/01/2026", "seen_version": "1"}).url == card
    refusal = f"{reverse('register-new', args=['doses-not-given'])}?person={boy.pk}"
    assert client.post(refusal, {"person": person, "kind": "refused", "on": "01/06/2026", "reason": "sợ phản ứng"}).url == card
    assert client.post(number, {**typed, "vaccine": "OPV", "next": "1"}).url == reverse("register-new", args=["immunizations"])
    assert client.post(reverse("register-new", args=["immunizations"]), {**typed, "vaccine": "OPV", "on": "14/03/2026"}).url == reverse("register", args=["immunizations"])
