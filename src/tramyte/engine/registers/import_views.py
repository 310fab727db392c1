"""The pages of an import: choose a file, look at the verdicts, write, take back or write again."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.engine.jobs.models import Job
from tramyte.engine.refused import Refused, no_right
from tramyte.engine.registers import correcting, loading, output, senders, staging, wizard
from tramyte.engine.registers.layout import Layout
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.paging import Pages
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import Signed
from tramyte.engine.registers.views import download, opened

PAGE = 50
KINDS = {"created": ("ok", "plus"), "updated": ("blue", "refresh"), "duplicate": ("unk", "users"), "refused": ("late", "ban")}
WARNED = ("warned", "Cảnh báo", "due", "alert-triangle")  # beside the verdicts: lines that are taken, with something to look at
WORST_FIRST = ("refused", "duplicate", "updated", "created")


def loadable(request: Signed, slug: str) -> Register:
    """The register, when this user may import into it. Raises Refused 404 or 403."""
    register = opened(request, slug)
    if not register.loaded_by(request.user):
        raise no_right("Tài khoản này không có quyền nhập tệp vào sổ này.")
    return register


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Signed, slug: str) -> HttpResponse:
    """Choose a file; without open questions it is judged at once, and always shown before anything is written."""
    register = loadable(request, slug)
    message, status = "", 200
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            message, status = "Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) hoặc CSV rồi bấm Xem trước.", 422
        else:
            try:
                load = wizard.begin(register, request.user, file.name or "", _content(file), request.POST.get("sender", ""))
            except Refused as refused:
                if refused.status in {403, 404}:
                    raise
                message, status = refused.message, refused.status
            else:
                return redirect("register-import-preview", register.slug, load.pk)
    mine = Import.objects.filter(register=register.slug, by=request.user, digest__gt="")
    context = {
        "register": register, "message": message, "columns": register.all_columns, "unfinished": mine.filter(state__in=Import.UNFINISHED)[:20],
        "earlier": mine.exclude(state__in=[*Import.UNFINISHED, "dropped"])[:10], "remembered": senders.matches(register, request.user)[:20],
        "senders": senders.names(register, request.user), "sender": request.POST.get("sender", "")}
    return render(request, "registers/import.html", context, status=status)


def _content(file: Any) -> bytes:
    if file.size > staging.LARGEST:
        raise Refused("too_large", f"Tệp lớn hơn {staging.LARGEST // 1024 // 1024} MB. Hãy chia thành nhiều tệp theo thôn rồi nhập từng tệp.")
    return bytes(file.read())


@require_safe
def template(request: Signed, slug: str) -> HttpResponse:
    """The file to fill in."""
    register = loadable(request, slug)
    return download(output.template_bytes(register), f"mau-{register.slug}.xlsx", "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Signed, slug: str, id: Any) -> HttpResponse:
    """The verdicts; POST `do=apply` writes, `undo` takes back, `redo` writes again, `zeros` repairs numbers, `drop` gives an unfinished import up."""
    register = loadable(request, slug)
    load = staging.find(register, request.user, id)
    if request.method == "POST":
        return _act(request, register, load)
    if load.state == "choosing":
        return redirect("register-import-sheet" if load.layout.get("alike") else "register-import-columns", register.slug, load.pk)
    told = counted(load)
    asked = request.GET.get("verdict", "")
    asked = asked if asked in told["counts"] else ""
    count = told["counts"][asked] if asked else told["total"]
    page: Page[ImportRow] = Pages(_worst_first(load, asked), PAGE, count).get_page(request.GET.get("page"))
    rows, columns = list(page), shown_columns(register, load)
    alike = correcting.alike_counts(rows, load)
    context = {
        "register": register, "load": load, "page": page, "asked": asked, "columns": columns, "query": request.GET.urlencode(),
        "lines": [line_of(row, columns, alike) for row in rows], "written": load.rows.filter(done=True).count(), **told, **_layout(load),
        "job": Job.objects.filter(pk=load.job).first() if load.job else None,
        "zeros": correcting.lacking_zeros(load).count() if load.state == "staged" and load.layout and told["bad"] else 0,
    }
    return render(request, "registers/preview.html", context)


def counted(load: Import) -> dict[str, Any]:
    """How many lines of each verdict, as the tabs over the preview show them, and what they add up to."""
    counts, (warned, words, kind, icon) = staging.summary(load), WARNED
    total = sum(counts.values())
    waiting = load.rows.filter(verdict__in=["created", "updated"], done=False).count()
    tabs = [{"verdict": v, "label": words, "count": counts[v], "kind": KINDS[v][0], "icon": KINDS[v][1]} for v, words in ImportRow.VERDICTS]
    if count := load.rows.exclude(warning="").count():
        counts[warned] = count
        tabs.append({"verdict": warned, "label": words, "count": count, "kind": kind, "icon": icon})
    return {
        "counts": counts, "tabs": tabs, "good": counts["created"] + counts["updated"], "bad": counts["refused"], "total": total, "waiting": waiting,
        "correctable": load.state in {"staged", "finished"}}


def _layout(load: Import) -> dict[str, Any]:
    """How the file was read, in words; nothing for imports of the command line's first days."""
    if not load.layout:
        return {}
    layout = Layout(**load.layout)
    left_out = [head for letter, head in layout.heads.items() if not layout.targets.get(letter)]
    return {"layout": layout, "left_out": left_out, "matched": len(layout.heads) - len(left_out)}


def _act(request: Signed, register: Register, load: Import) -> HttpResponse:
    what = request.POST.get("do")
    if what == "undo":
        done = loading.begin_undo(register, request.user, load)
        if done is not None:
            back, kept = done
            left = f" {kept} dòng đã được sửa sau đó nên giữ nguyên." if kept else ""
            messages.success(request, f"Đã hoàn tác {back} dòng.{left}")
    elif what == "redo":
        loading.begin_redo(register, request.user, load)
    elif what == "apply":
        if load.layout and load.state == "staged":
            senders.remember(register, request.user, load.sender, Layout(**load.layout))
        loading.begin(register, request.user, load)
    elif what == "judge":
        wizard.judge(register, request.user, load)
    elif what == "zeros":
        if count := wizard.give_zeros(register, request.user, load):
            messages.success(request, f"Đã thêm số 0 ở đầu trong {count} dòng. Chữ cũ của tệp vẫn ghi bên cạnh.")
        else:
            messages.error(request, "Thêm số 0 ở đầu cũng không thành số đúng. Hãy sửa từng dòng.")
    elif what == "drop":
        wizard.drop(load)
        messages.success(request, f"Đã bỏ lần nhập {load.file_name}. Sổ không đổi gì.")
        return redirect("register-import", register.slug)
    return redirect("register-import-preview", register.slug, load.pk)


def _worst_first(load: Import, asked: str) -> Any:
    if asked:
        rows = load.rows.exclude(warning="") if asked == WARNED[0] else load.rows.filter(verdict=asked)
        return rows.order_by("number")
    order = Case(*(When(verdict=v, then=Value(n)) for n, v in enumerate(WORST_FIRST)), output_field=IntegerField())
    return load.rows.order_by(order, "number")


def shown_columns(register: Register, load: Import) -> list[Any]:
    """The columns that the file has, at most five: enough to know the line by."""
    paths = [path for _, path, _ in load.headings]
    return [register.by_path[path] for path in paths if path in register.by_path][:5]


def shown_text(text: str) -> str:
    """A cell as people write it: the reader gives days of a spreadsheet as 1980-05-03, and the form takes both."""
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3/\2/\1", text)


def line_of(row: ImportRow, columns: list[Any], alike: dict[int, int]) -> dict[str, Any]:
    """A line for the preview: its cells, what was corrected, how many lines are wrong in the same way."""
    kind, icon = KINDS[row.verdict]
    shown = {column.path for column in columns}
    cells = [{
        "label": column.label, "text": shown_text(row.cells.get(column.path, "")), "wrong": column.path == row.path, "path": column.path,
        "original": _original(row, column.path)} for column in columns]
    far = row.path and row.path not in shown
    changed = [(path, shown_text(text)) for path, text in row.original.items() if path not in shown]
    return {"row": row, "kind": kind, "icon": icon, "cells": cells, "far": shown_text(row.cells.get(row.path, "")) if far else "", "alike": alike.get(row.number, 0), "changed": changed}


def _original(row: ImportRow, path: str) -> str | None:
    """What the file says in a corrected cell; None for one that was not corrected."""
    text = row.original.get(path)
    return None if text is None else shown_text(text)


@require_safe
def refused_rows(request: Signed, slug: str, id: Any) -> HttpResponse:
    """The refused lines as a file with their reasons, to be mended and imported again."""
    from tramyte.engine.documents import spreadsheet

    register = loadable(request, slug)
    load = staging.find(register, request.user, id)
    heads = [(path, heading) for _, path, heading in load.headings]
    columns = [spreadsheet.SheetColumn(heading, kind="text") for _, heading in heads] + [spreadsheet.SheetColumn("Dòng", kind="text"), spreadsheet.SheetColumn("Lý do", kind="text")]
    table = [[*(row.cells.get(path, "") for path, _ in heads), str(row.number), row.reason] for row in load.rows.filter(verdict="refused")]
    return download(spreadsheet.write_xlsx(columns, table, title=f"Dòng chưa nhận: {register.title}", sheet="Dòng lỗi"), f"loi-{register.slug}.xlsx", "xlsx")
