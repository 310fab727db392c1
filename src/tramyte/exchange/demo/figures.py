"""The figures that the invented commune follows, rounded, each with its source."""

from itertools import pairwise

# Persons per thousand by five-year age group, (male, female), from 0-4 to 85 and over. Source: United Nations, World
# Population Prospects 2019, Viet Nam, fitted to the sex totals and the shares 23.3 / 67.4 / 9.3 % of the 2024 census.
PYRAMID: tuple[tuple[float, float], ...] = (
    (40.2, 36.8),
    (42.0, 37.8),
    (40.1, 36.1),
    (35.7, 32.6),
    (33.0, 31.3),
    (36.0, 34.7),
    (42.2, 41.2),
    (40.8, 40.1),
    (37.2, 37.1),
    (33.6, 34.0),
    (30.5, 31.4),
    (26.5, 28.3),
    (22.2, 25.2),
    (16.7, 20.6),
    (10.0, 13.9),
    (4.9, 8.1),
    (3.0, 5.6),
    (3.1, 7.2),
)

# Persons per household, census 2019 and mid-term census 2024 (3.59).
HOUSEHOLD_SIZE = 3.6

# Ever a spouse at home, by age: men of that age with a wife in the household. Chosen so that households come out.
MARRIED_MEN: tuple[tuple[int, float], ...] = (
    (22, 0.0),
    (25, 0.30),
    (30, 0.62),
    (40, 0.86),
    (75, 0.92),
    (200, 0.80),
)

# Deaths and moves per person and year. Crude death rate 6.6 per thousand: World Population Prospects 2024, Viet Nam
# 2023. Moves: assumption for a commune that young people leave for work.
DEATHS_A_YEAR = 0.0066
DEPARTURES_A_YEAR = 0.010
ARRIVED_SHARE = 0.045
TEMPORARY_SHARE = 0.035
TWO_HOMES_SHARE = 0.015
ABSENT_SHARE = 0.025

# Age at death: weights of five-year groups from 0-4 to 85 and over, by the mortality of World Population Prospects
# 2024 on the pyramid above.
DEATH_AGES = (40, 4, 3, 6, 8, 9, 11, 13, 16, 19, 27, 33, 47, 54, 58, 65, 85, 200)

# Ethnic groups by household, per thousand: a commune of the Red River delta beside Mường villages (assumption; codes
# of Quyết định 121-TCTK/PPCĐ 1979).
ETHNIC_GROUPS = (("01", 962), ("06", 30), ("02", 3), ("03", 3), ("07", 2))

# Insurance groups: prefix of the card, benefit level, and who (Quyết định 1351/QĐ-BHXH 2015).
BENEFIT_LEVEL = {"TE": 1, "HT": 3, "BT": 2, "HN": 2, "CN": 3, "CC": 1}

# Share of people with a valid card by months before the as-of day: rising to 94 % (Viet Nam, end of 2024: 94.2 %).
INSURED = ((-66, 0.885), (-12, 0.912), (-5, 0.924), (0, 0.945))

# How far into the queue of people a health record is opened and regularly updated, by months before the as-of day
# (assumption); with the check-ups, which update a record too, about 80 % were updated in the last twelve months.
RECORD_UPDATED = ((-66, 0.10), (-36, 0.26), (-12, 0.40), (0, 0.59))
RECORD_OPENED = ((-66, 0.55), (-36, 0.72), (-12, 0.875), (0, 0.92))

# Share of people examined in a calendar year, by years before the as-of year; and its course through a year, the
# share of the year's check-ups that fall in each month (campaigns before summer, schools in autumn). Assumption.
EXAMINED = {0: 0.65, 1: 0.60, 2: 0.56, 3: 0.51, 4: 0.46, 5: 0.40}
CHECKUP_MONTHS = (6, 5, 13, 20, 22, 7, 3, 4, 7, 6, 5, 2)


def on_curve(curve: tuple[tuple[int, float], ...], month: float) -> float:
    """The value of a curve at a month before (negative) the as-of day: straight between its points, level outside."""
    if month <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if month <= right:
            return low + (high - low) * (month - left) / (right - left)
    return curve[-1][1]


def shares(total: int, weights: tuple[float, ...] | list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(x) for x in exact]
    rest = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in rest[: total - sum(counts)]:
        counts[i] += 1
    return counts
