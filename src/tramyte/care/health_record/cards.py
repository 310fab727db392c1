"""What the health record adds to a person's page: its state part by part, flags, events, and what is missing."""

import datetime
from collections.abc import Mapping

from tramyte.care.health_record.form import BY_SLUG
from tramyte.care.health_record.queries import Held, code_words, record_of, since_words
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User

NAMED = 3  # parts asked about on one day that the timeline names


@person_card
def health_record(user: User, person: Person, as_of: datetime.date) -> Card:
    """The parts with what they hold, and a flag for an allergy (danger to life) and for a disability."""
    record = record_of(person, as_of)
    shown = [held for held in record.values() if held.finding or held.part.lacks]
    return Card(
        "ho-so", "Hồ sơ sức khỏe", "people/record.html", None, {"parts": shown}, _events(record), _flags(record),
        whole=True, missing=missing_parts(person, record, as_of))


def missing_parts(person: Person, record: Mapping[str, Held], as_of: datetime.date) -> list[str]:
    """The parts nobody asked about yet, as "Còn thiếu" names them."""
    return [held.part.lacks for held in record.values() if not held.finding and held.part.expected_of(person, as_of)]


def _flags(record: Mapping[str, Held]) -> list[Flag]:
    flags = []
    if rows := record["allergy"].rows:
        flags.append(Flag("alarm", "alert-triangle", f"Dị ứng: {', '.join(_short(row.detail) or row.get_code_display() for row in rows)}"))
    if rows := record["disability"].rows:
        words = ", ".join(code_words(BY_SLUG["disability"], row) for row in rows)
        flags.append(Flag("off", "wheelchair", f"Khuyết tật: {words}"))
    return flags


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"


def _events(record: Mapping[str, Held]) -> list[Event]:
    """When illnesses, disabilities and operations began, and which parts were asked about on which day."""
    events = []
    for slug, title in (("illness", "Phát hiện"), ("disability", "Khuyết tật"), ("operation", "Phẫu thuật")):
        part = record[slug].part
        for row in record[slug].rows:
            if row.onset:
                words = "; ".join(filter(None, (code_words(part, row), row.detail)))
                events.append(Event(row.onset, title, words, shown=since_words(row)))
    asked: dict[datetime.date, list[str]] = {}
    for held in record.values():
        for day in dict.fromkeys(review.on for review in held.reviews):
            asked.setdefault(day, []).append(held.part.title)
    return [*events, *(Event(day, "Ghi hồ sơ sức khỏe", _titles(titles)) for day, titles in asked.items())]


def _titles(titles: list[str]) -> str:
    return "; ".join(titles).capitalize() if len(titles) <= NAMED else f"{len(titles)} phần"
