"""The one timeline of a person: everything in it, by kind, in pages."""

import datetime

import pytest
from django.urls import reverse

from tramyte.care.checkups.actions import record_checkup
from tramyte.care.health_record.actions import Line, record_part
from tramyte.care.people import actions
from tramyte.care.people.models import Coverage, RecordEntry
from tramyte.care.people.overview import overview
from tramyte.care.people.queries import people
from tramyte.engine import clock

D = datetime.date


@pytest.fixture
def person(register, cast):
    made = register("Nguyễn Thị Mận", "05/03/1956", "F", phone="0912345678", since=D(2010, 1, 1))
    actions.record_coverage(by=cast.nurse, person=made, card_number="GD4370100123456", start=D(2025, 1, 1), end=D(2025, 12, 31))
    record_checkup(by=cast.nurse, person=made, on=D(2026, 2, 3), kind="periodic")
    record_part(by=cast.nurse, person=made, part="illness", lines=[Line(code="hypertension", since="2019")], on=D(2026, 5, 20))
    return made


def shown(person, cast, **asked):
    return overview(cast.nurse, people().get(pk=person.pk), clock.today(), **asked).timeline


def told(line):
    return [(event.day, event.title, event.text) for event in line.items if not event.next]


def test_everything_stands_in_it_newest_first(person, cast):
    line = shown(person, cast)
    found = told(line)
    assert [day for day, _, _ in found] == sorted((day for day, _, _ in found), reverse=True)
    assert {(slug, count) for slug, _, count in line.kinds} == {("sinh-tu", 1), ("cu-tru", 1), ("bhyt", 1), ("kham", 1), ("ho-so", 3)}
    assert (D(2026, 5, 20), "Ghi hồ sơ sức khỏe", "Tiền sử bệnh tật") in found and line.total == 7
    illness = next(event for event in line.items if event.title == "Phát hiện")
    assert (illness.text, illness.shown) == ("tăng huyết áp", "2019"), "of an illness only the year is known"


def test_what_is_due_next_stands_on_top_of_the_first_page_of_everything(person, cast):
    assert [(event.title, event.day) for event in shown(person, cast).items if event.next] == [("Gia hạn thẻ BHYT", D(2025, 12, 31))]
    assert not any(event.next for event in shown(person, cast, kind="kham").items)


def test_one_kind_alone(person, cast):
    assert [title for _, title, _ in told(shown(person, cast, kind="kham"))] == ["Khám sức khỏe định kỳ"]
    assert shown(person, cast, kind="khong-co").kind == "" and shown(person, cast, kind="khong-co").total == 7


def test_corrections_are_told_without_numbers(person, cast):
    actions.change_person(by=cast.nurse, id=person.pk, full_name="Nguyễn Thị Mẫn", phone="0987654321")
    card = person.coverages.get()
    actions.retract(by=cast.nurse, model=Coverage, id=card.pk, reason="nhập nhầm người")
    found = {title: text for _, title, text in told(shown(person, cast, kind="sua"))}
    assert found == {"Sửa thông tin": "họ và tên “Nguyễn Thị Mận” → “Nguyễn Thị Mẫn”; điện thoại", "Ghi nhầm": "bỏ thẻ bảo hiểm y tế từ 01/01/2025"}
    assert [event.meta for event in shown(person, cast, kind="sua").items] == ["nhập nhầm người", "Lê Thị Lan (Điều dưỡng)"]
    assert "bhyt" not in {slug for slug, _, _ in shown(person, cast).kinds}


def test_a_merge_a_parting_and_a_death_are_told(person, register, cast):
    double = register("Nguyen Thi Man", "05/03/1956", "F")
    merge = actions.merge_persons(by=cast.nurse, survivor=person, lesser=double)
    assert [(title, text) for _, title, text in told(shown(person, cast, kind="gop"))] == [("Gộp hồ sơ", "hồ sơ của Nguyen Thi Man được gộp vào đây")]
    assert [event.meta for event in shown(person, cast, kind="gop").items] == ["Lê Thị Lan (Điều dưỡng)"]
    actions.unmerge_persons(by=cast.nurse, id=merge.pk)
    actions.record_death(by=cast.nurse, person=person, on=D(2026, 6, 1))
    assert [(title, day) for day, title, _ in told(shown(person, cast, kind="sinh-tu"))] == [("Mất", D(2026, 6, 1)), ("Sinh", D(1956, 3, 5))]


def test_pages_hold_every_event_once(person, cast, enter):
    RecordEntry.objects.bulk_create(RecordEntry(person=person, kind="updated", on=D(2020, 1, 1) + datetime.timedelta(days=n)) for n in range(100))
    seen = []
    for number in range(1, 5):
        line = shown(person, cast, page=number)
        seen += told(line)
    assert len(seen) == len(set(seen)) == line.total and line.page.paginator.num_pages == 4
    address = reverse("person", args=[person.pk])
    second = enter("nurse").get(address, {"page": "2", "loai": "ho-so"}).content.decode()
    assert "Trang 2/4" in second and 'aria-current="true">Hồ sơ sức khỏe' in second
    assert enter("nurse").get(address, {"page": "x"}).status_code == 200 and "Trang 4/4" in enter("nurse").get(address, {"page": "999"}).content.decode()


def test_the_village_worker_is_offered_no_check_up_to_write(person, enter):
    for user, offered in (("nurse", True), ("village_worker", False)):
        assert ("Ghi lượt khám" in enter(user).get(reverse("person", args=[person.pk])).content.decode()) == offered
