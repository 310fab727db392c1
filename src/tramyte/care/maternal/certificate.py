"""Giấy chứng sinh as table XML9 of Quyết định 4750/QĐ-BYT: its 35 fields from the book of births, what they lack, the file.

Not verified with the portal of social insurance; codes of peoples by Quyết định 121-TCTK/PPCĐ (1979), of Vietnam by Thông tư 07/2016/TT-BCA.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from tramyte.care.maternal.models import Newborn
from tramyte.care.people.columns import shown_address
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Coverage, Person
from tramyte.engine.places.queries import commune_of, stations_of
from tramyte.rules.text import fold

PRETERM, VIETNAM = 32 * 7, "000"
PEOPLES = (
    "Kinh", "Tày", "Thái", "Hoa", "Khơ me", "Mường", "Nùng", "Mông", "Dao", "Gia rai", "Ngái", "Ê đê", "Ba na", "Xơ đăng", "Sán chay", "Cơ ho", "Chăm", "Sán dìu", "Hrê", "Mnông",
    "Ra glai", "Xtiêng", "Bru vân kiều", "Thổ", "Giáy", "Cơ tu", "Gié triêng", "Mạ", "Khơ mú", "Co", "Tà ôi", "Chơ ro", "Kháng", "Xinh mun", "Hà nhì", "Chu ru", "Lào", "La chí",
    "La ha", "Phù lá", "La hủ", "Lự", "Lô lô", "Chứt", "Mảng", "Pà thẻn", "Cờ lao", "Cống", "Bố y", "Si la", "Pu péo", "Brâu", "Ơ đu", "Rơ măm")
CODES = {fold(name).replace(" ", ""): f"{number:02d}" for number, name in enumerate(PEOPLES, 1)} | {"khmer": "05", "hmong": "08", "kho": "16", "coho": "16"}
CARD = re.compile(r"[A-Z]{2}[1-5]\d{12}")  # 15 letters; what new cards print is the last ten alone
UNNAMED = "Con Bà "  # how a child is called in the registry until it has a name


@dataclass(frozen=True)
class Field:
    """A field of XML9. longest: letters (0: no limit); required: what is asked for when it is missing ("" when it may be)."""

    name: str
    longest: int
    required: str = ""


FIELDS = (
    Field("MA_LK", 100, "mã liên kết"), Field("MA_BHXH_NND", 10), Field("MA_THE_NND", 15), Field("HO_TEN_NND", 255, "họ tên mẹ"), Field("NGAYSINH_NND", 8, "ngày sinh đủ của mẹ"),
    Field("MA_DANTOC_NND", 2, "dân tộc của mẹ theo danh mục 54 dân tộc"), Field("SO_CCCD_NND", 15, "số định danh của mẹ"), Field("NGAYCAP_CCCD_NND", 8, "ngày cấp căn cước của mẹ"),
    Field("NOICAP_CCCD_NND", 1024, "nơi cấp căn cước của mẹ"), Field("NOI_CU_TRU_NND", 1024, "nơi cư trú của mẹ"), Field("MA_QUOCTICH", 3, "quốc tịch"), Field("MATINH_CU_TRU", 3, "mã tỉnh"),
    Field("MAHUYEN_CU_TRU", 3), Field("MAXA_CU_TRU", 5, "mã xã"), Field("HO_TEN_CHA", 255), Field("MA_THE_TAM", 15, "mã thẻ BHYT 15 ký tự của con"), Field("HO_TEN_CON", 255),
    Field("GIOI_TINH_CON", 1, "giới của con"), Field("SO_CON", 2, "số con lần này"), Field("LAN_SINH", 2, "PARA của mẹ (sinh lần thứ mấy)"),
    Field("SO_CON_SONG", 2, "PARA của mẹ (số con sống)"), Field("CAN_NANG_CON", 10, "cân nặng của con"), Field("NGAY_SINH_CON", 12, "ngày và giờ đẻ"),
    Field("NOI_SINH_CON", 1024, "nơi đẻ"), Field("TINH_TRANG_CON", 0, "tình trạng con"), Field("SINHCON_PHAUTHUAT", 1, "cách thức đẻ"), Field("SINHCON_DUOI32TUAN", 1, "tuổi thai"),
    Field("GHI_CHU", 0), Field("NGUOI_DO_DE", 255, "họ tên người đỡ đẻ"), Field("NGUOI_GHI_PHIEU", 255, "người ghi phiếu"), Field("NGAY_CT", 8, "ngày cấp giấy chứng sinh"),
    Field("SO", 200, "số giấy chứng sinh"), Field("QUYEN_SO", 200, "quyển số"), Field("MA_TTDV", 255, "mã số BHXH của thủ trưởng"), Field("DU_PHONG", 0))


def certificate_values(row: Newborn) -> dict[str, str]:
    """The 35 fields of one child's certificate in the order of XML9; "" for what is not known."""
    birth, mother = row.delivery, row.mother
    values = {
        **_of_mother(row, mother), **_of_child(row),
        "MA_LK": f"GCS{row.pk.hex}", "HO_TEN_CHA": row.father, "SO_CON": str(birth.newborns.filter(entered_in_error=False).count()), **_counts(row),
        "NOI_SINH_CON": _where(row), "SINHCON_PHAUTHUAT": str(int(birth.mode == "caesarean")) if birth.mode else "",
        "SINHCON_DUOI32TUAN": str(int(birth.gestation < PRETERM)), "GHI_CHU": _note(birth.mode == "caesarean", birth.gestation < PRETERM), "NGUOI_DO_DE": birth.attendant_name,
        "NGUOI_GHI_PHIEU": row.certificate_writer, "NGAY_CT": _day(row.certificate_on), "SO": row.certificate, "QUYEN_SO": row.certificate_book, "MA_TTDV": row.head_code}
    return {field.name: values.get(field.name, "") for field in FIELDS}


def birth_unit(row: Newborn) -> str:
    """The name of the facility where a child was born: of a birth at the station the station's own; "" when nobody wrote it."""
    birth = row.delivery
    station = stations_of(commune_of(row.mother.hamlet), row.on).filter(kind="station").first() if birth.place == "station" else None
    return station.name if station else birth.site


def intended_name(row: Newborn) -> str:
    """The name that the child is to bear; "" while nobody has named it."""
    name = row.child.full_name if row.child else ""
    return "" if name.startswith(UNNAMED) else name


def certificate_faults(values: Mapping[str, str]) -> list[str]:
    """What the values lack or have too long, in words; empty when they may be sent."""
    lacking = dict.fromkeys(field.required for field in FIELDS if field.required and not values[field.name])
    long = [f"{field.name} dài quá {field.longest} ký tự" for field in FIELDS if field.longest and len(values[field.name]) > field.longest]
    return [*([f"thiếu {', '.join(lacking)}"] if lacking else []), *long]


def certificate_file(values: Mapping[str, str]) -> bytes:
    """The XML of one certificate: root, list, one record with the fields in order."""
    root = ElementTree.Element("CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH")
    record = ElementTree.SubElement(ElementTree.SubElement(root, "DSACH_GIAYCHUNGSINH"), "DU_LIEU_GIAY_CHUNG_SINH")
    for field in FIELDS:
        ElementTree.SubElement(record, field.name).text = values[field.name]
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _of_mother(row: Newborn, mother: Person) -> dict[str, str]:
    numbers, commune = {kind: held.value for kind, held in present_numbers(mother).items()}, commune_of(mother.hamlet)
    cards = [card for card in mother.coverages.all() if not card.entered_in_error and card.start <= row.on <= card.end]
    return {
        "MA_BHXH_NND": numbers.get("insurance", ""), "MA_THE_NND": _card(max(cards, key=lambda card: card.end, default=None)), "HO_TEN_NND": mother.full_name,
        "NGAYSINH_NND": _day(mother.birth_date) if mother.birth_precision == "day" else "", "MA_DANTOC_NND": CODES.get(fold(mother.ethnicity.replace("-", " ")).replace(" ", ""), ""),
        "SO_CCCD_NND": numbers.get("national") or numbers.get("old_national", ""), "NGAYCAP_CCCD_NND": _day(row.id_issued_on), "NOICAP_CCCD_NND": row.id_issued_at,
        "NOI_CU_TRU_NND": _home(mother), "MA_QUOCTICH": VIETNAM,
        "MATINH_CU_TRU": commune.parent.code if commune.parent else "", "MAXA_CU_TRU": commune.code}


def _home(mother: Person) -> str:
    """Where the mother lives, down to the province."""
    commune = commune_of(mother.hamlet)
    home = shown_address(mother.household).replace(" · ", ", ") if mother.household else str(mother.hamlet)
    return ", ".join([home, commune.name, *([commune.parent.name] if commune.parent else [])])


def _where(row: Newborn) -> str:
    """The unit where the child was born; of a birth at home the address, elsewhere the words of the book."""
    place = str(row.delivery.get_place_display())
    return birth_unit(row) or (f"{place}: {_home(row.mother)}" if row.delivery.place == "home" else place)


def _card(held: Coverage | None) -> str:
    """The number of a card, when it is the whole one."""
    return held.card_number if held and CARD.fullmatch(held.card_number) else ""


def _of_child(row: Newborn) -> dict[str, str]:
    card = row.child.coverages.filter(entered_in_error=False).order_by("-end").first() if row.child else None
    born = f"{_day(row.on)}{row.delivery.at.replace(':', '')}" if row.delivery.at else ""
    return {
        "MA_THE_TAM": _card(card), "HO_TEN_CON": intended_name(row), "GIOI_TINH_CON": {"M": "1", "F": "2"}.get(row.sex, ""),
        "CAN_NANG_CON": str(row.weight_g or ""), "NGAY_SINH_CON": born, "TINH_TRANG_CON": str(row.get_state_display())}


def _counts(row: Newborn) -> dict[str, str]:
    """Which birth this is, and how many children live, by what the mother had before."""
    para = row.delivery.pregnancy.para
    if not para:
        return {}
    alive = row.delivery.newborns.filter(entered_in_error=False, child__died_on=None).exclude(state="stillborn").count()
    return {"LAN_SINH": str(int(para[0]) + int(para[1]) + 1), "SO_CON_SONG": str(int(para[3]) + alive)}


def _note(surgery: bool, early: bool) -> str:
    return "; ".join(words for words, said in (("Sinh con phải phẫu thuật", surgery), ("Sinh con dưới 32 tuần tuổi", early)) if said)


def _day(value: datetime.date | None) -> str:
    return f"{value:%Y%m%d}" if value else ""
