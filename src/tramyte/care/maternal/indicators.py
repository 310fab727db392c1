"""Indicators of mothers and births: antenatal care, delivery, the weeks after it, birth weight, sex ratio, screening, contraception."""

import datetime
from typing import Any

from tramyte.care.people.indicators import SEXES, staying
from tramyte.engine.indicators import indicator
from tramyte.engine.indicators.figures import SEX_RATIO

MOTHERS = {"hamlet": {}}
CHILDREN = {"hamlet": {}, "sex": SEXES}
REVIEWED = datetime.date(2026, 11, 22)
STATED = "TT 20/2019/TT-BYT và niên giám thống kê y tế (theo trí nhớ); công thức chưa đối chiếu văn bản gốc"
ENOUGH_PRENATAL, ENOUGH_NEWBORN = 4, 5  # diseases screened for
LIGHT = 2500  # grams
MODERN = ("iud", "male_sterilization", "female_sterilization", "implant", "injection", "pill", "condom")


def _gave_birth(tables: Any, periods: Any) -> Any:
    """Women whose last birth on or before the day lies in the calendar year: one row per period and woman."""
    crossed = tables.deliveries.cross_join(periods)
    return crossed.filter(crossed.since <= crossed.day, crossed.next > crossed.day, crossed.on <= crossed.day, crossed.on >= crossed.year_start)


def _beside(rows: Any, others: Any, own: str, other: str) -> Any:
    """Rows with the columns of at most one other row each, null where there is none."""
    return rows.left_join(others, rows[own] == others[other])


def _shown(here: Any, met: Any, reason: Any, due_on: Any = None, **groups: Any) -> Any:
    import ibis

    return here.select("period", "place", subject=here.person, met=met, reason=reason, reason_on=here.on, due_on=ibis.null("date") if due_on is None else due_on, **groups)


@indicator(
    code="BM01", title="Tỷ lệ phụ nữ đẻ được khám thai ít nhất 4 lần trong 3 thời kỳ", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True,
    source=f"{STATED}; QĐ 4128/QĐ-BYT năm 2016; kế hoạch thường giao từ 80 đến 90 %",
)
def four_visits(tables: Any, periods: Any) -> Any:
    """Women who gave birth after four antenatal contacts or more: one in the first term, one in the second, two in the third.

    Denominator: women who gave birth, wherever it was, from 1 January of the period's year up to and including the day
    measured, by the hamlet where they stay now; the last birth counts. Births from 20 weeks on, stillbirths too.
    Numerator: of these, with contacts in this pregnancy in the terms before 14 weeks, before 28 weeks and later.
    Never unknown: a contact that nobody wrote did not happen as far as the book knows. Source: reference indicator BM01;
    the weeks that part the terms are not verified with the original.
    """
    import ibis

    seen = tables.antenatal
    counts = seen.group_by("pregnancy").agg(
        visits=seen.count(), early=(seen.term == 1).ifelse(1, 0).sum(), middle=(seen.term == 2).ifelse(1, 0).sum(), late=(seen.term == 3).ifelse(1, 0).sum())
    here = _beside(_gave_birth(tables, periods), counts.rename(counted="pregnancy"), "pregnancy", "counted")
    early, middle, late = (ibis.coalesce(here[name], 0) for name in ("early", "middle", "late"))
    met = (early >= 1) & (middle >= 1) & (late >= 2)
    reason = ibis.cases(
        (met, "Đủ 4 lần trong 3 thời kỳ, đẻ {on}"), (ibis.coalesce(here.visits, 0) == 0, "Chưa khám thai lần nào, đẻ {on}"), (early < 1, "Thiếu khám 3 tháng đầu, đẻ {on}"),
        (middle < 1, "Thiếu khám 3 tháng giữa, đẻ {on}"), else_="Thiếu khám 3 tháng cuối, đẻ {on}")
    return _shown(here, met, reason)


@indicator(
    code="BM02", title="Tỷ lệ phụ nữ đẻ được quản lý thai", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, source=f"{STATED}; kế hoạch thường giao từ 95 %",
)
def managed(tables: Any, periods: Any) -> Any:
    """Women who gave birth whose pregnancy the station had registered.

    Denominator: as BM01. Numerator: of these, whose pregnancy has a day of registration. Never unknown.
    Source: reference indicator BM02, not verified.
    """
    import ibis

    here = _gave_birth(tables, periods)
    return _shown(here, here.managed, ibis.ifelse(here.managed, "Được quản lý thai, đẻ {on}", "Không được quản lý thai, đẻ {on}"))


@indicator(
    code="BM03", title="Tỷ lệ phụ nữ đẻ được xét nghiệm HIV trong thai kỳ", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, source=f"{STATED}; kế hoạch loại trừ lây truyền từ mẹ sang con",
)
def hiv_tested(tables: Any, periods: Any) -> Any:
    """Women who gave birth with an HIV test in a contact of the pregnancy, whatever its result.

    Denominator: as BM01. Numerator: of these, with a result of an HIV test in one of the pregnancy's contacts. The reason never
    tells a result. Never unknown. Source: reference indicator BM03, not verified.
    """
    import ibis

    seen = tables.antenatal.filter(tables.antenatal.hiv)
    tested = seen.group_by("pregnancy").agg(tests=seen.count()).rename(counted="pregnancy")
    here = _beside(_gave_birth(tables, periods), tested, "pregnancy", "counted")
    met = here.tests.notnull()
    return _shown(here, met, ibis.ifelse(met, "Đã xét nghiệm HIV, đẻ {on}", "Chưa xét nghiệm HIV, đẻ {on}"))


@indicator(
    code="BM05", title="Tỷ lệ phụ nữ đẻ tại cơ sở y tế", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, source=f"{STATED}; kế hoạch thường giao từ 98 %",
)
def in_facility(tables: Any, periods: Any) -> Any:
    """Women who gave birth in a hospital, a health station or a private facility.

    Denominator: as BM01. Numerator: of these, where the place of birth is one of these three. Never unknown: the place is always asked.
    Source: reference indicator BM05, not verified.
    """
    import ibis

    here = _gave_birth(tables, periods)
    met = here.site.isin(["hospital", "station", "clinic"])
    return _shown(here, met, ibis.ifelse(met, "Đẻ tại cơ sở y tế {on}", "Đẻ ngoài cơ sở y tế {on}"))


@indicator(
    code="BM06", title="Tỷ lệ ca đẻ do nhân viên y tế qua đào tạo đỡ", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, source=f"{STATED}; kế hoạch thường giao từ 98 %",
)
def attended(tables: Any, periods: Any) -> Any:
    """Women who gave birth with a doctor, midwife, nurse or trained village midwife.

    Denominator: as BM01. Numerator: of these, attended by one of them. Unknown: nobody wrote who attended the birth.
    Source: reference indicator BM06, not verified.
    """
    import ibis

    here = _gave_birth(tables, periods)
    who = ibis.coalesce(here.attendant, "")
    met = ibis.cases((who.isin(["doctor", "midwife", "village_midwife"]), True), (who == "", ibis.null("boolean")), else_=False)
    reason = ibis.cases((who == "", "Chưa ghi người đỡ đẻ, đẻ {on}"), (who == "nobody", "Không có ai đỡ, đẻ {on}"), (who == "untrained", "Người đỡ chưa đào tạo, đẻ {on}"), else_="Nhân viên y tế đỡ, đẻ {on}")
    return _shown(here, met, reason)


def _seen_after(tables: Any, periods: Any, days: int, until: str) -> Any:
    """Women who gave birth, with whether they or the child were seen within so many days; unknown while these are not over."""
    import ibis

    after = tables.postnatal.filter(tables.postnatal.day <= days)
    seen = after.group_by("delivery").agg(seen_on=after.on.min())
    here = _beside(_gave_birth(tables, periods), seen, "id", "delivery")
    done = ibis.coalesce(here.seen_on <= here.day, False)
    waiting = here[until] >= here.day
    met = ibis.cases((done, True), (waiting, ibis.null("boolean")), else_=False)
    reason = ibis.cases((done, f"Đã khám trong {days} ngày, đẻ {{on}}"), (waiting, f"Chờ khám trong {days} ngày sau đẻ {{on}}"), else_=f"Không khám trong {days} ngày sau đẻ {{on}}")
    return _shown(here, met, reason, ibis.ifelse(done, ibis.null("date"), here[until]))


@indicator(
    code="BM07", title="Tỷ lệ sản phụ, trẻ sơ sinh được khám trong 42 ngày sau sinh", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True,
    source="vienthongke.vn, từ điển thống kê; công thức chưa đối chiếu văn bản gốc",
)
def seen_in_42_days(tables: Any, periods: Any) -> Any:
    """Women who gave birth where mother, child or both were seen within 42 days.

    Denominator: as BM01. Numerator: of these, with a contact up to and including the 42nd day after the birth and not after the
    day measured. Unknown: not seen yet, and the 42nd day is not over. Source: reference indicator BM07, not verified.
    """
    return _seen_after(tables, periods, 42, "until_on")


@indicator(
    code="BM08", title="Tỷ lệ sản phụ, trẻ sơ sinh được khám tuần đầu sau sinh", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, source=STATED,
)
def seen_in_first_week(tables: Any, periods: Any) -> Any:
    """Women who gave birth where mother, child or both were seen within seven days.

    Denominator: as BM01. Numerator: as BM07 with the seventh day in place of the 42nd. Unknown: not seen yet, and the week is
    not over. Source: reference indicator BM08, not verified.
    """
    return _seen_after(tables, periods, 7, "week_on")


def _born(tables: Any, periods: Any) -> Any:
    """Children born alive from 1 January up to and including the day: one row per period and child."""
    crossed = tables.newborns.cross_join(periods)
    return crossed.filter(crossed.on <= crossed.day, crossed.on >= crossed.year_start)


@indicator(
    code="BM12", title="Tỷ lệ trẻ đẻ nhẹ cân dưới 2500 gam", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, direction="down", interval=True,
    source=f"{STATED}; mức thường giao dưới 5 đến 8 %",
)
def low_birth_weight(tables: Any, periods: Any) -> Any:
    """Children born alive with less than 2500 grams, among those weighed.

    Denominator: children born alive from 1 January of the period's year up to and including the day measured whose weight at
    birth is known, by the hamlet where they stay now. Numerator: of these, below 2500 grams. Never unknown: who was not
    weighed is no part of it. Source: reference indicator BM12; WHO, below 2500 grams.
    """
    import ibis

    here = _born(tables, periods)
    here = here.filter(here.weight.notnull())
    met = here.weight < LIGHT
    return _shown(here, met, ibis.ifelse(met, "Dưới 2500 gam, sinh {on}", "Từ 2500 gam, sinh {on}"), sex=here.sex)


@indicator(
    code="DS01", title="Tỷ số giới tính khi sinh", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, direction="down", interval=True, unit=SEX_RATIO, subject_type="birth",
    source="QĐ 1679/QĐ-TTg năm 2019 (chiến lược dân số, dưới 109 năm 2030) (theo trí nhớ)",
)
def sex_ratio(tables: Any, periods: Any) -> Any:
    """Boys born alive for each 100 girls born alive.

    Counted: children born alive from 1 January of the period's year up to and including the day measured. Numerator: boys; the
    value is boys for 100 girls, its interval that of the share of boys (Wilson), which in a commune spans dozens: with fewer
    than some 1,500 births a ratio of 120 does not differ from 105 by more than chance, and three to five years are put
    together before anybody concludes. Never unknown. Nobody is on a worklist for being born a boy or a girl.
    Source: reference indicator DS01, not verified.
    """
    import ibis

    here = _born(tables, periods)
    boy = here.sex == "M"
    return here.select("period", "place", subject=here.person, met=boy, reason=ibis.ifelse(boy, "Bé trai", "Bé gái"), due_on=ibis.null("date"))


@indicator(
    code="DS08", title="Tỷ lệ bà mẹ được sàng lọc trước sinh từ 4 bệnh", groups=MOTHERS, reviewed_on=REVIEWED, cumulative=True, source="QĐ 1999/QĐ-TTg năm 2020 (70 % năm 2030) (theo trí nhớ); mẫu số chưa đối chiếu",
)
def screened_before_birth(tables: Any, periods: Any) -> Any:
    """Women who gave birth after a prenatal screening for four congenital diseases or more.

    Denominator: as BM01. Numerator: of these, with a prenatal screening between the first day of the pregnancy and the birth that
    looked for four diseases or more. Never unknown. Source: reference indicator DS08; that women who gave birth and not
    all who are pregnant are the denominator is one of two readings.
    """
    import ibis

    here, done = _gave_birth(tables, periods), tables.screenings.filter(tables.screenings.kind == "prenatal")
    births = tables.deliveries.select("id", "person", "begun_on", "on")
    done = done.select(who="person", screened_on="on", looked_for="diseases")
    within = births.inner_join(done, births.person == done.who)
    within = within.filter(within.screened_on >= within.begun_on, within.screened_on <= within.on)
    most = within.group_by("id").agg(looked_for=within.looked_for.max()).rename(birth="id")
    here = _beside(here, most, "id", "birth")
    met = ibis.coalesce(here.looked_for >= ENOUGH_PRENATAL, False)
    reason = ibis.cases((met, "Đã sàng lọc trước sinh, đẻ {on}"), (here.looked_for.notnull(), "Sàng lọc chưa đủ 4 bệnh, đẻ {on}"), else_="Không sàng lọc trước sinh, đẻ {on}")
    return _shown(here, met, reason)


@indicator(
    code="DS09", title="Tỷ lệ trẻ sơ sinh được sàng lọc từ 5 bệnh", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source="QĐ 1999/QĐ-TTg năm 2020 (90 % năm 2030) (theo trí nhớ)",
)
def screened_after_birth(tables: Any, periods: Any) -> Any:
    """Children born alive who were screened for five congenital diseases or more.

    Denominator: children born alive from 1 January of the period's year up to and including the day. Numerator: of these, with a
    newborn screening on or before the day that looked for five diseases or more. Unknown: not screened yet and not older than 28
    days. Source: reference indicator DS09; the 28 days are ours.
    """
    import ibis

    done = tables.screenings.filter(tables.screenings.kind == "newborn", tables.screenings.diseases >= ENOUGH_NEWBORN)
    first = done.group_by("person").agg(screened_on=done.on.min()).rename(who="person")
    here = _beside(_born(tables, periods), first, "person", "who")
    screened, waiting = ibis.coalesce(here.screened_on <= here.day, False), here.screen_by >= here.day
    met = ibis.cases((screened, True), (waiting, ibis.null("boolean")), else_=False)
    reason = ibis.cases((screened, "Đã sàng lọc sơ sinh, sinh {on}"), (waiting, "Chờ sàng lọc, sinh {on}"), else_="Không sàng lọc sơ sinh, sinh {on}")
    return _shown(here, met, reason, ibis.ifelse(screened, ibis.null("date"), here.screen_by), sex=here.sex)


def _using(tables: Any, periods: Any, *, modern: bool) -> Any:
    """Women of 15 to 49 with a husband, each with whether a method in her own name protects her on the day."""
    import ibis

    here = staying(tables, periods, born_after=periods.turned50.min().as_scalar(), use=tables.contraception)
    women = here.filter(here.sex == "F", here.birth_date > here.turned50, here.birth_date <= here.turned15)
    wives = tables.wives.filter(tables.wives.married == "yes").rename(wife="person")
    couples = women.inner_join(wives, women.person == wives.wife)
    begun = ibis.coalesce(couples.use_on <= couples.day, False)
    lasts = begun & (couples.use_until >= couples.day)
    met = lasts & couples.use_method.isin(MODERN) if modern else lasts
    reason = ibis.cases((met, "Đang dùng từ {on}"), (lasts, "Dùng biện pháp truyền thống từ {on}"), (begun, "Đã ngừng hoặc hết hạn dùng, dòng cuối {on}"), else_="Chưa ghi biện pháp nào")
    return couples.select(
        "period", "place", subject=couples.person, met=ibis.coalesce(met, False), reason=reason, reason_on=couples.use_on,
        due_on=ibis.ifelse(begun & ~lasts, couples.use_until, ibis.null("date")))


@indicator(code="DS06", title="Tỷ lệ áp dụng biện pháp tránh thai", groups=MOTHERS, reviewed_on=REVIEWED, source=STATED)
def contraception(tables: Any, periods: Any) -> Any:
    """Married women of 15 to 49 who use a contraceptive, as far as the books know.

    Denominator: women of 15 to 49 years who stay in the place on the day and have a husband as far as the household says: wife of
    the head, daughter-in-law, or a head whose husband is of the household. No marital status is kept, so that couples
    written otherwise, and those without a wedding, are missing. Numerator: of these, whose last line in Sổ cung cấp biện
    pháp tránh thai on or before the day is a method not stopped, that lasts to the day. What a husband uses in his own name, and
    what is bought elsewhere and told to nobody, is not counted. Never unknown. Source: reference indicator DS06, not verified.
    """
    return _using(tables, periods, modern=False)


@indicator(code="DS07", title="Tỷ lệ áp dụng biện pháp tránh thai hiện đại", groups=MOTHERS, reviewed_on=REVIEWED, source=f"{STATED}; từ 70 % năm 2030")
def modern_contraception(tables: Any, periods: Any) -> Any:
    """As DS06, of the methods all but the traditional ones.

    Denominator and source as DS06. Numerator: of these, a loop, sterilization, implant, injection, pill or condom.
    """
    return _using(tables, periods, modern=True)
