"""A child, the vaccines, and a lot in stock for the tests of care.immunization."""

import datetime

import pytest

from tramyte.care.immunization import actions
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Vaccine
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person

BORN = datetime.date(2026, 1, 10)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def vaccine(db):
    """A vaccine by its code."""
    install()
    return lambda code: Vaccine.objects.get(code=code)


@pytest.fixture
def child(cast, vaccine):
    """A boy of nearly five months who lives in the first hamlet, and others by name."""
    def made(full_name="Nguyễn Minh Khôi", born=BORN, sex="M", hamlet=None, **fields):
        key = people.register_person(by=cast.director, full_name=full_name, birth_date=born, sex=sex, hamlet=hamlet or cast.hamlets[0], confirmed=True, **fields).pk
        return Person.objects.get(pk=key)
    return made


@pytest.fixture
def lot(cast, vaccine):
    """A lot in stock: `lot("BCG", "B01", doses=10)`."""
    def made(code="DPT-VGB-HIB", number="5T2601", doses=10, expires_on=day("2027-06-30"), received_on=day("2025-12-01")):
        product = actions.record_product(by=cast.nurse, vaccine=vaccine(code), name=f"Sản phẩm {code} {number}", manufacturer="IVAC", doses_per_vial=10, open_hours=6)
        return actions.record_lot(by=cast.nurse, product=product, facility=cast.station, number=number, expires_on=expires_on, received=doses, received_on=received_on)
    return made


@pytest.fixture
def give(cast, vaccine):
    """Write a dose of an old book: `give(child, "BCG", "2026-01-12")`."""
    def made(person, code, on, by=None, source="import", **fields):
        return actions.record_immunization(by=by or cast.nurse, person=person, vaccine=vaccine(code), on=day(on), source=source, **fields)
    return made
