"""The only writers of vaccination sessions; doses, refusals and stock are written through the actions of immunization."""

from tramyte.care.vaccination.actions.closing import Count, close_session, open_session, reopen_session
from tramyte.care.vaccination.actions.planning import (
    WRITE,
    add_person,
    cancel_session,
    move_session,
    plan_session,
    refresh_list,
    remove_person,
)
from tramyte.care.vaccination.actions.table import (
    Dose,
    give,
    mark_contact,
    receive,
    receive_walk_in,
    release,
    screen,
    screen_again,
    undo_given,
    undo_receive,
)
from tramyte.care.vaccination.actions.vials import discard_vial, open_vial

__all__ = [
    "WRITE", "Count", "Dose", "add_person", "cancel_session", "close_session", "discard_vial", "give", "mark_contact", "move_session", "open_session", "open_vial",
    "plan_session", "receive", "receive_walk_in", "refresh_list", "release", "remove_person", "reopen_session", "screen", "screen_again", "undo_given", "undo_receive",
]
