"""Who a person is: numbers, names and birth dates checked, and whether two records are one person (`linkage`: in many)."""

from tramyte.rules.identity.card_text import CardText, parse_card_text
from tramyte.rules.identity.insurance_groups import (
    GROUPS,
    InsuranceGroup,
    card_rate,
    group_level,
    group_warnings,
)
from tramyte.rules.identity.names import PersonName, parse_name
from tramyte.rules.identity.national_id import NationalId, national_id_warnings, parse_national_id
from tramyte.rules.identity.numbers import (
    check_insurance_number,
    check_national_id,
    check_phone,
    insurance_code,
    national_id_kind,
)
from tramyte.rules.identity.persons import check_birth_date, check_name
from tramyte.rules.identity.same import Identity, Verdict, blocking_keys, same_person
from tramyte.rules.identity.temporary import is_temporary_number, temporary_number

__all__ = [
    "GROUPS",
    "CardText",
    "Identity",
    "InsuranceGroup",
    "NationalId",
    "PersonName",
    "Verdict",
    "blocking_keys",
    "card_rate",
    "check_birth_date",
    "check_insurance_number",
    "check_name",
    "check_national_id",
    "check_phone",
    "group_level",
    "group_warnings",
    "insurance_code",
    "is_temporary_number",
    "national_id_kind",
    "national_id_warnings",
    "parse_card_text",
    "parse_name",
    "parse_national_id",
    "same_person",
    "temporary_number",
]
