"""Ibis definitions as SQL text, compiled once per dialect and kept, so that the web process need not load Ibis.

The program brings along what was compiled when it was made (`ship`); whoever changes a definition compiles at the first question.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tramyte.engine.facts.declaring import TABLES, FactTable
from tramyte.engine.indicators import periods
from tramyte.engine.indicators.declaring import BY_PLACE, INDICATORS, REQUIRED, Indicator

DIALECTS = ("sqlite", "postgres", "duckdb")
TYPES = {"key": "string", "text": "string", "date": "date", "integer": "int64", "boolean": "boolean"}


@dataclass(frozen=True)
class Asked:
    """A question in one dialect: its SQL, and the columns that it reads of each fact table."""

    sql: str
    columns: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Compiled:
    """An indicator's relation in one dialect: whole rows, for counting with and without groups, and its tables."""

    rows: Asked
    counts: Asked
    totals: Asked
    dated: bool  # whether the rows have a column reason_on

    @property
    def tables(self) -> tuple[str, ...]:
        """The fact tables it reads."""
        return tuple(self.rows.columns)


def together(asked: Iterable[Asked]) -> dict[str, set[str]]:
    """The columns of each fact table that any of these questions reads."""
    found: dict[str, set[str]] = {}
    for one in asked:
        for name, columns in one.columns.items():
            found.setdefault(name, set()).update(columns)
    return found


@lru_cache(maxsize=256)
def compiled(code: str, dialect: str) -> Compiled:
    """The SQL of an indicator in a dialect of `DIALECTS`: brought along, kept from before, or compiled now."""
    one = INDICATORS[code]
    kept = _brought(dialect).get(code) or _kept(one, dialect)
    return Compiled(Asked(**kept["rows"]), Asked(**kept["counts"]), Asked(**kept["totals"]), kept["dated"])


def ship(folder: Path) -> None:
    """Compile every indicator in every dialect into FOLDER/<dialect>.json, an indicator a line."""
    for dialect in DIALECTS:
        lines = (f"{json.dumps(code)}: {json.dumps(_compile(one, dialect), ensure_ascii=False)}" for code, one in sorted(INDICATORS.items()))
        text = ",\n".join(lines)
        (folder / f"{dialect}.json").write_text(f'{{"digest": "{digest()}", "indicators": {{\n{text}\n}}}}\n', encoding="utf-8")


@lru_cache(maxsize=len(DIALECTS))
def _brought(dialect: str) -> dict[str, Any]:
    """What the program brings along in a dialect, when it was compiled from these very definitions; else nothing."""
    try:
        brought = json.loads((Path(settings.COMPILED) / f"{dialect}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(brought["indicators"]) if brought["digest"] == digest() else {}


def _kept(one: Indicator, dialect: str) -> dict[str, Any]:
    """What this home compiled before, or compiles now."""
    path = Path(settings.HOME) / "compiled" / f"{dialect}-{one.code}-{one.version}-{digest()}.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        kept = _compile(one, dialect)
        _keep(path, kept)
        return kept


def reading(tables: set[str], dialect: str) -> list[Indicator]:
    """The indicators that read one of these fact tables."""
    return [one for one in INDICATORS.values() if tables & set(compiled(one.code, dialect).tables)]


def warm(dialect: str) -> None:
    """Compile every indicator, so that the first entry of the day does not wait for it."""
    for code in INDICATORS:
        compiled(code, dialect)


class _Tables:
    """The fact tables as unbound Ibis tables; remembers which ones were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        import ibis

        if name not in TABLES:
            raise AttributeError(f"there is no fact table {name}; there are {sorted(TABLES)}")
        self.asked.add(name)
        return ibis.table(schema(TABLES[name]), name=name)


def schema(table: FactTable) -> dict[str, str]:
    """The columns of a fact table with Ibis types."""
    return {name: TYPES[type] for name, type in table.types.items()}


def _compile(one: Indicator, dialect: str) -> dict[str, Any]:
    import ibis

    tables = _Tables()
    relation = one.relation(tables, ibis.table({name: TYPES[type] for name, type in periods.COLUMNS.items()}, name="periods"))
    columns = set(relation.columns)
    grouped = [name for name in one.groups if name not in BY_PLACE]
    missing = (set(REQUIRED) | set(grouped)) - columns
    if missing:
        raise TypeError(f"indicator {one.code}: the relation lacks {sorted(missing)}")
    dated = "reason_on" in columns
    shown = [*REQUIRED, *(["reason_on"] if dated else []), *grouped]
    tree, known = _qualified(str(ibis.to_sql(relation.select(*shown), dialect=dialect, pretty=False)), dialect, tables.asked)
    totals = ["period", "subject", "place", "met"]
    asked = {"rows": shown, "counts": [*totals, *grouped], "totals": totals}
    made = {}
    for name, wanted in asked.items():
        pruned = _pruned(tree, wanted, known)
        made[name] = {"sql": pruned.sql(dialect), "columns": {table: sorted(_read(pruned, table)) for table in sorted(tables.asked)}}
    return {**made, "dated": dated}


def _qualified(sql: str, dialect: str, tables: set[str]) -> tuple[Any, dict[str, dict[str, str]]]:
    """The SQL as a tree in which every column names its table, and the columns of the tables by name."""
    import sqlglot
    from sqlglot.optimizer.qualify import qualify

    columns = {name: TABLES[name].types for name in tables} | {"periods": periods.COLUMNS}
    known = {table: {f'"{name}"': "TEXT" for name in types} for table, types in columns.items()}
    return qualify(sqlglot.parse_one(sql, read=dialect), schema=known, dialect=dialect, validate_qualify_columns=False), known


def _pruned(tree: Any, columns: Collection[str], known: dict[str, dict[str, str]]) -> Any:
    """The tree with only these columns, and below without those that nothing above reads: Ibis keeps them, and SQLite would carry them.

    Its subqueries stand one after the other: within one another they would be deeper than SQLite's parser reads.
    """
    from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries
    from sqlglot.optimizer.pushdown_projections import pushdown_projections

    own = tree.copy()
    own.set("expressions", [one for one in own.expressions if one.alias_or_name in columns])
    return eliminate_subqueries(pushdown_projections(own, schema=known))


def _read(tree: Any, table: str) -> set[str]:
    """The columns of a table that a qualified statement reads anywhere."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    return {
        column.name
        for scope in traverse_scope(tree) for alias, source in scope.sources.items()
        if isinstance(source, exp.Table) and source.name == table
        for column in scope.source_columns(alias)  # type: ignore[no-untyped-call]  # sqlglot says no types here
    }


@lru_cache(maxsize=1)
def digest() -> str:
    """A digest of every source file a compiled text depends on: the topics' definitions, and this engine."""
    names = {one.relation.__module__ for one in INDICATORS.values()} | {__name__, periods.__name__}
    content = hashlib.sha256()
    for name in sorted(names):
        file = sys.modules[name].__file__
        content.update(Path(str(file)).read_bytes())
    content.update(json.dumps({name: table.types for name, table in TABLES.items()}, sort_keys=True).encode())
    return content.hexdigest()[:16]


def _keep(path: Path, kept: dict[str, Any]) -> None:
    """Write whole or not at all: two processes may compile at once."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(kept, file, ensure_ascii=False)
    Path(name).replace(path)

