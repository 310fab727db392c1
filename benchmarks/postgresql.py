"""The same on PostgreSQL: a year of months of each indicator, and a search, in a cluster of its own that is gone afterwards."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cases import p95, search, timed, year_of_months

Row = tuple[str, float, float, str, str]
AS_OF = "2026-06-03"


def on_postgresql(home: Path, people: int) -> list[Row]:
    """A demo of as many people on PostgreSQL; no rows, and a sentence, where none is installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        print("PostgreSQL is not installed: its figures are left out.", file=sys.stderr)
        return []
    with cluster(programs[-1]) as address, tempfile.TemporaryDirectory(prefix="tramyte-bench-pg-") as own:
        env = {**os.environ, "TRAMYTE_HOME": own, "DATABASE_URL": address}
        subprocess.run([sys.executable, "-m", "tramyte", "demo", "--people", str(people), "--as-of", AS_OF], check=True, env=env, stdout=subprocess.DEVNULL)
        told = subprocess.run([sys.executable, "-m", "benchmarks.postgresql"], check=True, env=env, capture_output=True, text=True).stdout
    found = json.loads(told)
    return [
        (f"one indicator x 12 months, native on PostgreSQL (slowest: {found['code']})", found["year"], 1.2, "s", "budget"),
        ("search by name and year on PostgreSQL, within the process, p95", found["search"], 80, "ms", "budget at 40,000"),
    ]


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A PostgreSQL on a free port of this machine; its address. As root it runs as the user postgres, who may be no root."""
    folder = Path(tempfile.mkdtemp(prefix="tramyte-bench-cluster-"))
    server: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        server = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    control = [*server, str(programs / "pg_ctl"), "-D", str(folder / "data")]
    try:
        _run([*server, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tramyte", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8"])
        _run([*control, "-w", "-o", f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder}", "-l", str(folder / "log"), "start"])
        yield f"postgresql://tramyte@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], cwd="/", check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Measure within the home of the environment and print the figures as JSON."""
    import django

    django.setup()
    from tramyte.care.people.models import Person
    from tramyte.engine.indicators.declaring import INDICATORS

    year, code = max((year_of_months("native", code, Path()), code) for code in INDICATORS if INDICATORS[code].personal)
    some = Person.objects.filter(entered_in_error=False).order_by("pk").values_list("full_name", "birth_date")[:5000:100]
    times = [one for name, born in some for one in timed(lambda text=f"{name} {born.year}": search(text), 1)]
    print(json.dumps({"year": year, "code": code, "search": p95(times)}))


CASES = (on_postgresql,)

if __name__ == "__main__":
    main()
