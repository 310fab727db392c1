"""The cast and the ground of all tests: one commune, its neighbour, one user a role."""

import datetime
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HOME = os.environ["TRAMYTE_HOME"] = tempfile.mkdtemp(prefix="tramyte-tests-")
os.environ["TRAMYTE_AS_OF"] = "2026-06-03"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: no test is judged by the clock.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

AS_OF = datetime.date(2026, 6, 3)
SINCE = datetime.date(2025, 7, 1)
SHARED = Path(__file__).parents[2] / "shared"


def pytest_unconfigure() -> None:
    """Take the home of these tests away again."""
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs the shared material when it is not there; on PostgreSQL ask only what depends on the database.

    The rule of what runs twice: whatever touches the database, except what is marked `sqlite_only`: tests about SQLite itself, and
    walks over all addresses, papers, pages and refusals of whole roles, whose queries the other tests ask PostgreSQL already (there one role that
    sees people and one that does not).
    """
    if os.environ.get("DATABASE_URL"):
        left_out = [item for item in items if not _uses_the_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _uses_the_database(item)]
    if SHARED.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason="../shared is not beside this checkout"))


def _uses_the_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture
def shared() -> Path:
    """The folder beside the checkout that holds data, truth and directives."""
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(laid_out, django_db_setup) -> None:
    """The database of a process; `migrate` is itself again in the tests."""
    laid_out.undo()


@pytest.fixture(scope="session")
def laid_out(django_test_environment):
    """On SQLite the tables are laid out at once, as a new home's are: tests/web/test_storage.py migrates from zero and compares. PostgreSQL migrates."""
    from django.core.management.commands.migrate import Command
    from django.db import connection

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            from tramyte.web.layout import lay_out

            patch.setattr(Command, "handle", lambda self, **options: lay_out())
        yield patch


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """Rows that a module's tests begin with are made after this once: a transaction around those of its tests, taken back after the last of them."""
    from django.db import transaction

    around = transaction.atomic()
    around._from_testcase = True  # as that of a test: what must be outermost is in it, too
    with django_db_blocker.unblock(), around:
        yield
        transaction.set_rollback(True)


@dataclass
class Cast:
    """The people and places every test may use: users by role, communes, hamlets, stations."""

    users: dict = field(default_factory=dict)
    province: object = None
    commune: object = None
    other_commune: object = None
    hamlets: list = field(default_factory=list)
    other_hamlet: object = None
    station: object = None
    site: object = None
    units: dict = field(default_factory=dict)

    def __getattr__(self, name: str):
        try:
            return self.__dict__["users"][name]
        except KeyError:
            raise AttributeError(name) from None


USERS = (
    ("director", "Nguyễn Thị Hạnh", "director", "commune", "tyt"),
    ("clinician", "Trần Văn Hùng", "clinician", "commune", "tyt"),
    ("nurse", "Lê Thị Lan", "nurse", "commune", "tyt"),
    ("village_worker", "Phạm Thị Mơ", "village_worker", "hamlet", None),
    ("officer", "Vũ Quang Huy", "officer", "commune", "vhxh"),
    ("chairman", "Đỗ Văn Thành", "chairman", "commune", "ubnd"),
    ("unit", "Bùi Văn Công", "unit", "commune", "congan"),
    ("supervisor", "Hoàng Thị Thu", "supervisor", "province", None),
    ("admin", "Quản trị", "admin", "commune", None),
    ("stranger", "Ngô Văn Minh", "nurse", "other_commune", None),
)
UNITS = (("ubnd", "Ủy ban nhân dân xã"), ("vhxh", "Phòng Văn hóa - Xã hội"), ("kinhte", "Phòng Kinh tế"), ("tyt", "Trạm Y tế xã"), ("congan", "Công an xã"))


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium for all browser tests of a process: two that are driven by blocking calls cannot share one."""
    pytest.importorskip("playwright.sync_api", reason="needs playwright")
    sys.path.insert(0, str(Path(__file__).parent / "browser"))
    import stage
    from playwright.sync_api import sync_playwright

    if stage.ABSENT:
        pytest.skip(stage.ABSENT)
    with sync_playwright() as playwright:
        made = stage.launch(playwright)
        yield made
        made.close()


@pytest.fixture
def cast(db) -> Cast:
    """The cast, in the database. `cast.nurse` is a user; `cast.hamlets[0]` is the village worker's."""
    return stored_cast()


def stored_cast() -> Cast:
    """A cast, newly written."""
    from django.contrib.auth.hashers import make_password

    from tramyte.engine.access.models import Assignment, User
    from tramyte.engine.places.models import Facility, OrgUnit, Place

    def place(code, name, kind, parent=None):
        row = Place(code=code, name=name, kind=kind, parent=parent, valid_from=SINCE, source="bịa cho kiểm thử")
        row.path = f"{parent.path if parent else ''}{row.pk.hex}/"  # as `save` does
        return row

    made = Cast()
    made.province = place("37", "Tỉnh Ninh Bình", "province")
    made.commune = place("00001", "Xã Đồng Vân", "commune", made.province)
    made.other_commune = place("00002", "Xã Bình Sơn", "commune", made.province)
    made.hamlets = [place(f"00001.0{n}", name, "hamlet", made.commune) for n, name in enumerate(("Thôn Đông Hạ", "Thôn Vân Sơn", "Thôn Trung Lập"), 1)]
    made.other_hamlet = place("00002.01", "Thôn Xa", "hamlet", made.other_commune)
    made.hamlet = made.hamlets[0]
    made.station = Facility(place=made.commune, kind="station", code="37001", name="Trạm Y tế xã Đồng Vân", valid_from=SINCE)
    made.site = Facility(place=made.hamlets[1], kind="site", code="37001-1", name="Điểm trạm Vân Sơn", parent=made.station, valid_from=SINCE)
    made.units = {code: OrgUnit(place=made.commune, code=code, name=name, valid_from=SINCE) for code, name in UNITS}
    made.users = {username: User(username=username, full_name=full_name, password=make_password("mat-khau-thu-nghiem")) for username, full_name, *_ in USERS}
    given = [Assignment(user=made.users[username], role=role, place=getattr(made, where), unit=made.units.get(unit), valid_from=SINCE) for username, _, role, where, unit in USERS]
    # one statement for each kind: two thousand tests begin with these rows
    for model, rows in (
        (Place, [made.province, made.commune, made.other_commune, *made.hamlets, made.other_hamlet]), (Facility, [made.station, made.site]),
        (OrgUnit, made.units.values()), (User, made.users.values()), (Assignment, given),
    ):
        model.objects.bulk_create(rows)
    return made


@pytest.fixture(scope="module")
def module_cast(module_rows) -> Cast:
    """A cast for all tests of a module: whoever begins with it takes a copy, for what one test does to its objects."""
    return stored_cast()


@pytest.fixture
def enter(client, cast):
    """Sign a user of the cast in and answer the client: `enter("nurse").get(...)`."""
    def signed_in(username: str):
        client.force_login(cast.users[username], backend="django.contrib.auth.backends.ModelBackend")
        return client
    return signed_in


@pytest.fixture
def make_target(cast):
    """A target of the commune: `make_target("BH01", 98)`."""
    from tramyte.governance.targets.models import Target

    def made(code="BH01", value=98.0, **more):
        bound = {"confirmed_by": cast.officer, "confirmed_on": datetime.date(2026, 6, 1)} if code else {}
        fields = {"place": cast.commune, "phrase": "tham gia bảo hiểm y tế đạt từ 98% trở lên", "indicator": code, "comparator": ">=", "value": value,
                  "unit": "%", "year": 2026, "due_on": datetime.date(2026, 12, 31), **bound, **more}
        return Target.objects.create(**fields)
    return made
