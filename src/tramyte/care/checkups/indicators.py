"""Indicators that look at check-ups: health records kept up to date, yearly check-ups."""

from typing import Any

from tramyte.care.people.indicators import GROUPS, REVIEWED, staying
from tramyte.engine.indicators import indicator


@indicator(
    code="SK01", title="Tỷ lệ người dân được lập và cập nhật hồ sơ sức khỏe trong 12 tháng", groups=GROUPS, reviewed_on=REVIEWED,
    source="NQ 72-NQ/TW; hồ sơ sức khỏe cá nhân theo QĐ 831/QĐ-BYT ngày 11/3/2017",
)
def record_kept(tables: Any, periods: Any) -> Any:
    """Persons whose health record was opened and whose content is not older than twelve months.

    Denominator: persons who stay in the place (permanent or temporary, not away, alive) on the day measured.
    Numerator: of these, with a record opened on or before that day, and with an entry (the opening is one) or a
    check-up in the twelve months up to and including that day: the same day of the year before lies outside them.
    Never unknown: a record that nobody opened is known not to exist. What an opening and an entry are says
    `care.people.record`; saving a part of the record (care.health_record) writes them.
    Source: QĐ 831/QĐ-BYT, Điều 2, brings the record up to date yearly; the twelve months to the day and the check-up that
    counts as an entry are ours, taken from NQ 72-NQ/TW, and not verified against an official formula.
    """
    import ibis

    here = staying(tables, periods, entry=tables.record_entries, checkup=tables.checkups)
    opened = ibis.coalesce(here.entry_opened_on <= here.day, False)
    entry = ibis.ifelse(here.entry_on <= here.day, here.entry_on, ibis.null("date"))
    checkup = ibis.ifelse(here.checkup_on <= here.day, here.checkup_on, ibis.null("date"))
    newer = entry.isnull() | (checkup > entry)
    last = ibis.ifelse(newer, checkup, entry)
    # Asked of both days: counting then need not find the later one.
    recent = opened & (_within_year(here, here.entry_on) | _within_year(here, here.checkup_on))
    return here.select(
        "period", "place", "sex", "age_group", subject=here.person, met=recent, reason_on=last,
        reason=ibis.cases(
            (~opened, "Chưa lập hồ sơ sức khỏe"), (~recent, "Chưa cập nhật từ {on}"), else_="Cập nhật lần cuối {on}"),
        due_on=ibis.ifelse(opened, ibis.ifelse(newer, here.checkup_lapses_on, here.entry_lapses_on), ibis.null("date")))


def _within_year(here: Any, on: Any) -> Any:
    """Whether a day, which may be missing, lies in the twelve months up to and including the one measured."""
    import ibis

    return ibis.coalesce((on <= here.day) & (on > here.back12), False)


@indicator(
    code="SK02", title="Tỷ lệ người dân được khám sức khỏe định kỳ, khám sàng lọc ít nhất một lần trong năm", groups=GROUPS,
    reviewed_on=REVIEWED, source="NQ 72-NQ/TW; NĐ 165/2026/NĐ-CP Điều 69, 70", cumulative=True,
)
def checked_this_year(tables: Any, periods: Any) -> Any:
    """Persons who had a check-up or screening in the calendar year.

    Denominator: persons who stay in the place (permanent or temporary, not away, alive) on the day measured.
    Numerator: of these, with a check-up or screening from 1 January of the period's year up to and including that
    day, wherever it was done. The value grows from nothing within each year.
    Never unknown. Source: NĐ 165/2026/NĐ-CP, Điều 69: at least one a year.
    """
    import ibis

    here = staying(tables, periods, checkup=tables.checkups)
    begun = ibis.coalesce(here.checkup_on <= here.day, False)
    met = ibis.coalesce(begun & (here.checkup_on >= here.year_start), False)
    return here.select(
        "period", "place", "sex", "age_group", subject=here.person, met=met, reason_on=here.checkup_on,
        reason=ibis.cases((met, "Khám ngày {on}"), (begun, "Chưa khám trong năm; lần gần nhất {on}"), else_="Chưa có lượt khám nào"),
        due_on=ibis.ifelse(met, ibis.null("date"), here.year_end))
