"""One child: its z-scores, and which rules led to each."""

from dataclasses import dataclass
from math import floor, isnan

from tramyte.rules.growth.scores import (
    DAYS_PER_MONTH,
    INDICATORS,
    LYING_BELOW,
    OLDEST_CHILD,
    STANDING_FROM,
    STANDS_FROM,
    Indicator,
    Standard,
    score,
)

# A rule -> how a screen says it.
RULES = {
    "no_sex": "Chưa có giới tính.",
    "no_age": "Chưa có tuổi.",
    "age_outside": "Tuổi ngoài khoảng của chuẩn này.",
    "no_measure": "Chưa có số đo.",
    "not_positive": "Số đo phải lớn hơn 0.",
    "length_outside": "Chiều dài, chiều cao ngoài khoảng của bảng (nằm 45–110 cm, đứng 65–120 cm).",
    "oedema": "Phù: không tính điểm z; khi tính tỷ lệ, trẻ được xếp vào dưới -3 SD.",
    "standing_to_lying": "Dưới 24 tháng mà đo đứng: cộng 0,7 cm.",
    "lying_to_standing": "Từ 24 tháng mà đo nằm: trừ 0,7 cm.",
    "standing_too_young": "Dưới 9 tháng chưa đứng được: coi là đo nằm.",
    "by_length": "So với bảng cân nặng theo chiều dài nằm.",
    "by_height": "So với bảng cân nặng theo chiều cao đứng.",
    "without_age": "Chưa có tuổi: chọn bảng theo cách đo (khi không ghi: nằm nếu dưới 87 cm).",
    "rounded_age": "Tuổi được làm tròn đến ngày.",
    "between_months": "Lấy giá trị giữa hai tháng của bảng.",
    "beyond_3sd": "Ngoài 3 SD: tính theo khoảng cách giữa 2 và 3 SD.",
    "implausible": "Điểm z khó có thật: hãy đo lại hoặc kiểm tra tuổi.",
}


@dataclass(frozen=True, slots=True)
class Score:
    """One z-score of one child.

    z: two decimals, or None. implausible: WHO's flag, None without a z-score. rules: keys of RULES in the order in which
    they applied; without a z-score the reasons.
    """

    z: float | None
    implausible: bool | None
    rules: tuple[str, ...]


# What is measured for an indicator, by the name of its column; else the column itself.
_MEASURED = {
    "zlen": ("lenhei",),
    "zwfl": ("weight", "lenhei"),
    "zbmi": ("weight", "lenhei"),
    "zhfa": ("height",),
    "zbfa": ("weight", "height"),
}


@dataclass(frozen=True, slots=True)
class _Child:
    sex: int | None
    days: float | None
    months: float | None
    letter: str  # l lying, h standing, else unknown
    oedema: bool
    measures: dict[str, float]


def explain(standard: Standard, *, sex: int | None, **measures: float | str | None) -> dict[str, Score]:
    """The z-scores of one child by name (zlen, zwei ... or zhfa, zwfa, zbfa), each with the rules that applied.

    sex: 1 boy, 2 girl. measures: those of `who2006` or `who2007`, None when unknown; an indicator of which nothing
    was measured has the rule `no_measure`.
    Raises TypeError for a measure that the standard does not have.
    """
    known = {name: value for name, value in measures.items() if value is not None}
    scored = score(standard, float("nan") if sex is None else sex, **known)
    child = _child(sex, dict(known))
    answer = {}
    for indicator in INDICATORS[standard]:
        z, flag = float(scored[indicator.z][0]), int(scored[indicator.flag][0])
        if isnan(z):
            answer[indicator.z] = Score(None, None, _reasons(indicator, child))
        else:
            answer[indicator.z] = Score(z, flag == 1, _rules(indicator, child, z, flag == 1))
    return answer


def _child(sex: int | None, known: dict[str, float | str]) -> _Child:
    letter, oedema = str(known.pop("measure", "")).lower()[:1], known.pop("oedema", False)
    measures = {name: float(value) for name, value in known.items()}
    days, months = measures.get("age_days"), measures.get("age_months")
    if days is not None:
        months = days / DAYS_PER_MONTH
    elif months is not None:
        days = months * DAYS_PER_MONTH
    return _Child(sex, days, months, letter, oedema is True or str(oedema).lower()[:1] == "y", measures)


def _reasons(indicator: Indicator, child: _Child) -> tuple[str, ...]:
    """Why there is no z-score."""
    values = [child.measures.get(name) for name in _MEASURED.get(indicator.z, (indicator.measure,))]
    by_length = indicator.z == "zwfl"
    reasons = {
        "no_sex": child.sex not in (1, 2),
        "no_age": child.days is None and not by_length,
        "no_measure": None in values,
        "not_positive": any(value is not None and value <= 0 for value in values),
        "oedema": indicator.oedema and child.oedema,
    }
    applied = tuple(rule for rule, applies in reasons.items() if applies)
    too_old = child.months is not None and child.months >= OLDEST_CHILD
    return applied or (("length_outside",) if by_length and not too_old else ("age_outside",))


def _rules(indicator: Indicator, child: _Child, z: float, implausible: bool) -> tuple[str, ...]:
    """Which choices led to the z-score."""
    if indicator.table.endswith("_2007"):
        rules = {"between_months": child.months is not None and child.months % 1 > 0}
    else:
        days = None if child.days is None else floor(child.days + 0.5)
        rules = {"rounded_age": child.days is not None and child.days % 1 > 0 and indicator.z != "zwfl"}
        if "lenhei" in _MEASURED.get(indicator.z, ()):
            rules |= _conversion(child, days)
        if indicator.z == "zwfl":
            rules |= _choice_of_table(child, days)
    rules |= {"beyond_3sd": indicator.adjusted and abs(z) > 3, "implausible": implausible}
    return tuple(rule for rule, applies in rules.items() if applies)


def _conversion(child: _Child, days: int | None) -> dict[str, bool]:
    if days is None or child.months is None:
        return {}
    too_young = child.letter == "h" and child.months < STANDS_FROM
    return {
        "standing_too_young": too_young,
        "standing_to_lying": child.letter == "h" and days < STANDING_FROM and not too_young,
        "lying_to_standing": child.letter == "l" and days >= STANDING_FROM,
    }


def _choice_of_table(child: _Child, days: int | None) -> dict[str, bool]:
    if days is not None:
        by_length = days < STANDING_FROM
    else:
        by_length = child.letter == "l" or (child.letter != "h" and child.measures["lenhei"] < LYING_BELOW)
    return {"by_length": by_length, "by_height": not by_length, "without_age": days is None}
