"""`tramyte indicators` and `tramyte facts`: columns of the contract, engines that agree, sentences for bad input."""

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tramyte.care.people.models import Coverage, Person, Residence
from tramyte.engine.facts import parquet
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.refused import Refused
from tramyte.web.commands import main

DAY = datetime.date
KEYS = [
    "code", "title", "place", "place_name", "period", "start", "end", "as_of", "numerator", "denominator", "unknown", "value", "unit",
    "target", "comparator", "gap", "source", "definition_version",
]


@pytest.fixture
def people(cast):
    for number in range(3):
        person = Person.objects.create(full_name=f"Người {number}", birth_date=DAY(1960, 1, 1), sex="F", hamlet=cast.hamlets[0])
        Residence.objects.create(person=person, place=cast.hamlets[number % 2], kind="permanent", start=DAY(1960, 1, 1))
    Coverage.objects.create(person=person, card_number="x", group="GD", start=DAY(2026, 1, 1), end=DAY(2026, 12, 31))
    return cast


def answer(capsys, *words):
    code = main.main(["indicators", "--json", *words])
    shown = capsys.readouterr()
    return code, json.loads(shown.out) if shown.out else None, shown.err


def test_figures_have_the_keys_of_the_contract(people, capsys):
    code, rows, _ = answer(capsys, "--period", "2026", "--place", "00001")
    assert code == 0
    assert [row["code"] for row in rows] == sorted(INDICATORS)
    assert all(list(row) == KEYS for row in rows)
    first = rows[0]
    assert (first["code"], first["numerator"], first["denominator"], first["as_of"], first["end"]) == ("BH01", 1, 3, "2026-06-03", "2026-12-31")
    assert first["value"] == 100 / 3
    assert rows[1]["value"] is None


@pytest.mark.parametrize("words", [["--place", "00001"], ["--code", "BH01", "--by", "hamlet"], ["--code", "BH01", "--by", "sex"], ["--code", "BH01", "--list"], []])
def test_duckdb_says_the_same_as_the_database(people, capsys, tmp_path, words):
    parquet.write(tmp_path / "facts")
    _, native, _ = answer(capsys, "--period", "2026-Q1", *words)
    _, duck, _ = answer(capsys, "--period", "2026-Q1", *words, "--engine", "duckdb", "--facts", str(tmp_path / "facts"))
    assert native == duck
    assert native


def test_groups_sum_to_the_whole_and_lists_name_people(people, capsys):
    _, rows, _ = answer(capsys, "--period", "2026", "--place", "00001", "--code", "BH01", "--by", "hamlet")
    assert [(row["group"], row["group_name"], row["denominator"]) for row in rows] == [("00001.01", "Thôn Đông Hạ", 2), ("00001.02", "Thôn Vân Sơn", 1)]
    _, listed, _ = answer(capsys, "--period", "2026", "--place", "00001.01", "--code", "BH01", "--list")
    assert [list(row) for row in listed] == [["subject", "subject_type", "name", "place", "met", "reason", "due_on"]] * 2
    assert {row["name"] for row in listed} == {"Người 0", "Người 2"}
    assert all(len(row["subject"]) == 36 for row in listed)


@pytest.mark.parametrize(("words", "code", "said"), [
    (["--period", "2026", "--engine", "spark"], 2, "spark"),
    (["--period", "2026", "--list"], 2, "--code"),
    (["--period", "2026", "--facts", "x"], 2, "--facts"),
    (["--period", "2026-13"], 1, "2026-13"),
    (["--period", "2027"], 1, "01/01/2027"),
    (["--period", "2026", "--code", "XX"], 1, "XX"),
    (["--period", "2026", "--place", "nowhere"], 1, "nowhere"),
    (["--period", "2026", "--code", "KC04", "--by", "hamlet"], 1, "KC04"),
    (["--period", "2026", "--engine", "duckdb", "--facts", "/nonexistent/facts"], 1, "tramyte facts"),
    (["--period", "2026", "--as-of", "3/6/2026"], 1, "3/6/2026"),
])
def test_bad_input_gets_a_sentence(cast, capsys, words, code, said):
    got, rows, err = answer(capsys, *words)
    assert (got, rows) == (code, None)
    assert said in err
    assert "Traceback" not in err


def test_facts_are_written_whole_or_not_at_all(people, tmp_path):
    folder = tmp_path / "facts"
    assert parquet.write(folder)["residences"] == 3
    assert parquet.write(folder)["residences"] == 3
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("của người khác")
    with pytest.raises(Refused, match="không ghi đè"):
        parquet.write(tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]


def test_ids_in_facts_are_dashed(people, tmp_path):
    import polars

    parquet.write(tmp_path / "facts")
    rows = polars.read_parquet(tmp_path / "facts" / "residences" / "*.parquet")
    assert set(rows["person"]) == {str(id) for id in Person.objects.values_list("pk", flat=True)}


def test_a_kept_compilation_needs_no_ibis():
    code = (
        "import django, sys; django.setup()\n"
        "from tramyte.engine.indicators.compiling import compiled\n"
        "compiled('BH01', 'sqlite'); print('ibis' in sys.modules)\n"
    )
    env = {**__import__("os").environ, "PYTHONPATH": str(Path(main.__file__).parents[3]), "DJANGO_SETTINGS_MODULE": "tramyte.web.settings"}
    told = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout.strip() for _ in range(2)]
    assert told[1] == "False"
