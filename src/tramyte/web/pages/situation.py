"""How the commune stands, for the chairman: targets, tasks by unit, reports, what waits for a decision. Figures only."""

import datetime
from collections import Counter
from dataclasses import dataclass

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place
from tramyte.engine.indicators import results
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import no_right
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import directives_of
from tramyte.governance.reports.models import Report
from tramyte.governance.reports.queries import Shown as ShownReport
from tramyte.governance.reports.queries import periods_of, reports_of
from tramyte.governance.reports.queries import shown as shown_reports
from tramyte.governance.targets.queries import Row, rows_for, worst_first
from tramyte.governance.targets.standing import STATES, State
from tramyte.governance.targets.words import SPACE, measured, number
from tramyte.governance.tasks.queries import UnitCount, by_unit, in_state, tasks_of
from tramyte.web.pages.composing import address, gap_words, title_of

LATE_DAYS, REPORT_DAYS = 7, 30
POPULATION = "NK01"


@dataclass(frozen=True)
class TargetLine:
    """A target on the page: its name and its figures in words; `row` has the rest."""

    row: Row
    title: str
    url: str

    @property
    def forecast(self) -> str:
        """The forecast for the deadline, or a dash when it is reached or unknown."""
        ahead, one = self.row.standing.projection, self.row.indicator
        return "–" if ahead is None or one is None or self.row.standing.state.slug == "reached" else measured(ahead.value, one.unit)

    @property
    def now(self) -> str:
        """The figure of today."""
        figure, one = self.row.standing.figure, self.row.indicator
        return measured(figure.value, one.unit) if figure and one else "–"

    @property
    def part(self) -> str:
        """Numerator over denominator."""
        figure = self.row.standing.figure
        return f"{number(figure.numerator)}/{number(figure.denominator)}" if figure else "–"

    @property
    def missing(self) -> str:
        """How many more are needed."""
        gap = self.row.standing.gap
        return "–" if gap is None else number(gap)


@dataclass(frozen=True)
class Question:
    """Something that waits for a decision of the chairman, found by rule. weight: the smaller, the sooner."""

    title: str
    note: str
    url: str
    kind: str
    icon: str
    weight: tuple[int, float] = (9, 0.0)


@dataclass(frozen=True)
class Situation:
    """All that the page and its print show. `targets`: measured ones, worst first; `unrecorded`: those nothing measures."""

    place: Place
    today: datetime.date
    as_of: datetime.datetime
    population: int | None
    targets: list[TargetLine]
    unrecorded: list[TargetLine]
    units: list[UnitCount]
    reports: list[ShownReport]
    questions: list[Question]

    @property
    def states(self) -> list[tuple[State, int]]:
        """How many targets are in each state, the worst first."""
        counted = Counter(line.row.standing.state.slug for line in [*self.targets, *self.unrecorded])
        return [(state, counted[slug]) for slug, state in STATES.items() if counted[slug]]

    @property
    def tasks(self) -> UnitCount:
        """All units together."""
        whole: Counter[str] = Counter()
        for unit in self.units:
            whole.update(unit.counts)
        return UnitCount(None, "Tổng", dict(whole))


def situation_of(user: User) -> Situation:
    """How the commune of a user stands today, from stored figures. Raises Refused (403) for a user without a place."""
    home = home_place(user)
    if home is None:
        raise no_right()
    place, today = commune_of(home), clock.today()
    rows = [row for row in worst_first(rows_for(user)) if row.newer is None]
    lines = [TargetLine(row, title_of(row), address("target", row.target.pk)) for row in rows]
    known = [line for line in lines if line.row.indicator is not None]
    people = results.figure(POPULATION, place)
    computed = [line.row.standing.figure.computed_at for line in known if line.row.standing.figure and line.row.standing.figure.computed_at]
    return Situation(
        place=place, today=today, as_of=(min(computed) if computed else clock.now()).astimezone(clock.ZONE),
        population=people.denominator if people else None, targets=known, unrecorded=[line for line in lines if line.row.indicator is None],
        units=by_unit(tasks_of(user), today), reports=_reports(user, today), questions=sorted(_questions(user, known, today), key=lambda one: one.weight))


def _reports(user: User, today: datetime.date) -> list[ShownReport]:
    """Reports not yet sent whose day has passed or comes within thirty days, nearest to today first."""
    rows = periods_of(user).filter(ends_on__lte=today + datetime.timedelta(days=REPORT_DAYS), ends_on__gte=today - datetime.timedelta(days=366))
    waiting = [one for one in shown_reports(rows, today) if one.report is None or one.report.is_open]
    return sorted(waiting, key=lambda one: abs((one.period.ends_on - today).days))


def _questions(user: User, lines: list[TargetLine], today: datetime.date) -> list[Question]:
    found = [
        Question(f"{line.row.standing.state.words}: {line.title}", _reach(line), line.url, "late", "circle-x", (0, -(line.row.standing.gap or 0)))
        for line in lines if line.row.standing.state.slug in ("hard", "missed")]
    for task in in_state(tasks_of(user), "overdue", today).filter(ends_on__lt=today - datetime.timedelta(days=LATE_DAYS)):
        days = (today - task.ends_on).days
        owner = task.assignee if task.unit is None else task.unit
        found.append(Question(task.title, f"{owner or 'Chưa có người nhận'} · quá hạn {days}{SPACE}ngày · xong {task.progress}{SPACE}%", address("task", task.pk), "late", "alert-triangle", (1, -days)))
    return [*found, *_unowned(user, today), *_submitted(user)]


def _reach(line: TargetLine) -> str:
    ahead = f" · dự báo {line.forecast}" if line.forecast != "–" else ""
    return f"hiện {line.now}, {gap_words(line.row)}{ahead}"


def _unowned(user: User, today: datetime.date) -> list[Question]:
    """Work that nobody has: tasks without unit and person, and parts of issued directives that name no unit."""
    found = [
        Question(f"Chưa có đơn vị nhận: {task.title}", str(task.directive or ""), address("task", task.pk), "unk", "help", (2, 0))
        for task in in_state(tasks_of(user), "open", today).filter(unit=None, assignee=None)]
    rows = Obligation.objects.filter(
        directive__in=directives_of(user).filter(state=Directive.ISSUED).order_by().values("pk"), kind=Obligation.UNASSIGNED,
        state=Obligation.PENDING, entered_in_error=False)
    open_items: Counter[Directive] = Counter(one.directive for one in rows.select_related("directive"))
    for directive, count in open_items.items():
        found.append(Question(f"{count} việc chưa có đơn vị nhận", str(directive), address("directive", directive.pk), "unk", "help", (2, -count)))
    return found


def _submitted(user: User) -> list[Question]:
    rows = reports_of(user).filter(state=Report.SUBMITTED).order_by("submitted_at")
    return [
        Question(f"Chờ duyệt: {one.title}", f"{one.unit or one.place} gửi {one.submitted_at.astimezone(clock.ZONE):%d/%m/%Y}", address("report", one.pk), "blue", "send", (3, 0))
        for one in rows if one.submitted_at]
