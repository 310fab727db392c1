"""Figures in the words of a report: a mark {{KEY.PART}} stands for a part of a reference, never for a typed number.

A reference is a mapping:
  kind ("indicator" or "list"), title, source (a sentence: which list, as of when, which definition), list (what the list
  is called), url (the page of the list), as_of and computed_at (ISO), parts {PART: text as printed};
  of an indicator also indicator, place, place_name, period, numerator, denominator, unknown, value, unit,
  definition_version, group (a hamlet's code or ""). `gone`: true when a refresh no longer finds it.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tramyte.engine.indicators import Indicator
from tramyte.engine.indicators.figures import Figure
from tramyte.governance.targets.words import number, subject_of

MARK = re.compile(r"\{\{([\w@.\-]+)\.(\w+)\}\}")
TABLE = re.compile(r"\{\{table:(\w+)\}\}")
_ANY_MARK = re.compile(r"\{\{[^{}]*\}\}")
_TYPED = re.compile(r"\d[\d.,/]*\d|\d")

Reference = dict[str, Any]
References = Mapping[str, Reference]


@dataclass(frozen=True)
class Shown:
    """A figure at its place in a text: the mark's key and part, the words printed, and the reference."""

    key: str
    part: str
    text: str
    reference: Reference

    @property
    def mark(self) -> str:
        """KEY.PART."""
        return f"{self.key}.{self.part}"


Piece = str | Shown


def percent(value: float | None, unit: str) -> str:
    """A share as documents print it: "96,2%" (no space, unlike the screen); "–" when there is none."""
    if value is None:
        return "–"
    return f"{number(value, 1)}{unit}" if unit in ("%", "‰") else f"{number(value, 1)} {unit}".strip()


def of_indicator(figure: Figure, one: Indicator, place_name: str, url: str) -> Reference:
    """The reference of an indicator's figure for a place, or for a hamlet of it."""
    where = figure.group_name or place_name
    listed = subject_of(one.code).missing
    version = figure.definition_version
    within = f"{place_name}, chia theo thôn" if figure.group else place_name
    return {
        "kind": "indicator", "title": one.title, "list": listed, "url": url, "as_of": figure.as_of.isoformat(),
        "source": f"Chỉ tiêu {one.code} - {one.title}, {within}, tính đến {figure.as_of:%d/%m/%Y}; danh sách {listed}; cách tính bản {version}",
        "computed_at": figure.computed_at.isoformat() if figure.computed_at else "", "indicator": one.code, "place": figure.place,
        "place_name": where, "period": figure.period, "numerator": figure.numerator, "denominator": figure.denominator,
        "unknown": figure.unknown, "value": figure.value, "unit": one.unit, "definition_version": version, "group": figure.group,
        "parts": {
            "value": percent(figure.value, one.unit), "numerator": number(figure.numerator), "denominator": number(figure.denominator),
            "missing": number(figure.missing), "place": where,
        },
    }


def of_list(title: str, url: str, as_of: datetime.date, computed_at: datetime.datetime, **counts: int) -> Reference:
    """The reference of counts of a list that is no indicator: tasks, directives, targets."""
    return {
        "kind": "list", "title": title, "list": title, "url": url, "as_of": as_of.isoformat(), "computed_at": computed_at.isoformat(),
        "source": f"{title}, tính đến {as_of:%d/%m/%Y}", "counts": counts, "parts": {name: number(count) for name, count in counts.items()},
    }


def pieces(text: str, figures: References) -> Iterator[Piece]:
    """A text as words and figures in order. A mark that no reference answers stays as it is written."""
    end = 0
    for found in MARK.finditer(text):
        reference = figures.get(found[1])
        if reference is None or found[2] not in reference["parts"]:
            continue
        if found.start() > end:
            yield text[end:found.start()]
        yield Shown(found[1], found[2], reference["parts"][found[2]], reference)
        end = found.end()
    if end < len(text):
        yield text[end:]


def plain(text: str, figures: References) -> str:
    """A text with its figures as printed."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces(text, figures))


def marks_of(text: str) -> set[str]:
    """The keys that a text uses."""
    return {found[1] for found in MARK.finditer(text)}


def cells_of(table: Mapping[str, Any]) -> list[str]:
    """All cells of a table, those of its total row last."""
    return [cell for row in (*table["rows"], table.get("total") or []) for cell in row]


def unknown_marks(text: str, figures: References, tables: Mapping[str, Any]) -> list[str]:
    """Marks in double braces that stand for nothing in this report."""
    bad = []
    for found in _ANY_MARK.finditer(text):
        mark, table = MARK.fullmatch(found[0]), TABLE.fullmatch(found[0])
        if table and table[1] in tables:
            continue
        if not (mark and mark[1] in figures and mark[2] in figures[mark[1]]["parts"]):
            bad.append(found[0])
    return bad


def typed_numbers(text: str, drafted: str) -> list[str]:
    """Numbers that a person typed: in the text outside its marks, and not among the plain numbers that were drafted."""
    there = set(_TYPED.findall(_ANY_MARK.sub(" ", drafted)))
    found = [one for one in _TYPED.findall(_ANY_MARK.sub(" ", text)) if one not in there]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Difference:
    """A figure that is no longer what the report says."""

    title: str
    then: str
    now: str
    url: str


def differences(then: References, now: References) -> list[Difference]:
    """The figures of a report that differ from those of a later moment, compared as printed, the indicator's counts first.

    What has come since, as a dose of a vaccine that was not in the report, and what has gone, are differences too.
    """
    found = [_alone(one, come=True) for key, one in now.items() if key not in then and _counts(one)]
    for key, old in then.items():
        new = now.get(key)
        if new is None and not old.get("gone") and _counts(old):
            found.append(_alone(old, come=False))
        if new is None or old["parts"] == new["parts"]:
            continue
        part = next(part for part in old["parts"] if old["parts"][part] != new["parts"].get(part))
        shown = [_counted(one) if old["kind"] == "indicator" else one["parts"].get(part, "–") for one in (old, new)]
        if shown[0] == shown[1]:
            shown = [one["parts"].get(part, "–") for one in (old, new)]
        where = f", {old['place_name']}" if old.get("group") else ""
        found.append(Difference(f"{old['title']}{where}", shown[0], shown[1], old["url"]))
    return found


def _counts(reference: Reference) -> bool:
    """Whether a reference says more than nought."""
    return any(part not in ("0", "–") for part in reference["parts"].values()) and not reference.get("group")


def _alone(reference: Reference, *, come: bool) -> Difference:
    """A figure on one side only."""
    parts = reference["parts"]
    said = _counted(reference) if reference["kind"] == "indicator" else parts.get("given") or next((one for one in parts.values() if one not in ("0", "–")), "–")
    return Difference(reference["title"], *(("–", said) if come else (said, "–")), "" if come else reference["url"])


def _counted(reference: Reference) -> str:
    return f"{reference['parts']['numerator']}/{reference['parts']['denominator']}"
