"""The only writers of reports: opening, wording, figures, sending, returning, approving, locking."""

import datetime
import uuid
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.naming import UNKNOWN
from tramyte.engine.access.rights import may, places, require, unit_of
from tramyte.engine.actions.writing import CONFLICT, fetch, store
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.refused import Refused, no_right
from tramyte.governance.directives.fields import as_day, corrected, doubt_of, typed_day
from tramyte.governance.directives.models import Obligation
from tramyte.governance.reports import becoming
from tramyte.governance.reports.composing import Composition, Scope, compose, day_of
from tramyte.governance.reports.figures import cells_of, marks_of, unknown_marks
from tramyte.governance.reports.forms import FORMS, form_for, title_of
from tramyte.governance.reports.models import LOCKED_SENTENCE, Duty, Report, ReportPeriod
from tramyte.governance.reports.offices import station_of, symbol_of
from tramyte.governance.reports.queries import WRITE, writes
from tramyte.governance.reports.spans import UpTo
from tramyte.rules.calendar import Period
from tramyte.rules.text import nfc

APPROVE = "reports.approve"
LONGEST_SECTION = 20_000
Id = uuid.UUID | str


# ---- who may


def approves(user: User, report: Report) -> bool:
    """Whether a user may return or approve a report: never who sent it; the office above, or another of the own unit.

    The station's report is approved by the officer of Văn hóa - Xã hội or the chairman; a clinician's also by the director.
    """
    if report.place_id not in places(user, APPROVE) or report.submitted_by_id == user.pk:
        return False
    return _stands_over(user, report)


def locks(user: User, report: Report) -> bool:
    """Whether a user may lock an approved report: whoever may approve there, the director who sent it too."""
    return report.place_id in places(user, APPROVE) and _stands_over(user, report)


def _stands_over(user: User, report: Report) -> bool:
    own = unit_of(user)
    return may(user, "overview.view") or (own is not None and own.pk == report.unit_id)


# ---- asking


@transaction.atomic
def ask_report(*, by: User, id: Id, due_on: Any) -> ReportPeriod:
    """Ask for a report of a duty that follows no calendar ("đột xuất", "khi có yêu cầu"), by a day from today on.

    Raises Refused for a duty with dated periods or one that has ended, a day that is past or already asked for, and strangers.
    """
    duty = fetch(Duty, id, by=by, permission=WRITE)
    if not writes(by, duty):
        raise no_right(f"Báo cáo này do {duty.unit} lập. Chỉ đơn vị đó hoặc Phòng Văn hóa - Xã hội mới mở được.")
    if duty.ended_on or duty.period_kind in Duty.CALENDAR or duty.due_on:
        raise Refused("dated", "Chế độ báo cáo này đã có các kỳ có hạn, hoặc đã hết hiệu lực. Hãy mở kỳ trong danh sách báo cáo.", status=409)
    day = as_day(typed_day(due_on, "due_on", "Hạn nộp"))
    if day is None or day < clock.today():
        raise Refused("bad_day", f"Hãy ghi hạn nộp từ hôm nay ({clock.today():%d/%m/%Y}) trở đi.", field="due_on")
    span = UpTo.of(day)
    if duty.periods.filter(period=span.code, entered_in_error=False).exists():
        raise Refused("asked", f"Báo cáo này đã được yêu cầu với hạn {day:%d/%m/%Y}. Hãy mở báo cáo đó, hoặc chọn hạn khác.", field="due_on", status=409)
    row = ReportPeriod(place=duty.place, duty=duty, period=span.code, due_on=day)
    return store(row, by=by, permission=WRITE, action="ask_report_period")


@transaction.atomic
def set_duty_period(*, by: User, id: Id, period: str, due_day: Any = None, due_month: Any = None, due_on: Any = None) -> Duty:
    """Say how often to report where the document does not: the duty then gets its dated periods, or waits to be asked for.

    period: a slug of `PERIODS`; a report once needs its day. Raises Refused for a duty that is already clear.
    """
    duty = fetch(Duty, id, by=by, permission=becoming.ISSUE)
    if not duty.unclear or duty.ended_on:
        raise Refused("clear", "Chế độ báo cáo này đã có kỳ, hoặc đã hết hiệu lực. Hãy tải lại trang.", status=409)
    before = duty.plain()
    typed = corrected(Obligation.DUTY, {}, {"period": period, "due_day": due_day, "due_month": due_month, "due_on": due_on})
    if doubt_of(Obligation.DUTY, typed):
        raise Refused("unclear", "Hãy chọn kỳ báo cáo; chỉ báo cáo khi được yêu cầu thì chọn “đột xuất”.", field="period")
    if typed["period"] == "one-off" and not typed["due_on"]:
        raise Refused("no_day", "Báo cáo một lần cần đúng một ngày. Hãy ghi ngày nộp.", field="due_on")
    duty.period_kind, duty.due_day, duty.due_month, duty.due_on = typed["period"], typed["due_day"], typed["due_month"], as_day(typed["due_on"])
    stored = store(duty, by=by, permission=becoming.ISSUE, action="set_duty_period", before=before)
    becoming.lay_out(stored, clock.today(), by)
    return stored


# ---- opening


def scope_of(place: Place, period: Period, *, author: OrgUnit | None, duty: Duty | None = None, form: str = "") -> Scope:
    """What a report of a place and period is about; figures as of today, or the end of a past period."""
    return Scope(
        place, period, FORMS[form or (duty.form if duty else "")] if form or (duty and duty.form) else form_for(period), day_of(period), author, only=_only(duty, author),
        directive=duty.directive if duty else None, to=tuple(duty.to) if duty else (),
    )


def _only(duty: Duty | None, author: OrgUnit | None) -> OrgUnit | None:
    """A unit that a document names tells of its own tasks; the station and the offices that synthesize tell of all."""
    if duty is None or duty.unit is None or duty.unit.code in {"tyt", "vhxh", "ubnd"}:
        return None
    return duty.unit


@transaction.atomic
def open_report(*, by: User, period: Id, supplement: bool = False) -> Report:
    """The report of a report period (`period`: its id): the one there is, or a new draft composed from today's facts.

    supplement: begin a further report beside a locked one. Raises Refused for strangers, a period that has not begun,
    and a supplement to a report that is still open.
    """
    row = fetch(ReportPeriod, period, by=by, permission=WRITE)
    if not writes(by, row.duty):
        raise no_right(f"Báo cáo này do {row.duty.unit} lập. Chỉ đơn vị đó hoặc Phòng Văn hóa - Xã hội mới soạn được.")
    last = row.reports.filter(entered_in_error=False).order_by("-sequence").first()
    if last and not supplement:
        return last
    if last and last.state != Report.LOCKED:
        raise Refused("not_locked", "Báo cáo của kỳ này chưa khóa nên chưa lập báo cáo bổ sung. Hãy mở báo cáo đang có để sửa.")
    if last is None and supplement:
        raise Refused("no_report", "Kỳ này chưa có báo cáo nào để bổ sung. Hãy lập báo cáo trước.")
    author = row.duty.unit or unit_of(by) or station_of(row.place)
    scope = scope_of(row.place, row.calendar, author=author, duty=row.duty)
    report = Report(
        place=row.place, period=row, sequence=last.sequence + 1 if last else 1, unit=author, form=scope.form.slug,
        title=title_of(row.calendar, scope.form), symbol=f"BC-{symbol_of(author)}", created_by=by,
    )
    _fill(report, compose(scope))
    return store(report, by=by, permission=WRITE, action="open_report")


def _fill(report: Report, made: Composition) -> None:
    report.sections, report.tables, report.figures = made.sections, made.tables, made.figures
    report.as_of, report.computed_at = made.as_of, made.computed_at


def _to_write(id: Id, by: User, seen_version: int | None) -> Report:
    report = fetch(Report, id, by=by, permission=WRITE, seen_version=seen_version)
    if not writes(by, report.period.duty):
        raise no_right(f"Báo cáo này do {report.unit} lập. Chỉ đơn vị đó hoặc Phòng Văn hóa - Xã hội mới sửa được.")
    if report.state == Report.LOCKED:
        raise Refused("locked", LOCKED_SENTENCE, status=409)
    if not report.is_open:
        raise Refused("state", f"Báo cáo {report.get_state_display().lower()} nên không sửa được. Muốn sửa: nhờ bên nhận trả lại kèm lý do.", status=409)
    return report


# ---- words and figures


@transaction.atomic
def edit_section(*, by: User, id: Id, section: str, text: str, seen_version: int | None = None) -> Report:
    """Change the words of a section. seen_version: the version of that section as it was seen (two people may edit two sections).

    Figures stay marks: one that stands for nothing here is refused. Raises Refused `conflict` (409) when somebody else
    saved the section since.
    """
    report = _to_write(id, by, None)
    before = report.plain()
    sections = [dict(one) for one in report.sections]
    found = next((one for one in sections if one["key"] == section), None)
    if found is None:
        raise Refused("no_section", "Báo cáo không có mục này. Hãy tải lại trang.", field="section", status=404)
    if seen_version is not None and found["version"] != seen_version:
        raise Refused("conflict", CONFLICT.format(who=found["edited_by"] or UNKNOWN), status=409)
    words = cleaned(text)
    strange = unknown_marks(words, report.figures, report.tables)
    if strange:
        raise Refused("unknown_figure", f"Không có số liệu {strange[0][:60]} trong báo cáo này. Hãy xóa phần trong ngoặc nhọn hoặc chọn lại số.", field="text")
    if words == found["text"]:
        return report
    found.update(text=words, version=found["version"] + 1, edited_by=by.full_name, edited_at=clock.now().isoformat())
    report.sections = sections
    return store(report, by=by, permission=WRITE, action="edit_section", before=before, note=found["title"])


def cleaned(text: str) -> str:
    """The words of a section as they are kept: one form of letters and line ends, no control characters, no blank ends."""
    plain = nfc(str(text or "")).replace("\r\n", "\n").replace("\r", "\n")
    lines = ["".join(sign for sign in line if sign.isprintable() or sign == "\u00a0").rstrip() for line in plain.split("\n")]
    kept = "\n".join(line for line in lines if line.strip())
    if len(kept) > LONGEST_SECTION:
        raise Refused("too_long", f"Mục này dài {len(kept)} ký tự, tối đa {LONGEST_SECTION}. Hãy rút ngắn, hoặc để chi tiết vào phụ lục.", field="text")
    return kept


@transaction.atomic
def refresh_figures(*, by: User, id: Id, seen_version: int | None = None) -> Report:
    """Compute the figures anew; words that a person changed stay, with their marks now showing the new figures.

    A figure that words still use but that is no longer computed keeps its old value and is marked `gone`.
    """
    report = _to_write(id, by, seen_version)
    before = report.plain()
    made = compose(scope_of(report.place, report.period.calendar, author=report.unit, duty=report.period.duty, form=report.form))
    sections = _merged(report, made)
    used = "".join(one["text"] for one in sections)
    tables = {**{name: table for name, table in report.tables.items() if f"{{{{table:{name}}}}}" in used}, **made.tables}
    wanted = marks_of(used) | set().union(*(marks_of(cell) for table in tables.values() for cell in cells_of(table)), set())
    gone = {key: {**report.figures[key], "gone": True} for key in wanted - made.figures.keys() if key in report.figures}
    report.sections, report.tables, report.figures = sections, tables, {**gone, **made.figures}
    report.as_of, report.computed_at = made.as_of, made.computed_at
    return store(report, by=by, permission=WRITE, action="refresh_figures", before=before)


def _merged(report: Report, made: Composition) -> list[dict[str, Any]]:
    """The new draft, with the words that a person changed in their places; a replaced text counts its version on."""
    old = {one["key"]: one for one in report.sections}
    merged = []
    for one in made.sections:
        was = old.get(one["key"])
        if was and was["text"] != was["drafted"]:
            merged.append({**was, "drafted": one["drafted"]})
        else:
            merged.append({**one, "version": was["version"] + (was["text"] != one["text"]) if was else 1})
    return merged


def fresh(report: Report) -> Composition:
    """What the report would say today: to show what has changed since. Writes nothing."""
    return compose(scope_of(report.place, report.period.calendar, author=report.unit, duty=report.period.duty, form=report.form))


# ---- states


@transaction.atomic
def submit_report(*, by: User, id: Id, seen_version: int | None = None) -> Report:
    """Send a draft, or a returned report again."""
    report = _to_write(id, by, seen_version)
    before = report.plain()
    report.state, report.submitted_by, report.submitted_at = Report.SUBMITTED, by, _moment()
    report.submissions += 1
    return store(report, by=by, permission=WRITE, action="submit_report", before=before)


def _to_decide(id: Id, by: User, seen_version: int | None, state: str, words: str) -> Report:
    require(by, APPROVE)
    report = fetch(Report, id, by=by, permission=APPROVE, seen_version=seen_version)
    if report.state == Report.LOCKED:
        raise Refused("locked", LOCKED_SENTENCE, status=409)
    if report.state != state:
        raise Refused("state", f"Báo cáo đang ở bước “{report.get_state_display()}” nên chưa {words} được. Hãy tải lại trang để xem bước hiện tại.", status=409)
    return report


def _must_approve(by: User, report: Report) -> None:
    if report.submitted_by_id == by.pk:
        raise no_right("Người gửi không tự duyệt báo cáo của mình. Bên nhận (Phòng Văn hóa - Xã hội hoặc lãnh đạo xã) sẽ duyệt hoặc trả lại.")
    if not approves(by, report):
        raise no_right(f"Báo cáo của {report.unit} do Phòng Văn hóa - Xã hội hoặc lãnh đạo xã duyệt.")


@transaction.atomic
def return_report(*, by: User, id: Id, reason: str, seen_version: int | None = None) -> Report:
    """Send a submitted report back to its unit with the reason."""
    report = _to_decide(id, by, seen_version, Report.SUBMITTED, "trả lại")
    _must_approve(by, report)
    why = cleaned(reason)
    if not why:
        raise Refused("reason", "Hãy ghi lý do trả lại, ví dụ: Mục IV chưa nêu nguyên nhân.", field="reason")
    before = report.plain()
    report.state, report.returned_by, report.returned_at, report.return_reason = Report.RETURNED, by, _moment(), why[:1000]
    return store(report, by=by, permission=APPROVE, action="return_report", before=before, note=why)


@transaction.atomic
def approve_report(*, by: User, id: Id, number: str = "", seen_version: int | None = None) -> Report:
    """Approve a submitted report: it gets its number (the next of the unit's year when none is given) and its day."""
    report = _to_decide(id, by, seen_version, Report.SUBMITTED, "duyệt")
    _must_approve(by, report)
    before = report.plain()
    today = clock.today()
    report.number = _number(report, number, today)
    report.state, report.approved_by, report.approved_at, report.issued_on = Report.APPROVED, by, _moment(), today
    return store(report, by=by, permission=APPROVE, action="approve_report", before=before)


def _number(report: Report, given: str, today: datetime.date) -> str:
    # Two approvals at once must not take the same number: the unit's row is the queue.
    list(OrgUnit.objects.select_for_update().filter(pk=report.unit_id))
    used = set(Report.objects.filter(
        unit=report.unit, place=report.place, issued_on__year=today.year, entered_in_error=False).exclude(pk=report.pk).values_list("number", flat=True))
    wanted = given.strip()
    if not wanted:
        return str(max((int(one) for one in used if one.isdecimal()), default=0) + 1)
    if not wanted.isdecimal() or not 1 <= int(wanted) <= 99_999:
        raise Refused("bad_number", f"Số báo cáo “{wanted[:20]}” phải là số từ 1 trở lên, ví dụ 41.", field="number")
    if str(int(wanted)) in used:
        raise Refused("used_number", f"Số {int(wanted)}/{report.symbol} đã dùng trong năm {today.year}. Hãy lấy số khác.", field="number")
    return str(int(wanted))


@transaction.atomic
def lock_report(*, by: User, id: Id, seen_version: int | None = None) -> Report:
    """Lock an approved report for good: its words and figures never change again, the digest proves them."""
    report = _to_decide(id, by, seen_version, Report.APPROVED, "khóa")
    if not locks(by, report):
        raise no_right(f"Báo cáo của {report.unit} do đơn vị đó, Phòng Văn hóa - Xã hội hoặc lãnh đạo xã khóa.")
    before = report.plain()
    report.state, report.locked_by, report.locked_at = Report.LOCKED, by, _moment()
    report.digest = report.content_digest()
    return store(report, by=by, permission=APPROVE, action="lock_report", before=before)


def _moment() -> datetime.datetime:
    """The present hour on the day the station works with: a demo held at its as-of day shows that day."""
    return datetime.datetime.combine(clock.today(), clock.now().time(), tzinfo=clock.ZONE)


# ---- what the house does by itself


@transaction.atomic
def continue_duties(*, on: datetime.date) -> int:
    """Lay out the coming periods of every duty in force (a daily job); answers how many were made."""
    rows = Duty.objects.filter(entered_in_error=False, ended_on=None).select_related("place")
    return sum(becoming.lay_out(duty, on, None) for duty in rows)

