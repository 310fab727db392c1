"""Ứng dụng kết nối: the programs that ask this one, their keys, and the description of the interface for who writes them."""

import datetime
import re
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.engine import clock
from tramyte.engine.access.rights import places, require
from tramyte.engine.access.roles import PERMISSIONS
from tramyte.engine.clients import actions, queries
from tramyte.engine.clients.models import Client
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import valid_on
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import parse_date
from tramyte.web.pages.system import tabs

MOST = 60  # places offered: a commune with its hamlets
USUAL = 365
STOPPED = ("late", "Đang dừng", "user-x")
METHODS = {"get": ("Đọc", "blue"), "post": ("Ghi", "ok"), "patch": ("Sửa", "due")}


@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """The programs connected in the own places, those in use first."""
    return _list_page(request)


def _list_page(request: HttpRequest, refused: Refused | None = None, id: uuid.UUID | None = None) -> HttpResponse:
    require(request.user, queries.MANAGE)
    today, found = clock.today(), list(queries.managed_by(request.user).select_related("granted_by").prefetch_related("places"))
    stopped = queries.stopped(found)
    rows = [{"client": one, "state": STOPPED if one.pk in stopped else _state(one, today), "stopped": one.pk in stopped, "mine": one.pk in stopped and queries.granting(request.user, one), "permissions": ", ".join(PERMISSIONS.get(name, name) for name in one.permissions).capitalize()}
            for one in found]
    rows.sort(key=lambda row: (not row["stopped"], not row["client"].works_on(today), row["client"].name))
    context = {"tabs": tabs(request, "system-clients"), "rows": rows, "refused": refused, "refused_id": id, "used": sum(row["client"].works_on(today) for row in rows) - len(stopped), "stopped": len(stopped)}
    return render(request, "system/clients.html", context, status=refused.status if refused else 200)


def _state(client: Client, today: datetime.date) -> tuple[str, str, str]:
    if client.revoked_at is not None:
        return ("off", "Đã thu hồi", "ban")
    if not client.works_on(today):
        return ("due", "Hết hạn", "calendar-x")
    return ("ok", "Đang dùng", "check")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Connect a program; its key is shown once."""
    require(request.user, queries.MANAGE)
    refused = None
    if request.method == "POST":
        try:
            client, key = _create(request)
        except Refused as error:
            if error.status == 403:
                raise
            refused = error
        else:
            answer = render(request, "system/client_key.html", {"client": client, "key": key})
            answer["Cache-Control"] = "no-store"
            return answer
    return render(request, "system/client_new.html", {**_offers(request), "refused": refused}, status=refused.status if refused else 200)


def _create(request: HttpRequest) -> tuple[Client, str]:
    given = request.POST
    try:
        until = parse_date(given.get("valid_until", ""))
    except ValueError as error:
        raise Refused("bad_end", str(error), field="valid_until") from None
    chosen = [spot for spot in _spots(request) if str(spot.pk) in given.getlist("places")]
    return actions.create_client(
        by=request.user, name=given.get("name", ""), contact=given.get("contact", ""), where=chosen, permissions=given.getlist("permissions"), valid_until=until)


def _spots(request: HttpRequest) -> list[Place]:
    found = Place.objects.filter(valid_on(clock.today()), pk__in=places(request.user, queries.MANAGE), kind__in=[Place.COMMUNE, Place.HAMLET])
    return list(found.order_by("code")[:MOST])


def _offers(request: HttpRequest) -> dict[str, Any]:
    """What may be chosen, and what was: at first the commune and a year."""
    asked, spots, personal = request.POST if request.method == "POST" else None, _spots(request), queries.personal_permissions()
    ticked = set(asked.getlist("places")) if asked is not None else {str(spot.pk) for spot in spots[:1]}
    wanted = set(asked.getlist("permissions")) if asked is not None else set()
    until = f"{clock.today() + datetime.timedelta(days=USUAL):%d/%m/%Y}"
    return {
        "spots": [(spot, str(spot.pk) in ticked) for spot in spots],
        "permissions": [(name, PERMISSIONS[name], name in personal, name in wanted) for name in queries.grantable(request.user)],
        "typed": {name: asked.get(name, "") for name in ("name", "contact", "valid_until")} if asked is not None else {"valid_until": until},
    }


@require_POST
def revoke(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """End a key, with a reason."""
    try:
        actions.revoke_client(by=request.user, id=id, reason=request.POST.get("reason", ""))
    except Refused as error:
        if error.status in {403, 404}:
            raise
        return _list_page(request, error, id)
    return redirect("system-clients")


@require_POST
def adopt(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Take over a key whose granter may not grant it any more, with a reason."""
    try:
        row = actions.adopt_client(by=request.user, id=id, reason=request.POST.get("reason", ""))
    except Refused as error:
        if error.status in {403, 404}:
            raise
        return _list_page(request, error, id)
    messages.success(request, f"Đã nhận khóa của {row.name}. Ứng dụng chạy lại bằng khóa cũ.", extra_tags="toast")
    return redirect("system-clients")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The description of the interface as a page: every address with what it takes and answers."""
    from tramyte.web.api.operations import ABOUT, description

    document = description()
    parts: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document["paths"].items():
        for method, told in methods.items():
            parts.setdefault(told["tags"][0], []).append(_told(document, address, method, told))
    return render(request, "system/api.html", {"parts": [(title, f"phan-{number}", told) for number, (title, told) in enumerate(parts.items())],
                                               "about": re.split(r"\n+", ABOUT.replace("`", "")), "version": document["info"]["version"]})


def _told(document: dict[str, Any], address: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answer = next((shown for code, shown in told["responses"].items() if code == 200), {}).get("content", {}).get("application/json", {}).get("schema", {})
    words, kind = METHODS[method]
    return {
        "method": method.upper(), "words": words, "kind": kind, "address": address, "summary": told["summary"],
        "parameters": [(one["name"], _kind(one["schema"]), one.get("description", ""), one.get("required")) for one in told["parameters"] if one["in"] != "path"],
        "body": _fields(document, body), "answer": _fields(document, answer),
    }


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """(name, kind, words, required) of each field of an object."""
    schema = _resolved(document, schema)
    needed = schema.get("required", [])
    return [(name, _kind(_resolved(document, one)), ". ".join(filter(None, (one.get("title", ""), one.get("description", "")))), name in needed)
            for name, one in schema.get("properties", {}).items()]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


WORDS = {"string": "chữ", "integer": "số nguyên", "number": "số", "boolean": "true/false", "array": "danh sách", "object": "đối tượng", "null": "null"}


def _kind(schema: dict[str, Any]) -> str:
    """The type of a value in words."""
    one: dict[str, Any] = next((part for part in schema.get("anyOf", []) if part.get("type") != "null"), schema)
    shape = schema.get("format") or one.get("format", "")
    words = {"date": "ngày ISO", "date-time": "thời điểm ISO", "uuid": "UUID"}.get(shape) or WORDS.get(one.get("type", "object"), "đối tượng")
    return "một trong các mã" if "enum" in schema else words
