"""The report of a period for the command line: the kept one, or today's draft that is not kept."""

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.places.models import Place
from tramyte.governance.reports.actions import scope_of
from tramyte.governance.reports.composing import compose
from tramyte.governance.reports.forms import Form, title_of
from tramyte.governance.reports.models import Duty, Report, ReportPeriod
from tramyte.governance.reports.offices import station_of, symbol_of
from tramyte.rules.calendar import Period


def report_for(form: Form, period: Period, place: Place) -> Report:
    """The newest report kept for a period and place, else a draft composed now; stale figures are computed first."""
    kept = Report.objects.filter(place=place, period__period=period.code, form=form.slug, entered_in_error=False)
    found = kept.select_related("period__duty", "unit", "place").order_by("-created_at").first()
    if found:
        return found
    asked = ReportPeriod.objects.filter(
        place=place, period=period.code, entered_in_error=False, duty__form=form.slug if form.law else "").select_related("duty__directive").first()
    duty = asked.duty if asked else Duty(place=place, period_kind="one-off", starts_on=period.start)
    author = duty.unit or station_of(place)
    scope = scope_of(place, period, author=author, duty=duty, form=form.slug)
    refresh_stale()
    made = compose(scope)
    return Report(
        place=place, period=asked or ReportPeriod(place=place, duty=duty, period=period.code), unit=author, form=form.slug, title=title_of(period, form),
        symbol=f"BC-{symbol_of(author)}", created_by=User(), sections=made.sections, tables=made.tables, figures=made.figures,
        as_of=made.as_of, computed_at=made.computed_at,
    )


def refresh_stale() -> None:
    """Compute the indicators whose stored figures are missing, of another day, or behind an entry."""
    today = clock.today()
    standings = {code: results.standing(code) for code in INDICATORS}
    stale = [code for code, stood in standings.items() if stood is None or stood.stale or stood.as_of != today]
    if stale:
        results.refresh(stale)
