"""The person that a birth creates, finds or corrects; mother and child linked."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from tramyte.care.maternal.models import Newborn
from tramyte.care.maternal.queries import open_on
from tramyte.care.people.actions import (
    change_person,
    issue_temporary,
    record_birth,
    record_identifier,
    register_person,
)
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.refused import Refused
from tramyte.rules.identity import check_national_id
from tramyte.rules.text import clean

NUMERALS = ("Một", "Hai", "Ba", "Tư", "Năm", "Sáu")
OWN_CHILD = ("chủ hộ", "vợ")  # relations to the head of those whose child is the head's


def child_of(baby: Newborn, told: Mapping[str, Any], at: int, *, by: User, confirmed: bool) -> Person:
    """The person of a child born alive: the one chosen, one that the village entered already, else a new one with a temporary number.

    Raises Refused (403) of whoever may write births but no persons.
    """
    require(by, "people.write")
    mother, chosen = baby.mother, told.get("found")
    known = _chosen(baby, chosen, by, at) if chosen else _entered(baby, by)
    made = known or _new(baby, clean(str(told.get("name") or "")) or unnamed(baby), by=by, confirmed=confirmed or at > 0)
    if known is not None and known.mother_id is None:
        made = change_person(by=by, id=made.pk, mother=mother)
    return _numbered(made, told, by=by)


def follow_child(baby: Newborn, told: Mapping[str, Any], *, by: User) -> Person:
    """The person of a child whose line is corrected: name, sex and day of birth follow the line."""
    person = baby.child
    assert person is not None
    wanted = {"full_name": clean(str(told.get("name") or "")) or person.full_name, "sex": baby.sex, "birth_date": baby.on}
    changed = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    return _numbered(change_person(by=by, id=person.pk, **changed) if changed else person, told, by=by)


def unnamed(baby: Newborn) -> str:
    """What a child without a name is called: after its mother, the later ones of several births with a numeral."""
    name = f"Con Bà {baby.mother.full_name.split()[-1]}"
    return name if baby.order == 1 else f"{name} {NUMERALS[baby.order - 1]}"


def _chosen(baby: Newborn, chosen: Person | uuid.UUID, by: User, at: int) -> Person:
    key = chosen.pk if isinstance(chosen, Person) else chosen
    found = visible(by, Person.objects.filter(entered_in_error=False), "people.write").filter(pk=key).first()
    if found is None or found.birth_date != baby.on or found.sex != baby.sex or found.mother_id not in {None, baby.mother_id}:
        raise Refused("other_child", "Trẻ được chọn khác ngày sinh, giới hoặc mẹ. Hãy chọn lại, hoặc để trống để tạo hồ sơ mới.", field=f"{at}-found")
    return found


def _entered(baby: Newborn, by: User) -> Person | None:
    """A child of this mother of that day and sex that no line of the book holds yet."""
    rows = Person.objects.filter(mother=baby.mother_id, birth_date=baby.on, sex=baby.sex, entered_in_error=False)
    held = Newborn.objects.filter(entered_in_error=False, child__isnull=False).exclude(pk=baby.pk)
    return visible(by, rows.exclude(pk__in=held.filter(mother=baby.mother_id).values("child")), "people.write").order_by("created_at").first()


def has_left(mother: Person, on: datetime.date) -> bool:
    """Whether a woman stayed here once and on a day does no more."""
    return _stay(mother, on) == ""


def _stay(mother: Person, on: datetime.date) -> str:
    """How a woman stays here on a day: permanent, temporary, or "" when she has left; permanent where nobody wrote it."""
    stays = mother.residences.filter(entered_in_error=False)
    held = set(open_on(stays, on).values_list("kind", flat=True))
    return "permanent" if "permanent" in held or not stays.exists() else "temporary" if held else ""


def _new(baby: Newborn, name: str, *, by: User, confirmed: bool) -> Person:
    mother, residence = baby.mother, _stay(baby.mother, baby.on) or "temporary"
    if mother.household is not None and mother.household.hamlet_id == mother.hamlet_id:
        relation = "Con" if mother.relation.casefold() in OWN_CHILD else "Cháu"
        return record_birth(
            by=by, household=mother.household, full_name=name, birth_date=baby.on, sex=baby.sex, mother=mother, relation=relation, residence=residence,
            confirmed=confirmed)
    made = register_person(
        by=by, full_name=name, birth_date=baby.on, sex=baby.sex, hamlet=mother.hamlet, ethnicity=mother.ethnicity, mother=mother, residence=residence, since=baby.on,
        confirmed=confirmed)
    issue_temporary(by=by, person=made, newborn=True)
    return made


def _numbered(person: Person, told: Mapping[str, Any], *, by: User) -> Person:
    if number := str(told.get("national_id") or ""):
        record_identifier(by=by, person=person, kind="national", value=check_national_id(number))
    return person
