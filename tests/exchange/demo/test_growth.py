"""The demo's measurements: as an action would have stored them, believable, the same for the same seed."""

import datetime
import uuid
from decimal import Decimal

import pytest

from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.scoring import by_person, fill, follow, score_all
from tramyte.care.people.models import Person
from tramyte.exchange.demo import commune, growth
from tramyte.exchange.demo.population import make_population
from tramyte.exchange.demo.records import Ids

AS_OF = datetime.date(2026, 6, 3)
RECKONED = ("z_weight", "z_length", "z_wasting", "z_bmi", "z_arm", "doubtful", "weight_band", "length_band", "wasting_band", "acute", "trend", "due_on")


def make(seed=2026):
    population = make_population(2000, seed, as_of=AS_OF, hamlets=[commune.HamletSpec(name, weight) for name, weight in commune.HAMLETS])
    ids = Ids(seed, AS_OF)
    keys = [uuid.UUID(int=n) for n in range(len(population.persons))]
    drives = growth._drives(population, len(population.hamlets), ids)
    rows = growth._rows(population, keys, drives, growth._visits(population, drives, seed), seed, ids)
    return population, [dict(zip(growth.NAMES, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def made():
    return make()


def test_every_row_is_what_an_action_would_have_stored(made):
    population, rows = made
    people = {uuid.UUID(int=n): Person(pk=uuid.UUID(int=n), sex=one.sex, birth_date=one.birth_date) for n, one in enumerate(population.persons)}
    again = [GrowthMeasurement(person=people[row["person_id"]], **{name: row[name] for name in ("on", "weight_kg", "height_cm", "position", "muac_cm", "oedema", "age_days")}) for row in rows]
    for row, scored in zip(again, score_all(again), strict=True):
        fill(row, scored)
    for group in by_person(again).values():
        follow(group)
    assert [[getattr(row, name) for name in RECKONED] for row in again] == [[row[name] for name in RECKONED] for row in rows]


def test_measurements_look_like_those_of_a_commune(made):
    _, rows = made
    last = {row["person_id"]: row for row in rows}
    share = {name: sum(wanted(row) for row in last.values()) / len(last) for name, wanted in {
        "underweight": lambda row: row["weight_band"] < 0, "stunted": lambda row: row["length_band"] < 0, "wasted": lambda row: row["wasting_band"] < 0,
        "over": lambda row: row["wasting_band"] > 0}.items()}
    assert 0.05 < share["underweight"] < 0.18 and 0.12 < share["stunted"] < 0.28 and 0.02 < share["wasted"] < 0.10 and 0.02 < share["over"] < 0.10
    assert {row["trend"] for row in rows} == {"", "gaining", "flat", "falling"} and any(row["acute"] for row in rows)
    assert all(0 <= row["age_days"] < 1826 and row["on"] <= AS_OF and Decimal(1) < row["weight_kg"] < 40 for row in rows)
    assert {row["on"].month for row in rows if row["setting"] == "campaign"} == {6, 12} and len({(row["person_id"], row["on"]) for row in rows}) == len(rows)


def test_the_same_seed_gives_the_same_measurements(made):
    assert make()[1] == made[1] and make(7)[1] != made[1]
