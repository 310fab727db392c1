"""Bad days: a full disk, a busy or lost database, floods of bytes. Each gets a sentence; nothing is lost and nothing is half-written."""

import datetime
import errno
import logging
import re
import sqlite3

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.engine.trouble import SENTENCES, trouble_of
from tramyte.web import home
from tramyte.web.commands import main


class _Postgres(Exception):
    def __init__(self, state):
        super().__init__("server said no")
        self.sqlstate = state


def _database_error(message, state=None):
    error = OperationalError(message)
    error.__cause__ = _Postgres(state) if state else sqlite3.OperationalError(message)
    return error


TROUBLES = [
    (_database_error("database or disk is full"), "disk_full", 507),
    (_database_error("could not extend file", "53100"), "disk_full", 507),
    (OSError(errno.ENOSPC, "No space left on device"), "disk_full", 507),
    (_database_error("database is locked"), "busy", 503),
    (_database_error("deadlock detected", "40P01"), "busy", 503),
    (_database_error("too many connections", "53300"), "busy", 503),
    (_database_error("attempt to write a readonly database"), "read_only", 503),
    (_database_error("database disk image is malformed"), "damaged", 503),
    (_database_error("server closed", "57P01"), "no_connection", 503),
    (_database_error("connection to server at 127.0.0.1 failed: refused"), "no_connection", 503),
    (_database_error("no such table: people_person"), "old_data", 503),
]


@pytest.fixture
def visitor(client, enter):
    """The nurse's client, which shows error pages instead of raising."""
    enter("nurse")
    client.raise_request_exception = False
    return client


def _failing(error):
    def action(*words, **fields):
        raise error
    return action


@pytest.mark.parametrize(("error", "code", "status"), TROUBLES, ids=lambda value: str(value)[:30])
def test_trouble_of_disk_or_database_is_a_page_that_says_nothing_was_saved(visitor, monkeypatch, caplog, error, code, status):
    monkeypatch.setattr("tramyte.web.pages.search.find_people", _failing(error))
    monkeypatch.setattr(logging.getLogger("tramyte"), "propagate", True)
    answer = visitor.get("/tim/?q=an")
    page = answer.content.decode()
    assert answer.status_code == status
    assert SENTENCES[code][1] in page
    assert code in page
    assert code in caplog.text
    assert "Traceback" not in page


def test_a_fragment_gets_the_sentence_alone(visitor, monkeypatch):
    monkeypatch.setattr("tramyte.web.pages.search.find_people", _failing(_database_error("database is locked")))
    answer = visitor.get("/tim/?q=an", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert "Dữ liệu đang bận" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_trouble_outside_the_views_is_told_too(visitor, monkeypatch):
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", _failing(_database_error("disk I/O error")))
    answer = visitor.get("/")
    assert answer.status_code == 507
    assert "đã đầy" in answer.content.decode()


def test_any_other_fault_is_logged_with_the_code_that_the_page_shows(visitor, monkeypatch, caplog):
    monkeypatch.setattr("tramyte.web.pages.search.find_people", _failing(ZeroDivisionError("mistake")))
    monkeypatch.setattr(logging.getLogger("tramyte"), "propagate", True)
    answer = visitor.get("/tim/?q=an")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in page
    code = re.search(r'class="code num">([0-9A-F]{6})<', page)[1]
    assert f"code {code}" in caplog.text


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_loses_nothing_and_says_so(cast, client):
    from tramyte.care.people.models import Household

    client.force_login(cast.nurse, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/")  # the session is stored while there is room
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
    saved, status = 0, 302
    try:
        for number in range(1, 3000):
            status = client.post("/so/households/moi/", {"hamlet": cast.hamlet.code, "number": f"{number:04d}", "address": "x" * 150}).status_code
            if status != 302:
                break
            saved += 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")
    assert status == 507
    assert Household.objects.count() == saved
    assert chain.verify().broken_at is None


def test_more_bytes_than_any_page_takes_are_refused_unread(visitor):
    answer = visitor.post("/so/residents/nhap/", {}, headers={"Content-Length": str(5 * 2**30)})
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()
    assert visitor.post("/dang-nhap/", {}, headers={"Content-Length": "abc"}).status_code == 413


@pytest.mark.parametrize("body", [b"q=" + b"x" * 27_000_000, b"&".join(b"a%d=1" % n for n in range(5001))], ids=["bytes", "fields"])
def test_a_form_with_too_much_in_it_is_refused_in_words(visitor, body):
    answer = visitor.post("/so/households/moi/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "Chưa có gì được lưu" in answer.content.decode()


@pytest.mark.parametrize("address", ["/tim/?q=a%00b", "/so/residents/?sex=%00", "/so/residents/?%00=1", "/so/residents/goi-y/%00/"])
def test_the_letter_that_no_database_keeps_is_refused_in_words(visitor, address):
    answer = visitor.get(address)
    assert answer.status_code == 400
    assert "ký tự rỗng" in answer.content.decode()


def test_the_letter_that_no_database_keeps_is_refused_in_forms(visitor):
    assert visitor.post("/so/households/moi/", {"number": "04\x0012"}).status_code == 400


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "abc", "-1"])
def test_a_number_that_is_none_is_no_fault(visitor, cast, number):
    from tramyte.care.people.models import Household

    house = Household.objects.create(hamlet=cast.hamlet, number="0412")
    assert visitor.get(f"/so/households/?as=json&size={number}").status_code == 200
    assert visitor.get(f"/so/households/?q={number[:900]}").status_code == 200
    answer = visitor.post(f"/so/households/{house.pk}/ghi-nham/", {"seen_version": number, "reason": "ghi nhầm"})
    assert answer.status_code in {302, 409, 422}


def test_a_log_line_cannot_be_forged(visitor, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("tramyte"), "propagate", True)
    visitor.get("/so/residents/goi-y/x%0A2026-06-03 ERROR tramyte.web: forged/")
    assert "\n" not in next(record.getMessage() for record in caplog.records if record.name == "tramyte.web")


def test_a_file_of_fifty_megabytes_is_refused_in_its_place(visitor):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = visitor.post("/so/residents/nhap/", {"file": SimpleUploadedFile("dan.xlsx", b"PK\x03\x04" + bytes(50 * 2**20))})
    assert answer.status_code == 422
    assert "lớn hơn 20 MB" in answer.content.decode()


def test_a_foreign_host_name_gets_words(visitor):
    answer = visitor.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Không hiểu yêu cầu này" in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_the_way_back_after_signing_in_keeps_its_whole_address(db):
    answer = Client().get("/so/residents/?sex=F&page=2")
    assert answer.headers["Location"] == "/dang-nhap/?next=%2Fso%2Fresidents%2F%3Fsex%3DF%26page%3D2"


def test_a_fragment_without_session_takes_the_whole_page_to_the_sign_in(db):
    answer = Client().get("/tim/?q=an", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/nguoi-dan/?x=1"})
    assert answer.headers["HX-Redirect"] == "/dang-nhap/?next=%2Fnguoi-dan%2F%3Fx%3D1"
    assert answer.content == b""


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_away(cast, there):
    answer = Client().post("/dang-nhap/", {"username": "nurse", "password": "mat-khau-thu-nghiem", "next": there})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_another_spelling_of_the_name_does_not_escape_the_lockout(cast):
    client = Client()
    for name in ("nurse", "NURSE", " nurse ", "Nurse", "ｎurse"):
        client.post("/dang-nhap/", {"username": name, "password": "sai"})
    assert client.post("/dang-nhap/", {"username": "nurse", "password": "mat-khau-thu-nghiem"}).status_code == 429


def test_signing_in_gives_a_new_session_and_out_ends_it(cast):
    client = Client()
    client.get("/dang-nhap/")
    client.cookies["sessionid"] = "a" * 32
    client.post("/dang-nhap/", {"username": "nurse", "password": "mat-khau-thu-nghiem"})
    key = client.cookies["sessionid"].value
    assert key != "a" * 32
    assert client.cookies["sessionid"]["httponly"]
    client.post("/dang-xuat/")
    client.cookies["sessionid"] = key
    assert client.get("/").headers["Location"].startswith("/dang-nhap/")


def test_a_locked_account_is_out_at_once(cast, enter):
    client = enter("nurse")
    type(cast.nurse).objects.filter(pk=cast.nurse.pk).update(is_active=False)
    assert client.get("/").headers["Location"].startswith("/dang-nhap/")


def test_every_answer_carries_its_shields(cast, enter):
    answer = enter("nurse").get("/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("error", [_database_error("database or disk is full"), OSError(errno.ENOSPC, "No space left on device"), FileNotFoundError(2, "No such file", "/a/b")])
def test_the_command_line_says_it_in_a_sentence(monkeypatch, capsys, error):
    monkeypatch.setattr(main, "module", lambda verb: type("Verb", (), {"arguments": staticmethod(lambda parser: None), "run": staticmethod(_failing(error))}))
    assert main.main(["audit"]) == 1
    told = capsys.readouterr().err
    assert "Hãy" in told
    assert "Traceback" not in told


def test_an_error_of_ours_is_no_trouble():
    assert trouble_of(ZeroDivisionError()) is None
    assert trouble_of(OperationalError("syntax error")) is None
    assert trouble_of(None) is None
    assert isinstance(trouble_of(OSError(errno.ENOSPC, "full")), Refused)


def test_a_home_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("TRAMYTE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SystemExit, match="Hãy đặt TRAMYTE_HOME"):
        home.folder()


def test_a_clock_that_jumped_back_is_told_and_the_audit_keeps_its_order(cast, enter, monkeypatch):
    from tramyte.engine import clock

    client, real = enter("nurse"), clock.now()
    chain.record(by=cast.nurse, action="view", row=cast.hamlet)
    assert "Đồng hồ của máy chủ" not in client.get("/").content.decode()
    monkeypatch.setattr(clock, "now", lambda: real - datetime.timedelta(days=3))
    assert "Đồng hồ của máy chủ đang chậm" in client.get("/").content.decode()
    chain.record(by=cast.nurse, action="view", row=cast.hamlet)
    assert chain.verify().broken_at is None
