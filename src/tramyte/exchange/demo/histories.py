"""What the health records hold, part by part: of three in ten of those opened, the rest is still on paper.

Illnesses agree with the check-ups: who was measured high has often hypertension, who had high sugar mostly diabetes. The other
shares are rounded from what is known of Vietnamese adults (see `SHARES`), for shape only.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence

from tramyte.care.health_record.models import (
    AllergyIntolerance,
    Condition,
    FamilyMemberHistory,
    Observation,
    PartReview,
    Procedure,
)
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.filling import indexed_afterwards
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo import shapes
from tramyte.exchange.demo.draws import Draws
from tramyte.exchange.demo.records import Ids
from tramyte.rules.calendar import age_years

TYPED = 0.3  # of the opened records those whose parts are in the program
SKIPPED = 0.12  # of the parts of such a record those that nobody asked about yet
CHUNK = 4000
# Illness -> chance at ages below 18, below 40, below 60, and above.
SHARES = {
    "stomach": (0.0, 0.05, 0.10, 0.12), "asthma": (0.03, 0.02, 0.02, 0.03), "lung": (0.0, 0.0, 0.02, 0.07), "heart": (0.0, 0.0, 0.02, 0.08),
    "hepatitis": (0.0, 0.02, 0.03, 0.02), "goitre": (0.0, 0.01, 0.02, 0.02), "epilepsy": (0.004, 0.004, 0.004, 0.003), "tuberculosis": (0.0, 0.002, 0.005, 0.01),
    "mental": (0.0, 0.005, 0.006, 0.006), "cancer": (0.0, 0.001, 0.006, 0.012),
}
ALLERGIES = (
    ("medication", "Penicillin, nổi mề đay"), ("medication", "Thuốc giảm đau, phù mặt"), ("food", "Tôm, cua, ngứa"), ("food", "Đậu phộng"), ("chemical", "Bột giặt, viêm da tay"),
    ("other", "Phấn hoa, hắt hơi"))
OPERATIONS = ("Mổ ruột thừa", "Mổ lấy thai", "Kết hợp xương cẳng chân", "Mổ thoát vị bẹn", "Mổ đục thủy tinh thể")
DISABILITIES = ("hearing", "vision", "leg", "arm", "spine")
TREATED = ("uống thuốc đều", "uống thuốc đều", "uống thuốc không đều", "chưa dùng thuốc", "")
RELATIVES = ("mẹ", "bố", "anh ruột", "chị ruột", "ông nội", "bà ngoại")
LINE = ("id", "person_id", "code", "detail", "onset", "onset_precision", "on")
TABLES: dict[type[Fact], tuple[str, ...]] = {
    AllergyIntolerance: LINE, Condition: (*LINE, "category", "status"), FamilyMemberHistory: (*LINE, "relative"),
    Procedure: ("id", "person_id", "detail", "onset", "onset_precision", "on"), Observation: ("id", "person_id", "part", "code", "value", "on"),
    PartReview: ("id", "person_id", "part", "on", "finding", "number"),
}
Rows = defaultdict[type[Fact], list[tuple[object, ...]]]


class Teller:
    """Draws what one person after another tells, and keeps it as rows."""

    def __init__(self, population: shapes.Population, seed: int) -> None:
        self.population, self.draws = population, Draws(seed, "histories")
        self.rows: Rows = defaultdict(list)
        self.high: defaultdict[int, int] = defaultdict(int)
        self.sweet: set[int] = set()
        for row in population.checkups:
            self.high[row.person] += (row.systolic or 0) >= 140
            if (row.glucose_mmol or 0) >= 7:
                self.sweet.add(row.person)

    def tell(self, index: int, key: uuid.UUID, day: datetime.date) -> None:
        """Everything one person says on a day."""
        person, draws = self.population.persons[index], self.draws
        age = age_years(person.birth_date, day)
        band = (age >= 18) + (age >= 40) + (age >= 60)
        self._about(key, day, "allergy", AllergyIntolerance, [(code, words, *self._year(person, day), day) for code, words in ALLERGIES if draws.chance(0.007)])
        self._about(key, day, "illness", Condition, [(code, self._care(code), *self._year(person, day, 15), day, "illness", "active") for code in self._illnesses(index, band)])
        self._about(key, day, "disability", Condition, [(code, "", None, "day", day, "disability", "active") for code in DISABILITIES if draws.chance((0.002, 0.003, 0.006, 0.03)[band])])
        operations = [words for words in OPERATIONS if age >= 18 and draws.chance(0.03) and (person.sex == "F" or "thai" not in words)]
        self._about(key, day, "operation", Procedure, [(words, *self._year(person, day, 20), day) for words in operations])
        family = [code for code, share in (("hypertension", 0.14), ("diabetes", 0.06), ("cancer", 0.03)) if draws.chance(share)]
        self._about(key, day, "family", FamilyMemberHistory, [(code, "", None, "day", day, draws.pick(RELATIVES)) for code in family])
        if age >= 15:
            self._habits(person, key, day)

    def _about(self, key: uuid.UUID, day: datetime.date, part: str, model: type[Fact], told: Sequence[tuple[object, ...]]) -> None:
        """The lines of a part with its review; nothing when nobody asked."""
        if self.draws.chance(SKIPPED):
            return
        self.rows[model] += [(key, *line) for line in told]
        self.rows[PartReview].append((key, part, day, "present" if told else "none", 1))

    def _illnesses(self, index: int, band: int) -> list[str]:
        found = [code for code, shares in SHARES.items() if self.draws.chance(shares[band])]
        high = self.draws.chance((0.0, 0.45, 0.9)[min(self.high[index], 2)])
        sweet = index in self.sweet and self.draws.chance(0.75)
        return [*(["hypertension"] if high else []), *(["diabetes"] if sweet else []), *found]

    def _care(self, code: str) -> str:
        """What is said beside an illness that needs daily medicine."""
        return self.draws.pick(TREATED) if code in {"hypertension", "diabetes"} else ""

    def _year(self, person: shapes.Person, day: datetime.date, longest: int = 30) -> tuple[datetime.date, str]:
        """A year since when, not before the birth."""
        year = max(person.birth_date.year, day.year - self.draws.between(1, longest))
        return datetime.date(year, 1, 1), "year"

    def _habits(self, person: shapes.Person, key: uuid.UUID, day: datetime.date) -> None:
        man = person.sex == "M"
        smoking = self.draws.pick(("often", "often", "yes", "stopped", "never", "never", "never")) if man else "never"
        alcohol = self.draws.pick(("yes", "yes", "often", "never") if man else ("never", "never", "never", "yes"))
        activity = self.draws.pick(("often", "often", "yes", "never"))
        said = {"smoking": smoking, "alcohol": alcohol, "activity": activity, "toilet": "flush" if self.draws.chance(0.8) else "two_vaults"}
        self.rows[Observation] += [(key, "risk", code, value, day) for code, value in said.items()]
        self.rows[PartReview].append((key, "risk", day, "present", 1))


def store_histories(population: shapes.Population, keys: Sequence[uuid.UUID], seed: int) -> int:
    """Write what the records hold, asked about on the day each was last brought up to date; answers how many records."""
    teller, ids = Teller(population, seed), Ids(seed + 1, population.as_of)
    typed = [record for record in population.records if teller.draws.chance(TYPED)]
    for record in typed:
        teller.tell(record.person, keys[record.person], record.updated_on)
    by = operator()
    with indexed_afterwards(list(TABLES)):
        for model, names in TABLES.items():
            rows = [(ids(), *row) for row in teller.rows[model]]
            for begin in range(0, len(rows), CHUNK):
                store_values(model, names, rows[begin:begin + CHUNK], by=by, permission="people.write", action="import")
    return len(typed)
