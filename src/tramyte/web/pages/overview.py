"""Điều hành một trang: the chairman's page and its A4 print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.engine.access.rights import may, require
from tramyte.web.pages.one_page import one_page
from tramyte.web.pages.situation import situation_of

TARGETS_SHOWN, UNITS_SHOWN, QUESTIONS_SHOWN, REPORTS_SHOWN = 16, 8, 8, 6


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Targets, tasks by unit, reports and what waits for a decision; no person's data."""
    require(request.user, "overview.view")
    situation = situation_of(request.user)
    return render(request, "pages/overview.html", {
        "one": situation, "place_words": str(situation.place)[:1].lower() + str(situation.place)[1:], "targets": situation.targets[:TARGETS_SHOWN], "units": situation.units[:UNITS_SHOWN],
        "more_targets": max(0, len(situation.targets) - TARGETS_SHOWN), "more_units": max(0, len(situation.units) - UNITS_SHOWN),
        "questions": situation.questions[:QUESTIONS_SHOWN], "more_questions": max(0, len(situation.questions) - QUESTIONS_SHOWN),
        "reports": situation.reports[:REPORTS_SHOWN], "more_reports": max(0, len(situation.reports) - REPORTS_SHOWN),
        "assigns": may(request.user, "tasks.assign"), "shell_unit": "Chỉ số tổng hợp, không có hồ sơ cá nhân",
    })


@require_safe
def print_page(request: HttpRequest) -> HttpResponse:
    """The page as a PDF of exactly one A4 sheet."""
    require(request.user, "overview.view")
    situation = situation_of(request.user)
    answer = HttpResponse(one_page(situation), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="dieu-hanh-{situation.today:%Y-%m-%d}.pdf"'
    return answer
