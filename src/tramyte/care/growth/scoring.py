"""What is reckoned from a measurement when it is written: scores, bands, trend, when to measure again."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tramyte.care.growth.models import GrowthMeasurement
from tramyte.rules.calendar import add_months

VERSION = "who2006-1"
SEXES = {"M": 1, "F": 2}
SCORES = {"z_weight": "zwei", "z_length": "zlen", "z_wasting": "zwfl", "z_bmi": "zbmi", "z_arm": "zac"}
FLAGS = {"zwei": "fwei", "zlen": "flen", "zwfl": "fwfl", "zbmi": "fbmi", "zac": "fac"}
SOON, MONTHLY, USUAL = datetime.timedelta(days=7), 1, 6  # severely and otherwise malnourished or faltering, and the others


@dataclass(frozen=True, slots=True)
class Scored:
    """Of one measurement: z-scores by name with clenhei and cbmi (None where there is none), and the names WHO calls implausible."""

    values: dict[str, float | None]
    flagged: frozenset[str]

    def plausible(self, name: str) -> float | None:
        """The z-score unless it is implausible."""
        return None if name in self.flagged else self.values[name]


def score_all(rows: Sequence[GrowthMeasurement]) -> list[Scored]:
    """The scores of measurements whose person and age are known, in their order; one call of the rules for all."""
    from tramyte.rules.growth.scores import who2006

    if not rows:
        return []
    found = who2006(
        [SEXES.get(row.person.sex, 0) for row in rows], age_days=[row.age_days for row in rows], weight=_floats(rows, "weight_kg"),
        lenhei=_floats(rows, "height_cm"), measure=[row.position for row in rows], armc=_floats(rows, "muac_cm"), oedema=["y" if row.oedema else "n" for row in rows])
    names = [*SCORES.values(), "clenhei", "cbmi"]
    columns = {name: [None if value != value else value for value in found[name].tolist()] for name in names}
    flags = {name: found[flag].tolist() for name, flag in FLAGS.items()}
    return [
        Scored({name: columns[name][n] for name in names}, frozenset(name for name, told in flags.items() if told[n] == 1))
        for n in range(len(rows))]


def _floats(rows: Sequence[GrowthMeasurement], name: str) -> list[float]:
    return [float("nan") if (value := getattr(row, name)) is None else float(value) for row in rows]


def settle_position(row: GrowthMeasurement) -> None:
    """A length without a position was measured as the age asks: lying below two years, standing from there."""
    from tramyte.rules.growth.scores import STANDING_FROM

    if row.height_cm is not None and not row.position:
        row.position = "L" if row.age_days < STANDING_FROM else "H"


def fill(row: GrowthMeasurement, scored: Scored) -> None:
    """Put scores, bands and version into a row; trend and due day follow from `follow`."""
    from tramyte.rules.growth.judging import judge

    for field, name in SCORES.items():
        z = scored.plausible(name)
        setattr(row, field, None if z is None else Decimal(f"{z:.2f}"))
    judged = judge(
        z_weight=scored.plausible("zwei"), z_length=scored.plausible("zlen"), z_wasting=scored.plausible("zwfl"),
        muac_cm=None if row.muac_cm is None else float(row.muac_cm), oedema=bool(row.oedema), age_days=row.age_days)
    row.weight_band, row.length_band, row.wasting_band, row.acute = judged.weight, judged.length, judged.wasting, judged.acute
    row.doubtful, row.rules_version = " ".join(sorted(scored.flagged)), VERSION


def follow(rows: Iterable[GrowthMeasurement]) -> list[GrowthMeasurement]:
    """Set trend and due day of all measurements of one child, in the order of their days; answers those that changed."""
    from tramyte.rules.growth.gaining import Weighing, trend
    from tramyte.rules.growth.judging import Judgement

    before, changed = None, []
    for row in sorted(rows, key=lambda one: one.on):
        told = ""
        if row.weight_kg is not None:
            now = Weighing(row.age_days, float(row.weight_kg), None if row.z_weight is None else float(row.z_weight))
            told, before = trend(now, before), now
        due = due_of(row.on, Judgement(row.weight_band, row.length_band, row.wasting_band, row.acute), told)
        if (row.trend, row.due_on) != (told, due):
            row.trend, row.due_on = told, due
            changed.append(row)
    return changed


def renew(persons: Collection[uuid.UUID]) -> None:
    """Make the trends of these children what their weighings say; neither version nor audit: it follows from facts that have both."""
    rows = GrowthMeasurement.objects.filter(person__in=list(persons), entered_in_error=False)
    for held in by_person(rows).values():
        for row in follow(held):
            GrowthMeasurement.objects.filter(pk=row.pk).update(trend=row.trend, due_on=row.due_on)


def due_of(on: datetime.date, judged: Any, trend: str) -> datetime.date:
    """When a child measured on a day, with a `rules.growth.judging.Judgement`, is to be measured again: in a week when severely malnourished, in a month when otherwise malnourished or faltering, else in six months.

    The station's own rule after the usual practice of monthly weighing of malnourished children; not verified against a text.
    """
    if judged.acute == "severe":
        return on + SOON
    lacking = any(one is not None and one < 0 for one in (judged.weight, judged.length, judged.wasting))
    return add_months(on, MONTHLY if lacking or judged.acute or trend in ("flat", "falling") else USUAL)


def by_person(rows: Iterable[GrowthMeasurement]) -> Mapping[Any, list[GrowthMeasurement]]:
    """Measurements by the key of their child."""
    found: defaultdict[Any, list[GrowthMeasurement]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found
