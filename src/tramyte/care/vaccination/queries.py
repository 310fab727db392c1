"""Named reads of vaccination sessions."""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tramyte.care.immunization.models import Recommendation, VaccineLot
from tramyte.care.immunization.queries import usable_lots
from tramyte.care.people.models import Person
from tramyte.care.people.queries import staying
from tramyte.care.vaccination.models import Attendee, Session, SessionDose, SessionHamlet, SessionLot, Vial
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.places.models import Facility, Place
from tramyte.engine.refused import not_found

CARRIED = 120  # days for which somebody who stayed away is carried along
SOON = 62  # days: who is invited to a session within two months is absent no more; one further away leaves the family to be called
MISSED = Q(came=None, outcome="", entered_in_error=False)


def sessions() -> QuerySet[Session]:
    """All sessions that were not entered in error; narrow with `visible`."""
    return Session.objects.filter(entered_in_error=False).select_related("facility", "place")


def session_of(user: User, id: uuid.UUID, permission: str | None = None) -> Session:
    """One session of the user's commune. Raises Refused 404."""
    found = visible(user, sessions(), permission).filter(pk=id).first()
    if found is None:
        raise not_found("buổi tiêm này")
    return found


def pulse_of(id: uuid.UUID) -> int:
    """A number that grows with every change of a session, of its list and of its vials. One small query."""
    held = [Subquery(model.objects.filter(session=id).order_by().values("session").annotate(n=Sum("version")).values("n"), output_field=IntegerField()) for model in (Attendee, Vial)]
    return int(Session.objects.filter(pk=id).values_list(F("version") + Coalesce(held[0], 0) + Coalesce(held[1], 0), flat=True).get())


def hamlets_of(session: Session) -> list[Place]:
    """The hamlets that a session expects, by code."""
    rows = SessionHamlet.objects.filter(session=session, entered_in_error=False).select_related("hamlet").order_by("hamlet__code")
    return [row.hamlet for row in rows]


def people_of(session: Session) -> QuerySet[Attendee]:
    """Everybody on the list of a session, by number, with person and hamlet."""
    return Attendee.objects.filter(session=session, entered_in_error=False).select_related("person__hamlet", "person__household", "person__mother").order_by("number", "pk")


def wanted_on(on: datetime.date, vaccines: Collection[str] = ()) -> QuerySet[Recommendation]:
    """The doses that are due on a day: appointed and allowed by then; of these vaccines, or of all when none is named."""
    rows = Recommendation.objects.filter(due_on__lte=on, earliest__lte=on).exclude(status="contraindicated")
    return rows.filter(vaccine__in=vaccines) if vaccines else rows


def expected(user: User, on: datetime.date, hamlets: Iterable[Place], vaccines: Collection[str], also: Collection[uuid.UUID] = ()) -> QuerySet[Person]:
    """Who stays in these hamlets (or is one of `also`) and is due on a day, by hamlet, household and name."""
    due = wanted_on(on, vaccines).filter(person=OuterRef("pk"))
    rows = visible(user, staying(on).filter(Q(hamlet__in=list(hamlets)) | Q(pk__in=list(also)), Exists(due)))
    return rows.select_related("hamlet", "household").order_by("hamlet__code", "household__number", "search", "pk")


def due_by_hamlet(user: User, on: datetime.date) -> Counter[uuid.UUID]:
    """How many people of each hamlet are due on a day. One query."""
    rows = visible(user, staying(on).filter(Exists(wanted_on(on).filter(person=OuterRef("pk")))))
    return Counter({row["hamlet"]: row["n"] for row in rows.order_by().values("hamlet").annotate(n=Count("pk"))})


def carried(session: Session) -> set[uuid.UUID]:
    """Who was expected in a closed session of this site in the last months and neither came nor was put off."""
    since = session.on - datetime.timedelta(days=CARRIED)
    rows = Attendee.objects.filter(MISSED, session__facility=session.facility_id, session__state=Session.CLOSED, session__on__gte=since, session__on__lt=session.on)
    return set(rows.values_list("person", flat=True))


def absentees(user: User) -> QuerySet[Attendee]:
    """Who stayed away from the last closed session that expected them and has not been expected since; the longest first."""
    later = Attendee.objects.filter(person=OuterRef("person"), entered_in_error=False, session__on__gt=OuterRef("session__on"), session__on__lte=clock.today() + datetime.timedelta(days=SOON)).exclude(session__state=Session.CANCELLED)
    rows = Attendee.objects.filter(MISSED, session__state=Session.CLOSED, session__entered_in_error=False, person__entered_in_error=False, person__died_on=None)
    still = rows.filter(Exists(Recommendation.objects.filter(person=OuterRef("person"), status__in=["due", "overdue"])), ~Exists(later))
    return visible(user, still).select_related("person__hamlet", "person__household", "person__mother", "session").order_by("session__on", "person__hamlet__code", "number")


def doses_due(persons: Collection[uuid.UUID], on: datetime.date, vaccines: Collection[str] = ()) -> dict[uuid.UUID, list[Recommendation]]:
    """Of each of these people the doses due on a day, in the order of the schedule. One query for each 500."""
    found: defaultdict[uuid.UUID, list[Recommendation]] = defaultdict(list)
    keys = list(persons)
    for begin in range(0, len(keys), 500):
        for row in wanted_on(on, vaccines).filter(person__in=keys[begin:begin + 500]).order_by("pk"):
            found[row.person_id].append(row)
    return found


# ---- lots and vials


def lots_for(user: User, session: Session) -> list[VaccineLot]:
    """The lots of the commune that may be given on the day and of which something is left; those of the session's own store first."""
    near = Facility.objects.filter(Q(place=session.place_id) | Q(place__parent=session.place_id))
    rows = visible(user, usable_lots(session.on), "vaccines.view").filter(facility__in=near)
    return sorted(rows, key=lambda lot: (lot.facility_id != session.facility_id, lot.expires_on, lot.pk))


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened vial with what was given of it."""

    vial: Vial
    given: int

    @property
    def left(self) -> int:
        """Doses still in it."""
        return 0 if self.vial.discarded else self.vial.doses - self.given

    @property
    def until(self) -> str:
        """Until when it may be used, in words: the hour; "hết buổi" where its hours reach beyond the day."""
        opened, end = (moment and moment.astimezone(clock.ZONE) for moment in (self.vial.opened, self.vial.usable_until))
        return f"đến {end:%H:%M}" if opened and end and opened.date() == end.date() else "hết buổi"

    def usable(self, now: datetime.datetime) -> bool:
        """Whether a dose may be taken from it now."""
        return self.left > 0 and (self.vial.usable_until is None or now <= self.vial.usable_until)


def lost_by_lot(vials: Iterable[Opened], now: datetime.datetime) -> Counter[uuid.UUID]:
    """Doses of each lot that nobody may be given any more, though the store counts them until the session is closed."""
    lost: Counter[uuid.UUID] = Counter()
    for one in vials:
        if not one.usable(now):
            lost[one.vial.lot_id] += max(0, one.vial.doses - one.given)
    return lost


def vials_of(session: Session) -> list[Opened]:
    """The opened vials of a session in the order of opening. One query."""
    given = Count("given", filter=Q(given__entered_in_error=False, given__immunization__entered_in_error=False))
    rows = Vial.objects.filter(session=session, entered_in_error=False).annotate(taken=given).select_related("lot__product__vaccine").order_by("opened", "pk")
    return [Opened(row, row.taken) for row in rows]


def given_by_lot(session: Session) -> dict[uuid.UUID, int]:
    """How many doses of each lot were given in a session; those entered in error are not counted."""
    rows = SessionDose.objects.filter(attendee__session=session, entered_in_error=False, immunization__entered_in_error=False)
    return dict(rows.order_by().values_list("vial__lot").annotate(n=Count("pk")))


def opened_by_lot(session: Session) -> dict[uuid.UUID, int]:
    """How many doses the opened vials of each lot hold by their labels."""
    rows = Vial.objects.filter(session=session, entered_in_error=False).order_by()
    return dict(rows.values_list("lot").annotate(n=Sum("doses")))


def lots_of(session: Session) -> list[SessionLot]:
    """The lots of a session with product and vaccine."""
    return list(SessionLot.objects.filter(session=session, entered_in_error=False).select_related("lot__product__vaccine", "lot__facility"))


# ---- how a session stands


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people of a session stand where. waiting: came and not done; watched: in the half hour; missed: neither came nor put off."""

    expected: int = 0
    came: int = 0
    waiting: int = 0
    given: int = 0
    watched: int = 0
    deferred: int = 0
    contraindicated: int = 0
    missed: int = 0


def tally_of(people: Sequence[Attendee]) -> Tally:
    """Counted from the list that was read."""
    return Tally(
        sum(1 for one in people if one.origin != "walk_in"), sum(1 for one in people if one.came), sum(1 for one in people if one.came and not one.is_done),
        sum(1 for one in people if one.given), sum(1 for one in people if one.given and not one.left),
        sum(1 for one in people if one.outcome == "deferred"), sum(1 for one in people if one.outcome == "contraindicated"),
        sum(1 for one in people if not one.came and not one.outcome))


def tallies(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Of each of these sessions how many are expected, came, were given, put off, stayed away. One query."""
    rows = Attendee.objects.filter(session__in=list(ids), entered_in_error=False).order_by().values("session").annotate(
        n_expected=Count("pk", filter=~Q(origin="walk_in")), n_came=Count("pk", filter=Q(came__isnull=False)), n_given=Count("given"),
        n_deferred=Count("pk", filter=Q(outcome__in=["deferred", "contraindicated"])), n_missed=Count("pk", filter=MISSED))
    return {row["session"]: {name.removeprefix("n_"): row[name] for name in row if name != "session"} for row in rows}


def next_turn(session: Session) -> int:
    """The number in the order of coming that is free."""
    last = Attendee.objects.filter(session=session).order_by(F("turn").desc(nulls_last=True)).values_list("turn", flat=True).first()
    return (last or 0) + 1


def next_number(session: Session) -> int:
    """The first number that no invitation of the session bears."""
    last = Attendee.objects.filter(session=session).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
