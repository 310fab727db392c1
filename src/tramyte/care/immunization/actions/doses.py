"""Writing doses: one at a time with stock and judgement, or many judged lines of an import."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from tramyte.care.immunization.actions import checks
from tramyte.care.immunization.actions.stock import give, take_back
from tramyte.care.immunization.models import Immunization, VaccineLot
from tramyte.care.immunization.models.doses import IMPORTED, STATION
from tramyte.care.people.expecting import gestations
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.bulk import drafts, hex_of, tuples
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, retract_many, store, store_many
from tramyte.engine.facts import following
from tramyte.engine.facts.declaring import written
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.calendar import age_days
from tramyte.rules.text import clean

TETANUS = "UV"  # of lines of a file only these are asked for a pregnancy
WRITE, STOCK, IMPORT = "care.write", "vaccines.view", "people.import"


def check_immunization(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a dose that need no query. Raises Refused with the field at fault."""
    person, on = fields.get("person"), fields.get("on")
    if person is None or on is None:
        return
    checks.check_day(on)
    checks.check_hour(on, fields.get("at") or "")
    checks.check_person(person, on)


def record_immunization(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Immunization:
    """Write a dose, or change the one with this id; fields are those of `Immunization`. A dose of the station leaves its lot.

    Raises Refused: `missing`, `future`, `before_birth`, `after_death`, `merged`, `twice`, those of `checks.lot_of`, and
    `not_valid` for a dose of the station that will not count, until `word` says why it is written.
    """
    with transaction.atomic():
        known = bool(id) and Immunization.objects.filter(pk=id).exists()
        row = fetch(Immunization, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Immunization(id=id or new_id())
        before = row.plain() if known else None
        _fill(row, fields, by)
        _only_one(row)
        was = VaccineLot.objects.get(pk=before["lot_id"]) if before and before["lot_id"] else None
        _choose_lot(row, was, before, by)
        checks.check_worth(row)
        if was is not None and row.lot_id != was.pk:
            take_back(was, row, by=by)
        store(row, by=by, permission=WRITE, action="record_immunization", before=before)
        if row.lot is not None and row.lot != was:
            give(row.lot, row, by=by)
        row.refresh_from_db(fields=["counts_as", "verdict", "verdict_text"])
        return row


def record_immunizations(
    items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None,
) -> list[Immunization]:
    """Write a chunk of judged lines, rows in the order of the items: new doses of old books and other places at once, the rest one by one.

    A new line that does not say where its dose comes from is one of an old book.
    """
    draft, rows, fresh, single, tetanus = drafts(Immunization), [], [], [], []
    with transaction.atomic():
        for id, fields in items:
            source = fields.get("source") or IMPORTED
            if id is not None:
                rows.append(record_immunization(by=by, id=id, **fields))
            elif source == STATION:
                rows.append(record_immunization(by=by, **fields))
                single.append(rows[-1].pk)
            else:
                rows.append(draft(**_typed(fields, source)))
                fresh.append(rows[-1])
                if fields["vaccine"].code == TETANUS and fields["person"].sex == "F":
                    tetanus.append(rows[-1])
        _reckon_gestation(tetanus)
        store_many(fresh, by=by, permission=WRITE, action="import_immunizations", import_id=import_id)
        if single and import_id:
            Immunization.objects.filter(pk__in=single).update(import_id=import_id)
    return rows


def cancel_immunization(*, by: User, id: uuid.UUID | str, seen_version: int | None = None, reason: str) -> Immunization:
    """Mark a dose as entered in error: it leaves card, books and figures, and its lot has it again. Never deleted."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao mũi này là ghi nhầm, ví dụ “nhầm sang anh của cháu”.", field="reason")
    with transaction.atomic():
        row = fetch(Immunization, id, by=by, permission=WRITE, seen_version=seen_version)
        if row.entered_in_error:
            return row
        before = row.plain()
        row.entered_in_error, row.error_reason = True, said[:200]
        store(row, by=by, permission=WRITE, action="cancel_immunization", before=before, note=said[:200])
        if row.lot is not None:
            take_back(row.lot, row, by=by)
        return row


def note_reaction(*, by: User, id: uuid.UUID | str, reaction: str) -> Immunization:
    """Write what is seen after a dose, and nothing else of it: for who keeps reactions. The same words change nothing."""
    with transaction.atomic():
        row = fetch(Immunization, id, by=by, permission=WRITE)
        if row.reaction == (said := clean(reaction)[:200]):
            return row
        before, row.reaction = row.plain(), said
        return store(row, by=by, permission=WRITE, action="note_reaction", before=before)


def undo_import(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Take back those of these doses that an import made and nobody changed since, in one short transaction; answers them."""
    require(by, IMPORT)
    with transaction.atomic():
        made = visible(by, Immunization.objects.filter(pk__in=ids, import_id=import_id, entered_in_error=False, version=1), IMPORT)
        rows = tuples(made.select_for_update(of=("self",)).order_by(), "pk", "person_id", "lot_id")
        for key in [key for key, _, lot in rows if lot is not None]:
            cancel_immunization(by=by, id=hex_of(key), reason=reason)
        apart = {uuid.UUID(hex_of(key)): person for key, person, lot in rows if lot is None}
        retract_many(Immunization, apart, by=by, permission=IMPORT, action="undo_import", reason=reason, import_id=import_id)
        following.many_written(written(Immunization), set(apart.values()))
    return {uuid.UUID(hex_of(key)) for key, _, _ in rows}


def _typed(fields: dict[str, Any], source: str) -> dict[str, Any]:
    """The values of a new row of an import: parsed and checked already."""
    values = {name: value for name, value in fields.items() if value is not None}
    values["source"], values["age_days"] = source, age_days(fields["person"].birth_date, fields["on"])
    return values


def _fill(row: Immunization, fields: dict[str, Any], by: User) -> None:
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    for name, words in (("person", "người được tiêm"), ("vaccine", "vắc xin"), ("on", "ngày tiêm")):
        if getattr(row, f"{name}_id" if name != "on" else name) is None:
            raise Refused("missing", f"Chưa ghi {words}. Hãy ghi đủ rồi lưu lại.", field=name)
    row.source, row.person = row.source or STATION, _whole(row.person_id, by)
    check_immunization({"person": row.person, "on": row.on, "at": row.at}, by=by)
    row.age_days = age_days(row.person.birth_date, row.on)
    row.gestation_days = None
    if row.person.sex == "F":
        _reckon_gestation([row])


def _reckon_gestation(rows: Sequence[Immunization]) -> None:
    """Keep with doses of women how far pregnant they were."""
    found = gestations((row.person_id, row.on) for row in rows)
    for row in rows:
        row.gestation_days = found.get((row.person_id, row.on))


def _whole(person: uuid.UUID, by: User) -> Person:
    """The person as stored now, within the user's places."""
    found = visible(by, Person.objects.select_related("hamlet"), WRITE).filter(pk=person).first()
    if found is None:
        raise not_found("người được tiêm")
    return found


def _only_one(row: Immunization) -> None:
    other = Immunization.objects.filter(person=row.person_id, vaccine=row.vaccine_id, on=row.on, entered_in_error=False).exclude(pk=row.pk).first()
    if other is not None:
        where = f" tại {other.site}" if other.site else ""
        raise Refused("twice", f"Ngày {row.on:%d/%m/%Y} đã ghi {row.vaccine} cho {row.person}{where}. Hãy mở mũi đã ghi; nếu là trẻ khác trùng tên, hãy chọn lại trẻ.", field="on")


def _choose_lot(row: Immunization, was: VaccineLot | None, before: dict[str, Any] | None, by: User) -> None:
    """The lot that the dose leaves; one that it left already is not asked about again."""
    if row.source != STATION:
        row.lot = None
        return
    same = was is not None and before is not None and was.number.casefold() == row.lot_number.casefold() and was.product.vaccine_id == row.vaccine_id
    if same and before is not None and str(row.on) == before["on"]:
        row.lot = was
        return
    checks.check_vaccine(row.vaccine, row.on)
    allowed = visible(by, VaccineLot.objects.select_for_update(of=("self",)), STOCK)
    if before is None and row.lot_id is not None:  # the caller names the very lot, not only its number
        allowed = allowed.filter(pk=row.lot_id)
    own = VaccineLot.objects.filter(pk=was.pk).select_related("product__vaccine") if same and was else None
    row.lot = checks.lot_of(row.vaccine, row.lot_number, row.on, own or allowed, doses=0 if same else 1)
    row.lot_number = row.lot.number

