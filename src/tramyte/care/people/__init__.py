"""Persons, households, residence, identity, insurance: the ground of every book."""
