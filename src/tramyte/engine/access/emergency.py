"""Mở khẩn cấp: a record outside one's places is opened for a stated reason and a few hours; a reviewer says whether that was right."""

import datetime
import uuid

from django.db import transaction
from django.db.models import Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.beyond_models import REASONS
from tramyte.engine.access.models import Opening, User
from tramyte.engine.access.rights import assignments, home_place, may, places, require
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right, not_found

OPEN, REVIEW = "people.emergency", "emergency.review"
HOURS = 4
SHORTEST = 15


def may_open(user: User) -> bool:
    """Whether the user may open records in an emergency: by a role that sees persons."""
    return may(user, OPEN) and bool(places(user, OPEN, personal=True))


def opened(user: User, subject: uuid.UUID) -> Opening | None:
    """The user's opening of this record that still lasts; None when there is none or the right has ended."""
    rows = Opening.objects.filter(user=user, subject=subject, until__gt=clock.now(), entered_in_error=False).select_related("place")
    return rows.first() if may_open(user) else None


@transaction.atomic
def open_record(*, by: User, subject: uuid.UUID, place: Place, model: str, kind: str, words: str) -> Opening:
    """Open a record outside one's places for `HOURS`. Raises Refused: 403 for roles without the right, else with the field at fault."""
    if not may_open(by):
        raise no_right("Chỉ nhân viên y tế của trạm được mở khẩn cấp hồ sơ ngoài địa bàn.")
    check_reason(kind, words)
    begun, home = clock.now(), home_place(by)
    row = Opening(
        user=by, subject=subject, place=place, home=commune_of(home) if home else place, kind=kind, words=" ".join(words.split())[:300],
        opened_at=begun, until=begun + datetime.timedelta(hours=HOURS))
    row.save(force_insert=True)
    chain.record(by=by, action="open_emergency", model=model, object_id=str(subject), after={"kind": kind, "until": row.until.isoformat()}, note=row.words)
    return row


def check_reason(kind: str, words: str) -> None:
    """Raise Refused for a reason that is not in the list or says too little."""
    if kind not in dict(REASONS):
        raise Refused("bad_reason", "Hãy chọn một lý do trong danh sách.", field="kind")
    if len(" ".join(words.split())) < SHORTEST:
        raise Refused("no_reason", f"Hãy ghi rõ lý do, ít nhất {SHORTEST} chữ cái, ví dụ: người bệnh hôn mê, cần biết tiền sử dị ứng.", field="words")


def to_review(user: User) -> QuerySet[Opening]:
    """The openings this user reviews: of records in, or by users working in, the own places; never one's own."""
    if not may(user, REVIEW):
        return Opening.objects.none()
    own = Q()
    for held in assignments(user):
        if REVIEW in held.permissions:
            own |= Q(place__path__startswith=held.place.path) | Q(home__path__startswith=held.place.path)
    rows = Opening.objects.filter(own, entered_in_error=False)
    return rows.exclude(user=user).select_related("user", "place", "place__parent", "home", "reviewed_by")


@transaction.atomic
def review(*, by: User, id: uuid.UUID | str, verdict: str, words: str = "") -> Opening:
    """Say whether an opening was justified. One that was not ends at once, and words are needed. Raises Refused."""
    require(by, REVIEW)
    row = to_review(by).select_for_update(of=("self",)).filter(pk=id).first()
    if row is None:
        raise not_found("lần mở khẩn cấp này")
    if verdict not in dict(Opening.VERDICTS):
        raise Refused("bad_verdict", "Hãy chọn một kết luận: chính đáng hoặc không chính đáng.", field="verdict")
    if verdict == "unjustified" and len(words.strip()) < SHORTEST:
        raise Refused("no_reason", f"Hãy ghi vì sao không chính đáng, ít nhất {SHORTEST} chữ cái.", field="words")
    before = row.plain()
    row.verdict, row.verdict_words, row.reviewed_by, row.reviewed_at = verdict, " ".join(words.split())[:300], by, clock.now()
    if verdict == "unjustified":
        row.until = min(row.until, row.reviewed_at)
    row.version += 1
    row.save()
    chain.record(by=by, action="review_emergency", row=row, before=before, after=row.plain(), note=row.verdict_words)
    return row
