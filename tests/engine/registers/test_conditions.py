"""Order and conditions by type of value: the rows equal what plain Python picks, on every database."""

import dataclasses
import datetime
import itertools

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.engine.registers import checks, conditions, registry, screen
from tramyte.rules.text import fold

URL = "/so/checkups/"
SITES = ("Đình làng", "Trạm Y tế xã", "", "dinh thự", "Zét", "Ấp Bắc", "")
WEIGHTS = (None, "40.0", "52.5", "60.0", "9.5", "52.5", None)


@pytest.fixture
def book(cast):
    """Seven check-ups of seven people, some cells empty."""
    from tests.engine.registers.conftest import make_person

    for n, (site, weight) in enumerate(zip(SITES, WEIGHTS, strict=True)):
        person = make_person(cast.hamlets[n % 2], f"Nguyễn Thị {'ABCDEGH'[n]}n", f"03705600{n:04d}", born=datetime.date(1950 + n, 1, 2))
        Checkup.objects.create(person=person, on=datetime.date(2026, 1, 1 + n), age_days=1, kind="periodic", site=site, weight_kg=weight, health_class=str(n % 5 + 1) if n else None)
    return registry.get("checkups")


def rows(enter, query):
    return enter("nurse").get(URL, {**query, "as": "json"}).json()


def picked(test):
    return [n for n, row in enumerate(zip(SITES, WEIGHTS, strict=True)) if test(*row)]


@pytest.mark.parametrize(("query", "test"), [
    ({"site__has": "dinh"}, lambda site, _: "dinh" in fold(site)),
    ({"site__has": "ĐÌNH L"}, lambda site, _: site == "Đình làng"),
    ({"site__is": "empty"}, lambda site, _: not site),
    ({"site__is": "filled"}, lambda site, _: bool(site)),
    ({"site__is": "filled", "site__has": "a"}, lambda site, _: "a" in fold(site)),
    ({"weight_kg__min": "52,5"}, lambda _, kg: kg is not None and float(kg) >= 52.5),
    ({"weight_kg__max": "40"}, lambda _, kg: kg is not None and float(kg) <= 40),
    ({"weight_kg__min": "40", "weight_kg__max": "52.5"}, lambda _, kg: kg is not None and 40 <= float(kg) <= 52.5),
    ({"weight_kg__is": "empty"}, lambda _, kg: kg is None),
    ({"weight_kg__is": "filled", "site__is": "empty"}, lambda site, kg: kg is not None and not site),
    ({"weight_kg__min": "10", "site__has": "e"}, lambda site, kg: kg is not None and float(kg) >= 10 and "e" in fold(site)),
])
def test_conditions_pick_what_they_say(book, enter, query, test):
    found = rows(enter, query | {"sort": "on"})
    assert [int(row["on"][-2:]) - 1 for row in found["rows"]] == picked(test)
    assert found["count"] == len(found["rows"])


@pytest.mark.parametrize(("query", "days"), [
    ({"on__min": "03/01/2026"}, [3, 4, 5, 6, 7]), ({"on__max": "02/01/2026"}, [1, 2]), ({"on__max": "2025"}, []), ({"on__min": "2026", "on__max": "2026"}, [1, 2, 3, 4, 5, 6, 7]),
    ({"person.birth_date__min": "1955"}, [6, 7]), ({"person__has": "037056000003"}, [4]), ({"person__has": "thi an"}, [1]), ({"health_class": "-"}, [1]),
    ({"person.full_name__has": "THỊ DN"}, [4]),
])
def test_conditions_on_days_and_relations(book, enter, query, days):
    assert [int(row["on"][-2:]) for row in rows(enter, query | {"sort": "on"})["rows"]] == days


@pytest.mark.parametrize("query", [
    {"weight_kg__min": "nặng"}, {"weight_kg__max": "1e999"}, {"weight_kg__min": "nan"}, {"on__min": "31/02/2026"}, {"on__max": "0000"}, {"site__is": "maybe"}, {"columns": "nothing"},
])
def test_a_condition_that_cannot_be_read_is_a_sentence(book, enter, query):
    answer = enter("nurse").get(URL, query | {"as": "json"})
    assert answer.status_code == 422 and "Hãy" in answer.content.decode()


def test_every_stored_column_sorts_both_ways_and_pages_hold_every_row_once(book, enter):
    for column in book.all_columns:
        for sign in ("", "-"):
            pages = [enter("nurse").get(URL, {"as": "json", "size": "3", "page": str(page), "sort": sign + column.path}).json()["rows"] for page in (1, 2, 3)]
            ids = [row["id"] for row in itertools.chain(*pages)]
            assert len(ids) == len(set(ids)) == 7, column.path


def test_texts_sort_without_tones_and_nothing_comes_last(book, enter):
    up = [row["site"] for row in rows(enter, {"sort": "site"})["rows"]]
    assert up == ["Ấp Bắc", "Đình làng", "dinh thự", "Trạm Y tế xã", "Zét", None, None]
    for sort, first in (("weight_kg", 9.5), ("-weight_kg", 60.0)):
        weights = [row["weight_kg"] for row in rows(enter, {"sort": sort})["rows"]]
        assert weights[0] == first and weights[-2:] == [None, None]
    kinds = [row["health_class"] for row in rows(enter, {"sort": "health_class"})["rows"]]
    assert kinds[0] == "loại I" and kinds[-1] is None


def test_a_stored_path_makes_a_column_that_is_read_sortable_and_a_total_is_summed(book, cast):
    weight = dataclasses.replace(book.by_path["weight_kg"], total=True)
    born = dataclasses.replace(book.by_path["person.full_name"], read=lambda row: row.person.full_name, stored="person.birth_date", search=False)
    assert (born.sought, conditions.kind_of(born)) == ("person__birth_date", "date")
    found = book.rows(cast.nurse, {"weight_kg__max": "52.5"})
    assert [sum["words"] for sum in screen.totals([born, weight], found)] == ["", "154,5"]
    assert screen.totals([born], found) == []


def test_a_declared_total_stands_under_the_list(book, enter, monkeypatch):
    summed = tuple(dataclasses.replace(column, total=column.path == "weight_kg") for column in book.all_columns)
    monkeypatch.setattr(book, "all_columns", summed)
    monkeypatch.setattr(book, "by_path", {column.path: column for column in summed})
    foot = enter("nurse").get(URL, {"columns": "person.full_name,on,weight_kg", "weight_kg__min": "50"}).content.decode().split("<tfoot>")[1].split("</tfoot>")[0]
    assert "Cộng 3 lượt khám" in foot and ">165<" in foot
    assert "<tfoot>" not in enter("nurse").get(URL, {"columns": "person.full_name,on"}).content.decode()


def test_a_wrong_stored_path_or_total_is_a_fault_of_the_declaration(book, monkeypatch):
    wrong = (dataclasses.replace(book.by_path["site"], total=True), dataclasses.replace(book.by_path["on"], stored="nowhere"))
    monkeypatch.setattr(book, "all_columns", wrong)
    assert len(list(checks._columns(book))) >= 2


def test_the_page_tells_order_and_conditions(book, enter):
    page = enter("nurse").get(URL, {"sort": "-on", "weight_kg__min": "40", "site__is": "filled"}).content.decode()
    assert 'aria-sort="descending"' in page and "Cân nặng (kg): <b>từ 40</b>" in page and "Nơi khám: <b>có giá trị</b>" in page
    assert 'href="?sort=-on&amp;site__is=filled"' in page, "the chip leaves its own condition out"


@pytest.mark.parametrize("form", ["", "json", "csv"])
@pytest.mark.parametrize("query", [{"kind": "<b>forged"}, {"health_class": "9"}, {"person.hamlet": "99999.99"}, {"person.hamlet": "<b>forged"}])
def test_a_choice_that_never_was_is_answered_in_words(book, enter, query, form):
    answer = enter("nurse").get(URL, query | ({"as": form} if form else {}))
    text = answer.content.decode()
    assert answer.status_code == 422 and "không đọc được. Hãy chọn lại trong danh sách." in text and "forged" not in text


def test_a_hamlet_of_another_commune_is_no_choice(book, enter, cast):
    answer = enter("nurse").get(URL, {"person.hamlet": cast.other_hamlet.code})
    assert answer.status_code == 422 and cast.other_hamlet.name not in answer.content.decode()


def test_a_text_that_nobody_has_finds_nothing_and_is_quoted(book, enter):
    answer = enter("nurse").get("/so/residents/", {"ethnicity": "<b>Mọi"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "“&lt;b&gt;Mọi”" in text and "<b>Mọi" not in text
