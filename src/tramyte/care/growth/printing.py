"""The growth charts of one child, or of all young children of a household, on A4."""

import datetime
from collections.abc import Sequence

from tramyte.care.growth.charts import OLD, charts_of
from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.words import COLUMNS, line
from tramyte.care.people.columns import shown_address, shown_birth
from tramyte.care.people.models import Person
from tramyte.engine.documents.drawings import Drawing, DrawingPage, render_drawings
from tramyte.engine.places.queries import commune_of, stations_of

MOST = 14  # measurements in the table of a page, the newest
NOTE = (
    "Đường xanh lá: trung vị của chuẩn WHO 2006; cam ±1 SD, đỏ ±2 SD, đen ±3 SD. Chấm xanh: các lần đo; chấm rỗng: số đo khó có thật. Dưới −2 SD: nhẹ cân (CN/T), thấp còi (CC/T), gầy còm (CN/CC). "
    "CN: cân nặng, CC: chiều dài hoặc chiều cao, T: tuổi, VCT: vòng cánh tay.")


def printed_charts(children: Sequence[tuple[Person, Sequence[GrowthMeasurement]]], at: datetime.datetime) -> bytes:
    """A page for each child with its four charts and its newest measurements, as PDF."""
    first = children[0][0]
    commune = commune_of(first.hamlet)
    station = stations_of(commune, at.date()).filter(kind="station").first()
    return render_drawings(
        "Biểu đồ tăng trưởng trẻ em", [_page(person, rows) for person, rows in children], unit=station.name if station else f"Trạm Y tế {commune.name}",
        foot=f"In lúc {at:%H:%M} ngày {at:%d/%m/%Y}. Chuẩn tăng trưởng WHO 2006.", as_of=at)


def _page(person: Person, rows: Sequence[GrowthMeasurement]) -> DrawingPage:
    who = [f"{person.get_sex_display()}, sinh {shown_birth(person)}", shown_address(person.household) if person.household else str(person.hamlet)]
    if person.mother:
        who.append(f"con của {person.mother.full_name}")
    newest = sorted(rows, key=lambda row: row.on)[-MOST:]
    return DrawingPage(
        person.full_name, ["; ".join(who)], [Drawing(chart.title, chart.svg) for chart in charts_of(person, rows, OLD)], COLUMNS, [line(row) for row in newest], NOTE)
