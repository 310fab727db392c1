"""Fact tables about births, what came before and after them, and family planning."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Func

from tramyte.care.people.models import Person
from tramyte.engine.facts import FactTable, boolean, date, integer, key, register, text
from tramyte.engine.facts.expressions import FOREVER, History

RIGHT = {"person__entered_in_error": False}
BY_PERSON = {"people.Person": "pk"}
COUPLED = ("vợ", "Vợ", "VỢ", "con dâu", "Con dâu", "CON DÂU", "cháu dâu", "Cháu dâu")


class DaysAfter(Func):
    """The date so many days after another."""

    output_field = DateField()

    def __init__(self, expression: Any, days: int) -> None:
        super().__init__(F(expression))
        self.days = days

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"date(%(expressions)s, '{self.days:+d} day')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"((%(expressions)s)::date + {self.days})", **extra)


def _said(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


BIRTHS = History("maternal.Delivery", "person_id", ("on", "pk"))

# The last birth of a woman that has begun on a day holds.
register(FactTable(
    name="deliveries", model="maternal.Delivery", subject_type="person", subject="person", where=RIGHT,
    alike=("on",), written_by={"maternal.Delivery": "person_id", "maternal.Pregnancy": "person_id", **BY_PERSON}, shows=("places.Place",),
    columns={
        "id": key("pk"), "person": key("person_id"), "pregnancy": key("pregnancy_id"), "place": text("person__hamlet__code"), "on": date("on"),
        "birth_date": date("person__birth_date"), "attendant": text("attendant"), "site": text(F("place")), "begun_on": date("pregnancy__since"), "managed": boolean(_said(Q(pregnancy__registered_on__isnull=False))),
        "week_on": date(DaysAfter("on", 7)), "until_on": date(DaysAfter("on", 42)), "since": date(BIRTHS.since), "next": date(BIRTHS.next),
    },
))

register(FactTable(
    name="antenatal", model="maternal.AntenatalContact", subject_type="person", subject="person", where=RIGHT,
    written_by={"maternal.AntenatalContact": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "pregnancy": key("pregnancy_id"), "on": date("on"), "term": integer("term"),
        "hiv": boolean(_said(~Q(hiv=""))), "syphilis": boolean(_said(~Q(syphilis=""))), "hepatitis_b": boolean(_said(~Q(hepatitis_b=""))),
    },
))

register(FactTable(
    name="postnatal", model="maternal.PostnatalContact", subject_type="person", subject="person", where=RIGHT,
    written_by={"maternal.PostnatalContact": "person_id", **BY_PERSON},
    columns={"id": key("pk"), "person": key("person_id"), "delivery": key("delivery_id"), "on": date("on"), "day": integer("day")},
))

# Children born alive; a stillborn is no person.
register(FactTable(
    name="newborns", model="maternal.Newborn", subject_type="person", subject="child",
    where={"child__isnull": False, "child__entered_in_error": False, "state__in": ["well", "weak", "asphyxia", "malformed"]},
    written_by={"maternal.Newborn": "child_id", **BY_PERSON}, shows=("places.Place",),
    columns={
        "id": key("pk"), "person": key("child_id"), "place": text("child__hamlet__code"), "on": date("on"), "at": text("at"), "sex": text("sex"), "weight": integer("weight_g"),
        "screen_by": date(DaysAfter("on", 28)),
    },
))

register(FactTable(
    name="screenings", model="maternal.Screening", subject_type="person", subject="person", where=RIGHT, written_by={"maternal.Screening": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "on": date("on"), "kind": text("kind"), "diseases": integer(Case(When(diseases=None, then=Value(0)), default=F("diseases"), output_field=IntegerField())),
    },
))

# Of one day what was stopped comes first: it gave way to what began on that day, in whatever order the two were written.
BEGUN = Case(When(act="stop", then=Value(0)), default=Value(1), output_field=IntegerField())
METHODS = History("maternal.FamilyPlanning", "person_id", ("on", BEGUN, "pk"))
# The last day protected: of a method that was stopped, or of which the station had none to give, the day before it;
# who came for more and has some left is protected as long as the line says.
LASTS = Case(
    When(Q(act="stop") | Q(act="start", stock_out=True) | Q(stock_out=True, until=None), then=DaysAfter("on", -1)), When(until=None, then=FOREVER), default=F("until"),
    output_field=DateField())

register(FactTable(
    name="contraception", model="maternal.FamilyPlanning", subject_type="person", subject="person", where=RIGHT, alike=("on",),
    written_by={"maternal.FamilyPlanning": "person_id", **BY_PERSON},
    columns={
        "id": key("pk"), "person": key("person_id"), "on": date("on"), "method": text("method"), "until": date(LASTS), "since": date(METHODS.since), "next": date(METHODS.next),
    },
))

HUSBAND = Exists(Person.objects.filter(household=OuterRef("household"), relation__in=["Chồng", "chồng", "CHỒNG"], entered_in_error=False, died_on=None))
MARRIED = Case(
    When(Q(relation__in=COUPLED) | (Q(relation__in=["Chủ hộ", "chủ hộ", "CHỦ HỘ"]) & HUSBAND), then=Value("yes")), default=Value(""), output_field=TextField())

# Women who have a husband as far as the household says: the wife of the head, a daughter-in-law, a head with a husband in the house.
register(FactTable(
    name="wives", model="people.Person", subject_type="person", subject="pk", where={"sex": "F"}, written_by=BY_PERSON,
    columns={"person": key("pk"), "married": text(MARRIED)},
))
