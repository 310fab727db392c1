"""Fact tables about people: where they stay, their insurance, their records."""

from django.db.models import BooleanField, Case, DateField, F, Max, Min, TextField, Value, When
from django.db.models.functions import Coalesce, Least

from tramyte.engine.facts import FactTable, boolean, date, key, register, text
from tramyte.engine.facts.expressions import (
    ALWAYS,
    FOREVER,
    DayAfter,
    History,
    YearAfter,
    only_one,
)

RIGHT = {"person__entered_in_error": False}
BY_PERSON = {"people.Person": "pk"}

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
        "alone": boolean(only_one("people.Residence", "person_id")),
    },
))

CARDS = History("people.Coverage", "person_id", ("start", "end", "pk"))

register(FactTable(
    name="coverages", model="people.Coverage", subject_type="person", subject="person", where=RIGHT,
    alike=("start", "until", "lapses_on"), written_by={"people.Coverage": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "start": date("start"), "end": date("end"),
        "since": date(CARDS.since), "next": date(CARDS.next),
        "until": date(CARDS.so_far(Max, "end")),
        "lapses_on": date(CARDS.so_far(Max, DayAfter(F("end")))),
    },
))

VALID_FROM = Coalesce("valid_from", ALWAYS, output_field=DateField())
VALID_TO = Coalesce("valid_to", FOREVER, output_field=DateField())
NUMBERS = History("people.Identifier", "person_id", (VALID_FROM, VALID_TO, "pk"), kind="national")

# National identity numbers only; the days of validity of most are not known and then count as always.
register(FactTable(
    name="identities", model="people.Identifier", subject_type="person", subject="person", where={**RIGHT, "kind": "national"},
    alike=("start", "until"), written_by={"people.Identifier": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "start": date(VALID_FROM), "end": date(VALID_TO),
        "since": date(NUMBERS.since), "next": date(NUMBERS.next), "until": date(NUMBERS.so_far(Max, VALID_TO)),
    },
))

ENTRIES = History("people.RecordEntry", "person_id", ("on", "pk"))
# The first opening up to and including this entry: the same as the first of all on any day on which the entry holds.
OPENED = Case(When(kind="opened", then=F("on")), default=None, output_field=DateField())

register(FactTable(
    name="record_entries", model="people.RecordEntry", subject_type="person", subject="person", where=RIGHT,
    alike=("on", "opened_on", "lapses_on"), written_by={"people.RecordEntry": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "kind": text("kind"), "on": date("on"), "since": date(ENTRIES.since),
        "next": date(ENTRIES.next), "opened_on": date(ENTRIES.so_far(Min, OPENED)), "lapses_on": date(YearAfter(F("on"))),
    },
))
