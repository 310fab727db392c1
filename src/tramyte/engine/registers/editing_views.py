"""The pages of one value for many rows: choose field and value, look at what would change, write or take back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tramyte.engine.jobs.models import Job
from tramyte.engine.refused import Refused, no_right
from tramyte.engine.registers import editing, picking, screen
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import field_for
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import Signed
from tramyte.engine.registers.views import opened

SHOWN = 5  # examples of each kind


def editable(request: Signed, slug: str) -> Register:
    """The register, when this user may write in it and it has fields for many rows; a book without has no such page. Raises Refused 404 or 403."""
    register = opened(request, slug)
    if not register.written_by(request.user):
        raise no_right()
    if not register.bulk_columns:
        raise Refused("no_bulk", "Sổ này không có mục nào sửa hàng loạt được. Hãy mở từng dòng để sửa.", status=404)
    return register


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Signed, slug: str) -> HttpResponse:
    """Which field, which value; POST judges every ticked row and shows what would change."""
    register = editable(request, slug)
    given = request.POST if request.method == "POST" else request.GET
    column = next((one for one in register.bulk_columns if one.path == given.get("field")), register.bulk_columns[0])
    form, refused = value_form(column, request.POST if request.method == "POST" else None), None
    if request.method == "POST":
        try:
            load = editing.stage(register, request.user, column.path, str(given.get("value", "")))
        except Refused as error:
            if error.status in {403, 404}:
                raise
            refused = error
        else:
            return redirect("register-bulk-edit", register.slug, load.pk)
    context = {"register": register, "column": column, "field": form["value"], "form": form, "held": picking.count(register, request.user), "refused": refused}
    return render(request, "registers/bulk.html", context, status=422 if refused else 200)


def value_form(column: Column, data: Any = None) -> forms.Form:
    """A form of one field: the value for all rows."""
    form = forms.Form(data, use_required_attribute=False)
    form.fields["value"] = field_for(column)
    form.fields["value"].label = f"{column.label}: giá trị mới"
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Signed, slug: str, id: Any) -> HttpResponse:
    """What would change, with examples and the reasons of refusals; POST `do=apply` writes, `do=undo` takes back."""
    register = editable(request, slug)
    load = editing.find(register, request.user, id)
    if request.method == "POST":
        _act(request, register, load)
        return redirect("register-bulk-edit", register.slug, load.pk)
    column, _ = editing.column_of(register, load)
    counts = editing.counts(load)
    written = load.rows.filter(done=True).count()
    context = {
        "register": register, "load": load, "column": column, "words": editing.said(column, load), "good": counts["updated"], "alike": counts["duplicate"],
        "bad": counts["refused"], "total": sum(counts.values()), "written": written, "back": counts["updated"] - written,
        "reasons": _reasons(register, request, load), "examples": _named(register, request, load.rows.filter(verdict="updated").order_by("number")[:SHOWN]),
        "job": Job.objects.filter(pk=load.job).first() if load.job else None}
    return render(request, "registers/bulk_preview.html", context)


def _act(request: Signed, register: Register, load: Import) -> None:
    if request.POST.get("do") == "undo":
        back, kept = editing.undo(register, request.user, load)
        left = f" {kept} dòng đã có người sửa sau đó nên giữ nguyên." if kept else ""
        messages.success(request, f"Đã trả {back} dòng về như trước.{left}")
    elif request.POST.get("do") == "apply":
        editing.begin(register, request.user, load)


def _reasons(register: Register, request: Signed, load: Import) -> list[dict[str, Any]]:
    """Each reason of a refusal, how many rows it met, and the first of them by name; commonest first."""
    rows = load.rows.filter(verdict="refused").order_by()
    found = rows.values("reason").annotate(count=Count("pk")).order_by("-count", "reason")[:8]
    return [each | {"examples": _named(register, request, rows.filter(reason=each["reason"]).order_by("number")[:SHOWN])} for each in found]


def _named(register: Register, request: Signed, lines: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """Lines with the words that name their rows, in the order given."""
    lines = list(lines)
    rows = {row.pk: row for row in register.base(request.user).filter(pk__in=[line.object_id for line in lines])}
    main = screen.first_columns(register)[0]
    made = []
    for line in lines:
        row = rows.get(line.object_id) if line.object_id else None
        before, _, after = line.reason.partition(" → ")
        made.append({"name": main.words(row) if row is not None else "–", "url": register.address(row) or reverse("register-edit", args=[register.slug, row.pk]) if row is not None else "", "before": before, "after": after})
    return made
