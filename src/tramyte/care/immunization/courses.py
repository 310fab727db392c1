"""Keeping each child's `Course` equal to what `rules.forecast` says of the doses; called by `renewing`."""

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tramyte.care.immunization.forecasting import GROWN, Subject
from tramyte.care.immunization.full import full_set
from tramyte.care.immunization.models import Course
from tramyte.care.immunization.queries import LATEST
from tramyte.engine.actions.bulk import hex_of, insert_values, tuples
from tramyte.rules.calendar import add_months
from tramyte.rules.forecast import Plan, vietnam
from tramyte.rules.forecast.durations import add
from tramyte.rules.forecast.model import DoseRule

# Each column with the group of the schedule and the code of its dose there.
DOSES = {
    "hepb0": ("HEPB0", "HEPB0"), "bcg": ("BCG", "BCG"),
    "dpt1": ("DTP", "DPT-VGB-HIB1"), "dpt2": ("DTP", "DPT-VGB-HIB2"), "dpt3": ("DTP", "DPT-VGB-HIB3"), "opv1": ("OPV", "OPV1"), "opv2": ("OPV", "OPV2"), "opv3": ("OPV", "OPV3"),
    "ipv1": ("IPV", "IPV1"), "ipv2": ("IPV", "IPV2"), "measles1": ("MEASLES", "MEASLES1"), "mr": ("MEASLES", "MR"), "dpt4": ("DTP", "DPT4"),
    "je1": ("JE", "JE1"), "je2": ("JE", "JE2"), "je3": ("JE", "JE3"),
}
COLUMNS = (*DOSES, "birth_dose", "full_on", "late_on", "lacks")
# What a dose of the full set is called where several are named, and its number there.
NAMES = {
    "BCG": ("BCG", 0), "DPT-VGB-HIB1": ("DPT-VGB-Hib", 1), "DPT-VGB-HIB2": ("DPT-VGB-Hib", 2), "DPT-VGB-HIB3": ("DPT-VGB-Hib", 3), "OPV1": ("OPV", 1), "OPV2": ("OPV", 2),
    "OPV3": ("OPV", 3), "IPV1": ("IPV", 1), "IPV2": ("IPV", 2), "MEASLES1": ("sởi", 1),
}
BIRTH = {"Birth dose: late": "late", "Birth dose: hours unknown": "unsure"}
BASIC = ("BCG", "DTP", "HEPB", "HIB", "OPV", "IPV", "MEASLES")
Row = tuple[Any, ...]
Settled = Mapping[tuple[str, str], datetime.date]


def _groups_of() -> dict[str, tuple[str, ...]]:
    """Each code of the basic groups with the groups that know it: a dose of five antigens settles three."""
    found: dict[str, tuple[str, ...]] = {}
    groups = vietnam(LATEST).groups
    for group in BASIC:
        for rule in groups[group].series[0].doses:
            found[rule.code] = (*found.get(rule.code, ()), group)
    return found


GROUPS_OF = _groups_of()


def keep(ids: Collection[uuid.UUID], found: Iterable[tuple[Subject, Plan]]) -> None:
    """Make the stored courses of these people what their plans say; writes only differences. One query when nothing differs."""
    stored = {hex_of(key): tuple(row) for key, *row in tuples(Course.objects.filter(person__in=ids), "person_id", *COLUMNS)}
    wanted = {one.key: row for one, plan in found if (row := course_of(one, plan)) is not None}
    differ = [key for key in {*stored, *wanted} if stored.get(key) != wanted.get(key)]
    if gone := [uuid.UUID(key) for key in differ if key in stored]:
        Course.objects.filter(person__in=gone).delete()
    lay((uuid.UUID(key), wanted[key]) for key in sorted(differ) if key in wanted)


def lay(rows: Iterable[tuple[uuid.UUID, Row]]) -> None:
    """Insert courses that are not there yet."""
    insert_values(Course, ("person_id", *COLUMNS), [(person, *row) for person, row in rows])


def course_of(subject: Subject, plan: Plan) -> Row | None:
    """A child's course in the order of `COLUMNS`; None for who is no child that is followed and has none of these doses."""
    settled, birth = _settled(subject, plan)
    days = [settled.get(dose) for dose in DOSES.values()]
    if not any(days) and not (subject.followed and add_months(subject.child.born, GROWN) > plan.as_of):
        return None
    wanted = full_set(min(add_months(subject.child.born, 12), plan.as_of)).doses
    missing = [code for code in wanted if any((group, code) not in settled for group in GROUPS_OF[code])]
    full_on = None if missing else max(settled[(group, code)] for code in wanted for group in GROUPS_OF[code])
    return (*days, birth, full_on, _late_on(subject, wanted, settled), _words(missing))


def _settled(subject: Subject, plan: Plan) -> tuple[dict[tuple[str, str], datetime.date], str]:
    """The day on which each dose was settled, by group and code; and what the birth dose was worth."""
    settled: dict[tuple[str, str], datetime.date] = {}
    birth = ""
    for dose in sorted(plan.doses, key=lambda one: one.given.day):
        for one in dose.groups:
            if one.status != "Valid" or one.rule is None:
                continue
            settled.setdefault((one.group, one.rule.code), dose.given.day)
            if one.rule.hours and not birth:
                birth = BIRTH.get(one.reason) or ("clock" if dose.given.at and subject.child.born_at else "day")
    third = settled.get(("DTP", "DPT-VGB-HIB3"))
    # Three doses with injected polio in them leave no dose of IPV to be given: it counts from the third of them on.
    if third and ("IPV", "IPV2") not in settled and any(one.group == "IPV" and one.status == "complete" for one in plan.groups):
        settled[("IPV", "IPV2")] = third
        settled.setdefault(("IPV", "IPV1"), third)
    return settled, birth


def _late_on(subject: Subject, wanted: Sequence[str], settled: Settled) -> datetime.date | None:
    """The first day on which a dose of the set was, is or will be late; None when each was given in time."""
    found, groups = [], {group for code in wanted for group in GROUPS_OF[code]}
    for group in groups:
        previous = None
        for rule in subject.schedule.groups[group].series[0].doses:
            if rule.code not in wanted:
                break
            day, last = settled.get((group, rule.code)), _last_day(subject.child.born.toordinal(), rule, previous)
            if day is None or day.toordinal() > last:
                found.append(last + 1)
                break
            previous = day.toordinal()
    return datetime.date.fromordinal(min(found)) if found else None


def _last_day(born: int, rule: DoseRule, previous: int | None) -> int:
    """The last day in time of a dose, as ordinal: by its latest age, else so long after the day recommended after the dose before."""
    if rule.rec_latest:
        return add(born, rule.rec_latest) - 1
    recommended = add(born, rule.rec_earliest) if rule.rec_earliest else born
    for interval in rule.intervals if previous is not None else ():
        recommended = max(recommended, add(previous or 0, interval.least)) if interval.least else recommended
    return (add(recommended, rule.rec_after) if rule.rec_after else recommended + 1) - 1


def _words(missing: Sequence[str]) -> str:
    """What is missing, shortly: "BCG, DPT-VGB-Hib 2, 3, sởi 1"."""
    told, before = [], ""
    for code in missing:
        name, number = NAMES.get(code, (code, 0))
        told.append(str(number) if name == before else f"{name} {number}" if number else name)
        before = name
    return ", ".join(told)[:120]
