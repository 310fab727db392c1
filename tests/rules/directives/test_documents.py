"""The parser against our own annotated documents, and against the shared ones through their scorer."""

import json
import re
import subprocess
import sys
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from tramyte.rules.directives import parse

DOCUMENTS = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.txt"))
HEADER = ("document_type", "number", "number_pattern", "date", "place", "issuing_body", "title", "meeting_date")


def plain(text):
    """Words only, lower case: what is compared."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", str(text or "")).lower()))


def near(a, b):
    """1 where one holds the other, else their likeness."""
    a, b = plain(a), plain(b)
    if not a or not b:
        return 0.0
    return 1.0 if f" {min(a, b, key=len)} " in f" {max(a, b, key=len)} " else SequenceMatcher(None, a, b).ratio()


def pairs(gold, found, likeness):
    """One-to-one matching, the most alike first."""
    ranked = sorted(((likeness(g, f), -abs(i - j), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)), reverse=True)
    taken, used, made = set(), set(), []
    for score, _, i, j in ranked:
        if score > 0 and i not in taken and j not in used:
            taken.add(i)
            used.add(j)
            made.append((gold[i], found[j]))
    return made


def same_task(gold, found):
    start = plain(gold["text"]).split()[:8]
    return 1.0 if plain(found["text"]).split()[: len(start)] == start else 0.0


def same_duty(gold, found):
    if gold["period"] != found["period"]:
        return 0.0
    score = max([near(gold["phrase"], found["phrase"]), *(near(a, b) for a in gold["who"] for b in found["who"])])
    return score if score >= 0.6 else 0.0


def same_target(gold, found):
    words, others = set(plain(gold["phrase"]).split()), set(plain(found["phrase"]).split())
    share = len(words & others) / max(1, min(len(words), len(others)))
    return share if gold["value"] == found["value"] and share >= 0.5 else 0.0


def f1(hits, gold, found):
    return 2 * hits / (gold + found) if gold + found else 1.0


def units_f1(gold, found):
    return f1(len(pairs(gold, found, lambda a, b: s if (s := near(a, b)) >= 0.75 else 0)), len(gold), len(found))


@pytest.fixture(scope="module")
def readings():
    """Every document of ours with its annotation and its reading."""
    made = {}
    for name in NAMES:
        gold = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
        made[name] = (gold, parse((DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")).as_dict())
    return made


def test_there_are_documents_of_every_kind():
    assert len(NAMES) >= 52


def test_heads(readings):
    wrong = [
        (name, key, gold[key], got[key])
        for name, (gold, got) in readings.items() for key in HEADER
        if gold.get(key) and plain(gold[key]) != plain(got[key])
    ]
    assert not wrong
    for gold, got in readings.values():
        assert not gold["number"] or gold["number"] == got["number"]
        assert [plain(name) for name in gold["addressees"]] == [plain(name) for name in got["addressees"]]
        assert {b["number"] for b in gold["legal_bases"]} == {b["number"] for b in got["legal_bases"]}
        for key in ("replaces", "amends", "revokes"):
            assert gold[key] == got[key]


def test_signers(readings):
    for gold, got in readings.values():
        if gold["signer"]:
            assert {k: v or None for k, v in gold["signer"].items()} == got["signer"]


def test_tasks(readings):
    hits = wanted = found = deadlines = recurrences = 0
    units, dated, returning = [], 0, 0
    for gold, got in readings.values():
        made = pairs(gold["tasks"], got["tasks"], same_task)
        hits, wanted, found = hits + len(made), wanted + len(gold["tasks"]), found + len(got["tasks"])
        for a, b in made:
            units.append(units_f1(a["units"], b["units"]))
            if a["deadline"] or b["deadline"]:
                dated, deadlines = dated + 1, deadlines + (a["deadline"] == b["deadline"])
            if a["recurrence"] or b["recurrence"]:
                returning, recurrences = returning + 1, recurrences + (a["recurrence"] == b["recurrence"])
    assert f1(hits, wanted, found) >= 0.97
    assert sum(units) / len(units) >= 0.99
    assert deadlines == dated
    assert recurrences >= 0.95 * returning


def test_duties(readings):
    hits = wanted = found = 0
    for gold, got in readings.values():
        made = pairs(gold["reporting"], got["reporting"], same_duty)
        hits, wanted, found = hits + len(made), wanted + len(gold["reporting"]), found + len(got["reporting"])
        for a, b in made:
            assert [a[k] for k in ("due_month", "due_day", "due_on")] == [b[k] for k in ("due_month", "due_day", "due_on")], a
            assert units_f1(a["to"], b["to"]) == 1, (a, b)
    assert f1(hits, wanted, found) >= 0.97


def test_targets(readings):
    hits = wanted = found = 0
    for gold, got in readings.values():
        made = pairs(gold["targets"], got["targets"], same_target)
        hits, wanted, found = hits + len(made), wanted + len(gold["targets"]), found + len(got["targets"])
        for a, b in made:
            assert (a["comparator"], a["year"]) == (b["comparator"], b["year"]), a
    assert f1(hits, wanted, found) >= 0.97


def test_documents_that_lost_their_lines_are_read(readings):
    tasks, goals = [0, 0, 0], [0, 0, 0]
    for name, (gold, _) in readings.items():
        got = parse(re.sub(r"\s+", " ", (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")).strip()).as_dict()
        for tally, key, same in ((tasks, "tasks", same_task), (goals, "targets", same_target)):
            found = len(pairs(gold[key], got[key], same)), len(gold[key]), len(got[key])
            tally[:] = [a + b for a, b in zip(tally, found, strict=True)]
    assert f1(*tasks) >= 0.85
    assert f1(*goals) >= 0.95


def test_a_report_owes_little(readings):
    for gold, got in readings.values():
        if gold["document_type"] == "báo cáo":
            assert not got["tasks"] and not got["reporting"]


@pytest.mark.shared
def test_the_shared_directives_reach_the_floor(shared, tmp_path):
    for path in (shared / "directives").glob("*.txt"):
        made = json.dumps(parse(path.read_text(encoding="utf-8")).as_dict(), ensure_ascii=False)
        (tmp_path / f"{path.stem}.json").write_text(made, encoding="utf-8")
    command = [sys.executable, shared / "checks/score_directives.py", shared / "data/gold_directives", tmp_path, shared / "directives"]
    score = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert not score["missing"]
    assert all(value == 1.0 for value in score["header"].values())
    assert score["tasks"]["f1"] >= 0.98 and score["tasks"]["units_f1"] >= 0.98 and score["tasks"]["deadline_exact"] == 1.0
    assert score["reporting"]["f1"] >= 0.95 and score["legal_bases"]["f1"] == 1.0
    assert score["targets"]["f1"] >= 0.95 and score["targets"]["comparator_exact"] == 1.0 and score["targets"]["year_exact"] == 1.0
