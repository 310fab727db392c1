"""Invented records of people with every damage that hands, keyboards and scanners do, for measuring the linkage.

The people are those of the demo, spread over ten communes, with more twins; one person has one to four records. The kinds
of damage are those of the shared set's description, made by other code on other names, and several in one record.
"""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from tramyte.exchange.demo.population import make_population
from tramyte.exchange.demo.shapes import HamletSpec, Person, Population
from tramyte.rules.identity.linkage import VIETNAMESE

COLUMNS = ("rec_id", *VIETNAMESE.columns())
Record = dict[str, str]
COMMUNES, HAMLETS = 10, 12
_TELEX = {"\u0302": {"a": "aa", "e": "ee", "o": "oo"}, "\u0306": {"a": "aw"}, "\u031b": {"o": "ow", "u": "uw"}}
_TONE = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}


def make_records(people: int, seed: int) -> tuple[list[Record], list[int]]:
    """Records in random order and the person of each."""
    draw = random.Random(seed)
    hamlets = [HamletSpec(f"Thôn {number + 1}") for number in range(COMMUNES * HAMLETS)]
    population = make_population(people, seed, as_of=date(2026, 6, 1), hamlets=hamlets)
    _add_twins(population, draw)
    cards = {one.person: one.card_number for one in population.coverages}
    rows = []
    for index, person in enumerate(population.persons):
        clean = _record(population, person, cards.get(index, ""))
        for copy in range(draw.choices((1, 2, 3, 4), (62, 25, 9, 4))[0]):
            rows.append((index, damaged(clean, draw) if copy else dict(clean)))
    draw.shuffle(rows)
    records = [{"rec_id": f"H{number:06d}"} | record for number, (_, record) in enumerate(rows)]
    return records, [person for person, _ in rows]


def true_pairs(persons: list[int]) -> set[tuple[int, int]]:
    """The pairs of records, by place, that are one person."""
    places: dict[int, list[int]] = {}
    for place, person in enumerate(persons):
        places.setdefault(person, []).append(place)
    return {pair for group in places.values() for pair in combinations(group, 2)}


def _add_twins(population: Population, draw: random.Random) -> None:
    """To every hundredth person a twin with the next number and a given name of somebody else of the same sex."""
    known = population.persons[:]
    for person in known[::100]:
        other = draw.choice([one for one in draw.choices(known, k=40) if one.sex == person.sex] or [person])
        name = [*person.full_name.split()[:-1], other.full_name.split()[-1]]
        number = f"{int(person.national_id) + 1:0{len(person.national_id)}d}" if person.national_id else ""
        if name[-1] != person.full_name.split()[-1]:
            population.persons.append(replace(person, full_name=" ".join(name), national_id=number))


def _record(population: Population, person: Person, card: str) -> Record:
    house = population.households[person.household]
    commune, hamlet = divmod(house.hamlet, HAMLETS)
    mother = population.persons[person.mother].full_name if person.mother is not None else ""
    phone = person.phone or population.persons[house.head].phone
    return {
        "ho_ten": person.full_name, "ngay_sinh": person.birth_date.isoformat(), "gioi_tinh": person.sex,
        "cccd": person.national_id, "bhyt": card, "sdt": phone, "xa": f"Xã {commune + 1}", "thon": f"Thôn {hamlet + 1}", "me_ten": mother,
    }  # fmt: skip


def damaged(record: Record, draw: random.Random) -> Record:
    """A copy with some columns lost and most often one or two kinds of damage."""
    found = dict(record)
    for column, lost in (("cccd", 0.3), ("bhyt", 0.25), ("sdt", 0.35), ("me_ten", 0.4)):
        if draw.random() < lost:
            found[column] = ""
    for kind in draw.sample(DAMAGE, draw.choices((0, 1, 2, 3), (15, 40, 30, 15))[0]):
        kind(found, draw)
    return found


def _plain(record: Record, draw: random.Random) -> None:
    bare = unicodedata.normalize("NFD", record["ho_ten"].replace("đ", "d").replace("Đ", "D"))
    record["ho_ten"] = "".join(mark for mark in bare if not unicodedata.combining(mark))


def _some_tones(record: Record, draw: random.Random) -> None:
    letters = unicodedata.normalize("NFD", record["ho_ten"])
    record["ho_ten"] = unicodedata.normalize("NFC", "".join(m for m in letters if m not in _TONE or draw.random() < 0.5))


def _apart(record: Record, draw: random.Random) -> None:
    record["ho_ten"] = unicodedata.normalize("NFD", record["ho_ten"])


def _capitals(record: Record, draw: random.Random) -> None:
    record["ho_ten"] = record["ho_ten"].upper()


def _telex(record: Record, draw: random.Random) -> None:
    words = []
    for word in record["ho_ten"].lower().split():
        letters, tone = "", ""
        for mark in unicodedata.normalize("NFD", word).replace("đ", "dd"):
            if mark in _TONE:
                tone = _TONE[mark]
            elif mark in _TELEX:
                letters = letters[:-1] + _TELEX[mark].get(letters[-1], letters[-1])
            else:
                letters += mark
        words.append((letters + tone).capitalize())
    record["ho_ten"] = " ".join(words)


def _order(record: Record, draw: random.Random) -> None:
    family, *rest = record["ho_ten"].split()
    record["ho_ten"] = " ".join([*rest, family])


def _short(record: Record, draw: random.Random) -> None:
    family, *middle, given = record["ho_ten"].split() if len(record["ho_ten"].split()) > 1 else ["", record["ho_ten"]]
    if middle and draw.random() < 0.5:
        middle.pop(draw.randrange(len(middle)))
    else:
        middle = [f"{word[0]}." for word in middle]
    record["ho_ten"] = " ".join([family, *middle, given]).strip()


def _scan(record: Record, draw: random.Random) -> None:
    for right, wrong in draw.sample([("n", "u"), ("h", "b"), ("m", "rn"), ("i", "l"), ("g", "q"), ("c", "e")], 6):
        if right in record["ho_ten"]:
            record["ho_ten"] = record["ho_ten"].replace(right, wrong, 1)
            return


def _day(record: Record, change: Callable[[date], date]) -> None:
    record["ngay_sinh"] = change(date.fromisoformat(record["ngay_sinh"])).isoformat()


def _swap(record: Record, draw: random.Random) -> None:
    _day(record, lambda day: day.replace(day=day.month, month=day.day) if day.day <= 12 else day)


def _year_only(record: Record, draw: random.Random) -> None:
    _day(record, lambda day: day.replace(day=1, month=1))


def _lunar(record: Record, draw: random.Random) -> None:
    _day(record, lambda day: day - timedelta(days=draw.randint(18, 50)))


def _day_slip(record: Record, draw: random.Random) -> None:
    if draw.random() < 0.5:
        _day(record, lambda day: day.replace(day=draw.randint(1, 9) + day.day // 10 * 10 if day.day < 20 else 21))
    else:
        _day(record, lambda day: date(day.year + draw.choice((-1, 1, -10, 10)), day.month, min(day.day, 28)))


def _digits(record: Record, draw: random.Random) -> None:
    column = draw.choice(("cccd", "bhyt"))
    if len(digits := list(record[column])) > 9:
        at = draw.randrange(6, len(digits) - 1)
        digits[at], digits[at + 1] = digits[at + 1], digits[at] if draw.random() < 0.6 else str(draw.randrange(10))
        record[column] = "".join(digits)


def _old_card(record: Record, draw: random.Random) -> None:
    if record["cccd"]:
        record["cccd"] = f"{draw.randrange(10**9):09d}"


def _new_card(record: Record, draw: random.Random) -> None:
    if record["bhyt"]:
        record["bhyt"] = draw.choice(("GD4", "DN4", "HN2", "HT3")) + record["bhyt"][3:]


def _letters(record: Record, draw: random.Random) -> None:
    record["bhyt"] = record["bhyt"][:5] + record["bhyt"][5:].replace("0", "O", 1).replace("5", "S", 1)


def _phone(record: Record, draw: random.Random) -> None:
    record["sdt"] = f"+84{record['sdt'][1:]}" if record["sdt"] and draw.random() < 0.5 else f"050{draw.randrange(10**7):07d}"


def _moved(record: Record, draw: random.Random) -> None:
    record["xa"], record["thon"] = f"Xã {draw.randint(1, COMMUNES)}", f"Thôn {draw.randint(1, HAMLETS)}"


def _other_sex(record: Record, draw: random.Random) -> None:
    record["gioi_tinh"] = "F" if record["gioi_tinh"] == "M" else "M"


def _unnamed(record: Record, draw: random.Random) -> None:
    if record["ngay_sinh"] >= "2021" and record["me_ten"]:
        record["ho_ten"], record["cccd"] = f"{draw.choice(('CB', 'Con bà'))} {record['me_ten']}", ""


DAMAGE = (
    _plain, _some_tones, _apart, _capitals, _telex, _order, _short, _scan, _swap, _year_only, _lunar, _day_slip, _digits, _old_card,
    _new_card, _letters, _phone, _moved, _other_sex, _unnamed,
)  # fmt: skip
