"""Who may open what: every address of the resolver x every role x an object of the own, a sibling and a foreign commune.

`NEEDS` and `BOOKS` of needs.py are the one declaration of who may what; the rest is generated. An address or book without a line
fails the first tests, so nothing is open by being new. What each answer says is read, too: no page, export, search or
suggestion may tell of a person to whom the person is closed.
"""

import copy
import logging
import sys
from pathlib import Path

import pytest
from django.db.models import Q
from django.urls import get_resolver, reverse

from tramyte.engine.access.models import User
from tramyte.engine.access.roles import PERMISSIONS, ROLES
from tramyte.engine.audit.models import AuditEntry

sys.path.insert(0, str(Path(__file__).parent))

import world as ground
from asking import ACTS, DENIED, JSON, OPENS, Watch, reaches, role_of, routes
from needs import BOOK_PAGES, BOOKS, FINDS, NEEDS, Needs

WORKERS = ("director", "clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor", "admin", "stranger")
NOBODY = "01890000-0000-7000-8000-000000000000"
FRAGMENT = {"HX-Request": "true"}


def test_every_address_has_a_line():
    names = [name for name, _ in routes(get_resolver())]
    assert not [name for name in names if not name or name.endswith(":")], "an address without a name cannot be checked"
    assert set(names) == NEEDS.keys() | BOOK_PAGES.keys()


def test_every_part_of_an_address_is_filled():
    for name, parts in routes(get_resolver()):
        if name in NEEDS:
            needs = NEEDS[name]
            assert parts == {*needs.extra, *(["id"] if needs.what else [])}, name


def test_every_book_has_a_line():
    from tramyte.engine.registers import registry

    assert {register.slug for register in registry.registers()} == BOOKS.keys()


def test_every_role_asks():
    assert {role_of(name).slug for name in WORKERS} == ROLES.keys()


def test_the_permission_names_exist():
    used = {needs.right for needs in NEEDS.values() if needs.right} | {right for needs in NEEDS.values() for right in needs.either}
    assert used | {right for line in BOOKS.values() for right in line[:3]} <= PERMISSIONS.keys()


@pytest.fixture(scope="module")
def built(module_cast):
    """The cast and its world, made once: what is asked for leaves nothing behind."""
    return module_cast, ground.build(module_cast)


@pytest.fixture
def both(built, db):
    """Copies of their objects for one test."""
    return copy.deepcopy(built)


@pytest.fixture
def cast(both):
    """The cast of that world."""
    return both[0]


@pytest.fixture
def world(both):
    """Place -> kind -> object."""
    return both[1]


@pytest.fixture
def watch(world, cast, client, settings, monkeypatch):
    """Sign a worker in and watch the answers: `watch("nurse")`. The worker's rights are read once for all requests, and no session is stored: a thousand requests a worker."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"

    def signed_in(username):
        monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", lambda request: cast.users[username])
        return Watch(client, username)
    logging.disable(logging.WARNING)  # a line for each of ten thousand refusals
    yield signed_in
    logging.disable(logging.NOTSET)


def _granted(username, needs):
    """Whether a role may do this anywhere."""
    if needs.right is None:
        return True
    role = role_of(username)
    if needs.own and username not in needs.own:
        return False
    if needs.people and role.figures_only:
        return False
    if needs.either:
        return bool(role.permissions & set(needs.either))
    return not needs.right or needs.right in role.permissions


def _address(name, needs, objects):
    extra = {part: str(objects[value].pk) if value in objects else value for part, value in needs.extra.items()}
    return reverse(name, kwargs={**extra, **({"id": objects[needs.what].pk} if needs.what else {})})


def _fine(needs):
    return (ACTS if needs.post else OPENS) | (DENIED if needs.also else set())


def _ask_one(seen, address, needs, allowed):
    if not allowed:
        return seen.refused(address)
    seen.asks(address, post=needs.post, fine=_fine(needs))
    for query in needs.ask:
        seen.asks(address + query, post=False, fine=OPENS)
        seen.asks(address + query, post=False, fine=OPENS, headers=FRAGMENT)


# Rights are asked in the same queries on every database: on PostgreSQL one who sees people and one who does not are enough.
ASKED = [name if name in {"nurse", "officer"} else pytest.param(name, marks=pytest.mark.sqlite_only) for name in WORKERS]


@pytest.mark.parametrize("username", ASKED)
def test_everything_is_denied_unless_granted(world, watch, username):
    """One test a worker: the world is made once for all that is asked."""
    seen = watch(username)
    _ask_the_addresses(seen, world)
    _ask_the_books(seen, world)
    assert not seen.wrong, "\n".join(seen.wrong)


def _ask_the_addresses(seen, world):
    for name, needs in NEEDS.items():
        granted = _granted(seen.username, needs)
        if not needs.what:
            _ask_one(seen, _address(name, needs, world["own"]), needs, granted)
            continue
        if not granted:
            for objects in _nearest_and_farthest(world, needs.what):
                seen.refused(_address(name, needs, world["own"] | objects))
            continue
        for objects, allowed in _places(seen, world, needs.what, needs.people):
            _ask_one(seen, _address(name, needs, world["own"] | objects), needs, allowed)
        seen.asks(_address(name, needs, {**world["own"], needs.what: User(pk=NOBODY)}), post=needs.post, fine=DENIED, headers=JSON)


def _places(seen, world, kind, people):
    """The objects of a kind with whether the worker's places hold them: one that is, and all that are not."""
    known = [(objects, reaches(seen.username, where, people=people)) for where, objects in world.items() if kind in objects]
    return [one for one in known if one[1]][:1] + [one for one in known if not one[1]]


def _nearest_and_farthest(world, kind):
    """The own object and the most foreign one: who lacks the right altogether is asked for these, as what lies between is refused for the same reason."""
    known = [objects for objects in world.values() if kind in objects]
    return [known[0], known[-1]]


FORMS = ("json", "csv", "xlsx")
SLOW = ("pdf",)  # takes long to set: asked for only by those who are refused


def _book_address(name, slug, part, objects):
    line, path = BOOKS[slug][4], BOOKS[slug][5]
    given = {"id": {"id": objects[line].pk} if part == "id" else {}, "path": {"path": path}, "load": {"id": NOBODY}, "line": {"id": NOBODY, "number": 1}}.get(part, {})
    return reverse(name, kwargs={"slug": slug, **given})


def _ask_the_books(seen, world):
    for slug, (*rights, people, line, _) in BOOKS.items():
        may = [all(_granted(seen.username, Needs(right, people=people)) for right in rights[:level + 1]) for level in range(3)]
        for name, (level, part, post) in BOOK_PAGES.items():
            needs = Needs(post=post, also=part == "path" or name == "register-bulk")  # not every book has that column, or takes edits of many rows
            asked = [(world["own"], part not in {"load", "line"})]
            if part == "id":
                asked = _places(seen, world, line, people) if may[level] else [(objects, False) for objects in _nearest_and_farthest(world, line)]
            for objects, inside in asked:
                address = _book_address(name, slug, part, objects)
                if part in {"load", "line"} and may[level]:
                    seen.refused(address, 422)  # such a thing is not there, or this book has none at all
                else:
                    _ask_one(seen, address, needs, may[level] and inside)
        _ask_the_list(seen, slug, may)


def _ask_the_list(seen, slug, may):
    """Exports, filtered lists and suggestions of a book."""
    listing, suggestions = reverse("register", args=[slug]), _book_address("register-suggest", slug, "path", {})
    for form in FORMS if may[0] else FORMS + SLOW:
        seen.asks(f"{listing}?as={form}", post=False, fine=OPENS if may[0] else DENIED, headers=None if may[0] else JSON)
    for query in FINDS[::3]:
        seen.asks(listing + query, post=False, fine=OPENS if may[0] else DENIED, headers=FRAGMENT)
        seen.asks(suggestions + query, post=False, fine={200, 404} if may[1] else DENIED, headers=FRAGMENT)


def test_a_stranger_to_the_product_is_sent_to_the_sign_in(world, client):
    seen = Watch(client, "anonymous")
    for name, needs in NEEDS.items():
        if needs.right is None:
            continue
        answer = seen.asks(_address(name, needs, world["own"]), post=needs.post, fine={302, 401})
        assert answer.status_code != 302 or answer.headers["Location"].startswith(reverse("login")), name
    for slug in BOOKS:
        for name, (_, part, post) in BOOK_PAGES.items():
            seen.asks(_book_address(name, slug, part, world["own"]), post=post, fine={302})
    assert not seen.wrong, "\n".join(seen.wrong)


def test_the_watch_sees_what_it_watches_for(world, watch):
    """The matrix can fail: an answer that tells of a closed person is found, in a page and in a spreadsheet."""
    seen = watch("nurse")
    seen.closed = list(ground.marks("own"))
    seen.asks("/so/residents/", post=False, fine=OPENS)
    seen.asks("/so/residents/?as=xlsx", post=False, fine=OPENS)
    seen.asks(reverse("person", args=[world["foreign"]["person"].pk]), post=False, fine=OPENS)
    assert any("tells Kha" in line for line in seen.wrong) and any("xlsx: tells" in line for line in seen.wrong) and any("404, wanted" in line for line in seen.wrong)


def test_every_look_at_a_person_is_logged(world, watch):
    """Whatever shows one person, a household or a row about one leaves an entry that says who looked; a new page without one fails."""
    client, own, silent = watch("director").client, world["own"], []
    addresses = [_address(name, needs, own) for name, needs in NEEDS.items() if needs.people and needs.what and not needs.post and _granted("director", needs)]
    addresses += [_book_address(name, slug, "id", own) for slug, line in BOOKS.items() if line[3] for name, (_, part, post) in BOOK_PAGES.items() if part == "id" and not post]
    for address in addresses:
        before = AuditEntry.objects.count()
        if client.get(address).status_code == 200 and not AuditEntry.objects.filter(LOOKS, username="director")[:max(0, AuditEntry.objects.count() - before)].exists():
            silent.append(address)
    assert not silent, "\n".join(silent)


LOOKS = Q(action__in=("view", "view_number", "list")) | Q(action__startswith="export_")


def test_lists_of_people_are_logged(world, watch):
    client = watch("nurse").client
    for address, action in ((_address("target-worklist", NEEDS["target-worklist"], world["own"]), "list"), ("/so/residents/?as=csv", "export_csv"), ("/so/residents/?as=json", "export_json")):
        before = AuditEntry.objects.filter(username="nurse", action=action).count()
        assert client.get(address).status_code == 200
        assert AuditEntry.objects.filter(username="nurse", action=action).count() == before + 1, address
