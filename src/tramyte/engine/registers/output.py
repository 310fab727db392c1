"""A register's rows as spreadsheet, CSV, JSON and paper book: exactly the rows that the list shows."""

import datetime
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Facility, Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.registers.columns import Column, words_of
from tramyte.engine.registers.register import Register

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}


def record_output(register: Register, user: User, form: str, count: int, filters: str) -> None:
    """Note in the audit chain that rows left the program, and under which filters."""
    chain.record(by=user, action=f"export_{form}", model=register.model._meta.label_lower, note=f"{register.slug}: {count} dòng {filters}"[:200])


def cells(columns: Sequence[Column], rows: Iterable[Any]) -> Iterable[list[Any]]:
    """The cells of each row, in the order of the columns."""
    for row in rows:
        yield [column.cell(row) for column in columns]


def sheet_bytes(register: Register, rows: Iterable[Any], form: str, columns: Sequence[Column] = ()) -> bytes:
    """XLSX or CSV of these columns; without them the whole book, which the same register's import takes back."""
    from tramyte.engine.documents import spreadsheet

    columns = columns or register.all_columns
    headings = [spreadsheet.SheetColumn(column.label, kind=_kind(column)) for column in columns]
    table = [[_plain(cell) for cell in line] for line in cells(columns, rows)]
    if form == "csv":
        return spreadsheet.write_csv(headings, table)
    return spreadsheet.write_xlsx(headings, table, title=register.title, sheet=register.title[:31])


def template_bytes(register: Register) -> bytes:
    """The file to fill in: the headings of the book and one example line."""
    from tramyte.engine.documents import spreadsheet

    columns = [spreadsheet.SheetColumn(column.label, kind="text") for column in register.all_columns]
    line = [register.example.get(column.path, "") for column in register.all_columns]
    return spreadsheet.write_xlsx(columns, [line], title=register.title, sheet=register.title[:31])


def book_bytes(register: Register, rows: Sequence[Any], subtitle: str, columns: Sequence[Column] = (), place: Place | None = None, paper: str = "") -> bytes:
    """These columns on paper as PDF; without them the whole book.

    place: whose book it is, for its head and the signatures. paper: another sheet than the book's own.
    """
    from tramyte.engine.documents import book

    columns = columns or register.all_columns
    headings = [book.Column("TT", width=0.5, align="r")]
    headings += [book.Column(column.label, width=column.width, align="r" if column.numeric else "l", total=column.total) for column in columns]
    table = [[str(number), *(words_of(cell) for cell in line)] for number, line in enumerate(cells(columns, rows), 1)]
    return book.render_book(
        register.paper_title or register.title, subtitle, f"Mẫu {register.form_code}" if register.form_code else "", headings, table, paper=paper or register.paper, landscape=register.landscape,
        as_of=clock.now(), **head_and_foot(place, register.signers))


def head_and_foot(place: Place | None, signers: Sequence[str]) -> dict[str, Any]:
    """What `render_book` prints above and below a book of this place: the body above, the station, and the signatures under place and day."""
    from tramyte.engine.documents import book

    over, unit, town = keepers(place)
    day = clock.today()
    line = f"{town}, ngày {day:%d} tháng {day:%m} năm {day:%Y}" if town else ""
    return {"over": over, "unit": unit, "signature": book.Signature(tuple((office, "") for office in signers), line)}


def keepers(place: Place | None) -> tuple[str, str, str]:
    """Who keeps a book of this place: the body above, the station, and the place's own name for the line of the date."""
    commune = commune_of(place) if place is not None else None
    if commune is None or commune.kind != Place.COMMUNE:
        return "", str(place or ""), ""
    station = Facility.objects.filter(place=commune, kind="station", valid_to=None).order_by("code").first()
    town = commune.name.split(" ", 1)[-1] if commune.name.split(" ", 1)[0] in {"Xã", "Phường"} else commune.name
    return f"Ủy ban nhân dân {commune.name[:1].lower()}{commune.name[1:]}", station.name if station else f"Trạm Y tế {commune.name}", town


def json_rows(columns: Sequence[Column], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Each row as id, version and its cells by path; dates ISO, decimals as numbers."""
    return [
        {"id": str(row.pk), "version": getattr(row, "version", 1)} | {column.path: json_cell(column.cell(row)) for column in columns} for row in rows
    ]


def json_cell(cell: Any) -> Any:
    """A cell as JSON knows it."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, datetime.date):  # a moment too
        return cell.isoformat()
    return cell if cell is None or isinstance(cell, str | int | float | bool) else str(cell)


def json_bytes(content: dict[str, Any]) -> bytes:
    """Stable JSON, so that its digest can be its ETag."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def _kind(column: Column) -> str:
    field = column.source
    kind = field.get_internal_type() if field is not None else ""
    if column.relation or getattr(field, "choices", None):
        return "text"
    return {"DateField": "date", "DecimalField": "number", "PositiveSmallIntegerField": "number", "PositiveIntegerField": "number",
            "IntegerField": "number"}.get(kind, "text")


def _plain(cell: Any) -> Any:
    return words_of(cell) if isinstance(cell, bool | datetime.datetime) else cell
