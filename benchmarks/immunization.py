"""The doses of a commune as one list: matched to residents, judged by the schedule, written with audit, taken back; on both databases."""

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
    """So many doses of those between five and thirty, a tenth without a number, some of nobody: read, judged, written, read again, undone."""
    return _rows(measured(), "SQLite")


def on_postgresql(home: Path, people: int) -> list[Row]:
    """The same on PostgreSQL, in a cluster of its own; no rows, and a sentence, where none is installed."""
    from benchmarks.postgresql import cluster

    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        print("PostgreSQL is not installed: its figures are left out.", file=sys.stderr)
        return []
    with cluster(programs[-1]) as address, tempfile.TemporaryDirectory(prefix="tramyte-bench-pg-") as own:
        env = {**os.environ, "TRAMYTE_HOME": own, "DATABASE_URL": address}
        subprocess.run([sys.executable, "-m", "tramyte", "demo", "--people", str(people), "--as-of", AS_OF.isoformat()], check=True, env=env, stdout=subprocess.DEVNULL)
        told = subprocess.run([sys.executable, "-m", "benchmarks.immunization"], check=True, env=env, capture_output=True, text=True).stdout
    return _rows(json.loads(told), "PostgreSQL, this process alone")


def measured() -> dict[str, Any]:
    """Seconds of the processor for each step, and how many lines of each verdict; raises AssertionError when a promise is broken."""
    from tramyte.care.immunization.models import Immunization, Waiting
    from tramyte.engine.access.models import User
    from tramyte.engine.registers import loading, registry, staging

    nurse, book = User.objects.get(username="dieuduong"), registry.get("immunizations")
    content, before = paper_list(DOSES), Immunization.objects.filter(entered_in_error=False).count()
    found: dict[str, Any] = {}
    begun = time.process_time()
    load = staging.stage(book, nurse, "tiem-chung.csv", content)
    found["judged"], begun = time.process_time() - begun, time.process_time()
    found["verdicts"] = staging.summary(load)
    loading.apply(book, nurse, load)
    found["written"], begun = time.process_time() - begun, time.process_time()
    again = staging.try_out(book, nurse, "tiem-chung.csv", content + b"\n")
    found["again"], begun = time.process_time() - begun, time.process_time()
    created = found["verdicts"]["created"]
    assert Immunization.objects.filter(entered_in_error=False).count() == before + created and not Waiting.objects.exists()
    assert not [line for line in again if line.verdict in ("created", "updated")], "the same list twice must change nothing"
    load.refresh_from_db()
    loading.undo(book, nurse, load)
    found["undone"] = time.process_time() - begun
    assert Immunization.objects.filter(entered_in_error=False).count() == before
    return found


def _rows(found: dict[str, Any], where: str) -> list[Row]:
    counts, lines = found["verdicts"], sum(found["verdicts"].values())
    told = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items() if count)
    return [
        (f"{lines:,} doses matched, judged by the schedule and written with audit ({told}), {where}: processor time", found["judged"] + found["written"], 30, "s", "budget"),
        (f"of which reading, matching and judging, {where}", found["judged"], 30, "s", "budget of the whole"),
        (f"the same list again, nothing to change, {where}: processor time", found["again"], 30, "s", "budget"),
        (f"the whole import taken back, {where}: processor time", found["undone"], 60, "s", "twice the budget of writing"),
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


CASES = (doses_of_a_commune, on_postgresql)

if __name__ == "__main__":
    import gc

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    os.environ.setdefault("TRAMYTE_AS_OF", AS_OF.isoformat())
    import django

    django.setup()
    gc.set_threshold(100_000, 50, 100)
    print(json.dumps(measured()))
