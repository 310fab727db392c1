"""What a directive says, as plain values; spans are `[start, end)` offsets into `Parsed.text`."""

from dataclasses import asdict, dataclass, field
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document that the opening relies on; `date` is ISO, or year and month, or None."""

    number: str | None
    date: str | None
    body: str | None
    kind: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """One item of work with at least one responsible unit; `sure` is the parser's confidence, 0 to 1."""

    units: list[str]
    text: str
    coordinating: list[str]
    deadline: str | None
    start: str | None
    recurrence: str | None
    time_phrase: str | None
    span: Span
    heading: str | None = None
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Duty:
    """A report that somebody owes; `due_on` is one day, `due_month` and `due_day` repeat."""

    who: list[str]
    period: str
    to: list[str]
    phrase: str
    due_phrase: str | None
    due_month: int | None
    due_day: int | None
    due_on: str | None
    span: Span
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach; `comparator` is one of =, >=, >, <=, <, ~, reduce; qualitative ones have no value."""

    phrase: str
    comparator: str
    value: float | int | None
    unit: str | None
    year: int | None
    note: str | None
    span: Span
    heading: str | None = None
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Work that the document gives to nobody by name."""

    text: str
    span: Span
    heading: str | None = None
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: authority lines joined by "; ", the title line and the name."""

    authority: str | None
    title: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The printed head of the document, each part None (or empty) when it is absent."""

    document_type: str | None = None
    number: str | None = None
    number_pattern: str | None = None
    date: str | None = None
    place: str | None = None
    issuing_body: str | None = None
    title: str | None = None
    addressees: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The whole reading of one document."""

    document_type: str | None
    number: str | None
    number_pattern: str | None
    date: str | None
    place: str | None
    issuing_body: str | None
    title: str | None
    addressees: list[str]
    meeting_date: str | None
    effective_date: str | None
    legal_bases: list[LegalBasis]
    tasks: list[Task]
    reporting: list[Duty]
    targets: list[Target]
    unassigned: list[Unassigned]
    recipients: list[str]
    signer: Signer | None
    amends: list[str]
    replaces: list[str]
    revokes: list[str]
    text: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values in the shape of the annotations, spans as `[start, end]`."""
        found = asdict(self)
        for key in ("legal_bases", "tasks", "reporting", "targets", "unassigned"):
            for item in found[key]:
                item["span"] = list(item["span"])
        return found
