"""The whole interface, built from the declarations when somebody first asks."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from tramyte import __version__
from tramyte.engine.registers import registry
from tramyte.web.api import books, figures
from tramyte.web.api.answers import answer, handle
from tramyte.web.api.doors import PER_MINUTE, Key, Session
from tramyte.web.api.urls import PREFIX, ROUTES

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
    return dict(interface().get_openapi_schema(path_prefix=PREFIX))


def _describe(request: HttpRequest) -> HttpResponse:
    return answer(request, description())
