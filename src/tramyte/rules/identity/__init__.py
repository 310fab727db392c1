"""Who a person is: numbers, names and birth dates checked, and whether two records are one person."""

from tramyte.rules.identity.numbers import (
    check_insurance_number,
    check_national_id,
    check_phone,
    insurance_code,
    national_id_kind,
    national_id_warnings,
)
from tramyte.rules.identity.persons import check_birth_date, check_name
from tramyte.rules.identity.same import Identity, Verdict, blocking_keys, same_person

__all__ = [
    "Identity",
    "Verdict",
    "blocking_keys",
    "check_birth_date",
    "check_insurance_number",
    "check_name",
    "check_national_id",
    "check_phone",
    "insurance_code",
    "national_id_kind",
    "national_id_warnings",
    "same_person",
]
