"""`tramyte backup FILE`."""

import argparse
import sys
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", type=Path)


def run(options: argparse.Namespace) -> int:
    """Write one zip with the database and the files."""
    from tramyte.web.commands.main import start_django

    start_django()
    from tramyte.web.storage import backup

    backup(options.file.resolve())
    print(f"Đã sao lưu vào {options.file}.", file=sys.stderr)
    return 0
