"""Whoever runs the command line on the station's own machine."""

from tramyte.engine import clock
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import valid_on

USERNAME = "he-thong"


def operator() -> User:
    """The user of the command line: never stored, so nobody can sign in as it; a director of every place of this home.

    Whoever may read the data folder may do everything anyway; the audit chain names such acts "he-thong".
    """
    user = User(username=USERNAME, full_name="Quản trị qua dòng lệnh")
    roots = Place.objects.filter(valid_on(clock.today()), parent=None)
    user.__dict__["_held"] = [Assignment(user=user, role=role, place=place) for place in roots for role in ("director", "clinician")]
    return user


def is_operator(user: User) -> bool:
    """Whether this is the user of the command line, and not somebody stored who took its name."""
    return user.username == USERNAME and user._state.adding
