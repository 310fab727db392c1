"""The database as a file to keep: backup, restore, upgrade with a copy made first."""

import datetime
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tramyte.engine import clock
from tramyte.engine.refused import Refused
from tramyte.web.layout import lay_out

NEEDED = 200 * 1024 * 1024


def pending() -> list[str]:
    """The names of migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def upgrade(say: Callable[[str], object]) -> None:
    """Bring the database to this version; where it already holds tables, a backup is made first.

    Raises Refused when the disk has no room for the backup, and when the database is newer than the code.
    """
    unknown = MigrationExecutor(connection).loader.applied_migrations.keys() - MigrationExecutor(connection).loader.disk_migrations.keys()
    ours = [key for key in unknown if key[0] in {config.split(".")[-1] for config in settings.INSTALLED_APPS if config.startswith("tramyte.")}]
    if ours:
        raise Refused("newer_data", "Dữ liệu được tạo bởi bản tramyte mới hơn bản đang chạy. Hãy cài bản mới rồi chạy lại; dữ liệu chưa bị thay đổi.")
    waiting = pending()
    if not waiting:
        return
    empty = not connection.introspection.table_names()
    if not empty:
        path = settings.HOME / "backups" / f"truoc-nang-cap-{clock.now():%Y%m%d-%H%M%S}.zip"
        backup(path)
        say(f"Đã sao lưu trước khi nâng cấp: {path}")
    try:
        if empty and connection.vendor == "sqlite":
            lay_out()
        else:
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise Refused("upgrade_failed", f"Nâng cấp dữ liệu không xong ({error}). Dữ liệu cũ còn nguyên trong thư mục backups; hãy báo người hỗ trợ.") from error


def backup(path: Path) -> None:
    """Write the database and the files of the home into one zip; whole or not at all.

    Raises Refused when there is no room or the place cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _room(path.parent)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
            name = _dump(Path(folder))
            bundle.write(Path(folder) / name, name)
            for file in _files():
                bundle.write(file, file.relative_to(settings.HOME))
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Refused("no_backup", f"Không ghi được bản sao lưu {path}: {error.strerror or error}. Hãy chọn ổ khác hoặc dọn bớt chỗ.") from error


def restore(path: Path) -> None:
    """Put a backup in the place of the present data, which is kept beside as a backup of its own.

    Raises Refused for a file that is no backup of ours or of another kind of database.
    """
    try:
        bundle = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused("no_such_backup", f"{path} không phải bản sao lưu của tramyte. Hãy chọn tệp .zip do lệnh backup tạo.") from error
    wanted = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
    with bundle:
        names = bundle.namelist()
        if wanted not in names or any(Path(name).is_absolute() or ".." in Path(name).parts for name in names):
            raise Refused("other_backup", f"{path} không có tệp {wanted}: không phải bản sao lưu dùng được với cơ sở dữ liệu này.")
        with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
            _unpack(path, bundle, Path(folder))
            if _readable() and connection.introspection.table_names():
                backup(settings.HOME / "backups" / f"truoc-khoi-phuc-{clock.now():%Y%m%d-%H%M%S}.zip")
            _load(Path(folder) / wanted)
            if (Path(folder) / "files").is_dir():
                shutil.copytree(Path(folder) / "files", settings.HOME / "files", dirs_exist_ok=True)


def _unpack(path: Path, bundle: zipfile.ZipFile, folder: Path) -> None:
    """Unpack a backup beside the data and prove its database, before anything of the present data is touched."""
    try:
        bundle.extractall(folder)
        if (file := folder / "database.sqlite3").exists():
            with closing(sqlite3.connect(file)) as base:
                sound = base.execute("PRAGMA quick_check").fetchone() == ("ok",) and base.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
            if not sound:
                raise sqlite3.DatabaseError
    except (sqlite3.DatabaseError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused("damaged_backup", f"Bản sao lưu {path} bị hỏng nên không khôi phục. Dữ liệu hiện nay chưa bị thay đổi; hãy dùng bản sao lưu khác.") from error
    except OSError as error:
        raise Refused("disk_full", f"Không giải nén được {path}: {error.strerror or error}. Dữ liệu hiện nay chưa bị thay đổi; hãy dọn bớt chỗ rồi thử lại.") from error


def _readable() -> bool:
    """Whether the present database can be read; one that is damaged is what a restore is for, and is put aside as it is."""
    try:
        connection.introspection.table_names()
    except DatabaseError:
        connection.close()
        if connection.vendor == "sqlite":
            broken = Path(connection.settings_dict["NAME"])
            broken.replace(broken.with_name(f"hong-{clock.now():%Y%m%d-%H%M%S}.sqlite3"))
        return False
    return True


def _room(folder: Path) -> None:
    used = Path(connection.settings_dict["NAME"]).stat().st_size if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).exists() else 0
    if shutil.disk_usage(folder).free < 2 * used + NEEDED:
        raise Refused("disk_full", f"Ổ đĩa chứa {folder} gần đầy nên chưa sao lưu được. Hãy dọn bớt ít nhất {(2 * used + NEEDED) // 2**20} MB rồi thử lại.")


def _files() -> list[Path]:
    return [p for p in sorted((settings.HOME / "files").rglob("*")) if p.is_file()] if (settings.HOME / "files").is_dir() else []


def _dump(folder: Path) -> str:
    if connection.vendor == "sqlite":
        source, target = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(folder / "database.sqlite3")
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return "database.sqlite3"
    _postgres("pg_dump", "--format=custom", f"--file={folder / 'database.dump'}")
    return "database.dump"


def _load(file: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        for extra in ("-wal", "-shm"):
            path.with_name(path.name + extra).unlink(missing_ok=True)
        file.replace(path)
    else:
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", str(file))


def _postgres(program: str, *words: str) -> None:
    given = connection.settings_dict
    if not shutil.which(program):
        raise Refused("no_pg_tools", f"Máy này không có {program} nên không sao lưu được PostgreSQL. Hãy cài gói postgresql-client.")
    where = [f"--dbname={given['NAME']}", *([f"--host={given['HOST']}"] if given["HOST"] else []), *([f"--port={given['PORT']}"] if given["PORT"] else []), *([f"--username={given['USER']}"] if given["USER"] else [])]
    done = subprocess.run([program, *where, *words], env={**os.environ, "PGPASSWORD": str(given["PASSWORD"])}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused("pg_failed", f"{program} không xong: {done.stderr.strip()[:300]}")


def clock_went_back() -> datetime.timedelta | None:
    """How far the PC's clock stands before the last moment that the audit saw; None when it does not."""
    from tramyte.engine.audit.models import AuditEntry

    last = AuditEntry.objects.values_list("at", flat=True).first()
    behind = last - clock.now() if last else datetime.timedelta()
    return behind if behind > datetime.timedelta(minutes=5) else None
