"""The Vietnamese schedule against cases worked out by hand (vietnam_cases.txt)."""

from datetime import date, datetime, time
from pathlib import Path

import pytest

from tramyte.rules.forecast import (
    Child,
    Event,
    Given,
    forecast,
    reasons,
    vietnam,
)

TABLE = (Path(__file__).parent / "vietnam_cases.txt").read_text(encoding="utf-8").splitlines()
CASES = [(number, line) for number, line in enumerate(TABLE, 1) if line[:1].isdigit()]
VERDICTS = {
    "V": (reasons.VALID, ""), "Y": (reasons.NOT_VALID, reasons.TOO_YOUNG), "O": (reasons.EXTRANEOUS, reasons.TOO_OLD),
    "S": (reasons.NOT_VALID, reasons.TOO_SOON), "L": (reasons.NOT_VALID, reasons.LIVE_CONFLICT), "W": (reasons.NOT_VALID, reasons.WRONG_PRODUCT),
    "X": (reasons.EXTRANEOUS, reasons.ALREADY_COMPLETE), "T": (reasons.VALID, reasons.BIRTH_ON_TIME), "H": (reasons.VALID, reasons.BIRTH_LATE),
    "U": (reasons.VALID, reasons.BIRTH_UNKNOWN),
}


def read_who(born, words):
    """The child without doses, and the parameters."""
    child, parameters = Child(born, words[0]), {}
    for word in words[1:]:
        mark, rest = word[0], word[1:]
        if mark == "@":
            child.born_at = datetime.combine(born, time.fromisoformat(rest))
        elif mark == "+":
            child.activated |= {rest}
        elif mark == "%":
            for setting in rest.split(","):
                name, value = setting.split("=")
                parameters[name] = read_parameter(value)
        elif mark == "!":
            kind, product, day, *until = rest.split(":")
            child.events = [*child.events, Event(kind, date.fromisoformat(day), product, date.fromisoformat(until[0]) if until else None)]
        elif mark == "^":
            day, history, due = ([*rest.split(":"), "", ""])[:3]
            child.events = [*child.events, Event("pregnancy", date.fromisoformat(day), history=history, due_on=date.fromisoformat(due) if due else None)]
    return child, parameters


def read_parameter(text):
    if ":" in text:
        code, age = text.split(":")
        return {code: age.replace("_", " ")}
    return int(text) if text.isdigit() else text.replace("_", " ") if text != "28_days" else text


def read_dose(text):
    product, when = text.split()
    at = datetime.fromisoformat(when.rstrip("*")) if "T" in when else None
    return Given(date.fromisoformat(when[:10]), product, at, when.endswith("*"))


@pytest.mark.parametrize(("number", "line"), CASES, ids=[f"line {number}" for number, _ in CASES])
def test_a_case_worked_out_by_hand(number, line):
    born, who, doses, seen, group, verdicts, status, code, earliest, late = (cell.strip() for cell in line.split("|"))
    as_of = date.fromisoformat(seen)
    child, parameters = read_who(date.fromisoformat(born), who.split())
    child.doses = [read_dose(one) for one in doses.split(";") if one.strip()]
    plan = forecast(child, vietnam(as_of, parameters), as_of)
    assert [(one.status, one.reason) for one in plan.doses] == [VERDICTS[letter] for letter in verdicts.split()]
    found = next((one for one in plan.groups if one.group == group), None)
    if status == "absent":
        assert found is None
        return
    assert found is not None
    assert not status or found.status == status
    assert not code or (found.rule and found.rule.code == code)
    assert not earliest or found.earliest == date.fromisoformat(earliest)
    assert not late or found.past_due == date.fromisoformat(late)


def test_there_are_enough_cases():
    assert len({line for _, line in CASES}) >= 150
