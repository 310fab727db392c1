"""What a person's page offers first: overdue before due, health before paperwork, then the earliest; the main button is the first that may be done."""

import datetime

import pytest
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.care.people.cards import Flag
from tramyte.care.people.overview import to_do

D = datetime.date


def flag(todo, kind="due", due=None, *, paper=False):
    return Flag(kind, "circle", todo, todo, "/", todo, due, paper)


@pytest.mark.parametrize(("flags", "order"), [
    ([flag("thẻ", "late", D(2026, 1, 1), paper=True), flag("tiêm", "late", D(2026, 6, 1))], ["tiêm", "thẻ"]),
    ([flag("cân", due=D(2026, 6, 5)), flag("thẻ", "late", D(2026, 1, 1), paper=True)], ["thẻ", "cân"]),
    ([flag("thẻ", due=D(2026, 6, 4), paper=True), flag("cân", due=D(2026, 6, 5))], ["cân", "thẻ"]),
    ([flag("cân", "late", D(2026, 5, 5)), flag("tiêm", "late", D(2026, 5, 1)), flag("khám", "late")], ["tiêm", "cân", "khám"]),
    ([Flag("ok", "circle", "đủ"), Flag("alarm", "circle", "dị ứng")], []),
])
def test_the_order(flags, order):
    assert [one.todo for one in to_do(flags)] == order == [one.todo for one in to_do(flags[::-1])]


def main_button(enter, person, user="nurse"):
    page = enter(user).get(reverse("person", args=[person.pk])).content.decode()
    head = page[page.index('<header class="ban">'):page.index("</header>", page.index('<header class="ban">'))]
    return head.split('class="btn btn-primary"')[1].split("</a>")[0] if "btn-primary" in head else "", head


def test_a_childs_health_comes_before_its_card(register, enter):
    from tramyte.care.immunization.catalogue import install

    install()
    child = register("Nguyễn Minh Khôi", "10/01/2026", "M")
    button, head = main_button(enter, child)
    assert "Xem phiếu tiêm" in button and "Gia hạn thẻ BHYT" in head and "Gia hạn" not in button


def test_a_lapsed_card_is_the_main_button_of_somebody_healthy(register, cast, enter):
    grown = register("Nguyễn Thị Mận", "05/03/1976", "F")
    actions.record_coverage(by=cast.nurse, person=grown, card_number="GD4370100123456", start=D(2025, 1, 1), end=D(2025, 12, 31))
    button, head = main_button(enter, grown)
    assert "Gia hạn thẻ BHYT" in button and 'data-key="g"' in button and head.count("Gia hạn thẻ BHYT") == 1


def test_who_died_has_no_next_action(register, cast, enter):
    gone = register("Nguyễn Thị Mận", "05/03/1936", "F")
    actions.record_death(by=cast.nurse, person=gone, on=D(2026, 5, 1))
    assert main_button(enter, gone)[0] == ""
