"""How accepted duties become dated periods, and what reports show on the document's page."""

import datetime
from typing import Any

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import store
from tramyte.engine.audit import chain
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import valid_on
from tramyte.governance.directives import becoming
from tramyte.governance.directives.fields import as_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.receiving import a_unit
from tramyte.governance.reports.due import Asked, dated_periods
from tramyte.governance.reports.forms import FORMS
from tramyte.governance.reports.models import Duty, ReportPeriod
from tramyte.governance.reports.offices import STATION
from tramyte.governance.reports.queries import on_request, periods_of, shown, waiting_for

ISSUE = "directives.write"


def register() -> None:
    """Tell the directives topic what reports do with an accepted duty, a revoked directive and the document page."""
    becoming.on_accept(Obligation.DUTY, make_duties)
    becoming.on_revoke(end_of_directive)
    becoming.on_show(30, "reports/panel.html", panel)


def make_duties(obligation: Obligation, by: User) -> list[Duty]:
    """One duty for each unit that an accepted obligation names, or one for the commune when it names none, with its dated periods."""
    fields, directive = obligation.fields, obligation.directive
    owners = [owner for owner in fields["owners"] if owner["unit"]] or [{"name": "; ".join(o["name"] for o in fields["owners"]), "unit": None}]
    made = []
    for owner in owners:
        duty = Duty(
            place=directive.place, directive=directive, obligation=obligation, who=owner["name"][:300],
            unit=a_unit(directive.place, owner["unit"], "owners") if owner["unit"] else None,
            to=fields["to"], period_kind=fields["period"], due_month=fields["due_month"], due_day=fields["due_day"],
            due_on=as_day(fields["due_on"]), due_phrase=(fields["due_phrase"] or "")[:200], phrase=fields["phrase"],
            starts_on=directive.arrived_on,
        )
        store(duty, by=by, permission=ISSUE, action="ask_report")
        lay_out(duty, clock.today(), by)
        made.append(duty)
    return made


def ask_by_law(on: datetime.date) -> int:
    """The duties that the law lays on every station, where they are not there yet: reports due from `on` on; answers how many were made."""
    forms = [form for form in FORMS.values() if form.law]
    there = set(Duty.objects.exclude(form="").values_list("unit", "form"))
    made = 0
    for unit in OrgUnit.objects.filter(valid_on(on), code=STATION, place__kind=Place.COMMUNE).select_related("place"):
        for form in forms:
            if form.law is None or (unit.pk, form.slug) in there:
                continue
            duty = Duty(
                place=unit.place, unit=unit, form=form.slug, to=list(form.law.to), period_kind=form.law.period_kind, due_month=form.law.due_month, due_day=form.law.due_day,
                due_phrase=form.law.due_phrase, phrase=form.law.source, starts_on=on)
            duty.save(force_insert=True)
            chain.record(by=None, action="ask_report", row=duty, after=duty.plain())
            made += 1
    return made


def lay_out(duty: Duty, on: datetime.date, by: User | None) -> int:
    """Make the missing periods of a duty up to its horizon; answers how many."""
    asked = Asked(duty.period_kind, duty.due_month, duty.due_day, duty.due_on, duty.due_phrase)
    there = set(duty.periods.filter(entered_in_error=False).values_list("period", flat=True))
    made = 0
    for period, day in dated_periods(asked, duty.starts_on, on):
        if period.code in there or (duty.ended_on and (day or period.end) >= duty.ended_on):
            continue
        row = ReportPeriod(place=duty.place, duty=duty, period=period.code, due_on=day)
        row.save(force_insert=True)
        chain.record(by=by, action="open_report_period", row=row, after=row.plain())
        made += 1
    return made


def end_of_directive(directive: Directive, by: User) -> None:
    """End the duties of a directive that is no longer in force; periods without a report fall away, written reports stay."""
    ended = directive.revoked_on or clock.today()
    for duty in Duty.objects.filter(directive=directive, ended_on=None, entered_in_error=False):
        before = duty.plain()
        duty.ended_on = ended
        store(duty, by=by, permission=ISSUE, action="end_duty", before=before, note=f"Văn bản hết hiệu lực: {directive.revoked_reason}")
        for row in duty.periods.filter(entered_in_error=False, reports=None):
            if row.ends_on is None or row.ends_on >= ended:
                was = row.plain()
                row.entered_in_error, row.error_reason = True, "Văn bản hết hiệu lực"
                store(row, by=by, permission=ISSUE, action="close_report_period", before=was)


def panel(directive: Directive, user: User) -> dict[str, Any]:
    """The dated reports that a directive asks for, for its page, and duties that wait to be asked for or made clear."""
    rows = periods_of(user).filter(duty__directive=directive)
    return {"periods": shown(rows, clock.today()), **waiting_for(user, on_request(user).filter(directive=directive))}
