"""Pairs of records that may be one person: proposed by the linkage, decided by people."""

import uuid
from collections.abc import Iterable, Mapping

from django.db import transaction

from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.models import DuplicatePair, Merge, Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store, store_many
from tramyte.engine.refused import Refused, not_found

CHUNK = 200
Pair = tuple[uuid.UUID, uuid.UUID]
Reason = tuple[float, list[str]]  # score, evidence


def a_pair(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """The two keys in the order in which pairs are stored."""
    return (one, other) if one < other else (other, one)


@transaction.atomic
def dismiss_pair(*, by: User, id: uuid.UUID | str, seen_version: int | None = None) -> DuplicatePair:
    """Say that two records are two persons; the pair is never proposed again. Raises Refused `decided`."""
    pair = fetch(DuplicatePair, id, by=by, permission=WRITE, seen_version=seen_version)
    if pair.other.hamlet_id not in places(by, WRITE, personal=True):
        raise not_found("cặp hồ sơ này")
    if pair.state != "proposed":
        raise Refused("decided", f"Cặp này đã được quyết định: {pair.get_state_display()}. Hãy mở lại danh sách.")
    return _decide(pair, "dismissed", by)


def settle_pair(one: Person, other: Person, state: str, *, by: User) -> None:
    """Note what was decided of two records, whether they had been proposed or not."""
    first, second = a_pair(one.pk, other.pk)
    pair = DuplicatePair.objects.filter(one=first, other=second).first()
    if pair:
        _decide(pair, state, by)
    else:
        store(DuplicatePair(id=new_id(), one_id=first, other_id=second, state=state, decided_by=by.username), by=by, permission=WRITE, action=f"pair_{state}")


def propose_pairs(*, by: User, hamlets: Iterable[uuid.UUID], found: Mapping[Pair, Reason]) -> int:
    """Make these the pairs that wait in these hamlets, without those decided; answers how many are new.

    A waiting pair that is proposed no more goes. Pairs that were decided stay decided for the records they were merged into.
    """
    decided = _decided()
    wanted = {pair: reason for pair, reason in found.items() if pair not in decided}
    waiting = {(row.one_id, row.other_id): row for row in DuplicatePair.objects.filter(state="proposed", one__hamlet__in=list(hamlets))}
    for pair, row in waiting.items():
        if pair in wanted:
            row.score, row.evidence = wanted[pair]
    DuplicatePair.objects.bulk_update([row for pair, row in waiting.items() if pair in wanted], ["score", "evidence"], batch_size=CHUNK)
    DuplicatePair.objects.filter(pk__in=[row.pk for pair, row in waiting.items() if pair not in wanted]).delete()
    fresh = [
        DuplicatePair(id=new_id(), one_id=one, other_id=other, score=score, evidence=words)
        for (one, other), (score, words) in wanted.items() if (one, other) not in waiting]
    for begin in range(0, len(fresh), CHUNK):
        store_many(fresh[begin:begin + CHUNK], by=by, permission=WRITE, action="propose_pairs")
    return len(fresh)


def _decided() -> set[Pair]:
    into = dict(Merge.objects.filter(undone_at=None).values_list("lesser", "survivor"))

    def present(key: uuid.UUID) -> uuid.UUID:
        while key in into:
            key = into[key]
        return key

    rows = DuplicatePair.objects.exclude(state="proposed").values_list("one", "other")
    return {pair for one, other in rows for pair in (a_pair(one, other), a_pair(present(one), present(other)))}


def _decide(pair: DuplicatePair, state: str, by: User) -> DuplicatePair:
    before = pair.plain()
    pair.state, pair.decided_by = state, by.username
    return store(pair, by=by, permission=WRITE, action=f"pair_{state}", before=before)
