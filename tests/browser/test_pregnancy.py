"""A pregnancy from the first contact to the child's measles dose, by the nurse who follows it: typed once, shown where it is needed."""

import re
import sqlite3
import uuid
from contextlib import closing


def asked(commune, question: str, *values) -> list[tuple]:
    """Rows of the demo, read behind the server's back."""
    with closing(sqlite3.connect(f"file:{commune.home}/tramyte.sqlite3?mode=ro", uri=True)) as base:
        return base.execute(question, values).fetchall()


def a_woman(commune) -> tuple[str, str]:
    """A woman without a pregnancy in the books and without a child: key and name."""
    return asked(commune, """
        SELECT person.id, full_name FROM people_person person WHERE sex = 'F' AND birth_date BETWEEN '1990-01-01' AND '2004-12-31' AND birth_precision = 'day' AND died_on IS NULL
        AND household_id IS NOT NULL AND EXISTS (SELECT 1 FROM people_residence stay WHERE stay.person_id = person.id AND kind = 'permanent' AND "end" IS NULL AND NOT stay.entered_in_error)
        AND NOT EXISTS (SELECT 1 FROM maternal_pregnancy held WHERE held.person_id = person.id)
        AND NOT EXISTS (SELECT 1 FROM people_person child WHERE child.mother_id = person.id) ORDER BY person.id DESC""")[0]


def fills(visitor, values: dict[str, str]) -> None:
    """Fill the fields of the form by name and save from the keyboard."""
    for name, value in values.items():
        field = visitor.page.locator(f"form.form [name='{name}']")
        if field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.first.get_attribute("type") in ("radio", "checkbox"):
            visitor.page.locator(f"form.form [name='{name}'][value='{value}']").check()
        else:
            field.fill(value)


def saves(visitor, values: dict[str, str], said: str) -> None:
    fills(visitor, values)
    visitor.page.keyboard.press("Control+Enter")
    visitor.page.get_by_text(said).first.wait_for()
    visitor.page.wait_for_load_state("load")


def registers(nurse, woman: str) -> None:
    nurse.goes(f"/nguoi-dan/{uuid.UUID(woman)}/").clicks("Đăng ký thai")
    nurse.expected = {422}
    saves(nurse, {"registered_on": "20/10/2024", "lmp": "10/08/2024", "gravida": "1", "para": "0000"}, "đánh dấu “Đã kiểm tra lại” rồi lưu")
    nurse.expected = set()
    nurse.page.get_by_label("Đã kiểm tra lại").check()
    saves(nurse, {}, "Đã đăng ký thai")


def is_examined(nurse) -> None:
    """One contact in each of the first two terms and two in the last; a high pressure raises a flag, a normal one takes it down."""
    contacts = (
        {"on": "20/10/2024", "weight_kg": "50,5", "systolic": "110", "diastolic": "70", "hiv": "neg", "syphilis": "neg", "hepatitis_b": "neg"},
        {"on": "05/01/2025", "weight_kg": "53", "systolic": "150", "diastolic": "95"},
        {"on": "10/03/2025", "weight_kg": "57", "systolic": "120", "diastolic": "75", "fundal_cm": "28"},
        {"on": "25/04/2025", "weight_kg": "60", "systolic": "115", "diastolic": "70", "fetal_heart": "142", "lie": "head"},
    )
    for number, values in enumerate(contacts, 1):
        nurse.page.keyboard.press("k")
        nurse.page.wait_for_url(re.compile("/kham/"))
        if number == 1:
            nurse.looks()
        saves(nurse, values, f"{number} lần")
        flags = nurse.page.locator(".t-ts-flags").inner_text().lower()
        assert ("huyết áp" in flags) == (number == 2), flags
    assert nurse.page.locator(".t-ts-terms li.done").count() == 3


def gives_birth(nurse) -> str:
    """The birth with the dose by the clock; answers the address of the child's page."""
    nurse.page.keyboard.press("d")
    nurse.page.wait_for_url(re.compile("/de/"))
    nurse.looks()
    birth = {
        "on": "15/05/2025", "at": "7h30", "place": "hospital", "site": "Bệnh viện đa khoa khu vực", "attendant": "midwife", "mode": "vaginal",
        "0-sex": "F", "0-weight_g": "3,2", "0-hepatitis_b_at": "15/5/2025 19:30", "0-hepatitis_b_lot": "H2505"}
    nurse.expected = {422}
    saves(nurse, birth, "3,2 kg là 3200 gam")
    nurse.expected = set()
    saves(nurse, {"0-weight_g": "3200"}, "đã nối với mẹ")
    assert "15/05/2025 19:30 (≤ 24 giờ)" in nurse.text() and "Con Bà" in nurse.text()
    nurse.looks()
    return nurse.page.locator("#de th[scope=row] a").get_attribute("href")


def is_seen_after_birth(nurse) -> None:
    for on, said in (("18/05/2025", "3 ngày"), ("20/06/2025", "36 ngày")):
        nurse.page.keyboard.press("k")
        nurse.page.wait_for_url(re.compile("/sau-sinh/"))
        saves(nurse, {"on": on}, said)
    assert nurse.page.locator("#sau-sinh").inner_text().count("Đã khám") == 2


def is_vaccinated(nurse, child: str, dose: tuple[str, str], **more: str) -> None:
    vaccine, on = dose
    nurse.goes(f"/so/immunizations/moi/?person={child}")
    saves(nurse, {"vaccine": vaccine, "on": on, **(more or {"source": "import"})}, "Đã lưu")


def test_from_the_first_contact_to_the_measles_dose(people_of, commune):
    nurse, (woman, name) = people_of("dieuduong"), a_woman(commune)
    registers(nurse, woman)
    assert "dự sinh 17/05/2025" in nurse.text()
    is_examined(nurse)
    page = gives_birth(nurse)
    is_seen_after_birth(nurse)
    nurse.goes(page)
    child = page.rstrip("/").split("/")[-1]
    assert f"Con Bà {name.split()[-1]}" in nurse.text() and name in nurse.text() and "số tạm TS" in nurse.text()
    for dose in (("BCG (lao)", "20/05/2025"), ("DPT-VGB-Hib (5 trong 1)", "15/07/2025"), ("DPT-VGB-Hib (5 trong 1)", "15/08/2025"), ("DPT-VGB-Hib (5 trong 1)", "15/09/2025")):
        is_vaccinated(nurse, child, dose)
    [(lot,)] = asked(commune, """
        SELECT lot.number FROM immunization_vaccinelot lot JOIN immunization_vaccineproduct product ON product.id = lot.product_id
        JOIN immunization_vaccine vaccine ON vaccine.id = product.vaccine_id WHERE vaccine.code = 'MEASLES'""")
    assert "Sởi" in nurse.goes(f"/nguoi-dan/{child}/").page.locator("#tiem-chung").inner_text()
    is_vaccinated(nurse, child, ("Sởi đơn giá", "03/06/2026"), source="station", lot_number=lot)
    held = asked(commune, "SELECT vaccine.code, dose.verdict, dose.counts_as FROM immunization_immunization dose JOIN immunization_vaccine vaccine ON vaccine.id = dose.vaccine_id WHERE person_id = ? AND NOT dose.entered_in_error ORDER BY dose.\"on\"", uuid.UUID(child).hex)
    assert [code for code, _, _ in held] == ["HEPB", "BCG", "DPT-VGB-HIB", "DPT-VGB-HIB", "DPT-VGB-HIB", "MEASLES"] and {worth for _, worth, _ in held} == {"valid"}
    assert " MEASLES1 " in held[-1][2]
    nurse.goes(f"/tiem-chung/phieu/{child}/").looks()
    assert "15/05/2025 19:30" in nurse.text() and "03/06/2026" in nurse.text()
