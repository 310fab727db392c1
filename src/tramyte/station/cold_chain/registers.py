"""The books of the cold chain: equipment, readings, times out of range."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column, FieldKey
from tramyte.engine.registers.fields import NumberField, TextField
from tramyte.engine.registers.register import Register
from tramyte.station.cold_chain import actions
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading
from tramyte.station.cold_chain.rule import SOURCE

NOTE = "Cột của sổ do trạm đặt; quy định nhiệt độ chưa đối chiếu văn bản gốc."


def in_use() -> dict[str, Any]:
    """Only equipment that was not entered in error may be named."""
    return {"entered_in_error": False}


class StorageEquipmentBook(Register):
    """Danh sách thiết bị dây chuyền lạnh: one line is one refrigerator, cold box or carrier."""

    slug = "storage-equipment"
    title = "Danh sách thiết bị dây chuyền lạnh"
    unit = "thiết bị"
    model = StorageEquipment
    date = "in_use_from"
    record, record_many, cancel, check = actions.record_equipment, actions.record_equipment_many, actions.cancel_equipment, actions.check_equipment
    identity = ("facility", "code")
    write = load = "vaccines.write"
    order = ("facility__code", "code")
    source = SOURCE
    note = NOTE
    columns = (
        Column("facility", "Mã cơ sở", by=FieldKey("code", also="name"), filter=True, aliases=("Cơ sở", "Trạm", "Mã trạm")),
        Column("facility.name", "Trạm, điểm trạm", width=1.8, hidden=True),
        Column("code", "Mã thiết bị", search=True, aliases=("Mã",)),
        Column("name", "Tên, chỗ đặt", search=True, width=2.4),
        Column("kind", "Loại", filter=True),
        Column("daily", "Theo dõi 2 lần mỗi ngày", help="Tủ giữ vắc xin thường xuyên thì chọn Có; phích, hòm chỉ dùng khi đi tiêm thì chọn Không."),
        Column("in_use_from", "Dùng từ ngày"),
        Column("in_use_until", "Dùng đến hết ngày"),
        Column("note", "Ghi chú", hidden=True, width=1.6, bulk=True),
    )
    example = {
        "facility": "37001", "facility.name": "Trạm Y tế xã", "code": "TL-01", "name": "Tủ lạnh TCW 40, phòng tiêm", "kind": "tủ lạnh", "daily": "Có", "in_use_from": "01/07/2025",
        "in_use_until": "", "note": "nhiệt kế điện tử",
    }

    def address(self, row: Any) -> str:
        """The temperature sheet of the month."""
        return reverse("cold-chain-month", args=[row.pk])


class TemperatureLog(Register):
    """Sổ theo dõi nhiệt độ bảo quản vắc xin: one line is one reading of one thermometer, in the morning or the afternoon."""

    slug = "temperatures"
    title = "Sổ theo dõi nhiệt độ bảo quản vắc xin"
    unit = "lần đọc"
    model = TemperatureReading
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_reading, actions.record_readings, actions.cancel_reading, actions.check_reading
    undo, restored = actions.undo_readings, actions.follow_restored
    identity = ("equipment", "on", "part")
    write = load = "vaccines.write"
    order = ("-on", "-part", "equipment__code")
    source = SOURCE
    note = NOTE
    columns = (
        Column("equipment", "Mã thiết bị", by=FieldKey("code", where=in_use), search=True, filter=True, aliases=("Thiết bị", "Mã tủ")),
        Column("equipment.name", "Tên, chỗ đặt", width=2.0),
        Column("equipment.facility", "Trạm, điểm trạm", width=1.6, hidden=True),
        Column("on", "Ngày"),
        Column("part", "Buổi", filter=True, width=0.6),
        Column("at", "Giờ", field=TextField(required=False, max_length=5), hidden=True, width=0.6),
        Column("celsius", "Nhiệt độ (°C)", field=NumberField(max_digits=4, decimal_places=1), width=0.9, aliases=("Nhiệt độ", "°C")),
        Column("equipment.state", "Ngoài khoảng", read=lambda row: row.get_state_display(), stored="state", width=0.9),
        Column("reader", "Người ghi", search=True, width=1.3),
        Column("confirmed", "Đã đọc lại", help="Chọn Có khi nhiệt độ ngoài khoảng và đã đọc lại nhiệt kế, đúng số này.", hidden=True, width=0.8),
        Column("note", "Ghi chú", width=1.6),
    )
    example = {
        "equipment": "TL-01", "equipment.name": "Tủ lạnh TCW 40, phòng tiêm", "equipment.facility": "Trạm Y tế xã Đồng Vân", "on": "02/06/2026", "part": "sáng", "at": "07:15",
        "celsius": "4,5", "reader": "Lê Thị Lan", "confirmed": "Không", "note": "",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """Of equipment that was not entered in error."""
        return super().base(user).filter(equipment__entered_in_error=False).select_related("equipment__facility")

    def address(self, row: Any) -> str:
        """The temperature sheet of its month."""
        return f"{reverse('cold-chain-month', args=[row.equipment_id])}?thang={row.on:%Y-%m}"


class Excursions(Register):
    """Sổ nhiệt độ ngoài khoảng: one line is one time that equipment was too cold or too warm, and what was done; written on its own page."""

    slug = "excursions"
    title = "Sổ nhiệt độ ngoài khoảng và xử trí"
    unit = "lần"
    model = Excursion
    read_only = True
    date = "on"
    order = ("-on", "-part")
    source = SOURCE
    note = NOTE
    columns = (
        Column("equipment.code", "Mã thiết bị", search=True),
        Column("equipment.name", "Tên, chỗ đặt", width=1.8),
        Column("equipment.facility", "Trạm, điểm trạm", hidden=True, width=1.5),
        Column("on", "Ngày"),
        Column("part", "Buổi", read=lambda row: dict(TemperatureReading.PARTS)[row.part], stored="part", width=0.6),
        Column("celsius", "Nhiệt độ (°C)", width=0.9),
        Column("action", "Đã làm gì", search=True, width=2.6),
        Column("vaccines", "Vắc xin trong thiết bị", filter=True, width=1.8),
        Column("vaccines_note", "Vắc xin, lô, ở đâu", width=2.0, hidden=True),
        Column("acted_on", "Ngày xử trí"),
        Column("acted_by", "Người xử trí", width=1.3, hidden=True),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """Of equipment that was not entered in error."""
        return super().base(user).filter(equipment__entered_in_error=False).select_related("equipment__facility")

    def address(self, row: Any) -> str:
        """Its own page."""
        return reverse("excursion", args=[row.pk])
