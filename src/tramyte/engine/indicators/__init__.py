"""Indicators: one relation from facts and a period to one row per subject; figures, lists and gaps follow from it."""

from tramyte.engine.indicators.declaring import INDICATORS, Indicator, indicator

__all__ = ["INDICATORS", "Indicator", "indicator"]
