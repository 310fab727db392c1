"""The text as physical lines and joined paragraphs, every character still knowing its place in the source."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tramyte.rules.directives.model import Span

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# A year alone is the end of a broken line ("GIAI ĐOẠN 2019 -" / "2020"), not a page.
_PAGE = re.compile(r"^(?:(?!(?:19|20)\d\d$)[-–—~(\s]*\d{1,4}[-–—~)\s]*|(?:Trang|trang|Page)\s*\d+(?:\s*/\s*\d+)?)$")
_RULE = re.compile(r"^[-_=.*~—–…\s|+:]{3,}$|^[-_—–|*]{1,2}$")
_SITE = re.compile(
    r"^(?:https?://|www\.)\S*$|^# SOURCE|^(?:Ký bởi|Người ký|Ngày ký|Thời gian ký|Email|Cơ quan|Tổ chức xác thực)\s*:.*"
    r"(?:@|\+07|\d{2}:\d{2}|gov\.vn)|^(?:Ảnh|Nguồn|Tin, ảnh|Tác giả|Lượt xem|Bản in|In bài viết|Chia sẻ)\b\s*:?[^.]{0,60}$"
    r"|^(?:Trang chủ|Tin liên quan|Các tin khác|Tin cùng chuyên mục|Quay lại|Đọc bài viết)\b.{0,60}$",
    re.I,
)
_PART = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*$")
_SPACE = frozenset(" \t\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000")
_DROPPED = frozenset("*|\u200b\u200c\u200d\ufeff\\")
# Readers of PDF give a plain hyphen as a soft one: "QĐ\xadUBND"; Vietnamese words are never broken.
_SOFT_HYPHEN = "\xad"
_UNCLEAN = re.compile("[*|\u200b\u200c\u200d\ufeff\xad\\\\\x00-\x1f\xa0\u2000-\u200a\u202f\u3000]|  ")
MARK = re.compile(
    r"(?P<part>(?:PHẦN|Phần)\s+(?:THỨ|thứ)?\s*\w{1,5}\b[.:]?|(?:CHƯƠNG|Chương)\s+(?:[IVXL]+|\d+)\b[.:]?|MỤC\s+(?:[IVXL]+|\d+)\b[.:]?)"
    r"|(?P<article>Điều\s+\d{1,3}[a-z]?\s*[.:])"
    r"|(?P<roman>(?:[IVX]{1,5}|[IVX]+\.\d{1,2})\s*(?:[.)](?=\s*\S)|[/:]\s|\s-\s)(?=\s*\S))"
    r"|(?P<capital>[A-HĐ]\s*[.)/](?=\s))"
    r"|(?P<multi>\d{1,2}(?:\.\d{1,2}){1,4}(?:[.)]?\s+(?=[^\W\d])|[.)](?=[^\W\d])))"
    r"|(?P<number>\d{1,2}\s*\.(?=\s*[^\W\d]|\s+\S)|\d{1,2}\s*/\s(?=\S))"
    r"|(?P<paren>\(?\d{1,2}\s*\)(?=\s*\S))"
    r"|(?P<letter>[a-zđ]\s*(?:\)|\.(?=\s))(?=\s*\S)|[a-zđ]\.\d\s*[.)])"
    r"|(?P<dash>[-–—−‒](?=\s*\S))"
    r"|(?P<plus>\+(?=\s*\S))"
    r"|(?P<star>[•●▪◦§❖➢✓∗·\uf0b7\uf02d\uf0a7](?=\s*\S))"
)
_OPEN_END = re.compile(
    r"(?:^|\s)(?:của|và|các|những|về|tại|do|theo|số|với|cho|là|đến|từ|trong|trên|ngày|tháng|năm|để|bằng|hoặc|được|không|Ủy ban|"
    r"nhân dân|quy định tại|Luật|Sở|Bộ|UBND|Công an|đồng chí|Quyết định|Nghị quyết|Kế hoạch|Nghị định|Thông tư|Chỉ thị|việc|thực hiện)$|[,(–“/]$| -$"
)
_SPLIT_NAME = re.compile(r"^[-–]\s*(?:[Xx]ã hội\b|XÃ HỘI\b|Thương binh|\d{4}\b|NQ/|CT/|KL/|QĐ/)")


_SECTION = re.compile(r"(?:\S{1,5}\s+)?(?:Tổ chức|Kế hoạch|Kinh phí|Nguồn kinh phí|Thời gian|Địa điểm|Tiến độ|Giải pháp|Trách nhiệm|Nội dung|Lộ trình)(?: tổ chức| triển khai)? thực hiện")
_FIGURE = re.compile(r"(?:[≥≤<>]\s*)?\d+(?:[.,]\d+)*\s*(?:%|‰|/1[.\d]*0)")
_BULLETS = ("letter", "dash", "plus", "star", "paren")
_PROPER = re.compile(r"(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]*\s?){1,4}$")
_FRESH = re.compile(r"(?:Trên đây|Yêu cầu|Đề nghị|Giao |Trong quá trình|Nhận được|Căn cứ|Trên cơ sở|Văn phòng)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Cleaned text; `at[i]` is the offset of its character i in the source."""

    text: str
    at: Sequence[int]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where the slice stands in the source."""
        stop = len(self.text) if end is None else end
        if stop <= start or not self.at:
            place = self.at[min(start, len(self.at) - 1)] if self.at else 0
            return place, place
        return self.at[start], self.at[stop - 1] + 1

    def cut(self, start: int, end: int | None = None) -> "Piece":
        """The slice without the white space around it."""
        stop = len(self.text) if end is None else min(end, len(self.text))
        while start < stop and self.text[start].isspace():
            start += 1
        while stop > start and self.text[stop - 1].isspace():
            stop -= 1
        return Piece(self.text[start:stop], self.at[start:stop])


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line: its cleaned text, its columns (tabs, bars or wide gaps) and whether a blank line precedes it."""

    piece: Piece
    columns: tuple[Piece, ...]
    table: bool
    gap: bool


def bare(text: str) -> str:
    """The letters without their marks, as careless scans print capitals ("THONG BAO")."""
    return "".join(ch for ch in unicodedata.normalize("NFD", text) if not unicodedata.combining(ch)).replace("đ", "d").replace("Đ", "D")


def normalize(text: str) -> str:
    """NFC with every line break as a line feed; nothing is removed."""
    return unicodedata.normalize("NFC", _BREAKS.sub("\n", text))


def clean(raw: str, start: int) -> Piece:
    """Marks of emphasis removed and white space made single; `start` is the offset of `raw` in the source."""
    if not _UNCLEAN.search(raw):
        plain = raw.strip(" ")
        first = start + len(raw) - len(raw.lstrip(" "))
        return Piece(plain, range(first, first + len(plain)))
    chars: list[str] = []
    at: list[int] = []
    for i, ch in enumerate(raw):
        if ch in _DROPPED or (ord(ch) < 32 and ch != "\t"):
            continue
        if ch == _SOFT_HYPHEN:
            ch = "-"
        elif ch in _SPACE:
            if not chars or chars[-1] == " ":
                continue
            ch = " "
        chars.append(ch)
        at.append(start + i)
    if chars and chars[-1] == " ":
        chars.pop()
        at.pop()
    return Piece("".join(chars), at)


def join(pieces: Iterable[Piece]) -> Piece:
    """Pieces in a row with one space between them."""
    chars: list[str] = []
    at: list[int] = []
    for piece in pieces:
        if not piece.text:
            continue
        if chars:
            chars.append(" ")
            at.append(piece.at[0])
        chars.append(piece.text)
        at.extend(piece.at)
    return Piece("".join(chars), at)


_BAR, _TAB, _WIDE = re.compile(r"\|"), re.compile(r"\t"), re.compile(r" {3,}")


def _columns(raw: str, start: int, piece: Piece) -> tuple[tuple[Piece, ...], bool]:
    """The cells of a line, and whether bars or tabs make it a table row; `piece` is the whole line, cleaned."""
    if "|" not in raw and "\t" not in raw and "   " not in raw:
        return (piece,), False
    bars = raw.count("|")
    if bars >= 2 or (bars == 1 and raw.strip()[:1] not in "|" and raw.strip()[-1:] != "|"):
        cells, table = _pieces(raw, start, _BAR), True
        inner = cells[1 if raw.lstrip().startswith("|") else 0:]
        cells = inner[:-1] if raw.rstrip().endswith("|") else inner
    elif "\t" in raw.strip():
        cells, table = _pieces(raw, start, _TAB), True
    else:
        cells, table = _pieces(raw, start, _WIDE), False
        cells = [cell for cell in cells if cell.text]
    return tuple(cells), table and len(cells) > 1


def _pieces(raw: str, start: int, separator: re.Pattern[str]) -> list[Piece]:
    found, last = [], 0
    for gap in separator.finditer(raw):
        found.append(clean(raw[last:gap.start()], start + last))
        last = gap.end()
    found.append(clean(raw[last:], start + last))
    return found


def _bullet_star(raw: str) -> str:
    """A single leading asterisk is a bullet, not emphasis."""
    body = raw.lstrip(" \t\xa0|")
    if body.startswith("* ") and body.count("*") % 2:
        place = raw.index("*")
        return raw[:place] + "•" + raw[place + 1:]
    if body.startswith("#"):
        bare = body.lstrip("#")
        return raw[: len(raw) - len(body)] + " " * (len(body) - len(bare)) + bare
    return raw


def physical(text: str) -> list[Line]:
    """Lines that say something: blank lines, rules, page numbers, sites and running heads are left out.

    After a lone "STT" bare numbers stay: they may count the rows of a table (`cells.gathered` drops the others).
    """
    found: list[Line] = []
    offset, gap, stacked = 0, False, False
    parting = _web_tail(text)
    for raw in text[:parting].split("\n"):
        start, offset = offset, offset + len(raw) + 1
        marked = _bullet_star(raw)
        piece = clean(marked, start)
        stacked = stacked or piece.text in ("STT", "TT")
        if not piece.text or ("--" in raw and _TABLE_RULE.match(raw[:400])) or (len(piece.text) < 200 and _is_debris(piece.text) and not (stacked and piece.text.isdigit())):
            gap = gap or not piece.text
            continue
        columns, table = _columns(marked, start, piece)
        found.append(Line(piece, columns, table, gap))
        gap = False
    return _without_running_heads(_whole_words(_real_gaps(found)))


_TAIL = re.compile(r"^[ \t]*(?:(?:Các )?(?:[Tt]in|[Bb]ài viết|[Vv]ăn bản)(?: bài)? (?:liên quan|khác|mới hơn|cũ hơn|mới nhất)|Tin cùng chuyên mục|Các tin khác|Ý kiến bạn đọc|Bình luận)[ \t:]*$", re.M)
_GOES_ON = re.compile(r"^\W*(?:PHỤ LỤC|Phụ lục|KẾ HOẠCH|Nơi nhận|NƠI NHẬN|(?:TM|KT)\.)", re.M)


def _web_tail(text: str) -> int:
    """Where the links below a document on a web page begin; the end of the text when there are none."""
    for found in _TAIL.finditer(text, len(text) // 2):
        if not _GOES_ON.search(text, found.end()):
            return found.start()
    return len(text)


def _real_gaps(lines: list[Line]) -> list[Line]:
    """Where nearly every line is followed by a blank one, blank lines separate nothing."""
    if sum(line.gap for line in lines) < 0.8 * len(lines) or len(lines) < 12 or not _broken(lines):
        return lines
    return [Line(line.piece, line.columns, line.table, False) for line in lines]


def _broken(lines: Sequence[Line]) -> bool:
    """Whether lines were cut by a printer: some begin in the middle of a sentence."""
    inside = sum(line.piece.text[:1].islower() and not MARK.match(line.piece.text) for line in lines)
    if inside and all(len(line.piece.text) <= 110 for line in lines):
        return True
    return inside >= 2 and inside * 20 >= len(lines)


_ALONE = re.compile(r"(?:(?!S?TT$)[A-ZĐÀ-Ỹ]{2,7}|Số\s*:?|Nơi|(?:TM|KT|TL|TUQ)\.)$")


def _whole_words(lines: list[Line]) -> list[Line]:
    """Web copies break a line after its first word ("ỦY" / "BAN NHÂN DÂN"); the two are one line."""
    found: list[Line] = []
    for line in lines:
        if found and not line.table and not found[-1].table and _ALONE.match(found[-1].piece.text) and not line.gap:
            piece = join((found[-1].piece, line.piece))
            found[-1] = Line(piece, (piece,), False, found[-1].gap)
        else:
            found.append(line)
    return found


def _is_debris(text: str) -> bool:
    part = _PART.fullmatch(text) if "/" in text else None
    if part and int(part[1]) <= int(part[2]):
        return True
    return bool(_PAGE.match(text) or _RULE.match(text) or _SITE.match(text))


def _without_running_heads(lines: list[Line]) -> list[Line]:
    """Drops the later copies of a short line that returns at least three times and is no item or label."""
    seen = Counter(line.piece.text for line in lines if not line.table and 12 < len(line.piece.text) < 100)
    kept, met = [], set()
    for line in lines:
        text = line.piece.text
        label = MARK.match(text) or ":" in text or text[-1:] in ".;,"
        if seen.get(text, 0) >= 3 and not label and line.gap:
            if text in met:
                continue
            met.add(text)
        kept.append(line)
    return kept


def wrap_width(lines: Sequence[Line]) -> int:
    """The usual length of a full line when the text was broken by hand or by a printer, else 0."""
    if not _broken(lines):
        return 0
    lengths = sorted(len(line.piece.text) for line in lines if not line.table)
    if len(lengths) < 6 or lengths[-1] > 220:
        longest = [n for n in lengths if n > 150]
        if len(lengths) < 6 or len(longest) * 10 > len(lengths):
            return 0
    return lengths[int(len(lengths) * 0.9)] if lengths[int(len(lengths) * 0.9)] >= 45 else 0


def terminated(lines: Sequence[Line]) -> bool:
    """Whether bullets of this document end with a mark, so that one without it goes on in the next line."""
    ends = []
    for above, line in pairwise(lines):
        text, mark, mine = above.piece.text, MARK.match(line.piece.text), MARK.match(above.piece.text)
        if mark and mark.lastgroup in _BULLETS and len(text) > 12 and (not mine or mine.lastgroup in _BULLETS):
            ends.append(text[-1] in ".;:,")
    return len(ends) >= 4 and sum(ends) >= 0.75 * len(ends)


def continues(before: str, line: Line, width: int, opening: str = "") -> bool:
    """Whether the line goes on with the sentence that `before` left open.

    `opening` is the first line of the paragraph in a document whose bullets end with marks, else "".
    """
    text = line.piece.text
    if _broken_name(before, text, opening):
        return True
    if MARK.match(text) and not (text[:1].isdigit() and _OPEN_END.search(before[-30:])):
        return False
    first = text[:1]
    if before.endswith(("./.", "/.", ":")) and not first.islower():
        return before[-1] == ":" and bool(width) and bool(_FIGURE.match(text)) and _full(before, text, width, 0.93)
    if first.islower() or (first in "(),%“\"" and before[-1:] not in ".:;"):
        return not before.endswith("./.")
    if before[-1:] in ".;!?…":
        plain = before[-1:] == "." and not line.gap and not _FRESH.match(text)
        return plain and bool(width) and _full(before, text, width, 0.93)
    return first.isdigit() or (bool(_OPEN_END.search(before[-30:])) and not _SECTION.fullmatch(before)) or (bool(width) and _full(before, text, width, 0.86))


def _broken_name(before: str, text: str, opening: str) -> bool:
    """A name cut in two by a line break, or a bullet without its closing mark where all others have one."""
    ended = before[-1:] in ".;:!?"
    if ended or text.upper() == text:
        return False
    if _SPLIT_NAME.match(text):
        return True
    begun = MARK.match(opening)
    if begun and begun.lastgroup in _BULLETS and not MARK.match(text):
        return True
    return bool(len(text) < 30 and before[-1:] != "," and _PROPER.match(text) and MARK.match(opening or before))


def _full(before: str, text: str, width: int, share: float) -> bool:
    """Whether the first word of the next line would not have fitted on the line before."""
    return len(before) + 1 + len(text.split(" ", 1)[0]) > share * width
