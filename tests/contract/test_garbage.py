"""Garbage at every address: whatever a hostile or unlucky user sends, the answer is no fault of ours and says something in Vietnamese."""

import random
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver

from tramyte.engine.registers import registry

pytestmark = pytest.mark.sqlite_only  # hundreds of addresses for each role: once is enough, and this engine is the quick one

GARBAGE = (
    "", " ", "abc", "-1", "0", "9" * 30, "1e309", "nan", "x" * 10_001, "<script>alert(1)</script>", '" onmouseover="x', "' OR 1=1 --", "2026-13-45",
    "31/02/2026", "31/12/9999", "01/01/0001", "05/03/2026", "01890000-0000-7000-8000-000000000000", "../../etc/passwd", "=1+1", '{"a": [1]}', "null",
    "１２３", "²", "\u202e", "1\r\nSet-Cookie: a=b", "1,5", "2026-H3", "💩" * 50, "\ufffd",
)
NAMES = (
    "q", "page", "size", "as", "sort", "period", "from", "to", "seen_version", "next", "reason", "text", "do", "id", "place", "unit", "role", "user", "day",
    "nguoi", "viec", "ngay", "kind", "state", "by", "due_on", "on", "title", "value", "version", "year", "month", "status", "full_name", "username",
    "assignment", "comparator", "indicator", "coordinating", "lead_unit", "instruction", "arrived_on", "arrival_number", "note", "percent", "hamlet", "verdict",
)
WORDS = ("ư", "ơ", "ă", "đ", "ệ", "ạ", "ả", "ó", "ậ", "ộ")
# One who sees people, one of a hamlet, one of figures, one of the house; the others see no page that these do not.
WHO = ("director", *(pytest.param(name, marks=pytest.mark.sqlite_only) for name in ("village_worker", "officer", "admin")))


def _routes(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route)
        elif pattern.name != "logout":
            yield route


def _addresses(ids, chance):
    """Every route, its converters filled with ids of things that exist, of nothing, and with garbage."""
    slugs = [register.slug for register in registry.registers()]
    for route in _routes(get_resolver()):
        yield "/" + re.sub(r"<(\w+):(\w+)>", lambda found: {
            "uuid": chance.choice(ids), "slug": chance.choice(slugs), "int": chance.choice(["0", "1", "9" * 25]),
        }.get(found[1], chance.choice(["khac", "xlsx", "pdf", "x" * 500, "full_name", "hamlet"])), route)


def _fields(chance):
    columns = [column.path for register in registry.registers() for column in register.own]
    names = chance.sample([*NAMES, *columns], chance.choice([1, 8, len(NAMES)]))
    return {name: chance.choice(GARBAGE) for name in names}


def _send(client, how, address, chance):
    """The answer to one piece of garbage, which leaves nothing behind."""
    more = {"HX-Request": "true"} if chance.random() < 0.3 else {}
    with transaction.atomic():
        if how == "get":
            answer = client.get(address, _fields(chance), headers=more)
        elif how == "form":
            answer = client.post(address, _fields(chance), headers=more)
        elif how == "json":
            answer = client.post(address, _fields(chance), content_type="application/json", headers=more)
        else:
            file = SimpleUploadedFile(chance.choice(["../../a.txt", "<b>.docx", "a.xlsx"]), chance.choice([b"", b"PK\x03\x04aa", b"%PDF-1.4", "Trạm".encode()]))
            answer = client.post(address, {**_fields(chance), "file": file, "evidence": file}, headers=more)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer, body.decode("utf-8", "replace")


def _fault(answer, body):
    if answer.status_code >= 500:
        return "a fault of ours"
    if "<script>alert(1)" in body or '"" onmouseover=' in body or "Set-Cookie: a=b" in str(answer.headers):
        return "garbage came back alive"
    if 400 <= answer.status_code < 500 and answer.status_code != 405 and not any(letter in body for letter in WORDS):
        return "no sentence in Vietnamese"
    return ""


@pytest.mark.parametrize("who", WHO)
def test_garbage_gets_a_sentence_everywhere(cast, reads, who):
    client, chance = reads(who), random.Random(who)
    client.raise_request_exception = False
    things = [*cast.users.values(), cast.commune, cast.hamlet, cast.station, *cast.units.values()]
    ids = [*(str(one.pk) for one in things), "01890000-0000-7000-8000-000000000000"]
    wrong = []
    for address in _addresses(ids, chance):
        for how in ("get", "form", "json", "file"):
            answer, body = _send(client, how, address, chance)
            if fault := _fault(answer, body):
                wrong.append(f"{how} {address[:120]}: {answer.status_code} {fault}: {body[:200]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'An" onmouseover="x', "=HYPERLINK(1)", "../../x"])
def test_a_hostile_name_is_only_ever_text(cast, enter, name):
    from tramyte.care.people.models import Person

    Person.objects.create(full_name=name[:100], birth_date="1956-03-05", sex="F", hamlet=cast.hamlet)
    client = enter("nurse")
    for address in ("/so/residents/", "/nguoi-dan/", "/tim/?q=an", "/so/residents/?as=csv"):
        answer = client.get(address)
        body = answer.content.decode()
        assert "<script>alert(1)" not in body or answer.headers["Content-Type"].startswith("text/csv")
        assert '="An" onmouseover=' not in body
        assert ",=HYPERLINK" not in body
        assert not body.startswith("=")
