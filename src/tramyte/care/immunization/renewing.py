"""Keeping what is derived from doses equal to what `rules.forecast` says today: next doses, and what each dose given was worth.

Whoever writes a dose, a refusal, a person, a residence or a pregnancy is followed in the same transaction; many rows at once are
noted and reckoned at the end of the import, or of each part of it (`matching.foresee`); a job reckons everybody once a day, because days pass.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tramyte.care.immunization import courses
from tramyte.care.immunization.forecasting import AT_ONCE, GROWN, Subject, Ways, forget, subjects
from tramyte.care.immunization.models import OPEN, Immunization, Programme, Recommendation, Waiting
from tramyte.care.people.expecting import expecting
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.actions.bulk import hex_of, insert_values, tuples, update_values
from tramyte.engine.facts import following
from tramyte.engine.indicators import storing
from tramyte.engine.jobs.work import Progress, job
from tramyte.rules.calendar import add_months
from tramyte.rules.forecast import DoseVerdict, Plan

# Deliveries are the table that a pregnancy and its end change, newborns the one that tells at what hour somebody was born.
FOLLOWED = frozenset({"immunizations", "recommendations", "residences", "deliveries", "newborns"})
TABLES = {"immunizations", "recommendations"}
ROW = ("group", "dose", "number", "vaccine", "earliest", "due_on", "in_time_until", "status", "reason", "event_on")
WORTH = {"Valid": "valid", "Not Valid": "not_valid", "Extraneous": "extraneous"}
JOB = "renew_recommendations"
Row = tuple[Any, ...]
Judged = tuple[str, str, str]


def follow_facts() -> None:
    """Be told of every writing that may change what comes next."""
    following.follow(following.Follower(FOLLOWED, renew, wait, settle))


def renew(ids: Collection[uuid.UUID], ways: Ways | None = None) -> int:
    """Make the stored rows of these people what the rules say today; answers of how many something changed. Writes only differences."""
    ids = _concerned(ids) if ways is None else list(ids)
    changed, ways = 0, ways or (Ways.on(clock.today()) if ids else None)
    for begin in range(0, len(ids), AT_ONCE):
        changed += _renew(ids[begin:begin + AT_ONCE], ways)
    return changed


def wait(ids: Collection[uuid.UUID]) -> None:
    """Note that these people are to be looked at by the next `settle`; whom it concerns is asked there, of many at once."""
    Waiting.objects.bulk_create([Waiting(person_id=key) for key in ids], batch_size=AT_ONCE, ignore_conflicts=True)


def settle(tell: Callable[[int], None] | None = None) -> int:
    """Reckon whoever waits, some hundred in a transaction; may be run again after any interruption. Answers how many waited."""
    done, ways = 0, None
    while ids := list(Waiting.objects.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        ways = ways or Ways.on(clock.today())
        with transaction.atomic():
            _renew(_concerned(ids), ways)
            Waiting.objects.filter(pk__in=ids).delete()
            storing.mark_stale(TABLES)
        done += len(ids)
        if tell:
            tell(done)
    forget()
    return done


@job(JOB)
def renew_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """Everybody who is followed, because days pass; for the schedule, once a day."""
    ids = everybody(clock.today())
    progress.of(len(ids))
    changed, ways = 0, Ways.on(clock.today())
    for begin in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            changed += (found := _renew(ids[begin:begin + AT_ONCE], ways))
            if found:
                storing.mark_stale(TABLES)
        progress.step(min(begin + AT_ONCE, len(ids)))
    Waiting.objects.filter(pk__in=ids).delete()
    return {"people": len(ids), "changed": changed}


def everybody(as_of: datetime.date) -> list[uuid.UUID]:
    """Whoever may have something stored or to come: children under 16, pregnant women, and who has something stored."""
    listed = Person.objects.filter(_child(as_of) | Q(pk__in=list(expecting(as_of))) | _stored()).order_by("pk")
    return list(listed.values_list("pk", flat=True))


def place_changed(path: str) -> None:
    """After the way a place carries the schedule out has changed: everybody there waits."""
    here = Person.objects.filter(hamlet__path__startswith=path)
    wait(set(here.filter(_child(clock.today()) | _stored() | Q(sex="F", pk__in=list(expecting(clock.today())))).values_list("pk", flat=True)))


def _concerned(ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Of these people those of whom something is or may be stored: one query for grown people."""
    today = clock.today()
    pregnant = expecting(today, ids)
    rows = Person.objects.filter(pk__in=ids).filter(_child(today) | Q(pk__in=list(pregnant)) | _stored())
    return list(rows.values_list("pk", flat=True))


def _child(as_of: datetime.date) -> Q:
    return Q(birth_date__gt=add_months(as_of, -GROWN) - datetime.timedelta(days=3))


def _stored() -> Q:
    return Q(Exists(Recommendation.objects.filter(person=OuterRef("pk")))) | Q(Exists(Immunization.objects.filter(person=OuterRef("pk"))))


def _renew(ids: Sequence[uuid.UUID], ways: Ways | None) -> int:
    assert ways is not None
    found = subjects(ids, ways.as_of, ways)
    plans = {one.key: (one, one.plan(ways.as_of)) for one in found}
    stored: defaultdict[str, list[Row]] = defaultdict(list)
    for person, *row in tuples(Recommendation.objects.filter(person__in=ids).order_by("pk"), "person_id", *ROW):
        stored[hex_of(person)].append(tuple(row))
    wanted = {key: rows_of(one, plan) for key, (one, plan) in plans.items()}
    differ = [key for key in sorted({*stored, *wanted}) if sorted(stored.get(key, [])) != sorted(wanted.get(key, []))] if stored else [key for key, rows in wanted.items() if rows]
    keys = [uuid.UUID(key) for key in differ]
    if stored and keys:
        Recommendation.objects.filter(person__in=keys).delete()
    lay([(uuid.UUID(key), row) for key in differ for row in wanted.get(key, [])])
    judged = [(dose.key, worth) for one, plan in plans.values() for dose, worth in zip(one.doses, judgements(plan), strict=True) if dose.stored != worth]
    _judge(judged)
    courses.keep(ids, plans.values())
    return len(differ) + len(judged)


def rows_of(subject: Subject, plan: Plan) -> list[Row]:
    """The values of the recommendations that a plan makes, in the order of `ROW`; none for who is not followed."""
    if not subject.followed:
        return []
    return [
        (one.group, one.rule.code, one.number, one.rule.product or min(one.rule.products), one.earliest, one.recommended, one.past_due,
         one.status, one.reason, one.event_day)
        for one in plan.groups if one.rule is not None and one.status in OPEN]


def lay(rows: Iterable[tuple[uuid.UUID, Row]]) -> None:
    """Insert recommendations that are not there yet."""
    insert_values(Recommendation, ("person_id", *ROW), [(person, *row) for person, row in rows])


def judgements(plan: Plan) -> list[Judged]:
    """What each dose of a plan was worth, as it is stored: counts_as, verdict, verdict_text."""
    return [judgement(one) for one in plan.doses]


def judgement(dose: DoseVerdict) -> Judged:
    """What a dose was worth, as it is stored."""
    if not dose.groups:
        return "", "", ""
    settled = dict.fromkeys(one.rule.code for one in dose.groups if one.status == "Valid" and one.rule)
    return f" {' '.join(settled)} " if settled else "", WORTH[dose.status], dose.sentence[:200]


def _judge(judged: Sequence[tuple[str, Judged]]) -> None:
    """Store what doses were worth; neither version nor audit: it follows from facts that have both."""
    update_values(Immunization, ("counts_as", "verdict", "verdict_text"), [(uuid.UUID(dose), *worth) for dose, worth in judged])


def programme_of(place: Any) -> Programme | None:
    """How a commune follows immunization; None while nothing was set."""
    return Programme.objects.filter(place=place, entered_in_error=False).first()
