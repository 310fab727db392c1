"""The generated people as rows: households, persons, numbers, stays, cards, health records, check-ups, techniques."""

import datetime
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.actions.batches import Batch, store_batch
from tramyte.care.people.models import Coverage, Household, Identifier, Person, RecordEntry, Residence
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.writing import store_many
from tramyte.exchange.demo import shapes
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.health import make_techniques
from tramyte.rules.identity import insurance_code
from tramyte.station.techniques import codes
from tramyte.station.techniques.models import StationTechnique

CHUNK = 400
KINDS = {"periodic": "periodic", "screening": "screening", "school": "periodic", "elderly": "periodic"}
PLACES = {"station": "Trạm Y tế xã", "site": "Điểm trạm", "school": "Trường học", "hospital": "Bệnh viện"}
ETHNICITIES = {"01": "Kinh", "02": "Tày", "03": "Thái", "05": "Khmer", "06": "Mường", "07": "Nùng", "08": "Mông", "09": "Dao"}
T = TypeVar("T")


class Ids:
    """UUIDs of the seventh version that are the same for the same seed: the as-of day, a counter, drawn bits."""

    def __init__(self, seed: int, as_of: datetime.date) -> None:
        self._draw = random.Random(f"{seed} ids")
        self._at = int(datetime.datetime.combine(as_of, datetime.time(), datetime.UTC).timestamp() * 1000) - 10**8

    def __call__(self) -> uuid.UUID:
        """The next one, greater than all before."""
        self._at += 1
        bits = (self._at << 80) | (0x7 << 76) | (self._draw.getrandbits(12) << 64) | (0b10 << 62) | self._draw.getrandbits(62)
        return uuid.UUID(int=bits)


def store_people(made: Commune, population: shapes.Population, ids: Ids, say: Callable[[str], object]) -> list[uuid.UUID]:
    """Write everybody with what is known of them; answers the ids in the order of `population.persons`."""
    homes = [_household(made, ids(), row) for row in population.households]
    known = _by_person(population)
    keys = [ids() for _ in population.persons]
    by = operator()
    for begin in range(0, len(keys), CHUNK):
        batch, checkups = Batch(), []
        for index in range(begin, min(begin + CHUNK, len(keys))):
            _add(batch, checkups, made, population, index, keys, homes, known, ids)
        batch.households = homes if begin == 0 else []
        store_batch(by=by, batch=batch)
        store_many(checkups, by=by, permission="care.write", action="import")
    say(f"{len(keys)} người, {len(homes)} hộ.")
    return keys


def _household(made: Commune, id: uuid.UUID, row: shapes.Household) -> Household:
    return Household(id=id, hamlet=made.hamlets[row.hamlet], number=f"{row.number:04d}", address=row.address)


def _by_person(population: shapes.Population) -> dict[str, dict[int, list]]:
    """The facts of the population by kind and person."""
    def gathered(rows: Iterable[T]) -> dict[int, list[T]]:
        found: dict[int, list[T]] = defaultdict(list)
        for row in rows:
            found[row.person].append(row)  # type: ignore[attr-defined]
        return found
    return {
        "stays": gathered(population.residences), "cards": gathered(population.coverages),
        "records": gathered(population.records), "checkups": gathered(population.checkups),
    }


def _add(batch: Batch, checkups: list[Checkup], made: Commune, population: shapes.Population, index: int, keys: list[uuid.UUID], homes: list[Household], known: dict[str, dict[int, list]], ids: Ids) -> None:
    row = population.persons[index]
    stays = known["stays"][index]
    now = max(stays, key=lambda stay: (stay.end is None, stay.kind == "temporary", stay.kind != "absent", stay.start))
    person = Person(
        id=keys[index], full_name=row.full_name, birth_date=row.birth_date, birth_precision=row.precision, sex=row.sex,
        ethnicity=ETHNICITIES.get(row.ethnicity, "Kinh"), occupation=row.occupation, phone=row.phone, household=homes[row.household],
        relation=row.relation, mother_id=None if row.mother is None else keys[row.mother], hamlet=made.hamlets[now.hamlet], died_on=row.died_on,
    )
    batch.people.append(person)
    batch.identifiers += _numbers(person, row, known["cards"][index], ids)
    batch.residences += [
        Residence(id=ids(), person=person, place=made.hamlets[stay.hamlet], kind=stay.kind, start=stay.start, end=stay.end, reason=_why(stay))
        for stay in stays
    ]
    batch.coverages += [
        Coverage(id=ids(), person=person, card_number=card.card_number, group=card.group, facility_code=made.facilities[0].code, start=card.start, end=card.end)
        for card in known["cards"][index]
    ]
    for record in known["records"][index]:
        batch.entries.append(RecordEntry(id=ids(), person=person, kind="opened", on=record.opened_on, source="Lập hồ sơ tại hộ"))
        batch.entries += [RecordEntry(id=ids(), person=person, kind="updated", on=day, source="Cập nhật") for day in record.updates]
    checkups += _checkups(person, known["checkups"][index], ids)


def _numbers(person: Person, row: shapes.Person, cards: list[shapes.CoveragePeriod], ids: Ids) -> list[Identifier]:
    made = []
    if row.national_id:
        kind = "national" if len(row.national_id) == 12 else "old_national"
        made.append(Identifier(id=ids(), person=person, kind=kind, value=row.national_id))
    if cards:
        made.append(Identifier(id=ids(), person=person, kind="insurance", value=insurance_code(cards[-1].card_number)))
    return made


def _why(stay: shapes.Residence) -> str:
    came = {"birth": "sinh ra", "arrival": "chuyển đến", "before": ""}[stay.came]
    left = {"death": "mất", "departure": "chuyển đi", "": ""}[stay.left]
    return "; ".join(word for word in (came, left) if word)


def _checkups(person: Person, rows: list[shapes.CheckUp], ids: Ids) -> list[Checkup]:
    made = {}
    for row in rows:
        kind = KINDS[row.kind]
        made.setdefault((row.day, kind), Checkup(
            id=ids(), person=person, on=row.day, kind=kind, site=PLACES[row.place], health_class=row.health_class, systolic=row.systolic,
            diastolic=row.diastolic, weight_kg=row.weight_kg, height_cm=row.height_cm, glucose=row.glucose_mmol,
            age_days=max(0, (row.day - person.birth_date).days),
        ))
    return list(made.values())


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
