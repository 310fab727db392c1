"""What tasks do by themselves each day, as the scheduled job "remind"."""

from typing import Any

from tramyte.engine import clock
from tramyte.engine.jobs.work import Progress, job
from tramyte.governance.tasks.actions import continue_series, remind_due


@job("remind")
def remind_daily(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """Lay out the coming occurrences of recurring tasks, then remind of what is due; running it twice changes nothing."""
    today = clock.today()
    return {"opened": continue_series(on=today), "reminded": remind_due(on=today)}
