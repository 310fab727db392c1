"""Two records of a person side by side: what each says, where they differ, which value is the fuller one."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Identifier, Person
from tramyte.rules.text import fold

FINENESS = {"year": 1, "month": 2, "day": 3}


@dataclass(frozen=True)
class Part:
    """Something a record says once: its name, its word, the own fields of a person that hold it (none: a number)."""

    name: str
    label: str
    fields: tuple[str, ...] = ()


OWN = (
    Part("full_name", "Họ và tên", ("full_name",)),
    Part("birth", "Ngày sinh", ("birth_date", "birth_precision")),
    Part("sex", "Giới tính", ("sex",)),
    Part("died_on", "Ngày mất", ("died_on",)),
    Part("ethnicity", "Dân tộc", ("ethnicity",)),
    Part("occupation", "Nghề nghiệp", ("occupation",)),
    Part("phone", "Điện thoại", ("phone",)),
    Part("household", "Hộ gia đình", ("household_id", "relation")),
    Part("mother", "Mẹ", ("mother_id",)),
)
HELD = tuple(Part(kind, str(label)[:1].upper() + str(label)[1:]) for kind, label in Identifier.KINDS)
PARTS = (*OWN, *HELD)


@dataclass(frozen=True)
class Line:
    """One part in two records. values: in the order of the records. taken: the key of the record whose value is proposed."""

    part: Part
    values: tuple[Any, Any]
    differs: bool
    taken: uuid.UUID


def compare(kept: Person, gone: Person) -> list[Line]:
    """A line for every part that one of the two records knows."""
    fuller, lines = fuller_parts(kept, gone), []
    for part in PARTS:
        one, other = value(kept, part), value(gone, part)
        if any(one) or any(other):
            lines.append(Line(part, (one, other), one != other, gone.pk if part.name in fuller else kept.pk))
    return lines


def value(person: Person, part: Part) -> tuple[Any, ...]:
    """What the record says of a part; reads prefetched `identifiers` when there."""
    if part.fields:
        return tuple(getattr(person, name) for name in part.fields)
    number = present_numbers(person).get(part.name)
    return (number.value if number else "",)


def fuller_parts(kept: Person, gone: Person) -> set[str]:
    """The names of the parts of which the second record says more than the first."""
    return {part.name for part in PARTS if _weight(part, value(gone, part)) > _weight(part, value(kept, part))}


def by_fullness(people: Collection[Person], facts: Callable[[Person], int]) -> list[Person]:
    """The fuller record first: by its facts and the parts it knows; of equal ones the older."""
    return sorted(people, key=lambda person: (-facts(person) - sum(any(value(person, part)) for part in PARTS), person.pk))


def _weight(part: Part, said: tuple[Any, ...]) -> int:
    """How much is said: nothing, something; a finer day of birth; a name with its tones."""
    if part.name == "birth":
        return FINENESS[said[1]]
    if part.name == "full_name":
        return 1 + (said[0].casefold() != fold(said[0]))
    return sum(item not in (None, "") for item in said)
