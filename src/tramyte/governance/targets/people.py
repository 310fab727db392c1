"""The rows of a worklist: each subject still missing, with what a person needs to go and do the work."""

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.indicators.models import Outcome
from tramyte.engine.indicators.names import names
from tramyte.engine.places.models import Facility, Place

CHUNK = 5000
_DATED = re.compile(r"\s*\d{2}/\d{2}/\d{4}$")


@dataclass(frozen=True)
class Entry:
    """One subject of a worklist; `person` is None where the subject is a thing, such as a technique."""

    subject: uuid.UUID
    name: str
    place: Place
    reason: str
    due_on: date | None
    person: Person | None = None
    site: str = ""

    @property
    def where(self) -> str:
        """The hamlet of a person, the station or site of a thing."""
        return self.site or str(self.place)

    @property
    def born(self) -> str:
        """The birth date as precisely as it is known."""
        if self.person is None:
            return ""
        shapes = {"day": "%d/%m/%Y", "month": "%m/%Y", "year": "%Y"}
        return self.person.birth_date.strftime(shapes[self.person.birth_precision])

    @property
    def household(self) -> str:
        """The number of the household, or an empty text."""
        return self.person.household.number if self.person and self.person.household else ""


def stem(reason: str) -> str:
    """A reason without the date at its end: "Thẻ hết hạn 02/03/2026" is of the kind "Thẻ hết hạn"."""
    return _DATED.sub("", reason)


def missing(user: User, code: str, place: Place, *, hamlet: str = "", site: str = "", reason: str = "") -> QuerySet[Outcome]:
    """Who is still missing in a place, in a hamlet or site of it, for a kind of reason; the most urgent first."""
    group = ("hamlet", hamlet) if hamlet else ("site", site) if site else None
    rows = results.worklist(user, code, place, group)
    if reason:
        rows = rows.filter(Q(reason=reason) | Q(reason__regex=rf"^{re.escape(reason)}\s*\d{{2}}/\d{{2}}/\d{{4}}$"))
    return rows.order_by(F("due_on").asc(nulls_last=True), "place__code", "id")


def reasons_of(rows: QuerySet[Outcome]) -> list[tuple[str, int]]:
    """The kinds of reasons among these rows with how many there are, the most frequent first."""
    found: Counter[str] = Counter(stem(reason) for reason in rows.order_by().values_list("reason", flat=True))
    return [(kind, count) for kind, count in found.most_common() if kind]


def entries(code: str, rows: Sequence[Outcome]) -> list[Entry]:
    """The rows with names; persons with household. One query for each 5,000 rows."""
    one = INDICATORS[code]
    sites = _site_names(rows)
    made: list[Entry] = []
    for start in range(0, len(rows), CHUNK):
        part = rows[start:start + CHUNK]
        ids = [row.subject for row in part]
        people = {row.pk: row for row in Person.objects.filter(pk__in=ids).select_related("household")} if one.personal else {}
        called = {id: person.full_name for id, person in people.items()} if one.personal else names(one.subject_type, ids)
        made += [
            Entry(row.subject, called.get(row.subject, "(không còn trong sổ)"), row.place, row.reason, row.due_on, people.get(row.subject),
                  sites.get(row.groups.get("site", ""), ""))
            for row in part
        ]
    return made


def _site_names(rows: Sequence[Outcome]) -> dict[str, str]:
    """The names of the stations and sites that these rows belong to, by code."""
    codes = {row.groups["site"] for row in rows if "site" in row.groups}
    return dict(Facility.objects.filter(code__in=codes).order_by("valid_from").values_list("code", "name")) if codes else {}
