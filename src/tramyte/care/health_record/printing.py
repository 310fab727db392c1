"""The paper form of Quyết định 831/QĐ-BYT, parts A and B, filled from the record of one person."""

import datetime
from collections.abc import Iterable

from tramyte.care.health_record.form import ALLERGENS, ILLNESSES, Part
from tramyte.care.health_record.queries import Held, code_words, record_of, since_words
from tramyte.care.people.columns import shown_address, shown_birth
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Person
from tramyte.engine.documents.book import Signature
from tramyte.engine.documents.form import Blank, Block, Boxes, Line, Remark, Section, Table, render_form
from tramyte.engine.places.queries import commune_of, stations_of

Record = dict[str, Held]
SEXES = (("M", "Nam"), ("F", "Nữ"))
TIMES = ("pregnancies", "miscarriages", "abortions", "births", "vaginal_births", "caesareans", "difficult_births", "term_births", "preterm_births", "living_children")


def printed_form(person: Person, at: datetime.datetime) -> bytes:
    """The form as PDF, as the record stands at a moment; numbers in full."""
    record = record_of(person, at.date())
    commune = commune_of(person.hamlet)
    station = stations_of(commune, at.date()).filter(kind="station").first()
    return render_form(
        "HỒ SƠ SỨC KHỎE CÁ NHÂN", _sections(person, record), unit=station.name if station else f"Trạm Y tế {commune.name}", form_code="Mẫu theo QĐ 831/QĐ-BYT",
        foot=f"{person.full_name}, in lúc {at:%H:%M} ngày {at:%d/%m/%Y}. Phần C (tiêm chủng) và D (khám) xem trong sổ của trạm.",
        signature=Signature((("Người khai", person.full_name), ("Người lập hồ sơ", "")), f"Ngày {at.day} tháng {at.month} năm {at.year}"), as_of=at)


def _sections(person: Person, record: Record) -> list[Section]:
    sections = [
        Section("A. PHẦN THÔNG TIN HÀNH CHÍNH", _administrative(person, record["particulars"]), big=True),
        Section("B. THÔNG TIN TIỀN SỬ VÀ CÁC YẾU TỐ LIÊN QUAN SỨC KHỎE", big=True),
        Section("1. Tình trạng lúc sinh", _birth(record["birth"])), Section("2. Yếu tố nguy cơ đối với sức khỏe cá nhân", _risk(record["risk"])),
        Section("3. Tiền sử bệnh tật, dị ứng", _history(record)), Section("4. Khuyết tật", _listed(record["disability"], "Bộ phận, cơ quan")),
        Section("5. Tiền sử phẫu thuật", _operations(record["operation"])), Section("6. Tiền sử gia đình", _family(record["family"])),
    ]
    if "reproductive" in record:
        sections.append(Section("7. Sức khỏe sinh sản và kế hoạch hóa gia đình", _reproductive(record["reproductive"])))
    return [*sections, Section("8. Vấn đề khác", [Line((_answer(record["other"], "other_matters", label=""),)), *_absence(record["other"])])]


def _administrative(person: Person, held: Held) -> list[Block]:
    numbers = {kind: row.value for kind, row in present_numbers(person).items()}
    house = person.household
    cards = sorted((card for card in person.coverages.all() if not card.entered_in_error), key=lambda card: card.end)
    return [
        Line((Blank("Mã hộ gia đình", house.number if house else ""), Blank("Số CMND/CCCD/Mã định danh", numbers.get("national") or numbers.get("old_national", ""), 1.6))),
        Line((Blank("Họ và tên", person.full_name.upper(), 1.7), Blank("Quan hệ với chủ hộ", person.relation))),
        Boxes("Giới tính", tuple((words, person.sex == code) for code, words in SEXES), Blank("Ngày sinh", shown_birth(person))),
        Line((Blank("Nhóm máu: Hệ ABO", _said(held, "blood_abo")), Blank("Hệ Rh", _said(held, "blood_rh")), _answer(held, "birth_province", 2.0, "Nơi đăng ký khai sinh"))),
        Line((Blank("Dân tộc", person.ethnicity), _answer(held, "nationality"), _answer(held, "religion"), Blank("Nghề nghiệp", person.occupation, 1.4))),
        Line((Blank("Số thẻ BHYT", cards[-1].card_number if cards else numbers.get("insurance", ""), 1.5), _answer(held, "id_issued_on", 1.2), _answer(held, "id_issued_at", 1.2, "Nơi cấp"))),
        Line((Blank("Nơi đăng ký thường trú", _said(held, "permanent_address") or (_stay(person) if house else str(person.hamlet))),)),
        Line((_answer(held, "present_address", label="Nơi ở hiện tại"),)),
        Line((_answer(held, "landline", label="ĐT cố định"), Blank("ĐT di động", person.phone), _answer(held, "email", 1.3, "Email"))),
        Line((Blank("Họ và tên mẹ", _said(held, "mother_name") or (person.mother.full_name if person.mother else "")), Blank("Họ và tên bố", _said(held, "father_name")))),
        Line((_answer(held, "carer_name", 1.7, "Người chăm sóc chính"), _answer(held, "carer_relation", 1.0, "Quan hệ"), _answer(held, "carer_phone", 1.2, "Điện thoại"))),
    ]


def _stay(person: Person) -> str:
    assert person.household is not None
    return f"{shown_address(person.household)}, {commune_of(person.hamlet).name}".replace(" · ", ", ")


def _birth(held: Held) -> list[Block]:
    return [
        Boxes("", (("Đẻ thường", _said(held, "delivery") == "đẻ thường"), ("Đẻ mổ", _said(held, "delivery") == "đẻ mổ"), ("Đẻ thiếu tháng", _said(held, "preterm") == "có"), ("Bị ngạt lúc đẻ", _said(held, "asphyxia") == "có"))),
        Line((_answer(held, "birth_weight"), _answer(held, "birth_length"))), Line((_answer(held, "defect", 1.2), _answer(held, "birth_other", label="Vấn đề khác"))), *_absence(held)]


def _risk(held: Held) -> list[Block]:
    return [
        _boxes(held, "smoking"), _boxes(held, "alcohol", Blank("Số ly, cốc/ngày", _said(held, "glasses"))), _boxes(held, "drugs"), _boxes(held, "activity"),
        Line((_answer(held, "exposure", 2.2, "Yếu tố tiếp xúc nghề nghiệp, môi trường"), _answer(held, "exposure_time"))), _boxes(held, "toilet"),
        Line((_answer(held, "risk_other"),)), *_absence(held)]


def _history(record: Record) -> list[Block]:
    allergy, illness = record["allergy"], record["illness"]
    rows = tuple((words[:1].upper() + words[1:], "; ".join(_words(row) for row in allergy.rows if row.code == code)) for code, words in ALLERGENS)
    return [Remark("Dị ứng"), Table(("Loại", "Mô tả rõ"), rows, (1, 3)), *_absence(allergy), Remark("Bệnh tật"), *_ticked(illness), *_absence(illness)]


def _ticked(held: Held) -> list[Block]:
    """The illnesses of the form as boxes, and what was said of those that are ticked."""
    had = {row.code for row in held.rows}
    boxes = Boxes("", tuple((words[:1].upper() + words[1:], code in had) for code, words in ILLNESSES))
    rows = tuple((_capital(code_words(held.part, row)), row.detail, since_words(row)) for row in held.rows)
    return [boxes, Table(("Bệnh", "Mô tả rõ", "Từ khi nào"), rows, (1.2, 2.2, 0.8))] if rows else [boxes]


def _listed(held: Held, heading: str) -> list[Block]:
    by_code = {code: "; ".join(_words(row) for row in held.rows if row.code == code) for code, _ in held.part.choices}
    return [Table((heading, "Mô tả"), tuple((_capital(words), by_code[code]) for code, words in held.part.choices), (1, 3)), *_absence(held)]


def _operations(held: Held) -> list[Block]:
    rows = tuple((row.detail, since_words(row)) for row in held.rows) or (("", ""),)
    return [Table(("Bộ phận cơ thể, lý do phẫu thuật", "Năm phẫu thuật"), rows, (3, 1)), *_absence(held)]


def _family(held: Held) -> list[Block]:
    rows = tuple((_capital(code_words(held.part, row)), row.detail, row.relative) for row in held.rows) or (("", "", ""),)
    return [Table(("Dị ứng, bệnh tật", "Mô tả rõ", "Người mắc (quan hệ huyết thống)"), rows, (1.2, 1.6, 1.4)), *_absence(held)]


def _reproductive(held: Held) -> list[Block]:
    counts = [_answer(held, code) for code in TIMES]
    return [Line((_answer(held, "contraception", 1.4), _answer(held, "last_pregnancy"))), *(Line(tuple(counts[at : at + 3])) for at in range(0, len(counts), 3)),
            Line((_answer(held, "gynaecology"),)), *_absence(held)]


def _boxes(held: Held, code: str, after: Blank | None = None) -> Boxes:
    question, said = held.part.by_code[code], held.answers.get(code)
    return Boxes(question.label, tuple((_capital(words), said is not None and said.row.value == value) for value, words in question.choices), after)


def _answer(held: Held, code: str, width: float = 1.0, label: str | None = None) -> Blank:
    return Blank(_label(held.part, code) if label is None else label, _said(held, code), width)


def _label(part: Part, code: str) -> str:
    return part.by_code[code].label


def _said(held: Held, code: str) -> str:
    return held.answers[code].words if code in held.answers else ""


def _words(row: object) -> str:
    parts: Iterable[str] = (getattr(row, "detail", ""), since_words(row))
    return ", ".join(filter(None, parts)) or "có"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _absence(held: Held) -> list[Block]:
    """What a stated absence reads, with its day: nothing for a part that was not asked or holds something."""
    return [Remark(f"{held.absence} (hỏi ngày {held.last.on:%d/%m/%Y}).")] if held.absence and held.last else []
