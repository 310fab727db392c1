"""The technique catalogue read from a file: our own short one, or the long one of the Ministry."""

import datetime
from pathlib import Path

from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean, fold
from tramyte.station.techniques.actions import load_techniques
from tramyte.station.techniques.models import TechniqueList

SHORT = Path(__file__).with_name("catalogue.csv")
SHORT_NAME = "Danh mục kỹ thuật rút gọn của trạm y tế xã"
SHORT_SOURCE = "Tự soạn theo danh mục kỹ thuật thường làm ở xã, chưa đối chiếu văn bản gốc"

# What the columns are called in the lists that circulate; the first that is there counts.
CODES = ("ma", "code", "ma ky thuat", "ma dvkt", "ma dvkt qd7603", "ma tuong duong", "ma tt23", "ma tt43")
NAMES = ("ten", "name", "ten ky thuat", "ten dvkt", "danh muc ky thuat", "ten dich vu")
GROUPS = ("nhom", "group", "chuyen khoa", "chuong")


def load_file(
    *, by: User, name: str, content: bytes, source: str = "", valid_from: datetime.date | None = None,
) -> tuple[TechniqueList, int]:
    """A new version of the catalogue from a .csv or .xlsx file; see `load_techniques`. Raises Refused."""
    lines = read_lines(name, content)
    return load_techniques(
        by=by, lines=lines, name=Path(name).stem, source=source or f"Tệp {name}, chưa đối chiếu văn bản gốc", valid_from=valid_from)


def load_short(*, by: User, valid_from: datetime.date | None = None) -> tuple[TechniqueList, int]:
    """The short catalogue that ships with the program."""
    lines = read_lines(SHORT.name, SHORT.read_bytes())
    return load_techniques(by=by, lines=lines, name=SHORT_NAME, source=SHORT_SOURCE, valid_from=valid_from)


def read_lines(name: str, content: bytes) -> list[tuple[str, str, str]]:
    """(code, name, group) of each line, each code once. Raises Refused, naming the column or the line at fault."""
    from tramyte.engine.documents.spreadsheet import read_table

    sheet = read_table(name, content, known=[*CODES, *NAMES, *GROUPS])
    by_name = {fold(heading): heading for heading in sheet.headings}
    code, words, group = (next((by_name[text] for text in known if text in by_name), "") for known in (CODES, NAMES, GROUPS))
    if not code or not words:
        raise Refused("missing_heading", f"Tệp {name} thiếu cột mã hoặc cột tên kỹ thuật. Hãy đặt tiêu đề cột là “Mã”, “Tên kỹ thuật”, “Nhóm”.")
    lines: dict[str, tuple[str, str, str]] = {}
    for row in sheet.rows:
        key, title = clean(row.cells[code]), clean(row.cells[words])
        if not key or not title:
            raise Refused("missing_cell", f"Tệp {name}, dòng {row.number_in_file}: thiếu mã hoặc tên kỹ thuật. Hãy điền đủ rồi nạp lại.")
        if len(key) > 20:
            raise Refused("long_code", f"Tệp {name}, dòng {row.number_in_file}: mã “{key[:30]}” dài quá 20 ký tự. Hãy kiểm tra lại cột mã.")
        lines.setdefault(key, (key, title[:300], clean(row.cells[group])[:150] if group else ""))
    return list(lines.values())
