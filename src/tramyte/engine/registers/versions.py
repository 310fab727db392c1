"""Two people changed one row at once: both versions field by field, from which the second one chooses."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tramyte.engine.access.naming import names_of
from tramyte.engine.actions.models import Fact
from tramyte.engine.audit import chain
from tramyte.engine.registers.fields import cleaned, same


@dataclass(frozen=True)
class Compared:
    """One field: `mine` and `theirs` in words, and for a form what gives them again: its `path`, `typed` and `stored`."""

    label: str
    mine: str
    theirs: str
    differs: bool
    path: str = ""
    typed: str = ""
    stored: str = ""


@dataclass(frozen=True)
class Saved:
    """Who saved the stored version, by name (empty when unknown), and when."""

    who: str = ""
    at: datetime.datetime | None = None


def last_saved(row: Fact | None) -> Saved:
    """Who saved the version that is stored now."""
    entry = chain.last_change(row) if row is not None else None
    if entry is None:
        return Saved()
    return Saved(names_of([entry.username])[entry.username], entry.at)


def versions(typed: forms.Form, stored: forms.Form) -> list[Compared]:
    """The visible fields of a form that was sent, beside the same fields of the row as it is stored now."""
    lines = []
    for name, field in typed.fields.items():
        if not isinstance(field.widget, forms.HiddenInput):
            mine, theirs = str(typed.data.get(name, "")), str(stored.get_initial_for_field(stored.fields[name], name) or "")
            lines.append(Compared(str(field.label), _words(field, mine), _words(field, theirs), _differ(field, mine, theirs), name, mine, theirs))
    return lines


def _words(field: forms.Field, text: str) -> str:
    """What a reader calls the value: a choice by its label."""
    return {str(code): str(label) for code, label in getattr(field, "choices", ())}.get(text, text)


def _differ(field: forms.Field, mine: str, theirs: str) -> bool:
    """Whether the two texts are different facts: `5/3/1956` and `05/03/1956` are one."""
    if mine == theirs:
        return False
    try:
        return not same(cleaned(field, mine), cleaned(field, theirs))
    except ValueError:
        return True


def conflict_page(
    request: HttpRequest, *, row: Any, lines: Sequence[Compared], address: str, crumbs: Sequence[tuple[str, str]],
) -> HttpResponse:
    """409: both versions; what is chosen is sent to `address` as a save over the version stored now. crumbs: (address, words)."""
    context = {"row": row, "lines": lines, "address": address, "crumbs": crumbs, "saved": last_saved(row)}
    return render(request, "registers/conflict.html", context, status=409)
