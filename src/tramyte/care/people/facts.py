"""Fact tables about people: where they stay, their insurance, their records."""

from django.db.models import Case, Count, F, TextField, When, Window

from tramyte.engine.facts import FactTable, boolean, date, key, register, text
from tramyte.engine.facts.expressions import DayAfter, Is, furthest, history

RIGHT = {"person__entered_in_error": False}
BY_PERSON = {"people.Person": "pk"}
CARD_ORDER = ("start", "end", "pk")

COMMUNE = Case(When(place__kind="hamlet", then=F("place__parent__code")), default=F("place__code"), output_field=TextField())

register(FactTable(
    name="residences", model="people.Residence", subject_type="person", subject="person", where=RIGHT,
    written_by={"people.Residence": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "place": text("place__code"), "place_name": text("place__name"),
        "commune": text(COMMUNE), "kind": text("kind"), "start": date("start"), "end": date("end"),
        "sex": text("person__sex"), "birth_date": date("person__birth_date"), "died_on": date("person__died_on"),
        "alone": boolean(Is(Window(Count("pk"), partition_by=[F("person_id")]), 1)),
    },
))

CARDS = history("person_id", "start", CARD_ORDER)

register(FactTable(
    name="coverages", model="people.Coverage", subject_type="person", subject="person", where=RIGHT,
    written_by={"people.Coverage": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "start": date("start"), "end": date("end"),
        "since": date(CARDS["since"]), "next": date(CARDS["next"]),
        "until": date(furthest("person_id", "end", CARD_ORDER)),
        "lapses_on": date(DayAfter(furthest("person_id", "end", CARD_ORDER))),
    },
))
