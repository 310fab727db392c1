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


def staying(tables: Any, periods: Any, *, born_after: Any = None, **histories: Any) -> Any:
    """One row per period and person who stays anywhere on the measured day: the shared denominator.

    A person stays where a permanent or temporary residence is open on `day` (both ends inclusive) and no absence
    from the same place is open; the temporary one comes before the permanent one, then the later start, then the
    smaller id: the order of `present_residence`. Who died on or before `day` does not stay.
    Columns: period, day and the other constants of the period, person, place, sex, age_group.
    histories: further tables (see `facts.expressions.History`); `card=tables.coverages` gives the columns of the
    one row that holds on the day as card_start, card_until and so on, null for who has none.
    born_after: a date, such as the least of a column of the periods; older people are not looked at. Few of many are
    found much faster so.
    """
    import ibis

    held = tables.residences
    held = held if born_after is None else held.filter(held.birth_date > born_after)
    stays = _chosen(held)
    for name, history in histories.items():
        stays = _beside(stays, name, history)
    every = _on_days(stays, periods)
    return every.mutate(age_group=ibis.cases(
        (every.birth_date > every.turned6, "0-5"), (every.birth_date > every.turned18, "6-17"),
        (every.birth_date > every.turned60, "18-59"), else_="60+"))


def _chosen(held: Any) -> Any:
    """Residences for as long as the person stays there: since and next are narrower, and one may come several times or never.

    Most people have one residence: `alone` spares them the question, and no row is sorted. The time of the others is cut
    where one of their residences begins or ends; what holds at the beginning of such a piece holds throughout it.
    """
    import ibis

    shared = held.filter(~held.alone)
    days = shared.select("person", "since").union(shared.select("person", since="next"), distinct=True)
    spans = days.mutate(next=days.since.lead().over(group_by="person", order_by="since"))
    pieces = shared.join(spans, [shared.person == spans.person, shared.since <= spans.since, shared.next > spans.since]).select(
        shared.id, shared.person, shared.place, shared.kind, shared.start, since=spans.since, next=spans.next)
    left = (pieces.kind == "absent").any().over(group_by=["person", "place", "since"])
    there = pieces.mutate(left=left).filter(~ibis._.left)
    order = [there.kind.desc(), there.start.desc(), there.id]
    nth = ibis.row_number().over(group_by=["person", "since"], order_by=order)
    chosen = there.mutate(nth=nth).filter(ibis._.nth == 0).select(own="id", own_since="since", own_next="next")
    stays = held.filter(held.kind != "absent")
    found = stays.left_join(chosen, [~stays.alone, stays.id == chosen.own])
    found = found.filter(found.alone | found.own.notnull())
    return found.mutate(since=ibis.coalesce(found.own_since, found.since), next=ibis.coalesce(found.own_next, found.next))


def _beside(held: Any, name: str, history: Any) -> Any:
    """Residences beside the rows of their person's history, whose columns get a name before theirs; since and next are of both."""
    import ibis

    named = history.rename(lambda column: f"{name}_{column}")
    both = held.left_join(named, held.person == named[f"{name}_person"])
    since, next = (ibis.coalesce(both[f"{name}_{column}"], both[column]) for column in ("since", "next"))
    return both.mutate(since=ibis.greatest(both.since, since), next=ibis.least(both.next, next))


def _on_days(held: Any, periods: Any) -> Any:
    """What holds on the day of each period.

    A cross join, because SQLite then keeps this order: each person is looked up once, not once a period.
    """
    crossed = held.cross_join(periods)
    return crossed.filter(crossed.since <= crossed.day, crossed.next > crossed.day)


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

    here = staying(tables, periods, card=tables.coverages)
    begun = here.card_start <= here.day
    reason = ibis.cases(
        (here.card_start.isnull(), "Chưa có thẻ"), (~begun, "Thẻ có giá trị từ {on}"), (here.card_until < here.day, "Thẻ hết hạn {on}"),
        else_="Thẻ còn hạn đến {on}")
    return here.select(
        "period", "place", "sex", "age_group", subject=here.person, reason=reason,
        met=ibis.coalesce(begun & (here.card_until >= here.day), False),
        reason_on=ibis.ifelse(begun, here.card_until, here.card_start),
        due_on=ibis.ifelse(begun, here.card_lapses_on, here.card_start))


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

    here = staying(tables, periods, number=tables.identities)
    numbered = ibis.coalesce((here.number_start <= here.day) & (here.number_until >= here.day), False)
    dated = here.birth_precision == "day"
    reason = ibis.cases(
        (~numbered & ~dated, "Thiếu số định danh, ngày sinh đầy đủ"), (~numbered & ~here.housed, "Thiếu số định danh, hộ gia đình"),
        (~numbered, "Thiếu số định danh"), (~dated & ~here.housed, "Thiếu ngày sinh đầy đủ, hộ gia đình"),
        (~dated, "Thiếu ngày sinh đầy đủ"), (~here.housed, "Chưa gắn với hộ gia đình"), else_="Đủ thông tin")
    return here.select(
        "period", "place", "sex", "age_group", subject=here.person, met=numbered & dated & here.housed, reason=reason,
        due_on=ibis.null("date"))


def _names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "full_name"))


names.register("person", _names)
