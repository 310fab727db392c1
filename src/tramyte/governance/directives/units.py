"""Names of units as documents print them, matched to the units of a commune."""

import re
from collections.abc import Iterable

from tramyte.engine.places.models import OrgUnit
from tramyte.rules.text import fold

_WHOLE = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "vhxh": "van hoa xa hoi", "vh xh": "van hoa xa hoi", "tyt": "tram y te",
    "ubmttq": "uy ban mat tran to quoc", "mttq": "mat tran to quoc", "bhxh": "bao hiem xa hoi", "thcs": "trung hoc co so",
    "ca": "cong an", "vp": "van phong", "p": "phong", "tt": "trung tam",
}
_SHORT = re.compile(r"\b(?:vh xh|" + "|".join(sorted((k for k in _WHOLE if " " not in k), key=len, reverse=True)) + r")\b")
_LEVEL = re.compile(r"\b(?:xa|phuong|dac khu|viet nam|dong chi)\b")
_GROUP = re.compile(r"^(?:cac|nhung|moi|tung|toan|cac co quan|thu truong)\b")


def key(name: str, place: str = "") -> str:
    """The comparable form of a unit's name: folded, short forms written out, the level and the place's own name off."""
    words = _SHORT.sub(lambda found: _WHOLE[found[0]], fold(name))
    own = _LEVEL.sub(" ", fold(place)).strip()
    if own:
        words = re.sub(rf"\b(?:xa |phuong )?{re.escape(own)}\b", " ", words)
    return " ".join(_LEVEL.sub(" ", words).split())


def is_group(name: str) -> bool:
    """Whether the name means several units at once ("các thôn", "thủ trưởng các đơn vị"), which no single unit matches."""
    return bool(_GROUP.match(fold(name)))


class UnitNames:
    """The units of one commune, ready to be asked for by printed names."""

    def __init__(self, units: Iterable[OrgUnit], place: str) -> None:
        self.place = place
        self.units = list(units)
        self._exact: dict[str, OrgUnit] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                self._exact.setdefault(key(name, place), unit)

    def match(self, name: str) -> OrgUnit | None:
        """The unit of a printed name; None for an unknown name, one that fits several units, or a group.

        A group ("Các trường học") only fits a unit that the commune itself has listed under that name.
        """
        wanted = key(name, self.place)
        if wanted in self._exact:
            return self._exact[wanted]
        if not wanted or is_group(name):
            return None
        near = {unit.pk: unit for known, unit in self._exact.items() if _contains(known, wanted)}
        return next(iter(near.values())) if len(near) == 1 else None


def _contains(known: str, wanted: str) -> bool:
    """Whether one name is the beginning of the other, by whole words, and at least two words are shared."""
    short, long = sorted((known, wanted), key=len)
    return short.count(" ") >= 1 and f"{long} ".startswith(f"{short} ")
