"""Asking every address as somebody, and collecting what was answered to whom it should not have been."""

import copy
import io
import zipfile

from django.db import transaction
from django.urls import reverse
from world import NAMES, marks

from tramyte.engine.access.roles import ROLES

# Whose persons each worker may see when the role sees persons at all, and whose objects of other kinds.
REACH = {"village_worker": {"own"}, "stranger": {"sibling"}}
STEERED = {"stranger": {"sibling"}, "supervisor": {"own", "sibling"}}
OPENS, ACTS, DENIED = {200, 302}, {200, 302, 409, 422}, {403, 404}
JSON = {"accept": "application/json"}


def routes(resolver, space=""):
    """(name with its namespaces, names of the parts) of every address the resolver knows."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name or ''}", set(pattern.pattern.converters)


def role_of(username):
    """The role of a worker of the cast."""
    return ROLES["nurse" if username == "stranger" else username]


def reaches(username, where, *, people):
    """Whether an object of a place lies within what this worker may see."""
    if people:
        return not role_of(username).figures_only and where in REACH.get(username, {"own", "beside"})
    return where in STEERED.get(username, {"own"})


def readable(answer):
    """Everything an answer says: its text, and of a spreadsheet or document the text of its parts."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace") + answer.headers.get("Location", "") + answer.headers.get("Content-Disposition", "")


class Watch:
    """Collects what is wrong for one worker, so that a failed test names all of it."""

    def __init__(self, client, username):
        self.client, self.username, self.wrong, self.asked = client, username, [], 0
        signed = username != "anonymous"
        self.closed = [text for where in NAMES if not (signed and reaches(username, where, people=True)) for text in marks(where)]

    def asks(self, address, *, post, fine, headers=None):
        """One request, which leaves nothing behind: neither rows nor a signed-out client."""
        cookies, how = copy.deepcopy(self.client.cookies), "POST" if post else "GET"
        with transaction.atomic():
            answer = self.client.post(address, {"reason": "thử quyền"}, headers=headers) if post else self.client.get(address, headers=headers)
            said = readable(answer)
            transaction.set_rollback(True)
        self.client.cookies = cookies
        self.asked += 1
        if answer.status_code not in fine:
            self.wrong.append(f"{self.username} {how} {address}: {answer.status_code}, wanted {sorted(fine)}")
        self.wrong.extend(f"{self.username} {how} {address}: tells {text}" for text in self.closed if text in said and text not in address)
        if self.username != "anonymous" and answer.headers.get("Location", "").startswith(reverse("login")) and address != reverse("logout"):
            self.wrong.append(f"{self.username} {how} {address}: was signed out")
        return answer

    def refused(self, address, *more):
        """Neither way of asking may do anything; `more`: other statuses that are fine. A refusal is asked for as JSON, which is quicker to answer than a page."""
        for post in (False, True):
            self.asks(address, post=post, fine=DENIED | {405, *more}, headers=JSON)
