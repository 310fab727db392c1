"""The model of an administrative document in the layout of Nghị định 30/2020/NĐ-CP, annex I.

`word.render_docx` and `pdf.render_pdf` print it; both show the same content in the same order.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOTTO_STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DRAFT = "DỰ THẢO"
SOURCES_TITLE = "Nguồn số liệu"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True)
class Figure:
    """A number in running text or in a cell with the list it came from.

    text: as printed ("158/171"). source: a sentence naming the list ("Danh sách trẻ dưới 1 tuổi, tính đến
    02/06/2026"); equal sources share one reference "[1]", numbered in order of appearance.
    """

    text: str
    source: str


@dataclass(frozen=True)
class Bold:
    """Words in bold within a text."""

    text: str


Run = str | Figure | Bold
Text = str | tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1, 2 or 3: "I. KẾT QUẢ" and "1. Chỉ tiêu" bold, "a) Tiêm chủng" bold italic."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, justified, first line indented."""

    text: Text


@dataclass(frozen=True)
class Bullets:
    """Items, each printed as a paragraph that begins with "- "."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A ruled table.

    columns: headings. rows: as many cells as columns each. widths: relative widths, as many as columns, empty
    for equal. align: one letter a column, "l" left, "c" centre, "r" right; empty for all left. total: the
    last row, bold, or empty. caption: a line above, note: a line below, both may be empty. Raises ValueError
    when the counts do not agree.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...] = ()
    align: str = ""
    total: tuple[Text, ...] = ()
    caption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        count = len(self.columns)
        rows = [*self.rows, *([self.total] if self.total else [])]
        if not count or any(len(row) != count for row in rows):
            raise ValueError("Every row of a table needs as many cells as there are columns.")
        if (self.widths and len(self.widths) != count) or (self.align and len(self.align) != count):
            raise ValueError("Widths and alignments of a table need one entry for each column.")
        if set(self.align) - set("lcr") or any(width <= 0 for width in self.widths):
            raise ValueError("Alignments are l, c or r; widths are positive.")


@dataclass(frozen=True)
class Note:
    """A remark in small italics, such as what a figure leaves out."""

    text: Text


Block = Heading | Paragraph | Bullets | Table | Note


@dataclass(frozen=True)
class Paper:
    """An administrative document.

    issuing_parent: the body above ("UBND XÃ ĐỒNG VÂN"), may be empty. issuing_body: who issues it. number:
    "12", empty until it is given ("Số: …/BC-TYT"). symbol: "BC-TYT". place: "Đồng Vân". date: None prints
    "ngày … tháng … năm …" with the month and year of `dated_in`. kind: "BÁO CÁO"; empty for an official
    letter (công văn), whose title then stands as "V/v ..." below its number. addressees: "Kính gửi".
    recipients: lines of "Nơi nhận" without dash or end sign. signer_authority: lines such as "TM. ỦY BAN NHÂN
    DÂN", "KT. CHỦ TỊCH", may be empty. signer_name: without academic titles.
    """

    issuing_body: str
    symbol: str
    place: str
    title: str
    body: tuple[Block, ...]
    issuing_parent: str = ""
    number: str = ""
    date: dt.date | None = None
    dated_in: dt.date | None = None
    kind: str = "BÁO CÁO"
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signer_authority: tuple[str, ...] = ()
    signer_title: str = ""
    signer_name: str = ""
    draft: bool = False

    @property
    def number_line(self) -> str:
        """ "Số: 05/BC-TYT": a number below 10 has two digits, none yet is "…"."""
        number = self.number.strip()
        shown = number.zfill(2) if number.isdigit() else number
        return f"Số: {shown or '…'}/{self.symbol}"

    @property
    def date_line(self) -> str:
        """ "Đồng Vân, ngày 05 tháng 02 năm 2026": days below 10 and months 1 and 2 have a leading zero."""
        day = f"{self.date.day:02d}" if self.date else "…"
        known = self.date or self.dated_in
        if known is None:
            return f"{self.place}, ngày {day} tháng … năm …"
        month = f"{known.month:02d}" if known.month < 3 else str(known.month)
        return f"{self.place}, ngày {day} tháng {month} năm {known.year}"

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """The lines under "Nơi nhận:", each "- ...;", the last "- Lưu: VT."."""
        names = [clean(name).strip(" .;-") for name in self.recipients]
        if not any(name.lower().startswith("lưu") for name in names):
            names.append("Lưu: VT")
        return tuple(f"- {name}{'.' if at == len(names) else ';'}" for at, name in enumerate(names, 1))


def clean(text: str) -> str:
    """The text without characters that neither Word nor PDF may hold; line ends and tabs become blanks."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def letterhead_lines(name: str) -> list[str]:
    """The name of an office as it stands in a letterhead:
    a long one goes on in a second line at its place name.
    """
    words = clean(name)
    found = (
        re.search(r" (?=(?:XÃ|PHƯỜNG|ĐẶC KHU|TỈNH|THÀNH PHỐ|KHU VỰC) )", words) if len(words) > 26 else None
    )
    return [words[: found.start()], words[found.end() :]] if found else [words] * bool(words)


def runs_of(text: Text) -> tuple[Run, ...]:
    """A text as runs."""
    return (text,) if isinstance(text, str) else text


def sources_of(body: Iterable[Block]) -> dict[str, int]:
    """The sources of all figures in order of appearance, each with its reference number from 1."""
    found: dict[str, int] = {}
    for text in _texts(body):
        for run in runs_of(text):
            if isinstance(run, Figure):
                found.setdefault(clean(run.source), len(found) + 1)
    return found


def _texts(body: Iterable[Block]) -> Iterator[Text]:
    for block in body:
        if isinstance(block, Table):
            rows: Sequence[tuple[Text, ...]] = (*block.rows, block.total)
            yield from (cell for row in rows for cell in row)
        elif isinstance(block, Bullets):
            yield from block.items
        else:
            yield block.text
