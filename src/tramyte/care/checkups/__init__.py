"""Yearly check-ups and screenings."""
