"""The indicator of the commune technique catalogue."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from tramyte.engine.indicators import indicator, names
from tramyte.station.techniques.models import StationTechnique


@indicator(
    code="KC04", title="Tỷ lệ thực hiện danh mục kỹ thuật tuyến xã", groups={"site": {}}, subject_type="technique",
    reviewed_on=datetime.date(2026, 11, 21), frequency="quarter",
    source="CT 25-CT/TW; danh mục kỹ thuật theo TT 23/2024/TT-BYT; không có công thức quốc gia",
)
def techniques_performed(tables: Any, periods: Any) -> Any:
    """Techniques that the station performs among those approved for it.

    Denominator: techniques approved for a station or site on or before the day measured and not withdrawn on or
    before it, while the facility exists; a technique approved for two sites counts twice.
    Numerator: of these, performed from that day or earlier and not ended before it (the last day counts).
    Never unknown. Source: reference indicator KC04; there is no national formula.
    """
    import ibis

    held = tables.station_techniques
    found = held.join(periods, [held.approved_on <= periods.day])
    found = found.filter(
        found.withdrawn_on.isnull() | (found.withdrawn_on > found.day), found.open_until.isnull() | (found.open_until >= found.day))
    begun = ibis.coalesce(found.performed_from <= found.day, False)
    ended = ibis.coalesce(found.performed_until < found.day, False)
    return found.select(
        "period", "place", "site", subject=found.id, met=begun & ~ended, due_on=ibis.null("date"),
        reason_on=ibis.ifelse(ended, found.performed_until, found.performed_from),
        reason=ibis.cases(
            (begun & ~ended, "Thực hiện từ {on}"), (ibis.coalesce(found.reason, "") != "", found.reason), (ended, "Ngừng thực hiện từ sau {on}"),
            (found.performed_from.notnull(), "Sẽ thực hiện từ {on}"), else_="Chưa thực hiện, chưa ghi lý do"))


def _names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = StationTechnique.objects.filter(pk__in=ids)
    return dict(found.values_list("pk", "technique__name"))


names.register("technique", _names)
