"""People of the tests of care.consent."""

import pytest

from tramyte.care.people import actions
from tramyte.rules.calendar import parse_date


@pytest.fixture
def born(cast):
    """Enter a person by birth date: `born("12/05/1956")`."""
    def made(on="12/05/1956", full_name="Nguyễn Văn An", **fields):
        fields.setdefault("hamlet", cast.hamlets[0])
        return actions.register_person(by=cast.nurse, full_name=full_name, birth_date=parse_date(on), sex="M", confirmed=True, **fields)
    return made
