"""What topics add to a person's page: a card, events of the timeline, flags. Topics register, people imports none of them."""

import datetime
import importlib
import importlib.util
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from tramyte.care.people.models import Person
from tramyte.engine.access.models import User


@dataclass(frozen=True)
class Event:
    """One line of the timeline. day: when, `shown`: in words when less than the day is known; title, text, meta: words.

    url: where it is written.  kind: the slug that the timeline is filtered by, a card's own when empty.
    """

    day: datetime.date
    title: str
    text: str = ""
    meta: str = ""
    url: str = ""
    next: bool = False
    shown: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Flag:
    """A chip of the banner; with `todo` also a line of "Việc tiếp theo".

    kind: late, due, ok, off or alarm.  due: when it should have been or is to be done.  paper: paperwork, which waits for what concerns health.
    """

    kind: str
    icon: str
    text: str
    todo: str = ""
    url: str = ""
    action: str = ""
    due: datetime.date | None = None
    paper: bool = False


@dataclass(frozen=True)
class Card:
    """What one topic shows of a person. slug: the anchor; template draws the card's body with `context` as `card`.

    whole: the template draws the card itself, not its body alone.  add: (address, words) of writing a new one, for who may.
    missing: what the health record lacks, in words.
    contacts: the days on which the topic brought the health record up to date (see `record`).
    """

    slug: str
    title: str
    template: str
    count: int | None = None
    context: dict[str, Any] = field(default_factory=dict)
    events: Sequence[Event] = ()
    flags: Sequence[Flag] = ()
    whole: bool = False
    add: tuple[str, str] | None = None
    missing: Sequence[str] = ()
    contacts: Sequence[datetime.date] = ()


Source = Callable[[User, Person, datetime.date], Card | None]
_SOURCES: dict[str, Source] = {}
_FOUND = False


def person_card(source: Source) -> Source:
    """Declare a function that gives a topic's card of a person as of a day, or None; use as a decorator in `cards.py`."""
    _SOURCES[f"{source.__module__}.{source.__name__}"] = source
    return source


def cards_of(user: User, person: Person, as_of: datetime.date, topics: Collection[str] | None = None) -> list[Card]:
    """The cards that the installed topics add, in the order of the topics; `topics`: only of these packages."""
    _discover()
    made = (source(user, person, as_of) for source in _SOURCES.values() if topics is None or source.__module__.rpartition(".")[0] in topics)
    return [card for card in made if card is not None]


def _discover() -> None:
    """Import the `cards` module of every topic, once."""
    global _FOUND
    if _FOUND:
        return
    for config in apps.get_app_configs():
        name = f"{config.name}.cards"
        if config.name.startswith("tramyte.care.") and name != __name__ and importlib.util.find_spec(name):
            importlib.import_module(name)
    _FOUND = True
