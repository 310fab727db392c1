"""Five years of doses that behave like real ones: monthly sessions, late doses, absentees, refusals, births in hospital, stock.

Children born in the five years are followed from birth on; what the schedule says of each dose and what comes next is stored as
`care.immunization.renewing` would store it (a test holds the two equal). Shares are round figures, for shape only.
"""

import datetime
import uuid
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tramyte.care.immunization import courses, renewing
from tramyte.care.immunization.catalogue import codes
from tramyte.care.immunization.forecasting import Subject, Ways, moment
from tramyte.care.immunization.models import (
    Activation,
    Course,
    Immunization,
    NotGiven,
    Programme,
    Recommendation,
    StockMovement,
    VaccineLot,
    VaccineProduct,
)
from tramyte.care.people.expecting import expecting, gestations
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.bulk import update_values
from tramyte.engine.actions.filling import indexed_afterwards
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.maternal import Births
from tramyte.exchange.demo.records import Ids
from tramyte.exchange.demo.residences import YEARS, stays
from tramyte.exchange.demo.shapes import Population
from tramyte.rules.calendar import add_months
from tramyte.rules.forecast import Child, Event, Given, Schedule, forecast, vietnam

CHUNK = 4_000
MANY = (Immunization, NotGiven, StockMovement, Recommendation, Course)
STOCKED = 60  # days back for which the doses of the station left a lot that is still kept
SITE, HOSPITAL, SERVICE = "Trạm Y tế xã Đồng Vân", "Bệnh viện đa khoa khu vực", "Phòng tiêm dịch vụ Bến Chợ"
# How a family comes: at once, some sessions late, staying away for months, not at all; and the vaccines of a service.
WAYS = Table([("prompt", 70.0), ("late", 20.0), ("absent", 5.0), ("refusing", 1.5), ("service", 3.5)])
LATE = {"prompt": Table([(0, 93.0), (1, 6.0), (2, 1.0)]), "late": Table([(0, 45.0), (1, 33.0), (2, 15.0), (4, 7.0)]), "absent": Table([(0, 40.0), (2, 20.0), (6, 25.0), (24, 15.0)])}
BORN_IN_HOSPITAL = 0.94
TETANUS = 0.82  # of the births those before which the mother had two doses
REASONS = ("gia đình sợ phản ứng sau tiêm", "gia đình theo tập quán riêng", "cha mẹ đi làm xa, ông bà không đồng ý")
FEVERS = ("sốt 38 độ", "đang viêm phế quản", "tiêu chảy, chờ khỏi")
PRODUCTS = {  # trade name is invented; doses in a vial and hours after opening as usual for such vaccines
    "BCG": ("BCG 10 liều", 10, 6), "DPT-VGB-HIB": ("5 trong 1 một liều", 1, None), "OPV": ("bOPV 20 liều", 20, 24), "IPV": ("IPV 5 liều", 5, 24),
    "MEASLES": ("Sởi 10 liều", 10, 6), "MR": ("Sởi - Rubella 10 liều", 10, 6), "DPT": ("DPT 20 liều", 20, 24), "JE": ("VNNB 5 liều", 5, 6), "ROTA": ("Rota một liều", 1, None),
    "UV": ("Uốn ván 20 liều", 20, 24), "HEPB": ("Viêm gan B một liều", 1, None)}
KEYS = {code: key for key, code in codes().items()}
NAMES = (
    "id", "person_id", "vaccine_id", "on", "at", "dose_number", "source", "lot_id", "lot_number", "site", "reaction", "age_days", "counts_as", "verdict", "verdict_text")


VACCINE, DUE = renewing.ROW.index("vaccine"), renewing.ROW.index("due_on")
Come = Callable[[int, int], int]  # (age in months, not before) -> the day on which the family comes


@dataclass(slots=True)
class Shot:
    """A dose while it is drawn. day: ordinal."""

    day: int
    code: str
    site: str = SITE
    at: str = ""
    number: int = 1


@dataclass
class Drawing:
    """Everything that is drawn and kept until it is written."""

    population: Population
    keys: Sequence[uuid.UUID]
    seed: int
    as_of: datetime.date
    rota_from: datetime.date
    births: Births
    schedule: Schedule = field(init=False)
    draws: Draws = field(init=False)
    ids: Ids = field(init=False)
    sessions: list[list[int]] = field(init=False)
    lots: dict[str, uuid.UUID] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    doses: list[tuple[object, ...]] = field(default_factory=list)
    refusals: list[tuple[object, ...]] = field(default_factory=list)
    coming: list[tuple[uuid.UUID, renewing.Row]] = field(default_factory=list)
    reached: list[tuple[uuid.UUID, courses.Row]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schedule, self.draws, self.ids = vietnam(self.as_of), Draws(self.seed, "doses"), Ids(self.seed + 2, self.as_of)
        first = add_months(self.as_of, -12 * (YEARS + 1)).replace(day=1)
        months = [add_months(first, n) for n in range(12 * (YEARS + 1) + 1)]
        self.sessions = [[month.toordinal() + 4 + site for month in months] for site in range(3)]


def store_immunization(made: Commune, population: Population, keys: Sequence[uuid.UUID], seed: int, as_of: datetime.date, births: Births) -> int:
    """Write programme, stock, doses, refusals and what comes next; answers how many doses. births: when and where children were born."""
    first = add_months(as_of, -12 * YEARS)
    drawing = Drawing(population, keys, seed, as_of, add_months(as_of.replace(day=1), -7), births)
    _begin(drawing, made, first)
    _stock(drawing, made)
    spans, mothers = stays(population), Counter[int]()
    for index, person in enumerate(population.persons):
        if person.birth_date >= first:
            _child(drawing, index, spans[index])
            if person.mother is not None:
                mothers[person.mother] += 1
    _mothers(drawing, mothers)
    with indexed_afterwards(MANY):
        _write(Immunization, NAMES, drawing.doses)
        _write(NotGiven, ("id", "person_id", "kind", "group", "on", "until", "reason"), drawing.refusals)
        _write(StockMovement, ("id", "lot_id", "kind", "doses", "on", "reason", "immunization"), _movements(drawing))
        renewing.lay(drawing.coming)
        courses.lay(drawing.reached)
    return len(drawing.doses)


def follow_pregnancies(as_of: datetime.date) -> int:
    """Store how far pregnant women were at their tetanus doses, and which come next, once the pregnancies are there; answers of how many."""
    given = list(Immunization.objects.filter(vaccine__code="UV", entered_in_error=False).values_list("pk", "person_id", "on"))
    found = gestations((person, on) for _, person, on in given)
    update_values(Immunization, ("gestation_days",), [(key, found[person, on]) for key, person, on in given if (person, on) in found])
    return renewing.renew(list(expecting(as_of)), Ways.on(as_of))


def _write(model: type[Fact], names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    by = operator()
    for begin in range(0, len(rows), CHUNK):
        store_values(model, names, rows[begin:begin + CHUNK], by=by, permission="vaccines.write", action="import")


def _begin(drawing: Drawing, made: Commune, first: datetime.date) -> None:
    """The commune follows children born in the five years; the province began Rota lately."""
    _write(Programme, ("id", "place_id", "born_from"), [(drawing.ids(), made.commune.pk, first)])
    _write(Activation, ("id", "place_id", "group", "valid_from", "born_from", "source"), [
        (drawing.ids(), made.commune.pk, "ROTA", add_months(drawing.rota_from, 2), drawing.rota_from, "Kế hoạch bịa để trình diễn")])


def _stock(drawing: Drawing, made: Commune) -> None:
    """One lot of each product at the station; what came of it is written when it is known how much was given."""
    products, lots = [], []
    for n, (code, (name, doses, hours)) in enumerate(PRODUCTS.items()):
        product, lot = drawing.ids(), drawing.ids()
        products.append((product, KEYS[code], name, "Hãng bịa", doses, hours))
        drawing.lots[code], drawing.numbers[code] = lot, f"DV{drawing.as_of:%y}{n + 1:02d}"
        lots.append((lot, product, made.facilities[0].pk, drawing.numbers[code], add_months(drawing.as_of, 5 + n)))
    _write(VaccineProduct, ("id", "vaccine_id", "name", "manufacturer", "doses_per_vial", "open_hours"), products)
    _write(VaccineLot, ("id", "product_id", "facility_id", "number", "expires_on"), lots)


def _movements(drawing: Drawing) -> list[tuple[object, ...]]:
    """What came two months ago, each dose given since, and what each session threw away of opened vials; enough is left for who is due."""
    codes = {lot: code for code, lot in drawing.lots.items()}
    given = [(row[7], row[3], row[0]) for row in drawing.doses if row[7]]
    used = Counter((lot, day) for lot, day, _ in given)
    lost = {(lot, day): -count % PRODUCTS[codes[lot]][1] for (lot, day), count in used.items()}
    needed = Counter(vaccine for _, vaccine in {(key, row[VACCINE]) for key, row in drawing.coming if row[DUE] and row[DUE] <= drawing.as_of})
    came = drawing.as_of - datetime.timedelta(days=STOCKED + 1)
    rows: list[tuple[object, ...]] = []
    for code, lot in drawing.lots.items():
        vial, gone = PRODUCTS[code][1], sum(used[key] + lost[key] for key in used if key[0] == lot)
        received = gone + -(-(needed[code] * 3 // 2 + 10 + len(drawing.population.persons) // 100) // vial) * vial
        rows.append((drawing.ids(), lot, "received", received, came, "phiếu xuất của CDC tỉnh", None))
    rows += [(drawing.ids(), lot, "wasted", doses, day, f"buổi tiêm {day:%d/%m/%Y}: còn trong lọ đã mở", None) for (lot, day), doses in lost.items() if doses]
    return rows + [(drawing.ids(), lot, "used", 1, day, "", dose) for lot, day, dose in given]


def _child(drawing: Drawing, index: int, span: tuple[datetime.date, datetime.date]) -> None:
    """One child's doses, refusals and what comes next."""
    person, draws = drawing.population.persons[index], drawing.draws
    way = draws.weighted(WAYS)
    last = min(span[1], person.died_on or drawing.as_of, drawing.as_of).toordinal()
    shots = [shot for shot in [*_at_birth(drawing, index), *_course(drawing, index, way)] if shot.day <= last]
    shots.sort(key=lambda shot: shot.day)
    events: list[Event] = []
    if way == "refusing" and last - person.birth_date.toordinal() > 80:
        _not_given(drawing, index, "refused", person.birth_date.toordinal() + 70, None, draws.pick(REASONS), events)
    elif draws.chance(0.02) and last == drawing.as_of.toordinal() and last - person.birth_date.toordinal() > 30:
        _not_given(drawing, index, "deferred", last - 3, last + draws.between(4, 12), draws.pick(FEVERS), events)
    given = [_given(shot) for shot in shots]
    activated = frozenset({"ROTA"}) if person.birth_date >= drawing.rota_from else frozenset()
    born_at = drawing.births[index][0] if index in drawing.births else None
    child = Child(person.birth_date, person.sex, given, born_at, events, activated)
    _keep(drawing, index, child, shots, followed=person.died_on is None)


def _given(shot: Shot) -> Given:
    on = datetime.date.fromordinal(shot.day)
    return Given(on, shot.code, moment(on, shot.at), shot.site != SITE)


def _keep(drawing: Drawing, index: int, child: Child, shots: Sequence[Shot], *, followed: bool) -> None:
    """Judge the doses and keep rows of them and of what comes next."""
    plan, key = forecast(child, drawing.schedule, drawing.as_of), drawing.keys[index]
    since = drawing.as_of.toordinal() - STOCKED
    born = child.born.toordinal()
    for shot, worth in zip(shots, renewing.judgements(plan), strict=True):
        kept = shot.site == SITE and shot.day >= since
        source = "station" if kept else "import" if shot.site == SITE else "elsewhere"
        reaction = "sốt nhẹ, hết trong 24 giờ" if shot.code == "DPT-VGB-HIB" and drawing.draws.chance(0.04) else ""
        lot, number = (drawing.lots[shot.code], drawing.numbers[shot.code]) if kept else (None, "")
        drawing.doses.append((
            drawing.ids(), key, KEYS[shot.code], datetime.date.fromordinal(shot.day), shot.at, shot.number, source, lot, number, shot.site, reaction, shot.day - born,
            *worth))
    subject = Subject(key.hex, child, [], drawing.schedule, followed)
    drawing.coming += [(key, row) for row in renewing.rows_of(subject, plan)]
    if course := courses.course_of(subject, plan):
        drawing.reached.append((key, course))


def _not_given(drawing: Drawing, index: int, kind: str, on: int, until: int | None, reason: str, events: list[Event]) -> None:
    day, end = datetime.date.fromordinal(on), datetime.date.fromordinal(until) if until else None
    drawing.refusals.append((drawing.ids(), drawing.keys[index], kind, "", day, end, reason))
    events.append(Event(kind, day, "", end))


def _at_birth(drawing: Drawing, index: int) -> list[Shot]:
    """Hepatitis B within a day of most who were born where there is vaccine, by the clock of the birth; BCG within days or at the next session."""
    draws, day = drawing.draws, drawing.population.persons[index].birth_date.toordinal()
    born, place = drawing.births.get(index) or (None, "hospital" if draws.chance(BORN_IN_HOSPITAL) else "home")
    bcg = Shot(day + draws.between(1, 3), "BCG", HOSPITAL) if place in ("hospital", "clinic") and draws.chance(0.8) else Shot(_session(drawing, day % 3, day + 3), "BCG")
    if place in ("home", "way") or not draws.chance(0.97):
        return [bcg]
    hours = draws.between(1, 20) if draws.chance(0.93) else draws.between(25, 60)
    given = (born or datetime.datetime.fromordinal(day).replace(hour=draws.between(0, 2))) + datetime.timedelta(hours=hours, minutes=15)
    return [Shot(given.date().toordinal(), "HEPB", SITE if place == "station" else HOSPITAL, f"{given:%H:%M}"), bcg]


def _session(drawing: Drawing, site: int, day: int, skipped: int = 0) -> int:
    """The first session of a site on or after a day, or so many later; far in the future when there is none any more."""
    sessions = drawing.sessions[site]
    at = bisect_left(sessions, day) + skipped
    return sessions[at] if at < len(sessions) else sessions[-1] + 10_000


def _course(drawing: Drawing, index: int, way: str) -> list[Shot]:
    """The doses from two months on, as the family comes."""
    person, draws = drawing.population.persons[index], drawing.draws
    if way == "refusing":
        return []
    site, late = drawing.population.households[person.household].hamlet % 3, LATE.get(way, LATE["prompt"])

    def come(months: int, after: int) -> int:
        return _session(drawing, site, max(add_months(person.birth_date, months).toordinal(), after), draws.weighted(late))

    first, basic = _basic(drawing, index, way, come)
    day = come(9, 0)
    shots = [*basic, Shot(day, "MEASLES")]
    if way != "service":
        polio = come(5, 0)
        shots += [Shot(polio, "IPV"), Shot(day if day >= polio + 125 else _session(drawing, site, polio + 125), "IPV", number=2)]
    encephalitis = come(12, 0)
    second = _session(drawing, site, encephalitis + 7)
    booster = come(18, max(first + 185, day + 28))
    shots += [Shot(encephalitis, "JE"), Shot(second, "JE", number=2), Shot(come(24, second + 366), "JE", number=3), Shot(booster, "MR", number=2)]
    return [*shots, Shot(booster, "DPT", number=4)] if draws.chance(0.94) else shots


def _basic(drawing: Drawing, index: int, way: str, come: Come) -> tuple[int, list[Shot]]:
    """The three basic doses with their companions, and the day of the last; once in a while a few days too early."""
    person, draws = drawing.population.persons[index], drawing.draws
    site, service = drawing.population.households[person.household].hamlet % 3, way == "service"
    shots, after = [], 0
    for number, months in ((1, 2), (2, 3), (3, 4)):
        day = come(months, after + 28 if after else 0)
        if number == 1 and draws.chance(0.006):
            day = _session(drawing, site, add_months(person.birth_date, 2).toordinal() - 20)
        shots.append(Shot(day, "DPT-VGB-HIB-IPV" if service else "DPT-VGB-HIB", SERVICE if service else SITE, number=number))
        if not service:
            shots.append(Shot(day, "OPV", number=number))
        if person.birth_date >= drawing.rota_from and number <= 2 and day < person.birth_date.toordinal() + 138:
            shots.append(Shot(day, "ROTA", number=number))
        after = day
    return after, shots


def _mothers(drawing: Drawing, mothers: Counter[int]) -> None:
    """Two tetanus doses in the months before a birth, of most mothers; one more before each further birth."""
    births: dict[int, list[int]] = {}
    for person in drawing.population.persons:
        if person.mother in mothers:
            births.setdefault(person.mother, []).append(person.birth_date.toordinal())
    for index, days in sorted(births.items()):
        mother = drawing.population.persons[index]
        floor = add_months(drawing.as_of, -12 * YEARS).toordinal()
        shots = []
        for nth, day in enumerate(sorted(day for day in days if day >= floor)):
            if drawing.draws.chance(TETANUS):
                first = _session(drawing, index % 3, max(day - 150, floor))
                shots += [Shot(first, "UV", number=2 * nth + 1)] if nth else [Shot(first, "UV"), Shot(_session(drawing, index % 3, first + 31), "UV", number=2)]
        last = (mother.died_on or drawing.as_of).toordinal()
        shots = [shot for shot in {shot.day: shot for shot in shots}.values() if shot.day <= last and shot.day < drawing.as_of.toordinal()]
        if shots:
            shots.sort(key=lambda shot: shot.day)
            _keep(drawing, index, Child(mother.birth_date, "F", [_given(shot) for shot in shots]), shots, followed=False)
