"""What the person's page shows, put together from few queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tramyte.care.people.cards import Card, Event, Flag, cards_of
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Coverage, Identifier, Person, RecordEntry, Residence
from tramyte.care.people.queries import PRESENCE, presence
from tramyte.engine.access.models import User
from tramyte.rules.calendar import add_months

SOON = datetime.timedelta(days=30)
UPKEEP_MONTHS = 12  # a health record counts as kept up when something was entered in the last twelve months
SHOWN = 30
PRESENCE_ORDER = list(PRESENCE)
NUMBERS = ("national", "old_national", "insurance", "temporary")  # in the order they are shown


@dataclass(frozen=True)
class Overview:
    """Everything of one person as of a day; lists are newest first."""

    person: Person
    numbers: list[Identifier]
    old_numbers: list[Identifier]
    coverages: list[Coverage]
    residences: list[Residence]
    entries: list[RecordEntry]
    members: list[Any]
    cards: list[Card]
    flags: list[Flag]
    events: list[Event]
    more_events: int
    missing: list[str]

    @property
    def todo(self) -> list[Flag]:
        """What is to be done next, the latest due first."""
        return sorted((flag for flag in self.flags if flag.todo), key=lambda flag: (flag.kind != "late", flag.due or datetime.date.max))


def overview(user: User, person: Person, as_of: datetime.date, *, whole: bool = False) -> Overview:
    """All that this user may see of a person they may see. `whole`: every event instead of the last thirty."""
    numbers = sorted((row for row in person.identifiers.all() if not row.entered_in_error), key=lambda row: NUMBERS.index(row.kind))
    coverages = list(person.coverages.filter(entered_in_error=False))
    residences = list(person.residences.filter(entered_in_error=False).select_related("place"))
    entries = list(person.record_entries.filter(entered_in_error=False))
    members = members_of(person, as_of)
    cards = cards_of(user, person, as_of)
    held = present_numbers(person)
    missing = missing_in_record(person, held, coverages, as_of)
    flags = [*_flags(person, coverages, entries, as_of), *(flag for card in cards for flag in card.flags)] if person.is_alive else [_died(person)]
    events = [*_events(person, coverages, residences, entries), *(event for card in cards for event in card.events)]
    events.sort(key=lambda event: event.day, reverse=True)
    shown = events if whole else events[:SHOWN]
    return Overview(
        person, [row for row in numbers if row.valid_to is None], [row for row in numbers if row.valid_to is not None], coverages, residences,
        entries, members, cards, flags, shown, len(events) - len(shown), missing)


def members_of(person: Person, as_of: datetime.date) -> list[Any]:
    """The others of the household with their `presence`: who is here first, then the head, then the eldest."""
    if person.household_id is None:
        return []
    rows = Person.objects.filter(household=person.household_id, entered_in_error=False).exclude(pk=person.pk).annotate(presence=presence(as_of))
    return sorted(rows, key=lambda row: (PRESENCE_ORDER.index(row.presence), row.relation.casefold() != "chủ hộ", row.birth_date))


def coverage_state(coverages: Sequence[Coverage], as_of: datetime.date) -> tuple[str, str, datetime.date | None]:
    """State kind, words and the last day of insurance of somebody with these periods."""
    begun = [card for card in coverages if card.start <= as_of]
    if not coverages:
        return "late", "Chưa có thẻ BHYT", None
    last = max(card.end for card in coverages)
    if not any(card.end >= as_of for card in begun):
        ahead = min((card.start for card in coverages if card.start > as_of), default=None)
        if ahead:
            return "due", f"BHYT từ {ahead:%d/%m/%Y}", last
        return "late", f"Hết hạn BHYT {last:%d/%m/%Y}", last
    if last - as_of <= SOON:
        return "due", f"BHYT hết hạn {last:%d/%m/%Y}", last
    return "ok", f"BHYT đến {last:%d/%m/%Y}", last


def missing_in_record(person: Person, held: dict[str, Any], coverages: Sequence[Coverage], as_of: datetime.date) -> list[str]:
    """What the personal health record still lacks of its administrative part.

    Source: Quyết định 831/QĐ-BYT (2017), mẫu hồ sơ quản lý sức khỏe cá nhân, phần thông tin hành chính.
    """
    gaps = {
        "số định danh": not ("national" in held or "old_national" in held), "mã BHXH": "insurance" not in held and not coverages,
        "ngày sinh đủ": person.birth_precision != "day", "dân tộc": not person.ethnicity, "nghề nghiệp": not person.occupation,
        "điện thoại": not person.phone, "hộ gia đình": person.household_id is None,
        "quan hệ với chủ hộ": bool(person.household_id) and not person.relation,
    }
    return [name for name, lacks in gaps.items() if lacks]


def _flags(person: Person, coverages: Sequence[Coverage], entries: Sequence[RecordEntry], as_of: datetime.date) -> list[Flag]:
    kind, words, last = coverage_state(coverages, as_of)
    renew = reverse("coverage-renew", args=[person.pk])
    todo = "" if kind == "ok" else "Gia hạn thẻ BHYT" if coverages else "Ghi thẻ BHYT"
    return [Flag(kind, "id-badge-2", words, todo, renew, todo, last), _record_flag(person, entries, as_of)]


def _record_flag(person: Person, entries: Sequence[RecordEntry], as_of: datetime.date) -> Flag:
    address = reverse("person", args=[person.pk]) + "#ho-so"
    if not any(entry.kind == "opened" for entry in entries):
        return Flag("due", "file-alert", "Chưa lập hồ sơ sức khỏe", "Lập hồ sơ sức khỏe", address, "Lập hồ sơ")
    latest = max(entry.on for entry in entries)
    due = add_months(latest, UPKEEP_MONTHS)
    if due <= as_of:
        return Flag("due", "file-alert", f"Hồ sơ cập nhật {latest:%d/%m/%Y}", "Cập nhật hồ sơ sức khỏe", address, "Cập nhật", due)
    return Flag("ok", "file-text", f"Hồ sơ cập nhật {latest:%d/%m/%Y}")


def _died(person: Person) -> Flag:
    return Flag("off", "flag", f"Đã mất {person.died_on:%d/%m/%Y}")


def _events(person: Person, coverages: Sequence[Coverage], residences: Sequence[Residence], entries: Sequence[RecordEntry]) -> list[Event]:
    events = [Event(person.birth_date, "Sinh")] if person.birth_precision == "day" else []
    for card in coverages:
        events.append(Event(card.start, "Thẻ BHYT", f"có giá trị đến {card.end:%d/%m/%Y}", f"nhóm {card.group}" if card.group else ""))
    for stay in residences:
        words = str(stay.get_kind_display())
        events.append(Event(stay.start, words[:1].upper() + words[1:], str(stay.place), stay.reason if stay.end is None else ""))
        if stay.end and stay.end != person.died_on:
            events.append(Event(stay.end, f"Hết {words}", str(stay.place), stay.reason))
    for entry in entries:
        words = str(entry.get_kind_display())
        events.append(Event(entry.on, words[:1].upper() + words[1:] + (" sức khỏe" if entry.kind == "opened" else " hồ sơ"), "", entry.source))
    if person.died_on:
        events.append(Event(person.died_on, "Mất"))
    return events
