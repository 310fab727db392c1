"""The death record: one writer, the person and the residences follow it, and taking it back restores them exactly."""

import datetime

import pytest

from tramyte.care.people import actions, columns
from tramyte.care.people.models import Coverage, Death, Person, Residence
from tramyte.engine.refused import Refused

D = datetime.date


def state(person):
    """What a death changes of a person, without versions."""
    stays = Residence.objects.filter(person=person).order_by("pk").values("place", "kind", "start", "end", "reason", "ended_by", "entered_in_error")
    return Person.objects.values("died_on", "hamlet", "household").get(pk=person.pk), list(stays)


@pytest.fixture
def settled(register, cast):
    """A woman with a home, a temporary stay that will end by its date, an absence, a card."""
    made = register("Nguyễn Thị Mận", "12/05/1990", "F", since=D(2010, 1, 1))
    actions.record_residence(by=cast.nurse, person=made, place=cast.hamlets[1], kind="temporary", start=D(2026, 1, 1), end=D(2026, 12, 31), reason="làm thuê")
    actions.record_residence(by=cast.nurse, person=made, place=cast.hamlets[0], kind="absent", start=D(2026, 1, 1), reason="đi làm")
    actions.record_coverage(by=cast.nurse, person=made, card_number="GD4370100123456", start=D(2026, 1, 1), end=D(2026, 12, 31))
    return made


def test_the_person_follows_and_comes_back_exactly(settled, cast):
    before = state(settled)
    made = actions.record_death(by=cast.nurse, person=settled, on=D(2026, 5, 1), at="07:30", cause="Tai nạn giao thông", icd10="v29.9")
    assert (made.icd10, made.recorder, made.age_group) == ("V29.9", "Lê Thị Lan", "older")
    assert Person.objects.get(pk=settled.pk).died_on == D(2026, 5, 1)
    assert {row.end for row in Residence.objects.all()} == {D(2026, 5, 1)} and {row.ended_by for row in Residence.objects.all()} == {made.pk}
    assert Coverage.objects.get().end == D(2026, 12, 31) and not Coverage.objects.get().entered_in_error
    actions.cancel_death(by=cast.nurse, id=made.pk, reason="ghi nhầm người cùng tên")
    assert state(settled) == before
    assert actions.record_death(by=cast.nurse, person=settled, on=D(2026, 5, 2)).pk != made.pk


@pytest.mark.parametrize("day", [D(2026, 4, 1), D(2026, 6, 1)])
def test_a_corrected_day_moves_everything_and_still_comes_back(settled, cast, day):
    before = state(settled)
    made = actions.record_death(by=cast.nurse, person=settled, on=D(2026, 5, 1))
    actions.record_death(by=cast.nurse, id=made.pk, seen_version=1, on=day, setting="home")
    assert Person.objects.get(pk=settled.pk).died_on == day and {row.end for row in Residence.objects.all()} == {day}
    actions.record_death(by=cast.nurse, id=made.pk, cause="Ung thư gan")
    actions.retract_death(by=cast.nurse, person=settled, reason="nhầm")
    assert state(settled) == before


def test_the_wrong_person_is_corrected(settled, register, cast):
    before, other = state(settled), register("Trần Thị Bưởi", "01/02/1991", "F", since=D(2000, 1, 1))
    made = actions.record_death(by=cast.nurse, person=settled, on=D(2026, 5, 1))
    actions.record_death(by=cast.nurse, id=made.pk, person=other)
    assert state(settled) == before
    assert Person.objects.get(pk=other.pk).died_on == D(2026, 5, 1) and other.residences.get().end == D(2026, 5, 1)


@pytest.mark.parametrize(("fields", "field", "word"), [
    ({"on": D(2026, 6, 4)}, "on", "tương lai"), ({"on": D(1990, 5, 11)}, "on", "đứng trước ngày sinh"), ({"on": None}, "on", "để trống"),
    ({"on": D(2026, 5, 1), "icd10": "tim"}, "icd10", "ICD-10"), ({"on": D(2026, 5, 1), "at": "25:00"}, "at", "07:30"),
    ({"on": D(1995, 5, 1), "maternal": True}, "maternal", "sinh đẻ"),
])
def test_refusals_leave_nothing(settled, cast, fields, field, word):
    before = state(settled)
    with pytest.raises(Refused, match=word) as refusal:
        actions.record_death(by=cast.nurse, person=settled, **fields)
    assert refusal.value.field == field
    assert state(settled) == before and not Death.objects.exists()


def test_rights_versions_and_the_second_death(settled, register, cast):
    for user in (cast.stranger, cast.officer):
        with pytest.raises(Refused):
            actions.record_death(by=user, person=settled, on=D(2026, 5, 1))
    made = actions.record_death(by=cast.nurse, person=settled, on=D(2026, 5, 1))
    with pytest.raises(Refused, match="Đã ghi người này mất ngày 01/05/2026"):
        actions.record_death(by=cast.nurse, person=settled, on=D(2026, 5, 1))
    actions.record_death(by=cast.clinician, id=made.pk, cause="Suy tim")
    with pytest.raises(Refused) as refusal:
        actions.record_death(by=cast.nurse, id=made.pk, seen_version=1, cause="Khác")
    assert refusal.value.status == 409
    with pytest.raises(Refused, match="lý do"):
        actions.cancel_death(by=cast.nurse, id=made.pk, reason=" ")
    with pytest.raises(Refused) as refusal:
        actions.cancel_death(by=cast.stranger, id=made.pk, reason="x")
    assert refusal.value.status == 404


@pytest.mark.parametrize(("born", "died", "group", "words"), [
    ("01/05/2026", D(2026, 5, 1), "newborn", "0 ngày"), ("01/05/2026", D(2026, 5, 28), "newborn", "27 ngày"), ("01/05/2026", D(2026, 5, 29), "infant", "28 ngày"),
    ("03/06/2025", D(2026, 6, 2), "infant", "11 tháng"), ("02/06/2025", D(2026, 6, 2), "child", "12 tháng"), ("29/02/2024", D(2025, 2, 28), "infant", "11 tháng"),
    ("03/06/2021", D(2026, 6, 2), "child", "59 tháng"), ("02/06/2021", D(2026, 6, 2), "older", "60 tháng"), ("12/05/1956", D(2026, 5, 11), "older", "69 tuổi"),
])
def test_age_at_death(register, cast, born, died, group, words):
    made = actions.record_death(by=cast.nurse, person=register(born=born), on=died)
    assert (made.age_group, columns.shown_age_at_death(made)) == (group, words)
    assert columns.shown_child(made) == ("" if group == "older" else made.get_age_group_display())


@pytest.mark.parametrize(("typed", "hour"), [("7:30", "07:30"), ("7h30", "07:30"), ("23 giờ 5", "23:05"), ("0h", "00:00"), ("24:00", None), ("7.30", None), ("sáng", None)])
def test_hours_as_people_write_them(typed, hour):
    if hour is None:
        with pytest.raises(ValueError, match="07:30"):
            columns.hour_words(typed)
    else:
        assert columns.hour_words(typed) == hour


def test_the_page_writes_the_whole_record(enter, settled, cast):
    client = enter("nurse")
    sent = {"on": "01/05/2026", "at": "7h30", "setting": "home", "cause": "Băng huyết sau đẻ", "icd10": "O72.1", "maternal": "1", "attended": "0", "informant": "gia đình"}
    assert client.post(f"/nguoi-dan/{settled.pk}/mat/", sent | {"icd10": "tim"}).status_code == 422
    assert client.post(f"/nguoi-dan/{settled.pk}/mat/", sent).status_code == 302
    made = Death.objects.get()
    assert (made.at, made.setting, made.maternal, made.attended, made.informant) == ("07:30", "home", True, False, "gia đình")
    listed = client.get("/so/deaths/", {"period": "2026-Q2"}).content.decode()
    assert "Băng huyết sau đẻ" in listed and "chưa đối chiếu văn bản gốc" in listed
    assert client.get("/so/deaths/", {"age": "child", "as": "json"}).json()["count"] == 0
    Person.objects.filter(pk=settled.pk).update(entered_in_error=True)
    assert client.get("/so/deaths/", {"as": "json"}).json()["count"] == 0
