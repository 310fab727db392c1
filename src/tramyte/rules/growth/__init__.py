"""Growth of children: z-scores of the WHO Child Growth Standards (2006) and the WHO Reference 2007, and what a survey finds."""

from typing import TYPE_CHECKING, Any

from tramyte.rules.growth.child import RULES, Score, explain
from tramyte.rules.growth.scores import (
    DAYS_PER_MONTH,
    INDICATORS,
    Indicator,
    Standard,
    lms_z,
    who2006,
    who2007,
)
from tramyte.rules.growth.survey import Design, age_groups, prevalence

if TYPE_CHECKING:
    from tramyte.rules.growth.frames import LETTERS, NUMBERS, score_frame

__all__ = [
    "DAYS_PER_MONTH",
    "INDICATORS",
    "LETTERS",
    "NUMBERS",
    "RULES",
    "Design",
    "Indicator",
    "Score",
    "Standard",
    "age_groups",
    "explain",
    "lms_z",
    "prevalence",
    "score_frame",
    "who2006",
    "who2007",
]


def __getattr__(name: str) -> Any:
    """What works on frames is loaded when it is asked for: polars is heavy, and one child needs none of it."""
    if name in {"LETTERS", "NUMBERS", "score_frame"}:
        from tramyte.rules.growth import frames

        return getattr(frames, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
