"""The shares m and u of every level and the share of pairs that are one person, from the data themselves.

u is counted: among far-apart records for names and birth dates; for the rest among pairs born on the same day under
another name, because the pair that deceives is no stranger but a twin or a neighbour. m and the share of true pairs
come from expectation-maximization over all candidate pairs (Winkler 1988, "Using the EM algorithm for weight
computation in the Fellegi-Sunter model"), u held. A few imagined pairs at the starting shares keep small files sane.
No m grows to more than FREE times what was given: a list of people of one given name, numbered one after the other, would
otherwise be the class that the estimation finds, and "another number, another day, another sex" would speak for one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tramyte.rules.identity.linkage.comparisons import Comparison

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
IMAGINED_M, IMAGINED_U = 20.0, 1000.0
FREE = 4.0  # damaged files, invented and shared, teach at most three times what was given
_ROUNDS, _CLOSE = 200, 1e-5


@dataclass
class Weights:
    """share: of all pairs, those of one person. Per comparison, by level number (0 is "other"): m, u, held."""

    share: float
    m: list[Floats]
    u: list[Floats]
    held: list[Flags]


def starting(comparisons: Sequence[Comparison]) -> tuple[list[Floats], list[Floats], list[Flags]]:
    """m, u and held of each comparison as given, by level number; shares sum to 1."""
    m = [np.array([level.m for level in reversed(one.levels)]) for one in comparisons]
    u = [np.array([level.u for level in reversed(one.levels)]) for one in comparisons]
    held = [np.array([level.held for level in reversed(one.levels)]) for one in comparisons]
    return [shares / shares.sum() for shares in m], [shares / shares.sum() for shares in u], held


def counted(counts: Mapping[int, int], given: Floats, held: Flags) -> Floats:
    """u from how often each level number was seen (-1, unknown, is left out), with the imagined pairs."""
    seen = np.array([counts.get(number, 0) for number in range(len(given))], dtype=float)
    u = (seen + IMAGINED_U * given) / (seen.sum() + IMAGINED_U)
    return np.asarray(np.where(held, np.maximum(u, given), u), dtype=float)


def estimate(levels: NDArray[np.int8], rarity: Floats, weights: Weights, pairs: float) -> Weights:
    """Improve m and share until they rest.

    levels: a row a candidate pair, a column a comparison. rarity: bits that a rare name adds (a common one takes). pairs: how
    many pairs of records there are, candidates or not.
    """
    given, m, share = weights.m, weights.m, weights.share
    most = [np.where(held, shares, FREE * shares) for shares, held in zip(given, weights.held, strict=True)]
    columns: Any = [(levels[:, at], levels[:, at] >= 0) for at in range(levels.shape[1])]
    for _ in range(_ROUNDS):
        bits = rarity + np.log2(share / (1 - share))
        for (numbers, _known), one, two in zip(columns, m, weights.u, strict=True):
            bits = bits + np.append(np.log2(one / two), 0.0)[numbers]
        chance = 1 / (1 + np.exp2(-np.clip(bits, -500, 500)))
        new = min(max(float(chance.sum()), 1.0) / pairs, 0.5)
        each = zip(columns, given, most, strict=True)
        m = [_shares(numbers[known], chance[known], start, top) for (numbers, known), start, top in each]
        resting, share = abs(new / share - 1) < _CLOSE, new
        if resting:
            break
    return Weights(share, m, weights.u, weights.held)


def _shares(numbers: NDArray[np.int8], chance: Floats, given: Floats, most: Floats) -> Floats:
    seen = np.bincount(numbers, weights=chance, minlength=len(given))
    return np.asarray(np.minimum((seen + IMAGINED_M * given) / (seen.sum() + IMAGINED_M), most), dtype=float)
