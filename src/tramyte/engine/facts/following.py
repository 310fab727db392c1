"""Who follows the facts: topics that derive rows from facts of subjects and keep them equal are told of every writing.

A follower registers here; `engine.actions` and `engine.indicators` tell. Few subjects are followed within the transaction that
wrote, before figures are moved; many are only noted, and reckoned when `settle` is called.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Follower:
    """tables: the fact tables it derives from. renew: brings these subjects up to date. note: remembers that they wait.

    settle: brings up to date whoever waits.
    """

    tables: frozenset[str]
    renew: Callable[[Collection[uuid.UUID]], object]
    note: Callable[[Collection[uuid.UUID]], object]
    settle: Callable[[], object]


_FOLLOWERS: list[Follower] = []


def follow(follower: Follower) -> None:
    """Have a follower told from now on; once, however often it is said."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def written(tables: Collection[str], subjects: Iterable[Any]) -> None:
    """Tell that facts of a few subjects were written in these tables; in the transaction that wrote them."""
    ids = {uuid.UUID(str(subject)) for subject in subjects if subject}
    for one in _of(tables) if ids else ():
        one.renew(ids)


def many_written(tables: Collection[str], subjects: Iterable[Any]) -> None:
    """As `written` for many subjects: they are reckoned at the next `settle`."""
    ids = {uuid.UUID(str(subject)) for subject in subjects if subject} if _of(tables) else set()
    for one in _of(tables) if ids else ():
        one.note(ids)


@contextmanager
def unfollowed() -> Iterator[None]:
    """Nobody is told within: for who writes the derived rows as well, into a database that was empty."""
    kept = list(_FOLLOWERS)
    _FOLLOWERS.clear()
    try:
        yield
    finally:
        _FOLLOWERS.extend(kept)


def settle() -> None:
    """Bring everything up to date that waits; for the end of an import and for a job."""
    for one in _FOLLOWERS:
        one.settle()


def _of(tables: Collection[str]) -> list[Follower]:
    return [one for one in _FOLLOWERS if not one.tables.isdisjoint(tables)]
