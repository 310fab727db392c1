"""The cases: each answers rows of (what, measured, limit, unit, what the limit is)."""

import http.cookiejar
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

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
    import datetime

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
    """A residents' spreadsheet of as many rows again, judged against those who are there."""
    path = home / "dan-cu.xlsx"
    count = spreadsheet(path, people)
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tramyte", "import", "residents", str(path), "--dry-run", "--json"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    judged = time.perf_counter() - begun
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tramyte", "import", "residents", str(path), "--json"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [
        (f"{count:,} residents judged with duplicate verdicts (dry run)", judged, 30, "s", "budget"),
        (f"{count:,} residents imported with duplicate verdicts", time.perf_counter() - begun, 30, "s", "budget"),
    ]


def spreadsheet(path: Path, people: int) -> int:
    """Invented residents: one in ten is a person of the home, the others are new; answers the number of rows."""
    import datetime

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
    """The server as a person meets it: start, memory, pages over HTTP."""
    from tramyte.care.people.models import Person

    draw = random.Random(1)
    found = list(Person.objects.values_list("pk", "full_name", "birth_date")[:: max(1, people // 300)])
    port = free_port()
    begun = time.perf_counter()
    server = subprocess.Popen([sys.executable, "-m", "tramyte", "serve", "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        ask = Browser(port)
        ask.wait()
        started = time.perf_counter() - begun
        ask.sign_in("dieuduong")
        memory = resident(server.pid)
        names = [urllib.parse.quote(f"{name} {born.year}") for _, name, born in found]
        parts = [urllib.parse.quote(name[: draw.randint(4, 9)]) for _, name, _ in found]
        return [
            ("server started to a served page", started, 3, "s", "budget"),
            ("memory idle, web and worker", memory, 300, "MB", "budget"),
            ("home page, p95", p95(timed(lambda: ask.get("/"), 100)), 150, "ms", "budget"),
            (f"search by name and year, {Person.objects.count():,} people, p95", p95([t for n in names[:150] for t in timed(lambda n=n: ask.get(f"/tim/?q={n}"), 1)]), 80, "ms", "budget at 40,000"),
            ("search by the first letters, p95", p95([t for n in parts[:150] for t in timed(lambda n=n: ask.get(f"/tim/?q={n}"), 1)]), 80, "ms", "budget at 40,000"),
            ("person page, p95", p95([t for id, _, _ in found[:100] for t in timed(lambda id=id: ask.get(f"/nguoi-dan/{id}/"), 1)]), 200, "ms", "budget"),
            ("targets page, p95", p95(timed(lambda: ask.get("/chi-tieu/"), 40)), 150, "ms", "budget of the home page"),
        ]
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


def resident(pid: int) -> float:
    """The memory of a process and its children in MB (proportional where the system tells it)."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return sum(own_memory(int(one)) for one in (pid, *children))


def own_memory(pid: int) -> float:
    """One process: proportional set size, so that shared pages are not counted twice."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


CASES = (directive_parse, indicators, pages, import_residents)
