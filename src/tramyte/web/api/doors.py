"""Who may ask: a program with its key, so many times a minute, or a signed-in user's own session."""

import math
import threading
import time
import uuid
from collections import defaultdict, deque
from typing import Any

from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.security import HttpBearer, SessionAuth

from tramyte.engine.clients.queries import client_of, user_of

PER_MINUTE, MINUTE = 300, 60.0


class Pace:
    """How often each key asked within the last minute. One process serves a home, so that its memory is count enough."""

    def __init__(self) -> None:
        self._asked: defaultdict[uuid.UUID, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, key: uuid.UUID, now: float) -> float:
        """Count one request at `now` (seconds of a steady clock); 0, or the seconds to wait when there were too many."""
        with self._lock:
            asked = self._asked[key]
            while asked and now - asked[0] >= MINUTE:
                asked.popleft()
            if len(asked) >= PER_MINUTE:
                return MINUTE - (now - asked[0])
            asked.append(now)
        return 0.0


PACE = Pace()


class Key(HttpBearer):
    """Khóa của ứng dụng kết nối, trong Authorization: Bearer. From here on the request acts as the program."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The program; raises Refused (401), so that a bad key never falls back to a session, and Throttled."""
        client = client_of(token)
        if wait := PACE.take(client.pk, time.monotonic()):
            raise Throttled(math.ceil(wait))
        request.user = user_of(client)
        request.client = client  # type: ignore[attr-defined]  # read by `me`
        return client


class Session(SessionAuth):
    """Phiên đăng nhập của trình duyệt; yêu cầu ghi phải kèm mã CSRF."""
