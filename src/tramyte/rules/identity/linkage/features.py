"""Records as columns that can be compared in SQL: names in words, birth dates in parts, numbers without slips of the eye."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.identity.names import called_words, family_first, is_syllable, tone_key, typed_key
from tramyte.rules.identity.numbers import check_phone
from tramyte.rules.text import clean, fold

Texts = Sequence[str]
Columns = dict[str, list[Any]]
MOST_SHARED = 50  # a number on more records than this stands for "unknown"
LONGEST = 200  # letters of a cell that are read: a longer one is pasted by mistake


@dataclass(frozen=True)
class Roles:
    """Which column plays which part; a part that is left out is not compared.

    name: columns that together are a Vietnamese full name, family name first. birth: the birth date as `rules.calendar` reads
    it. sex. numbers: column to kind, "national_id", "insurance" or "number". phone. parent: the mother's (or
    father's) name. home: column to Vietnamese word for the places of the address, the largest first. texts:
    column to word for anything else; each is compared by itself, as if the others did not depend on it.
    """

    name: tuple[str, ...] = ()
    birth: str = ""
    sex: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    parent: str = ""
    home: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> tuple[str, ...]:
        """Every column that is named."""
        named = (*self.name, self.birth, self.sex, *self.numbers, self.phone, self.parent, *self.home, *self.texts)
        return tuple(filter(None, named))


VIETNAMESE = Roles(
    name=("ho_ten",),
    birth="ngay_sinh",
    sex="gioi_tinh",
    numbers={"cccd": "national_id", "bhyt": "insurance"},
    phone="sdt",
    parent="me_ten",
    home={"xa": "xã", "thon": "thôn"},
)


def features(columns: Mapping[str, Texts], roles: Roles) -> Columns:
    """The columns that the comparisons read, one value a record, None where nothing is known."""
    found: Columns = {"id": list(range(len(columns[roles.columns()[0]])))}
    if roles.name:
        names = [" ".join(parts) for parts in zip(*(columns[name] for name in roles.name), strict=True)]
        found |= _spread("name", _each(_name, names), _NAME)
    if roles.birth:
        found |= _spread("birth", _each(_birth, columns[roles.birth]), _BIRTH)
    if roles.sex:
        found["sex"] = _each(lambda text: fold(text)[:1] or None, columns[roles.sex])
    for at, (column, kind) in enumerate(roles.numbers.items()):
        found[f"number{at}"] = _rare(_each(_NUMBERS[kind], columns[column]))
    if roles.phone:
        found["phone"] = _rare(_each(_phone, columns[roles.phone]))
    if roles.parent:
        found["parent"] = _parents(columns[roles.parent], found)
    for prefix, named in (("home", roles.home), ("text", roles.texts)):
        for at, column in enumerate(named):
            found[f"{prefix}{at}"] = _each(lambda text: fold(text) or None, columns[column])
    return found


def _each(make: Callable[[str], Any], texts: Iterable[str]) -> list[Any]:
    """The function of every text, worked out once for equal texts."""
    known: dict[str, Any] = {}
    return [known[text] if text in known else known.setdefault(text, make(text[:LONGEST])) for text in texts]


def _rare(values: list[Any]) -> list[Any]:
    often = {value for value, count in Counter(values).items() if count > MOST_SHARED}
    return [None if value in often else value for value in values]


def _spread(prefix: str, rows: list[Any], parts: Sequence[str]) -> Columns:
    columns = zip(*rows, strict=True) if rows else ((),) * len(parts)
    return {f"{prefix}_{part}": list(values) for part, values in zip(parts, columns, strict=True)}


_NOBODY = frozenset(("khong", "khong ro", "khong biet", "khong co", "chua ro", "chua co", "chua dat ten"))
_NAME = ("exact", "fold", "typed", "bag", "words", "long", "initials", "family", "given", "odd", "unnamed")


def _name(text: str) -> tuple[Any, ...]:
    """The parts of a name, see `_NAME`.

    As written: exact with tones, fold without, typed without traces of the keyboard, bag in alphabetical order. Lists:
    words family name first, long (of more than a letter), initials, odd (no Vietnamese syllable).
    """
    written, unnamed = called_words(text)
    folded = fold(" ".join(written)).split()
    if not folded or " ".join(folded) in _NOBODY:
        return (None,) * (len(_NAME) - 1) + (unnamed,)
    typed = [typed_key(word) for word in folded]
    words = family_first(typed)
    return (
        tone_key(" ".join(written)),
        " ".join(folded),
        " ".join(typed),
        " ".join(sorted(typed)),
        words,
        [word for word in typed if len(word) > 1],
        sorted({word[0] for word in typed}),
        words[0],
        words[-1],
        [word for word in typed if not is_syllable(word)],
        unnamed,
    )


def _parents(texts: Texts, names: Columns) -> list[str | None]:
    """The parent's name in alphabetical order; an unnamed newborn is called by the mother."""
    bags = _each(_bag, texts)
    if "name_bag" not in names:
        return bags
    called = zip(bags, names["name_bag"], names["name_unnamed"], strict=True)
    return [bag or (name if unnamed else None) for bag, name, unnamed in called]


def _bag(text: str) -> str | None:
    folded = fold(text)
    return " ".join(sorted(map(typed_key, folded.split()))) or None if folded not in _NOBODY else None


_BIRTH = ("digits", "year", "month", "day", "number", "swapped", "vague")


def _birth(text: str) -> tuple[Any, ...]:
    """The parts of a birth date, see `_BIRTH`; all None when it cannot be read."""
    try:
        birth, precision = parse_partial_date(text)
    except ValueError:
        return (None,) * len(_BIRTH)
    # An unknown day is often typed as the first of January, so that day is never sure.
    vague = precision != "day" or (birth.month, birth.day) == (1, 1)
    low, high = sorted((birth.month, birth.day))
    swapped = f"{birth.year}-{low}-{high}"
    return f"{birth:%Y%m%d}", birth.year, birth.month, birth.day, birth.toordinal(), swapped, vague


_LETTER_FOR_DIGIT = str.maketrans("OQDILZSBG", "000112586")  # how a scanner misreads digits
_NO_SIGN = re.compile(r"[^0-9A-Z]")


def _sign(text: str) -> str:
    return _NO_SIGN.sub("", clean(text).upper())


def _digits(text: str) -> str | None:
    """The text when it may be a number of a person: enough digits, not one digit over and over."""
    return text if sum(map(str.isdigit, text)) >= 8 and len(set(text)) > 1 else None


def _phone(text: str) -> str | None:
    try:
        return _digits(check_phone(text))
    except ValueError:
        return _digits(re.sub(r"\D", "", text))  # a number that is wrong in two records still tells of one hand


_NUMBERS: dict[str, Callable[[str], str | None]] = {
    "national_id": lambda text: _digits(_sign(text).translate(_LETTER_FOR_DIGIT)),
    "insurance": lambda text: _digits(_sign(text)[-10:].translate(_LETTER_FOR_DIGIT)),
    "number": lambda text: _sign(text) or None,
}
