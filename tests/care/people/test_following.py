"""A stay that begins or ends by its date alone: the figures know at once, the person's hamlet the next day."""

import datetime

from tramyte.care.people.models import Person, Residence
from tramyte.engine import clock
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.native import Native
from tramyte.engine.indicators.periods import current
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job
from tramyte.web.pages.regular import SCHEDULE

DAY = datetime.timedelta(days=1)


def test_a_stay_that_ended_by_its_date(cast):
    home, away = cast.hamlets[0], cast.hamlets[1]
    today = clock.today()
    person = Person.objects.create(full_name="Người thử", birth_date=datetime.date(1990, 1, 1), sex="F", hamlet=away)
    settled = Person.objects.create(full_name="Người khác", birth_date=datetime.date(1990, 1, 1), sex="F", hamlet=home)
    Residence.objects.create(person=person, place=home, kind="permanent", start=person.birth_date)
    Residence.objects.create(person=person, place=away, kind="temporary", start=today - 30 * DAY, end=today - DAY)
    Residence.objects.create(person=settled, place=home, kind="permanent", start=settled.birth_date)
    counted = {row.subject: row.place for row in Native().rows(INDICATORS["NK01"], [current()], today)}
    assert counted == {str(person.pk): home.code, str(settled.pk): home.code}
    row = Job.objects.create(task="follow_residences", title="theo nơi ở")
    run_job.func(str(row.pk))
    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.state, row.result) == ("finished", {"moved": 1})
    assert person.hamlet == home
    assert SCHEDULE["follow_residences"] == 24 * 60
