"""Five years of measurements of young children: campaigns in June and December, babies at the station, absentees, some who falter.

Shares are chosen to look like a commune of the north: about a fifth stunted, one in nine underweight, one in twenty wasted, one in
sixteen overweight (assumption, after the figures of the Vietnamese nutrition survey 2020, rounded). Drawn for all children at once:
raw numbers of one generator, the same on every machine.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tramyte.care.growth.models import Campaign, CampaignDay, GrowthMeasurement
from tramyte.care.growth.scoring import VERSION, due_of
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.filling import indexed_afterwards
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.records import Ids
from tramyte.exchange.demo.residences import YEARS, stays
from tramyte.exchange.demo.shapes import Population
from tramyte.rules.growth.gaining import Weighing, trend
from tramyte.rules.growth.judging import judge

OLDEST = 1826  # days: five years
DAYS_OF_CAMPAIGN = 5
STATION_AGES = (61, 122, 274)  # days: babies are weighed when they come to be vaccinated
ABSENT, CHUNK = 0.10, 4000
NAMES = (
    "id", "person_id", "on", "setting", "weight_kg", "height_cm", "position", "muac_cm", "oedema", "feeding", "vitamin_a", "advice", "follow_up_on", "campaign_id", "age_days",
    "z_weight", "z_length", "z_wasting", "z_bmi", "z_arm", "doubtful", "weight_band", "length_band", "wasting_band", "acute", "trend", "due_on", "rules_version")
SCORES = ("zwei", "zlen", "zwfl", "zbmi", "zac")


@dataclass(frozen=True)
class Drive:
    """A campaign: its key and month, and the day of each hamlet (ordinals)."""

    key: uuid.UUID
    first: datetime.date
    days: Sequence[int]


def store_growth(made: Commune, population: Population, keys: Sequence[uuid.UUID], seed: int) -> int:
    """Write campaigns and measurements; answers how many measurements."""
    ids = Ids(seed + 2, population.as_of)
    drives = _drives(population, len(made.hamlets), ids)
    by = operator()
    place = made.hamlets[0].parent_id
    store_values(Campaign, ("id", "name", "place_id", "starts_on", "ends_on"), [
        (one.key, f"Cân đo trẻ dưới 5 tuổi tháng {one.first.month}/{one.first.year}", place, one.first, one.first + datetime.timedelta(days=DAYS_OF_CAMPAIGN - 1)) for one in drives],
        by=by, permission="growth.write", action="import")
    store_values(CampaignDay, ("id", "campaign_id", "hamlet_id", "on"), [
        (ids(), one.key, hamlet.pk, datetime.date.fromordinal(on)) for one in drives for hamlet, on in zip(made.hamlets, one.days, strict=True)],
        by=by, permission="growth.write", action="import")
    rows = _rows(population, keys, drives, _visits(population, drives, seed), seed, ids)
    with indexed_afterwards([GrowthMeasurement]):
        for begin in range(0, len(rows), CHUNK):
            store_values(GrowthMeasurement, NAMES, rows[begin:begin + CHUNK], by=by, permission="growth.write", action="import")
    return len(rows)


def _drives(population: Population, hamlets: int, ids: Ids) -> list[Drive]:
    last = population.as_of
    firsts = [datetime.date(year, month, 1) for year in range(last.year - YEARS, last.year + 1) for month in (6, 12)]
    begun = [first for first in firsts if last - datetime.timedelta(days=365 * YEARS) < first <= last]
    return [Drive(ids(), first, [first.toordinal() + n % DAYS_OF_CAMPAIGN for n in range(hamlets)]) for first in begun]


def _visits(population: Population, drives: Sequence[Drive], seed: int) -> list[tuple[int, int, int]]:
    """Who is measured when: (person, day, number of the campaign or -1), by person and day."""
    today, spans, found = population.as_of.toordinal(), stays(population), []
    first_day = drives[0].first.toordinal() if drives else today
    draw = _Draw(seed, 1)
    for index, person in enumerate(population.persons):
        born = person.birth_date.toordinal()
        if born + OLDEST <= first_day or person.precision != "day":
            continue
        start, end = spans[index][0].toordinal(), min(spans[index][1].toordinal(), today, person.died_on.toordinal() if person.died_on else today)
        hamlet = population.households[person.household].hamlet
        days = [(one.days[hamlet], number) for number, one in enumerate(drives)] + [(born + age + index % 11, -1) for age in STATION_AGES]
        open_days = sorted((day, number) for day, number in days if max(start, born, first_day) <= day <= end and day < born + OLDEST)
        for (day, number), luck in zip(open_days, draw.take(len(open_days)), strict=True):
            if luck > (ABSENT if number >= 0 else 0.35):
                found.append((index, day, number))
    once = {(index, day): (index, day, number) for index, day, number in found}
    return [once[key] for key in sorted(once)]


class _Draw:
    """Raw numbers of numpy's PCG64 as fractions: the stream is promised to stay the same."""

    def __init__(self, seed: int, purpose: int) -> None:
        import numpy as np

        self.bits = np.random.PCG64([seed, purpose])

    def take(self, count: int) -> Any:
        """So many numbers from 0 to 1, as an array."""
        return (self.bits.random_raw(count) >> 11) * 2.0**-53 if count else ()

    def bell(self, count: int) -> Any:
        """So many draws near the normal law with mean 0 and deviation 1: four uniform ones added."""
        return (self.take(4 * count).reshape(4, count).sum(axis=0) - 2) * 1.7320508075688772


def _rows(
    population: Population, keys: Sequence[uuid.UUID], drives: Sequence[Drive], visits: Sequence[tuple[int, int, int]], seed: int, ids: Ids,
) -> list[tuple[Any, ...]]:
    import numpy as np

    from tramyte.rules.growth.scores import who2006

    if not visits:
        return []
    who, day, _ = (np.array(column) for column in zip(*visits, strict=True))
    born = np.array([population.persons[index].birth_date.toordinal() for index in who.tolist()])
    sex = np.array([1 if population.persons[index].sex == "M" else 2 for index in who.tolist()])
    age = day - born
    weight, length, arm = _bodies(who, age, sex, _Draw(seed, 2))
    position = np.where(age < 731, "L", "H")
    swollen = _Draw(seed, 3).take(len(who)) < 0.0004
    scored = who2006(sex, age_days=age, weight=weight, lenhei=length, measure=position, armc=arm, oedema=np.where(swollen, "y", "n"))
    columns = {name: [None if value != value else value for value in scored[name].tolist()] for name in SCORES}
    told = [weight.tolist(), length.tolist(), [None if value != value else value for value in arm.tolist()], position.tolist(), swollen.tolist(), age.tolist(), *columns.values()]
    luck = _Draw(seed, 4).take(4 * len(who)).reshape(-1, 4).tolist()
    writer = _Writer(keys, drives, ids)
    return [writer.row(*visit, *values, chance) for visit, chance, *values in zip(visits, luck, *told, strict=True)]


def _bodies(who: Any, age: Any, sex: Any, draw: _Draw) -> tuple[Any, Any, Any]:
    """Weight (kg), length (cm) and arm (cm, NaN below six months): a child keeps its build, drifts with age, and some falter for a year."""
    import numpy as np

    persons, at = np.unique(who, return_inverse=True)
    count, size = len(persons), len(who)
    tall, stout, falters, when = draw.bell(count)[at], draw.bell(count)[at], draw.take(count)[at] < 0.09, 200 + 1200 * draw.take(count)[at]
    stout = stout + 2.1 * (draw.take(count)[at] < 0.07)
    months = age / 30.4375
    z_length = -0.45 - 0.80 * np.minimum(months, 24) / 24 + 0.98 * tall + 0.12 * draw.bell(size)
    hit = falters & (age > when) & (age < when + 420)
    z_wasting = -0.30 + 0.98 * stout + 0.32 * draw.bell(size) - 1.15 * hit
    length = np.round(_inverse("length_for_age", sex, age, z_length), 1)
    weight = np.round(_by_length(sex, age < 731, length, z_wasting), 1)
    arm = np.round(14.6 + 0.55 * np.minimum(months, 48) / 12 - 0.5 + 0.95 * z_wasting + 0.3 * draw.bell(size), 1)
    return weight, length, np.where(age >= 183, arm, np.nan)


def _inverse(table: str, sex: Any, age: Any, z: Any) -> Any:
    from tramyte.rules.growth.tables import DAYS, tables

    rows = age + (sex == 2) * DAYS
    one = tables()[table]
    return one.m[rows] * (1 + one.l[rows] * one.s[rows] * z) ** (1 / one.l[rows])


def _by_length(sex: Any, lying: Any, length: Any, z: Any) -> Any:
    import numpy as np

    from tramyte.rules.growth.tables import HEIGHTS, LENGTHS, tables

    one = tables()["weight_for_length"]
    low = np.where(lying, LENGTHS[0], HEIGHTS[0])
    steps = np.clip(np.round(length * 10).astype(int) - low, 0, np.where(lying, len(LENGTHS), len(HEIGHTS)) - 1)
    rows = steps + np.where(lying, (sex == 2) * len(LENGTHS), 2 * len(LENGTHS) + (sex == 2) * len(HEIGHTS))
    return one.m[rows] * (1 + one.l[rows] * one.s[rows] * np.clip(z, -4, 4)) ** (1 / one.l[rows])


class _Writer:
    """Makes the stored row of one visit after another, by person and day."""

    def __init__(self, keys: Sequence[uuid.UUID], drives: Sequence[Drive], ids: Ids) -> None:
        self.keys, self.drives, self.ids = keys, drives, ids
        self.numbers: dict[float | None, Decimal | None] = {None: None}
        self.before: tuple[int, Weighing | None] = (-1, None)

    def row(
        self, who: int, day: int, number: int, weight: float, length: float, arm: float | None, position: str, swollen: bool, age: int, z_weight: float | None,
        z_length: float | None, z_wasting: float | None, z_bmi: float | None, z_arm: float | None, luck: Sequence[float],
    ) -> tuple[Any, ...]:
        """The values of NAMES."""
        judged = judge(z_weight=z_weight, z_length=z_length, z_wasting=z_wasting, muac_cm=arm, oedema=swollen, age_days=age)
        now = Weighing(age, weight, z_weight)
        told = trend(now, self.before[1] if self.before[0] == who else None)
        self.before = (who, now)
        on = datetime.date.fromordinal(day)
        campaign = number >= 0
        booked = on + datetime.timedelta(days=30 + int(luck[3] * 150)) if judged.acute and luck[0] < 0.6 else None
        return (
            self.ids(), self.keys[who], on, "campaign" if campaign else "station", self._decimal(weight), self._decimal(length), position, self._decimal(arm), swollen,
            _feeding(age, luck[1]), luck[2] < 0.96 if campaign and age >= 183 else None, "Tư vấn bữa ăn, hẹn cân lại" if booked else "", booked,
            self.drives[number].key if campaign else None, age, *(self._decimal(z) for z in (z_weight, z_length, z_wasting, z_bmi, z_arm)), "", judged.weight, judged.length,
            judged.wasting, judged.acute, told, due_of(on, judged, told), VERSION)

    def _decimal(self, value: float | None) -> Decimal | None:
        if value not in self.numbers:
            self.numbers[value] = Decimal(f"{value:.2f}")
        return self.numbers[value]


def _feeding(age: int, luck: float) -> str:
    if age >= 183:
        return ""
    return "exclusive" if luck < 0.82 - 0.07 * age / 30 else "mixed" if luck < 0.93 else "none"
