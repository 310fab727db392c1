"""Indicators about people as such: insurance, residents managed, health records."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from tramyte.care.people.models import Person
from tramyte.engine.indicators import indicator, names

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
    opened = _opened(held.filter(held.kind != "absent"), periods)
    shared = _opened(held.filter(~held.alone), periods)
    away = shared.filter(shared.kind == "absent").select("period", "person", "place")
    rivals = shared.filter(shared.kind != "absent").anti_join(away, ["period", "person", "place"])
    # Most people have one residence: `alone` spares them the questions below, and no row is sorted.
    here = opened.anti_join(away, [
        ~opened.alone, opened.person == away.person, opened.period == away.period, opened.place == away.place])
    every = here.anti_join(rivals, [
        ~here.alone, here.person == rivals.person, here.period == rivals.period, _before(rivals, here)])
    return every.mutate(age_group=ibis.cases(
        (every.birth_date > every.turned6, "0-5"), (every.birth_date > every.turned18, "6-17"),
        (every.birth_date > every.turned60, "18-59"), else_="60+"))


def _before(one: Any, other: Any) -> Any:
    """Whether one of two open residences is where the person stays rather than the other."""
    later = (one.start > other.start) | ((one.start == other.start) & (one.id < other.id))
    return (one.kind > other.kind) | ((one.kind == other.kind) & later)


def _opened(held: Any, periods: Any) -> Any:
    """Residences beside each period on whose day they are open and the person is alive."""
    opened = held.join(periods, [
        held.start <= periods.day, held.end.isnull() | (held.end >= periods.day), held.died_on.isnull() | (held.died_on > periods.day)])
    return opened.select(
        "period", "first", "last", "day", "year_start", "year_end", "back12", "turned6", "turned18", "turned60",
        "person", "place", "id", "kind", "start", "alone", "sex", "birth_date", "birth_precision", "housed")


def holding(here: Any, history: Any) -> Any:
    """Each person beside the one row of a history (see `facts.expressions.history`) that holds on the day, or none."""
    return here.left_join(history, [
        here.person == history.person, history.since <= here.day, history.next.isnull() | (history.next > here.day)])


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
    found = holding(here, cards)
    begun = cards.start <= here.day
    met = ibis.coalesce(begun & (cards.until >= here.day), False)
    reason = ibis.cases(
        (cards.person.isnull(), "Chưa có thẻ"), (~begun, "Thẻ có giá trị từ {on}"), (cards.until < here.day, "Thẻ hết hạn {on}"),
        else_="Thẻ còn hạn đến {on}")
    return found.select(
        period=here.period, subject=here.person, place=here.place, met=met, reason=reason,
        reason_on=ibis.ifelse(begun, cards.until, cards.start), due_on=ibis.ifelse(begun, cards.lapses_on, cards.start),
        sex=here.sex, age_group=here.age_group)


@indicator(
    code="NK01", title="Tỷ lệ nhân khẩu được quản lý đủ thông tin", groups=GROUPS, reviewed_on=REVIEWED,
    source="QĐ 831/QĐ-BYT ngày 11/3/2017, phần hành chính; NĐ 102/2025/NĐ-CP (số định danh là mã y tế)",
)
def residents_managed(tables: Any, periods: Any) -> Any:
    """Residents whose record is complete enough to manage them by.

    Denominator: persons who stay in the place (permanent or temporary, not away, alive) on the day measured.
    Numerator: of these, with a national identity number valid on that day (first and last day count; a number
    without days of validity always counts), a birth date known to the day, and a household.
    Birth date and household have no history: a past day is judged by the record as it is today.
    Never unknown: what is missing is known, and somebody has to ask for it. Source: QĐ 831/QĐ-BYT, part A.
    """
    import ibis

    here, numbers = staying(tables, periods), tables.identities
    found = holding(here, numbers)
    numbered = ibis.coalesce((numbers.start <= here.day) & (numbers.until >= here.day), False)
    dated = here.birth_precision == "day"
    reason = ibis.cases(
        (~numbered & ~dated, "Thiếu số định danh, ngày sinh đầy đủ"), (~numbered & ~here.housed, "Thiếu số định danh, hộ gia đình"),
        (~numbered, "Thiếu số định danh"), (~dated & ~here.housed, "Thiếu ngày sinh đầy đủ, hộ gia đình"),
        (~dated, "Thiếu ngày sinh đầy đủ"), (~here.housed, "Chưa gắn với hộ gia đình"), else_="Đủ thông tin")
    return found.select(
        period=here.period, subject=here.person, place=here.place, met=numbered & dated & here.housed, reason=reason,
        due_on=ibis.null("date"), sex=here.sex, age_group=here.age_group)


def _names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "full_name"))


names.register("person", _names)
