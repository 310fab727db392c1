"""Fact tables of immunization: doses with what they were worth, and what comes next."""

from tramyte.engine.facts import FactTable, date, integer, key, register, text

BY = {"immunization.Immunization": "person_id", "immunization.NotGiven": "person_id", "people.Person": "pk"}

register(FactTable(
    name="immunizations", model="immunization.Immunization", subject_type="person", subject="person",
    where={"person__entered_in_error": False}, written_by=BY,
    columns={
        "id": key("pk"), "person": key("person_id"), "vaccine": text("vaccine__code"), "on": date("on"), "dose_number": integer("dose_number"),
        "source": text("source"), "age_days": integer("age_days"), "counts_as": text("counts_as"), "verdict": text("verdict"),
    },
))

register(FactTable(
    name="recommendations", model="immunization.Recommendation", subject_type="person", subject="person",
    where={"person__entered_in_error": False}, written_by=BY,
    columns={
        "id": integer("pk"), "person": key("person_id"), "group": text("group"), "dose": text("dose"), "number": integer("number"), "vaccine": text("vaccine"),
        "earliest": date("earliest"), "due_on": date("due_on"), "in_time_until": date("in_time_until"), "status": text("status"), "reason": text("reason"),
    },
))
