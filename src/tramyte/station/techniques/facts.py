"""Fact tables about techniques of the station."""

from django.db.models import F, TextField
from django.db.models.functions import Coalesce

from tramyte.engine.facts import FactTable, date, key, register, text

register(FactTable(
    name="station_techniques", model="techniques.StationTechnique", subject_type="technique", subject="pk",
    where={"facility__entered_in_error": False, "technique__entered_in_error": False},
    written_by={"techniques.StationTechnique": "pk"}, shows=("places.Place", "places.Facility", "techniques.Technique"),
    columns={
        "id": key("pk"), "technique": key("technique_id"), "code": text("technique__code"), "group": text("technique__group"),
        "site": text("facility__code"), "place": text("facility__place__code"), "place_name": text("facility__place__name"),
        "commune": text(Coalesce(F("facility__parent__place__code"), F("facility__place__code"), output_field=TextField())),
        "open_until": date("facility__valid_to"), "approved_on": date("approved_on"), "withdrawn_on": date("withdrawn_on"),
        "performed_from": date("performed_from"), "performed_until": date("performed_until"), "reason": text("reason"),
    },
))
