"""`tramyte demo`: fill an empty home with an invented commune."""

import argparse
import datetime
import gc
import sys

from tramyte.engine.refused import Refused

PEOPLE, SEED, AS_OF = 12_000, 2026, "2026-06-03"
# The demo's commune stands in a province as it is since this day.
EARLIEST = datetime.date(2025, 7, 1)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--people", type=int, default=PEOPLE, help="số người, mặc định 12000")
    parser.add_argument("--seed", type=int, default=SEED, help="hạt giống: cùng số thì cùng dữ liệu")
    parser.add_argument("--as-of", metavar="DATE", help="ngày của dữ liệu, mặc định hôm nay")


def run(options: argparse.Namespace) -> int:
    """Make the demo and print its logins; refuses a home that holds other data."""
    from tramyte.web.commands.main import start_django

    if not 10 <= options.people <= 1_000_000:
        raise Refused("bad_people", "--people phải từ 10 đến 1000000.")
    start_django(options.as_of)
    gc.set_threshold(100_000, 50, 100)  # rows by the ten thousand live at once: walk over them seldom
    _make(options.people, options.seed)
    from django.conf import settings

    from tramyte.web import demo_notes

    for line in demo_notes.lines(settings.HOME):
        print(line)
    return 0


def first_time(as_of: str | None) -> None:
    """Make the demo when the home is still empty; called by `serve --demo` before the server starts."""
    from tramyte.engine.access.models import User

    if not User.objects.exists():
        import os

        from tramyte.engine import clock

        os.environ[clock.AS_OF] = as_of or AS_OF
        _make(PEOPLE, SEED)


def _make(people: int, seed: int) -> None:
    from django.conf import settings

    from tramyte.engine import clock
    from tramyte.exchange.demo.fill import fill
    from tramyte.web import demo_notes, storage

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    day: datetime.date = clock.today()
    if day < EARLIEST:
        raise Refused("bad_as_of", f"Xã trình diễn chỉ có từ ngày {EARLIEST:%d/%m/%Y}. Hãy chọn --as-of từ ngày đó trở đi.")
    storage.upgrade(say)
    demo_notes.write(settings.HOME, {"as_of": day.isoformat(), **fill(people=people, seed=seed, as_of=day, say=say)})
