"""Reactions after some two of a hundred doses of the last two years, as stations see them; one of them severe, reported and closed.

Shares are round figures, for shape only. What a dose says is what its event says, as `care.adverse_events` would write it.
"""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection

from tramyte.care.adverse_events.models import AdverseEvent, SuspectDose
from tramyte.care.adverse_events.signs import SIGNS, joined, words_of
from tramyte.care.immunization.models import Immunization
from tramyte.engine import clock
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.records import Ids

SHARE, DAYS, LASTING = 0.02, 730, 5  # of the doses; days back; days for which one is still asked about
SEEN = {
    "DPT-VGB-HIB": Table([("fever", 45.0), ("fever local", 30.0), ("fussy", 15.0), ("high_fever fussy", 10.0)]), "BCG": Table([("local", 85.0), ("node", 15.0)]),
    "MEASLES": Table([("fever", 60.0), ("fever rash", 40.0)]), "MR": Table([("fever", 60.0), ("fever rash", 40.0)]), "": Table([("local", 60.0), ("fever", 40.0)])}
LATER = {"MEASLES": (5, 10), "MR": (5, 10), "BCG": (10, 28)}  # days after which their reactions come
TREATED = {"fever": "hạ sốt, cho bú nhiều", "high_fever": "hạ sốt bằng paracetamol, theo dõi tại nhà", "local": "chườm mát", "node": "theo dõi, hẹn khám lại"}
SEVERE = {
    "signs": "high_fever seizure", "severe_for": " hospital ", "treatment": "hạ sốt, thở ô xy, chuyển Bệnh viện đa khoa khu vực", "cause": "coincident",
    "cause_text": "Hội đồng tư vấn của Sở Y tế: sốt cao co giật do nhiễm vi rút", "supplier": "CDC tỉnh", "storage": "TL-01 sáng: 4,6 °C; chiều: 5,1 °C", "reported_to": "Sở Y tế; CDC tỉnh (trực ban)",
    "registration": "QLVX-0000-25 (bịa)", "reported_how": "điện thoại, sau đó gửi phiếu", "reported_by": "Giám đốc trạm"}
NAMES = ("id", "person_id", "onset_on", "onset_at", "discovered_at", "signs", "severe", "severe_for", "treatment", "outcome", "outcome_on", "follow_up_on", "writer")
LOT = "DV2500"
MORE = ("cause", "cause_text", "registration", "session", "supplier", "storage", "reported_at", "reported_to", "reported_how", "reported_by")


def store_reactions(seed: int, as_of: datetime.date) -> int:
    """Write the events with their doses; answers how many. Reads the doses that are stored."""
    draws, ids, events, ties, words, seen = Draws(seed, "reactions"), Ids(seed + 8, as_of), [], [], [], set[Any]()
    rows = Immunization.objects.filter(on__gte=as_of - datetime.timedelta(days=DAYS), on__lt=as_of, source__in=("station", "import")).order_by("on", "person_id", "pk")
    severe = False
    for dose, person, on, code in tuples(rows, "pk", "person_id", "on", "vaccine__code"):
        if not draws.chance(SHARE):
            continue
        given = on if isinstance(on, datetime.date) else datetime.date.fromisoformat(on)
        onset = given + datetime.timedelta(days=draws.between(*LATER.get(code, (0, 1))))
        if onset > as_of - datetime.timedelta(days=1) or (person, onset) in seen:
            continue
        seen.add((person, onset))
        grave = not severe and code == "DPT-VGB-HIB" and (as_of - onset).days < 500
        severe = severe or grave
        event, said = _event(draws, ids, uuid.UUID(hex_of(person)), onset, code, as_of, grave)
        events.append(event)
        ties.append((ids(), event[0], uuid.UUID(hex_of(dose))))
        words.append((said, LOT if grave else "", dose))
    _write(AdverseEvent, (*NAMES, *MORE), events)
    _write(SuspectDose, ("id", "event_id", "immunization_id"), ties)
    _show(words)
    return len(events)


def _event(draws: Draws, ids: Ids, person: Any, onset: datetime.date, code: str, as_of: datetime.date, grave: bool) -> tuple[tuple[Any, ...], str]:
    """The row of an event, and what its dose says."""
    found = str(SEVERE["signs"]) if grave else draws.weighted(SEEN.get(code, SEEN[""]))
    signs, hour = joined(found.split(), SIGNS), draws.between(10, 21)
    lasts = (as_of - onset).days <= LASTING and not grave
    known = datetime.datetime.combine(onset, datetime.time(hour, 30), clock.ZONE)
    ended = onset + datetime.timedelta(days=2 if not grave else 4)
    row = (
        ids(), person, onset, f"{hour - 1:02d}:{draws.between(0, 59):02d}", known, signs, grave, SEVERE["severe_for"] if grave else "",
        SEVERE["treatment"] if grave else TREATED.get(found.split()[0], "theo dõi tại nhà"), "ongoing" if lasts else "recovered", None if lasts else min(ended, as_of),
        as_of + datetime.timedelta(days=draws.between(0, 1)) if lasts else None, "Lê Thị Lan")
    told = {**SEVERE, "reported_at": known + datetime.timedelta(hours=2), "session": f"{onset:%d/%m/%Y}: DPT-VGB-Hib (5 trong 1) lô {LOT}: 14 người"} if grave else {"reported_at": None}
    more = [told.get(name, "") for name in MORE]
    return (*row, *more), f"{words_of(signs, '', SIGNS)}{' (nặng)' if grave else ''}"


def _show(words: Sequence[tuple[str, str, Any]]) -> None:
    """Write into the doses what their events say; neither version nor audit: the doses were made a moment ago."""
    table = connection.ops.quote_name(Immunization._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET reaction = %s, lot_number = CASE WHEN lot_number = '' THEN %s ELSE lot_number END WHERE id = %s",
            [(said[:200], lot, key if connection.features.has_native_uuid_field else hex_of(key)) for said, lot, key in words])


def _write(model: type, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    store_values(model, names, rows, by=operator(), permission="vaccines.write", action="import")
