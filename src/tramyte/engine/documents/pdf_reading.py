"""The text of a PDF file in the order a person reads it.

Positions come from pdfium, the order from `pdf_layout`.
"""

import ctypes
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tramyte.engine.documents import sniffing
from tramyte.engine.documents.pdf_layout import Line, Word, lines_of
from tramyte.engine.documents.pdf_tables import Rules, ruled_tables
from tramyte.engine.refused import Refused

MAX_PAGES = 500
_LOCK = threading.Lock()  # pdfium is not safe to call from two threads at once
_PAGE_NUMBER = re.compile(
    r"^(?:[-–(\s]*\d{1,3}[-–)\s]*|trang\s*:?\s*\d{1,3}(?:\s*[/|]\s*\d{1,3})?|\d{1,3}\s*/\s*\d{1,3})$", re.I
)
_BROKEN = re.compile(r"\w[-/]$")
_MARK = re.compile(
    r"\[\d+\]|[-–+•*]\s|\d+(?:\.\d+)*[.)]\s|[a-zđ][)]\s|[IVX]+\.\s|(?:Điều|Chương|Mục) [\dIVX]+\b"
)
_ENDED = re.compile(r"[.;:!?]\W*$")
_LINE_HYPHENS = "\x02\ufffe\u00ad"  # what pdfium makes of a hyphen at the end of a line
_PASSWORD = 4  # FPDF_ERR_PASSWORD


@dataclass
class Page:
    """What a page holds: words, ruled lines, and whether there is an image."""

    words: list[Word]
    rules: Rules
    has_image: bool
    height: float
    width: float


Segment = Sequence[Line | str]


def read_pdf(name: str, content: bytes) -> str:
    """The text of a PDF, columns read one after the other, ruled tables row by row with " | " between cells.

    Wrapped lines are joined to paragraphs. Page numbers and headers repeated on the pages are left out; a
    larger gap between lines becomes an empty line. A page that is only an image leaves a line that says so.
    Refused: file_password, file_damaged, file_scanned, file_too_large.
    """
    with _LOCK:
        pages = _pages(name, content)
    letters = sum(len(word.text) for page in pages for word in page.words)
    if letters < 20:
        raise Refused(
            "file_scanned",
            f"Tệp {sniffing.short(name)} là bản chụp, không có chữ để đọc. "
            "Hãy xin tệp .docx hoặc .pdf xuất từ Word, hoặc gõ nội dung chính vào ô.",
        )
    _drop_margins(pages)
    return "\n".join(_paragraphs(_segments(pages)))


def _segments(pages: list[Page]) -> list[Segment]:
    """What the pages hold in reading order:
    runs of lines, and lines of tables or notices that stand as they are.
    """
    found: list[Segment] = []
    columns = False
    for number, page in enumerate(pages, 1):
        if page.words:
            edge = max(word.x1 for other in pages if other.width == page.width for word in other.words)
            columns = _add_page(found, page, edge, columns)
        elif page.has_image:
            found.append(["", f"[Trang {number} là ảnh, chưa đọc được chữ.]", ""])
    return found


def _pages(name: str, content: bytes) -> list[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower()
        raise (sniffing.locked(name) if locked else sniffing.damaged(name)) from error
    try:
        if len(document) > MAX_PAGES:
            raise Refused(
                "file_too_large",
                f"Tệp {sniffing.short(name)} có {len(document)} trang, vượt mức {MAX_PAGES}. Hãy tách tệp rồi tải lại.",
            )
        return [_page(document[at]) for at in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise sniffing.damaged(name) from error
    finally:
        document.close()


def _page(page: Any) -> Page:
    import pypdfium2.raw as pdfium

    height = page.get_height()
    text_page = page.get_textpage()
    words = list(_words(text_page, height))
    rules = Rules([], [])
    has_image = False
    for item in page.get_objects(max_depth=3):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            has_image = True
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = item.get_bounds()
            rules.add(left, height - top, right, height - bottom)
    width = page.get_width()
    text_page.close()
    page.close()
    return Page(words, rules, has_image, height, width)


def _words(text_page: Any, height: float) -> Iterator[Word]:
    """Words in the file's order: parted at blanks and where the pen jumps."""
    import pypdfium2.raw as pdfium

    letters: list[str] = []
    box: list[float] = []
    base = 0.0
    for at in range(text_page.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text_page.raw, at))
        letter = "-" if letter in _LINE_HYPHENS else letter
        blank = letter.isspace() or not letter.isprintable()
        left, bottom, right, top = (0.0, 0.0, 0.0, 0.0) if blank else text_page.get_charbox(at, loose=True)
        now = [left, height - top, right, height - bottom]
        if letters and (blank or _jumps(box, now)):
            yield Word("".join(letters), box[0], box[2], box[1], box[3], base)
            letters, box = [], []
        if blank:
            continue
        if letters:
            now = [min(box[0], now[0]), min(box[1], now[1]), max(box[2], now[2]), max(box[3], now[3])]
        else:
            base = _base(text_page, at, height)
        box = now
        letters.append(letter)
    if letters:
        yield Word("".join(letters), box[0], box[2], box[1], box[3], base)


def _base(text_page: Any, at: int, height: float) -> float:
    """The height at which a letter is written; boxes differ from letter to letter, this does not."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page.raw, at, x, y)
    return height - y.value


def _jumps(box: Sequence[float], now: Sequence[float]) -> bool:
    """The next letter does not go on where the word in `box` ends; both are left, top, right, bottom."""
    size = max(box[3] - box[1], 1.0)
    beside = now[0] > box[2] + size * 0.35 or now[0] < box[0] - size
    return beside or now[1] > box[3] or now[3] < box[1]


def _drop_margins(pages: list[Page]) -> None:
    """Takes page numbers and running headers off the first and the last line of every page."""
    for last in (False, True):
        ends = [_end_line(page, last) for page in pages]
        shapes = [re.sub(r"\d+", "#", " ".join(w.text for w in words)) for words in ends]
        for page, words, shape in zip(pages, ends, shapes, strict=True):
            text = " ".join(word.text for word in words)
            outside = words and (words[0].bottom < page.height * 0.12 or words[0].top > page.height * 0.88)
            repeated = len(pages) >= 3 and len(shape) > 3 and shapes.count(shape) * 5 >= len(pages) * 3
            if outside and (repeated or _PAGE_NUMBER.match(text)):
                dropped = set(map(id, words))
                page.words = [word for word in page.words if id(word) not in dropped]


def _end_line(page: Page, last: bool) -> list[Word]:
    if not page.words:
        return []
    edge = max(page.words, key=lambda w: w.bottom) if last else min(page.words, key=lambda w: w.top)
    middle = (edge.top + edge.bottom) / 2
    return sorted((w for w in page.words if w.top < middle < w.bottom), key=lambda w: w.x0)


def _add_page(found: list[Segment], page: Page, edge: float, columns: bool) -> bool:
    """Adds the page's segments; gives whether this page or one before it is set in columns of running
    text.
    """
    rest = page.words
    for table in [*sorted(ruled_tables(page.words, page.rules), key=lambda t: t.top), None]:
        above = rest if table is None else [w for w in rest if w.top < table.top and id(w) not in table.used]
        lines = lines_of(above, columns, edge)
        columns = columns or _went_back(lines)
        if lines:
            found.append(lines)
        if table is not None:
            rest = [w for w in rest if id(w) not in table.used and w.top >= table.top]
            found.append(["", *table.lines, ""])
    return columns


def _went_back(lines: list[Line]) -> bool:
    """A line that stands higher than the one before it begins a new column;
    letterheads do so once, near the top.
    """
    jumps = [a.bottom - b.top for a, b in pairwise(lines) if b.top < a.top]
    return any(jump > 150 for jump in jumps)


def _paragraphs(segments: list[Segment]) -> list[str]:
    """Paragraphs: wrapped lines joined, an empty line where the gap is clearly wider than usual or a column
    begins.
    """
    pitches = sorted(
        line.base - above.base
        for segment in segments
        for above, line in pairwise(segment)
        if isinstance(above, Line) and isinstance(line, Line) and line.base > above.base
    )
    widest = pitches[len(pitches) * 3 // 10] * 1.14 if pitches else 0.0
    out: list[str] = []
    above: Line | None = None
    for segment in segments:
        for at, line in enumerate(segment):
            if isinstance(line, str):
                out.append(line)
                above = None
                continue
            pitch = line.base - above.base if at and above else -1.0
            _add_line(out, above, line, pitch, widest)
            above = line
    return out


def _add_line(out: list[str], above: Line | None, line: Line, pitch: float, widest: float) -> None:
    if above is not None and pitch <= widest and _goes_on(above, line, out[-1], pitch < 0):
        # Vietnamese is never hyphenated: a word cut after "-" or "/" ("25-", "109-KH/") goes on without a
        # blank.
        out[-1] += line.text if _BROKEN.search(out[-1]) else f" {line.text}"
        return
    if out and (pitch > widest or pitch < 0):
        out.append("")
    out.append(line.text)


def _goes_on(above: Line, line: Line, text: str, elsewhere: bool) -> bool:
    """The line above was wrapped: this line's first word had no room left in it. Items of lists and lines in
    capitals begin anew.

    elsewhere: this line begins another column or page; then a finished sentence is taken for a finished
    paragraph.
    """
    if not text or _MARK.match(line.text) or line.text.isupper() or above.text.isupper():
        return False
    full = line.first + 0.2 * (above.bottom - above.top) > above.edge - above.x1
    if elsewhere:
        return full and not _ENDED.search(text)
    if _BROKEN.search(text):
        return True
    return (
        full and above.edge == line.edge and (line.x0 <= above.x0 + 3 or _MARK.match(above.text) is not None)
    )


def count_pages(content: bytes) -> int:
    """How many pages a PDF of our own has."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(content)
        try:
            return len(document)
        finally:
            document.close()
