"""The immunization card as the paper book that the family keeps: every dose of the schedule with its day, and the next appointments."""

import datetime
from collections.abc import Sequence

from tramyte.care.immunization.models import Immunization
from tramyte.care.immunization.plans import Line, Plans, plans_of
from tramyte.care.people.columns import shown_birth
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Person
from tramyte.engine.documents.card import CardGroup, render_card
from tramyte.engine.places.queries import commune_of, stations_of
from tramyte.rules.forecast import vietnam

TITLE = "PHIẾU TIÊM CHỦNG CÁ NHÂN"
COLUMNS = (("Vắc xin", 1.35), ("Mũi", 1.85), ("Ngày tiêm", 1.1), ("Số lô", 0.8), ("Nơi tiêm, phản ứng", 2.3), ("Hẹn", 1.1))
OTHERS = "Vắc xin khác"
SHORT = {"HEPB0": "Viêm gan B", "DTP": "DPT-VGB-Hib, DPT, Td", "OPV": "Bại liệt uống", "IPV": "Bại liệt tiêm"}


def printed_card(person: Person, at: datetime.datetime, as_of: datetime.date) -> bytes:
    """The card as PDF, A5, as the doses stand at a moment; the identity number in full."""
    plans = plans_of(person, as_of)
    commune = commune_of(person.hamlet)
    station = stations_of(commune, as_of).filter(kind="station").first()
    code, words = _code(person)
    late = [f"{line.label}: {line.sentence}" for line in plans.late]
    return render_card(
        TITLE, unit=station.name if station else f"Trạm Y tế {commune.name}", form_code="Theo sổ tiêm chủng cá nhân", particulars=_particulars(person), qr=code, qr_words=words,
        columns=COLUMNS, groups=_groups(plans, as_of), notes=[*late[:3], *_remarks(plans)],
        foot=f"In lúc {at:%H:%M} ngày {at:%d/%m/%Y}. Lịch: {plans.schedule or 'TCMR'}. Mang phiếu này mỗi lần đưa trẻ đi tiêm.", as_of=at)


def _code(person: Person) -> tuple[str, str]:
    """What the QR code says, so that the search box finds the person by it, and the words below it."""
    numbers = present_numbers(person)
    for kind in ("national", "temporary", "insurance"):
        if kind in numbers:
            return numbers[kind].value, numbers[kind].value
    return f"{person.full_name} {person.birth_date:%d/%m/%Y}", "Mã tìm hồ sơ"


def _particulars(person: Person) -> list[tuple[str, str]]:
    mother = person.mother
    house = person.household.address if person.household else ""
    return [
        ("Họ và tên", person.full_name.upper()), ("Ngày sinh", f"{shown_birth(person)}, {person.get_sex_display().lower()}"),
        ("Mẹ", mother.full_name if mother else ""), ("Điện thoại", person.phone or (mother.phone if mother else "")),
        ("Nơi ở", house if person.hamlet.name in house else ", ".join(filter(None, (house, person.hamlet.name))))]


def _groups(plans: Plans, as_of: datetime.date) -> list[CardGroup]:
    """The doses of the schedule in its order, each once; then doses that count for none of them."""
    printed: set[str] = set()
    groups = [group for line in plans.lines if (group := _group(line, plans.doses, printed, as_of)) and group.rows]
    rest = [["" if row.verdict == "" else "không tính", *_told(row), ""] for row in plans.doses if not row.counts_as.strip()]
    names = [str(row.vaccine) for row in plans.doses if not row.counts_as.strip()]
    return [*groups, *([CardGroup(OTHERS, [[f"{name}{f' ({row[0]})' if row[0] else ''}", *row[1:]] for name, row in zip(names, rest, strict=True)])] if rest else [])]


def _group(line: Line, doses: Sequence[Immunization], printed: set[str], as_of: datetime.date) -> CardGroup:
    rows = []
    series = vietnam(as_of).groups[line.group].series
    default = next((one for one in series if one.default), series[0])
    for rule in default.doses:
        if rule.code in printed:
            continue
        printed.add(rule.code)
        given = next((row for row in doses if f" {rule.code} " in row.counts_as), None)
        due = f"{line.due_on:%d/%m/%Y}" if given is None and line.due_on and line.label == rule.label else ""
        rows.append([rule.label, *(_told(given) if given else ("", "", "")), due])
    return CardGroup(SHORT.get(line.group, line.name), rows)


def _told(row: Immunization) -> tuple[str, str, str]:
    """Day, lot, and where with what was noted."""
    return f"{row.on:%d/%m/%Y}{f' {row.at}' if row.at else ''}", row.lot_number, "; ".join(filter(None, (row.site or str(row.get_source_display()), row.reaction)))


def _remarks(plans: Plans) -> list[str]:
    """What was refused or put off, and until when."""
    return [
        f"{row.get_kind_display().capitalize()} ngày {row.on:%d/%m/%Y}{f' đến {row.until:%d/%m/%Y}' if row.until else ''}: {row.reason}." for row in plans.not_given[:3]]
