"""A killed server loses nothing that it acknowledged: the real server, the real database, SIGKILL; on PostgreSQL where the tests have one."""

import csv
import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing

import pytest

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
ENOUGH = 15
POSTGRES = os.environ.get("DATABASE_URL", "")


class Server:
    """`tramyte serve` on a home, and a signed-in browser of the plainest kind."""

    def __init__(self, home, database=""):
        self.home, self.database, self.process = home, database, None
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRAMYTE_AS_OF"}}
        self.environment = {**kept, "TRAMYTE_HOME": str(home), **({"DATABASE_URL": database} if database else {})}
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def command(self, *words):
        return subprocess.run([sys.executable, "-m", "tramyte", *words], env=self.environment, capture_output=True, text=True, timeout=120)

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tramyte", "serve", "--port", str(self.port)], env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(300):
            try:
                return self.get("/song/")
            except OSError:
                assert self.process.poll() is None, "the server ended by itself"
                time.sleep(0.2)
        raise AssertionError("the server did not answer")

    def kill(self):
        """As a power cut: the server, its workers and their children at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def ask(self, statement):
        """The rows of a query, read behind the server's back."""
        if not self.database:
            with closing(sqlite3.connect(self.home / "tramyte.sqlite3", timeout=30)) as base:
                return base.execute(statement).fetchall()
        import psycopg

        with psycopg.connect(self.database) as base:
            return base.execute(statement).fetchall()

    def get(self, address):
        with self.opener.open(f"http://127.0.0.1:{self.port}{address}", timeout=60) as answer:
            return answer.read().decode()

    def post(self, where, /, **fields):
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": self._token()}).encode()
        with self.opener.open(f"http://127.0.0.1:{self.port}{where}", body, timeout=60) as answer:
            answer.read()
            return answer.geturl()

    def upload(self, where, path):
        edge = "----cut"
        parts = [("csrfmiddlewaretoken", self._token().encode(), ""), ("file", path.read_bytes(), f'; filename="{path.name}"')]
        body = b"".join(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n" for name, content, more in parts)
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{where}", body + f"--{edge}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"})
        with self.opener.open(asked, timeout=60) as answer:
            answer.read()
            return answer.geturl()

    def _token(self):
        return next(one.value for one in self.cookies if one.name == "csrftoken")


def _new_database(name, template=""):
    """A database beside the tests' own, a copy of another when one is named; its address."""
    if not POSTGRES:
        return ""
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as base:
        base.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(POSTGRES)._replace(path=f"/{name}"))


def _drop_database(name):
    if POSTGRES:
        import psycopg

        with psycopg.connect(POSTGRES, autocommit=True) as base:
            base.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A small demo home and the password of its accounts."""
    name = f"cut_demo_{os.getpid()}"
    made = Server(tmp_path_factory.mktemp("demo") / "home", _new_database(name))
    done = made.command("demo", "--people", "50", "--as-of", "2026-06-03")
    assert done.returncode == 0, done.stderr
    yield made.home, re.search(r"Mật khẩu chung: (\S+)", done.stdout)[1]
    _drop_database(name)


@pytest.fixture
def server(demo, tmp_path):
    """A server on a copy of the demo home, signed in as the director."""
    home, password = demo
    name = f"cut_{os.getpid()}"
    _drop_database(name)
    made = Server(shutil.copytree(home, tmp_path / "home"), _new_database(name, f"cut_demo_{os.getpid()}"))
    made.start()
    made.get("/dang-nhap/")
    assert made.post("/dang-nhap/", username="giamdoc", password=password).endswith(f":{made.port}/")
    yield made
    if made.process.poll() is None:
        made.kill()
    _drop_database(name)


def _is_whole(server):
    """The database is not damaged, and the chain of the audit holds."""
    if not server.database:
        assert server.ask("PRAGMA integrity_check") == [("ok",)]
    assert server.command("audit", "verify").returncode == 0


def _write_until_killed(server, acknowledged):
    for number in range(9000, 9400):
        try:
            where = server.post("/so/households/moi/", hamlet="00001.01", number=str(number), address="thử cắt điện")
        except (OSError, urllib.error.URLError, http.client.HTTPException):
            return
        assert where.endswith("/so/households/")
        acknowledged.append(str(number))


@pytest.mark.django_db
def test_no_acknowledged_write_is_lost(server):
    acknowledged = []
    writer = threading.Thread(target=_write_until_killed, args=(server, acknowledged))
    writer.start()
    while len(acknowledged) < ENOUGH and writer.is_alive():
        time.sleep(0.002)
    server.kill()
    writer.join(60)
    assert len(acknowledged) >= ENOUGH
    server.start()
    kept = {number for number, in server.ask("SELECT number FROM people_household WHERE address = 'thử cắt điện'")}
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1  # at most the one that was under way
    # each household with its line in the audit, and none without
    entries = server.ask("SELECT count(*) FROM audit_auditentry e JOIN people_household h ON h.address = 'thử cắt điện' AND replace(e.object_id, '-', '') = replace(CAST(h.id AS text), '-', '')")
    assert entries == [(len(kept),)]
    _is_whole(server)


def _state(server, id):
    with closing(sqlite3.connect(server.home / "tramyte.sqlite3")) as base:
        return base.execute("SELECT state FROM jobs_job WHERE id = ?", [id]).fetchone()[0]


def _await_end(server, id):
    for _ in range(400):
        if _state(server, id) not in {"running", "waiting"}:
            break
        time.sleep(0.2)
    return _state(server, id)


@pytest.mark.sqlite_only
def test_a_job_that_was_cut_off_is_finished_by_the_next_start(server):
    id = server.post("/he-thong/nhat-ky/kiem-tra/").rstrip("/").rsplit("/", 1)[1].replace("-", "")
    assert _await_end(server, id) == "finished"
    server.kill()
    with closing(sqlite3.connect(server.home / "tramyte.sqlite3")) as base, base:
        base.execute("UPDATE jobs_job SET state = 'running', finished_at = NULL WHERE id = ?", [id])
    server.start()
    assert _await_end(server, id) == "finished"


@pytest.mark.sqlite_only
def test_a_taken_port_and_a_second_server_are_told(server):
    taken = server.command("serve", "--port", str(server.port))
    assert (taken.returncode, "Traceback" in taken.stderr) == (1, False)
    assert "đang có chương trình khác dùng" in taken.stderr
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    second = server.command("serve", "--port", str(free))
    assert (second.returncode, "Traceback" in second.stderr) == (1, False)
    assert "tramyte đang chạy với dữ liệu" in second.stderr


LINES = 1000


def _residents(path):
    """A file of as many residents: in households of four, each with a number; the fifth of each ten has lost the birth date."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file)
        write.writerow(["Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Số hộ", "Số định danh"])
        for number in range(LINES):
            letters = "".join(chr(65 + number // 26**place % 26) for place in range(3))
            born = "" if number % 10 == 4 else f"{number % 28 + 1:02d}/{number // 28 % 12 + 1:02d}/{1950 + number // 336}"
            write.writerow([f"Lò Văn {letters.title()}", born, "Nam", "00001.01", f"K{number // 4}", f"09805{number:07d}"])


def _base(home):
    return closing(sqlite3.connect(home / "tramyte.sqlite3", timeout=30))


def _killed_halfway(home, environment, path):
    """Begin the import, wait until some chunks are written, kill; how many lines were written."""
    begun = subprocess.Popen([sys.executable, "-m", "tramyte", "import", "residents", str(path)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with _base(home) as base:
            for _ in range(6000):
                if base.execute("SELECT count(*) FROM registers_importrow WHERE done").fetchone()[0] or begun.poll() is not None:
                    break
                time.sleep(0.01)
    finally:
        begun.kill()
        begun.wait(20)
    with _base(home) as base:
        return base.execute("SELECT count(*) FROM registers_importrow WHERE done").fetchone()[0]


@pytest.mark.sqlite_only
def test_an_import_killed_halfway_goes_on_and_writes_every_row_once(demo, tmp_path):
    made = Server(shutil.copytree(demo[0], tmp_path / "home"))
    path = tmp_path / "dan-cu.csv"
    _residents(path)
    with _base(made.home) as base:
        before = base.execute("SELECT count(*) FROM people_person").fetchone()[0]
    written = _killed_halfway(made.home, made.environment, path)
    good = LINES - LINES // 10
    assert 0 < written < good
    done = made.command("import", "residents", str(path), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1 and (told["created"], told["updated"], told["duplicate"], told["refused"]) == (good, 0, 0, LINES // 10)
    assert [row["row"] for row in told["rows"]] == list(range(2, LINES + 2))
    with _base(made.home) as base:
        assert base.execute("SELECT count(*), count(DISTINCT load_id) FROM registers_importrow").fetchone() == (LINES, 1)
        assert base.execute("SELECT count(*) FROM people_person").fetchone()[0] == before + good
        load = told["import_id"].replace("-", "")
        for table, rows in (("person", good), ("identifier", good), ("residence", good), ("household", LINES // 4)):
            found = base.execute(f"SELECT count(*), count(DISTINCT id) FROM people_{table} WHERE import_id = ?", [load]).fetchone()
            assert found == (rows, rows), table
        assert base.execute("SELECT count(DISTINCT value) FROM people_identifier WHERE import_id = ?", [load]).fetchone()[0] == good
        assert base.execute("SELECT count(*) FROM people_searchtext JOIN people_person p ON p.id = person_id WHERE p.import_id = ?", [load]).fetchone()[0] == good
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert made.command("audit", "verify").returncode == 0


@pytest.mark.django_db
def test_an_import_from_its_page_goes_on_by_itself_after_a_power_cut(server, tmp_path):
    """Server and worker are killed while the lines are written; the next start writes the rest, each line once."""
    path = tmp_path / "dan-cu.csv"
    _residents(path)
    before, good = server.ask("SELECT count(*) FROM people_person")[0][0], LINES - LINES // 10
    page = urllib.parse.urlsplit(server.upload("/so/residents/nhap/", path)).path
    assert "chưa ghi gì vào sổ" in server.get(page)
    server.post(page, do="apply")
    written = 0
    for _ in range(6000):
        written = server.ask("SELECT count(*) FROM registers_importrow WHERE done")[0][0]
        if written:
            break
        time.sleep(0.01)
    server.kill()
    written = server.ask("SELECT count(*) FROM registers_importrow WHERE done")[0][0]
    assert 0 < written < good
    assert server.ask("SELECT count(*) FROM people_person WHERE import_id IS NOT NULL")[0][0] == written  # no line half-written, none written and not marked
    server.start()
    for _ in range(600):
        if server.ask("SELECT state FROM registers_import") == [("finished",)]:
            break
        time.sleep(0.2)
    assert server.ask("SELECT state FROM registers_import") == [("finished",)]
    assert server.ask("SELECT count(*) FROM registers_importrow WHERE done") == [(good,)]
    assert server.ask("SELECT count(*) FROM people_person")[0][0] == before + good
    for table, rows in (("person", good), ("identifier", good), ("residence", good), ("household", LINES // 4)):
        assert server.ask(f"SELECT count(*) FROM people_{table} WHERE import_id IS NOT NULL") == [(rows,)], table
    assert server.ask("SELECT count(DISTINCT value) FROM people_identifier WHERE import_id IS NOT NULL") == [(good,)]
    _is_whole(server)
