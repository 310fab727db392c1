"""An identity number that contradicts birth year or sex: the same sentence at every door, and nothing is refused."""

import csv
import io
import json

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tramyte.care.people.models import Person
from tramyte.engine.registers import correcting, loading, registry, staging

GOOD = {"full_name": "Nguyễn Văn An", "birth": "05/03/1956", "sex": "M", "hamlet": "Thôn Đông Hạ", "residence": "thường trú"}
YEAR = "Số định danh ghi năm sinh {}, khác năm sinh đã nhập {}. Hãy kiểm tra lại."
SEX = "Số định danh ghi giới tính {}, khác giới tính đã nhập. Hãy kiểm tra lại."
CASES = [  # number, birth, sex -> the sentences
    ("037056001234", "05/03/1956", "M", ()),
    ("037056001234", "1956", "M", ()),
    ("037156001234", "05/03/1956", "M", (SEX.format("nữ"),)),
    ("037056001234", "05/03/1956", "F", (SEX.format("nam"),)),
    ("037057001234", "05/03/1956", "M", (YEAR.format(1957, 1956),)),
    ("037256001234", "05/03/1956", "M", (YEAR.format(2056, 1956),)),
    ("037157001234", "03/1956", "M", (YEAR.format(1957, 1956), SEX.format("nữ"))),
    ("123456789", "05/03/1956", "M", ()),
    ("", "05/03/1956", "M", ()),
]
WORDS = {"M": "Nam", "F": "Nữ"}


def a_file(*rows):
    text = io.StringIO()
    csv.writer(text).writerows([("Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Số định danh"), *rows])
    return text.getvalue().encode("utf-8-sig")


def said(answer):
    return tuple(str(message) for message in get_messages(answer.wsgi_request) if message.level_tag == "warning")


@pytest.mark.parametrize(("number", "birth", "sex", "sentences"), CASES)
def test_every_door_says_the_same_and_refuses_nothing(cast, enter, number, birth, sex, sentences):
    client = enter("nurse")
    given = GOOD | {"birth": birth, "sex": sex, "national_id": number}
    load = staging.stage(registry.get("residents"), cast.nurse, "a.csv", a_file((given["full_name"], birth, WORDS[sex], given["hamlet"], number)))
    line = load.rows.get()
    assert (line.verdict, line.warning) == ("created", " ".join(sentences))
    hamlet = {"hamlet": str(cast.hamlets[0].pk)}  # the station's own form offers hamlets
    typing = client.get("/nguoi-dan/trung/", given | hamlet)
    assert all(sentence in typing.content.decode() for sentence in sentences)
    api = client.post(reverse("api-residents"), json.dumps(given), content_type="application/json")
    assert (api.status_code, tuple(api.json().get("warnings", ()))) == (201, sentences)
    row = api.json()
    changed = client.patch(
        reverse("api-residents-row", args=[row["id"]]), json.dumps({"occupation": "nông dân"}), content_type="application/json", headers={"If-Match": api["ETag"]})
    assert (changed.status_code, tuple(changed.json().get("warnings", ()))) == (200, sentences)
    book = client.post(f"/so/residents/{row['id']}/", given | {"occupation": "thợ mộc", "seen_version": changed.json()["version"]})
    assert (book.status_code, said(book)) == (302, sentences)
    assert Person.objects.get().occupation == "thợ mộc"


def test_the_preview_shows_counts_and_mends_warnings(cast, enter):
    client = enter("nurse")
    rows = [("Nguyễn Văn An", "05/03/1956", "Nam", "Đông Hạ", "037156001234"), ("Trần Thị Bình", "01/02/1960", "Nữ", "Đông Hạ", "037160001111"),
            ("Lê Văn Cường", "02/02/1961", "Nam", "Không Có", "037161001111")]
    load = staging.stage(registry.get("residents"), cast.nurse, "a.csv", a_file(*rows))
    there = f"/so/residents/nhap/{load.pk}/"
    page = client.get(there).content.decode()
    assert SEX.format("nữ") in page and "Cảnh báo" in page and "Nhập 2 dòng đạt" in page
    narrowed = client.get(f"{there}?verdict=warned").content.decode()
    assert narrowed.count('<tr id="dong-') == 1 and "Nguyễn Văn An" in narrowed
    correcting.correct(registry.get("residents"), cast.nurse, load, 2, {"sex": "Nữ"})
    assert "Cảnh báo" not in client.get(there).content.decode()
    loading.apply(registry.get("residents"), cast.nurse, load)
    assert Person.objects.count() == 2


def test_what_is_left_empty_is_held_against_the_stored_one(cast, register):
    register("Nguyễn Văn An", "05/03/1956", national_id="037056001234")
    book = registry.get("residents")
    row = book.get(cast.nurse, Person.objects.get().pk)
    assert book.warnings({"birth": "05/03/1957"}, row) == (YEAR.format(1956, 1957),) and book.warnings({}, row) == ()


def test_a_name_in_letters_of_an_old_font_is_taken_with_a_warning(cast, enter):
    load = staging.stage(registry.get("residents"), cast.nurse, "a.csv", a_file(
        ("NguyÔn ThÞ Hång", "1999", "Nữ", "Thôn Đông Hạ", ""), ("Nguyễn Thị Hồng", "1998", "Nữ", "Thôn Đông Hạ", "")))
    first, second = load.rows.order_by("number")
    assert first.verdict == "created" and "phông cũ" in first.warning and "NguyÔn ThÞ Hång" in first.warning and second.warning == ""
    typing = enter("nurse").get("/nguoi-dan/trung/", GOOD | {"full_name": "Hoaøng Vaên Nam", "hamlet": str(cast.hamlets[0].pk)})
    assert "phông cũ" in typing.content.decode()
