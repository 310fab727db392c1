"""The vaccines that the program knows from the start: those of the shipped schedule, and a few that stations give besides."""

import datetime
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connections

from tramyte.care.immunization.models import Vaccine
from tramyte.rules.forecast import versions

SPACE = uuid.UUID("6a1f4b1c-6f0e-5a8e-9a64-2f0d3c5b7e11")
SCHEDULE = "Lịch tiêm chủng TCMR theo TT 10/2024/TT-BYT, TT 52/2025/TT-BYT (giá trị công bố gần nhất); TT 13/2026/TT-BYT Đ5 k4"
SERVICE = "Vắc xin dịch vụ thường gặp; chưa đối chiếu văn bản gốc"
OTHER = "Ngoài lịch TCMR: tiêm theo vùng nguy cơ hoặc dịch vụ; chưa đối chiếu văn bản gốc"
# code, name, antigens, dose and way, source, whether read in the text of the source
LIST: tuple[tuple[str, str, str, str, str, bool], ...] = (
    ("HEPB", "Viêm gan B đơn giá", "HepB", "0,5 ml tiêm bắp", SCHEDULE, True),
    ("BCG", "BCG (lao)", "BCG", "0,1 ml trong da", SCHEDULE, False),
    ("DPT-VGB-HIB", "DPT-VGB-Hib (5 trong 1)", "D, T, P, HepB, Hib", "0,5 ml tiêm bắp", SCHEDULE, True),
    ("OPV", "Bại liệt uống (bOPV)", "Polio", "2 giọt uống", SCHEDULE, False),
    ("IPV", "Bại liệt tiêm (IPV)", "Polio", "0,5 ml tiêm bắp", SCHEDULE, False),
    ("MEASLES", "Sởi đơn giá", "Measles", "0,5 ml dưới da", SCHEDULE, True),
    ("MR", "Sởi - Rubella (MR)", "Measles, Rubella", "0,5 ml dưới da", SCHEDULE, False),
    ("DPT", "DPT", "D, T, P", "0,5 ml tiêm bắp", SCHEDULE, True),
    ("JE", "Viêm não Nhật Bản", "JE", "0,5 ml dưới da (12-36 tháng)", SCHEDULE, False),
    ("TD", "Uốn ván - bạch hầu giảm liều (Td)", "d, T", "0,5 ml tiêm bắp", SCHEDULE, True),
    ("ROTA", "Rota", "Rotavirus", "uống", SCHEDULE, False),
    ("PCV", "Phế cầu (PCV)", "Pneumococcal", "0,5 ml tiêm bắp", SCHEDULE, False),
    ("HPV", "HPV", "HPV", "0,5 ml tiêm bắp", "TT 13/2026/TT-BYT Đ3 (14 nhóm bệnh, có HPV)", False),
    ("UV", "Uốn ván (VAT)", "T", "0,5 ml tiêm bắp", SCHEDULE, False),
    ("DPT-VGB-HIB-IPV", "6 trong 1 (dịch vụ)", "D, T, P, HepB, Hib, Polio", "0,5 ml tiêm bắp", SERVICE, False),
    ("DPT-IPV-HIB", "DPT-IPV-Hib (5 trong 1 dịch vụ, không có viêm gan B)", "D, T, P, Hib, Polio", "0,5 ml tiêm bắp", SERVICE, False),
    ("DPT-IPV", "DPT-IPV (4 trong 1 dịch vụ)", "D, T, P, Polio", "0,5 ml tiêm bắp", SERVICE, False),
    ("MMR", "Sởi - Quai bị - Rubella (dịch vụ)", "Measles, Mumps, Rubella", "0,5 ml dưới da", SERVICE, False),
    ("CHOLERA", "Tả", "Cholera", "uống", OTHER, False),
    ("TYPHOID", "Thương hàn", "Typhoid", "0,5 ml tiêm bắp", OTHER, False),
    ("FLU", "Cúm mùa", "Influenza", "0,5 ml tiêm bắp", OTHER, False),
    ("RABIES", "Dại", "Rabies", "tiêm bắp hoặc trong da", OTHER, False),
)
SINCE = datetime.date.fromisoformat(str(versions()[0]["valid_from"]))


def vaccine_id(code: str) -> uuid.UUID:
    """The key of a vaccine that the program knows from the start; the same in every home."""
    return uuid.uuid5(SPACE, code)


def install(*, using: str = "default", **_: Any) -> None:
    """Write the vaccines that a database does not have yet; called after every migration. What a station changed stays."""
    if Vaccine._meta.db_table not in connections[using].introspection.table_names():
        return
    rows = Vaccine._default_manager.using(using)
    known = set(rows.values_list("code", flat=True))
    rows.bulk_create(_row(line) for line in LIST if line[0] not in known)


def _row(line: Sequence[Any]) -> Vaccine:
    code, name, antigens, dose, source, verified = line
    return Vaccine(id=vaccine_id(code), code=code, name=name, antigens=antigens, dose=dose, valid_from=SINCE, source=source, verified=verified)


@lru_cache(maxsize=1)
def codes() -> dict[uuid.UUID, str]:
    """Key -> code of the vaccines known from the start, for reading many doses without a join."""
    return {vaccine_id(line[0]): line[0] for line in LIST}
