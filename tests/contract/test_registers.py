"""What every register keeps, found by registry."""

import csv
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.registers import checks, conditions, loading, output, staging
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.narrowing import choices, narrowed
from tramyte.engine.registers.ordering import sortable

MOST_QUERIES = 24
WRITER = "director"
FRAGMENT = {"HX-Request": "true"}
PAGE, PAGED = 20, 23  # lines of a page; so many lines fill one and begin the next


def load(book, user, content, name="so.csv"):
    made = staging.stage(book.register, user, name, content)
    loading.apply(book.register, user, made)
    made.refresh_from_db()
    return made, staging.summary(made)


def reasons(made):
    return list(made.rows.exclude(verdict="created").values_list("number", "verdict", "reason", "cell"))


@pytest.mark.sqlite_only
def test_the_declaration_is_sound(book):
    assert list(checks.faults(book.register)) == []


def test_the_template_is_accepted(book, cast):
    made = staging.stage(book.register, cast.director, "mau.xlsx", output.template_bytes(book.register))
    assert staging.summary(made)["created"] == 1, reasons(made)


def test_a_dry_run_leaves_nothing(book, cast):
    entries, stored = AuditEntry.objects.count(), book.stored()
    lines = staging.try_out(book.register, cast.director, "so.csv", book.file())
    assert {line.verdict for line in lines} == {"created"}, [(line.reason, line.cell) for line in lines if line.verdict != "created"][:3]
    assert not Import.objects.exists() and not ImportRow.objects.exists()
    assert (AuditEntry.objects.count(), book.stored()) == (entries, stored)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_import_then_export_gives_the_same_cells(book, cast, form):
    made, counts = load(book, cast.director, book.file())
    assert counts["created"] == book.many, reasons(made)[:3]
    first = output.sheet_bytes(book.register, list(book.register.rows(cast.director, {})), form)
    again, counts = load(book, cast.director, first, f"lai.{form}")
    assert counts["created"] == counts["updated"] == counts["refused"] == 0, reasons(again)[:3]
    assert output.sheet_bytes(book.register, list(book.register.rows(cast.director, {})), form) == first
    columns = [column for column in book.register.own if column.read is None]
    row = next(row for row in book.register.rows(cast.director, {}) if all(
        column.words(row) == book.lines[0].get(column.path) for column in columns if column.path in book.register.identity))
    for column in columns:
        typed = book.lines[0].get(column.path, "")
        assert column.words(row) == typed, column.path


def test_the_same_file_twice_changes_nothing(book, cast):
    load(book, cast.director, book.file())
    entries, stored = AuditEntry.objects.count(), book.stored()
    _, counts = load(book, cast.director, book.file())
    assert counts == {"created": 0, "updated": 0, "duplicate": book.many, "refused": 0}
    assert (AuditEntry.objects.count(), book.stored()) == (entries, stored)


def test_a_whole_import_can_be_undone_and_done_again(book, cast):
    made, _ = load(book, cast.director, book.file())
    stored = book.stored()
    loading.undo(book.register, cast.director, made)
    assert stored - book.stored() == book.many
    again, counts = load(book, cast.director, book.file())
    assert counts["created"] == book.many, reasons(again)[:3]


def test_an_interrupted_import_goes_on(book, cast, monkeypatch):
    made = staging.stage(book.register, cast.director, "so.csv", book.file())
    monkeypatch.setattr(loading, "FIRST", 8)
    real, calls = loading._write, []

    def stops(*arguments):
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return real(*arguments)

    monkeypatch.setattr(loading, "_write", stops)
    with pytest.raises(KeyboardInterrupt):
        loading.apply(book.register, cast.director, made)
    assert made.rows.filter(done=True).count() == 8
    monkeypatch.setattr(loading, "_write", real)
    made.refresh_from_db()
    loading.apply(book.register, cast.director, made)
    assert made.rows.filter(done=True).count() == book.many
    assert Import.objects.get().state == "finished"


def test_a_stranger_sees_nothing(book, cast, enter):
    load(book, cast.director, book.file(5))
    row = book.register.rows(cast.director, {}).first()
    made = Import.objects.get()
    client = enter("stranger")
    listed = client.get(book.url, {"as": "json"})
    assert listed.status_code == 200 and listed.json()["count"] == 0
    for address in (f"{row.pk}/lich-su/", f"{row.pk}/", f"nhap/{made.pk}/", f"nhap/{made.pk}/loi.xlsx"):
        assert client.get(book.url + address).status_code in {403, 404}, address
        assert client.post(book.url + address, {}).status_code in {403, 404, 405}, address
    assert client.post(f"{book.url}{row.pk}/ghi-nham/", {"reason": "x"}).status_code in {403, 404}
    refused = staging.try_out(book.register, cast.stranger, "so.csv", book.file(5)) if book.register.loaded_by(cast.stranger) else []
    assert not [line for line in refused if line.verdict in {"created", "updated"}]


@pytest.mark.sqlite_only
def test_figures_only_roles_never_open_a_personal_book(book, cast, reads):
    if not book.register.guard.personal:
        pytest.skip("this book tells about no person")
    load(book, cast.director, book.file(2))
    row, made = book.register.rows(cast.director, {}).first(), Import.objects.get()
    addresses = ["", "?as=json", "?as=csv", "?as=pdf", "moi/", "nhap/", "nhap/mau.xlsx", f"nhap/{made.pk}/", f"{row.pk}/", f"{row.pk}/lich-su/", "goi-y/person/?q=ng"]
    for role in ("officer", "chairman", "unit", "supervisor", "admin"):
        client = reads(role)
        for address in addresses:
            answer = client.get(book.url + address)
            assert answer.status_code in {403, 404}, (role, address)
            assert b"Nguy\xe1\xbb\x85n" not in answer.content, (role, address)


def test_a_list_costs_the_same_at_one_row_and_at_a_full_page(book, cast, enter):
    client = enter(WRITER)
    load(book, cast.director, book.file(1))
    client.get(book.url)
    with CaptureQueriesContext(connection) as few:
        assert client.get(book.url).status_code == 200
    load(book, cast.director, book.file(PAGED))
    with CaptureQueriesContext(connection) as many:
        assert client.get(book.url).status_code == 200
    assert len(many) <= len(few) + 2 and len(many) <= MOST_QUERIES, (len(few), len(many), [q["sql"][:150] for q in many])


@pytest.mark.sqlite_only
def test_print_has_the_headings(book, cast, enter):
    load(book, cast.director, book.file(3))
    answer = enter(WRITER).get(book.url, {"as": "pdf"})
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    import pypdfium2

    document = pypdfium2.PdfDocument(answer.content)
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    squeezed = text.replace(" ", "").replace("-", "")
    assert "Phần2/" not in squeezed, "the columns stand side by side on the book's own sheet"
    assert "Ủy ban nhân dân xã Đồng Vân".upper().replace(" ", "") in squeezed and f"Trang1/{len(document)}" in squeezed
    assert all(who.replace(" ", "") in squeezed for who in book.register.signers)
    assert {(1191, 842), (842, 595), (595, 420)} >= {tuple(round(side) for side in document[0].get_size())}
    for column in book.register.all_columns:
        assert column.label.replace(" ", "").replace("-", "") in squeezed, column.label


def test_json_is_paged_and_has_a_tag(book, cast, enter):
    load(book, cast.director, book.file(PAGED))
    client = enter(WRITER)
    first = client.get(book.url, {"as": "json"})
    content = json.loads(first.content)
    assert (len(content["rows"]), content["count"], content["pages"]) == (PAGE, PAGED, 2)
    assert set(content["rows"][0]) == {"id", "version", *book.register.by_path}
    assert client.get(book.url, {"as": "json"}, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(book.url, {"as": "json", "page": "2"}).headers["ETag"] != first.headers["ETag"]


def test_every_filter_count_equals_its_list(book, cast, reads):
    load(book, cast.director, book.file(PAGED))
    client = reads(WRITER)
    for choice in choices(book.register, cast.director, {}):
        for value, _ in choice.options[:4]:
            rows = narrowed(book.register, cast.director, book.register.base(cast.director), {choice.name: value})
            assert client.get(book.url, {choice.name: value, "as": "json"}).json()["count"] == len(list(rows)), (choice.name, value)


def test_every_condition_counts_what_it_lists(book, cast, reads):
    load(book, cast.director, book.file(PAGED))
    client = reads(WRITER)
    for asked in conditions.conditions(book.register.all_columns, {}):
        path, halves = asked.column.path, []
        for query in ({f"{path}__is": "empty"}, {f"{path}__is": "filled"}, *tried(asked)):
            shown = client.get(book.url, query | {"as": "json", "size": "500"}).json()
            assert shown["count"] == len(shown["rows"]) == len({row["id"] for row in shown["rows"]}), query
            page = client.get(book.url, query | {"columns": path}, headers=FRAGMENT)  # the count and the chip are the same with fewer columns, and in the part
            assert f'aria-label="Bỏ lọc {asked.column.label}"' in page.content.decode() and page.context["total"] == shown["count"], query
            halves.append(shown["count"])
        assert halves[0] + halves[1] == PAGED, path


def tried(asked):
    """Conditions of a column's own kind that this book's lines may meet."""
    names = {"text": [("has", "a")], "number": [("min", "1"), ("max", "1000")], "date": [("min", "01/01/1956"), ("max", "2026")]}.get(asked.kind, [])
    return [{f"{asked.column.path}__{end}": text} for end, text in names]


def test_every_order_pages_through_every_row_once(book, cast, reads):
    load(book, cast.director, book.file(PAGED))
    client = reads(WRITER)
    for column in book.register.all_columns:
        for sort in (column.path, f"-{column.path}"):
            pages = [client.get(book.url, {"as": "json", "sort": sort, "page": page, "columns": column.path}).json()["rows"] for page in (1, 2)]
            assert len({row["id"] for rows in pages for row in rows}) == PAGED, sort
        page = client.get(book.url, {"sort": column.path, "columns": column.path}, headers=FRAGMENT).content.decode()
        assert ('aria-sort="ascending"' in page) == sortable(column), column.path


def test_exports_follow_columns_and_order(book, cast, enter):
    load(book, cast.director, book.file(5))
    client = enter(WRITER)
    chosen = book.register.all_columns[::-1][:3]
    query = {"columns": ",".join(column.path for column in chosen), "sort": f"-{chosen[0].path}"}
    listed = client.get(book.url, query | {"as": "json"}).json()["rows"]
    assert all(set(row) == {"id", "version", *(column.path for column in chosen)} for row in listed)
    lines = list(csv.reader(client.get(book.url, query | {"as": "csv"}).content.decode("utf-8-sig").splitlines()))
    assert lines[0] == [column.label for column in chosen] and len(lines) == 6
    rows = {str(row.pk): row for row in book.register.rows(cast.director, {})}
    texts = [n for n, column in enumerate(chosen) if not column.numeric and "Date" not in type(column.source).__name__ and column.read is None]
    words = [[chosen[n].words(rows[line["id"]]) for n in texts] for line in listed]
    assert [[line[n].lstrip("'") for n in texts] for line in lines[1:]] == words


@pytest.mark.sqlite_only
def test_pages_and_fragments(book, cast, enter):
    load(book, cast.director, book.file(PAGED))
    client = enter(WRITER)
    page, part = client.get(book.url), client.get(book.url, headers={"HX-Request": "true"})
    assert b"<html" in page.content and b"<html" not in part.content and b"<table" in part.content
    assert "HX-Request" in page.headers["Vary"]
    for address in ("moi/", "nhap/", f"{book.register.rows(cast.director, {}).first().pk}/", f"nhap/{Import.objects.get().pk}/"):
        assert client.get(book.url + address).status_code == 200, address
    assert client.get(book.url, {"q": "khong-co-gi-nhu-the"}).status_code == 200
    assert client.get(book.url, {"page": "999", "sort": "-nothing"}).status_code == 200
    assert client.post(f"{book.url}moi/", {}).status_code == 422


@pytest.mark.sqlite_only
def test_unknown_books_rows_and_imports_are_404(book, cast, enter):
    client = enter(WRITER)
    nobody = "01890000-0000-7000-8000-000000000000"
    assert client.get("/so/khong-co/").status_code == 404
    for address in (f"{nobody}/", f"{nobody}/lich-su/", f"nhap/{nobody}/", "goi-y/nothing/?q=an"):
        assert client.get(book.url + address).status_code == 404, address


def test_a_village_worker_reaches_only_the_own_hamlet(book, cast, enter):
    if not book.register.guard.personal:
        pytest.skip("this book tells about no person")
    load(book, cast.director, book.file(3))
    mine = cast.hamlets[0]
    rows = list(book.register.rows(cast.village_worker, {}))
    if not book.register.seen_by(cast.village_worker):
        assert not rows, "a book that is closed to village workers shows them nothing"
        return
    assert len(rows) == 3
    from tramyte.engine.access.models import Assignment

    Assignment.objects.filter(user=cast.village_worker).update(place=cast.hamlets[1])
    again = type(cast.village_worker).objects.get(pk=cast.village_worker.pk)
    assert mine.code and not list(book.register.rows(again, {}))


LONG_NUMBER = re.compile(r"(?<![\w.-])(?:[A-Z]{2}\d{13}|\d{12}|\d{10}|\d{9})(?![\w.-])")


@pytest.mark.sqlite_only
def test_a_list_shows_no_number_of_a_person_in_full(book, cast, enter):
    load(book, cast.director, book.file(20))
    client = enter(WRITER)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(book.url, headers=headers).content.decode()
        assert not LONG_NUMBER.findall(re.sub(r"<[^>]*>", " ", page))
        for row in book.register.rows(cast.director, {})[:20]:
            for column in book.register.all_columns:
                words = column.words(row)
                assert not column.hides(words) or words not in page, column.path
    rows = client.get(book.url, {"as": "json"}).json()["rows"]
    assert all("•" not in str(row) for row in rows)


def listed(client, book, query):
    """The ids of every page of the list, as the screen pages them."""
    first, ids = client.get(book.url, query), []
    for number in range(1, first.context["page"].paginator.num_pages + 1):
        ids += [str(line["id"]) for line in client.get(book.url, query | {"page": str(number)}).context["lines"]]
    return first, ids


def test_the_number_shown_is_listed_exported_and_answered(book, cast, reads):
    """One number everywhere: heading, list over its pages, spreadsheet, both JSON answers; also of a period and of the ticked rows."""
    load(book, cast.director, book.file(PAGED))
    client = reads(WRITER)
    rows = list(book.register.rows(cast.director, {}))
    queries = [{}]
    if book.register.date:
        day = getattr(rows[0], book.register.date)
        queries += [{"period": f"{day:%Y-%m}"}, {"from": f"{day:%d/%m/%Y}", "to": f"{day:%d/%m/%Y}"}, {"to": "01/01/1999"}]
    client.post(f"{book.url}chon/", {"do": "page", "shown": [str(rows[0].pk)], "row": [str(rows[0].pk)]})
    for query in [*queries, {"picked": "1"}]:
        first, ids = listed(client, book, query)
        shown = first.context["total"]
        lines = list(csv.reader(client.get(book.url, query | {"as": "csv"}).content.decode("utf-8-sig").splitlines()))
        assert shown == len(ids) == len(set(ids)) == len(lines) - 1 == client.get(book.url, query | {"as": "json"}).json()["count"], query
        words = f"{shown} {book.register.unit}"
        assert f'<span id="book-count">{words}</span>' in first.content.decode(), query
        if "picked" not in query:
            assert client.get(f"/api/v1/registers/{book.register.slug}", query).json()["count"] == shown, query


@pytest.mark.sqlite_only
def test_a_dated_book_has_a_period_picker(book, enter):
    page = enter(WRITER).get(book.url, {"period": "2026-05"}).content.decode()
    assert ("Tháng 5 năm 2026" in page and "period=2026-Q2" in page and "period=2026-04" in page and 'name="from"' in page) == bool(book.register.date)
