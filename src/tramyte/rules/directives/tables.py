"""Tables of assignments and of targets: what the columns mean, and what each row says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tramyte.rules.directives import units
from tramyte.rules.directives.lines import Piece
from tramyte.rules.directives.targets import amount

_ROLES = (
    ("help", r"phối hợp"),
    ("lead", r"chủ trì|(?:cơ quan|đơn vị|bộ phận|người) (?:thực hiện|phụ trách|tham mưu|đầu mối)|trách nhiệm|phân công"),
    ("time", r"thời (?:gian|hạn)|hoàn thành|tiến độ|hạn"),
    ("product", r"sản phẩm|kết quả|đầu ra|ghi chú|kinh phí|số hiệu"),
    ("measure", r"đơn vị tính|đvt"),
    ("year", r"(?:năm|kế hoạch|mục tiêu|chỉ tiêu)\s*(?:năm\s*|đến năm\s*)?20\d\d|^20\d\d$"),
    ("goal", r"chỉ tiêu|tiêu chí|mục tiêu"),
    ("work", r"nội dung|nhiệm vụ|công việc|hoạt động|tên đề án|giải pháp|việc"),
    ("order", r"^(?:stt|tt|số tt|số thứ tự)$"),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; `years` maps a column to its year."""

    roles: dict[str, int]
    years: dict[int, int]

    @property
    def assigns(self) -> bool:
        """Whether rows are tasks."""
        return "work" in self.roles and ("lead" in self.roles or "time" in self.roles)

    @property
    def aims(self) -> bool:
        """Whether rows are targets."""
        return bool(self.years) and ("goal" in self.roles or "work" in self.roles)


def header(cells: Sequence[Piece]) -> Columns | None:
    """The meaning of a heading row, or None when the row is none."""
    roles: dict[str, int] = {}
    years: dict[int, int] = {}
    for i, cell in enumerate(cells):
        text = cell.text.lower().strip(" .:")
        if not text or len(text) > 70:
            continue
        for role, pattern in _ROLES:
            if re.search(pattern, text):
                if role == "year":
                    years[i] = int(re.findall(r"20\d\d", text)[-1])
                elif role not in roles:
                    roles[role] = i
                break
    found = Columns(roles, years)
    return found if len(roles) >= 2 and (found.assigns or found.aims) else None


def cell(cells: Sequence[Piece], columns: Columns, role: str) -> Piece | None:
    """The cell of a role in a row, None when it is absent or empty."""
    i = columns.roles.get(role)
    return cells[i] if i is not None and i < len(cells) and cells[i].text.strip(" -") else None


def named(piece: Piece | None) -> list[str]:
    """Units of a cell."""
    return units.split_units(re.sub(r"\s*[-+•]\s+", "; ", piece.text).strip(" ;.")) if piece else []


def figures(cells: Sequence[Piece], columns: Columns) -> list[tuple[Piece, str, float | int, str | None, int]]:
    """Targets of a row: name cell, comparator, value, unit, year."""
    name = cell(cells, columns, "goal") or cell(cells, columns, "work")
    unit = cell(cells, columns, "measure")
    found: list[tuple[Piece, str, float | int, str | None, int]] = []
    for i, year in columns.years.items():
        text = cells[i].text.strip() if i < len(cells) else ""
        value = re.fullmatch(r"(?P<c>[≥≤<>~]=?|trên|dưới|từ|tối thiểu|ít nhất)?\s*(?P<n>\d+(?:\.\d{3})*(?:[.,]\d+)?)\s*(?P<u>%|‰)?(?:\s*trở lên)?", text, re.I)
        if not value or not name:
            continue
        mark = (value["c"] or "").lower()
        comparator = {"≥": ">=", ">=": ">=", "từ": ">=", "tối thiểu": ">=", "ít nhất": ">=", "≤": "<=", "<=": "<=", "<": "<", "dưới": "<", ">": ">", "trên": ">", "~": "~"}.get(mark, "=")
        found.append((name, ">=" if text.endswith("trở lên") else comparator, amount(value["n"]), value["u"] or (unit.text if unit else None), year))
    return found
