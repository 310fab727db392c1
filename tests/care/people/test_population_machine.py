"""Births, arrivals, moves, absences, departures, deaths, merges and their undoing in any order: on every past day the population is the oracle's.

The oracle keeps its own plain rows and learns only of acts and of their refusals, never of what is stored.
"""

import copy
import datetime
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tramyte.care.people import actions, changes
from tramyte.care.people.models import Residence
from tramyte.care.people.queries import place_of_stay, staying
from tramyte.engine.refused import Refused

FIRST, ONE = datetime.date(2025, 9, 1), datetime.timedelta(days=1)
DAYS = [FIRST + datetime.timedelta(days=23 * n) for n in range(12)]  # the last one is 12 May 2026
days, hamlets, kinds = st.sampled_from(DAYS), st.integers(0, 2), st.sampled_from(["permanent", "temporary", "absent"])
ASKED = [DAYS[0] - ONE, *DAYS[::2], *(day - ONE for day in DAYS[1::3]), datetime.date(2026, 6, 3)]


@dataclass
class Stay:
    """One residence of the oracle. undone: its end before the death that ended it."""

    hamlet: int
    kind: str
    start: datetime.date
    end: datetime.date | None = None
    undone: datetime.date | None = None
    by_death: bool = False

    def holds(self, day):
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass
class One:
    """One person of the oracle; a merged person holds the stays of both records."""

    person: object
    born: datetime.date
    stays: list[Stay] = field(default_factory=list)
    died: datetime.date | None = None
    merged: bool = False

    def where(self, day):
        if self.died and day >= self.died:
            return None
        away = {stay.hamlet for stay in self.stays if stay.kind == "absent" and stay.holds(day)}
        here = [stay for stay in self.stays if stay.kind != "absent" and stay.holds(day) and stay.hamlet not in away]
        return max(here, key=lambda stay: (stay.kind == "temporary", stay.start)).hamlet if here else None


def settled(kept, gone):
    """The stays of one person who had two records: the same stay once; of two open ones of a kind the earlier ends when the later begins."""
    both = kept + [stay for stay in gone if stay not in kept]
    for kind in ("permanent", "temporary"):
        before = None
        for stay in sorted((stay for stay in both if stay.kind == kind and stay.end is None), key=lambda stay: stay.start):
            if before and (stay.start == before.start or stay.hamlet == before.hamlet):
                both = [one for one in both if one is not stay]
                continue
            if before:
                before.end = stay.start - ONE
            before = stay
    return both


class Population(RuleBasedStateMachine):
    """The acts of a station upon its people."""

    cast = None

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.people, self.merges, self.count = [], [], 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def try_to(self, act):
        """Whether the act was taken; a refused one must leave nothing."""
        try:
            act()
        except Refused:
            return False
        return True

    @rule(day=days, hamlet=hamlets, newborn=st.booleans(), kind=st.sampled_from(["permanent", "temporary"]))
    def come(self, day, hamlet, newborn, kind):
        self.count += 1
        born = day if newborn else datetime.date(1980, 1, self.count % 27 + 1)
        made = actions.register_person(
            by=self.cast.nurse, full_name=f"Nguyễn Thị {chr(65 + self.count % 26)}", birth_date=born, sex="F", hamlet=self.cast.hamlets[hamlet], residence=kind, since=day, confirmed=True)
        self.people.append(One(made, born, [Stay(hamlet, kind, day)]))

    @precondition(lambda self: self.people)
    @rule(data=st.data(), day=days, hamlet=hamlets, kind=kinds, days_long=st.sampled_from([None, None, 5, 60]))
    def move(self, data, day, hamlet, kind, days_long):
        one = data.draw(st.sampled_from(self.people))
        end = day + datetime.timedelta(days=days_long) if days_long else None
        open_ones = [stay for stay in one.stays if stay.kind == kind and (stay.end is None or stay.end >= day)] if kind != "absent" else []
        fine = one.died is None and day >= one.born and all(stay.start < day for stay in open_ones)
        done = self.try_to(lambda: actions.record_residence(by=self.cast.nurse, person=one.person.pk, place=self.cast.hamlets[hamlet], kind=kind, start=day, end=end))
        assert done == fine, (one, day, kind)
        if done:
            for stay in open_ones:
                stay.end = day - ONE
            one.stays.append(Stay(hamlet, kind, day, end))

    @precondition(lambda self: [one for one in self.people if not one.merged])
    @rule(data=st.data(), day=days)
    def leave(self, data, day):
        one = data.draw(st.sampled_from([one for one in self.people if not one.merged]))
        stay = data.draw(st.sampled_from(one.stays))
        row = Residence.objects.get(person=one.person.pk, kind=stay.kind, start=stay.start, place=self.cast.hamlets[stay.hamlet], end=stay.end) if one.stays.count(stay) == 1 else None
        if row is None:
            return
        done = self.try_to(lambda: actions.end_residence(by=self.cast.nurse, id=row.pk, end=day))
        assert done == (day >= stay.start and (stay.end is None or stay.end > datetime.date(2026, 6, 3))), (stay, day)
        if done:
            stay.end, stay.by_death = day, False

    @precondition(lambda self: self.people)
    @rule(data=st.data(), day=days)
    def die(self, data, day):
        one = data.draw(st.sampled_from(self.people))
        done = self.try_to(lambda: actions.record_death(by=self.cast.nurse, person=one.person.pk, on=day))
        assert done == (one.died is None and day >= one.born), (one, day)
        if done:
            one.died = day
            for stay in one.stays:
                if stay.start <= day and (stay.end is None or stay.end > day):
                    stay.undone, stay.by_death, stay.end = stay.end, True, day

    @precondition(lambda self: [one for one in self.people if one.died and not one.merged])
    @rule(data=st.data())
    def live_again(self, data):
        one = data.draw(st.sampled_from([one for one in self.people if one.died and not one.merged]))
        actions.retract_death(by=self.cast.nurse, person=one.person.pk, reason="ghi nhầm người")
        one.died = None
        for stay in one.stays:
            if stay.by_death:
                stay.end, stay.by_death = stay.undone, False

    @precondition(lambda self: len([one for one in self.people if one.died is None]) > 1)
    @rule(data=st.data())
    def merge(self, data):
        kept, gone = data.draw(st.permutations([one for one in self.people if one.died is None]))[:2]
        made = actions.merge_persons(by=self.cast.director, survivor=kept.person.pk, lesser=gone.person.pk, take=[], confirmed=True)
        before = copy.deepcopy((kept.stays, kept.merged, gone))
        self.merges.append((made, kept, before, gone))
        kept.stays, kept.merged = settled(kept.stays, copy.deepcopy(gone.stays)), True
        self.people.remove(gone)

    @precondition(lambda self: self.merges)
    @rule()
    def part(self):
        """The last merge, when nothing has been written about the one person since."""
        made, kept, (stays, merged, _), gone = self.merges[-1]
        if kept not in self.people or kept.died or kept.stays != settled(copy.deepcopy(stays), copy.deepcopy(gone.stays)):
            return
        actions.unmerge_persons(by=self.cast.director, id=made.pk)
        kept.stays, kept.merged = stays, merged
        self.people.append(gone)
        self.merges.pop()

    @invariant()
    def the_population_is_the_oracles(self):
        if not getattr(self, "people", None):
            return
        for day in ASKED:
            rows = dict(staying(day).annotate(stay=place_of_stay(day)).values_list("pk", "stay"))
            wanted = {one.person.pk: self.cast.hamlets[where].pk for one in self.people if (where := one.where(day)) is not None}
            assert rows.keys() == wanted.keys(), day
            for one in self.people:
                if not one.merged:
                    assert rows.get(one.person.pk) == wanted.get(one.person.pk), (day, one)

    @invariant()
    def the_book_of_changes_balances(self):
        if getattr(self, "people", None):
            places = [hamlet.pk for hamlet in self.cast.hamlets]
            made = changes.book(DAYS[2], DAYS[9], places)
            signs = {"birth": 1, "arrival": 1, "death": -1, "departure": -1}
            assert made.before + sum(signs[change.kind] for change in made.changes) == made.after


@pytest.mark.django_db
def test_any_order_of_acts(cast):
    Population.cast = cast
    run_state_machine_as_test(Population, settings=settings(max_examples=6, stateful_step_count=12, deadline=None, phases=[Phase.reuse, Phase.generate]))
