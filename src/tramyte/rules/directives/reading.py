"""The reading of one document from text to obligations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tramyte.rules.directives import bases, cells, closing, flat, header, reporting, tables, targets, tasks
from tramyte.rules.directives.dates import POINT, Today, loose, resolve
from tramyte.rules.directives.lines import Line, Piece, normalize, physical, wrap_width
from tramyte.rules.directives.model import Duty, Header, Parsed, Span, Target, Task, Unassigned
from tramyte.rules.directives.outline import Item, build, chain
from tramyte.rules.directives.units import split_units
from tramyte.rules.directives.verbs import ACTION, NARRATIVE

_YEAR = re.compile(r"(?<!so với )(?:năm|/)\s?(20\d{2})(?!\s*[-–]\s*\d)")
LEAST = 7
_NO_TASKS = frozenset({"báo cáo", "tờ trình", "biên bản"})


@dataclass(slots=True)
class _Found:
    """Obligations as they are collected."""

    tasks: list[Task] = field(default_factory=list)
    reporting: list[Duty] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    unassigned: list[Unassigned] = field(default_factory=list)
    speaker: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What holds for the whole document."""

    head: Header
    today: Today
    begun_at: int
    plain: bool = False

    @property
    def addressed(self) -> list[str]:
        """Whom an official letter orders; telegrams and plans name their units themselves."""
        return self.head.addressees if self.head.document_type == "công văn" else []

    def who(self, names: list[str]) -> list[str]:
        """The addressees for "Quý cơ quan", else the names as they are."""
        if self.head.addressees and any(re.match(r"Quý\s", name, re.I) for name in names):
            return [name for one in self.head.addressees for name in split_units(one)]
        return names

    @property
    def news(self) -> bool:
        return self.head.document_type == "news"


def parse(text: str, *, received_on: date | None = None) -> Parsed:
    """Reads a directive; never fails. Spans are offsets into `Parsed.text`, which is NFC with "\\n" line ends.

    `received_on` is the day of arrival, for deadlines that count from receipt.
    """
    whole = normalize(text)
    lines = cells.gathered(physical(flat.opened(whole)))
    head = header.read(lines, whole)
    recipients, signer, used = closing.read(lines, head.body_at)
    body = [line for i, line in enumerate(lines) if i >= head.body_at and i not in used]
    items = build(body, wrap_width(lines))
    today = Today.of(head.header.date, _any_year(head.header.title, lines), received_on)
    begun_at = next((i for i, item in enumerate(items) if item.kind not in ("para", "row", "caps")), len(items))
    setting = _Setting(head.header, today, begun_at, plain=begun_at == len(items) and not any(item.row for item in items))
    found = _Found()
    _read_items(items, setting, found)
    opening = [item.piece for item in items[:_opening_end(items)]]
    changed = bases.relations(item.piece for item in items if not item.row)
    top = head.header
    return Parsed(
        document_type=top.document_type, number=top.number, number_pattern=top.number_pattern, date=top.date, place=top.place,
        issuing_body=top.issuing_body, title=top.title, addressees=top.addressees, meeting_date=_meeting(opening, top),
        effective_date=_effective(items, top), legal_bases=bases.legal_bases([*opening, *_followed(items)]), tasks=found.tasks, reporting=found.reporting,
        targets=found.targets, unassigned=found.unassigned, recipients=recipients, signer=signer, text=whole, **changed,
    )


def _any_year(title: str | None, lines: Sequence[Line]) -> int | None:
    for text in [title or "", *(line.piece.text for line in lines[:40])]:
        found = _YEAR.search(text)
        if found:
            return int(found.group(1))
    return None


def _opening_end(items: Sequence[Item]) -> int:
    """The opening ends at the first heading or numbered item."""
    for i, item in enumerate(items):
        if item.kind in ("roman", "part", "capital", "article", "number", "letter", "multi"):
            return i
    return min(len(items), 12)


def _followed(items: Sequence[Item]) -> list[Piece]:
    """Requirements that the plan keeps to named documents ("Bám sát các nội dung Kế hoạch số ..."), from that word on."""
    found = []
    for item in items:
        kept = re.search(r"[Bb]ám sát", item.piece.text[:300]) if item.theme == "aims" else None
        if kept:
            found.append(item.piece.cut(kept.start(), kept.start() + 900))
    return found


def _meeting(opening: Sequence[Piece], top: Header) -> str | None:
    if top.document_type not in ("thông báo", "news", "kết luận", "biên bản"):
        return None
    if top.document_type == "news":
        return top.date
    for piece in opening:
        found = re.search(r"[Nn]gày\s+(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|[Nn]gày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", piece.text[:600])
        if found and re.search(r"họp|[Hh]ội nghị|làm việc|buổi|kiểm tra|giao ban", piece.text[:900]):
            day, month, year = (int(n) for n in found.groups() if n)
            return f"{year}-{month:02d}-{day:02d}"
    return None


def _effective(items: Sequence[Item], top: Header) -> str | None:
    for item in items:
        found = re.search(r"có hiệu lực(?: thi hành)?(?: kể)?(?: từ| sau)? ?(?P<rest>.{0,60})", item.piece.text[:3000])
        if found:
            if re.match(r"ngày (?:ký|ban hành)", found["rest"]):
                return top.date if top.date and len(top.date) == 10 else None
            return loose(found["rest"], Today.of(top.date))
    return None


def _read_items(items: Sequence[Item], setting: _Setting, found: _Found) -> None:
    columns: tables.Columns | None = None
    for i, item in enumerate(items):
        if item.row:
            columns = tables.header(item.row) or columns
            if columns and tables.header(item.row) is None:
                _read_row(items, i, columns, setting, found)
            continue
        columns = None
        if not item.label:
            _read_item(items, i, setting, found)


def _heading(items: Sequence[Item], i: int) -> str | None:
    above = chain(items, i)[1:]
    return above[0].piece.text[:300] if above else None


def _read_item(items: Sequence[Item], i: int, setting: _Setting, found: _Found) -> None:
    item = items[i]
    if len(item.piece.text) < LEAST:
        return
    ctx = tasks.context(items, i, setting.addressed)
    begun = i >= setting.begun_at or (setting.plain and bool(re.search(r"yêu cầu|đề nghị|giao ", item.piece.text, re.I)))
    works: list[tasks.Work] = []
    if setting.head.document_type not in _NO_TASKS and not _is_section(items, i):
        works = tasks.works(item, ctx, setting.today, begun=begun, news=setting.news)
        for work in works:
            _keep(items, i, work, setting, found)
            found.speaker = work.units if work.explicit else found.speaker
    elif setting.head.document_type in _NO_TASKS and item.theme == "work" and not _is_section(items, i) and ACTION.match(item.piece.text):
        found.unassigned.append(Unassigned(item.piece.text, item.piece.span(), _heading(items, i)))
    if (begun or setting.news) and setting.head.document_type not in _NO_TASKS:
        _read_duties(item, works, ctx, setting, found)
    _read_targets(items, i, setting, found)


def _is_section(items: Sequence[Item], i: int) -> bool:
    """A heading: it has items below it, or stands at chapter level, and is no sentence of its own."""
    item = items[i]
    text = item.piece.text
    if item.kind in ("caps", "part") or (item.heading and item.work_at >= len(text)):
        return True
    parent_of = i + 1 < len(items) and any(later.parent == i and not later.label for later in items[i + 1:i + 40])
    if item.kind in ("roman", "capital") and len(text) < 200 and text[-1:] not in ".;":
        return parent_of or text.upper() == text
    return parent_of and text[-1:] not in ".;" and (text.endswith(":") or len(text) < 200) and not (item.own and 0 < item.work_at < len(text)) and not _says(text)


def _says(text: str) -> bool:
    said = tasks.subject(text, 0)
    return bool(said and not text.endswith(":"))


def _keep(items: Sequence[Item], i: int, work: tasks.Work, setting: _Setting, found: _Found) -> None:
    item = items[i]
    text = item.piece.text[work.start:work.end]
    span = item.piece.span(work.start, work.end)
    time = work.when
    if not work.units:
        found.unassigned.append(Unassigned(text, span, _heading(items, i), time.deadline if time else None))
        return
    sure = 0.95 if work.explicit else 0.9 if item.theme == "assign" else 0.75
    found.tasks.append(Task(setting.who(work.units), text, work.coordinating, time.deadline if time else None, time.start if time else None, work.recurrence, time.phrase if time else None, span, _heading(items, i), sure))


def _read_duties(item: Item, works: Sequence[tasks.Work], ctx: tasks.Context, setting: _Setting, found: _Found) -> None:
    if item.theme in tasks.CLOSED or setting.news:
        return
    text = item.piece.text
    start = item.work_at if item.work_at < len(text) else 0 if not item.heading else len(text)
    for begin, end in tasks.sentences(text, start):
        said = next((work.units for work in works if work.start <= begin < work.end or begin <= work.start < end), None)
        named = None if said else tasks.subject(text[begin:end], 0)
        who = said or (named.names if named else None) or ctx.units or (found.speaker if item.theme == "report" else [])
        for duty in reporting.find(text[begin:end], who, setting.today):
            piece = item.piece.cut(begin + duty.start, begin + duty.end)
            phrase = piece.text.strip(" ;./")
            if phrase:
                found.reporting.append(Duty(setting.who(duty.who), duty.period, duty.to, phrase, duty.due_phrase, duty.due_month, duty.due_day, duty.due_on, piece.span(), 0.9 if duty.to else 0.7))


def _read_targets(items: Sequence[Item], i: int, setting: _Setting, found: _Found) -> None:
    item = items[i]
    text = item.piece.text
    if item.theme in ("aims", "situation", "frame", "ask", "funding") or (_is_section(items, i) and not re.search(r"\d\s*%", text)):
        return
    strict = item.theme != "targets"
    asked = setting.plain and re.search(r"phấn đấu|bảo đảm|đảm bảo|chỉ tiêu|mục tiêu", text, re.I)
    if strict and (setting.news or not (asked or (i >= setting.begun_at and (item.kind != "para" or item.parent >= 0)))):
        return
    if strict and item.kind == "para" and NARRATIVE.match(text):
        return
    year = _heading_year(items, i)
    for begin, end in tasks.sentences(text):
        if _tells_past(text[begin:end], setting.today):
            continue
        for goal in targets.find(text[begin:end][:tasks.LIMIT], year, strict=strict, doc_year=setting.today.year):
            _add_target(item.piece.cut(begin + goal.start, begin + goal.end), goal, _heading(items, i), 0.7 if strict else 0.9, found)


def _tells_past(sentence: str, today: Today) -> bool:
    """Whether the sentence reports a state at a day that has passed ("Đến ngày 31/7, ... đạt 52%")."""
    if re.match(r"(?:Tuy nhiên|Biểu dương|Ghi nhận|Đánh giá cao|Hoan nghênh|Cơ bản (?:thống nhất|nhất trí|đồng ý))", sentence):
        return True
    told = re.match(r"(?:Tính )?[Đđ]ến (?:hết )?(?=ngày|tháng|quý|hết)", sentence)
    if not told:
        return False
    named = POINT.match(sentence, told.end())
    day = resolve(named, today) if named else None
    return bool(day and today.year and (day.year, day.month) < (today.year, today.month or 1))


def _add_target(piece: Piece, goal: targets.Goal, heading: str | None, sure: float, found: _Found) -> None:
    span: Span = piece.span()
    found.targets.append(Target(piece.text, goal.comparator, goal.value, goal.unit, goal.year, goal.note, span, heading, sure))


def _heading_year(items: Sequence[Item], i: int) -> int | None:
    for place in chain(items, i)[1:]:
        years = [] if place.kind == "umbrella" and len(place.piece.text) > 150 else re.findall(r"(?<!so với )(?:[Nn]ăm|NĂM)\s+(20\d{2})(?!\s*[-–]\s*\d)", place.piece.text[:300])
        if years:
            return int(years[-1])
    return None


def _read_row(items: Sequence[Item], i: int, columns: tables.Columns, setting: _Setting, found: _Found) -> None:
    row = items[i].row
    if columns.aims:
        for name, comparator, value, unit, year in tables.figures(row, columns):
            found.targets.append(Target(name.text, comparator, value, unit, year, None, name.span(), _heading(items, i), 0.85))
    work = tables.cell(row, columns, "work")
    if not columns.assigns or work is None or len(work.text) < 8:
        return
    lead, partners, time = (tables.cell(row, columns, role) for role in ("lead", "help", "time"))
    names = tables.named(lead)
    phrase = time.text if time else None
    deadline = loose(phrase, setting.today) if phrase else None
    if not names:
        if phrase:
            found.unassigned.append(Unassigned(work.text, work.span(), _heading(items, i), deadline))
        return
    again = tasks.recurrence("", None, phrase) if phrase and not deadline else None
    found.tasks.append(Task(names, work.text, tables.named(partners), deadline, None, again, phrase, work.span(), _heading(items, i), 0.9))
