"""Pregnancy as rules: dating, the three terms and their visits, risks that findings show."""

from tramyte.rules.pregnancy.dating import (
    LONGEST,
    TERM,
    VIABLE,
    Dating,
    Redating,
    date_pregnancy,
    gestation_days,
    limit_of,
    weeks_words,
)
from tramyte.rules.pregnancy.risks import OVERDUE, RISKS, Finding, Risk, risks_of
from tramyte.rules.pregnancy.visits import (
    FOUR_VISITS,
    VISITS,
    Visit,
    enough_visits,
    missing_visits,
    next_visit,
    term_of,
)

__all__ = [
    "FOUR_VISITS", "LONGEST", "OVERDUE", "RISKS", "TERM", "VIABLE", "VISITS", "Dating", "Finding", "Redating", "Risk", "Visit", "date_pregnancy", "enough_visits",
    "gestation_days", "limit_of", "missing_visits", "next_visit", "risks_of", "term_of", "weeks_words",
]
