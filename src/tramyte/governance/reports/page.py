"""What the page of a report shows: the paper with its figures, the steps, the checks, the sources."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tramyte.engine.access.models import User
from tramyte.engine.clock import ZONE
from tramyte.governance.reports import figures as marks
from tramyte.governance.reports.drafting import BLANK
from tramyte.governance.reports.models import Report

BOOKS = "/so/"  # where the books of people begin
_LEFT_BLANK = re.compile(rf"{BLANK}\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Span:
    """A stretch of a line: plain words, a figure with the page of its list, or a number typed by hand."""

    text: str
    url: str = ""
    title: str = ""
    typed: bool = False
    gone: bool = False


@dataclass
class Line:
    """A line of a section on the paper: kind "p", "li" or "table"."""

    kind: str
    spans: list[Span] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[list[Span]]] = field(default_factory=list)
    total: list[list[Span]] = field(default_factory=list)


@dataclass
class Section:
    """A section on the paper and what its editor needs."""

    key: str
    title: str
    text: str
    version: int
    lines: list[Line]
    typed: list[str]
    blanks: int
    edited: bool
    edited_by: str
    chips: str

    @property
    def short(self) -> str:
        """Its heading in small letters: "II. Kết quả thực hiện chỉ tiêu"."""
        number, _, words = self.title.partition(" ")
        return f"{number} {words.capitalize()}"

    @property
    def rows(self) -> int:
        """Lines of the editor before it has its size."""
        return max(4, self.text.count("\n") + len(self.text) // 90 + 1)


def figures_for(report: Report, opens: bool) -> dict[str, marks.Reference]:
    """The references of a report for a reader; one who may not open books of people gets no door to them."""
    if opens:
        return dict(report.figures)
    return {key: {**one, "url": ""} if one["url"].startswith(BOOKS) else one for key, one in report.figures.items()}


def sections_of(report: Report, figures: marks.References | None = None) -> list[Section]:
    """The sections of a report as the page shows them, with the references as a reader gets them (`figures_for`)."""
    return [_section(one, report.figures if figures is None else figures, report.tables) for one in report.sections]


def _section(one: Mapping[str, Any], figures: marks.References, tables: Mapping[str, Any]) -> Section:
    typed = marks.typed_numbers(one["text"], one["drafted"])
    lines = [line for text in one["text"].split("\n") if text.strip() for line in [_line(text, figures, tables, typed)]]
    shown = {piece.mark: piece.text for piece in marks.pieces(one["text"], figures) if isinstance(piece, marks.Shown)}
    chips = json.dumps(shown, ensure_ascii=False)
    return Section(one["key"], one["title"], one["text"], one["version"], lines, typed, len(_LEFT_BLANK.findall(one["text"])),
                   one["text"] != one["drafted"], one["edited_by"], chips)


def _line(text: str, figures: marks.References, tables: Mapping[str, Any], typed: list[str]) -> Line:
    table = marks.TABLE.fullmatch(text.strip())
    if table and table[1] in tables:
        made = tables[table[1]]
        rows = [[list(_spans(cell, figures, [])) for cell in row] for row in made["rows"]]
        return Line("table", head=made["columns"], rows=rows, total=[list(_spans(cell, figures, [])) for cell in made.get("total") or []])
    return Line("li" if text.startswith("- ") else "p", list(_spans(text, figures, typed)))


def _spans(text: str, figures: marks.References, typed: list[str]) -> Iterator[Span]:
    by_hand = re.compile("|".join(rf"(?<![\d.,]){re.escape(one)}(?![\d])" for one in sorted(typed, key=len, reverse=True))) if typed else None
    for piece in marks.pieces(text, figures):
        if isinstance(piece, marks.Shown):
            zero = piece.text in ("0", "–")
            yield Span(piece.text, "" if zero else piece.reference["url"], piece.reference["source"], gone=bool(piece.reference.get("gone")))
        elif by_hand is None:
            yield Span(piece)
        else:
            yield from _by_hand(piece, by_hand)


def _by_hand(text: str, numbers: re.Pattern[str]) -> Iterator[Span]:
    end = 0
    for found in numbers.finditer(text):
        if found.start() > end:
            yield Span(text[end:found.start()])
        yield Span(found[0], typed=True)
        end = found.end()
    if end < len(text):
        yield Span(text[end:])


def steps_of(report: Report) -> list[dict[str, str]]:
    """The steps of a report with who and when under each."""
    order = [Report.DRAFT, Report.SUBMITTED, Report.APPROVED, Report.LOCKED]
    at = order.index(Report.DRAFT if report.state == Report.RETURNED else report.state)
    again = f" (lần {report.submissions})" if report.submissions > 1 else ""
    told = [
        ("Nháp", "pencil", _who(report.created_by, None)), ("Đã gửi", "send", _who(report.submitted_by, report.submitted_at) + again if report.submitted_by else "chờ gửi"),
        ("Đã duyệt", "checks", _who(report.approved_by, report.approved_at) or "chờ duyệt"),
        ("Đã khóa", "lock", _who(report.locked_by, report.locked_at) or "không sửa được nữa"),
    ]
    steps = [{"label": label, "icon": "check" if n < at else icon, "note": note, "state": "done" if n < at else ("now" if n == at else "")}
             for n, (label, icon, note) in enumerate(told)]
    if report.state == Report.RETURNED:
        steps[0] = {"label": "Trả lại", "icon": "arrow-back-up", "note": _who(report.returned_by, report.returned_at), "state": "back"}
    return steps


def _who(user: User | None, when: datetime.datetime | None) -> str:
    if user is None:
        return ""
    return f"{user.full_name} {when.astimezone(ZONE):%d/%m, %H:%M}" if when else f"{user.full_name} lập"


@dataclass(frozen=True)
class Source:
    """A source of figures: its sentence, the page of the list, when it was computed, how many figures stand on it."""

    sentence: str
    list: str
    url: str
    computed_at: datetime.datetime | None
    count: int
    gone: bool


def sources_of(report: Report, figures: marks.References | None = None) -> list[Source]:
    """The sources of the figures in the words and tables of a report, in the order of their appearance."""
    known = report.figures if figures is None else figures
    texts = [one["text"] for one in report.sections]
    order: dict[str, list[marks.Reference]] = {}
    for text in texts:
        cells = [cell for name in marks.TABLE.findall(text) if name in report.tables for cell in marks.cells_of(report.tables[name])]
        for part in (text, *cells):
            for piece in marks.pieces(part, known):
                if isinstance(piece, marks.Shown):
                    order.setdefault(piece.reference["source"], []).append(piece.reference)
    return [Source(sentence, found[0]["list"], found[0]["url"], _moment(found[0]["computed_at"]), len(found), any(one.get("gone") for one in found))
            for sentence, found in order.items()]


def _moment(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def insertable(report: Report) -> list[tuple[str, str]]:
    """Figures that the editor offers to insert: (mark, words), the hamlets' left out."""
    words = {"value": "tỷ lệ", "numerator": "tử số", "denominator": "mẫu số", "gap": "còn thiếu", "missing": "số chưa đạt", "total": "tổng số",
             "overdue": "quá hạn", "going": "đang làm", "done": "xong đúng hạn", "late": "xong trễ hạn"}
    return [(f"{key}.{part}", f"{one['title']}: {words[part]} {text}") for key, one in report.figures.items() if "@" not in key
            for part, text in one["parts"].items() if part in words]
