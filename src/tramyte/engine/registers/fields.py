"""Form fields of columns: what a person types, on a page or in a spreadsheet cell, made into a value."""

import copy
import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.choices import flatten_choices

from tramyte.engine.actions.models import NOT_OFFERED, TOO_LONG
from tramyte.engine.registers.columns import Column, words_of
from tramyte.rules.calendar import parse_date
from tramyte.rules.text import clean, fold

RADIO_LIMIT = 6
LONGEST = 18  # digits of a whole number, so that a database holds it
KEPT, TAMPERED = "Bản đang sửa", "Bản đang sửa không nhận ra được: trang đã bị đổi. Hãy mở lại trang từ sổ hoặc hồ sơ, rồi gõ và lưu lại."
UNSEEN = "Có ký tự điều khiển không nhìn thấy. Hãy xóa rồi gõ lại bằng tay."


# What the checks of Django say, in the words of this product: class of the check -> sentence.
SAID = {
    validators.MinValueValidator: "Số nhỏ nhất là %(limit_value)s, ở đây ghi %(show_value)s. Hãy kiểm tra lại.",
    validators.MaxValueValidator: "Số lớn nhất là %(limit_value)s, ở đây ghi %(show_value)s. Hãy kiểm tra lại.",
    validators.MaxLengthValidator: TOO_LONG}
DIGITS: dict[str, Any] = {
    "max_digits": "Nhiều nhất %(max)s chữ số. Hãy kiểm tra lại.", "max_decimal_places": "Nhiều nhất %(max)s chữ số sau dấu phẩy. Hãy làm tròn rồi ghi lại.",
    "max_whole_digits": "Nhiều nhất %(max)s chữ số trước dấu phẩy. Hãy kiểm tra lại."}


def _speaking(checks: list[Any]) -> list[Any]:
    """The checks of a field; one that has no sentence of its own gets ours."""
    made = []
    for check in checks:
        kind = type(check)
        if kind in SAID and check.message == kind.message:
            check = copy.copy(check)
            check.message = SAID[kind]
        made.append(check)
    return made


class TextField(forms.CharField):
    """Text, cleaned and without control characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = _speaking(self.validators)

    def to_python(self, value: Any) -> Any:
        """NFC, single blanks."""
        hidden = isinstance(value, str) and not value.isprintable()
        if hidden and any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in value):
            raise ValidationError(UNSEEN)
        if isinstance(value, str) and value.lstrip().startswith("="):
            raise ValidationError("Ô này là công thức, không phải dữ liệu. Hãy ghi thẳng giá trị.")
        return super().to_python(clean(value) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A date as a Vietnamese reader sees it: 05/03/2026 is 5 March."""

    def to_python(self, value: Any) -> Any:
        """Read by `rules.calendar.parse_date`."""
        if isinstance(value, str) and value.strip():
            try:
                return parse_date(value)
            except ValueError as error:
                raise ValidationError(str(error)) from None
        return value if isinstance(value, datetime.date) else None


class NumberField(forms.DecimalField):
    """A number with a decimal comma; a point is taken too."""

    widget = forms.TextInput
    default_error_messages = DIGITS

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = _speaking(self.validators)

    def to_python(self, value: Any) -> Any:
        """Comma to point; `12.0` of a spreadsheet is 12."""
        if isinstance(value, str):
            typed = clean(value)
            value = typed.replace(",", ".")
            if value and not re.fullmatch(r"[-+]?\d+(\.\d+)?", value):
                raise ValidationError(f"“{typed[:30]}” không phải là số. Hãy chỉ ghi chữ số, phần lẻ sau dấu phẩy.")
            value = value.rstrip("0").rstrip(".") if "." in value else value
        return super().to_python(value)


class WholeField(forms.IntegerField):
    """A whole number."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = _speaking(self.validators)

    def to_python(self, value: Any) -> Any:
        """`120.0` of a spreadsheet is 120."""
        if isinstance(value, str):
            value = re.sub(r"[.,]0+$", "", clean(value))
            if value and not re.fullmatch(r"-?\d+", value):
                raise ValidationError(f"“{value[:30]}” không phải là số nguyên. Hãy chỉ ghi chữ số.")
            if len(value) > LONGEST:
                raise ValidationError(f"Số “{value[:LONGEST]}…” quá dài. Hãy kiểm tra lại.")
        return super().to_python(value)


class ChoiceField(forms.TypedChoiceField):
    """One of a few; takes the code as well as the words, with or without tones."""

    def to_python(self, value: Any) -> Any:
        """The words of a choice become its code."""
        text = super().to_python(value)
        wanted = fold(text)
        for code, label in offered(self):
            if text.casefold() == code.casefold() or (wanted and wanted == fold(label)):
                return code
        return text

    def validate(self, value: Any) -> None:
        """Names the words that may be used."""
        try:
            super().validate(value)
        except ValidationError as error:
            if error.code != "invalid_choice":
                raise
            known = ", ".join(label for code, label in offered(self) if code)
            raise ValidationError(f"“{str(value)[:40]}” không có trong danh sách. Hãy ghi một trong: {known}.") from None


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a choice field of a form what it offers here: (code, words)."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def offered(field: forms.ChoiceField) -> list[tuple[str, str]]:
    """What a choice field offers, groups opened: (code, words)."""
    listed: Any = field.choices
    pairs: Iterable[tuple[Any, Any]] = flatten_choices(listed)
    return [(str(code), str(words)) for code, words in pairs]


class YesNoField(ChoiceField):
    """Có or Không; x, 1, true count as Có."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[("1", "Có"), ("0", "Không")], coerce=lambda v: v == "1", empty_value=None, **options)

    def to_python(self, value: Any) -> Any:
        """Words to 1 or 0."""
        text = fold(str(value if value is not None else ""))
        return "1" if text in {"x", "true", "v"} else "0" if text == "false" else super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """What a page chooses for an answer in words; a correction would lose it otherwise."""
        return self.to_python(value)


def _chosen(clean: Callable[[Any], Any], value: Any) -> Any:
    """What a field of rows makes of a value; a key that is no key is a choice that is not offered, never a word about keys."""
    try:
        return clean(value)
    except ValidationError as error:
        raise error if error.code == "required" else ValidationError(NOT_OFFERED, code="invalid_choice") from None


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """One of the rows that are offered."""

    def clean(self, value: Any) -> Any:
        """The row."""
        return _chosen(super().clean, value)


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Some of the rows that are offered."""

    def clean(self, value: Any) -> Any:
        """The rows."""
        return _chosen(super().clean, value)


class RelationField(TextField):
    """A related row, typed by its natural key; the register resolves it."""


def required_words(field: forms.Field) -> str:
    """What to do about a field that was left empty, in its own words: "Hãy ghi họ và tên.", "Hãy chọn thôn."."""
    label = str(field.label or "")
    if isinstance(field, forms.DateField):
        return f"Hãy ghi ngày ở ô “{label}”, ví dụ 05/03/2026."
    name = label[:1].lower() + label[1:] if label[1:2].islower() else label
    return f"Hãy {'chọn' if isinstance(field, forms.ChoiceField | forms.FileField | forms.BooleanField) else 'ghi'} {name}."


def speak(field: forms.Field) -> None:
    """Have a field say in its own words that it is empty, that what was chosen is not offered (any more), that what the page keeps for itself was changed."""
    field.error_messages["required"] = required_words(field)
    if field.widget.is_hidden and not field.label:
        field.label, field.error_messages["invalid"] = KEPT, TAMPERED
    if isinstance(field, forms.ChoiceField):
        field.error_messages |= dict.fromkeys(("invalid_choice", "invalid_list", "invalid_pk_value"), NOT_OFFERED)


def field_for(column: Column) -> forms.Field:
    """The form field of an own column, with label, help and whether it may stay empty."""
    made = _made(column)
    speak(made)
    return made


def _made(column: Column) -> forms.Field:
    if column.field is not None:
        made = copy.deepcopy(column.field)
        made.label = made.label or column.label
        return made
    source = column.source
    assert source is not None
    options: dict[str, Any] = {"label": column.label, "help_text": column.help, "required": not source.blank}
    if column.relation:
        options["help_text"] = column.help or "Gõ tên, số hoặc mã rồi chọn trong danh sách gợi ý."
        options["label"] = str(source.verbose_name)[:1].upper() + str(source.verbose_name)[1:]
        return RelationField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "list": f"goi-y-{column.path}"}), **options)
    if source.choices:
        return _choice(source, options)
    return _plain(source, options)


def _choice(source: "models.Field[Any, Any]", options: dict[str, Any]) -> forms.Field:
    choices = list(source.flatchoices)
    few = len(choices) <= RADIO_LIMIT
    empty = [] if options["required"] else [("", "chưa rõ")]
    whole = isinstance(source, models.IntegerField)
    widget = forms.RadioSelect if few else forms.Select
    made = ChoiceField(choices=[*empty, *choices], coerce=int if whole else str, empty_value=None if source.null else "", widget=widget, **options)
    if not (few or empty or source.has_default()):
        made.widget.choices = [("", "chọn"), *choices]  # nothing that must be told is chosen beforehand
    return made


def _plain(source: "models.Field[Any, Any]", options: dict[str, Any]) -> forms.Field:
    if isinstance(source, models.BooleanField):
        return YesNoField(widget=forms.RadioSelect, **options)
    if isinstance(source, models.DateField):
        return DayField(widget=forms.DateInput, **options)
    limits = [v for v in source.validators if hasattr(v, "limit_value")]
    if isinstance(source, models.DecimalField):
        return NumberField(max_digits=source.max_digits, decimal_places=source.decimal_places, validators=limits, **options)
    if isinstance(source, models.IntegerField):
        return WholeField(validators=limits, **options)
    longest = getattr(source, "max_length", None)
    long = longest is None or longest > 200
    return TextField(max_length=longest, widget=forms.Textarea if long else forms.TextInput, **options)


def typed(column: Column, row: Any) -> str:
    """What a person would type to get the value that the row has now."""
    if column.relation:
        related = column.value(row)
        return column.key.shown(related) if related is not None else ""
    if column.read:
        return words_of(column.read(row))
    value = column.value(row)
    if value is None:
        return ""
    return str(value) if getattr(column.source, "choices", None) else words_of(value)


def cleaned(form_field: forms.Field, text: str) -> Any:
    """The value of a typed text. Raises ValueError with the field's sentence."""
    try:
        return form_field.clean(text)
    except ValidationError as error:
        raise ValueError(" ".join(str(message) for message in error.messages)) from None


def same(first: Any, second: Any) -> bool:
    """Whether two values of a field are the same fact; no value and empty text are."""
    if first in (None, "") and second in (None, ""):
        return True
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if all(isinstance(value, Decimal | float | int) and not isinstance(value, bool) for value in (first, second)):
        return Decimal(str(first)) == Decimal(str(second))
    return bool(first == second)
