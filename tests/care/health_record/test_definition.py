"""Opened and kept up to date: the page, the act of saving a part, and indicator SK01 say the same."""

import datetime
import itertools

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.care.health_record.actions import Line
from tramyte.care.people import actions
from tramyte.care.people.models import Person, RecordEntry, Residence
from tramyte.care.people.record import FROM_PARTS, record_state
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

D = datetime.date
DAYS = [D(2024, 2, 28), D(2024, 2, 29), D(2024, 3, 1), D(2025, 2, 28), D(2025, 3, 1)]


@pytest.mark.parametrize("as_of", [D(2024, 2, 29), D(2025, 2, 28), D(2025, 3, 1), D(2026, 2, 28)])
def test_the_page_and_the_indicator_judge_alike(cast, as_of):
    """Every record with an opening, an update and a check-up on one of the days around the end of a February, or without."""
    cases = list(itertools.product([None, *DAYS[:3]], [None, *DAYS[1:4]], [None, *DAYS[2:]]))
    people = Person.objects.bulk_create(Person(full_name=f"Người {n}", search="nguoi", birth_date=D(1950, 1, 1), sex="F", hamlet=cast.hamlets[0]) for n in range(len(cases)))
    Residence.objects.bulk_create(Residence(person=one, place=cast.hamlets[0], kind="permanent", start=D(1950, 1, 1)) for one in people)
    entries, checkups = {}, {}
    for one, (opened, updated, checkup) in zip(people, cases, strict=True):
        entries[one.pk] = [RecordEntry(person=one, kind=kind, on=on) for kind, on in (("opened", opened), ("updated", updated)) if on]
        checkups[one.pk] = [Checkup(person=one, on=checkup, kind="periodic", age_days=1)] if checkup else []
    RecordEntry.objects.bulk_create(itertools.chain(*entries.values()))
    Checkup.objects.bulk_create(itertools.chain(*checkups.values()))
    rows = {row.subject: row for row in Native().rows(INDICATORS["SK01"], [Period.parse(f"{as_of:%Y-%m}")], as_of)}
    assert len(rows) == len(cases)
    judged = set()
    for one in people:
        state = record_state(entries[one.pk], [row.on for row in checkups[one.pk]], as_of)
        row = rows[str(one.pk)]
        assert (state.kept, state.due_on) == (row.met, row.due_on), (entries[one.pk], checkups[one.pk], row)
        judged.add(state.kept)
    assert as_of == D(2026, 2, 28) or judged == {True, False}


def test_the_first_saved_part_opens_the_record_and_the_next_ones_keep_it(person, save):
    def noted():
        return list(person.record_entries.order_by("on").values_list("kind", "on", "source"))

    save("allergy", finding="none", on=D(2025, 1, 10))
    assert noted() == [("opened", D(2025, 1, 10), FROM_PARTS)]
    save("illness", lines=[Line(code="hypertension")], on=D(2025, 1, 10))
    assert len(noted()) == 1, "one entry a day"
    save("illness", finding="present", on=D(2026, 5, 20))
    assert noted()[1:] == [("updated", D(2026, 5, 20), FROM_PARTS)]


def test_a_record_opened_on_paper_is_not_opened_again(cast, person, save):
    actions.record_entry(by=cast.nurse, person=person, kind="opened", on=D(2026, 6, 3), source="giấy")
    save("allergy", finding="none")
    assert person.record_entries.count() == 1
    save("allergy", finding="none", on=D(2026, 6, 1))
    assert set(person.record_entries.values_list("kind", "on")) == {("opened", D(2026, 6, 3)), ("updated", D(2026, 6, 1))}


def test_saving_a_part_moves_the_figure_at_once(cast, person, save):
    from tramyte.engine.indicators import results
    from tramyte.engine.indicators.models import Outcome

    results.refresh()
    outcome = Outcome.objects.get(indicator="SK01", subject=person.pk)
    assert (outcome.met, outcome.reason) == (False, "Chưa lập hồ sơ sức khỏe")
    save("allergy", finding="none")
    outcome = Outcome.objects.get(indicator="SK01", subject=person.pk)
    assert (outcome.met, outcome.due_on) == (True, D(2027, 6, 3))
