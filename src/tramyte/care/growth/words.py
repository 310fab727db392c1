"""How measurements are said on pages and on paper."""

from collections.abc import Sequence
from typing import Any

from tramyte.care.growth.models import GrowthMeasurement
from tramyte.rules.growth.gaining import WORDS as TRENDS

KINDS = {"severe": "late", "moderate": "due"}
ICONS = {"late": "alert-triangle", "due": "alert-triangle", "ok": "circle-check", "off": "help", "unk": "help"}


def shown(value: Any) -> str:
    """12,5 for a number of a measurement; a dash for none. A true minus sign."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"−{text}" if value < 0 and text != "0" else text


def score(z: Any) -> str:
    """A z-score with two decimals."""
    return "–" if z is None else f"{'−' if z < 0 else ''}{abs(z):.2f}".replace(".", ",")


def state_of(row: GrowthMeasurement) -> dict[str, str]:
    """How a child stands by one measurement, as a chip: kind, icon and words."""
    words = "; ".join([row.words, *([TRENDS[row.trend]] if row.trend in ("flat", "falling") else [])])
    if row.doubtful and row.words in ("", "bình thường") and not row.trend:
        return {"kind": "unk", "icon": "help", "text": "Số đo lạ không xếp loại" + (", số khác bình thường" if row.words else "")}
    lacking = any(band is not None and band < 0 for band in (row.weight_band, row.length_band, row.wasting_band))
    above = row.wasting_band is not None and row.wasting_band > 0
    kind = "late" if row.acute else "due" if lacking or above or row.trend in ("flat", "falling") else "ok" if row.words else "off"
    text = words.strip("; ") or "chưa xếp loại được"
    return {"kind": kind, "icon": ICONS[kind], "text": text[:1].upper() + text[1:]}


def measures(row: GrowthMeasurement) -> str:
    """ "9,8 kg · 77,5 cm nằm · VCT 14,2 cm · phù". """
    parts = []
    if row.weight_kg is not None:
        parts.append(f"{shown(row.weight_kg)} kg")
    if row.height_cm is not None:
        parts.append(f"{shown(row.height_cm)} cm {row.get_position_display()}")
    if row.muac_cm is not None:
        parts.append(f"VCT {shown(row.muac_cm)} cm")
    if row.oedema:
        parts.append("phù")
    return " · ".join(parts)


def verdict(row: GrowthMeasurement) -> str:
    """What a measurement turned out to mean, for whoever has just typed it: "Nguyễn Hà My, 4 tháng: CN/T −0,52; CC/T 0,10. Bình thường. Cân đo lại trước 03/12/2026." """
    scores = [f"{name} {score(z)}" for name, z in (("CN/T", row.z_weight), ("CC/T", row.z_length), ("CN/CC", row.z_wasting)) if z is not None]
    said = ". ".join(filter(None, ("; ".join(scores), state_of(row)["text"])))
    return f"{row.person.full_name}, {row.months} tháng: {said}. Cân đo lại trước ngày {row.due_on:%d/%m/%Y}."


COLUMNS = ("Ngày", "Tuổi", "Cân nặng (kg)", "Chiều dài, cao (cm)", "VCT (cm)", "CN/T", "CC/T", "CN/CC", "Kết luận")


def line(row: GrowthMeasurement) -> list[str]:
    """A measurement as the cells of COLUMNS."""
    height = "–" if row.height_cm is None else f"{shown(row.height_cm)} {row.get_position_display()}"
    return [
        f"{row.on:%d/%m/%Y}", f"{row.months} tháng", shown(row.weight_kg), height, shown(row.muac_cm), score(row.z_weight), score(row.z_length), score(row.z_wasting),
        state_of(row)["text"]]


def table(rows: Sequence[GrowthMeasurement]) -> list[dict[str, Any]]:
    """Measurements as rows of a page's table: the row, its cells under their headings, its state."""
    return [{"row": row, "cells": list(zip(COLUMNS[1:-1], line(row)[1:-1], strict=True)), "state": state_of(row)} for row in rows]
