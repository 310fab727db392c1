"""A demo commune that is served, and visitors who walk through it with Debian's Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response

CHROMIUM = "/usr/bin/chromium"
AS_OF = "2026-06-03"
PC, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": WCAG, "resultTypes": ["violations"]}  # what passes is not written out: on a large page that is most of the work
# A bar that sticks covers half of whatever lies behind it at this place of the scroll, and axe calls that too small: bars lie flat, the page is at its top.
LOOK = """options => {
    const stuck = [...document.querySelectorAll("body *")].filter(one => getComputedStyle(one).position === "sticky");
    const at = scrollY;
    stuck.forEach(one => { one.style.position = "static"; });
    scrollTo({top: 0, behavior: "instant"});
    return axe.run(options).then(found => { stuck.forEach(one => { one.style.position = ""; }); scrollTo({top: at, behavior: "instant"}); return found.violations; });
}"""
ABSENT = "" if Path(CHROMIUM).exists() else f"{CHROMIUM} is not installed: the browser journeys are left out"


@dataclass
class Commune:
    """A served demo home: its address, what the terminal said, and the common password."""

    url: str
    home: Path
    said: str
    password: str


def run_tramyte(home: Path, *words: str) -> subprocess.CompletedProcess:
    """One command on a home, as a person types it."""
    return subprocess.run([sys.executable, "-m", "tramyte", *words], env=_around(home), capture_output=True, text=True, check=False)


def _around(home: Path) -> dict[str, str]:
    """The environment of a plain terminal: nothing of the test session's own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in {"TRAMYTE_AS_OF", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    source = str(Path(__file__).parents[2] / "src")
    return {**kept, "TRAMYTE_HOME": str(home), "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(people: int):
    """A demo home of so many people with its server; both are gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="tramyte-browser-"))
    made = run_tramyte(home, "demo", "--people", str(people), "--as-of", AS_OF)
    assert made.returncode == 0, made.stderr
    port, spoken = free_port(), home / "terminal.txt"
    with spoken.open("w") as out:
        server = subprocess.Popen([sys.executable, "-m", "tramyte", "serve", "--demo", "--port", str(port)], env=_around(home), stdout=out, stderr=out)
    try:
        _wait(f"http://127.0.0.1:{port}/song/", server, spoken)
        said = spoken.read_text(encoding="utf-8")
        yield Commune(f"http://127.0.0.1:{port}", home, said, re.search(r"Mật khẩu chung: (\S+)", said).group(1))
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _wait(url: str, server: subprocess.Popen, spoken: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, spoken.read_text(encoding="utf-8")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer: {spoken.read_text(encoding='utf-8')}")


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, talking to nobody but us."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"])


@dataclass
class Visitor:
    """One signed-in person with a page; remembers everything that went wrong in the browser."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    asking: set[Request] = field(default_factory=set)  # what the page asked for and has not yet

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("request", lambda request: self.asking.add(request))
        self.page.on("requestfinished", lambda request: self.asking.discard(request))

    def _console(self, message: ConsoleMessage) -> None:
        wanted = any(f"status of {status}" in message.text for status in self.expected)
        if message.type == "error" and not wanted:
            self.faults.append(f"console: {message.text} at {self.page.url}")

    def _failed(self, request: Request) -> None:
        self.asking.discard(request)
        # Chromium calls a download, and a search that the next letter replaces, aborted.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"request: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"answer: {response.status} {response.url}")

    def goes(self, path: str) -> "Visitor":
        """Open an address of the commune."""
        self.page.goto(path if path.startswith("http") else self.url + path, wait_until="load")
        return self

    def text(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    def clicks(self, words: str, *, exact: bool = False) -> "Visitor":
        """Click the button or link with these words, as a person reads them, and wait for the page after it."""
        found = self.page.get_by_role("button", name=words, exact=exact).or_(self.page.get_by_role("link", name=words, exact=exact))
        found.first.click()
        self.page.wait_for_load_state("load")
        return self

    def looks(self, *, phone: bool = True) -> None:
        """The page is sound: nothing failed, axe finds nothing, nothing is wider than the screen; on a PC and on a phone."""
        self.settles()
        self._is_sound()
        if phone:
            self.page.set_viewport_size(PHONE)
            self._is_sound()
            self.page.set_viewport_size(PC)
        faults = self.faults.copy()
        self.faults.clear()  # told once: the next page is not to blame for this one
        assert not faults, faults

    def settles(self) -> None:
        """Wait until the page has all that it asked for."""
        self.page.wait_for_load_state("load")
        until, quiet = time.monotonic() + 30, 0
        while quiet < 3:
            self.page.wait_for_timeout(20)
            quiet = 0 if self.asking else quiet + 1
            assert time.monotonic() < until, [one.url for one in self.asking]

    def _is_sound(self) -> None:
        wide = self.page.viewport_size["width"]
        across = self.page.evaluate("document.documentElement.scrollWidth")
        assert across <= wide, f"{self.page.url} is {across} px wide on a screen of {wide}: {self.widest()}"
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate(LOOK, AXE)
        assert not found, f"{self.page.url} at {wide} px: " + "; ".join(
            f"{one['id']} ({one['help']}): {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found)

    def widest(self) -> list[str]:
        """The elements that stick out at the right, for the message of a failed test."""
        return self.page.evaluate(
            "() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(0, 5).map(e => e.outerHTML.slice(0, 120))")

    def fetches(self, href: str) -> bytes:
        """The file behind a link, with this person's session."""
        answer = self.page.request.get(href if href.startswith("http") else self.url + href)
        assert answer.ok, f"{answer.status} {href}"
        return answer.body()


def visitor(browser: Browser, commune: Commune, username: str | None = None, size: dict[str, int] = PC) -> Visitor:
    """A new browser window, signed in through the sign-in page when a name is given."""
    context = browser.new_context(viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", accept_downloads=True)
    context.set_default_timeout(30_000)
    made = Visitor(context.new_page(), commune.url)
    if username:
        made.goes("/dang-nhap/")
        made.page.get_by_label("Tên đăng nhập", exact=True).fill(username)
        made.page.get_by_label("Mật khẩu", exact=True).fill(commune.password)
        made.clicks("Đăng nhập", exact=True)
    return made
