"""Who derives rows from several facts of one person is told when two records became one, or two again."""

import uuid
from collections.abc import Callable, Collection

Renew = Callable[[Collection[uuid.UUID]], object]
_TOLD: list[Renew] = []


def tell(renew: Renew) -> Renew:
    """Declare a function that makes the derived rows of some people anew; called once, at start, by their topic."""
    if renew not in _TOLD:
        _TOLD.append(renew)
    return renew


def merged(persons: Collection[uuid.UUID]) -> None:
    """Have everything derived of these people made anew; in the transaction that merged or parted them."""
    for renew in _TOLD:
        renew(persons)
