"""The pages of every register: list, form, history."""

import hashlib
import re
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.forms import Form, RadioSelect
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place, may
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.engine.registers import history, output, picking, registry, saved, screen
from tramyte.engine.registers.columns import NUMBER, Column, within
from tramyte.engine.registers.fields import RelationField
from tramyte.engine.registers.paging import Pages
from tramyte.engine.registers.register import PAPERS, Register
from tramyte.engine.registers.screen import PAGE, Signed
from tramyte.engine.registers.versions import conflict_page, versions

LARGEST_PAGE = 500


def opened(request: Signed, slug: str) -> Register:
    """The register, when this user may open it. Raises Refused 404 or 403."""
    register = registry.get(slug)
    if not register.seen_by(request.user):
        raise no_right("Tài khoản này chỉ xem số liệu tổng hợp, không mở được sổ này." if may(request.user, "figures.view") else "")
    return register


@require_safe
def listing(request: Signed, slug: str) -> HttpResponse:
    """The list; `?as=` gives the same rows as json, csv, xlsx or pdf; htmx gets the table part."""
    register = opened(request, slug)
    form = request.GET.get("as", "html")
    if form not in {"html", *output.MIME}:
        raise Refused("bad_form", f"Không có dạng “{form[:20]}”. Hãy dùng json, csv, xlsx hoặc pdf.")
    if not request.GET and not _part(request) and (view := saved.opening(register, request.user)) is not None:
        return redirect(f"{request.path}?view={view.pk}&{view.query}")
    rows = picking.rows(register, request.user, request.GET)
    if form == "json":
        return _json(request, register, rows)
    if form != "html":
        return _file(request, register, rows, form)
    return render(request, "registers/list_part.html" if _part(request) else "registers/list.html", screen.context(request, register, rows))


def _part(request: Signed) -> bool:
    return bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False)


def _json(request: Signed, register: Register, rows: Any) -> HttpResponse:
    asked = request.GET.get("size", "")
    size = min(int(asked), LARGEST_PAGE) if re.fullmatch(r"[1-9][0-9]{0,8}", asked) else PAGE
    page = Pages(rows, size, picking.rows_count(register, request.user, request.GET)).get_page(request.GET.get("page"))
    content = output.json_bytes({
        "register": register.slug, "count": page.paginator.count, "page": page.number, "pages": page.paginator.num_pages,
        "rows": output.json_rows(screen.asked_columns(register, request.GET) or register.all_columns, page)})
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    output.record_output(register, request.user, "json", len(page), screen.told(register, request.user, request.GET))
    return HttpResponse(content, content_type="application/json", headers={"ETag": etag, "Cache-Control": "private, no-cache"})


def _file(request: Signed, register: Register, rows: Any, form: str) -> HttpResponse:
    listed, columns = list(rows), screen.asked_columns(register, request.GET) or register.all_columns
    told = screen.told(register, request.user, request.GET)
    if form == "pdf":
        content = output.book_bytes(register, listed, told, columns, home_place(request.user), _sheet(request))
    else:
        content = output.sheet_bytes(register, listed, form, columns)
    output.record_output(register, request.user, form, len(listed), told)
    return download(content, f"{register.slug}-{clock.today():%Y%m%d}.{form}", form)


def _sheet(request: Signed) -> str:
    """The sheet that the address asks for in place of the book's own. Raises Refused."""
    asked = str(request.GET.get("paper", ""))
    if asked and asked not in PAPERS:
        raise Refused("bad_paper", f"Không có khổ giấy “{asked[:20]}”. Hãy chọn A3, A4 hoặc A5.")
    return asked


def download(content: bytes, name: str, form: str) -> HttpResponse:
    """A file to keep; a PDF opens in the browser."""
    how = "inline" if form == "pdf" else "attachment"
    return HttpResponse(content, content_type=output.MIME[form], headers={"Content-Disposition": f'{how}; filename="{name}"'})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Signed, slug: str, id: Any = None) -> HttpResponse:
    """The form of a new row or of an existing one; a refused save keeps everything typed."""
    register = opened(request, slug)
    if not register.written_by(request.user):
        raise no_right()
    row = register.get(request.user, id) if id else None
    if id and row is None:
        raise not_found(str(register.model._meta.verbose_name))
    if request.method != "POST":
        return _begin_form(request, register, row)
    form, asks = register.form(request.user, request.POST, row=row), "confirmed" in request.POST
    if form.is_valid():
        try:
            saved = register.save(request.user, form, row)
        except Refused as refused:
            if refused.status == 409 and row is not None:
                return _conflict(request, register, form, row)
            if refused.status in {403, 404}:
                raise
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            asks = refused.code.startswith("ask_")
        else:
            _tell_saved(request, register, saved, register.warnings(form.cleaned_data, row))
            return redirect(_after(request, register, saved))
    return _form_page(request, register, form, row, status=422, asks=asks)


def _tell_saved(request: HttpRequest, register: Register, saved: Any, doubtful: Iterable[str]) -> None:
    """That it is saved, what it turned out to mean, and what in it is worth a second look."""
    for sentence in doubtful:
        messages.warning(request, sentence)
    tell = type(register).tell
    if tell is None:
        messages.success(request, "Đã lưu.", extra_tags="toast")
    else:
        messages.success(request, f"Đã lưu. {tell(saved)}")


def _begin_form(request: Signed, register: Register, row: Any) -> HttpResponse:
    """The form as it is opened; that of a new line begins with today where its book is written day by day, and with what the address tells."""
    if row is not None:
        _note_look(request, register, row, "biểu mẫu sửa")
        return _form_page(request, register, register.form(request.user, row=row), row)
    today = {register.date: f"{clock.today():%d/%m/%Y}"} if register.same_day else {}
    told = {column.path: _begun(request, register, column) for column in register.own if column.path in request.GET}
    form = register.form(request.user, initial=today | told)
    _focus(form)
    return _form_page(request, register, form, row)


def _focus(form: Form) -> None:
    """The first field that is still empty has the focus; one of a few buttons is passed over, for each of them would ask for it."""
    empty = (field for name, field in form.fields.items() if not form.initial.get(name) and not isinstance(field.widget, RadioSelect))
    if (first := next(empty, None)) is not None:
        first.widget.attrs["autofocus"] = True


def _begun(request: HttpRequest, register: Register, column: Column) -> str:
    """What the address fills in; a related row may be named by its id, so that no number of a person stands in it."""
    row = _named(request, register, column)
    return column.key.shown(row) if row is not None else request.GET[column.path]


def _named(request: HttpRequest, register: Register, column: Column) -> Any:
    """The related row that the address names by its id; None where it names none."""
    try:
        key = uuid.UUID(request.GET.get(column.path, ""))
    except ValueError:
        return None
    return within(cast(User, request.user), register.write, column.relation).filter(pk=key).first() if column.relation else None


def _say_who(request: Signed, register: Register, form: Any) -> None:
    """Below a number that the address filled in stands whose it is, as long as nobody typed another one."""
    for column in register.own:
        shown = form.data.get(column.path) if form.is_bound else form.initial.get(column.path)
        if column.relation and shown and (row := _named(request, register, column)) is not None and column.key.shown(row) == shown:
            form[column.path].help_text = f"{row}"


def _after(request: Signed, register: Register, saved: Any) -> str:
    """Where to go after saving: to a next empty form; to the row's own page when the form was opened from somebody's page; back to the list."""
    if "next" not in request.POST and any(_named(request, register, column) for column in register.own) and (own := register.address(saved)):
        return own
    return reverse("register-new" if "next" in request.POST else "register", args=[register.slug])


def _form_page(request: Signed, register: Register, form: Any, row: Any, status: int = 200, *, asks: bool = False) -> HttpResponse:
    _say_who(request, register, form)
    fields = [{"field": form[column.path], "span": _span(form[column.path].field), "relation": isinstance(form[column.path].field, RelationField),
               "path": column.path} for column in register.own]
    seen = [(column.label, column.words(row)) for column in register.all_columns if not column.own] if row is not None else []
    context = {"register": register, "form": form, "fields": fields, "row": row, "seen": seen, "may_cancel": row is not None and type(register).cancel is not None, "asks": asks}
    return render(request, "registers/form.html", context, status=status)


def _span(field: Any) -> int:
    if isinstance(field, RelationField):
        return 12
    if few := len(list(getattr(field, "choices", []))):
        return 6 if few <= 3 else 12
    longest = getattr(field, "max_length", None)
    return 3 if longest is None else 6 if longest <= 100 else 12


def _conflict(request: Signed, register: Register, form: Any, row: Any) -> HttpResponse:
    """Both versions side by side: what is stored now, and what was typed."""
    now = register.get(request.user, row.pk)
    _note_look(request, register, now, "hai bản khác nhau")
    return conflict_page(
        request, row=now, lines=versions(form, register.form(request.user, row=now)), address=reverse("register-edit", args=[register.slug, now.pk]),
        crumbs=[(reverse("register", args=[register.slug]), register.title)])


@require_POST
def cancel(request: Signed, slug: str, id: Any) -> HttpResponse:
    """Mark a row as entered in error, with a reason."""
    register = opened(request, slug)
    action = type(register).cancel
    if action is None or not register.written_by(request.user):
        raise no_right()
    seen = request.POST.get("seen_version", "")
    action(by=request.user, id=id, seen_version=int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else None, reason=request.POST.get("reason", ""))
    messages.success(request, "Đã đánh dấu ghi nhầm. Dòng này không còn trong sổ và trong số liệu.", extra_tags="toast")
    return redirect("register", register.slug)


@require_safe
def changes(request: Signed, slug: str, id: Any) -> HttpResponse:
    """The history of a row."""
    register = opened(request, slug)
    row = register.get(request.user, id)
    if row is None:
        raise not_found(str(register.model._meta.verbose_name))
    _note_look(request, register, row, "lịch sử sửa")
    lines = [{"event": event, "changes": [(label, _shielded(before), _shielded(after)) for label, before, after in event.changes]} for event in history.events(register, row)]
    context = {"register": register, "row": row, "lines": lines, "name": screen.first_columns(register)[0].words(row), "may_write": register.written_by(request.user)}
    return render(request, "registers/history.html", context)


def _note_look(request: Signed, register: Register, row: Any, how: str) -> None:
    """A row that tells about a person is not looked at without an entry in the audit."""
    if register.guard.personal:
        chain.record_view(by=request.user, row=row, note=f"{register.title}: {how}")


def _shielded(words: str) -> dict[str, Any]:
    """Words of a change; the middle of a number of a person is masked, as in the list."""
    return {"words": words, "hidden": NUMBER.fullmatch(words) is not None}


@require_safe
def suggest(request: Signed, slug: str, path: str) -> HttpResponse:
    """Up to ten rows that a typed text may mean, as options of a datalist or as JSON."""
    register = opened(request, slug)
    column = register.by_path.get(path)
    if column is None or not column.relation or not register.written_by(request.user):
        raise not_found("danh sách gợi ý này")
    text = request.GET.get("q") or request.GET.get(path, "")
    found = column.key.suggest(request.user, register.write, text[:100]) if len(text.strip()) > 1 else []
    if getattr(request, "htmx", False):
        return render(request, "registers/options.html", {"options": found})
    return JsonResponse({"options": [{"value": value, "label": label} for value, label in found]})
