"""Names of subjects: the engine knows none, each topic teaches how its own are called."""

import uuid
from collections.abc import Callable, Collection

Names = Callable[[Collection[uuid.UUID]], dict[uuid.UUID, str]]
CHUNK = 10_000  # databases limit how many values one query may hold
_RESOLVERS: dict[str, Names] = {}


def register(subject_type: str, names: Names) -> None:
    """Teach how subjects of a type are called; called by a topic's `indicators.py`."""
    _RESOLVERS[subject_type] = names


def names(subject_type: str, subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of subjects by id; ids that are not known are absent."""
    resolver, ids = _RESOLVERS.get(subject_type), list(subjects)
    if resolver is None:
        return {}
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(ids), CHUNK):
        found |= resolver(ids[start:start + CHUNK])
    return found
