"""The generated people as rows: households, persons, numbers, stays, cards, health records, check-ups, techniques."""

import datetime
import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from tramyte.care.checkups.models import Checkup
from tramyte.care.people import search
from tramyte.care.people.actions.deaths import age_group_of
from tramyte.care.people.models import (
    Coverage,
    Death,
    Household,
    Identifier,
    Person,
    RecordEntry,
    Residence,
    SearchText,
)
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.filling import indexed_afterwards
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_columns, store_many
from tramyte.exchange.demo import shapes
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.health import make_techniques
from tramyte.rules.identity import insurance_code
from tramyte.rules.text import fold
from tramyte.station.techniques import codes
from tramyte.station.techniques.models import StationTechnique

CHUNK = 1_000
KNOWN = (Household, Person, SearchText, Identifier, Residence, Coverage, RecordEntry, Death, Checkup)
MARKS = 0x7 << 76 | 0b10 << 62  # the version and the variant of a UUID
VARIANT = {digit: "89ab"[n % 4] for n, digit in enumerate("0123456789abcdef")}
KINDS = {"periodic": "periodic", "screening": "screening", "school": "periodic", "elderly": "periodic"}
PLACES = {"station": "Trạm Y tế xã", "site": "Điểm trạm", "school": "Trường học", "hospital": "Bệnh viện"}
ETHNICITIES = {"01": "Kinh", "02": "Tày", "03": "Thái", "05": "Khmer", "06": "Mường", "07": "Nùng", "08": "Mông", "09": "Dao"}
PERSON = ("full_name", "birth_date", "sex", "occupation", "phone", "relation", "died_on")
STAY, CARD, CHECKUP = ("kind", "start", "end"), ("card_number", "group", "start", "end"), ("health_class", "systolic", "diastolic")
DEATH = (
    "id", "person_id", "on", "at", "setting", "cause", "icd10", "maternal", "attended", "informant", "certified_by", "recorder", "note", "age_days", "age_group",
)
Columns = Mapping[str, Sequence[Any]]


class Ids:
    """UUIDs of the seventh version that are the same for the same seed: the as-of day, a counter, drawn bits."""

    def __init__(self, seed: int, as_of: datetime.date) -> None:
        self._draw = random.Random(f"{seed} ids").getrandbits
        self._at = int(datetime.datetime.combine(as_of, datetime.time(), datetime.UTC).timestamp() * 1000) - 10**8

    def __call__(self) -> uuid.UUID:
        """The next one, greater than all before."""
        self._at += 1
        return uuid.UUID(int=(self._at << 80) | MARKS | (self._draw(12) << 64) | self._draw(62))

    def hexed(self, count: int) -> Iterator[str]:
        """The next ones, so many, as 32 hex digits: quicker for rows by the ten thousand."""
        drawn = f"{self._draw(76 * count):0{19 * count}x}" if count else ""
        for begin in range(0, 19 * count, 19):
            self._at += 1
            yield f"{self._at:012x}7{drawn[begin:begin + 3]}{VARIANT[drawn[begin + 3]]}{drawn[begin + 4:begin + 19]}"


def store_people(made: Commune, population: shapes.Population, ids: Ids, say: Callable[[str], object]) -> list[uuid.UUID]:
    """Write everybody with what is known of them; answers the ids in the order of `population.persons`."""
    keys = [ids() for _ in population.persons]
    hexed, homes, hamlets = [key.hex for key in keys], list(ids.hexed(len(population.households))), [hamlet.pk.hex for hamlet in made.hamlets]
    with indexed_afterwards(KNOWN):
        _write(Household, {
            "id": homes, "hamlet_id": [hamlets[row.hamlet] for row in population.households], "number": [f"{row.number:04d}" for row in population.households],
            "address": [row.address for row in population.households]})
        numbers = _store_facts(made, population, hexed, ids)
        now, folded = _places_of_stay(population), [fold(row.full_name) for row in population.persons]
        _write(Person, {
            "id": hexed, **_alike(PERSON, population.persons), "search": folded,
            "birth_precision": [row.precision for row in population.persons], "ethnicity": [ETHNICITIES.get(row.ethnicity, "Kinh") for row in population.persons],
            "household_id": [homes[row.household] for row in population.persons],
            "mother_id": [None if row.mother is None else hexed[row.mother] for row in population.persons], "hamlet_id": [hamlets[now[n]] for n in range(len(keys))]})
        _make_findable(made, population, keys, folded, now, numbers)
    say(f"{len(keys)} người, {len(homes)} hộ.")
    return keys


def _make_findable(made: Commune, population: shapes.Population, keys: list[uuid.UUID], folded: list[str], now: dict[int, int], numbers: list[list[str]]) -> None:
    rows = []
    for n, row in enumerate(population.persons):
        hamlet = made.hamlets[now[n]]
        named = search.Named(row.full_name, folded[n], row.birth_date, row.precision, hamlet.pk, row.phone)
        rows.append((keys[n], hamlet.pk, folded[n], search.words_of(named, hamlet.name, numbers[n])))
    for begin in range(0, len(rows), CHUNK):
        search.enter_words(rows[begin:begin + CHUNK])


def _places_of_stay(population: shapes.Population) -> dict[int, int]:
    """The hamlet where each person stays now, or stayed last."""
    best: dict[int, tuple[tuple[bool, bool, bool, datetime.date], int]] = {}
    for stay in population.residences:
        rank = (stay.end is None, stay.kind == "temporary", stay.kind != "absent", stay.start)
        if stay.person not in best or rank > best[stay.person][0]:
            best[stay.person] = (rank, stay.hamlet)
    return {person: hamlet for person, (_, hamlet) in best.items()}


def _store_facts(made: Commune, population: shapes.Population, keys: list[str], ids: Ids) -> list[list[str]]:
    """What is known of people, before the people; answers the numbers of each."""
    hamlets = [hamlet.pk.hex for hamlet in made.hamlets]
    ended = dict(zip((row.person for row in population.deaths), ids.hexed(len(population.deaths)), strict=True))
    known = _numbers(population)
    _store(Identifier, {"person_id": [keys[n] for n, _, _ in known], "kind": [kind for _, kind, _ in known], "value": [value for _, _, value in known]}, ids)
    stays = population.residences
    _store(Residence, {
        "person_id": [keys[stay.person] for stay in stays], "place_id": [hamlets[stay.hamlet] for stay in stays], **_alike(STAY, stays),
        "reason": [_why(stay) for stay in stays], "ended_by": [ended.get(stay.person) if stay.left == "death" else None for stay in stays]}, ids)
    cards = population.coverages
    _store(Coverage, {"person_id": [keys[card.person] for card in cards], **_alike(CARD, cards), "facility_code": [made.facilities[0].code] * len(cards)}, ids)
    _store(RecordEntry, _entries(population, keys), ids)
    deaths = _deaths(population, keys, ended, made.users["dieuduong"].full_name)
    _write(Death, dict(zip(DEATH, zip(*deaths, strict=True) if deaths else ((),) * len(DEATH), strict=True)))
    _store(Checkup, _checkups(population, keys), ids)
    numbers: list[dict[str, None]] = [{} for _ in keys]
    for n, _, number in known:
        numbers[n][number] = None
    for card in cards:  # a card renewed keeps its number
        numbers[card.person][card.card_number] = None
    return [list(found) for found in numbers]


def _store(model: type[Fact], columns: Columns, ids: Ids) -> None:
    """Write rows under ids of their own."""
    _write(model, {"id": list(ids.hexed(len(columns["person_id"]))), **columns})


def _write(model: type[Fact], columns: Columns) -> None:
    by = operator()
    for begin in range(0, len(columns["id"]), 4 * CHUNK):
        part = {name: values[begin:begin + 4 * CHUNK] for name, values in columns.items()}
        store_columns(model, part, by=by, permission="people.write", action="import")


def _alike(names: Sequence[str], rows: Sequence[object]) -> Columns:
    """The columns that are called in the generated rows as in the table."""
    return dict(zip(names, zip(*map(attrgetter(*names), rows), strict=True) if rows else ((),) * len(names), strict=True))


def _entries(population: shapes.Population, keys: list[str]) -> Columns:
    """The lines of the health records: opened, then updated again and again."""
    persons: list[str] = []
    kinds: list[str] = []
    days: list[datetime.date] = []
    for record in population.records:
        count = len(record.updates)
        persons += [keys[record.person]] * (count + 1)
        kinds += ["opened", *["updated"] * count]
        days.append(record.opened_on)
        days += record.updates
    sources = {"opened": "Lập hồ sơ tại hộ", "updated": "Rà soát tại hộ"}
    return {"person_id": persons, "kind": kinds, "on": days, "source": [sources[kind] for kind in kinds]}


def _numbers(population: shapes.Population) -> list[tuple[int, str, str]]:
    """The numbers that people are known by: whose, kind, number."""
    made = [(n, "national" if len(row.national_id) == 12 else "old_national", row.national_id) for n, row in enumerate(population.persons) if row.national_id]
    codes_of = {card.person: insurance_code(card.card_number) for card in population.coverages}
    return made + [(n, "insurance", code) for n, code in codes_of.items()]


def _deaths(population: shapes.Population, keys: list[str], ids: dict[int, str], recorder: str) -> list[tuple[object, ...]]:
    born = [person.birth_date for person in population.persons]
    return [
        (ids[row.person], keys[row.person], row.day, row.hour, row.setting, row.cause, row.icd10, None, row.attended, row.informant,
         "", recorder, "", (row.day - born[row.person]).days, age_group_of(born[row.person], row.day))
        for row in population.deaths]


def _why(stay: shapes.Residence) -> str:
    came = {"birth": "sinh ra", "arrival": "chuyển đến", "before": ""}[stay.came]
    left = {"death": "", "departure": "chuyển đi", "": ""}[stay.left]
    return "; ".join(word for word in (came, left) if word)


def _checkups(population: shapes.Population, keys: list[str]) -> Columns:
    """By person, as its indexes are filled twice as fast; nobody is examined twice a day."""
    rows = sorted(population.checkups, key=attrgetter("person"))
    born = [person.birth_date for person in population.persons]
    return {
        "person_id": [keys[row.person] for row in rows], "on": [row.day for row in rows], "kind": [KINDS[row.kind] for row in rows],
        "site": [PLACES[row.place] for row in rows], **_alike(CHECKUP, rows), "weight_kg": [_decimal(row.weight_kg) for row in rows],
        "height_cm": [_decimal(row.height_cm) for row in rows], "glucose": [_decimal(row.glucose_mmol) for row in rows],
        "age_days": [max(0, (row.day - born[row.person]).days) for row in rows]}


@lru_cache(maxsize=4096)
def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.1f}")


def store_techniques(made: Commune, seed: int, as_of: datetime.date, ids: Ids) -> int:
    """The short catalogue, and what the station performs of it; answers how many techniques were approved."""
    by = operator()
    catalogue, _ = codes.load_short(by=by, valid_from=min(as_of, datetime.date(2025, 7, 1)))
    found = {row.code: row for row in catalogue.techniques.order_by("code")}
    rows = [
        StationTechnique(
            id=ids(), facility=made.facilities[0], technique=found[state.code], approved_on=state.approved_on,
            performed_from=state.performed_on, reason=state.reason)
        for state in make_techniques(list(found), seed, as_of)
    ]
    store_many(rows, by=by, permission="techniques.write", action="import")
    return len(rows)
