"""Keeping the home pages: composed by a job for everybody, at once for one who comes first or asks."""

import datetime

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import assignments
from tramyte.station.cold_chain.queries import due_parts
from tramyte.web.models import Today
from tramyte.web.pages import pressing
from tramyte.web.pages.composing import compose, rights_of


def kept(user: User) -> Today:
    """The stored home page of a user; composed at once when there is none for today, for the present rights and levels.

    A commune that has just begun is composed at each look: there is little to compose, and each step must show at once.
    """
    found = Today.objects.filter(pk=user.pk).first()
    if found is None or found.content.get("begin") or found.day != clock.today() or found.rights != rights_of(user) or _stale(user, found):
        return renew(user)
    return found


def _stale(user: User, found: Today) -> bool:
    """Whether the afternoon has come, of which readings are asked, or something was written that the page must not go on without."""
    now = due_parts(clock.today())
    return found.content.get("parts", now) != now or pressing.moved(user, found.computed_at)


def renew(user: User) -> Today:
    """Compose a user's home page anew and keep it."""
    on, rights = clock.today(), rights_of(user)
    values = {"day": on, "rights": rights, "content": compose(user, on), "computed_at": clock.now()}
    return Today.objects.update_or_create(pk=user.pk, defaults=values)[0]


def renew_all() -> int:
    """Compose the home pages of all who were here in the last month; answers how many."""
    since = clock.now() - datetime.timedelta(days=31)
    users = [user for user in User.objects.filter(is_active=True, last_login__gte=since) if assignments(user)]
    for user in users:
        renew(user)
    return len(users)
