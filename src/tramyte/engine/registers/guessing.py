"""What each column of a file seems to say: by its heading, by its neighbours, by its values."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django import forms

from tramyte.engine.access.models import User
from tramyte.engine.documents.spreadsheet import Sheet
from tramyte.engine.refused import Refused
from tramyte.engine.registers import synonyms
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import RelationField, TextField, YesNoField, cleaned, field_for
from tramyte.engine.registers.layout import TOP, Layout, Target, choice_words
from tramyte.engine.registers.register import Register
from tramyte.rules.text import fold

SAMPLE, LOOKED = 25, 400  # different values that are tried, rows in which they are looked for
ENOUGH, LEAST = 0.8, 2  # share of the values that must fit, and how many there must be
# What columns of people hold; a field that takes most of these says nothing by taking a value.
PANEL = ("Nguyễn Văn An", "05/03/1956", "037056001234", "0912345678", "Nam", "GD4370100123456", "12", "Đông Hạ", "x", "Kinh", "khám định kỳ")
NUMBERING = {"stt", "tt", "so tt", "so thu tu"}


@dataclass
class Guess:
    """One column of a file: its letter, heading, some values, what it seems to say and how that was found.

    how: name, like (nearly the name), example, sender (remembered), double (the heading of a column that is matched
    already), or empty for a column that is left out.
    """

    letter: str
    heading: str
    examples: list[str]
    target: str = ""
    how: str = ""

    @property
    def plain(self) -> str:
        """The heading without remarks in brackets, without the reader's number of a repeated heading."""
        return re.sub(r"\s*[(\[][^)\]]*[)\]]|\*|:$", "", self.heading).strip()


def guess(register: Register, user: User, sheet: Sheet) -> list[Guess]:
    """The columns of a sheet in their order, each with what it seems to say. At most one query for a relation."""
    found = by_heading(register, sheet)
    _by_example(register, user, sheet, found)
    return found


def by_heading(register: Register, sheet: Sheet) -> list[Guess]:
    """What the headings alone say: names, parts of names and of days, the columns Nam and Nữ."""
    wanted = synonyms.headings_of(register)
    samples = _samples(sheet)
    found = [Guess(letter, heading, samples[heading]) for heading, letter in zip(sheet.headings, sheet.letters, strict=True)]
    for one in found:
        _by_name(one, wanted, found)
    _name_in_two(register, found)
    _day_in_three(register, found)
    _choice_in_two(register, found, samples)
    for one in found:
        if not one.target and not one.how:
            _nearly(one, wanted, found)
    return found


def layout_of(sheet: Sheet, guesses: Sequence[Guess]) -> Layout:
    """The layout that these guesses make."""
    targets = {one.letter: one.target for one in guesses}
    heads = {one.letter: one.heading for one in guesses}
    top = [{letter: text[:60] for heading, letter in zip(sheet.headings, sheet.letters, strict=True) if (text := row.cells[heading])} for row in sheet.rows[:TOP]]
    how = {one.letter: one.how for one in guesses if one.how}
    return Layout(sheet.name, sheet.heading_row - sheet.depth + 1, sheet.depth, targets, how, heads, top=top)


def missing(register: Register, targets: Iterable[str]) -> list[str]:
    """The labels of the columns that must be there and that nothing is said to be.

    A relation may be named by the columns beside it.
    """
    paths = {path for text in targets if text for path in Target.read(text).paths}
    return [column.label for column in register.own if field_for(column).required and column.path not in paths]


def _samples(sheet: Sheet) -> dict[str, list[str]]:
    """Up to SAMPLE different values of each heading."""
    found: dict[str, dict[str, None]] = {heading: {} for heading in sheet.headings}
    for row in sheet.rows[:LOOKED]:
        for heading, text in row.cells.items():
            if text and len(found[heading]) < SAMPLE:
                found[heading][text[:100]] = None
    return {heading: list(texts) for heading, texts in found.items()}


def _by_name(one: Guess, wanted: Mapping[str, str], found: Sequence[Guess]) -> None:
    plain = re.sub(r" \(\d+\)$", "", one.heading)  # the reader numbers repeated headings
    texts = (one.heading, one.heading.rsplit(" / ", 1)[-1], plain, one.plain, one.plain.rsplit(" / ", 1)[-1])
    path = next((path for text in texts if (path := wanted.get(fold(text)))), None)
    if path is None:
        return
    if any(other.target == path for other in found):
        one.how = "double"
    else:
        one.target, one.how = path, "name"


def _name_in_two(register: Register, found: Sequence[Guess]) -> None:
    """“Họ đệm” and “Tên” beside each other are one name."""
    column = _meaning(register, synonyms.NAME)
    if column is None:
        return
    for first, second in pairwise(found):
        ends = [fold(one.plain.rsplit(" / ", 1)[-1]) for one in (first, second)]
        if ends[0] in synonyms.FAMILY and ends[1] in synonyms.GIVEN and _free(column.path, found, {first.letter, second.letter}):
            for one in (first, second):
                one.target, one.how = column.path, "name"


def _day_in_three(register: Register, found: Sequence[Guess]) -> None:
    """“Ngày”, “Tháng”, “Năm” beside each other, under a common heading or with the same words after them, are one day."""
    words = (("day", "ngay"), ("month", "thang"), ("year", "nam"))
    wanted = synonyms.headings_of(register)
    for at in range(len(found) - 2):
        three = found[at : at + 3]
        if not all(re.match(rf"{word}\b", fold(one.plain.rsplit(" / ", 1)[-1])) for one, (_, word) in zip(three, words, strict=True)):
            continue
        if not all(text.isdigit() and len(text) <= 2 for one in three[:2] for text in one.examples):
            continue
        above = [one.heading.rsplit(" / ", 1)[0] for one in three] if " / " in three[0].heading else [one.plain for one in three]
        path = next((path for text in above if (path := wanted.get(fold(text)))), None) or only_required_day(register)
        if path and _free(path, found, {one.letter for one in three}):
            for one, (part, _) in zip(three, words, strict=True):
                one.target, one.how = f"{path}#{part}", "name"


def _choice_in_two(register: Register, found: Sequence[Guess], samples: Mapping[str, list[str]]) -> None:
    """The columns Nam and Nữ of a paper list: marked with x, or holding the year of birth of men and of women."""
    for column in register.own:
        words = {fold(text): code for code, text in choice_words(column).items()}
        told = [(one, words[end]) for one in found if (end := fold(one.plain.rsplit(" / ", 1)[-1])) in words]
        if len(told) < 2 or len(told) != len({code for _, code in told}) or not _free(column.path, found, {one.letter for one, _ in told}):
            continue
        texts = [text for one, _ in told for text in samples[one.heading]]
        days = bool(texts) and 2 * sum(bool(re.search(r"\d{4}", text)) for text in texts) >= len(texts)  # the line of totals holds a count
        above = synonyms.headings_of(register).get(fold(told[0][0].heading.rsplit(" / ", 1)[0])) if " / " in told[0][0].heading else None
        path = (above or only_required_day(register)) if days else None
        for one, code in told:
            one.target, one.how = f"{path}&{column.path}={code}" if path and path != column.path else f"{column.path}={code}", "name"


def _nearly(one: Guess, wanted: Mapping[str, str], found: Sequence[Guess]) -> None:
    """A heading that holds all the words of a known one, and none that speaks of somebody else."""
    words = fold(one.plain).split()
    fits = [(len(text.split()), path) for text, path in wanted.items() if len(text.split()) > 1 and set(text.split()) <= set(words)
            and not (set(words) - set(text.split())) & synonyms.OTHERS]
    path = max(fits)[1] if fits else ""
    if path and not any(path in Target.read(other.target).paths for other in found if other.target):
        one.target, one.how = path, "like"


def _free(path: str, found: Sequence[Guess], letters: set[str]) -> bool:
    """Whether no column but these is said to be this one."""
    return not any(path in Target.read(one.target).paths for one in found if one.target and one.letter not in letters)


def _meaning(register: Register, meaning: str) -> Column | None:
    return next((column for column in register.own if synonyms.meaning_of(column) == meaning), None)


def only_required_day(register: Register) -> str:
    """The one column that must hold a day; empty when there are none or several."""
    days = [column.path for column in register.own if field_for(column).required and holds_days(column)]
    return days[0] if len(days) == 1 else ""


# ---- by values


def _by_example(register: Register, user: User, sheet: Sheet, found: Sequence[Guess]) -> None:
    """The columns that no heading explains, by what stands in them: best fit first, ties are left to a person."""
    open_ones = [one for one in found if not one.target and not one.how and fold(one.plain) not in NUMBERING and one.examples]
    columns = [column for column in register.own if _free(column.path, found, set())]
    if not open_ones or not columns:
        return
    samples = _samples(sheet)
    fits = [(share, -number, one, column) for number, column in enumerate(columns) for one, share in _fitting(register, user, column, open_ones, samples)]
    rivals = Counter((one.letter, share) for share, _, one, _ in fits)
    taken: set[str] = set()
    for share, _, one, column in sorted(fits, key=lambda fit: fit[:2], reverse=True):
        tied = rivals[(one.letter, share)] > 1
        if not one.target and column.path not in taken and not tied:
            one.target, one.how = column.path, "example"
            taken.add(column.path)


def _fitting(register: Register, user: User, column: Column, found: Sequence[Guess], samples: Mapping[str, list[str]]) -> Iterable[tuple[Guess, float]]:
    """The columns whose values this one takes, with how telling that is; one that must be there tells a little more."""
    made = field_for(column)
    must = 0.05 if made.required else 0.0
    told = _telling(column, made)
    if not told:
        return
    for one in found:
        texts = samples[one.heading]
        share = _share(register, user, column, made, texts) if len(texts) >= LEAST else 0.0
        if share >= ENOUGH:
            yield one, round(share * told + must, 4)


def _telling(column: Column, made: forms.Field) -> float:
    """How few of the things on the panel a field takes, 0 to 1; 0 for a field that says nothing by taking a value."""
    if isinstance(made, RelationField) or synonyms.meaning_of(column) == synonyms.NAME:
        return 1.0
    if isinstance(made, YesNoField | forms.DecimalField | forms.IntegerField) or type(made) is TextField:
        return 0.0
    refused = sum(not _takes(made, text) for text in PANEL) / len(PANEL)
    return refused if refused >= 0.7 else 0.0


def _share(register: Register, user: User, column: Column, made: forms.Field, texts: Sequence[str]) -> float:
    if isinstance(made, RelationField):
        answers = column.key.find(user, register.write, [{"": text} for text in texts])
        return sum(not isinstance(answer, Refused) for answer in answers) / len(texts)
    if synonyms.meaning_of(column) == synonyms.NAME:
        return sum(_is_name(text) for text in texts) / len(texts)
    return sum(_takes(made, text) for text in texts) / len(texts)


def _is_name(text: str) -> bool:
    words = fold(text).split()
    return 2 <= len(words) <= 6 and words[0] in synonyms.SURNAMES and not any(letter.isdigit() for letter in text)


def _takes(made: Any, text: str) -> bool:
    try:
        return cleaned(made, text) not in (None, "")
    except ValueError:
        return False


def holds_days(column: Column) -> bool:
    """Whether the cells of an own column are days."""
    made = field_for(column)
    return _takes(made, "05/03/1956") and not _takes(made, "Nguyễn Văn An")
