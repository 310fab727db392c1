"""Writing pregnancies, contacts and births: what follows, and what a good midwife-in-charge would say of bad input."""

import datetime

import pytest

from tramyte.care.maternal import actions
from tramyte.care.maternal.columns import method
from tramyte.care.maternal.models import Abortion, AntenatalContact, Delivery, Newborn, Pregnancy
from tramyte.care.people.actions import merge_persons, record_birth, record_death
from tramyte.care.people.expecting import expecting
from tramyte.care.people.models import Person
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.refused import Refused

pytestmark = pytest.mark.django_db
AS_OF = datetime.date(2026, 6, 3)
GIRL = {"sex": "F", "weight_g": 3200}


def ago(days):
    """The day so many days before the day of the tests."""
    return AS_OF - datetime.timedelta(days=days)


def test_a_pregnancy_is_dated_and_known_to_other_topics(cast, register):
    row = register(lmp=ago(100), registered_on=ago(20))
    assert (row.since, row.due_on, row.dated_by, row.outcome) == (ago(100), ago(100) + datetime.timedelta(280), "lmp", "")
    assert row.next_due == ago(100) + datetime.timedelta(84)
    found = expecting(AS_OF, [row.person_id])[row.person_id]
    assert (found.pregnancy, found.since, found.due_on, found.days(AS_OF)) == (row.pk, row.since, row.due_on, 100)
    assert expecting(ago(101)) == {} and expecting(AS_OF, []) == {}
    assert list(expecting(AS_OF)) == [row.person_id]


def test_who_died_or_gave_birth_expects_no_more(cast, register, woman):
    dead, delivered = register(), register(person=woman("Trần Thị Lan"), lmp=ago(280))
    record_death(by=cast.nurse, person=dead.person, on=ago(3))
    actions.record_delivery(by=cast.nurse, person=delivered.person, on=ago(5), place="hospital", newborns=[GIRL])
    assert set(expecting(ago(5))) == {dead.person_id}
    assert expecting(AS_OF) == {}


def test_contacts_set_the_next_visit_and_the_risks(cast, register):
    row = register(lmp=ago(200))
    actions.record_contact(by=cast.nurse, person=row.person, on=ago(120), systolic=145, diastolic=92, protein="2+", hiv="pos")
    row.refresh_from_db()
    assert row.risks.split() == ["pressure", "protein", "hiv"]
    assert row.next_due == ago(200) + datetime.timedelta(168)
    made = actions.record_contact(by=cast.nurse, person=row.person, on=ago(10), systolic=120, diastolic=80, next_on=AS_OF)
    row.refresh_from_db()
    assert row.risks == "hiv" and row.next_due == AS_OF and (made.gestation, made.term) == (190, 2)
    actions.cancel_contact(by=cast.nurse, id=made.pk, reason="nhầm người")
    row.refresh_from_db()
    assert "pressure" in row.risks and row.next_due == ago(200) + datetime.timedelta(168)


def test_a_contact_with_the_last_period_opens_the_pregnancy(cast, woman):
    made = actions.record_contact(by=cast.nurse, person=woman(), on=ago(10), lmp=ago(80), gravida=2, para="1001", height_cm=144)
    assert (made.pregnancy.lmp, made.pregnancy.registered_on, made.pregnancy.para, made.term) == (ago(80), ago(10), "1001", 1)
    assert Pregnancy.objects.get().risks == "short"


def test_a_new_date_counts_for_the_contacts_too(cast, register):
    row = register(lmp=ago(200))
    made = actions.record_contact(by=cast.nurse, person=row.person, on=ago(110))
    actions.register_pregnancy(by=cast.nurse, id=row.pk, scan_on=ago(110), scan_days=110)
    made.refresh_from_db()
    row.refresh_from_db()
    assert (row.dated_by, row.since, made.gestation, made.term) == ("scan", ago(220), 110, 2)
    with pytest.raises(Refused, match="nằm ngoài thai kỳ"):
        actions.register_pregnancy(by=cast.nurse, id=row.pk, lmp=ago(100), scan_on=None, scan_days=None, registered_on=ago(90))


def test_a_birth_makes_the_child_and_ends_the_pregnancy(cast, register):
    row = register(lmp=ago(275))
    made = actions.record_delivery(
        by=cast.nurse, person=row.person, on=ago(2), at="07:30", place="station", attendant="midwife", mode="vaginal", newborns=[{**GIRL, "name": "Lê Thị Hoa"}])
    row.refresh_from_db()
    child = made.newborns.get().child
    assert (row.outcome, row.ended_on, made.gestation) == ("delivered", ago(2), 273)
    assert (child.full_name, child.birth_date, child.mother_id, child.household_id, child.relation) == ("Lê Thị Hoa", ago(2), row.person_id, row.person.household_id, "Con")
    assert child.identifiers.get().kind == "temporary" and child.residences.get().start == ago(2)
    assert AuditEntry.objects.filter(action="record_delivery").count() == 1


def test_twins_without_names_or_a_household(cast, register, woman):
    row = register(person=woman(household=False), lmp=ago(260), fetuses=2)
    made = actions.record_delivery(by=cast.nurse, person=row.person, on=ago(2), place="hospital", newborns=[GIRL, {**GIRL, "order": 2, "weight_g": 2100}])
    children = [one.child for one in made.newborns.order_by("order")]
    assert [one.full_name for one in children] == ["Con Bà Mận", "Con Bà Mận Hai"] and len({one.pk for one in children}) == 2
    assert {one.hamlet_id for one in children} == {row.person.hamlet_id}


def test_a_child_that_the_village_entered_is_taken_and_not_doubled(cast, register):
    row = register(lmp=ago(275))
    entered = record_birth(by=cast.nurse, household=row.person.household, full_name="Lê Thị Hoa", birth_date=ago(2), sex="F", mother=row.person)
    made = actions.record_delivery(by=cast.nurse, person=row.person, on=ago(2), place="hospital", newborns=[GIRL])
    assert made.newborns.get().child_id == entered.pk and Person.objects.filter(mother=row.person).count() == 1


def test_a_stillbirth_makes_no_person(cast, register):
    row = register(lmp=ago(210))
    made = actions.record_delivery(by=cast.nurse, person=row.person, on=ago(2), place="hospital", newborns=[{"sex": "M", "weight_g": 1200, "state": "stillborn"}])
    row.refresh_from_db()
    assert row.outcome == "stillbirth" and made.newborns.get().child is None and not Person.objects.filter(mother=row.person).exists()


def test_correcting_a_birth_moves_the_child_with_it(cast, register):
    row = register(lmp=ago(275))
    made = actions.record_delivery(by=cast.nurse, person=row.person, on=ago(2), place="hospital", newborns=[GIRL])
    actions.record_delivery(by=cast.nurse, id=made.pk, seen_version=1, on=ago(3), newborns=[{"id": made.newborns.get().pk, "sex": "M", "weight_g": 3100}])
    line = Newborn.objects.get()
    row.refresh_from_db()
    assert (line.on, line.weight_g, line.child.sex, line.child.birth_date, row.ended_on) == (ago(3), 3100, "M", ago(3), ago(3))


def test_a_birth_taken_back_opens_the_pregnancy_again(cast, register):
    row = register(lmp=ago(275))
    actions.record_delivery(by=cast.nurse, person=row.person, on=ago(2), place="hospital", newborns=[GIRL])
    actions.cancel_newborn(by=cast.nurse, id=Newborn.objects.get().pk, reason="nhầm người")
    row.refresh_from_db()
    assert (row.outcome, row.ended_on) == ("", None) and Delivery.objects.get().entered_in_error


def test_a_woman_who_was_not_followed(cast, woman):
    person = woman()
    with pytest.raises(Refused, match="tuổi thai lúc đẻ"):
        actions.record_delivery(by=cast.nurse, person=person, on=ago(2), place="home", newborns=[GIRL])
    made = actions.record_delivery(by=cast.nurse, person=person, on=ago(2), place="home", weeks=39, newborns=[GIRL])
    assert (made.pregnancy.dated_by, made.pregnancy.registered_on, made.gestation) == ("birth", None, 273)
    actions.cancel_newborn(by=cast.nurse, id=Newborn.objects.get().pk, reason="nhầm người")
    assert Pregnancy.objects.get().entered_in_error


def test_an_abortion_ends_the_pregnancy_and_lets_it_go_on(cast, register):
    row = register(lmp=ago(60), registered_on=ago(30))
    made = actions.record_abortion(by=cast.nurse, person=row.person, on=ago(5), method="medical")
    row.refresh_from_db()
    assert (row.outcome, made.gestation) == ("abortion", 55)
    actions.cancel_abortion(by=cast.nurse, id=made.pk, reason="nhầm người")
    row.refresh_from_db()
    assert row.outcome == "" and Abortion.objects.get().entered_in_error


def test_weeks_after_the_birth(cast, register):
    row = register(lmp=ago(290))
    birth = actions.record_delivery(by=cast.nurse, person=row.person, on=ago(10), place="hospital", newborns=[GIRL])
    made = actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(4), breastfeeding=True)
    assert (made.day, made.person_id) == (6, row.person_id)
    for fields, said in (({"on": ago(11)}, "trước ngày đẻ"), ({"on": AS_OF + datetime.timedelta(1)}, "chưa đến"), ({"on": ago(3), "mother_seen": False, "child_seen": False}, "khám mẹ hay con")):
        with pytest.raises(Refused, match=said):
            actions.record_postnatal(by=cast.nurse, delivery=birth, **fields)


def test_no_child_is_seen_after_a_stillbirth_or_a_death(cast, register, woman):
    for person, state, died_on in ((woman(), "stillborn", None), (woman("Lê Thị Na"), "well", ago(6))):
        row = register(lmp=ago(290), person=person)
        birth = actions.record_delivery(by=cast.nurse, person=person, on=ago(10), place="hospital", newborns=[{**GIRL, "state": state}])
        if died_on:
            Person.objects.filter(mother=person).update(died_on=died_on)
        with pytest.raises(Refused, match="không có con nào còn sống") as refused:
            actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(4))
        assert refused.value.field == "child_seen"
        assert actions.record_postnatal(by=cast.nurse, delivery=birth, on=ago(4), child_seen=False).delivery.pregnancy_id == row.pk


@pytest.mark.parametrize(("fields", "field", "said"), [
    ({"lmp": AS_OF + datetime.timedelta(2)}, "lmp", "chưa đến"), ({"lmp": ago(100 + 316)}, "lmp", "hơn 45 tuần"), ({"lmp": ago(99)}, "lmp", "sau ngày đăng ký"),
    ({"lmp": ago(100 + 281)}, "lmp", "đã qua"), ({"lmp": None}, "lmp", "chưa có siêu âm"), ({"scan_on": ago(150)}, "scan_days", "cả ngày làm và tuổi thai"),
    ({"scan_on": ago(150), "scan_days": 99 * 7}, "scan_days", "từ 4 đến 45 tuần"), ({"scan_on": ago(230), "scan_days": 60}, "scan_on", "khi ấy chưa có thai này"),
    ({"scan_on": AS_OF + datetime.timedelta(1), "scan_days": 80}, "scan_on", "chưa đến"), ({"registered_on": AS_OF + datetime.timedelta(1)}, "registered_on", "chưa đến"),
])
def test_days_that_cannot_be(register, fields, field, said):
    with pytest.raises(Refused, match=said) as refused:
        register(**fields)
    assert refused.value.field == field and not Pregnancy.objects.exists()


@pytest.mark.parametrize(("made", "said"), [
    ({"sex": "M"}, "giới tính nam"), ({"born": datetime.date(2018, 1, 1)}, "8 tuổi"), ({"born": datetime.date(1960, 1, 1)}, "66 tuổi"), ({"died_on": ago(101)}, "đã mất ngày"),
])
def test_people_who_cannot_be(cast, woman, made, said):
    with pytest.raises(Refused, match=said):
        actions.register_pregnancy(by=cast.nurse, person=woman(**made), lmp=ago(200), registered_on=ago(100))


def test_an_odd_age_is_asked_once_and_believed_then(cast, woman):
    assert actions.register_pregnancy(by=cast.nurse, person=woman(born=datetime.date(1965, 1, 1)), lmp=ago(100), confirmed=True).pk


def test_a_merged_record_is_named_with_the_one_that_stands_for_it(cast, woman):
    kept, gone = woman(), woman("Nguyễn Thị Mần")
    merge_persons(by=cast.nurse, survivor=kept, lesser=gone)
    with pytest.raises(Refused, match="gộp vào hồ sơ của Nguyễn Thị Mận"):
        actions.register_pregnancy(by=cast.nurse, person=gone, lmp=ago(100))


def test_two_open_pregnancies_and_one_within_another(cast, register):
    row = register(lmp=ago(275))
    with pytest.raises(Refused, match="chưa ghi kết thúc"):
        register(person=row.person, lmp=ago(120))
    actions.end_pregnancy(by=cast.nurse, id=row.pk, outcome="miscarriage", ended_on=ago(150))
    with pytest.raises(Refused, match="thai kỳ trước kết thúc"):
        register(person=row.person, lmp=ago(160))
    assert register(person=row.person, lmp=ago(149)).pk


@pytest.mark.parametrize(("fields", "field", "said"), [
    ({"on": ago(201)}, "on", "trước"), ({"on": AS_OF + datetime.timedelta(1)}, "on", "chưa đến"), ({"systolic": 80, "diastolic": 120}, "diastolic", "đổi chỗ"),
    ({"next_on": ago(10)}, "next_on", "không sau ngày khám"), ({"weight_kg": 520}, "weight_kg", "từ 25 đến 200"),
])
def test_contacts_that_cannot_be(cast, register, fields, field, said):
    row = register()
    with pytest.raises(Refused, match=said) as refused:
        actions.record_contact(by=cast.nurse, **{"person": row.person, "pregnancy": row, "on": ago(10), **fields})
    assert refused.value.field == field and not AntenatalContact.objects.exists()


def test_a_contact_of_nobody_pregnant_or_after_the_birth(cast, register, woman):
    with pytest.raises(Refused, match="Hãy ghi ngày đầu kỳ kinh cuối"):
        actions.record_contact(by=cast.nurse, person=woman(), on=ago(10))
    row = register(person=woman("Trần Thị Lan"), lmp=ago(280))
    actions.record_delivery(by=cast.nurse, person=row.person, on=ago(10), place="hospital", newborns=[GIRL])
    with pytest.raises(Refused, match="đã kết thúc ngày"):
        actions.record_contact(by=cast.nurse, person=row.person, pregnancy=row, on=ago(5))


@pytest.mark.parametrize(("fields", "baby", "field", "said"), [
    ({"on": ago(80)}, {}, "on", "sảy thai hoặc phá thai"), ({"on": AS_OF + datetime.timedelta(1)}, {}, "on", "chưa đến"), ({"weeks": 39}, {}, "weeks", "máy tính"),
    ({}, {"weight_g": 3}, "0-weight_g", "3 kg thì ghi 3000"), ({}, {"weight_g": 32}, "0-weight_g", "3,2 kg thì ghi 3200"), ({}, {"weight_g": 32000}, "0-weight_g", "không thể nặng"),
    ({}, {"weight_g": 900}, "0-weight_g", "hiếm gặp"), ({}, {"sex": ""}, "0-sex", "Chưa ghi giới"),
    ({"at": "10:00"}, {"hepatitis_b_at": datetime.datetime(2026, 6, 1, 2, 0, tzinfo=datetime.UTC)}, "0-hepatitis_b_at", "trước giờ sinh"),
    ({}, {"certificate_on": ago(3)}, "certificate_on", "từ ngày đẻ"), ({}, {"national_id": "123"}, "0-national_id", "chữ số"),
])
def test_births_that_cannot_be(cast, register, fields, baby, field, said):
    row = register(lmp=ago(210))
    with pytest.raises(Refused, match=said) as refused:
        actions.record_delivery(by=cast.nurse, **{"person": row.person, "on": ago(2), "place": "hospital", "newborns": [{**GIRL, "weight_g": 1500, **baby}], **fields})
    assert refused.value.field == field and not Delivery.objects.exists() and not Newborn.objects.exists()


def test_twins_with_one_number_and_a_number_of_somebody_else(cast, register):
    row = register(lmp=ago(275))
    def both(first, second):
        return actions.record_delivery(
            by=cast.nurse, person=row.person, on=ago(2), place="hospital", newborns=[{**GIRL, "national_id": first}, {**GIRL, "order": 2, "national_id": second}])
    with pytest.raises(Refused, match="mỗi trẻ có số riêng"):
        both("037326000055", "037326000055")
    with pytest.raises(Refused, match="đang là của Nguyễn Thị Mận"):
        both("", "037196000001")
    assert {one.child.identifiers.get(kind="national").value for one in both("037326000055", "037326000056").newborns.all()} == {"037326000055", "037326000056"}


def test_endings_that_belong_elsewhere(cast, register):
    row = register()
    for outcome, on, said in (("delivered", ago(2), "sổ của việc đó"), ("miscarriage", ago(2), "từ 20 tuần"), ("miscarriage", ago(300), "trước ngày đầu của thai")):
        with pytest.raises(Refused, match=said):
            actions.end_pregnancy(by=cast.nurse, id=row.pk, outcome=outcome, ended_on=on)


def test_who_may_not_write(cast, register):
    row = register()
    for user in (cast.village_worker, cast.stranger, cast.officer):
        with pytest.raises(Refused) as refused:
            actions.record_contact(by=user, person=row.person, on=ago(10))
        assert refused.value.status in {403, 404}


@pytest.mark.parametrize(("made", "fields", "said"), [
    ({"sex": "M"}, {"method": "iud"}, "là nam"), ({}, {"method": "male_sterilization"}, "là nữ"), ({}, {"until": ago(20)}, "trước ngày cấp"), ({}, {"stock_out": True, "quantity": 3}, "vẫn ghi số lượng 3"), ({}, {"on": AS_OF + datetime.timedelta(1)}, "chưa đến"),
])
def test_family_planning_that_cannot_be(cast, woman, made, fields, said):
    with pytest.raises(Refused, match=said):
        actions.record_planning(by=cast.nurse, **{"person": woman(**made), "on": ago(10), "method": "pill", **fields})


def test_no_method_begins_in_a_pregnancy(cast, register):
    with pytest.raises(Refused, match="đang có thai"):
        actions.record_planning(by=cast.nurse, person=register().person, on=ago(10), method="pill")


@pytest.mark.parametrize(("made", "kind", "said"), [
    ({"sex": "M"}, "prenatal", "thai phụ"), ({}, "newborn", "chọn đúng trẻ"), ({"born": datetime.date(2012, 1, 1)}, "premarital", "chưa đến tuổi"), ({}, "adolescent", "10 đến 24"),
])
def test_screenings_of_the_wrong_people(cast, woman, made, kind, said):
    with pytest.raises(Refused, match=said):
        actions.record_screening(by=cast.nurse, person=woman(**made), on=ago(10), kind=kind)


def test_what_the_station_had_none_of_stands_in_no_column_of_supplies(cast, woman):
    row = actions.record_planning(by=cast.nurse, person=woman(), on=ago(3), method="pill", act="continue", stock_out=True)
    given = actions.record_planning(by=cast.nurse, person=row.person, on=ago(2), method="pill", act="continue", quantity=3)
    shown = method("pill")
    assert (shown(row), shown(given), method("iud")(given)) == ("", "3", "")


def test_no_indicator_speaks_english_of_its_source():
    assert [code for code, one in INDICATORS.items() if "[" in one.source] == []
