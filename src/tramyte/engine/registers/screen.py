"""What the page of a list shows: its columns, headings, lines, conditions, totals and the addresses that lead on from it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.engine.registers import conditions, narrowing, ordering, picker, picking, saved
from tramyte.engine.registers.columns import Column, words_of
from tramyte.engine.registers.models import Preference
from tramyte.engine.registers.paging import Pages
from tramyte.engine.registers.register import Register

PAGE = 20
FACTS = 4  # of a line on a phone: one or two lines of text below the name


class Signed(HttpRequest):
    """A request behind the sign-in: its user is one of ours."""

    user: User  # the middleware lets nobody else in
    htmx: Any


def asked_columns(register: Register, params: Mapping[str, str]) -> list[Column]:
    """The columns that an address names, in its order; none when it names none.

    Raises Refused for an unknown one; a saved view leaves out what the book no longer has, and the page tells so.
    """
    paths = list(dict.fromkeys(filter(None, str(params.get("columns", "")).split(","))))
    unknown = [path for path in paths if path not in register.by_path]
    if unknown and params.get("view"):
        paths = [path for path in paths if path not in unknown]
    elif unknown:
        raise Refused("unknown_column", f"Sổ này không có cột “{unknown[0][:40]}”. Hãy chọn lại các cột.")
    return [register.by_path[path] for path in paths]


def on_screen(register: Register, params: Mapping[str, str], chosen: Preference | None) -> list[Column]:
    """The columns of the list: those of the address, else the user's own choice, else the book's with the naming one first."""
    if asked := asked_columns(register, params):
        return asked
    kept = [register.by_path[path] for path in (chosen.columns if chosen else []) if path in register.by_path]
    return kept or first_columns(register)


def first_columns(register: Register) -> list[Column]:
    """The columns of the list when nobody chose: the one that names the row first, then the order of the book."""
    columns = [column for column in register.all_columns if not column.hidden]
    named = [column for column in columns if isinstance(column.search, str)]
    named += [column for column in columns if column.search and column.path.endswith(".name")]
    main = named[0] if named else columns[0]
    return [main, *(column for column in columns if column is not main)]


def context(request: Signed, register: Register, rows: "QuerySet[Any]") -> dict[str, Any]:
    """Everything that `registers/list.html` and its part read."""
    user, params = request.user, request.GET
    page = Pages(rows, PAGE, picking.rows_count(register, user, params)).get_page(params.get("page"))
    chosen = saved.preference(register, user)
    columns = on_screen(register, params, chosen)
    known: narrowing.Known = {}
    may_write = register.written_by(user)
    filters = narrowing.choices(register, user, params, known)
    more = [each for each in conditions.conditions(register.all_columns, params) if each.kind != "choice"]
    return {
        "register": register, "page": page, "q": params.get("q", ""), "total": page.paginator.count, "clear": f"{request.path}?view=0",
        "filters": [each for each in filters if each.quick and each.name != "period"], "period": picker.picker(register, params), "further": further(filters, more), "kept": [
            (name, params[name]) for name in ("sort", "columns", "view", *picker.ASKED) if params.get(name)],
        "chips": list(chips(register, user, params, known)), "columns": columns,
        "seen_query": query(params, page=None, columns=",".join(column.path for column in columns)), "book_query": query(params, page=None, columns=None),
        "lost": ", ".join(dict.fromkeys(saved.lost(register, params))) if params.get("view") else "",
        "chosen": bool(params.get("columns") or (chosen and chosen.columns)),
        "headings": [_heading(params, column) for column in columns], "totals": totals(columns, rows) if page.paginator.count else [],
        "lines": [_line(register, columns, row, may_write) for row in page],
        "swap": bool(getattr(request, "htmx", False)), "may_write": may_write, "may_import": register.loaded_by(user), **_tabs(register, user, params),
        **picked(register, user, params, [row.pk for row in page]),
    }


def picked(register: Register, user: User, params: QueryDict, ids: Sequence[Any] = ()) -> dict[str, Any]:
    """What the bar of the ticked rows reads: how many there are, which of these are, and where they are shown alone."""
    held = picking.count(register, user)
    return {
        "held": held, "ticked": picking.on_page(register, user, ids) if held else set(), "only": picking.only(params), "here": params.urlencode(),
        "picked_query": "?" + urlencode({name: value for name in ("sort", "columns") if (value := params.get(name))} | {picking.ONLY: "1"}),
        "may_edit": register.written_by(user) and bool(register.bulk_columns)}


def further(filters: Sequence[narrowing.Choice], more: Sequence[conditions.Condition]) -> list[dict[str, Any]]:
    """The fields of the further conditions, in the order of the book."""
    made: list[dict[str, Any]] = [{"kind": "choice", "label": each.label, "choice": each} for each in filters if not each.quick]
    made += [{"kind": each.kind, "label": each.column.label, "condition": each} for each in more]
    return made


def _tabs(register: Register, user: User, params: Mapping[str, str]) -> dict[str, Any]:
    """The saved views as tabs; the present one is marked."""
    now = str(params.get("view", ""))
    tabs = [{"name": view.name, "url": f"?view={view.pk}&{view.query}", "current": str(view.pk) == now, "shared": view.place_id} for view in saved.views(register, user)]
    return {"tabs": tabs, "keep": saved.query_of(register, params), "whole": not any(tab["current"] for tab in tabs)}


def chips(register: Register, user: User, params: QueryDict, known: narrowing.Known | None = None) -> Iterator[dict[str, str]]:
    """Each thing asked for, in words, with the address that leaves it out."""
    if picking.only(params):
        yield {"label": "Chỉ xem", "value": "các dòng đã chọn", "url": query(params, page=None, picked=None)}
        return
    if text := params.get("q", ""):
        yield {"label": "Tìm", "value": text[:40], "url": query(params, page=None, q=None)}
    for choice in narrowing.choices(register, user, params, known):
        if choice.chosen != choice.default:
            yield {"label": choice.label, "value": choice.words, "url": query(params, page=None, **{choice.name: None})}
    if register.date and not params.get("period") and (params.get("from") or params.get("to")):
        said = [f"{word} {params[name][:10]}" for name, word in (("from", "từ"), ("to", "đến")) if params.get(name)]
        yield {"label": "Khoảng ngày", "value": " ".join(said), "url": query(params, page=None, **{"from": None, "to": None})}
    for each in conditions.asked(register.all_columns, params):
        yield {"label": each.column.label, "value": each.words, "url": query(params, page=None, **dict.fromkeys(each.names))}


def told(register: Register, user: User, params: QueryDict, known: narrowing.Known | None = None) -> str:
    """What was asked for, in one line, for a print's subtitle and the audit."""
    said = [f"{chip['label']}: {chip['value']}" for chip in chips(register, user, params, known)]
    sort = str(params.get("sort", ""))
    column = register.by_path.get(sort.removeprefix("-"))
    if column is not None and ordering.sortable(column):
        said.append(f"xếp theo {column.label}{', giảm dần' if sort.startswith('-') else ''}")
    return ", ".join(said)


def totals(columns: Sequence[Column], rows: "QuerySet[Any]") -> list[dict[str, Any]]:
    """The totals row over all lines found, column and words of each column; empty when none of them declares a total."""
    summed = [column for column in columns if column.total]
    if not summed:
        return []
    found = rows.order_by().aggregate(**{f"sum_{n}": Sum(column.sought) for n, column in enumerate(summed)})
    words = {column.path: words_of(found[f"sum_{n}"]) for n, column in enumerate(summed)}
    return [{"column": column, "words": words.get(column.path, "")} for column in columns]


def _line(register: Register, columns: Sequence[Column], row: Any, may_write: bool) -> dict[str, Any]:
    """A line's cells and its addresses; its name leads to the own page, else to the form."""
    url = register.address(row)
    return {
        "id": row.pk, "url": url, "link": url or (reverse("register-edit", args=[register.slug, row.pk]) if may_write else ""), "cells": list(_cells(columns, row))}


def _cells(columns: Sequence[Column], row: Any) -> Iterator[dict[str, Any]]:
    """Column, words, whether the page masks them, and whether a phone shows them below the name: the first facts there are."""
    facts = 0
    for column in columns:
        words = column.words(row)
        fact = bool(words) and column is not columns[0] and not column.masked and facts < FACTS
        facts += fact
        yield {"column": column, "words": words, "hidden": column.hides(words), "fact": fact}


def _heading(params: QueryDict, column: Column) -> dict[str, Any]:
    if not ordering.sortable(column):
        return {"label": column.label, "url": "", "order": "", "numeric": column.numeric}
    sort = params.get("sort", "")
    up = sort == column.path
    arrow = "ascending" if up else "descending" if sort == f"-{column.path}" else ""
    return {"label": column.label, "url": query(params, sort=f"-{column.path}" if up else column.path, page=None), "order": arrow, "numeric": column.numeric}


def query(params: QueryDict, **changes: str | None) -> str:
    """The address of the list with some parameters changed; an empty value leaves one out."""
    kept = {name: value for name, value in params.items() if value and name != "as"}
    for name, value in changes.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return f"?{urlencode(kept)}"
