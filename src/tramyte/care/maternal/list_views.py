"""The list by name behind each indicator of mothers and births."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.maternal.views import PRIVATE, VIEW, sees_mothers
from tramyte.care.maternal.year import LISTS, PRIVATE_LISTS
from tramyte.care.people.models import Person
from tramyte.engine.access.rights import places, visible
from tramyte.engine.audit import chain
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.places.models import Place
from tramyte.engine.refused import not_found

PAGE = 50


@require_safe
def by_name(request: HttpRequest, code: str) -> HttpResponse:
    """The mothers or children behind one indicator by name, the most urgent first, 50 a page. The opening is logged."""
    sees_mothers(request.user)
    if code not in LISTS:
        raise not_found("danh sách này")
    if code in PRIVATE_LISTS:
        sees_mothers(request.user, PRIVATE)
    hamlets = list(Place.objects.filter(pk__in=places(request.user, VIEW, personal=True), kind=Place.HAMLET, valid_to=None).order_by("code"))
    asked = request.GET.get("thon", "")
    hamlet = next((one for one in hamlets if one.code == asked), None)
    if asked and hamlet is None:
        raise not_found("thôn này")
    page = Paginator(results.worklist(request.user, code, hamlet).order_by("due_on", "place__code", "id"), PAGE).get_page(request.GET.get("page"))
    people = {row.pk: row for row in visible(request.user, Person.objects.filter(pk__in=[row.subject for row in page.object_list])).select_related("household")}
    chain.record(by=request.user, action="list", model="maternal.pregnancy", note=f"{code} {hamlet or ''}: {page.paginator.count} người, trang {page.number}")
    return render(request, "maternal/list.html", {
        "title": LISTS[code][1], "page": page, "hamlets": hamlets, "hamlet": hamlet, "indicator": INDICATORS[code],
        "lines": [{"outcome": row, "person": people[row.subject]} for row in page.object_list if row.subject in people]})
