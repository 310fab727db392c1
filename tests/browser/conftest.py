"""One demo commune for all journeys of a process; they happen in order, in the same home."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test; without a browser it says so."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if stage.ABSENT:
                item.add_marker(pytest.mark.skip(reason=stage.ABSENT))


@pytest.fixture(scope="session")
def commune():
    """The served demo commune."""
    with stage.served(1500) as made:
        yield made


@pytest.fixture(scope="session")
def people_of(browser, commune):
    """`people_of("dieuduong")`: the visitor with that login, signed in once."""
    known = {}

    def signed_in(username):
        if username not in known:
            known[username] = stage.visitor(browser, commune, username)
        return known[username]
    return signed_in
