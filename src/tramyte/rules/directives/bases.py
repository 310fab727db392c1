"""Documents that the opening relies on, and documents that this one amends, replaces or revokes."""

import re
from collections.abc import Iterable

from tramyte.rules.directives.lines import Piece
from tramyte.rules.directives.model import LegalBasis

_KINDS = (
    "Bộ luật|Luật|Pháp lệnh|Nghị quyết liên tịch|Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư liên tịch|Thông tư|Kế hoạch|Chương trình hành động|Chương trình|Công văn|Công điện|"
    "Thông báo kết luận|Thông báo|Kết luận|Tờ trình|Báo cáo|Hướng dẫn|Văn bản|Đề án|Quy định|Giấy mời|Biên bản|Phương án"
)
_SYMBOL = r"\d{1,6}[a-zA-Z]?\s?[-/–]\s?[A-ZĐa-zđƯưÔôÂâ\d&]+(?:[-/–.][A-ZĐa-zđƯưÔôÂâ\d&]+)*"
_DATE = r"(?:(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})|(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>\d{4}))"
REFERENCE = re.compile(rf"(?:(?P<kind>{_KINDS})\s+)?(?<!\w)số\s*:?\s*(?P<number>{_SYMBOL})(?:\s*,?\s*(?:ngày\s+)?{_DATE})?", re.I)
_GLUED = re.compile(r"^(\d+[a-z]?/(?:\d{4}/)?)(QĐ|NQ|NĐ|TTLT|TT|TTr|KH|CT|CTr|TB|CĐ|BC|HD|KL|CV)(UBND|HĐND|CP|TTg|VPCP|B[A-ZĐ]{1,6}|S[A-ZĐ]{1,6}|TU|TW)$")
_OWNER = re.compile(r"\s*,?\s*của\s+(?P<body>[^,;.()“”\"]{3,90})", re.I)
_OPENING = re.compile(r"^(?:-\s*)?(?:Căn cứ|Thực hiện|Thi hành|Theo|Xét|Triển khai|Tiếp theo|Tiếp tục thực hiện|Trên cơ sở|Ngày|Sau khi|Phúc đáp|Ủy ban nhân dân|UBND|Sở Y tế|Để|Nhằm|Bám sát)", re.I)
_BODY_END = re.compile(r"\s+(?:về|ban hành|quy định|sửa đổi|phê duyệt|hướng dẫn|tại|v/v|đính chính|triển khai|ủy ban nhân dân (?=.{0,40}ban hành)|thực hiện|trên|và (?=[A-ZĐ])|giao|trong|năm|có|công bố|khóa|\d)(?!\w)", re.I)
_BEFORE = re.compile(r"(?:đề nghị của|của)\s+(?P<a>[^,;.]{3,70}?)\s+tại\s*$|(?:^|,\s*)(?P<b>[A-ZĐ][^,;.]{2,60}?)\s+(?:đã\s+)?(?:có|ban hành|nhận được)\s*$")
_LEAD_DATE = re.compile(r"[Nn]gày\s+(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}),[^;.]{0,60}$")
_CHANGES = (
    ("replaces", re.compile(r"thay\s+thế(?:\s+cho)?", re.I)),
    ("amends", re.compile(r"sửa\s+đổi(?:,\s*bổ\s+sung)?|bổ\s+sung(?:\s+một\s+số)|điều\s+chỉnh(?:,\s*bổ\s+sung)?", re.I)),
    ("revokes", re.compile(r"bãi\s+bỏ|thu\s+hồi|hủy\s+bỏ|hết\s+hiệu\s+lực", re.I)),
)


def _iso(day: str, month: str, year: str) -> str | None:
    if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return None


def symbol_of(printed: str) -> str:
    """A document's number as it is written: no spaces, plain hyphens, the hyphen that a careless copy lost ("61/2018/NĐCP")."""
    return _GLUED.sub(r"\1\2-\3", re.sub(r"\s+", "", printed).replace("–", "-").rstrip(".-/"))


def legal_bases(opening: Iterable[Piece]) -> list[LegalBasis]:
    """References with a symbol in the paragraphs of the opening, each number once."""
    found: list[LegalBasis] = []
    seen: set[str] = set()
    for piece in opening:
        if not _OPENING.match(piece.text):
            continue
        for match in REFERENCE.finditer(piece.text[:6000]):
            number = symbol_of(match["number"])
            if number in seen or not re.search(r"[A-ZĐ]", number):
                continue
            seen.add(number)
            found.append(_basis(piece, match, number))
    return found


def _basis(piece: Piece, match: re.Match[str], number: str) -> LegalBasis:
    got = match.groupdict()
    before = piece.text[max(0, match.start() - 140):match.start()]
    day, month, year = got["d"] or got["d2"], got["m"] or got["m2"], got["y"] or got["y2"]
    when = _iso(day, month, year) if day and month and year else None
    lead = _LEAD_DATE.search(before)
    if when is None and lead:
        when = _iso(lead["d"], lead["m"], lead["y"])
    owned = _OWNER.match(piece.text, match.end())
    body = owned["body"] if owned else None
    if body:
        end = _BODY_END.search(body)
        body = body[:end.start()] if end else body
    else:
        owner = _BEFORE.search(before)
        body = (owner["a"] or owner["b"]) if owner else None
    kind = got["kind"].lower() if got["kind"] else None
    return LegalBasis(number, when, body.strip() if body else None, kind, piece.span(match.start(), match.end()))


def relations(pieces: Iterable[Piece]) -> dict[str, list[str]]:
    """Numbers of the documents that this one amends, replaces or revokes, as its own clauses say."""
    found: dict[str, list[str]] = {"amends": [], "replaces": [], "revokes": []}
    for piece in pieces:
        text = piece.text[:4000]
        if not re.search(r"(?:này|Điều \d|ban hành|^)", text[:200]) or re.match(r"\(\d+\)|\[\d+\]|Căn cứ", text):
            continue
        for name, pattern in _CHANGES:
            for verb in pattern.finditer(text):
                if name == "amends" and not re.match(r"(?:Điều|Quyết định này|Kế hoạch này|Nghị quyết này|Sửa đổi|Điều chỉnh)", text):
                    continue
                tail = text[verb.end():verb.end() + 260]
                stop = re.search(r"[.;]\s", tail)
                for match in REFERENCE.finditer(tail[:stop.start()] if stop else tail):
                    number = symbol_of(match["number"])
                    if number not in found[name]:
                        found[name].append(number)
    return found
