"""The doses of a commune as one list: matched to residents, judged by the schedule, written with audit, taken back; on both databases."""

import contextlib
import csv
import datetime
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = tuple[str, float, float, str, str]
DOSES = 147_645  # what the People's Committee of Tân Uyên counted
AS_OF = datetime.date(2026, 6, 3)
HEADS = ("Số định danh", "Họ và tên", "Ngày sinh", "Thôn", "Vắc xin", "Ngày tiêm", "Mũi thứ", "Số lô", "Nơi tiêm")
# Vaccine, dose, age in days: a childhood on paper, a few days late.
COURSE = (
    ("VGB sơ sinh", 1, 0), ("BCG", 1, 3), ("DPT-VGB-HIB", 1, 66), ("OPV", 1, 66), ("DPT-VGB-HIB", 2, 98), ("OPV", 2, 98), ("DPT-VGB-HIB", 3, 130), ("OPV", 3, 130),
    ("IPV", 1, 160), ("Sởi đơn giá", 1, 280), ("IPV", 2, 290), ("VNNB", 1, 372), ("VNNB", 2, 384), ("MR", 2, 560), ("DPT", 4, 560), ("VNNB", 3, 760))


def doses_of_a_commune(home: Path, people: int) -> list[Row]:
    """So many doses of those between five and thirty, a tenth without a number, some of nobody: read, judged, written, read again, undone; once more, cut off."""
    return _rows(_apart({}), "SQLite")


def doses_on_postgresql(home: Path, people: int) -> list[Row]:
    """The same on PostgreSQL, in a cluster of its own; no rows, and a sentence, where none is installed."""
    from benchmarks.postgresql import cluster

    with cluster() as address, tempfile.TemporaryDirectory(prefix="tramyte-bench-pg-") as own:
        if not address:
            return []
        env = {**os.environ, "TRAMYTE_HOME": own, "DATABASE_URL": address}
        subprocess.run([sys.executable, "-m", "tramyte", "demo", "--people", str(people), "--as-of", AS_OF.isoformat()], check=True, env=env, stdout=subprocess.DEVNULL)
        return _rows(_apart(env), "PostgreSQL")


def _apart(env: dict[str, str]) -> dict[str, Any]:
    """What `measured` finds in a process of its own, set up as the command line is."""
    told = subprocess.run([sys.executable, "-m", "benchmarks.immunization"], check=True, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def measured() -> dict[str, Any]:
    """Seconds of the processor for each step, the database server's too, and how many lines of each verdict.

    Raises AssertionError when a promise is broken: all is there once, nobody waits, the same list changes nothing, nothing is left.
    """
    from benchmarks.postgresql import ServerTime
    from tramyte.care.immunization.models import Immunization, Waiting
    from tramyte.engine.access.models import User
    from tramyte.engine.registers import loading, registry, staging

    nurse, book, server = User.objects.get(username="dieuduong"), registry.get("immunizations"), ServerTime()
    content, before = paper_list(DOSES), Immunization.objects.filter(entered_in_error=False).count()
    found: dict[str, Any] = {}

    def spent(step: str, work: Callable[[], Any]) -> Any:
        begun = time.process_time() + server.spent_by_all()
        answer = work()
        found[step] = time.process_time() + server.spent_by_all() - begun
        return answer

    load = spent("judged", lambda: staging.stage(book, nurse, "tiem-chung.csv", content))
    found["verdicts"] = staging.summary(load)
    spent("written", lambda: loading.apply(book, nurse, load))
    again = spent("again", lambda: staging.try_out(book, nurse, "tiem-chung.csv", content + b"\n"))
    assert Immunization.objects.filter(entered_in_error=False).count() == before + found["verdicts"]["created"] and not Waiting.objects.exists()
    assert not [line for line in again if line.verdict in ("created", "updated")], "the same list twice must change nothing"
    load.refresh_from_db()
    spent("undone", lambda: loading.undo(book, nurse, load))
    assert Immunization.objects.filter(entered_in_error=False).count() == before
    spent("resumed", lambda: _cut_off_and_resumed(book, nurse, staging.stage(book, nurse, "tiem-chung-2.csv", content + b"\n\n")))
    assert Immunization.objects.filter(entered_in_error=False).count() == before + found["verdicts"]["created"] and not Waiting.objects.exists()
    return found


def _cut_off_and_resumed(book: Any, nurse: Any, load: Any) -> None:
    """Write the list, cut off when half of it is there, and go on as another process would."""
    from tramyte.engine.registers import loading

    def cut(done: int) -> None:
        if done > DOSES // 2:
            raise InterruptedError

    with contextlib.suppress(InterruptedError):
        loading.apply(book, nurse, load, cut)
    assert 0 < load.rows.filter(done=True).count() < DOSES
    loading.apply(book, nurse, type(load).objects.get(pk=load.pk))


def _rows(found: dict[str, Any], where: str) -> list[Row]:
    counts, lines = found["verdicts"], sum(found["verdicts"].values())
    told = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items() if count)
    time_of = "processor time, the server's too" if where == "PostgreSQL" else "processor time"
    return [
        (f"{lines:,} doses matched, judged by the schedule and written with audit ({told}), {where}: {time_of}",
         found["judged"] + found["written"], 30, "s", "budget"),
        (f"of which reading, matching and judging, {where}", found["judged"], 30, "s", "budget of the whole"),
        (f"the same list again, nothing to change, {where}: {time_of}", found["again"], 30, "s", "budget"),
        (f"the whole import taken back, {where}: {time_of}", found["undone"], 30, "s", "budget of writing"),
        (f"judged and written once more, cut off halfway, gone on with by another process, {where}: {time_of}", found["resumed"], 30, "s", "budget"),
    ]


def paper_list(count: int) -> bytes:
    """An invented list of doses of stored people, person by person, as CSV."""
    from tramyte.care.people.models import Identifier, Person

    draw, numbers = random.Random(9), dict(Identifier.objects.filter(kind="national", valid_to=None).values_list("person_id", "value"))
    people = Person.objects.filter(birth_date__lt=AS_OF - datetime.timedelta(days=5 * 366), entered_in_error=False, died_on=None).select_related("hamlet").order_by("-birth_date")
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(HEADS)
    written = 0
    for person in people.iterator():
        number = numbers.get(person.pk, "") if draw.random() < 0.9 else ""
        name = person.full_name if draw.random() < 0.99 else f"{person.full_name} Lạ"
        late = draw.randrange(0, 20)
        for vaccine, dose, age in COURSE:
            day = person.birth_date + datetime.timedelta(days=age + (late if age else 0))
            out.writerow([number, name, f"{person.birth_date:%d/%m/%Y}", person.hamlet.name, vaccine, f"{day:%d/%m/%Y}", dose, f"L{day:%y%m}", "Trạm Y tế xã"])
            written += 1
            if written == count:
                return text.getvalue().encode()
    return text.getvalue().encode()


CASES = (doses_of_a_commune, doses_on_postgresql)

if __name__ == "__main__":
    import gc

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    os.environ.setdefault("TRAMYTE_AS_OF", AS_OF.isoformat())
    import django

    django.setup()
    gc.set_threshold(100_000, 50, 100)
    print(json.dumps(measured()))
