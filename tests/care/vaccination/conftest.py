"""A commune with children who are due, lots in stock, and a session on the day."""

import datetime
import sys
from pathlib import Path

import pytest

from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Vaccine
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person
from tramyte.care.vaccination import actions

sys.path.insert(0, str(Path(__file__).parent))

from session_steps import DAY

BORN = datetime.date(2026, 3, 20)  # two months and a half: 5-in-1, OPV are due


@pytest.fixture
def child(cast):
    """Somebody registered: `child("Nguyễn Minh Khôi")`, a baby who is due."""
    install()

    def made(full_name="Nguyễn Minh Khôi", born=BORN, sex="M", hamlet=None, **fields):
        key = people.register_person(by=cast.director, full_name=full_name, birth_date=born, sex=sex, hamlet=hamlet or cast.hamlets[0], confirmed=True, **fields).pk
        person = Person.objects.get(pk=key)
        if born > datetime.date(2026, 1, 1):
            immunization.record_immunization(by=cast.nurse, person=person, vaccine=Vaccine.objects.get(code="BCG"), on=born, source="elsewhere")
        return person
    return made


@pytest.fixture
def stock(cast):
    """A lot in the store: `stock("OPV", 40, vial=20)`."""
    install()

    def made(code="OPV", doses=40, vial=20, hours=6, number="", expires="2027-06-30"):
        name = f"{code} {vial} liều"
        product = immunization.record_product(by=cast.nurse, vaccine=Vaccine.objects.get(code=code), name=f"{name} {number}".strip(), doses_per_vial=vial, open_hours=hours if vial > 1 else None)
        return immunization.record_lot(
            by=cast.nurse, product=product, facility=cast.station, number=number or f"{code}01", expires_on=datetime.date.fromisoformat(expires), received=doses, received_on=datetime.date(2026, 1, 5))
    return made


@pytest.fixture
def plan(cast):
    """A session of the first hamlet: `plan(on=..., hamlets=...)`."""
    def made(on=DAY, hamlets=None, by=None, **fields):
        return actions.plan_session(by=by or cast.nurse, facility=cast.station, on=on, hamlets=hamlets or cast.hamlets[:1], vaccines=fields.pop("vaccines", ()), **fields)
    return made


@pytest.fixture
def morning(cast, child, stock, plan):
    """An open session with two babies, 5-in-1 in single vials and OPV in vials of 20."""
    child()
    child("Trần Hà My", sex="F")
    stock("DPT-VGB-HIB", 10, 1)
    stock("OPV", 40, 20)
    row = plan()
    return actions.open_session(by=cast.nurse, id=row.pk, screener="Trần Văn Hùng", injector="Lê Thị Lan", recorder="Lê Thị Lan", staff=3)
