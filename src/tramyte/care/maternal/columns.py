"""The cells of the books of mothers: what is typed, and what is shown."""

import datetime
import re
from typing import Any

from django import forms

from tramyte.care.maternal.models import Newborn
from tramyte.care.maternal.queries import risks_told
from tramyte.care.people.birth_doses import birth_dose
from tramyte.care.people.columns import CheckedField, hour_words, national_field
from tramyte.care.people.keys import present_numbers
from tramyte.engine import clock
from tramyte.engine.registers.fields import (
    ChoiceField,
    DayField,
    NumberField,
    TextField,
    WholeField,
    YesNoField,
)
from tramyte.rules.calendar import parse_date
from tramyte.rules.pregnancy import enough_visits, gestation_days, weeks_words
from tramyte.rules.text import clean

LOT = re.compile(r"[\s,;]+lô\b[\s:]*", re.IGNORECASE)
TESTED = {"neg": "âm tính", "pos": "dương tính"}


def gestation_words(text: str) -> str:
    """A typed gestation in weeks and days. ValueError with a sentence."""
    return weeks_words(gestation_days(text))


def gestation_field() -> forms.Field:
    """A gestation, typed as 12+3 or 12 tuần 3 ngày."""
    return CheckedField(gestation_words, required=False, max_length=30)


def moment_words(typed: str) -> str:
    """A day and hour as 05/03/2026 07:30; the day alone where nobody knows the hour. ValueError with a sentence for anything else."""
    day_part, _, hour_part = typed.strip().partition(" ")
    return f"{parse_date(day_part):%d/%m/%Y}{f' {hour_words(hour_part)}' if hour_part else ''}"


def dose_words(typed: str) -> str:
    """As `moment_words`, with the lot after the word "lô" where it was written: 05/03/2026 07:30 lô B2601."""
    moment, *lot = LOT.split(typed.strip(), maxsplit=1)
    return f"{moment_words(moment)}{f' lô {clean(lot[0])}' if lot and lot[0] else ''}"


def moment_field() -> forms.Field:
    """A day with its hour."""
    return CheckedField(moment_words, required=False, max_length=40)


def dose_field() -> forms.Field:
    """A day with its hour, and the lot."""
    return CheckedField(dose_words, required=False, max_length=80)


def dose_told(told: str | datetime.datetime) -> tuple[datetime.date, str, str]:
    """Day, hour ("" when not told) and lot ("" when not told) of checked words or of an aware moment, in the station's zone."""
    if isinstance(told, datetime.datetime):
        told = told.astimezone(clock.ZONE).strftime("%d/%m/%Y %H:%M")
    moment, _, lot = dose_words(told).partition(" lô ")
    day_part, _, hour_part = moment.partition(" ")
    return parse_date(day_part), hour_part, lot


class GramsField(WholeField):
    """The weight of a newborn in grams; one typed in kilograms is told apart."""

    def to_python(self, value: Any) -> Any:
        """Says what 3,2 is in grams."""
        typed = str(value or "").strip().replace(",", ".")
        if re.fullmatch(r"\d{1,2}\.\d{1,3}", typed):
            raise forms.ValidationError(f"Cân nặng ghi bằng gam, không phải kg: {typed.replace('.', ',')} kg là {round(float(typed) * 1000)} gam.")
        return super().to_python(value)


def day(*, required: bool = False) -> forms.Field:
    """A day."""
    return DayField(required=required, widget=forms.DateInput)


def text(longest: int = 200) -> forms.Field:
    """A short text that may be empty."""
    return TextField(required=False, max_length=longest)


def whole(low: int, high: int) -> forms.Field:
    """A whole number that may be missing."""
    return WholeField(required=False, min_value=low, max_value=high)


class HeightField(NumberField):
    """The mother's height in centimetres; one typed in metres is told apart."""

    def to_python(self, value: Any) -> Any:
        """Says what 1,55 is in centimetres."""
        typed = str(value or "").strip().lower().replace(",", ".").removesuffix("m").strip()
        if re.fullmatch(r"1\.\d{1,2}", typed):
            raise forms.ValidationError(f"Chiều cao ghi bằng cm, không phải mét: {typed.replace('.', ',')} m là {round(float(typed) * 100)} cm.")
        return super().to_python(value)


def centimetres() -> forms.Field:
    """The mother's height."""
    return HeightField(required=False, min_value=100, max_value=200, max_digits=4, decimal_places=1)


def words_choice(choices: list[tuple[str, str]], *, required: bool = False) -> forms.Field:
    """One of a few by its words, of a fact that the line's own row does not hold; empty when it may be."""
    named = [(words, words) for _, words in choices]
    return ChoiceField(choices=named if required else [("", "chưa rõ"), *named], required=required)


def code_of(choices: list[tuple[str, str]], words: str) -> str:
    """The code of a choice named by its words or by itself."""
    return next((code for code, said in choices if words in {code, said}), words)


def hour() -> forms.Field:
    """An hour."""
    return CheckedField(hour_words, required=False, max_length=20)


def yes_no() -> forms.Field:
    """Có, Không or nothing said."""
    return YesNoField(required=False, widget=forms.RadioSelect)


def number_field() -> forms.Field:
    """The child's identity number."""
    return national_field()


def card_of(row: Any) -> str:
    """The person's insurance code."""
    held = present_numbers(row.person if hasattr(row, "person") else row.mother).get("insurance")
    return held.value if held else ""


def pressure(row: Any) -> str:
    """Huyết áp as 120/80."""
    return f"{row.systolic}/{row.diastolic or '–'}" if row.systolic else ""


def anaemia(row: Any) -> str:
    """Có, Không or nothing, with the haemoglobin."""
    said = {True: "Có", False: "Không", None: ""}[row.anaemia]
    return "; ".join(filter(None, (said, f"Hb {row.haemoglobin} g/l" if row.haemoglobin else "")))


def gestation(row: Any) -> str:
    """The gestation of a line in weeks and days, as 36+1."""
    return "" if row.gestation is None else f"{row.gestation // 7}+{row.gestation % 7}"


def scan(row: Any) -> str:
    """The gestation that the first ultrasound showed."""
    return weeks_words(row.scan_days) if row.scan_days is not None else ""


def today_weeks(row: Any) -> str:
    """The gestation today of an open pregnancy, at its end of another, as 36+1."""
    weeks, days = divmod(max(0, row.gestation(row.ended_on or clock.today())), 7)
    return f"{weeks}+{days}"


def risk_words(row: Any) -> str:
    """The risks that everybody who follows her may know; results of tests only that they want to be looked at."""
    told = [risk.words for risk in risks_told(row, private=False)]
    hidden = len(risks_told(row, private=True)) > len(told)
    return ", ".join([*told, *(["xem kết quả xét nghiệm"] if hidden else [])])


def contact_count(row: Any) -> int:
    """How many contacts a pregnancy had."""
    return len(row.contacts.all())


def managed(row: Newborn) -> str:
    """Whether the pregnancy was followed."""
    return "Có" if row.delivery.pregnancy.registered_on else "Không"


def visits(row: Newborn) -> str:
    """How many antenatal contacts there were, and whether they are four in three terms."""
    held = [one.gestation for one in row.delivery.pregnancy.contacts.all()]
    return f"{len(held)}; {'đủ' if enough_visits(held) else 'chưa đủ'} 4 lần 3 kỳ" if held else "0"


def tetanus(row: Newborn) -> str:
    """Whether two or more doses of tetanus vaccine are noted."""
    doses = [one.tetanus for one in row.delivery.pregnancy.contacts.all() if one.tetanus is not None]
    return ("Đủ" if max(doses) >= 2 else "Chưa đủ") + f" ({max(doses)} mũi)" if doses else ""


def hiv(row: Newborn) -> str:
    """The result of the HIV tests of the pregnancy."""
    found = {one.hiv for one in row.delivery.pregnancy.contacts.all() if one.hiv}
    return TESTED["pos" if "pos" in found else "neg"] if found else "chưa xét nghiệm"


def mother_died(row: Newborn) -> str:
    """Whether the mother died within 42 days."""
    died = row.mother.died_on
    return "Có" if died and 0 <= (died - row.on).days <= 42 else "Không"


def weeks(row: Newborn) -> int:
    """The gestation at birth in whole weeks."""
    return row.delivery.gestation // 7


def hepatitis_b(row: Newborn) -> str:
    """Whether hepatitis B vaccine was given within 24 hours of the birth, by the clock where both hours are known."""
    dose = birth_dose(row.child)
    if dose is None:
        return ""
    if not (row.at and dose.at):
        return f"{dose.on:%d/%m/%Y}"
    hours = 24 * (dose.on - row.on).days + _hours(dose.at) - _hours(row.at)
    return "≤ 24 giờ" if hours <= 24 else f"sau {hours:.0f} giờ"


def _hours(at: str) -> float:
    return int(at[:2]) + int(at[3:]) / 60


def seen_in(first: int, last: int) -> Any:
    """Whether mother or child were seen from one day to another after the birth."""
    def shown(row: Newborn) -> str:
        days = [one.on for one in row.delivery.postnatal.all() if first <= one.day <= last]
        return f"{min(days):%d/%m/%Y}" if days else ""
    return shown


def child_name(row: Newborn) -> str:
    """The child's name as the registry has it."""
    return row.child.full_name if row.child else ""


def child_number(row: Newborn) -> str:
    """The child's identity number, when it has one."""
    held = present_numbers(row.child).get("national") if row.child else None
    return held.value if held else ""


def of_delivery(name: str) -> Any:
    """The value of a field of the delivery."""
    return lambda row: getattr(row.delivery, name)


def delivery_words(name: str) -> Any:
    """The words of a choice of the delivery."""
    return lambda row: str(getattr(row.delivery, f"get_{name}_display")())


def hepatitis_moment(row: Newborn) -> str:
    """When hepatitis B vaccine was given, as it is typed."""
    dose = birth_dose(row.child)
    return f"{dose.on:%d/%m/%Y} {dose.at}".strip() if dose else ""


def hepatitis_cell(row: Newborn) -> str:
    """As it is typed in the book, with the lot."""
    lot = hepatitis_lot(row)
    return hepatitis_moment(row) + (f" lô {lot}" if lot else "")


def hepatitis_told(row: Newborn) -> str:
    """When it was given and whether within 24 hours, in one line; "" without a dose."""
    given, within = hepatitis_moment(row), hepatitis_b(row)
    return f"{given} ({within})" if within.startswith(("≤", "sau")) else given


def hepatitis_lot(row: Newborn) -> str:
    """The lot of that dose."""
    dose = birth_dose(row.child)
    return dose.lot if dose else ""


def of_pregnancy(name: str) -> Any:
    """The value of a field of the contact's pregnancy."""
    return lambda row: getattr(row.pregnancy, name)


def method(code: str, *, stop: bool = False) -> Any:
    """What was given, or a cross, in the column of the method (or of its removal); nothing where the station had none."""
    def shown(row: Any) -> str:
        fits = row.method == code and (row.act == "stop") == stop
        if not fits or row.stock_out:
            return ""
        return "x" if row.act == "stop" or row.quantity is None else str(row.quantity)
    return shown
