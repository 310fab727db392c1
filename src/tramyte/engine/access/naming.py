"""What pages call whoever did something: rows and the audit chain keep account names, readers know people."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from tramyte.engine import clock
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.operator import USERNAME
from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.queries import valid_on

UNKNOWN = "Người khác"
HOUSE = {"": "Hệ thống", USERNAME: "Quản trị qua dòng lệnh"}


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """By account name the full name with today's first role, "Lê Thị Lan (Điều dưỡng)"; a program, the command line and the system by what they are.

    An account that is not there any more keeps its account name. One query for all, none for nobody.
    """
    wanted = set(usernames)
    asked = wanted - HOUSE.keys()
    role = Assignment.objects.filter(valid_on(clock.today()), user=OuterRef("pk"), entered_in_error=False).order_by("valid_from", "pk").values("role")[:1]
    rows = User.objects.filter(username__in=asked).values_list("username", "full_name", Subquery(role)) if asked else []
    known = {name: f"{full} ({ROLES[held].short})" if held in ROLES else full for name, full, held in rows}
    known |= HOUSE | {name: _program(name) for name in asked if " " in name}
    return {name: known.get(name, name) for name in wanted}


def called(username: str) -> str:
    """What a sentence calls whoever did something: the full name, with the account name when somebody else bears it too.

    A program and the command line are called what they are, an account that is not there any more by its account name, nobody "Người khác".
    """
    if not username:
        return UNKNOWN
    if username in HOUSE or " " in username:
        return HOUSE.get(username) or _program(username)
    bearers = dict(User.objects.filter(full_name__in=User.objects.filter(username=username).values("full_name")).values_list("username", "full_name"))
    name = bearers.get(username, username)
    return f"{name} ({username})" if len(bearers) > 1 else name


def _program(name: str) -> str:
    """Only programs have a blank in their account name."""
    return name[:1].upper() + name[1:]
