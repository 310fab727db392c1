"""Writing that the vaccination history of children was reviewed at school entry; what it found is reckoned, never typed."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from tramyte.care.immunization.actions import checks
from tramyte.care.immunization.models import Immunization, Recommendation, SchoolReview
from tramyte.care.immunization.queries import DOSES
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

WRITE = "care.write"
OLDEST, YOUNGEST = 16, 0.25  # years


def findings(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """Of these children the result of a review today and the doses that are missing, in words. Two queries."""
    missing: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    known = set(Immunization.objects.filter(person__in=persons, entered_in_error=False).order_by().values_list("person", flat=True).distinct())
    for person, dose, status in Recommendation.objects.filter(person__in=persons).order_by("due_on", "pk").values_list("person", "dose", "status"):
        if status in ("due", "overdue"):
            missing[person].append(DOSES.get(dose, dose))
    found = {}
    for person in persons:
        words = ", ".join(dict.fromkeys(missing[person]))
        found[person] = ("unrecorded", "") if person not in known else ("lacking", words[:250]) if words else ("complete", "")
    return found


def check_school_review(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a review, without a query. Raises Refused with the field at fault."""
    person, on, year = fields.get("person"), fields.get("on"), fields.get("school_year")
    if person is None or on is None:
        return
    checks.check_day(on, label="Ngày rà soát")
    checks.check_person(person, on)
    if not YOUNGEST <= (on - person.birth_date).days / 365.25 < OLDEST:
        raise Refused("not_of_age", f"{person} sinh ngày {person.birth_date:%d/%m/%Y}, không ở tuổi vào mầm non, tiểu học ngày {on:%d/%m/%Y}. Hãy kiểm tra lại người hoặc ngày.", field="person")
    if year and not datetime.date(year, 1, 1) <= on <= datetime.date(year + 1, 12, 31):
        raise Refused("other_year", f"Ngày rà soát {on:%d/%m/%Y} không thuộc năm học {year}-{year + 1}. Hãy sửa ngày hoặc năm học.", field="on")


def record_school_review(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> SchoolReview:
    """Write a review, or change the one with this id; fields are those of `SchoolReview` but result and missing. Raises Refused."""
    with transaction.atomic():
        known = bool(id) and SchoolReview.objects.filter(pk=id).exists()
        row = fetch(SchoolReview, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else SchoolReview(id=id or new_id())
        before = row.plain() if known else None
        for name, value in fields.items():
            setattr(row, name, clean(value) if isinstance(value, str) else value)
        if row.person_id is None or row.on is None or row.school_year is None:
            lacking = "person" if row.person_id is None else "on" if row.on is None else "school_year"
            raise Refused("missing", "Chưa ghi trẻ, ngày hoặc năm học. Hãy ghi đủ rồi lưu lại.", field=lacking)
        check_school_review({"person": row.person, "on": row.on, "school_year": row.school_year}, by=by)
        row.result, row.missing = findings([row.person_id])[row.person_id]
        return store(row, by=by, permission=WRITE, action="record_school_review", before=before)


def record_school_reviews(
    items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None,
) -> list[SchoolReview]:
    """Write judged lines of an import or of a class, in order; one by one: they are few."""
    with transaction.atomic():
        return [record_school_review(by=by, id=id, **({"import_id": import_id} if id is None else {}), **fields) for id, fields in items]


def cancel_school_review(*, by: User, id: uuid.UUID | str, seen_version: int | None = None, reason: str) -> SchoolReview:
    """Mark a review as entered in error."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao lần rà soát này là ghi nhầm.", field="reason")
    with transaction.atomic():
        row = fetch(SchoolReview, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        row.entered_in_error, row.error_reason = True, said[:200]
        return store(row, by=by, permission=WRITE, action="cancel_school_review", before=before, note=said[:200])
