"""What the person's page shows, put together from few queries."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from tramyte.care.people.cards import Card, Flag, cards_of
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Coverage, Identifier, Merge, Person, RecordEntry, Residence
from tramyte.care.people.queries import PRESENCE, presence
from tramyte.care.people.record import RecordState, record_state
from tramyte.care.people.timeline import (
    Timeline,
    card_events,
    coverage_events,
    edit_events,
    entry_events,
    life_events,
    mistake_events,
    residence_events,
    timeline,
    titles_of,
)
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places

SOON = datetime.timedelta(days=30)
PRESENCE_ORDER = list(PRESENCE)
FIRST = ("alarm", "late", "due")  # kinds of flags; the others follow as they are
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
    merges: list[Merge]
    members: list[Any]
    kin: list[Any]
    cards: list[Card]
    flags: list[Flag]
    record: RecordState
    missing: list[str]
    timeline: Timeline

    @property
    def todo(self) -> list[Flag]:
        """What is to be done next."""
        return to_do(self.flags)

    @property
    def next(self) -> Flag | None:
        """The first of them that this user may do: the page's main button."""
        return next((flag for flag in self.todo if flag.url), None)


def to_do(flags: Sequence[Flag]) -> list[Flag]:
    """The flags that ask for an act: what is late first, of that health before paperwork, then what is due earliest."""
    return sorted((flag for flag in flags if flag.todo), key=lambda flag: (flag.kind != "late", flag.paper, flag.due or datetime.date.max))


def overview(
    user: User, person: Person, as_of: datetime.date, *, kind: str = "", page: Any = 1, topics: Collection[str] | None = None,
) -> Overview:
    """All that this user may see of a person they may see. kind, page: which part of the timeline is shown; topics: of which packages alone."""
    numbers, no_numbers = _parted(sorted(person.identifiers.all(), key=lambda row: NUMBERS.index(row.kind)))
    coverages, no_coverages = _parted(person.coverages.all())
    residences, no_residences = _parted(person.residences.select_related("place"))
    entries, no_entries = _parted(person.record_entries.all())
    merges = list(person.merges.filter(undone_at=None).select_related("lesser")) if getattr(person, "took_in", True) else []
    cards = cards_of(user, person, as_of, topics)
    record = record_state(entries, [day for card in cards for day in card.contacts], as_of)
    flags = _flags(person, coverages, record, merges, cards, as_of)
    missing = [*missing_in_record(person, present_numbers(person), coverages, as_of), *(words for card in cards for words in card.missing)]
    events = [
        *life_events(person), *coverage_events(coverages), *residence_events(person, residences), *entry_events(entries),
        *mistake_events([*no_coverages, *no_residences, *no_entries, *no_numbers]), *edit_events(person, merges), *card_events(cards)]
    shown = timeline(events, titles_of(cards), kind, page, to_do(flags))
    return Overview(
        person, [row for row in numbers if row.valid_to is None], [row for row in numbers if row.valid_to is not None], coverages, residences,
        entries, merges, *family_of(user, person, as_of), cards, flags, record, missing, shown)


def _parted(rows: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """Rows that count, and those entered in error."""
    found = list(rows)
    return [row for row in found if not row.entered_in_error], [row for row in found if row.entered_in_error]


def family_of(user: User, person: Person, as_of: datetime.date) -> tuple[list[Any], list[Any]]:
    """The others of the household, and the mother and children of other households whom the user may see; each with `presence`. One query.

    Of the household: who is here first, then the head, then the eldest.
    """
    near = Q(mother=person) | Q(pk=person.mother_id) | (Q(household=person.household_id) if person.household_id else Q(pk__in=[]))
    rows = Person.objects.filter(near, entered_in_error=False).exclude(pk=person.pk).annotate(presence=presence(as_of)).select_related("hamlet")
    ordered = sorted(rows, key=lambda row: (PRESENCE_ORDER.index(row.presence), not row.is_head, row.birth_date))
    home, seen = person.household_id, places(user, "people.view", personal=True)
    return [row for row in ordered if home and row.household_id == home], [row for row in ordered if not (home and row.household_id == home) and row.hamlet_id in seen]


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


def _flags(
    person: Person, coverages: Sequence[Coverage], record: RecordState, merges: Sequence[Merge], cards: Sequence[Card], as_of: datetime.date,
) -> list[Flag]:
    """Danger to life first, then what is late, then what is due, then what is known; of somebody who died only that, and what was merged."""
    own = [_died(person)] if not person.is_alive else [_insurance_flag(person, coverages, as_of), _record_flag(person, record, as_of)]
    merged = [Flag("off", "git-merge", f"Đã gộp {len(merges)} hồ sơ")] if merges else []
    topics = [flag for card in cards for flag in card.flags] if person.is_alive else []
    return [*sorted([*own, *topics], key=lambda flag: FIRST.index(flag.kind) if flag.kind in FIRST else len(FIRST)), *merged]


def _insurance_flag(person: Person, coverages: Sequence[Coverage], as_of: datetime.date) -> Flag:
    kind, words, last = coverage_state(coverages, as_of)
    todo = "" if kind == "ok" else "Gia hạn thẻ BHYT" if coverages else "Ghi thẻ BHYT"
    return Flag(kind, "id-badge-2", words, todo, reverse("coverage-renew", args=[person.pk]), todo, last, paper=True)


def _record_flag(person: Person, record: RecordState, as_of: datetime.date) -> Flag:
    address = reverse("health-record", args=[person.pk])
    if record.opened_on is None:
        return Flag("due", "file-alert", "Chưa lập hồ sơ sức khỏe", "Lập hồ sơ sức khỏe", address, "Lập hồ sơ", paper=True)
    if not record.kept:
        return Flag("due", "file-alert", f"Hồ sơ cập nhật {record.last_on:%d/%m/%Y}", "Cập nhật hồ sơ sức khỏe", address, "Cập nhật hồ sơ", record.due_on, paper=True)
    return Flag("ok", "file-text", f"Hồ sơ cập nhật {record.last_on:%d/%m/%Y}")


def _died(person: Person) -> Flag:
    return Flag("off", "flag", f"Đã mất {person.died_on:%d/%m/%Y}")
