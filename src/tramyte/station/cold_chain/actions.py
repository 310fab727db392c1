"""The only writers of the cold chain: equipment, readings with what follows from them, what was done, the rule of temperatures."""

import datetime
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.lines import Items, begin, cancelling, record_chunk
from tramyte.engine.actions.writing import fetch, store, store_many
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean
from tramyte.station.cold_chain.models import (
    COLDEST,
    ODD,
    WARMEST,
    Excursion,
    StorageEquipment,
    TemperatureReading,
    TemperatureRule,
)
from tramyte.station.cold_chain.queries import AFTERNOON, PARTS, hour_now, readings
from tramyte.station.cold_chain.rule import degrees, range_words, rule_on, rules, state_of

WRITE = "vaccines.write"
MOVED = ("moved", "held", "destroyed")


# ---- equipment


def check_equipment(fields: dict[str, Any], *, by: User) -> None:
    """The days of equipment. Raises Refused with the field at fault."""
    begun, ended = fields.get("in_use_from"), fields.get("in_use_until")
    if begun and begun > clock.today():
        raise Refused("future", f"Ngày bắt đầu dùng {begun:%d/%m/%Y} chưa đến; hôm nay là {clock.today():%d/%m/%Y}. Hãy khai khi thiết bị đã dùng.", field="in_use_from")
    if begun and ended and ended < begun:
        raise Refused("order", f"Ngày thôi dùng {ended:%d/%m/%Y} trước ngày bắt đầu dùng {begun:%d/%m/%Y}. Hãy kiểm tra lại hai ngày.", field="in_use_until")


def record_equipment(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> StorageEquipment:
    """Write new equipment, or change what has this id; fields are those of `StorageEquipment`. Raises Refused."""
    with transaction.atomic():
        row, before = begin(StorageEquipment, id, by=by, permission=WRITE, seen_version=seen_version)
        _fill_equipment(row, fields, by)
        return store(row, by=by, permission=WRITE, action="record_storage_equipment", before=before)


def record_equipment_many(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[StorageEquipment]:
    """Write a chunk of judged lines of a file."""
    return record_chunk(
        items, new=lambda fields: _fill_equipment(StorageEquipment(), fields, by), record=record_equipment, by=by, permission=WRITE,
        action="import_storage_equipment", import_id=import_id)


cancel_equipment = cancelling(StorageEquipment, WRITE, "cancel_storage_equipment")


def _fill_equipment(row: StorageEquipment, fields: dict[str, Any], by: User) -> StorageEquipment:
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    row.daily, row.note = row.daily is not False, row.note or ""
    check_equipment({name: getattr(row, name) for name in ("in_use_from", "in_use_until")}, by=by)
    return row


# ---- readings


def check_reading(fields: dict[str, Any], *, by: User) -> None:
    """What can be said of a reading without a query. Raises Refused with the field at fault."""
    on, celsius, equipment = fields.get("on"), fields.get("celsius"), fields.get("equipment")
    if on is not None:
        _check_moment(on, fields.get("part"))
    if celsius is not None and not COLDEST <= celsius <= WARMEST:
        tenth = degrees(celsius / 10) if celsius == celsius.to_integral_value() else ""
        raise Refused("implausible", f"Có phải {tenth} (quên dấu phẩy)? {ODD}" if tenth else ODD, field="celsius")
    if equipment is not None and on is not None and not equipment.in_use_from <= on <= (equipment.in_use_until or on):
        until = f" đến {equipment.in_use_until:%d/%m/%Y}" if equipment.in_use_until else ""
        raise Refused("not_in_use", f"{equipment} dùng từ {equipment.in_use_from:%d/%m/%Y}{until}, không có nhiệt độ ngày {on:%d/%m/%Y}. Hãy xem lại ngày, hoặc sửa ngày dùng của thiết bị.", field="on")


def _check_moment(on: datetime.date, part: str | None) -> None:
    today, hour = clock.today(), hour_now()
    if on > today:
        raise Refused("future", f"Ngày {on:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Chỉ ghi số đã đọc trên nhiệt kế, không ghi trước.", field="on")
    if on == today and part == TemperatureReading.AFTERNOON and hour is not None and hour < datetime.time(AFTERNOON.hour - 1):
        raise Refused("future", f"Bây giờ mới {hour:%H:%M}, chưa có nhiệt độ buổi chiều. Không ghi trước; chiều đọc nhiệt kế rồi ghi.", field="part")


def record_reading(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> TemperatureReading:
    """Write a reading, or change the one with this id; fields are those of `TemperatureReading`.

    A reading out of range is refused with the code `out_of_range` until `confirmed` says that the thermometer was read again; then it
    opens an `Excursion`, or belongs to the one of the reading before it. A reading put right leaves its excursion, which goes with its last.
    """
    with transaction.atomic():
        row, before = begin(TemperatureReading, id, by=by, permission=WRITE, seen_version=seen_version)
        _fill_reading(row, fields, by)
        was = row.excursion
        row.excursion = _excursion_of(row, by) if row.state else None
        store(row, by=by, permission=WRITE, action="record_temperature", before=before)
        if was is not None and was != row.excursion:
            _drop_empty(was, by)
        return row


def record_readings(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[TemperatureReading]:
    """Write a chunk of judged lines in the order of the items: new ones within range at once, the rest one by one."""
    known = rules()
    with transaction.atomic():
        drafts = [_fill_reading(TemperatureReading(), fields, by, known) if id is None else None for id, fields in items]
        store_many([one for one in drafts if one is not None and not one.state], by=by, permission=WRITE, action="import_temperatures", import_id=import_id)
        made = []
        for draft, (id, fields) in zip(drafts, items, strict=True):
            sound = draft is not None and not draft.state
            made.append(draft if draft is not None and sound else record_reading(by=by, id=id, **({"import_id": import_id} if id is None else {}), **fields))
        return made


def cancel_reading(*, by: User, id: uuid.UUID, seen_version: int | None = None, reason: str) -> TemperatureReading:
    """Mark a reading as entered in error; its excursion goes when it has no other."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao nhiệt độ này là ghi nhầm, ví dụ “đọc nhầm nhiệt kế tủ đá”.", field="reason")
    with transaction.atomic():
        row = fetch(TemperatureReading, id, by=by, permission=WRITE, seen_version=seen_version)
        before, was = row.plain(), row.excursion
        row.entered_in_error, row.error_reason = True, said[:200]
        store(row, by=by, permission=WRITE, action="cancel_temperature", before=before, note=said[:200])
        if was is not None:
            _drop_empty(was, by)
        return row


def undo_readings(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Take back those of these readings that an import made and nobody changed since, with what they opened; answers them."""
    with transaction.atomic():
        made = visible(by, TemperatureReading.objects.filter(pk__in=ids, import_id=import_id, entered_in_error=False, version=1), WRITE)
        found = list(made.values_list("pk", flat=True))
        for key in found:
            cancel_reading(by=by, id=key, reason=reason)
    return set(found)


def follow_restored(row: TemperatureReading, *, by: User) -> None:
    """What follows when an undo gave a reading its former values."""
    record_reading(by=by, id=row.pk, confirmed=True)


def _fill_reading(row: TemperatureReading, fields: dict[str, Any], by: User, known: list[TemperatureRule] | None = None) -> TemperatureReading:
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    for name, words in (("equipment_id", "thiết bị"), ("on", "ngày"), ("part", "buổi"), ("celsius", "nhiệt độ")):
        if getattr(row, name) in (None, ""):
            raise Refused("missing", f"Chưa ghi {words}. Hãy ghi đủ rồi lưu lại.", field=name.removesuffix("_id"))
    row.celsius = Decimal(row.celsius)
    row.reader, row.at, row.note, row.confirmed = row.reader or by.full_name[:100], row.at or "", row.note or "", bool(row.confirmed)
    check_reading({"equipment": row.equipment, "on": row.on, "part": row.part, "celsius": row.celsius}, by=by)
    rule = rule_on(row.on, known)
    row.state = state_of(row.celsius, rule)
    row.confirmed = row.confirmed and bool(row.state)
    if row.state and not row.confirmed:
        raise Refused(
            "out_of_range", f"{degrees(row.celsius)} nằm ngoài khoảng {range_words(rule)}. Hãy đọc lại nhiệt kế. Nếu đúng, đánh dấu “Đã đọc lại nhiệt kế” rồi lưu; "
            "sau đó ghi ngay đã làm gì với vắc xin.", field="confirmed")
    return row


def _excursion_of(row: TemperatureReading, by: User) -> Excursion:
    """The excursion of the reading before, as long as nobody has acted on it; else a new one. A reading of the same equipment keeps its own."""
    if row.excursion is not None and row.excursion.equipment_id == row.equipment_id:
        return row.excursion
    earlier = Q(on__lt=row.on) | Q(on=row.on, part__lt=row.part)
    last = readings().filter(earlier, equipment=row.equipment).select_related("excursion").order_by("-on", "-part").first()
    if last is not None and last.excursion is not None and last.excursion.acted_on is None:
        return last.excursion
    made = Excursion(equipment=row.equipment, on=row.on, part=row.part, celsius=row.celsius)
    return store(made, by=by, permission=WRITE, action="open_excursion")


def _drop_empty(held: Excursion, by: User) -> None:
    """An excursion without readings was none."""
    row = fetch(Excursion, held.pk, by=by, permission=WRITE)
    if row.entered_in_error or readings().filter(excursion=row).exists():
        return
    before = row.plain()
    row.entered_in_error, row.error_reason = True, "Nhiệt độ đã được sửa về trong khoảng hoặc bỏ vì ghi nhầm."
    store(row, by=by, permission=WRITE, action="drop_excursion", before=before, note=row.error_reason)


# ---- what was done


def act_on_excursion(
    *, by: User, id: uuid.UUID, action: str, vaccines: str, acted_on: datetime.date, vaccines_note: str = "", acted_by: str = "", seen_version: int | None = None,
) -> Excursion:
    """Write what was done when equipment was out of range, which closes the excursion; again puts right what was written.

    Raises Refused: `missing`, `future`, `before`, `which_vaccines` when vaccine was moved, held or destroyed and nothing says which.
    """
    with transaction.atomic():
        row = fetch(Excursion, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        row.action, row.vaccines, row.vaccines_note, row.acted_on = clean(action), vaccines, clean(vaccines_note), acted_on
        row.acted_by = clean(acted_by) or by.full_name[:100]
        _check_act(row)
        return store(row, by=by, permission=WRITE, action="act_on_excursion", before=before)


def _check_act(row: Excursion) -> None:
    if not row.action:
        raise Refused("missing", "Chưa ghi đã làm gì. Hãy ghi việc đã làm, ví dụ “đóng lại cửa tủ, 30 phút sau về 5 °C”.", field="action")
    if row.vaccines not in dict(Excursion.VACCINES):
        raise Refused("missing", "Chưa chọn vắc xin trong thiết bị được giữ ra sao. Hãy chọn một việc.", field="vaccines")
    if row.vaccines in MOVED and not row.vaccines_note:
        raise Refused("which_vaccines", "Hãy ghi vắc xin nào, lô nào, bao nhiêu liều và để ở đâu, để người trực sau không dùng nhầm.", field="vaccines_note")
    if row.acted_on is None or row.acted_on > clock.today():
        raise Refused("future", f"Ngày xử trí phải là ngày đã qua hoặc hôm nay {clock.today():%d/%m/%Y}. Hãy ghi việc đã làm, không ghi việc sẽ làm.", field="acted_on")
    if row.acted_on < row.on:
        raise Refused("before", f"Ngày xử trí {row.acted_on:%d/%m/%Y} trước ngày nhiệt độ ngoài khoảng {row.on:%d/%m/%Y} (buổi {PARTS[row.part]}). Hãy kiểm tra lại ngày.", field="acted_on")


# ---- the rule


def set_temperature_rule(
    *, by: User, low: Decimal, high: Decimal, valid_from: datetime.date, source: str, verified: bool = False, seen_version: int | None = None,
) -> TemperatureRule:
    """Write a new rule of temperatures from a day on; the one before ends the day before. Readings keep what their day said of them.

    Raises Refused: `order`, `no_source`, `older`.
    """
    if low >= high:
        raise Refused("order", f"Nhiệt độ thấp nhất {degrees(low)} phải dưới nhiệt độ cao nhất {degrees(high)}. Hãy đổi lại hai số.", field="low")
    if not (said := clean(source)):
        raise Refused("no_source", "Hãy ghi số, ngày của văn bản quy định khoảng nhiệt độ này.", field="source")
    with transaction.atomic():
        last = TemperatureRule.objects.filter(entered_in_error=False).select_for_update().order_by("-valid_from").first()
        if last is not None and valid_from <= last.valid_from:
            raise Refused("older", f"Đã có quy định từ {last.valid_from:%d/%m/%Y}. Hãy ghi quy định mới từ một ngày sau đó.", field="valid_from")
        if last is not None and (last.valid_to is None or last.valid_to >= valid_from):
            before, last.valid_to = last.plain(), valid_from - datetime.timedelta(days=1)
            store(last, by=by, permission=WRITE, action="set_temperature_rule", before=before)
        made = TemperatureRule(low=low, high=high, valid_from=valid_from, source=said[:250], verified=verified)
        return store(made, by=by, permission=WRITE, action="set_temperature_rule")
