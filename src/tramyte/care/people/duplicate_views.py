"""The pages of duplicate records: those that wait to be looked at, two side by side, parting them again."""

import uuid
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.people import actions
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.merging import contradictions
from tramyte.care.people.actions.moving import pointers, pointing
from tramyte.care.people.actions.pairs import a_pair
from tramyte.care.people.comparing import by_fullness, compare
from tramyte.care.people.entry_views import writes
from tramyte.care.people.models import DuplicatePair, Merge, Person
from tramyte.care.people.overview import overview
from tramyte.care.people.pairing import communes
from tramyte.care.people.views import the_person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, visible
from tramyte.engine.actions.models import Fact
from tramyte.engine.audit import chain
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import start
from tramyte.engine.refused import Refused, not_found

PAGE = 25
TASK = "find_duplicates"


@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """Hồ sơ nghi trùng: the pairs that wait, the likeliest first."""
    writes(request.user)
    page = Paginator(waiting(request.user), PAGE).get_page(request.GET.get("page"))
    last = Job.objects.filter(task=TASK).first()
    return render(request, "people/duplicates.html", {"page": page, "last": last, "running": bool(last and last.state in {"waiting", "running"})})


def waiting(user: User) -> QuerySet[DuplicatePair]:
    """The undecided pairs of which this user may change both records."""
    rows = visible(user, DuplicatePair.objects.filter(state="proposed", entered_in_error=False), WRITE)
    rows = rows.filter(other__hamlet__in=places(user, WRITE, personal=True), one__entered_in_error=False, other__entered_in_error=False)
    return rows.select_related("one__hamlet", "one__household", "other__hamlet", "other__household")


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Tìm hồ sơ trùng: begin the job for the communes of this user, or show the one that runs."""
    writes(request.user)
    running = Job.objects.filter(task=TASK, state__in=["waiting", "running"], by=request.user).first()
    job = running or start(TASK, by=request.user, title="Tìm hồ sơ trùng", communes=[str(one.pk) for one in communes(places(request.user, WRITE, personal=True))])
    return redirect("job", job.pk)


@require_POST
def dismiss(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Không phải một người: the pair is never shown again; the queue goes on at the page where it stood."""
    writes(request.user)
    actions.dismiss_pair(by=request.user, id=id)
    messages.success(request, "Đã ghi: hai người khác nhau. Cặp này sẽ không hiện lại.", extra_tags="toast")
    page = _number(request, "page")
    return redirect(reverse("duplicate-pairs") + (f"?page={page}" if page and page > 1 else ""))


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Two records side by side; POST merges them with the chosen values. Both views are logged."""
    writes(request.user)
    both = [the_person(request.user, key) for key in (id, other)]
    if request.method != "POST":
        for row in both:
            chain.record_view(by=request.user, row=row, note="so hai hồ sơ, xem đủ các số")
        return _side_by_side(request, both)
    survivor, lesser = both if request.POST.get("survivor", str(id)) == str(id) else both[::-1]
    try:
        actions.merge_persons(
            by=request.user, survivor=survivor, lesser=lesser, confirmed="confirmed" in request.POST,
            take=[line.part.name for line in compare(survivor, lesser) if _chosen(request, line, survivor, lesser) == str(lesser.pk)],
            seen_version=_number(request, f"seen_{survivor.pk}"), lesser_version=_number(request, f"seen_{lesser.pk}"))
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        return _side_by_side(request, both, refused)
    survivor.refresh_from_db(fields=["full_name"])  # the name may have been taken from the other record
    messages.success(request, f"Đã gộp hai hồ sơ của {survivor.full_name}. Nếu nhầm, bấm Tách lại ở mục Hồ sơ đã gộp vào đây.", extra_tags="toast")
    return redirect("person", survivor.pk)


def _chosen(request: HttpRequest, line: Any, survivor: Person, lesser: Person) -> str:
    """The key of the record whose value was chosen; without a choice the survivor's value, or the only one there is."""
    return request.POST.get(f"take_{line.part.name}", str(line.taken if not line.differs or not all(map(any, line.values)) else survivor.pk))


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _side_by_side(request: HttpRequest, both: list[Person], refused: Refused | None = None) -> HttpResponse:
    topics = _topics(both)
    shown = {row.pk: overview(request.user, row, clock.today(), topics=topics[row.pk]) for row in both}
    ordered = by_fullness(both, lambda row: shown[row.pk].timeline.total + len(shown[row.pk].coverages))
    one, other = a_pair(*(row.pk for row in both))
    survivor, typed = request.POST.get("survivor", str(ordered[0].pk)), request.POST
    lines = [(line, typed.get(f"take_{line.part.name}", str(line.taken))) for line in compare(*ordered)]
    context = {
        "records": ordered, "shown": [shown[row.pk] for row in ordered], "survivor": survivor, "lines": lines, "against": contradictions(*both),
        "pair": waiting(request.user).filter(one=one, other=other).first(), "refused": refused, "differing": sum(line.differs for line, _ in lines),
        "address": reverse("persons-merge", args=[row.pk for row in both]),
    }
    return render(request, "people/duplicates_merge.html", context, status=refused.status if refused else 200)


def _topics(both: list[Person]) -> dict[uuid.UUID, set[str]]:
    """Of each record the packages that wrote about it, in one query: the others have nothing to tell and are not asked."""
    asked = [
        field.model._base_manager.filter(**{f"{field.attname}__in": [row.pk for row in both]}).order_by()
        .annotate(topic=Value(apps.get_app_config(field.model._meta.app_label).name)).values_list(field.attname, "topic") for field in pointers()]
    found: dict[uuid.UUID, set[str]] = {row.pk: set() for row in both}
    for key, topic in asked[0].union(*asked[1:]):
        found[key].add(topic)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Tách hồ sơ: what comes back and what stays, then the parting."""
    writes(request.user)
    found = visible(request.user, Merge.objects.select_related("survivor__hamlet", "survivor__household", "lesser__hamlet", "lesser__household"), WRITE).filter(pk=id).first()
    if found is None:
        raise not_found("lần gộp này")
    if request.method == "POST":
        actions.unmerge_persons(by=request.user, id=found.pk)
        messages.success(request, f"Đã tách: hồ sơ của {found.lesser} trở lại như trước khi gộp.", extra_tags="toast")
        return redirect("person", found.survivor_id)
    chain.record_view(by=request.user, row=found.survivor, note="tách hồ sơ")
    return render(request, "people/duplicates_part.html", {"merge": found, "back": _coming_back(found), "staying": _staying(found)})


def _coming_back(merge: Merge) -> list[tuple[str, int]]:
    """What was moved, by the word for it, with how many."""
    words = {f"{field.model._meta.label}.{field.name}": _word(field) for field in pointers()}
    return [(words[where], len(ids)) for where, ids in merge.moved.items() if where in words]


def _staying(merge: Merge) -> list[tuple[str, int]]:
    """What was written about the survivor since the merge: it stays."""
    counted = []
    for field in pointers():
        if issubclass(field.model, Fact):
            since = pointing(field, merge.survivor).filter(created_at__gt=merge.created_at, entered_in_error=False).order_by()
            counted.append((_word(field), since.aggregate(count=Count("pk"))["count"]))
    return [(word, count) for word, count in counted if count]


def _word(field: Any) -> str:
    return "con" if field.model is Person else str(field.model._meta.verbose_name)
