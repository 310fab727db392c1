"""The only writers of pregnancies, births, family planning, abortions and screenings."""

from tramyte.care.maternal.actions.births import (
    cancel_delivery,
    cancel_newborn,
    record_delivery,
    record_newborn,
    record_newborns,
    reissue_certificate,
    set_certificate,
    undo_newborns,
)
from tramyte.care.maternal.actions.checks import WRITE
from tramyte.care.maternal.actions.contacts import (
    cancel_contact,
    cancel_postnatal,
    check_contact,
    contact_restored,
    record_contact,
    record_contacts,
    record_postnatal,
    undo_contacts,
)
from tramyte.care.maternal.actions.planning import (
    cancel_abortion,
    cancel_planning,
    cancel_screening,
    check_abortion,
    check_planning,
    check_screening,
    record_abortion,
    record_abortions,
    record_planning,
    record_plannings,
    record_screening,
    record_screenings,
)
from tramyte.care.maternal.actions.pregnancies import (
    cancel_birth_plan,
    cancel_pregnancy,
    check_pregnancy,
    end_pregnancy,
    register_pregnancies,
    register_pregnancy,
    reopen_pregnancy,
    set_birth_plan,
)

__all__ = [
    "WRITE", "cancel_abortion", "cancel_birth_plan", "cancel_contact", "cancel_delivery", "cancel_newborn", "cancel_planning", "cancel_postnatal", "cancel_pregnancy", "cancel_screening",
    "check_abortion", "check_contact", "check_planning", "check_pregnancy", "check_screening", "contact_restored", "end_pregnancy", "record_abortion",
    "record_abortions", "record_contact", "record_contacts", "record_delivery", "record_newborn", "record_newborns", "record_planning", "record_plannings",
    "record_postnatal", "record_screening", "record_screenings", "register_pregnancies", "register_pregnancy", "reissue_certificate", "reopen_pregnancy", "set_birth_plan", "set_certificate",
    "undo_contacts", "undo_newborns",
]
