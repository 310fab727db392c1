"""The one timeline of a person: everything that happened, newest first, narrowed by kind and cut into pages."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from tramyte.care.people.cards import Card, Event, Flag
from tramyte.care.people.models import Coverage, Identifier, Merge, Person, RecordEntry, Residence
from tramyte.care.people.record import FROM_PARTS
from tramyte.engine import clock
from tramyte.engine.access.naming import names_of
from tramyte.engine.audit.models import AuditEntry

SIZE = 30  # events on a page
NEWEST_CHANGES = 100
KINDS = {"sinh-tu": "Sinh, tử", "cu-tru": "Cư trú", "bhyt": "Thẻ BHYT", "ho-so": "Hồ sơ sức khỏe", "gop": "Gộp hồ sơ", "sua": "Sửa, ghi nhầm"}
# What of a person's own fields is told when it changed; of a telephone number only that it did.
TOLD = ("full_name", "birth_date", "sex", "ethnicity", "occupation", "relation")
HINTED = {"phone": "điện thoại", "household_id": "hộ", "mother_id": "mẹ", "birth_precision": "độ chính xác của ngày sinh"}
PARTED = "unmerge_persons"


@dataclass(frozen=True)
class Timeline:
    """A page of events. kinds: (slug, title, how many) of those there are; kind: the one asked for, "" for all."""

    page: Page
    kinds: list[tuple[str, str, int]]
    kind: str
    upcoming: Event | None

    @property
    def items(self) -> list[Event]:
        """What is shown: on the first page of everything the next act comes first."""
        first = [self.upcoming] if self.upcoming and not self.kind and self.page.number == 1 else []
        return [*first, *self.page.object_list]

    @property
    def later(self) -> int:
        """How many events stand on the pages after this one."""
        return self.page.paginator.count - self.page.end_index()

    @property
    def total(self) -> int:
        """How many events there are of all kinds."""
        return sum(count for _, _, count in self.kinds)


def timeline(events: Sequence[Event], titles: dict[str, str], kind: str, number: Any, todo: Sequence[Flag]) -> Timeline:
    """The events of a kind, newest first, one page of them. An unknown kind is everything, an unknown page the nearest."""
    counts = Counter(event.kind for event in events)
    kinds = [(slug, title, counts[slug]) for slug, title in titles.items() if counts[slug]]
    asked = kind if counts[kind] else ""
    chosen = sorted((event for event in events if not asked or event.kind == asked), key=lambda event: event.day, reverse=True)
    due = next((flag for flag in todo if flag.due), None)
    upcoming = Event(due.due, due.todo, "đến hạn", next=True) if due and due.due else None
    return Timeline(Paginator(chosen, SIZE).get_page(number), kinds, asked, upcoming)


def titles_of(cards: Sequence[Card]) -> dict[str, str]:
    """The kinds of events by slug: those of people, and one for each card."""
    return {**KINDS, **{card.slug: card.title for card in cards}}


def card_events(cards: Sequence[Card]) -> list[Event]:
    """The events of all cards, each of the card's kind unless it says another."""
    return [event if event.kind else replace(event, kind=card.slug) for card in cards for event in card.events]


def life_events(person: Person) -> list[Event]:
    """Birth and death."""
    shown = {"month": f"{person.birth_date:%m/%Y}", "year": f"{person.birth_date:%Y}"}.get(person.birth_precision, "")
    events = [Event(person.birth_date, "Sinh", kind="sinh-tu", shown=shown)]
    return [*events, Event(person.died_on, "Mất", kind="sinh-tu")] if person.died_on else events


def coverage_events(coverages: Iterable[Coverage]) -> list[Event]:
    """The first day of each card."""
    return [Event(card.start, "Thẻ BHYT", f"có giá trị đến {card.end:%d/%m/%Y}", f"nhóm {card.group}" if card.group else "", kind="bhyt") for card in coverages]


def residence_events(person: Person, residences: Iterable[Residence]) -> list[Event]:
    """Where somebody began and ceased to live; the end that a death made is told by the death."""
    events = []
    for stay in residences:
        words = str(stay.get_kind_display())
        events.append(Event(stay.start, words[:1].upper() + words[1:], str(stay.place), stay.reason if stay.end is None else "", kind="cu-tru"))
        if stay.end and stay.end != person.died_on:
            events.append(Event(stay.end, f"Hết {words}", str(stay.place), stay.reason, kind="cu-tru"))
    return events


def entry_events(entries: Iterable[RecordEntry]) -> list[Event]:
    """The opening of the health record and its noted updates; one that saving a part wrote is told by the parts."""
    opened = [Event(entry.on, "Lập hồ sơ sức khỏe", "", entry.source, kind="ho-so") for entry in entries if entry.kind == "opened"]
    updated = [Event(entry.on, "Cập nhật hồ sơ", "", entry.source, kind="ho-so") for entry in entries if entry.kind != "opened" and entry.source != FROM_PARTS]
    return opened + updated


def _merge_events(merges: Iterable[Merge], names: Mapping[str, str]) -> list[Event]:
    """The records that were merged into this one, and by whom."""
    return [Event(_day(merge.created_at), "Gộp hồ sơ", f"hồ sơ của {merge.lesser.full_name} được gộp vào đây", names[merge.made_by], kind="gop") for merge in merges]


def mistake_events(taken: Iterable[Coverage | Residence | RecordEntry | Identifier]) -> list[Event]:
    """What was entered in error, on the day it was taken back, with the reason."""
    return [Event(_day(row.updated_at), "Ghi nhầm", f"bỏ {_named(row)}", row.error_reason, kind="sua") for row in taken]


def _named(row: Any) -> str:
    """A row that was taken back, without its number."""
    day = getattr(row, "start", None) or getattr(row, "on", None)
    return f"{row._meta.verbose_name} {row.get_kind_display() if hasattr(row, 'kind') else ''}{f' từ {day:%d/%m/%Y}' if day else ''}".replace("  ", " ").strip()


def edit_events(person: Person, merges: Iterable[Merge]) -> list[Event]:
    """What was done to the record itself: merged, parted, its own facts changed, with the names of who did it. At most two queries."""
    rows = AuditEntry.objects.filter(object_id=str(person.pk), model="people.person", before__isnull=False)[:NEWEST_CHANGES]
    made = [(row, words) for row in rows if (words := _changes(row.before or {}, row.after or {})) or row.action == PARTED]
    names = names_of([*(row.username for row, _ in made), *(merge.made_by for merge in merges)])
    return [*_merge_events(merges, names), *(_change(row, words, names) for row, words in made)]


def _change(row: AuditEntry, words: str, names: Mapping[str, str]) -> Event:
    parted = row.action == PARTED
    return Event(_day(row.at), "Tách hồ sơ" if parted else "Sửa thông tin", "một hồ sơ đã gộp được tách ra" if parted else words, names[row.username], kind="gop" if parted else "sua")


def _changes(before: dict[str, Any], after: dict[str, Any]) -> str:
    told = [f"{_label(name)} {_value(name, before.get(name))} → {_value(name, after[name])}" for name in TOLD if name in after]
    return "; ".join([*told, *(words for name, words in HINTED.items() if name in after)])


def _label(name: str) -> str:
    return str(Person._meta.get_field(name).verbose_name)


def _value(name: str, value: Any) -> str:
    field = Person._meta.get_field(name)
    if name == "birth_date" and value:
        return f"{datetime.date.fromisoformat(str(value)):%d/%m/%Y}"
    words = dict(field.flatchoices or []).get(value, value)  # type: ignore[union-attr]  # own fields have choices
    return f"“{words}”" if words else "(trống)"


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment, clock.ZONE).date()
