"""What the tests of sessions do again and again."""

import datetime

from tramyte.care.immunization.models import VaccineLot
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.models import Attendee, Session
from tramyte.care.vaccination.queries import given_by_lot, lots_of, opened_by_lot
from tramyte.engine import clock

DAY = datetime.date(2026, 6, 3)


def at(session: Session, name: str) -> Attendee:
    """The line of somebody in a session."""
    return Attendee.objects.get(session=session, person__full_name=name, entered_in_error=False)


def doses_of(*codes: str) -> list[actions.Dose]:
    """A dose of the first lot of each vaccine."""
    return [actions.Dose(code, VaccineLot.objects.filter(product__vaccine__code=code, entered_in_error=False).order_by("expires_on").first().pk) for code in codes]


def counted(session: Session) -> dict:
    """The counts that balance."""
    opened, given = opened_by_lot(session), given_by_lot(session)
    return {one.lot_id: actions.Count(one.received, opened.get(one.lot_id, 0), opened.get(one.lot_id, 0) - given.get(one.lot_id, 0)) for one in lots_of(session)}


def let_time_pass(session: Session, minutes: int = 31) -> None:
    """What was given was given so many minutes earlier."""
    for row in Attendee.objects.filter(session=session, given__isnull=False):
        Attendee.objects.filter(pk=row.pk).update(given=clock.now() - datetime.timedelta(minutes=minutes))
