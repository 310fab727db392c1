"""The only writers of people, households, residence, numbers, insurance and health records."""

from tramyte.care.people.actions.batches import Batch, store_batch, undo_import
from tramyte.care.people.actions.corrections import retract
from tramyte.care.people.actions.households import add_members, create_household, record_household
from tramyte.care.people.actions.insurance import record_coverage, renew_coverage
from tramyte.care.people.actions.persons import change_person, record_entry, record_identifier, register_person
from tramyte.care.people.actions.residences import (
    end_residence,
    record_death,
    record_residence,
    retract_death,
)

__all__ = [
    "Batch",
    "add_members",
    "change_person",
    "create_household",
    "end_residence",
    "record_coverage",
    "record_death",
    "record_entry",
    "record_household",
    "record_identifier",
    "record_residence",
    "register_person",
    "renew_coverage",
    "retract",
    "retract_death",
    "store_batch",
    "undo_import",
]
