"""The chairman's page as one A4 sheet: the most pressing lines first, the rest counted."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from tramyte.governance.tasks.queries import UnitCount
from tramyte.web.pages.composing import report_words
from tramyte.web.pages.situation import Question, Situation

SIGNS = {"hard": "✗", "missed": "✗", "at_risk": "▲", "unknown": "?", "on_track": "↗", "reached": "✓"}
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
URGENT = ("hard", "missed")


@dataclass(frozen=True)
class Room:
    """How many lines each part may take."""

    targets: int
    unrecorded: int
    units: int
    reports: int
    questions: int


# From roomy to narrow: the first that fits one page at a readable size is taken.
ROOMS = (Room(14, 4, 9, 6, 6), Room(12, 3, 8, 5, 5), Room(10, 2, 7, 4, 4), Room(8, 1, 6, 3, 3), Room(6, 1, 5, 3, 3), Room(4, 0, 4, 2, 2))


def one_page(situation: Situation) -> bytes:
    """The sheet as PDF, always exactly one A4 page; the same situation gives the same bytes."""
    from tramyte.engine.documents.pdf_reading import count_pages
    from tramyte.engine.documents.summary import render_page

    pdf = b""
    for room in ROOMS:
        pdf = render_page(_summary(situation, room))
        if count_pages(pdf) == 1:
            break
    return pdf


def _summary(situation: Situation, room: Room) -> Any:
    from tramyte.engine.documents.summary import Decisions, Section, Summary

    people = f" · dân số {_number(situation.population)}" if situation.population else ""
    sections = [Section(f"1. Chỉ tiêu năm {situation.today.year}", _targets(situation, room))]
    sections += [Section("2. Nhiệm vụ theo đơn vị", _units(situation, room), half=True), Section("3. Báo cáo, chỉ tiêu khác", _points(situation, room), half=True)]
    questions = tuple(_question(one) for one in situation.questions[:room.questions])
    left = len(situation.questions) - len(questions)
    title = "4. Việc chờ Chủ tịch quyết" + (f" (và {left} mục khác)" if left > 0 else "")
    sections.append(Section(title, Decisions(questions or ("Không có việc nào chờ quyết.",), choices=("Đồng ý", "Không", "Hỏi thêm") if questions else ())))
    return Summary(
        issuer=f"ỦY BAN NHÂN DÂN {str(situation.place).upper()}", prepared_by="Trạm Y tế xã lập, Phòng Văn hóa - Xã hội rà soát",
        title=f"Tình hình y tế {_lower(str(situation.place))} tháng {situation.today.month} năm {situation.today.year}",
        day=f"{WEEKDAYS[situation.today.weekday()]} {situation.today:%d/%m/%Y}", basis=f"Số liệu tính đến {situation.as_of:%H:%M}{people}",
        lead=_lead(situation), sections=tuple(sections), as_of=_moment(situation), check_code=check_code(situation))


def _moment(situation: Situation) -> datetime.datetime:
    return datetime.datetime.combine(situation.today, situation.as_of.timetz())


def check_code(situation: Situation) -> str:
    """A code that changes with any figure on the page, to compare a sheet with the system."""
    said = [f"{line.title}{line.now}{line.part}{line.row.standing.state.slug}" for line in situation.targets]
    said += [f"{unit.name}{sorted(unit.counts.items())}" for unit in situation.units] + [one.title for one in situation.questions]
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:4].upper()
    return f"{situation.place.code}-{situation.today:%d%m}-{situation.as_of:%H%M}-{digest}"


def _lead(situation: Situation) -> Any:
    from tramyte.engine.documents.paper import Bold

    parts: list[Any] = []
    for state, count in reversed(situation.states):
        words = f"{count} {state.words.lower()}"
        parts += [", " if parts else "Chỉ tiêu: ", Bold(words) if state.kind in ("late", "due") else words]
    tasks = situation.tasks
    parts += [". " if parts else "", Bold(f"{tasks.overdue}/{tasks.total}"), " nhiệm vụ quá hạn. ", Bold(str(len(situation.questions))), " việc chờ Chủ tịch quyết."]
    return tuple(parts)


def _targets(situation: Situation, room: Room) -> Any:
    from tramyte.engine.documents.paper import Bold
    from tramyte.engine.documents.summary import Grid, Points

    shown = situation.targets[:room.targets]
    if not shown:
        return Points(("Chưa có chỉ tiêu nào được gắn với số liệu của xã.",))
    rows: list[tuple[Any, ...]] = []
    for line in shown:
        state = line.row.standing.state
        words = f"{SIGNS.get(state.slug, '')} {state.words}"
        rows.append((
            _short(line.title, 52), str(line.row.standing.level), (Bold(line.now),), line.part, line.missing, line.forecast,
            (Bold(words),) if state.kind in ("late", "due") else words))
    left = len(situation.targets) - len(shown)
    if left:
        rows.append((f"và {left} mục khác", "", "", "", "", "", ""))
    marked = tuple(n for n, line in enumerate(shown) if line.row.standing.state.slug in URGENT)
    return Grid(("Chỉ tiêu", "Giao", "Hiện đạt", "Trên tổng số", "Còn thiếu", "Dự báo khi hết hạn", "Trạng thái"), tuple(rows), align="lrrrrrl", marked=marked)


def _units(situation: Situation, room: Room) -> Any:
    from tramyte.engine.documents.paper import Bold
    from tramyte.engine.documents.summary import Grid, Points

    if not situation.units:
        return Points(("Chưa có nhiệm vụ nào được giao.",))
    shown, rest = situation.units[:room.units], situation.units[room.units:]
    rows = [(_short(unit.name, 34), *_counts(unit, Bold)) for unit in shown]
    if rest:
        rows.append((f"và {len(rest)} mục khác", *_counts(_joined(rest), Bold)))
    total = situation.tasks
    marked = tuple(n for n, unit in enumerate(shown) if unit.overdue)
    return Grid(("Đơn vị", "Giao", "Xong", "Đang làm", "Quá hạn"), tuple(rows), align="lrrrr", marked=marked, total=("Tổng", *_counts(total, Bold)))


def _joined(units: list[UnitCount]) -> UnitCount:
    whole: dict[str, int] = {}
    for unit in units:
        for slug, count in unit.counts.items():
            whole[slug] = whole.get(slug, 0) + count
    return UnitCount(None, "", whole)


def _counts(unit: UnitCount, strong: Any) -> tuple[Any, ...]:
    doing = unit.on_time + unit.due_soon + unit.undated
    return str(unit.total), str(unit.done + unit.done_late), str(doing), (strong(str(unit.overdue)),) if unit.overdue else "0"


def _points(situation: Situation, room: Room) -> Any:
    from tramyte.engine.documents.paper import Bold
    from tramyte.engine.documents.summary import Points

    items: list[Any] = []
    for one in situation.reports[:room.reports]:
        chip, unit = one.due or one.chip, one.period.duty.unit or one.period.duty.who
        items.append((Bold(f"{report_words(one.period)}:"), f" {_lower(chip.words)}, {_short(str(unit or 'các đơn vị'), 40)}, chậm nhất {one.period.ends_on:%d/%m}."))
    if left := len(situation.reports) - len(items):
        items.append(f"và {left} mục khác: báo cáo phải gửi trong 30 ngày.")
    if not items:
        items.append("Không có báo cáo nào phải gửi trong 30 ngày tới.")
    named = situation.unrecorded[:room.unrecorded]
    items += [(Bold("Chưa ghi nhận:"), f" {_short(line.title.rstrip(chr(46)), 64)}") for line in named]
    if left := len(situation.unrecorded) - len(named):
        items.append(f"và {left} mục khác: chỉ tiêu chưa ghi nhận trong hệ thống.")
    return Points(tuple(items))


def _question(one: Question) -> Any:
    from tramyte.engine.documents.paper import Bold

    title = _short(one.title, 88)
    return (Bold(title if title.endswith(("…", ".")) else f"{title}."), f" {_short(one.note, 110)}")


def _short(text: str, longest: int) -> str:
    """At most so many letters: cut at a comma when one stands in the second half, else at a word."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    comma = cut.rfind(", ")
    return cut[:comma] if comma > longest // 2 else cut.rsplit(" ", 1)[0].rstrip(" ,;:(") + "…"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


