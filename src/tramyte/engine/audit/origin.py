"""From where something is done: through which door, and from which network address; kept with each entry of the chain."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DOORS = {
    "page": "trang trên máy tính", "phone": "trang trên điện thoại", "api": "giao diện JSON", "import": "tệp nhập", "job": "việc nền",
    "command": "dòng lệnh trên máy chủ",
}
LONGEST = 60
_NOW: ContextVar[tuple[str, str]] = ContextVar("origin", default=("command", ""))


@contextmanager
def through(door: str, address: str | None = None) -> Iterator[None]:
    """While this lasts, things are done through this door; without an address from where they were done before."""
    if door not in DOORS:
        raise ValueError(door)
    token = _NOW.set((door, _NOW.get()[1] if address is None else address))
    try:
        yield
    finally:
        _NOW.reset(token)


def now() -> str:
    """The present door and address, as an entry keeps them: "page 192.0.2.7"."""
    return " ".join(filter(None, _NOW.get()))[:LONGEST]


def words(kept: str) -> str:
    """A kept origin in words; empty for entries from before it was kept."""
    door, _, address = kept.partition(" ")
    return ", ".join(filter(None, (DOORS.get(door, door), address)))
