"""The units that work with the leading one: printed names tied to units, and what those units tell of their part."""

import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.governance.directives.learning import learn_name
from tramyte.governance.directives.queries import unit_names
from tramyte.governance.directives.receiving import a_unit
from tramyte.governance.directives.units import UnitNames
from tramyte.governance.tasks.evidence import Evidence, kept
from tramyte.governance.tasks.models import Coordination, ProgressNote, Task
from tramyte.governance.tasks.queries import partner_unit, seen
from tramyte.rules.text import clean

ASSIGN, PROGRESS = "tasks.assign", "tasks.progress"
LONGEST = 4000
Id = uuid.UUID | str


def tie_units(task: Task, by: User | None, names: UnitNames | None = None) -> None:
    """Make the coordinations of a task those of its printed names, each tied to the unit that the name fits.

    What a person chose for a name, on this task or on the head of its series, is kept. Called inside the writing of the task.
    """
    there = {row.name: row for row in task.coordinations.filter(entered_in_error=False)}
    wanted = list(dict.fromkeys(name[:150] for name in task.coordinating if name))
    gone = [row.pk for name, row in there.items() if name not in wanted]
    new = [name for name in wanted if name not in there]
    if not gone and not new:
        return
    Coordination.objects.filter(pk__in=gone).update(entered_in_error=True, error_reason="không còn phối hợp")
    names = names or unit_names(task.place)
    chosen = dict(task.series.coordinations.filter(entered_in_error=False).values_list("name", "unit")) if task.series_id else {}
    made = {name: chosen.get(name) or getattr(names.match(name), "pk", None) for name in new}
    Coordination.objects.bulk_create([Coordination(task=task, name=name, unit_id=unit) for name, unit in made.items()])
    chain.record(by=by, action="tie_units", row=task, after=_plain(made), note=", ".join(task.coordinating))


def _plain(made: Mapping[str, object]) -> dict[str, str]:
    return {name: str(unit or "") for name, unit in made.items()}


@transaction.atomic
def choose_partner(*, by: User, id: Id, unit: Id, seen_version: int | None = None) -> Coordination:
    """Say which unit a printed name means. The name is learned, so the other tasks that print it and later documents follow.

    Raises Refused for a foreign unit and for whoever may not assign.
    """
    row = fetch(Coordination, id, by=by, permission=ASSIGN, seen_version=seen_version)
    before, place = row.plain(), row.task.place
    row.unit = a_unit(place, unit, "unit")
    if row.unit is None:
        raise Refused("no_unit", f"Hãy chọn đơn vị trong xã ứng với “{row.name}”.", field="unit")
    stored = store(row, by=by, permission=ASSIGN, action="choose_partner", before=before)
    learn_name(row.unit, row.name, unit_names(place), by)
    alike = Coordination.objects.filter(name=row.name, unit=None, task__place=place, entered_in_error=False)
    if also := alike.update(unit=row.unit):
        chain.record(by=by, action="choose_partner", row=row.unit, note=f"{row.name}: {also} nhiệm vụ khác")
    return stored


@transaction.atomic
def tell_part(*, by: User, id: Id, text: str = "", evidence: Evidence | None = None, link: str = "") -> ProgressNote:
    """What a coordinating unit did of its part, with the proof. How far the task is, and closing it, is the leading unit's to say.

    Raises Refused for strangers, closed tasks, an empty note, a proof that proves nothing.
    """
    require(by, PROGRESS)
    task = seen(by).filter(pk=id).first()
    if task is None:
        raise not_found("nhiệm vụ này")
    unit = partner_unit(by, task)
    if unit is None:
        raise no_right(f"Nhiệm vụ này giao cho {task.assignee or task.unit}. Chỉ bên nhận và đơn vị phối hợp mới ghi kết quả được.")
    if task.state != Task.OPEN:
        raise Refused("closed", f"Nhiệm vụ này {task.get_state_display()}, không ghi thêm được. Hãy nhờ người giao việc mở lại.", status=409)
    words, address = str(text or "").replace("\r\n", "\n").strip(), clean(link)
    _check(words, address, evidence)
    note = ProgressNote(task=task, author=by, unit=unit, on=clock.today(), text=words, link=address)
    if evidence:
        note.evidence_name, note.evidence_digest = kept(*evidence)
    # Not by `store`: a hamlet's unit may tell of a task of the commune, which lies outside its own place.
    note.save(force_insert=True)
    chain.record(by=by, action="tell_part", row=note, after=note.plain())
    return note


def _check(words: str, address: str, evidence: Evidence | None) -> None:
    if not words and not address and not evidence:
        raise Refused("empty", "Hãy ghi đơn vị đã làm được gì, hoặc gửi minh chứng.", field="text")
    if len(words) > LONGEST:
        raise Refused("too_long", f"Nội dung dài {len(words)} ký tự, tối đa {LONGEST}. Hãy rút ngắn, chi tiết gửi bằng tệp.", field="text")
    try:
        if address:
            URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Refused("bad_link", "Đường dẫn minh chứng chưa đúng. Hãy chép cả địa chỉ, bắt đầu bằng https://", field="link") from None
