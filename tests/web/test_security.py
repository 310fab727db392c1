"""What every answer carries for the browser, how often one may ask, and what an upload may be."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from tramyte.web import limits

WEB = Path(__file__).parents[2] / "src/tramyte/web"


def test_the_headers_of_a_page_a_file_and_a_refusal(enter):
    client = enter("director")
    for address in ("/", "/dang-nhap/", "/so/station-techniques/?as=csv", "/khong-co/", "/nguoi-dan/01890000-0000-7000-8000-000000000000/"):
        headers = client.get(address).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'", address
        assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'" and policy["form-action"] == "'self'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"], headers["X-Frame-Options"]) == ("nosniff", "same-origin", "DENY")
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin" and "camera=()" in headers["Permissions-Policy"]
        assert "private" in headers["Cache-Control"]
        assert headers.get("Content-Type", "text/html; charset=utf-8") in {"text/html; charset=utf-8", "text/csv; charset=utf-8"}, address
        assert "Strict-Transport-Security" not in headers, "without a certificate it would shut people out"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_takes_is_refused_everywhere(client, method):
    for address in ("/", "/dang-nhap/", "/api/v1/me", "/khong-co/", "/static/x.js"):
        answer = client.generic(method, address, headers={"X-Told": "bi-mat"})
        said = answer.json()["message"] if answer.headers["Content-Type"] == "application/json" else answer.content.decode()
        assert answer.status_code == 405 and "Máy không nhận" in said and "bi-mat" not in said, address


def test_with_a_certificate_cookies_and_addresses_stay_on_it():
    code = ("import os; os.environ['TRAMYTE_HTTPS'] = '1'\n"
            "import tramyte.web.settings as s; print(s.SECURE_HSTS_SECONDS >= 31536000, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_PROXY_SSL_HEADER[1])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**__import__("os").environ, "PYTHONPATH": str(WEB.parents[1])})
    assert done.stdout.split() == ["True", "True", "True", "https"]


def test_no_template_needs_inline_script_or_style():
    """The policy allows none, so that one would be silently dead."""
    pattern = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son(?:click|change|submit|load|input)=|javascript:", re.IGNORECASE)
    found = [f"{path.name}: {match[0]}" for path in (WEB / "templates").rglob("*.html") for match in pattern.finditer(re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL))]
    assert not found


def test_every_limited_address_exists():
    names = {pattern.name for pattern in _all(get_resolver())}
    assert limits.READ.keys() | limits.SENT.keys() <= names


def _all(resolver):
    for pattern in resolver.url_patterns:
        yield from _all(pattern) if hasattr(pattern, "url_patterns") else [pattern]


@pytest.fixture
def limited(settings, monkeypatch):
    """Limits as they are served, with a fresh count."""
    settings.LIMITED = True
    monkeypatch.setattr(limits, "PACE", limits.Pace())


def test_too_many_exports_wait_and_say_so(limited, enter):
    client = enter("director")
    answers = [client.get("/so/station-techniques/?as=csv") for _ in range(limits.EXPORT.most + 1)]
    assert [answer.status_code for answer in answers[:-1]] == [200] * limits.EXPORT.most
    last = answers[-1]
    assert last.status_code == 429 and 0 < int(last.headers["Retry-After"]) <= 60
    assert "xuất tệp quá nhiều lần" in last.content.decode() and "Hãy đợi" in last.content.decode()
    assert client.get("/so/station-techniques/").status_code == 200, "looking goes on"
    assert client.get("/so/station-techniques/?as=csv", headers={"accept": "application/json"}).json()["code"] == "too_many"
    assert enter("nurse").get("/so/station-techniques/?as=csv").status_code == 200, "each user has an own count"


@pytest.mark.parametrize(("limit", "ask"), [
    (limits.SEARCH, lambda client: client.get("/tim/?q=nguyen")), (limits.IMPORT, lambda client: client.post("/so/residents/nhap/")),
    (limits.EMERGENCY, lambda client: client.post("/mo-khan-cap/")),
])
def test_each_kind_has_its_limit(limited, enter, monkeypatch, limit, ask):
    pace = limits.Pace()
    monkeypatch.setattr(limits, "PACE", pace)
    monkeypatch.setattr(pace, "take", lambda key, now, most, within: 7.2 if (key[0], most) == (limit.words, limit.most) else 0.0)
    answer = ask(enter("nurse"))
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "8"


def test_one_address_has_a_limit_for_all_its_users(limited, enter, monkeypatch):
    monkeypatch.setattr(limits, "SHARED", 1)
    first, second = "director", "clinician"
    for _ in range(limits.EXPORT.most):
        assert enter(first).get("/so/station-techniques/?as=csv").status_code == 200
    assert enter(second).get("/so/station-techniques/?as=csv").status_code == 429


def test_a_pace_forgets_what_is_past():
    pace = limits.Pace()
    assert [pace.take("a", second, 2) for second in (0, 1)] == [0, 0]
    assert pace.take("a", 2, 2) == 58 and pace.take("b", 2, 2) == 0
    assert pace.take("a", 60, 2) == 0


def _zip(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _bomb():
    sheet = b"0" * 40_000_000
    return _zip(**{"xl/workbook.xml": "<x/>", "[Content_Types].xml": "<x/>", **{f"xl/worksheets/sheet{n}.xml": sheet for n in range(11)}})


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("thon.xlsx", None, "bung ra quá lớn"), ("thon.xlsx", b"MZ" + bytes(200), ""), ("thon.xlsx", PICTURE, ""), ("thon.xlsx", b"%PDF-1.7 x", ""),
    ("thon.xlsx", b"", ""), ("../../etc/passwd.xlsx", b"PK\x03\x04cut", ""), ("a\x00b<script>.csv", b"\x7fELF" + bytes(100), ""),
])
def test_an_upload_is_judged_by_its_content(enter, name, content, said):
    answer = enter("director").post("/so/residents/nhap/", {"file": SimpleUploadedFile(name, _bomb() if content is None else content)})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "<script>.csv" not in page and "etc/passwd" not in page
