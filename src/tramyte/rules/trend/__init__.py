"""Where an indicator will stand at its deadline, and what that means for its target."""

from tramyte.rules.trend.judgement import State, judge, meets
from tramyte.rules.trend.projection import FEWEST_MONTHS, Projection, project

__all__ = ["FEWEST_MONTHS", "Projection", "State", "judge", "meets", "project"]
