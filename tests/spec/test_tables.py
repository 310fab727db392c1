"""Drawn tables of each indicator's boundary days. The day measured is 3 June 2026."""

import datetime
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import populations
from oracle import Approval, Human, Stay

from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

AS_OF = datetime.date(2026, 6, 3)
YEAR = [Period.parse("2026")]
ANSWERS = {"yes": True, "no": False, "unknown": None}

INSURED = """
    residence                 cards                                           -> met             reason
    permanent 2000-01-01      2026-06-03/2027-06-02                           -> yes             Thẻ còn hạn đến 02/06/2027
    permanent 2000-01-01      2026-06-04/2027-06-03                           -> no              Thẻ có giá trị từ 04/06/2026
    permanent 2000-01-01      2025-06-04/2026-06-03                           -> yes             Thẻ còn hạn đến 03/06/2026
    permanent 2000-01-01      2025-06-03/2026-06-02                           -> no              Thẻ hết hạn 02/06/2026
    permanent 2000-01-01      2025-01-01/2026-12-31, 2026-01-01/2026-03-31    -> yes             Thẻ còn hạn đến 31/12/2026
    permanent 2000-01-01      2025-01-01/2025-12-31, 2026-06-04/2026-12-31    -> no              Thẻ hết hạn 31/12/2025
    permanent 2000-01-01      -                                               -> no              Chưa có thẻ
    temporary 2026-06-03      -                                               -> no              Chưa có thẻ
    temporary 2026-06-04      2026-01-01/2026-12-31                           -> (not counted)
    permanent 2000-01-01/2026-06-03  2026-01-01/2026-12-31                    -> yes             Thẻ còn hạn đến 31/12/2026
    permanent 2000-01-01/2026-06-02  2026-01-01/2026-12-31                    -> (not counted)
    absent 2026-06-03         2026-01-01/2026-12-31                           -> (not counted)
"""
CHECKED = """
    residence                 checkups                                        -> met             reason
    permanent 2000-01-01      2026-01-01                                      -> yes             Khám ngày 01/01/2026
    permanent 2000-01-01      2025-12-31                                      -> no              Chưa khám trong năm; lần gần nhất 31/12/2025
    permanent 2000-01-01      2026-06-03                                      -> yes             Khám ngày 03/06/2026
    permanent 2000-01-01      2026-06-04                                      -> no              Chưa có lượt khám nào
    permanent 2000-01-01      2025-12-31, 2026-06-04                          -> no              Chưa khám trong năm; lần gần nhất 31/12/2025
"""
KEPT = """
    residence                 entries                                         -> met             reason
    permanent 2000-01-01      opened 2025-06-04                               -> yes             Cập nhật lần cuối 04/06/2025
    permanent 2000-01-01      opened 2025-06-03                               -> no              Chưa cập nhật từ 03/06/2025
    permanent 2000-01-01      opened 2020-01-01, updated 2026-06-03           -> yes             Cập nhật lần cuối 03/06/2026
    permanent 2000-01-01      updated 2026-06-03                              -> no              Chưa lập hồ sơ sức khỏe
    permanent 2000-01-01      opened 2026-06-04                               -> no              Chưa lập hồ sơ sức khỏe
"""


def day(text):
    return datetime.date.fromisoformat(text)


def lines(table):
    """The lines of a drawn table below its heading: residence, facts, answer, reason."""
    for line in table.strip().splitlines()[1:]:
        left, right = line.split("->")
        residence, facts = re.split(r"\s{2,}", left.strip())
        answer, reason = [*re.split(r"\s{2,}", right.strip()), ""][:2]
        yield residence, facts, answer, reason


def human_of(residence, facts, kind):
    what, days = residence.split(" ")
    start, _, end = days.partition("/")
    stays = [Stay(0, what, day(start), day(end) if end else None)]
    if what == "absent":
        stays.append(Stay(0, "permanent", day("2000-01-01")))
    said = [] if facts == "-" else facts.split(", ")
    human = Human(born=day("1990-01-01"), stays=stays)
    if kind == "cards":
        human.cards = [tuple(day(part) for part in one.split("/")) for one in said]
    elif kind == "checkups":
        human.checkups = [day(one) for one in said]
    else:
        human.entries = [(one.split(" ")[0], day(one.split(" ")[1])) for one in said]
    return human


@pytest.mark.parametrize(("code", "kind", "table"), [("BH01", "cards", INSURED), ("SK02", "checkups", CHECKED), ("SK01", "entries", KEPT)])
def test_drawn_tables(cast, code, kind, table):
    drawn = list(lines(table))
    made = populations.store_humans([human_of(residence, facts, kind) for residence, facts, *_ in drawn], cast.hamlets)
    rows = {row.subject: row for row in Native().rows(INDICATORS[code], YEAR, AS_OF)}
    for (residence, facts, answer, reason), person in zip(drawn, made, strict=True):
        row = rows.get(str(person.pk))
        if answer == "(not counted)":
            assert row is None, (residence, facts)
        else:
            assert (row.met, row.reason) == (ANSWERS[answer], reason), (residence, facts)


def test_due_days(cast):
    leap = Human(born=day("1990-01-01"), stays=[Stay(0, "permanent", day("1990-01-01"))], cards=[(day("2025-01-01"), day("2026-12-31"))],
                 entries=[("opened", day("2024-02-29"))])
    populations.store_humans([leap], cast.hamlets)
    due = {code: Native().rows(INDICATORS[code], YEAR, AS_OF)[0].due_on for code in ("BH01", "SK01", "SK02")}
    assert due == {"BH01": day("2027-01-01"), "SK01": day("2025-03-01"), "SK02": day("2026-12-31")}


@pytest.mark.parametrize(("approval", "met"), [
    (Approval(0, day("2026-06-03"), start=day("2026-06-03")), True),
    (Approval(0, day("2026-06-04"), start=day("2026-06-04")), None),
    (Approval(0, day("2025-01-01"), start=day("2026-06-04")), False),
    (Approval(0, day("2025-01-01"), start=day("2025-01-01"), end=day("2026-06-03")), True),
    (Approval(0, day("2025-01-01"), start=day("2025-01-01"), end=day("2026-06-02")), False),
    (Approval(0, day("2025-01-01"), withdrawn=day("2026-06-03"), start=day("2025-01-01")), None),
    (Approval(0, day("2025-01-01"), withdrawn=day("2026-06-04"), start=day("2025-01-01")), True),
    (Approval(0, day("2025-01-01")), False),
])
def test_techniques(cast, approval, met):
    populations.store_approvals([approval], [cast.station])
    rows = Native().rows(INDICATORS["KC04"], YEAR, AS_OF)
    assert [row.met for row in rows] == ([] if met is None else [met])


def test_the_how_tos_example_works(cast):
    text = (Path(__file__).parents[2] / "docs/how-to/add-an-indicator.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    namespace = {"__name__": "tramyte.care.checkups.indicators"}
    try:
        exec(found[1], namespace)
        human = Human(born=day("1990-01-01"), stays=[Stay(0, "permanent", day("1990-01-01"))], checkups=[day("2026-01-01")])
        populations.store_humans([human], cast.hamlets)
        rows = Native().rows(INDICATORS["VD01"], [*YEAR, Period.parse("2026-02")], AS_OF)
        assert {row.period: row.met for row in rows} == {"2026": True, "2026-02": False}
    finally:
        INDICATORS.pop("VD01", None)
