"""The drafted words of each section, from the facts of the period; every figure is a mark (see `figures.py`)."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from tramyte.engine.indicators import INDICATORS
from tramyte.governance.directives.models import Directive
from tramyte.governance.reports.composing import DIRECTIVES, TARGETS, TASKS, Aim, Done, Facts, unit_key
from tramyte.governance.targets.words import LESS, SPACE, subject_of
from tramyte.governance.tasks.models import Task

Tables = dict[str, dict[str, Any]]
LISTED, WORST = 12, 3
UNRECORDED = "chưa ghi nhận trong hệ thống"
BLANK = "…"
_PROPER = ("Trạm Y tế", "Ủy ban", "Bộ Y tế", "Sở Y tế", "Công an", "Mặt trận", "Hội ")


def _day(on: datetime.date) -> str:
    return f"{on:%d/%m/%Y}"


def _lower(words: str) -> str:
    """The words as they go on in a sentence: a first word that is no short form begins small."""
    first, _, _ = words.partition(" ")
    proper = (len(first) > 1 and first.isupper()) or words.startswith(_PROPER)
    return words if proper else f"{words[:1].lower()}{words[1:]}"


def _cut(words: str, most: int) -> str:
    """The words up to a length: cut at the last comma of the second half, else after a whole word with "…"."""
    shown = " ".join(words.split()).rstrip(" .;,")
    if len(shown) <= most:
        return shown
    clause = max(shown.rfind(mark, most // 3, most) for mark in (", ", "; "))
    return shown[:clause] if clause > 0 else f"{shown[:most].rsplit(' ', 1)[0].rstrip(' ,;')}…"


def _task_words(task: Task, most: int) -> str:
    """What a task asks for, shortly; an occurrence of a series says which."""
    whole = " ".join((task.text or task.title).split()).split(". ", 1)[0].split("; ", 1)[0]
    which = task.title[task.title.rfind(" ("):] if task.series_id and " (" in task.title else ""
    return f"{_cut(whole, most)}{which}"


def _paper_level(aim: Aim) -> str:
    """A level as documents print it: "≥ 98%"."""
    return str(aim.standing.level).replace(f"{SPACE}%", "%").replace(f"{SPACE}‰", "‰")


def name_of(aim: Aim) -> str:
    """What a target is called in the report: its indicator's title, or its own words when nothing measures it."""
    return INDICATORS[aim.target.indicator].title if aim.key else _cut(aim.target.phrase, 150)


def author_of(facts: Facts) -> str:
    """Who reports, as the text names itself."""
    scope = facts.scope
    return str(scope.author) if scope.author else str(scope.place)


def _without_day(task: Task, words: str) -> str:
    """The words without the deadline that the document printed in them: the day is told beside them."""
    at = words.find(task.time_phrase) if task.time_phrase else -1
    if at < 20 or task.series_id:
        return words
    kept = words[:at].rstrip(" ,;:")
    for verb in ("hoàn thành", "xong", "thực hiện"):
        kept = kept.removesuffix(verb).rstrip(" ,;:")
    return kept


# ---- I


def direction(facts: Facts, tables: Tables) -> str:
    """Why the report is written, for which days its figures hold, and what was directed in the period."""
    scope = facts.scope
    title = scope.period.title
    kind = f"{title[:1].lower()}{title[1:]}"
    lines = [f"{_because(scope.directive)}{author_of(facts)} báo cáo kết quả công tác y tế {kind} như sau:"]
    span = f"Số liệu tính từ ngày {_day(scope.period.start)} đến ngày {_day(scope.as_of)}"
    early = f"; báo cáo lập trước khi hết kỳ (ngày {_day(scope.period.end)}) nên chưa gồm những ngày còn lại" if scope.as_of < scope.period.end else ""
    lines.append(f"{span}{early}.")
    if facts.directives:
        lines.append(f"Trong kỳ, {_lower(str(scope.place))} tiếp nhận và triển khai {{{{{DIRECTIVES}.received}}}} văn bản chỉ đạo về công tác y tế:")
        lines += [f"- {_named(one)}{_about(one)};" for one in facts.directives[:LISTED]]
        lines[-1] = f"{lines[-1][:-1]}."
    else:
        lines.append(f"Trong kỳ, {_lower(str(scope.place))} tiếp nhận {{{{{DIRECTIVES}.received}}}} văn bản chỉ đạo mới về công tác y tế.")
    lines.append(f"Tính đến ngày {_day(scope.as_of)}, có {{{{{TARGETS}.total}}}} chỉ tiêu đang được giao và {{{{{TASKS}.total}}}} nhiệm vụ do {{{{{TASKS}.units}}}} đơn vị chủ trì thực hiện.")
    return "\n".join(lines)


def _because(directive: Directive | None) -> str:
    if directive is None:
        return ""
    return f"Thực hiện {_named(directive)}{_about(directive)}, "


def _named(directive: Directive) -> str:
    """A directive as documents quote it: "Kế hoạch số 12/KH-UBND ngày 15/01/2026 của Ủy ban nhân dân xã Đồng Vân"."""
    kind = directive.kind.capitalize() or "Văn bản"
    number = f" số {directive.number}" if directive.number else ""
    dated = f" ngày {_day(directive.dated_on)}" if directive.dated_on else ""
    body = directive.issuing_body
    return f"{kind}{number}{dated}{f' của {body.capitalize() if body.isupper() else body}' if body else ''}"


def _about(directive: Directive) -> str:
    title = _cut(directive.title, 160)
    if not title:
        return ""
    return f" {_lower(title)}" if title.lower().startswith(("về ", "v/v ")) else f" về việc {_lower(title)}"


# ---- II


def targets(facts: Facts, tables: Tables) -> str:
    """The targets with their figures as a table, those without records said plainly."""
    if not facts.aims:
        return "Trong kỳ không có chỉ tiêu nào được giao."
    measured, rest = [aim for aim in facts.aims if aim.key], [aim for aim in facts.aims if not aim.key]
    lines = []
    if measured:
        said = f"Trong {{{{{TARGETS}.total}}}} chỉ tiêu được giao có {{{{{TARGETS}.measured}}}} chỉ tiêu đo được từ sổ sách của trạm"
        lines.append(f"{said}: {{{{{TARGETS}.reached}}}} chỉ tiêu đã đạt, {{{{{TARGETS}.behind}}}} chỉ tiêu chưa đạt.")
    lines.append("{{table:targets}}")
    if rest:
        lines.append(f"Còn {{{{{TARGETS}.unrecorded}}}} chỉ tiêu chưa có số liệu trong hệ thống; kết quả do đơn vị phụ trách báo cáo riêng.")
    tables["targets"] = {
        "columns": ["Chỉ tiêu", "Giao", "Thực hiện", "Tỷ lệ", "Còn thiếu", "Đánh giá"],
        "rows": [_target_row(aim) for aim in (*measured, *rest)], "widths": [3.0, 1.1, 2.4, 1.1, 1.3, 1.5], "align": "lccccc",
    }
    return "\n".join(lines)


def _target_row(aim: Aim) -> list[str]:
    if not aim.key:
        state = UNRECORDED if aim.standing.state.slug == "unrecorded" else aim.standing.state.words.lower()
        return [name_of(aim), _paper_level(aim), "–", "–", "–", state]
    missing = "–"
    if aim.standing.gap is not None:
        missing = f"{{{{{aim.key}.gap}}}} {subject_of(aim.target.indicator).noun}"
    counts = f"{{{{{aim.key}.numerator}}}}/{{{{{aim.key}.denominator}}}}"
    return [name_of(aim), _paper_level(aim), counts, f"{{{{{aim.key}.value}}}}", missing, _judged(aim)]


def _judged(aim: Aim) -> str:
    """Whether a target is reached, with what the forecast says of one that is not."""
    state = aim.standing.state
    if state.slug == "reached":
        return "đạt"
    if aim.standing.gap is None or state.slug == "missed":
        return state.words.lower()
    return "chưa đạt" if state.slug == "unknown" else f"chưa đạt, {state.words.lower()}"


# ---- III


def tasks(facts: Facts, tables: Tables) -> str:
    """The tasks by unit, those overdue by name, and what units told of their progress."""
    if not facts.tasks:
        return "Trong kỳ không có nhiệm vụ nào được giao."
    total = f"{{{{{TASKS}.total}}}}"
    lines = [f"Tổng số nhiệm vụ theo dõi trong kỳ: {total}; hoàn thành đúng hạn {{{{{TASKS}.done}}}}, hoàn thành trễ hạn {{{{{TASKS}.late}}}}, "
             f"đang thực hiện {{{{{TASKS}.going}}}}, quá hạn chưa xong {{{{{TASKS}.overdue}}}}.", "{{table:tasks}}"]
    tables["tasks"] = _unit_table(facts)
    overdue = sorted((done for done in facts.tasks if done.state.slug == "overdue"), key=lambda done: (done.task.ends_on, str(done.task.unit), done.task.title))
    if overdue:
        tables["overdue"] = _overdue_table(overdue, facts.scope.as_of)
        lines += ["Nhiệm vụ quá hạn:", "{{table:overdue}}"]
        if len(overdue) > LISTED:
            lines.append(f"(Bảng ghi {LISTED} nhiệm vụ trễ lâu nhất; danh sách đủ ở phần mềm.)")
    told = _progress(facts)
    if told:
        lines += ["Tiến độ một số nhiệm vụ do các đơn vị báo cáo:", *told]
    return "\n".join(lines)


def _unit_table(facts: Facts) -> dict[str, Any]:
    units = {unit_key(done.task.unit): str(done.task.unit or "Giao thẳng cho người thực hiện") for done in facts.tasks}
    parts = ("total", "done", "late", "going", "overdue")
    ordered = sorted(units, key=lambda key: (-facts.figures[key]["counts"]["overdue"], -facts.figures[key]["counts"]["total"], units[key]))
    rows = [[units[key], *(f"{{{{{key}.{part}}}}}" for part in parts)] for key in ordered]
    return {
        "columns": ["Đơn vị", "Được giao", "Xong đúng hạn", "Xong trễ hạn", "Đang làm", "Quá hạn"], "rows": rows,
        "total": ["Tổng số", *(f"{{{{{TASKS}.{part}}}}}" for part in parts)], "widths": [3.4, 1.1, 1.2, 1.2, 1.1, 1.1], "align": "lccccc",
    }


def _overdue_table(overdue: Sequence[Done], on: datetime.date) -> dict[str, Any]:
    def late(task: Task) -> str:
        return f"{(on - task.ends_on).days} ngày" if task.ends_on else "–"

    rows = [[_task_words(done.task, 110), str(done.task.unit or "–"), _day(done.task.due_on) if done.task.due_on else "–", late(done.task), f"{done.task.progress}%"]
            for done in overdue[:LISTED]]
    return {"columns": ["Nhiệm vụ", "Đơn vị chủ trì", "Hạn", "Trễ", "Tiến độ"], "rows": rows, "widths": [4, 2.2, 1.4, 1, 1], "align": "llccc"}


def _progress(facts: Facts) -> list[str]:
    """The last note of each task that told something in the period, as items."""
    scope, told = facts.scope, []
    for done in facts.tasks:
        notes = [note for note in done.task.notes.all() if scope.period.start <= note.on <= scope.as_of and note.text and not note.entered_in_error]
        if notes:
            last = max(notes, key=lambda note: (note.on, note.created_at))
            share = "đã xong" if done.state.slug.startswith("done") else f"tiến độ {done.task.progress}%"
            told.append((last.on, f"- {done.task.unit or 'Người được giao'}: {_lower(_task_words(done.task, 110))} ({share}): {_lower(_cut(last.text, 160))};"))
    lines = [line for _, line in sorted(told, key=lambda one: one[0], reverse=True)[:LISTED]]
    return [*lines[:-1], f"{lines[-1][:-1]}."] if lines else []


# ---- IV, V, VI


def problems(facts: Facts, tables: Tables) -> str:
    """What is behind: targets with the hamlets furthest behind, tasks overdue. The reasons are for a person to write."""
    lines = [_problem(facts, aim) for aim in facts.aims if aim.behind]
    if any(done.state.slug == "overdue" for done in facts.tasks):
        worst = max((done.task.unit for done in facts.tasks if done.state.slug == "overdue"), key=lambda unit: facts.figures[unit_key(unit)]["counts"]["overdue"])
        most = f", nhiều nhất ở {worst} ({{{{{unit_key(worst)}.overdue}}}} nhiệm vụ)" if worst else ""
        lines.append(f"- Còn {{{{{TASKS}.overdue}}}} nhiệm vụ quá hạn chưa hoàn thành{most}.")
    if any(not aim.key for aim in facts.aims):
        lines.append(f"- Có {{{{{TARGETS}.unrecorded}}}} chỉ tiêu {UNRECORDED} nên chưa theo dõi được thường xuyên.")
    if not lines:
        return "Không có chỉ tiêu chậm và không có nhiệm vụ quá hạn."
    return "\n".join([*lines, f"Nguyên nhân: {BLANK}"])


def _problem(facts: Facts, aim: Aim) -> str:
    noun = subject_of(aim.target.indicator).noun
    key = aim.key
    said = f"- {name_of(aim)} mới đạt {{{{{key}.value}}}} ({{{{{key}.numerator}}}}/{{{{{key}.denominator}}}}), giao {_paper_level(aim)}"
    verb = "phải giảm" if aim.target.comparator in LESS else "còn thiếu"
    worst = [f"{facts.figures[one]['place_name']} {{{{{one}.value}}}} ({{{{{one}.numerator}}}}/{{{{{one}.denominator}}}})" for one in _worst(facts, key)]
    return f"{said}, {verb} {{{{{key}.gap}}}} {noun}{'; thấp nhất: ' if worst else ''}{'; '.join(worst)}."


def _worst(facts: Facts, key: str) -> list[str]:
    """The hamlets furthest behind, of those that are worse than the place as a whole."""
    up = INDICATORS[facts.figures[key]["indicator"]].direction == "up"
    whole = facts.figures[key]["value"]
    return [one for one in facts.hamlets.get(key, []) if (facts.figures[one]["value"] < whole) == up and facts.figures[one]["value"] != whole][:WORST]


def plans(facts: Facts, tables: Tables) -> str:
    """What remains to be reached, and the tasks that come due."""
    lines = [
        f"- Phấn đấu đạt chỉ tiêu {_lower(name_of(aim))} {_paper_level(aim)} trước hết ngày {_day(aim.standing.level.deadline)}: cần thêm {{{{{aim.key}.gap}}}} {subject_of(aim.target.indicator).noun}."
        for aim in facts.aims if aim.behind and aim.target.comparator not in LESS]
    lines += [
        f"- Giảm {_lower(name_of(aim))} xuống {_paper_level(aim)} trước hết ngày {_day(aim.standing.level.deadline)}: phải giảm {{{{{aim.key}.gap}}}} {subject_of(aim.target.indicator).noun}."
        for aim in facts.aims if aim.behind and aim.target.comparator in LESS]
    if any(done.state.slug == "overdue" for done in facts.tasks):
        lines.append(f"- Hoàn thành dứt điểm {{{{{TASKS}.overdue}}}} nhiệm vụ quá hạn.")
    going = [done.task for done in facts.tasks if done.state.slug in ("on_time", "due_soon") and done.task.ends_on]
    going.sort(key=lambda task: (task.ends_on, str(task.unit), task.title))
    if going:
        lines.append(f"- Tiếp tục thực hiện {{{{{TASKS}.going}}}} nhiệm vụ đang làm, trọng tâm là các nhiệm vụ sắp đến hạn:")
        lines += [f"- {task.unit or 'Người được giao'}: {_lower(_without_day(task, _task_words(task, 130)))}, chậm nhất ngày {_day(task.due_on or task.ends_on)};" for task in going[:LISTED]]
        lines[-1] = f"{lines[-1][:-1]}."
    return "\n".join(lines) or "Tiếp tục duy trì các chỉ tiêu đã đạt và thực hiện nhiệm vụ được giao đúng hạn."


def requests(facts: Facts, tables: Tables) -> str:
    """What the reader is asked for."""
    to = facts.scope.to[0] if facts.scope.to else "Ủy ban nhân dân xã"
    lines = []
    if any(done.state.slug == "overdue" and done.task.unit_id != getattr(facts.scope.author, "pk", None) for done in facts.tasks):
        lines.append(f"- Đề nghị {to} đôn đốc các đơn vị còn nhiệm vụ quá hạn nêu tại mục III.")
    if any(not aim.key for aim in facts.aims):
        lines.append(f"- Đề nghị {to} giao đơn vị cung cấp số liệu của các chỉ tiêu {UNRECORDED} nêu tại mục II.")
    lines.append(f"Trên đây là báo cáo kết quả công tác y tế {facts.scope.period.title[:1].lower()}{facts.scope.period.title[1:]} của {author_of(facts)}. Kính đề nghị {to} xem xét, chỉ đạo.")
    return "\n".join(lines)


DRAFTS: dict[str, Callable[[Facts, Tables], str]] = {
    "direction": direction, "targets": targets, "tasks": tasks, "problems": problems, "plans": plans, "requests": requests,
}
