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
INFANTS = ("tre em duoi 1 tuoi", "tre duoi 1 tuoi", "duoi 1 tuoi", "duoi 01 tuoi", "duoi mot tuoi", "tre em", "cho tre")
OTHER_DOSES = ("hoc sinh", "nguoi cao tuoi", "viem gan b", "vgb", "uon van", "nhac lai", "vien nao", "viem nao", "mui 2", "18 thang", "24 thang", "rubella", "phu nu", "covid", "nhap hoc", "tien su")
WORDS: dict[str, Words] = {
    "TC01": Words(
        named=("tiem chung day du", "tiem du cac loai vac xin", "tiem day du cac loai", "tiem chung du", "tiem du mui", "tiem day du vac xin"), nearly=("tiem chung mo rong", "tiem chung"), whole=INFANTS,
        other=OTHER_DOSES),
    "TC02": Words(
        named=("viem gan b so sinh", "viem gan b trong 24 gio", "vgb so sinh", "vgb trong 24", "viem gan b trong vong 24", "vgb trong vong 24", "vgb 24", "viem gan b 24", "viem gan b lieu so sinh"),
        nearly=("viem gan b", "vgb"), whole=("tre so sinh", "so sinh", "24 gio"), other=("dpt", "ba me", "phu nu")),
    "TC03": Words(named=("tiem bcg", "vac xin bcg", "tiem vac xin lao", "phong lao bcg"), nearly=("bcg",), whole=INFANTS),
    "TC04": Words(named=("dpt vgb hib mui 3", "dpt-vgb-hib mui 3", "dpt vgb hib 3", "dpt-vgb-hib 3", "dpt3", "5 trong 1 mui 3"), whole=INFANTS, other=("bo mui", "roi rot")),
    "TC05": Words(named=("opv lan 3", "opv3", "opv mui 3", "bai liet lan 3", "uong bai liet 3"), whole=INFANTS),
    "TC06": Words(named=("ipv mui 2", "ipv2", "ipv lan 2", "bai liet tiem mui 2"), whole=INFANTS),
    "TC07": Words(named=("soi mui 1", "soi mui mot", "tiem soi don", "soi 1"), nearly=("tiem soi", "vac xin soi"), whole=INFANTS, other=("rubella", "mr", "mui 2")),
    "TC08": Words(named=("soi - rubella", "soi-rubella", "soi rubella", "soi mui 2", "tiem mr", "vac xin mr"), whole=("18-24 thang", "18 thang", "24 thang"), other=("chien dich", "1-10 tuoi")),
    "TC09": Words(named=("dpt mui 4", "dpt4", "dpt nhac lai", "dpt lan 4"), whole=("18-24 thang", "18 thang", "24 thang")),
    "TC10": Words(named=("uon van day du", "uon van du", "du mui uon van", "uv2", "tiem uon van", "phong uon van"), nearly=("uon van",), whole=("phu nu co thai", "phu nu mang thai", "thai phu", "phu nu de"), other=("hoc sinh", "tuoi sinh de")),
    "TC11": Words(named=("viem nao nhat ban mui 3", "vnnb mui 3", "viem nao nhat ban"), nearly=("vnnb",), whole=("tre em", "1-5 tuoi", "tre tu 1")),
    "TC12": Words(named=("bo mui", "roi rot", "bo tiem"), whole=("dpt", "vac xin")),
    "TC15": Words(named=("tien su tiem chung",), whole=("hoc sinh", "nhap hoc", "mam non", "tieu hoc")),
    "TC16": Words(named=("tiem dung lich", "tiem chung dung lich", "dung lich"), whole=INFANTS),
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
