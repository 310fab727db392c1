"""The residents' file: every row judged, bad ones with reason and cell, written under one import, taken back."""

import csv
import datetime
import io

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.care.people import actions
from tramyte.care.people.models import Coverage, Household, Identifier, Person, Residence
from tramyte.care.people.queries import present_residence
from tramyte.care.people.search import find_people
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.engine.registers import loading, registry, staging

D = datetime.date
HEADS = ("Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Số hộ", "Quan hệ với chủ hộ", "Số định danh", "Số thẻ BHYT", "BHYT từ ngày", "Hạn thẻ BHYT", "Điện thoại")
GOOD = ("Nguyễn Văn An", "05/03/1956", "Nam", "Thôn Đông Hạ", "0412", "Chủ hộ", "037056001234", "GD4370100123456", "01/01/2026", "31/12/2026", "0912345678")


def row(**changes):
    """A good line with some cells changed, by heading."""
    return tuple(dict(zip(HEADS, GOOD, strict=True)).get(head) if head not in changes else changes[head] for head in HEADS)


def file_of(*rows, heads=HEADS):
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue().encode("utf-8-sig")


@pytest.fixture
def take(cast):
    """Stage a file for the nurse; `write=True` also applies it."""
    def taken(*rows, heads=HEADS, user="nurse", write=False, slug="residents"):
        register, by = registry.get(slug), cast.users[user]
        load = staging.stage(register, by, "danh-sach.csv", file_of(*rows, heads=heads))
        if write:
            loading.apply(register, by, load)
            load.refresh_from_db()
        return load
    return taken


def verdicts(load):
    return [(line.verdict, line.cell, line.reason) for line in load.rows.all()]


def test_one_good_row_makes_person_household_residence_numbers_and_card(take, cast):
    load = take(GOOD, write=True)
    assert [line[0] for line in verdicts(load)] == ["created"]
    person = Person.objects.get()
    assert (person.birth_date, person.sex, person.hamlet, person.household.number) == (D(1956, 3, 5), "M", cast.hamlets[0], "0412")
    assert dict(person.identifiers.values_list("kind", "value")) == {"national": "037056001234", "insurance": "0100123456"}
    assert person.coverages.get().end == D(2026, 12, 31) and person.residences.get().kind == "permanent"
    assert {row.import_id for model in (Person, Household, Identifier, Residence, Coverage) for row in model.objects.all()} == {load.pk}
    assert find_people(cast.nurse, "nguyen van an 1956").people == [person]
    assert chain.verify().broken_at is None


@pytest.mark.parametrize(("changes", "cell", "word"), [
    ({"Họ và tên": "Ă" * 10_000}, "A2", "10000 ký tự"),
    ({"Họ và tên": ""}, "A2", ""),
    ({"Họ và tên": "=HYPERLINK(1)"}, "A2", "công thức"),
    ({"Họ và tên": "An 123"}, "A2", "không phải chữ cái"),
    ({"Ngày sinh": "05/03/2027"}, "B2", "tương lai"),
    ({"Ngày sinh": "31/02/1990"}, "B2", "không có ngày 31"),
    ({"Ngày sinh": "03/25/1990"}, "B2", "Tháng 25"),
    ({"Ngày sinh": "hôm qua"}, "B2", "Không đọc được ngày"),
    ({"Ngày sinh": "01/01/1800"}, "B2", "không hợp lý"),
    ({"Giới tính": "khác"}, "C2", "không có trong danh sách"),
    ({"Thôn": "Thôn Không Có"}, "D2", "Không có thôn"),
    ({"Thôn": "Thôn Xa"}, "D2", "Không có thôn"),
    ({"Số định danh": "37056001234"}, "G2", "mất một số 0"),
    ({"Số định danh": "3.7056E+10"}, "G2", "đổi sang dạng số"),
    ({"Số định danh": "O37056001234"}, "G2", "không phải chữ số"),
    ({"Số thẻ BHYT": "GD937010012345X"}, "H2", "không đúng mẫu"),
    ({"BHYT từ ngày": "01/01/2027"}, "J2", "đứng trước"),
    ({"Hạn thẻ BHYT": "", "BHYT từ ngày": "01/01/2026"}, "J2", "hết hạn"),
    ({"Số thẻ BHYT": ""}, "H2", "thiếu số thẻ"),
    ({"Điện thoại": "12345"}, "K2", "Số điện thoại"),
])
def test_bad_cells_are_refused_with_reason_and_cell(take, changes, cell, word):
    load = take(row(**changes), row(**{"Họ và tên": "Trần Thị Bình", "Số định danh": "037156000001", "Giới tính": "Nữ", "Số thẻ BHYT": "GD4370100999999"}), write=True)
    verdict, at, reason = verdicts(load)[0]
    assert (verdict, at) == ("refused", cell) and word in reason
    assert [person.full_name for person in Person.objects.all()] == ["Trần Thị Bình"]


@pytest.mark.parametrize(("text", "day", "precision"), [
    ("05/03/1956", D(1956, 3, 5), "day"), ("5-3-1956", D(1956, 3, 5), "day"), ("1956-03-05", D(1956, 3, 5), "day"),
    ("1956", D(1956, 1, 1), "year"), ("03/1956", D(1956, 3, 1), "month"), ("ngày 5 tháng 3 năm 1956", D(1956, 3, 5), "day")])
def test_birth_dates(take, text, day, precision):
    take(row(**{"Ngày sinh": text}), write=True)
    person = Person.objects.get()
    assert (person.birth_date, person.birth_precision) == (day, precision)


@pytest.mark.parametrize("name", ["Thôn Đông Hạ", "Đông Hạ", "dong ha", "THÔN ĐÔNG HẠ", "00001.01"])
def test_hamlets_are_known_by_many_names(take, cast, name):
    take(row(Thôn=name), write=True)
    assert Person.objects.get().hamlet == cast.hamlets[0]


def test_the_same_file_twice_changes_nothing(take):
    take(GOOD, write=True)
    before = list(Person.objects.values())
    again = take(GOOD, write=True)
    assert [line[0] for line in verdicts(again)] == ["duplicate"]
    assert list(Person.objects.values()) == before


def test_a_stored_person_is_updated_where_the_file_says_more(take, register):
    register("Nguyễn Văn An", "05/03/1956", national_id="037056001234")
    load = take(row(**{"Số hộ": ""}), write=True)
    verdict, _, reason = verdicts(load)[0]
    assert verdict == "updated" and "Hạn thẻ BHYT" in reason
    person = Person.objects.get()
    assert person.coverages.get().card_number == "GD4370100123456" and person.phone == "0912345678"


@pytest.mark.parametrize(("changes", "verdict"), [
    ({"Số định danh": "", "Số thẻ BHYT": "", "BHYT từ ngày": "", "Hạn thẻ BHYT": ""}, "updated"),  # same name, day, sex, hamlet
    ({"Số định danh": "037056001234", "Họ và tên": "Nguyễn Văn Ân"}, "updated"),
    ({"Số định danh": "", "Ngày sinh": "1956", "Số thẻ BHYT": "", "BHYT từ ngày": "", "Hạn thẻ BHYT": ""}, "duplicate"),  # somebody must look
    ({"Số định danh": "037056007777", "Họ và tên": "Nguyễn Văn Ba", "Ngày sinh": "01/02/1970", "Số thẻ BHYT": "", "BHYT từ ngày": "", "Hạn thẻ BHYT": ""}, "created"),
])
def test_likeness_decides(take, register, changes, verdict):
    register("Nguyễn Văn An", "05/03/1956", national_id="037056001234")
    assert verdicts(take(row(**changes)))[0][0] == verdict


def test_duplicate_rows_in_one_file(take):
    other = row(**{"Họ và tên": "Trần Thị Bình", "Giới tính": "Nữ"})
    load = take(GOOD, GOOD, row(**{"Điện thoại": ""}), other, write=True)
    assert [line[0] for line in verdicts(load)] == ["created", "duplicate", "duplicate", "duplicate"]
    assert Person.objects.count() == 1


def test_two_households_rows_share_one_household(take):
    wife = row(**{"Họ và tên": "Trần Thị Bình", "Giới tính": "Nữ", "Quan hệ với chủ hộ": "Vợ", "Số định danh": "037156000001", "Số thẻ BHYT": "GD4370100999999", "Ngày sinh": "1958"})
    take(GOOD, wife, write=True)
    assert Household.objects.get().members.count() == 2


def test_a_whole_import_is_taken_back(take, cast):
    load = take(GOOD, write=True)
    loading.undo(registry.get("residents"), cast.nurse, load)
    for model in (Person, Household, Identifier, Residence, Coverage):
        assert not model.objects.filter(entered_in_error=False).exists(), model
    assert not find_people(cast.nurse, "nguyen van an").people
    assert [line[0] for line in verdicts(take(GOOD))] == ["created"]


def test_what_an_import_added_to_a_stored_person_is_taken_back(take, register, cast):
    person = register("Nguyễn Văn An", "05/03/1956", national_id="037056001234", occupation="nông dân")
    load = take(GOOD, write=True)
    assert person.coverages.get().import_id == load.pk
    loading.undo(registry.get("residents"), cast.nurse, load)
    person.refresh_from_db()
    assert not person.entered_in_error and person.phone == "" and person.coverages.get().entered_in_error
    assert person.identifiers.filter(entered_in_error=False).get().value == "037056001234"
    assert not find_people(cast.nurse, "GD4370100123456").people


MOVED = {"Thôn": "Thôn Vân Sơn", "Số hộ": "0777", "Số định danh": "037056009999"}


@pytest.fixture
def moved(take, register, cast):
    """Somebody with a number whom a file moves to another hamlet and household under another name and number; and the import."""
    person = register("Nguyễn Văn An", "05/03/1956", national_id="037056001234", insurance_number="GD4370100123456", since=D(2020, 1, 1))
    load = take(row(**MOVED, **{"Họ và tên": "Nguyễn Văn Ân"}), write=True)
    assert [line[0] for line in verdicts(load)] == ["updated"]
    person.refresh_from_db()
    assert (person.full_name, person.hamlet, person.household.number) == ("Nguyễn Văn Ân", cast.hamlets[1], "0777")
    stay = person.residences.get(place=cast.hamlets[0])
    assert stay.end == D(2026, 6, 2) and person.residences.get(end=None).place == cast.hamlets[1]
    return person, load


def test_what_an_import_ended_goes_on_when_it_is_taken_back(moved, cast):
    person, load = moved
    assert loading.undo(registry.get("residents"), cast.nurse, load) == (1, 0)
    person.refresh_from_db()
    stay, number = person.residences.get(entered_in_error=False), person.identifiers.get(kind="national", entered_in_error=False)
    assert (stay.place, stay.start, stay.end, stay.ended_by) == (cast.hamlets[0], D(2020, 1, 1), None, None)
    assert (number.value, number.valid_to, number.ended_by) == ("037056001234", None, None)
    assert (person.full_name, person.hamlet, person.household) == ("Nguyễn Văn An", cast.hamlets[0], None)
    assert not Household.objects.filter(entered_in_error=False).exists()
    assert find_people(cast.nurse, "An 1956 Đông Hạ").people == [person] and not find_people(cast.nurse, "Ân Vân Sơn").people
    assert present_residence(person, D(2026, 6, 3)) == stay and chain.verify().broken_at is None


def test_what_somebody_changed_since_stays_when_an_import_is_taken_back(moved, cast):
    person, load = moved
    actions.retract(by=cast.nurse, model=Residence, id=person.residences.get(place=cast.hamlets[0]).pk, reason="chưa từng ở đây")
    loading.undo(registry.get("residents"), cast.nurse, load)
    assert not person.residences.filter(entered_in_error=False).exists()


def since_checked(person, cast):
    return Checkup.objects.create(person=person, on=D(2026, 6, 1), kind="screening", age_days=1)


def since_named(person, cast):
    return actions.change_person(by=cast.nurse, id=person.pk, occupation="thợ mộc")


def since_numbered(person, cast):
    return actions.record_identifier(by=cast.nurse, person=person, kind="old_national", value="123456789")


def since_mother(person, cast):
    return actions.register_person(by=cast.nurse, full_name="Nguyễn Văn Con", birth_date=D(2026, 5, 1), sex="M", hamlet=cast.hamlets[0], mother=person)


@pytest.mark.parametrize("happens", [since_checked, since_named, since_numbered, since_mother])
def test_a_person_about_whom_somebody_wrote_since_stays_whole(take, cast, happens):
    other = row(**{"Họ và tên": "Trần Thị Bình", "Giới tính": "Nữ", "Số định danh": "037156000001", "Số thẻ BHYT": "GD4370100999999", "Số hộ": "0500"})
    load = take(GOOD, other, write=True)
    person = Person.objects.get(full_name="Nguyễn Văn An")
    happens(person, cast)
    assert loading.undo(registry.get("residents"), cast.nurse, load) == (1, 1)
    person.refresh_from_db()
    assert not person.entered_in_error and person.household.number == "0412" and find_people(cast.nurse, "037056001234").people == [person]
    for model in (Identifier, Residence, Coverage):
        assert set(model.objects.filter(entered_in_error=False, import_id=load.pk).values_list("person", flat=True)) == {person.pk}, model
    assert Person.objects.get(full_name="Trần Thị Bình").entered_in_error and Household.objects.get(number="0500").entered_in_error
    assert chain.verify().broken_at is None


def test_an_undo_that_was_cut_off_goes_on(take, cast, monkeypatch):
    """Each chunk takes whole people back: what is left after a cut is whole, and going on takes the rest."""
    rows = [row(**{"Họ và tên": f"Lò Văn {chr(65 + n)}", "Số định danh": f"0370560{n:05d}", "Số thẻ BHYT": f"GD43701{n:08d}", "Số hộ": str(n // 2), "Ngày sinh": f"05/03/{1930 + n}"}) for n in range(9)]
    load, register = take(*rows, write=True), registry.get("residents")
    monkeypatch.setattr(loading, "FIRST", 3)
    real, calls = loading._take_back, []

    def stops(*arguments):
        calls.append(real(*arguments))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return calls[-1]

    monkeypatch.setattr(loading, "_take_back", stops)
    with pytest.raises(KeyboardInterrupt):
        loading.undo(register, cast.nurse, load)
    monkeypatch.setattr(loading, "_take_back", real)
    for model in (Person, Identifier, Residence, Coverage):
        per_person = 2 if model is Identifier else 1
        assert model.objects.filter(entered_in_error=False).count() == 6 * per_person == load.rows.filter(done=True).count() * per_person, model
    assert Household.objects.filter(entered_in_error=False).count() == 3
    load.refresh_from_db()
    assert loading.undo(register, cast.nurse, load) == (6, 0)
    assert not any(model.objects.filter(entered_in_error=False).exists() for model in (Person, Household, Identifier, Residence, Coverage))


def test_a_household_that_others_joined_stays_and_holds_nothing_up(take, cast, register):
    load = take(("Đông Hạ", "7", "Ngõ 3"), ("Đông Hạ", "8", "Ngõ 4"), heads=("Thôn", "Số hộ", "Địa chỉ"), slug="households", write=True)
    register("Nguyễn Văn An", "05/03/1956", household=Household.objects.get(number="8"))
    assert loading.undo(registry.get("households"), cast.nurse, load) == (1, 1)
    assert [home.number for home in Household.objects.filter(entered_in_error=False)] == ["8"]


def test_headings_may_miss_or_bear_other_names(take):
    heads = ("Họ tên", "Năm sinh", "Giới", "Xóm")
    assert [line[0] for line in verdicts(take(("NGUYỄN VĂN AN", "1956", "nam", "đông hạ"), heads=heads, write=True))] == ["created"]
    assert Person.objects.get().full_name == "Nguyễn Văn An"
    with pytest.raises(Refused, match="thiếu cột"):
        take(("An", "1956"), heads=("Họ và tên", "Ngày sinh"))


@pytest.mark.parametrize(("user", "refused"), [("stranger", True), ("village_worker", True)])
def test_who_may_import(take, user, refused):
    if user == "stranger":
        assert verdicts(take(GOOD, user=user))[0][0] == "refused"
        return
    with pytest.raises(Refused):
        take(GOOD, user=user, write=True)


def test_cards_and_households_come_by_file_too(take, register):
    person = register("Nguyễn Văn An", "05/03/1956", national_id="037056001234")
    heads = ("Số định danh", "Họ và tên", "Ngày sinh", "Số thẻ BHYT", "Nhóm đối tượng", "Giá trị từ ngày", "Giá trị đến ngày")
    card = ("037056001234", "", "", "GD4370100123456", "", "01/01/2026", "31/12/2026")
    by_name = ("", "Nguyễn Văn An", "05/03/1956", "GD4370100123456", "GD", "01/01/2025", "31/12/2025")
    overlap = ("037056001234", "", "", "GD4370100123456", "", "01/06/2026", "31/12/2026")
    nobody = ("037056009999", "", "", "GD4370100123456", "", "01/01/2024", "31/12/2024")
    load = take(card, by_name, overlap, nobody, heads=heads, slug="coverages", write=True)
    assert [line[0] for line in verdicts(load)] == ["created", "created", "refused", "refused"]
    assert person.coverages.count() == 2
    take(("Đông Hạ", "7", "Ngõ 3"), heads=("Thôn", "Số hộ", "Địa chỉ"), slug="households", write=True)
    assert Household.objects.get().address == "Ngõ 3"


def test_a_batch_outside_the_users_places_is_refused(cast):
    batch = actions.Batch(people=[Person(full_name="A", birth_date=D(2000, 1, 1), sex="F", hamlet=cast.other_hamlet)])
    with pytest.raises(Refused) as refusal:
        actions.store_batch(by=cast.nurse, batch=batch)
    assert refusal.value.status == 403 and not Person.objects.exists()


def test_people_of_a_batch_are_found_by_their_numbers(cast):
    person = Person(full_name="Lê Văn Tám", birth_date=D(2000, 1, 1), sex="M", hamlet=cast.hamlets[0])
    card = Coverage(person=person, card_number="GD4370100123456", group="GD", start=D(2026, 1, 1), end=D(2026, 12, 31))
    actions.store_batch(by=cast.nurse, batch=actions.Batch(people=[person], identifiers=[Identifier(person=person, kind="national", value="037200001234")], coverages=[card]))
    for text in ("le van tam 2000", "037200001234", "GD4370100123456", "0100123456"):
        assert find_people(cast.nurse, text).people == [person], text
    later = Identifier(person=person, kind="old_national", value="123456789")
    actions.store_batch(by=cast.nurse, batch=actions.Batch(identifiers=[later]))
    assert find_people(cast.nurse, "123456789").people == [person]
