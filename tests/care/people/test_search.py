"""The one box: what it finds, in which order, for whom, and that no text breaks it."""

import datetime
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.people import actions
from tramyte.care.people.search import find_people, number_forms, query_words


@pytest.fixture
def crowd(register, cast):
    """Six people with numbers, telephones and hamlets."""
    an = register("Nguyễn Văn An", "12/05/1956", national_id="037056001234", phone="0912345678")
    a = register("Nguyễn Văn A", "01/01/1956", birth_precision="year")
    an2 = register("Nguyễn Văn Ân", "12/05/1970", hamlet=cast.hamlets[1])
    lan = register("Trần Thị Lan", "03/09/1990", "F", hamlet=cast.hamlets[1], insurance_number="DN4370100123456")
    far = register("Nguyễn Văn A", "01/01/1956", hamlet=cast.other_hamlet, by=cast.stranger)
    duc = register("Đỗ Đức Ước", "09/03/1990", hamlet=cast.hamlets[2])
    actions.record_identifier(by=cast.nurse, person=an, kind="national", value="037056009999")
    return {"an": an, "a": a, "an2": an2, "lan": lan, "far": far, "duc": duc}


@pytest.mark.parametrize(("text", "expected"), [
    ("nguyen van a 1956", "a an"),
    ("1956 a nguyen", "a an"),
    ("NGUYỄN VĂN A", "a an an2"),
    ("nguyễn văn ân", "an2 an"),
    ("nguyen van an", "an an2"),
    ("Nguyễn Văn An", "an an2"),
    ("nguyê", "a an an2"),
    ("lan van son", "lan"),
    ("dong ha a", "a an"),
    ("037056001234", "an"),
    ("037 056 001 234", "an"),
    ("37056001234", "an"),
    ("037056009999", "an"),
    ("037056001234||Nguyễn Văn An|12051956|Nam|Thôn Đông Hạ|01012021", "an"),
    ("DN4370100123456", "lan"),
    ("dn4 37 0100123456", "lan"),
    ("0100123456", "lan"),
    ("0912345678", "an"),
    ("+84 912 345 678", "an"),
    ("ddu", "duc"),
    ("do duc", "duc"),
    ("12/05/1956", "an"),
    ("3/9/1990", "lan"),
    ("zzz", ""),
    ("", ""),
    ("   ", ""),
    ("%", ""),
    ("999999999999", ""),
])
def test_what_is_found(crowd, cast, text, expected):
    found = find_people(cast.nurse, text)
    names = {person.pk: name for name, person in crowd.items()}
    assert " ".join(names[person.pk] for person in found.people) == expected


@pytest.mark.parametrize(("user", "expected"), [
    ("nurse", 3), ("director", 3), ("village_worker", 2), ("stranger", 1), ("officer", 0), ("chairman", 0), ("unit", 0), ("supervisor", 0), ("admin", 0)])
def test_only_people_within_reach(crowd, cast, user, expected):
    assert len(find_people(cast.users[user], "nguyen van").people) == expected


@pytest.mark.parametrize(("text", "exact"), [
    ("037056001234", True), ("37056001234", True), ("03705600", False), ("0912345678", True), ("nguyen van a", False), ("DN4370100123456", True)])
def test_a_whole_number_of_one_person_is_exact(crowd, cast, text, exact):
    assert find_people(cast.nurse, text).exact is exact


def test_at_most_three_queries_once_rights_are_known(crowd, cast, django_assert_max_num_queries):
    find_people(cast.nurse, "lan")
    for text in ("nguyen van a 1956", "Nguyễn Văn Ân", "037056001234"):
        with django_assert_max_num_queries(3):
            found = find_people(cast.nurse, text)
            assert [str(person.hamlet) for person in found.people]


def test_the_index_follows_changes(crowd, cast):
    actions.change_person(by=cast.nurse, id=crowd["lan"].pk, full_name="Trần Thị Huệ")
    actions.record_residence(by=cast.nurse, person=crowd["lan"].pk, place=cast.hamlets[2], kind="temporary", start=datetime.date(2026, 6, 1))
    assert find_people(cast.nurse, "hue trung lap").people == [crowd["lan"]]
    assert not find_people(cast.nurse, "tran thi lan").people


def test_people_entered_in_error_are_not_found(crowd, cast):
    actions.retract(by=cast.nurse, model=type(crowd["a"]), id=crowd["a"].pk, reason="trùng")
    assert crowd["a"] not in find_people(cast.nurse, "nguyen van a").people


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=60), st.text(alphabet="nguyễnạăêđ 019\"'*()|&:!-+\\\x00%_", max_size=60), st.text(min_size=5000, max_size=6000)))
def test_no_text_fails(cast, text):
    found = find_people(cast.nurse, text)
    assert found.people == [] and not found.more
    assert all(word and " " not in word for word in query_words(text))
    assert all(form.isalnum() for form in number_forms(text))


@pytest.mark.sqlite_only
def test_words_are_parted_where_the_index_parts_them():
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE words USING fts5(text, detail=none, tokenize='unicode61 remove_diacritics 0')")
    for sign in filter(str.isalnum, map(chr, range(0x80, 0x110000))):
        for word in query_words(f"a{sign}b"):
            index.execute("SELECT 1 FROM words WHERE words MATCH ?", (f'"{word}"',))  # refuses two words at once


def test_the_name_weighs_more_than_the_hamlet(register, cast):
    named = register("Nguyễn Văn An", "01/02/1950")
    for number in range(70):  # more than are looked at, before "nguyen van" in the alphabet
        register("Nguyễn Công An", f"01/02/{1910 + number}", hamlet=cast.hamlets[1])  # of Thôn Vân Sơn
    assert find_people(cast.nurse, "nguyen van an").people[0] == named
    assert find_people(cast.nurse, "van an").people[0] == named


def test_who_left_or_died_comes_after_who_is_here_and_says_so(enter, register, cast):
    left, died, here = (register("Trần Văn Bảy", born, since=datetime.date(2000, 1, 1), residence="permanent") for born in ("01/01/1950", "01/01/1960", "01/01/1970"))
    actions.end_residence(by=cast.nurse, id=left.residences.get().pk, end=datetime.date(2026, 5, 1), reason="chuyển đi")
    actions.record_death(by=cast.nurse, person=died, on=datetime.date(2026, 4, 1))
    found = find_people(cast.nurse, "tran van bay")
    assert found.people[0] == here and [person.presence for person in found.people] in (["here", "left", "died"], ["here", "died", "left"])
    for headers in ({}, {"HX-Request": "true"}):
        page = enter("nurse").get("/tim/", {"q": "tran van bay"}, headers=headers).content.decode()
        assert page.count("Đã chuyển đi") == page.count("Đã mất") == 1
