"""Typing on while the server still answers, at the table of a session: no key is lost, nobody gets what was meant for another, the board renews itself.

Answers are held back one by one, so that every step falls where it is meant to fall, on a fast machine as on a slow one.
"""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
import stage

NAMES = ("Lò Thị Ánh Mai", "Lò Thị Bích Mai", "Lò Thị Chi Mai", "Lò Thị Diễm Mai", "Lò Thị Giang Mai", "Lò Thị Hoa Mai", "Lò Thị Khuê Mai", "Lò Thị Liên Mai", "Lò Thị Ngọc Mai", "Lò Thị Oanh Mai")
# An open session of its own in another place, with ten children who are due.
OPENED = """
import datetime, django, json
django.setup()
from tramyte.care.immunization.actions import record_immunization, record_lot
from tramyte.care.immunization.models import Vaccine, VaccineProduct
from tramyte.care.people.actions import register_person
from tramyte.care.vaccination.actions import open_session, plan_session, add_person
from tramyte.care.vaccination.models import SessionHamlet
from tramyte.engine import clock
from tramyte.engine.access.models import User
by, born = User.objects.get(username="dieuduong"), datetime.date(2026, 3, 20)
stop = SessionHamlet.objects.select_related("session__facility", "hamlet").order_by("pk").first()
first, hamlet = stop.session, stop.hamlet
product = VaccineProduct.objects.filter(vaccine__code="OPV", doses_per_vial__gt=1).first()
record_lot(by=by, product=product, facility=first.facility, number="NHANH1", expires_on=datetime.date(2027, 6, 30), received=40, received_on=datetime.date(2026, 1, 5))
session = plan_session(by=by, facility=first.facility, on=clock.today(), site="Nhà văn hóa thôn", hamlets=[hamlet], vaccines=["OPV"])
numbers = {}
for name in NAMES:
    child = register_person(by=by, full_name=name, birth_date=born, sex="F", hamlet=hamlet, confirmed=True)
    record_immunization(by=by, person=child, vaccine=Vaccine.objects.get(code="BCG"), on=born, source="elsewhere")
    numbers[name] = add_person(by=by, session=session.pk, person=child).number
open_session(by=by, id=session.pk, screener="Trần Văn Hùng", injector="Lê Thị Lan", recorder="Lê Thị Lan", staff=3)
print(json.dumps({"session": str(session.pk), "numbers": numbers}))
"""
STATE = """
SELECT full_name, turn, temperature, (SELECT count(*) FROM vaccination_sessiondose d WHERE d.attendee_id = a.id AND NOT d.entered_in_error)
FROM vaccination_attendee a JOIN people_person p ON p.id = person_id WHERE session_id = ?
"""
AT_ONCE = "document.addEventListener('htmx:afterSettle', () => document.querySelector('[data-serve]').requestSubmit(), {once: true})"


def told(commune, code: str) -> dict:
    """What a piece of code says that works in the commune."""
    around = stage._around(commune.home) | {"TRAMYTE_AS_OF": stage.AS_OF, "DJANGO_SETTINGS_MODULE": "tramyte.web.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


class Table:
    """The board in a browser whose acts are answered only when they are let through."""

    def __init__(self, visitor, session: str) -> None:
        self.visitor, self.page, self.keys, self.asked = visitor, visitor.page, visitor.page.keyboard, []
        visitor.goes(f"/tiem-chung/buoi/{session}/ban/").settles()
        self.page.route("**/ban/**", lambda route: self.asked.append(route) if route.request.method == "POST" else route.continue_())

    def sends(self, text: str, times: int = 1) -> None:
        """Type and press Enter, without waiting for anything."""
        self.keys.type(text)
        for _ in range(times):
            self.keys.press("Enter")

    def oldest(self):
        """The oldest act that is held back."""
        until = time.monotonic() + 20
        while not self.asked:
            assert time.monotonic() < until, "nothing was asked"
            self.page.wait_for_timeout(20)
        return self.asked.pop(0)

    def oldest_waits(self) -> None:
        """Wait until an act is held back."""
        self.asked.insert(0, self.oldest())

    def lets_through(self) -> None:
        """Let the oldest act reach the server, and wait for the board that answers it."""
        act = self.oldest()
        self.page.evaluate("document.querySelector('#ban').dataset.old = '1'")
        act.continue_()
        self.page.locator("#ban:not([data-old])").wait_for()

    def asks_nothing(self) -> None:
        """Nothing more was sent."""
        self.page.wait_for_timeout(150)
        assert not self.asked

    def looks_at(self) -> str:
        """Who is at the table, once a person has had the time to see it."""
        self.page.locator("#ban[data-seen]").wait_for()
        self.page.wait_for_timeout(350)
        return self.page.locator(".t-panel h2 a").inner_text()

    def said(self) -> str:
        return self.page.locator(".t-board-said").inner_text()

    def in_field(self) -> str:
        return self.page.locator("#nhiet").input_value()

    def done(self) -> None:
        self.page.unroute_all()


@pytest.fixture(scope="module")
def opened(commune):
    return told(commune, OPENED.replace("NAMES", repr(NAMES)))


@pytest.fixture
def table(people_of, opened):
    made = Table(people_of("dieuduong"), opened["session"])
    yield made
    made.done()
    assert not made.visitor.faults, made.visitor.faults


@pytest.fixture
def state(commune, opened):
    """`state()[name]`: the turn, the temperature and the number of doses of somebody in the session, as they are stored."""
    def read():
        with closing(sqlite3.connect(f"file:{commune.home}/tramyte.sqlite3?mode=ro", uri=True)) as base:
            rows = base.execute(STATE, [opened["session"].replace("-", "")]).fetchall()
        return {name: [turn, str(temperature or ""), doses] for name, turn, temperature, doses in rows}
    return read


def test_numbers_typed_at_speed_are_all_received(table, opened, state):
    for name in NAMES[:5]:
        table.sends(str(opened["numbers"][name]))
    table.keys.type("bi")
    for _ in NAMES[:5]:
        table.lets_through()
    table.asks_nothing()
    assert [state()[name][0] for name in NAMES[:6]] == [1, 2, 3, 4, 5, None]
    assert table.page.locator("[data-reception]").input_value() == "bi" and table.page.evaluate("document.activeElement.id") == "nhan"


def test_what_is_typed_ahead_waits_for_the_eyes_of_the_nurse(table, state):
    first, second = NAMES[0], NAMES[1]
    table.page.locator("#nhiet").focus()
    table.sends("368")
    table.sends("369")
    table.sends("371")
    table.lets_through()
    assert f"Đã tiêm {first}" in table.said() and "“369” gõ khi máy đang lưu chưa được ghi" in table.said() and f"Chưa ghi gì cho {second}: xem tên và mũi tiêm rồi Enter." in table.said()
    table.asks_nothing()
    assert table.looks_at() == second and table.in_field() == "371" and state()[second][1:] == ["", 0]
    table.visitor.looks()
    table.page.locator("#nhiet").focus()
    table.keys.press("Enter")
    table.page.evaluate(AT_ONCE)
    table.lets_through()
    assert f"Enter bấm trước khi kịp thấy {NAMES[2]}: chưa ghi gì" in table.said()
    table.asks_nothing()
    assert state()[first][1:] == ["36.8", 1] and state()[second][1:] == ["37.1", 1]


def test_enter_twice_is_one_dose_and_nothing_for_the_next(table, state):
    third, fourth = NAMES[2], NAMES[3]
    assert table.looks_at() == third
    table.sends("36,8", times=2)
    table.lets_through()
    table.asks_nothing()
    assert table.looks_at() == fourth and table.in_field() == "" and "Chưa ghi gì cho" in table.said()
    assert state()[third][1:] == ["36.8", 1] and state()[fourth][1:] == ["", 0]


def test_nothing_goes_to_a_child_whom_the_nurse_could_not_expect(table, people_of, opened, state):
    """While the fourth is saved, the other table serves the fifth, who was the next: the sixth comes."""
    fourth, fifth, sixth = NAMES[3:6]
    other = Table(people_of("bacsi"), opened["session"])
    table.page.locator("[data-reception]").focus()
    table.sends(str(opened["numbers"][sixth]))
    table.lets_through()
    assert table.looks_at() == fourth
    table.page.locator("#nhiet").focus()
    table.sends("368")
    table.sends("374")
    other.page.locator(".t-queue [data-queued]", has_text=fifth).click()
    other.visitor.settles()
    assert other.looks_at() == fifth
    other.sends("367")
    other.lets_through()
    other.done()
    table.lets_through()
    table.asks_nothing()
    assert table.looks_at() == sixth and table.in_field() == "" and "“374” gõ khi máy đang lưu chưa được ghi" in table.said()
    assert [state()[name][1:] for name in (fourth, fifth, sixth)] == [["36.8", 1], ["36.7", 1], ["", 0]]


def test_after_a_lost_line_enter_sends_the_same_again(table, state):
    sixth = NAMES[5]
    assert table.looks_at() == sixth
    table.sends("366")
    table.oldest().fulfill(status=503, content_type="text/html", body='<div class="msg late"><div>Máy đang bận.</div></div>')
    table.page.locator(".t-board-said", has_text="Chưa lưu: Máy đang bận.").wait_for()
    table.keys.press("Enter")
    table.keys.type("39")
    table.oldest().abort()
    table.page.locator(".t-board-said", has_text="Chưa lưu: mất kết nối").wait_for()
    assert table.in_field() == "366" and "“39” gõ khi máy đang lưu chưa được ghi" in table.said()
    table.visitor.faults.clear()  # the line was cut on purpose
    table.keys.press("Enter")
    table.lets_through()
    assert state()[sixth][1:] == ["36.6", 1]


def test_reception_does_not_take_what_is_typed_at_the_table(table, opened, state):
    seventh, eighth = NAMES[6:8]
    table.page.locator("[data-reception]").focus()
    table.sends(str(opened["numbers"][seventh]))
    table.lets_through()
    assert table.looks_at() == seventh
    table.sends(str(opened["numbers"][eighth]))
    table.keys.press("Escape")
    table.sends("365")
    table.lets_through()
    table.lets_through()
    assert f"Đã tiêm {seventh}" in table.said() and state()[seventh][1:] == ["36.5", 1] and state()[eighth][0] == 8


def test_the_board_renews_itself_but_never_under_somebodys_hands(table, people_of, opened, state):
    eighth = NAMES[7]
    other = people_of("bacsi").goes(f"/tiem-chung/buoi/{opened['session']}/ban/").page
    other.locator(".t-panel [data-first]").wait_for()
    table.page.unroute_all()
    assert table.looks_at() == eighth
    table.page.locator("#nhiet").focus()
    table.keys.press("Enter")  # no temperature: asked again, and while that stands nothing is renewed
    table.page.locator(".t-fault").wait_for()
    table.visitor.expected = {422}
    table.visitor.faults.clear()
    table.visitor.goes(f"/tiem-chung/buoi/{opened['session']}/ban/")
    watched = table.page.locator(".t-watch > li[data-watch]").count()
    table.keys.type("36")
    other.locator("[data-early]:visible").first.click()
    other.locator(".t-board-said", has_text="không phản ứng").wait_for()
    table.page.wait_for_timeout(8500)
    assert table.page.locator(".t-watch > li[data-watch]").count() == watched and table.in_field() == "36"
    table.keys.press("Backspace")
    table.keys.press("Backspace")
    table.page.locator(".t-watch > li[data-watch]").nth(watched - 1).wait_for(state="detached")
    assert table.page.evaluate("document.activeElement.id") == "nhiet" and table.looks_at() == eighth
    table.keys.type("368")
    table.keys.press("Enter")
    table.page.locator(".t-board-said", has_text=f"Đã tiêm {eighth}").wait_for()


def test_a_sign_ticked_too_late_is_told_and_never_carried_to_another_child(table, opened, state):
    ninth, tenth = NAMES[8:10]
    acute = table.page.locator("[name=signs][value=acute]")
    table.page.locator("[data-reception]").focus()
    for name in (ninth, tenth):
        table.sends(str(opened["numbers"][name]))
    table.lets_through()
    table.lets_through()
    assert table.looks_at() == ninth
    table.page.locator("summary", has_text="Bảng kiểm").click()
    table.page.locator("#nhiet").focus()
    table.sends("368")
    table.oldest_waits()
    acute.check()
    table.page.locator("[name=signs][value=heart]").check()
    table.page.locator("[name=signs][value=heart]").uncheck()  # taken back: nothing to be told
    table.page.locator("[name=give]").uncheck()
    table.lets_through()
    assert "Đánh dấu “Đang mắc bệnh cấp tính, nhiễm trùng”, bỏ dấu “OPV" in table.said() and f"khi máy đang lưu {ninth} chưa được ghi" in table.said() and "nhịp thở" not in table.said()
    assert table.looks_at() == tenth and not acute.is_checked() and table.page.locator("[name=give]").is_checked()
    table.page.locator("summary", has_text="Bảng kiểm").click()
    table.page.locator("#nhiet").focus()
    table.sends("367")
    table.oldest_waits()
    acute.check()
    table.asked.pop(0).abort()
    table.page.locator(".t-board-said", has_text="Chưa lưu: mất kết nối").wait_for()
    table.visitor.faults.clear()  # the line was cut on purpose
    assert acute.is_checked() and table.in_field() == "367"
    table.page.locator("#nhiet").focus()
    table.keys.press("Enter")
    table.lets_through()
    assert "Tạm hoãn" in table.page.locator(".t-panel [role=alert]").inner_text() and state()[ninth][1:] == ["36.8", 1] and state()[tenth][1:] == ["", 0]
