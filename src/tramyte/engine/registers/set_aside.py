"""Lines of a list that are no line of the book: totals, titles of groups, the signature block at its end."""

import re
from collections.abc import Mapping, Sequence
from statistics import median

from tramyte.engine.documents.spreadsheet import Row
from tramyte.rules.text import fold

TAIL = 25  # rows from the end in which a signature block is looked for
UNITS = r"(nguoi|ho|khau|nhan khau|the|dong|truong hop|luot|doi tuong|tre|ca)"
TOTAL = re.compile(rf"(tong|cong|tong cong|tong so|cong tong|tong cong so|cong don|luy ke|cong trang|mang sang)( so)?( {UNITS})?( [\d ]+)?( {UNITS})?")
SIGNED = re.compile(
    r"(.* )?ngay ?\d{0,2} ?thang ?\d{0,2} ?nam ?\d{0,4}|(nguoi|can bo|chuyen vien|cong chuc) (lap|tong hop|kiem tra|ghi|nhap|duyet)( .*)?|thu truong( .*)?"
    r"|(pho )?truong (tram|phong|thon|ban|khoa|cong an|xom|khu|ap|to)( .*)?|(pho )?(giam doc|chu tich)( .*)?|(tm|kt|tl|tuq) .*|cong an (xa|phuong|tinh|huyen|thi tran)( .*)?"
    r"|ky( va)? (ghi )?ro( .*)?|ky( va)? dong dau( .*)?|ky ten( .*)?|ke toan( .*)?|xac nhan .*|dai dien .*")


def told_apart(rows: Sequence[Row], texts: Mapping[int, int]) -> dict[int, str]:
    """Number of the row -> the sentence that says why it is no line of the book.

    texts: for each row's number, how many of its matched cells are filled.
    """
    usual = median(texts.values()) if texts else 0
    found = {row.number_in_file: sentence for row in rows if (sentence := _alone(row, texts.get(row.number_in_file, 0), usual))}
    tail = list(rows[-TAIL:])
    thin = len(tail)
    while thin and texts.get(tail[thin - 1].number_in_file, 0) * 2 < max(usual, 2) + 1:
        thin -= 1
    begins = next((at for at in range(thin, len(tail)) if any(SIGNED.fullmatch(text) for text in _folded(tail[at]))), None)
    if begins is not None:
        found |= {row.number_in_file: "Phần ký tên ở cuối danh sách." for row in tail[begins:] if row.number_in_file not in found}
    return found


def _alone(row: Row, filled: int, usual: float) -> str:
    """Why a row by itself is no line: a total, or a title over several columns."""
    if filled * 2 > usual + 1 and filled > 2:
        return ""
    written = _folded(row)
    if any(TOTAL.fullmatch(text) for text in written[:2]):
        return "Dòng tổng cộng."
    if row.wide and len(written) == 1:
        return "Dòng tiêu đề của một nhóm (ô gộp ngang nhiều cột)."
    return ""


def _folded(row: Row) -> list[str]:
    """The texts of a row, folded."""
    return [folded for text in row.cells.values() if text and (folded := fold(text))]


def shown(row: Row) -> str:
    """The row in short, for the page."""
    return " · ".join(dict.fromkeys(text for text in row.cells.values() if text))[:120]
