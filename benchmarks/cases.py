"""The cases: each answers rows of (what, measured, limit, unit, what the limit is)."""

import datetime
import http.cookiejar
import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = tuple[str, float, float, str, str]
ROOT = Path(__file__).parents[1]


def p95(times: list[float]) -> float:
    """The 95th percentile, in ms."""
    return statistics.quantiles(times, n=20)[-1] * 1000


def timed(work: Callable[[], object], times: int) -> list[float]:
    """How long each of so many calls took, in seconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


def directive_parse(home: Path, people: int) -> list[Row]:
    """Reading a directive into obligations."""
    from tramyte.exchange.demo.directives import read_directives
    from tramyte.rules.directives import parse

    texts = [text for _, text in read_directives()]
    longest = max(texts, key=len)
    return [(f"directive parsed ({len(longest):,} characters), p95", p95(timed(lambda: parse(longest), 40)), 100, "ms", "budget")]


def indicators(home: Path, people: int) -> list[Row]:
    """A year of months of each indicator from nothing, on both engines; then after one entry."""
    from tramyte.engine.indicators.declaring import INDICATORS

    rows = []
    facts = home / "facts"
    subprocess.run([sys.executable, "-m", "tramyte", "facts", str(facts)], check=True, stdout=subprocess.DEVNULL)
    for engine, limit in (("native", 1.2), ("duckdb", 0.15)):
        worst = max((year_of_months(engine, code, facts), code) for code in INDICATORS if INDICATORS[code].personal)
        rows.append((f"one indicator x 12 months, {engine} (slowest: {worst[1]})", worst[0], limit, "s", "budget"))
    return rows + after_entry()


def year_of_months(engine: str, code: str, facts: Path) -> float:
    """Seconds for the twelve months of a year in one query, best of three."""
    from tramyte.engine.indicators.declaring import INDICATORS
    from tramyte.engine.indicators.duck import Duck
    from tramyte.engine.indicators.native import Native
    from tramyte.rules.calendar import Period

    months, as_of = Period.parse("2025").months(), datetime.date(2026, 6, 3)
    if engine == "native":
        return min(timed(lambda: list(Native().counts(INDICATORS[code], months, as_of)), 3))
    duck = Duck(facts)
    return min(timed(lambda: list(duck.counts(INDICATORS[code], months, as_of)), 3))


def after_entry() -> list[Row]:
    """Renewing insurance cards one by one, the stored figures moving with each: the action's whole time."""
    from tramyte.care.people.actions import renew_coverage
    from tramyte.engine.access.models import User
    from tramyte.engine.indicators.models import Outcome

    nurse = User.objects.get(username="dieuduong")
    people = list(Outcome.objects.filter(indicator="BH01", met=False, reason__startswith="Thẻ").values_list("subject", flat=True)[:25])
    draw = iter(people)
    times = timed(lambda: renew_coverage(by=nurse, person=next(draw)), len(people))
    return [("a card renewed, figures and lists moved, audit written, p95", p95(times[2:]), 200, "ms", "budget of a save")]


def import_residents(home: Path, people: int) -> list[Row]:
    """A residents' spreadsheet of as many rows again, judged against those who are there; then the same file once more."""
    path = home / "dan-cu.xlsx"
    count = spreadsheet(path, people)
    rows: list[Row] = []
    for what, options, expected in (
        ("judged with duplicate verdicts (dry run)", ["--dry-run"], "created"),
        ("judged and written under one import", [], "created"),
        ("given a second time: all duplicates, nothing written", [], "duplicate"),
    ):
        wall, cpu, out = ran("import", "residents", str(path), "--json", *options)
        told = json.loads(out)
        if told["refused"] or told[expected] < count * 0.85:
            raise AssertionError(f"import: {({k: v for k, v in told.items() if k != 'rows'})}")
        rows.append((f"{count:,} residents {what}", wall, 30, "s", "budget"))
        rows.append((f"{count:,} residents {what}: processor time", cpu, 30, "s", "budget"))
    return rows


def ran(*words: str) -> tuple[float, float, str]:
    """The command line as its own process: seconds on the clock, seconds of processor, what it printed. Raises when it fails."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "tramyte", *words], check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def spreadsheet(path: Path, people: int) -> int:
    """Invented residents: one in ten is a person of the home, the others are new; answers the number of rows."""
    from tramyte.care.people.models import Person
    from tramyte.engine.documents.spreadsheet import SheetColumn, write_xlsx
    from tramyte.exchange.demo.commune import HAMLETS
    from tramyte.exchange.demo.population import make_population
    from tramyte.exchange.demo.shapes import HamletSpec

    known = list(Person.objects.filter(died_on=None).select_related("hamlet").order_by("pk")[: people // 10])
    rows = [[p.full_name, p.birth_date, "Nam" if p.sex == "M" else "Nữ", p.hamlet.name, "", ""] for p in known]
    fresh = make_population(people, 7, as_of=datetime.date(2026, 6, 3), hamlets=[HamletSpec(name, weight) for name, weight in HAMLETS], province_code="098")
    for person in fresh.persons:
        if len(rows) < people and person.died_on is None:
            home = fresh.households[person.household]
            rows.append([person.full_name, person.birth_date, "Nam" if person.sex == "M" else "Nữ", HAMLETS[home.hamlet][0], f"M{home.number}", person.national_id if len(person.national_id) == 12 else ""])
    columns = [SheetColumn("Họ và tên"), SheetColumn("Ngày sinh", "date"), SheetColumn("Giới tính"), SheetColumn("Thôn"), SheetColumn("Số hộ"), SheetColumn("Số định danh")]
    path.write_bytes(write_xlsx(columns, rows))
    return len(rows)


def pages(home: Path, people: int) -> list[Row]:
    """The server as a person meets it: start, memory, pages over HTTP. The second start: the first one compiles."""
    from tramyte.care.people.models import Person

    found = list(Person.objects.filter(entered_in_error=False).values_list("pk", "full_name", "birth_date")[:: max(1, people // 300)])
    old, full = long_record(), Person.objects.filter(entered_in_error=False).count()
    with served():
        pass
    begun = time.perf_counter()
    with served() as (ask, server):
        rows: list[Row] = [("server started to a served page, second start", time.perf_counter() - begun, 3, "s", "budget")]
        ask.sign_in("dieuduong")
        rows.append(("memory idle, web and worker", resident(server), 300, "MB", "budget"))
        rows += page_times(ask, server, "home page", ["/"] * 100, 150, "budget")
        rows += searches(ask, server, found, full)
        rows += page_times(ask, server, "a person's page", [f"/nguoi-dan/{id}/" for id, _, _ in found[:100]], 200, "budget")
        rows += page_times(ask, server, "the page of a person with 500 events", [f"/nguoi-dan/{old}/"] * 40, 200, "budget")
        rows += page_times(ask, server, "targets page", ["/chi-tieu/"] * 40, 150, "budget of the home page")
        return rows


def searches(ask: "Browser", server: int, found: list[tuple[Any, str, datetime.date]], full: int) -> list[Row]:
    """Names, beginnings, two letters and pieces of numbers in the box; and what a scan of all names costs in the same hour."""
    draw, size = random.Random(1), f"among {full:,} people"
    numbers = [f"{draw.choice(('098', '038', '09'))}{draw.randint(0, 999):03d}" for _ in range(100)]
    kinds = {
        "name and year": [f"{name} {born.year}" for _, name, born in found[:100]],
        "the first letters": [name[: draw.randint(4, 9)] for _, name, _ in found[:100]],
        "one short word": [name.split()[-1][:2] for _, name, _ in found[:100]],
        "a piece of a number": numbers,
    }
    rows = []
    for kind, texts in kinds.items():
        addresses = [f"/tim/?q={urllib.parse.quote(text)}" for text in texts]
        rows += page_times(ask, server, f"search by {kind} {size}", addresses, 80, "budget at 40,000")
    peer = p95([t for text in kinds["name and year"] for t in timed(lambda text=text: scan(text), 1)])
    return [*rows, ("search by name and year, within the process", p95([t for text in kinds["name and year"] for t in timed(lambda text=text: search(text), 1)]), peer, "ms", "LIKE '%name%' over the names, without page")]


def scan(text: str) -> None:
    """The peer: every name looked through."""
    from tramyte.care.people.models import Person
    from tramyte.rules.text import fold

    list(Person.objects.filter(search__contains=fold(text.rsplit(" ", 1)[0])).order_by("search").select_related("hamlet")[:20])


def search(text: str) -> None:
    """What the search box asks for."""
    from tramyte.care.people.search import find_people
    from tramyte.engine.access.models import User

    find_people(User.objects.get(username="dieuduong"), text)


def page_times(ask: "Browser", server: int, what: str, addresses: list[str], limit: float, against: str) -> list[Row]:
    """The p95 of these pages on the clock, and the server's processor time a page."""
    ask.get(addresses[0])
    before = processor(server)
    times = [t for address in addresses for t in timed(lambda address=address: ask.get(address), 1)]
    cpu = (processor(server) - before) / len(addresses) * 1000
    return [(f"{what}, p95", p95(times), limit, "ms", against), (f"{what}, mean processor time of the server", cpu, limit, "ms", against)]


def long_record() -> Any:
    """Somebody who has 500 events: the health record brought up to date on as many days; the key."""
    from tramyte.care.people.models import Person, RecordEntry
    from tramyte.engine.access.operator import operator
    from tramyte.engine.actions.models import new_id
    from tramyte.engine.actions.writing import store_values

    person = Person.objects.filter(birth_date__lt=datetime.date(1980, 1, 1), record_entries__kind="opened", died_on=None).first()
    assert person is not None
    days = [datetime.date(2026, 6, 1) - datetime.timedelta(days=3 * n) for n in range(500)]
    rows = [(new_id(), person.pk, "updated", day, "Khám") for day in days]
    store_values(RecordEntry, ("id", "person_id", "kind", "on", "source"), rows, by=operator(), permission="people.write", action="import")
    return person.pk


@contextmanager
def served() -> Iterator[tuple["Browser", int]]:
    """A running server: a browser at it and its process."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "tramyte", "serve", "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        ask = Browser(port)
        ask.wait()
        yield ask, server.pid
    finally:
        server.terminate()
        server.wait(20)


class Browser:
    """A client with cookies that speaks HTTP to the running server."""

    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> bytes:
        """A page; raises for anything but 200."""
        with self.opener.open(self.root + path, timeout=30) as answer:
            return bytes(answer.read())

    def wait(self) -> None:
        """Until the server answers."""
        for _ in range(600):
            try:
                self.get("/dang-nhap/")
                return
            except OSError:
                time.sleep(0.02)
        raise TimeoutError("the server never answered")

    def sign_in(self, username: str) -> None:
        """Through the sign-in page."""
        from tramyte.exchange.demo.commune import PASSWORD

        self.get("/dang-nhap/")
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        data = urllib.parse.urlencode({"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token})
        self.opener.open(urllib.request.Request(self.root + "/dang-nhap/", data.encode(), {"Referer": self.root}), timeout=30).read()


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [pid, *(one for child in children for one in family(int(child)))]


def resident(pid: int) -> float:
    """The memory of a process and its descendants in MB (proportional where the system tells it)."""
    return sum(own_memory(one) for one in family(pid))


def processor(pid: int) -> float:
    """Seconds of processor time that a process and its descendants have used."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def own_memory(pid: int) -> float:
    """One process: proportional set size, so that shared pages are not counted twice."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


CASES = (directive_parse, indicators, import_residents, pages)
