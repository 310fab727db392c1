"""Filling an empty home with the invented commune."""

import datetime
from collections.abc import Callable
from typing import Any

from tramyte.engine.access.models import User
from tramyte.engine.access.roles import ROLES
from tramyte.engine.actions.bulk import know_sizes
from tramyte.engine.actions.filling import filling, indexed_afterwards
from tramyte.engine.facts import following
from tramyte.engine.indicators import results
from tramyte.engine.indicators.models import Outcome
from tramyte.engine.jobs.worker import every
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.exchange.demo import (
    cold_chain,
    commune,
    growth,
    histories,
    immunization,
    maternal,
    reactions,
    records,
    steering,
    vaccination,
)
from tramyte.exchange.demo.population import make_population

SHOWN = ("giamdoc", "bacsi", "dieuduong", "thon01", "vanhoa", "chutich", "congan", "soyte", "quantri")


@filling()
def fill(*, people: int, seed: int, as_of: datetime.date, say: Callable[[str], object]) -> dict[str, Any]:
    """Make the commune, its people and its year; answers the notes for the terminal and the sign-in page.

    All of it or nothing: an interrupted filling leaves the home empty. Refuses a home that already holds users or places.
    """
    if User.objects.exists() or Place.objects.exists():
        raise Refused("not_empty", "Thư mục dữ liệu này đã có dữ liệu nên không tạo xã trình diễn. Hãy đặt TRAMYTE_HOME tới một thư mục trống.")
    say("Đang tạo xã trình diễn…")
    try:
        population = make_population(people, seed, as_of=as_of, hamlets=[commune.HamletSpec(name, weight) for name, weight in commune.HAMLETS])
    except ValueError as error:
        raise Refused("bad_people", str(error)) from error
    made = commune.build(as_of)
    ids = records.Ids(seed, as_of)
    with following.unfollowed():  # what follows from people and doses is written here as well
        keys = records.store_people(made, population, ids, say)
        births = maternal.store_maternal(made, population, keys, seed)
        immunization.store_immunization(made, population, keys, seed, as_of, births)
    histories.store_histories(population, keys, seed)
    cold_chain.store_cold_chain(made, seed, as_of)
    reactions.store_reactions(seed, as_of)
    immunization.follow_pregnancies(as_of)
    vaccination.store_sessions(made, seed, as_of)
    growth.store_growth(made, population, keys, seed)
    know_sizes()
    records.store_techniques(made, seed, as_of, ids)
    with indexed_afterwards([Outcome]):
        results.refresh()
    steering.receive_all(made, as_of, seed, say)
    for task, minutes in (("refresh_indicators", 60),):
        every(task, minutes)
    users = {user.username: user for user in User.objects.prefetch_related("assignments")}
    return {
        "password": commune.PASSWORD,
        "logins": [{"username": name, "name": users[name].full_name, "role": ROLES[users[name].assignments.all()[0].role].title} for name in SHOWN],
    }
