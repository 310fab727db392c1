"""The one search box: suggestions while typing, and the page of results."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tramyte.care.people.at_hand import at_hand
from tramyte.care.people.search import find_people
from tramyte.engine.access.emergency import may_open
from tramyte.engine.access.rights import may, sees_people

SUGGESTED, LISTED = 8, 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """People who fit `q`; a whole number of one person leads straight to them. Roles of figures find no person.

    htmx gets the suggestions below the box; of an empty box whom the user pinned and opened last.
    """
    text = request.GET.get("q", "").strip()
    people = sees_people(request.user)
    part = bool(getattr(request, "htmx", False))
    found = find_people(request.user, text, SUGGESTED if part else LISTED) if people and text else None
    if found and found.exact and not part:
        return redirect("person", found.people[0].pk)
    if part and people and not text:
        return render(request, "people/at_hand.html", {"hand": at_hand(request.user)})
    context: dict[str, Any]
    if found and found.card:  # the whole code goes on to the form of a new person, and the box is ready for the next one
        context = {"q": text, "code": quote(text), "shell_query": ""}
    else:
        context = {"q": text[:100], "shell_query": text[:100]}
    context |= {"found": found, "people": people, "may_write": people and may(request.user, "people.write"), "may_open": may_open(request.user)}
    return render(request, "people/suggestions.html" if part else "people/search.html", context)
