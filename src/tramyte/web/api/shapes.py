"""The shapes of what goes in and out: those of the registers made from their declarations, the rest written here."""

import datetime
import uuid
from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, create_model

from tramyte.engine.registers import interface
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import field_for
from tramyte.engine.registers.register import Register

OUT: dict[str, Any] = {"text": str, "whole": int, "number": float, "flag": bool, "day": datetime.date, "moment": datetime.datetime}
IN: dict[str, Any] = {"text": StrictStr, "whole": StrictInt, "number": StrictFloat, "flag": StrictBool, "day": StrictStr, "moment": StrictStr}


class Fault(Schema):
    """Một mục bị từ chối."""

    field: str = Field(title="Mục")
    message: str = Field(title="Câu giải thích")


class Trouble(Schema):
    """Một lời từ chối: mã cho chương trình, câu cho người đọc, và mục có lỗi (nếu có)."""

    code: str = Field(title="Mã", description="Không đổi giữa các phiên bản", examples=["no_right"])
    message: str = Field(title="Câu giải thích", examples=["Tài khoản này không có quyền làm việc đó. Hãy hỏi giám đốc trạm hoặc người quản trị."])
    field: str = Field("", title="Mục có lỗi", examples=[""])
    faults: list[Fault] | None = Field(None, title="Từng mục có lỗi")


class Sent(BaseModel):
    """What comes in: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class Reason(Sent):
    """Vì sao dòng là ghi nhầm."""

    reason: StrictStr = Field(title="Lý do", min_length=1, max_length=200)


class Cancelled(Schema):
    """Dòng đã đánh dấu ghi nhầm."""

    id: uuid.UUID = Field(title="Mã của dòng")
    version: int = Field(title="Bản thứ mấy")
    entered_in_error: bool = Field(title="Là ghi nhầm")
    reason: str = Field(title="Lý do")


class Change(Schema):
    """Một mục đã đổi, bằng chữ."""

    label: str = Field(title="Mục")
    before: str = Field(title="Trước")
    after: str = Field(title="Sau")


class Event(Schema):
    """Một việc đã xảy ra với dòng này."""

    at: datetime.datetime = Field(title="Lúc")
    who: str = Field(title="Ai")
    what: str = Field(title="Làm gì")
    note: str = Field(title="Ghi chú")
    changes: list[Change] = Field(title="Những mục đã đổi")


class History(Schema):
    """Lịch sử của một dòng, mới nhất trước."""

    events: list[Event] = Field(title="Các việc")


def row_of(register: Register) -> Any:
    """A row as it goes out. Columns that were not asked for are absent, empty ones null."""
    fields: dict[str, Any] = {"id": (uuid.UUID, Field(title="Mã của dòng")), "version": (int, Field(title="Bản thứ mấy", ge=1))}
    for number, column in enumerate(register.all_columns):
        fields[f"f{number}"] = (OUT[interface.type_of(column)] | None, Field(None, alias=column.path, **_described(column)))
    return create_model(f"{_name(register)}Row", __base__=Schema, __doc__=f"Một {register.unit} của {register.title}", **fields)


def written_of(register: Register, row: Any) -> Any:
    """A row that was just written, with what is doubtful in it."""
    said: Any = Field([], title="Cảnh báo", description="Điều đáng ngờ trong dòng vừa ghi; dòng vẫn được nhận. Không có gì thì vắng mặt")
    return create_model(f"{_name(register)}Written", __base__=row, __doc__=f"Một {register.unit} vừa ghi", warnings=(list[str], said))


def list_of(register: Register, row: Any) -> Any:
    """A part of a list."""
    fields: dict[str, Any] = {
        "count": (int, Field(title="Số dòng tìm thấy, như trên màn hình")), "offset": (int, Field(title="Đã bỏ qua bao nhiêu dòng")), "limit": (int, Field(title="Số dòng một trang")),
        "next": (str | None, Field(title="Địa chỉ của trang sau; null ở trang cuối")), "rows": (list[row], Field(title="Các dòng"))}
    return create_model(f"{_name(register)}List", __base__=Schema, __doc__=f"Một trang của {register.title}", **fields)


def stale_of(register: Register, row: Any) -> Any:
    """Both versions: what is stored now, and what was sent."""
    fields: dict[str, Any] = {"stored": (row, Field(title="Bản đang lưu")), "sent": (dict[str, Any], Field(title="Bản vừa gửi"))}
    return create_model(f"{_name(register)}Conflict", __base__=Trouble, __doc__="Hai bản khác nhau của một dòng", **fields)


def new_of(register: Register) -> type[BaseModel]:
    """A new row as it comes in; `id` is made by the program."""
    fields: dict[str, Any] = {"id": (uuid.UUID | None, Field(None, title="Mã của dòng, do ứng dụng tạo", description="UUID; gửi lại cùng mã không tạo thêm dòng nào"))}
    for number, column in enumerate(register.own):
        needed = field_for(column).required
        shape = IN[interface.type_of(column)]
        fields[f"f{number}"] = (shape if needed else shape | None, Field(... if needed else None, alias=column.path, **_described(column)))
    return create_model(f"{_name(register)}New", __base__=Sent, __doc__=f"Một {register.unit} mới", **fields)


def change_of(register: Register) -> type[BaseModel]:
    """Changes of a row as they come in: only what changes."""
    fields: dict[str, Any] = {
        f"f{number}": (IN[interface.type_of(column)] | None, Field(None, alias=column.path, **_described(column))) for number, column in enumerate(register.own)}
    return create_model(f"{_name(register)}Change", __base__=Sent, __doc__="Những mục cần đổi", **fields)


def _name(register: Register) -> str:
    return "".join(part.title() for part in register.slug.split("-"))


def _described(column: Column) -> dict[str, Any]:
    """Title, words, codes and format of a column for the description."""
    extra: dict[str, Any] = {}
    codes, kind = interface.codes_of(column), interface.type_of(column)
    if codes:
        extra["enum"] = [*(code for code, _ in codes), None]
    elif column.own and kind == "day":
        extra["format"] = "date"
    listed = "; ".join(f"{code}: {words}" for code, words in codes if str(code) != words)
    said = ". ".join(part for part in (column.help, listed, _naming(column)) if part)
    return {"title": column.label, **({"description": said} if said else {}), "json_schema_extra": extra}


def _naming(column: Column) -> str:
    return "Ghi như khi gõ trên màn hình: số, mã hoặc tên" if column.relation else ""
