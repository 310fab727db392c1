"""What the generator of the invented commune gives: plain data, references by index into the lists.

What there is by the hundred thousand is a tuple with names, which is made several times as fast.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class HamletSpec:
    """A hamlet to be filled: its name and its share of the households (any scale)."""

    name: str
    weight: float = 1.0


@dataclass(slots=True)
class Household:
    """A household: number (1, 2, ... in the commune), index of its hamlet, address, index of its head."""

    number: int
    hamlet: int
    address: str
    head: int


@dataclass(slots=True)
class Person:
    """An invented person.

    household: index. sex: "M" or "F". precision of birth_date: "day", "month" or "year" (then the first day).
    ethnicity: code of two digits. national_id: 12 digits, 9 for some old people, empty for a few. phone: with the
    prefix 050, which no Vietnamese network has, or empty. relation to the head, in Vietnamese. mother: index or None.
    died_on: or None.
    """

    household: int
    full_name: str
    sex: str
    birth_date: date
    precision: str
    ethnicity: str
    relation: str
    mother: int | None = None
    national_id: str = ""
    phone: str = ""
    occupation: str = ""
    died_on: date | None = None


class Residence(NamedTuple):
    """A stay: kind "permanent", "temporary" or "absent" (away from the permanent home), first and last day.

    hamlet: index. end: None while it lasts. came: "birth", "arrival" or "before" (before the records begin); left:
    "death", "departure" or "" .
    """

    person: int
    hamlet: int
    kind: str
    start: date
    end: date | None
    came: str
    left: str


class CoveragePeriod(NamedTuple):
    """A term of an insurance card: 15-character number, group (its first two letters), first and last day."""

    person: int
    card_number: str
    group: str
    start: date
    end: date


class HealthRecord(NamedTuple):
    """A health record: the day it was opened and every day it was updated, in order (may be empty)."""

    person: int
    opened_on: date
    updates: tuple[date, ...]

    @property
    def updated_on(self) -> date:
        """The newest day on which it was opened or updated."""
        return self.updates[-1] if self.updates else self.opened_on


class CheckUp(NamedTuple):
    """A check-up: kind "periodic", "screening", "school" or "elderly"; place "station", "site", "school" or "hospital".

    health_class: 1 to 5 (loại I to V). Findings: mmHg, kg, cm, mmol/l; None when not measured.
    """

    person: int
    day: date
    kind: str
    place: str
    health_class: int
    systolic: int | None
    diastolic: int | None
    weight_kg: float | None
    height_cm: int | None
    glucose_mmol: float | None


@dataclass(frozen=True, slots=True)
class Death:
    """A death: day, hour ("" when unknown), setting, cause and ICD-10 code ("" when unknown), whether attended, who told."""

    person: int
    day: date
    hour: str
    setting: str
    cause: str
    icd10: str
    attended: bool
    informant: str


@dataclass(frozen=True, slots=True)
class TechniqueState:
    """A technique of the catalogue at the station: approved on, first performed on (or None), reason when not."""

    code: str
    approved_on: date
    performed_on: date | None
    reason: str


@dataclass(slots=True)
class Population:
    """The invented people with five years of history up to as_of, dead and departed people included.

    demo_person: index of Nguyễn Văn An, born 1956, first hamlet, card lapsed.
    """

    as_of: date
    hamlets: tuple[HamletSpec, ...]
    households: list[Household] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    coverages: list[CoveragePeriod] = field(default_factory=list)
    records: list[HealthRecord] = field(default_factory=list)
    checkups: list[CheckUp] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    demo_person: int = 0
