"""A child with a dose of the station's stock, for the tests of adverse events."""

import datetime

import pytest

from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Vaccine
from tramyte.care.people.models import Person

GIVEN = datetime.date(2026, 6, 1)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def vaccine(db):
    """A vaccine by its code."""
    install()
    return lambda code: Vaccine.objects.get(code=code)


@pytest.fixture
def child(cast):
    """Children of nearly five months of the first hamlet, by name."""
    return lambda name="Nguyễn Minh Khôi", **fields: Person.objects.create(
        **{"full_name": name, "birth_date": day("2026-03-10"), "sex": "M", "hamlet": cast.hamlets[0], "phone": "0912345678", **fields})


@pytest.fixture
def lot(cast, vaccine):
    """A lot of fifty doses of the 5-in-1 in the station's store."""
    product = immunization.record_product(by=cast.nurse, vaccine=vaccine("DPT-VGB-HIB"), name="SII 5 trong 1", manufacturer="Serum Institute", doses_per_vial=10, open_hours=6)
    return immunization.record_lot(by=cast.nurse, product=product, facility=cast.station, number="5T2601", expires_on=day("2027-06-30"), received=50, received_on=day("2026-01-05"))


@pytest.fixture
def dose(cast, child, lot, vaccine):
    """The child's dose of 1 June at 08:30; `dose(person, on="2026-05-20")` for others."""
    def given(person=None, on="2026-06-01", at="08:30", **fields):
        held = {"source": "station", "lot_number": lot.number, **fields}
        return immunization.record_immunization(by=cast.nurse, person=person or child(), vaccine=vaccine("DPT-VGB-HIB"), on=day(on), at=at, **held)
    return given
