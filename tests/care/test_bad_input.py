"""What a good nurse in charge says of input that cannot be, in the same words at every door: form, file and program."""

import datetime
import html
import json

import pytest
from django.test import Client as Browser

from tramyte.care.growth import actions as growth
from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.immunization import actions as doses
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Immunization, Vaccine
from tramyte.care.maternal import actions as maternal
from tramyte.care.maternal.models import Newborn, Pregnancy
from tramyte.care.people.actions import merge_persons, record_death
from tramyte.care.people.models import Household, Identifier, Person, Residence
from tramyte.engine.clients.actions import create_client
from tramyte.engine.documents import spreadsheet
from tramyte.engine.registers import interface, loading, registry, staging
from tramyte.engine.registers.models import ImportRow

pytestmark = pytest.mark.django_db
DAY = datetime.date
BOY, GIRL, TWIN, GONE, WOMAN = "037226000001", "037226000002", "037326000055", "037226000004", "037196000001"
STATION, OLD = {"source": "tại trạm"}, {"source": "chép từ sổ, danh sách cũ"}
FIVE = "DPT-VGB-Hib (5 trong 1)"


@pytest.fixture
def ground(cast):
    """A boy of nearly five months with a dose, a girl of three months, a baby who died, a woman about to give birth; three lots."""
    def person(number, name, born, sex="M", **fields):
        made = Person.objects.create(full_name=name, birth_date=born, sex=sex, hamlet=cast.hamlets[0], household=Household.objects.get_or_create(hamlet=cast.hamlets[0], number="0412")[0], **fields)
        Identifier.objects.create(person=made, kind="national", value=number)
        Residence.objects.create(person=made, place=cast.hamlets[0], kind="permanent", start=born)
        return made

    install()
    boy, gone = person(BOY, "Nguyễn Minh Khôi", DAY(2026, 1, 10)), person(GONE, "Trần Văn Lành", DAY(2026, 2, 1))
    person(GIRL, "Lê Thị Hoa", DAY(2026, 3, 1), "F")
    record_death(by=cast.director, person=gone, on=DAY(2026, 5, 1))
    mother = person(WOMAN, "Nguyễn Thị Mận", DAY(1996, 3, 5), "F", relation="Vợ")
    vaccine = Vaccine.objects.get(code="DPT-VGB-HIB")
    product = doses.record_product(by=cast.nurse, vaccine=vaccine, name="5 trong 1", manufacturer="IVAC", doses_per_vial=1)
    for number, expires, received in (("5T01", DAY(2027, 6, 30), DAY(2026, 1, 1)), ("HETHAN", DAY(2026, 5, 20), DAY(2026, 1, 1)), ("MOIVE", DAY(2027, 6, 30), DAY(2026, 6, 2))):
        doses.record_lot(by=cast.nurse, product=product, facility=cast.station, number=number, expires_on=expires, received=5, received_on=received)
    doses.record_immunization(by=cast.nurse, person=boy, vaccine=vaccine, on=DAY(2026, 4, 1), source="import")
    return mother


def coded(column, text):
    return next((code for code, words in interface.codes_of(column) if words == text), text)


class Doors:
    """Sends one line to a book as a form, a file or a program, and answers what was said."""

    def __init__(self, cast, enter):
        self.cast, self.page = cast, enter("director")

    def form(self, slug, cells):
        book = registry.get(slug)
        sent = {column.path: coded(column, text) for column in book.own if (text := cells.get(column.path, ""))}
        return html.unescape(self.page.post(f"/so/{slug}/moi/", sent).content.decode())

    def file(self, slug, *lines):
        book = registry.get(slug)
        columns = [spreadsheet.SheetColumn(column.label) for column in book.own]
        made = staging.stage(book, self.cast.director, "so.csv", spreadsheet.write_csv(columns, [[cells.get(column.path, "") for column in book.own] for cells in lines]))
        loading.apply(book, self.cast.director, made)
        return " ".join(ImportRow.objects.filter(load=made).order_by("number").values_list("reason", flat=True))

    def program(self, slug, cells):
        book = registry.get(slug)
        _, key = create_client(
            by=self.cast.director, name="Phần mềm trạm", contact="anh Nam, 0912345678", where=[self.cast.commune], valid_until=DAY(2026, 12, 31),
            permissions={book.guard.view, book.write, "people.write", "care.write", "vaccines.view"})
        sent = {column.path: self.value(column, text) for column in book.own if (text := cells.get(column.path, ""))}
        answer = Browser().post(f"/api/v1/registers/{slug}", json.dumps(sent), content_type="application/json", headers={"Authorization": f"Bearer {key}"})
        return json.dumps(answer.json(), ensure_ascii=False)

    @staticmethod
    def value(column, text):
        made = {"whole": int, "number": lambda cell: float(cell.replace(",", ".")), "flag": lambda cell: cell == "Có"}.get(interface.type_of(column), lambda cell: coded(column, cell))
        return made(text)


def dose(person=BOY, on="01/06/2026", lot="", vaccine=FIVE, **more):
    return "immunizations", {"person": person, "vaccine": vaccine, "on": on, "lot_number": lot, **(STATION if lot else OLD), **more}


def measured(person=GIRL, on="01/06/2026", **more):
    return "growth", {"person": person, "on": on, "setting": "tại trạm", **more}


CASES = {
    "a dose before birth": (dose(on="09/01/2026"), "trước ngày sinh 10/01/2026"),
    "a dose to come": (dose(on="04/06/2026"), "chưa đến; hôm nay là 03/06/2026"),
    "a lot not in stock": (dose(lot="X99"), "Kho vắc xin không có lô X99"),
    "a lot that expired": (dose(lot="HETHAN"), "hết hạn ngày 20/05/2026"),
    "a lot that came later": (dose(lot="MOIVE"), "mới nhập ngày 02/06/2026"),
    "a lot of another vaccine": (dose(lot="5T01", vaccine="BCG (lao)"), "không phải BCG"),
    "a dose at the wrong age": (dose(person=GIRL, lot="5T01", on="20/04/2026"), "chưa đủ tuổi tối thiểu (01/05/2026)"),
    "a dose too soon after the last": (dose(lot="5T01", on="20/04/2026"), "Nếu mũi này đã tiêm thật, hãy ghi lý do"),
    "a dose of somebody dead": (dose(person=GONE, on="02/05/2026"), "đã mất ngày 01/05/2026"),
    "95 kg at 3 months": (measured(weight_kg="95"), "95 kg lúc 3 tháng tuổi không thể đúng"),
    "length as height": (measured(height_cm="58", position="đứng"), "dưới 24 tháng thì đo nằm"),
    "weight and length changed places": (measured(weight_kg="58", height_cm="5,8"), "đổi chỗ"),
    "millimetres of the arm": (measured(muac_cm="142"), "14,2 cm"),
    "somebody dead is weighed": (measured(person=GONE, on="02/05/2026", weight_kg="5"), "đã mất ngày 01/05/2026"),
    "a due date in the past": (("pregnancies", {"person": WOMAN, "lmp": "01/08/2025", "registered_on": "01/06/2026", "fetuses": "1"}), "Ngày dự kiến sinh 08/05/2026 đã qua"),
    "a pregnant man": (("pregnancies", {"person": BOY, "lmp": "01/02/2026", "fetuses": "1"}), "ghi giới tính nam"),
    "a birth in kilograms": (("births", {"mother": WOMAN, "on": "01/06/2026", "place": "bệnh viện", "weeks": "39", "sex": "Nữ", "state": "khỏe mạnh", "order": "1", "weight_g": "3"}), "3 kg thì ghi 3000"),
}


@pytest.mark.parametrize("door", ["form", "file", "program"])
@pytest.mark.parametrize("name", CASES)
def test_every_door_says_the_same(cast, enter, ground, name, door):
    (slug, cells), said = CASES[name]
    before = [model.objects.count() for model in (Immunization, GrowthMeasurement, Pregnancy, Newborn)]
    assert said in getattr(Doors(cast, enter), door)(slug, cells)
    assert [model.objects.count() for model in (Immunization, GrowthMeasurement, Pregnancy, Newborn)] == before


def test_twice_a_day_is_said_or_known(cast, enter, ground):
    """A form and a program are told; of a file the line is the one that is there, and changes nothing."""
    doors, (slug, cells) = Doors(cast, enter), dose(on="01/04/2026")
    for answer in (doors.form(slug, cells), doors.program(slug, cells)):
        assert "Ngày 01/04/2026 đã ghi DPT-VGB-Hib" in answer and "trùng tên" in answer
    assert "Đã có trong sổ" in doors.file(slug, cells) and Immunization.objects.count() == 1


def test_twins_have_a_number_each(cast, enter, ground):
    twin = {"mother": WOMAN, "on": "01/06/2026", "place": "bệnh viện", "weeks": "38", "sex": "Nữ", "state": "khỏe mạnh", "weight_g": "2600", "national_id": TWIN}
    doors = Doors(cast, enter)
    said = doors.file("births", {**twin, "order": "1", "name": "Lê Thị Mai"}, {**twin, "order": "2", "name": "Lê Thị Đào"})
    assert f"Số định danh {TWIN} đang là của Lê Thị Mai" in said and Newborn.objects.count() == 1
    for answer in (doors.form("births", {**twin, "order": "2"}), doors.program("births", {**twin, "order": "2"})):
        assert f"Số định danh {TWIN} đang là của Lê Thị Mai" in answer
    owner = maternal.register_pregnancy(by=cast.nurse, person=Person.objects.create(full_name="Trần Thị Lan", birth_date=DAY(1998, 1, 1), sex="F", hamlet=cast.hamlets[0]), lmp=DAY(2025, 9, 1), fetuses=2)
    both = {f"{at}-{name}": value for at in (0, 1) for name, value in {"sex": "F", "weight_g": "2500", "state": "well", "national_id": "037326000099"}.items()}
    page = html.unescape(doors.page.post(f"/thai-san/{owner.pk}/de/", {"babies": "2", "on": "01/06/2026", "place": "hospital", **both}).content.decode())
    assert "mỗi trẻ có số riêng, sinh đôi cũng vậy" in page and Newborn.objects.count() == 1


def test_a_merged_record_is_never_written_to(cast, enter, ground):
    """Its number leads to the one that stands for it, at every door; whoever holds the old record itself is told so."""
    boy, again = Person.objects.get(identifiers__value=BOY), Person.objects.create(full_name="Nguyễn Minh Khôi", birth_date=DAY(2026, 1, 10), sex="M", hamlet=cast.hamlets[0])
    Identifier.objects.create(person=again, kind="old_national", value="031234567")
    merge_persons(by=cast.director, survivor=boy, lesser=again)
    doors = Doors(cast, enter)
    for door, on in (("form", "01/05/2026"), ("file", "02/05/2026"), ("program", "03/05/2026")):
        getattr(doors, door)("growth", {"person": "031234567", "on": on, "setting": "tại trạm", "weight_kg": "7,1"})
    assert set(GrowthMeasurement.objects.values_list("person", flat=True)) == {boy.pk} and GrowthMeasurement.objects.count() == 3
    again.refresh_from_db()
    for write in (
        lambda: growth.record_measurement(by=cast.nurse, person=again, on=DAY(2026, 5, 5), weight_kg=7),
        lambda: doses.record_immunization(by=cast.nurse, person=again, vaccine=Vaccine.objects.get(code="BCG"), on=DAY(2026, 5, 5), source="import"),
        lambda: maternal.record_screening(by=cast.nurse, person=again, on=DAY(2026, 1, 12), kind="newborn"),
    ):
        with pytest.raises(Exception, match=r"gộp vào hồ sơ của Nguyễn Minh Khôi"):
            write()
