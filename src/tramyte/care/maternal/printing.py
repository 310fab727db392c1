"""Giấy chứng sinh on paper, A4, from the same values as the file of table XML9; a copy says that it is one."""

import datetime

from tramyte.care.maternal.certificate import birth_unit, certificate_values
from tramyte.care.maternal.models import Newborn
from tramyte.engine.documents.book import Signature
from tramyte.engine.documents.form import Blank, Block, Boxes, Line, Remark, Section, render_form
from tramyte.engine.places.queries import commune_of, stations_of

NEEDED = {  # without these the paper would be a blank sheet
    "HO_TEN_NND": "họ tên mẹ", "GIOI_TINH_CON": "giới của con", "NGAY_SINH_CON": "ngày và giờ đẻ", "CAN_NANG_CON": "cân nặng của con", "NGUOI_DO_DE": "họ tên người đỡ đẻ",
    "NGUOI_GHI_PHIEU": "người ghi phiếu", "SO": "số giấy chứng sinh", "NGAY_CT": "ngày cấp"}
NOTE = "Tên dự định đặt có thể khác với tên khai sinh. Giấy này dùng để đăng ký khai sinh, không thay giấy khai sinh."
FOOT = "Các mục theo bảng XML9 của QĐ 4750/QĐ-BYT; cách trình bày chưa đối chiếu mẫu gốc."


def print_faults(row: Newborn) -> list[str]:
    """What must be written before the certificate is printed, in words."""
    values = certificate_values(row)
    return [words for name, words in NEEDED.items() if not values[name]]


def printed_certificate(row: Newborn, at: datetime.datetime) -> bytes:
    """The certificate as PDF. The same row gives the same bytes: nothing on it but `at` tells when it was printed."""
    commune = commune_of(row.mother.hamlet)
    station = stations_of(commune, row.on).filter(kind="station").first()
    unit = birth_unit(row) or (station.name if station else f"Trạm Y tế {commune.name}")
    issued, values = row.certificate_on, certificate_values(row)
    copy = f"CẤP LẠI LẦN {row.copies}, ngày {row.copied_on:%d/%m/%Y}: {row.copied_why}" if row.copies and row.copied_on else ""
    place_date = f"{commune.name}, ngày {issued.day:02d} tháng {f'{issued.month:02d}' if issued.month < 3 else issued.month} năm {issued.year}" if issued else ""
    return render_form(
        "GIẤY CHỨNG SINH", _sections(row, values), unit=unit, form_code=f"Số: {values['SO']}   Quyển số: {values['QUYEN_SO']}", subtitle=copy, foot=FOOT,
        signature=Signature((("Cha, mẹ, người thân", ""), ("Người đỡ đẻ", values["NGUOI_DO_DE"]), ("Người ghi phiếu", values["NGUOI_GHI_PHIEU"]), ("Thủ trưởng cơ sở", "")), place_date),
        as_of=at)


def _sections(row: Newborn, values: dict[str, str]) -> list[Section]:
    identity = f"{values['SO_CCCD_NND']}" + (f", cấp ngày {row.id_issued_on:%d/%m/%Y} tại {row.id_issued_at}" if row.id_issued_on else "")
    mother: list[Block] = [
        Line((Blank("Họ và tên mẹ hoặc người nuôi dưỡng", values["HO_TEN_NND"].upper()),)),
        Line((Blank("Ngày sinh", f"{row.mother.birth_date:%d/%m/%Y}" if values["NGAYSINH_NND"] else str(row.mother.birth_date.year)), Blank("Dân tộc", row.mother.ethnicity), Blank("Quốc tịch", "Việt Nam"))),
        Line((Blank("Số định danh, CCCD hoặc hộ chiếu", identity),)),
        Line((Blank("Nơi cư trú", values["NOI_CU_TRU_NND"]),)),
        Line((Blank("Mã số BHXH", values["MA_BHXH_NND"]), Blank("Thẻ BHYT", values["MA_THE_NND"], 1.3))),
        Line((Blank("Họ và tên cha", values["HO_TEN_CHA"]),)),
    ]
    hour, minute = row.at.split(":") if row.at else ("", "")
    birth: list[Block] = [
        Line((Blank("Đã sinh con vào lúc", f"{hour} giờ {minute} phút, ngày {row.on:%d/%m/%Y}" if row.at else f"ngày {row.on:%d/%m/%Y}"),)),
        Line((Blank("Tại", values["NOI_SINH_CON"]),)),
        Line((Blank("Lần sinh thứ", values["LAN_SINH"]), Blank("Số con hiện sống", values["SO_CON_SONG"]), Blank("Số con trong lần sinh này", values["SO_CON"], 1.3))),
    ]
    child: list[Block] = [
        Boxes("Giới tính của con", (("Nam", row.sex == "M"), ("Nữ", row.sex == "F")), Blank("Cân nặng", f"{row.weight_g} gam" if row.weight_g else "")),
        Line((Blank("Tình trạng của con", values["TINH_TRANG_CON"]),)),
        Boxes("", (("Sinh con phải phẫu thuật", values["SINHCON_PHAUTHUAT"] == "1"), ("Sinh con dưới 32 tuần tuổi", values["SINHCON_DUOI32TUAN"] == "1"))),
        Line((Blank("Dự định đặt tên con là", values["HO_TEN_CON"].upper()), Blank("Mã thẻ BHYT tạm", values["MA_THE_TAM"], 0.8))),
        Remark(NOTE),
    ]
    return [Section("Mẹ", mother), Section("Cuộc sinh", birth), Section("Con", child)]
