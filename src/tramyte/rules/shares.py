"""How sure a share is when few were counted."""

from math import sqrt

Z95 = 1.959963984540054  # 97.5 % of the normal distribution


def wilson(met: int, counted: int) -> tuple[float, float] | None:
    """The 95 % confidence interval of a share as fractions (low, high) from 0 to 1; None when nobody was counted.

    met of counted, 0 <= met <= counted; ValueError otherwise. It never leaves 0 to 1 and is not empty at none or all, which is why
    it suits the few children of a hamlet.
    Source: E. B. Wilson, JASA 1927, 22:209; Brown, Cai and DasGupta, Statistical Science 2001, 16:101.
    """
    if not 0 <= met <= counted:
        raise ValueError(f"{met} of {counted} is no share")
    if not counted:
        return None
    share, square = met / counted, Z95**2
    middle = (share + square / (2 * counted)) / (1 + square / counted)
    half = Z95 * sqrt(share * (1 - share) / counted + square / (4 * counted**2)) / (1 + square / counted)
    return max(0.0, middle - half) if met else 0.0, min(1.0, middle + half) if met < counted else 1.0
