"""What hangs on a hamlet belongs to topics: each says in its module `place_changes` what follows a hamlet and what reads its names."""

import importlib
import importlib.util
from collections.abc import Callable
from typing import NamedTuple

from django.apps import apps

from tramyte.engine.access.models import User
from tramyte.engine.places.models import Place, PlaceChange


class Follower(NamedTuple):
    """What a topic does: `follow(change, by)` points its rows at the new hamlet, `back(change, by)` takes that back; `named(hamlet)` reads its names again."""

    follow: Callable[[PlaceChange, User], None]
    back: Callable[[PlaceChange, User], None]
    named: Callable[[Place], None] | None


_FOLLOWERS: dict[str, Follower] = {}


def follower(name: str, follow: Callable[[PlaceChange, User], None], back: Callable[[PlaceChange, User], None], named: Callable[[Place], None] | None = None) -> None:
    """Declare what follows a hamlet; called once by a topic's module `place_changes`."""
    _FOLLOWERS[name] = Follower(follow, back, named)


def followers() -> list[Follower]:
    """Those of all topics; their modules are imported when first asked for."""
    for config in apps.get_app_configs():
        module = f"{config.name}.place_changes"
        if config.name.startswith("tramyte.") and importlib.util.find_spec(module):
            importlib.import_module(module)
    return list(_FOLLOWERS.values())


def tell_names(hamlet: Place) -> None:
    """The hamlet is called otherwise now, by its name or by its other names: whoever keeps them reads them again, in this transaction."""
    for one in followers():
        if one.named is not None:
            one.named(hamlet)
