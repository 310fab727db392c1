"""The folder of all data and the settings read from the environment."""

import os
import secrets
import sys
from pathlib import Path


def setting(name: str, default: str) -> str:
    """One environment variable, without blanks around it."""
    return os.environ.get(name, default).strip()


def listed(name: str, default: str) -> list[str]:
    """A comma-separated environment variable as a list without empty parts."""
    return [part.strip() for part in setting(name, default).split(",") if part.strip()]


def folder() -> Path:
    """The data folder: `TRAMYTE_HOME`, else the user's application data; created when absent.

    Raises SystemExit with a sentence when the folder cannot be made or written.
    """
    named = setting("TRAMYTE_HOME", "")
    path = Path(named).expanduser() if named else _default()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"Không tạo được thư mục dữ liệu {path}: {error.strerror}. Hãy đặt TRAMYTE_HOME tới một thư mục ghi được.") from error
    if not os.access(path, os.W_OK):
        raise SystemExit(f"Thư mục dữ liệu {path} không ghi được. Hãy sửa quyền hoặc đặt TRAMYTE_HOME tới thư mục khác.")
    return path.resolve()


def _default() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home()) / "tramyte"
    return Path.home() / ".local" / "share" / "tramyte"


def secret_key(home: Path) -> str:
    """The signing key of this installation, made once and kept beside the data, readable by its owner only."""
    path = home / "secret-key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()
