"""The national record of a dose (QĐ 3891/QĐ-BYT of 18/12/2025): what its mandatory fields hold for a stored dose.

The decision has 44 fields, 20 of them mandatory: 15 about the person (identity number, name, birth date, sex, code of the
ethnic group, commune and province of five addresses) and 5 about the dose (vaccine, day, number, facility, antigens). Source:
a secondary one, the text itself was not read; the headings and which five addresses are meant are ours and not checked.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet

from tramyte.care.people.models import Residence
from tramyte.engine.places.models import Place
from tramyte.rules.text import fold

MANDATORY = 20
SOURCE = "QĐ 3891/QĐ-BYT ngày 18/12/2025: 20 trường bắt buộc; tên trường và thứ tự chưa đối chiếu văn bản gốc"
# The statistical office's order of the 54 groups (01 to 54), not checked against its text.
ETHNIC_GROUPS = (
    "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "Mông", "Dao", "Gia-rai", "Ngái", "Ê-đê", "Ba-na", "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê",
    "Mnông", "Ra-glai", "Xtiêng", "Bru-Vân Kiều", "Thổ", "Giáy", "Cơ-tu", "Gié-Triêng", "Mạ", "Khơ-mú", "Co", "Tà-ôi", "Chơ-ro", "Kháng", "Xinh-mun", "Hà Nhì", "Chu-ru",
    "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ-đu", "Rơ-măm")


def _plain(name: str) -> str:
    return fold(name).replace("-", "").replace(" ", "")


CODES = {_plain(name): f"{number:02d}" for number, name in enumerate(ETHNIC_GROUPS, 1)} | {_plain("Khmer"): "05", _plain("Hmông"): "08"}


def with_addresses(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Doses with what the record says of the person: numbers, stays with their places. Three queries more."""
    stays = Residence.objects.filter(entered_in_error=False, end=None).select_related("place__parent__parent").order_by("-start", "pk")
    return rows.select_related("vaccine", "person__hamlet__parent__parent", "person__mother").prefetch_related(
        "person__identifiers", Prefetch("person__residences", stays, to_attr="open_stays"))


def national_id(row: Any) -> str:
    """The present identity number; empty when the person has none."""
    held = {one.kind: one.value for one in row.person.identifiers.all() if one.valid_to is None and not one.entered_in_error}
    return str(held.get("national") or held.get("old_national", ""))


def ethnicity_code(row: Any) -> str:
    """The code of the ethnic group, two digits; empty for a name that the list does not have."""
    return CODES.get(_plain(row.person.ethnicity), "")


def stay(kind: str, level: str) -> Callable[[Any], str]:
    """A reader: code of the commune or province where the person stays; kind permanent, temporary or "" for now."""
    def read(row: Any) -> str:
        person = row.person
        place = person.hamlet if not kind else next((one.place for one in person.open_stays if one.kind == kind), None)
        return _code(place, level)
    return read


def _code(place: Place | None, level: str) -> str:
    while place is not None and place.kind != level:
        place = place.parent
    return place.code if place is not None else ""


def unknown(row: Any) -> str:
    """A field that the registry does not keep: place of birth registration, native place."""
    return ""
