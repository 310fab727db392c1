"""What becomes of adverse events when two records of one person are merged."""

import datetime

from tramyte.care.adverse_events import actions
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import doses_of, events_of
from tramyte.care.immunization.models import Immunization
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person

ONSET = datetime.date(2026, 6, 1)


def test_an_event_follows_its_person_with_its_doses(cast, dose, child):
    kept, double = child(), child(full_name="Nguyễn Minh Khôi")
    given = dose(double)
    event = actions.record_event(by=cast.nurse, person=double, doses=[given.pk], onset_on=ONSET, signs="fever")
    people.merge_persons(by=cast.director, survivor=kept.pk, lesser=double.pk)
    moved = events_of(Person.objects.get(pk=kept.pk)).get()
    assert moved == event and doses_of(moved)[0].person_id == kept.pk and AdverseEvent.objects.filter(person=double).count() == 0
    again = actions.record_event(by=cast.nurse, id=moved.pk, signs="fever rash")
    assert again.person == kept and Immunization.objects.get(pk=given.pk).reaction == "sốt dưới 39 °C; phát ban, mày đay"
