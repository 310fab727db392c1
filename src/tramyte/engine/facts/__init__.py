"""Fact tables: the named, flat tables that indicators and extracts read."""

from tramyte.engine.facts.declaring import Column, FactTable, boolean, date, integer, key, register, text

__all__ = ["Column", "FactTable", "boolean", "date", "integer", "key", "register", "text"]
