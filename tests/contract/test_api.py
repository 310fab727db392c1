"""The JSON interface of every register, found by registry: the screen's rows, the same actions, refusals with sentences."""

import datetime
import json
import uuid

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.clients import actions
from tramyte.engine.registers import interface, loading, staging
from tramyte.engine.registers.columns import Column

MOST_QUERIES = 24
UNTIL = datetime.date(2026, 12, 31)
FREE = {"text": "Ghi chú khác", "whole": 1, "number": 1.5, "flag": True, "day": "2026-01-05"}


class Program:
    """A program with a key: the test client with its header."""

    def __init__(self, key):
        self.browser, self.headers = Browser(), {"Authorization": f"Bearer {key}"}

    def get(self, address, params=None, **headers):
        return self.browser.get(address, params or {}, headers={**self.headers, **headers})

    def send(self, address, content, how="post", **headers):
        body = content if isinstance(content, str) else json.dumps(content)
        return getattr(self.browser, how)(address, body, content_type="application/json", headers={**self.headers, **headers})


@pytest.fixture
def connect(cast):
    """A program connected by the director: `connect("people.view", where=[place])`."""
    def made(*permissions, where=None, by=None):
        client, key = actions.create_client(
            by=by or cast.director, name=f"Phần mềm {uuid.uuid4().hex[:6]}", contact="anh Nam, 0912345678", where=where or [cast.commune],
            permissions=permissions, valid_until=UNTIL)
        program = Program(key)
        program.client = client
        return program
    return made


@pytest.fixture
def program(book, connect):
    """A program that reads and writes this book; a line of births also makes a person and a dose, one of reactions writes into its dose."""
    more = {"births": ("people.write", "care.write"), "reactions": ("care.write",)}
    return connect(book.register.guard.view, book.register.write, *more.get(book.register.slug, ()))


@pytest.fixture
def known_program(program, known_keys):
    """The program, for a test that is not about its key."""
    return program


def load(book, user, count):
    made = staging.stage(book.register, user, "so.csv", book.file(count))
    loading.apply(book.register, user, made)
    assert book.register.rows(user, {}).count() == count


def url(book, *parts):
    return "/".join(["/api/v1/registers", book.register.slug, *(str(part) for part in parts)])


def sendable(register, line):
    """A typed line as a program sends it."""
    given = {}
    for column in register.own:
        text = line.get(column.path, "")
        if text:
            kind = interface.type_of(column)
            given[column.path] = {"whole": lambda t: int(t) if t.isdecimal() else code(column, t), "number": lambda t: float(t.replace(",", ".")), "flag": lambda t: t == "Có"}.get(kind, str)(text)
    return given


def code(column: Column, words):
    return next(code for code, said in interface.codes_of(column) if said == words)


# -- reading ------------------------------------------------------------------------------------------


def test_the_list_is_the_screens(book, cast, reads, known_program):
    load(book, cast.director, 12)
    screen = reads("director")
    for query in ({}, {"sort": f"-{book.register.all_columns[0].path}"}, {"q": "thu"}):
        shown = screen.get(book.url, query | {"as": "json", "size": "500"}).json()
        listed = known_program.get(url(book), query).json()
        assert listed["count"] == shown["count"] == len(listed["rows"])
        assert [row["id"] for row in listed["rows"]] == [row["id"] for row in shown["rows"]]
    address, seen, steps = url(book) + "?limit=5", [], 0
    while address:
        page = known_program.get(address).json()
        seen, address, steps = [*seen, *(row["id"] for row in page["rows"])], page["next"], steps + 1
    assert len(seen) == len(set(seen)) == 12 and steps == 3


def test_every_choice_and_condition_counts_as_the_book_does(book, cast, known_program):
    """That the book counts what its screen lists, test_registers.py proves."""
    load(book, cast.director, 6)
    for parameter in interface.parameters(book.register):
        for value, _ in parameter.options[:2]:
            listed = known_program.get(url(book), {parameter.name: value, "limit": "1"})
            assert listed.status_code == 200, (parameter.name, value, listed.json())
            assert listed.json()["count"] == book.register.count(cast.director, {parameter.name: value}), (parameter.name, value)


@pytest.mark.sqlite_only
def test_chosen_columns_only(book, cast, program):
    load(book, cast.director, 3)
    chosen = [column.path for column in book.register.all_columns[:2]]
    assert all(set(row) == {"id", "version", *chosen} for row in program.get(url(book), {"columns": ",".join(chosen)}).json()["rows"])


UNREADABLE = (
    ("khong-co", "1"), ("limit", "0"), ("limit", "501"), ("limit", "²"), ("limit", ""), ("offset", "-1"), ("offset", "9" * 25), ("sort", "khong-co"), ("columns", "khong-co"),
)


def test_what_cannot_be_read_is_refused(book, program):
    for name, value in UNREADABLE:
        answer = program.get(url(book), {name: value})
        assert answer.status_code == (422 if value else 200), (name, value)
        assert not value or (answer.json()["field"] in {name, ""} and answer.json()["message"].endswith(".")), (name, value)


def test_queries_do_not_grow_with_rows(book, cast, program):
    counts = []
    load(book, cast.director, 5)
    program.get(url(book))  # the first request of a key notes its use
    for count in (5, 15):
        if count > 5:
            load(book, cast.director, count)
        with CaptureQueriesContext(connection) as done:
            assert len(program.get(url(book), {"limit": "500"}).json()["rows"]) == count
        counts.append(len(done))
    assert counts[0] == counts[1] <= MOST_QUERIES


@pytest.mark.sqlite_only
def test_etags_spare_what_is_known(book, cast, program):
    load(book, cast.director, 2)
    row = program.get(url(book)).json()["rows"][0]
    for address in (url(book), url(book, row["id"]), url(book, row["id"], "history")):
        first = program.get(address)
        again = program.get(address, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), address
        assert program.get(address, **{"If-None-Match": '"0-abc", W/"x"'}).status_code == 200


def test_a_row_tells_its_own_id_version_and_values(book, cast, program):
    load(book, cast.director, 1)
    row = book.register.rows(cast.director, {}).first()
    told = program.get(url(book, row.pk)).json()
    assert told == interface.plain(book.register.all_columns, row) and told["version"] == 1
    assert program.get(url(book, uuid.uuid4())).status_code == 404


def test_reading_about_people_is_logged(book, cast, program):
    if not book.register.guard.personal:
        pytest.skip("this book tells about no person")
    load(book, cast.director, 2)
    row = book.register.rows(cast.director, {}).first()
    who = f"ứng dụng {program.client.name}"
    program.get(url(book), {"limit": "1"})
    program.get(url(book, row.pk))
    kept = list(AuditEntry.objects.filter(username=who).order_by("seq").values_list("action", "object_id"))
    assert kept == [("export_json", ""), ("view", str(row.pk))]
    assert AuditEntry.objects.get(username=who, action="export_json").note == f"{book.register.slug}: 1 dòng limit=1"


# -- writing ------------------------------------------------------------------------------------------


def test_a_new_row_is_stored_once(book, cast, program):
    made, given = uuid.uuid4(), sendable(book.register, book.lines[0])
    first = program.send(url(book), {"id": str(made), **given})
    assert first.status_code == 201, first.json()
    assert first.json()["id"] == str(made) and first["Location"] == url(book, made)
    entries, stored = AuditEntry.objects.count(), book.stored()
    again = program.send(url(book), {"id": str(made), **given})
    assert again.status_code == 200 and again.json() == first.json()
    assert (AuditEntry.objects.count(), book.stored()) == (entries, stored)
    assert AuditEntry.objects.filter(username=f"ứng dụng {program.client.name}", object_id=str(made)).exists()
    row = book.register.get(cast.director, made)
    for column in book.register.own:
        assert column.words(row) == book.lines[0].get(column.path, "") or column.path not in given, column.path


def test_what_is_refused_names_field_and_reason(book, program):
    empty = program.send(url(book), {})
    assert empty.status_code == 422 and empty.json()["field"] in book.register.by_path and empty.json()["faults"]
    given = sendable(book.register, book.lines[0])
    for wrong in ({**given, "khong-co": 1}, {**given, next(iter(given)): {"a": 1}}, "[]", "{", '{"a": "\\ud800"}', "\xff"):
        answer = program.send(url(book), wrong)
        assert answer.status_code == 422 and answer.json()["message"], wrong
    assert book.stored() == 0


def changeable(book, row):
    """A column and a value that another version of this row may have."""
    for column in book.register.own:
        if column.path in book.register.identity or column.relation:
            continue
        codes = [code for code, _ in interface.codes_of(column)]
        value = next((code for code in codes if code != column.value(row)), None) if codes else FREE[interface.type_of(column)]
        if column.read is None and column.field is None and value is not None:
            yield column, value


def test_a_change_keeps_the_rest_and_asks_for_the_version_seen(book, cast, program):
    load(book, cast.director, 1)
    row = book.register.rows(cast.director, {}).first()
    address = url(book, row.pk)
    before = program.get(address)
    for column, value in changeable(book, row):
        changed = program.send(address, {column.path: value}, "patch", **{"If-Match": before["ETag"]})
        if changed.status_code == 200:
            break
    assert changed.status_code == 200, changed.json()
    assert changed.json()["version"] > 1 and changed.json()[column.path] == value
    assert {path: told for path, told in changed.json().items() if path not in {"version", column.path}} == {
        path: told for path, told in before.json().items() if path not in {"version", column.path}}
    stale = program.send(address, {column.path: value}, "patch", **{"If-Match": before["ETag"]})
    assert stale.status_code == 412 and stale.json()["code"] == "conflict"
    assert stale.json()["stored"] == changed.json() and stale.json()["sent"] == {column.path: value}
    assert program.send(address, {column.path: value}, "patch").status_code == 428


def test_an_entry_in_error_leaves_the_book_and_stays_gone(book, cast, program):
    load(book, cast.director, 2)
    row = book.register.rows(cast.director, {}).first()
    tag = program.get(url(book, row.pk))["ETag"]
    assert program.send(url(book, row.pk, "cancel"), {"reason": ""}, **{"If-Match": tag}).status_code == 422
    assert program.send(url(book, row.pk, "cancel"), {"reason": "ghi nhầm"}, **{"If-Match": '"99-0"'}).status_code == 412
    gone = program.send(url(book, row.pk, "cancel"), {"reason": "ghi nhầm"}, **{"If-Match": tag})
    assert gone.status_code == 200 and gone.json()["entered_in_error"], gone.json()
    assert program.get(url(book, row.pk)).status_code == 404 and program.get(url(book)).json()["count"] == 1
    assert program.send(url(book), {"id": str(row.pk), **sendable(book.register, book.lines[0])}).status_code == 409


def test_history_tells_who(book, program):
    made = program.send(url(book), sendable(book.register, book.lines[0])).json()["id"]
    events = program.get(url(book, made, "history")).json()["events"]
    assert events and events[-1]["who"] == f"Ứng dụng {program.client.name}"


# -- who may ------------------------------------------------------------------------------------------


def test_a_sibling_commune_sees_and_changes_nothing(book, cast, connect):
    load(book, cast.director, 3)
    row = book.register.rows(cast.director, {}).first()
    other = connect(book.register.guard.view, book.register.write, where=[cast.other_commune], by=_director_of(cast.other_commune))
    assert other.get(url(book)).json()["count"] == 0
    for address in (url(book, row.pk), url(book, row.pk, "history")):
        assert other.get(address).status_code == 404, address
    for address, content, how in ((url(book, row.pk), {}, "patch"), (url(book, row.pk, "cancel"), {"reason": "x"}, "post")):
        assert other.send(address, content, how, **{"If-Match": "*"}).status_code in {403, 404}, address
    sent = other.send(url(book), {"id": str(row.pk), **sendable(book.register, book.lines[0])})
    assert sent.status_code in {403, 409} and "Nguyễn" not in sent.content.decode()
    assert other.send(url(book), {"id": str(uuid.uuid4()), **sendable(book.register, book.lines[1])}).status_code in {403, 422}
    assert book.stored() == 3


def _director_of(place):
    from tramyte.engine.access.models import Assignment, User

    user = User.objects.create(username="giamdoc.khac", full_name="Giám Đốc Khác")
    Assignment.objects.create(user=user, role="director", place=place, valid_from=datetime.date(2025, 7, 1))
    return user


@pytest.mark.sqlite_only
def test_a_key_that_only_reads_writes_nothing(book, cast, connect):
    load(book, cast.director, 1)
    row = book.register.rows(cast.director, {}).first()
    reader = connect(book.register.guard.view)
    assert reader.get(url(book, row.pk)).status_code == 200
    entries = AuditEntry.objects.count()
    for address, content, how in ((url(book), sendable(book.register, book.lines[0]), "post"), (url(book, row.pk), {}, "patch"), (url(book, row.pk, "cancel"), {"reason": "x"}, "post")):
        assert reader.send(address, content, how, **{"If-Match": "*"}).status_code == 403, address
    assert AuditEntry.objects.count() == entries


@pytest.mark.sqlite_only
def test_a_key_for_figures_reaches_no_person(book, cast, connect):
    if not book.register.guard.personal:
        pytest.skip("this book tells about no person")
    load(book, cast.director, 1)
    row = book.register.rows(cast.director, {}).first()
    counter = connect("figures.view")
    for address in (url(book), url(book, row.pk), url(book, row.pk, "history")):
        assert counter.get(address).status_code == 403, address
    assert counter.get("/api/v1/indicators").status_code == counter.get("/api/v1/targets").status_code == 200


@pytest.mark.sqlite_only
def test_figures_only_roles_reach_no_person(book, cast, reads):
    if not book.register.guard.personal:
        pytest.skip("this book tells about no person")
    load(book, cast.director, 1)
    row = book.register.rows(cast.director, {}).first()
    for role in ("officer", "chairman", "unit", "supervisor", "admin"):
        client = reads(role)
        for address in (url(book), url(book, row.pk), url(book, row.pk, "history")):
            answer = client.get(address)
            assert answer.status_code in {403, 404} and "Nguyễn" not in answer.content.decode(), (role, address)
