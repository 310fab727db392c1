"""How accepted obligations become targets, what a revoked directive ends, and where indicators find their targets."""

from typing import Any

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import store
from tramyte.engine.indicators import INDICATORS, results, telling
from tramyte.engine.indicators import targets as goals
from tramyte.governance.directives import becoming
from tramyte.governance.directives.fields import as_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.targets.binding import suggest, unit_fits
from tramyte.governance.targets.following import follow_entry
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import goal_of, targets_of
from tramyte.governance.targets.standing import gap_of
from tramyte.governance.targets.words import measured, number, subject_of

WRITE = "targets.write"


def register() -> None:
    """Tell directives what becomes of targets, and indicators where to look their targets up and who follows their figures."""
    becoming.on_accept(Obligation.TARGET, make_targets)
    becoming.on_revoke(end_of_directive)
    becoming.on_show(10, "targets/panel.html", panel)
    becoming.bind_targets(becoming.Binding(choices, suggested, facts))
    goals.register(goal_of)
    telling.when_moved(follow_entry)


def make_targets(obligation: Obligation, by: User) -> list[Target]:
    """The target of an accepted obligation. The indicator chosen in the review counts as confirmed by whoever issues.

    A level in another unit than the indicator's is kept unbound: it cannot be measured by it.
    """
    fields = obligation.fields
    bound = fields["indicator"] if fits(fields["indicator"], fields["unit"]) else ""
    target = Target(
        place=obligation.directive.place, directive=obligation.directive, obligation=obligation, phrase=fields["phrase"], indicator=bound,
        comparator=fields["comparator"], value=fields["value"], unit=fields["unit"], year=fields["year"], due_on=as_day(fields["due_on"]),
        note=fields["note"], confirmed_by=by if bound else None, confirmed_on=clock.today() if bound else None,
    )
    return [store(target, by=by, permission=WRITE, action="set_target")]


def fits(code: str, unit: str) -> bool:
    """Whether an indicator exists and is measured in a target's unit."""
    return code in INDICATORS and unit_fits(unit, INDICATORS[code].unit)


def end_of_directive(directive: Directive, by: User) -> None:
    """End the targets of a directive that is no longer in force (called inside its revoking)."""
    for row in Target.objects.filter(directive=directive, state=Target.ACTIVE, entered_in_error=False).select_related("directive"):
        before = row.plain()
        row.state, row.ended_on = Target.REVOKED, directive.revoked_on or clock.today()
        row.ended_reason = f"Văn bản hết hiệu lực: {directive.revoked_reason}"[:300]
        store(row, by=by, permission="directives.write", action="end_target", before=before)


def choices(directive: Directive) -> list[tuple[str, str]]:
    """The indicators a target may be tied to, as (code, title)."""
    return [(code, INDICATORS[code].title) for code in sorted(INDICATORS)]


def suggested(fields: dict[str, Any]) -> str:
    """The indicator that fits the fields of a target obligation best, or ""."""
    return suggest(fields, {code: one.unit for code, one in INDICATORS.items()})


def facts(directive: Directive, fields: dict[str, Any]) -> str:
    """What is known today about a target under review: the figure and the gap, or why there is none."""
    code = fields["indicator"]
    if code not in INDICATORS:
        return f"Không có chỉ tiêu mã {code}: chưa ghi nhận trong hệ thống."
    one = INDICATORS[code]
    if not unit_fits(fields.get("unit") or "", one.unit):
        return f"{one.title} tính bằng {one.unit}, văn bản giao bằng “{fields['unit']}”: sẽ chưa gắn với chỉ tiêu nào."
    figure = results.figure(code, directive.place)
    if figure is None or figure.value is None:
        return f"{one.title}: chưa có số liệu, sẽ có sau lần tính tới."
    said = f"Hiện đạt {measured(figure.value, one.unit)} ({number(figure.numerator)}/{number(figure.denominator)})"
    missing = gap_of(figure, fields["comparator"], fields["value"])
    if missing is None:
        return f"{said}."
    return f"{said}, còn thiếu {number(missing)} {subject_of(code).noun}." if missing else f"{said}, đã tới mức này."


def panel(directive: Directive, user: User) -> dict[str, Any]:
    """The targets of a directive that the user may see, for its page."""
    return {"targets": list(targets_of(user).filter(directive=directive))}
