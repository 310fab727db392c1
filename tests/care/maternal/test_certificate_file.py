"""Giấy chứng sinh as a file: from a birth to table XML9, field by field."""

import csv
import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from tramyte.care.maternal import actions
from tramyte.care.maternal.certificate import CODES, FIELDS, certificate_faults, certificate_values
from tramyte.care.people.models import Coverage

SHARED = Path(__file__).parents[4] / "shared"
DAY = datetime.date
TYPED = {
    "certificate": "37001.GCS.00012.26", "certificate_book": "1/2026", "certificate_on": "30/05/2026", "certificate_writer": "Lê Thị Lan", "head_code": "3796123456",
    "father": "Lê Văn Bình", "id_issued_on": "01/01/2022", "id_issued_at": "Cục CSQLHC"}
GOLDEN = """<?xml version='1.0' encoding='UTF-8'?>
<CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH>
  <DSACH_GIAYCHUNGSINH>
    <DU_LIEU_GIAY_CHUNG_SINH>
      <MA_LK>GCS{key}</MA_LK>
      <MA_BHXH_NND>3796000001</MA_BHXH_NND>
      <MA_THE_NND>GD4373796000001</MA_THE_NND>
      <HO_TEN_NND>Nguyễn Thị Mận</HO_TEN_NND>
      <NGAYSINH_NND>19960305</NGAYSINH_NND>
      <MA_DANTOC_NND>08</MA_DANTOC_NND>
      <SO_CCCD_NND>037196000001</SO_CCCD_NND>
      <NGAYCAP_CCCD_NND>20220101</NGAYCAP_CCCD_NND>
      <NOICAP_CCCD_NND>Cục CSQLHC</NOICAP_CCCD_NND>
      <NOI_CU_TRU_NND>Thôn Đông Hạ, Số 5 đường Liên thôn, Xã Đồng Vân, Tỉnh Ninh Bình</NOI_CU_TRU_NND>
      <MA_QUOCTICH>000</MA_QUOCTICH>
      <MATINH_CU_TRU>37</MATINH_CU_TRU>
      <MAHUYEN_CU_TRU />
      <MAXA_CU_TRU>00001</MAXA_CU_TRU>
      <HO_TEN_CHA>Lê Văn Bình</HO_TEN_CHA>
      <MA_THE_TAM>TE1371234567890</MA_THE_TAM>
      <HO_TEN_CON>Lê Thị Hoa</HO_TEN_CON>
      <GIOI_TINH_CON>2</GIOI_TINH_CON>
      <SO_CON>1</SO_CON>
      <LAN_SINH>2</LAN_SINH>
      <SO_CON_SONG>2</SO_CON_SONG>
      <CAN_NANG_CON>1650</CAN_NANG_CON>
      <NGAY_SINH_CON>202605290730</NGAY_SINH_CON>
      <NOI_SINH_CON>Bệnh viện đa khoa tỉnh</NOI_SINH_CON>
      <TINH_TRANG_CON>yếu</TINH_TRANG_CON>
      <SINHCON_PHAUTHUAT>1</SINHCON_PHAUTHUAT>
      <SINHCON_DUOI32TUAN>1</SINHCON_DUOI32TUAN>
      <GHI_CHU>Sinh con phải phẫu thuật; Sinh con dưới 32 tuần tuổi</GHI_CHU>
      <NGUOI_DO_DE>Trần Thị Sen</NGUOI_DO_DE>
      <NGUOI_GHI_PHIEU>Lê Thị Lan</NGUOI_GHI_PHIEU>
      <NGAY_CT>20260530</NGAY_CT>
      <SO>37001.GCS.00012.26</SO>
      <QUYEN_SO>1/2026</QUYEN_SO>
      <MA_TTDV>3796123456</MA_TTDV>
      <DU_PHONG />
    </DU_LIEU_GIAY_CHUNG_SINH>
  </DSACH_GIAYCHUNGSINH>
</CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH>"""


@pytest.fixture
def mother(cast, woman):
    made = woman(ethnicity="H'Mông")
    type(made.household).objects.filter(pk=made.household_id).update(address="Số 5 đường Liên thôn")
    made.household.refresh_from_db()
    made.identifiers.create(kind="insurance", value="3796000001")
    for start, end, number in ((2024, 2024, "GD4373796000009"), (2026, 2026, "GD4373796000001")):
        Coverage.objects.create(person=made, card_number=number, start=DAY(start, 1, 1), end=DAY(end, 12, 31))
    return made


def born(cast, mother, *, days=31 * 7, children=({"sex": "F", "weight_g": 1650, "name": "Lê Thị Hoa", "state": "weak"},), **told):
    owner = actions.register_pregnancy(by=cast.nurse, person=mother, lmp=DAY(2026, 5, 29) - datetime.timedelta(days), para="1001", registered_on=DAY(2026, 5, 1))
    given = {"place": "hospital", "site": "Bệnh viện đa khoa tỉnh", "attendant": "midwife", "attendant_name": "Trần Thị Sen", "mode": "caesarean", **told}
    return actions.record_delivery(by=cast.nurse, person=owner.person, on=DAY(2026, 5, 29), at="07:30", newborns=list(children), confirmed=True, **given).newborns.order_by("order").first()


@pytest.mark.django_db
def test_from_a_birth_to_the_file(cast, enter, mother):
    baby, page = born(cast, mother), enter("nurse")
    address, file = reverse("birth-certificate", args=[baby.pk]), reverse("birth-certificate-xml", args=[baby.pk])
    shown = page.get(address).content.decode()
    assert "Chưa đủ để xuất XML9" in shown and reverse("register-edit", args=["births", baby.pk]) in shown and reverse("person", args=[baby.child_id]) in shown
    assert page.post(address, {**TYPED, "seen_version": baby.version}).status_code == 302
    assert "thiếu mã thẻ BHYT 15 ký tự của con" in page.get(file, follow=True).content.decode()
    Coverage.objects.create(person=baby.child, card_number="TE1371234567890", start=DAY(2026, 5, 29), end=DAY(2032, 5, 28))
    assert "Đủ dữ liệu" in page.get(address).content.decode()
    answer = page.get(file)
    assert answer.headers["Content-Type"] == "application/xml" and answer.content.decode() == GOLDEN.format(key=baby.pk.hex)


@pytest.mark.django_db
def test_the_next_certificate_begins_as_the_last_was_written(cast, enter, mother, woman):
    first, second, page = born(cast, mother), born(cast, woman("Trần Thị Vân")), enter("nurse")
    page.post(reverse("birth-certificate", args=[first.pk]), {**TYPED, "seen_version": first.version})
    shown = page.get(reverse("birth-certificate", args=[second.pk])).content.decode()
    assert 'value="3796123456"' in shown and 'value="1/2026"' in shown and "37001.GCS.00012.26" not in shown


@pytest.mark.django_db
def test_what_is_not_so_is_not_said(cast, mother):
    Coverage.objects.filter(card_number="GD4373796000001").update(start=DAY(2026, 6, 1))
    baby = born(cast, mother, days=280, place="home", site="", mode="vaginal", children=({"sex": "M", "weight_g": 3200}, {"sex": "F", "weight_g": 2900, "state": "stillborn"}))
    assert baby.child.full_name == "Con Bà Mận"
    values = certificate_values(baby)
    said = {name: values[name] for name in ("HO_TEN_CON", "MA_THE_NND", "GHI_CHU", "SINHCON_PHAUTHUAT", "SINHCON_DUOI32TUAN", "GIOI_TINH_CON", "SO_CON", "SO_CON_SONG", "LAN_SINH")}
    assert said == {
        "HO_TEN_CON": "", "MA_THE_NND": "", "GHI_CHU": "", "SINHCON_PHAUTHUAT": "0", "SINHCON_DUOI32TUAN": "0", "GIOI_TINH_CON": "1", "SO_CON": "2", "SO_CON_SONG": "2", "LAN_SINH": "2"}
    assert values["NOI_SINH_CON"] == "tại nhà: Thôn Đông Hạ, Số 5 đường Liên thôn, Xã Đồng Vân, Tỉnh Ninh Bình"
    Coverage.objects.create(person=baby.child, card_number="1234567890", start=DAY(2026, 5, 29), end=DAY(2032, 5, 28))
    assert certificate_values(baby)["MA_THE_TAM"] == "" and ", mã thẻ BHYT 15 ký tự của con, " in certificate_faults(certificate_values(baby))[0]
    type(baby.child).objects.filter(pk=baby.child_id).update(died_on=DAY(2026, 6, 1))
    assert certificate_values(baby)["SO_CON_SONG"] == "1"


@pytest.mark.parametrize(("people", "code"), [
    ("Kinh", "01"), ("kinh", "01"), ("H'Mông", "08"), ("Mông", "08"), ("Mnông", "20"), ("M'nông", "20"), ("Raglai", "21"), ("Ra-glai", "21"), ("Ê-đê", "12"), ("Khmer", "05"),
    ("Cơ ho", "16"), ("K'ho", "16"), ("Co", "30"), ("Rơ măm", "54"), ("Bru - Vân Kiều", "23"), ("người nước ngoài", "")])
@pytest.mark.django_db
def test_a_people_is_known_by_each_of_its_spellings(cast, mother, people, code):
    mother.ethnicity = people
    baby = born(cast, mother)
    baby.mother.ethnicity = people
    assert certificate_values(baby)["MA_DANTOC_NND"] == code and len(set(CODES.values())) == 54


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the material beside the checkout is not there")
def test_the_fields_are_those_of_the_reference():
    with (SHARED / "reference" / "bhyt_fields.csv").open(encoding="utf-8") as file:
        told = [row for row in csv.DictReader(file) if row["table"] == "XML9"]
    assert [field.name for field in FIELDS] == [row["field"] for row in told]
    for field, row in zip(FIELDS, told, strict=True):
        longest = row["max_length"] if row["max_length"].isdigit() else row["codes"].removeprefix("4750: ")
        assert field.longest == (int(longest) if longest.isdigit() else 0), field.name
        assert bool(field.required) == (row["required"] == "bắt buộc") or field.name == "MAHUYEN_CU_TRU", field.name


def test_the_golden_file_has_each_field_once_in_order():
    record = ElementTree.fromstring(GOLDEN.format(key="0" * 32).encode())[0][0]
    assert [one.tag for one in record] == [field.name for field in FIELDS]
