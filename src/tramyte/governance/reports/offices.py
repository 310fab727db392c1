"""How the units of a commune stand on paper: the lines of the letterhead, the symbol, who signs."""

import datetime
import re

from tramyte.engine.access.models import Assignment
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import units_of, valid_on
from tramyte.rules.text import fold

STATION, COMMITTEE = "tyt", "ubnd"
_LEVEL = re.compile(r"^(?:Xã|Phường|Đặc khu|Thị trấn) ")
# Code of a unit -> the role whose holder signs, and the title under which that person does.
_SIGNERS = {STATION: ("director", "GIÁM ĐỐC"), COMMITTEE: ("chairman", "CHỦ TỊCH")}


def station_of(place: Place, on: datetime.date | None = None) -> OrgUnit | None:
    """The station among the units of a commune."""
    rows = units_of(place, on) if on else OrgUnit.objects.filter(place=place, valid_to=None)
    return rows.filter(code=STATION).first()


def symbol_of(unit: OrgUnit | None) -> str:
    """The short form of a unit's name in a symbol: "Trạm Y tế xã" is TYT, "Phòng Văn hóa - Xã hội" VHXH."""
    if unit is None:
        return "UBND"
    words = re.sub(r"^Phòng | (?:xã|phường|đặc khu)(?: .*)?$", "", unit.name)
    return "".join(word[0] for word in fold(words).split()).upper() or "XA"


def place_line(place: Place) -> str:
    """The place as it stands before the date: "Đồng Vân"."""
    return _LEVEL.sub("", place.name)


def letterhead(unit: OrgUnit | None, place: Place) -> tuple[str, str]:
    """The body above and the issuing body: ("UBND XÃ ĐỒNG VÂN", "TRẠM Y TẾ XÃ"); the committee itself has none above."""
    committee = f"UBND {place.name}".upper()
    if unit is None or unit.code == COMMITTEE:
        return "", committee
    return committee, unit.name.upper()


def signer(unit: OrgUnit | None, on: datetime.date) -> tuple[tuple[str, ...], str, str]:
    """The authority lines, the title and the name of whoever signs for a unit; the name is empty when nobody is known."""
    if unit is None:
        return ("TM. ỦY BAN NHÂN DÂN",), "CHỦ TỊCH", ""
    role, title = _SIGNERS.get(unit.code, ("", "TRƯỞNG PHÒNG" if unit.name.startswith("Phòng") else "THỦ TRƯỞNG ĐƠN VỊ"))
    authority = ("TM. ỦY BAN NHÂN DÂN",) if unit.code == COMMITTEE else ()
    held = Assignment.objects.filter(valid_on(on), unit=unit, role=role, entered_in_error=False, user__is_active=True).select_related("user") if role else []
    return authority, title, next((one.user.full_name for one in held), "")
