"""The worker process: runs queued jobs one by one and starts those whose time has come."""

import datetime
import logging
import threading
import time

from django.core.management import call_command
from django.db import close_old_connections, transaction

from tramyte.engine import clock
from tramyte.engine.jobs.models import Job, Schedule
from tramyte.engine.jobs.work import known, run_job, start

log = logging.getLogger("tramyte.jobs")
TITLES = {"refresh_indicators": "Tính lại chỉ tiêu", "refresh_home": "Tính lại việc hôm nay", "remind": "Nhắc việc đến hạn", "follow_residences": "Theo nơi ở hiện nay", "find_duplicates": "Tìm hồ sơ trùng", "renew_recommendations": "Tính lại lịch hẹn tiêm"}


def work(*, interval: float = 1.0, batch: bool = False) -> None:
    """Run until told to stop: resume what a power cut left, watch the schedule, run what is queued."""
    resume()
    if not batch:
        threading.Thread(target=_watch, name="schedule", daemon=True).start()
    call_command("db_worker", interval=interval, batch=batch, reload=False, startup_delay=False, verbosity=0)


def resume() -> int:
    """Queue again the jobs that were running when the last worker ended; returns how many."""
    left = list(Job.objects.filter(state="running"))
    for row in left:
        Job.objects.filter(pk=row.pk).update(state="waiting")
        run_job.enqueue(str(row.pk))
    return len(left)


def every(task: str, minutes: int, *, first: datetime.datetime | None = None) -> None:
    """Put a job on the schedule, for the first time at a moment (now unless told); does nothing when it is there."""
    Schedule.objects.get_or_create(task=task, defaults={"every_minutes": minutes, "next_at": first or clock.now()})


def start_due(now: datetime.datetime) -> list[str]:
    """Queue the scheduled jobs whose moment has come, each once, however many turns were missed.

    A job that this version no longer knows is taken off the schedule, so that it holds up no other.
    """
    begun = []
    with transaction.atomic():
        for row in Schedule.objects.select_for_update().filter(next_at__lte=now):
            if not known(row.task):
                log.warning("job %s is on the schedule but unknown; taken off", row.task)
                row.delete()
                continue
            if not Job.objects.filter(task=row.task, state__in=["waiting", "running"]).exists():
                start(row.task, by=None, title=TITLES.get(row.task, row.task))
                begun.append(row.task)
            row.next_at = now + datetime.timedelta(minutes=row.every_minutes)
            row.save()
    return begun


def _watch() -> None:
    while True:
        try:
            start_due(clock.now())
        except Exception:  # the watch must outlive a locked or briefly absent database
            log.exception("the schedule could not be read")
        finally:
            close_old_connections()
        time.sleep(20)
