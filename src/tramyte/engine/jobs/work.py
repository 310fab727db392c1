"""Long work: declare it with `@job`, begin it with `start`, see its progress on the job's page."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from django.db import transaction
from django_tasks import task

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.audit import origin
from tramyte.engine.jobs.models import Job
from tramyte.engine.refused import Refused
from tramyte.engine.trouble import trouble_of

log = logging.getLogger("tramyte.jobs")


class Progress:
    """What a job tells while it runs. `step` writes at most a hundred times over the whole work."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._told = -1

    def of(self, total: int) -> None:
        """Say how many steps there will be."""
        Job.objects.filter(pk=self.job.pk).update(total=total)
        self.job.total = total

    def step(self, done: int, message: str = "") -> None:
        """Say how many steps are done."""
        share = done * 100 // self.job.total if self.job.total else done
        if share != self._told:
            self._told = share
            Job.objects.filter(pk=self.job.pk).update(done=done, **({"message": message[:500]} if message else {}))


class Work(Protocol):
    """The function behind a job: takes its progress and its arguments, answers a plain result."""

    def __call__(self, progress: Progress, /, **arguments: Any) -> dict[str, Any]: ...


_WORKS: dict[str, Work] = {}


def job(name: str) -> Callable[[Work], Work]:
    """Declare a function as the work of jobs with this name. Arguments and result must be JSON values.

    A `Refused` from the work becomes the job's sentence. The work must bear being run again: a job
    that a power cut stopped starts from its beginning.
    """
    def declare(function: Work) -> Work:
        if name in _WORKS:
            raise ValueError(f"two jobs are called {name}")
        _WORKS[name] = function
        return function
    return declare


def known(name: str) -> bool:
    """Whether a job of this name is declared."""
    return name in _WORKS


def start(name: str, *, by: User | None, title: str, **arguments: Any) -> Job:
    """Queue a job; it begins when the surrounding transaction is committed."""
    if name not in _WORKS:
        raise KeyError(name)
    row = Job.objects.create(task=name, title=title[:200], by=by, arguments=arguments)
    transaction.on_commit(lambda: run_job.enqueue(str(row.pk)))
    return row


@task()
def run_job(job_id: str) -> None:
    """Run one queued job; called by the worker process."""
    row = Job.objects.get(pk=job_id)
    if row.state == "finished":
        return
    Job.objects.filter(pk=row.pk).update(state="running", started_at=clock.now(), done=0)
    try:
        with origin.through("job"):
            result = _WORKS[row.task](Progress(row), **row.arguments)
    except Refused as refused:
        _end(row, state="failed", message=refused.message)
    except Exception as error:
        log.exception("job %s (%s) failed", row.task, row.pk)
        trouble = trouble_of(error)
        _end(row, state="failed", message=trouble.message if trouble else "Có lỗi bất ngờ, đã ghi vào nhật ký máy. Chưa ghi gì dở dang; hãy thử lại hoặc báo người hỗ trợ.")
        raise
    else:
        _end(row, state="finished", result=result or {})


def _end(row: Job, **values: Any) -> None:
    Job.objects.filter(pk=row.pk).update(finished_at=clock.now(), **values)
