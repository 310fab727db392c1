"""Whether a child gains weight as it should between two weighings: faltering growth."""

from dataclasses import dataclass

# Age at the later weighing, in days, below which -> days between two weighings in which weight must have risen.
MUST_GAIN = ((183, 28), (365, 56), (731, 90), (1827, 180))
FALL = 1.0  # SD: as far as from one line of the chart to the next
LONGEST = 400  # days: weighings farther apart are not compared
GAINING, FLAT, FALLING = "gaining", "flat", "falling"
WORDS = {GAINING: "tăng cân", FLAT: "không tăng cân", FALLING: "tụt kênh cân nặng"}


@dataclass(frozen=True, slots=True)
class Weighing:
    """One weighing: age in days, kg, weight-for-age z-score (None when there is no plausible one)."""

    age_days: int
    weight_kg: float
    z: float | None


def trend(now: Weighing, before: Weighing | None) -> str:
    """How the weight went since the weighing before: "gaining", "flat", "falling", or "" when it cannot be said yet.

    flat: no gain although enough days have passed for the age (28 below 6 months, 56 below 12, 90 below 24, else 180).
    falling: z fell by 1 SD or more, whatever the days. "" without an earlier weighing, with one of over 400 days
    ago, or when too few days have passed for a lack of gain to mean anything and z did not fall.
    Source: WHO, Training course on child growth assessment, 2008, module C: a flat line, and crossing a z-score line, are
    problems; in the first half year one month of a flat line is. The number of days above 6 months is ours, by the
    pace of the standard's median; not verified against a Vietnamese text.
    """
    if before is None or not 0 < now.age_days - before.age_days <= LONGEST:
        return ""
    if now.z is not None and before.z is not None and round(before.z - now.z, 2) >= FALL:
        return FALLING
    if now.weight_kg > before.weight_kg:
        return GAINING
    days = next((days for below, days in MUST_GAIN if now.age_days < below), MUST_GAIN[-1][1])
    return FLAT if now.age_days - before.age_days >= days else ""
