"""Who is pregnant on a day: one topic of care knows, the others ask here and import none of it."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expecting:
    """That a woman is pregnant. since: the day from which gestation counts; due_on: the expected day of birth.

    pregnancy: the key of the pregnancy, url: its page. known_on: when the station took her into its care; None when it did not.
    """

    person: uuid.UUID
    pregnancy: uuid.UUID
    since: datetime.date
    due_on: datetime.date
    url: str = ""
    known_on: datetime.date | None = None

    def days(self, on: datetime.date) -> int:
        """Gestation on a day, in completed days; 280 is term."""
        return (on - self.since).days


Provider = Callable[[datetime.date, Collection[uuid.UUID] | None], dict[uuid.UUID, Expecting]]
_PROVIDERS: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Declare the function that answers `expecting`; called once, at start, by the topic that keeps pregnancies."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def expecting(on: datetime.date, persons: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, Expecting]:
    """Of these people (None: of everybody) those who are pregnant on a day, by their key; a fixed number of queries.

    Nobody's rights are looked at: narrow the people, or what comes of them, with `visible`. Empty while no topic keeps pregnancies.
    """
    found: dict[uuid.UUID, Expecting] = {}
    if persons is None or persons:
        for provider in _PROVIDERS:
            found |= provider(on, persons)
    return found


def gestations(days: Iterable[tuple[uuid.UUID, datetime.date]]) -> dict[tuple[uuid.UUID, datetime.date], int]:
    """How many days pregnant each of these women was on her day; left out who was not. A fixed number of queries for each different day."""
    asked: defaultdict[datetime.date, set[uuid.UUID]] = defaultdict(set)
    for person, on in days:
        asked[on].add(person)
    return {(person, on): max(0, found.days(on)) for on, persons in asked.items() for person, found in expecting(on, persons).items()}
