"""Agreements: who may decide, what counts on a day, what silence means."""

import datetime

import pytest

from tramyte.care.consent import actions
from tramyte.care.consent.models import Consent
from tramyte.care.consent.queries import permits, standing
from tramyte.care.people.actions import merge_persons
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

DAY = datetime.date
AGREED = {"purpose": "reminders", "decision": "permit", "given_on": DAY(2026, 2, 10), "given_by": "self", "evidence": "paper", "evidence_note": "phiếu 12"}


def test_silence_is_no_agreement(born):
    person = born()
    assert not permits(person, "reminders", DAY(2026, 6, 3))
    assert {answer.state for answer in standing(person, DAY(2026, 6, 3))} == {""}


def test_the_last_decision_counts_from_its_day_until_it_is_withdrawn(born, cast):
    person = born()
    first = actions.record_consent(by=cast.nurse, person=person, **AGREED)
    actions.withdraw_consent(by=cast.nurse, id=first.pk, on=DAY(2026, 3, 1))
    actions.record_consent(by=cast.nurse, person=person, **AGREED | {"given_on": DAY(2026, 4, 1)})
    actions.record_consent(by=cast.nurse, person=person, **AGREED | {"given_on": DAY(2026, 5, 1), "decision": "deny"})
    days = {DAY(2026, 2, 9): False, DAY(2026, 2, 10): True, DAY(2026, 2, 28): True, DAY(2026, 3, 1): False, DAY(2026, 4, 1): True, DAY(2026, 4, 30): True, DAY(2026, 5, 1): False}
    assert {day: permits(person, "reminders", day) for day in days} == days
    assert not permits(person, "research", DAY(2026, 4, 1)), "one purpose says nothing of another"
    assert [entry.action for entry in AuditEntry.objects.filter(object_id=str(first.pk))] == ["withdraw_consent", "record_consent"]


@pytest.mark.parametrize(("birth", "giver", "guardian", "code"), [
    ("12/05/1956", "self", "", None), ("12/05/1956", "guardian", "Trần Thị Mận", None), ("12/05/1956", "guardian", " ", "no_guardian"),
    ("11/02/2019", "guardian", "Trần Thị Mận", None), ("11/02/2019", "self", "", "giver"), ("11/02/2019", "both", "Trần Thị Mận", "giver"),
    ("10/02/2019", "both", "Trần Thị Mận", None), ("10/02/2019", "guardian", "Trần Thị Mận", "giver"), ("10/02/2019", "both", "", "no_guardian"),
    ("11/02/2010", "self", "", "giver"), ("10/02/2010", "self", "", None),
])
def test_who_may_decide_follows_from_the_age(born, cast, birth, giver, guardian, code):
    person, given = born(birth), AGREED | {"given_by": giver, "guardian": guardian}
    if code is None:
        assert actions.record_consent(by=cast.nurse, person=person, **given).version == 1
        return
    with pytest.raises(Refused) as refused:
        actions.record_consent(by=cast.nurse, person=person, **given)
    assert refused.value.code == code and not Consent.objects.exists()


@pytest.mark.parametrize(("changes", "field"), [
    ({"given_on": DAY(2026, 6, 4)}, "given_on"), ({"given_on": DAY(1956, 5, 11)}, "given_on"), ({"withdrawn_on": DAY(2026, 2, 9)}, "withdrawn_on"),
    ({"withdrawn_on": DAY(2026, 6, 4)}, "withdrawn_on"), ({"decision": "deny", "withdrawn_on": DAY(2026, 3, 1)}, "withdrawn_on"),
    ({"evidence_note": ""}, "evidence_note"), ({"purpose": "ban"}, "purpose"),
])
def test_what_cannot_be_is_refused_at_its_field(born, cast, changes, field):
    with pytest.raises(Refused) as refused:
        actions.record_consent(by=cast.nurse, person=born(), **AGREED | changes)
    assert refused.value.field == field and refused.value.message.endswith((".", "!")), refused.value.message


def test_withdrawn_twice_is_told(born, cast):
    made = actions.record_consent(by=cast.nurse, person=born(), **AGREED)
    actions.withdraw_consent(by=cast.nurse, id=made.pk, on=DAY(2026, 3, 1))
    with pytest.raises(Refused, match="đã rút lại ngày 01/03/2026"):
        actions.withdraw_consent(by=cast.nurse, id=made.pk, on=DAY(2026, 3, 2))


def test_agreements_follow_a_merge(born, cast):
    one, other = born(), born(full_name="Nguyễn Văn Ân")
    actions.record_consent(by=cast.nurse, person=other, **AGREED)
    merge_persons(by=cast.nurse, survivor=one, lesser=other, confirmed=True, take=[])
    assert permits(one, "reminders", DAY(2026, 6, 3))


def test_standing_costs_one_query(born, cast, django_assert_num_queries):
    person = born()
    for month in range(1, 6):
        actions.record_consent(by=cast.nurse, person=person, **AGREED | {"given_on": DAY(2026, month, 1)})
    with django_assert_num_queries(1):
        standing(person, DAY(2026, 6, 3))
