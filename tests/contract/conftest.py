"""The ground that the example line of each register stands on."""

import dataclasses
import datetime
import functools

import pytest

from tramyte.engine.registers import registry
from tramyte.web.api import doors

MANY = 20  # lines of a usual file of these tests; some books write each line by itself, with all that follows from it
SLUGS = [register.slug for register in registry.registers()]


def ground_checkups(cast):
    """Fifty people; the example's is the first."""
    from tramyte.care.people.models import Identifier, Person

    lines = []
    for n in range(50):
        name = "Nguyễn Thị Mận" if n == 0 else f"Người Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"
        person = Person.objects.create(full_name=name, birth_date=datetime.date(1956, 3, 5), sex="F", hamlet=cast.hamlets[0])
        Identifier.objects.create(person=person, kind="national", value=f"{37056000123 + n:012d}")
        lines.append({"person": f"{37056000123 + n:012d}", "person.full_name": name})
    return lines


def ground_coverages(cast):
    """The example's person, fifty cards."""
    from tramyte.care.people.models import Identifier, Person

    lines = []
    for n in range(50):
        name = "Nguyễn Văn An" if n == 0 else f"Người Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"
        person = Person.objects.create(full_name=name, birth_date=datetime.date(1956, 5, 12), sex="M", hamlet=cast.hamlets[0])
        Identifier.objects.create(person=person, kind="national", value=f"{37056001234 + n:012d}")
        lines.append({"person": f"{37056001234 + n:012d}", "person.full_name": name})
    return lines


def ground_station_techniques(cast):
    """A catalogue of fifty techniques."""
    from tramyte.station.techniques.actions import load_techniques

    lines = [(f"TYT.{n:03d}", "Đo huyết áp" if n == 1 else f"Kỹ thuật {n}", "Khám bệnh") for n in range(1, 51)]
    load_techniques(by=cast.director, lines=lines, name="Danh mục", source="bịa", valid_from=datetime.date(2025, 7, 1))
    return [{"technique": code, "technique.name": name} for code, name, _ in lines]


def ground_residents(cast):
    """Fifty new people need no ground."""
    return [{"full_name": f"Nguyễn Văn {chr(65 + n // 26)}{chr(97 + n % 26)}n", "birth": f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{1930 + n}", "national_id": f"0370{(1930 + n) % 100:02d}{1000 + n * 37:06d}",
             "card_number": f"GD43701{10000000 + n * 977:08d}", "phone": f"09{12345678 + n}"} for n in range(50)]


def ground_households(cast):
    """Fifty numbers of one hamlet."""
    return [{"number": f"{n:04d}"} for n in range(412, 462)]


def ground_deaths(cast):
    """Fifty people to die; the example's is the first."""
    return [{name: line[name] for name in ("person", "person.full_name")} for line in ground_coverages(cast)]


def ground_conditions(cast):
    """Fifty people with one illness each; the example's is the first."""
    return [{**line, "person.birth_date": "05/03/1956"} for line in ground_checkups(cast)]


def ground_growth(cast):
    """Fifty children; the example's is the first."""
    from tramyte.care.people.models import Identifier, Person

    lines = []
    for n in range(50):
        name = "Nguyễn Minh Khôi" if n == 0 else f"Trẻ Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"
        person = Person.objects.create(full_name=name, birth_date=datetime.date(2025, 3, 12), sex="M", hamlet=cast.hamlets[0])
        Identifier.objects.create(person=person, kind="national", value=f"{37225000123 + n:012d}")
        lines.append({"person": f"{37225000123 + n:012d}", "person.full_name": name})
    return lines


def ground_women(cast):
    """Fifty women in a household; the example's is the first."""
    from tramyte.care.people.models import Household, Identifier, Person

    home, lines = Household.objects.create(hamlet=cast.hamlets[0], number="0412"), []
    for n in range(50):
        name = "Nguyễn Thị Mận" if n == 0 else f"Người Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"
        person = Person.objects.create(full_name=name, birth_date=datetime.date(1996, 3, 5), sex="F", hamlet=cast.hamlets[0], household=home, relation="Vợ")
        Identifier.objects.create(person=person, kind="national", value=f"{37196000001 + n:012d}")
        lines.append({"person": f"{37196000001 + n:012d}", "person.full_name": name})
    return lines


def ground_births(cast):
    """Fifty mothers, each with one child; the first got her dose of hepatitis B."""
    from tramyte.care.immunization.catalogue import install

    install()
    named = [
        {"mother": line["person"], "mother.full_name": line["person.full_name"], "name": f"Trẻ Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"}
        for n, line in enumerate(ground_women(cast))]
    return [line | ({"hepatitis_b_at": ""} if n else {}) for n, line in enumerate(named)]


def ground_immunizations(cast):
    """Fifty children; the example's is the first."""
    from tramyte.care.immunization.catalogue import install
    from tramyte.care.people.models import Identifier, Person

    install()
    lines = []
    for n in range(50):
        name = "Nguyễn Minh Khôi" if n == 0 else f"Trẻ Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"
        person = Person.objects.create(full_name=name, birth_date=datetime.date(2026, 1, 10), sex="M", hamlet=cast.hamlets[0])
        Identifier.objects.create(person=person, kind="national", value=f"{37226001234 + n:012d}")
        lines.append({"person": f"{37226001234 + n:012d}", "person.full_name": name})
    return lines


def ground_school_reviews(cast):
    """Fifty children of four; the example's is the first."""
    from tramyte.care.immunization.catalogue import install
    from tramyte.care.people.models import Identifier, Person

    install()
    lines = []
    for n in range(50):
        name = "Nguyễn Minh Khôi" if n == 0 else f"Trẻ Thứ {chr(65 + n // 26)}{chr(65 + n % 26)}"
        person = Person.objects.create(full_name=name, birth_date=datetime.date(2022, 1, 10), sex="M", hamlet=cast.hamlets[0])
        Identifier.objects.create(person=person, kind="national", value=f"{37222001234 + n:012d}")
        lines.append({"person": f"{37222001234 + n:012d}", "person.full_name": name})
    return lines


def ground_vaccine_lots(cast):
    """One product, fifty lots of it at the station."""
    from tramyte.care.immunization.catalogue import install, vaccine_id
    from tramyte.care.immunization.models import VaccineProduct

    install()
    VaccineProduct.objects.create(vaccine_id=vaccine_id("BCG"), name="BCG 10 liều", doses_per_vial=10, open_hours=6)
    return [{"facility": cast.station.code, "number": f"B{2512 + n}"} for n in range(50)]


def ground_reactions(cast):
    """Fifty children with a dose of the 5-in-1 each; the example's is the first."""
    from tramyte.care.immunization.catalogue import vaccine_id
    from tramyte.care.immunization.models import Immunization
    from tramyte.care.people.models import Person

    lines = ground_immunizations(cast)
    Immunization.objects.bulk_create([
        Immunization(person=person, vaccine_id=vaccine_id("DPT-VGB-HIB"), on=datetime.date(2026, 3, 12), source="import", age_days=61) for person in Person.objects.all()])
    return lines


def ground_storage_equipment(cast):
    """Fifty refrigerators of the station."""
    return [{"facility": cast.station.code, "code": f"TL-{n:02d}"} for n in range(1, 51)]


def ground_temperatures(cast):
    """One refrigerator, fifty days of it."""
    from tramyte.station.cold_chain.models import StorageEquipment

    StorageEquipment.objects.create(facility=cast.station, code="TL-01", name="Tủ lạnh TCW 40, phòng tiêm", kind="fridge", in_use_from=datetime.date(2026, 1, 1))
    return [{"on": f"{datetime.date(2026, 6, 2) - datetime.timedelta(days=n):%d/%m/%Y}"} for n in range(50)]


@pytest.fixture
def reads(enter, cast, settings, monkeypatch):
    """As `enter`, for whoever reads hundreds of times in a test that is not about accounts: the user and the rights are read once, and no session is stored."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"

    def signed_in(username):
        made = enter(username)
        monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", lambda request: cast.users[username])
        return made
    return signed_in


@pytest.fixture
def known_keys(monkeypatch):
    """For a test that is not about keys and asks often: a key and what it may do are read once."""
    for name in ("client_of", "user_of"):
        monkeypatch.setattr(doors, name, functools.cache(getattr(doors, name)))


GROUND = {
    "reactions": ground_reactions, "storage-equipment": ground_storage_equipment, "temperatures": ground_temperatures,
    "immunizations": ground_immunizations, "doses-not-given": ground_immunizations, "school-reviews": ground_school_reviews, "vaccine-lots": ground_vaccine_lots,
    "pregnancies": ground_women, "antenatal-contacts": ground_women, "births": ground_births, "family-planning": ground_women, "abortions": ground_women, "screenings": ground_women,
    "growth": ground_growth,
    "conditions": ground_conditions,
    "checkups": ground_checkups, "coverages": ground_coverages, "station-techniques": ground_station_techniques, "residents": ground_residents,
    "consents": ground_deaths, "data-requests": ground_deaths, "households": ground_households, "deaths": ground_deaths,
}


@dataclasses.dataclass
class Book:
    """A register with fifty typed lines that can be imported; the first is its example."""

    register: object
    lines: list
    many: int = MANY

    @property
    def url(self):
        return f"/so/{self.register.slug}/"

    def file(self, count=MANY, form="csv", **changes):
        """The lines as a file, in the headings of the book."""
        from tramyte.engine.documents import spreadsheet

        columns = [spreadsheet.SheetColumn(column.label) for column in self.register.all_columns]
        table = [[{**line, **changes}.get(column.path, "") for column in self.register.all_columns] for line in self.lines[:count]]
        return spreadsheet.write_csv(columns, table) if form == "csv" else spreadsheet.write_xlsx(columns, table)

    def stored(self):
        return self.register.model.objects.filter(entered_in_error=False).count()


@pytest.fixture(params=SLUGS)
def book(request, cast):
    """Every register, by registry. A new one adds its ground above."""
    register = registry.get(request.param)
    assert register.slug in GROUND, f"add the ground of the register {register.slug} to tests/contract/conftest.py"
    varied = GROUND[register.slug](cast)
    return Book(register, [{**register.example, **line} for line in varied])
