"""Whether two records describe one person: points for what agrees, each point with its word.

Not a statistical linkage (that is `linkage`) but a short table that a nurse can check by hand: it judges
rows of a residents' spreadsheet and warns while a new person is being typed. It never merges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tramyte.rules.calendar import Precision
from tramyte.rules.identity.numbers import insurance_code
from tramyte.rules.text import clean, fold, name_key, similar

SAME, MAYBE = 0.85, 0.55
_Evidence = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a person; empty text or None means unknown. Numbers are checked ones (`check_...`)."""

    name: str
    birth_date: date | None = None
    precision: Precision = "day"
    sex: str = ""
    national_id: str = ""
    insurance_number: str = ""
    phone: str = ""
    hamlet: str = ""
    mother: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely two records are one person.

    score: 0 to 1, the sum of points over 100, cut at both ends. evidence: Vietnamese words, strongest first, with
    their points. kind: "same" from 0.85, "maybe" (a person must look) from 0.55, else "different".
    """

    score: float
    evidence: tuple[str, ...]
    kind: Literal["same", "maybe", "different"]


def same_person(a: Identity, b: Identity) -> Verdict:
    """The verdict on two records; symmetric.

    Equal names, birth dates and sex just make "same" (85 points); names equal only without tones need one thing
    more. An equal identity number alone makes "maybe": it may have been typed into the wrong row.
    """
    found = [*_names(a, b), *_births(a, b), *_sexes(a, b), *_numbers(a, b), *_surroundings(a, b)]
    found.sort(key=lambda item: (-abs(item[0]), item[1]))
    score = min(1.0, max(0.0, sum(points for points, _ in found) / 100))
    kind: Literal["same", "maybe", "different"] = (
        "same" if score >= SAME else "maybe" if score >= MAYBE else "different"
    )
    return Verdict(score, tuple(f"{word} ({points:+d})" for points, word in found), kind)


def _names(a: Identity, b: Identity) -> Iterator[_Evidence]:
    one, two = clean(a.name).casefold(), clean(b.name).casefold()
    if not one or not two:
        return
    if one == two:
        yield 40, "trùng họ tên"
    elif fold(one) == fold(two):
        yield 36, "trùng họ tên khi bỏ dấu"
    elif name_key(one) == name_key(two):
        yield 30, "trùng các chữ của họ tên, khác thứ tự"
    elif similar(one, two) >= 0.8:
        yield 22, "họ tên gần giống"


def _births(a: Identity, b: Identity) -> Iterator[_Evidence]:
    one, two = a.birth_date, b.birth_date
    if one is None or two is None:
        return
    if a.precision != "day" or b.precision != "day":
        yield from _partial_births(one, two, "year" in (a.precision, b.precision))
    elif one == two:
        yield 40, "trùng ngày sinh"
    elif one.year == two.year and (one.month, one.day) == (two.day, two.month):
        yield 30, "ngày và tháng sinh bị đổi chỗ"
    elif (one.month, one.day) == (two.month, two.day) and _one_slip(str(one.year), str(two.year)):
        yield 20, "trùng ngày tháng sinh, năm lệch một chữ số"
    elif one.year == two.year:
        yield 5, "trùng năm sinh"
    else:
        yield -30, "khác năm sinh"


def _partial_births(one: date, two: date, year_only: bool) -> Iterator[_Evidence]:
    if one.year != two.year:
        yield -30, "khác năm sinh"
    elif year_only:
        yield 22, "trùng năm sinh, một bên không rõ ngày"
    elif one.month == two.month:
        yield 28, "trùng tháng và năm sinh, một bên không rõ ngày"
    else:
        yield 5, "trùng năm sinh"


def _sexes(a: Identity, b: Identity) -> Iterator[_Evidence]:
    if a.sex and b.sex:
        yield (5, "cùng giới tính") if a.sex == b.sex else (-20, "khác giới tính")


def _numbers(a: Identity, b: Identity) -> Iterator[_Evidence]:
    if a.national_id and b.national_id:
        if a.national_id == b.national_id:
            yield 60, "trùng số định danh"
        elif _one_slip(a.national_id, b.national_id):
            yield 20, "số định danh lệch một chữ số"
        elif len(a.national_id) == len(b.national_id):  # one person may hold an old and a new number
            yield -30, "khác số định danh"
    if a.insurance_number and b.insurance_number:
        if insurance_code(a.insurance_number) == insurance_code(b.insurance_number):
            yield 50, "trùng số BHYT"
        else:
            yield -10, "khác số BHYT"


def _surroundings(a: Identity, b: Identity) -> Iterator[_Evidence]:
    if a.phone and a.phone == b.phone:
        yield 10, "trùng số điện thoại"
    if a.hamlet and fold(a.hamlet) == fold(b.hamlet):
        yield 8, "cùng thôn"
    if a.mother and b.mother:
        yield (12, "trùng tên mẹ") if name_key(a.mother) == name_key(b.mother) else (-8, "khác tên mẹ")


def _one_slip(first: str, second: str) -> bool:
    """Equal length and one digit wrong, or two neighbours exchanged."""
    if len(first) != len(second):
        return False
    wrong = [i for i, (x, y) in enumerate(zip(first, second, strict=True)) if x != y]
    if len(wrong) == 2 and wrong[1] - wrong[0] == 1:
        return first[wrong[0]] == second[wrong[1]] and first[wrong[1]] == second[wrong[0]]
    return len(wrong) == 1


def blocking_keys(identity: Identity) -> tuple[str, ...]:
    """Keys of which two records share at least one when they can be "same" by an equal number, name or birth date.

    Put one list in a dictionary by key and judge only what meets: 30,000 rows against 40,000 people stay some ten
    thousand comparisons. Keys: identity number, insurance code, words of the name with birth year, words of the name
    with day and month, exact birth date with sex and first letter of the given name.
    """
    keys = []
    if identity.national_id:
        keys.append(f"i{identity.national_id}")
    if identity.insurance_number:
        keys.append(f"b{insurance_code(identity.insurance_number)}")
    birth, words = identity.birth_date, fold(identity.name)
    if birth is None:
        keys.append(f"n{words}")
        return tuple(keys)
    parts, day = words.split(), birth.isoformat()
    key = " ".join(sorted(parts))
    keys.append(f"y{day[:4]}{key}")
    if identity.precision == "day":
        keys.append(f"m{day[5:]}{key}")
        keys.append(f"d{day}{identity.sex}{parts[-1][0] if parts else ''}")
    return tuple(keys)
