"""Fact tables about people: where they stay, their insurance, their records."""

from django.db.models import BooleanField, Case, Count, DateField, F, Min, TextField, Value, When, Window
from django.db.models.expressions import RowRange
from django.db.models.functions import Coalesce, Least

from tramyte.engine.facts import FactTable, boolean, date, key, register, text
from tramyte.engine.facts.expressions import (
    ALWAYS,
    FOREVER,
    DayAfter,
    Is,
    YearAfter,
    beside,
    furthest,
    history,
)

RIGHT = {"person__entered_in_error": False}
BY_PERSON = {"people.Person": "pk"}
CARD_ORDER = ("start", "end", "pk")

COMMUNE = Case(When(place__kind="hamlet", then=F("place__parent__code")), default=F("place__code"), output_field=TextField())
HOUSED = Case(When(person__household=None, then=Value(False)), default=Value(True), output_field=BooleanField())
# The first day on which the stay no longer holds: the day after its last one, or the day of death.
GONE = Least(Coalesce(DayAfter(F("end")), FOREVER), Coalesce(F("person__died_on"), FOREVER), output_field=DateField())

register(FactTable(
    name="residences", model="people.Residence", subject_type="person", subject="person", where=RIGHT,
    written_by={"people.Residence": "person_id", **BY_PERSON}, shows=("places.Place",),
    columns={
        "id": key("pk"), "person": key("person_id"), "place": text("place__code"), "place_name": text("place__name"),
        "commune": text(COMMUNE), "kind": text("kind"), "start": date("start"), "end": date("end"),
        "since": date("start"), "next": date(GONE),
        "sex": text("person__sex"), "birth_date": date("person__birth_date"), "died_on": date("person__died_on"),
        "birth_precision": text("person__birth_precision"), "housed": boolean(HOUSED),
        "alone": boolean(Is(Window(Count("pk"), partition_by=[F("person_id")]), 1)),
    },
))

CARDS = history("person_id", CARD_ORDER)

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

VALID_FROM = Coalesce("valid_from", ALWAYS, output_field=DateField())
VALID_TO = Coalesce("valid_to", FOREVER, output_field=DateField())
NUMBER_ORDER = (VALID_FROM, VALID_TO, "pk")
NUMBERS = history("person_id", NUMBER_ORDER)

# National identity numbers only; the days of validity of most are not known and then count as always.
register(FactTable(
    name="identities", model="people.Identifier", subject_type="person", subject="person", where={**RIGHT, "kind": "national"},
    written_by={"people.Identifier": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "start": date(VALID_FROM), "end": date(VALID_TO),
        "since": date(NUMBERS["since"]), "next": date(NUMBERS["next"]), "until": date(furthest("person_id", VALID_TO, NUMBER_ORDER)),
    },
))

ENTRY_ORDER = ("on", "pk")
ENTRIES = history("person_id", ENTRY_ORDER)
# The first opening up to and including this entry: the same as the first of all on any day on which the entry holds.
OPENED = Case(When(kind="opened", then=F("on")), default=None, output_field=DateField())

register(FactTable(
    name="record_entries", model="people.RecordEntry", subject_type="person", subject="person", where=RIGHT,
    written_by={"people.RecordEntry": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "kind": text("kind"), "on": date("on"), "since": date(ENTRIES["since"]),
        "next": date(ENTRIES["next"]), "opened_on": date(beside("person_id", ENTRY_ORDER, Min(OPENED), frame=RowRange(None, 0))), "lapses_on": date(YearAfter(F("on"))),
    },
))
