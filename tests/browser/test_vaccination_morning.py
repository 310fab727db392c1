"""A vaccination morning with forty people, by the keyboard alone: every keystroke is counted, and the number is held under a bound.

One has a fever, one had a severe reaction earlier, one comes without an invitation, two stay away; the balance is right at the end.
"""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import stage

COMING, ABSENT = 40, 2
BOUND = 400  # keystrokes for the whole morning: ten for each person, from the page Tiêm chủng to the closed session
WALK_IN = "Đinh Lê Bảo Châu"
CHILDREN = (WALK_IN, "Đinh Lê Bảo An", "Đinh Lê Bảo Bình", "Đinh Lê Bảo Dung", "Đinh Lê Bảo Giang", "Đinh Lê Bảo Hân", "Đinh Lê Bảo Khánh", "Đinh Lê Bảo Linh", "Đinh Lê Bảo Minh", "Đinh Lê Bảo Ngân")
# Born two months and a half before, vaccinated against tuberculosis: the list of the day is filled up to forty and two.
FILL = """
import datetime, django
django.setup()
from tramyte.care.immunization.actions import record_immunization
from tramyte.care.immunization.models import Vaccine
from tramyte.care.people.actions import register_person
from tramyte.care.vaccination.models import Session
from tramyte.care.vaccination.actions import refresh_list, remove_person
from tramyte.engine.access.models import User
from tramyte.engine.places.models import Place
by, born = User.objects.get(username="dieuduong"), datetime.date(2026, 3, 20)
session = Session.objects.get(state="planned")
hamlet = session.hamlets.first().hamlet
def held(): return session.people.filter(entered_in_error=False)
for name in NAMES:
    if held().count() >= WANTED:
        break
    child = register_person(by=by, full_name=name, birth_date=born, sex="F", hamlet=hamlet, confirmed=True)
    record_immunization(by=by, person=child, vaccine=Vaccine.objects.get(code="BCG"), on=born, source="elsewhere")
    refresh_list(by=by, id=session.pk)
    if name == WALK_IN:
        remove_person(by=by, id=held().get(person=child).pk, reason="chuyển sang buổi sau")
"""


class Hands:
    """The keyboard, with a counter."""

    def __init__(self, page) -> None:
        self.page, self.strokes = page, 0

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1

    def says(self, words: str) -> None:
        """Wait until the board says so, and whoever is at the table was on the screen."""
        self.page.locator("#ban[data-seen] .t-board-said", has_text=words).wait_for()


def changed(commune, statement: str) -> None:
    with closing(sqlite3.connect(f"{commune.home}/tramyte.sqlite3", timeout=30)) as base:
        base.execute(statement)
        base.commit()


def asked(commune, question: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{commune.home}/tramyte.sqlite3?mode=ro", uri=True)) as base:
        return base.execute(question).fetchall()


def filled(commune) -> int:
    """Fill the list of the day; answers how many are on it."""
    code = FILL.replace("NAMES", repr(CHILDREN)).replace("WALK_IN", repr(WALK_IN)).replace("WANTED", str(COMING - 1 + ABSENT))
    around = stage._around(commune.home) | {"TRAMYTE_AS_OF": stage.AS_OF, "DJANGO_SETTINGS_MODULE": "tramyte.web.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return asked(commune, "SELECT count(*) FROM vaccination_attendee a JOIN vaccination_session s ON s.id = session_id WHERE state = 'planned' AND NOT a.entered_in_error")[0][0]


def receives(hands, numbers) -> None:
    for turn, number in enumerate(numbers, 1):
        hands.types(str(number))
        hands.presses("Enter")
        hands.says(f"thứ tự {turn}.")
    hands.types("bao chau")
    hands.presses("Enter")
    hands.page.locator("[data-pick]", has_text=WALK_IN).wait_for()
    hands.presses("Enter")
    hands.says(f"Đã tiếp nhận {WALK_IN}")


def the_other_table_is_told(doctor, name: str) -> None:
    """Another computer still shows a child that was given its doses meanwhile: Enter there writes nothing and says so."""
    doctor.expected = {422}
    doctor.page.keyboard.type("368")
    doctor.page.keyboard.press("Enter")
    doctor.page.locator(".t-panel .err", has_text=f"{name} đã được tiêm lúc").wait_for()


def is_newborn(nurse) -> bool:
    """Another journey of this commune may have registered a child of two weeks, who must be weighed before the vaccination."""
    return nurse.page.locator(".t-panel [for=can]").count() == 1 and nurse.page.locator(".t-panel [for=can] .opt").count() == 0


def serves(nurse, doctor, hands, people: int) -> None:
    """Everybody who waits: the fifth has a fever, the ninth had a severe reaction, the others are given what is due."""
    for nth in range(1, people + 1):
        name = nurse.page.locator(".t-panel h2 a").inner_text()
        if nth == 3:
            doctor.goes(nurse.page.url).page.locator(".t-panel [data-first]").wait_for()
        hands.types("382" if nth == 5 else "368")
        weighed = is_newborn(nurse)
        if weighed:
            hands.presses("Tab")
            hands.types("3200")
        if nth == 9:
            hands.presses(*["Tab"] * (1 if weighed else 2), "Space", "Tab", "Space")
        hands.presses("Enter")
        if nth in (5, 9):
            nurse.page.locator(".t-panel .msg", has_text="Tạm hoãn" if nth == 5 else "Chống chỉ định").wait_for()
            nurse.looks(phone=nth == 5)
            nurse.page.locator(".t-panel [data-first]").focus()
            hands.presses("Enter")
            hands.says(f"{name}: {'tạm hoãn, sốt 38,2 °C' if nth == 5 else 'chống chỉ định'}")
        else:
            hands.says(f"Đã tiêm {name}")
        if nth == 3:
            the_other_table_is_told(doctor, name)


def test_a_vaccination_morning_by_the_keyboard(people_of, commune):
    nurse, listed = people_of("dieuduong"), filled(commune)
    hands = Hands(nurse.page)
    numbers = [row[0] for row in asked(commune, "SELECT number FROM vaccination_attendee a JOIN vaccination_session s ON s.id = session_id WHERE state = 'planned' AND NOT a.entered_in_error ORDER BY number")]
    assert listed >= COMING - 1 + ABSENT
    nurse.goes("/tiem-chung/")
    hands.presses("b")
    nurse.page.wait_for_url(re.compile("/tiem-chung/buoi/$"))
    nurse.looks()
    hands.presses("Enter")
    nurse.page.wait_for_url(re.compile("#mo-buoi"))
    nurse.looks()
    hands.presses("m")
    nurse.page.wait_for_url(re.compile("/ban/$"))
    nurse.settles()
    receives(hands, numbers[:COMING - 1])
    hands.presses("Escape")
    nurse.looks()
    nurse.page.locator(".t-panel [data-first]").focus()
    serves(nurse, people_of("bacsi"), hands, COMING)
    changed(commune, "UPDATE vaccination_attendee SET given = datetime(given, '-31 minutes') WHERE given IS NOT NULL AND \"left\" IS NULL")
    hands.presses("F5")
    nurse.page.reload()
    hands.presses("Escape")
    for _ in range(COMING - 2):
        name = nurse.page.locator(".t-watch li b").first.inner_text()
        hands.presses("Enter")
        hands.says(f"{name} về, không phản ứng")
    hands.presses("Escape", "d")
    nurse.page.wait_for_url(re.compile("/dong/$"))
    nurse.looks()
    hands.presses("d")
    nurse.page.wait_for_url(re.compile("/buoi/[0-9a-f-]+/$"))
    print(f"keystrokes of the morning: {hands.strokes} for {COMING} people, {hands.strokes / COMING:.1f} each")
    assert "Đã đóng" in nurse.text() and hands.strokes <= BOUND
    nurse.looks()
    the_books_are_right(commune, listed)
    assert "vắng lâu nhất xếp trước" in nurse.goes("/tiem-chung/buoi/vang-mat/").text()
    nurse.looks()


def the_books_are_right(commune, listed: int) -> None:
    today = "SELECT id FROM vaccination_session WHERE \"on\" = '2026-06-03' AND state = 'closed'"
    counts = dict(asked(commune, f"SELECT outcome, count(*) FROM vaccination_attendee WHERE session_id IN ({today}) AND NOT entered_in_error GROUP BY outcome"))
    assert counts == {"eligible": COMING - 2, "deferred": 1, "contraindicated": 1, "": listed - COMING + 1}
    assert asked(commune, f"SELECT count(*) FROM vaccination_attendee WHERE session_id IN ({today}) AND origin = 'walk_in' AND given IS NOT NULL") == [(1,)]
    given = dict(asked(commune, f"SELECT lot_id, count(*) FROM vaccination_sessiondose d JOIN vaccination_vial v ON v.id = vial_id WHERE v.session_id IN ({today}) GROUP BY lot_id"))
    used = asked(commune, f"SELECT lot_id, used, wasted FROM vaccination_sessionlot WHERE session_id IN ({today})")
    here = f"SELECT immunization_id FROM vaccination_sessiondose d JOIN vaccination_vial v ON v.id = vial_id WHERE v.session_id IN ({today})"
    moved = dict(asked(commune, f"SELECT lot_id, sum(doses) FROM immunization_stockmovement WHERE kind = 'used' AND immunization IN ({here}) GROUP BY lot_id"))
    thrown = dict(asked(commune, "SELECT lot_id, sum(doses) FROM immunization_stockmovement WHERE kind = 'wasted' AND \"on\" = '2026-06-03' GROUP BY lot_id"))
    assert all(total == given.get(lot, 0) + lost for lot, total, lost in used) and moved == given and thrown == {lot: lost for lot, _, lost in used if lost}
