"""Notes each session when it begins and forgets it when it ends: Django tells of both."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from tramyte.engine.access.models import User
from tramyte.engine.access.second_step import has_step, must_have_step
from tramyte.engine.access.sittings import begin_sitting, forget_sitting
from tramyte.web.pages.attempts import address_of


@receiver(user_logged_in)
def note_sitting(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A session begins: since when, proved when, from where; whether its user must first set up a second step."""
    session = request.session
    if not session.session_key:
        session.create()
    session["begun"] = session["proved"] = int(time.time())
    begin_sitting(
        by=user, key=session.session_key or "", address=address_of(request), agent=request.headers.get("User-Agent", ""),
        longest=settings.SESSION_LONGEST_SECONDS)
    if must_have_step(user) and not has_step(user):
        session["owes_step"] = True


@receiver(user_logged_out)
def drop_sitting(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """A session ended."""
    forget_sitting(request.session.session_key or "")
