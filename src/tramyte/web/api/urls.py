"""Addresses of the JSON interface. Its libraries are loaded when somebody first asks, not when the server starts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tramyte.engine.registers import registry

PREFIX = "/api/v1/"
ROUTES = {
    "api-description": "openapi.json", "api-me": "me", "api-indicators": "indicators", "api-indicator": "indicators/<str:code>",
    "api-targets": "targets", "api-target": "targets/<uuid:id>", "api-registers": "registers",
}
for _book in registry.registers():
    _base, _name = f"registers/{_book.slug}", f"api-{_book.slug}"
    ROUTES |= {_name: _base, f"{_name}-row": f"{_base}/<uuid:id>", f"{_name}-history": f"{_base}/<uuid:id>/history"}
    if type(_book).cancel is not None:
        ROUTES[f"{_name}-cancel"] = f"{_base}/<uuid:id>/cancel"


def operation(request: HttpRequest, **parts: Any) -> HttpResponse:
    """Hand the request over to the operation of its address, which asks for a key or a session itself."""
    from tramyte.web.api.operations import views

    assert request.resolver_match is not None
    return views()[str(request.resolver_match.url_name)](request, **parts)


operation.csrf_exempt = True  # type: ignore[attr-defined]  # a key needs none; of a session the operation asks for it
operation.takes_keys = True  # type: ignore[attr-defined]  # read by `web.middleware.SignedIn`

urlpatterns = [path(route, operation, name=name) for name, route in ROUTES.items()]
