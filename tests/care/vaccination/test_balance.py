"""Whatever happens in a morning, the balance equals the stock movements; and two tables never write one thing twice."""

import contextlib
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_steps import at, counted, doses_of

from tramyte.care.immunization.models import StockMovement, VaccineLot
from tramyte.care.immunization.queries import balance_of
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.models import Attendee, SessionLot, Vial
from tramyte.care.vaccination.queries import given_by_lot, opened_by_lot
from tramyte.engine.refused import Refused

NAMES = ("Nguyễn Minh Khôi", "Trần Hà My")
STEPS = st.lists(st.tuples(st.sampled_from(["receive", "serve", "fever", "again", "undo", "undo_receive", "release", "open", "discard", "close", "reopen"]), st.integers(0, 1)), max_size=14)


def step(by, session, name, who):
    """One deed of the morning; what is refused leaves everything as it was."""
    row = at(session, NAMES[who])
    deeds = {
        "receive": lambda: actions.receive(by=by, id=row.pk),
        "serve": lambda: (actions.screen(by=by, id=row.pk, temperature=Decimal("36.8"), vaccines=["DPT-VGB-HIB", "OPV"]), actions.give(by=by, id=row.pk, doses=doses_of("DPT-VGB-HIB", "OPV"))),
        "fever": lambda: actions.screen(by=by, id=row.pk, temperature=Decimal("38.4"), vaccines=["OPV"]),
        "again": lambda: actions.screen_again(by=by, id=row.pk), "undo": lambda: actions.undo_given(by=by, id=row.pk, reason="nhầm"),
        "undo_receive": lambda: actions.undo_receive(by=by, id=row.pk), "release": lambda: actions.release(by=by, id=row.pk, early=True),
        "open": lambda: actions.open_vial(by=by, session=session.pk, lot=VaccineLot.objects.get(number="OPV01").pk),
        "discard": lambda: [actions.discard_vial(by=by, id=one.pk, reason="vỡ") for one in Vial.objects.filter(session=session, discarded="")[:1]],
        "close": lambda: actions.close_session(by=by, id=session.pk, counts=counted(session)), "reopen": lambda: actions.reopen_session(by=by, id=session.pk, reason="đếm lại"),
    }
    with contextlib.suppress(Refused):
        deeds[name]()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_the_balance_equals_the_stock_movements(cast, morning, steps):
    with transaction.atomic():
        for name, who in steps:
            step(cast.nurse, morning, name, who)
        opened, shots = opened_by_lot(morning), given_by_lot(morning)
        for one in SessionLot.objects.filter(session=morning):
            moved = {kind: sum(StockMovement.objects.filter(lot=one.lot, kind=kind).values_list("doses", flat=True)) for kind in ("received", "used", "wasted")}
            assert moved["used"] == shots.get(one.lot_id, 0) and moved["wasted"] == (one.wasted or 0)
            assert opened.get(one.lot_id, 0) <= one.received and shots.get(one.lot_id, 0) <= opened.get(one.lot_id, 0)
            assert one.used is None or one.used == shots.get(one.lot_id, 0) + one.wasted
            assert balance_of(one.lot) == moved["received"] - moved["used"] - moved["wasted"]
        transaction.set_rollback(True)


def test_two_tables_give_a_child_its_doses_once(cast, morning):
    row = at(morning, NAMES[0])
    actions.screen(by=cast.nurse, id=row.pk, temperature=Decimal("36.8"), vaccines=["OPV"])
    actions.give(by=cast.nurse, id=row.pk, doses=doses_of("OPV"))
    with pytest.raises(Refused, match="đã được tiêm lúc"):
        actions.give(by=cast.clinician, id=row.pk, doses=doses_of("OPV"))
    actions.receive(by=cast.clinician, id=at(morning, NAMES[1]).pk)
    assert sorted(Attendee.objects.filter(session=morning).values_list("turn", flat=True)) == [1, 2] and given_by_lot(morning) == {VaccineLot.objects.get(number="OPV01").pk: 1}
