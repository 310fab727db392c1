"""Rights beyond one's own roles: lending them for an absence, opening a record in an emergency, and who keeps the keys."""

import datetime

import pytest

from tramyte.care.people.models import Person
from tramyte.engine.access import actions, delegations, emergency
from tramyte.engine.access.models import Assignment, Delegation, Opening, User
from tramyte.engine.access.rights import may, places, require, sees_people, visible
from tramyte.engine.audit.chain import verify
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

DAY = datetime.date
TODAY = DAY(2026, 6, 3)


def again(user):
    """The user as the next request reads them."""
    return User.objects.get(pk=user.pk)


def lend(cast, **changes):
    given = {
        "by": again(cast.director), "assignment": Assignment.objects.get(user=cast.director).pk, "taker": cast.nurse, "permissions": ["reports.approve", "tasks.assign"],
        "valid_from": TODAY, "valid_to": DAY(2026, 6, 10), "reason": "nghỉ phép năm",
    }
    return delegations.lend(**{**given, **changes})


def test_a_lent_part_counts_between_its_days_and_ends_by_itself(cast, monkeypatch):
    lend(cast, valid_from=DAY(2026, 6, 5))
    for day, counts in (("2026-06-04", False), ("2026-06-05", True), ("2026-06-10", True), ("2026-06-11", False)):
        monkeypatch.setenv("TRAMYTE_AS_OF", day)
        assert may(again(cast.nurse), "reports.approve") is counts, day
        assert may(again(cast.nurse), "people.import"), "one's own role stays"
        assert not may(again(cast.nurse), "targets.write"), "what was not named is not lent"


def test_the_same_part_is_not_lent_twice_for_the_same_days(cast):
    first = lend(cast)
    with pytest.raises(Refused, match="Đã ủy quyền những việc này") as refusal:
        lend(cast, permissions=["reports.approve"])
    assert refusal.value.code == "lent" and Delegation.objects.count() == 1
    lend(cast, valid_to=DAY(2026, 6, 20))
    lend(cast, permissions=["reports.approve", "people.view"])
    for row in Delegation.objects.all():
        delegations.take_back(by=again(cast.director), id=row.pk, reason="đã đi làm lại")
    assert not may(again(cast.nurse), "reports.approve")
    assert lend(cast).pk != first.pk


def test_acts_name_both_and_only_where_the_right_is_lent(cast):
    lend(cast, permissions=["reports.approve", "people.view"])
    nurse = again(cast.nurse)
    require(nurse, "people.import")
    require(nurse, "people.view")
    actions.password_changed(by=nurse)
    assert AuditEntry.objects.get(action="change_password").note == "", "own rights need nobody's name"
    require(nurse, "reports.approve")
    actions.password_changed(by=nurse)
    assert AuditEntry.objects.filter(action="change_password").first().note == "thay mặt Nguyễn Thị Hạnh (director)"
    assert verify().broken_at is None


def test_it_ends_when_taken_back_and_when_the_giver_is_locked_out_or_loses_the_role(cast):
    for ending in ("take_back", "lock", "role"):
        row = lend(cast)
        assert may(again(cast.nurse), "reports.approve")
        if ending == "take_back":
            delegations.take_back(by=again(cast.director), id=row.pk, reason="đã đi làm lại")
        elif ending == "lock":
            User.objects.filter(pk=cast.director.pk).update(is_active=False)
        else:
            User.objects.filter(pk=cast.director.pk).update(is_active=True)
            Assignment.objects.filter(user=cast.director).update(valid_to=DAY(2026, 6, 2))
        assert not may(again(cast.nurse), "reports.approve"), ending
        Delegation.objects.all().delete()
        User.objects.filter(pk=cast.director.pk).update(is_active=True)


@pytest.mark.parametrize(("changes", "code"), [
    ({"permissions": ["users.manage"]}, "no_part"), ({"permissions": ["rights.lend"]}, "no_part"), ({"permissions": ["directives.write"]}, "no_part"), ({"permissions": []}, "no_part"),
    ({"valid_to": None}, "no_end"), ({"valid_to": DAY(2026, 6, 2)}, "bad_day"), ({"valid_from": DAY(2026, 6, 1)}, "bad_day"), ({"valid_to": DAY(2026, 9, 30)}, "too_long"),
    ({"reason": "  a "}, "no_reason"), ({"taker": None}, "bad_taker"), ({"assignment": "x"}, "not_found"), ({"taker": "stranger"}, "bad_taker"), ({"taker": "director"}, "bad_taker"),
    ({"taker": "officer"}, "figures_only"), ({"by": "nurse"}, "no_right"),
])
def test_what_may_not_be_lent(cast, changes, code):
    changes = {name: cast.users.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}
    with pytest.raises(Refused) as refused:
        lend(cast, **changes)
    assert refused.value.code == code
    assert not Delegation.objects.exists()


def test_nobody_lends_on_what_was_lent(cast):
    lend(cast)
    assert delegations.own_assignments(again(cast.nurse)) == []


def test_a_lent_right_shows_no_person_to_who_sees_only_figures(cast):
    """Even a row that no action would write: the taker's own roles decide."""
    source = Assignment.objects.get(user=cast.director)
    Delegation.objects.create(assignment=source, taker=cast.officer, permissions=["people.view", "reports.write"], valid_from=TODAY, valid_to=TODAY, reason="thử")
    Person.objects.create(full_name="Kha Thị Riêng", birth_date=DAY(1950, 1, 1), sex="F", hamlet=cast.hamlet)
    officer = again(cast.officer)
    assert may(officer, "people.view") and not sees_people(officer)
    assert not visible(officer, Person.objects.all()).exists()


def test_rights_read_what_is_lent_with_few_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        may(again_only(cast.nurse), "people.view")
    lend(cast)
    with django_assert_num_queries(2):
        may(again_only(cast.nurse), "people.view")


def again_only(user):
    return User(pk=user.pk, username=user.username, is_active=True)


# -- who keeps the keys ---------------------------------------------------------------------------


def test_nobody_gives_oneself_more_than_one_holds(cast):
    for by, role in ((cast.director, "officer"), (cast.director, "chairman"), (cast.admin, "director"), (cast.admin, "nurse"), (cast.admin, "unit")):
        with pytest.raises(Refused) as refused:
            actions.assign_role(by=by, user=by, role=role, place=cast.commune, reason="thử")
        assert refused.value.code == "own_right", (by.username, role)
    row = actions.assign_role(by=cast.director, user=cast.director, role="nurse", place=cast.hamlet, reason="trực thay")
    assert row.role == "nurse", "less than one holds is no gain"


def test_the_last_manager_stays(cast):
    directors = Assignment.objects.get(user=cast.director)
    Assignment.objects.filter(user=cast.admin).update(valid_to=DAY(2026, 6, 30))
    for act in (lambda: actions.end_assignment(by=again(cast.admin), id=directors.pk, reason="nghỉ việc"), lambda: actions.set_active(by=again(cast.admin), id=cast.director.pk, active=False)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "last_manager"
    Assignment.objects.filter(user=cast.admin).update(valid_to=None)
    ended = actions.end_assignment(by=again(cast.admin), id=directors.pk, reason="nghỉ việc")
    assert ended.valid_to == DAY(2026, 6, 2)
    assert AuditEntry.objects.get(action="end_assignment").note == "nghỉ việc"


def test_a_role_may_begin_later_and_end(cast, monkeypatch):
    row = actions.assign_role(by=cast.director, user=cast.nurse, role="clinician", place=cast.commune, valid_from=DAY(2026, 6, 8), valid_to=DAY(2026, 6, 9), reason="thay bác sĩ")
    assert AuditEntry.objects.get(action="assign_role", object_id=str(row.pk)).note == "thay bác sĩ"
    assert not may(again(cast.nurse), "reports.write")
    monkeypatch.setenv("TRAMYTE_AS_OF", "2026-06-09")
    assert may(again(cast.nurse), "reports.write")
    monkeypatch.setenv("TRAMYTE_AS_OF", "2026-06-10")
    assert not may(again(cast.nurse), "reports.write")
    for first, last in ((DAY(2026, 6, 1), None), (DAY(2026, 6, 12), DAY(2026, 6, 11))):
        with pytest.raises(Refused) as refused:
            actions.assign_role(by=cast.director, user=cast.nurse, role="nurse", place=cast.hamlet, valid_from=first, valid_to=last, reason="thay bác sĩ")
        assert refused.value.code == "bad_day"


# -- emergency ------------------------------------------------------------------------------------


@pytest.fixture
def outside(cast):
    """Somebody of the neighbouring commune."""
    return Person.objects.create(full_name="Kha Thị Liền Kề", birth_date=DAY(1956, 1, 1), sex="F", hamlet=cast.other_hamlet)


def open_it(by, outside, **changes):
    given = {"subject": outside.pk, "place": outside.hamlet, "model": "people.person", "kind": "emergency", "words": "hôn mê, cần biết dị ứng thuốc"}
    return emergency.open_record(by=by, **{**given, **changes})


def test_an_opening_lasts_its_hours_and_no_longer(cast, outside):
    row = open_it(cast.nurse, outside)
    assert row.until - row.opened_at == datetime.timedelta(hours=4)
    assert emergency.opened(cast.nurse, outside.pk) == row
    assert emergency.opened(cast.clinician, outside.pk) is None
    assert AuditEntry.objects.get(action="open_emergency").object_id == str(outside.pk)
    Opening.objects.update(until=row.opened_at - datetime.timedelta(seconds=1))
    assert emergency.opened(cast.nurse, outside.pk) is None


@pytest.mark.parametrize("username", ["village_worker", "officer", "chairman", "unit", "supervisor", "admin"])
def test_other_roles_never_open(cast, outside, username):
    with pytest.raises(Refused) as refused:
        open_it(cast.users[username], outside)
    assert refused.value.status == 403
    Opening.objects.create(user=cast.users[username], subject=outside.pk, place=outside.hamlet, home=cast.commune, kind="other", words="x", opened_at="2026-06-03T00:00Z", until="2099-01-01T00:00Z")
    assert emergency.opened(cast.users[username], outside.pk) is None


@pytest.mark.parametrize(("changes", "code"), [({"kind": "curious"}, "bad_reason"), ({"words": "xem   thử"}, "no_reason"), ({"words": "          x          "}, "no_reason")])
def test_a_reason_is_needed(cast, outside, changes, code):
    with pytest.raises(Refused) as refused:
        open_it(cast.nurse, outside, **changes)
    assert refused.value.code == code


def test_the_director_reviews_and_nobody_reviews_oneself(cast, outside):
    row = open_it(cast.nurse, outside)
    own = open_it(cast.director, outside)
    assert list(emergency.to_review(cast.director)) == [row]
    assert set(emergency.to_review(cast.admin)) == {row, own}
    assert not emergency.to_review(cast.nurse).exists()
    for by, id, verdict, words, code in (
        (cast.director, own.pk, "justified", "", "not_found"), (cast.nurse, row.pk, "justified", "", "no_right"),
        (cast.director, row.pk, "maybe", "", "bad_verdict"), (cast.director, row.pk, "unjustified", "không", "no_reason"),
    ):
        with pytest.raises(Refused) as refused:
            emergency.review(by=by, id=id, verdict=verdict, words=words)
        assert refused.value.code == code
    done = emergency.review(by=cast.director, id=row.pk, verdict="unjustified", words="không có lượt khám nào")
    assert done.reviewed_by == cast.director and AuditEntry.objects.get(action="review_emergency").note == "không có lượt khám nào"


def test_an_opening_shows_no_list(cast, outside):
    open_it(cast.nurse, outside)
    assert not visible(again(cast.nurse), Person.objects.all()).exists()
    assert outside.hamlet_id not in places(again(cast.nurse), "people.view")
