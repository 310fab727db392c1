"""Fact tables about measurements of children: weighings, lengths, visits, how babies are fed, and vitamin A."""

from typing import Any

from django.db.models import F

from tramyte.engine.facts import FactTable, date, integer, key, register, text
from tramyte.engine.facts.expressions import History

MODEL = "growth.GrowthMeasurement"
FED_UNTIL = 183  # days: younger babies are asked whether they live on breast milk alone


def _table(name: str, columns: dict[str, Any], **where: Any) -> None:
    """One history of a child: the rows of a kind, of which on any day the last one holds."""
    held = History(MODEL, "person_id", ("on", "pk"), **where)
    register(FactTable(
        name=name, model=MODEL, subject_type="person", subject="person", where={"person__entered_in_error": False, **where},
        alike=("on", "age_days", *columns), written_by={MODEL: "person_id", "people.Person": "pk"},
        columns={"id": key("pk"), "person": key("person_id"), "on": date("on"), "age_days": integer("age_days"), **columns, "since": date(held.since), "next": date(held.next)}))


DUE = {"due_on": date("due_on")}
_table("growth_weights", {"weight_band": integer("weight_band"), "trend": text("trend"), **DUE}, weight_band__isnull=False)
_table("growth_lengths", {"length_band": integer("length_band"), "wasting_band": integer("wasting_band"), **DUE}, length_band__isnull=False)
_table("growth_visits", {"acute": text("acute"), "follow_up_on": date("follow_up_on"), **DUE})
_table("growth_feeding", {"feeding": text(F("feeding"))}, feeding__gt="", age_days__lt=FED_UNTIL)
_table("growth_vitamin_a", DUE, vitamin_a=True)
