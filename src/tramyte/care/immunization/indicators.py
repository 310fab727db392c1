"""Indicators of immunization: full immunization, each antigen, hepatitis B at birth, drop-out, timeliness, tetanus, school entry.

The children of a year are those who reach an age in it: whoever turns one in 2026 was born in 2025, and has until the birthday
to be counted. So figures grow within the year, and everybody who can still be reached is on the worklist.
"""

import datetime
from typing import Any

from tramyte.care.immunization.full import FULL_SETS
from tramyte.care.immunization.models.school import AGES
from tramyte.care.people.indicators import SEXES, staying
from tramyte.engine.indicators import indicator

CHILDREN = {"hamlet": {}, "sex": SEXES}
REVIEWED = datetime.date(2026, 11, 22)
UNREAD = "công thức chưa đối chiếu văn bản gốc"
EPI = f"Chương trình TCMR, danh mục tham khảo (theo trí nhớ); {UNREAD}"
AGE_WORDS = {1: "đủ 1 tuổi", 2: "đủ 24 tháng", 3: "đủ 3 tuổi"}
SCHOOL_MONTH = 8  # from August on the school year that begins in September is meant


def _with_course(here: Any, tables: Any) -> Any:
    """People with the columns of their course, `c_` before the names; null for who has none."""
    courses = tables.courses.rename(lambda column: f"c_{column}")
    return here.left_join(courses, here.person == courses.c_person)


def _reaching(tables: Any, periods: Any, age: int) -> Any:
    """Children who stay in the place on the day and reach an age (1, 2, 3) in the calendar year, with their course."""
    oldest = {1: periods.turned2, 2: periods.turned3, 3: periods.turned5}[age]
    here = staying(tables, periods, born_after=oldest.min().as_scalar())
    return _with_course(here.filter(here.birth_date.year() == here.year_start.year() - age), tables)


def _born(tables: Any, periods: Any) -> Any:
    """Children who stay in the place on the day and were born in the calendar year, with their course."""
    here = staying(tables, periods, born_after=periods.back12.min().as_scalar())
    return _with_course(here.filter(here.birth_date >= here.year_start, here.birth_date <= here.day), tables)


def _younger(here: Any, age: int) -> Any:
    """Whether a child has not reached the age on the day."""
    return here.birth_date > {1: here.back12, 2: here.turned2, 3: here.turned3}[age]


def _in_time(here: Any, column: str, age: int) -> Any:
    """Whether what a column dates lies on or before the day and before the birthday."""
    import ibis

    return ibis.coalesce((here[column] <= here.day) & (here[column] < here[f"c_turns{age}"]), False)


def _shown(here: Any, met: Any, reason: Any, due_on: Any, reason_on: Any = None) -> Any:
    import ibis

    return here.select(
        "period", "place", "sex", subject=here.person, met=met, reason=reason, due_on=due_on, reason_on=ibis.null("date") if reason_on is None else reason_on)


def _given(tables: Any, periods: Any, dose: str, name: str, age: int) -> Any:
    """Who of the children reaching an age had a dose before the birthday; unknown who has not and is younger."""
    import ibis

    here = _reaching(tables, periods, age)
    column = f"c_{dose}"
    met, open_, had = _in_time(here, column, age), _younger(here, age), ibis.coalesce(here[column] <= here.day, False)
    until = AGE_WORDS[age]
    reason = ibis.cases(
        (met, f"Đã có {name} ngày {{on}}"), (open_, f"Chưa có {name}, chưa {until}"), (had, f"Có {name} muộn, ngày {{on}}"), else_=f"Đã {until}, chưa có {name}")
    return _shown(here, ibis.cases((met, True), (open_, ibis.null("boolean")), else_=False), reason, ibis.ifelse(had, ibis.null("date"), here[f"c_turns{age}"]), here[column])


@indicator(
    code="TC01", title="Tỷ lệ trẻ dưới 1 tuổi được tiêm chủng đầy đủ", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True,
    source=f"{FULL_SETS[-1].source}; NQ 72-NQ/TW (trên 95 %)",
)
def fully_immunized(tables: Any, periods: Any) -> Any:
    """Children who had every dose of the full set before their first birthday.

    Denominator: children who stay in the place on the day measured and turn one in the calendar year of the period (born in the
    year before). Numerator: of these, whose last dose of the full set counts (by the schedule, wherever it was given) on or
    before the day, and before the first birthday. Unknown: younger than one on the day and not complete yet.
    The set is a parameter with days (`full.FULL_SETS`): the one in force on the first birthday, or now. Source: reference
    indicator TC01; the cohort by calendar year is ours.
    """
    import ibis

    here = _reaching(tables, periods, 1)
    met, open_, full = _in_time(here, "c_full_on", 1), _younger(here, 1), ibis.coalesce(here.c_full_on <= here.day, False)
    lacks = ibis.coalesce(ibis.ifelse(here.c_lacks == "", ibis.null("string"), here.c_lacks), "mọi mũi")
    reason = ibis.cases(
        (met, "Đủ mũi ngày {on}"), (full, "Đủ mũi muộn, ngày {on}"), (open_ & here.c_full_on.notnull(), "Chưa đủ 1 tuổi, chưa đủ mũi vào ngày tính"),
        (open_, ibis.literal("Chưa đủ 1 tuổi, còn thiếu: ") + lacks), else_=ibis.literal("Đã đủ 1 tuổi, còn thiếu: ") + lacks)
    return _shown(here, ibis.cases((met, True), (open_, ibis.null("boolean")), else_=False), reason, ibis.ifelse(full, ibis.null("date"), here.c_turns1), here.c_full_on)


@indicator(
    code="TC02", title="Tỷ lệ trẻ sơ sinh tiêm viêm gan B trong 24 giờ", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, interval=True,
    source="TT 13/2026/TT-BYT Điều 26 khoản 1 (24 giờ, đã đối chiếu); mẫu số chưa đối chiếu văn bản gốc",
)
def hepatitis_b_at_birth(tables: Any, periods: Any) -> Any:
    """Children born in the year who had hepatitis B vaccine within 24 hours of birth.

    Denominator: children born from 1 January of the period's year up to and including the day who stay in the place on the day.
    Numerator: of these, with the dose within 24 hours by the clock, where the hours of birth and dose are both known; where one
    is not, only a dose on the day of birth itself counts. Unknown: a dose of the next day without both hours, and no dose yet
    of who was born on the day measured. A later dose is recorded and does not count. Source: reference indicator TC02; that
    children who stay here and not all births are counted is ours.
    """
    import ibis

    here = _born(tables, periods)
    had, worth = ibis.coalesce(here.c_hepb0 <= here.day, False), ibis.coalesce(here.c_birth_dose, "")
    met = ibis.cases(
        (had & worth.isin(["clock", "day"]), True), (had & (worth == "unsure"), ibis.null("boolean")), (~had & (here.birth_date == here.day), ibis.null("boolean")), else_=False)
    reason = ibis.cases(
        (had & (worth == "clock"), "Trong 24 giờ theo giờ sinh, giờ tiêm, ngày {on}"), (had & (worth == "day"), "Trong ngày sinh {on}, chưa ghi đủ giờ"),
        (had & (worth == "unsure"), "Tiêm hôm sau, ngày {on}; bổ sung giờ sinh, giờ tiêm để biết có trong 24 giờ"), (had, "Tiêm sau 24 giờ, ngày {on}"), else_="Chưa tiêm viêm gan B sơ sinh")
    return _shown(here, met, reason, ibis.ifelse(had, ibis.null("date"), here.birth_date), here.c_hepb0)


@indicator(code="TC03", title="Tỷ lệ trẻ dưới 1 tuổi tiêm BCG", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def bcg(tables: Any, periods: Any) -> Any:
    """Children born in the year who had BCG.

    Denominator: as TC02. Numerator: of these, with a dose that counts on or before the day. Never unknown: it is due from birth.
    Source: reference indicator TC03; that the children born in the year are counted is ours.
    """
    import ibis

    here = _born(tables, periods)
    met = ibis.coalesce(here.c_bcg <= here.day, False)
    return _shown(here, met, ibis.ifelse(met, "Đã tiêm BCG ngày {on}", "Chưa tiêm BCG"), ibis.ifelse(met, ibis.null("date"), here.birth_date), here.c_bcg)


@indicator(code="TC04", title="Tỷ lệ trẻ dưới 1 tuổi tiêm DPT-VGB-Hib mũi 3", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def third_dpt(tables: Any, periods: Any) -> Any:
    """Children who had the third dose against diphtheria, tetanus and pertussis before their first birthday, whichever product gave it.

    Denominator, unknown: as TC01. Numerator: of these, with that dose on or before the day and before the first birthday.
    Source: reference indicator TC04.
    """
    return _given(tables, periods, "dpt3", "DPT-VGB-Hib mũi 3", 1)


@indicator(code="TC05", title="Tỷ lệ trẻ dưới 1 tuổi uống OPV lần 3", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def third_opv(tables: Any, periods: Any) -> Any:
    """Children who had the third dose of oral polio vaccine, or of one that stands for it, before their first birthday.

    Denominator, numerator, unknown: as TC04, for OPV 3. Source: reference indicator TC05.
    """
    return _given(tables, periods, "opv3", "OPV lần 3", 1)


@indicator(code="TC06", title="Tỷ lệ trẻ dưới 1 tuổi tiêm IPV mũi 2", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def second_ipv(tables: Any, periods: Any) -> Any:
    """Children who had the second dose of injected polio vaccine before their first birthday.

    Denominator, numerator, unknown: as TC04, for IPV 2; three doses of six antigens count as both. Source: reference indicator TC06.
    """
    return _given(tables, periods, "ipv2", "IPV mũi 2", 1)


@indicator(code="TC07", title="Tỷ lệ trẻ dưới 1 tuổi tiêm sởi mũi 1", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def first_measles(tables: Any, periods: Any) -> Any:
    """Children who had the first dose against measles before their first birthday.

    Denominator, numerator, unknown: as TC04, for measles 1; a dose before nine months does not count. Source: reference indicator TC07.
    """
    return _given(tables, periods, "measles1", "sởi mũi 1", 1)


@indicator(code="TC08", title="Tỷ lệ trẻ 18-24 tháng tiêm sởi - rubella (MR)", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def second_measles(tables: Any, periods: Any) -> Any:
    """Children who had the second dose against measles, with rubella, before their second birthday.

    Denominator: children who stay in the place on the day and turn two in the calendar year. Numerator: of these, with a dose that
    counts as MR on or before the day and before the second birthday. Unknown: younger than two on the day and not given yet.
    Source: reference indicator TC08; the cohort by calendar year is ours.
    """
    return _given(tables, periods, "mr", "mũi sởi - rubella (MR)", 2)


@indicator(code="TC09", title="Tỷ lệ trẻ 18-24 tháng tiêm DPT mũi 4", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def fourth_dpt(tables: Any, periods: Any) -> Any:
    """Children who had the fourth dose of DPT before their second birthday.

    Denominator, numerator, unknown: as TC08, for DPT 4. Source: reference indicator TC09.
    """
    return _given(tables, periods, "dpt4", "DPT mũi 4", 2)


@indicator(code="TC11", title="Tỷ lệ trẻ 1-5 tuổi tiêm viêm não Nhật Bản mũi 3", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, source=EPI)
def third_encephalitis(tables: Any, periods: Any) -> Any:
    """Children who had the third dose against Japanese encephalitis before their third birthday.

    Denominator: children who stay in the place on the day and turn three in the calendar year, the age by which the third dose is
    due. Numerator, unknown: as TC08, by the third birthday. Source: reference indicator TC11; the age is ours.
    """
    return _given(tables, periods, "je3", "viêm não Nhật Bản mũi 3", 3)


@indicator(
    code="TC12", title="Tỷ lệ bỏ mũi DPT-VGB-Hib 1-3", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, direction="down", interval=True,
    source="WHO, TCMR (theo trí nhớ): dưới 10 %; công thức chưa đối chiếu văn bản gốc",
)
def dropped_out(tables: Any, periods: Any) -> Any:
    """Children who began the basic doses and did not have the third before their first birthday.

    Denominator: of the children of TC01 those with the first dose of DPT-VGB-Hib on or before the day and before the first
    birthday. Numerator: of these, one year old on the day, without the third dose before the birthday. Unknown: younger, the third
    dose not given yet. Source: reference indicator TC12.
    """
    import ibis

    here = _reaching(tables, periods, 1)
    here = here.filter(_in_time(here, "c_dpt1", 1))
    third, open_ = _in_time(here, "c_dpt3", 1), _younger(here, 1)
    met = ibis.cases((third, False), (open_, ibis.null("boolean")), else_=True)
    reason = ibis.cases((third, "Đủ 3 mũi, mũi 1 ngày {on}"), (open_, "Chưa đủ 3 mũi, mũi 1 ngày {on}"), else_="Bỏ mũi, mũi 1 ngày {on}")
    return _shown(here, met, reason, ibis.ifelse(third, ibis.null("date"), here.c_turns1), here.c_dpt1)


@indicator(
    code="TC16", title="Tỷ lệ trẻ dưới 1 tuổi được tiêm đúng lịch mọi mũi", groups=CHILDREN, reviewed_on=REVIEWED, cumulative=True, interval=True,
    source="Chỉ tiêu theo dõi của trạm, không có trong danh mục báo cáo; hạn của mỗi mũi theo lịch tiêm chủng và tham số của xã",
)
def on_time(tables: Any, periods: Any) -> Any:
    """Children who had each dose of the full set in its recommended time.

    Denominator: as TC01. Numerator: of these, one year old on the day, none of whose doses of the full set was late: later than
    the latest recommended age, or than the time after the recommended day that the commune's programme sets (one month). Unknown:
    younger than one and not late so far. Source: none; a figure for the station.
    """
    import ibis

    here = _reaching(tables, periods, 1)
    open_, known = _younger(here, 1), here.c_person.notnull()
    late = ibis.coalesce((here.c_late_on <= here.day) & (here.c_late_on < here.c_turns1), False)
    met = ibis.cases((late, False), (open_, ibis.null("boolean")), else_=known)
    reason = ibis.cases((late, "Có mũi trễ hẹn từ {on}"), (open_, "Chưa trễ mũi nào, chưa đủ 1 tuổi"), (known, "Mọi mũi đúng lịch"), else_="Chưa có mũi nào")
    return _shown(here, met, reason, ibis.ifelse(late, ibis.null("date"), here.c_turns1), here.c_late_on)


@indicator(
    code="TC10", title="Tỷ lệ phụ nữ có thai tiêm uốn ván đủ (UV2+)", groups={"hamlet": {}}, reviewed_on=REVIEWED, cumulative=True, interval=True,
    source=f"Chương trình TCMR (theo trí nhớ); số năm được bảo vệ theo WHO; {UNREAD}",
)
def tetanus(tables: Any, periods: Any) -> Any:
    """Women who gave birth in the year whose child was protected against neonatal tetanus by the mother's doses.

    Denominator: women who gave birth from 1 January of the period's year up to and including the day, by the hamlet where they
    stay now; the last birth counts (as BM01). Numerator: of these, with two doses or more of tetanus vaccine (UV, Td) two weeks or
    more before the birth, that still protected on it: two doses for 3 years after the last one, three for 5, four for 10, five
    for good. Doses of childhood are not counted. Never unknown. Source: reference indicator TC10; WHO position paper on tetanus, 2017.
    """
    import ibis

    births = tables.deliveries.select("id", "person", "on").rename(birth="id", mother="person", born_on="on")
    doses = births.inner_join(tables.tetanus, births.mother == tables.tetanus.person)
    doses = doses.filter(doses.works_from <= doses.born_on)
    held = doses.group_by("birth").agg(doses=doses.count(), last_on=doses.on.max(), until3=doses.until3.max(), until5=doses.until5.max(), until10=doses.until10.max())
    crossed = tables.deliveries.cross_join(periods)
    here = crossed.filter(crossed.since <= crossed.day, crossed.next > crossed.day, crossed.on <= crossed.day, crossed.on >= crossed.year_start)
    here = here.left_join(held, here.id == held.birth)
    many = ibis.coalesce(here.doses, 0)
    lasts = ibis.cases(((many >= 5), True), (many == 4, here.until10 >= here.on), (many == 3, here.until5 >= here.on), (many == 2, here.until3 >= here.on), else_=False)
    met = ibis.coalesce(lasts, False)
    reason = ibis.cases(
        (met, "Đủ mũi uốn ván trước khi đẻ {on}"), (many >= 2, "Mũi uốn ván đã hết tác dụng khi đẻ {on}"), (many == 1, "Mới 1 mũi uốn ván trước khi đẻ {on}"), else_="Chưa có mũi uốn ván nào trước khi đẻ {on}")
    return here.select("period", "place", subject=here.person, met=met, reason=reason, reason_on=here.on, due_on=ibis.null("date"))


@indicator(
    code="TC15", title="Tỷ lệ trẻ nhập học được rà soát tiền sử tiêm chủng", groups=CHILDREN, reviewed_on=REVIEWED, source="NĐ 165/2026/NĐ-CP Điều 5 khoản 3 (đã đối chiếu); tuổi nhập học là cách đếm của trạm",
)
def school_entry(tables: Any, periods: Any) -> Any:
    """Children of the age at which kindergarten or primary school begins whose vaccination history was reviewed in the school year.

    Denominator: children who stay in the place on the day and turn three (kindergarten) or six (primary school) in the calendar year
    in which the school year begins; from August on that of the same year, before it the one that began the year before. Who
    really enters school is not kept. Numerator: of these, with a review of that school year on or before the day. Never unknown.
    Source: Decree 165/2026 Art. 5(3); reference indicator TC15; the ages are ours.
    """
    import ibis

    here = staying(tables, periods, born_after=periods.turned15.min().as_scalar())
    here = here.mutate(school=here.year_start.year() - ibis.ifelse(here.day.month() >= SCHOOL_MONTH, 0, 1))
    here = here.mutate(entry=here.school - here.birth_date.year())
    here = here.filter(here.entry.isin(list(AGES.values())))
    reviews = tables.school_reviews
    first = reviews.group_by("person", "school_year").agg(reviewed_on=reviews.on.min()).rename(reviewed="person")
    here = here.left_join(first, [here.person == first.reviewed, here.school == first.school_year])
    met = ibis.coalesce(here.reviewed_on <= here.day, False)
    level = ibis.ifelse(here.entry == AGES["primary"], "tiểu học", "mầm non")
    reason = ibis.ifelse(met, ibis.literal("Đã rà soát ngày {on}, vào "), ibis.literal("Chưa rà soát, vào ")) + level
    return _shown(here, met, reason, ibis.null("date"), here.reviewed_on)
