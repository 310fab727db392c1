"""Cards of two records of one person: after the merge no day is insured twice and none is lost; parting brings both back."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.people import actions
from tramyte.care.people.models import Coverage
from tramyte.care.people.search import find_people
from tramyte.engine.refused import Refused

D = datetime.date
FIRST = D(2026, 1, 1)


def held():
    return sorted((card.person_id, card.card_number, card.start, card.end, card.entered_in_error, card.error_reason) for card in Coverage.objects.all())


def days(person=None):
    """Every insured day, as often as it is insured."""
    rows = Coverage.objects.filter(entered_in_error=False, **({"person": person} if person else {}))
    return [card.start + datetime.timedelta(days=n) for card in rows for n in range((card.end - card.start).days + 1)]


def cards(cast, person, spans):
    for n, (start, end) in enumerate(spans):
        actions.record_coverage(by=cast.nurse, person=person, card_number=f"GD437{person.pk.int % 10**9:09d}{n}", start=start, end=end)


@pytest.mark.parametrize(("kept_spans", "gone_spans", "expected"), [
    ([(D(2026, 1, 1), D(2026, 12, 31))], [(D(2026, 7, 1), D(2027, 6, 30))], [(D(2026, 1, 1), D(2026, 6, 30)), (D(2026, 7, 1), D(2027, 6, 30))]),
    ([(D(2026, 1, 1), D(2026, 12, 31))], [(D(2026, 3, 1), D(2026, 5, 31))], [(D(2026, 1, 1), D(2026, 12, 31))]),
    ([(D(2026, 3, 1), D(2026, 5, 31))], [(D(2026, 1, 1), D(2026, 12, 31))], [(D(2026, 1, 1), D(2026, 12, 31))]),
    ([(D(2026, 1, 1), D(2026, 12, 31))], [(D(2026, 1, 1), D(2026, 12, 31))], [(D(2026, 1, 1), D(2026, 12, 31))]),
    ([(D(2025, 1, 1), D(2025, 12, 31))], [(D(2026, 1, 1), D(2026, 12, 31))], [(D(2025, 1, 1), D(2025, 12, 31)), (D(2026, 1, 1), D(2026, 12, 31))]),
])
def test_overlapping_cards_are_settled(register, cast, kept_spans, gone_spans, expected):
    kept, gone = register(), register()
    cards(cast, kept, kept_spans)
    cards(cast, gone, gone_spans)
    before, numbers = held(), list(Coverage.objects.values_list("card_number", flat=True))
    made = actions.merge_persons(by=cast.nurse, survivor=kept, lesser=gone)
    assert list(kept.coverages.filter(entered_in_error=False).order_by("start").values_list("start", "end")) == expected
    assert Coverage.objects.count() == len(before), "every card is kept as a row"
    assert all(find_people(cast.nurse, number).people == [kept] for number in numbers)
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert held() == before


SPANS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 300)), max_size=4)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(one=SPANS, other=SPANS)
def test_no_day_twice_and_none_lost_whatever_cards_there_were(cast, one, other):
    with transaction.atomic():
        pair = [actions.register_person(by=cast.nurse, full_name="Lê Thị Na", birth_date=D(1956, 3, 5), sex="F", hamlet=cast.hamlets[0], confirmed=True) for _ in range(2)]
        for person, spans in zip(pair, (one, other), strict=True):
            for start, length in spans:
                try:
                    with transaction.atomic():
                        cards(cast, person, [(FIRST + datetime.timedelta(days=start), FIRST + datetime.timedelta(days=start + length))])
                except Refused:
                    pass
        before, insured = held(), set(days())
        made = actions.merge_persons(by=cast.nurse, survivor=pair[0], lesser=pair[1])
        assert sorted(days(pair[0])) == sorted(insured)
        actions.unmerge_persons(by=cast.nurse, id=made.pk)
        assert held() == before
        transaction.set_rollback(True)
