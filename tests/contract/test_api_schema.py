"""What the description of the JSON interface promises, asked with whatever it allows and does not allow: no fault of ours, and every answer as described."""

import os

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tramyte.engine.registers import loading, staging

# Once is enough, and this engine is the quick one: the databases do not differ in what an answer looks like.
pytestmark = pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="asked on SQLite only")
EXAMPLES = 6


@pytest.fixture(scope="module")
def schema():
    import schemathesis

    from tramyte.web.api.operations import description

    made = schemathesis.openapi.from_dict(description())
    made.app = get_wsgi_application()
    return made


@pytest.fixture
def key(cast, known_keys):
    """The key of a program that may do everything a program can."""
    import datetime

    from tramyte.engine.clients.actions import create_client
    from tramyte.engine.clients.queries import grantable

    return create_client(by=cast.director, name="Thử", contact="anh Nam, 0912345678", where=[cast.commune], permissions=grantable(cast.director), valid_until=datetime.date(2026, 12, 31))[1]


def ask_all(schema, key, tag, ids):
    """Ask every operation of a part of the interface; every other time about something that is there."""
    for found in schema.get_all_operations():
        operation = found.ok()
        if tag in operation.tags:
            ask(operation, key, ids)


def ask(operation, key, ids):
    from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

    # Doors are tried in test_api_doors.py; what is well formed may still be refused by a rule of health or of rights.
    @seed(1)
    @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), id=st.sampled_from([*ids, None]), tag=st.sampled_from(["*", '"1-0"', None]))
    def one(case, id, tag):
        if id and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = id
        if tag and "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = tag
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            transaction.set_rollback(True)
        case.validate_response(answer, excluded_checks=[ignored_auth, positive_data_acceptance])
    one()


def test_a_register_answers_as_described(book, cast, schema, key):
    loading.apply(book.register, cast.director, staging.stage(book.register, cast.director, "so.csv", book.file(3)))
    ids = [str(row.pk) for row in book.register.rows(cast.director, {})]
    assert len(ids) == 3
    ask_all(schema, key, book.register.title, ids)


@pytest.mark.parametrize("tag", ["Chung", "Chỉ tiêu"])
def test_the_rest_answers_as_described(cast, schema, key, tag):
    from tramyte.engine.indicators import results
    from tramyte.governance.targets.models import Target

    results.refresh()
    target = Target.objects.create(place=cast.commune, phrase="bảo hiểm y tế đạt từ 98%", comparator=">=", value=98, unit="%", year=2026)
    ask_all(schema, key, tag, [str(target.pk)])
