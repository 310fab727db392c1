"""Names of subjects: the engine knows none, each topic teaches how its own are called."""

import uuid
from collections.abc import Callable, Collection

Names = Callable[[Collection[uuid.UUID]], dict[uuid.UUID, str]]
_RESOLVERS: dict[str, Names] = {}


def register(subject_type: str, names: Names) -> None:
    """Teach how subjects of a type are called; called by a topic's `indicators.py`."""
    _RESOLVERS[subject_type] = names


def names(subject_type: str, subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of subjects by id; ids that are not known are absent."""
    resolver = _RESOLVERS.get(subject_type)
    return resolver(subjects) if resolver and subjects else {}
