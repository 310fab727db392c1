"""Screening before vaccination: the limits on both sides, live vaccines apart, what is asked again."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.screening import BY_CODE, LIVE, SIGNS, Examined, hindrances, implausible, judge, missing

ON = datetime.date(2026, 6, 3)
BABY = 75  # days


def found(temperature=36.8, weight=None, age=BABY, **signs):
    days = {code: ON - datetime.timedelta(days=back) for code, back in signs.items() if back is not None}
    return Examined(ON, age, temperature, weight, frozenset(signs), days)


@pytest.mark.parametrize(("examined", "vaccines", "outcome", "allowed", "until"), [
    (found(36.8), ("DPT-VGB-HIB", "OPV"), "eligible", ("DPT-VGB-HIB", "OPV"), None),
    (found(37.4), ("OPV",), "eligible", ("OPV",), None), (found(37.5), ("OPV",), "deferred", (), 7), (found(35.6), ("OPV",), "eligible", ("OPV",), None), (found(35.5), ("OPV",), "deferred", (), 7),
    (found(age=2, weight=1.999), ("BCG",), "deferred", (), 7), (found(age=2, weight=2.0), ("BCG",), "eligible", ("BCG",), None), (found(age=28, weight=1.9), ("BCG",), "eligible", ("BCG",), None),
    (found(corticosteroid=13), ("MEASLES",), "deferred", (), 1), (found(corticosteroid=14), ("MEASLES",), "eligible", ("MEASLES",), None),
    (found(corticosteroid=None), ("MEASLES", "IPV"), "eligible", ("IPV",), None), (found(corticosteroid=None), ("IPV",), "eligible", ("IPV",), None),
    (found(immunoglobulin=91), ("MR",), "deferred", (), 1), (found(immunoglobulin=92), ("MR",), "eligible", ("MR",), None),
    (found(immune=None), ("MR", "JE"), "eligible", ("JE",), None), (found(immune=None), ("MR",), "contraindicated", (), None),
    (found(reaction=None), ("DPT",), "contraindicated", (), None), (found(38.5, reaction=None), ("DPT",), "contraindicated", (), None),
    (found(acute=None), ("DPT", "MR"), "deferred", (), 7), (found(38.5), (), "deferred", (), 7), (found(immune=None), (), "eligible", (), None),
])
def test_what_may_be_given(examined, vaccines, outcome, allowed, until):
    judged = judge(examined, vaccines)
    assert (judged.outcome, judged.allowed) == (outcome, allowed) and set(judged.hindered) == set(vaccines) - set(allowed)
    assert judged.until == (until and ON + datetime.timedelta(days=until)) and bool(judged.why) == bool(judged.hindered or outcome != "eligible")


@pytest.mark.parametrize(("age", "weight", "words"), [(3, None, "phải được cân"), (3, 3.1, ""), (75, None, "")])
def test_newborns_are_weighed(age, weight, words):
    assert words in missing(age, weight) and bool(missing(age, weight)) == bool(words)


@pytest.mark.parametrize(("temperature", "weight", "age", "words"), [
    (33.9, None, BABY, "Thân nhiệt 33,9"), (42.1, None, BABY, "khó có thật"), (34.0, None, BABY, ""), (36.8, 95.0, BABY, "95,0 kg khó có thật"), (36.8, 12.0, BABY, ""), (36.8, 12.1, BABY, "khó"),
    (36.8, 29.0, 1500, ""), (36.8, 31.0, 1500, "khó"), (36.8, 60.0, 12_000, ""), (36.8, 0.3, 2, "khó"), (36.8, 0.95, 190, "khó"), (36.8, 2.5, 190, ""), (36.8, 0.95, BABY, "khó"),
])
def test_numbers_that_cannot_be_are_asked_again(temperature, weight, age, words):
    assert words in implausible(temperature, weight, age) and bool(implausible(temperature, weight, age)) == bool(words)


@given(st.floats(34, 42), st.sets(st.sampled_from(sorted(BY_CODE))), st.sets(st.sampled_from(["BCG", "OPV", "MR", "DPT", "IPV", "JE"])), st.integers(0, 120))
def test_a_judgement_parts_the_vaccines_and_never_lets_fever_pass(temperature, signs, vaccines, back):
    examined = Examined(ON, BABY, temperature, None, frozenset(signs), {code: ON - datetime.timedelta(days=back) for code in signs})
    judged = judge(examined, sorted(vaccines))
    assert set(judged.allowed) | set(judged.hindered) == vaccines and not set(judged.allowed) & set(judged.hindered)
    assert (judged.outcome == "eligible") or not judged.allowed
    if temperature >= 37.5 or temperature <= 35.5:
        assert not judged.allowed and judged.outcome != "eligible"
    assert all(one.until is None or one.until > ON for one in hindrances(examined)) and set(judged.allowed) & LIVE <= vaccines
    assert all(sign.effect in ("deferred", "contraindicated") for sign in SIGNS)
