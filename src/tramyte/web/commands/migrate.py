"""`tramyte migrate`."""

import argparse
import sys


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Create or upgrade the database, with a backup first."""
    from tramyte.web.commands.main import start_django

    start_django()
    from tramyte.web.storage import upgrade

    upgrade(lambda text: print(text, file=sys.stderr))
    print("Cơ sở dữ liệu đã ở bản mới nhất.", file=sys.stderr)
    return 0
