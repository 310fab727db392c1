"""The work that the house does by itself, and how often: declared as jobs, put on the schedule by the worker."""

import datetime
from typing import Any

from tramyte.engine import clock
from tramyte.engine.jobs.work import Progress, job
from tramyte.engine.jobs.worker import every

SCHEDULE = {"refresh_indicators": 60, "refresh_home": 5, "remind": 60, "follow_residences": 24 * 60, "find_duplicates": 24 * 60, "renew_recommendations": 24 * 60}
NIGHTLY = {"find_duplicates": 2, "renew_recommendations": 1}  # the hour at which nobody waits for the machine


def lay_schedule() -> None:
    """Put the regular jobs on the schedule; those already there keep their turn."""
    for name, minutes in SCHEDULE.items():
        every(name, minutes, first=_next(NIGHTLY[name]) if name in NIGHTLY else None)


def _next(hour: int) -> datetime.datetime:
    """The coming moment at which the clock of the station strikes this hour."""
    now = clock.now().astimezone(clock.ZONE)
    struck = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return struck if struck > now else struck + datetime.timedelta(days=1)


@job("refresh_indicators")
def refresh_indicators(progress: Progress, /, **_: Any) -> dict[str, Any]:
    """Compute all indicators anew, close the tasks whose level is reached, then renew the home pages."""
    from tramyte.engine.indicators import results
    from tramyte.governance.targets.actions import close_met

    def told(done: int, total: int) -> None:
        progress.of(total)
        progress.step(done)

    written = results.refresh(progress=told)
    return {"outcomes": written, "closed": close_met(on=clock.today()), "homes": _renewed()}


@job("refresh_home")
def refresh_home(progress: Progress, /, **_: Any) -> dict[str, Any]:
    """Compose Việc hôm nay of everybody anew."""
    return {"homes": _renewed()}


@job("remind")
def remind(progress: Progress, /, **_: Any) -> dict[str, Any]:
    """Open the coming turns of repeated tasks and the coming periods of reports, then remind of what is due soon or overdue."""
    from tramyte.governance.reports.actions import continue_duties
    from tramyte.governance.reports.becoming import ask_by_law
    from tramyte.governance.tasks.actions import continue_series, remind_due

    today = clock.today()
    return {"asked": ask_by_law(today), "opened": continue_series(on=today), "periods": continue_duties(on=today), "reminders": remind_due(on=today)}


@job("follow_residences")
def follow_stays(progress: Progress, /, **_: Any) -> dict[str, Any]:
    """Move people to the hamlet where they stay today, when a stay began or ended by its date alone."""
    from tramyte.care.people.actions.residences import follow_residences
    from tramyte.engine.access.operator import operator

    return {"moved": follow_residences(by=operator())}


@job("find_duplicates")
def find_duplicates(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """Fill the queue of records that may be one person, for all communes or those of `communes` (keys)."""
    from tramyte.care.people.pairing import communes, find_pairs
    from tramyte.engine.access.operator import operator

    asked = arguments.get("communes")
    todo = [one for one in communes() if asked is None or str(one.pk) in asked]
    progress.of(len(todo) or 1)
    new = 0
    for done, commune in enumerate(todo):
        progress.step(done, f"Đang so từng cặp hồ sơ của {commune}.")
        new += find_pairs(by=operator(), commune=commune)
    progress.step(len(todo) or 1, f"Tìm thấy {new} cặp mới cần xem. Mở Người dân, Hồ sơ nghi trùng." if new else "Không có cặp nào mới.")
    return {"communes": len(todo), "new": new}


@job("verify_audit")
def verify_audit(progress: Progress, /, **_: Any) -> dict[str, Any]:
    """Prove the audit chain from its beginning."""
    from tramyte.engine.audit import chain

    verdict = chain.verify()
    return {"entries": verdict.entries, "broken_at": verdict.broken_at, "reason": verdict.reason, "head": verdict.head}


def _renewed() -> int:
    from tramyte.web.pages.keeping import renew_all

    return renew_all()
