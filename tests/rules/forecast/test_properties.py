"""What must hold for any child: the order of entry, one more valid dose, a later day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tramyte.rules.forecast import Child, Given, forecast, reasons, vietnam

AS_OF = date(2026, 11, 1)
SCHEDULE = vietnam(AS_OF)
PRODUCTS = sorted(SCHEDULE.products)
ACTIVATED = frozenset({"ROTA", "PCV", "HPV"})
# days of life around the boundaries of the schedule, and any day
AGES = st.sampled_from([0, 1, 7, 8, 28, 59, 60, 87, 88, 115, 140, 150, 240, 271, 272, 300, 365, 372, 545, 547, 730, 740]) | st.integers(0, 3000)


@st.composite
def children(draw):
    born = AS_OF - timedelta(days=draw(st.integers(0, 6000)))
    doses = draw(st.lists(st.tuples(st.sampled_from(PRODUCTS), AGES, st.booleans()), max_size=12))
    kept = [Given(born + timedelta(days=age), product, elsewhere=elsewhere) for product, age, elsewhere in doses]
    return Child(born, draw(st.sampled_from("MF")), [one for one in kept if one.day <= AS_OF], activated=ACTIVATED)


def standing(plan):
    return [(one.group, one.status, one.number, one.rule and one.rule.code, one.earliest, one.recommended, one.past_due) for one in plan.groups]


@settings(max_examples=150, deadline=None)
@given(children(), st.randoms())
def test_the_order_of_entry_does_not_matter(child, chance):
    places = list(range(len(child.doses)))
    chance.shuffle(places)
    plan = forecast(child, SCHEDULE, AS_OF)
    doses, child.doses = child.doses, [child.doses[place] for place in places]
    again = forecast(child, SCHEDULE, AS_OF)
    assert standing(again) == standing(plan)
    told = sorted((one.given.day, one.given.product, one.status, one.reason) for one in plan.doses)
    assert sorted((one.given.day, one.given.product, one.status, one.reason) for one in again.doses) == told
    assert [one.given for one in plan.doses] == list(doses)


@settings(max_examples=250, deadline=None)
@given(children(), st.sampled_from(PRODUCTS), AGES)
def test_one_more_valid_dose_never_moves_a_series_back(child, product, age):
    """In the groups where the dose is valid: as many valid doses as before or more, and done stays done.

    A child who comes to another series of the group by the dose (an age at start, a scheme of the paid service) is left out.
    """
    before = {one.group: one for one in forecast(child, SCHEDULE, AS_OF).groups}
    more = Given(min(child.born + timedelta(days=age), AS_OF), product)
    child.doses = [*child.doses, more]
    plan = forecast(child, SCHEDULE, AS_OF)
    valid = {one.group for one in plan.doses[-1].groups if one.status == reasons.VALID}
    for one in plan.groups:
        if one.group in valid and one.group in before and before[one.group].series == one.series:
            assert rank(one) >= rank(before[one.group])


def rank(one):
    return (one.status == reasons.COMPLETE, one.number or 0)


@settings(max_examples=250, deadline=None)
@given(children(), st.integers(0, 1500), st.integers(1, 1500))
def test_a_forecast_on_a_later_day_is_never_earlier(child, first, then):
    """With the same doses: each date stays or moves on, and what is done or too late stays so."""
    last = max([one.day for one in child.doses], default=child.born)
    day = last + timedelta(days=first)
    early, late = (forecast(child, vietnam(AS_OF), one) for one in (day, day + timedelta(days=then)))
    found = {one.group: one for one in late.groups}
    for one in early.groups:
        other = found[one.group]
        for name in ("earliest", "recommended"):
            before, after = getattr(one, name), getattr(other, name)
            assert before is None or after is None or after >= before
        if one.status in (reasons.COMPLETE, reasons.AGED_OUT):
            assert other.status == one.status
