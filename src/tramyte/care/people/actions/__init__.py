"""The only writers of people, households, residence, numbers, insurance and health records."""

from tramyte.care.people.actions.batches import Batch, store_batch, undo_import
from tramyte.care.people.actions.corrections import cancel_end, retract
from tramyte.care.people.actions.deaths import (
    cancel_death,
    check_death,
    death_restored,
    record_death,
    record_deaths,
    retract_death,
)
from tramyte.care.people.actions.households import (
    add_members,
    cancel_household,
    create_household,
    record_household,
    record_households,
)
from tramyte.care.people.actions.insurance import (
    cancel_coverage,
    record_coverage,
    record_coverages,
    renew_coverage,
)
from tramyte.care.people.actions.insurance_lists import (
    apply_list,
    begin_comparison,
    begin_list,
    begin_undo,
    undo_list,
)
from tramyte.care.people.actions.merging import merge_persons, unmerge_persons
from tramyte.care.people.actions.pairs import dismiss_pair, propose_pairs
from tramyte.care.people.actions.persons import (
    change_person,
    issue_temporary,
    record_entry,
    record_identifier,
    register_person,
)
from tramyte.care.people.actions.pins import pin_person, unpin_person
from tramyte.care.people.actions.residences import (
    end_residence,
    record_residence,
)
from tramyte.care.people.actions.residents import (
    cancel_resident,
    check_resident,
    record_resident,
    record_residents,
    resident_restored,
    resident_warnings,
)
from tramyte.care.people.actions.visits import (
    change_head,
    record_birth,
    record_departure,
    record_return,
)

__all__ = [
    "Batch",
    "add_members",
    "apply_list",
    "begin_comparison",
    "begin_list",
    "begin_undo",
    "cancel_coverage",
    "cancel_death",
    "cancel_end",
    "cancel_household",
    "cancel_resident",
    "change_head",
    "change_person",
    "check_death",
    "check_resident",
    "create_household",
    "death_restored",
    "dismiss_pair",
    "end_residence",
    "issue_temporary",
    "merge_persons",
    "pin_person",
    "propose_pairs",
    "record_birth",
    "record_coverage",
    "record_coverages",
    "record_death",
    "record_deaths",
    "record_departure",
    "record_entry",
    "record_household",
    "record_households",
    "record_identifier",
    "record_residence",
    "record_resident",
    "record_residents",
    "record_return",
    "register_person",
    "renew_coverage",
    "resident_restored",
    "resident_warnings",
    "retract",
    "retract_death",
    "store_batch",
    "undo_import",
    "undo_list",
    "unmerge_persons",
    "unpin_person",
]
