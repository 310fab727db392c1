"""The pages of an import: choose a file, look at the verdicts, write or take back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.engine.jobs.models import Job
from tramyte.engine.refused import Refused, no_right
from tramyte.engine.registers import loading, output, staging
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import Signed
from tramyte.engine.registers.views import download, opened

PAGE = 50
KINDS = {"created": ("ok", "plus"), "updated": ("blue", "refresh"), "duplicate": ("unk", "users"), "refused": ("late", "ban")}


def loadable(request: Signed, slug: str) -> Register:
    """The register, when this user may import into it. Raises Refused 404 or 403."""
    register = opened(request, slug)
    if not register.loaded_by(request.user):
        raise no_right("Tài khoản này không có quyền nhập tệp vào sổ này.")
    return register


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Signed, slug: str) -> HttpResponse:
    """Choose a file; it is judged at once and shown before anything is written."""
    register = loadable(request, slug)
    message, status = "", 200
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            message, status = "Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) hoặc CSV rồi bấm Xem trước.", 422
        else:
            try:
                load = staging.stage(register, request.user, file.name or "", _content(file))
            except Refused as refused:
                if refused.status in {403, 404}:
                    raise
                message, status = refused.message, refused.status
            else:
                return redirect("register-import-preview", register.slug, load.pk)
    earlier = Import.objects.filter(register=register.slug, by=request.user)[:10]
    context = {"register": register, "message": message, "columns": register.all_columns, "earlier": earlier}
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
    """The verdicts; POST `do=apply` writes, `do=undo` takes back."""
    register = loadable(request, slug)
    load = staging.find(register, request.user, id)
    if request.method == "POST":
        _act(request, register, load)
        return redirect("register-import-preview", register.slug, load.pk)
    counts = staging.summary(load)
    asked = request.GET.get("verdict", "")
    page = Paginator(_worst_first(load, asked), PAGE).get_page(request.GET.get("page"))
    columns = _shown(register, load)
    context = {
        "register": register, "load": load, "page": page, "asked": asked if asked in KINDS else "", "columns": columns,
        "tabs": [{"verdict": v, "label": words, "count": counts[v], "kind": KINDS[v][0], "icon": KINDS[v][1]} for v, words in ImportRow.VERDICTS],
        "good": counts["created"] + counts["updated"], "bad": counts["refused"], "total": sum(counts.values()),
        "written": load.rows.filter(done=True).count(), "lines": [_line(row, columns) for row in page],
        "job": Job.objects.filter(pk=load.job).first() if load.job else None,
    }
    return render(request, "registers/preview.html", context)


def _act(request: Signed, register: Register, load: Import) -> None:
    if request.POST.get("do") == "undo":
        back, kept = loading.undo(register, request.user, load)
        left = f" {kept} dòng đã được sửa sau đó nên giữ nguyên." if kept else ""
        messages.success(request, f"Đã hoàn tác {back} dòng.{left}")
    elif request.POST.get("do") == "apply":
        loading.begin(register, request.user, load)


def _worst_first(load: Import, asked: str) -> Any:
    order = Case(*(When(verdict=v, then=Value(n)) for n, v in enumerate(("refused", "duplicate", "updated", "created"))), output_field=IntegerField())
    rows = load.rows.order_by(order, "number")
    return rows.filter(verdict=asked) if asked in KINDS else rows


def _shown(register: Register, load: Import) -> list[Any]:
    """The columns that the file has, at most five: enough to know the line by."""
    paths = [path for _, path, _ in load.headings]
    return [register.by_path[path] for path in paths if path in register.by_path][:5]


def _line(row: ImportRow, columns: list[Any]) -> dict[str, Any]:
    kind, icon = KINDS[row.verdict]
    cells = [(column.label, row.cells.get(column.path, ""), column.path == row.path) for column in columns]
    far = row.path and row.path not in {column.path for column in columns}
    return {"row": row, "kind": kind, "icon": icon, "cells": cells, "value": row.cells.get(row.path, "") if far else ""}


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
