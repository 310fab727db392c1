"""The temperature sheet of a month on one A4 page: the curve, a line for each day, who signs."""

import datetime

from tramyte.engine.documents.book import Signature
from tramyte.engine.documents.form import Blank, Figure, Line, Remark, Section, Table, render_form
from tramyte.station.cold_chain.models import TemperatureReading
from tramyte.station.cold_chain.months import Day, Month
from tramyte.station.cold_chain.rule import range_words

COLUMNS = ("Ngày", "Sáng: giờ", "Sáng: °C", "Chiều: giờ", "Chiều: °C", "Người ghi", "Ghi chú, xử trí")
WIDTHS = (0.55, 0.75, 0.75, 0.75, 0.8, 2.1, 4.2)
SIZE = 8.5


def printed_month(month: Month, at: datetime.datetime) -> bytes:
    """The sheet as PDF, as it stands at a moment."""
    equipment, rule = month.equipment, month.rule
    doubt = "" if rule.verified else " (chưa đối chiếu văn bản gốc)"
    sections = [
        Section("", [
            Line((Blank("Thiết bị", str(equipment), 2.2), Blank("Loại", str(equipment.get_kind_display()), 1))),
            Line((Blank("Khoảng cho phép", range_words(rule), 1), Blank("Đã đọc", f"{len(month.rows)} lần, {month.span}", 1.2))),
            Line((Blank("Thiếu", f"{month.absent} lần", 1), Blank("Ngoài khoảng", f"{len(month.outside)} lần", 1.2))),
            Figure(month.svg, month.said),
            Table(COLUMNS, tuple(_line(day) for day in month.days), WIDTHS, SIZE),
            Remark(f"Dấu * là nhiệt độ ngoài khoảng. Ghi ngày hai lần, kể cả ngày nghỉ, ngày lễ. Căn cứ: {rule.source}{doubt}."),
        ])]
    return render_form(
        "SỔ THEO DÕI NHIỆT ĐỘ BẢO QUẢN VẮC XIN", sections, unit=str(equipment.facility), subtitle=f"Tháng {month.first.month} năm {month.first.year}",
        foot=f"In lúc {at:%H:%M} ngày {at:%d/%m/%Y}.", signature=Signature((("Người theo dõi", ""), ("Trưởng trạm", ""))), as_of=at)


def _line(day: Day) -> tuple[str, ...]:
    cells = [text for part, row in day.rows for text in _told(part, row, day)]
    return (str(day.on.day), *cells, day.readers, "; ".join(day.notes))


def _told(part: str, row: TemperatureReading | None, day: Day) -> tuple[str, str]:
    """Hour and temperature; a missing reading is said, a part that has not come stays empty."""
    if row is None:
        return ("", "thiếu" if part in day.missing else "")
    return (row.at, f"{row.celsius:.1f}{'*' if row.state else ''}".replace(".", ",").replace("-", "−"))
