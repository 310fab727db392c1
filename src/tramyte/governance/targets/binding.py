"""Which indicator measures a target: suggested from the words of its phrase, decided by a person. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass

from tramyte.rules.text import fold

ENOUGH = 0.6
PERCENT = ("%", "phần trăm", "")


@dataclass(frozen=True)
class Words:
    """How an indicator is called in directives; all words folded (lower case, no tones).

    named: any of these names it (0.8).  nearly: any of these points to it (0.6).  whole: words of its denominator,
    which make it surer (+0.2).  other: words of other denominators or subjects, after which it is not this one
    (-0.5): "100 % học sinh có thẻ bảo hiểm y tế" is not the coverage of the population.
    """

    named: tuple[str, ...]
    nearly: tuple[str, ...] = ()
    whole: tuple[str, ...] = ("nguoi dan", "dan so", "nhan dan", "toan dan", "dan cu", "nhan khau")
    other: tuple[str, ...] = ()


PARTS_OF_PEOPLE = (
    "hoc sinh", "sinh vien", "tre em", "tre duoi", "tre so sinh", "tre trong", "nguoi cao tuoi", "phu nu", "ba me", "ho ngheo", "can ngheo",
    "ho gia dinh", "so ho", "nguoi lao dong", "doanh nghiep", "can bo", "nguoi khuyet tat", "nguoi tang huyet ap", "dai thao duong",
    "dan toc thieu so", "benh nhan", "nguoi benh", "tram y te", "truong hoc", "benh vien",
)
CHILDREN = ("tre duoi 5", "tre em duoi 5", "tre duoi nam tuoi", "duoi 5 tuoi", "tre em", "tre duoi 6 thang", "6 thang dau")
WORDS: dict[str, Words] = {
    "BH01": Words(
        named=("bao phu bao hiem y te", "tham gia bao hiem y te", "co the bao hiem y te", "bao phu bhyt", "tham gia bhyt", "co the bhyt"),
        nearly=("bao hiem y te", "bhyt"), other=(*PARTS_OF_PEOPLE, "chi tra", "dich vu", "qua han", "gia han", "kham chua benh")),
    "SK01": Words(
        named=("ho so suc khoe", "so suc khoe dien tu"), nearly=("quan ly theo doi suc khoe", "theo doi quan ly suc khoe", "quan ly suc khoe"),
        other=(*PARTS_OF_PEOPLE, "benh an")),
    "SK02": Words(
        named=("kham suc khoe dinh ky", "kiem tra suc khoe dinh ky", "kham sang loc", "kham suc khoe hang nam", "kham suc khoe it nhat"),
        nearly=("kham suc khoe", "sang loc", "kiem tra suc khoe"), other=(*PARTS_OF_PEOPLE, "benh bam sinh", "truoc sinh")),
    "KC04": Words(
        named=("danh muc ky thuat", "danh muc dich vu ky thuat", "ky thuat cua tuyen xa", "ky thuat tuyen xa"), nearly=("dich vu ky thuat", "ky thuat y te"),
        whole=("tuyen xa", "tram y te", "cap xa"), other=("benh vien", "trung tam y te")),
    "DD01": Words(
        named=("suy dinh duong the nhe can", "suy dinh duong nhe can", "the nhe can", "sdd nhe can", "nhe can cua tre", "suy dinh duong can nang"),
        nearly=("suy dinh duong o tre", "suy dinh duong tre", "tre em suy dinh duong", "tre suy dinh duong"), whole=CHILDREN,
        other=("thap coi", "gay com", "chieu cao", "ba me", "so sinh")),
    "DD02": Words(
        named=("suy dinh duong the thap coi", "suy dinh duong thap coi", "the thap coi", "sdd thap coi", "thap coi cua tre"), nearly=("thap coi", "chieu cao theo tuoi"),
        whole=CHILDREN, other=("gay com",)),
    "DD03": Words(
        named=("suy dinh duong the gay com", "suy dinh duong gay com", "the gay com"), nearly=("gay com", "suy dinh duong cap"), whole=CHILDREN, other=("quan ly", "dieu tri")),
    "DD04": Words(named=("thua can beo phi", "thua can, beo phi"), nearly=("thua can", "beo phi"), whole=CHILDREN, other=("hoc sinh", "nguoi truong thanh", "nguoi dan")),
    "DD06": Words(named=("suy dinh duong cap duoc quan ly", "quan ly suy dinh duong cap", "suy dinh duong cap duoc dieu tri"), whole=CHILDREN),
    "DD07": Words(named=("duoc can do", "can do tre", "duoc can, do", "theo doi tang truong"), nearly=("can do",), whole=CHILDREN, other=("hoc sinh",)),
    "BM13": Words(named=("bu me hoan toan", "bu sua me hoan toan"), nearly=("nuoi con bang sua me",), whole=CHILDREN, other=("gio dau", "sau sinh")),
    "NK01": Words(
        named=("quan ly nhan khau", "nhan khau duoc quan ly", "quan ly dan cu", "thong tin nhan khau"),
        nearly=("nhan khau", "so dinh danh", "du lieu dan cu"), other=PARTS_OF_PEOPLE),
}


def score(phrase: str, code: str) -> float:
    """How well an indicator fits a phrase, 0 (not at all) to 1; 0 for an indicator without words."""
    words = WORDS.get(code)
    if words is None:
        return 0.0
    said = " ".join(fold(phrase).split())
    base = 0.8 if _any(words.named, said) else 0.6 if _any(words.nearly, said) else 0.0
    if not base:
        return 0.0
    found = base + (0.2 if _any(words.whole, said) else 0.0) - (0.5 if _any(words.other, said) else 0.0)
    return round(max(0.0, min(1.0, found)), 2)


def _any(words: tuple[str, ...], said: str) -> bool:
    return any(word in said for word in words)


def unit_fits(unit: str, indicator_unit: str) -> bool:
    """Whether a target's unit is the indicator's: a number of people or of times is not measured by a percentage."""
    wanted = " ".join(unit.lower().split())
    return wanted == indicator_unit or (indicator_unit == "%" and wanted in PERCENT)


def suggest(fields: Mapping[str, object], units: Mapping[str, str]) -> str:
    """The code of the indicator that fits a target's `phrase` and `unit` best, or "" when none is sure enough.

    units: the unit of each indicator there is.
    """
    phrase, unit = str(fields.get("phrase") or ""), str(fields.get("unit") or "")
    scores = {code: score(phrase, code) for code, own in units.items() if unit_fits(unit, own)}
    best = max(scores, key=lambda code: (scores[code], code), default="")
    return best if best and scores[best] >= ENOUGH else ""
