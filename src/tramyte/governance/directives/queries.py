"""Named reads of directives and of what was understood in them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import commune_of, units_of
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.units import UnitNames
from tramyte.rules.text import fold


def directives_of(user: User) -> QuerySet[Directive]:
    """The directives a user may see, newest arrival first, with the counts `total`, `decided`."""
    rows = visible(user, Directive.objects.filter(entered_in_error=False))
    asked = Q(obligations__entered_in_error=False)
    return rows.select_related("lead_unit").annotate(
        total=Count("obligations", filter=asked),
        decided=Count("obligations", filter=asked & ~Q(obligations__state=Obligation.PENDING)),
    ).order_by("-arrived_on", "-created_at")


def obligations_of(directive: Directive) -> QuerySet[Obligation]:
    """The obligations of a directive in the order of its text."""
    return directive.obligations.filter(entered_in_error=False).order_by("order", "id")


def units_around(place: Place) -> list[OrgUnit]:
    """The units that may be given work in the commune of a place, today."""
    return list(units_of(commune_of(place), clock.today()))


def unit_names(place: Place) -> UnitNames:
    """The units of a commune, ready to be matched to printed names."""
    return UnitNames(units_around(place), str(commune_of(place)))


def next_arrival_number(place: Place, year: int) -> str:
    """The number after the largest arrival number of the year: numbering restarts at 1 on 1 January."""
    used = Directive.objects.filter(place=place, arrived_on__year=year, entered_in_error=False).values_list("arrival_number", flat=True)
    return str(max((int(number) for number in used if number.isdecimal()), default=0) + 1)


@dataclass(frozen=True)
class Earlier:
    """An earlier directive that a new one speaks of, and how."""

    directive: Directive
    relation: str


_VERBS = (
    ("replaces", ("thay the", "thay cho")),
    ("revokes", ("bai bo", "huy bo", "thu hoi", "het hieu luc", "cham dut hieu luc")),
    ("amends", ("sua doi", "bo sung", "dieu chinh", "dinh chinh")),
)


def earlier_of(directive: Directive) -> list[Earlier]:
    """Directives already received that this one amends, replaces or revokes.

    The parser names them; beyond that a sentence of the text that holds both the earlier number and a verb counts.
    """
    known = Directive.objects.filter(place=directive.place, entered_in_error=False).exclude(pk=directive.pk).exclude(number="")
    sentences = [fold(line) for line in f"{directive.title}\n{directive.text}".split("\n")]
    found = []
    for earlier in known:
        relation = _named(directive, earlier) or _said(sentences, fold(earlier.number))
        if relation:
            found.append(Earlier(earlier, relation))
    return found


def _named(directive: Directive, earlier: Directive) -> str:
    number = fold(earlier.number)
    for relation in ("replaces", "revokes", "amends"):
        if any(fold(str(name)) == number for name in directive.header.get(relation, [])):
            return relation
    return ""


def _said(sentences: list[str], number: str) -> str:
    for position, line in enumerate(sentences):
        if f" {number} " not in f" {line} ":
            continue
        # a line may be broken in the middle of the sentence: the verb may stand in the line before
        around = " ".join(sentences[max(0, position - 1):position + 1])
        for relation, verbs in _VERBS:
            if any(verb in around for verb in verbs):
                return relation
    return ""
