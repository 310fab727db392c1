"""The demo's pregnancies: possible in every detail, believable, the same for the same seed."""

import datetime
import uuid
from collections import Counter
from itertools import pairwise

import pytest

from tramyte.care.maternal.models import (
    AntenatalContact,
    Delivery,
    FamilyPlanning,
    Newborn,
    PostnatalContact,
    Pregnancy,
    Screening,
)
from tramyte.exchange.demo import commune
from tramyte.exchange.demo.maternal import ROWS, Teller
from tramyte.exchange.demo.population import make_population
from tramyte.rules.pregnancy import RISKS, next_visit, term_of

AS_OF = datetime.date(2026, 6, 3)


def make(seed=2026):
    population = make_population(2000, seed, as_of=AS_OF, hamlets=[commune.HamletSpec(name, weight) for name, weight in commune.HAMLETS])
    teller = Teller(population, [uuid.UUID(int=n) for n in range(len(population.persons))], seed, "Lê Thị Lan")
    teller.tell()
    return population, {model: [dict(zip(names, row, strict=True)) for row in teller.rows[model]] for model, names in ROWS.items()}


@pytest.fixture(scope="module")
def made():
    return make()


def test_every_birth_is_that_of_a_child_of_the_commune(made):
    population, rows = made
    births = {row["id"]: row for row in rows[Delivery]}
    pregnancies = {row["id"]: row for row in rows[Pregnancy]}
    assert len(births) > 60 and len({row["child_id"] for row in rows[Newborn]}) == len(rows[Newborn])
    for row in rows[Newborn]:
        child, birth = population.persons[row["child_id"].int], births[row["delivery_id"]]
        owner = pregnancies[birth["pregnancy_id"]]
        assert (child.mother, child.birth_date, child.sex) == (row["mother_id"].int, row["on"], row["sex"]) and row["on"] == birth["on"] == owner["ended_on"]
        assert 140 <= birth["gestation"] == (birth["on"] - owner["since"]).days <= 315 and 1000 <= row["weight_g"] <= 5000


def test_no_woman_carries_two_children_apart(made):
    _, rows = made
    spans = {}
    for row in rows[Pregnancy]:
        spans.setdefault(row["person_id"], []).append((row["since"], row["ended_on"] or datetime.date.max))
    for held in spans.values():
        held.sort()
        assert all(first[1] < second[0] for first, second in pairwise(held))
    assert max(Counter(row["person_id"] for row in rows[Pregnancy] if not row["outcome"]).values()) == 1


def test_contacts_lie_within_their_pregnancy_and_set_the_next_visit(made):
    _, rows = made
    seen = {}
    for row in rows[AntenatalContact]:
        seen.setdefault(row["pregnancy_id"], []).append(row["gestation"])
    assert len({(row["person_id"], row["on"]) for row in rows[AntenatalContact]}) == len(rows[AntenatalContact])
    by_key = {row["id"]: row for row in rows[Pregnancy]}
    for row in rows[AntenatalContact]:
        owner = by_key[row["pregnancy_id"]]
        assert row["on"] == owner["since"] + datetime.timedelta(row["gestation"]) <= min(AS_OF, owner["ended_on"] or AS_OF) and row["term"] == term_of(row["gestation"])
    for row in rows[Pregnancy]:
        assert set(row["risks"].split()) <= RISKS.keys()
        assert row["next_due"] == (None if row["outcome"] else next_visit(seen.get(row["id"], []), row["since"])[0])


def test_what_follows_is_unique_and_past(made):
    _, rows = made
    for model, names in ((PostnatalContact, ("delivery_id", "on")), (FamilyPlanning, ("person_id", "on", "method")), (Screening, ("person_id", "on", "kind"))):
        assert len({tuple(row[name] for name in names) for row in rows[model]}) == len(rows[model]) > 20
        assert all(row["on"] <= AS_OF for row in rows[model])


def test_the_figures_are_believable(made):
    _, rows = made
    light = sum(row["weight_g"] < 2500 for row in rows[Newborn]) / len(rows[Newborn])
    open_ones = [row for row in rows[Pregnancy] if not row["outcome"]]
    assert 0.02 < light < 0.18 and open_ones and {"delivered", ""} <= {row["outcome"] for row in rows[Pregnancy]}


def test_the_same_seed_gives_the_same(made):
    assert make() == made
