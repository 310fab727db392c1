"""`tramyte restore FILE`."""

import argparse
import sys
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", type=Path)


def run(options: argparse.Namespace) -> int:
    """Put a backup in the place of the present data; refuses while the server runs on this home."""
    from tramyte.web.commands.main import start_django

    start_django()
    from django.conf import settings

    from tramyte.web.lock import only_one
    from tramyte.web.storage import restore, upgrade

    with only_one(settings.HOME):
        restore(options.file.resolve())
        upgrade(lambda text: print(text, file=sys.stderr))
    print("Đã khôi phục. Dữ liệu trước đó được giữ trong thư mục backups.", file=sys.stderr)
    return 0
