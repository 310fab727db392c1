"""Composing a report: the facts of a period gathered once, then drafted section by section."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from tramyte.engine import clock
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.indicators.periods import begun
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import below
from tramyte.governance.directives.models import Directive
from tramyte.governance.reports import figures as marks
from tramyte.governance.reports.forms import Form
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import MONTHS, in_force, indicator_of, level_of
from tramyte.governance.targets.standing import Standing, standing
from tramyte.governance.targets.words import number
from tramyte.governance.tasks.models import Task
from tramyte.governance.tasks.states import TaskState, task_state
from tramyte.rules.calendar import Period


@dataclass(frozen=True)
class Scope:
    """What a report is about and who writes it.

    units: whose tasks it tells of, None for all.  author: the unit that signs, None when the commune has no such unit.
    as_of: the day of the figures, at most the end of the period.  directive: what asks for it.
    """

    place: Place
    period: Period
    form: Form
    as_of: datetime.date
    author: OrgUnit | None = None
    only: OrgUnit | None = None
    directive: Directive | None = None
    to: tuple[str, ...] = ()


@dataclass
class Composition:
    """A composed report: sections (see `Report`), tables by name, references by key."""

    sections: list[dict[str, Any]]
    tables: dict[str, dict[str, Any]]
    figures: dict[str, marks.Reference]
    as_of: datetime.date
    computed_at: datetime.datetime


@dataclass
class Aim:
    """A target in the report: where it stood on the day, and the key of its figure ("" when nothing measures it)."""

    target: Target
    standing: Standing
    key: str = ""

    @property
    def behind(self) -> bool:
        """Whether something is still missing."""
        return bool(self.key and self.standing.gap)


@dataclass
class Done:
    """A task in the report with its state on the day."""

    task: Task
    state: TaskState


@dataclass
class Facts:
    """Everything a draft may speak of."""

    scope: Scope
    directives: list[Directive]
    aims: list[Aim]
    tasks: list[Done]
    figures: dict[str, marks.Reference] = field(default_factory=dict)
    hamlets: dict[str, list[str]] = field(default_factory=dict)  # key of an aim -> keys of its hamlets, the worst first


def day_of(period: Period) -> datetime.date:
    """The day on which a period is measured: its end, or today. Refused for a period that has not begun."""
    today = clock.today()
    return begun(period, today).until(today)


def compose(scope: Scope) -> Composition:
    """The drafted report: every number in it is a mark with a reference."""
    from tramyte.governance.reports import drafting, immunization

    now = clock.now()
    if scope.form.law:
        return immunization.compose(scope, now)
    facts = gather(scope, now)
    tables: dict[str, dict[str, Any]] = {}
    sections = []
    for key, title in scope.form.sections:
        text = drafting.DRAFTS[key](facts, tables)
        sections.append({"key": key, "title": title, "text": text, "drafted": text, "version": 1, "edited_by": "", "edited_at": ""})
    return Composition(sections, tables, facts.figures, scope.as_of, now)


def gather(scope: Scope, now: datetime.datetime) -> Facts:
    """The directives, targets and tasks of the period with the references of their figures."""
    facts = Facts(scope, _directives(scope), [], _tasks(scope))
    _aims(facts)
    _counts(facts, now)
    return facts


def door(name: str, *arguments: object, query: str = "") -> str:
    """The address of a page, or an empty text while the page does not exist."""
    try:
        return reverse(name, args=arguments) + query
    except NoReverseMatch:
        return ""


def _directives(scope: Scope) -> list[Directive]:
    rows = Directive.objects.filter(place=scope.place, entered_in_error=False).exclude(state=Directive.REVIEWING)
    return list(rows.filter(arrived_on__range=(scope.period.start, scope.as_of)).order_by("arrived_on", "created_at"))


def _targets(scope: Scope) -> list[Target]:
    rows = Target.objects.filter(place=scope.place, state=Target.ACTIVE, entered_in_error=False).select_related("directive", "place", "obligation")
    known = [one for one in rows if ((one.directive is None and one.given_on is None) or one.set_on <= scope.as_of) and one.deadline >= scope.period.start]
    heads = in_force(known)
    kept = [one for one in known if one.pk not in heads or heads[one.pk].pk == one.pk]
    return sorted(kept, key=lambda one: (not one.indicator, one.indicator, one.deadline, one.obligation.order if one.obligation else 0, str(one.pk)))


def _aims(facts: Facts) -> None:
    scope, targets = facts.scope, _targets(facts.scope)
    codes = sorted({one.indicator for one in targets if one.indicator in INDICATORS})
    series = results.series(codes, scope.place, MONTHS) if codes else {}
    for target in targets:
        one = indicator_of(target)
        known = [figure for figure in series.get(target.indicator, []) if figure.as_of <= scope.as_of]
        aim = Aim(target, standing(level_of(target), one, known, scope.as_of))
        figure = aim.standing.figure
        if one is not None and figure is not None and figure.value is not None:
            aim.key = one.code if one.code not in facts.figures else f"{one.code}-{sum(key.startswith(one.code) and '@' not in key for key in facts.figures) + 1}"
            url = door("target-worklist", target.pk)
            reference = marks.of_indicator(figure, one, str(scope.place), url)
            if aim.standing.gap is not None:
                reference["parts"]["gap"] = number(aim.standing.gap)
            facts.figures[aim.key] = reference
            if aim.key == one.code:
                _hamlets(facts, aim.key, figure.period, url)
        facts.aims.append(aim)


def _hamlets(facts: Facts, code: str, month: str, url: str) -> None:
    """The figures of the hamlets of an indicator, where it can be told by hamlet."""
    one, found = INDICATORS[code], []
    if "hamlet" not in one.groups:
        return
    for figure in results.breakdown(code, facts.scope.place, "hamlet", month):
        if figure.group == facts.scope.place.code or figure.value is None:
            continue
        key = f"{code}@{figure.group}"
        facts.figures[key] = marks.of_indicator(figure, one, str(facts.scope.place), url)
        found.append((figure.value if one.direction == "up" else -figure.value, figure.group, key))
    facts.hamlets[code] = [key for _, _, key in sorted(found)]


def _tasks(scope: Scope) -> list[Done]:
    """The tasks that the period knew, with their states on the day: not those done before it or given after it."""
    known = Q(directive=None) | Q(directive__issued_on__lte=scope.as_of)
    rows = Task.objects.filter(known, place__in=below(scope.place), entered_in_error=False).exclude(state=Task.CANCELLED)
    rows = rows.exclude(done_on__lt=scope.period.start).exclude(series=None, recurrence__in=Task.DATED)
    rows = rows.exclude(~Q(series=None), due_on__gt=scope.period.end).exclude(~Q(series=None), ends_on__lt=scope.period.start, state=Task.DONE)
    if scope.only:
        rows = rows.filter(unit=scope.only)
    found = []
    for task in rows.select_related("unit", "directive", "series").prefetch_related("notes"):
        undone = task.done_on is None or task.done_on > scope.as_of
        state = task_state(Task.OPEN if undone else task.state, task.ends_on, task.done_on, scope.as_of)
        found.append(Done(task, state))
    return found


COUNTED = {"done": ("done",), "late": ("done_late",), "overdue": ("overdue",), "going": ("on_time", "due_soon", "undated")}
TASKS, DIRECTIVES, TARGETS = "NV", "VB", "CT"
_UNSAFE = re.compile(r"[^\w-]")


def unit_key(unit: OrgUnit | None) -> str:
    """The key of a unit's count of tasks."""
    code = _UNSAFE.sub("-", unit.code) if unit else "ca-nhan"
    return f"{TASKS}@{code}"


def _counts(facts: Facts, now: datetime.datetime) -> None:
    """The counts of tasks (all, and by unit), directives and targets."""
    scope, found = facts.scope, facts.figures
    units = {done.task.unit_id: done.task.unit for done in facts.tasks}
    board = door("tasks", query="?trang-thai=tat-ca")
    found[TASKS] = marks.of_list("Danh sách nhiệm vụ", board, scope.as_of, now, **counted(facts.tasks), units=len([one for one in units if one]))
    for id, unit in units.items():
        own = [done for done in facts.tasks if done.task.unit_id == id]
        found[unit_key(unit)] = marks.of_list("Danh sách nhiệm vụ", f"{board}&don-vi={id}" if id else board, scope.as_of, now, **counted(own))
    found[DIRECTIVES] = marks.of_list("Sổ văn bản đến", door("directives"), scope.as_of, now, received=len(facts.directives))
    bound = [aim for aim in facts.aims if aim.key]
    met = [aim for aim in bound if aim.standing.state.slug == "reached"]
    found[TARGETS] = marks.of_list(
        "Danh sách chỉ tiêu được giao", door("targets"), scope.as_of, now, total=len(facts.aims), measured=len(bound), reached=len(met),
        behind=len(bound) - len(met), unrecorded=len(facts.aims) - len(bound))


def counted(tasks: Sequence[Done]) -> dict[str, int]:
    """How many tasks there are, done in time, done late, going on and overdue."""
    sums = {name: sum(done.state.slug in slugs for done in tasks) for name, slugs in COUNTED.items()}
    return {"total": len(tasks), **sums}
