"""Full immunization of children under one: which doses make it, by the day it is judged on; a parameter that is versioned."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FullSet:
    """The doses (codes of the schedule) that make a child under one fully immunized, in force from a day on.

    source: where the set comes from. verified: read in the text of the source.
    """

    valid_from: datetime.date
    doses: tuple[str, ...]
    source: str
    verified: bool = False


# The newest last. The formula is of the statistical office; its list of antigens could not be read in a text (memory, high).
FULL_SETS = (
    FullSet(
        datetime.date(2018, 1, 1),
        ("BCG", "DPT-VGB-HIB1", "DPT-VGB-HIB2", "DPT-VGB-HIB3", "OPV1", "OPV2", "OPV3", "MEASLES1"),
        "Đặc tả chỉ tiêu thống kê (gso.gov.vn): BCG, 3 DPT-VGB-Hib, 3 OPV, sởi 1; IPV, viêm gan B sơ sinh và Rota tính riêng; chưa đối chiếu văn bản gốc"),
)


def full_set(on: datetime.date) -> FullSet:
    """The set in force on a day; before the first one, the first one."""
    return next((one for one in reversed(FULL_SETS) if one.valid_from <= on), FULL_SETS[0])
