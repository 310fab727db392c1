"""What the z-scores of one child mean: bands, acute malnutrition, words."""

from dataclasses import dataclass

# A band -> z-scores: -3 below -3 SD, -2 from there to below -2 SD, 0 to 2 SD, 2 above 2 SD, 3 above 3 SD.
BANDS = (-3, -2, 0, 2, 3)
MUAC_FROM, MUAC_UNTIL = 183, 1826  # days: the arm's limits are for 6 to 59 months
MUAC_SEVERE, MUAC_MODERATE = 11.5, 12.5  # cm
SEVERE, MODERATE = "severe", "moderate"

WORDS = {
    "weight": {-3: "nhẹ cân mức nặng", -2: "nhẹ cân"},
    "length": {-3: "thấp còi mức nặng", -2: "thấp còi"},
    "wasting": {-3: "gầy còm mức nặng", -2: "gầy còm", 2: "thừa cân", 3: "béo phì"},
}
ACUTE = {SEVERE: "suy dinh dưỡng cấp nặng", MODERATE: "suy dinh dưỡng cấp vừa"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one measurement says. weight, length, wasting: a band of BANDS, None when it cannot be said; acute: "severe", "moderate" or ""."""

    weight: int | None
    length: int | None
    wasting: int | None
    acute: str

    @property
    def words(self) -> str:
        """The forms of malnutrition in words, "bình thường" without any, "" when nothing can be said."""
        return words_of(self.weight, self.length, self.wasting, self.acute)


def band(z: float | None) -> int | None:
    """The band of a z-score; limits belong to the milder band. Source: WHO, Training course on child growth assessment, 2008, module C."""
    if z is None:
        return None
    return -3 if z < -3 else -2 if z < -2 else 3 if z > 3 else 2 if z > 2 else 0


def judge(
    *, z_weight: float | None, z_length: float | None, z_wasting: float | None, muac_cm: float | None, oedema: bool, age_days: int,
) -> Judgement:
    """The bands of plausible z-scores, and whether the child is acutely malnourished.

    Oedema counts as below -3 SD in what goes by weight, as in WHO's surveys. Acute malnutrition: severe with oedema,
    weight-for-length below -3 SD or, from 6 to 59 months, an arm below 11.5 cm; moderate below -2 SD or 12.5 cm.
    Source: WHO and UNICEF, WHO child growth standards and the identification of severe acute malnutrition, 2009; WHO, Updates on
    the management of severe acute malnutrition, 2013; QĐ 97/QĐ-PB PL III (book of acute malnutrition, 6-59 months).
    """
    wasting = -3 if oedema else band(z_wasting)
    arm = muac_cm if muac_cm is not None and MUAC_FROM <= age_days < MUAC_UNTIL else None
    if wasting == -3 or (arm is not None and arm < MUAC_SEVERE):
        acute = SEVERE
    else:
        acute = MODERATE if wasting == -2 or (arm is not None and arm < MUAC_MODERATE) else ""
    return Judgement(-3 if oedema else band(z_weight), band(z_length), wasting, acute)


def words_of(weight: int | None, length: int | None, wasting: int | None, acute: str) -> str:
    """Bands in words: "suy dinh dưỡng nhẹ cân, thấp còi; thừa cân"; "bình thường", or "" when nothing can be said."""
    found = {"weight": weight, "length": length, "wasting": wasting}
    lacking = [WORDS[name][one] for name, one in found.items() if one is not None and one < 0]
    above = [WORDS["wasting"][wasting]] if wasting is not None and wasting > 0 else []
    if lacking or above:
        said = [f"suy dinh dưỡng {', '.join(lacking)}"] if lacking else []
        return "; ".join([*said, *above, *([ACUTE[acute]] if acute and wasting not in (-3, -2) else [])])
    return ACUTE[acute] if acute else "bình thường" if any(one is not None for one in found.values()) else ""
