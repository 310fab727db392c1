"""Recording measurements and campaigns: the only writers of `GrowthMeasurement`, `Campaign` and `CampaignDay`."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from tramyte.care.growth.checks import doubt, past_of, prepare
from tramyte.care.growth.models import Campaign, CampaignDay, GrowthMeasurement
from tramyte.care.growth.scoring import Scored, fill, follow, score_all
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store, store_many
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused

WRITE, PLAN = "growth.write", "care.write"


def record_measurement(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> GrowthMeasurement:
    """Write a new measurement, or change the one with this id. Fields are those of `GrowthMeasurement`.

    Raises Refused; with the code `implausible` what is odd is asked again until `confirmation` says why it is right.
    Trend and due day of the child's other measurements follow.
    """
    with transaction.atomic():
        known = bool(id) and GrowthMeasurement.objects.filter(pk=id).exists()
        row = fetch(GrowthMeasurement, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else GrowthMeasurement(id=id or new_id())
        before, owner = (row.plain(), row.person_id) if known else (None, None)
        _set(row, fields)
        _lock([row.person_id, owner])
        past = past_of([row.person])
        scored = score_all([row])[0]
        doubt(row, scored, past.get(row.person_id, ()))
        others = _followed(row, scored, past.get(row.person_id, ()))
        stored = store(row, by=by, permission=WRITE, action="record_measurement", before=before)
        _write_followed(others, by)
        if owner is not None and owner != row.person_id:
            _follow_again(owner, by)
    return stored


def record_measurements(
    items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None,
) -> list[GrowthMeasurement]:
    """Write a chunk of judged lines: new ones at once, changed ones one by one. Rows in the order of the items."""
    with transaction.atomic():
        fresh = [_new(fields) for id, fields in items if id is None]
        _lock(row.person_id for row in fresh)
        past, scores = past_of([row.person for row in fresh]), score_all(fresh)
        groups: dict[Any, list[GrowthMeasurement]] = {key: list(rows) for key, rows in past.items()}
        for row, scored in zip(fresh, scores, strict=True):
            fill(row, scored)
            groups.setdefault(row.person_id, []).append(row)
        for row, scored in zip(fresh, scores, strict=True):
            doubt(row, scored, groups[row.person_id])
        new = {row.pk for row in fresh}
        earlier = [(one, one.plain()) for rows in past.values() for one in rows]
        changed = {one.pk for rows in groups.values() for one in follow(rows)} - new
        store_many(fresh, by=by, permission=WRITE, action="import_measurements", import_id=import_id)
        _write_followed([(one, before) for one, before in earlier if one.pk in changed], by)
        made = iter(fresh)
        return [next(made) if id is None else record_measurement(by=by, id=id, **fields) for id, fields in items]


def cancel_measurement(*, by: User, id: uuid.UUID, seen_version: int | None = None, reason: str) -> GrowthMeasurement:
    """Mark a measurement as entered in error; it leaves book, chart and figures but is never deleted."""
    if not reason.strip():
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao lần cân đo này là ghi nhầm.", field="reason")
    with transaction.atomic():
        row = fetch(GrowthMeasurement, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        row.entered_in_error, row.error_reason = True, reason.strip()[:200]
        stored = store(row, by=by, permission=WRITE, action="cancel_measurement", before=before)
        _follow_again(row.person_id, by)
    return stored


def follow_restored(row: GrowthMeasurement, *, by: User) -> None:
    """What follows when an undo gave a measurement its former values."""
    _follow_again(row.person_id, by)


def _new(fields: dict[str, Any]) -> GrowthMeasurement:
    row = GrowthMeasurement()
    _set(row, fields)
    return row


def _set(row: GrowthMeasurement, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    if {"height_cm", "on", "person"} & fields.keys() and "position" not in fields:
        row.position = ""
    prepare(row)


def _lock(persons: Iterable[uuid.UUID | None]) -> None:
    """Two entries about one child go one after the other, or the trend of one would not know the other."""
    keys = sorted({key for key in persons if key}, key=str)
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _followed(row: GrowthMeasurement, scored: Scored, past: Sequence[GrowthMeasurement]) -> list[tuple[GrowthMeasurement, dict[str, Any]]]:
    """Reckon a row among the child's others; answers those others that change by it, with what they said before."""
    others = [one for one in past if one.pk != row.pk]
    before = {one.pk: one.plain() for one in others}
    fill(row, scored)
    return [(one, before[one.pk]) for one in follow([*others, row]) if one.pk in before]


def _follow_again(person: uuid.UUID, by: User) -> None:
    rows = list(GrowthMeasurement.objects.select_for_update(of=("self",)).filter(person=person, entered_in_error=False))
    before = {one.pk: one.plain() for one in rows}
    _write_followed([(one, before[one.pk]) for one in follow(rows)], by)


def _write_followed(changes: Sequence[tuple[GrowthMeasurement, dict[str, Any]]], by: User) -> None:
    for one, before in changes:  # one by one: stored figures of the child move with each
        store(one, by=by, permission=WRITE, action="follow_measurement", before=before)


# ---- campaigns


def plan_campaign(
    *, by: User, place: Place, name: str, days: Sequence[tuple[Place, datetime.date]], id: uuid.UUID | None = None, seen_version: int | None = None,
) -> Campaign:
    """Write a campaign with the day of each hamlet, or change the one with this id: hamlets that are left out are taken out.

    Raises Refused without a name or a hamlet, for a hamlet of another commune, and for taking out a hamlet where children were
    measured already.
    """
    if not days:
        raise Refused("no_hamlet", "Chưa chọn thôn nào. Hãy ghi ngày cân đo cho ít nhất một thôn.", field="days")
    if foreign := [hamlet for hamlet, _ in days if hamlet.parent_id != place.pk]:
        raise Refused("foreign_hamlet", f"{foreign[0]} không thuộc {place}. Hãy chọn thôn của xã.", field="days")
    with transaction.atomic():
        known = bool(id) and Campaign.objects.filter(pk=id).exists()
        row = fetch(Campaign, id, by=by, permission=PLAN, seen_version=seen_version) if known and id else Campaign(id=id or new_id())
        before = row.plain() if known else None
        row.place, row.name = place, " ".join(name.split())
        row.starts_on, row.ends_on = min(on for _, on in days), max(on for _, on in days)
        stored = store(row, by=by, permission=PLAN, action="plan_campaign", before=before)
        _days(stored, dict(days), by)
    return stored


def _days(campaign: Campaign, wanted: dict[Place, datetime.date], by: User) -> None:
    held = {one.hamlet_id: one for one in CampaignDay.objects.select_for_update(of=("self",)).filter(campaign=campaign, entered_in_error=False)}
    for hamlet, on in wanted.items():
        one = held.pop(hamlet.pk, None)
        if one is None:
            store(CampaignDay(campaign=campaign, hamlet=hamlet, on=on), by=by, permission=PLAN, action="plan_campaign_day")
        elif one.on != on:
            before = one.plain()
            one.on = on
            store(one, by=by, permission=PLAN, action="plan_campaign_day", before=before)
    for one in held.values():
        _take_out(one, by)


def _take_out(one: CampaignDay, by: User) -> None:
    if GrowthMeasurement.objects.filter(campaign=one.campaign_id, person__hamlet=one.hamlet_id, entered_in_error=False).exists():
        raise Refused("measured", f"{one.hamlet} đã có trẻ được cân đo trong đợt này nên không bỏ ra được. Hãy giữ thôn trong đợt.", field="days")
    before = one.plain()
    one.entered_in_error, one.error_reason = True, "bỏ khỏi đợt cân đo"
    store(one, by=by, permission=PLAN, action="plan_campaign_day", before=before)
