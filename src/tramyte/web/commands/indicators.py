"""`tramyte indicators`: figures and lists of a period, from the database or from extracted facts."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tramyte.web.commands.main import start_django

ENGINES = ("native", "duckdb", "spark")
GROUPS = ("hamlet", "old_commune", "site", "sex", "age_group")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("--period", required=True, help="kỳ: 2026, 2026-H1, 2026-Q3 hoặc 2026-10")
    parser.add_argument("--place", metavar="CODE", help="mã xã hoặc thôn; bỏ trống: toàn bộ dữ liệu")
    parser.add_argument("--code", metavar="X", help="mã một chỉ tiêu, như BH01")
    parser.add_argument("--by", choices=GROUPS, help="chia nhóm")
    parser.add_argument("--list", action="store_true", dest="listing", help="danh sách từng đối tượng (cần --code)")
    parser.add_argument("--engine", choices=ENGINES, default="native", help="nơi tính")
    parser.add_argument("--facts", metavar="DIR", type=Path, help="thư mục do tramyte facts tạo (cho duckdb)")
    parser.add_argument("--as-of", metavar="DATE", help="ngày tính, dạng 2026-06-03")
    parser.add_argument("--json", action="store_true", help="in JSON")


def run(options: argparse.Namespace) -> int:
    """Print the answer. 2 with a sentence for options that do not go together and for engines not built."""
    wrong = _wrong(options)
    if wrong:
        print(wrong, file=sys.stderr)
        return 2
    start_django(options.as_of)
    from tramyte.engine import clock
    from tramyte.engine.indicators import asking
    from tramyte.engine.indicators.figures import Atlas

    as_of = clock.today()
    period = asking.period_of(options.period, as_of)
    codes = [asking.known(options.code).code] if options.code else sorted(asking.INDICATORS)
    with _engine(options, codes, period) as engine:
        atlas = Atlas(engine.spots())
        place = asking.whereabouts(atlas, options.place)
        if options.listing:
            rows = _listing(asking.listed(engine, asking.known(codes[0]), period, as_of, atlas, place), codes[0])
        else:
            rows = [row for code in codes for row in _figures(engine, code, period, atlas, place, options)]
    _print(rows, as_json=options.json)
    return 0


def _wrong(options: argparse.Namespace) -> str:
    if options.engine == "spark":
        return "Bộ tính spark chưa có trong bản này. Hãy dùng --engine native hoặc --engine duckdb."
    if options.listing and not options.code:
        return "--list cần --code, ví dụ: tramyte indicators --period 2026 --code BH01 --list --json"
    if options.listing and options.by:
        return "--list và --by không đi cùng nhau: danh sách đã có thôn của từng người."
    if options.facts and options.engine == "native":
        return "--facts chỉ dùng với --engine duckdb; native tính trên cơ sở dữ liệu."
    return ""


@contextmanager
def _engine(options: argparse.Namespace, codes: list[str], period: Any) -> Iterator[Any]:
    """The engine asked for, the database with the facts laid out; DuckDB without --facts extracts into a folder that is gone afterwards."""
    if options.engine == "native":
        from tramyte.engine import clock
        from tramyte.engine.indicators.native import Native, laid_for

        _need_database()
        with laid_for(codes, [period], clock.today()):
            yield Native()
        return
    from tramyte.engine.facts import parquet
    from tramyte.engine.indicators.duck import Duck

    with ExitStack() as stack:
        folder = options.facts
        if folder is None:
            _need_database()
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "facts"
            parquet.write(folder)
        duck = Duck(folder)
        stack.callback(duck.close)
        yield duck


def _has_database() -> bool:
    from django.db import connection

    return "places_place" in connection.introspection.table_names()


def _need_database() -> None:
    from tramyte.engine.refused import Refused

    if not _has_database():
        raise Refused("no_database", "Thư mục dữ liệu chưa có cơ sở dữ liệu. Hãy chạy: tramyte demo (dữ liệu thử) hoặc tramyte migrate.")


def _figures(engine: Any, code: str, period: Any, atlas: Any, place: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    from tramyte.engine import clock
    from tramyte.engine.indicators import asking
    from tramyte.engine.indicators.figures import gap

    one, as_of, by = asking.known(code), clock.today(), options.by or ""
    if by and by not in one.groups and not options.code:
        print(f"{code}: không chia được theo {by}, bỏ qua.", file=sys.stderr)
        return []
    goal = _goal(code, place, period.start.year)
    rows = []
    for figure in asking.figures(engine, one, period, as_of, atlas, place, by):
        row = {
            "code": code, "title": one.title, "place": place or None, "place_name": atlas.name(place) if place else asking.EVERYWHERE,
            "period": period.code, "start": period.start.isoformat(), "end": period.end.isoformat(), "as_of": as_of.isoformat(),
            "numerator": figure.numerator, "denominator": figure.denominator, "unknown": figure.unknown, "value": figure.value,
            "unit": one.unit, "target": goal.target if goal else None, "comparator": goal.comparator if goal else None,
            "gap": gap(figure, goal.comparator, goal.target) if goal else None, "source": goal.source if goal else None,
            "definition_version": one.version,
        }
        rows.append({**row, "group": figure.group, "group_name": figure.group_name} if by else row)
    return rows


def _goal(code: str, place: str, year: int) -> Any:
    """The target, when there is a database to keep it: extracted facts may be read on another machine."""
    from tramyte.engine.indicators import targets

    return targets.goal(code, place, year) if place and _has_database() else None


def _listing(rows: list[Any], code: str) -> list[dict[str, Any]]:
    import uuid

    from tramyte.engine.indicators import INDICATORS
    from tramyte.engine.indicators.names import names

    kind = INDICATORS[code].subject_type
    called = names(kind, [uuid.UUID(row.subject) for row in rows]) if _has_database() else {}
    return [
        {
            "subject": row.subject, "subject_type": kind, "name": called.get(uuid.UUID(row.subject)), "place": row.place, "met": row.met,
            "reason": row.reason or None, "due_on": row.due_on.isoformat() if row.due_on else None,
        }
        for row in rows
    ]


def _print(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        if "subject" in row:
            print(row["place"], row["name"] or row["subject"], row["reason"] or "", sep="  ")
        else:
            shown = "không có đối tượng" if row["value"] is None else f"{row['value']:.1f} {row['unit']}".replace(".", ",")
            print(row["code"], row.get("group_name") or row["place_name"], f"{row['numerator']}/{row['denominator']}", shown, sep="  ")
