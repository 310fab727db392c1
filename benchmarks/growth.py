"""Growth: a million children scored, beside pygrowup2 in the same run, and through the command line."""

import random
import resource
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import Row, ran

CHILDREN, FEW = 1_000_000, 2_000


def children(count: int) -> dict[str, Any]:
    """Invented children of 0 to 59 months, a few of them far from the middle."""
    draw = np.random.default_rng(1)
    days = draw.integers(0, 1826, count)
    return {
        "sex": draw.integers(1, 3, count),
        "age_days": days,
        "lenhei": np.round(49 + 2.45 * np.sqrt(days / 3.1) + draw.normal(0, 3, count), 1).clip(45, 120),
        "weight": np.round(3.3 + 0.36 * np.sqrt(days) + draw.normal(0, 1.2, count), 1).clip(1.5, 40),
        "measure": np.where(days < 731, "L", "H"),
    }


def scored(home: Path, people: int) -> list[Row]:
    """Four z-scores a child: ours by numpy on one core, pygrowup2 child by child on a few."""
    from pygrowup import Observation

    from tramyte.rules.growth import who2006

    many = children(CHILDREN)
    who2006(1, age_days=1, weight=3)
    begun = time.process_time()
    found = who2006(**many)
    ours = time.process_time() - begun
    exact = [
        (int(sex), int(days), Decimal(str(length)), Decimal(str(weight)), Decimal(str(round(bmi, 6))))
        for sex, days, length, weight, bmi in zip(*(column[:FEW] for column in (many["sex"], many["age_days"], many["lenhei"], many["weight"], found["cbmi"])), strict=True)
    ]
    theirs = 0.0
    for turn in range(2):  # the first turn reads its tables
        begun = time.process_time()
        for sex, days, length, weight, bmi in exact[: FEW if turn else 5]:
            seen = Observation("male" if sex == 1 else "female", age_in_days=days or Decimal("0.5"))
            seen.get_z_score("lfa", seen.sex, length, seen.t)
            seen.wfa(weight)
            seen.get_z_score("bmifa", seen.sex, bmi, seen.t)
            if days < 731 and length <= 110:
                seen.wfl(weight, length)
            elif days >= 731 and length >= 65:
                seen.wfh(weight, length)
        theirs = (time.process_time() - begun) / FEW
    return [
        ("1,000,000 children, four z-scores each: processor time", ours, 1.0, "s", "budget"),
        ("one child, four z-scores", ours / CHILDREN * 1e6, theirs * 1e6, "µs", "pygrowup2"),
    ]


def verb(home: Path, people: int) -> list[Row]:
    """The same children as a CSV file through `tramyte growth`, then the prevalence of a survey of as many."""
    source, target = home / "children.csv", home / "scores.csv"
    draw = random.Random(1)
    columns = {name: column.tolist() for name, column in children(CHILDREN).items()}
    with source.open("w", encoding="utf-8") as file:
        file.write(",".join(["id", *columns, "area", "cluster", "sw"]) + "\n")
        for at, row in enumerate(zip(*columns.values(), strict=True)):
            file.write(",".join(map(str, (at, *row, at % 3, at % 500, round(draw.uniform(0.5, 2), 3)))) + "\n")
    _, cpu, _ = ran("growth", str(source), str(target))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    _, survey, _ = ran("growth", "--prevalence", str(source), str(target), "--by", "area,age_group,sex", "--weight", "sw", "--cluster", "cluster")
    return [
        ("1,000,000 children as CSV through `tramyte growth`: processor time", cpu, 20, "s", "budget"),
        ("the same: memory (largest child process so far)", memory, 1000, "MB", "budget"),
        ("prevalence of a survey of 1,000,000 by area, age and sex: processor time", survey, 30, "s", "budget"),
    ]


CASES = (scored, verb)
