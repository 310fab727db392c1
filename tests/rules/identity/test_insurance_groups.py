"""The groups of insured people: levels, rates, and what does not fit."""

from datetime import date

import pytest

from tramyte.rules.identity import GROUPS, card_rate, group_level, group_warnings

OLD, NOW = date(2025, 12, 31), date(2026, 1, 1)


@pytest.mark.parametrize(("code", "on", "level"), [
    ("TE", NOW, 1), ("HN", NOW, 2), ("HT", NOW, 3), ("GD", NOW, 4), ("QN", NOW, 5), ("CN", OLD, 3), ("CN", NOW, 2), ("LH", OLD, 4), ("LH", NOW, 2),
    ("ZZ", NOW, None), ("", NOW, None)])
def test_levels(code, on, level):
    assert group_level(code, on) == level


@pytest.mark.parametrize(("number", "group", "on", "rate"), [
    ("GD4370100123456", "GD", NOW, 80), ("HT3370100123456", "", NOW, 95), ("TE1370100123456", "", NOW, 100), ("CN3370100123456", "CN", NOW, 95),
    ("0100123456", "CN", OLD, 95), ("0100123456", "CN", NOW, 100), ("0100123456", "", NOW, None), ("0100123456", "ZZ", NOW, None), ("QN5370100123456", "", NOW, 100)])
def test_rates(number, group, on, rate):
    assert card_rate(number, group, on) == rate


@pytest.mark.parametrize(("number", "group", "on", "said"), [
    ("GD4370100123456", "GD", NOW, ""), ("0100123456", "", NOW, ""), ("0100123456", "HN", NOW, ""), ("CN3370100123456", "", NOW, ""),
    ("CN2370100123456", "", NOW, ""), ("CN3370100123456", "", OLD, ""), ("GD2370100123456", "GD", NOW, "mức hưởng 2, nhóm GD có mức 4"),
    ("ZZ4370100123456", "ZZ", NOW, "ZZ không có trong danh mục"), ("0100123456", "ZZ", NOW, "ZZ không có"), ("CN4370100123456", "", OLD, "mức hưởng 4, nhóm CN có mức 3")])
def test_warnings(number, group, on, said):
    found = group_warnings(number, group, on)
    assert said in " ".join(found) and bool(found) is bool(said)


def test_each_group_stands_in_one_level():
    assert len(GROUPS) == 54 and {group.rate for group in GROUPS.values()} == {80, 95, 100}
    assert all(len(code) == 2 and code.isupper() for code in GROUPS)
