"""Fact tables as a folder of Parquet files: what DuckDB and a cluster read."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from tramyte.engine import clock
from tramyte.engine.facts.declaring import TABLES
from tramyte.engine.facts.reading import query
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import origin_code
from tramyte.engine.refused import Refused

MANIFEST = "facts.json"
CHUNK = 100_000
PLACES = {"code": "text", "name": "text", "kind": "text", "parent": "text", "origin": "text"}


def write(folder: Path) -> dict[str, int]:
    """Write every fact table and the places below a folder, whole or not at all; returns the rows of each.

    `folder/<table>/part-00000.parquet` and so on, 100,000 rows a part, keys as dashed text, with `facts.json` beside
    them. One reading transaction: the tables fit together. An earlier extract is replaced; raises Refused for a
    folder that holds anything else, or that cannot be written.
    """
    _check(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise Refused("not_written", f"Không ghi được vào {folder.parent}: {error.strerror}. Hãy chọn thư mục khác.") from error
    try:
        with transaction.atomic():
            counted = {name: _write_table(made / name, table.types, query(table, dash=True).iterator(CHUNK)) for name, table in TABLES.items()}
            places = Place.objects.filter(entered_in_error=False).order_by("valid_from", "code")
            counted["places"] = _write_table(made / "places", PLACES, places.values_list("code", "name", "kind", F("parent__code"), origin_code()).iterator(CHUNK))
        told = {"as_of": clock.today().isoformat(), "written_at": clock.now().isoformat(), "rows": counted}
        (made / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
        made.chmod(0o700)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    except OSError as error:
        raise Refused("not_written", f"Không ghi được {folder}: {error.strerror}. Hãy kiểm tra chỗ trống của đĩa rồi thử lại.") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return counted


def check(folder: Path) -> None:
    """Raise Refused unless the folder is a whole extract that knows today's tables."""
    told = folder / MANIFEST
    if not told.is_file():
        raise Refused("no_facts", f"{folder} không phải thư mục dữ kiện (thiếu {MANIFEST}). Hãy tạo bằng lệnh: tramyte facts {folder}")
    lacking = sorted(name for name in TABLES if not list((folder / name).glob("*.parquet")))
    if lacking:
        raise Refused("old_facts", f"{folder} thiếu bảng {', '.join(lacking)}. Hãy tạo lại bằng lệnh: tramyte facts {folder}")


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table of an extract has."""
    told: dict[str, int] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["rows"]
    return told


def _check(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Refused("not_a_folder", f"{folder} là một tệp. Hãy chọn tên một thư mục.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise Refused("not_empty", f"{folder} đang chứa thứ khác nên không ghi đè. Hãy chọn một thư mục trống.")


def _write_table(folder: Path, types: dict[str, str], rows: Iterator[Any]) -> int:
    import polars

    kinds = {"key": polars.String, "text": polars.String, "date": polars.Date, "integer": polars.Int64, "boolean": polars.Boolean}
    schema = {name: kinds[type] for name, type in types.items()}
    folder.mkdir()
    count = part = 0
    while (chunk := list(islice(rows, CHUNK))) or part == 0:
        polars.DataFrame(chunk, schema=schema, orient="row").write_parquet(folder / f"part-{part:05d}.parquet")
        count, part = count + len(chunk), part + 1
        if len(chunk) < CHUNK:
            break
    return count
