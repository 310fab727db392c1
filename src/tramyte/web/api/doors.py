"""Who may ask: a program with its key, so many times a minute, or a signed-in user's own session."""

import math
import time
from typing import Any

from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.security import HttpBearer, SessionAuth

from tramyte.engine.clients.queries import client_of, user_of
from tramyte.web.limits import Pace

PER_MINUTE = 300


PACE = Pace()


class Key(HttpBearer):
    """Khóa của ứng dụng kết nối, trong Authorization: Bearer. From here on the request acts as the program."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The program; raises Refused (401), so that a bad key never falls back to a session, and Throttled."""
        client = client_of(token)
        if wait := PACE.take(client.pk, time.monotonic(), PER_MINUTE):
            raise Throttled(math.ceil(wait))
        request.user = user_of(client)
        request.client = client  # type: ignore[attr-defined]  # read by `me`
        return client


class Session(SessionAuth):
    """Phiên đăng nhập của trình duyệt; yêu cầu ghi phải kèm mã CSRF."""
