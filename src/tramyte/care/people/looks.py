"""Who looked at a person's record, when, how and why, and the page that tells it to whoever answers for personal data."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.people.models import Person
from tramyte.care.people.views import the_person
from tramyte.engine.access.naming import names_of
from tramyte.engine.access.rights import Guard, require
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.registers import registry

# What somebody does who looks: opens a page or form, shows a number, takes a copy out, opens in an emergency.
WORDS = {"view": "mở xem", "view_number": "xem đủ số", "export_person": "lấy bản trích dữ liệu", "open_emergency": "mở khẩn cấp"}
PAGE, LISTS = 30, 20
RIGHT = "rights.write"


def views_of(person: Person) -> QuerySet[AuditEntry]:
    """Every look at a person's record and at the rows that tell about them (cards, stays, check-ups, records merged into theirs), the latest first.

    `username`, `at`, `action` (see `WORDS`) and `note` (the way and the reason) of each entry say who, when, what and why.
    """
    return AuditEntry.objects.filter(object_id__in=[str(person.pk), *_rows_about(person)], action__in=WORDS)


def _rows_about(person: Person) -> Iterator[str]:
    """The ids of the rows that belong to one person only, and of the household."""
    if person.household_id:
        yield str(person.household_id)
    for relation in Person._meta.related_objects:
        model: Any = relation.related_model
        guard = getattr(model, "guard", None)
        if isinstance(guard, Guard) and guard.personal and model is not Person:
            yield from map(str, model._default_manager.filter(**{relation.field.name: person}).values_list("pk", flat=True))
    yield from map(str, person.merges.values_list("lesser", flat=True))


def lists_taken_out() -> QuerySet[AuditEntry]:
    """The exports of books of people and the lists behind figures: they may have held anybody, so that they are told apart from the looks at one record."""
    labels = [model._meta.label_lower for model in _personal_models()]
    return AuditEntry.objects.filter(Q(action__startswith="export_", model__in=labels) | Q(action="list")).exclude(action__in=WORDS)


def _personal_models() -> Iterator[Any]:
    yield Person
    for relation in Person._meta.related_objects:
        guard = getattr(relation.related_model, "guard", None)
        if isinstance(guard, Guard) and guard.personal:
            yield relation.related_model


@require_safe
def looked(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ai đã xem hồ sơ: the looks at one record, and the lists that were taken out."""
    require(request.user, RIGHT)
    found = the_person(request.user, id)
    chain.record_view(by=request.user, row=found, note="xem ai đã xem hồ sơ")
    page = Paginator(views_of(found), PAGE).get_page(request.GET.get("page"))
    lists = list(lists_taken_out()[:LISTS])
    names = names_of(entry.username for entry in (*page.object_list, *lists))
    context = {"person": found, "page": page, "lines": [_line(entry, names) for entry in page.object_list], "lists": [_line(entry, names) for entry in lists]}
    return render(request, "people/looks.html", context)


def _line(entry: AuditEntry, names: dict[str, str]) -> dict[str, Any]:
    slug, _, rest = entry.note.partition(":")
    title = next((book.title for book in registry.registers() if book.slug == slug), "")
    return {"at": entry.at, "who": names[entry.username], "username": entry.username, "what": WORDS.get(entry.action, "xuất danh sách"), "why": f"{title}:{rest}" if title else entry.note}
