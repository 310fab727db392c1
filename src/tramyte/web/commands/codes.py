"""`tramyte codes load NAME FILE`: a dated version of a code list, with its source."""

import argparse
import datetime
import sys
from pathlib import Path

from tramyte.engine.refused import Refused

NAMES = ("techniques", "hamlets", "facilities", "units")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after the verb."""
    actions = parser.add_subparsers(dest="action", metavar="load", required=True)
    load = actions.add_parser("load", help="nạp một phiên bản của danh mục")
    load.add_argument("name", metavar="NAME", choices=NAMES, help=", ".join(NAMES))
    load.add_argument("file", metavar="FILE", type=Path, help="tệp .csv hoặc .xlsx")
    load.add_argument("--source", default="", help="văn bản ban hành danh mục")
    load.add_argument("--valid-from", default="", help="hiệu lực từ ngày, dạng 2026-06-03 (mặc định: hôm nay)")
    load.add_argument("--as-of", help="ngày làm việc, dạng 2026-06-03")


def run(options: argparse.Namespace) -> int:
    """0 when the list is in force, newly or already."""
    from tramyte.web.commands.import_ import content_of
    from tramyte.web.commands.main import start_django

    start_django(options.as_of)
    from tramyte.engine.access.operator import operator
    from tramyte.engine.places import lists
    from tramyte.station.techniques import codes

    if options.name in lists.LISTS:
        made = lists.load_file(options.name, by=operator(), name=options.file.name, content=content_of(options.file))
        print(f"Đã ghi {made} dòng mới của danh mục {lists.LISTS[options.name].title}; dòng đã có giữ nguyên.", file=sys.stderr)
        return 0
    begins = _day(options.valid_from) if options.valid_from else None
    version, count = codes.load_file(
        by=operator(), name=options.file.name, content=content_of(options.file), source=options.source, valid_from=begins)
    words = f"Đã nạp {count} kỹ thuật" if count else "Danh mục này đang hiệu lực, không đổi gì"
    print(f"{words}: {version.name}, từ {version.valid_from:%d/%m/%Y}.", file=sys.stderr)
    return 0


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused("bad_date", f"--valid-from: '{text}' không phải ngày dạng 2026-06-03.") from None
