"""Immunization: which doses count and which is next, by a schedule that is data."""

from tramyte.rules.forecast.child import Child, DoseVerdict, Event, Given, GroupForecast, GroupVerdict, Plan
from tramyte.rules.forecast.forecasting import forecast
from tramyte.rules.forecast.model import Schedule
from tramyte.rules.forecast.reading import BadSchedule, read_schedule
from tramyte.rules.forecast.vietnam import BadParameter, cdsi_rules, default_parameters, versions, vietnam

__all__ = [
    "BadParameter",
    "BadSchedule",
    "Child",
    "DoseVerdict",
    "Event",
    "Given",
    "GroupForecast",
    "GroupVerdict",
    "Plan",
    "Schedule",
    "cdsi_rules",
    "default_parameters",
    "forecast",
    "read_schedule",
    "versions",
    "vietnam",
]
