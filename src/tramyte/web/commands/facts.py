"""`tramyte facts DIR`: the fact tables as Parquet."""

import argparse
import sys
from pathlib import Path

from tramyte.web.commands.main import start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="thư mục sẽ chứa các bảng (tạo mới hoặc thay bản xuất cũ)")
    parser.add_argument("--as-of", metavar="DATE", help="ngày tính, dạng 2026-06-03")


def run(options: argparse.Namespace) -> int:
    """Write the tables and say how many rows each has, on standard error."""
    start_django(options.as_of)
    from tramyte.engine.facts import parquet

    for name, rows in parquet.write(options.folder).items():
        print(f"{name}: {rows} dòng", file=sys.stderr)
    return 0
