"""The only writers of immunization: doses, doses not given, vaccine stock, and how a place carries the programme out."""

from tramyte.care.immunization.actions.doses import (
    cancel_immunization,
    check_immunization,
    note_reaction,
    record_immunization,
    record_immunizations,
    undo_import,
)
from tramyte.care.immunization.actions.not_given import (
    cancel_not_given,
    check_not_given,
    record_not_given,
    record_not_given_many,
)
from tramyte.care.immunization.actions.programme import (
    cancel_activation,
    record_activation,
    set_programme,
)
from tramyte.care.immunization.actions.stock import (
    cancel_lot,
    check_lot,
    move_stock,
    receive_lots,
    record_lot,
    record_product,
    resume_lot,
    stop_lot,
)

__all__ = [
    "cancel_activation",
    "cancel_immunization",
    "cancel_lot",
    "cancel_not_given",
    "check_immunization",
    "check_lot",
    "check_not_given",
    "move_stock",
    "note_reaction",
    "receive_lots",
    "record_activation",
    "record_immunization",
    "record_immunizations",
    "record_lot",
    "record_not_given",
    "record_not_given_many",
    "record_product",
    "resume_lot",
    "set_programme",
    "stop_lot",
    "undo_import",
]
