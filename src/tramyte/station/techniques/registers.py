"""The book of a station's techniques."""

from typing import Any

from tramyte.engine.registers.columns import Column, FieldKey
from tramyte.engine.registers.register import Register
from tramyte.station.techniques import actions
from tramyte.station.techniques.models import StationTechnique


def _in_force() -> dict[str, Any]:
    return {"list__valid_to": None}


class StationTechniqueBook(Register):
    """Danh mục kỹ thuật của trạm: one line is one technique approved for one station or site."""

    slug = "station-techniques"
    title = "Danh mục kỹ thuật của trạm"
    unit = "kỹ thuật"
    model = StationTechnique
    date = "approved_on"
    record, record_many = actions.record_station_technique, actions.record_station_techniques
    cancel, check = actions.cancel_station_technique, actions.check_station_technique
    identity = ("facility", "technique", "approved_on")
    write = load = "techniques.write"
    order = ("facility__code", "technique__code")
    source = "Thông tư 23/2024/TT-BYT (danh mục kỹ thuật); mẫu của trạm, chưa đối chiếu văn bản gốc"
    columns = (
        Column("facility", "Mã cơ sở", by=FieldKey("code", also="name"), filter=True, aliases=("Cơ sở", "Trạm", "Mã trạm")),
        Column("facility.name", "Trạm, điểm trạm", width=1.8, hidden=True),
        Column("technique", "Mã kỹ thuật", by=FieldKey("code", where=_in_force), search=True, aliases=("Mã", "Mã DVKT")),
        Column("technique.name", "Tên kỹ thuật", search=True, width=3.2),
        Column("technique.group", "Nhóm", width=1.6, hidden=True),
        Column("approved_on", "Ngày được phê duyệt"),
        Column("performed_from", "Thực hiện từ ngày", bulk=True),
        Column("performed_until", "Thực hiện đến ngày", bulk=True),
        Column("withdrawn_on", "Ngày thôi phê duyệt", hidden=True, bulk=True),
        Column("reason", "Lý do chưa thực hiện", filter=True, width=2.0, bulk=True),
    )
    example = {
        "facility": "37001", "facility.name": "Trạm Y tế xã", "technique": "TYT.001", "technique.name": "Đo huyết áp", "technique.group": "Khám bệnh",
        "approved_on": "01/07/2025", "performed_from": "01/07/2025", "performed_until": "", "withdrawn_on": "", "reason": "",
    }
