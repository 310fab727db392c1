"""Targets and worklists as spreadsheets and as paper: the rows that the pages show."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.audit import chain
from tramyte.engine.refused import not_found
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.page import Line
from tramyte.governance.targets.people import Entry
from tramyte.governance.targets.words import day

MIME = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}
SEXES = {"M": "Nam", "F": "Nữ"}


def _answer(content: bytes, form: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=MIME[form])
    where = "inline" if form == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{where}; filename="{name}.{form}"'
    return answer


def _moment() -> datetime.datetime:
    """The hour of now on the working day, which is fixed in a demonstration."""
    return datetime.datetime.combine(clock.today(), clock.now().astimezone(clock.ZONE).time(), clock.ZONE)


def targets_file(lines: Sequence[Line], form: str, user: User) -> HttpResponse:
    """The table of targets. form: "xlsx" or "pdf"; Refused (404) for another."""
    if form not in MIME:
        raise not_found("kiểu tệp này")
    content = _targets_sheet(lines) if form == "xlsx" else _targets_book(lines)
    chain.record(by=user, action=f"export_{form}", model=Target._meta.label_lower, note=f"bảng chỉ tiêu: {len(lines)} dòng")
    return _answer(content, form, f"chi-tieu-{clock.today():%Y-%m-%d}")


def _targets_sheet(lines: Sequence[Line]) -> bytes:
    from tramyte.engine.documents.spreadsheet import SheetColumn, write_xlsx

    kinds = (
        ("Chỉ tiêu", "text"), ("Mã", "text"), ("Giao", "text"), ("Hạn", "date"), ("Hiện đạt", "number"), ("Tử số", "number"), ("Mẫu số", "number"),
        ("Còn thiếu", "number"), ("Dự báo", "number"), ("Thấp nhất", "number"), ("Cao nhất", "number"), ("Trạng thái", "text"), ("Văn bản", "text"),
    )
    return write_xlsx([SheetColumn(name, kind=kind) for name, kind in kinds], [_sheet_row(line) for line in lines],
                      title="Bảng chỉ tiêu", sheet="Chỉ tiêu", notes=[f"Tính đến {day(clock.today())}"])


def _sheet_row(line: Line) -> list[Any]:
    target, stood = line.row.target, line.row.standing
    figure, ahead = stood.figure, stood.projection
    return [
        line.title, target.indicator, line.level, target.deadline, _rounded(figure.value) if figure else None,
        figure.numerator if figure else None, figure.denominator if figure else None, stood.gap,
        *((_rounded(ahead.value), _rounded(ahead.low), _rounded(ahead.high)) if ahead else (None, None, None)),
        stood.state.words, str(target.directive or ""),
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _targets_book(lines: Sequence[Line]) -> bytes:
    from tramyte.engine.documents.book import Column, render_book

    columns = [
        Column("TT", 0.5, "r"), Column("Chỉ tiêu", 6), Column("Giao", 1.2, "r"), Column("Hạn", 1.2), Column("Hiện đạt", 1.2, "r"),
        Column("Tử số / mẫu số", 1.6, "r"), Column("Còn thiếu", 1.4, "r"), Column("Dự báo", 1.2, "r"), Column("Trạng thái", 1.6),
    ]
    rows = [
        [str(at), line.title, line.level, day(line.row.target.deadline), line.value, line.ratio or "–", _lack(line), line.forecast,
         f"{line.state.sign} {line.state.words}"]
        for at, line in enumerate(lines, 1)
    ]
    return render_book("BẢNG CHỈ TIÊU", f"Năm {clock.today().year}", "", columns, rows, as_of=_moment(), unit=_unit(lines))


def _unit(lines: Sequence[Line]) -> str:
    """The place, when all targets are of one."""
    found = {str(line.row.target.place) for line in lines}
    return found.pop() if len(found) == 1 else ""


def _lack(line: Line) -> str:
    return "–" if line.gap is None else f"{line.gap:,}".replace(",", ".")


def worklist_file(target: Target, found: Sequence[Entry], form: str, heading: str, filters: str, user: User) -> HttpResponse:
    """The named list: a spreadsheet in the order of the page, or a paper list by hamlet with boxes to tick by hand.

    What left the program is noted in the audit chain.
    """
    if form not in MIME:
        raise not_found("kiểu tệp này")
    content = _list_sheet(found, heading, filters) if form == "xlsx" else _list_book(target, found, heading, filters)
    chain.record(by=user, action=f"export_{form}", row=target, note=f"{target.indicator}: {len(found)} dòng {filters}"[:200])
    return _answer(content, form, f"danh-sach-{target.indicator.lower()}-{clock.today():%Y-%m-%d}")


def _list_sheet(found: Sequence[Entry], heading: str, filters: str) -> bytes:
    from tramyte.engine.documents.spreadsheet import SheetColumn, write_xlsx

    personal = any(entry.person for entry in found)
    kinds = [("TT", "number"), ("Họ và tên" if personal else "Tên", "text"), *((("Ngày sinh", "text"), ("Giới tính", "text"), ("Hộ", "text")) if personal else ()),
             ("Thôn" if personal else "Nơi", "text"), ("Lý do", "text"), ("Hạn", "date")]
    rows = [
        [at, entry.name, *((entry.born, SEXES[entry.person.sex], entry.household) if entry.person else ("", "", "") if personal else ()),
         entry.where, entry.reason, entry.due_on]
        for at, entry in enumerate(found, 1)
    ]
    notes = [f"Tính đến {day(clock.today())}", *([filters] if filters else [])]
    return write_xlsx([SheetColumn(name, kind=kind) for name, kind in kinds], rows, title=heading, sheet="Danh sách", notes=notes)


def _list_book(target: Target, found: Sequence[Entry], heading: str, filters: str) -> bytes:
    from tramyte.engine.documents.book import Column, render_book

    personal = any(entry.person for entry in found)
    ordered = sorted(found, key=lambda entry: (entry.place.code, entry.where))  # stable: within a hamlet the most urgent stay first
    who = [Column("Họ và tên", 2.4), Column("Ngày sinh", 1.2), Column("Giới", 0.6), Column("Hộ", 0.8)] if personal else [Column("Tên", 4)]
    columns = [Column("TT", 0.5, "r"), *who, Column("Lý do", 2.4), Column("Hạn", 1.2), Column("Đã gặp", 0.8), Column("Kết quả, ghi chú", 3)]
    rows, groups, last = [], [], ""
    counts: dict[str, int] = {}
    for entry in ordered:
        counts[entry.where] = counts.get(entry.where, 0) + 1
    for at, entry in enumerate(ordered):
        if entry.where != last:
            last = entry.where
            groups.append((at, f"{last}: {counts[last]}"))
        mine = [entry.name, entry.born, SEXES[entry.person.sex] if entry.person else "", entry.household] if personal else [entry.name]
        rows.append([str(at + 1), *mine, entry.reason, day(entry.due_on) if entry.due_on else "", "", ""])
    subtitle = " · ".join(part for part in (f"Chỉ tiêu: {target.phrase}"[:140], filters) if part)
    return render_book(heading.upper(), subtitle, "", columns, rows, groups, as_of=_moment(), unit=str(target.place))
