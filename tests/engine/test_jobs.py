"""Jobs run once, tell their progress, say why they failed, and survive a power cut."""

import datetime

import pytest

from tramyte.engine import clock
from tramyte.engine.jobs import work, worker
from tramyte.engine.jobs.models import Job, Schedule
from tramyte.engine.refused import Refused


@pytest.fixture
def declared(monkeypatch):
    """A registry of jobs for this test alone."""
    monkeypatch.setattr(work, "_WORKS", {})


@pytest.fixture
def at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def test_a_job_tells_its_progress_and_result(transactional_db, declared, at_once):
    seen = []

    @work.job("count")
    def count(progress, *, to):
        progress.of(to)
        for n in range(to):
            progress.step(n + 1)
            seen.append(Job.objects.get(pk=progress.job.pk).done)
        return {"counted": to}

    row = work.start("count", by=None, title="Đếm", to=4)
    row.refresh_from_db()
    assert (row.state, row.result, seen) == ("finished", {"counted": 4}, [1, 2, 3, 4])


def test_a_refusal_is_the_jobs_sentence(transactional_db, declared, at_once):
    @work.job("refuse")
    def refuse(progress):
        raise Refused("no", "Tệp hỏng. Hãy tải lại.")

    row = work.start("refuse", by=None, title="Thử")
    row.refresh_from_db()
    assert (row.state, row.message) == ("failed", "Tệp hỏng. Hãy tải lại.")


def test_what_a_power_cut_stopped_runs_again(transactional_db, declared, at_once):
    runs = []

    @work.job("again")
    def again(progress):
        runs.append(progress.job.pk)
        return {}

    row = Job.objects.create(task="again", title="Việc dở", state="running")
    assert worker.resume() == 1
    row.refresh_from_db()
    assert (row.state, runs) == ("finished", [row.pk])
    work.run_job.func(str(row.pk))
    assert len(runs) == 1, "a finished job is not run twice"


def test_the_schedule_starts_each_job_once_however_many_turns_were_missed(transactional_db, declared, at_once):
    runs = []

    @work.job("hourly")
    def hourly(progress):
        runs.append(1)
        return {}

    worker.every("hourly", 60)
    worker.every("hourly", 60)
    now = clock.now() + datetime.timedelta(days=3)
    assert worker.start_due(now) == ["hourly"]
    assert worker.start_due(now) == []
    assert Schedule.objects.get().next_at == now + datetime.timedelta(hours=1)
    assert len(runs) == 1


def test_two_jobs_cannot_share_a_name(declared):
    work.job("one")(lambda progress: {})
    with pytest.raises(ValueError, match="two jobs"):
        work.job("one")(lambda progress: {})


def test_an_unknown_job_is_taken_off_the_schedule_and_holds_up_no_other(transactional_db, declared, at_once):
    work.job("known")(lambda progress: {})
    worker.every("gone", 5)
    worker.every("known", 5)
    assert worker.start_due(clock.now() + datetime.timedelta(hours=1)) == ["known"]
    assert list(Schedule.objects.values_list("task", flat=True)) == ["known"]
