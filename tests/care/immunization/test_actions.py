"""Recording, changing and cancelling doses; stock; refusals that a good nurse in charge would say."""

import datetime

import pytest

from tramyte.care.immunization import actions, queries
from tramyte.care.immunization.actions.checks import check_hour
from tramyte.care.immunization.models import Immunization, NotGiven, Recommendation, StockMovement
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused


def day(text):
    return datetime.date.fromisoformat(text)


def refusal(call, **fields):
    with pytest.raises(Refused) as refused:
        call(**fields)
    return refused.value


def test_a_dose_of_the_station_leaves_its_lot_and_moves_what_comes_next(cast, child, lot, vaccine):
    boy, held = child(), lot()
    assert Recommendation.objects.get(person=boy, group="DTP").status == "overdue"
    row = actions.record_immunization(by=cast.nurse, person=boy, vaccine=vaccine("DPT-VGB-HIB"), on=day("2026-06-01"), lot_number="5t2601", performer="Lê Thị Lan")
    assert (row.lot, row.lot_number, row.age_days, row.counts_as, row.verdict) == (held, "5T2601", 142, " DPT-VGB-HIB1 ", "valid")
    assert queries.balance_of(held) == 9 and queries.moved([held.pk]) == {held.pk: {"received": 10, "used": 1}}
    following = Recommendation.objects.get(person=boy, group="DTP")
    assert (following.dose, following.number, following.earliest, following.status) == ("DPT-VGB-HIB2", 2, day("2026-06-29"), "not_due")
    assert AuditEntry.objects.filter(action="record_immunization", object_id=str(row.pk)).count() == 1


def test_a_dose_that_is_changed_or_cancelled_goes_back_to_its_lot(cast, child, lot, vaccine):
    boy, first, second = child(), lot(), lot(number="5T2602")
    row = actions.record_immunization(by=cast.nurse, person=boy, vaccine=vaccine("DPT-VGB-HIB"), on=day("2026-06-01"), lot_number="5T2601")
    row = actions.record_immunization(by=cast.nurse, id=row.pk, seen_version=1, note="khóc nhiều")
    assert (queries.balance_of(first), row.version, StockMovement.objects.filter(kind="used").count()) == (9, 2, 1)
    actions.record_immunization(by=cast.nurse, id=row.pk, seen_version=2, lot_number="5T2602")
    assert (queries.balance_of(first), queries.balance_of(second)) == (10, 9)
    actions.cancel_immunization(by=cast.nurse, id=row.pk, reason="nhầm sang anh của cháu")
    assert (queries.balance_of(first), queries.balance_of(second)) == (10, 10)
    assert Recommendation.objects.get(person=boy, group="DTP").dose == "DPT-VGB-HIB1"
    assert refusal(actions.cancel_immunization, by=cast.nurse, id=row.pk, reason=" ").code == "no_reason"


STATION = {"source": "station", "lot_number": "5T2601"}


@pytest.mark.parametrize(("fields", "code", "field", "words"), [
    ({"on": "2026-06-04"}, "future", "on", "chưa đến"),
    ({"on": "2026-01-09"}, "before_birth", "on", "trước ngày sinh 10/01/2026"),
    ({"on": None}, "missing", "on", "ngày tiêm"),
    ({**STATION, "lot_number": ""}, "no_lot", "lot_number", "phải có số lô"),
    ({**STATION, "lot_number": "X1"}, "unknown_lot", "lot_number", "không có lô X1"),
    ({**STATION, "vaccine": "OPV"}, "other_vaccine", "lot_number", "không phải Bại liệt uống"),
    ({**STATION, "lot_number": "HETHAN"}, "expired", "lot_number", "hết hạn ngày 31/05/2026"),
    ({**STATION, "lot_number": "DUNG"}, "stopped", "lot_number", "dừng dùng từ 20/05/2026: phản ứng nặng"),
    ({**STATION, "lot_number": "HETLIEU"}, "out_of_stock", "lot_number", "chỉ còn 0 liều"),
    ({**STATION, "lot_number": "MOIVE"}, "not_received", "lot_number", "mới nhập ngày 02/06/2026"),
    ({**STATION, "on": "2026-03-09"}, "not_valid", "word", "chưa đủ tuổi tối thiểu (10/03/2026)"),
    ({"dose_number": 0}, "invalid", "dose_number", "từ 1 đến 20"),
    ({"site": "x" * 121}, "invalid", "site", "121"),
])
def test_what_cannot_be_is_refused(cast, child, lot, vaccine, fields, code, field, words):
    boy = child()
    lot(expires_on=day("2027-06-30"))
    lot(number="HETHAN", expires_on=day("2026-05-31"))
    lot(number="MOIVE", received_on=day("2026-06-02"))
    actions.move_stock(by=cast.nurse, lot=lot(number="HETLIEU"), kind="wasted", doses=10, on=day("2026-05-01"), reason="hỏng dây chuyền lạnh")
    actions.stop_lot(by=cast.nurse, id=lot(number="DUNG").pk, on=day("2026-05-20"), reason="phản ứng nặng, chờ kết luận")
    given = {"person": boy, "vaccine": "DPT-VGB-HIB", "on": "2026-06-01", "source": "import", **fields}
    given["vaccine"], given["on"] = vaccine(given["vaccine"]), day(given["on"]) if given["on"] else None
    found = refusal(actions.record_immunization, by=cast.nurse, **given)
    assert (found.code, found.field) == (code, field) and words in found.message
    assert not Immunization.objects.exists()


def test_a_dose_that_does_not_count_is_written_with_a_word(cast, child, lot, vaccine):
    boy = child()
    lot()
    row = actions.record_immunization(
        by=cast.nurse, person=boy, vaccine=vaccine("DPT-VGB-HIB"), on=day("2026-03-09"), lot_number="5T2601", word="gia đình đưa đến sớm một ngày, đã tiêm")
    assert (row.verdict, row.counts_as) == ("not_valid", "") and "phải tiêm lại" in row.verdict_text
    second = actions.record_immunization(by=cast.nurse, person=boy, vaccine=vaccine("DPT-VGB-HIB"), on=day("2026-04-06"), lot_number="5T2601")
    assert second.counts_as == " DPT-VGB-HIB1 "
    early = refusal(actions.record_immunization, by=cast.nurse, person=boy, vaccine=vaccine("DPT-VGB-HIB"), on=day("2026-05-03"), lot_number="5T2601")
    assert early.code == "not_valid" and "sớm nhất 04/05/2026" in early.message


def test_twice_in_a_day_the_dead_the_merged_and_strangers(cast, child, give):
    boy, girl = child(), child("Nguyễn Minh Châu", sex="F")
    give(boy, "BCG", "2026-01-12")
    assert refusal(give, person=boy, code="BCG", on="2026-01-12").code == "twice"
    people.record_death(by=cast.nurse, person=girl.pk, on=day("2026-03-01"), cause="viêm phổi")
    assert refusal(give, person=Person.objects.get(pk=girl.pk), code="BCG", on="2026-03-02").code == "after_death"
    double = child("Nguyễn Minh Khôi B")
    people.merge_persons(by=cast.director, survivor=boy, lesser=double, confirmed=True)
    merged = refusal(give, person=double, code="OPV", on="2026-03-15")
    assert merged.code == "merged" and "đã gộp vào hồ sơ của Nguyễn Minh Khôi" in merged.message
    assert refusal(give, person=boy, code="OPV", on="2026-03-15", by=cast.stranger).status in (403, 404)
    assert refusal(give, person=boy, code="OPV", on="2026-03-15", by=cast.village_worker).status in (403, 404)


def test_doses_move_with_a_merge_and_come_back(cast, child, give):
    kept, gone = child(), child("Nguyễn Minh Khôi", born=day("2026-01-10"))
    give(kept, "BCG", "2026-01-12")
    give(gone, "BCG", "2026-01-12")
    dose = give(gone, "DPT-VGB-HIB", "2026-03-15")
    made = people.merge_persons(by=cast.director, survivor=kept, lesser=gone, confirmed=True)
    dose.refresh_from_db()
    assert dose.person_id == kept.pk and Immunization.objects.filter(person=kept, entered_in_error=False).count() == 2
    assert Recommendation.objects.get(person=kept, group="DTP").dose == "DPT-VGB-HIB2" and not Recommendation.objects.filter(person=gone).exists()
    people.unmerge_persons(by=cast.director, id=made.pk)
    assert Recommendation.objects.get(person=kept, group="DTP").dose == "DPT-VGB-HIB1"
    assert Recommendation.objects.get(person=gone, group="DTP").dose == "DPT-VGB-HIB2"


def test_what_was_not_given_is_told_by_what_comes_next(cast, child):
    boy = child()
    row = actions.record_not_given(by=cast.nurse, person=boy, kind="deferred", on=day("2026-06-02"), until=day("2026-06-09"), reason="sốt 38 độ")
    told = Recommendation.objects.get(person=boy, group="DTP")
    assert (told.status, told.reason, told.earliest) == ("not_due", "deferred", day("2026-06-09"))
    actions.cancel_not_given(by=cast.nurse, id=row.pk, reason="nhầm trẻ")
    actions.record_not_given(by=cast.nurse, person=boy, kind="refused", group="DTP", on=day("2026-06-02"), reason="sợ phản ứng")
    assert Recommendation.objects.get(person=boy, group="DTP").reason == "refused" and Recommendation.objects.get(person=boy, group="OPV").reason == "overdue"
    assert refusal(actions.record_not_given, by=cast.nurse, person=boy, kind="refused", on=day("2026-06-02"), reason="").code == "no_reason"
    assert refusal(actions.record_not_given, by=cast.nurse, person=boy, kind="refused", group="XYZ", on=day("2026-06-02"), reason="x").field == "group"
    assert refusal(actions.record_not_given, by=cast.nurse, person=boy, kind="deferred", on=day("2026-06-02"), until=day("2026-06-02"), reason="x").field == "until"
    assert NotGiven.objects.filter(entered_in_error=False).count() == 1


def test_the_stock_never_falls_below_nothing(cast, lot):
    held = lot()
    assert refusal(actions.move_stock, by=cast.nurse, lot=held, kind="wasted", doses=11, on=day("2026-05-01"), reason="vỡ").code == "out_of_stock"
    assert refusal(actions.move_stock, by=cast.nurse, lot=held, kind="wasted", doses=1, on=day("2026-05-01")).code == "no_reason"
    assert refusal(actions.move_stock, by=cast.nurse, lot=held, kind="used", doses=1, on=day("2026-05-01")).code == "given_elsewhere"
    assert refusal(actions.move_stock, by=cast.stranger, lot=held, kind="received", doses=1, on=day("2026-05-01")).status == 404
    actions.move_stock(by=cast.nurse, lot=held, kind="received", doses=20, on=day("2026-05-01"))
    actions.move_stock(by=cast.nurse, lot=held, kind="returned", doses=5, on=day("2026-05-02"))
    assert queries.balance_of(held) == 25 and next(iter(queries.usable_lots(day("2026-06-03")))).left == 25
    actions.stop_lot(by=cast.nurse, id=held.pk, on=day("2026-06-01"), reason="chờ kết luận")
    assert not queries.usable_lots(day("2026-06-03")).exists()
    actions.resume_lot(by=cast.nurse, id=held.pk, reason="công văn 12/SYT")
    assert queries.usable_lots(day("2026-06-03")).exists()


def test_what_the_province_begins_is_asked_for(cast, child, django_capture_on_commit_callbacks):
    boy = child()
    assert not Recommendation.objects.filter(person=boy, group__in=["PCV", "ROTA"]).exists()
    with django_capture_on_commit_callbacks(execute=True):
        row = actions.record_activation(by=cast.director, place=cast.commune, group="PCV", valid_from=day("2026-01-01"), source="KH 12/KH-SYT")
    assert Recommendation.objects.get(person=boy, group="PCV").dose == "PCV1"
    with django_capture_on_commit_callbacks(execute=True):
        actions.record_activation(by=cast.director, id=row.pk, born_from=day("2026-02-01"))
    assert not Recommendation.objects.filter(person=boy, group="PCV").exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_programme(by=cast.director, place=cast.commune, born_from=day("2026-02-01"))
    assert not Recommendation.objects.filter(person=boy).exists()
    assert refusal(actions.set_programme, by=cast.director, place=cast.commune, parameters={"grace_days": 99}).code == "bad_parameter"


@pytest.mark.parametrize(("at", "refused"), [("09:06", True), ("23:59", True), ("09:05", False), ("", False)])
def test_an_hour_to_come_is_refused(cast, child, vaccine, monkeypatch, at, refused):
    monkeypatch.setattr(clock, "now", lambda: datetime.datetime(2026, 6, 3, 9, 0, tzinfo=clock.ZONE))
    dose = {"by": cast.nurse, "person": child(), "vaccine": vaccine("DPT-VGB-HIB"), "on": day("2026-06-03"), "at": at, "source": "import"}
    if refused:
        said = refusal(actions.record_immunization, **dose)
        assert (said.code, said.field) == ("future", "at") and f"Giờ tiêm {at} ngày 03/06/2026 chưa đến; bây giờ là 09:00" in said.message
    else:
        assert actions.record_immunization(**dose).at == at


def test_an_hour_to_come_of_a_reaction_is_refused(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime.datetime(2026, 6, 3, 9, 0, tzinfo=clock.ZONE))
    said = refusal(check_hour, on=day("2026-06-03"), at="16:30", field="onset_at", label="Giờ xuất hiện")
    assert said.field == "onset_at" and "Giờ xuất hiện 16:30" in said.message
