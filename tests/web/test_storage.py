"""Backups hold everything, restores bring it back, upgrades copy first, one server holds a home, a new one is laid out as migrations leave it."""

import datetime
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing

import pytest
from django.db import connection

from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.web import storage
from tramyte.web.lock import only_one

# Rows that tables get without anybody's doing, by the columns that say something.
SEEDED = {
    "django_content_type": "app_label, model", "auth_permission": "codename, name", "django_migrations": "app, name",
}


@pytest.fixture
def bare(tmp_path):
    """Commands on a home of its own that does not exist yet."""
    def tramyte(*words: str, expect: int = 0, **environment: str) -> subprocess.CompletedProcess:
        env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRAMYTE_AS_OF"}}
        done = subprocess.run([sys.executable, "-m", "tramyte", *words], env={**env, "TRAMYTE_HOME": str(tmp_path / "home"), **environment}, capture_output=True, text=True, timeout=120)
        assert done.returncode == expect, done.stderr
        assert "Traceback" not in done.stderr
        return done

    tramyte.home = tmp_path / "home"
    return tramyte


@pytest.fixture(scope="module")
def laid_out_home(tmp_path_factory):
    """A home with an empty database, as `migrate` leaves it: made once, seconds."""
    home = tmp_path_factory.mktemp("laid-out") / "home"
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRAMYTE_AS_OF"}}
    subprocess.run([sys.executable, "-m", "tramyte", "migrate"], env={**env, "TRAMYTE_HOME": str(home)}, check=True, capture_output=True, timeout=120)
    return home


@pytest.fixture
def on_disk(bare, laid_out_home):
    """Commands on a copy of that home, with a database file on disk."""
    shutil.copytree(laid_out_home, bare.home)
    return bare


@pytest.mark.sqlite_only
def test_a_backup_comes_back_whole(on_disk, tmp_path):
    (on_disk.home / "files").mkdir()
    (on_disk.home / "files" / "bang-chung.txt").write_text("ảnh", encoding="utf-8")
    on_disk("backup", str(tmp_path / "a.zip"))
    assert {"database.sqlite3", "files/bang-chung.txt"} <= set(zipfile.ZipFile(tmp_path / "a.zip").namelist())
    (on_disk.home / "files" / "bang-chung.txt").unlink()
    (on_disk.home / "tramyte.sqlite3").unlink()
    on_disk("restore", str(tmp_path / "a.zip"))
    assert (on_disk.home / "files" / "bang-chung.txt").read_text(encoding="utf-8") == "ảnh"
    assert "0 dòng" in on_disk("audit", "verify").stderr


@pytest.mark.sqlite_only
def test_a_file_that_is_no_backup_is_refused(on_disk, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"no zip")
    assert "không phải bản sao lưu" in on_disk("restore", str(tmp_path / "b.zip"), expect=1).stderr
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as bundle:
        bundle.writestr("../out.txt", "x")
        bundle.writestr("database.sqlite3", "x")
    assert on_disk("restore", str(tmp_path / "c.zip"), expect=1)
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("content", [b"", b"x" * 5000, b"SQLite format 3\x00" + b"x" * 5000], ids=["empty", "text", "damaged"])
def test_a_damaged_backup_changes_nothing(on_disk, tmp_path, content):
    before = (on_disk.home / "tramyte.sqlite3").read_bytes()
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as bundle:
        bundle.writestr("database.sqlite3", content)
    assert "bị hỏng" in on_disk("restore", str(tmp_path / "d.zip"), expect=1).stderr
    assert (on_disk.home / "tramyte.sqlite3").read_bytes() == before


@pytest.mark.sqlite_only
def test_a_damaged_database_can_be_restored(on_disk, tmp_path):
    on_disk("backup", str(tmp_path / "a.zip"))
    for file in on_disk.home.glob("tramyte.sqlite3*"):
        file.unlink()
    (on_disk.home / "tramyte.sqlite3").write_bytes(b"no database " * 1000)
    assert "bị hỏng" in on_disk("audit", "verify", expect=1).stderr
    on_disk("restore", str(tmp_path / "a.zip"))
    assert "0 dòng" in on_disk("audit", "verify").stderr
    assert list(on_disk.home.glob("hong-*.sqlite3"))


@pytest.mark.sqlite_only
def test_a_backup_that_cannot_be_written_leaves_no_piece(on_disk, tmp_path):
    (tmp_path / "folder").mkdir()
    assert "Hãy chọn ổ khác" in on_disk("backup", str(tmp_path / "folder"), expect=1).stderr
    assert not (tmp_path / "folder.part").exists()


@pytest.mark.sqlite_only
def test_an_upgrade_copies_first_and_refuses_newer_data(on_disk):
    with sqlite3.connect(on_disk.home / "tramyte.sqlite3") as base:
        base.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
        base.execute("DROP TABLE jobs_job")
        base.execute("DROP TABLE jobs_schedule")
    assert "Đã sao lưu" in on_disk("migrate").stderr
    assert list((on_disk.home / "backups").glob("truoc-nang-cap-*.zip"))
    with sqlite3.connect(on_disk.home / "tramyte.sqlite3") as base:
        base.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('people', '0999_future', '2030-01-01')")
    assert "mới hơn" in on_disk("migrate", expect=1).stderr


def test_no_room_is_said_before_anything_is_written(db, tmp_path, monkeypatch):
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with pytest.raises(Refused, match="gần đầy"):
        storage.backup(tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_two_servers_cannot_share_a_home(tmp_path):
    with only_one(tmp_path), pytest.raises(Refused, match="đang chạy"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_clock_that_jumped_back_is_noticed(cast, monkeypatch):
    from tramyte.engine import clock

    chain.record(by=cast.nurse, action="test", row=Place.objects.first())
    assert storage.clock_went_back() is None
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real - datetime.timedelta(days=2))
    assert storage.clock_went_back() > datetime.timedelta(days=1)


def test_nothing_is_pending_in_a_fresh_database(db):
    assert storage.pending() == []
    assert connection.introspection.table_names()


def parts(sql: str | None) -> list[str]:
    """The pieces of a statement: columns stand in another order where a migration had SQLite copy a table."""
    return sorted((sql or "").replace(")", ", )").split(", "))


def schema(cursor) -> dict[tuple[str, str, str], list[str]]:
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(kind, name, table): parts(sql) for kind, name, table, sql in cursor.fetchall()}


def migrate_from_zero(home):
    """Every migration, one after the other, in a new home; the database it leaves."""
    home.mkdir()
    step_by_step = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
    env = {**os.environ, "TRAMYTE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tramyte.web.settings"}
    done = subprocess.run([sys.executable, "-c", step_by_step], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return home / "tramyte.sqlite3"


@pytest.mark.sqlite_only
def test_both_roads_lead_to_the_same_database(bare, tmp_path):
    bare("migrate")
    stepped = migrate_from_zero(tmp_path / "stepped")
    with closing(sqlite3.connect(bare.home / "tramyte.sqlite3")) as base, closing(sqlite3.connect(stepped)) as migrated:
        laid, stood = schema(base.cursor()), schema(migrated.cursor())
        assert len(stood) > 200
        assert laid == stood
        counted = sorted(name for kind, name, _ in stood if kind == "table" and not name.startswith(("people_words", "sqlite_")))
        for table in counted:
            query = f"SELECT {SEEDED.get(table, 'count(*)')} FROM {table}"
            assert sorted(base.execute(query).fetchall()) == sorted(migrated.execute(query).fetchall()), table
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.sqlite_only
def test_a_break_leaves_an_empty_database_that_can_be_laid_out_again(bare, tmp_path):
    breaking = tmp_path / "sitecustomize.py"
    breaking.write_text(
        "from django.db.backends.sqlite3 import schema\n"
        "made = schema.DatabaseSchemaEditor.create_model\n"
        "def fail(self, model):\n"
        "    if model._meta.db_table == 'people_person':\n"
        "        from django.db import OperationalError\n"
        "        raise OperationalError('disk I/O error')\n"
        "    made(self, model)\n"
        "schema.DatabaseSchemaEditor.create_model = fail\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    assert "Nâng cấp dữ liệu không xong" in bare("migrate", expect=1, PYTHONPATH=path).stderr
    with closing(sqlite3.connect(bare.home / "tramyte.sqlite3")) as base:
        assert base.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert "sao lưu" not in bare("migrate").stderr
    with closing(sqlite3.connect(bare.home / "tramyte.sqlite3")) as base:
        assert base.execute("SELECT count(*) FROM people_person").fetchone() == (0,)
