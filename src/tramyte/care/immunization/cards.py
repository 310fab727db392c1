"""What immunization adds to a person's page: doses, what is next, flags for what is due or late."""

import datetime

from django.urls import reverse
from django.utils.http import urlencode

from tramyte.care.immunization.actions.doses import WRITE
from tramyte.care.immunization.forecasting import GROWN
from tramyte.care.immunization.models import Immunization, NotGiven
from tramyte.care.immunization.plans import Line, Plans, plans_of
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.expecting import expecting
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may
from tramyte.rules.calendar import add_months

NAMED = 3


@person_card
def immunization(user: User, person: Person, as_of: datetime.date) -> Card | None:
    """The card of children, pregnant women and whoever has a dose; None for others."""
    if not _concerned(person, as_of):
        return None
    plans = plans_of(person, as_of)
    address = reverse("immunization-card", args=[person.pk])
    add = (new_dose(person), "Ghi mũi tiêm") if person.is_alive and may(user, WRITE) else None
    context = {"plans": plans, "open": [line for line in plans.lines if line.status not in ("complete", "aged_out")], "done": _done(plans), "address": address}
    flags = _flags(plans, address) if person.is_alive else []
    return Card("tiem-chung", "Tiêm chủng", "people/immunization.html", len(plans.doses), context, _events(plans), flags, add=add)


def new_dose(person: Person) -> str:
    """Where a dose of somebody is written."""
    return reverse("register-new", args=["immunizations"]) + "?" + urlencode({"person": person.pk})


def _concerned(person: Person, as_of: datetime.date) -> bool:
    if add_months(person.birth_date, GROWN) > as_of:
        return True
    pregnant = person.sex == "F" and bool(expecting(as_of, [person.pk]))
    return pregnant or Immunization.objects.filter(person=person, entered_in_error=False).exists()


def _done(plans: Plans) -> list[str]:
    return [line.name for line in plans.lines if line.status == "complete"]


def _flags(plans: Plans, address: str) -> list[Flag]:
    if late := plans.late:
        return [Flag("late", "vaccine", f"Quá hạn tiêm {_labels(late)}", f"Tiêm {_labels(late)}", address, "Xem phiếu tiêm", late[0].due_on)]
    if due := plans.due:
        return [Flag("due", "vaccine", f"Đến hạn tiêm {_labels(due)}", f"Tiêm {_labels(due)}", address, "Xem phiếu tiêm", due[0].due_on)]
    if plans.followed and plans.lines:
        coming = plans.coming
        return [Flag("ok", "vaccine", f"Tiêm đủ theo tuổi{f', mũi tới {coming.due_on:%d/%m/%Y}' if coming and coming.due_on else ''}")]
    return []


def _labels(lines: list[Line]) -> str:
    """The next doses by name, one vaccine once, the first three."""
    labels = list(dict.fromkeys(line.label for line in lines))
    more = f" và {len(labels) - NAMED} mũi khác" if len(labels) > NAMED else ""
    return ", ".join(labels[:NAMED]) + more


def _events(plans: Plans) -> list[Event]:
    return [*(_dose(row) for row in plans.doses), *(_missed(row) for row in plans.not_given)]


def _dose(row: Immunization) -> Event:
    number = f" mũi {row.dose_number}" if row.dose_number else ""
    fault = row.verdict_text if row.verdict in ("not_valid", "extraneous") else ""
    words = "; ".join(filter(None, (fault, f"phản ứng: {row.reaction}" if row.reaction else "")))
    return Event(row.on, f"Tiêm {row.vaccine}{number}", words, row.site or str(row.get_source_display()))


def _missed(row: NotGiven) -> Event:
    words = str(row.get_kind_display())
    return Event(row.on, f"{words[:1].upper()}{words[1:]} tiêm chủng", row.reason, f"đến {row.until:%d/%m/%Y}" if row.until else "")
