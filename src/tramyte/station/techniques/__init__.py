"""The catalogue of techniques and what the station performs of it."""
