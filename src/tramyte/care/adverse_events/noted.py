"""A reaction noted with a dose (at the end of the watch, in the form of a dose) becomes an event, which is from then on what says it.

Only of the station's doses of the last 30 days: what was copied from old books stays the words of those books.
"""

import datetime
import uuid
from collections.abc import Collection

from tramyte.care.adverse_events import signs
from tramyte.care.adverse_events.actions import SEVERE, WRITE, show_on_dose, shown_words
from tramyte.care.adverse_events.models import AdverseEvent, SuspectDose
from tramyte.care.adverse_events.queries import RECENT, present
from tramyte.care.immunization.models import Immunization
from tramyte.care.immunization.models.doses import STATION
from tramyte.engine import clock
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.writing import store
from tramyte.engine.facts import following


def follow_doses() -> None:
    """Be told of every single dose that is written."""
    following.follow(following.Follower(frozenset({"immunizations"}), take_over, lambda ids: None, lambda: None))


def take_over(ids: Collection[uuid.UUID]) -> int:
    """Make an event of what was noted with recent doses of these people and is in none yet; answers how many doses differed.

    Several doses of a day with the same words are one event. Where an event is there, it is what counts: one that nobody has touched since
    it was made of a dose follows the dose, any other puts the dose right. One query when there is nothing.
    """
    since = clock.today() - datetime.timedelta(days=RECENT)
    rows = Immunization.objects.filter(person__in=ids, on__gte=since, source=STATION, entered_in_error=False)
    rows = rows.exclude(reaction="", suspected=None).select_related("person").prefetch_related("suspected__event").distinct()
    changed = 0
    for dose in rows.order_by("on", "pk"):
        tied = [link.event for link in dose.suspected.all() if not link.entered_in_error and not link.event.entered_in_error]
        if dose.reaction != shown_words(sorted(tied, key=lambda event: (event.onset_on, event.pk))):
            _settle(dose, tied)
            changed += 1
    return changed


def _settle(dose: Immunization, tied: list[AdverseEvent]) -> None:
    """Bring a dose and what is tied to it together."""
    if not tied:
        event = AdverseEvent.objects.filter(person=dose.person, onset_on=dose.on, entered_in_error=False).first() or _event(dose)
        store(SuspectDose(event=event, immunization=dose), by=operator(), permission=WRITE, action="tie_dose")
    elif len(tied) == 1 and tied[0].from_dose and dose.reaction:
        before = tied[0].plain()
        _say(tied[0], dose.reaction)
        store(tied[0], by=operator(), permission=WRITE, action="record_reaction", before=before, note="theo mũi tiêm")
    show_on_dose(dose, by=operator())


def _event(dose: Immunization) -> AdverseEvent:
    event = AdverseEvent(
        person=dose.person, onset_on=dose.on, discovered_at=present(), follow_up_on=clock.today() + datetime.timedelta(days=1), from_dose=True, writer=dose.performer)
    _say(event, dose.reaction)
    return store(event, by=operator(), permission=WRITE, action="record_reaction", note="chép từ mũi tiêm")


def _say(event: AdverseEvent, words: str) -> None:
    """Have an event say what was noted; words that call it severe begin the hours in which it is to be reported, and no others end them."""
    event.signs, event.signs_text = signs.read(words.removesuffix(SEVERE), signs.SIGNS)
    if not event.severe and signs.sounds_severe(words):
        event.severe, event.severe_for, event.follow_up_on = True, signs.joined(["other"], signs.SEVERE), clock.today()
