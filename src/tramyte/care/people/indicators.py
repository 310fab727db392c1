"""Indicators about people as such: insurance, residents managed, health records."""

import datetime
from typing import Any

from tramyte.engine.indicators import indicator

SEXES = {"M": "Nam", "F": "Nữ"}
AGES = {"0-5": "dưới 6 tuổi", "6-17": "6 đến 17 tuổi", "18-59": "18 đến 59 tuổi", "60+": "từ 60 tuổi"}
GROUPS = {"hamlet": {}, "sex": SEXES, "age_group": AGES}
REVIEWED = datetime.date(2026, 11, 21)


def staying(tables: Any, periods: Any) -> Any:
    """One row per period and person who stays anywhere on the measured day: the shared denominator.

    A person stays where a permanent or temporary residence is open on `day` (both ends inclusive) and no absence
    from the same place is open; the temporary one comes before the permanent one, then the later start, then the
    smaller id: the order of `present_residence`. Who died on or before `day` does not stay.
    Columns: period, day and the other constants of the period, person, place, sex, age_group.
    """
    import ibis

    held = tables.residences
    opened = held.join(periods, [held.start <= periods.day, held.end.isnull() | (held.end >= periods.day)])
    opened = opened.filter(opened.died_on.isnull() | (opened.died_on > opened.day))
    only = opened.filter(opened.alone, opened.kind != "absent")
    several = opened.filter(~opened.alone, opened.kind != "absent")
    away = opened.filter(~opened.alone, opened.kind == "absent").select("period", "person", "place")
    several = several.anti_join(away, ["period", "person", "place"])
    order = ibis.row_number().over(
        group_by=[several.period, several.person], order_by=[several.kind.desc(), several.start.desc(), several.id.asc()])
    several = several.mutate(order=order)
    several = several.filter(several.order == 0).drop("order")
    every = only.union(several)
    return every.mutate(age_group=ibis.cases(
        (every.birth_date > every.turned6, "0-5"), (every.birth_date > every.turned18, "6-17"),
        (every.birth_date > every.turned60, "18-59"), else_="60+"))


@indicator(
    code="BH01", title="Tỷ lệ bao phủ bảo hiểm y tế", groups=GROUPS, reviewed_on=REVIEWED,
    source="NQ 72-NQ/TW; chỉ tiêu BHYT toàn dân giao cho xã",
)
def insured(tables: Any, periods: Any) -> Any:
    """Persons with valid health insurance among those who stay in the place.

    Denominator: persons who stay in the place (permanent or temporary, not away, alive) on the day measured.
    Numerator: of these, with a card whose period includes that day; its first and last day count.
    Never unknown: a person without any card recorded is without insurance until somebody records one, because
    that is the work to be done. Source: reference indicator BH01 (NQ 72-NQ/TW).
    """
    import ibis

    here, cards = staying(tables, periods), tables.coverages
    found = here.left_join(cards, [
        here.person == cards.person, cards.since <= here.day, cards.next.isnull() | (cards.next > here.day)])
    begun = cards.start <= here.day
    met = ibis.coalesce(begun & (cards.until >= here.day), False)
    reason = ibis.cases(
        (cards.person.isnull(), "Chưa có thẻ"), (~begun, "Thẻ có giá trị từ {on}"), (cards.until < here.day, "Thẻ hết hạn {on}"),
        else_="Thẻ còn hạn đến {on}")
    return found.select(
        period=here.period, subject=here.person, place=here.place, met=met, reason=reason,
        reason_on=ibis.ifelse(begun, cards.until, cards.start), due_on=ibis.ifelse(begun, cards.lapses_on, cards.start),
        sex=here.sex, age_group=here.age_group)
