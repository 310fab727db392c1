"""Sessions by their actions: plan, table, vials, balance; every refusal with the sentence a nurse-in-charge would say."""

import datetime
from decimal import Decimal

import pytest
from session_steps import DAY, at, counted, doses_of, let_time_pass

from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.models import Immunization, NotGiven, Recommendation, StockMovement, VaccineLot
from tramyte.care.immunization.queries import balance_of
from tramyte.care.people import actions as people
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.models import Attendee, Session, SessionLot, Vial
from tramyte.care.vaccination.queries import absentees, vials_of
from tramyte.engine.refused import Refused

BOTH = ("DPT-VGB-HIB", "OPV")
NORMAL = Decimal("36.8")


def examine(cast, row, temperature=NORMAL, vaccines=BOTH, **fields):
    return actions.screen(by=cast.nurse, id=row.pk, temperature=temperature, vaccines=vaccines, **fields)


def serve(cast, row, codes=BOTH):
    examine(cast, row, vaccines=codes)
    return actions.give(by=cast.nurse, id=row.pk, doses=doses_of(*codes))


def test_a_plan_lists_who_is_due_and_follows(cast, child, plan):
    first, other = child(), child("Lê Ngọc Anh", hamlet=cast.hamlets[1], sex="F")
    row = plan()
    assert [(one.person, one.number, one.origin) for one in row.people.filter(entered_in_error=False)] == [(first, 1, "due")]
    plan(id=row.pk, seen_version=row.version, hamlets=cast.hamlets[:2])
    assert {one.person: one.number for one in row.people.filter(entered_in_error=False)} == {first: 1, other: 2}
    immunization.record_not_given(by=cast.nurse, person=first, kind="deferred", on=DAY, until=DAY + datetime.timedelta(days=9), reason="sốt")
    assert actions.refresh_list(by=cast.nurse, id=row.pk) == (0, 1) and row.people.get(entered_in_error=False).person == other


def test_a_session_gives_stores_and_balances(cast, morning):
    for n, name in enumerate(("Trần Hà My", "Nguyễn Minh Khôi"), 1):
        row = serve(cast, actions.receive(by=cast.nurse, id=at(morning, name).pk))
        assert row.turn == n and row.given and Immunization.objects.filter(person=row.person, on=DAY, verdict="valid", lot__isnull=False).count() == 2
        assert not Recommendation.objects.filter(person=row.person, status__in=["due", "overdue"], vaccine__in=BOTH).exists()
    assert [(one.vial.lot.number, one.given, one.left) for one in vials_of(morning)] == [("DPT-VGB-HIB01", 1, 0), ("OPV01", 2, 18), ("DPT-VGB-HIB01", 1, 0)]
    let_time_pass(morning)
    for row in morning.people.all():
        actions.release(by=cast.nurse, id=row.pk)
    closed = actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    assert closed.state == "closed" and {one.lot.number: (one.received, one.used, one.wasted) for one in SessionLot.objects.all()} == {"DPT-VGB-HIB01": (2, 2, 0), "OPV01": (20, 20, 18)}
    assert {lot.number: balance_of(lot) for lot in VaccineLot.objects.all()} == {"DPT-VGB-HIB01": 8, "OPV01": 20}


def test_fever_puts_off_until_a_day_and_leaves_the_list_of_due(cast, morning):
    row, judged = examine(cast, at(morning, "Trần Hà My"), Decimal("38.2"))
    assert (row.outcome, row.why, row.until, row.turn) == ("deferred", "sốt 38,2 °C", DAY + datetime.timedelta(days=7), 1) and not judged.allowed
    note = NotGiven.objects.get()
    assert (note.kind, note.group, note.until, note.reason) == ("deferred", "", row.until, "sốt 38,2 °C")
    assert Recommendation.objects.filter(person=row.person, reason="deferred").exists()
    with pytest.raises(Refused, match="tạm hoãn: sốt 38,2 °C"):
        actions.give(by=cast.nurse, id=row.pk, doses=doses_of("OPV"))
    again = actions.screen_again(by=cast.nurse, id=row.pk)
    assert again.outcome == "" and NotGiven.objects.get().entered_in_error and serve(cast, again).given


def test_corticosteroid_puts_off_live_vaccines_alone(cast, morning):
    row, judged = examine(cast, at(morning, "Trần Hà My"), signs=["corticosteroid"], days={"corticosteroid": DAY - datetime.timedelta(days=4)})
    assert row.outcome == "eligible" and judged.allowed == ("DPT-VGB-HIB",)
    note = NotGiven.objects.get()
    assert (note.group, note.until) == ("OPV", DAY + datetime.timedelta(days=10))


def test_an_earlier_reaction_forbids_for_ever(cast, morning):
    row, _ = examine(cast, at(morning, "Trần Hà My"), vaccines=["DPT-VGB-HIB"], signs=["reaction"])
    notes = list(NotGiven.objects.all())
    assert row.outcome == "contraindicated" and {(note.kind, note.until) for note in notes} == {("contraindicated", None)} and all(note.group for note in notes)
    assert not Recommendation.objects.filter(person=row.person, vaccine="DPT-VGB-HIB").exclude(status="contraindicated").exists() and len(notes) > 1


def _lots(morning, **changes):
    counts = counted(morning)
    key = VaccineLot.objects.get(number="OPV01").pk
    counts[key] = actions.Count(**{**dict(zip(("received", "used", "wasted"), (counts[key].received, counts[key].used, counts[key].wasted), strict=True)), **changes})
    return counts


@pytest.mark.parametrize(("changes", "words"), [
    ({"wasted": 16}, "còn 3 liều chưa rõ ở đâu"), ({"wasted": 20}, "nhiều hơn số đã mở 1 liều"), ({"used": 40, "wasted": 39}, "dùng 40 liều mà chỉ nhận 20"),
])
def test_what_does_not_balance_is_not_closed(cast, morning, changes, words):
    serve(cast, at(morning, "Trần Hà My"))
    with pytest.raises(Refused, match="30 phút theo dõi"):
        actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    actions.release(by=cast.nurse, id=at(morning, "Trần Hà My").pk, early=True)
    with pytest.raises(Refused, match=words):
        actions.close_session(by=cast.nurse, id=morning.pk, counts=_lots(morning, **changes))
    with pytest.raises(Refused, match="Chưa đếm"):
        actions.close_session(by=cast.nurse, id=morning.pk, counts={})
    assert not StockMovement.objects.filter(kind="wasted").exists() and Session.objects.get().is_open


def test_closing_twice_and_opening_again(cast, morning):
    serve(cast, at(morning, "Trần Hà My"))
    actions.release(by=cast.nurse, id=at(morning, "Trần Hà My").pk, early=True)
    actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    with pytest.raises(Refused, match="đã đóng, không đóng lần nữa"):
        actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    with pytest.raises(Refused, match="Mở lại buổi"):
        actions.receive(by=cast.nurse, id=at(morning, "Nguyễn Minh Khôi").pk)
    assert [one.person.full_name for one in absentees(cast.nurse)] == ["Nguyễn Minh Khôi"]
    actions.reopen_session(by=cast.nurse, id=morning.pk, reason="trẻ đến muộn")
    assert balance_of(VaccineLot.objects.get(number="OPV01")) == 39 and not absentees(cast.nurse)
    serve(cast, at(morning, "Nguyễn Minh Khôi"))
    actions.release(by=cast.nurse, id=at(morning, "Nguyễn Minh Khôi").pk, early=True, reaction="quấy khóc")
    actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    assert balance_of(VaccineLot.objects.get(number="OPV01")) == 20 and Immunization.objects.filter(reaction="quấy khóc").count() == 2


def test_who_stayed_away_is_carried_along(cast, morning, plan):
    serve(cast, at(morning, "Trần Hà My"))
    actions.release(by=cast.nurse, id=at(morning, "Trần Hà My").pk, early=True)
    actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    row = actions.mark_contact(by=cast.nurse, id=at(morning, "Nguyễn Minh Khôi").pk, contact="call", note="cháu về quê ngoại")
    assert (row.contacted_on, row.contact_note) == (DAY, "cháu về quê ngoại")
    following = plan(on=DAY + datetime.timedelta(days=7), hamlets=cast.hamlets[1:2])
    assert [(one.person.full_name, one.origin) for one in following.people.all()] == [("Nguyễn Minh Khôi", "carried")] and not absentees(cast.nurse)


def test_a_mistake_at_the_table_is_taken_back(cast, morning):
    row = serve(cast, at(morning, "Trần Hà My"))
    actions.undo_given(by=cast.nurse, id=row.pk, reason="nhầm trẻ")
    assert not Immunization.objects.filter(on=DAY, entered_in_error=False).exists() and balance_of(VaccineLot.objects.get(number="OPV01")) == 40
    assert [one.left for one in vials_of(morning)] == [1, 20]
    actions.give(by=cast.nurse, id=row.pk, doses=doses_of(*BOTH))
    assert Vial.objects.count() == 2


def test_the_vial_that_is_open_is_used_until_its_hours_are_over(cast, morning):
    serve(cast, at(morning, "Trần Hà My"))
    old = Vial.objects.get(lot__number="OPV01")
    assert old.usable_until - old.opened == datetime.timedelta(hours=6)
    Vial.objects.filter(pk=old.pk).update(usable_until=old.opened)
    serve(cast, at(morning, "Nguyễn Minh Khôi"))
    assert Vial.objects.filter(lot__number="OPV01").count() == 2 and SessionLot.objects.get(lot__number="OPV01").received == 40
    with pytest.raises(Refused, match="vì sao bỏ lọ"):
        actions.discard_vial(by=cast.nurse, id=old.pk, reason=" ")
    actions.discard_vial(by=cast.nurse, id=old.pk, reason="rơi vỡ")
    with pytest.raises(Refused, match="Lọ này đã bỏ: rơi vỡ"):
        actions.discard_vial(by=cast.nurse, id=old.pk, reason="vỡ")


def _dead(cast, morning):
    row = at(morning, "Trần Hà My")
    people.record_death(by=cast.director, person=row.person, on=datetime.date(2026, 6, 2), cause="bệnh")
    return actions.receive(by=cast.nurse, id=row.pk)


def _given_today(cast, morning):
    row = at(morning, "Trần Hà My")
    serve(cast, row)
    return serve(cast, row)


def _twice(cast, morning):
    row = at(morning, "Trần Hà My")
    actions.receive(by=cast.nurse, id=row.pk)
    return actions.receive(by=cast.nurse, id=row.pk)


def _stopped(cast, morning):
    examine(cast, row := at(morning, "Trần Hà My"))
    immunization.stop_lot(by=cast.nurse, id=VaccineLot.objects.get(number="OPV01").pk, on=DAY, reason="phản ứng nặng")
    return actions.give(by=cast.nurse, id=row.pk, doses=doses_of(*BOTH))


def _listed(cast, morning):
    return actions.receive_walk_in(by=cast.nurse, session=morning.pk, person=at(morning, "Trần Hà My").person)


@pytest.mark.parametrize(("wrong", "words"), [
    (_dead, "đã mất ngày 02/06/2026"), (_given_today, "đã được tiêm lúc"), (_twice, "đã được tiếp nhận lúc .*, thứ tự 1"), (_stopped, "đã dừng dùng từ 03/06/2026: phản ứng nặng"),
    (_listed, "đã có trong danh sách, số"),
    (lambda cast, morning: actions.give(by=cast.nurse, id=at(morning, "Trần Hà My").pk, doses=doses_of("OPV")), "chưa khám sàng lọc"),
    (lambda cast, morning: examine(cast, at(morning, "Trần Hà My"), None), "ví dụ 368 cho 36,8"),
    (lambda cast, morning: examine(cast, at(morning, "Trần Hà My"), Decimal("45")), "khó có thật"),
    (lambda cast, morning: examine(cast, at(morning, "Trần Hà My"), weight=Decimal("95")), "95,0 kg khó có thật"),
    (lambda cast, morning: examine(cast, at(morning, "Trần Hà My"), signs=["other"]), "chưa ghi lý do"),
    (lambda cast, morning: examine(cast, at(morning, "Trần Hà My"), Decimal("38.2"), until=DAY), "phải sau ngày ghi"),
    (lambda cast, morning: actions.release(by=cast.nurse, id=at(morning, "Trần Hà My").pk), "chưa được tiêm trong buổi này"),
    (lambda cast, morning: actions.move_session(by=cast.nurse, id=morning.pk, on=DAY, reason="mưa"), "không đổi kế hoạch được nữa"),
    (lambda cast, morning: actions.open_session(by=cast.nurse, id=morning.pk), "đang tiêm"),
    (lambda cast, morning: actions.mark_contact(by=cast.nurse, id=actions.receive(by=cast.nurse, id=at(morning, "Trần Hà My").pk).pk, contact="call"), "đã đến buổi tiêm"),
])
def test_what_is_wrong_at_the_table_gets_a_sentence(cast, morning, wrong, words):
    with pytest.raises(Refused, match=words):
        wrong(cast, morning)


@pytest.mark.parametrize(("wrong", "words"), [
    (lambda cast, plan: plan(on=DAY - datetime.timedelta(days=1)), "đã qua"), (lambda cast, plan: plan(hamlets=[cast.other_hamlet]), "không thuộc"),
    (lambda cast, plan: actions.plan_session(by=cast.nurse, facility=cast.station, on=DAY, hamlets=[]), "Chưa chọn thôn nào"),
    (lambda cast, plan: (plan(), plan()), "đã có buổi tiêm ngày đó"),
    (lambda cast, plan: actions.open_session(by=cast.nurse, id=plan(on=DAY + datetime.timedelta(days=7)).pk), "hẹn ngày 10/06/2026, hôm nay 03/06/2026"),
    (lambda cast, plan: actions.move_session(by=cast.nurse, id=plan().pk, on=DAY + datetime.timedelta(days=7), reason=""), "vì sao đổi ngày"),
    (lambda cast, plan: actions.cancel_session(by=cast.nurse, id=plan().pk, reason=""), "vì sao hủy"),
    (lambda cast, plan: plan(by=cast.officer), "không có quyền"), (lambda cast, plan: plan(starts="7h30"), "giờ và phút"),
])
def test_what_is_wrong_in_a_plan_gets_a_sentence(cast, child, plan, wrong, words):
    child()
    with pytest.raises(Refused, match=words):
        wrong(cast, plan)


def test_a_session_is_moved_or_called_off(cast, child, plan):
    child()
    row = actions.move_session(by=cast.nurse, id=plan().pk, on=DAY + datetime.timedelta(days=7), reason="trùng ngày họp xã")
    assert (row.moved_from, row.on, row.reason) == (DAY, DAY + datetime.timedelta(days=7), "trùng ngày họp xã")
    row = actions.cancel_session(by=cast.nurse, id=row.pk, reason="mưa lũ")
    assert row.state == "cancelled" and plan(on=row.on).pk != row.pk and not absentees(cast.nurse)


def test_merged_records_keep_one_line(cast, child, morning):
    row, twin = at(morning, "Trần Hà My"), child("Trần Hà My B", sex="F")
    other = actions.receive_walk_in(by=cast.nurse, session=morning.pk, person=twin)
    people.merge_persons(by=cast.director, survivor=row.person, lesser=twin, confirmed=True)
    assert Attendee.objects.get(pk=other.pk).entered_in_error and not Attendee.objects.get(pk=row.pk).entered_in_error
    with pytest.raises(Refused, match="đã gộp vào hồ sơ của Trần Hà My"):
        actions.receive_walk_in(by=cast.nurse, session=morning.pk, person=twin.pk)
