"""Each fault of a declaration is told at start."""

import pytest

from tramyte.care.checkups.registers import CheckupBook
from tramyte.engine.registers import checks
from tramyte.engine.registers.columns import Column


def faulty(**changes):
    return type("Faulty", (CheckupBook,), changes)()


def record_nothing(*, by, id=None, seen_version=None, person):
    """Accepts only a person."""


COLUMNS = CheckupBook.columns


@pytest.mark.parametrize(("changes", "words"), [
    ({}, None),
    ({"slug": ""}, "slug is empty"),
    ({"source": ""}, "source is empty"),
    ({"write": "people.rule"}, "does not exist"),
    ({"date": "site"}, "not a date"),
    ({"columns": ()}, "no columns"),
    ({"columns": (*COLUMNS, Column("nothing"))}, "nothing does not exist"),
    ({"columns": (*COLUMNS, Column("person.mother.nothing"))}, "does not exist"),
    ({"columns": (Column("person", "Ai"), *COLUMNS[1:])}, "say by="),
    ({"columns": (Column("person", "Ai", by="nickname"), *COLUMNS[1:])}, "is not a field"),
    ({"columns": (*COLUMNS, Column("person.sex", "Kết luận"))}, "two columns"),
    ({"columns": (*COLUMNS, Column("age", read=lambda row: 1))}, "no form field"),
    ({"identity": ("person", "lot")}, "identity"),
    ({"record": record_nothing}, "does not accept"),
    ({"example": {}}, "example lacks"),
    ({"example": CheckupBook.example | {"lot": "1"}}, "unknown columns"),
])
def test_a_fault_is_told(changes, words):
    found = list(checks.faults(faulty(**changes)))
    assert any(words in fault for fault in found) if words else found == []


def test_two_books_may_not_share_a_slug(monkeypatch):
    from tramyte.engine.registers import registry

    monkeypatch.setattr(registry, "_FOUND", [CheckupBook(), CheckupBook()])
    assert any(message.id == "registers.E002" for message in checks.check_registers())
