"""Books of 30,000 lines: pages in any order and under any condition, and exports of exactly what is seen."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

Row = tuple[str, float, float, str, str]
LOOKS = (  # what a clerk asks of the residents' book
    ("the book's own order", {}),
    ("by name, turned round", {"sort": "-full_name"}),
    ("by birth date", {"sort": "birth"}),
    ("by telephone number", {"sort": "phone"}),
    ("telephone holds digits", {"phone__has": "0912"}),
    ("of one hamlet", {"hamlet": "00001.03"}),
    ("occupation holds words, no telephone, born 1950 to 1990", {"occupation__has": "nong", "phone__is": "empty", "birth__min": "1950", "birth__max": "1990"}),
)


def _spent(work: Callable[[], Any], times: int) -> float:
    """The middle of so many calls, in seconds of the processor."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return sorted(found)[times // 2]


def _client() -> Any:
    from django.conf import settings
    from django.test import Client

    from tramyte.engine.access.models import User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(username="giamdoc"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _whole(client: Any, query: dict[str, str]) -> bytes:
    return bytes(client.get("/so/residents/", query).content)


def pages_of_a_book(home: Path, people: int) -> list[Row]:
    """The first page of the residents' book as a clerk looks at it, filters and count included."""
    client = _client()
    rows = []
    for words, query in LOOKS:
        assert client.get("/so/residents/", {"view": "0", **query}).status_code == 200
        spent = _spent(partial(client.get, "/so/residents/", {"view": "0", **query}), 5)
        rows.append((f"page of {people:,} residents: {words}, processor time", spent * 1000, 1000, "ms", "a page is there within a second"))
    return rows


def exports_of_a_book(home: Path, people: int) -> list[Row]:
    """About 1,000 residents of one birth range, five columns in an order of the user's, in each form."""
    client = _client()
    asked = {"birth__min": "1970", "birth__max": "1971", "sort": "-birth", "columns": "full_name,birth,sex,hamlet,household_number"}
    while (count := client.get("/so/residents/", {**asked, "as": "json"}).json()["count"]) < 1000:
        asked["birth__max"] = str(int(asked["birth__max"]) + 1)
    rows = []
    for form in ("xlsx", "csv", "pdf"):
        spent = _spent(partial(_whole, client, {**asked, "as": form}), 3)
        rows.append((f"export of {count:,} rows, five columns, {form}, processor time", spent, 3, "s", "budget (1,000 rows)"))
    return rows


def many_at_once(home: Path, people: int) -> list[Row]:
    """One value for 1,000 ticked residents: ticked, judged, written, undone; then put back as it was."""
    from tramyte.care.people.models import Person
    from tramyte.engine.access.models import User
    from tramyte.engine.registers import editing, picking, registry

    book, user = registry.get("residents"), User.objects.get(username="giamdoc")
    keys = list(book.base(user).order_by("pk").values_list("pk", flat=True)[:1000])
    picking.let_go(book, user)
    begun = time.process_time()
    picking.tick(book, user, book.base(user).filter(pk__in=keys))
    load = editing.stage(book, user, "occupation", "thử sửa hàng loạt")
    editing.begin(book, user, load)
    spent = time.process_time() - begun
    assert Person.objects.filter(pk__in=keys, occupation="thử sửa hàng loạt").count() == len(keys) == 1000
    begun = time.process_time()
    back, _ = editing.undo(book, user, load)
    undone = time.process_time() - begun
    assert back == 1000
    picking.let_go(book, user)
    return [("one value for 1,000 rows: ticked, judged, written with a history each, processor time", spent, 3, "s", "budget (1,000 rows)"),
            ("and undone as a whole, processor time", undone, 3, "s", "budget (1,000 rows)")]


def pages_of_other_books(home: Path, people: int) -> list[Row]:
    """The first page of the books of cards and of check-ups, in their own order and by another column."""
    client, rows = _client(), []
    for slug, words, query in (("coverages", "own order", {}), ("coverages", "by card number", {"sort": "card_number"}), ("checkups", "own order", {}), ("checkups", "of this year", {"period": "2026"})):
        client.get(f"/so/{slug}/", {"view": "0", **query})
        spent = _spent(partial(client.get, f"/so/{slug}/", {"view": "0", **query}), 5)
        rows.append((f"page of {slug}, {words}, processor time", spent * 1000, 1000, "ms", "a page is there within a second"))
    return rows


def import_undone(home: Path, people: int) -> list[Row]:
    """A spreadsheet of as many new residents written under one import, taken back as a whole, and done again with the same end."""
    from benchmarks.cases import spreadsheet
    from tramyte.care.people.models import Person
    from tramyte.engine.access.models import User
    from tramyte.engine.registers import loading, registry, staging

    book, user, path = registry.get("residents"), User.objects.get(username="dieuduong"), home / "hoan-tac.xlsx"
    count = spreadsheet(path, people)
    load = staging.stage(book, user, path.name, path.read_bytes())
    made, rows = Person.objects.filter(import_id=load.pk, entered_in_error=False), []
    for words, work in (("written", loading.apply), ("undone", loading.undo), ("done again", loading.redo)):
        load.refresh_from_db()
        begun, clock = time.process_time(), time.perf_counter()
        work(book, user, load)
        spent, waited = time.process_time() - begun, time.perf_counter() - clock
        assert bool(made.count()) == (words != "undone") == load.rows.filter(done=True).exists()
        limit, against = (10, "undo below 10 s") if words == "undone" else (30, "budget")
        rows += [(f"import of {count:,} {words}: processor time", spent, limit, "s", against), (f"import of {count:,} {words}", waited, 30, "s", "budget")]
    loading.undo(book, user, load)  # the book is as the other cases expect it
    return rows


CASES = (pages_of_a_book, exports_of_a_book, many_at_once, pages_of_other_books, import_undone)
