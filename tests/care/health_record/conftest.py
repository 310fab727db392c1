"""People of the tests of the health record."""

import datetime

import pytest

from tramyte.care.health_record.actions import record_part
from tramyte.care.people import actions


@pytest.fixture
def person(cast):
    """A woman of the first hamlet, born 5 March 1956."""
    return actions.register_person(
        by=cast.nurse, full_name="Nguyễn Thị Mận", birth_date=datetime.date(1956, 3, 5), sex="F", hamlet=cast.hamlets[0], since=datetime.date(2010, 1, 1), confirmed=True)


@pytest.fixture
def save(cast, person):
    """Save a part as the nurse: `save("allergy", finding="none")`."""
    def saved(part, **fields):
        return record_part(by=fields.pop("by", cast.nurse), person=fields.pop("person", person), part=part, **fields)
    return saved
