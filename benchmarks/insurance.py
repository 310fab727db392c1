"""A list of the insurance agency: read, compared with a commune, written and taken back."""

import datetime
import random
import time
from pathlib import Path

ON = datetime.date(2026, 6, 1)
HEADS = ("Mã thẻ BHYT", "Họ và tên", "Ngày sinh", "Số CCCD", "Thôn", "Từ ngày", "Đến ngày", "Nơi ĐK KCB")


def differences(home: Path, people: int) -> list[tuple[str, float, float, str, str]]:
    """As many lines as people: four of five as they are stored, the rest renewed, unknown or left out; then written and undone."""
    from tramyte.care.people import actions
    from tramyte.care.people.insurance_list import take_list
    from tramyte.care.people.models import InsuranceList
    from tramyte.engine.access.models import User
    from tramyte.engine.access.rights import home_place

    nurse = User.objects.get(username="dieuduong")
    commune = home_place(nurse)
    assert commune is not None
    count, content = agency_list(people)
    begun = time.process_time()
    load = take_list(by=nurse, place=commune, name="bhxh.xlsx", content=content, on=ON, whole=True)
    compared = time.process_time() - begun
    kinds = {kind: load.lines.filter(kind=kind).count() for kind in ("new", "changed", "lost", "unchanged", "unmatched")}
    if not all(kinds.values()):
        raise AssertionError(f"a kind is missing: {kinds}")
    InsuranceList.objects.filter(pk=load.pk).update(applied=["new", "changed", "lost"], state="running")
    load.refresh_from_db()
    begun = time.process_time()
    written = actions.apply_list(by=nurse, load=load)
    applied, begun = time.process_time() - begun, time.process_time()
    actions.undo_list(by=nurse, load=load)
    return [
        (f"insurance list of {count:,} lines read and compared: processor time", compared, 30, "s", "budget"),
        (f"its {written:,} differences written: processor time", applied, 30, "s", "budget of an import"),
        ("the same taken back: processor time", time.process_time() - begun, 30, "s", "budget of an import"),
    ]


def agency_list(people: int) -> tuple[int, bytes]:
    """An invented list made of the stored cards: 78 % as they are, 12 % renewed, 5 % left out, 5 % of people who are not there."""
    from tramyte.care.people.models import Coverage, Identifier
    from tramyte.engine.documents.spreadsheet import SheetColumn, write_xlsx

    draw = random.Random(5)
    nationals = dict(Identifier.objects.filter(kind="national", valid_to=None).values_list("person_id", "value"))
    rows = []
    for card in Coverage.objects.filter(entered_in_error=False, start__lte=ON, end__gte=ON).select_related("person__hamlet")[:people]:
        chance, owner = draw.random(), card.person
        if chance < 0.05:
            continue
        end = card.end if chance < 0.88 else card.end + datetime.timedelta(days=365)
        rows.append([card.card_number, owner.full_name, owner.birth_date, nationals.get(owner.pk, "") if chance < 0.5 else "", owner.hamlet.name, card.start, end, card.facility_code])
    held = set(Coverage.objects.filter(entered_in_error=False).values_list("person_id", flat=True))
    for owner, number in nationals.items():  # people who have had no card
        if owner not in held and len(rows) < people:
            rows.append([f"98{draw.randrange(10**8):08d}", "", "", number, "", ON, datetime.date(2027, 5, 31), ""])
    while len(rows) < people:
        rows.append([f"99{draw.randrange(10**8):08d}", f"Người Không Có {draw.randrange(10**6)}", datetime.date(1980, 1, 2), "", "", ON, datetime.date(2027, 5, 31), ""])
    kinds = {"Ngày sinh": "date", "Từ ngày": "date", "Đến ngày": "date"}
    return len(rows), write_xlsx([SheetColumn(head, kinds.get(head, "text")) for head in HEADS], rows)


CASES = (differences,)
