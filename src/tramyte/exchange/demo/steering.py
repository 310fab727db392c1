"""The year's directives of the invented commune, received and carried out so far as the as-of day allows."""

import datetime
import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.directives import read_directives
from tramyte.governance.directives.actions import accept_all, issue_directive
from tramyte.governance.directives.models import Directive
from tramyte.governance.directives.receiving import receive_directive
from tramyte.governance.reports.actions import approve_report, lock_report, open_report, submit_report
from tramyte.governance.reports.becoming import ask_by_law, lay_out
from tramyte.governance.reports.models import Duty, ReportPeriod
from tramyte.governance.tasks.actions import complete_task, report_progress
from tramyte.governance.tasks.models import Task
from tramyte.rules.calendar import add_months

DATED = re.compile(r"ngày (\d{1,2}) tháng (\d{1,2}) năm (2026)")
DONE = ("Đã thực hiện xong, có báo cáo kèm theo.", "Đã hoàn thành theo kế hoạch.", "Đã làm xong tại 12 thôn.")
BEGUN = ("Đang triển khai, đã xong một nửa số thôn.", "Đã lập kế hoạch và phân công người làm.", "Đang phối hợp các thôn rà soát.")


@contextmanager
def on_day(day: datetime.date) -> Iterator[None]:
    """Act as if today were this day."""
    before = os.environ.get(clock.AS_OF)
    os.environ[clock.AS_OF] = day.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ[clock.AS_OF]
        else:
            os.environ[clock.AS_OF] = before


def receive_all(made: Commune, as_of: datetime.date, seed: int, say: Callable[[str], object]) -> list[Directive]:
    """Receive, accept and issue each directive that is dated before the as-of day; then report on the tasks."""
    officer = made.users["vanhoa"]
    received = []
    for number, (name, text) in enumerate(read_directives(), 1):
        day, month, year = (int(part) for part in DATED.search(text).groups())  # type: ignore[union-attr]  # our own texts are dated
        arrived = datetime.date(year, month, day) + datetime.timedelta(days=1)
        if arrived > as_of:
            continue
        with on_day(arrived):
            officer.__dict__.pop("_held", None)
            directive = receive_directive(by=officer, name=name, text=text, arrived_on=arrived, arrival_number=f"{number * 37}")
            accept_all(by=officer, id=directive.pk, add_units=True)
            issue_directive(by=officer, id=directive.pk)
        received.append(directive)
    _ask_by_law(as_of)
    _progress(officer, as_of, random.Random(f"{seed} tasks"))
    sent = _report(made, as_of)
    say(f"{len(received)} văn bản, {Task.objects.count()} nhiệm vụ, {sent} báo cáo đã gửi.")
    return received


def _ask_by_law(as_of: datetime.date) -> None:
    """The reports that the law asks for have been due since the spring."""
    with on_day(add_months(as_of, -2)):
        ask_by_law(clock.today())
    for duty in Duty.objects.exclude(form="").select_related("place"):
        lay_out(duty, as_of, None)


def _progress(officer: User, as_of: datetime.date, draw: random.Random) -> None:
    """Most tasks whose day has passed are done in time, some late, a few not; some of the others have begun."""
    rows = Task.objects.filter(state=Task.OPEN).exclude(series=None, recurrence__in=Task.DATED).order_by("directive__dated_on", "obligation__order", "due_on", "title")
    for task in rows.select_related("directive"):
        begun = task.directive.arrived_on if task.directive else as_of
        luck = draw.random()
        if task.due_on and task.due_on < as_of:
            done = task.due_on - datetime.timedelta(days=draw.randint(0, 3)) if luck < 0.6 else task.due_on + datetime.timedelta(days=draw.randint(3, 9))
            if luck < 0.8 and done <= as_of:
                with on_day(max(done, begun)):
                    complete_task(by=officer, id=task.pk, text=draw.choice(DONE))
                continue
        if luck < 0.55 and begun < as_of:
            with on_day(begun + (as_of - begun) * 2 // 3):
                report_progress(by=officer, id=task.pk, text=draw.choice(BEGUN), percent=draw.choice((20, 30, 50, 60)))


def _report(made: Commune, as_of: datetime.date) -> int:
    """The station's and the office's reports that were due are sent a day before, and approved and locked the day after."""
    sent = 0
    due = ReportPeriod.objects.filter(due_on__lt=as_of, duty__unit__code__in=["tyt", "vhxh"]).select_related("duty__unit").order_by("due_on", "period")
    for period in due:
        writer, reader = (made.users[name] for name in (("giamdoc", "vanhoa") if period.duty.unit.code == "tyt" else ("vanhoa", "chutich")))
        with on_day(period.due_on - datetime.timedelta(days=1)):
            report = open_report(by=writer, period=period.pk)
            submit_report(by=writer, id=report.pk)
        with on_day(min(period.due_on + datetime.timedelta(days=1), as_of)):
            approve_report(by=reader, id=report.pk)
            lock_report(by=reader, id=report.pk)
        sent += 1
    return sent
