"""What pages call whoever did something."""

import datetime

import pytest

from tramyte.engine.access.models import Assignment
from tramyte.engine.access.naming import names_of

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
