"""Identity at the doors: scanned cards in the box and on the form, contradictions told, temporary and corrected numbers."""

import datetime
import uuid

import pytest
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Identifier, Person
from tramyte.care.people.search import find_people, number_forms
from tramyte.engine.refused import Refused

D = datetime.date
CARD = "037056001234|161234567|Nguyễn Văn An|12051956|Nam|Thôn Đông Hạ, Đồng Vân, Ninh Bình|01012021"
PLAIN = "037056001234||NGUYEN VAN AN|12051956|Nam\r"
TYPED = {"full_name": "Nguyễn Văn An", "birth": "12/05/1956", "sex": "M", "residence": "thường trú", "national_id": "037056001234"}


@pytest.mark.parametrize(("held", "exact"), [
    ({"national_id": "037056001234"}, True), ({"national_id": "161234567"}, True), ({}, False), ({"national_id": "037056009999"}, False)])
@pytest.mark.parametrize("text", [CARD, PLAIN])
def test_a_scanned_card_finds_by_number_old_number_or_name_and_day(register, cast, held, exact, text):
    an = register("Nguyễn Văn An", **held)
    register("Nguyễn Văn An", "12/05/1957")
    found = find_people(cast.nurse, text)
    assert found.people == [an] and found.card.birth == "12/05/1956"
    assert found.exact is (exact and not (held["national_id"] == "161234567" and text == PLAIN))


def test_a_scanned_card_finds_nobody_of_another_commune(register, cast):
    register("Nguyễn Văn An", national_id="037056001234", hamlet=cast.other_hamlet, by=cast.stranger)
    assert not find_people(cast.nurse, CARD).people


def test_who_is_not_there_is_offered_with_the_form_filled(enter, cast):
    client = enter("nurse")
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(reverse("search"), {"q": CARD}, headers=headers).content.decode()
        assert "Thêm người này" in page and f"{reverse('person-new')}?card=037056001234%7C" in page
    form = client.get(reverse("person-new"), {"card": CARD}).content.decode()
    assert all(f'value="{text}"' in form for text in ("Nguyễn Văn An", "12/05/1956", "037056001234", "161234567"))
    assert f'<option value="{cast.hamlets[0].pk}" selected>' in form and "data-bound" in form
    assert "Thêm người này" not in enter("chairman").get(reverse("search"), {"q": CARD}).content.decode()


def test_a_found_card_leads_to_the_person(enter, register):
    an = register("Nguyễn Văn An", national_id="037056001234")
    assert enter("nurse").get(reverse("search"), {"q": CARD}).headers["Location"] == reverse("person", args=[an.pk])


def test_a_scan_fills_the_form_and_keeps_what_was_typed(enter, register):
    other = register("Nguyễn Văn An", national_id="037056001234")
    page = enter("nurse").post(reverse("person-new"), {"do": "fill", "card": CARD.replace("Nam", "Nữ"), "phone": "0912345678", "full_name": "x"}).content.decode()
    assert 'value="0912345678"' in page and 'value="Nguyễn Văn An"' in page
    assert "ghi giới tính nam, khác giới tính" in page and reverse("person", args=[other.pk]) in page
    unread = enter("nurse").post(reverse("person-new"), {"do": "fill", "card": "abc", "full_name": "Lê Văn Ba"}).content.decode()
    assert "Không đọc được mã QR" in unread and 'value="Lê Văn Ba"' in unread
    assert Person.objects.count() == 1


@pytest.mark.parametrize(("changed", "said"), [
    ({}, ""), ({"birth": "1957"}, "ghi năm sinh 1956, khác năm sinh đã nhập 1957"), ({"sex": "F"}, "ghi giới tính nam")])
def test_a_contradiction_is_told_while_typing_and_after_saving_and_does_not_block(enter, cast, changed, said):
    client, typed = enter("nurse"), {**TYPED, "hamlet": str(cast.hamlets[0].pk), "old_number": "161234567", **changed}
    assert said in client.get(reverse("person-duplicates"), typed).content.decode()
    page = client.post(reverse("person-new"), typed, follow=True).content.decode()
    made = Person.objects.get()
    assert said in page and ("khác năm sinh" in page or "khác giới tính" in page) is bool(said)
    assert {row.kind: row.value for row in made.identifiers.all()} == {"national": "037056001234", "old_national": "161234567"}
    assert find_people(cast.nurse, "161234567").people == [made]


def test_a_number_of_somebody_else_is_told_after_saving(enter, register, cast):
    register("Nguyễn Văn An", national_id="037056001234")
    other = register("Trần Văn Bình", "01/01/1956")
    page = enter("nurse").post(reverse("number-new", args=[other.pk]), {"kind": "national", "value": "037056001234"}, follow=True).content.decode()
    assert "giống hồ sơ của Nguyễn Văn An" in page and "trùng số định danh" in page


@pytest.mark.parametrize(("born", "precision", "pattern"), [
    ("12/05/2026", "day", "TS260512-"), ("12/05/1956", "day", "TX260603-"), ("01/01/2026", "year", "TX260603-")])
def test_who_has_no_number_gets_a_temporary_one_until_the_real_one_is_there(register, cast, born, precision, pattern):
    made = register("Người chưa rõ tên", born, birth_precision=precision)
    number = actions.issue_temporary(by=cast.nurse, person=made)
    assert number.value == pattern + made.pk.hex[-8:].upper()
    assert actions.issue_temporary(by=cast.nurse, person=made).pk == number.pk
    assert find_people(cast.nurse, number.value).people == [made] and find_people(cast.nurse, number.value.lower()).exact
    assert find_people(cast.nurse, made.pk.hex[-8:]).people == [made]
    real = actions.record_identifier(by=cast.nurse, person=made, kind="national", value="037226001234")
    assert set(present_numbers(Person.objects.get())) == {"national"}
    assert find_people(cast.nurse, number.value).people == [made]
    assert not number_forms("TX260603-90121484")  # no insurance card, though two letters and fourteen digits
    with pytest.raises(Refused, match="đã có số định danh"):
        actions.issue_temporary(by=cast.nurse, person=made)
    actions.retract(by=cast.nurse, model=Identifier, id=real.pk, reason="nhầm người")
    assert present_numbers(Person.objects.get())["temporary"].value == number.value


def test_a_temporary_number_from_the_pages(enter, cast):
    client = enter("nurse")
    client.post(reverse("person-new"), {**TYPED, "national_id": "", "hamlet": str(cast.hamlets[0].pk), "temporary": "on"})
    made = Person.objects.get()
    assert present_numbers(made)["temporary"].value.startswith("TX260603-")
    answer = client.post(reverse("number-new", args=[made.pk]), {"kind": "national", "value": ""})
    assert answer.status_code == 422 and "Số để trống" in answer.content.decode()
    page = client.post(reverse("number-new", args=[made.pk]), {"kind": "temporary"}, follow=True).content.decode()
    assert "Số tạm: TX260603-" in page


def test_corrected_and_old_numbers_stay_findable(register, cast):
    made = register("Nguyễn Văn An", national_id="161234567", insurance_number="GD4370100123456")
    for kind, value in (("national", "037056001234"), ("national", "037056001243"), ("old_national", "161234576"), ("insurance", "0100123465")):
        actions.record_identifier(by=cast.nurse, person=made, kind=kind, value=value)
    for number in ("161234567", "161234576", "037056001234", "037056001243", "0100123456", "0100123465"):
        assert find_people(cast.nurse, number).people == [made] and find_people(cast.nurse, number).exact
    wrong = made.identifiers.get(value="037056001243")
    actions.retract(by=cast.nurse, model=Identifier, id=wrong.pk, reason="gõ nhầm")
    assert not find_people(cast.nurse, "037056001243").people and find_people(cast.nurse, "037056001234").people == [made]


def test_a_newborn_of_the_visit_keeps_the_pattern(register, cast):
    house = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="9")
    key = uuid.UUID("01890000-0000-7000-8000-0000abcdef12")
    actions.record_birth(by=cast.nurse, household=house, full_name="Con Bà Mận", birth_date=D(2026, 5, 1), sex="F", id=key)
    assert Identifier.objects.get(kind="temporary").value == "TS260501-ABCDEF12"
