"""Indicators of nutrition: underweight, stunting, wasting, overweight, who is measured, who falters, who lives on breast milk."""

import datetime
from typing import Any

from tramyte.care.people.indicators import SEXES, staying
from tramyte.engine.indicators import indicator

AGES = {"0-5": "dưới 6 tháng", "6-11": "6 đến 11 tháng", "12-23": "12 đến 23 tháng", "24-59": "24 đến 59 tháng"}
GROUPS = {"hamlet": {}, "sex": SEXES, "age_group": AGES}
REVIEWED = datetime.date(2026, 11, 22)
STATED = "TT 15/2026/TT-BYT (báo cáo dinh dưỡng 6 tháng, năm); ngưỡng theo chuẩn WHO 2006; công thức chưa đối chiếu văn bản gốc"


def _young(tables: Any, periods: Any, history: Any) -> Any:
    """Children under five who stay in the place on the day, with the row `held_` of a history, null for who has none."""
    here = staying(tables, periods, born_after=periods.turned5.min().as_scalar(), held=history)
    return here.filter(here.birth_date > here.turned5)


def _held(tables: Any, periods: Any, history: Any) -> Any:
    """As `_young`, of those whose row is not older than twelve months; age_group is that of the day measured."""
    import ibis

    here = _young(tables, periods, history)
    kept = here.filter(here.held_on <= here.day, here.held_on > here.back12)
    return kept.mutate(age_group=ibis.cases(
        (kept.held_age_days < 183, "0-5"), (kept.held_age_days < 365, "6-11"), (kept.held_age_days < 731, "12-23"), else_="24-59"))


def _shown(here: Any, met: Any, reason: Any, due_on: Any) -> Any:
    return here.select("period", "place", "sex", "age_group", subject=here.person, met=met, reason=reason, reason_on=here.held_on, due_on=due_on)


def _lately(here: Any, done: str, late: str, never: str, months: int = 0) -> Any:
    """Children with a row not older than six months, among those of so many months (0 or 6) or more."""
    import ibis

    here = here.filter(here.birth_date <= here.back6) if months else here
    begun = ibis.coalesce(here.held_on <= here.day, False)
    met = ibis.coalesce(begun & (here.held_on > here.back6), False)
    age = ibis.ifelse(begun, here.held_age_days, 0)
    group = ibis.cases((age < 183, "0-5"), (age < 365, "6-11"), (age < 731, "12-23"), else_="24-59")
    return here.select(
        "period", "place", "sex", subject=here.person, met=met, age_group=group, reason_on=here.held_on, reason=ibis.cases((met, done), (begun, late), else_=never),
        due_on=ibis.ifelse(begun, here.held_due_on, ibis.null("date")))


def _below(here: Any, band: Any, severe: str, moderate: str, usual: str) -> Any:
    import ibis

    reason = ibis.cases((band == -3, f"{severe}, đo {{on}}"), (band == -2, f"{moderate}, đo {{on}}"), else_=f"{usual}, đo {{on}}")
    return _shown(here, band < 0, reason, here.held_due_on)


@indicator(
    code="DD01", title="Tỷ lệ trẻ dưới 5 tuổi suy dinh dưỡng thể nhẹ cân", groups=GROUPS, reviewed_on=REVIEWED, direction="down", interval=True,
    source=STATED,
)
def underweight(tables: Any, periods: Any) -> Any:
    """Children under five whose weight-for-age lies below -2 SD, among those weighed.

    Denominator: children under 60 months who stay in the place (permanent or temporary, not away, alive) on the day
    measured, with a weight judged in the twelve months up to and including that day (the same day of the year before lies
    outside); the last one counts. Weights that WHO calls implausible do not count; a child with oedema does.
    Numerator: of these, below -2 SD by the WHO standards of 2006, or with oedema. Children not weighed are no part of it.
    Never unknown. Source: indicator DD01 of the reference list; WHO and UNICEF, 2019; the twelve months are ours.
    """
    here = _held(tables, periods, tables.growth_weights)
    return _below(here, here.held_weight_band, "Nhẹ cân mức nặng", "Nhẹ cân", "Cân nặng bình thường")


@indicator(
    code="DD02", title="Tỷ lệ trẻ dưới 5 tuổi suy dinh dưỡng thể thấp còi", groups=GROUPS, reviewed_on=REVIEWED, direction="down", interval=True,
    source=f"{STATED}; Chiến lược dinh dưỡng 2021-2030 (dưới 15 % năm 2030)",
)
def stunting(tables: Any, periods: Any) -> Any:
    """Children under five whose length or height for age lies below -2 SD, among those measured.

    Denominator: as DD01, with a plausible length or height in the twelve months up to and including the day; the last one
    counts. Numerator: of these, below -2 SD by the WHO standards of 2006. Never unknown.
    Source: indicator DD02 of the reference list; WHO and UNICEF, 2019; the twelve months are ours.
    """
    here = _held(tables, periods, tables.growth_lengths)
    return _below(here, here.held_length_band, "Thấp còi mức nặng", "Thấp còi", "Chiều cao bình thường")


@indicator(
    code="DD03", title="Tỷ lệ trẻ dưới 5 tuổi suy dinh dưỡng thể gầy còm", groups=GROUPS, reviewed_on=REVIEWED, direction="down", interval=True,
    source=f"{STATED}; mức dưới 3 % (theo trí nhớ)",
)
def wasting(tables: Any, periods: Any) -> Any:
    """Children under five whose weight for length or height lies below -2 SD, among those weighed and measured.

    Denominator: as DD02, of those whose last measurement has a plausible weight for length too, or oedema.
    Numerator: of these, below -2 SD by the WHO standards of 2006, or with oedema. Never unknown.
    Source: indicator DD03 of the reference list; WHO and UNICEF, 2019; the twelve months are ours.
    """
    here = _held(tables, periods, tables.growth_lengths)
    here = here.filter(here.held_wasting_band.notnull())
    return _below(here, here.held_wasting_band, "Gầy còm mức nặng", "Gầy còm", "Không gầy còm")


@indicator(
    code="DD04", title="Tỷ lệ trẻ dưới 5 tuổi thừa cân, béo phì", groups=GROUPS, reviewed_on=REVIEWED, direction="down", interval=True,
    source=f"{STATED}; Chiến lược dinh dưỡng (theo trí nhớ)",
)
def overweight(tables: Any, periods: Any) -> Any:
    """Children under five whose weight for length or height lies above +2 SD, among those weighed and measured.

    Denominator: as DD03. Numerator: of these, above +2 SD by the WHO standards of 2006. Never unknown.
    Source: indicator DD04 of the reference list; WHO and UNICEF, 2019; the twelve months are ours.
    """
    import ibis

    here = _held(tables, periods, tables.growth_lengths)
    here = here.filter(here.held_wasting_band.notnull())
    band = here.held_wasting_band
    reason = ibis.cases((band == 3, "Béo phì, đo {on}"), (band == 2, "Thừa cân, đo {on}"), else_="Không thừa cân, đo {on}")
    return _shown(here, band > 0, reason, here.held_due_on)


@indicator(
    code="DD05", title="Tỷ lệ trẻ 6-59 tháng uống vitamin A trong 6 tháng", groups=GROUPS, reviewed_on=REVIEWED,
    source="Chỉ tiêu DD05 của danh mục tham khảo (theo trí nhớ) (đợt tháng 6 và 12, từ 98 %); công thức chưa đối chiếu văn bản gốc",
)
def vitamin_a(tables: Any, periods: Any) -> Any:
    """Children of 6 to 59 months who took vitamin A in the last six months, so that each of the two rounds of a year counts for half of it.

    Denominator: children under 60 months who stay in the place (permanent or temporary, not away, alive) on the day and are
    six months old or more. Numerator: of these, with a dose of vitamin A noted in Sổ theo dõi dinh dưỡng in the six months up
    to and including the day; the same day six months before lies outside. Never unknown: a dose that nobody wrote was not given.
    Age groups by the age at that dose; "0-5" for who has none. Source: indicator DD05 of the reference list; that the six months run
    to the day, in place of the dates of a round, is ours.
    """
    return _lately(_young(tables, periods, tables.growth_vitamin_a), "Uống vitamin A {on}", "Quá 6 tháng chưa uống vitamin A; lần gần nhất {on}", "Chưa uống vitamin A lần nào", months=6)


@indicator(
    code="DD06", title="Tỷ lệ trẻ 6-59 tháng suy dinh dưỡng cấp được quản lý", groups=GROUPS, reviewed_on=REVIEWED, interval=True,
    source="QĐ 97/QĐ-PB PL III Mẫu 02; NĐ 165/2026/NĐ-CP Điều 84 khoản 2 điểm đ; công thức chưa đối chiếu văn bản gốc",
)
def acute_managed(tables: Any, periods: Any) -> Any:
    """Children with acute malnutrition who have an appointment that has not passed.

    Denominator: children of 6 to 59 months who stay in the place on the day, whose last measurement, not older than twelve
    months, finds acute malnutrition: weight for length below -2 SD, an arm below 12.5 cm, or oedema (severe: -3 SD, 11.5
    cm, oedema). Numerator: of these, with an appointment (hẹn khám lại) on or after the day. Never unknown.
    Source: indicator DD06 of the reference list; that "managed" means an open appointment is ours, not verified.
    """
    import ibis

    here = _held(tables, periods, tables.growth_visits)
    here = here.filter(here.held_acute.isin(["severe", "moderate"]), here.birth_date <= here.back6)
    severe, booked = here.held_acute == "severe", here.held_follow_up_on.notnull()
    met = ibis.coalesce(here.held_follow_up_on >= here.day, False)
    reason = ibis.cases(
        (met, "Đã hẹn khám lại, đo {on}"), (severe & booked, "Suy dinh dưỡng cấp nặng, đã quá hẹn, đo {on}"), (severe, "Suy dinh dưỡng cấp nặng, chưa hẹn khám lại, đo {on}"),
        (booked, "Suy dinh dưỡng cấp vừa, đã quá hẹn, đo {on}"), else_="Suy dinh dưỡng cấp vừa, chưa hẹn khám lại, đo {on}")
    return _shown(here, met, reason, ibis.coalesce(here.held_follow_up_on, here.held_due_on))


@indicator(
    code="DD07", title="Tỷ lệ trẻ dưới 5 tuổi được cân đo trong 6 tháng", groups=GROUPS, reviewed_on=REVIEWED,
    source="Chỉ tiêu DD07 của danh mục tham khảo (theo trí nhớ); chưa đối chiếu văn bản gốc",
)
def measured(tables: Any, periods: Any) -> Any:
    """Children under five who were measured in the last six months.

    Denominator: children under 60 months who stay in the place (permanent or temporary, not away, alive) on the day.
    Numerator: of these, measured (weight, length or arm) in the six months up to and including the day; the same day
    six months before lies outside. Never unknown. Age groups by the age at the last measurement; "0-5" for who has none.
    Source: indicator DD07 of the reference list; that the six months run to the day is ours.
    """
    return _lately(_young(tables, periods, tables.growth_visits), "Đo {on}", "Quá 6 tháng chưa cân đo; lần gần nhất {on}", "Chưa cân đo lần nào")


@indicator(
    code="DD08", title="Tỷ lệ trẻ dưới 5 tuổi cân lại thấy tăng trưởng tốt", groups=GROUPS, reviewed_on=REVIEWED,
    source="WHO, Training course on child growth assessment, 2008, phần C; chỉ tiêu theo dõi của trạm, không có trong danh mục báo cáo",
)
def gaining(tables: Any, periods: Any) -> Any:
    """Children under five whose last weighing does not show faltering growth, among those weighed twice.

    Denominator: as DD01, of those whose last weighing could be compared with one before (see `rules.growth.gaining`).
    Numerator: of these, who gained weight. The others did not gain for as long as the age forbids, or fell by 1 SD.
    Never unknown. Source: WHO, 2008; the days without gain that count above 6 months of age are ours.
    """
    import ibis

    here = _held(tables, periods, tables.growth_weights)
    here = here.filter(here.held_trend.isin(["gaining", "flat", "falling"]))
    trend = here.held_trend
    reason = ibis.cases((trend == "flat", "Không tăng cân, đo {on}"), (trend == "falling", "Tụt kênh cân nặng, đo {on}"), else_="Tăng cân, đo {on}")
    return _shown(here, trend == "gaining", reason, here.held_due_on)


@indicator(
    code="BM13", title="Tỷ lệ trẻ được bú mẹ hoàn toàn trong 6 tháng đầu", groups=GROUPS, reviewed_on=REVIEWED, interval=True,
    source="NĐ 165/2026/NĐ-CP Điều 84 khoản 2; công thức WHO (theo trí nhớ), chưa đối chiếu văn bản gốc",
)
def breastfed(tables: Any, periods: Any) -> Any:
    """Babies under six months who lived on breast milk alone the day before they were asked about, among those asked about.

    Denominator: children who stay in the place on the day and were asked about while younger than 183 days, in the twelve
    months up to and including the day; each counts once, with the last answer of that age.
    Numerator: of these, breast milk alone (drops and medicine are allowed) in the 24 hours before. Never unknown.
    Source: indicator BM13 of the reference list; WHO and UNICEF, Indicators for assessing infant and young child feeding
    practices, 2021; that a year of answers is put together is ours, for the small numbers.
    """
    import ibis

    here = _held(tables, periods, tables.growth_feeding)
    feeding = here.held_feeding
    reason = ibis.cases(
        (feeding == "exclusive", "Bú mẹ hoàn toàn, hỏi {on}"), (feeding == "none", "Không bú mẹ, hỏi {on}"), else_="Bú mẹ và ăn, uống thêm, hỏi {on}")
    return _shown(here, feeding == "exclusive", reason, ibis.null("date"))
