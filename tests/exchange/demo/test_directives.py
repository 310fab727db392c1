"""The demo's own directives: complete in layout, understood by the reader, and not copied."""

import re
from datetime import date
from pathlib import Path

import pytest

from tramyte.exchange.demo.directives import read_directives
from tramyte.rules.directives import Parsed, parse
from tramyte.rules.text import fold

SHARED = Path(__file__).parents[4] / "shared" / "directives"
PARSED: dict[str, Parsed] = {name: parse(text) for name, text in read_directives()}
PLAN = PARSED["2026-01-ke-hoach-y-te-dan-so.txt"]


@pytest.mark.parametrize(
    ("name", "kind", "number", "day", "body"),
    [
        (
            "2026-01-ke-hoach-y-te-dan-so.txt",
            "kế hoạch",
            "12/KH-UBND",
            "2026-01-15",
            "Ủy ban nhân dân xã Đồng Vân",
        ),
        (
            "2026-04-chi-thi-sot-xuat-huyet.txt",
            "chỉ thị",
            "03/CT-UBND",
            "2026-04-20",
            "Ủy ban nhân dân xã Đồng Vân",
        ),
        (
            "2026-05-thong-bao-ket-luan.txt",
            "thông báo",
            "47/TB-UBND",
            "2026-05-14",
            "Ủy ban nhân dân xã Đồng Vân",
        ),
        ("2026-05-cong-van-so-y-te.txt", "công văn", "1186/SYT-NVY", "2026-05-25", "Sở Y tế Tỉnh Ninh Bình"),
    ],
)
def test_header(name: str, kind: str, number: str, day: str, body: str) -> None:
    found = PARSED[name]
    assert (found.document_type, found.number, str(found.date)) == (kind, number, day)
    assert fold(found.issuing_body or "") == fold(body)
    assert found.signer is not None and found.recipients


def test_the_plan_sets_the_targets_of_the_demo() -> None:
    wanted = {"bảo hiểm y tế": (">=", 98), "hồ sơ sức khỏe điện tử": ("=", 100), "khám sức khỏe định kỳ": ("=", 100),
              "nhân khẩu": (">=", 98), "danh mục kỹ thuật": (">=", 55), "tiêm chủng": (">=", 95), "hài lòng": (">=", 90)}  # fmt: skip
    for words, (comparator, value) in wanted.items():
        target = next(t for t in PLAN.targets if words in t.phrase)
        assert (target.comparator, target.value, target.year) == (comparator, value, 2026)


def test_the_plan_asks_for_the_reports_of_the_demo() -> None:
    due = {(duty.period, duty.due_month, duty.due_day) for duty in PLAN.reporting}
    assert {("monthly", None, 20), ("semiannual", 6, 10), ("annual", 11, 10)} <= due


def test_the_conclusion_has_tasks_on_both_sides_of_the_demo_day() -> None:
    days = [str(t.deadline) for t in PARSED["2026-05-thong-bao-ket-luan.txt"].tasks if t.deadline]
    today = str(date(2026, 6, 3))
    assert sum(day < today for day in days) >= 4
    assert sum(day > today for day in days) >= 4


def test_the_letter_asks_once() -> None:
    duties = PARSED["2026-05-cong-van-so-y-te.txt"].reporting
    assert [(d.period, str(d.due_on)) for d in duties] == [("one-off", "2026-06-15")]


@pytest.mark.parametrize("name", list(PARSED))
def test_every_task_has_a_unit(name: str) -> None:
    assert len(PARSED[name].tasks) >= 5
    assert all(task.units for task in PARSED[name].tasks)


def _sentences(text: str) -> set[str]:
    joined = re.sub(r"\s+", " ", text)
    found = (fold(part) for part in re.split(r"[.;:]| - ", joined))
    return {part for part in found if len(part.split()) > 11}


@pytest.mark.shared
def test_no_sentence_comes_from_the_real_ones() -> None:
    if not SHARED.exists():
        pytest.skip(
            "The shared material is not beside the checkout: the demo's directives were not compared."
        )
    real: set[str] = set()
    for path in sorted(SHARED.glob("*.txt")):
        real |= _sentences(path.read_text(encoding="utf-8"))
    assert real
    # The title of a resolution is a name, not a sentence of the documents that cite it.
    title = fold("của Bộ Chính trị về một số giải pháp đột phá")
    for name, text in read_directives():
        shared = {part for part in _sentences(text) & real if title not in part}
        assert not shared, name
