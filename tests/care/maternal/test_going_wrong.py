"""What goes wrong around a pregnancy and is put right: days that contradict each other, corrections, endings taken back, names twice."""

import datetime

import pytest
from django.urls import reverse

from tramyte.care.maternal import actions
from tramyte.care.maternal.actions.checks import BY_HAND, CONFIRM
from tramyte.care.maternal.models import (
    AntenatalContact,
    BirthPlan,
    Delivery,
    Newborn,
    PostnatalContact,
    Pregnancy,
)
from tramyte.care.maternal.queries import at_risk, method_on, risks_told
from tramyte.care.people.actions import record_departure
from tramyte.care.people.models import Person, Residence
from tramyte.engine.actions.models import new_id
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.native import Native
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import Period

pytestmark = pytest.mark.django_db
AS_OF = datetime.date(2026, 6, 3)
GIRL = {"sex": "F", "weight_g": 3200}


def ago(days):
    return AS_OF - datetime.timedelta(days=days)


def typed(day):
    return f"{day:%d/%m/%Y}"


def results_now(code, person):
    """Whether somebody meets an indicator today, reckoned as the figures are."""
    rows = Native().rows(INDICATORS[code], [Period.parse("2026-06")], AS_OF)
    return next(row.met for row in rows if row.subject == str(person.pk))


@pytest.fixture
def deliver(cast):
    """A birth at a hospital; `deliver(pregnancy or woman, on, **fields)`."""
    def of(whose, on, *children, **fields):
        person = whose.person if isinstance(whose, Pregnancy) else whose
        return actions.record_delivery(by=cast.nurse, person=person, on=on, place="hospital", newborns=children or [GIRL], **fields)
    return of


def test_nothing_ends_before_a_contact_of_hers(cast, register, deliver, woman):
    late, early = register(lmp=ago(270)), register(lmp=ago(120), person=woman("Trần Thị Lan"))
    for row in (late, early):
        actions.record_contact(by=cast.nurse, person=row.person, on=ago(5))
    endings = (
        (lambda: deliver(late, ago(20)), "on"), (lambda: actions.end_pregnancy(by=cast.nurse, id=early.pk, outcome="miscarriage", ended_on=ago(20)), "ended_on"),
        (lambda: actions.record_abortion(by=cast.nurse, person=early.person, on=ago(20), method="medical"), "on"))
    for ending, field in endings:
        with pytest.raises(Refused, match=f"trước lần khám thai {typed(ago(5))}") as refused:
            ending()
        assert refused.value.field == field
    assert not Delivery.objects.exists() and set(Pregnancy.objects.values_list("outcome", flat=True)) == {""}
    deliver(late, ago(5))
    late.refresh_from_db()
    assert late.outcome == "delivered"


def test_a_birth_of_another_day_moves_the_weeks_after_it(cast, register, deliver):
    birth = deliver(register(lmp=ago(290)), ago(12))
    after = actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(5))
    kept = {**GIRL, "id": birth.newborns.get().pk}

    def corrected(on):
        actions.record_delivery(by=cast.nurse, id=birth.pk, on=on, newborns=[kept])
        after.refresh_from_db()
        return after.day

    assert after.day == 7 and results_now("BM08", birth.person)
    assert corrected(ago(15)) == 10 and not results_now("BM08", birth.person)
    assert corrected(ago(9)) == 4 and results_now("BM08", birth.person)
    with pytest.raises(Refused, match=f"không hợp với lần khám sau sinh {typed(ago(5))}") as refused:
        corrected(ago(4))
    assert refused.value.field == "on"


def test_who_had_moved_away_and_gives_birth_here_keeps_her_pregnancy(cast, register, deliver):
    row = register(lmp=ago(270))
    actions.record_contact(by=cast.nurse, person=row.person, on=ago(90))
    actions.end_pregnancy(by=cast.nurse, id=row.pk, outcome="moved", ended_on=ago(30))
    with pytest.raises(Refused, match="đã ghi chuyển đi"):
        register(person=row.person, lmp=ago(100), registered_on=ago(10))
    birth = deliver(row, ago(2))
    row.refresh_from_db()
    assert birth.pregnancy_id == row.pk and (row.outcome, row.ended_on, birth.gestation) == ("delivered", ago(2), 268)
    assert Pregnancy.objects.count() == 1


@pytest.mark.parametrize("outcome", ["miscarriage", "ectopic", "abortion"])
def test_what_ended_without_a_child_bears_none(cast, register, deliver, outcome):
    row = register(lmp=ago(270))
    if outcome == "abortion":
        actions.record_abortion(by=cast.nurse, person=row.person, on=ago(160), method="medical")
    else:
        actions.end_pregnancy(by=cast.nurse, id=row.pk, outcome=outcome, ended_on=ago(160))
    with pytest.raises(Refused, match="đã ghi kết thúc"):
        deliver(row, ago(2), pregnancy=row)
    assert not Delivery.objects.exists()


def test_two_births_closer_than_nature_allows(cast, woman, deliver):
    mother = woman()
    first = deliver(mother, ago(30), weeks=39)
    for on in (ago(29), ago(10)):
        with pytest.raises(Refused, match="trùng với thai kỳ kết thúc") as refused:
            deliver(mother, on, weeks=38)
        assert refused.value.field == "on"
    assert deliver(mother, ago(400), weeks=39).pregnancy_id != first.pregnancy_id


def test_a_birth_of_long_ago_beside_a_pregnancy_that_goes_on(cast, register, deliver):
    now = register(lmp=ago(100), registered_on=ago(50))
    with pytest.raises(Refused, match="tuổi thai lúc đẻ") as refused:
        deliver(now, ago(500))
    assert refused.value.field == "weeks"
    old = deliver(now, ago(500), weeks=39)
    now.refresh_from_db()
    assert now.outcome == "" and old.pregnancy_id != now.pk and old.gestation == 273


def test_a_new_dating_leaves_no_birth_before_its_time(cast, register, deliver):
    row = register(lmp=ago(300))
    deliver(row, ago(20))
    with pytest.raises(Refused, match="vào lúc thai 11 tuần 3 ngày"):
        actions.register_pregnancy(by=cast.nurse, id=row.pk, lmp=ago(100))
    assert Delivery.objects.get().gestation == 280


def test_a_new_dating_after_a_miscarriage_stays_before_it(cast, register):
    row = register(lmp=ago(150))
    actions.end_pregnancy(by=cast.nurse, id=row.pk, outcome="miscarriage", ended_on=ago(80))
    with pytest.raises(Refused, match="sau ngày kết thúc"):
        actions.register_pregnancy(by=cast.nurse, id=row.pk, registered_on=ago(60), lmp=ago(70))


@pytest.mark.parametrize(("fields", "code", "field"), [
    ({"lmp": ago(420), "registered_on": ago(330)}, "ask_due", "lmp"), ({"lmp": ago(150), "scan_on": ago(50), "scan_days": 70}, "ask_scan", "scan_days"),
    ({"lmp": None, "scan_on": ago(3), "scan_days": 70}, "after_contact", "scan_days"),
])
def test_dates_that_want_a_second_look(cast, register, fields, code, field):
    with pytest.raises(Refused) as refused:
        register(**fields)
    assert (refused.value.code, refused.value.field) == (code, field)
    if code.startswith("ask_"):
        made = register(**fields, confirmed=True, person=Person.objects.get())
        assert actions.register_pregnancy(by=cast.nurse, id=made.pk, note="đã xem").note == "đã xem"  # what was confirmed is not asked again


@pytest.mark.parametrize(("year", "age"), [(2014, 12), (1971, 55)])
def test_a_mother_of_an_age_that_wants_a_second_look(cast, woman, deliver, year, age):
    person = woman(born=datetime.date(year, 1, 1))
    for write in (lambda **more: actions.register_pregnancy(by=cast.nurse, person=person, lmp=ago(100), **more), lambda **more: deliver(person, ago(2), weeks=39, **more)):
        with pytest.raises(Refused, match=f"{age} tuổi") as refused:
            write()
        assert refused.value.code == "ask_age"
    assert deliver(person, ago(2), weeks=39, confirmed=True).pk


def test_no_appointment_of_the_wrong_year_and_no_plan_before_the_pregnancy(cast, register):
    row = register()
    with pytest.raises(Refused, match="tháng và năm của ngày hẹn"):
        actions.record_contact(by=cast.nurse, person=row.person, on=ago(10), next_on=AS_OF + datetime.timedelta(380))
    with pytest.raises(Refused, match="trước ngày đầu của thai"):
        actions.set_birth_plan(by=cast.nurse, pregnancy=row, on=ago(201), place="station")


def test_brothers_and_sisters_of_one_name_are_asked_about_once(cast, register, deliver, woman):
    row, named = register(lmp=ago(280)), {**GIRL, "name": "Lê Thị Hoa"}
    with pytest.raises(Refused, match="trùng tên") as refused:
        deliver(row, ago(5), named, {**named, "name": "lê thị hoa"})
    assert refused.value.field == "1-name"
    Person.objects.create(full_name="Lê Thị Hoa", birth_date=ago(2000), sex="F", hamlet=row.person.hamlet, mother=row.person)
    with pytest.raises(Refused, match="trùng tên") as refused:
        deliver(row, ago(5), named)
    assert refused.value.field == "0-name"
    birth = deliver(row, ago(5), named, confirmed=True)
    line = birth.newborns.get()
    again = actions.record_newborn(by=cast.nurse, id=line.pk, weight_g=3300, name="Lê Thị Hoa")
    assert again.weight_g == 3300 and again.child_id == line.child_id
    with pytest.raises(Refused, match="trùng tên"):
        actions.record_newborn(by=cast.nurse, mother=row.person, on=ago(5), place="hospital", sex="F", name="Lê Thị Hoa")


def test_a_pregnancy_becomes_overdue_without_anybody_writing(cast, register):
    row = register(lmp=ago(286))
    assert row.risks == "" and [risk.code for risk in risks_told(row, private=False)] == []
    Pregnancy.objects.filter(pk=row.pk).update(since=ago(287))
    row.refresh_from_db()
    assert [risk.code for risk in risks_told(row, private=False)] == ["overdue"] and Pregnancy.objects.filter(at_risk(AS_OF)).exists()
    row.outcome = "delivered"
    assert risks_told(row, private=False) == []


@pytest.mark.parametrize(("last", "used"), [
    ({"act": "continue", "stock_out": True}, False), ({"act": "continue", "stock_out": True, "until": AS_OF}, True), ({"act": "start", "stock_out": True, "until": AS_OF}, False),
    ({"act": "continue", "quantity": 3}, True), ({"act": "stop"}, False),
])
def test_what_was_not_given_protects_nobody(cast, woman, last, used):
    person = woman()
    actions.record_planning(by=cast.nurse, person=person, on=ago(100), method="pill", quantity=3, until=ago(16))
    actions.record_planning(by=cast.nurse, person=person, on=ago(10), method="pill", **last)
    assert (method_on(person, AS_OF) is not None) is used is results_now("DS06", person)


@pytest.mark.parametrize("order", [("start", "stop"), ("stop", "start")])
def test_a_method_changed_on_one_day_is_used_whichever_was_written_first(cast, woman, order):
    person, lines = woman(), {"start": "iud", "stop": "pill"}
    for act in order:
        actions.record_planning(by=cast.nurse, person=person, on=ago(10), method=lines[act], act=act)
    held = method_on(person, AS_OF)
    assert held is not None and held.method == "iud" and results_now("DS07", person)


@pytest.mark.parametrize(("made", "fields", "said"), [
    ({"born": datetime.date(2018, 1, 1)}, {}, "8 tuổi"), ({"born": datetime.date(1960, 1, 1)}, {}, "66 tuổi"), ({}, {"quantity": 0}, "từ 1 đến 500"), ({}, {"quantity": 30000}, "từ 1 đến 500"),
])
def test_who_is_given_no_method_and_how_much_is_none(cast, woman, made, fields, said):
    with pytest.raises(Refused, match=said):
        actions.record_planning(by=cast.nurse, **{"person": woman(**made), "on": ago(10), "method": "pill", **fields})
    assert actions.record_planning(by=cast.nurse, person=woman("Trần Thị Tư", born=datetime.date(1960, 1, 1)), on=ago(10), method="iud", act="stop").pk


def test_no_method_goes_on_in_a_pregnancy_but_stops(cast, register):
    person = register().person
    with pytest.raises(Refused, match="đang có thai"):
        actions.record_planning(by=cast.nurse, person=person, on=ago(10), method="pill", act="continue")
    assert actions.record_planning(by=cast.nurse, person=person, on=ago(10), method="pill", act="stop", why="pregnancy").pk


def test_one_of_two_abortion_lines_taken_back_leaves_the_end(cast, register):
    row = register(lmp=ago(100), registered_on=ago(60))
    first = actions.record_abortion(by=cast.nurse, person=row.person, on=ago(30), method="medical")
    second = actions.record_abortion(by=cast.nurse, person=row.person, pregnancy=row, on=ago(28), method="vacuum")
    for line, outcome in ((first, "abortion"), (second, "")):
        actions.cancel_abortion(by=cast.nurse, id=line.pk, reason="ghi hai lần")
        row.refresh_from_db()
        assert row.outcome == outcome


def test_a_birth_is_not_taken_back_under_its_postnatal_contacts(cast, register, deliver):
    birth = deliver(register(lmp=ago(290)), ago(12), GIRL, {**GIRL, "sex": "M"})
    after = actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(5))
    with pytest.raises(Refused, match="1 lần khám sau sinh"):
        actions.cancel_delivery(by=cast.nurse, id=birth.pk, reason="nhầm người")
    assert Newborn.objects.filter(entered_in_error=False).count() == 2
    actions.cancel_postnatal(by=cast.nurse, id=after.pk, reason="nhầm người")
    assert actions.cancel_delivery(by=cast.nurse, id=birth.pk, reason="nhầm người").entered_in_error
    assert not Newborn.objects.filter(entered_in_error=False).exists() and Pregnancy.objects.get().outcome == ""


def test_everything_of_a_pregnancy_is_taken_back_on_its_pages(cast, enter, register, deliver):
    page, row = enter("nurse"), register(lmp=ago(290))
    contact = actions.record_contact(by=cast.nurse, person=row.person, on=ago(60))
    plan = actions.set_birth_plan(by=cast.nurse, pregnancy=row, on=ago(60), place="station")
    birth = deliver(row, ago(12))
    after = actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(5))

    def mistaken(name, fact=None, reason="nhầm người"):
        address = reverse(name, args=[row.pk]) + (f"?lan={fact.pk}" if fact else "")
        assert "ghi nhầm?" in page.get(address).content.decode()
        return page.post(address, {"do": "mistake", "reason": reason}, follow=True).content.decode()

    assert "Chưa ghi lý do" in mistaken("postnatal-new", after, reason=" ") and "khám sau sinh" in mistaken("delivery")
    for name, fact, model in (("postnatal-new", after, PostnatalContact), ("delivery", None, Delivery), ("birth-plan", None, BirthPlan), ("antenatal-new", contact, AntenatalContact), ("pregnancy-edit", None, Pregnancy)):
        assert "Đã đánh dấu" in mistaken(name, fact)
        assert model.objects.get().entered_in_error and model.objects.get().error_reason == "nhầm người"
    assert plan.pk and page.get(reverse("pregnancy", args=[row.pk])).status_code == 404


def test_a_birth_written_in_another_tab_is_not_written_over(cast, enter, register, deliver):
    page, row = enter("nurse"), register(lmp=ago(280))
    form = {"babies": "1", "on": typed(ago(5)), "place": "home", "0-sex": "M", "0-weight_g": "2900", "0-state": "well"}
    assert page.post(reverse("delivery", args=[row.pk]), form).status_code == 302
    again = page.post(reverse("delivery", args=[row.pk]), {**form, "place": "station", "0-weight_g": "3900"})
    assert again.status_code == 409 and "vừa được ghi ở một trang khác" in again.content.decode()
    assert Delivery.objects.get().place == "home" and Newborn.objects.get().weight_g == 2900


def test_what_is_asked_can_be_answered_in_the_book(cast, enter, deliver, woman):
    page, line = enter("nurse"), deliver(woman(), ago(5), {"sex": "F", "weight_g": 1200}, weeks=30).newborns.get()
    address = reverse("register-edit", args=["births", line.pk])
    form = {name: field.value() or "" for name, field in ((field.name, field) for field in page.get(address).context["form"])}
    asked = page.post(address, {**form, "weight_g": "900"})
    assert asked.status_code == 422 and 'name="confirmed"' in asked.content.decode()
    assert 'name="confirmed"' not in page.get(address).content.decode()
    assert page.post(address, {**form, "weight_g": "900", "confirmed": "1"}).status_code == 302
    line.refresh_from_db()
    assert line.weight_g == 900


def test_a_file_is_told_where_to_confirm(cast, woman):
    person = woman(born=datetime.date(2014, 1, 1))
    with pytest.raises(Refused) as refused:
        actions.register_pregnancies([(None, {"person": person, "lmp": ago(100), "registered_on": ago(50)})], by=cast.nurse, import_id=new_id())
    assert BY_HAND in refused.value.message and CONFIRM not in refused.value.message


def test_the_book_shows_a_fault_at_its_own_cell(cast, register):
    row = register(lmp=ago(280))
    for fields, field in (({"weight_g": 900}, "weight_g"), ({"national_id": "123"}, "national_id"), ({"hepatitis_b_at": "01/05/2026 07:30"}, "hepatitis_b_at"), ({"on": ago(150)}, "on")):
        with pytest.raises(Refused) as refused:
            actions.record_newborn(by=cast.nurse, **{"mother": row.person, "on": ago(5), "place": "hospital", **GIRL, **fields})
        assert refused.value.field == field


def test_a_fault_of_twins_names_the_child(enter, register):
    page, row = enter("nurse"), register(lmp=ago(280))
    birth = {"babies": "2", "on": typed(ago(5)), "place": "home", "0-sex": "M", "0-weight_g": "2900", "0-state": "well", "1-sex": "M", "1-weight_g": "29", "1-state": "well"}
    shown = page.post(reverse("delivery", args=[row.pk]), birth).content.decode()
    assert "Con thứ 2, Cân nặng (g)" in shown and "Con thứ 1, Cân nặng (g)" not in shown


def test_who_is_not_followed_is_said_in_words(cast, enter, woman, deliver):
    birth = deliver(woman(), ago(5), weeks=39)
    assert "không quản lý" in enter("nurse").get(reverse("pregnancy", args=[birth.pregnancy_id])).content.decode()


def test_who_left_while_pregnant_is_waited_for_no_more_but_told(cast, enter, register):
    page, row = enter("nurse"), register(lmp=ago(150))
    landing, book, own = reverse("maternal"), reverse("register", args=["pregnancies"]), reverse("pregnancy", args=[row.pk])
    assert page.get(landing).context["counts"] == {"open": 1, "late": 1, "risk": 0, "near": 0, "left": 0} and "Đã chuyển đi" not in page.get(own).content.decode()
    record_departure(by=cast.nurse, person=row.person, on=ago(10))
    shown = page.get(landing)
    assert shown.context["counts"] == {"open": 0, "late": 0, "risk": 0, "near": 0, "left": 1} and "chưa ghi kết thúc" in shown.content.decode()
    assert "Nguyễn Thị Mận" in page.get(book, {"state": "left"}).content.decode() and "Nguyễn Thị Mận" not in page.get(book).content.decode()
    assert "Ghi kết thúc thai kỳ là chuyển đi" in page.get(own).content.decode()
    actions.end_pregnancy(by=cast.nurse, id=row.pk, outcome="moved", ended_on=ago(10))
    assert page.get(landing).context["counts"]["left"] == 0


def test_the_child_of_who_left_or_stays_for_a_while_is_no_resident(cast, register, deliver, woman):
    row = register(lmp=ago(280))
    record_departure(by=cast.nurse, person=row.person, on=ago(10))
    with pytest.raises(Refused, match="đã chuyển đi trước ngày") as refused:
        deliver(row, ago(2))
    assert refused.value.code == "ask_left" and not Newborn.objects.exists()
    guest = woman("Trần Thị Lan", household=False)
    Residence.objects.filter(person=guest).update(kind="temporary", start=ago(5))
    for born in (deliver(row, ago(2), confirmed=True), deliver(guest, ago(2), weeks=39)):
        assert [one.kind for one in born.newborns.get().child.residences.all()] == ["temporary"]
    assert deliver(woman("Lê Thị Na", household=False), ago(2), weeks=39).newborns.get().child.residences.get().kind == "permanent"
