"""A register as other programs read and write it: values by path, conditions by name, the same rows as the screen's.

Values are plain JSON: codes of choices, ISO days, numbers, and for a related row the text that names it, which is also
what a program sends to name it. Everything goes in through the register's form and action, as on a page.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import IntegrityError, models, transaction
from django.http import QueryDict

from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.engine.registers import conditions, narrowing, ordering
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import DayField
from tramyte.engine.registers.output import json_cell
from tramyte.engine.registers.paging import lines
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import asked_columns

LIMIT, LARGEST, FARTHEST = 50, 500, 10_000_000


@dataclass(frozen=True)
class Parameter:
    """One parameter of a list. kind: text, whole, choice; options: the values a choice may have, with their words."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()


class Faults(Exception):
    """Several fields were refused at once. found: (field, sentence) of each, in the order of the book."""

    def __init__(self, found: tuple[tuple[str, str], ...]) -> None:
        super().__init__(found)
        self.found = found


def parameters(register: Register) -> list[Parameter]:
    """Every parameter that the list of a register takes."""
    made = [Parameter("limit", f"Số dòng một trang, 1 đến {LARGEST}", "whole"), Parameter("offset", "Bỏ qua bao nhiêu dòng đầu", "whole"),
            Parameter("columns", "Các cột muốn đọc, cách nhau bằng dấu phẩy; để trống là cả sổ"), Parameter("sort", "Xếp theo cột; dấu - ở đầu là giảm dần", "choice", _orders(register)),
            Parameter("q", "Tìm như ô tìm kiếm của sổ")]
    if register.date:
        made += [Parameter("period", "Kỳ, ví dụ 2026-06, 2026-Q2, 2026-H1, 2026"), Parameter("from", "Từ ngày"), Parameter("to", "Đến ngày")]
    made += [Parameter(extra.name, f"{extra.label}; không ghi là “{dict(extra.options)[extra.default]}”", "choice", extra.options) for extra in register.filters]
    for column in register.all_columns:
        made += _asking(column)
    return made


def _orders(register: Register) -> tuple[tuple[str, str], ...]:
    columns = [column for column in register.all_columns if ordering.sortable(column)]
    return tuple((f"{sign}{column.path}", column.label) for sign in ("", "-") for column in columns)


def _asking(column: Column) -> list[Parameter]:
    """The conditions of one column."""
    kind = conditions.kind_of(column)
    if not kind:
        return []
    has, least, most, state = conditions.names(column)
    made = [Parameter(state, f"{column.label}: để trống hay có giá trị", "choice", conditions.STATES)]
    if kind == "choice":
        made.insert(0, Parameter(column.path, column.label, *_listed(column)))
    if kind == "text":
        made.insert(0, Parameter(has, f"{column.label}: có chữ này, không cần dấu"))
    if kind in {"number", "date"}:
        made[:0] = [Parameter(least, f"{column.label}: từ"), Parameter(most, f"{column.label}: đến")]
    return made


def _listed(column: Column) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What a choice may be asked for, when the declaration knows."""
    source = column.sought_field
    if isinstance(source, models.BooleanField):
        return "choice", (("True", "Có"), ("False", "Không"))
    codes = tuple((str(code), str(words)) for code, words in getattr(source, "flatchoices", None) or [])
    return ("choice", (*codes, (narrowing.EMPTY, "(trống)"))) if codes else ("text", ())


@dataclass(frozen=True)
class Page:
    """Part of a list. columns: those asked for; count: of all rows found; rows: of this part, from `offset` on."""

    columns: tuple[Column, ...]
    count: int
    offset: int
    limit: int
    rows: list[Any]


def page(register: Register, user: User, params: QueryDict) -> Page:
    """The part of the list that the parameters ask for. Raises Refused for one that is unknown or cannot be read."""
    _readable(register, params)
    limit, offset = _whole(params, "limit", LIMIT, 1, LARGEST), _whole(params, "offset", 0, 0, FARTHEST)
    columns = tuple(asked_columns(register, params)) or register.all_columns
    rows = register.rows(user, params)
    return Page(columns, register.count(user, params), offset, limit, list(lines(rows, offset, offset + limit)))


def _readable(register: Register, params: QueryDict) -> None:
    known = {parameter.name: parameter for parameter in parameters(register)}
    for name, value in params.items():
        if name not in known:
            raise Refused("unknown_parameter", f"Sổ này không có tham số “{name[:40]}”. Hãy xem tên các tham số trong tài liệu.", field=name[:80])
        options = known[name].options
        if value and options and value not in dict(options):
            raise Refused("bad_filter", f"Tham số “{name}” không nhận “{str(value)[:40]}”. Hãy dùng một trong: {', '.join(code for code, _ in options)}.", field=name)


def _whole(params: QueryDict, name: str, usual: int, least: int, most: int) -> int:
    text = params.get(name, "") or str(usual)
    if text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise Refused("bad_paging", f"Tham số “{name}” phải là số nguyên từ {least} đến {most}.", field=name)


def found(register: Register, user: User, id: uuid.UUID) -> Any:
    """One row. Raises Refused (404) when it is not there for this user."""
    row = register.get(user, id)
    if row is None:
        raise not_found(str(register.model._meta.verbose_name))
    return row


def plain(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    """A row as id, version and the values of these columns by path."""
    return {"id": str(row.pk), "version": row.version} | {column.path: value_of(column, row) for column in columns}


def value_of(column: Column, row: Any) -> Any:
    """The value of a row as JSON; None for nothing."""
    value = column.value(row)
    if value is None or value == "":
        return None
    if isinstance(value, models.Model):
        return (column.key.shown(value) if column.by and column.own else str(value)) or None
    value = json_cell(value)
    return str(value) if column.read else value


def type_of(column: Column) -> str:
    """text, whole, number, flag, day or moment."""
    source = column.source
    if column.read is not None:
        return "day" if isinstance(column.field, DayField) else "text"
    kinds = ((models.BooleanField, "flag"), (models.ForeignKey, "text"), (models.DateTimeField, "moment"), (models.DateField, "day"),
             (models.IntegerField, "whole"), (models.DecimalField, "number"), (models.FloatField, "number"))
    return next((kind for model_field, kind in kinds if isinstance(source, model_field)), "text")


def codes_of(column: Column) -> list[tuple[Any, str]]:
    """The codes a value may have, with their words; empty when it is free."""
    if column.read is None:
        return [(code, str(words)) for code, words in getattr(column.source, "flatchoices", None) or []]
    return [(code, str(words)) for code, words in getattr(column.field, "choices", None) or [] if code != ""]


def writable(register: Register, user: User) -> None:
    """Raise Refused (403) unless the user may write in the register."""
    if not register.written_by(user):
        raise no_right()


def create(register: Register, user: User, given: Mapping[str, Any], id: uuid.UUID | None = None) -> tuple[Any, bool]:
    """Write a new row, with the id that the program made for it; answers the row and whether it is new.

    The same id again changes nothing and answers the row as it is now, whatever is sent. Raises Refused, Faults.
    """
    kept = register.model._default_manager.filter(pk=id).exists() if id else False
    if not kept:
        form = _judged(register.form(user, {path: _typed(value) for path, value in given.items()}))
        try:
            with transaction.atomic():
                return found(register, user, register.save(user, form, id=id).pk), True
        except IntegrityError:  # the same request twice at once: the other one was stored first
            if id is None:
                raise
    row = register.get(user, id)
    if row is None:
        raise Refused("id_taken", "Mã id này đã dùng cho một dòng khác. Hãy tạo mã mới (UUID) cho dòng mới.", field="id", status=409)
    return row, False


def change(register: Register, user: User, row: Any, given: Mapping[str, Any], seen_version: int) -> Any:
    """Change the given fields of a row that was seen at a version; the rest stays. Raises Refused (409 for another version), Faults."""
    held = register.form(user, row=row).initial
    form = _judged(register.form(user, {**held, **{path: _typed(value) for path, value in given.items()}, "seen_version": seen_version}, row=row))
    register.save(user, form, row)
    return found(register, user, row.pk)


def _judged(form: forms.Form) -> forms.Form:
    if form.is_valid():
        return form
    raise Faults(tuple((str(name), str(error)) for name, errors in form.errors.items() for error in errors))


def _typed(value: Any) -> str:
    """What a person would have typed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)
