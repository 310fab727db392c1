"""Indicators that look at check-ups: health records kept up to date, yearly check-ups."""

from typing import Any

from tramyte.care.people.indicators import GROUPS, REVIEWED, holding, staying
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
    Never unknown: a record that nobody opened is known not to exist.
    Source: QĐ 831/QĐ-BYT says what the record holds and that each contact updates it; the twelve months are ours,
    taken from the yearly check-up of NQ 72-NQ/TW, and not verified against an official formula.
    """
    import ibis

    here, entries, checkups = staying(tables, periods), tables.record_entries, tables.checkups
    found = holding(here, entries)
    beside = holding(found.select(
        period=here.period, day=here.day, back12=here.back12, person=here.person, place=here.place, sex=here.sex, age_group=here.age_group,
        opened=ibis.coalesce(entries.opened_on <= here.day, False),
        entry_on=ibis.ifelse(entries.on <= here.day, entries.on, ibis.null("date")), entry_lapses=entries.lapses_on,
    ), checkups)
    seen = ibis.ifelse(checkups.on <= beside.day, checkups.on, ibis.null("date"))
    rows = beside.select(
        "period", "day", "back12", "person", "place", "sex", "age_group", "opened",
        last=ibis.cases((beside.entry_on.isnull() | (seen > beside.entry_on), seen), else_=beside.entry_on),
        lapses=ibis.cases((beside.entry_on.isnull() | (seen > beside.entry_on), checkups.lapses_on), else_=beside.entry_lapses))
    recent = ibis.coalesce(rows.last > rows.back12, False)
    return rows.select(
        "period", "place", "sex", "age_group", subject=rows.person, met=rows.opened & recent, reason_on=rows.last,
        reason=ibis.cases(
            (~rows.opened, "Chưa lập hồ sơ sức khỏe"), (~recent, "Chưa cập nhật từ {on}"), else_="Cập nhật lần cuối {on}"),
        due_on=ibis.ifelse(rows.opened, rows.lapses, ibis.null("date")))


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

    here, checkups = staying(tables, periods), tables.checkups
    found = holding(here, checkups)
    begun = ibis.coalesce(checkups.on <= here.day, False)
    met = ibis.coalesce(begun & (checkups.on >= here.year_start), False)
    return found.select(
        period=here.period, subject=here.person, place=here.place, met=met, reason_on=checkups.on,
        reason=ibis.cases((met, "Khám ngày {on}"), (begun, "Chưa khám trong năm; lần gần nhất {on}"), else_="Chưa có lượt khám nào"),
        due_on=ibis.ifelse(met, ibis.null("date"), here.year_end), sex=here.sex, age_group=here.age_group)
