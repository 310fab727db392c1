"""The whole interface, built from the declarations when somebody first asks."""

from collections.abc import Callable
from functools import cache
from http.client import responses as words_of
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.schema import NinjaGenerateJsonSchema

from tramyte import __version__
from tramyte.engine.registers import registry
from tramyte.web.api import books, figures, shapes
from tramyte.web.api.answers import answer, handle
from tramyte.web.api.doors import PER_MINUTE, Key, Session
from tramyte.web.api.urls import PREFIX, ROUTES

REFUSALS = (400, 401, 403, 404, 409, 413, 422, 428, 429, 503, 507)
WHERE = "#/components/schemas/"
ABOUT = f"""Đọc và ghi các sổ, đọc số liệu chỉ tiêu và chỉ tiêu được giao, đúng như trên màn hình.

Xác thực: khóa của ứng dụng trong `Authorization: Bearer`, tối đa {PER_MINUTE} yêu cầu một phút; hoặc phiên đăng nhập của trình duyệt (khi ghi phải kèm mã CSRF).
Trang của danh sách: `limit` và `offset`; `next` là địa chỉ trang sau. Ngày: ISO 8601. Lời từ chối: `code`, `message`, `field`."""


@cache
def interface() -> NinjaAPI:
    """The interface with every operation."""
    api = NinjaAPI(title="tramyte", version=__version__, description=ABOUT, auth=[Key(), Session()], openapi_url=None, docs_url=None, urls_namespace="api-v1")
    handle(api)
    figures.add(api)
    for register in registry.registers():
        books.add(api, register)
    api.get(f"/{ROUTES['api-description']}", url_name="api-description", include_in_schema=False)(_describe)
    return api


@cache
def views() -> dict[str, Callable[..., Any]]:
    """The view of each address, by its name."""
    return {pattern.name: pattern.callback for pattern in interface().urls[0] if pattern.name in ROUTES}


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document."""
    told = dict(interface().get_openapi_schema(path_prefix=PREFIX))
    _describe_refusals(told)
    return told


def _describe_refusals(told: dict[str, Any]) -> None:
    """Every operation refuses in the same shape. Described once: as answers of each operation they would be a thousand models to build."""
    trouble = shapes.Trouble.model_json_schema(ref_template=WHERE + "{model}", schema_generator=NinjaGenerateJsonSchema)
    told["components"]["schemas"] |= trouble.pop("$defs", {}) | {"Trouble": trouble}
    content = {"application/json": {"schema": {"$ref": f"{WHERE}Trouble"}}}
    for methods in told["paths"].values():
        for operation in methods.values():
            for code in REFUSALS:
                operation["responses"].setdefault(code, {"description": words_of.get(code, ""), "content": content})


def _describe(request: HttpRequest) -> HttpResponse:
    return answer(request, description())
