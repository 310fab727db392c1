"""Five years of pregnancies, births and family planning that behave like real ones: late comers, missed visits, small babies, twins.

Every child of the five years whose mother is known gets the pregnancy it came from; others go on today. Shares are round figures, for
shape only.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from tramyte.care.maternal.models import (
    Abortion,
    AntenatalContact,
    Delivery,
    FamilyPlanning,
    Newborn,
    PostnatalContact,
    Pregnancy,
    Screening,
)
from tramyte.engine import clock
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.records import Ids
from tramyte.exchange.demo.residences import YEARS, stays
from tramyte.exchange.demo.shapes import Population
from tramyte.rules.calendar import add_months, age_years
from tramyte.rules.pregnancy import Finding, next_visit, risks_of, term_of

CHUNK, DAY = 4_000, datetime.timedelta(days=1)
SHORTEST_GAP = 300  # days between two births of one woman; closer ones are left without a pregnancy
FIRST_SEEN = Table([(8, 30.0), (10, 28.0), (12, 14.0), (16, 13.0), (21, 8.0), (29, 5.0), (0, 2.0)])  # weeks; 0: never
PLACES = Table([("hospital", 90.0), ("station", 5.0), ("clinic", 3.5), ("home", 1.2), ("way", 0.3)])
SITES = {"hospital": "Bệnh viện đa khoa khu vực", "station": "Trạm Y tế xã Đồng Vân", "clinic": "Phòng khám sản tư nhân", "home": "", "way": ""}
METHODS = Table([("pill", 30.0), ("iud", 26.0), ("condom", 18.0), ("implant", 7.0), ("injection", 5.0), ("female_sterilization", 3.0), ("traditional", 11.0)])
LASTS = {"pill": 84, "condom": 90, "injection": 90}  # days that one supply lasts
MISSED, USING, PREGNANT_SHARE = 0.12, 0.62, 0.72
ROWS: dict[type[Fact], tuple[str, ...]] = {
    Pregnancy: (
        "id", "person_id", "registered_on", "lmp", "scan_on", "scan_days", "gravida", "para", "caesarean", "height_cm", "fetuses", "outcome", "ended_on", "since", "due_on", "dated_by",
        "risks", "next_due"),
    AntenatalContact: (
        "id", "person_id", "pregnancy_id", "on", "site", "weight_kg", "systolic", "diastolic", "fundal_cm", "haemoglobin", "protein", "hiv", "syphilis", "hepatitis_b", "tetanus", "iron",
        "fetal_heart", "lie", "examiner", "gestation", "term"),
    Delivery: ("id", "person_id", "pregnancy_id", "on", "at", "place", "site", "attendant", "attendant_name", "mode", "gestation"),
    Newborn: ("id", "mother_id", "delivery_id", "child_id", "on", "at", "order", "sex", "weight_g", "length_cm", "state", "apgar1", "apgar5", "breastfed", "vitamin_k"),
    PostnatalContact: ("id", "person_id", "delivery_id", "on", "site", "breastfeeding", "examiner", "day"),
    Screening: ("id", "person_id", "on", "kind", "site", "diseases", "counselled", "result"),
    FamilyPlanning: ("id", "person_id", "on", "method", "act", "quantity", "until", "stock_out", "why", "boys", "girls", "provider"),
    Abortion: ("id", "person_id", "pregnancy_id", "on", "marital", "living", "lmp", "method", "result", "provider", "recheck_on", "gestation"),
}


Births = dict[int, tuple[datetime.datetime, str]]  # of a child by its place in the population: when and where it was born


def store_maternal(made: Commune, population: Population, keys: Sequence[uuid.UUID], seed: int) -> Births:
    """Write the pregnancies, births and what belongs to them; answers the births."""
    teller = Teller(population, keys, seed, made.users["dieuduong"].full_name)
    teller.tell()
    by = operator()
    for model, names in ROWS.items():
        rows = teller.rows[model]
        for begin in range(0, len(rows), CHUNK):
            store_values(model, names, rows[begin:begin + CHUNK], by=by, permission="maternal.write", action="import")
    return teller.born


@dataclass
class Course:
    """One pregnancy as it is being told: the woman, day 0, the last day that is known, gestations of contacts, what they found."""

    woman: int
    key: uuid.UUID
    since: datetime.date
    until: datetime.date
    earlier: int
    seen: list[int] = field(default_factory=list)
    found: Finding | None = None


class Teller:
    """Draws one pregnancy after another and keeps it as rows."""

    def __init__(self, population: Population, keys: Sequence[uuid.UUID], seed: int, nurse: str) -> None:
        self.population, self.keys, self.nurse = population, keys, nurse
        self.draws, self.ids = Draws(seed, "maternal"), Ids(seed + 7, population.as_of)
        self.rows: defaultdict[type[Fact], list[tuple[object, ...]]] = defaultdict(list)
        self.spans = stays(population)
        self.first = add_months(population.as_of, -12 * YEARS)
        self.children: defaultdict[int, list[int]] = defaultdict(list)
        for index, person in enumerate(population.persons):
            if person.mother is not None:
                self.children[person.mother].append(index)
        self.born: Births = {}
        self.lately: dict[int, datetime.date] = {}  # the last birth of a woman that was told

    def tell(self) -> None:
        """Everything."""
        births = 0
        for woman, children in self.children.items():
            days: defaultdict[datetime.date, list[int]] = defaultdict(list)
            for child in children:
                if self.population.persons[child].precision == "day":
                    days[self.population.persons[child].birth_date].append(child)
            births += self._births(woman, days)
        self._go_on(round(births / YEARS * PREGNANT_SHARE))
        self._plan()
        self._young()

    def _births(self, woman: int, days: dict[datetime.date, list[int]]) -> int:
        told = 0
        for earlier, on in enumerate(sorted(days)):
            last = self.lately.get(woman)
            if on >= self.first and on <= self.spans[woman][1] and (last is None or (on - last).days >= SHORTEST_GAP):
                self._birth(woman, on, days[on], earlier)
                told += 1
            self.lately[woman] = on
        return told

    def _birth(self, woman: int, on: datetime.date, children: Sequence[int], earlier: int) -> None:
        draws = self.draws
        days = draws.between(231, 258) if draws.chance(0.06 if len(children) == 1 else 0.5) else draws.between(259, 287)
        course = Course(woman, self.ids(), on - days * DAY, on, earlier)
        first = draws.weighted(FIRST_SEEN)
        self._visits(course, first)
        self._pregnancy(course, len(children), "delivered")
        place, hour = draws.weighted(PLACES), draws.between(0, 1439)
        mode = "caesarean" if place == "hospital" and draws.chance(0.33) else "vaginal"
        attendant = ("doctor" if mode == "caesarean" else "midwife") if SITES.get(place) else draws.pick(("village_midwife", "untrained", "nobody"))
        key, at = self.ids(), f"{hour // 60:02d}:{hour % 60:02d}"
        self.rows[Delivery].append((
            key, self.keys[woman], course.key, on, at, place, SITES[place], attendant, self.nurse if place == "station" else "", mode, days))
        for order, child in enumerate(children, 1):
            self.born[child] = datetime.datetime.combine(on, datetime.time.fromisoformat(at), clock.ZONE), place
            self._newborn(course, key, child, order, days, at, twins=len(children) > 1)
        self._weeks_after(woman, key, on)
        if draws.chance(0.58):
            self._screen(woman, on - (days - 90) * DAY, "prenatal", 4 if draws.chance(0.85) else 3)

    def _visits(self, course: Course, first: int) -> None:
        draws, term = self.draws, (course.until - course.since).days
        if not first:
            return
        weeks = [first, *(week for week in (12, 16, 20, 24, 28, 32, 36, 38) if week > first + 2 and not draws.chance(0.45 if week in (16, 20, 28, 38) else MISSED))]
        weight, height = draws.bell(50.5, 6), round(draws.bell(154, 5))
        tetanus = draws.between(0, 2)
        for week in weeks:
            days = week * 7 + draws.between(-3, 5)
            if days >= term:
                break
            on = course.since + days * DAY
            tetanus += 1 if week in (20, 24) and tetanus < 3 else 0
            self._visit(course, on, days, weight + max(0, week - 12) * 0.42, tetanus, height)

    def _visit(self, course: Course, on: datetime.date, days: int, weight: float, tetanus: int, height: int) -> None:
        draws, week = self.draws, days // 7
        systolic = min(round(draws.bell(111, 9)) + (28 if week > 26 and draws.chance(0.03) else 0), 178)
        diastolic = round(systolic * 0.62 + draws.bell(2, 4))
        blood, fundal = round(draws.bell(117, 8)), round(week + draws.bell(-0.5, 1.1)) if week >= 20 else None
        heart = round(draws.bell(142, 7)) if week >= 16 else None
        lie = ("head" if draws.chance(0.94) else "breech") if week >= 32 else ""
        first = not course.seen
        tests = tuple(("pos" if draws.chance(share) else "neg") if first and draws.chance(0.9) else "" for share in (0.002, 0.003, 0.08))
        protein = ("1+" if draws.chance(0.02) else "neg") if week >= 20 and draws.chance(0.8) else ""
        self.rows[AntenatalContact].append((
            self.ids(), self.keys[course.woman], course.key, on, SITES["station"] if draws.chance(0.7) else SITES["hospital"], _decimal(weight), systolic, diastolic,
            _decimal(fundal), blood, protein, *tests, tetanus, True, heart, lie, self.nurse, days, term_of(days)))
        course.seen.append(days)
        held = course.found
        course.found = Finding(
            days, systolic=systolic, diastolic=diastolic, haemoglobin=blood, protein=protein, fetal_heart=heart, fundal_cm=fundal, presentation=lie, height_cm=height,
            hiv=(held.hiv if held else "") or tests[0], syphilis=(held.syphilis if held else "") or tests[1], hepatitis_b=(held.hepatitis_b if held else "") or tests[2])

    def _pregnancy(self, course: Course, fetuses: int, outcome: str) -> None:
        woman, draws, found = self.population.persons[course.woman], self.draws, course.found
        scar = course.earlier > 0 and draws.chance(0.2)
        known = dict(vars(found)) if found else {}
        finding = Finding(**{**known, "days": course.seen[-1] if course.seen else 0, "age": age_years(woman.birth_date, course.since), "births": course.earlier, "scar": scar, "fetuses": fetuses})
        registered = course.since + course.seen[0] * DAY if course.seen else None
        scanned = course.seen[0] if course.seen and course.seen[0] < 112 and draws.chance(0.6) else None
        due = None if outcome else next_visit(course.seen, course.since)[0]
        self.rows[Pregnancy].append((
            course.key, self.keys[course.woman], registered, course.since, registered if scanned else None, scanned, course.earlier + 1, f"{min(course.earlier, 9)}00{min(course.earlier, 9)}",
            scar, _decimal(finding.height_cm), fetuses, outcome, course.until if outcome else None, course.since, course.since + 280 * DAY, "lmp",
            " ".join(risk.code for risk in risks_of(finding)), due))

    def _newborn(self, course: Course, delivery: uuid.UUID, child: int, order: int, days: int, at: str, *, twins: bool) -> None:
        draws, person = self.draws, self.population.persons[child]
        weight = round(draws.bell(3170 if person.sex == "M" else 3080, 370) - max(0, 266 - days) * 24 - (650 if twins else 0), -1)
        weight = int(min(max(weight, 1100), 4900))
        on = course.until
        state = "weak" if weight < 2000 else "asphyxia" if draws.chance(0.008) else "well"
        self.rows[Newborn].append((
            self.ids(), self.keys[course.woman], delivery, self.keys[child], on, at, order, person.sex, weight, _decimal(47.5 + (weight - 3100) / 900), state, 8 if state == "well" else 6,
            9 if state == "well" else 8, draws.chance(0.8), draws.chance(0.95)))
        if draws.chance(0.66):
            self._screen(child, on + draws.between(2, 6) * DAY, "newborn", 5 if draws.chance(0.9) else 2)

    def _weeks_after(self, woman: int, delivery: uuid.UUID, on: datetime.date) -> None:
        for share, low, high in ((0.78, 1, 7), (0.8, 9, 42)):
            day = self.draws.between(low, high)
            if self.draws.chance(share) and on + day * DAY <= min(self.population.as_of, self.spans[woman][1]):
                self.rows[PostnatalContact].append((self.ids(), self.keys[woman], delivery, on + day * DAY, "Tại nhà", self.draws.chance(0.7), self.nurse, day))

    def _screen(self, index: int, on: datetime.date, kind: str, diseases: int | None) -> None:
        if self.first <= on <= self.population.as_of and on <= self.spans[index][1]:
            result = "normal" if self.draws.chance(0.96) else "suspect"
            self.rows[Screening].append((self.ids(), self.keys[index], on, kind, SITES["hospital"], diseases, True, result))

    def _women(self) -> list[int]:
        """Married women of 19 to 43 who live here, in a random order."""
        as_of, found = self.population.as_of, []
        for index, person in enumerate(self.population.persons):
            if person.sex == "F" and person.relation in ("Vợ", "Con dâu") and person.died_on is None and self.spans[index][1] >= as_of and 19 <= age_years(person.birth_date, as_of) < 44:
                found.append(index)
        return self.draws.shuffled(found)

    def _go_on(self, count: int) -> None:
        """Who is pregnant today; one in twelve ended it early."""
        as_of, draws, free = self.population.as_of, self.draws, self._women()
        for index in free:
            if count <= 0:
                break
            last = self.lately.get(index)
            if (last is not None and (as_of - last).days < 500) or age_years(self.population.persons[index].birth_date, as_of) > 38:
                continue
            count -= 1
            early = draws.chance(0.08)
            since = as_of - (draws.between(60, 400) if early else draws.between(45, 279)) * DAY
            until = since + draws.between(42, 70) * DAY if early else as_of + DAY
            course = Course(index, self.ids(), since, min(until, as_of) if early else until, len(self.children[index]))
            self._visits(course, 0 if early else draws.weighted(FIRST_SEEN) or 10)
            if early:
                self._end_early(course)
            elif course.seen or draws.chance(0.5):
                self._pregnancy(course, 1 if draws.chance(0.985) else 2, "")
            self.lately[index] = as_of

    def _end_early(self, course: Course) -> None:
        aborted = self.draws.chance(0.6)
        self._pregnancy(course, 1, "abortion" if aborted else "miscarriage")
        if aborted:
            self.rows[Abortion].append((
                self.ids(), self.keys[course.woman], course.key, course.until, "married", course.earlier, course.since, "medical" if self.draws.chance(0.55) else "vacuum", "complete",
                SITES["hospital"], course.until + 14 * DAY, (course.until - course.since).days))

    def _plan(self) -> None:
        """Who uses what: one line where a method lasts, supplies again and again of the others; some ran out, some stopped."""
        as_of, draws = self.population.as_of, self.draws
        for index in self._women():
            if self.lately.get(index) == as_of or not draws.chance(USING):
                continue
            method, born = draws.weighted(METHODS), [self.population.persons[child] for child in self.children[index]]
            after = max([self.lately.get(index, self.first) + 60 * DAY, self.first, *[child.birth_date + 60 * DAY for child in born]])
            start = draws.day(min(after, as_of), as_of)
            boys = sum(child.sex == "M" for child in born)
            lasting = LASTS.get(method)
            self._line(index, start, method, "start", 3 if lasting else None, start + lasting * DAY if lasting else None, boys, len(born) - boys)
            again = start + (lasting or 0) * DAY
            if lasting and again <= as_of and draws.chance(0.8):
                later = max(again, as_of - draws.between(0, lasting) * DAY)
                self._line(index, later, method, "continue", 3, later + lasting * DAY, boys, len(born) - boys, out=draws.chance(0.04))
            elif (as_of - start).days > 200 and draws.chance(0.05):
                self._line(index, start + 180 * DAY, method, "stop", None, None, boys, len(born) - boys, why=draws.pick(("pregnancy", "side_effects", "change")))

    def _line(
        self, index: int, on: datetime.date, method: str, act: str, quantity: int | None, until: datetime.date | None, boys: int, girls: int, *, out: bool = False, why: str = "",
    ) -> None:
        if not any(row[1] == self.keys[index] and row[2] == on for row in self.rows[FamilyPlanning][-2:]):
            self.rows[FamilyPlanning].append((self.ids(), self.keys[index], on, method, act, None if out else quantity, None if out else until, out, why, boys, girls, self.nurse))

    def _young(self) -> None:
        """Premarital examinations and counselling of adolescents, a few in each hundred of their age."""
        as_of = self.population.as_of
        for index, person in enumerate(self.population.persons):
            age = age_years(person.birth_date, as_of)
            if 12 <= age < 30 and person.died_on is None and self.spans[index][1] >= as_of and self.draws.chance(0.03):
                self._screen(index, as_of - self.draws.between(1, 700) * DAY, "adolescent" if age < 20 else "premarital", None)


@lru_cache(maxsize=4096)
def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.1f}")
