"""The pages between a file and its preview: which sheet and heading row, which column is what, one line corrected."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.engine.documents.spreadsheet import letters_of, peek
from tramyte.engine.refused import Refused
from tramyte.engine.registers import correcting, guessing, senders, staging, synonyms, wizard
from tramyte.engine.registers.fields import RelationField, field_for
from tramyte.engine.registers.import_views import counted, line_of, loadable, shown_columns, shown_text
from tramyte.engine.registers.layout import PARTS, Layout, Target, choice_words
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import Signed

TOP, WIDE = 14, 12  # rows and columns of a sheet that are shown to find its heading row
SMALL = 4  # choices a column may have so that a marked cell can mean one of them
HOW = {
    "name": ("ok", "check", "Theo tên cột"), "hand": ("ok", "check", "Bạn chọn"), "sender": ("ok", "history", "Như lần trước"),
    "like": ("due", "help", "Tên gần giống, hãy xem"), "example": ("due", "help", "Đoán theo giá trị, hãy xem"),
    "double": ("due", "alert-triangle", "Trùng tên với cột trên"), "": ("off", "ban", "Bỏ qua"),
}
STEPS = (("upload", "Chọn tệp"), ("table", "Trang, dòng tiêu đề"), ("columns", "Khớp cột"), ("eye", "Xem và sửa"), ("device-floppy", "Ghi vào sổ"))


def steps(now: int) -> list[dict[str, str]]:
    """The steps of an import, the present one marked."""
    return [{"label": label, "icon": icon, "state": "done" if at < now else "now" if at == now else ""} for at, (icon, label) in enumerate(STEPS)]


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Signed, slug: str, id: Any) -> HttpResponse:
    """Which sheet and which row the headings are in; the first rows of each sheet, the guess marked."""
    register = loadable(request, slug)
    load = staging.find(register, request.user, id)
    message, status = "", 200
    if request.method == "POST":
        try:
            _place(request, register, load)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            message, status = refused.message, refused.status
        else:
            return redirect("register-import-columns", register.slug, load.pk)
    layout = Layout(**load.layout)
    sheets = [_sheet(one, at, layout) for at, one in enumerate(_peeks(register, load))]
    context = {"register": register, "load": load, "sheets": sheets, "message": message, "double": layout.depth == 2, "steps": steps(1), "letters": [letters_of(n) for n in range(WIDE)]}
    return render(request, "registers/import_sheet.html", context, status=status)


def _peeks(register: Register, load: Import) -> Any:
    return peek(load.file_name, wizard.content_of(load), known=synonyms.known_headings(register))


def _sheet(one: Any, at: int, layout: Layout) -> dict[str, Any]:
    chosen = one.name == layout.sheet
    rows = [{
        "value": f"{at}:{number}", "number": number, "cells": [text[:40] for text in texts[:WIDE]], "chosen": chosen and number == layout.row,
        "guess": number == one.heading_row and bool(one.score)} for number, texts in one.rows[:TOP]]
    return {"name": one.name, "rows": rows, "chosen": chosen, "height": one.height, "width": max((len(row["cells"]) for row in rows), default=0)}


def _place(request: Signed, register: Register, load: Import) -> None:
    found = re.fullmatch(r"(\d{1,3}):(\d{1,7})", request.POST.get("at", ""))
    peeks = _peeks(register, load)
    if found is None or int(found[1]) >= len(peeks):
        raise Refused("no_row", "Chưa chọn dòng tiêu đề. Hãy chọn một dòng trong bảng dưới đây.")
    wizard.place(register, request.user, load, peeks[int(found[1])].name, int(found[2]), 2 if "double" in request.POST else 1)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Signed, slug: str, id: Any) -> HttpResponse:
    """Which column of the file is which of the book; every choice is kept at once, `do=confirm` judges the lines."""
    register = loadable(request, slug)
    load = staging.find(register, request.user, id)
    message, status, layout = "", 200, Layout(**load.layout)
    if request.method == "POST":
        layout = wizard.answers(load, register, request.POST)
        _keep_sender(request, load)
        try:
            if request.POST.get("do") == "confirm":
                wizard.confirm(register, request.user, load, layout)
                return redirect("register-import-preview", register.slug, load.pk)
            wizard.match(register, request.user, load, layout)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            message, status = refused.message, refused.status
    context = {
        "register": register, "load": load, "layout": layout, "message": message, "steps": steps(2), "senders": senders.names(register, request.user),
        "columns": [_column(register, layout, letter) for letter in layout.heads], "groups": _groups(register), "tried": [(label, [shown_text(text) for text in texts]) for label, texts in layout.tried(register)],
        "missing": guessing.missing(register, layout.targets.values()), "left_out": [head for letter, head in layout.heads.items() if not layout.targets.get(letter)],
    }
    part = getattr(request, "htmx", False) and request.POST.get("do") != "confirm"
    return render(request, "registers/import_matches.html" if part else "registers/import_columns.html", context, status=status)


def _keep_sender(request: Signed, load: Import) -> None:
    if "sender" in request.POST and (sender := request.POST["sender"].strip()[:100]) != load.sender:
        load.sender = sender
        load.save(update_fields=["sender", "updated_at"])


def _column(register: Register, layout: Layout, letter: str) -> dict[str, Any]:
    target = layout.targets.get(letter, "")
    kind, icon, words = HOW[layout.how.get(letter, "") if target or layout.how.get(letter) == "double" else ""]
    together = [layout.heads[other] for other, text in layout.targets.items() if target and other != letter and set(Target.read(text).paths) & set(Target.read(target).paths)]
    return {
        "letter": letter, "heading": layout.heads[letter], "examples": [shown_text(text) for text in layout.examples(letter)], "target": target, "kind": kind, "icon": icon, "words": words, "together": together}


def _groups(register: Register) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column of a file may be said to be, in groups, as (written, words)."""
    own = [(column.path, column.label + (" (bắt buộc)" if field_for(column).required else "")) for column in register.own]
    groups = [("Mục của sổ", own)]
    if seen := [(column.path, column.label) for column in register.all_columns if not column.own]:
        groups.append(("Để đối chiếu", seen))
    days = [column for column in register.own if guessing.holds_days(column)]
    groups.append(("Ngày ghi ở ba cột", [(f"{column.path}#{part}", f"{column.label}: {words}") for column in days for part, words in PARTS.items()]))
    few = [column for column in register.own if 0 < len(choice_words(column)) <= SMALL]
    marked = [f"{column.path}={code}" for column in few for code in choice_words(column)]
    if day := guessing.only_required_day(register):
        marked += [f"{day}&{column.path}={code}" for column in few if len(choice_words(column)) <= 3 for code in choice_words(column)]
    groups.append(("Cột đánh dấu, như cột Nam và cột Nữ", [(text, Target.read(text).words(register)) for text in marked]))
    return [group for group in groups if group[1]]


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: Signed, slug: str, id: Any, number: int) -> HttpResponse:
    """One line of the file as a form; saving judges it again. From the preview a single cell comes, and the line goes back."""
    register = loadable(request, slug)
    load = staging.find(register, request.user, id)
    found = correcting.row_of(load, number)
    message, status = "", 200
    if request.method == "POST":
        try:
            found = _correct(request, register, load, number)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            message, status = refused.message, refused.status
        else:
            if getattr(request, "htmx", False):
                return _changed(request, register, load, found)
            return redirect(f"{_preview(register, load)}?{request.POST.get('back', '')[:200]}#dong-{number}" if found.verdict != "refused" else request.path)
    context = {"register": register, "load": load, "row": found, "line": line_of(found, shown_columns(register, load), {}), "fields": _fields(register, found), "message": message}
    return render(request, "registers/import_row.html", context, status=status)


def _correct(request: Signed, register: Register, load: Import, number: int) -> ImportRow:
    if request.POST.get("do") == "take-back":
        return correcting.take_back(register, request.user, load, number)
    typed = {name.removeprefix("o-"): str(text) for name, text in request.POST.items() if name.startswith("o-")}
    rows = correcting.correct(register, request.user, load, number, typed, alike="alike" in request.POST)
    if len(rows) > 1:
        messages.success(request, f"Đã sửa {len(rows)} dòng ghi giống nhau.", extra_tags="toast")
    return correcting.row_of(load, number)


def _changed(request: Signed, register: Register, load: Import, row: ImportRow) -> HttpResponse:
    """The line as it is judged now, with the counts; when other lines changed too, the whole list is loaded again."""
    if "alike" in request.POST:
        return HttpResponse(headers={"HX-Refresh": "true"})
    columns = shown_columns(register, load)
    line = line_of(row, columns, correcting.alike_counts([row], load))
    return render(request, "registers/import_line.html", {"register": register, "load": load, "line": line, "columns": columns, "swap": True, "fresh": True, **counted(load)})


def _preview(register: Register, load: Import) -> str:
    return reverse("register-import-preview", args=[register.slug, load.pk])


def _fields(register: Register, row: ImportRow) -> list[dict[str, Any]]:
    """Every column that may be typed, the cell at fault marked."""
    made = []
    for column in register.all_columns:
        if not column.own and column.path not in row.cells and column.path != row.path:
            continue
        field = field_for(column) if column.own else None
        made.append({
            "path": column.path, "label": column.label, "text": row.cells.get(column.path, ""), "original": row.original.get(column.path), "wrong": column.path == row.path,
            "relation": isinstance(field, RelationField), "choices": list(choice_words(column).values()), "required": bool(field and field.required)})
    return made


@require_POST
def forget(request: Signed, slug: str, id: Any) -> HttpResponse:
    """Remember no longer how a sender's lists are matched."""
    register = loadable(request, slug)
    gone = senders.forget(register, request.user, id)
    messages.success(request, f"Đã quên cách khớp cột của {gone.sender}.", extra_tags="toast")
    return redirect("register-import", register.slug)
