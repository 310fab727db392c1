"""The station's clock: the one place that knows what day it is."""

import datetime
import os
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AS_OF = "TRAMYTE_AS_OF"


def today() -> datetime.date:
    """The day to work with: the as-of day when one was given (`--as-of`), else the station's calendar day.

    Raises ValueError when the environment names something that is not an ISO date.
    """
    fixed = os.environ.get(AS_OF)
    return datetime.date.fromisoformat(fixed) if fixed else now().date()


def now() -> datetime.datetime:
    """The present moment in the station's zone, aware; never shifted by the as-of day."""
    return datetime.datetime.now(tz=ZONE)
