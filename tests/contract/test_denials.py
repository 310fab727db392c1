"""Who may open what: every named address x every role x an object of the own and of a foreign commune.

`NEEDS` says what each address asks for. An address without a line fails the first test, so nothing is open by being new.
"""

import copy
import datetime
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.roles import ROLES
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.places.models import Facility, OrgUnit, Place

DAY = datetime.date
SECRET = "Kha Thị Riêng Tư"  # of the own commune: no figures-only role may ever read it
WORKERS = ("director", "clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor", "admin", "stranger")
ROLE_OF = {name: "nurse" if name == "stranger" else name for name in WORKERS}
AT = datetime.datetime(2026, 6, 3, 0, 15, tzinfo=datetime.UTC)
NOBODY = "01890000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Needs:
    """What an address asks for.

    right: a permission ("" for whoever is signed in, None for everybody).  either: permissions of which one is enough.
    people: figures-only roles are refused even with the permission.  what: the kind of object in the address.
    post: sent by POST.  also: an own object may still be refused by the state or the unit of the object.
    extra: other parts of the address, by name; a value that names a kind stands for the id of that object.
    """

    right: str | None = ""
    people: bool = False
    what: str = ""
    post: bool = False
    also: bool = False
    either: tuple[str, ...] = ()
    extra: dict = field(default_factory=dict)


def _of(right, what="", *, people=False, post=False, also=False, **extra):
    return Needs(right, people=people, what=what, post=post, also=also, extra=extra)


VIEW, WRITE = "people.view", "people.write"
NEEDS = {
    # open to everybody, and to whoever is signed in
    "login": Needs(None), "first-run": Needs(None), "health": Needs(None), "logout": Needs(None, post=True),
    "home": Needs(), "home-renew": Needs(post=True), "password_change": Needs(), "password_change_done": Needs(), "search": Needs(), "reminders": Needs(),
    "guide": Needs(), "guide-page": Needs(extra={"slug": "bat-dau"}), "guide-picture": Needs(extra={"slug": "bat-dau"}, also=True),
    # the chairman's page
    "overview": _of("overview.view"), "overview-print": _of("overview.view"),
    # the system
    "system": Needs("", either=("audit.view", "users.manage")), "system-audit": _of("audit.view"), "system-verify": _of("audit.view", post=True),
    "system-jobs": _of("audit.view"), "job": _of("audit.view", "job"),
    "system-users": _of("users.manage"), "system-user-new": _of("users.manage"), "system-user": _of("users.manage", "user"),
    "system-user-act": _of("users.manage", "user", post=True),
    "system-places": _of("places.write"), "system-place-new": _of("places.write", which="hamlets"), "system-place": _of("places.write", "hamlet", which="hamlets"),
    "system-places-load": _of("places.write", which="hamlets"), "system-places-template": _of("places.write", which="units"),
    # people
    "people": _of(VIEW, people=True), "person-new": _of(WRITE, people=True), "person-duplicates": _of(WRITE, people=True),
    "population-changes": _of(VIEW, people=True),
    "household": _of(VIEW, "household", people=True), "household-visit": _of(WRITE, "household", people=True), "household-act": _of(WRITE, "household", people=True, act="sinh"),
    "household-add": _of(WRITE, "household", people=True, post=True),
    "person": _of(VIEW, "person", people=True), "person-edit": _of(WRITE, "person", people=True),
    "coverage-renew": _of(WRITE, "person", people=True), "coverage-undo": _of(WRITE, "person", people=True, post=True, card="coverage"),
    "number-shown": _of(VIEW, "person", people=True, number="identifier"), "phone-shown": _of(VIEW, "person", people=True),
    "number-new": _of(WRITE, "person", people=True), "residence-new": _of(WRITE, "person", people=True),
    "residence-end": _of(WRITE, "person", people=True, residence="residence"), "death": _of(WRITE, "person", people=True),
    "record-entry": _of(WRITE, "person", people=True, post=True),
    "duplicate-pairs": _of(WRITE, people=True), "duplicate-search": _of(WRITE, people=True, post=True),
    "duplicate-dismiss": _of(WRITE, "pair", people=True, post=True), "persons-merge": _of(WRITE, "person", people=True, other="double"),
    "persons-unmerge": _of(WRITE, "merge", people=True),
    # directives
    "directives": _of("directives.view"), "directive-new": _of("directives.write"), "directive": _of("directives.view", "directive"),
    "directive-text": _of("directives.view", "directive"), "directive-file": _of("directives.view", "directive"),
    **{name: _of("directives.write", "directive") for name in ("directive-edit", "directive-review")},
    **{name: _of("directives.write", "directive", post=True) for name in (
        "directive-revoke", "directive-add-item", "directive-accept-all", "directive-give-units", "directive-relate", "directive-issue")},
    "directive-item": _of("directives.write", "obligation", post=True),
    # tasks
    "tasks": _of("tasks.view"), "task-new": _of("tasks.assign"), "task": _of("tasks.view", "task"), "task-edit": _of("tasks.assign", "task"),
    "task-act": _of("tasks.view", "task", post=True, also=True), "task-evidence": _of("tasks.view", "note"),
    "task-milestone-done": _of("tasks.progress", "milestone", post=True, also=True),
    # targets
    "targets": _of("figures.view"), "targets-export": _of("figures.view", form="xlsx"), "target": _of("figures.view", "target"),
    "target-bind": _of("targets.write", "target", post=True), "target-assign": _of("tasks.assign", "target", post=True),
    "target-new": _of("targets.write"), "target-edit": _of("targets.write", "target"), "target-end": _of("targets.write", "target", post=True),
    "target-worklist": _of("people.view", "target", people=True), "target-worklist-export": _of("people.view", "target", people=True, form="xlsx"),
    # reports
    "reports": _of("reports.view"), "report-period": _of("reports.view", "period"), "report-open": _of("reports.write", "period", post=True, also=True),
    "duty-ask": _of("reports.write", "duty", post=True, also=True), "duty-period": _of("directives.write", "duty", post=True),
    "report": _of("reports.view", "report"), "report-section": _of("reports.view", "report", section="khac"),
    "report-act": _of("reports.view", "report", post=True, also=True), "report-file": _of("reports.view", "report", ending="xlsx"),
}

# The books: who reads, writes and imports; whether its lines are people; the kind of object that stands for a line.
BOOKS = {
    "residents": ("people.view", "people.write", "people.import", True, "person", "hamlet"),
    "households": ("people.view", "people.write", "people.import", True, "household", "hamlet"),
    "coverages": ("people.view", "people.write", "people.import", True, "coverage", "person"),
    "deaths": ("people.view", "people.write", "people.import", True, "death", "person"),
    "checkups": ("people.view", "care.write", "people.import", True, "checkup", "person"),
    "station-techniques": ("techniques.view", "techniques.write", "techniques.write", False, "station_technique", "technique"),
}
BOOK_PAGES = {
    "register": (0, "", False), "register-history": (0, "id", False), "register-new": (1, "", False), "register-suggest": (1, "path", False),
    "register-columns": (0, "", False), "register-views": (0, "", False), "register-view": (0, "load", True),
    "register-edit": (1, "id", False), "register-cancel": (1, "id", True), "register-import": (2, "", False), "register-template": (2, "", False),
    "register-import-preview": (2, "load", False), "register-import-refused": (2, "load", False),
}


def _walk(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern)
        else:
            yield pattern.name


def test_every_address_has_a_line():
    names = set(_walk(get_resolver()))
    assert None not in names, "an address without a name cannot be checked"
    assert names == NEEDS.keys() | BOOK_PAGES.keys()


def test_every_book_has_a_line():
    from tramyte.engine.registers import registry

    assert {register.slug for register in registry.registers()} == BOOKS.keys()


def _commune(province, code, name):
    made = Place.objects.create(code=code, name=name, kind="commune", parent=province, valid_from=DAY(2025, 7, 1), source="bịa")
    hamlet = Place.objects.create(code=f"{code}.01", name="Thôn Một", kind="hamlet", parent=made, valid_from=DAY(2025, 7, 1), source="bịa")
    unit = OrgUnit.objects.create(place=made, code="tyt", name="Trạm Y tế xã", valid_from=DAY(2025, 7, 1))
    station = Facility.objects.create(place=made, kind="station", code=f"{code}-tram", name="Trạm", valid_from=DAY(2025, 7, 1))
    return made, hamlet, unit, station


def _people(hamlet, name, number):
    from tramyte.care.checkups.models import Checkup
    from tramyte.care.people.models import (
        Coverage,
        Death,
        DuplicatePair,
        Household,
        Identifier,
        Merge,
        Person,
        Residence,
    )

    house = Household.objects.create(hamlet=hamlet, number=f"{number:04d}")
    person = Person.objects.create(full_name=name, birth_date=DAY(1956, 3, 5), sex="F", hamlet=hamlet, household=house, phone="0912345678")
    double, merged = (Person.objects.create(full_name=name, birth_date=DAY(1956, 3, 5), sex="F", hamlet=hamlet, entered_in_error=gone) for gone in (False, True))
    return {
        "household": house, "person": person, "double": double,
        "pair": DuplicatePair.objects.create(one=person, other=double, score=0.9, evidence=["trùng ngày sinh"]),
        "merge": Merge.objects.create(survivor=person, lesser=merged, made_by="nurse"),
        "identifier": Identifier.objects.create(person=person, kind="national", value=f"{37156000000 + number:012d}"),
        "coverage": Coverage.objects.create(person=person, card_number=f"GD43701{number:08d}", group="GD", start=DAY(2025, 1, 1), end=DAY(2025, 12, 31)),
        "residence": Residence.objects.create(person=person, place=hamlet, kind="permanent", start=DAY(1956, 3, 5)),
        "death": Death.objects.create(person=Person.objects.create(full_name=name, birth_date=DAY(1940, 3, 5), sex="F", hamlet=hamlet, died_on=DAY(2026, 2, 3)),
                                      on=DAY(2026, 2, 3), age_days=31_382, age_group="older"),
        "checkup": Checkup.objects.create(person=person, on=DAY(2026, 2, 3), age_days=25_537, kind=Checkup._meta.get_field("kind").choices[0][0]),
    }


def _steering(commune, hamlet, unit, writer, number):
    from tramyte.engine.documents import files
    from tramyte.governance.directives.models import Directive, Obligation
    from tramyte.governance.reports.models import Duty, Report, ReportPeriod
    from tramyte.governance.targets.models import Target
    from tramyte.governance.tasks.models import Milestone, ProgressNote, Task

    text = f"Trạm Y tế xã rà soát số {number}."
    proof = files.keep(text.encode())
    directive = Directive.objects.create(
        place=commune, kind="Kế hoạch", number=f"{number}/KH-UBND", text=text, digest=proof, text_digest=f"{number:064d}", arrived_on=DAY(2026, 5, 4))
    obligation = Obligation.objects.create(directive=directive, kind="unassigned", mark="P1", order=10, text=text, found={}, fields={"text": text})
    task = Task.objects.create(place=hamlet, unit=unit, title="Rà soát", due_on=DAY(2026, 6, 20))
    duty = Duty.objects.create(place=commune, unit=unit, period_kind="semester", phrase="Báo cáo 6 tháng", starts_on=DAY(2026, 1, 1))
    period = ReportPeriod.objects.create(place=commune, duty=duty, period="2026-H1", due_on=DAY(2026, 6, 9), ends_on=DAY(2026, 6, 9))
    return {
        "directive": directive, "obligation": obligation, "task": task, "period": period, "duty": duty,
        "milestone": Milestone.objects.create(task=task, title="Xong danh sách"),
        "note": ProgressNote.objects.create(task=task, author=writer, on=DAY(2026, 6, 1), text="Đang làm", evidence_name="anh.txt", evidence_digest=proof),
        "target": Target.objects.create(
            place=commune, phrase="bảo hiểm y tế đạt từ 98%", indicator="BH01", comparator=">=", value=98, unit="%", year=2026, due_on=DAY(2026, 12, 31),
            confirmed_by=writer, confirmed_on=DAY(2026, 5, 4)),
        "report": Report.objects.create(
            place=commune, period=period, unit=unit, form="six-months", title="Kết quả công tác y tế", as_of=DAY(2026, 6, 3), computed_at=AT, symbol="BC-TYT", created_by=writer,
            sections=[{"key": "khac", "title": "I. KHÁC", "text": "Đang làm.", "drafted": "Đang làm.", "version": 1, "edited_by": "", "edited_at": ""}]),
    }


def _station(station, technique):
    from tramyte.station.techniques.models import StationTechnique

    return {"station_technique": StationTechnique.objects.create(facility=station, technique=technique, approved_on=DAY(2025, 7, 1))}


@pytest.fixture
def world(cast):
    """Objects of every kind in the own commune, and their twins in a commune of another province; figures are computed."""
    from tramyte.engine.indicators import results
    from tramyte.engine.jobs.models import Job
    from tramyte.station.techniques.actions import load_techniques
    from tramyte.station.techniques.models import Technique

    far = Place.objects.create(code="79", name="Tỉnh Xa", kind="province", valid_from=DAY(2025, 7, 1), source="bịa")
    commune, hamlet, unit, station = _commune(far, "00099", "Xã Viễn")
    other = User.objects.create(username="xa", full_name="Người Xa")
    Assignment.objects.create(user=other, role="nurse", place=commune, valid_from=DAY(2025, 7, 1))
    load_techniques(by=cast.director, lines=[("TYT.001", "Đo huyết áp", "Khám bệnh")], name="Danh mục", source="bịa", valid_from=DAY(2025, 7, 1))
    technique = Technique.objects.get()
    own = {**_people(cast.hamlet, SECRET, 1), **_steering(cast.commune, cast.hamlet, cast.units["tyt"], cast.nurse, 1), **_station(cast.station, technique)}
    foreign = {**_people(hamlet, "Người Ở Xa", 2), **_steering(commune, hamlet, unit, other, 2), **_station(station, technique)}
    own |= {"hamlet": cast.hamlet, "user": cast.nurse, "job": Job.objects.create(task="verify_audit", title="Kiểm tra", by=cast.director)}
    foreign |= {"hamlet": hamlet, "user": other}
    results.refresh()
    return {"own": own, "foreign": foreign}


def _rights(username):
    return ROLES[ROLE_OF[username]].permissions


def _granted(username, needs):
    if needs.right is None:
        return True
    if needs.people and ROLES[ROLE_OF[username]].figures_only:
        return False
    if needs.either:
        return bool(_rights(username) & set(needs.either))
    return not needs.right or needs.right in _rights(username)


def _address(name, needs, objects):
    extra = {part: str(objects[value].pk) if value in objects else value for part, value in needs.extra.items()}
    return reverse(name, kwargs={**extra, **({"id": objects[needs.what].pk} if needs.what else {})})


def _ask(client, address, post):
    """The answer to a request that leaves nothing behind, neither rows nor a signed-out client."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.post(address, {"reason": "thử quyền"}) if post else client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer, body.decode("utf-8", "replace")


class Watch:
    """Collects what is wrong for one user, so that a failed test names all of it."""

    def __init__(self, client, username):
        self.client, self.username, self.wrong = client, username, []
        self.figures_only = username != "anonymous" and ROLES[ROLE_OF[username]].figures_only

    def asks(self, address, *, post, fine):
        answer, body = _ask(self.client, address, post)
        how = "POST" if post else "GET"
        if answer.status_code not in fine:
            self.wrong.append(f"{self.username} {how} {address}: {answer.status_code}, wanted {sorted(fine)}")
        if (self.figures_only or self.username == "stranger") and SECRET in body:
            self.wrong.append(f"{self.username} {how} {address}: shows a person's name")
        if self.username != "anonymous" and answer.headers.get("Location", "").startswith(reverse("login")) and address != reverse("logout"):
            self.wrong.append(f"{self.username} {how} {address}: was signed out")
        return answer


OPENS, ACTS, DENIED = {200, 302}, {200, 302, 409, 422}, {403, 404}


def _fine(username, needs):
    if not _granted(username, needs):
        return DENIED
    return (ACTS if needs.post else OPENS) | (DENIED if needs.also else set())


@pytest.mark.parametrize("username", WORKERS)
def test_every_address_is_denied_unless_granted(world, enter, username):
    watch = Watch(enter(username), username)
    for name, needs in NEEDS.items():
        away = username == "stranger" and needs.what  # a nurse, but of the neighbouring commune
        fine = DENIED if away else _fine(username, needs)
        watch.asks(_address(name, needs, world["own"]), post=needs.post, fine=fine)
        if needs.what and needs.what != "job":
            watch.asks(_address(name, needs, world["foreign"]), post=needs.post, fine=DENIED)
            watch.asks(_address(name, needs, {**world["own"], needs.what: User(pk=NOBODY)}), post=needs.post, fine=DENIED)
    assert not watch.wrong, "\n".join(watch.wrong)


def _book_address(name, slug, part, objects):
    line, path = BOOKS[slug][4], BOOKS[slug][5]
    given = {"id": {"id": objects[line].pk}, "path": {"path": path}, "load": {"id": NOBODY}}.get(part, {})
    return reverse(name, kwargs={"slug": slug, **given})


@pytest.mark.parametrize("username", WORKERS)
def test_every_book_is_closed_unless_granted(world, enter, username):
    watch = Watch(enter(username), username)
    for slug, (*rights, people, _, _) in BOOKS.items():
        for name, (level, part, post) in BOOK_PAGES.items():
            allowed = all(_granted(username, Needs(right, people=people)) for right in rights[:level + 1])
            national = part == "id" and username == "stranger"
            fine = DENIED if not allowed or national or part == "load" else (ACTS if post else OPENS) | ({404} if part == "path" else set())
            watch.asks(_book_address(name, slug, part, world["own"]), post=post, fine=fine)
            if part == "id":
                watch.asks(_book_address(name, slug, part, world["foreign"]), post=post, fine=DENIED)
        for form in ("json", "csv"):
            fine = OPENS if _granted(username, Needs(rights[0], people=people)) else DENIED
            watch.asks(f"{reverse('register', args=[slug])}?as={form}", post=False, fine=fine)
    assert not watch.wrong, "\n".join(watch.wrong)


def test_a_stranger_to_the_product_is_sent_to_the_sign_in(world, client):
    watch = Watch(client, "anonymous")
    for name, needs in NEEDS.items():
        if needs.right is None:
            continue
        answer = watch.asks(_address(name, needs, world["own"]), post=needs.post, fine={302})
        assert answer.status_code != 302 or answer.headers["Location"].startswith(reverse("login")), name
    for slug in BOOKS:
        for name, (_, part, post) in BOOK_PAGES.items():
            watch.asks(_book_address(name, slug, part, world["own"]), post=post, fine={302})
    assert not watch.wrong, "\n".join(watch.wrong)


@pytest.mark.parametrize("username", [name for name in WORKERS if ROLES[ROLE_OF[name]].figures_only])
def test_search_and_lists_tell_figures_only_roles_no_name(world, enter, username):
    watch = Watch(enter(username), username)
    for address in ("/tim/?q=kha+thi+rieng+tu", "/tim/?q=037156000001", "/chi-tieu/", f"/chi-tieu/{world['own']['target'].pk}/danh-sach/", "/"):
        watch.asks(address, post=False, fine={200, 302, 403})
    assert not watch.wrong, "\n".join(watch.wrong)


@pytest.mark.parametrize(("name", "action"), [
    ("person", "view"), ("household", "view"), ("number-shown", "view_number"), ("phone-shown", "view_number"), ("target-worklist", "list"),
])
def test_looking_at_people_is_logged(world, enter, name, action):
    address = _address(name, NEEDS[name], world["own"])
    before = AuditEntry.objects.filter(username="nurse", action=action).count()
    answer = enter("nurse").get(address)
    assert answer.status_code == 200
    assert AuditEntry.objects.filter(username="nurse", action=action).count() == before + 1


def test_the_permission_names_exist():
    from tramyte.engine.access.roles import PERMISSIONS

    used = {needs.right for needs in NEEDS.values() if needs.right} | {right for needs in NEEDS.values() for right in needs.either}
    assert used | {right for line in BOOKS.values() for right in line[:3]} <= PERMISSIONS.keys()
