"""The growth page of one child: charts, table, the other young children of the household; and its print."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from tramyte.care.growth.actions import WRITE
from tramyte.care.growth.cards import form_for
from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.queries import is_young, measurements, of_person, siblings
from tramyte.care.people.models import Person
from tramyte.care.people.views import the_person
from tramyte.engine import clock
from tramyte.engine.access.rights import may
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused


@require_safe
def growth(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The four WHO charts of a child with its measurements. The view is logged."""
    from tramyte.care.growth.charts import OLD, YOUNG, charts_of
    from tramyte.care.growth.words import COLUMNS, state_of, table

    found, rows = _child(request, id)
    chain.record_view(by=request.user, row=found, note="biểu đồ tăng trưởng")
    today = clock.today()
    months = (today - found.birth_date).days / 30.4375
    span = OLD if request.GET.get("thang") == "60" or months > YOUNG else YOUNG
    context: dict[str, Any] = {
        "person": found, "charts": [{"chart": chart, "svg": mark_safe(chart.svg)} for chart in charts_of(found, rows, span)], "columns": COLUMNS, "lines": table(rows),
        "last": rows[0] if rows else None, "state": state_of(rows[0]) if rows else None, "span": span, "infant": months <= YOUNG,
        "siblings": siblings(request.user, found, today), "may_write": may(request.user, WRITE) and found.is_alive and is_young(found, today), "new_url": form_for(request.user, found),
        "late": bool(rows) and found.is_alive and is_young(found, today) and (rows[0].follow_up_on or rows[0].due_on) < today,
    }
    return render(request, "growth/child.html", context)


@require_safe
def growth_print(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The charts on A4; `?ca-ho=1` with a page for each other young child of the household. That they were printed is logged."""
    from tramyte.care.growth.printing import printed_charts

    found, rows = _child(request, id)
    children = [(found, rows)]
    if request.GET.get("ca-ho"):
        others = siblings(request.user, found, clock.today())
        children += [(other, list(measurements().filter(person=other))) for other in others]
    for child, _ in children:
        chain.record_view(by=request.user, row=child, note="in biểu đồ tăng trưởng")
    answer = HttpResponse(printed_charts(children, clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bieu-do-tang-truong-{found.pk}.pdf"'
    return answer


def _child(request: HttpRequest, id: uuid.UUID) -> tuple[Person, list[GrowthMeasurement]]:
    found = the_person(request.user, id)
    rows = of_person(found)
    if not rows and not is_young(found, clock.today()):
        raise Refused("no_growth", f"{found} không phải trẻ dưới 5 tuổi và chưa có lần cân đo nào, nên không có biểu đồ tăng trưởng.", status=404)
    return found, rows
