"""Thăm hộ: each act from the household's page writes through its action, and no more than it says."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.people import actions
from tramyte.care.people.changes import book
from tramyte.care.people.models import Death, Household, Person
from tramyte.engine.indicators import results
from tramyte.engine.refused import Refused

D = datetime.date


@pytest.fixture
def home(register, cast):
    """A couple and the wife's mother-in-law, who died."""
    made = Household.objects.create(hamlet=cast.hamlets[0], number="0412", address="Xóm Đình")
    for name, born, sex, relation in (("Lê Văn Cha", "01/01/1985", "M", "Chủ hộ"), ("Phạm Thị Mẹ", "01/01/1990", "F", "Vợ"), ("Trần Thị Bà", "01/01/1940", "F", "Mẹ")):
        register(name, born, sex, household=made, relation=relation, since=D(2020, 1, 1))
    actions.record_death(by=cast.nurse, person=Person.objects.get(full_name="Trần Thị Bà"), on=D(2026, 1, 5))
    return made


def who(name):
    return Person.objects.get(full_name=name)


def send(client, home, act, person="", **sent):
    return client.post(f"/nguoi-dan/ho/{home.pk}/tham-ho/{act}/" + (f"?nguoi={who(person).pk}" if person else ""), sent)


def test_a_birth_gives_a_temporary_number_and_counts_as_a_birth(enter, home, cast):
    mother = who("Phạm Thị Mẹ")
    sent = {"full_name": "Lê Thị Con", "birth_date": "20/05/2026", "sex": "F", "mother": str(mother.pk), "relation": "Con"}
    client = enter("nurse")
    assert send(client, home, "sinh", **sent | {"birth_date": "04/06/2026"}).status_code == 422
    assert not Person.objects.filter(full_name="Lê Thị Con").exists()
    assert send(client, home, "sinh", **sent).status_code == 302
    child = who("Lê Thị Con")
    assert (child.mother, child.household, child.hamlet, child.residences.get().start) == (mother, home, cast.hamlets[0], D(2026, 5, 20))
    number = child.identifiers.get()
    assert number.kind == "temporary" and number.value.startswith("TS260520-")
    assert book(D(2026, 5, 1), D(2026, 5, 31), [cast.hamlets[0].pk]).count("birth") == 1
    again = send(client, home, "sinh", **sent)
    assert again.status_code == 422 and "đã có trong sổ" in again.content.decode()


@pytest.mark.parametrize("mother", ["Lê Văn Cha", "Phạm Thị Mẹ"])
def test_a_mother_is_a_woman_born_before_the_child(home, cast, mother):
    with pytest.raises(Refused, match="Mẹ phải là nữ") as refusal:
        actions.record_birth(by=cast.nurse, household=home, full_name="Lê Văn Con", birth_date=D(1985, 1, 1), sex="M", mother=who(mother))
    assert refusal.value.field == "mother" and Person.objects.count() == 3


@pytest.mark.parametrize("born", ["01/01/1940", "01/01/2018"])
def test_a_mother_is_of_an_age_to_bear(home, cast, register, born):
    mother = register("Ngô Thị Nhầm", born, "F")
    with pytest.raises(Refused, match="tuổi khi sinh con") as refusal:
        actions.record_birth(by=cast.nurse, household=home, full_name="Lê Văn Con", birth_date=D(2026, 5, 20), sex="M", mother=mother)
    assert refusal.value.field == "mother" and not Person.objects.filter(full_name="Lê Văn Con").exists()


def test_a_mistyped_year_is_no_newborn(enter, home):
    page = send(enter("nurse"), home, "sinh", full_name="Lê Thị Con", birth_date="20/05/2016", sex="F")
    assert page.status_code == 422 and "không phải trẻ mới sinh" in page.content.decode()
    assert not Person.objects.filter(full_name="Lê Thị Con").exists()


def test_who_was_away_is_back(enter, home, cast):
    client, father = enter("nurse"), who("Lê Văn Cha")
    assert send(client, home, "ve", "Lê Văn Cha", on="03/06/2026").status_code == 422, "nobody comes back who was not away"
    send(client, home, "di", "Lê Văn Cha", on="01/05/2026", away="1", reason="đi làm")
    page = client.get(f"/nguoi-dan/ho/{home.pk}/tham-ho/").content.decode()
    assert page.count(">Đã về<") == 1 and f"ve/?nguoi={father.pk}" in page
    for day, words in (("01/05/2026", "phải sau ngày đó"), ("04/06/2026", "tương lai"), ("30/04/2026", "đang mở vào ngày đó")):
        answer = send(client, home, "ve", "Lê Văn Cha", on=day)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert send(client, home, "ve", "Lê Văn Cha", on="20/05/2026").status_code == 302
    absence = father.residences.get(kind="absent")
    assert (absence.end, absence.reason) == (D(2026, 5, 19), "đi làm")
    page = client.get(f"/nguoi-dan/ho/{home.pk}/tham-ho/").content.decode()
    assert ">Đã về<" not in page and "đang đi vắng" not in page
    assert book(D(2026, 5, 1), D(2026, 5, 31), [cast.hamlets[0].pk]).count("arrival") == book(D(2026, 5, 1), D(2026, 5, 31), [cast.hamlets[0].pk]).count("departure")


def test_a_planned_absence_ends_earlier(home, cast):
    father = who("Lê Văn Cha")
    actions.record_residence(by=cast.nurse, person=father, place=cast.hamlets[0], kind="absent", start=D(2026, 5, 1), end=D(2026, 12, 31))
    actions.record_return(by=cast.nurse, person=father, on=D(2026, 6, 3))
    assert father.residences.get(kind="absent").end == D(2026, 6, 2)


def test_the_dead_do_not_come_back(home, cast):
    with pytest.raises(Refused, match="đã mất"):
        actions.record_return(by=cast.nurse, person=who("Trần Thị Bà"), on=D(2026, 6, 3))


def test_who_left_may_come_back_to_live_here(enter, home):
    client = enter("nurse")
    send(client, home, "di", "Phạm Thị Mẹ", on="02/06/2026")
    assert f"/nguoi-dan/{who('Phạm Thị Mẹ').pk}/cu-tru/\">Về ở lại" in client.get(f"/nguoi-dan/ho/{home.pk}/tham-ho/").content.decode()


def test_a_household_follows_its_people_to_a_hamlet_that_was_split_off(enter, home, cast):
    client, new, address = enter("nurse"), cast.hamlets[1], f"/so/households/{home.pk}/"
    sent = {"hamlet": new.name, "number": "0412", "address": "Xóm Đình", "seen_version": home.version}
    actions.record_residence(by=cast.nurse, person=who("Lê Văn Cha"), place=new, kind="permanent", start=D(2026, 6, 1))
    early = client.post(address, sent)
    assert early.status_code == 422 and f"1 người chưa ở {new} (Phạm Thị Mẹ)" in early.content.decode()
    actions.record_residence(by=cast.nurse, person=who("Phạm Thị Mẹ"), place=new, kind="permanent", start=D(2026, 6, 1))
    assert client.post(address, sent).status_code == 302, "the dead woman of the household holds nobody back"
    home.refresh_from_db()
    assert home.hamlet == new
    changed = book(D(2026, 6, 1), D(2026, 6, 30), [place.pk for place in cast.hamlets])
    assert (changed.count("arrival"), changed.count("departure")) == (0, 0), "nobody moved into or out of the commune"


def test_leaving_for_good_and_for_a_while(enter, home, cast):
    client = enter("nurse")
    assert send(client, home, "di", "Lê Văn Cha", on="01/06/2026", away="1", reason="đi làm").status_code == 302
    assert send(client, home, "di", "Phạm Thị Mẹ", on="02/06/2026").status_code == 302
    father, mother = who("Lê Văn Cha"), who("Phạm Thị Mẹ")
    assert [(row.kind, row.end) for row in father.residences.order_by("start")] == [("permanent", None), ("absent", None)]
    assert [(row.kind, row.end, row.reason) for row in mother.residences.all()] == [("permanent", D(2026, 6, 1), "chuyển đi")]
    assert send(client, home, "di", "Phạm Thị Mẹ", on="03/06/2026").status_code == 422
    for day, away in ((D(2026, 6, 4), False), (D(2019, 1, 1), False), (D(2019, 1, 1), True)):
        with pytest.raises(Refused):
            actions.record_departure(by=cast.nurse, person=father, on=day, away=away)


def test_death_stay_head_and_split(enter, home, cast):
    client = enter("nurse")
    assert send(client, home, "tam-tru", "Phạm Thị Mẹ", place=str(cast.hamlets[1].pk), start="01/06/2026").status_code == 302
    assert who("Phạm Thị Mẹ").hamlet == cast.hamlets[1]
    assert send(client, home, "chu-ho", "Phạm Thị Mẹ", former_relation="Chồng").status_code == 302
    assert (who("Phạm Thị Mẹ").relation, who("Lê Văn Cha").relation) == ("Chủ hộ", "Chồng")
    chosen = str(who("Lê Văn Cha").pk)
    assert send(client, home, "tach-ho", number="0412", people=[chosen], head=chosen).status_code == 422
    assert send(client, home, "tach-ho", number="0500", people=[chosen], head=chosen).status_code == 302
    assert (who("Lê Văn Cha").household.number, who("Lê Văn Cha").relation, who("Phạm Thị Mẹ").household) == ("0500", "Chủ hộ", home)
    assert send(client, home, "tu-vong", "Phạm Thị Mẹ", on="02/06/2026", cause="Suy tim").status_code == 302
    assert Death.objects.get(person=who("Phạm Thị Mẹ")).cause == "Suy tim"


def test_a_household_whose_head_is_gone_asks_for_another(enter, home, cast):
    client, asks = enter("nurse"), "Hộ chưa có chủ hộ"
    pages = f"/nguoi-dan/ho/{home.pk}/", f"/nguoi-dan/ho/{home.pk}/tham-ho/"
    assert not [page for page in pages if asks in client.get(page).content.decode()]
    assert send(client, home, "di", "Lê Văn Cha", on="02/06/2026", away="", reason="theo con").status_code == 302
    assert all(asks in client.get(page).content.decode() for page in pages)
    with pytest.raises(Refused, match="đã chuyển đi"):
        actions.change_head(by=cast.nurse, household=home, head=who("Lê Văn Cha"))
    assert f"chu-ho/?nguoi={who('Lê Văn Cha').pk}" not in client.get(pages[1]).content.decode()
    assert send(client, home, "chu-ho", "Phạm Thị Mẹ", former_relation="Chồng").status_code == 302
    assert not [page for page in pages if asks in client.get(page).content.decode()]


def test_who_is_not_a_living_member_is_not_written(enter, register, home, cast):
    other = register("Người Khác", "01/01/1970")
    client = enter("nurse")
    for person, status in ((other, 404), (who("Trần Thị Bà"), 422)):
        answer = client.get(f"/nguoi-dan/ho/{home.pk}/tham-ho/di/", {"nguoi": person.pk})
        assert answer.status_code == status and ("đã ghi mất ngày" in answer.content.decode()) == (status == 422)
        with pytest.raises(Refused, match="trong hộ"):
            actions.change_head(by=cast.nurse, household=home, head=person)
    assert client.get(f"/nguoi-dan/ho/{home.pk}/tham-ho/di/").status_code == 404
    assert client.get(f"/nguoi-dan/ho/{home.pk}/tham-ho/la-gi/").status_code == 404
    for user, status in (("stranger", 404), ("officer", 403)):
        answer = enter(user).get(f"/nguoi-dan/ho/{home.pk}/tham-ho/")
        assert answer.status_code == status and "Phạm Thị Mẹ" not in answer.content.decode()


def test_the_page_tells_what_is_open_in_few_queries(enter, register, home):
    results.refresh()
    client = enter("village_worker")
    address = f"/nguoi-dan/ho/{home.pk}/tham-ho/"
    text = client.get(address).content.decode()
    assert "Thăm hộ 0412" in text and "Chưa lập hồ sơ sức khỏe" in text and "đã mất" in text
    assert text.count("tham-ho/tu-vong/") == 2 and text.count("tham-ho/chu-ho/") == 1
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(10):
        register(f"Người {chr(65 + n)}", "01/01/1990", household=home, since=D(2020, 1, 1))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few) and len(many) <= 24, (len(few), len(many))


def test_mother_and_child_of_two_households_show_each_other_to_whom_may_see_both(enter, register, home, cast):
    mother = register("Vũ Thị Xa", "01/01/1995", "F", hamlet=cast.hamlets[1], since=D(2020, 1, 1))
    child = actions.record_birth(by=cast.nurse, household=home, full_name="Lê Văn Con", birth_date=D(2026, 5, 20), sex="M", mother=mother)
    pages = {one: f"/nguoi-dan/{one.pk}/" for one in (mother, child)}
    client = enter("nurse")
    assert all("Mẹ, con ở hộ khác" in client.get(page).content.decode() for page in pages.values())
    assert pages[child] in client.get(pages[mother]).content.decode() and pages[mother] in client.get(pages[child]).content.decode()
    worker = enter("village_worker")  # of the first hamlet
    assert "Vũ Thị Xa" not in worker.get(pages[child]).content.decode() and worker.get(pages[mother]).status_code == 404
    actions.record_residence(by=cast.nurse, person=mother, place=cast.hamlets[0], kind="temporary", start=D(2026, 5, 20))
    assert pages[mother] in worker.get(pages[child]).content.decode() and pages[child] in worker.get(pages[mother]).content.decode()


def test_a_child_of_the_household_stands_there_alone(enter, home, cast):
    mother = who("Phạm Thị Mẹ")
    child = actions.record_birth(by=cast.nurse, household=home, full_name="Lê Văn Con", birth_date=D(2026, 5, 20), sex="M", mother=mother, relation="Con")
    text = enter("nurse").get(f"/nguoi-dan/{mother.pk}/").content.decode()
    assert "Mẹ, con ở hộ khác" not in text and text.count(f"/nguoi-dan/{child.pk}/") == 1
