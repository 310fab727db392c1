"""The operations of every register: list, row, new, change, entered in error, history."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI
from pydantic import BaseModel

from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.engine.registers import history, interface, output
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.views import opened
from tramyte.web.api import shapes
from tramyte.web.api.answers import answer, read_body, refusal, seen_version
from tramyte.web.api.urls import ROUTES

Operation = Callable[..., HttpResponse]
IF_MATCH = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
            "description": "ETag của bản đã đọc; * để ghi đè bất kể bản nào", "example": '"3-1f0c9a2b7d44"'}
IF_NONE_MATCH = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}, "description": "ETag đã có; nếu chưa đổi thì trả 304, không có nội dung"}


def add(api: NinjaAPI, register: Register) -> None:
    """Add the operations of a register to the interface."""
    slug, name, title = register.slug, f"api-{register.slug}", register.title
    row = shapes.row_of(register)
    written = shapes.written_of(register, row)
    common: dict[str, Any] = {"tags": [title], "by_alias": True}

    def put(method: str, address: str, words: str, operation: Operation, found: Mapping[Any, Any], **extra: Any) -> None:
        route = ROUTES[address].replace("<", "{").replace(">", "}")
        told = {"summary": words, "operation_id": f"{slug}_{operation.__name__}", "url_name": address, "openapi_extra": extra}
        getattr(api, method)(f"/{route}", response=dict(found), **told, **common)(operation)

    put("get", name, f"Danh sách: {title}", _listing(register), {200: shapes.list_of(register, row), 304: None},
        parameters=[*(described(one) for one in interface.parameters(register)), IF_NONE_MATCH])
    new, changed = shapes.new_of(register), shapes.change_of(register)
    put("post", name, f"Thêm một {register.unit}", _new(register, new), {frozenset({200, 201}): written}, requestBody=sent(new))
    put("get", f"{name}-row", f"Một {register.unit}", _one(register), {200: row, 304: None}, parameters=[IF_NONE_MATCH])
    put("patch", f"{name}-row", f"Sửa một {register.unit}", _change(register, changed), {200: written, 412: shapes.stale_of(register, row)},
        parameters=[IF_MATCH], requestBody=sent(changed))
    put("get", f"{name}-history", f"Lịch sử của một {register.unit}", _history(register), {200: shapes.History, 304: None}, parameters=[IF_NONE_MATCH])
    if f"{name}-cancel" in ROUTES:
        put("post", f"{name}-cancel", f"Đánh dấu một {register.unit} là ghi nhầm", _cancel(register), {200: shapes.Cancelled, 412: shapes.stale_of(register, row)},
            parameters=[IF_MATCH], requestBody=sent(shapes.Reason))


def described(one: interface.Parameter) -> dict[str, Any]:
    """A parameter of a list for the description."""
    schema: dict[str, Any] = {"type": "integer" if one.kind == "whole" else "string"}
    if one.options:
        schema["enum"] = [code for code, _ in one.options]
    words = "; ".join(f"{code}: {said}" for code, said in one.options if code != said) if one.name != "sort" else ""
    return {"name": one.name, "in": "query", "required": False, "schema": schema, "description": f"{one.label}{'. ' if words else ''}{words}"}


def sent(model: type[BaseModel]) -> dict[str, Any]:
    """A body for the description."""
    return {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}


def _listing(register: Register) -> Operation:
    def list_rows(request: HttpRequest) -> HttpResponse:
        book = opened(request, register.slug)  # type: ignore[arg-type]  # the door let nobody else in
        page = interface.page(book, request.user, request.GET)
        later, params = page.offset + page.limit, request.GET.copy()
        params["offset"], params["limit"] = str(later), str(page.limit)
        made = answer(request, {
            "count": page.count, "offset": page.offset, "limit": page.limit,
            "next": f"{request.path}?{params.urlencode()}" if later < page.count else None, "rows": [interface.plain(page.columns, row) for row in page.rows]})
        if book.guard.personal and made.status_code == 200:
            output.record_output(book, request.user, "json", len(page.rows), request.GET.urlencode())
        return made
    return list_rows


def _one(register: Register) -> Operation:
    def read_row(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
        row = _found(request, register, id)
        made = _row_answer(request, register, row)
        if register.guard.personal and made.status_code == 200:
            chain.record_view(by=request.user, row=row, note="qua giao diện JSON")
        return made
    return read_row


def _new(register: Register, shape: type[BaseModel]) -> Operation:
    def add_row(request: HttpRequest) -> HttpResponse:
        interface.writable(opened(request, register.slug), request.user)  # type: ignore[arg-type]  # see above
        given = read_body(request, shape)
        row, fresh = interface.create(register, request.user, given, given.pop("id", None))
        made = _written_answer(request, register, row, status=201 if fresh else 200)
        made["Location"] = reverse(f"api-{register.slug}-row", args=[row.pk])
        return made
    return add_row


def _change(register: Register, shape: type[BaseModel]) -> Operation:
    def change_row(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
        row = _found(request, register, id, write=True)
        given = read_body(request, shape)
        try:
            changed = interface.change(register, request.user, row, given, seen_version(request, row))
        except Refused as error:
            return _stale(request, register, id, given, error)
        return _written_answer(request, register, changed)
    return change_row


def _cancel(register: Register) -> Operation:
    def cancel_row(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
        row = _found(request, register, id, write=True)
        given = read_body(request, shapes.Reason)
        action = type(register).cancel
        assert action is not None  # else it has no address
        try:
            gone = action(by=request.user, id=id, seen_version=seen_version(request, row), **given)
        except Refused as error:
            return _stale(request, register, id, given, error)
        return answer(request, {"id": str(gone.pk), "version": gone.version, "entered_in_error": True, "reason": gone.error_reason}, version=gone.version)
    return cancel_row


def _history(register: Register) -> Operation:
    def read_history(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
        row = _found(request, register, id)
        events = [{"at": event.at.isoformat(), "who": event.who, "what": event.what, "note": event.note,
                   "changes": [dict(zip(("label", "before", "after"), change, strict=True)) for change in event.changes]} for event in history.events(register, row)]
        made = answer(request, {"events": events})
        if register.guard.personal and made.status_code == 200:
            chain.record_view(by=request.user, row=row, note="lịch sử, qua giao diện JSON")
        return made
    return read_history


def _found(request: HttpRequest, register: Register, id: uuid.UUID, *, write: bool = False) -> Any:
    book = opened(request, register.slug)  # type: ignore[arg-type]  # see above
    if write:
        interface.writable(book, request.user)
    return interface.found(book, request.user, id)


def _row_answer(request: HttpRequest, register: Register, row: Any) -> HttpResponse:
    return answer(request, interface.plain(register.all_columns, row), version=row.version)


def _written_answer(request: HttpRequest, register: Register, row: Any, *, status: int = 200) -> HttpResponse:
    """The row as it is stored now, with the ETag of a later reading, and what is doubtful in it, if anything."""
    content, doubtful = interface.plain(register.all_columns, row), register.warnings({}, row)
    made = answer(request, content | ({"warnings": doubtful} if doubtful else {}), status=status)
    made["ETag"] = answer(request, content, version=row.version)["ETag"]
    return made


def _stale(request: HttpRequest, register: Register, id: uuid.UUID, given: dict[str, Any], error: Refused) -> HttpResponse:
    """412 with both versions when another version is stored; any other refusal goes on its way."""
    if error.code != "conflict":
        raise error
    now = interface.found(register, request.user, id)
    stored = interface.plain(register.all_columns, now)
    return refusal(Refused(error.code, error.message, status=412), stored=stored, sent={name: output.json_cell(value) for name, value in given.items()})

