"""People of the tests of care.people."""

import pytest

from tramyte.care.people import actions
from tramyte.rules.calendar import parse_date


@pytest.fixture
def register(cast):
    """Enter a person by few words: `register("Nguyễn Văn A", "12/05/1956")`."""
    def made(full_name="Nguyễn Văn A", born="12/05/1956", sex="M", by=None, **fields):
        day = parse_date(born)
        fields.setdefault("hamlet", cast.hamlets[0])
        fields.setdefault("confirmed", True)
        return actions.register_person(by=by or cast.nurse, full_name=full_name, birth_date=day, sex=sex, **fields)
    return made
