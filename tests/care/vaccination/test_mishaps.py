"""What goes wrong on a vaccination morning: the wrong child, another day, a vial thrown away, somebody whom no book knows, a page that was changed."""

import datetime
from decimal import Decimal

import pytest
from session_steps import DAY, at, counted, doses_of

from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.models import Immunization, NotGiven, VaccineLot
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.cautions import another_day
from tramyte.care.vaccination.models import Session, Vial
from tramyte.care.vaccination.queries import absentees
from tramyte.engine.refused import Refused
from tramyte.station.cold_chain import actions as cold_chain
from tramyte.station.cold_chain.models import Excursion

FRAGMENT = {"HTTP_HX_REQUEST": "true"}
FIRST, SECOND = "Trần Hà My", "Nguyễn Minh Khôi"


def url(session, rest=""):
    return f"/tiem-chung/buoi/{session.pk}/{rest}"


def acts(client, session, name, **fields):
    lot = str(VaccineLot.objects.filter(product__vaccine__code="OPV").order_by("pk").first().pk)
    return client.post(url(session, f"ban/{at(session, name).pk}/"), {"temperature": "368", "give": ["OPV"], "lot-OPV": lot, **fields}, **FRAGMENT)


def test_a_child_who_was_taken_for_another_leaves_the_line_again(morning, enter):
    client = enter("nurse")
    assert f"Đã tiêm {FIRST}: 1 mũi" in acts(client, morning, FIRST).content.decode()
    done = client.get(url(morning, f"ban/?nguoi={at(morning, FIRST).pk}")).content.decode()
    assert "Bại liệt uống (bOPV)" in done.split("Tiêm lúc")[1].split("Ghi nhầm vì")[0] and "OPV01" in done.split("Tiêm lúc")[1].split("Ghi nhầm vì")[0]
    undone = acts(client, morning, FIRST, act="undo", reason="nhầm trẻ").content.decode()
    assert 'data-area="reception"' in undone and "liều trở lại kho" in undone and "Khám lại" in undone
    again = acts(client, morning, FIRST, act="again").content.decode()
    assert "Tiếp nhận nhầm" in again and "Thân nhiệt" in again
    assert "không còn trong hàng chờ" in acts(client, morning, FIRST, act="not_here").content.decode()
    assert at(morning, FIRST).came is None and not Immunization.objects.filter(on=DAY, entered_in_error=False).exists()


def test_what_was_confirmed_is_what_is_written(morning, enter):
    client = enter("nurse")
    asked = acts(client, morning, FIRST, temperature="382").content.decode()
    assert 'name="confirmed" value="sốt 38,2 °C"' in asked
    other = acts(client, morning, FIRST, temperature="382", signs=["reaction"], confirmed="sốt 38,2 °C").content.decode()
    assert "phản ứng nặng" in other and 'name="confirmed"' in other and not NotGiven.objects.exists() and not at(morning, FIRST).outcome
    assert f"Đã tiêm {FIRST}" in acts(client, morning, FIRST, temperature="368", confirmed="sốt 38,2 °C", until="10/06/2026").content.decode()


def test_doses_of_a_vial_that_was_thrown_away_are_not_offered_again(morning, cast, stock, enter):
    client, lot = enter("nurse"), VaccineLot.objects.get(number="OPV01")
    for name in (FIRST, SECOND):
        actions.receive(by=cast.nurse, id=at(morning, name).pk)
    left = lot.movements.get().doses
    for _ in range(left // lot.product.doses_per_vial):
        actions.discard_vial(by=cast.nurse, id=actions.open_vial(by=cast.nurse, session=morning.pk, lot=lot.pk).pk, reason="rơi vỡ")
    page = client.get(url(morning, "ban/")).content.decode()
    assert str(lot.pk) not in page.split('name="give" value="OPV"')[1].split("</div>")[0]
    refused = acts(client, morning, FIRST)
    assert refused.status_code == 422 and f"{left} liều còn trong sổ kho là của lọ đã bỏ" in refused.content.decode()
    assert not Immunization.objects.filter(on=DAY).exists() and not Vial.objects.filter(discarded="").exists()
    other = stock("OPV", 10, 10, number="OPV02")
    assert "OPV02 · kho còn 10" in client.get(url(morning, "ban/")).content.decode()
    assert f"Đã tiêm {FIRST}" in acts(client, morning, FIRST, **{"lot-OPV": str(other.pk)}).content.decode()


def test_a_vial_of_which_nothing_is_left_over_takes_nothing_from_the_store(morning, cast):
    for name in (FIRST, SECOND):
        actions.screen(by=cast.nurse, id=at(morning, name).pk, temperature=37, vaccines=["DPT-VGB-HIB"])
        actions.give(by=cast.nurse, id=at(morning, name).pk, doses=doses_of("DPT-VGB-HIB"))
    assert Immunization.objects.filter(on=DAY, vaccine__code="DPT-VGB-HIB").count() == 2


@pytest.mark.parametrize(("state", "on", "words"), [
    ("open", DAY - datetime.timedelta(days=1), "đóng buổi này, lập buổi mới"), ("planned", DAY - datetime.timedelta(days=1), "bấm “Đổi ngày”"),
    ("open", DAY, ""), ("planned", DAY + datetime.timedelta(days=1), ""), ("closed", DAY - datetime.timedelta(days=1), "")])
def test_a_session_of_another_day_says_so(state, on, words):
    said = another_day(Session(on=on, state=state), DAY)
    assert (words in said[0] and f"mang ngày {on:%d/%m/%Y}" in said[0]) if words else said == []


def test_a_session_left_open_says_so_on_every_page_of_it(morning, enter):
    client = enter("nurse")
    Session.objects.update(on=DAY - datetime.timedelta(days=1))
    for rest in ("", "ban/", "dong/"):
        assert "mũi ghi ở đây mang ngày 02/06/2026" in client.get(url(morning, rest)).content.decode()
    assert "Quá ngày, chưa đóng" in client.get("/tiem-chung/buoi/").content.decode()


def test_somebody_whom_no_book_knows_is_one_press_from_the_form(morning, enter):
    body = enter("nurse").post(url(morning, "ban/tiep-nhan/"), {"q": "Lý Thị Mới"}, **FRAGMENT).content.decode()
    assert "/nguoi-dan/moi/?full_name=L%C3%BD%20Th%E1%BB%8B%20M%E1%BB%9Bi" in body and "cấp số tạm" in body and 'value="Lý Thị Mới"' in body
    assert 'value="Lý Thị Mới"' in enter("nurse").get("/nguoi-dan/moi/?full_name=L%C3%BD%20Th%E1%BB%8B%20M%E1%BB%9Bi").content.decode()


@pytest.mark.parametrize("number", ["9" * 5000, "²", "٣", "-1"])
def test_digits_of_any_length_get_a_sentence(morning, cast, enter, number):
    client = enter("nurse")
    actions.receive(by=cast.nurse, id=at(morning, FIRST).pk)
    lot = VaccineLot.objects.get(number="OPV01")
    actions.open_vial(by=cast.nurse, session=morning.pk, lot=lot.pk)
    closed = client.post(url(morning, "dong/"), {f"nhan-{lot.pk}": number, "seen_version": number})
    assert closed.status_code == 422 and "không phải số liều" in closed.content.decode()
    assert client.post(url(morning, "ban/tiep-nhan/"), {"q": number}, **FRAGMENT).status_code in (200, 422)


def test_a_forged_version_is_answered_in_our_words(plan, child, cast, enter):
    child()
    session = plan()
    fields = {"on": "05/06/2026", "starts": "7h30", "facility": cast.station.pk, "tables": "1", "hamlets": [cast.hamlets[0].pk], "vaccines": []}
    body = enter("nurse").post(url(session, "sua/"), {**fields, "seen_version": "abc"}).content.decode()
    assert "Bản đang sửa không nhận ra được: trang đã bị đổi" in body and "Seen version" not in body and "số tổng thể" not in body


def test_only_a_lot_with_something_left_is_opened(morning, cast):
    lot = VaccineLot.objects.get(number="OPV01")
    actions.screen(by=cast.nurse, id=at(morning, FIRST).pk, temperature=37, vaccines=["OPV"])
    for _ in range(lot.movements.get().doses // lot.product.doses_per_vial):
        actions.discard_vial(by=cast.nurse, id=actions.open_vial(by=cast.nurse, session=morning.pk, lot=lot.pk).pk, reason="quá giờ")
    with pytest.raises(Refused, match="đã hết"):
        actions.give(by=cast.nurse, id=at(morning, FIRST).pk, doses=doses_of("OPV"))


def test_a_lot_that_is_stopped_while_a_child_is_at_the_table_is_not_ticked_any_more(morning, cast, enter):
    client, lot = enter("nurse"), VaccineLot.objects.get(number="OPV01")
    actions.receive(by=cast.nurse, id=at(morning, FIRST).pk)
    immunization.stop_lot(by=cast.nurse, id=lot.pk, on=DAY, reason="phản ứng nặng, chờ kết luận")
    refused = acts(client, morning, FIRST)
    row = refused.content.decode().split('name="give" value="OPV"')[1].split("</div>")[0]
    assert refused.status_code == 422 and "đã dừng dùng từ" in refused.content.decode() and "checked" not in row and "Không có lô dùng được" in row and 'value="368"' in refused.content.decode()


def test_a_reaction_at_the_end_of_the_watch_says_where_it_went(morning, enter):
    client = enter("nurse")
    acts(client, morning, FIRST)
    assert f'href="/phan-ung/nguoi/{at(morning, FIRST).person_id}/moi/"' in client.get(url(morning, "ban/")).content.decode()
    said = acts(client, morning, FIRST, act="release", early="1", reaction="phản ứng nặng, đã xử trí").content.decode()
    assert "Đã vào Phản ứng sau tiêm" in said and AdverseEvent.objects.get().waits_for_report


def test_a_store_out_of_range_about_which_nothing_was_done_is_pointed_out(morning, cast, enter):
    fridge = cold_chain.record_equipment(by=cast.nurse, facility=cast.station, code="TL-01", name="Tủ lạnh phòng tiêm", kind="fridge", in_use_from=datetime.date(2026, 5, 1))
    cold_chain.record_reading(by=cast.nurse, equipment=fridge, on=DAY, part="am", celsius=Decimal("12"), confirmed=True)
    client = enter("nurse")
    for rest in ("", "dong/"):
        page = client.get(url(morning, rest)).content.decode().replace("\u00a0", " ")
        assert "TL-01 Tủ lạnh phòng tiêm: 12 °C lúc sáng 03/06/2026, ngoài khoảng, chưa ghi xử trí" in page
    one = Excursion.objects.get()
    cold_chain.act_on_excursion(by=cast.nurse, id=one.pk, action="chuyển sang phích", vaccines="moved", vaccines_note="tất cả", acted_on=DAY)
    assert "chưa ghi xử trí" not in client.get(url(morning)).content.decode()


@pytest.mark.parametrize(("days", "still"), [(30, False), (90, True)])
def test_only_a_session_within_two_months_takes_somebody_off_the_list_of_the_absent(morning, cast, plan, days, still):
    actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    assert absentees(cast.nurse).count() == 2
    plan(on=DAY + datetime.timedelta(days=days))
    assert (absentees(cast.nurse).count() == 2) == still
