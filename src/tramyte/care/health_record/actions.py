"""Writing the health record, part by part: the only writers of its facts.

Saving a part writes the lines and answers that changed, the review that says who was asked when, and the entry of the record
(`people.RecordEntry`) by which the record counts as opened and kept up to date: see `care.people.record`.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from tramyte.care.health_record.form import BY_SLUG, EARLIEST_REPRODUCTIVE, Part
from tramyte.care.health_record.judging import checked_answer, checked_since
from tramyte.care.health_record.models import Condition, Observation, PartReview, Stated
from tramyte.care.health_record.queries import LISTS, Held, concerns, part_of, same_line, since_words
from tramyte.care.people.actions import record_entry
from tramyte.care.people.actions.checks import WRITE, a_person, not_later_than_today
from tramyte.care.people.models import Person, RecordEntry
from tramyte.care.people.record import FROM_PARTS
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import conflict, fetch, store
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

LEFT_EMPTY = "bỏ trống khi sửa hồ sơ"
CORRECTED = "sửa lại khi cập nhật hồ sơ"


@dataclass(frozen=True)
class Line:
    """A line of a list as somebody writes it. id: of the line to change; wrong: why it is entered in error."""

    id: uuid.UUID | None = None
    code: str = ""
    detail: str = ""
    since: str = ""
    relative: str = ""
    status: str = ""
    wrong: str = ""


@dataclass
class Writing:
    """One saving of a part: who writes about whom, of which day, and the part as it is stored."""

    by: User
    person: Person
    part: Part
    on: datetime.date
    held: Held
    changed: list[str] = field(default_factory=list)


@transaction.atomic
def record_part(
    *, by: User, person: Person | uuid.UUID, part: str, finding: str = "present", lines: Sequence[Line] = (),
    answers: Mapping[str, str] | None = None, on: datetime.date | None = None, seen_version: int | None = None,
) -> PartReview:
    """Save one part of a person's record as it was asked about on a day, today unless told.

    finding: present (lines or answers say what), none (asked: there is nothing), unknown (asked: not known). lines: those to
    add, change or take back; others stay. answers: all of the part by code, "" for none. seen_version: the number of the review
    that the writer saw. Raises Refused: `conflict` (409) when somebody saved the part since, `invalid`, `empty`, `not_empty`.
    """
    owner, chosen = a_person(person, by), _a_part(part)
    day = on or clock.today()
    check_day(owner, day)
    held = part_of(owner, chosen)
    if not concerns(held, owner, day):
        raise Refused("not_asked", f"Phần “{chosen.title}” chỉ ghi cho nữ từ {EARLIEST_REPRODUCTIVE} tuổi. Hãy kiểm tra lại giới tính, ngày sinh.", field="finding")
    _check_version(held, seen_version)
    writing = Writing(by, owner, chosen, day, held)
    for line in lines:
        _write_line(writing, line)
    if not chosen.model:
        _write_answers(writing, answers or {})
    _check_finding(part_of(owner, chosen), finding, taken_back=any(line.wrong for line in lines))
    review = PartReview(id=new_id(), person=owner, part=part, on=day, finding=finding, number=_next_number(owner, part))
    store(review, by=by, permission=WRITE, action="record_part", note="; ".join(writing.changed)[:200])
    _note_entry(owner, day, by)
    return review


@transaction.atomic
def record_condition(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Condition:
    """Write one illness from its book, a new one or the one with this id: the same as saving the part with this line alone.

    fields: person, code, detail, status, since (a day, a month or a year in words); of a known line those left out stay as they are.
    """
    known = Condition.objects.filter(pk=id).exists() if id else False
    row = fetch(Condition, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Condition(id=id or new_id())
    person = fields.get("person") or (row.person if known else None)
    if person is None:
        raise Refused("missing", "Chưa ghi là bệnh của ai. Hãy ghi số định danh.", field="person")
    if known and person.pk != row.person_id:
        raise Refused("other_person", "Dòng này là của người khác. Hãy ghi nhầm dòng này, rồi ghi bệnh cho đúng người.", field="person")
    said = {name: str(fields.get(name, held) or "") for name, held in (("code", row.code), ("detail", row.detail), ("since", since_words(row)), ("status", row.status))}
    record_part(by=by, person=person, part="illness", lines=[Line(id=row.pk, **said)])
    return Condition.objects.get(pk=row.pk)


@transaction.atomic
def cancel_condition(*, by: User, id: uuid.UUID, seen_version: int | None = None, reason: str) -> Condition:
    """Mark an illness as entered in error; it leaves record and book but is never deleted."""
    if not clean(reason):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao dòng này là ghi nhầm.", field="reason")
    row = fetch(Condition, id, by=by, permission=WRITE, seen_version=seen_version)
    record_part(by=by, person=row.person_id, part=row.category, lines=[Line(id=row.pk, wrong=reason)])
    row.refresh_from_db()
    return row


def check_condition(fields: Mapping[str, Any], *, by: User) -> None:
    """The rules of an illness that need no query. Raises Refused with the field at fault."""
    person = fields.get("person")
    if person is not None:
        checked_since(person, str(fields.get("since") or ""), clock.today())


def _a_part(slug: str) -> Part:
    if slug not in BY_SLUG:
        raise Refused("not_found", "Hồ sơ sức khỏe không có phần này. Hãy mở lại hồ sơ.", status=404)
    return BY_SLUG[slug]


def check_day(person: Person, day: datetime.date) -> None:
    """Refuse a day of asking that has not come, or on which the person did not live."""
    not_later_than_today(day, "on", "Ngày hỏi")
    if day < person.birth_date:
        raise Refused("invalid", f"Ngày hỏi {day:%d/%m/%Y} đứng trước ngày sinh {person.birth_date:%d/%m/%Y}. Hãy kiểm tra lại.", field="on")
    if person.died_on and day > person.died_on:
        raise Refused("invalid", f"Người này đã mất ngày {person.died_on:%d/%m/%Y}. Hãy ghi ngày hỏi khi còn sống.", field="on")


def _check_version(held: Held, seen: int | None) -> None:
    if seen is not None and seen != held.number:
        raise conflict(chain.last_writer(held.last) if held.last else "")


def _next_number(person: Person, part: str) -> int:
    """A number that the part never had, not even for a review that was taken back."""
    last: int = PartReview.objects.filter(person=person, part=part).aggregate(last=Max("number"))["last"] or 0
    return last + 1


def _check_finding(now: Held, finding: str, *, taken_back: bool) -> None:
    """A stated absence and what is written must not contradict each other."""
    if finding == "present" and not (now.rows or now.answers or taken_back):
        raise Refused("empty", f"Phần “{now.part.title}” chưa ghi gì. Đã hỏi mà không có thì chọn “đã hỏi: không có”.", field="finding")
    if finding != "present" and (now.rows or now.answers):
        count = len(now.rows or now.answers)
        raise Refused("not_empty", f"Phần “{now.part.title}” đang có {count} dòng nên không ghi là không có được. Dòng nào sai thì ghi lý do ghi nhầm, hoặc xóa trắng câu trả lời.", field="finding")


def _write_line(writing: Writing, line: Line) -> None:
    model = LISTS[writing.part.model]
    known = next((row for row in writing.held.rows if row.pk == line.id), None)
    if line.wrong:
        _take_back(writing, _known(known), line)
        return
    if line.id and not known and model._default_manager.filter(pk=line.id).exists():
        _known(None)
    row = known or model(id=line.id or new_id(), person=writing.person)
    before = row.plain() if known else None
    _fill(row, writing, line)
    if before is not None and {**row.plain(), "on": None} == {**before, "on": None}:
        return
    _refuse_twice(writing, row, line)
    store(row, by=writing.by, permission=WRITE, action="change_line" if known else "record_line", before=before)
    writing.changed.append(f"{'sửa' if known else 'thêm'} {line.detail or dict(writing.part.choices).get(line.code, '')}")


def _fill(row: Any, writing: Writing, line: Line) -> None:
    row.onset, row.onset_precision = checked_since(writing.person, line.since, writing.on)
    row.detail, row.on = clean(line.detail), writing.on
    if writing.part.choices:
        if line.code not in dict(writing.part.choices):
            raise Refused("invalid", f"Chưa chọn mục nào của phần “{writing.part.title}”. Hãy chọn trong danh sách.", field="code")
        row.code = line.code
    if writing.part.model == "Condition":
        row.category, row.status = writing.part.slug, line.status or row.status
    if writing.part.model == "FamilyMemberHistory":
        row.relative = clean(line.relative)


def _refuse_twice(writing: Writing, row: Stated, line: Line) -> None:
    if any(one.pk != row.pk and same_line(one, line.code, line.detail, line.relative) for one in part_of(writing.person, writing.part).rows):
        raise Refused("twice", f"“{line.detail or dict(writing.part.choices).get(line.code, '')}” đã có trong phần này. Hãy sửa dòng đã có.", field="detail")


def _known(row: Stated | None) -> Stated:
    if row is None:
        raise Refused("not_found", "Dòng này không còn trong hồ sơ. Hãy mở lại rồi sửa tiếp.", status=404)
    return row


def _take_back(writing: Writing, row: Stated, line: Line) -> None:
    _enter_in_error(row, line.wrong, writing.by)
    writing.changed.append(f"bỏ {row.detail or getattr(row, 'code', '')}")


def _enter_in_error(row: Stated | Observation | PartReview | RecordEntry, reason: str, by: User) -> None:
    before = row.plain()
    row.entered_in_error, row.error_reason = True, clean(reason)[:200]
    store(row, by=by, permission=WRITE, action="retract", before=before, note=row.error_reason)


def _write_answers(writing: Writing, answers: Mapping[str, str]) -> None:
    """Each answer that differs from the one in force: of a lasting part the old one was wrong, else it was true in its time."""
    for code, question in writing.part.by_code.items():
        value = checked_answer(writing.person, question, answers.get(code, ""), writing.on)
        held = writing.held.answers.get(code)
        if value == (held.row.value if held else ""):
            continue
        writing.changed.append(question.label)
        if held and (not value or writing.part.lasting):
            _forget(writing, code, CORRECTED if value else LEFT_EMPTY)
        if value:
            _answer(writing, code, value)


def _forget(writing: Writing, code: str, reason: str) -> None:
    for row in Observation.objects.filter(person=writing.person, code=code, entered_in_error=False):
        _enter_in_error(row, reason, writing.by)


def _answer(writing: Writing, code: str, value: str) -> None:
    row = Observation.objects.filter(person=writing.person, code=code, on=writing.on, entered_in_error=False).first()
    before = row.plain() if row else None
    row = row or Observation(id=new_id(), person=writing.person, part=writing.part.slug, code=code, on=writing.on)
    row.value = value
    store(row, by=writing.by, permission=WRITE, action="record_answer", before=before)


def _note_entry(person: Person, day: datetime.date, by: User) -> None:
    """The entry by which the record counts as opened, or as brought up to date, on that day; one a day is enough."""
    entries = person.record_entries.filter(entered_in_error=False)
    opened = entries.filter(kind="opened").exists()
    if not opened or not entries.filter(on=day).exists():
        record_entry(by=by, person=person, kind="updated" if opened else "opened", on=day, source=FROM_PARTS)
