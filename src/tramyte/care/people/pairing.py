"""Running the linkage over the people of one commune."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tramyte.care.people.actions.pairs import Pair, Reason, a_pair, propose_pairs
from tramyte.care.people.models import Identifier
from tramyte.care.people.queries import people
from tramyte.engine.access.models import User
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import below
from tramyte.engine.refused import Refused
from tramyte.rules.identity.linkage import Proposal, propose

BIRTH = {"day": "%d/%m/%Y", "month": "%m/%Y", "year": "%Y"}
FIELDS = ("pk", "full_name", "birth_date", "birth_precision", "sex", "phone", "hamlet__name", "hamlet__parent__name", "mother__full_name")
COLUMNS = ("ho_ten", "ngay_sinh", "gioi_tinh", "sdt", "thon", "xa", "me_ten", "cccd", "bhyt")


def find_pairs(*, by: User, commune: Place) -> int:
    """Compare everybody of a commune with everybody else and fill the review queue; answers how many pairs are new."""
    hamlets = list(below(commune).values_list("pk", flat=True))
    ids, columns = _records(hamlets)
    if len(ids) < 2:
        return propose_pairs(by=by, hamlets=hamlets, found={})
    found: dict[Pair, Reason] = {a_pair(ids[one.a], ids[one.b]): (one.score, list(one.evidence)) for one in _proposals(columns)}
    return propose_pairs(by=by, hamlets=hamlets, found=found)


def communes(within: Iterable[uuid.UUID] | None = None) -> list[Place]:
    """The communes where people are, all or those that hold one of these places."""
    rows = Place.objects.filter(kind=Place.COMMUNE, children__in=people().values("hamlet")).distinct().order_by("code")
    return list(rows if within is None else rows.filter(children__in=list(within)))


def _records(hamlets: Sequence[uuid.UUID]) -> tuple[list[uuid.UUID], dict[str, list[str]]]:
    """The keys of the people and what the linkage reads of them. Two queries."""
    held: defaultdict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    numbers = Identifier.objects.filter(person__hamlet__in=hamlets, valid_to=None, entered_in_error=False).order_by()
    for owner, kind, number in numbers.values_list("person_id", "kind", "value"):
        held[owner][kind] = number
    ids, rows = [], []
    for id, name, born, precision, sex, phone, hamlet, commune, mother in people().filter(hamlet__in=hamlets).order_by("pk").values_list(*FIELDS):
        own = held[id]
        ids.append(id)
        rows.append((
            name, born.strftime(BIRTH[precision]), sex, phone, hamlet, commune or "", mother or "",
            own.get("national") or own.get("old_national", ""), own.get("insurance", "")))
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return ids, dict(zip(COLUMNS, map(list, columns), strict=True))


def _proposals(columns: Mapping[str, Sequence[str]]) -> list[Proposal]:
    """The linkage in a process of its own: its libraries and tables are given back to the machine afterwards."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(propose, columns).result()
        except ValueError as error:
            raise Refused("alike", str(error)) from error
