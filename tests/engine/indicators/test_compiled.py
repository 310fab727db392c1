"""The SQL that the program brings along is that of its own definitions."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from tramyte.engine.indicators import compiling
from tramyte.engine.indicators.declaring import INDICATORS

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("dialect", compiling.DIALECTS)
def test_every_indicator_is_brought_along_as_it_is_defined_now(dialect):
    brought = json.loads((Path(settings.COMPILED) / f"{dialect}.json").read_text(encoding="utf-8"))
    assert brought["digest"] == compiling.digest(), "a definition was changed: run `make compiled`"
    assert set(brought["indicators"]) == set(INDICATORS)
    one = INDICATORS["SK02"]
    assert brought["indicators"]["SK02"] == json.loads(json.dumps(compiling._compile(one, dialect)))


def test_a_file_of_other_definitions_is_left_aside(tmp_path, settings):
    settings.COMPILED, settings.HOME = tmp_path, tmp_path
    (tmp_path / "sqlite.json").write_text(json.dumps({"digest": "of another day", "indicators": {"SK02": {"rows": "wrong"}}}), encoding="utf-8")
    compiling._brought.cache_clear()
    compiling.compiled.cache_clear()
    try:
        assert compiling.compiled("SK02", "sqlite").rows.sql.startswith("WITH")
    finally:
        compiling._brought.cache_clear()
        compiling.compiled.cache_clear()
