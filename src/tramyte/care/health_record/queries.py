"""Named reads of the health record: the record of one person, part by part."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.care.health_record.form import PARTS, Part
from tramyte.care.health_record.models import (
    AllergyIntolerance,
    Condition,
    FamilyMemberHistory,
    Observation,
    PartReview,
    Procedure,
    Stated,
)
from tramyte.care.people.models import Person
from tramyte.rules.text import fold

LISTS: dict[str, type[Stated]] = {model.__name__: model for model in (AllergyIntolerance, Condition, Procedure, FamilyMemberHistory)}


@dataclass(frozen=True)
class Answer:
    """What a question was answered with last: the stored row's value, in words, and when."""

    label: str
    words: str
    row: Observation


@dataclass(frozen=True)
class Held:
    """One part of one person's record. rows: of a list; answers: by code of the question; reviews: oldest first."""

    part: Part
    rows: Sequence[Any] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    reviews: Sequence[PartReview] = ()

    @property
    def last(self) -> PartReview | None:
        """The newest review; None while nobody asked."""
        return self.reviews[-1] if self.reviews else None

    @property
    def number(self) -> int:
        """The number of the newest review: the version of the part."""
        return self.last.number if self.last else 0

    @property
    def finding(self) -> str:
        """present, none, unknown, or "" while nobody asked; what is written weighs more than a stated absence."""
        if self.rows or self.answers:
            return "present"
        return self.last.finding if self.last and self.last.finding != "present" else ""

    @property
    def absence(self) -> str:
        """What a finding without lines or answers reads."""
        return {"none": self.part.none, "unknown": "Đã hỏi, không rõ"}.get(self.finding, "")

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The part in words: (label, words) of each answer, or of each line of the list."""
        if self.part.model:
            return [line_words(self.part, row) for row in self.rows]
        return [(answer.label, answer.words) for answer in self.answers.values()]


def line_words(part: Part, row: Any) -> tuple[str, str]:
    """A line of a list as two texts: what it is, and the rest."""
    name = code_words(part, row)
    rest = [row.detail if name else "", since_words(row), getattr(row, "relative", ""), "đã khỏi" if getattr(row, "status", "") == "resolved" else ""]
    what = name or row.detail
    return what[:1].upper() + what[1:], "; ".join(words for words in rest if words)


def code_words(part: Part, row: Any) -> str:
    """The word of the form for the code of a line; empty when the list has no codes."""
    return dict(part.choices).get(getattr(row, "code", ""), "")


def since_words(row: Any) -> str:
    """Since when, as far as it is known; empty when it is not."""
    if row.onset is None:
        return ""
    return str(row.onset.strftime({"month": "%m/%Y", "year": "%Y"}.get(row.onset_precision, "%d/%m/%Y")))


def concerns(held: Held, person: Person, as_of: datetime.date) -> bool:
    """Whether a part belongs to the person's record on a day: it asks such people, or something is written in it already."""
    return held.part.asked_of(person, as_of) or bool(held.finding)


def record_of(person: Person, as_of: datetime.date) -> dict[str, Held]:
    """Every part of the form that concerns this person on a day, by slug, in the order of the form. Six queries."""
    lists = {name: list(rows_of(model, person)) for name, model in LISTS.items()}
    reviews = reviews_of(person)
    said = latest_observations(person)
    parts = (_held(part, lists.get(part.model, []), said, reviews[part.slug]) for part in PARTS)
    return {held.part.slug: held for held in parts if concerns(held, person, as_of)}


def part_of(person: Person, part: Part) -> Held:
    """One part of a person's record. Two queries."""
    rows = list(rows_of(LISTS[part.model], person)) if part.model else []
    said = {} if part.model else latest_observations(person)
    return _held(part, rows, said, reviews_of(person, part=part.slug)[part.slug])


def _held(part: Part, rows: Sequence[Any], said: dict[str, Observation], reviews: Sequence[PartReview]) -> Held:
    own = [row for row in rows if getattr(row, "category", part.slug) == part.slug]
    found = {q.code: Answer(q.label, q.words(said[q.code].value), said[q.code]) for q in part.questions if q.code in said}
    return Held(part, own, found, reviews)


def rows_of(model: type[Stated], person: Person) -> Any:
    """A person's lines of a list that were not entered in error."""
    return model._default_manager.filter(person=person, entered_in_error=False)


def reviews_of(person: Person, **narrowed: Any) -> defaultdict[str, list[PartReview]]:
    """The reviews of each part, oldest first."""
    found: defaultdict[str, list[PartReview]] = defaultdict(list)
    for row in PartReview.objects.filter(person=person, entered_in_error=False, **narrowed).order_by("number"):
        found[row.part].append(row)
    return found


def latest_observations(person: Person) -> dict[str, Observation]:
    """The answer in force of each question: the last one said."""
    return {row.code: row for row in Observation.objects.filter(person=person, entered_in_error=False).order_by("on", "id")}


def same_line(one: Any, code: str, detail: str, relative: str) -> bool:
    """Whether a stored line already says this, tones and capitals aside."""
    return (getattr(one, "code", ""), fold(one.detail), fold(getattr(one, "relative", ""))) == (code, fold(detail), fold(relative))
