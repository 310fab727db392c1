"""The daily job that lays out the coming tasks and report periods."""

import pytest

from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job
from tramyte.web.pages.regular import SCHEDULE


@pytest.mark.django_db
def test_the_daily_job_runs_and_is_on_the_schedule(issued):
    row = Job.objects.create(task="remind", title="nhắc việc")
    run_job.func(str(row.pk))
    row.refresh_from_db()
    assert row.state == "finished" and "remind" in SCHEDULE
    assert (row.result["asked"], row.result["periods"]) == (2, 6), "the law's two duties, monthly from June to November"
