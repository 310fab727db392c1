"""Each action: done, refused, refused for a stranger."""

import datetime

import pytest

from tramyte.care.people import actions
from tramyte.care.people.models import Coverage, Identifier, Person, Residence
from tramyte.care.people.queries import find_person, possible_duplicates
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.rules.identity import Identity

D = datetime.date


def test_register_person_keeps_residence_numbers_and_audit(register, cast):
    person = register(national_id="037056001234", insurance_number="GD4370100123456", phone="+84 912 345 678")
    assert (person.full_name, person.hamlet, person.phone) == ("Nguyễn Văn A", cast.hamlets[0], "0912345678")
    assert dict(person.identifiers.values_list("kind", "value")) == {"national": "037056001234", "insurance": "0100123456"}
    assert person.residences.get().kind == "permanent"
    assert chain.verify().broken_at is None


@pytest.mark.parametrize(("fields", "field", "word"), [
    ({"full_name": "Ă" * 10_000}, "full_name", "10000 ký tự"),
    ({"full_name": "\x00\x07"}, "full_name", "để trống"),
    ({"full_name": "An <script>"}, "full_name", "không phải chữ cái"),
    ({"birth_date": D(2026, 6, 4)}, "birth_date", "tương lai"),
    ({"birth_date": D(1880, 1, 1)}, "birth_date", "quá 120 năm"),
    ({"birth_date": None}, "birth_date", "để trống"),
    ({"national_id": "37056001234"}, "national_id", "mất một số 0"),
    ({"insurance_number": "GD9370100123456"}, "insurance_number", "không đúng mẫu"),
    ({"phone": "12345"}, "phone", "Số điện thoại"),
    ({"sex": "X"}, "sex", "Giới tính"),
    ({"occupation": "x" * 61}, "occupation", "Nghề nghiệp"),
    ({"since": D(1950, 1, 1)}, "start", "trước ngày sinh"),
])
def test_register_person_refuses_with_a_sentence_and_writes_nothing(cast, fields, field, word):
    given = {"full_name": "Nguyễn Văn A", "birth_date": D(1956, 5, 12), "sex": "M", "hamlet": cast.hamlets[0]} | fields
    with pytest.raises(Refused) as refusal:
        actions.register_person(by=cast.nurse, **given)
    assert refusal.value.field == field and word in refusal.value.message
    assert not Person.objects.exists()


def test_a_commune_is_no_hamlet(cast):
    with pytest.raises(Refused, match="thôn"):
        actions.register_person(by=cast.nurse, full_name="A", birth_date=D(2000, 1, 1), sex="F", hamlet=cast.commune)


@pytest.mark.parametrize(("user", "hamlet", "allowed"), [
    ("nurse", 0, True), ("director", 2, True), ("village_worker", 0, True), ("village_worker", 1, False),
    ("stranger", 0, False), ("officer", 0, False), ("chairman", 0, False), ("admin", 0, False)])
def test_who_may_register(register, cast, user, hamlet, allowed):
    if allowed:
        assert register(by=cast.users[user], hamlet=cast.hamlets[hamlet]).pk
        return
    with pytest.raises(Refused) as refusal:
        register(by=cast.users[user], hamlet=cast.hamlets[hamlet])
    assert refusal.value.status == 403 and not Person.objects.exists()


def test_a_likely_duplicate_is_refused_until_somebody_has_looked(register):
    register()
    with pytest.raises(Refused, match="đã có trong sổ") as refusal:
        register(full_name="Nguyễn Văn A", confirmed=False)
    assert refusal.value.code == "duplicate"
    assert register(confirmed=True).pk


def test_duplicates_are_seen_only_within_reach(register, cast):
    register(national_id="037056001234")
    same = Identity("NGUYỄN VĂN A", D(1956, 5, 12), sex="M", national_id="037056001234")
    assert [match.verdict.kind for match in possible_duplicates(same, by=cast.nurse)] == ["same"]
    assert possible_duplicates(same, by=cast.stranger) == []
    assert possible_duplicates(Identity("Trần Thị B", D(1990, 1, 1), sex="F"), by=cast.nurse) == []


def test_change_person_sees_versions(register, cast):
    person = register()
    changed = actions.change_person(by=cast.nurse, id=person.pk, seen_version=person.version, occupation="nông dân")
    assert changed.version == person.version + 1
    with pytest.raises(Refused) as refusal:
        actions.change_person(by=cast.clinician, id=person.pk, seen_version=person.version, occupation="thợ")
    assert refusal.value.status == 409
    with pytest.raises(Refused) as refusal:
        actions.change_person(by=cast.stranger, id=person.pk, occupation="thợ")
    assert refusal.value.status == 404
    with pytest.raises(TypeError):
        actions.change_person(by=cast.nurse, id=person.pk, hamlet=cast.hamlets[1])


def test_a_corrected_number_stays_findable(register, cast):
    person = register(national_id="037056001234")
    actions.record_identifier(by=cast.nurse, person=person, kind="national", value="037056001235")
    assert find_person(national_id="037056001234") == person == find_person(national_id="037056001235")
    old = Identifier.objects.get(value="037056001234")
    assert old.valid_to == D(2026, 6, 2)
    again = actions.record_identifier(by=cast.nurse, person=person, kind="national", value="037 056 001 235")
    assert again.value == "037056001235" and person.identifiers.count() == 2


@pytest.mark.parametrize(("kind", "value"), [("national", "123456789"), ("old_national", "037056001234"), ("temporary", ""), ("insurance", "12")])
def test_numbers_of_the_wrong_kind(register, cast, kind, value):
    with pytest.raises(Refused):
        actions.record_identifier(by=cast.nurse, person=register(), kind=kind, value=value)


def test_a_move_ends_the_old_residence_and_the_hamlet_follows(register, cast):
    person = register(since=D(2020, 1, 1))
    actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="temporary", start=D(2026, 1, 1), end=D(2026, 3, 1))
    person.refresh_from_db()
    assert person.hamlet == cast.hamlets[0]  # that stay is over
    stay = actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="temporary", start=D(2026, 4, 1))
    person.refresh_from_db()
    assert person.hamlet == cast.hamlets[1]  # temporary over permanent
    actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[2], kind="permanent", start=D(2026, 5, 1))
    assert Residence.objects.get(kind="permanent", place=cast.hamlets[0]).end == D(2026, 4, 30)
    actions.end_residence(by=cast.nurse, id=stay.pk, end=D(2026, 6, 2), reason="về nhà")
    person.refresh_from_db()
    assert person.hamlet == cast.hamlets[2]


def test_residence_refusals(register, cast):
    person = register(since=D(2020, 1, 1))
    with pytest.raises(Refused, match="phải sau ngày đó"):
        actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="permanent", start=D(2019, 1, 1))
    with pytest.raises(Refused, match="đứng trước ngày đầu"):
        actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="absent", start=D(2026, 1, 2), end=D(2026, 1, 1))
    with pytest.raises(Refused) as refusal:
        actions.record_residence(by=cast.village_worker, person=person, place=cast.hamlets[1], kind="permanent", start=D(2026, 1, 1))
    assert refusal.value.status == 403
    row = person.residences.get()
    assert row.end is None
    with pytest.raises(Refused):
        actions.end_residence(by=cast.stranger, id=row.pk, end=D(2026, 1, 1))
    actions.end_residence(by=cast.nurse, id=row.pk, end=D(2026, 6, 1))
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.end_residence(by=cast.nurse, id=row.pk, end=D(2026, 6, 2))


def test_death_ends_residences_and_can_be_taken_back(register, cast):
    person = register(since=D(2020, 1, 1))
    with pytest.raises(Refused, match="tương lai"):
        actions.record_death(by=cast.nurse, person=person, on=D(2026, 6, 4))
    with pytest.raises(Refused, match="đứng trước ngày sinh"):
        actions.record_death(by=cast.nurse, person=person, on=D(1950, 1, 1))
    actions.record_death(by=cast.nurse, person=person, on=D(2026, 6, 1))
    assert person.residences.get().end == D(2026, 6, 1)
    with pytest.raises(Refused):
        actions.record_death(by=cast.nurse, person=person, on=D(2026, 6, 1))
    with pytest.raises(Refused, match="đã mất"):
        actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="permanent", start=D(2026, 6, 2))
    actions.retract_death(by=cast.nurse, person=person, reason="ghi nhầm người cùng tên")
    person.refresh_from_db()
    assert person.is_alive and person.residences.get().end is None


def cover(cast, person, start, end, card="GD4370100123456", **fields):
    return actions.record_coverage(by=cast.nurse, person=person, card_number=card, start=start, end=end, **fields)


def test_record_and_renew_coverage(register, cast):
    person = register()
    cover(cast, person, D(2025, 1, 1), D(2025, 12, 31))
    assert person.identifiers.get(kind="insurance").value == "0100123456"
    renewed = actions.renew_coverage(by=cast.nurse, person=person)
    assert (renewed.start, renewed.end, renewed.group) == (D(2026, 6, 3), D(2027, 6, 2), "GD")
    after = actions.renew_coverage(by=cast.nurse, person=person)
    assert (after.start, after.end) == (D(2027, 6, 3), D(2028, 6, 2))
    actions.retract(by=cast.nurse, model=Coverage, id=after.pk, reason="bấm nhầm")
    assert actions.renew_coverage(by=cast.nurse, person=person, months=6).end == D(2027, 12, 2)


@pytest.mark.parametrize(("fields", "word"), [
    ({"start": D(2025, 12, 31), "end": D(2026, 12, 30)}, "bắt đầu từ 01/01/2026"),
    ({"start": D(2026, 2, 1), "end": D(2026, 1, 1)}, "đứng trước"),
    ({"start": D(2026, 1, 1), "end": D(2206, 1, 1)}, "10 năm"),
    ({"start": D(2026, 1, 1), "end": None}, "để trống"),
    ({"card": "0100123456", "group": "G1"}, "hai chữ cái"),
    ({"card": "GD437010012345"}, "14 ký tự"),
    ({"group": "HN"}, "khác hai chữ đầu"),
])
def test_coverage_refusals(register, cast, fields, word):
    person = register()
    cover(cast, person, D(2025, 1, 1), D(2025, 12, 31))
    with pytest.raises(Refused, match=word):
        cover(cast, person, **({"start": D(2026, 1, 1), "end": D(2026, 12, 31)} | fields))
    assert person.coverages.count() == 1


def test_coverage_is_changed_by_its_id_and_kept_from_strangers(register, cast):
    person = register()
    card = cover(cast, person, D(2025, 1, 1), D(2025, 12, 31))
    cover(cast, person, D(2025, 2, 1), D(2025, 12, 31), id=card.pk, seen_version=1)
    assert person.coverages.get().start == D(2025, 2, 1)
    for user in ("stranger", "officer"):
        with pytest.raises(Refused):
            actions.renew_coverage(by=cast.users[user], person=person)
    other = register("Trần Thị B", hamlet=cast.hamlets[1])
    with pytest.raises(Refused):
        actions.renew_coverage(by=cast.village_worker, person=other, card_number="GD4370100123457")


def test_entries(register, cast):
    person = register()
    with pytest.raises(Refused, match="chưa được lập"):
        actions.record_entry(by=cast.nurse, person=person, kind="updated")
    actions.record_entry(by=cast.nurse, person=person, kind="opened", on=D(2024, 1, 1))
    with pytest.raises(Refused, match="đã được lập ngày 01/01/2024"):
        actions.record_entry(by=cast.nurse, person=person, kind="opened")
    assert actions.record_entry(by=cast.nurse, person=person, kind="updated").on == D(2026, 6, 3)


def test_households(register, cast):
    one, two = register(), register("Trần Thị B", sex="F")
    home = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="0412", members=[(one, "Chủ hộ"), (two, "Vợ")])
    assert home.members.count() == 2
    with pytest.raises(Refused, match="đã có hộ mang số đó"):
        actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="0412")
    with pytest.raises(Refused, match="đã có chủ hộ"):
        actions.add_members(by=cast.nurse, household=home, members=[(two, "chủ hộ")])
    with pytest.raises(Refused):
        actions.add_members(by=cast.stranger, household=home, members=[(two, "Con")])
    with pytest.raises(Refused, match="đang có người"):
        actions.retract(by=cast.nurse, model=type(home), id=home.pk, reason="thử")
    assert actions.record_household(by=cast.nurse, id=home.pk, hamlet=home.hamlet, number="0413").number == "0413"


def test_a_move_taken_back_lets_the_former_stay_go_on(register, cast):
    person = register(since=D(2020, 1, 1))
    first = person.residences.get()
    second = actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="permanent", start=D(2026, 5, 1))
    first.refresh_from_db()
    assert (first.end, first.ended_by) == (D(2026, 4, 30), second.pk)
    actions.retract(by=cast.nurse, model=type(second), id=second.pk, reason="nhầm người")
    first.refresh_from_db()
    person.refresh_from_db()
    assert (first.end, first.ended_by, person.hamlet) == (None, None, cast.hamlets[0])


def test_a_stay_that_was_to_end_keeps_its_day_when_a_move_is_taken_back(register, cast):
    person = register(since=D(2020, 1, 1))
    actions.retract(by=cast.nurse, model=Residence, id=person.residences.get().pk, reason="nhập lại")
    stay = actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[0], kind="temporary", start=D(2026, 1, 1), end=D(2026, 12, 31), reason="đi học")
    move = actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="temporary", start=D(2026, 5, 1))
    actions.retract(by=cast.nurse, model=Residence, id=move.pk, reason="nhầm")
    stay.refresh_from_db()
    assert (stay.end, stay.reason) == (D(2026, 12, 31), "đi học")
