"""The cells of the residents' register: what is typed, and what is shown."""

import datetime
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Household, Person
from tramyte.engine import clock
from tramyte.engine.registers.fields import ChoiceField, DayField, TextField
from tramyte.rules.calendar import age_days, parse_partial_date
from tramyte.rules.identity import (
    check_birth_date,
    check_insurance_number,
    check_name,
    check_national_id,
    check_phone,
)
from tramyte.rules.text import fold

RESIDENCES = {"thường trú": "permanent", "tạm trú": "temporary"}


class CheckedField(TextField):
    """A text that a rule checks and brings into its stored form; the rule's ValueError is the sentence."""

    def __init__(self, rule: Any = None, **options: Any) -> None:
        self.rule = rule
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """Refused by the field's own check of control characters first, then by the rule."""
        text = super().to_python(value)
        try:
            return self.rule(text) if text and self.rule else text
        except ValueError as error:
            raise ValidationError(str(error)) from None


def proper_name(text: str) -> str:
    """A checked name; one in capitals only is given small letters."""
    name = check_name(text)
    return name.title() if name.isupper() and len(name) > 3 else name


BIRTH_SHOWN = {"day": "{:%d/%m/%Y}", "month": "{:%m/%Y}", "year": "{:%Y}"}


def birth_words(text: str) -> str:
    """A checked birth date in its shortest true form: 05/03/2026, 03/2026 or 1956."""
    day, precision = parse_partial_date(text, pivot=clock.today().year % 100)
    check_birth_date(day, clock.today())
    return BIRTH_SHOWN[precision].format(day)


def name_field() -> forms.Field:
    """Họ và tên."""
    return CheckedField(proper_name, max_length=10_000, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def birth_field() -> forms.Field:
    """Ngày sinh: a day, a month or a year."""
    return CheckedField(birth_words, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), help_text="Ngày/tháng/năm; chỉ biết năm thì ghi năm.")


def national_field() -> forms.Field:
    """Số định danh."""
    return CheckedField(check_national_id, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))


def card_field() -> forms.Field:
    """Số thẻ BHYT."""
    return CheckedField(check_insurance_number, required=False)


def phone_field() -> forms.Field:
    """Điện thoại."""
    return CheckedField(check_phone, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))


def text_field(longest: int, help_text: str = "") -> forms.Field:
    """A short text that may be empty."""
    return TextField(required=False, max_length=longest, help_text=help_text)


def day_field() -> forms.Field:
    """A day that may be empty."""
    return DayField(required=False, widget=forms.DateInput)


def hour_words(text: str) -> str:
    """An hour as 07:30, typed as 7:30, 7h30 or 7 giờ 30. ValueError with a sentence for anything else."""
    found = re.fullmatch(r"(\d{1,2})\s*(?::|h|g|giờ|gio)\s*(\d{1,2})?(?:\s*(?:phút|phut|p))?", text.strip().lower())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError(f"Không đọc được giờ “{text[:20]}”. Hãy ghi giờ và phút, ví dụ 07:30.")
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"


def hour_field() -> forms.Field:
    """Giờ tử vong."""
    return CheckedField(hour_words, label="Giờ tử vong", required=False, max_length=20)


def icd10_field() -> forms.Field:
    """Mã ICD-10; what its form is, the model says."""
    return CheckedField(str.upper, label="Mã ICD-10", required=False, max_length=6, help_text="Của nguyên nhân chính, ví dụ I21.9.")


def residence_field() -> forms.Field:
    """Thường trú or tạm trú."""
    return ChoiceField(choices=[(words, words) for words in RESIDENCES], required=False, widget=forms.RadioSelect)


def shown_birth(person: Person) -> str:
    """The birth date as far as it is known."""
    return BIRTH_SHOWN[person.birth_precision].format(person.birth_date)


def shown_address(household: Household) -> str:
    """Hamlet and address in one line; an address that names the hamlet already stands alone."""
    hamlet, address = str(household.hamlet), household.address
    return address if fold(hamlet) in fold(address) else f"{hamlet} · {address}" if address else hamlet


def shown_household(person: Person) -> str:
    """The number of the household."""
    return person.household.number if person.household else ""


class Number(NamedTuple):
    """A present number."""

    kind: str
    value: str


class Card(NamedTuple):
    """An insurance period; its key in hex digits."""

    key: str
    card_number: str
    start: datetime.date
    end: datetime.date


class Stay(NamedTuple):
    """A residence; its key and its place's in hex digits."""

    key: str
    place: str
    kind: str
    start: datetime.date


@dataclass(frozen=True)
class Read:
    """The rows of one person that the columns look at."""

    numbers: list[Number]
    cards: list[Card]
    stays: list[Stay]


def keep_read(person: Person, numbers: list[Number], cards: list[Card], stays: list[Stay]) -> None:
    """Give a person the rows that were read for many at once."""
    person.__dict__["_read"] = Read(numbers, cards, stays)


def read_of(person: Person) -> Read:
    """The rows given by `keep_read`, else those of the (prefetched) relations."""
    if "_read" not in person.__dict__:
        keep_read(
            person, [Number(row.kind, row.value) for row in present_numbers(person).values()],
            [Card(row.pk.hex, row.card_number, row.start, row.end) for row in person.coverages.all() if not row.entered_in_error],
            [Stay(row.pk.hex, row.place_id.hex, row.kind, row.start) for row in person.residences.all() if not row.entered_in_error])
    found: Read = person.__dict__["_read"]
    return found


def _held(person: Person) -> dict[str, str]:
    return {number.kind: number.value for number in read_of(person).numbers}


def shown_national(person: Person) -> str:
    """The present identity number."""
    held = _held(person)
    return held.get("national") or held.get("old_national", "")


def last_card(person: Person) -> Card | None:
    """The card that ends last."""
    return max(read_of(person).cards, key=lambda card: (card.end, card.key), default=None)


def shown_card(person: Person) -> str:
    """The number of the last card, else the insurance code."""
    card = last_card(person)
    return card.card_number if card else _held(person).get("insurance", "")


def shown_card_start(person: Person) -> Any:
    """The first day of the last card."""
    card = last_card(person)
    return card.start if card else None


def shown_card_end(person: Person) -> Any:
    """The last day of the last card."""
    card = last_card(person)
    return card.end if card else None


def last_stay(person: Person) -> Stay | None:
    """The residence in the person's hamlet that began last."""
    rows = [row for row in read_of(person).stays if row.place == person.hamlet_id.hex and row.kind != "absent"]
    return max(rows, key=lambda row: (row.start, row.key), default=None)


def shown_residence(person: Person) -> str:
    """Thường trú or tạm trú."""
    row = last_stay(person)
    return {code: words for words, code in RESIDENCES.items()}.get(row.kind, "") if row else ""


def shown_since(person: Person) -> Any:
    """Since when the person lives there."""
    row = last_stay(person)
    return row.start if row else None


def shown_age_at_death(row: Any) -> str:
    """The age of a death in the words of people: days in the first month, months below six years, then years."""
    born, on = row.person.birth_date, row.on
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < 1:
        return f"{age_days(born, on)} ngày"
    return f"{months} tháng" if months < 72 else f"{months // 12} tuổi"


def shown_child(row: Any) -> str:
    """Which of the groups of young children a death belongs to; empty from five years on."""
    return "" if row.age_group == "older" else str(row.get_age_group_display())
