"""Which records are one person: candidate pairs with a probability and the reasons in words; people decide.

`propose` for a table with any columns (say which plays which part by `Roles`), `VIETNAMESE` for the columns of
`tramyte match`, `clusters` for groups of records. The model is that of Fellegi and Sunter (1969, "A Theory for Record
Linkage"), run by splink on DuckDB; both are loaded only when `propose` is called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tramyte.rules.identity.linkage.comparisons import comparisons
from tramyte.rules.identity.linkage.features import VIETNAMESE, Roles, Texts, features
from tramyte.rules.identity.linkage.words import evidence

__all__ = ["LIKELY", "VIETNAMESE", "Proposal", "Roles", "clusters", "propose"]

LIKELY = 0.5  # more likely one person than two, by the model itself


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records, by place in the table (a < b), that may be one person.

    score: the probability, 0 to 1. evidence: Vietnamese words, what speaks for it first, the strongest of each first.
    """

    a: int
    b: int
    score: float
    evidence: tuple[str, ...]


def propose(
    columns: Mapping[str, Texts], roles: Roles = VIETNAMESE, *, threshold: float = LIKELY, sources: Sequence[str] | None = None
) -> list[Proposal]:
    """Pairs of records that are one person with at least this probability, best first.

    columns: texts by column, all of one length, "" where nothing is known; every column of the roles must be there
    (KeyError). sources: one text a record; with it only records of different sources are paired. threshold: 0 to 1.
    The same table gives the same proposals; the order of its rows hardly matters. ValueError with a Vietnamese sentence
    when so many records are alike that no choice of pairs is small enough.
    """
    table = features(columns, roles)
    if sources is not None:
        table["source"] = list(sources)
    if len(table["id"]) < 2:
        return []
    from tramyte.rules.identity.linkage.model import Model

    compared = comparisons(roles)
    model = Model(table, roles, compared)
    if not model.rules:
        return []
    found, weights = model.proposals(threshold)
    told = evidence(found, table, roles, compared, weights)
    rows = zip(found["id_l"].tolist(), found["id_r"].tolist(), found["match_weight"].tolist(), found["match_probability"].tolist(), told, strict=True)
    ordered = sorted(rows, key=lambda row: (-round(row[2], 6), row[0], row[1]))
    return [Proposal(a, b, round(chance, 6), words) for a, b, _, chance, words in ordered]


def clusters(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Groups of records that hang together by pairs, each in ascending order, ordered by their first record."""
    leader: dict[int, int] = {}

    def lead(record: int) -> int:
        while (above := leader.setdefault(record, record)) != record:
            leader[record] = leader[above]
            record = above
        return record

    for one, two in pairs:
        first, second = sorted((lead(one), lead(two)))
        leader[second] = first
    groups: dict[int, list[int]] = {}
    for record in sorted(leader):
        groups.setdefault(lead(record), []).append(record)
    return [tuple(group) for group in groups.values()]
