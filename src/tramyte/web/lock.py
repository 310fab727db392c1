"""One server for one home: a lock that the system itself releases when the process ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tramyte.engine.refused import Refused


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home's lock. Raises Refused when another process holds it."""
    with (home / "serve.lock").open("a+") as file:
        try:
            _take(file.fileno())
        except OSError as error:
            raise Refused("already_running", f"tramyte đang chạy với dữ liệu trong {home}. Hãy mở địa chỉ đang chạy, hoặc tắt nó trước.") from error
        yield


def _take(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
