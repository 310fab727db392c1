"""What the 12 digits of a personal number say: province of birth registration, sex, year of birth, serial number."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tramyte.rules.identity.numbers import check_national_id

# Thông tư 07/2016/TT-BCA, annex 1, and its later editions: the codes of the 63 provinces of 2008 to 2025. Numbers keep them
# after the mergers of 2025.
PROVINCES = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang", "010": "Lào Cai",
    "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái", "017": "Hòa Bình", "019": "Thái Nguyên",
    "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang", "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh",
    "030": "Hải Dương", "031": "Hải Phòng", "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định",
    "037": "Ninh Bình", "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định", "054": "Phú Yên",
    "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum", "064": "Gia Lai", "066": "Đắk Lắk",
    "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước", "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai",
    "077": "Bà Rịa - Vũng Tàu", "079": "Thành phố Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre",
    "084": "Trà Vinh", "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
    "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NationalId:
    """A personal number of 12 digits in parts.

    province: its name, "" for a code that no province has. sex: "M" or "F". birth_year: 1900 to 2399. serial: 6 digits.
    """

    number: str
    province_code: str
    province: str
    sex: Literal["M", "F"]
    birth_year: int
    serial: str


def parse_national_id(text: str) -> NationalId | None:
    """The parts of a personal number; None for an old number of 9 digits, which says nothing of this.

    ValueError with a Vietnamese sentence as `check_national_id`. Source: Nghị định 137/2015/NĐ-CP Điều 13.
    """
    number = check_national_id(text)
    if len(number) != 12:
        return None
    marker = int(number[3])
    year = 1900 + marker // 2 * 100 + int(number[4:6])
    return NationalId(number, number[:3], PROVINCES.get(number[:3], ""), "F" if marker % 2 else "M", year, number[6:])


def national_id_warnings(national_id: str, birth_date: date | None = None, sex: str = "") -> tuple[str, ...]:
    """What in a checked 12-digit number does not go with birth year and sex; sentences that warn and do not block.

    sex: "M" or "F" (or words that begin so), empty when unknown. Only the birth year is compared, so a partly
    known date will do. An old 9-digit number says nothing and gives no warning.
    """
    said = parse_national_id(national_id)
    if said is None:
        return ()
    found = []
    if said.province_code == "000":
        found.append("Ba chữ số đầu của số định danh là 000, không phải mã tỉnh nào.")
    if birth_date is not None and said.birth_year != birth_date.year:
        found.append(
            f"Số định danh ghi năm sinh {said.birth_year}, khác năm sinh đã nhập {birth_date.year}. Hãy kiểm tra lại."
        )
    letter = sex[:1].upper()
    if letter in ("M", "F") and letter != said.sex:
        word = "nam" if said.sex == "M" else "nữ"
        found.append(f"Số định danh ghi giới tính {word}, khác giới tính đã nhập. Hãy kiểm tra lại.")
    return tuple(found)
