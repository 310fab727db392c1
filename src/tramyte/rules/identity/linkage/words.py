"""Why two records may be one person, in words that a clerk understands."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tramyte.rules.identity.linkage.comparisons import Comparison
from tramyte.rules.identity.linkage.estimation import Weights
from tramyte.rules.identity.linkage.features import Columns, Roles


def evidence(
    found: dict[str, Any], table: Columns, roles: Roles, compared: Sequence[Comparison], weights: Weights
) -> list[tuple[str, ...]]:
    """For each pair what speaks for one person, the strongest first, then what speaks against it, the strongest first."""
    worth = [np.log2(m / u).tolist() for m, u in zip(weights.m, weights.u, strict=True)]
    levels = [found[f"gamma_{one.name}"].tolist() for one in compared]
    told = []
    for at, (a, b) in enumerate(zip(found["id_l"].tolist(), found["id_r"].tolist(), strict=True)):
        words: list[tuple[float, str]] = []
        for comparison, bits, numbers in zip(compared, worth, levels, strict=True):
            number = numbers[at]
            if number < 0:
                continue
            if comparison.name == "household":
                words += [(bits[number], word) for word in _household(table, roles, a, b, comparison.level(number).key)]
            else:
                words.append((bits[number], comparison.level(number).word))
        if roles.name and (table["name_unnamed"][a] or table["name_unnamed"][b]):
            words.append((0.0, "trẻ chưa đặt tên"))
        told.append(tuple(word for bits, word in sorted(words, key=lambda item: (item[0] < 0, -abs(item[0])))))
    return told


def _household(table: Columns, roles: Roles, a: int, b: int, level: str) -> list[str]:
    """What two records share of telephone, parent and places, or do not."""
    words = []
    if roles.phone and table["phone"][a] and table["phone"][b]:
        words.append("cùng số điện thoại" if table["phone"][a] == table["phone"][b] else "khác số điện thoại")
    if roles.parent and table["parent"][a] and table["parent"][b]:
        equal = table["parent"][a] == table["parent"][b]
        words.append("cùng tên mẹ" if equal else "khác tên mẹ" if level == "strange" else "tên mẹ gần giống")
    places = list(roles.home.values())
    shared = [table[f"home{at}"][a] is not None and table[f"home{at}"][a] == table[f"home{at}"][b] for at in range(len(places))]
    if shared and all(shared):
        words.append(f"cùng {places[-1]}")
    elif any(shared):
        words += [f"cùng {place}" for place, same in zip(places, shared, strict=True) if same]
    elif places:
        words.append(f"khác {places[0]}")
    return words
