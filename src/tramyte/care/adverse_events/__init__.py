"""Adverse events following immunization: what happened after which doses, how bad it was, what was done and who was told."""
