"""The text of the QR code on an identity card, as a scanner types it into a field."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tramyte.rules.calendar import Precision, parse_partial_date
from tramyte.rules.identity.national_id import national_id_warnings, parse_national_id
from tramyte.rules.identity.numbers import check_national_id
from tramyte.rules.identity.persons import check_name
from tramyte.rules.text import clean, fold

LONGEST = 600
_PARTING = re.compile(r"[|¦｜]")
_DAY = re.compile(r"(\d{2})[/.\- ]?(\d{2})[/.\- ]?(\d{4})")
_SEXES: dict[str, Literal["M", "F", ""]] = {"nam": "M", "male": "M", "nu": "F", "nuu": "F", "nuwx": "F", "nuw4": "F", "female": "F"}


@dataclass(frozen=True, slots=True)
class CardText:
    """What a scanned card says; empty text or None: not there or not readable.

    number: 12 digits. old_number: 9 digits. name: with the tones that came through. birth_date with its precision.
    sex: "M" or "F". address: one line. issued_on: the card's own date. faults: sentences about what cannot be read and
    what contradicts something else on the card; they warn and do not block.
    """

    number: str = ""
    old_number: str = ""
    name: str = ""
    birth_date: date | None = None
    precision: Precision = "day"
    sex: Literal["M", "F", ""] = ""
    address: str = ""
    issued_on: date | None = None
    faults: tuple[str, ...] = ()

    @property
    def birth(self) -> str:
        """The birth date as somebody would type it: 12/05/1956, 05/1956 or 1956; empty when unknown."""
        if self.birth_date is None:
            return ""
        shown = {"day": "{0:%d/%m/%Y}", "month": "{0:%m/%Y}", "year": "{0:%Y}"}
        return shown[self.precision].format(self.birth_date)


def parse_card_text(text: str) -> CardText | None:
    """The card behind a scanned text `number|old number|name|ddmmyyyy|sex|address|issue date`; None for other texts.

    Bears what scanners do: tones or the letter case lost, the old number empty or left out with its bar, fewer fields
    at the end, further ones (cards since 2024 add the parents), CR or tab after the text, bars of another width. Any
    text is taken and nothing is raised. Source: what the cards of 2021 and 2024 hold, checked against samples only.
    """
    fields = [clean(field) for field in _PARTING.split(text[:LONGEST])]
    digits = re.sub(r"[\s.\-]", "", fields[0])
    if len(fields) < 3 or not (digits.isascii() and digits.isdigit()):
        return None
    if fields[1] and not fields[1][0].isdigit():  # the old number was left out with its bar
        fields.insert(1, "")
    fields += [""] * 7
    card = CardText(address=fields[5])
    for read in (_number, _old_number, _name, _birth, _sex, _issued):
        card = read(card, fields)
    if not (card.number or (card.name and card.birth_date)):
        return None
    return replace(card, faults=(*card.faults, *_contradictions(card)))


def _number(card: CardText, fields: list[str]) -> CardText:
    try:
        number = check_national_id(fields[0])
    except ValueError as error:
        return replace(card, faults=(*card.faults, str(error)))
    if len(number) == 12:
        return replace(card, number=number)
    return replace(card, old_number=number)


def _old_number(card: CardText, fields: list[str]) -> CardText:
    digits = re.sub(r"\D", "", fields[1])
    if len(digits) == 9:
        return replace(card, old_number=digits)
    if not fields[1] or (len(digits) == 12 and digits == card.number):
        return card
    return replace(card, faults=(*card.faults, f"Số CMND cũ trong mã QR “{fields[1][:20]}” không có 9 chữ số nên bỏ qua."))


def _name(card: CardText, fields: list[str]) -> CardText:
    try:
        name = check_name(fields[2])
    except ValueError as error:
        return replace(card, faults=(*card.faults, str(error)))
    swapped = name[0].islower() and name[1:2].isupper()  # the lock of capitals was on
    return replace(card, name=name.title() if name.isupper() or name.islower() or swapped else name)


def _birth(card: CardText, fields: list[str]) -> CardText:
    match = _DAY.fullmatch(fields[3])
    try:
        day, precision = parse_partial_date("/".join(match.groups()) if match else fields[3])
    except ValueError:
        return replace(card, faults=(*card.faults, f"Không đọc được ngày sinh “{fields[3][:20]}” trong mã QR. Hãy ghi theo thẻ."))
    return replace(card, birth_date=day, precision=precision)


def _sex(card: CardText, fields: list[str]) -> CardText:
    sex = _SEXES.get(fold(fields[4]).replace(" ", ""), "")
    if sex or not fields[4]:
        return replace(card, sex=sex)
    return replace(card, faults=(*card.faults, f"Không đọc được giới tính “{fields[4][:20]}” trong mã QR. Hãy chọn theo thẻ."))


def _issued(card: CardText, fields: list[str]) -> CardText:
    match = _DAY.fullmatch(fields[6])
    if match is None:
        return card
    try:
        return replace(card, issued_on=date(int(match[3]), int(match[2]), int(match[1])))
    except ValueError:
        return replace(card, faults=(*card.faults, f"Ngày cấp “{fields[6][:20]}” trong mã QR không có trên lịch nên bỏ qua."))


def _contradictions(card: CardText) -> tuple[str, ...]:
    """What of the card does not go together: the number with province, birth year and sex; the dates."""
    found = list(national_id_warnings(card.number, card.birth_date, card.sex)) if card.number else []
    said = parse_national_id(card.number) if card.number else None
    if said is not None and not said.province and said.province_code != "000":
        found.append(f"Ba chữ số đầu của số định danh là {said.province_code}, không phải mã tỉnh nào. Hãy quét lại hoặc so với thẻ.")
    if card.issued_on and card.birth_date and card.issued_on <= card.birth_date:
        found.append(f"Ngày cấp thẻ {card.issued_on:%d/%m/%Y} không sau ngày sinh {card.birth_date:%d/%m/%Y}. Hãy so với thẻ.")
    return tuple(found)
