"""Reporting duties as dated periods, and the reports written for them."""
