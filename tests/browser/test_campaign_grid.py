"""A hamlet's children weighed in one morning: the grid typed from the keyboard alone, one odd value asked again."""

import re
import sqlite3
import uuid
from contextlib import closing

import stage

DAY = "03/06/2026"


def asked(commune, question: str, *values) -> list[tuple]:
    """Rows of the demo, read behind the server's back."""
    with closing(sqlite3.connect(f"file:{commune.home}/tramyte.sqlite3?mode=ro", uri=True)) as base:
        return base.execute(question, values).fetchall()


def a_stop(commune) -> tuple[str, str]:
    """The day of a hamlet that is still to come in this campaign: its key, the hamlet's name."""
    return asked(commune, """
        SELECT day.id, place.name FROM growth_campaignday day JOIN places_place place ON place.id = day.hamlet_id
        WHERE day."on" > '2026-06-03' AND NOT day.entered_in_error ORDER BY place.name, day.id""")[0]


def sizes(commune, key: str) -> tuple[str, str]:
    """A plausible weight and length of a child on the day, as typed: the last ones grown like the median since then."""
    from tramyte.rules.growth.tables import DAYS, tables

    [(sex, age)] = asked(commune, "SELECT sex, CAST(julianday('2026-06-03') - julianday(birth_date) AS INTEGER) FROM people_person WHERE id = ?", key)
    before = asked(commune, "SELECT age_days, weight_kg, height_cm FROM growth_growthmeasurement WHERE person_id = ? AND NOT entered_in_error ORDER BY \"on\" DESC LIMIT 1", key)
    made = []
    for name, held in (("weight_for_age", 1), ("length_for_age", 2)):
        row, median = (sex == "F") * DAYS, tables()[name].m
        share = float(before[0][held]) / median[before[0][0] + row] if before and before[0][held] else 1.0
        made.append(f"{median[age + row] * share:.1f}".replace(".", ","))
    return made[0], made[1]


class Keyboard:
    """The keyboard alone, with a count of its strokes."""

    def __init__(self, page):
        self.page, self.strokes = page, 0

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1


def in_line(page) -> str:
    """The key of the child whose line has the focus."""
    return page.evaluate("document.activeElement.closest('[data-line]')?.dataset.line")


def test_a_hamlet_is_typed_from_the_keyboard_and_the_odd_value_asked_again(people_of, commune, record_property):
    nurse, (stop, hamlet) = people_of("dieuduong"), a_stop(commune)
    nurse.goes("/dinh-duong/").looks()
    nurse.clicks(hamlet, exact=True)
    assert "Chưa đến ngày cân đo." in nurse.text()
    nurse.goes(f"/dinh-duong/can-do/{uuid.UUID(stop)}/?ngay={DAY}").looks()
    page, keys = nurse.page, Keyboard(nurse.page)
    children = page.locator("[data-line]").count()
    nurse.expected = {422}
    page.locator("[data-line] [name=weight_kg]").first.focus()
    for at in range(children):
        child = in_line(page)
        weight, length = sizes(commune, uuid.UUID(child).hex)
        keys.types(weight.replace(",", "") if at == 1 else weight)  # the second child's point is forgotten
        keys.press("Tab")
        keys.types(length)
        keys.press("Enter")
    page.locator("[data-line][data-state=asked]").wait_for()
    nurse.settles()
    the_odd_one_is_put_right(nurse, keys)
    assert page.locator("[data-state=saved]").count() == children and f"Đã cân đo {children}/{children} trẻ" in nurse.text()
    nurse.looks()
    [(stored,)] = asked(commune, "SELECT count(*) FROM growth_growthmeasurement WHERE \"on\" = '2026-06-03' AND NOT entered_in_error AND campaign_id = (SELECT campaign_id FROM growth_campaignday WHERE id = ?)", stop)
    assert stored >= children
    record_property("keystrokes a child", round(keys.strokes / children, 1))
    assert keys.strokes / children < 14


def the_odd_one_is_put_right(nurse, keys: Keyboard) -> None:
    """It was not stored; the sentence says what is meant; typed again it is."""
    page = nurse.page
    odd = page.locator("[data-line][data-state=asked]")
    assert odd.count() == 1 and re.search(r"quên dấu phẩy", odd.inner_text()), odd.inner_text()
    assert "1 dòng cần xem lại" in nurse.text()
    nurse.looks()
    field = odd.locator("[name=weight_kg]")
    typed = field.input_value()
    field.focus()
    page.keyboard.press("Control+a")
    keys.types(f"{typed[:-1]},{typed[-1]}")
    keys.press("Enter")
    page.locator("[data-line][data-state=asked]").wait_for(state="detached")
    nurse.expected = set()


def test_the_worker_of_a_hamlet_opens_the_grid_on_the_phone(browser, commune):
    worker = stage.visitor(browser, commune, "thon01", stage.PHONE)
    worker.goes("/dinh-duong/")
    worker.page.locator("a[href*='/can-do/']").first.click()
    worker.looks(phone=False)
    assert worker.page.locator("[data-line]").count() > 0
    worker.page.context.close()


def a_line(page, at: int):
    return page.locator("[data-line]").nth(at)


def fills(page, at: int, **values: str) -> None:
    """Numbers into a line, and Enter in the last one."""
    for name, value in values.items():
        a_line(page, at).locator(f"[name={name}]").fill(value)
    a_line(page, at).locator(f"[name={name}]").press("Enter")


def grid_of(commune, *people) -> int:
    """Everybody opens the grid of a hamlet where a child was not measured yet, on a day that has come; answers the line of that child."""
    stops = asked(commune, """
        SELECT day.id FROM growth_campaignday day JOIN places_place place ON place.id = day.hamlet_id
        WHERE NOT day.entered_in_error AND day."on" >= '2026-06-01' ORDER BY place.name DESC, day.id""")
    first, *others = people
    for (key,) in stops:
        address = f"/dinh-duong/can-do/{uuid.UUID(key)}/?ngay=02/06/2026"
        first.goes(address)
        if lines := still_open(first.page):
            for other in others:
                other.goes(address)
            return lines[-1]
    raise AssertionError("every child was measured")


def still_open(page) -> list[int]:
    """The lines of children who were not measured yet."""
    return [at for at in range(page.locator("[data-line]").count()) if a_line(page, at).get_attribute("data-state") == "open"]


def test_what_is_typed_while_a_line_is_saved_stays(people_of, commune):
    nurse = people_of("dieuduong")
    page, at = nurse.page, grid_of(commune, nurse)
    weight, length = sizes(commune, uuid.UUID(a_line(page, at).get_attribute("data-line")).hex)
    held: list = []
    page.route("**/can-do/*/*/", lambda route: held.append(route))
    fills(page, at, weight_kg=weight, height_cm=length)
    a_line(page, at).locator("[name=muac_cm]").focus()
    page.keyboard.type("15,5")
    held[0].continue_()
    page.unroute("**/can-do/*/*/")
    page.wait_for_function("at => document.querySelectorAll('[data-line]')[at].querySelector('[name=id]') !== null", arg=at)
    assert a_line(page, at).locator("[name=muac_cm]").input_value() == "15,5" and page.evaluate("document.activeElement.name") == "muac_cm"
    page.keyboard.press("Enter")
    nurse.settles()
    a_line(page, at).locator("text=Đã lưu").first.wait_for()
    page.reload()
    assert a_line(page, at).locator("[name=muac_cm]").input_value() == "15,5"


def test_two_people_in_one_grid_see_both_numbers_and_neither_is_lost(browser, people_of, commune):
    nurse, doctor = people_of("dieuduong"), stage.visitor(browser, commune, "bacsi")
    at = grid_of(commune, nurse, doctor)
    weight, _ = sizes(commune, uuid.UUID(a_line(nurse.page, at).get_attribute("data-line")).hex)
    other = f"{float(weight.replace(',', '.')) + 0.1:.1f}".replace(".", ",")
    fills(nurse.page, at, weight_kg=weight)
    nurse.settles()
    doctor.expected = {422}
    fills(doctor.page, at, weight_kg=other)
    doctor.page.locator("[data-state=asked]").wait_for()
    assert f": {weight.removesuffix(',0')} kg." in a_line(doctor.page, at).inner_text()
    doctor.page.reload()
    doctor.expected = set()
    assert a_line(doctor.page, at).locator("[name=weight_kg]").input_value() == weight.removesuffix(",0"), "what is stored is shown, not what was typed over it"
    assert f"Cân nặng (kg) {other}" in a_line(doctor.page, at).inner_text()
    a_line(doctor.page, at).get_by_role("button", name="Lấy số tôi gõ").click()
    doctor.page.keyboard.press("Enter")
    doctor.settles()
    nurse.page.reload()
    assert a_line(nurse.page, at).locator("[name=weight_kg]").input_value() == other.removesuffix(",0")
    doctor.page.context.close()
