"""At what moment somebody was born: the topic that keeps births knows, the others ask here and import none of it."""

import datetime
import uuid
from collections.abc import Callable, Collection

Provider = Callable[[Collection[uuid.UUID]], dict[uuid.UUID, datetime.datetime]]
_PROVIDERS: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Declare the function that answers `birth_times`; called once, at start, by the topic that keeps births."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def birth_times(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime.datetime]:
    """Of these people the moment of birth (aware) of those of whom it is known; a fixed number of queries.

    Nobody's rights are looked at. Empty while no topic keeps births.
    """
    found: dict[uuid.UUID, datetime.datetime] = {}
    for provider in _PROVIDERS if persons else ():
        found |= provider(persons)
    return found
