"""Named reads of tasks."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import assignments, may, visible
from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.models import OrgUnit
from tramyte.engine.places.queries import valid_on
from tramyte.governance.tasks.models import Coordination, Reminder, Task
from tramyte.governance.tasks.states import SOON, UNDATED, TaskState, days_words, task_state


def seen(user: User) -> QuerySet[Task]:
    """The tasks a user may see: of the own places, and those that the own unit coordinates wherever they are."""
    rows = Task.objects.filter(entered_in_error=False)
    if not may(user, "tasks.view") or not unit_ids(user):
        return visible(user, rows)
    return rows.filter(Q(pk__in=visible(user, rows).values("pk")) | Q(pk__in=_coordinated(user)))


def _coordinated(user: User) -> QuerySet[Coordination]:
    """The keys of the tasks that a unit of the user coordinates."""
    return Coordination.objects.filter(unit__in=unit_ids(user), entered_in_error=False).order_by().values("task")


def coordinated(user: User, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Of these tasks those in which a unit of the user works with another that leads."""
    return rows.filter(pk__in=_coordinated(user)).exclude(unit__in=unit_ids(user))


def partner_unit(user: User, task: Task) -> OrgUnit | None:
    """The unit for which the user works with the leading one on a task; None for whoever does not."""
    return next((row.unit for row in task.coordinations.filter(unit__in=unit_ids(user), entered_in_error=False).select_related("unit")), None)


def tasks_of(user: User) -> QuerySet[Task]:
    """The tasks a user may see that count: heads of dated series stand aside for their occurrences."""
    rows = seen(user)
    heads = Q(series=None, recurrence__in=Task.DATED)
    return rows.exclude(heads).select_related("unit", "assignee", "directive", "place")


def mine(user: User, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Of these tasks those of the user or of the user's units."""
    return rows.filter(Q(assignee=user) | Q(unit__in=unit_ids(user)))


def unit_ids(user: User) -> set:
    """The ids of the units the user works for."""
    return {held.unit_id for held in assignments(user) if held.unit_id}


def is_own(user: User, task: Task) -> bool:
    """Whether a task was given to this user or to the user's unit."""
    return task.assignee_id == user.pk or (task.unit_id is not None and task.unit_id in unit_ids(user))


def in_state(rows: QuerySet[Task], slug: str, on: datetime.date) -> QuerySet[Task]:
    """Of these tasks those in a named state on a day (or "open", "closed": several states together)."""
    soon = on + datetime.timedelta(days=SOON)
    undone = Q(state=Task.OPEN)
    late = Q(ends_on__isnull=False, done_on__gt=F("ends_on"))
    wanted = {
        "open": undone, "closed": ~undone, "overdue": undone & Q(ends_on__lt=on), "due_soon": undone & Q(ends_on__gte=on, ends_on__lte=soon),
        "on_time": undone & Q(ends_on__gt=soon), "undated": undone & Q(ends_on=None),
        "done": Q(state=Task.DONE) & ~late, "done_late": Q(state=Task.DONE) & late, "cancelled": Q(state=Task.CANCELLED),
    }
    return rows.filter(wanted[slug]) if slug in wanted else rows


@dataclass
class UnitCount:
    """How many tasks of a unit are in which state on a day."""

    unit: OrgUnit | None
    name: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All tasks that are not cancelled."""
        return sum(count for slug, count in self.counts.items() if slug != "cancelled")

    def __getattr__(self, slug: str) -> int:
        if slug.startswith("_"):
            raise AttributeError(slug)
        return self.counts.get(slug, 0)


def by_unit(rows: QuerySet[Task], on: datetime.date) -> list[UnitCount]:
    """The tasks counted by unit and state on a day, the unit with most overdue first; tasks of persons only at the end."""
    found: dict = {}
    for task in rows:
        row = found.setdefault(task.unit_id, UnitCount(task.unit, task.unit.name if task.unit else "Giao thẳng cho người"))
        slug = state_of(task, on).slug
        row.counts[slug] = row.counts.get(slug, 0) + 1
    return sorted(found.values(), key=lambda row: (row.unit is None, -row.overdue, -row.due_soon, row.name))


def state_of(task: Task, on: datetime.date) -> TaskState:
    """The named state of a task on a day."""
    return task_state(task.state, task.ends_on, task.done_on, on)


@dataclass(frozen=True)
class Shown:
    """A task as a list shows it: its state with the words of the chip, and whether its deadline was moved by a day off."""

    task: Task
    state: TaskState
    words: str

    @property
    def moved(self) -> bool:
        """Whether the last day by law differs from the day as directed."""
        return self.task.ends_on != self.task.due_on


def shown(rows: Iterable[Task], on: datetime.date) -> list[Shown]:
    """Tasks with their states for a page; what is to be done all the time lacks no deadline, it has none."""
    found = []
    for task in rows:
        state = state_of(task, on)
        if state is UNDATED and task.recurrence:
            state = TaskState(UNDATED.slug, task.get_recurrence_display(), "off", "refresh")
        found.append(Shown(task, state, days_words(state, task.ends_on, on)))
    return found


def people_to_remind(task: Task, on: datetime.date) -> list[User]:
    """Who is told about a task: the person it was given to, else the users of its unit who may report progress."""
    if task.assignee:
        return [task.assignee]
    roles = [slug for slug, role in ROLES.items() if "tasks.progress" in role.permissions]
    held = Assignment.objects.filter(valid_on(on), unit=task.unit, role__in=roles, entered_in_error=False, user__is_active=True)
    return sorted({one.user for one in held.select_related("user")}, key=lambda user: user.username) if task.unit_id else []


def unread_count(user: User) -> int:
    """How many reminders a user has not read."""
    return Reminder.objects.filter(user=user, read_at=None, entered_in_error=False).count()
