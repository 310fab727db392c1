"""The same on PostgreSQL, in a cluster of its own that is gone afterwards: demo, indicators, a save, pages, an import, the search."""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.cases import after_entry, family, import_residents, ran, search, year_of_months

Row = tuple[str, float, float, str, str]
AS_OF = "2026-06-03"
PAGES = (
    ("home page", "dieuduong", "/", {}, 150, "budget"),
    ("page of residents, the book's own order", "giamdoc", "/so/residents/", {"view": "0"}, 1000, "a page is there within a second"),
    ("page of residents, by birth date", "giamdoc", "/so/residents/", {"view": "0", "sort": "birth"}, 1000, "a page is there within a second"),
    ("page of coverages, own order", "giamdoc", "/so/coverages/", {"view": "0"}, 1000, "a page is there within a second"),
)


def on_postgresql(home: Path, people: int) -> list[Row]:
    """A demo of as many people on PostgreSQL; no rows, and a sentence, where none is installed."""
    with cluster() as address, tempfile.TemporaryDirectory(prefix="tramyte-bench-pg-") as own:
        if not address:
            return []
        env = {**os.environ, "TRAMYTE_HOME": own, "DATABASE_URL": address}
        told = subprocess.run([sys.executable, "-m", "benchmarks.postgresql", own, str(people)], check=True, env=env, stdout=subprocess.PIPE, text=True).stdout
    return [(f"{what}, on PostgreSQL", value, limit, unit, against) for what, value, limit, unit, against in json.loads(told.splitlines()[-1])]


@contextmanager
def cluster(kept: Path | None = None) -> Iterator[str]:
    """A PostgreSQL on a free port of this machine; its address, empty with a sentence where none is installed.

    kept: the folder of a cluster that stays and is found again. As root it runs as the user postgres, who must reach the folder.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        print("PostgreSQL is not installed: its figures are left out.", file=sys.stderr)
        yield ""
        return
    folder = kept or Path(tempfile.mkdtemp(prefix="tramyte-bench-cluster-"))
    folder.mkdir(parents=True, exist_ok=True)
    server: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        server = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    control = [*server, str(found[-1] / "pg_ctl"), "-D", str(folder / "data")]
    try:
        if not (folder / "data").exists():
            _run([*server, str(found[-1] / "initdb"), "-D", str(folder / "data"), "-U", "tramyte", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8"])
        _run([*control, "-w", "-o", f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder}", "-l", str(folder / "log"), "start"])
        yield f"postgresql://tramyte@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "fast" if kept else "immediate", "stop"], cwd="/", check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)


class ServerTime:
    """The processor time of the database server on this machine; nothing on SQLite, which works within the process."""

    def __init__(self) -> None:
        from django.db import connection

        self.own = self.first = 0
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), current_setting('data_directory')")
                self.own, folder = cursor.fetchone()
            self.first = int((Path(folder) / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def spent(self) -> float:
        """Seconds of the process that serves this connection."""
        return int(Path(f"/proc/{self.own}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9 if self.own else 0.0

    def spent_by_all(self) -> float:
        """Seconds of all processes of the server, those that have ended too."""
        ticks = 0
        for one in family(self.first) if self.first else ():
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15 if one == self.first else 13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def main(home: str, people: int) -> None:
    """Measure within the home and the database of the environment; the last line printed is the rows as JSON."""
    import django

    django.setup()
    server = ServerTime()
    wall, cpu = _with_server(server, lambda: ran("demo", "--people", str(people), "--as-of", AS_OF))
    rows = [(f"demo of {people:,} people", wall, 30, "s", "budget"), (f"demo of {people:,} people: processor time, the server's too", cpu, 30, "s", "budget")]
    print(rows, file=sys.stderr)
    from tramyte.engine.indicators.declaring import INDICATORS

    year, code = max((year_of_months("native", code, Path()), code) for code in INDICATORS if INDICATORS[code].personal)
    rows.append((f"one indicator x 12 months, native (slowest: {code})", year, 1.2, "s", "budget"))
    rows += after_entry()
    for what, username, address, query, limit, against in PAGES:
        rows += _spent(server, what, [_page(username, address, query)] * 25, limit, against)
    before = server.spent_by_all()
    rows += import_residents(Path(home), people)
    rows.append(("the three imports: processor time of the server", server.spent_by_all() - before, 90, "s", "budget"))
    rows += _searches(server)
    print(json.dumps(rows))


def _searches(server: ServerTime) -> list[Row]:
    from tramyte.care.people.models import Person

    full = Person.objects.filter(entered_in_error=False).count()
    some = list(Person.objects.filter(entered_in_error=False).order_by("pk").values_list("full_name", "birth_date")[:5000:50])
    kinds = {"name and year": [f"{name} {born.year}" for name, born in some], "the first letters": [name[: 4 + n % 6] for n, (name, _) in enumerate(some)],
             "one short word": [name.split()[-1][:2] for name, _ in some]}
    return [row for kind, texts in kinds.items() for row in _spent(
        server, f"search by {kind} among {full:,} people, within the process", [lambda text=text: search(text) for text in texts], 80, "budget at 40,000")]


def _page(username: str, address: str, query: dict[str, str]) -> Callable[[], Any]:
    """A visit to a page by somebody signed in."""
    from django.conf import settings
    from django.test import Client

    from tramyte.engine.access.models import User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")

    def visit() -> None:
        assert client.get(address, query).status_code == 200

    return visit


def _with_server(server: ServerTime, work: Callable[[], tuple[float, float, str]]) -> tuple[float, float]:
    before = server.spent_by_all()
    wall, cpu, _ = work()
    return wall, cpu + server.spent_by_all() - before


def _spent(server: ServerTime, what: str, works: list[Callable[[], Any]], limit: float, against: str) -> list[Row]:
    """The p95 of these, each once, on the clock and of processor time in both processes; the first is done before too."""
    works[0]()
    walls, times = [], []
    for work in works:
        begun, before = time.perf_counter(), time.process_time() + server.spent()
        work()
        walls.append((time.perf_counter() - begun) * 1000)
        times.append((time.process_time() + server.spent() - before) * 1000)
    return [(f"{what}, p95{words}", statistics.quantiles(found, n=20)[-1], limit, "ms", against) for words, found in (("", walls), (" of processor time, the server's too", times))]


CASES = (on_postgresql,)

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
