"""`python -m tramyte.web.worker`: the process that runs jobs; started by `tramyte serve`."""

import gc
import os
import sys
import threading
import time

import django


def _follow_parent() -> None:
    """End when the server is gone, however it ended: a worker without a server would hold the database."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> int:
    """Work until the server ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    django.setup()
    gc.set_threshold(100_000, 50, 100)  # rows by the ten thousand live at once in imports: walk over them seldom
    from tramyte.engine.jobs.worker import work
    from tramyte.web.pages.regular import lay_schedule

    lay_schedule()
    threading.Thread(target=_follow_parent, daemon=True).start()
    work()
    return 0


if __name__ == "__main__":
    sys.exit(main())
