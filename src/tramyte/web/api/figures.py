"""The operations beside the registers: who asks, which registers there are, figures of indicators, targets."""

import dataclasses
import datetime
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from pydantic import Field

from tramyte.care.maternal.year import may_see_figure
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import assignments, home_place, places, require
from tramyte.engine.indicators import INDICATORS, Indicator, results
from tramyte.engine.indicators.asking import period_of
from tramyte.engine.indicators.declaring import BY_PLACE, GROUP_TITLES
from tramyte.engine.indicators.figures import Figure
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import by_code, commune_of
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers import interface, registry
from tramyte.engine.registers.register import Register
from tramyte.governance.targets import queries as targets
from tramyte.governance.targets.words import subject_of
from tramyte.web.api.answers import answer
from tramyte.web.api.books import IF_NONE_MATCH
from tramyte.web.api.doors import PER_MINUTE
from tramyte.web.api.urls import ROUTES

VIEW = "figures.view"
MONTHS = 24


class Where(Schema):
    """Được làm gì ở một địa bàn."""

    code: str = Field(title="Mã")
    name: str = Field(title="Tên")
    permissions: list[str] = Field(title="Các quyền")


class Me(Schema):
    """Ai đang hỏi."""

    kind: str = Field(title="Loại", description="application: ứng dụng kết nối; user: người dùng", json_schema_extra={"enum": ["application", "user"]})
    name: str = Field(title="Tên")
    places: list[Where] = Field(title="Các địa bàn")
    today: datetime.date = Field(title="Ngày làm việc của hệ thống")
    valid_until: datetime.date | None = Field(title="Khóa dùng đến hết ngày")
    requests_per_minute: int | None = Field(title="Số yêu cầu được gửi một phút")


class ColumnInfo(Schema):
    """Một cột của sổ."""

    path: str = Field(title="Tên trong JSON")
    label: str = Field(title="Tên cột")
    kind: str = Field(title="Kiểu giá trị", json_schema_extra={"enum": ["text", "whole", "number", "flag", "day", "moment"]})
    written: bool = Field(title="Ghi được")


class Book(Schema):
    """Một sổ mà người hỏi mở được."""

    slug: str = Field(title="Tên trong địa chỉ")
    title: str = Field(title="Tên")
    unit: str = Field(title="Đơn vị")
    form_code: str = Field(title="Số hiệu mẫu sổ")
    source: str = Field(title="Nguồn")
    written: bool = Field(title="Người hỏi ghi được")
    columns: list[ColumnInfo] = Field(title="Các cột")


class Books(Schema):
    """Các sổ mà người hỏi mở được."""

    rows: list[Book] = Field(title="Các sổ")


class FigureOut(Schema):
    """Số liệu đã tính và lưu của một chỉ tiêu. denominator = đạt + chưa đạt + chưa rõ."""

    place: str = Field(title="Mã địa bàn")
    period: str = Field(title="Kỳ")
    numerator: int = Field(title="Tử số")
    denominator: int = Field(title="Mẫu số")
    unknown: int = Field(title="Chưa rõ")
    value: float | None = Field(title="Giá trị, chưa làm tròn")
    as_of: datetime.date = Field(title="Tính đến ngày")
    computed_at: datetime.datetime | None = Field(title="Tính lúc")
    stale: bool = Field(title="Có thay đổi sau lần tính")
    group: str = Field(title="Mã nhóm khi chia nhỏ")
    group_name: str = Field(title="Tên nhóm khi chia nhỏ")


class IndicatorOut(Schema):
    """Một chỉ tiêu với định nghĩa và số liệu; figure null khi chưa tính, hoặc khi là số riêng tư của một thôn."""

    code: str = Field(title="Mã")
    title: str = Field(title="Tên")
    unit: str = Field(title="Đơn vị")
    definition: str = Field(title="Định nghĩa")
    source: str = Field(title="Nguồn")
    version: int = Field(title="Bản thứ mấy")
    direction: str = Field(title="up: càng cao càng tốt; down: càng thấp càng tốt", json_schema_extra={"enum": ["up", "down"]})
    groups: list[str] = Field(title="Các cách chia")
    figure: FigureOut | None = Field(title="Số liệu")


class Indicators(Schema):
    """Các chỉ tiêu của một địa bàn."""

    place: str = Field(title="Mã địa bàn")
    rows: list[IndicatorOut] = Field(title="Các chỉ tiêu")


class IndicatorParts(IndicatorOut):
    """Một chỉ tiêu, chia nhỏ khi hỏi by."""

    parts: list[FigureOut] = Field(title="Số liệu từng nhóm")


class TargetOut(Schema):
    """Một chỉ tiêu được giao và tình hình thực hiện."""

    id: uuid.UUID = Field(title="Mã của chỉ tiêu được giao")
    version: int = Field(title="Bản thứ mấy")
    phrase: str = Field(title="Nguyên văn")
    place: str = Field(title="Mã địa bàn được giao")
    indicator: str | None = Field(title="Mã chỉ tiêu đo nó")
    comparator: str = Field(title="So sánh")
    value: float | None = Field(title="Mức giao")
    unit: str = Field(title="Đơn vị")
    deadline: datetime.date = Field(title="Hạn")
    source: str = Field(title="Do văn bản nào giao")
    state: str = Field(title="Tình trạng", json_schema_extra={"enum": ["hard", "missed", "at_risk", "unknown", "on_track", "reached", "unrecorded"]})
    sentence: str = Field(title="Tình hình bằng lời")
    missing: int | None = Field(title="Còn thiếu bao nhiêu")
    figure: FigureOut | None = Field(title="Số liệu")


class Targets(Schema):
    """Các chỉ tiêu được giao đang hiệu lực."""

    rows: list[TargetOut] = Field(title="Các chỉ tiêu được giao")


def add(api: NinjaAPI) -> None:
    """Add these operations to the interface."""
    place = {"name": "place", "in": "query", "required": False, "schema": {"type": "string"}, "description": "Mã xã hoặc mã thôn; không ghi là địa bàn của người hỏi"}
    period = {"name": "period", "in": "query", "required": False, "schema": {"type": "string"}, "description": "Kỳ đã bắt đầu, ví dụ 2026-05, 2026-Q1; không ghi là hiện nay"}
    by = {"name": "by", "in": "query", "required": False, "schema": {"type": "string", "enum": list(GROUP_TITLES)}, "description": "Chia theo: " + ", ".join(f"{key} ({words})" for key, words in GROUP_TITLES.items())}
    for name, tag, words, operation, shape, parameters in (
        ("api-me", "Chung", "Ai đang hỏi, được làm gì, đến bao giờ", me, Me, []), ("api-registers", "Chung", "Các sổ mở được và cột của từng sổ", books, Books, []),
        ("api-indicators", "Chỉ tiêu", "Số liệu các chỉ tiêu của một địa bàn", indicators, Indicators, [place, period]),
        ("api-indicator", "Chỉ tiêu", "Một chỉ tiêu, có thể chia nhỏ", indicator, IndicatorParts, [place, period, by]),
        ("api-targets", "Chỉ tiêu", "Các chỉ tiêu được giao và tình hình", target_list, Targets, []), ("api-target", "Chỉ tiêu", "Một chỉ tiêu được giao", target, TargetOut, []),
    ):
        api.get(f"/{ROUTES[name].replace('<', '{').replace('>', '}')}", response={200: shape, 304: None}, summary=words, tags=[tag],
                operation_id=name.removeprefix("api-"), url_name=name, openapi_extra={"parameters": [*parameters, IF_NONE_MATCH]})(operation)


def me(request: HttpRequest) -> HttpResponse:
    """Who asks, with which permissions in which places."""
    client = getattr(request, "client", None)
    held = [{"code": one.place.code, "name": one.place.name, "permissions": sorted(one.permissions)} for one in assignments(request.user)]
    return answer(request, {
        "kind": "application" if client else "user", "name": client.name if client else request.user.full_name, "places": held,
        "today": clock.today().isoformat(), "valid_until": client.valid_until.isoformat() if client else None, "requests_per_minute": PER_MINUTE if client else None})


def books(request: HttpRequest) -> HttpResponse:
    """The registers that the asker may open."""
    return answer(request, {"rows": [_book(one, request.user) for one in registry.registers() if one.seen_by(request.user)]})


def _book(register: Register, user: User) -> dict[str, Any]:
    columns = [{"path": column.path, "label": column.label, "kind": interface.type_of(column), "written": column.own} for column in register.all_columns]
    return {"slug": register.slug, "title": register.title, "unit": register.unit, "form_code": register.form_code, "source": register.source,
            "written": register.written_by(user), "columns": columns}


def indicators(request: HttpRequest) -> HttpResponse:
    """The stored figures of all indicators in a place; two queries, however many indicators."""
    place, month = _asked(request, {"place", "period"})
    kept = results.series(list(INDICATORS), place, MONTHS)
    rows = []
    for code, one in sorted(INDICATORS.items()):
        found = [figure for figure in kept.get(code, []) if month is None or figure.period == month]
        told = found and may_see_figure(request.user, code, place)
        figure = dataclasses.replace(found[-1], period=request.GET.get("period") or found[-1].period) if told else None
        rows.append(_indicator(one, figure))
    return answer(request, {"place": place.code, "rows": rows})


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator of a place, with its parts by a group."""
    place, _ = _asked(request, {"place", "period", "by"})
    one, period, by = INDICATORS.get(code), request.GET.get("period") or None, request.GET.get("by", "")
    if one is None:
        raise not_found("chỉ tiêu này")
    if not may_see_figure(request.user, code, None if by in BY_PLACE else place):
        raise not_found("số liệu của chỉ tiêu này ở từng thôn")
    if by and by not in one.groups:
        raise Refused("no_group", f"Chỉ tiêu {code} không chia được theo “{by[:20]}”. Các cách chia: {', '.join(one.groups)}.", field="by")
    parts = [_figure(part) for part in results.breakdown(code, place, by, period)] if by else []
    return answer(request, {**_indicator(one, results.figure(code, place, period)), "parts": parts})


def _asked(request: HttpRequest, known: set[str]) -> tuple[Place, str | None]:
    """The place asked about and the month that stands for the period. Raises Refused."""
    user = request.user
    require(user, VIEW)
    if unknown := sorted(set(request.GET) - known):
        raise Refused("unknown_parameter", f"Không có tham số “{unknown[0][:40]}”. Các tham số: {', '.join(sorted(known))}.", field=unknown[0][:80])
    place = _place(user, request.GET.get("place", ""))
    period = request.GET.get("period", "")
    return place, f"{period_of(period, clock.today()).until(clock.today()):%Y-%m}" if period else None


def _place(user: User, code: str) -> Place:
    allowed = places(user, VIEW)
    if code:
        found = by_code(code[:20])
    else:
        home = home_place(user)
        found = commune_of(home) if home and commune_of(home).pk in allowed else home
    if found is None or found.pk not in allowed:
        raise not_found("địa bàn này")
    return found


def _indicator(one: Indicator, figure: Figure | None) -> dict[str, Any]:
    return {"code": one.code, "title": one.title, "unit": one.unit, "definition": subject_of(one.code).counted or one.definition, "source": one.source, "version": one.version,
            "direction": one.direction, "groups": list(one.groups), "figure": _figure(figure) if figure else None}


def _figure(figure: Figure) -> dict[str, Any]:
    names = ("place", "period", "numerator", "denominator", "unknown", "value", "stale", "group", "group_name")
    return {**{name: getattr(figure, name) for name in names}, "as_of": figure.as_of.isoformat(),
            "computed_at": figure.computed_at.isoformat() if figure.computed_at else None}


def target_list(request: HttpRequest) -> HttpResponse:
    """The targets in force that the asker may see."""
    require(request.user, VIEW)
    return answer(request, {"rows": [_target(row.target, row.standing) for row in targets.rows_for(request.user)]})


def target(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One target, with where it stands."""
    require(request.user, VIEW)
    found = targets.targets_of(request.user).filter(pk=id).first()
    if found is None:
        raise not_found("chỉ tiêu này")
    standing = targets.standings([found], targets.measured_place(request.user, found))[0]
    return answer(request, _target(found, standing), version=found.version)


def _target(row: Any, standing: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk), "version": row.version, "phrase": row.phrase, "place": row.place.code, "indicator": row.indicator or None, "comparator": row.comparator,
        "value": row.value, "unit": row.unit, "deadline": row.deadline.isoformat(), "source": row.source, "state": standing.state.slug, "sentence": standing.sentence,
        "missing": standing.gap, "figure": _figure(standing.figure) if standing.figure else None}
