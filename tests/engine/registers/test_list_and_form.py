"""List, form, conflict, history of a register, through the pages."""

import re

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.engine.registers import registry

URL = "/so/checkups/"
TYPED = {"person": "037056000123", "on": "05/03/2026", "kind": "periodic", "health_class": "2", "weight_kg": "52,5", "systolic": "130", "diastolic": "80"}


@pytest.fixture
def nurse(enter, person):
    return enter("nurse")


def test_a_form_is_saved_listed_changed_and_remembered(nurse):
    assert nurse.get(URL).status_code == 200
    assert nurse.get(f"{URL}moi/").status_code == 200
    done = nurse.post(f"{URL}moi/", TYPED)
    assert done.status_code == 302, done.content.decode()
    row = Checkup.objects.get()
    assert row.on.isoformat() == "2026-03-05" and str(row.weight_kg) == "52.5" and row.age_days > 25000
    page = nurse.get(URL).content.decode()
    assert "Nguyễn Thị Mận" in page and "05/03/2026" in page
    form = nurse.get(f"{URL}{row.pk}/").content.decode()
    assert "037056000123" in form and "52,5" in form
    assert nurse.post(f"{URL}{row.pk}/", {**TYPED, "weight_kg": "53", "seen_version": "1"}).status_code == 302
    history = nurse.get(f"{URL}{row.pk}/lich-su/").content.decode()
    assert "52,5" in history and "53" in history and "Lê Thị Lan" in history
    forged = nurse.post(f"{URL}{row.pk}/", {**TYPED, "weight_kg": "60", "seen_version": "abc"})
    assert forged.status_code == 422 and "Bản đang sửa không nhận ra được" in forged.content.decode() and "Seen version" not in forged.content.decode()
    conflict = nurse.post(f"{URL}{row.pk}/", {**TYPED, "weight_kg": "60", "seen_version": "1"})
    assert conflict.status_code == 409 and "60" in conflict.content.decode() and "53" in conflict.content.decode()


@pytest.fixture
def book(cast):
    """Three check-ups of three people in two hamlets."""
    import datetime

    from tramyte.care.checkups.actions import record_checkup
    from tramyte.care.people.models import Identifier, Person

    for n, (name, hamlet, on, kind, grade) in enumerate((
        ("Nguyễn Văn An", 0, "2026-05-20", "periodic", 1), ("Trần Thị Vân", 0, "2026-03-05", "screening", None), ("Đỗ Văn Ân", 1, "2025-12-31", "periodic", 2))):
        person = Person.objects.create(full_name=name, birth_date=datetime.date(1950 + n, 1, 2), sex="M", hamlet=cast.hamlets[hamlet])
        Identifier.objects.create(person=person, kind="national", value=f"03705000000{n}")
        record_checkup(by=cast.nurse, person=person, on=datetime.date.fromisoformat(on), kind=kind, health_class=grade)


@pytest.mark.parametrize(("query", "names"), [
    ({}, ["An", "Vân", "Ân"]),
    ({"q": "an"}, ["An", "Ân"]),
    ({"q": "do van"}, ["Ân"]),
    ({"q": "nguyễn 1950"}, ["An"]),
    ({"q": "037050000001"}, ["Vân"]),
    ({"q": "%"}, ["An", "Vân", "Ân"]),
    ({"person.hamlet": "00001.02"}, ["Ân"]),
    ({"kind": "periodic"}, ["An", "Ân"]),
    ({"kind": "periodic", "person.hamlet": "00001.01"}, ["An"]),
    ({"health_class": "-"}, ["Vân"]),
    ({"health_class": "2"}, ["Ân"]),
    ({"period": "2026"}, ["An", "Vân"]),
    ({"period": "2026-Q1"}, ["Vân"]),
    ({"from": "05/03/2026", "to": "05/03/2026"}, ["Vân"]),
    ({"sort": "on"}, ["Ân", "Vân", "An"]),
    ({"sort": "-person.full_name"}, ["Vân", "An", "Ân"]),
])
def test_search_filters_period_and_order(cast, book, enter, query, names):
    rows = enter("nurse").get(URL, {**query, "as": "json"}).json()["rows"]
    assert [row["person.full_name"].split()[-1] for row in rows] == names


@pytest.mark.parametrize("query", [{"period": "quý ba"}, {"from": "32/01/2026"}, {"health_class": "tốt"}, {"as": "exe"}])
def test_a_filter_that_cannot_be_read_is_a_sentence(book, enter, query):
    assert enter("nurse").get(URL, {"as": "json", **query}).status_code == 422


def test_an_export_holds_what_the_filter_shows_and_is_noted(book, enter):
    from tramyte.engine.audit.models import AuditEntry

    content = enter("nurse").get(URL, {"as": "csv", "kind": "screening"}).content.decode("utf-8-sig")
    assert "Trần Thị Vân" in content and "Nguyễn Văn An" not in content
    assert AuditEntry.objects.filter(action="export_csv").get().note.startswith("checkups: 1 dòng")


def test_a_dangerous_text_is_disarmed_in_exports(book, cast, enter):
    row = Checkup.objects.first()
    Checkup.objects.filter(pk=row.pk).update(conclusion="=HYPERLINK(1)")
    assert "'=HYPERLINK" in enter("nurse").get(URL, {"as": "csv"}).content.decode("utf-8-sig")


@pytest.mark.parametrize(("typed", "words"), [
    ({"on": "04/06/2026"}, "chưa đến"), ({"on": "3/13/2026"}, "ngày và tháng bị đổi chỗ"), ({"person": "037056000999"}, "Không có ai"),
    ({"weight_kg": "nặng"}, "không phải là số"), ({"conclusion": "=1+1"}, "công thức"), ({"conclusion": "a\x07b"}, "điều khiển"), ({"kind": "other"}, "Hãy ghi một trong"),
])
def test_a_refused_form_keeps_what_was_typed(nurse, typed, words):
    answer = nurse.post(f"{URL}moi/", {**TYPED, "site": "Nhà văn hóa", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "Nhà văn hóa" in page and "Những gì đã gõ vẫn được giữ" in page
    assert not Checkup.objects.exists()


def test_a_cancelled_row_leaves_the_book(nurse):
    nurse.post(f"{URL}moi/", TYPED)
    row = Checkup.objects.get()
    assert nurse.post(f"{URL}{row.pk}/ghi-nham/", {"reason": "", "seen_version": "1"}).status_code == 422
    assert nurse.post(f"{URL}{row.pk}/ghi-nham/", {"reason": "nhầm người", "seen_version": "1"}).status_code == 302
    assert nurse.get(URL, {"as": "json"}).json()["count"] == 0
    assert nurse.get(f"{URL}{row.pk}/").status_code == 404


def test_suggestions_stay_within_the_users_places(enter, person):
    assert enter("nurse").get(f"{URL}goi-y/person/", {"q": "nguyen thi man"}).json()["options"][0]["value"] == "037056000123"
    assert enter("stranger").get(f"{URL}goi-y/person/", {"q": "nguyen thi man"}).json()["options"] == []


def test_a_form_opened_for_somebody_says_whose_it_is_and_keeps_a_draft_of_its_own(nurse, person):
    address = f"{URL}moi/?person={person.pk}"
    page = nurse.get(address).content.decode()
    assert 'value="037056000123"' in page and 'id="id_person_help">Nguyễn Thị Mận<' in page and f'data-draft="checkups:moi:person={person.pk}"' in page
    refused = nurse.post(address, {**TYPED, "on": ""})
    assert refused.status_code == 422 and 'id="id_person_help">Nguyễn Thị Mận<' in refused.content.decode()
    assert "Nguyễn Thị Mận<" not in nurse.post(address, {**TYPED, "person": "037056000999", "on": ""}).content.decode()
    assert 'data-draft="checkups:moi"' in nurse.get(f"{URL}moi/").content.decode()


def focused(page):
    """The names of the fields that ask for the focus."""
    return [re.search(r'name="([^"]+)"', tag)[1] for tag in re.findall(r"<(?:input|select|textarea)[^>]* autofocus[^>]*>", page)]


def test_a_new_line_begins_today_with_the_first_empty_field(nurse, person):
    page = nurse.get(f"{URL}moi/").content.decode()
    assert 'value="03/06/2026"' in page and focused(page) == ["person"]
    assert focused(nurse.get(f"{URL}moi/?person={person.pk}").content.decode()) == ["site"]  # the day is filled in, the kind is a row of buttons
    page = nurse.get(f"{URL}moi/?on=01/06/2026").content.decode()
    assert 'value="01/06/2026"' in page and "03/06/2026" not in re.findall(r'value="([^"]*)"', page)


def test_a_line_that_is_there_keeps_its_day_and_a_refused_one_what_was_typed(nurse):
    nurse.post(f"{URL}moi/", TYPED)
    page = nurse.get(f"{URL}{Checkup.objects.get().pk}/").content.decode()
    assert 'value="05/03/2026"' in page and 'value="03/06/2026"' not in page and focused(page) == []
    page = nurse.post(f"{URL}moi/", {**TYPED, "on": ""}).content.decode()
    assert 'value="03/06/2026"' not in page and focused(page) == []


def test_a_birth_a_death_or_the_first_day_of_a_fridge_is_not_taken_for_today():
    begun = {book.slug for book in registry.books() if book.same_day}
    assert {"checkups", "growth", "immunizations", "temperatures", "antenatal-contacts"} <= begun
    assert not begun & {"births", "deaths", "residents", "pregnancies", "storage-equipment", "vaccine-lots", "station-techniques", "coverages"}
    assert all(registry.get(slug).by_path[registry.get(slug).date].own for slug in begun)
