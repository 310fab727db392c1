"""Giấy chứng sinh on paper: what it says, what it lacks, that a copy says so."""

import datetime

import pypdfium2
import pytest
from django.urls import reverse

from tramyte.care.maternal import actions
from tramyte.care.maternal.certificate import certificate_values
from tramyte.engine.refused import Refused

pytestmark = pytest.mark.django_db
AS_OF = datetime.date(2026, 6, 3)
GOLDEN = """Trạm Y tế xã Đồng Vân
Số: 12 Quyển số: 1/2026
GIẤY CHỨNG SINH
Mẹ
Họ và tên mẹ hoặc người nuôi dưỡng: NGUYỄN THỊ MẬN
Ngày sinh: 05/03/1996 Dân tộc: Kinh Quốc tịch: Việt Nam
Số định danh, CCCD hoặc hộ chiếu: 037196000001, cấp ngày 01/01/2022 tại Cục CSQLHC
Lần sinh thứ: 2 Số con hiện sống: 2 Số con trong lần sinh này: 1
Đã sinh con vào lúc: 07 giờ 30 phút, ngày 29/05/2026
Nữ Cân nặng: 3200 gam
Tình trạng của con: khỏe mạnh
x Sinh con phải phẫu thuật
Dự định đặt tên con là: LÊ THỊ HOA
ngày 30 tháng 5 năm 2026
Người đỡ đẻ
Trần Thị Sen
Lê Thị Lan
chưa đối chiếu mẫu gốc"""


@pytest.fixture
def baby(cast, woman):
    owner = actions.register_pregnancy(by=cast.nurse, person=woman(), lmp=AS_OF - datetime.timedelta(280), para="1001", registered_on=AS_OF - datetime.timedelta(100))
    birth = actions.record_delivery(
        by=cast.nurse, person=owner.person, on=datetime.date(2026, 5, 29), at="07:30", place="station", attendant="midwife", attendant_name="Trần Thị Sen", mode="caesarean",
        newborns=[{"sex": "F", "weight_g": 3200, "name": "Lê Thị Hoa"}])
    return birth.newborns.get()


def issue(cast, baby):
    return actions.set_certificate(
        by=cast.nurse, id=baby.pk, certificate="12", certificate_book="1/2026", certificate_on=datetime.date(2026, 5, 30), certificate_writer="Lê Thị Lan",
        id_issued_on=datetime.date(2022, 1, 1), id_issued_at="Cục CSQLHC")


def words(content):
    paper = pypdfium2.PdfDocument(content)
    assert len(paper) == 1
    return " ".join(paper[0].get_textpage().get_text_bounded().split())


def test_the_paper_says_what_the_file_says(cast, enter, baby):
    page = enter("nurse")
    address = reverse("birth-certificate-print", args=[baby.pk])
    assert "chưa in được vì thiếu người ghi phiếu, số giấy chứng sinh, ngày cấp" in page.get(address, follow=True).content.decode()
    issue(cast, baby)
    said = words(page.get(address).content)
    for line in GOLDEN.splitlines():
        assert line in said, (line, said)
    assert "CẤP LẠI" not in said and said.count("x Sinh") == 1


def test_a_birth_at_the_station_names_it_where_nobody_wrote_the_place(baby):
    baby.delivery.place, baby.delivery.site = "station", ""
    assert certificate_values(baby)["NOI_SINH_CON"] == "Trạm Y tế xã Đồng Vân"
    baby.delivery.place = "home"
    assert certificate_values(baby)["NOI_SINH_CON"] == "tại nhà: Thôn Đông Hạ, Xã Đồng Vân, Tỉnh Ninh Bình"


def test_a_copy_says_that_it_is_one_and_why(cast, enter, baby):
    page, again = enter("nurse"), reverse("birth-certificate-again", args=[baby.pk])
    assert "chưa cấp lần nào" in page.post(again, {"reason": "mất"}, follow=True).content.decode()
    issue(cast, baby)
    assert "Hãy ghi lý do cấp lại" in page.post(again, {"reason": " "}, follow=True).content.decode()
    page.post(again, {"reason": "gia đình làm mất"})
    assert "CẤP LẠI LẦN 1, ngày 03/06/2026: gia đình làm mất" in words(page.get(reverse("birth-certificate-print", args=[baby.pk])).content)
    shown = page.get(reverse("birth-certificate", args=[baby.pk])).content.decode()
    assert "Đã cấp lại" in shown and "gia đình làm mất" in shown
    for who in (cast.village_worker, cast.stranger):
        with pytest.raises(Refused):
            actions.reissue_certificate(by=who, id=baby.pk, reason="mất")
