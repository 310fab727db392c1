"""The only writers of targets: setting and correcting them by hand, tying them to indicators, giving their work to villages."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import own_place, require
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import below, commune_of
from tramyte.engine.refused import Refused
from tramyte.governance.directives.fields import as_day, corrected, typed_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.targets.binding import unit_fits
from tramyte.governance.targets.following import follow_all, follow_target
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.words import number, subject_of
from tramyte.governance.tasks.actions import assign_part
from tramyte.governance.tasks.models import Task
from tramyte.rules.text import clean

WRITE = "targets.write"
MEASURED = ("phrase", "comparator", "value", "unit", "year", "due_on", "note")
LONGEST_REASON = 200  # as long as a note of the audit, which keeps it
Id = uuid.UUID | str


@transaction.atomic
def set_target(*, by: User, id: Id | None = None, seen_version: int | None = None, reason: str = "", **fields: Any) -> Target:
    """Set a target by hand, or correct one and say why: phrase, indicator, comparator, value, unit, year, due_on, note,
    directive (an id, or nothing when it was given directly), given_on, place (a new one's; the own commune when absent).

    The words and the source of a target that came out of a review stay as printed; what measures it is `bind_target`'s.
    Raises Refused for a missing level, days that contradict each other, a directive that is not in force, no reason, no change.
    """
    if id is None:
        require(by, WRITE)
        row, before = Target(place=commune_of(fields.pop("place", None) or own_place(by))), None
        fields = {"phrase": "", "year": clock.today().year if not fields.get("due_on") else None, **{k: v for k, v in fields.items() if v != ""}}
    else:
        row = fetch(Target, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        _must_be_active(row)
    _fill(row, fields, by)
    _check_days(row)
    if before is None:
        _bind(row, str(fields.get("indicator") or ""), by)
        stored = store(row, by=by, permission=WRITE, action="set_target", note=row.source)
    else:
        _check_unit(row, row.indicator, "unit")
        stored = store(row, by=by, permission=WRITE, action="correct_target", before=before, note=_why(row, before, reason))
    follow_target(stored)
    return stored


def _must_be_active(row: Target) -> None:
    if row.state != Target.ACTIVE:
        raise Refused("ended", "Chỉ tiêu này đã hết hiệu lực, không sửa được nữa. Hãy thêm chỉ tiêu mới.", status=409)


def _fill(row: Target, fields: dict[str, Any], by: User) -> None:
    if row.obligation_id and {"phrase", "directive", "given_on"} & fields.keys():
        raise Refused("printed", "Nội dung và nguồn của chỉ tiêu này lấy từ văn bản nên giữ nguyên. Chỉ sửa được mức giao, đơn vị tính, năm và hạn.")
    typed = {name: fields[name] for name in MEASURED if name in fields}
    clean_fields = corrected(Obligation.TARGET, {}, typed)
    for name in typed:
        setattr(row, name, as_day(clean_fields[name]) if name == "due_on" else clean_fields[name])
    if "directive" in fields:
        row.directive = fetch(Directive, fields["directive"], by=by, permission="directives.view") if fields["directive"] else None
    if "given_on" in fields:
        row.given_on = as_day(typed_day(fields["given_on"], "given_on", "Ngày giao"))
    if row.value is None and row.comparator != "reduce":
        raise Refused("no_value", "Hãy ghi mức giao, ví dụ 98 hoặc 37,5. Văn bản chỉ nói “giảm” mà không nêu số thì chọn so sánh “giảm”.", field="value")


def _check_days(row: Target) -> None:
    """The source is of the place and in force; the deadline lies in the year and not before the day the target was given."""
    if row.directive is None:
        row.given_on = row.given_on or (clock.today() if row._state.adding else None)
    elif row.directive.place_id != row.place_id or row.directive.state == Directive.REVOKED:
        raise Refused("other_directive", "Văn bản này đã hết hiệu lực hoặc của xã khác. Hãy chọn văn bản khác, hoặc “giao trực tiếp”.", field="directive")
    else:
        row.given_on = None
    if row.given_on and row.given_on > clock.today():
        raise Refused("future", f"Ngày giao {row.given_on:%d/%m/%Y} ở sau hôm nay. Hãy kiểm tra lại ngày, tháng.", field="given_on")
    row.year = row.year or (row.due_on.year if row.due_on else row.set_on.year)
    if row.due_on and row.due_on.year != row.year:
        raise Refused("other_year", f"Hạn {row.due_on:%d/%m/%Y} không nằm trong năm {row.year}. Hãy sửa năm hoặc hạn.", field="due_on")
    if row.deadline < row.set_on:
        raise Refused("before", f"Hạn {row.deadline:%d/%m/%Y} ở trước ngày giao {row.set_on:%d/%m/%Y}. Hãy kiểm tra lại.", field="due_on" if row.due_on else "year")


def _why(row: Target, before: dict[str, Any], reason: str) -> str:
    if row.plain() == before:
        raise Refused("same", "Chưa có gì thay đổi so với mức đang ghi. Hãy sửa mức giao hoặc hạn rồi lưu.")
    return _said(reason, "Hãy ghi lý do sửa, ví dụ: Công văn 215/SYT-NVY điều chỉnh chỉ tiêu.")


def _said(reason: str, ask: str) -> str:
    why = clean(reason)[:LONGEST_REASON]
    if not why:
        raise Refused("reason", ask, field="reason")
    return why


@transaction.atomic
def end_target(*, by: User, id: Id, reason: str, seen_version: int | None = None) -> Target:
    """Withdraw a target from today on, with the reason. It leaves all figures and pages, its own page stays; tasks stay open."""
    row = fetch(Target, id, by=by, permission=WRITE, seen_version=seen_version)
    _must_be_active(row)
    why, before = _said(reason, "Hãy ghi lý do rút chỉ tiêu, ví dụ: cấp trên bỏ chỉ tiêu này theo Công văn 215/SYT-NVY."), row.plain()
    row.state, row.ended_on, row.ended_reason = Target.REVOKED, clock.today(), why
    stored = store(row, by=by, permission=WRITE, action="end_target", before=before, note=why)
    follow_target(stored)
    return stored


@transaction.atomic
def bind_target(*, by: User, id: Id, indicator: str, seen_version: int | None = None) -> Target:
    """Tie a target to what measures it, confirmed by a person; an empty code unties it.

    Raises Refused for an unknown indicator, one in another unit, and an ended target.
    """
    row = fetch(Target, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.state != Target.ACTIVE:
        raise Refused("ended", "Chỉ tiêu này đã hết hiệu lực, không gắn lại được.", status=409)
    before = row.plain()
    _bind(row, indicator, by)
    stored = store(row, by=by, permission=WRITE, action="bind_target", before=before)
    follow_target(stored)
    return stored


def _bind(row: Target, indicator: str, by: User) -> None:
    if indicator and indicator not in INDICATORS:
        raise Refused("no_indicator", "Chỉ tiêu này không còn trong hệ thống. Hãy chọn một chỉ tiêu trong danh sách.", field="indicator")
    _check_unit(row, indicator, "indicator")
    row.indicator = indicator
    row.confirmed_by, row.confirmed_on = (by, clock.today()) if indicator else (None, None)


def _check_unit(row: Target, indicator: str, field: str) -> None:
    one = INDICATORS.get(indicator)
    if one is not None and not unit_fits(row.unit, one.unit):
        raise Refused(
            "other_unit", f"{one.title} tính bằng {one.unit}, mức giao tính bằng “{row.unit}” nên không so được. "
            "Hãy chọn chỉ tiêu khác, hoặc “chưa ghi nhận trong hệ thống”.", field=field)


@transaction.atomic
def assign_hamlets(
    *, by: User, id: Id, parts: Sequence[tuple[Place, User | None]], due_on: datetime.date | None,
) -> list[Task]:
    """Give each hamlet's part of a target's worklist to a person there, as tasks that close when the hamlet reaches the level.

    The open task of a hamlet for the same indicator is changed instead of doubled. Raises Refused for a target
    that nothing measures, one without any part, a day in the past, and for whoever may not assign.
    """
    row = fetch(Target, id, by=by, permission="tasks.assign")
    if row.indicator not in INDICATORS or row.state != Target.ACTIVE:
        raise Refused("unrecorded", "Chỉ tiêu này chưa ghi nhận trong hệ thống nên chưa có phần việc để giao.", status=409)
    if not parts:
        raise Refused("nobody", "Hãy chọn ít nhất một thôn và người làm.", field="assignee")
    if due_on is not None and due_on < clock.today():
        raise Refused("past", f"Hạn {due_on:%d/%m/%Y} đã qua. Hãy chọn hạn từ hôm nay trở đi.", field="due_on")
    missing = {one.group: one.missing for one in results.breakdown(row.indicator, row.place, "hamlet")}
    return [_assign(by, row, hamlet, person, due_on, missing) for hamlet, person in parts]


def _assign(by: User, row: Target, hamlet: Place, person: User | None, due_on: Any, missing: dict[str, int]) -> Task:
    words = subject_of(row.indicator)
    return assign_part(
        by=by, indicator=row.indicator, place=hamlet, assignee=person, due_on=due_on,
        title=f"{hamlet}: {number(missing.get(hamlet.code, 0))} {words.missing}",
        text=f"Chỉ tiêu: {row.phrase}\nMở danh sách ở trang Chỉ tiêu. Việc tự đóng khi thôn đạt mức giao.")


def close_met(*, on: datetime.date) -> int:
    """The regular pass (a job each hour): tasks follow the figures that time alone has moved; answers how many were closed."""
    return follow_all(on)


def hamlets_of_target(target: Target) -> dict[str, Place]:
    """The hamlets of a target's place by code, those that exist today."""
    return {place.code: place for place in below(target.place).filter(kind=Place.HAMLET, valid_to=None)}
