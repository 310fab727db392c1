"""Fact tables of immunization: doses with what they were worth, what comes next, and each child's course in one row."""

from tramyte.care.immunization.catalogue import vaccine_id
from tramyte.care.immunization.courses import DOSES
from tramyte.engine.facts import FactTable, date, integer, key, register, text
from tramyte.engine.facts.expressions import DayAfter, YearAfter

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

register(FactTable(
    name="courses", model="immunization.Course", subject_type="person", subject="person", where={"person__entered_in_error": False},
    written_by={**BY, "maternal.Newborn": "child_id"},
    columns={
        "person": key("person_id"), **{name: date(name) for name in DOSES}, "birth_dose": text("birth_dose"), "full_on": date("full_on"), "late_on": date("late_on"),
        "lacks": text("lacks"), **{f"turns{age}": date(YearAfter("person__birth_date", age)) for age in (1, 2, 3)},
    },
))

register(FactTable(
    name="school_reviews", model="immunization.SchoolReview", subject_type="person", subject="person", where={"person__entered_in_error": False},
    written_by={"immunization.SchoolReview": "person_id", "people.Person": "pk"},
    columns={
        "id": key("pk"), "person": key("person_id"), "school_year": integer("school_year"), "level": text("level"), "on": date("on"), "result": text("result"),
        "missing": text("missing"),
    },
))

# Doses against tetanus that women were given as such and that count; a dose protects from two weeks on, and after so many of them for so many years.
register(FactTable(
    name="tetanus", model="immunization.Immunization", subject_type="person", subject="person", written_by=BY,
    where={"person__entered_in_error": False, "person__sex": "F", "vaccine__in": [vaccine_id("UV"), vaccine_id("TD")], "verdict__in": ["valid", "extraneous"]},
    columns={
        "id": key("pk"), "person": key("person_id"), "on": date("on"), "works_from": date(DayAfter("on", 14)),
        **{f"until{years}": date(YearAfter("on", years)) for years in (3, 5, 10)},
    },
))
