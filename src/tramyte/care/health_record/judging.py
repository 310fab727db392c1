"""What a typed answer or date of the record may be; each refusal names its field."""

import datetime
from decimal import Decimal, InvalidOperation

from tramyte.care.health_record.form import Question
from tramyte.care.people.models import Person
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import Precision, parse_partial_date
from tramyte.rules.text import clean


def checked_since(person: Person, text: str, on: datetime.date, field: str = "since") -> tuple[datetime.date | None, Precision]:
    """A day, a month or a year between the birth and the day of asking, with what is known; (None, "day") for an empty text."""
    if not clean(text):
        return None, "day"
    try:
        day, precision = parse_partial_date(text, pivot=on.year % 100)
    except ValueError as error:
        raise Refused("invalid", str(error), field=field) from error
    if day > on:
        raise Refused("future", f"“{clean(text)}” ở sau ngày hỏi {on:%d/%m/%Y}. Hãy kiểm tra lại.", field=field)
    if day < _first_day(person.birth_date, precision):
        raise Refused("before_birth", f"“{clean(text)}” đứng trước ngày sinh {person.birth_date:%d/%m/%Y}. Hãy kiểm tra lại.", field=field)
    return day, precision


def _first_day(born: datetime.date, precision: Precision) -> datetime.date:
    """The first day of the month or year of birth when no more than that is known."""
    return born if precision == "day" else born.replace(day=1) if precision == "month" else born.replace(month=1, day=1)


def checked_answer(person: Person, question: Question, text: str, on: datetime.date) -> str:
    """The answer as it is stored: a code, plain digits, a date in its shortest true form, or words; "" for none."""
    value = clean(text)
    if not value:
        return ""
    if question.kind in {"choice", "yes_no"}:
        return _one_of(question, value)
    if question.kind in {"whole", "number"}:
        return _number(question, value)
    if question.kind == "day":
        day, precision = checked_since(person, value, on, question.code)
        return day.strftime({"month": "%m/%Y", "year": "%Y"}.get(precision, "%d/%m/%Y")) if day else ""
    if len(value) > 200:
        raise Refused("invalid", f"{question.label} dài quá 200 ký tự. Hãy ghi ngắn lại.", field=question.code)
    return value


def _one_of(question: Question, value: str) -> str:
    if value not in (dict(question.choices) if question.choices else {"1", "0"}):
        raise Refused("invalid", f"{question.label}: “{value[:30]}” không có trong mẫu. Hãy chọn một trả lời của mẫu.", field=question.code)
    return value


def _number(question: Question, value: str) -> str:
    try:
        number = Decimal(value.replace(",", "."))
    except InvalidOperation:
        raise Refused("invalid", f"{question.label}: “{value[:30]}” không phải là số. Hãy chỉ ghi chữ số.", field=question.code) from None
    if question.kind == "whole" and number != number.to_integral_value():
        raise Refused("invalid", f"{question.label}: hãy ghi số nguyên.", field=question.code)
    if not question.low <= number <= question.high:
        words = f"{question.low:g} đến {question.high:g} {question.unit}".replace(".", ",").strip()
        raise Refused("invalid", f"{question.label} phải từ {words}. Hãy kiểm tra lại.", field=question.code)
    return f"{number.normalize():f}"
