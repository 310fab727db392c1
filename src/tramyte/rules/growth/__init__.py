"""Growth of children: z-scores of the WHO Child Growth Standards (2006) and the WHO Reference 2007, and what a survey finds."""

from tramyte.rules.growth.child import RULES, Score, explain
from tramyte.rules.growth.frames import LETTERS, NUMBERS, score_frame
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
