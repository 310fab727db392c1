"""Who is told when the stored figures of the running month move: topics that act on a figure register here."""

from collections.abc import Callable, Collection

Told = Callable[[str, Collection[str]], None]
_TOLD: list[Told] = []


def when_moved(told: Told) -> None:
    """Have `told(indicator code, place codes)` called, inside the transaction of the entry that moved the figures."""
    if told not in _TOLD:
        _TOLD.append(told)


def tell(code: str, places: Collection[str]) -> None:
    """Say that the figures of an indicator moved in these places; says nothing where none did."""
    for told in _TOLD if places else ():
        told(code, places)
