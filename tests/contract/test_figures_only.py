"""Roles of figures never meet a person: on a demo commune no page, export, search, suggestion or JSON answer names one.

Every address the pages link to is followed from the home page on, and every address of the resolver is asked for with
objects of all kinds and in all forms; each answer is read, spreadsheets, documents and PDF too.
"""

import datetime
import itertools
import json
import logging
import re
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

sys.path.insert(0, str(Path(__file__).parent))

from asking import JSON, readable, routes

from tramyte.care.people.models import Coverage, Identifier, Person
from tramyte.engine.access.models import User
from tramyte.engine.registers import registry
from tramyte.rules.text import fold

pytestmark = pytest.mark.sqlite_only  # thousands of addresses: once is enough, and this engine is the quick one

AS_OF = datetime.date(2026, 6, 3)
LINKS = re.compile(r"""(?:href|src|action|hx-get|data-url)=["']([^"'#]+)""")
DATES = re.compile(r"\d{2}/\d{2}/\d{4}|\d{4}-\d{2}-\d{2}")
DIGITS = re.compile(r"\d{9,15}")
FORMS = ("xlsx", "csv", "json", "docx", "pdf")
KINDS = (
    "people.Person", "people.Household", "people.Coverage", "people.Identifier", "people.Residence", "checkups.Checkup", "access.User", "places.Place",
    "places.OrgUnit", "directives.Directive", "directives.Obligation", "tasks.Task", "targets.Target", "reports.Report", "reports.ReportPeriod", "reports.Duty",
)
FRAGMENT = {"HX-Request": "true"}
MOST = 4  # addresses of one name that are followed: the fifth task's page is made like the first
LEAVES = "logout"


class Secrets:
    """What tells a demo person: names, birth dates, numbers. What directives and accounts carry is no secret."""

    def __init__(self):
        known = " ".join(apps.get_model("directives.Directive").objects.values_list("text", flat=True))
        staff = set(User.objects.values_list("full_name", flat=True))
        people = list(Person.objects.values_list("full_name", "birth_date", "phone"))
        self.names = {name for name, _, _ in people if name not in known} - staff
        # a day of this or the last year may also be a deadline or an entry into force
        days = {day for _, day, _ in people if day.year < 2025}
        self.dates = {text for day in days for text in (f"{day:%d/%m/%Y}", day.isoformat())} - set(DATES.findall(known))
        numbers = {*Identifier.objects.values_list("value", flat=True), *Coverage.objects.values_list("card_number", flat=True), *(phone for *_, phone in people)}
        self.numbers = {digits for number in numbers for digits in DIGITS.findall(number)}

    def told(self, text):
        """The secrets that stand in a text."""
        return {name for name in self.names if name in text} | self.dates.intersection(DATES.findall(text)) | self.numbers.intersection(DIGITS.findall(text))


def read(answer):
    """What an answer says, as a person or a program would read it."""
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("application/pdf"):
        import pypdfium2

        document = pypdfium2.PdfDocument(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    said = readable(answer)
    return json.dumps(json.loads(said), ensure_ascii=False) if kind.startswith("application/json") and answer.status_code == 200 else unescape(said)


class Reader:
    """Reads as one user and keeps what was told that should not have been."""

    def __init__(self, client, secrets):
        self.client, self.secrets, self.read, self.wrong = client, secrets, {}, []

    def get(self, address, headers=None):
        """A page's text; what the reader typed into the address is not held against the answer."""
        if (address, str(headers)) in self.read:
            return ""
        with transaction.atomic():
            answer = self.client.get(address, headers=headers)
            text = read(answer)
            transaction.set_rollback(True)
        self.read[address, str(headers)] = answer.status_code
        if told := {one for one in self.secrets.told(text) if one not in unquote(address)}:
            self.wrong.append(f"{address} ({answer.status_code}) tells {sorted(told)[:3]}")
        return text if answer.headers.get("Content-Type", "").startswith("text/html") else ""

    def follow(self, start):
        """The names of all addresses that the pages link to, a few of each read."""
        waiting, counts = [start], {}
        while waiting:
            address = waiting.pop()
            name = name_of(address)
            if name and name != LEAVES and counts.setdefault(name, 0) < MOST and (address, "None") not in self.read:
                counts[name] += 1
                waiting.extend(urljoin(address, link) for link in LINKS.findall(self.get(address)))
        return set(counts)


def name_of(address):
    """The name of an address of ours; empty for files and other servers."""
    parts = urlsplit(address)
    try:
        return "" if parts.netloc or "/static/" in parts.path else resolve(parts.path).view_name
    except Resolver404:
        return ""


def direct():
    """Every address of the resolver: with an object of each kind, every book, every form."""
    ids = [id for model in map(apps.get_model, KINDS) if (id := model.objects.order_by("pk").values_list("pk", flat=True).first())]
    slugs = [*(register.slug for register in registry.registers()), "bat-dau"]
    fill = {"id": ids, "slug": slugs, "path": ("hamlet", "person"), "form": FORMS, "ending": FORMS, "which": ("hamlets", "facilities", "units"), "act": ("sinh", "mat")}
    for name, parts in routes(get_resolver()):
        few = ids[:2] if "slug" in parts else ids  # of a book two rows of people: the book itself is closed or open
        for values in itertools.product(*(few if part == "id" else fill.get(part, ids[:1]) for part in parts)):
            try:
                yield reverse(name, kwargs=dict(zip(parts, values, strict=True)))
            except NoReverseMatch:  # no such value for this part
                continue


def typed():
    """What somebody may type to find a person."""
    for person in Person.objects.exclude(phone="").order_by("pk")[:1]:
        yield from (person.full_name, fold(person.full_name), person.full_name.split()[-1], person.phone, f"{fold(person.full_name)} {person.birth_date.year}")
    yield from Identifier.objects.order_by("pk").values_list("value", flat=True)[:2]


def ask_for_people(reader):
    """The search box, the lists and the suggestions of all books; every export."""
    for register in registry.registers():
        listing = reverse("register", args=[register.slug])
        for form in FORMS:
            reader.get(f"{listing}?as={form}", JSON)
        for text in typed():
            reader.get(f"{listing}?q={text}", JSON)
            for path in ("person", "household", "hamlet", "technique"):
                reader.get(f"{reverse('register-suggest', args=[register.slug, path])}?q={text}", JSON)
    for text in typed():
        reader.get(f"{reverse('search')}?q={text}")
        reader.get(f"{reverse('search')}?q={text}", FRAGMENT)


@pytest.fixture
def demo(db, settings, monkeypatch, client):
    """A filled demo commune; `demo("vanhoa")` reads as one of its users, whose rights are read once for all requests."""
    from tramyte.exchange.demo.fill import fill

    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    fill(people=150, seed=7, as_of=AS_OF, say=lambda text: None)
    secrets = Secrets()

    def reading(username):
        user = User.objects.get(username=username)
        monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", lambda request: user)
        return Reader(client, secrets)
    logging.disable(logging.WARNING)  # a line for each refusal
    yield reading
    logging.disable(logging.NOTSET)


def test_no_answer_tells_figures_only_roles_of_a_person(demo):
    for username in ("vanhoa", "chutich"):
        reader = demo(username)
        assert reader.follow(reverse("home")) >= {"home", "targets", "target", "tasks", "task", "directives", "directive", "reports", "overview", "register"}
        for address in direct():
            if name_of(address) != LEAVES:
                reader.get(address, JSON)
        ask_for_people(reader)
        assert list(reader.read.values()).count(200) > 60
        assert not reader.wrong, f"{username}\n" + "\n".join(reader.wrong)
    # the walk can fail: what a nurse may open is found in a page, a spreadsheet, JSON and a PDF
    for address in ("/so/residents/", "/so/residents/?as=xlsx", "/so/residents/?as=json", "/so/residents/?as=pdf"):
        reader = demo("dieuduong")
        reader.get(address)
        assert reader.wrong, address
