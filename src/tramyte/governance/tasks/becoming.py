"""How accepted obligations become tasks, and what tasks show on the document's page."""

from typing import Any

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import store
from tramyte.governance.directives import becoming
from tramyte.governance.directives.fields import as_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.receiving import a_unit
from tramyte.governance.tasks.actions import ASSIGN, cancel_of_directive, lay_out
from tramyte.governance.tasks.coordinating import tie_units
from tramyte.governance.tasks.models import Task
from tramyte.governance.tasks.queries import shown, tasks_of

LONGEST_TITLE = 110


def register() -> None:
    """Tell the directives topic what tasks do with an accepted obligation, a revoked directive and the document page."""
    becoming.on_accept(Obligation.TASK, make_tasks)
    becoming.on_revoke(cancel_of_directive)
    becoming.on_show(20, "tasks/panel.html", panel)


def make_tasks(obligation: Obligation, by: User) -> list[Task]:
    """One task for each unit that an accepted obligation names; a dated recurrence gets its occurrences."""
    fields = obligation.fields
    made = []
    for owner in fields["owners"]:
        unit = a_unit(obligation.directive.place, owner["unit"], "owners")
        if unit is None:
            continue
        task = Task(
            place=obligation.directive.place, directive=obligation.directive, obligation=obligation, title=title_of(fields["text"]),
            text=fields["text"], unit=unit, coordinating=_others(fields, owner), starts_on=as_day(fields["start"]), due_on=as_day(fields["due_on"]),
            time_phrase=(fields["time_phrase"] or "")[:200], recurrence=fields["recurrence"], indicator=fields["indicator"],
        )
        store(task, by=by, permission=ASSIGN, action="assign_task")
        tie_units(task, by)
        if task.is_head:
            lay_out(task, clock.today(), by)
        made.append(task)
    return made


def _others(fields: dict[str, Any], owner: dict[str, Any]) -> list[str]:
    """The coordinating units, after the other units that the document names together with this one."""
    together = [other["name"] for other in fields["owners"] if other is not owner]
    return [*together, *fields["coordinating"]]


def title_of(text: str) -> str:
    """A short name of a task: the beginning of its text up to the first full stop or semicolon, cut at a word."""
    words = text.strip()
    for mark in (". ", "; "):
        words = words.split(mark, 1)[0]
    words = words.rstrip(" .;:,")
    if len(words) <= LONGEST_TITLE:
        return words[:1].upper() + words[1:]
    cut = words[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:")
    return f"{cut[:1].upper()}{cut[1:]}…"


def panel(directive: Directive, user: User) -> dict[str, Any]:
    """The tasks of a directive that the user may see, for its page."""
    return {"tasks": shown(tasks_of(user).filter(directive=directive), clock.today())}
