"""Registers (sổ): one declaration gives list, form, import, export, print, JSON and history."""
