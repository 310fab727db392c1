"""The generated people as rows: households, persons, numbers, stays, cards, health records, check-ups, techniques."""

import datetime
import random
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.actions.batches import Batch, store_batch
from tramyte.care.people.actions.deaths import age_group_of
from tramyte.care.people.models import Coverage, Death, Household, Identifier, Person, RecordEntry, Residence
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.bulk import drafts
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_many, store_values
from tramyte.exchange.demo import shapes
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.health import make_techniques
from tramyte.rules.identity import insurance_code
from tramyte.station.techniques import codes
from tramyte.station.techniques.models import StationTechnique

CHUNK = 1_000
MARKS = 0x7 << 76 | 0b10 << 62  # the version and the variant of a UUID
KINDS = {"periodic": "periodic", "screening": "screening", "school": "periodic", "elderly": "periodic"}
PLACES = {"station": "Trạm Y tế xã", "site": "Điểm trạm", "school": "Trường học", "hospital": "Bệnh viện"}
ETHNICITIES = {"01": "Kinh", "02": "Tày", "03": "Thái", "05": "Khmer", "06": "Mường", "07": "Nùng", "08": "Mông", "09": "Dao"}
DEATH = (
    "id", "person_id", "on", "at", "setting", "cause", "icd10", "maternal", "attended", "informant", "certified_by", "recorder", "note", "age_days", "age_group",
)
CHECKUP = (
    "id", "person_id", "on", "kind", "site", "health_class", "systolic", "diastolic", "weight_kg", "height_cm", "glucose", "age_days",
)


class Ids:
    """UUIDs of the seventh version that are the same for the same seed: the as-of day, a counter, drawn bits."""

    def __init__(self, seed: int, as_of: datetime.date) -> None:
        self._draw = random.Random(f"{seed} ids").getrandbits
        self._at = int(datetime.datetime.combine(as_of, datetime.time(), datetime.UTC).timestamp() * 1000) - 10**8

    def __call__(self) -> uuid.UUID:
        """The next one, greater than all before."""
        self._at += 1
        return uuid.UUID(int=(self._at << 80) | MARKS | (self._draw(12) << 64) | self._draw(62))


def store_people(made: Commune, population: shapes.Population, ids: Ids, say: Callable[[str], object]) -> list[uuid.UUID]:
    """Write everybody with what is known of them; answers the ids in the order of `population.persons`."""
    keys = [ids() for _ in population.persons]
    homes = [Household(id=ids(), hamlet=made.hamlets[row.hamlet], number=f"{row.number:04d}", address=row.address) for row in population.households]
    numbers = _store_facts(made, population, keys, ids)
    now = _places_of_stay(population)
    by, draft = operator(), drafts(Person)
    for begin in range(0, len(keys), CHUNK):
        chunk = range(begin, min(begin + CHUNK, len(keys)))
        people = [_person(draft, made, population.persons[n], keys, n, homes, now[n]) for n in chunk]
        store_batch(by=by, batch=Batch(households=homes if begin == 0 else [], people=people, numbers=numbers))
    say(f"{len(keys)} người, {len(homes)} hộ.")
    return keys


def _places_of_stay(population: shapes.Population) -> dict[int, int]:
    """The hamlet where each person stays now, or stayed last."""
    best: dict[int, tuple[tuple[bool, bool, bool, datetime.date], int]] = {}
    for stay in population.residences:
        rank = (stay.end is None, stay.kind == "temporary", stay.kind != "absent", stay.start)
        if stay.person not in best or rank > best[stay.person][0]:
            best[stay.person] = (rank, stay.hamlet)
    return {person: hamlet for person, (_, hamlet) in best.items()}


def _person(draft: Callable[..., Person], made: Commune, row: shapes.Person, keys: list[uuid.UUID], n: int, homes: list[Household], hamlet: int) -> Person:
    return draft(
        id=keys[n], full_name=row.full_name, birth_date=row.birth_date, birth_precision=row.precision, sex=row.sex,
        ethnicity=ETHNICITIES.get(row.ethnicity, "Kinh"), occupation=row.occupation, phone=row.phone, household=homes[row.household],
        relation=row.relation, mother_id=None if row.mother is None else keys[row.mother], hamlet=made.hamlets[hamlet], died_on=row.died_on,
    )


def _store_facts(made: Commune, population: shapes.Population, keys: list[uuid.UUID], ids: Ids) -> dict[uuid.UUID, list[str]]:
    """What is known of people, before the people: the database looks at references when all is done; answers their numbers."""
    hamlets = [hamlet.pk for hamlet in made.hamlets]
    ended = {row.person: ids() for row in population.deaths}
    known = _numbers(population, keys, ids)
    _store(Identifier, ("id", "person_id", "kind", "value"), known)
    _store(Residence, ("id", "person_id", "place_id", "kind", "start", "end", "reason", "ended_by"), [
        (ids(), keys[stay.person], hamlets[stay.hamlet], stay.kind, stay.start, stay.end, _why(stay), ended.get(stay.person) if stay.left == "death" else None) for stay in population.residences])
    station = made.facilities[0].code
    _store(Coverage, ("id", "person_id", "card_number", "group", "facility_code", "start", "end"), [
        (ids(), keys[card.person], card.card_number, card.group, station, card.start, card.end) for card in population.coverages])
    _store(RecordEntry, ("id", "person_id", "kind", "on", "source"), [
        (ids(), keys[record.person], kind, day, source)
        for record in population.records
        for kind, day, source in (("opened", record.opened_on, "Lập hồ sơ tại hộ"), *(("updated", day, "Rà soát tại hộ") for day in record.updates))])
    _store(Death, DEATH, _deaths(population, keys, ended, made.users["dieuduong"].full_name))
    _store(Checkup, CHECKUP, _checkups(population, keys, ids))
    numbers: dict[uuid.UUID, list[str]] = {key: [] for key in keys}
    for _, owner, _, number in known:
        numbers[owner].append(number)
    for card in population.coverages:
        numbers[keys[card.person]].append(card.card_number)
    return {key: list(dict.fromkeys(found)) for key, found in numbers.items()}  # a card renewed keeps its number


def _store(model: type[Fact], names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    by = operator()
    for begin in range(0, len(rows), 4 * CHUNK):
        store_values(model, names, rows[begin:begin + 4 * CHUNK], by=by, permission="people.write", action="import")


def _numbers(population: shapes.Population, keys: list[uuid.UUID], ids: Ids) -> list[tuple[uuid.UUID, uuid.UUID, str, str]]:
    made = []
    for n, row in enumerate(population.persons):
        if row.national_id:
            made.append((ids(), keys[n], "national" if len(row.national_id) == 12 else "old_national", row.national_id))
    codes_of = {card.person: insurance_code(card.card_number) for card in population.coverages}
    return made + [(ids(), keys[n], "insurance", code) for n, code in codes_of.items()]


def _deaths(population: shapes.Population, keys: list[uuid.UUID], ids: dict[int, uuid.UUID], recorder: str) -> list[tuple[object, ...]]:
    born = [person.birth_date for person in population.persons]
    return [
        (ids[row.person], keys[row.person], row.day, row.hour, row.setting, row.cause, row.icd10, None, row.attended, row.informant,
         "", recorder, "", (row.day - born[row.person]).days, age_group_of(born[row.person], row.day))
        for row in population.deaths]


def _why(stay: shapes.Residence) -> str:
    came = {"birth": "sinh ra", "arrival": "chuyển đến", "before": ""}[stay.came]
    left = {"death": "", "departure": "chuyển đi", "": ""}[stay.left]
    return "; ".join(word for word in (came, left) if word)


def _checkups(population: shapes.Population, keys: list[uuid.UUID], ids: Ids) -> list[tuple[object, ...]]:
    """At most one of a kind a day for each person, as the database demands; by person, as its indexes are filled twice as fast."""
    made: dict[tuple[int, datetime.date, str], tuple[object, ...]] = {}
    for row in population.checkups:
        kind, born = KINDS[row.kind], population.persons[row.person].birth_date
        made.setdefault((row.person, row.day, kind), (
            ids(), keys[row.person], row.day, kind, PLACES[row.place], row.health_class, row.systolic, row.diastolic, _decimal(row.weight_kg),
            _decimal(row.height_cm), _decimal(row.glucose_mmol), max(0, (row.day - born).days)))
    return [made[one] for one in sorted(made)]


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
