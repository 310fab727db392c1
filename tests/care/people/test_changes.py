"""Sổ biến động dân số: the totals are the difference of two populations, whatever happened; page, files, rights."""

import datetime
import io
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.people import actions, changes
from tramyte.care.people.models import Person, Residence

D, DAY = datetime.date, datetime.timedelta(days=1)
ORIGIN = D(2026, 1, 1)
HAMLETS = 3  # of them the first two are looked at


def day(n):
    return ORIGIN + n * DAY


@st.composite
def humans(draw):
    """Born, died or None, residences (hamlet, kind, first, last or None) in days after ORIGIN."""
    born = draw(st.integers(0, 20))
    died = draw(st.none() | st.integers(born, 45))
    one = st.tuples(st.integers(0, HAMLETS - 1), st.sampled_from(["permanent", "temporary", "absent"]), st.integers(born, 40), st.none() | st.integers(0, 15))
    stays = [(place, kind, start, None if length is None else start + length) for place, kind, start, length in draw(st.lists(one, max_size=5))]
    return born, died, stays


def present(human, places, on):
    """The oracle: whether somebody is counted at the end of a day, by looking at that one day."""
    _, died, stays = human
    if died is not None and died <= on:
        return False
    holds = [(place, kind) for place, kind, start, end in stays if place in places and start <= on and (end is None or end >= on)]
    return any(kind != "absent" and (place, "absent") not in holds for place, kind in holds)


def crossings(human, places, first, last):
    """Begins and ends of being counted, day by day, with their kind."""
    born, died, _ = human
    found = []
    for on in range(first, last + 1):
        was, now = present(human, places, on - 1), present(human, places, on)
        if now and not was:
            found.append((on, "birth" if on == born else "arrival"))
        if was and not now:
            alive = (born, None, human[2])  # would still be counted, had he lived
            found.append((on, "death" if died == on and present(alive, places, on) else "departure"))
    return found


PLACES = [uuid.UUID(int=n) for n in range(HAMLETS)]
WINDOW = st.tuples(st.integers(1, 40), st.integers(0, 25)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(humans(), st.sets(st.integers(0, HAMLETS - 1), min_size=1))
def test_changes_of_one_person_are_those_seen_day_by_day(human, places):
    born, died, stays = human
    held = [changes.Stay(PLACES[place], kind, day(start), changes.NEVER if end is None else day(end + 1)) for place, kind, start, end in stays if place in places]
    found = [((on - ORIGIN).days, kind) for on, kind, _ in changes.changes_of(held, day(born), None if died is None else day(died))]
    # Who comes on the very day of death was never counted at the end of a day: one line in, one line out.
    passing = {on for on, _ in found if on == died and [kind for other, kind in found if other == on and changes.SIGNS[kind] > 0]}
    plain = [(on, kind) for on, kind in found if on not in passing]
    assert plain == [line for line in crossings(human, places, 0, 70) if line[0] not in passing]
    for on in passing:
        assert sum(changes.SIGNS[kind] for other, kind in found if other == on) == present(human, places, on) - present(human, places, on - 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=st.lists(humans(), max_size=6), window=WINDOW)
def test_the_population_at_the_end_is_the_one_at_the_start_and_the_changes(cast, people, window):
    first, last = window
    scope = [hamlet.pk for hamlet in cast.hamlets[:2]]
    with transaction.atomic():
        for n, (born, died, stays) in enumerate(people):
            made = Person.objects.create(
                full_name=f"Người {n}", birth_date=day(born), sex="FM"[n % 2], hamlet=cast.hamlets[0], died_on=None if died is None else day(died))
            for place, kind, start, end in stays:
                Residence.objects.create(person=made, place=cast.hamlets[place], kind=kind, start=day(start), end=None if end is None else day(end))
        book = changes.book(day(first), day(last), scope)
        transaction.set_rollback(True)
    assert book.before == sum(present(human, {0, 1}, first - 1) for human in people)
    assert book.after == sum(present(human, {0, 1}, last) for human in people)
    count = book.count
    assert book.after == book.before + count("birth") + count("arrival") - count("death") - count("departure")
    assert all(day(first) <= change.day <= day(last) for change in book.changes)


@pytest.fixture
def year(register, cast):
    """A birth, an arrival, a move within, an absence and its end, a departure, a death."""
    nurse, homes = cast.nurse, cast.hamlets
    actions.record_death(by=nurse, person=register("Nguyễn Văn Mất", since=D(2000, 1, 1)), on=D(2026, 3, 5), cause="Nhồi máu cơ tim", icd10="I21.9")
    register("Nguyễn Thị Sinh", "10/02/2026", "F", since=D(2026, 2, 10))
    register("Trần Thị Đến", "10/02/1990", "F", since=D(2026, 2, 15))
    gone = register("Trần Văn Đi", since=D(2010, 1, 1))
    actions.end_residence(by=nurse, id=gone.residences.get().pk, end=D(2026, 4, 30), reason="vào Nam")
    away = register("Lê Văn Vắng", "01/01/1991", since=D(2010, 1, 1))
    actions.record_residence(by=nurse, person=away, place=homes[0], kind="absent", start=D(2026, 1, 10), end=D(2026, 1, 20))
    moved = register("Lê Văn Dời", "01/01/1992", since=D(2010, 1, 1))
    actions.record_residence(by=nurse, person=moved, place=homes[1], kind="permanent", start=D(2026, 5, 1))


def lines(book):
    return [(f"{change.day:%d/%m}", change.kind, change.person.full_name.split()[-1], change.detail) for change in book.changes]


def test_the_lines_of_a_year(year, cast):
    book = changes.book(D(2026, 1, 1), D(2026, 6, 3), [hamlet.pk for hamlet in cast.hamlets])
    assert lines(book) == [
        ("10/01", "departure", "Vắng", "đi vắng"), ("21/01", "arrival", "Vắng", "trở về sau khi đi vắng"), ("10/02", "birth", "Sinh", ""),
        ("15/02", "arrival", "Đến", "thường trú"), ("05/03", "death", "Mất", "Nhồi máu cơ tim"), ("01/05", "departure", "Đi", "thường trú")]
    assert (book.before, book.after) == (4, 4)
    assert book.totals == [("sinh", 1, 1), ("chuyển đến", 2, 1), ("tử vong", 1, 0), ("chuyển đi", 2, 0)]
    one = changes.book(D(2026, 5, 1), D(2026, 5, 31), [cast.hamlets[0].pk])
    assert {line[2] for line in lines(one)} == {"Đi", "Dời"}  # a move out of the one hamlet is a departure from it


def test_the_page_its_filters_and_files(year, enter):
    client = enter("nurse")
    page = client.get("/nguoi-dan/bien-dong/", {"ky": "2026"}).content.decode()
    assert "6 biến động" in page and "Nhồi máu cơ tim" in page and "Dân số cuối ngày 31/12/2025" in page and "chưa đối chiếu văn bản gốc" in page
    assert "Không có biến động nào" in client.get("/nguoi-dan/bien-dong/", {"ky": "2026-06"}).content.decode()
    assert "Dời" in client.get("/nguoi-dan/bien-dong/", {"ky": "2026-05", "thon": "00001.02"}).content.decode()
    for query, status in (({"ky": "x"}, 422), ({"ky": "2027"}, 422), ({"thon": "00002.01"}, 404), ({"as": "doc"}, 422)):
        assert client.get("/nguoi-dan/bien-dong/", query).status_code == status, query
    import pypdfium2

    answer = client.get("/nguoi-dan/bien-dong/", {"ky": "2026", "as": "pdf"})
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(answer.content))
    assert "Trần Văn Đi" in " ".join(text.split()) and "Dân số cuối ngày" in " ".join(text.split())
    sheet = client.get("/nguoi-dan/bien-dong/", {"ky": "2026", "as": "csv"})
    assert len(io.StringIO(sheet.content.decode("utf-8-sig")).read().strip().splitlines()) == 7


def test_only_the_own_hamlets_are_told(year, enter):
    assert "Trần Văn Đi" in enter("village_worker").get("/nguoi-dan/bien-dong/", {"ky": "2026"}).content.decode()
    page = enter("stranger").get("/nguoi-dan/bien-dong/", {"ky": "2026"})
    assert page.status_code == 200 and "Trần Văn Đi" not in page.content.decode()
    for user in ("officer", "chairman", "unit", "supervisor", "admin"):
        assert enter(user).get("/nguoi-dan/bien-dong/", {"ky": "2026"}).status_code == 403


def test_more_changes_cost_no_more_queries(year, enter, register):
    client = enter("nurse")
    client.get("/nguoi-dan/bien-dong/", {"ky": "2026"})
    with CaptureQueriesContext(connection) as few:
        client.get("/nguoi-dan/bien-dong/", {"ky": "2026"})
    for n in range(20):
        register(f"Người {chr(65 + n)}", "01/01/1990", since=D(2026, 2, 1))
    with CaptureQueriesContext(connection) as many:
        client.get("/nguoi-dan/bien-dong/", {"ky": "2026"})
    assert len(many) <= len(few) + 1 and len(many) <= 24, (len(few), len(many))
