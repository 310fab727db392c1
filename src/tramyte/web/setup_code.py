"""The code that proves, in the browser, that somebody sits at the machine itself: read there, typed on the first page."""

import os
import secrets
from pathlib import Path

NAME = "ma-cai-dat.txt"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def path(home: Path) -> Path:
    """Where the code lies."""
    return home / NAME


def of(home: Path) -> str:
    """The code of a home without accounts, made when it is first asked for and readable by the owner only (about 59 bits)."""
    file = path(home)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(f"{code}\n")
    return code


def forget(home: Path) -> None:
    """Take the code away: the first account exists."""
    path(home).unlink(missing_ok=True)
