"""Chosen columns and saved views: whose they are, what they show, and that exports follow."""

import pytest

from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused
from tramyte.engine.registers import registry, saved
from tramyte.engine.registers.models import Preference, SavedView

URL = "/so/checkups/"
SEEN = "kind=periodic&sort=-on&columns=on,person.full_name"


@pytest.fixture
def book(cast, person):
    from tramyte.care.checkups.actions import record_checkup
    from tramyte.engine import clock

    record_checkup(by=cast.nurse, person=person, on=clock.today(), kind="periodic", weight_kg=50)
    return registry.get("checkups")


def headings(page):
    import re

    return [re.sub(r"<[^>]*>", "", text).strip() for text in re.findall(r"<th scope=\"col\"(?! class=\"pick\")[^>]*>(.*?)</th>", page)]


def test_an_export_has_the_columns_of_the_address_in_their_order(book, enter):
    nurse = enter("nurse")
    lines = nurse.get(f"{URL}?{SEEN}&as=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Ngày khám,Họ và tên" and lines[1].endswith("Nguyễn Thị Mận")
    assert set(nurse.get(URL, {"as": "json", "columns": "on"}).json()["rows"][0]) == {"id", "version", "on"}
    assert headings(nurse.get(URL, {"columns": "kind,on"}).content.decode()) == ["Hình thức", "Ngày khám", "Việc"]
    assert AuditEntry.objects.get(action="export_csv").note.startswith("checkups: 1 dòng Hình thức: ")


def test_a_masked_number_stays_masked_when_it_leads_the_list(book, enter):
    page = enter("nurse").get(URL, {"columns": "person,on"}).content.decode()
    assert "037056000123" not in page and "•" in page


def test_columns_are_chosen_moved_and_given_back(book, cast, enter):
    nurse = enter("nurse")
    assert nurse.get(f"{URL}cot/").status_code == 200
    moved = nurse.post(f"{URL}cot/", {"order": ["on", "kind", "person"], "columns": ["kind"], "down": "on"}).content.decode()
    assert moved.index('value="kind" checked') < moved.index('value="on"') and "autofocus" in moved and not Preference.objects.exists()
    done = nurse.post(f"{URL}cot/", {"order": ["kind", "on", "person"], "columns": ["kind", "on", "nowhere"], "query": "sort=on&columns=person"})
    assert done.status_code == 302 and done.headers["Location"] == f"{URL}?sort=on"
    assert headings(nurse.get(URL).content.decode()) == ["Hình thức", "Ngày khám", "Việc"]
    assert "Hình thức" not in headings(enter("director").get(URL).content.decode())[0]
    assert AuditEntry.objects.filter(action="set_up_register", username="nurse").count() == 1
    nurse = enter("nurse")
    refused = nurse.post(f"{URL}cot/", {"order": ["kind"], "columns": []}).content.decode()
    assert "ít nhất một cột" in refused
    nurse.post(f"{URL}cot/", {"reset": "1"})
    assert saved.preference(book, cast.nurse).columns == []
    with pytest.raises(Refused):
        saved.choose_columns(by=cast.nurse, register=book, columns=["nowhere"])


def test_a_view_is_saved_shared_opened_with_and_taken_away(book, cast, enter):
    nurse = enter("nurse")
    done = nurse.post(f"{URL}cach-xem/", {"name": " Khám  định kỳ ", "query": SEEN + "&page=3&x=1", "shared": "1", "opening": "1"})
    view = SavedView.objects.get()
    assert done.status_code == 302 and view.name == "Khám định kỳ" and "page" not in view.query and "x=1" not in view.query
    opened = nurse.get(URL)
    assert opened.status_code == 302 and f"view={view.pk}" in opened.headers["Location"]
    page = nurse.get(opened.headers["Location"]).content.decode()
    assert headings(page) == ["Ngày khám", "Họ và tên", "Việc"] and 'aria-current="page">Khám định kỳ' in page
    assert nurse.get(URL, {"view": "0"}).status_code == 200
    assert "Khám định kỳ" in enter("director").get(URL).content.decode(), "shared with the station"
    assert "Khám định kỳ" not in enter("stranger").get(URL).content.decode(), "not with another commune"
    assert enter("clinician").post(f"{URL}cach-xem/{view.pk}/", {"do": "drop"}).status_code == 403
    assert enter("stranger").post(f"{URL}cach-xem/{view.pk}/", {"do": "open"}).status_code == 404
    nurse = enter("nurse")
    assert "Khám định kỳ" in nurse.get(f"{URL}cach-xem/").content.decode()
    assert nurse.post(f"{URL}cach-xem/{view.pk}/", {"do": "dance"}).status_code == 422
    nurse.post(f"{URL}cach-xem/{view.pk}/", {"do": "close"})
    assert nurse.get(URL).status_code == 200
    nurse.post(f"{URL}cach-xem/{view.pk}/", {"do": "open"})
    nurse.post(f"{URL}cach-xem/{view.pk}/", {"do": "drop"})
    assert nurse.get(URL).status_code == 200 and "Khám định kỳ" not in nurse.get(URL).content.decode()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"save_view", "drop_view", "set_up_register"}


def test_a_view_gets_another_name_and_other_readers(book, cast, enter):
    view = saved.save_view(by=cast.nurse, register=book, name="Khám định kỳ", query="kind=periodic")
    saved.save_view(by=cast.nurse, register=book, name="Khác", query="sort=on")
    nurse, there = enter("nurse"), f"{URL}cach-xem/{view.pk}/"
    assert "Đổi tên" in nurse.get(f"{URL}cach-xem/").content.decode()
    for name, words in (("", "Hãy đặt tên"), ("x" * 61, "không quá 60 chữ"), (" Khác ", "Đã có cách xem tên “Khác”")):
        answer = nurse.post(there, {"do": "rename", "name": name})
        assert answer.status_code == 422 and words in answer.content.decode() and "<details class=\"book-rename\" open>" in answer.content.decode()
    assert nurse.post(there, {"do": "rename", "name": "Khám\u200b  sàng lọc", "shared": "1"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query, view.version) == ("Khám sàng lọc", "kind=periodic", 2) and view.place == cast.commune
    assert enter("clinician").post(there, {"do": "rename", "name": "Cướp"}).status_code == 403
    assert enter("director").post(there, {"do": "rename", "name": "Khám sàng lọc"}).status_code == 302, "who manages accounts keeps shared views in order"
    view.refresh_from_db()
    assert view.place is None and view.owner == cast.nurse, "unticked: the owner's alone again"


def test_a_view_whose_column_and_condition_are_gone_opens_and_says_so(book, cast, enter):
    view = SavedView.objects.create(register=book.slug, owner=cast.nurse, name="Cũ", query="kind=periodic&blood_group=A&columns=on,blood_group,kind")
    nurse = enter("nurse")
    page = nurse.get(f"{URL}?view={view.pk}&{view.query}").content.decode()
    assert headings(page) == ["Ngày khám", "Hình thức", "Việc"] and "sổ không còn: <b>blood_group</b>" in page
    assert "sổ không còn: blood_group" in nurse.get(f"{URL}cach-xem/").content.decode()
    assert nurse.get(f"{URL}?columns=on,blood_group").status_code == 422, "an address that names no view is refused in words"
    assert "sổ không còn" not in nurse.get(f"{URL}?view={view.pk}&kind=periodic&columns=on&page=2").content.decode()


def test_a_private_view_is_the_owners_alone_and_its_name_replaces_it(book, cast):
    first = saved.save_view(by=cast.nurse, register=book, name="Của tôi", query="kind=periodic")
    assert list(saved.views(book, cast.director)) == []
    again = saved.save_view(by=cast.nurse, register=book, name="Của tôi", query="sort=on")
    assert (again.pk, again.version, again.query) == (first.pk, 2, "sort=on")
    other = saved.save_view(by=cast.director, register=book, name="Của tôi", query="sort=on")
    assert other.pk != first.pk
    with pytest.raises(Refused) as stale:
        saved.save_view(by=cast.nurse, register=book, id=first.pk, seen_version=1, name="Khác", query="")
    assert stale.value.status == 409
    with pytest.raises(Refused):
        saved.save_view(by=cast.director, register=book, id=first.pk, name="Khác", query="")


@pytest.mark.parametrize(("name", "query"), [("", "sort=on"), ("x" * 61, "sort=on"), ("Lạ", "weight_kg__min=nặng"), ("Dài", "q=" + "a" * 2100)])
def test_a_view_that_cannot_be_kept_is_refused_in_words(book, enter, name, query):
    answer = enter("nurse").post(f"{URL}cach-xem/", {"name": name, "query": query})
    assert answer.status_code == 422 and not SavedView.objects.exists()
    assert "Hãy" in answer.content.decode()


def test_sharing_needs_the_right_to_write(cast):
    book = registry.get("residents")
    for user in cast.users.values():
        if book.seen_by(user) and not book.written_by(user):
            with pytest.raises(Refused):
                saved.save_view(by=user, register=book, name="Chung", query="", shared=True)
    assert not SavedView.objects.exists()


def test_the_fragment_carries_count_export_and_tabs(book, enter):
    part = enter("nurse").get(URL, {"weight_kg__min": "51"}, headers={"HX-Request": "true"}).content.decode()
    assert part.count('hx-swap-oob="true"') == 5 and "Xuất 0 dòng" in part and "weight_kg__min=51" in part
