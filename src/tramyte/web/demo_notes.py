"""What the demo left to say: its as-of day and its logins, kept in a file of the home."""

import json
from pathlib import Path
from typing import Any

NAME = "demo.json"


def write(home: Path, notes: dict[str, Any]) -> None:
    """Keep the notes of a demo home."""
    (home / NAME).write_text(json.dumps(notes, ensure_ascii=False, indent=1), encoding="utf-8")


def read(home: Path) -> dict[str, Any]:
    """The notes of a demo home; empty for a real one."""
    path = home / NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def lines(home: Path) -> list[str]:
    """The notes as lines for a terminal."""
    notes = read(home)
    if not notes:
        return []
    logins = [f"  {login['username']:<10} {login['role']} ({login['name']})" for login in notes["logins"]]
    return [f"Xã trình diễn, ngày làm việc {notes['as_of']}. Mật khẩu chung: {notes['password']}", *logins]
