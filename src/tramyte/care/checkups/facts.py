"""Fact tables about check-ups."""

from django.db.models import F

from tramyte.engine.facts import FactTable, date, integer, key, register, text
from tramyte.engine.facts.expressions import History, YearAfter

HELD = History("checkups.Checkup", "person_id", ("on", "pk"))

register(FactTable(
    name="checkups", model="checkups.Checkup", subject_type="person", subject="person",
    where={"person__entered_in_error": False},
    alike=("on", "lapses_on"), written_by={"checkups.Checkup": "person_id", "people.Person": "pk"},
    columns={
        "id": key("pk"), "person": key("person_id"), "on": date("on"), "kind": text("kind"), "health_class": integer("health_class"),
        "age_days": integer("age_days"), "since": date(HELD.since), "next": date(HELD.next), "lapses_on": date(YearAfter(F("on"))),
    },
))
