"""The rule of temperatures that the program knows from the start, and what it says of a reading.

Inherited: the numbers were set by Thông tư 34/2018/TT-BYT (no longer in force); the rules of storage in Nghị định 104/2016/NĐ-CP
Điều 9 to 11 hold until 30/06/2027. Not compared with the original text.
"""

import datetime
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connections

from tramyte.station.cold_chain.models import TemperatureRule

SHIPPED = uuid.UUID("5b5b2a52-7f0e-5d6b-9a0c-0d1f3c7a2e10")
LOW, HIGH = Decimal(2), Decimal(8)
SINCE, UNTIL = datetime.date(2016, 7, 1), datetime.date(2027, 6, 30)
SOURCE = "NĐ 104/2016/NĐ-CP Điều 9 đến 11 (còn hiệu lực đến 30/06/2027); trị số theo TT 34/2018/TT-BYT (đã hết hiệu lực)"


def install(*, using: str = "default", **_: Any) -> None:
    """Write the shipped rule into a database that has none; called after every migration. What a station changed stays."""
    if TemperatureRule._meta.db_table not in connections[using].introspection.table_names():
        return
    rows = TemperatureRule._default_manager.using(using)
    if not rows.exists():
        rows.bulk_create([shipped()])


def shipped() -> TemperatureRule:
    """The rule that the program knows from the start."""
    return TemperatureRule(id=SHIPPED, low=LOW, high=HIGH, valid_from=SINCE, valid_to=UNTIL, source=SOURCE)


def rules() -> list[TemperatureRule]:
    """Every rule, the newest first."""
    return list(TemperatureRule.objects.filter(entered_in_error=False))


def rule_on(day: datetime.date, known: Sequence[TemperatureRule] | None = None) -> TemperatureRule:
    """The rule of a day. Where none is in force the last one before that day goes on being used (before all of them, the first)."""
    found = list(rules() if known is None else known) or [shipped()]
    return next((one for one in found if one.valid_from <= day), found[-1])


def state_of(celsius: Decimal, rule: TemperatureRule) -> str:
    """ "low", "high", or "" for a temperature within the rule."""
    return "low" if celsius < rule.low else "high" if celsius > rule.high else ""


def degrees(value: Decimal) -> str:
    """4.5 -> "4,5 °C", with a true minus sign."""
    text = f"{abs(value):.1f}".replace(".", ",").removesuffix(",0")
    return f"{'−' if value < 0 else ''}{text}\u00a0°C"


def range_words(rule: TemperatureRule) -> str:
    """ "+2 đến +8 °C". """
    low, high = (f"{'−' if value < 0 else '+'}{degrees(abs(value))}" for value in (rule.low, rule.high))
    return f"{low.removesuffix(chr(160) + '°C')} đến {high}"
