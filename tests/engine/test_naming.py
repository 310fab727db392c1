"""What pages call whoever did something."""

import datetime

import pytest

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.naming import called, names_of

DAY = datetime.date


@pytest.mark.parametrize(("username", "shown"), [
    ("nurse", "Lê Thị Lan (Điều dưỡng)"), ("director", "Nguyễn Thị Hạnh (Giám đốc)"), ("", "Hệ thống"), ("he-thong", "Quản trị qua dòng lệnh"),
    ("ứng dụng HIS huyện", "Ứng dụng HIS huyện"), ("nghi-viec", "nghi-viec"),
])
def test_readers_know_people(cast, username, shown):
    assert names_of([username]) == {username: shown}


def test_who_holds_no_role_any_more_keeps_the_name(cast):
    Assignment.objects.filter(user=cast.nurse).update(valid_to=DAY(2026, 6, 2))
    assert names_of(["nurse"])["nurse"] == "Lê Thị Lan"


def test_all_are_asked_for_at_once(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(names_of(["nurse", "director", "nurse", "", "lạ"])) == 4
    with django_assert_num_queries(0):
        assert names_of([""]) == {"": "Hệ thống"} and names_of([]) == {}


@pytest.mark.parametrize(("username", "said"), [
    ("nurse", "Lê Thị Lan"), ("", "Người khác"), ("he-thong", "Quản trị qua dòng lệnh"), ("ứng dụng HIS huyện", "Ứng dụng HIS huyện"), ("nghi-viec", "nghi-viec"),
])
def test_a_sentence_calls_people_by_their_names(cast, username, said):
    assert called(username) == said


def test_two_people_of_one_name_are_told_apart(cast, django_assert_num_queries):
    User.objects.create(username="lan2", full_name="Lê Thị Lan")
    with django_assert_num_queries(1):
        assert called("lan2") == "Lê Thị Lan (lan2)"
    assert called("nurse") == "Lê Thị Lan (nurse)" and called("director") == "Nguyễn Thị Hạnh"
