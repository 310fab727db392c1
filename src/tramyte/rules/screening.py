"""Screening before vaccination: from what was measured and found to what may be given today.

Source: QĐ 1575/QĐ-BYT ngày 27/3/2023 (children), as far as reference material tells it: put off at 37.5 °C and above, at 35.5 °C
and below, below 2000 g, within 3 months of an immunoglobulin, within 14 days of a course of corticosteroid. That the last two
concern live vaccines only, and the wording of the check list, could not be read in the original text.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tramyte.rules.calendar import add_months

FEVER, COLD = 37.5, 35.5  # °C, both put a vaccination off
PLAUSIBLE = (34.0, 42.0)  # °C: outside of it the thermometer is to be read again
WEIGHTS = ((28, 0.4, 12.0), (183, 1.0, 12.0), (1826, 2.5, 30.0), (10**6, 8.0, 150.0))  # up to an age in days: kg outside which a weight was mistyped
LIGHT = 2.0  # kg
NEWBORN = 28  # days
IMMUNOGLOBULIN_MONTHS, CORTICOSTEROID_DAYS = 3, 14
AGAIN = 7  # days after which somebody is asked again where the rule names no day
LIVE = frozenset({"BCG", "MEASLES", "MR", "MMR", "OPV", "ROTA"})
Outcome = Literal["eligible", "deferred", "contraindicated"]


@dataclass(frozen=True, slots=True)
class Sign:
    """A line of the check list. effect: what it leads to; live: for live vaccines only; dated: a day is asked for."""

    code: str
    words: str
    effect: Literal["deferred", "contraindicated"]
    live: bool = False
    dated: str = ""


SIGNS = (
    Sign("reaction", "Phản ứng nặng sau mũi trước của vắc xin này", "contraindicated"),
    Sign("immune", "Suy giảm miễn dịch nặng (vắc xin sống)", "contraindicated", live=True),
    Sign("acute", "Đang mắc bệnh cấp tính, nhiễm trùng", "deferred"),
    Sign("chronic", "Bệnh mạn tính tiến triển: chuyển khám sàng lọc ở bệnh viện", "deferred"),
    Sign("alertness", "Li bì, kích thích, bú kém", "deferred"),
    Sign("heart", "Tim, nhịp thở, phổi bất thường", "deferred"),
    Sign("immunoglobulin", "Dùng globulin miễn dịch trong 3 tháng (vắc xin sống)", "deferred", live=True, dated="Ngày dùng globulin"),
    Sign("corticosteroid", "Dùng corticoid toàn thân trong 14 ngày (vắc xin sống)", "deferred", live=True, dated="Ngày hết corticoid"),
    Sign("other", "Lý do khác", "deferred"),
)
BY_CODE = {sign.code: sign for sign in SIGNS}


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of somebody on a day. age_days: on that day. temperature: °C. weight: kg or None. signs: codes of `SIGNS`.

    days: of a dated sign its day (None: not known, today counts).
    """

    on: date
    age_days: int
    temperature: float
    weight: float | None = None
    signs: Collection[str] = ()
    days: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a vaccine may not be given: the outcome it leads to, in words, until when (None: for ever), whether only live vaccines."""

    outcome: Outcome
    words: str
    until: date | None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be given. allowed: the codes, in order; hindered: of each other code the strongest hindrance.

    outcome: eligible when anything may be given, else contraindicated when nothing is merely put off, else deferred.
    """

    outcome: Outcome
    allowed: tuple[str, ...]
    hindered: Mapping[str, Hindrance]
    why: str
    until: date | None


def missing(age_days: int, weight: float | None) -> str:
    """What must still be measured, as a Vietnamese sentence; "" when all is there."""
    if age_days < NEWBORN and weight is None:
        return "Trẻ sơ sinh phải được cân: dưới 2000 g thì tạm hoãn. Hãy cân rồi ghi số kg."
    return ""


def implausible(temperature: float, weight: float | None, age_days: int) -> str:
    """What cannot be right among the numbers, as a Vietnamese sentence; "" when all may be."""
    if not PLAUSIBLE[0] <= temperature <= PLAUSIBLE[1]:
        return f"Thân nhiệt {_words(temperature)} °C khó có thật. Hãy đo lại, ví dụ gõ 368 cho 36,8 °C."
    lightest, heaviest = next((low, high) for days, low, high in WEIGHTS if age_days < days)
    if weight is not None and not lightest <= weight <= heaviest:
        return f"Cân nặng {_words(weight)} kg khó có thật ở tuổi này. Hãy xem lại số trên cân; gõ 3200 cho 3,2 kg."
    return ""


def hindrances(found: Examined) -> list[Hindrance]:
    """Everything that speaks against vaccinating on the day, the strongest first; empty when nothing does."""
    again = found.on + timedelta(days=AGAIN)
    made = []
    if found.temperature >= FEVER:
        made.append(Hindrance("deferred", f"sốt {_words(found.temperature)} °C", again))
    if found.temperature <= COLD:
        made.append(Hindrance("deferred", f"hạ thân nhiệt {_words(found.temperature)} °C", again))
    if found.age_days < NEWBORN and found.weight is not None and found.weight < LIGHT:
        made.append(Hindrance("deferred", f"sơ sinh cân nặng {round(found.weight * 1000)} g, dưới 2000 g", again))
    for sign in SIGNS:
        if sign.code in found.signs and (one := _of_sign(sign, found, again)):
            made.append(one)
    return sorted(made, key=lambda one: (one.outcome != "contraindicated", one.live))


def _of_sign(sign: Sign, found: Examined, again: date) -> Hindrance | None:
    """The hindrance of a sign that was found; None when its time has passed."""
    if sign.effect == "contraindicated":
        return Hindrance("contraindicated", sign.words[0].lower() + sign.words[1:], None, sign.live)
    day, until = found.days.get(sign.code), again
    if sign.code == "immunoglobulin":
        until = add_months(day or found.on, IMMUNOGLOBULIN_MONTHS)
    elif sign.code == "corticosteroid":
        until = (day or found.on) + timedelta(days=CORTICOSTEROID_DAYS)
    words = sign.words[0].lower() + sign.words[1:]
    return Hindrance("deferred", words, until, sign.live) if until > found.on else None


def judge(found: Examined, vaccines: Sequence[str]) -> Judgement:
    """What of these vaccines (codes of the schedule) may be given to somebody examined so."""
    against = hindrances(found)
    hindered = {code: one for code in vaccines if (one := next((one for one in against if not one.live or code in LIVE), None))}
    allowed = tuple(code for code in vaccines if code not in hindered)
    if allowed or not against or (not vaccines and all(one.live for one in against)):
        return Judgement("eligible", allowed, hindered, "; ".join(dict.fromkeys(one.words for one in hindered.values())), None)
    kinds = {one.outcome for one in hindered.values()} or {one.outcome for one in against}
    outcome: Outcome = "deferred" if "deferred" in kinds else "contraindicated"
    days = [one.until for one in against if one.until is not None and one.outcome == "deferred"]
    return Judgement(outcome, (), hindered, "; ".join(dict.fromkeys(one.words for one in against)), max(days) if outcome == "deferred" and days else None)


def _words(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
