"""Named reads of people."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)

from tramyte.care.people.models import Coverage, Identifier, Merge, Person, Residence
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.places.models import Place
from tramyte.rules.identity import Identity, Verdict, insurance_code, same_person
from tramyte.rules.text import clean, fold

LIKELY_SHOWN = 5
PRESENCE = {"here": "đang ở đây", "away": "đang đi vắng", "left": "đã chuyển đi", "died": "đã mất"}
BEST_STAY = ("-kind", "-start", "pk")  # the temporary residence before the permanent one, the later before the earlier


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody already there who may be the person being entered."""

    person: Person
    verdict: Verdict


def people() -> QuerySet[Person]:
    """Everybody who was not entered in error; narrow with `visible`."""
    return Person.objects.filter(entered_in_error=False)


def merged_into(id: uuid.UUID) -> Person | None:
    """The person whose record took in the one with this key, through however many merges; None when it was not merged."""
    step = Merge.objects.filter(lesser=id, undone_at=None).select_related("survivor").first()
    return (merged_into(step.survivor_id) or step.survivor) if step else None


def holding(day: datetime.date) -> Q:
    """The condition that a row with `start` and `end` (both inclusive, end may be open) holds on a day."""
    return Q(start__lte=day) & (Q(end=None) | Q(end__gte=day)) & Q(entered_in_error=False)


def stays(on: datetime.date) -> QuerySet[Residence]:
    """The residences by which somebody stays in a place on a day: permanent or temporary, with no absence from that place."""
    held = Residence.objects.filter(holding(on))
    away = held.filter(kind="absent", person=OuterRef("person"), place=OuterRef("place"))
    return held.filter(~Exists(away), kind__in=["permanent", "temporary"])


def staying(on: datetime.date) -> QuerySet[Person]:
    """Who stays anywhere on a day and is alive after it: the denominator that the indicators of people share.

    The same meaning as `indicators.staying`; tests/spec/test_staying.py holds the two together.
    """
    return people().filter(living(on), Exists(stays(on).filter(person=OuterRef("pk"))))


def living(on: datetime.date) -> Q:
    """The condition that a person has not died on or before a day."""
    return Q(died_on=None) | Q(died_on__gt=on)


def place_of_stay(on: datetime.date) -> Subquery:
    """For an annotation of people: the key of the place where each of them stays on a day."""
    return Subquery(stays(on).filter(person=OuterRef("pk")).order_by(*BEST_STAY).values("place")[:1], output_field=UUIDField())


def presence(on: datetime.date) -> Case:
    """For an annotation of people: here, away, left or died on a day; see `PRESENCE` for the words."""
    held = Residence.objects.filter(holding(on), person=OuterRef("pk"), kind__in=["permanent", "temporary"])
    return Case(
        When(died_on__lte=on, then=Value("died")), When(Exists(stays(on).filter(person=OuterRef("pk"))), then=Value("here")),
        When(Exists(held), then=Value("away")), default=Value("left"), output_field=CharField())


def lacks_head(members: Iterable[Any]) -> bool:
    """Whether people live in a household (its members, with `presence`) whose head has died, has left or was never named."""
    living = [member for member in members if member.presence in {"here", "away"}]
    return bool(living) and not any(member.is_head for member in living)


def present_residence(person: Person, on: datetime.date) -> Residence | None:
    """Where the person stays on a day: the first of `stays` in the order of `BEST_STAY`."""
    return stays(on).filter(person=person).select_related("place").order_by(*BEST_STAY).first()


def covered(rows: QuerySet[Person], on: datetime.date) -> QuerySet[Person]:
    """Of these people those with a valid insurance card on a day."""
    return rows.filter(Exists(Coverage.objects.filter(holding(on), person=OuterRef("pk"))))


def find_person(
    *, by: User | None = None, national_id: str | None = None, insurance: str | None = None, name: str | None = None,
    birth_date: datetime.date | None = None, hamlet: Place | None = None,
) -> Person | None:
    """The one person with this identity number, else this insurance code, else this name (tones off) and birth date.

    Ended numbers count too. None when nobody or more than one fits. by: look only where this user sees people.
    """
    rows = people() if by is None else visible(by, people())
    if hamlet is not None:
        rows = rows.filter(hamlet=hamlet)
    if national_id and (found := _only(rows.filter(_has_number(["national", "old_national"], national_id)))):
        return found
    if insurance and (found := _only(rows.filter(_has_number(["insurance"], insurance_code(insurance))))):
        return found
    if name and birth_date:
        return _only(rows.filter(search=fold(name), birth_date=birth_date))
    return None


def former_identities(near: Q | None = None) -> dict[uuid.UUID, list[Identity]]:
    """What the records said that were merged into others, by the key of the record that stands for them now.

    near: a condition on these merges. Two queries, one when nothing was merged.
    """
    standing = Merge.objects.filter(undone_at=None).order_by("pk")
    into = dict(standing.values_list("lesser", "survivor"))
    found: dict[uuid.UUID, list[Identity]] = {}
    for merge in standing.filter(near or Q()).select_related("lesser__hamlet") if into else ():
        key = merge.lesser_id
        while key in into:
            key = into[key]
        gone = merge.lesser
        said = Identity(name=clean(gone.full_name), birth_date=gone.birth_date, precision=gone.birth_precision, sex=gone.sex, phone=gone.phone, hamlet=gone.hamlet.name)
        found.setdefault(key, []).append(said)
    return found


def _has_number(kinds: list[str], value: str) -> Q:
    return Q(Exists(Identifier.objects.filter(person=OuterRef("pk"), kind__in=kinds, value=value, entered_in_error=False)))


def _only(rows: QuerySet[Person]) -> Person | None:
    two = list(rows.select_related("hamlet")[:2])
    return two[0] if len(two) == 1 else None


def possible_duplicates(identity: Identity, *, by: User, exclude: uuid.UUID | None = None) -> list[Likely]:
    """People this user may see who are, or may be, the person described; likeliest first, at most five. Four queries.

    Names and birth dates of records that were merged count as those of the record that stands for them.
    """
    block, former = Q(pk__in=[]), Q(pk__in=[])
    if identity.birth_date and identity.name:
        sexes = [identity.sex] if identity.sex else ["M", "F"]
        for condition in ({"search": fold(identity.name), "birth_date__year": identity.birth_date.year}, {"birth_date": identity.birth_date, "sex__in": sexes}):
            block |= Q(**condition)
            former |= Q(**{f"lesser__{name}": value for name, value in condition.items()})
    numbers = [number for number in (identity.national_id, insurance_code(identity.insurance_number)) if number]
    if numbers:
        block |= Q(pk__in=Identifier.objects.filter(value__in=numbers, entered_in_error=False).values("person"))
    known = former_identities(former)
    present = Prefetch("identifiers", Identifier.objects.filter(entered_in_error=False), to_attr="numbers")
    rows = visible(by, people().filter(block | Q(pk__in=list(known)))).exclude(pk=exclude).select_related("hamlet").prefetch_related(present)
    likely = [Likely(person, _best(identity, [identity_of(person), *known.get(person.pk, ())])) for person in rows[:300]]
    likely = [match for match in likely if match.verdict.kind != "different"]
    return sorted(likely, key=lambda match: (-match.verdict.score, match.person.search))[:LIKELY_SHOWN]


def _best(identity: Identity, said: Iterable[Identity]) -> Verdict:
    return max((same_person(identity, one) for one in said), key=lambda verdict: verdict.score)


def identity_of(person: Person) -> Identity:
    """What is known of a person for judging duplicates; reads `person.numbers` (a prefetched list) when there."""
    rows = getattr(person, "numbers", None)
    if rows is None:
        rows = list(person.identifiers.filter(entered_in_error=False))
    held = {row.kind: row.value for row in sorted(rows, key=lambda row: row.valid_to is None)}
    return Identity(
        name=clean(person.full_name), birth_date=person.birth_date, precision=person.birth_precision,  # type: ignore[arg-type]  # one of PRECISIONS
        sex=person.sex, national_id=held.get("national") or held.get("old_national", ""),
        insurance_number=held.get("insurance", ""), phone=person.phone, hamlet=person.hamlet.name)
