"""Lines that this very process has judged just now: as long as nobody writes, they need not be judged again to be written."""

import uuid
from collections.abc import Sequence

from tramyte.engine.audit import chain
from tramyte.engine.registers.cells import Line


class Fresh:
    """What the lines of one import were found to be, for whoever goes on with the very object of the import.

    Every writing leaves an entry in the audit chain, so that an entry of anybody else tells that the lines are to be judged again.
    """

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}
        self._since = 0

    def begin(self) -> None:
        """Judging begins: what is written from now on counts as later."""
        self._lines, self._since = {}, chain.position()

    def keep(self, lines: Sequence[Line]) -> None:
        """Judging has ended."""
        self._lines = {line.number: line for line in lines}

    def forget(self) -> None:
        """The lines are to be judged again."""
        self._lines = {}

    def take(self, load_id: uuid.UUID, numbers: Sequence[int]) -> dict[int, Line] | None:
        """These lines, by number, each given out once; None where one of them, or what is stored, may be otherwise by now. One query."""
        if self._lines and chain.changed_since(self._since, apart_from=str(load_id)):
            self.forget()
        found = {number: line for number in numbers if (line := self._lines.pop(number, None)) is not None}
        return found if len(found) == len(numbers) else None
