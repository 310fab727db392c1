"""How often one user, and one network address, may ask for what costs much or gives much away: search, exports, imports, downloads."""

import logging
import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tramyte.engine.refused import Refused
from tramyte.web.middleware import told

log = logging.getLogger("tramyte.web")
MINUTE, HOUR = 60.0, 3600.0
SHARED = 5  # several people of a station share one address


class Pace:
    """How often each key asked within a span. One process serves a home (see `web.lock`), so that its memory is count enough."""

    def __init__(self) -> None:
        self._asked: defaultdict[Hashable, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, key: Hashable, now: float, most: int, within: float = MINUTE) -> float:
        """Count one request at `now` (seconds of a steady clock); 0, or the seconds to wait when there were `most` within the span already."""
        with self._lock:
            asked = self._asked[key]
            while asked and now - asked[0] >= within:
                asked.popleft()
            if len(asked) >= most:
                return within - (now - asked[0])
            asked.append(now)
        return 0.0


@dataclass(frozen=True)
class Limit:
    """At most so many requests of a kind in a span of seconds for one user; words: what was asked for too often, and what to do instead."""

    most: int
    within: float
    words: str


SEARCH = Limit(300, MINUTE, "tìm kiếm")
EXPORT = Limit(20, MINUTE, "xuất tệp")
IMPORT = Limit(20, MINUTE, "nhập tệp")
DOWNLOAD = Limit(60, MINUTE, "tải tệp")
EMERGENCY = Limit(10, HOUR, "mở khẩn cấp")
# By the name of the address: reading (GET) and sending (POST) are counted apart.
READ = {
    "search": SEARCH, "person-duplicates": SEARCH, "register-suggest": SEARCH, "duplicate-pairs": SEARCH,
    "targets-export": EXPORT, "target-worklist-export": EXPORT, "report-file": EXPORT, "overview-print": EXPORT, "person-export-json": EXPORT,
    "person-export-pdf": EXPORT, "register-import-refused": EXPORT, "directive-file": DOWNLOAD, "task-evidence": DOWNLOAD, "consent-evidence": DOWNLOAD,
}
SENT = {
    "register-import": IMPORT, "system-places-load": IMPORT, "directive-new": IMPORT, "task-act": IMPORT, "insurance-lists": IMPORT, "consent-new": IMPORT,
    "emergency": EMERGENCY,
}
PACE = Pace()


def limit_of(request: HttpRequest) -> Limit | None:
    """What limits a request; any address that is asked for `as` a file is an export."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if name is None:
        return None
    if request.method == "POST":
        return SENT.get(name)
    return EXPORT if request.GET.get("as") else READ.get(name)


class Limits:
    """Answers 429 with a sentence to whoever asks too often; stands behind the sign-in."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Count what is limited, for the user and for the address."""
        limit = limit_of(request) if settings.LIMITED else None
        if limit is None or not request.user.is_authenticated:
            return None
        now, address = time.monotonic(), request.META.get("REMOTE_ADDR", "")
        wait = PACE.take((limit.words, request.user.pk), now, limit.most, limit.within) or PACE.take((limit.words, address), now, limit.most * SHARED, limit.within)
        return too_many(request, limit, wait) if wait else None


def too_many(request: HttpRequest, limit: Limit, wait: float) -> HttpResponse:
    """The answer to one request too many, with the seconds to wait."""
    seconds = math.ceil(wait)
    span = f"{seconds} giây" if seconds < 120 else f"{math.ceil(seconds / 60)} phút"
    log.warning("%s %r too often for %s: %s", request.method, request.path, request.user, limit.words)
    text = f"Tài khoản này vừa {limit.words} quá nhiều lần liền nhau nên máy tạm dừng. Chưa có gì được ghi. Hãy đợi {span} rồi làm lại; cần nhiều hơn thì lọc rồi xuất một lần."
    answer = told(request, Refused("too_many", text, status=429))
    answer["Retry-After"] = str(seconds)
    return answer
