"""Names of people taken apart: family, middle and given name, newborns without a name, traces of a keyboard."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tramyte.rules.text import clean, fold

# Family names of Kinh, Tày, Thái, Mường, Mông, Dao, Khmer, Chăm and Central Highland people, folded; used only to see
# that a name was written with the family name last, so a rare name that is missing costs nothing.
_FAMILIES = """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan vuong trinh truong dinh lam phung
    mai to ha ta kieu luong luu thai chau tong dam la quach thach trieu khuat vi nong be ma dieu deo lo quang ca bac lu
    loc ngan sung giang vang thao vua hang lau cu tan chao phan chang au bach banh cao chu chung cung dai diep giap han
    hua khong kha khuc lai lang lieu mac mau nghiem nhu ninh on ong sam son su tang thieu tieu ton tu tuong ung vien
    yen nie mlo ksor siu kpa nay rcom ro danh cha hau pao"""
FAMILY_NAMES = frozenset(_FAMILIES.split())

_ONSET = "(?:b|ch?|d|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|ph?|q|r|s|t[hr]?|v|x)?"
_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet"
    " ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong"
    " ooc oong op ot u ua uan uang uanh uat uau uay uc ue uech uen uenh ui um un ung uo uoc uoi uom uon uong uop uot"
    " uou up ut uu uy uya uych uyen uyet uyn uynh uyp uyt uyu y ych yem yen yet yeu ynh yt"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{'|'.join(sorted(_RHYMES.split(), key=len, reverse=True))})")
_UNNAMED = re.compile(
    r"(?:cb|con (?:(?:trai|gai|be) )?(?:cua )?(?:ba|chi|me|san phu)|(?:tre )?so sinh(?: con)?(?: (?:ba|chi|me))?|be(?: (?:trai|gai))? con)(?: |$)"
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A full name in parts, NFC with its tones.

    family: the first word (or the last, when only that is a known family name). middle: the words between. given: the
    last word. unnamed: a newborn who is still called by the mother; then the parts are the mother's.
    """

    family: str
    middle: tuple[str, ...]
    given: str
    unnamed: bool = False


def parse_name(text: str) -> PersonName:
    """A name in parts; any text is taken (see `check_name` for what may be kept), a single word is a given name.

    "Nguyễn Thị Thu Hà" is Nguyễn + Thị, Thu + Hà; "Thu Hà Nguyễn" is Nguyễn + Thu + Hà; "CB Lò Thị Ánh" is an
    unnamed child of Lò Thị Ánh.
    """
    called, unnamed = called_words(text)
    words = family_first(called)
    if len(words) < 2:
        return PersonName("", (), "".join(words), unnamed)
    return PersonName(words[0], tuple(words[1:-1]), words[-1], unnamed)


def called_words(text: str) -> tuple[list[str], bool]:
    """The words of a name as written, and whether they are the mother's because a newborn has no name yet."""
    words = clean(text).split()
    match = _UNNAMED.match(fold(text))
    return (words[len(match[0].split()) :], True) if match else (words, False)


def family_first(words: list[str]) -> list[str]:
    """The words with the family name first, when only the last of them is a known family name."""
    if len(words) > 1 and fold(words[-1]) in FAMILY_NAMES and fold(words[0]) not in FAMILY_NAMES:
        return [words[-1], *words[:-1]]
    return words


def is_syllable(folded: str) -> bool:
    """Whether a folded word is built like a Vietnamese syllable: "nguyen", "thinh"; not "ngnyen", "thinb", "ksor"."""
    return _SYLLABLE.fullmatch(folded) is not None


@lru_cache(maxsize=50_000)
def typed_key(folded: str) -> str:
    """A folded word without what a Telex or VNI keyboard left in it: "nguyeenx", "ngu7ye6n4" give "nguyen".

    Only words that are no Vietnamese syllable change, and only when they then become one; the rest stays as it is.
    """
    if is_syllable(folded):
        return folded
    undoubled = re.sub(r"([aeo])\1", r"\1", re.sub("^dd", "d", folded))
    for word in (folded, undoubled):
        onset = 2 if word.startswith("tr") else 1
        rest = re.sub("[w0-9]", "", word[onset:])
        bare = word[:onset] + re.sub("[sfrxjz]", "", rest, count=1)
        if is_syllable(bare):
            return bare
    return folded


def tone_key(text: str) -> str:
    """A name as it is compared with its tones: small letters, each tone mark at the end of its word.

    "HOÀ", "Hòa" and "Hoà" (NFD) give the same; "Hoa" another. Source of both places of the tone: Quyết định
    240/QĐ-BGD 1984 against the older printing habit.
    """
    return " ".join(map(_tone_last, clean(text).casefold().split()))


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@lru_cache(maxsize=50_000)
def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = [mark for mark in letters if mark in _TONES]
    return "".join(mark for mark in letters if mark not in _TONES) + "".join(tones)
