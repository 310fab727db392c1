"""Administrative documents as Word and PDF: content, layout, fonts, hostile texts, the same bytes twice."""

import dataclasses
import datetime as dt
import io
import re
import zipfile

import docx
import pytest

from tramyte.engine.documents.paper import (
    Bold,
    Bullets,
    Figure,
    Heading,
    Note,
    Paper,
    Paragraph,
    Table,
    clean,
    letterhead_lines,
)
from tramyte.engine.documents.pdf import render_pdf
from tramyte.engine.documents.pdf_reading import count_pages
from tramyte.engine.documents.reading import read_text
from tramyte.engine.documents.word import render_docx

CARDS = "Danh sách người tham gia bảo hiểm y tế, tính đến 31/05/2026"
CHILDREN = "Danh sách trẻ dưới 1 tuổi tiêm chủng đầy đủ, tính đến 02/06/2026"
BODY = (
    Heading(1, "I. KẾT QUẢ THỰC HIỆN CHỈ TIÊU"),
    Paragraph(("Toàn xã có ", Figure("29.068/30.216", CARDS), " người tham gia, đạt ", Bold("96,2%"), ".")),
    Table(
        ("Chỉ tiêu", "Giao", "Thực hiện"),
        (
            ("Trẻ dưới 1 tuổi tiêm đủ", "≥ 95%", (Figure("158/171", CHILDREN),)),
            ("Trẻ thấp còi", "≤ 15%", "349"),
        ),
        widths=(3, 1, 1),
        align="lcr",
        total=("Tổng", "", "507"),
        caption="Bảng 1. Chỉ tiêu",
        note="Chưa gồm trẻ tạm trú.",
    ),
    Heading(2, "1. Tiêm chủng"),
    Bullets(("Tổ chức 6 buổi tiêm.", ("Còn ", Figure("13", CHILDREN), " trẻ."))),
    Heading(3, "a) Việc chậm"),
    Note("Số liệu sơ bộ."),
    Paragraph("Tiếp tục rà soát."),
)
PAPER = Paper(
    issuing_parent="ỦY BAN NHÂN DÂN XÃ ĐỒNG VÂN",
    issuing_body="TRẠM Y TẾ XÃ",
    number="5",
    symbol="BC-TYT",
    place="Đồng Vân",
    date=dt.date(2026, 2, 3),
    title="Kết quả công tác y tế tháng 01 năm 2026",
    body=BODY,
    addressees=("Ủy ban nhân dân xã Đồng Vân",),
    recipients=("Như trên", "Phòng Văn hóa - Xã hội"),
    signer_authority=("KT. GIÁM ĐỐC",),
    signer_title="PHÓ GIÁM ĐỐC",
    signer_name="Nguyễn Thị Hạnh",
    draft=True,
)
EXPECTED = [
    "ỦY BAN NHÂN DÂN", "XÃ ĐỒNG VÂN", "TRẠM Y TẾ XÃ", "Số: 05/BC-TYT", "DỰ THẢO",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Đồng Vân, ngày 03 tháng 02 năm 2026",
    "BÁO CÁO", "Kết quả công tác y tế tháng 01 năm 2026", "Kính gửi: Ủy ban nhân dân xã Đồng Vân",
    "I. KẾT QUẢ THỰC HIỆN CHỈ TIÊU", "Toàn xã có 29.068/30.216[1] người tham gia, đạt 96,2%.", "Bảng 1. Chỉ tiêu",
    "Chỉ tiêu | Giao | Thực hiện", "Trẻ dưới 1 tuổi tiêm đủ | ≥ 95% | 158/171[2]", "Trẻ thấp còi | ≤ 15% | 349",
    "Tổng |  | 507", "Chưa gồm trẻ tạm trú.", "1. Tiêm chủng", "- Tổ chức 6 buổi tiêm.", "- Còn 13[2] trẻ.",
    "a) Việc chậm", "Số liệu sơ bộ.", "Tiếp tục rà soát.", "Nơi nhận:", "- Như trên;", "- Phòng Văn hóa - Xã hội;",
    "- Lưu: VT.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Thị Hạnh", "Nguồn số liệu:", f"[1] {CARDS}", f"[2] {CHILDREN}",
]  # fmt: skip


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts in a PDF; every one must be a subset inside the file."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    names = set()
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        for item in page.get_objects():
            if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
                font = pdfium.FPDFTextObj_GetFont(item.raw)
                buffer = pypdfium2.raw.c_char * 200
                name = buffer()
                pdfium.FPDFFont_GetBaseFontName(font, name, 200)
                assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
                names.add(name.value.decode())
    document.close()
    return names


def test_word_and_pdf_say_the_same_in_the_same_order() -> None:
    for name, content in (("a.docx", render_docx(PAPER)), ("a.pdf", render_pdf(PAPER))):
        lines = [line for line in read_text(name, content).split("\n") if line]
        assert lines == EXPECTED, name


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_pdf(PAPER) == render_pdf(PAPER)
    assert render_docx(PAPER) == render_docx(PAPER)


def test_only_our_fonts_are_in_the_pdf() -> None:
    names = {name.split("+")[-1] for name in fonts_of(render_pdf(PAPER))}
    assert names == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}


def test_word_has_the_statutory_page() -> None:
    document = docx.Document(io.BytesIO(render_docx(PAPER)))
    section = document.sections[0]
    sizes = [
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    ]
    assert [round(size.mm) for size in sizes] == [210, 297, 20, 20, 30, 20]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    with zipfile.ZipFile(io.BytesIO(render_docx(PAPER))) as archive:
        assert archive.testzip() is None


def test_later_pages_carry_their_number() -> None:
    long = dataclasses.replace(
        PAPER, body=(*BODY, *(Paragraph("Tiếp tục thực hiện. " * 40) for _ in range(8)))
    )
    pdf = render_pdf(long)
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    tops = [page.get_textpage().get_text_bounded(bottom=page.get_height() - 50).split() for page in document]
    document.close()
    assert count_pages(pdf) >= 2
    assert tops[0] == []
    assert tops[1][0] == "2"


HOSTILE = [
    "#panic(1) $x^2$ *đậm* _nghiêng_ @ref <nhãn> `mã` [ngoặc] {khối} \\ // lời /* bình */ = đề mục",
    '"); #read("/etc/passwd") #import "@preview/x:0.1.0"',
    "<w:t>&amp;</w:t> ]]> <!-- -->",
    "Tên\x00 có\x07 ký tự\x1b điều khiển \ud800 \uffff",
    "🙂 漢字 العربية ✓ ☐ ✕ ↗ \u202e đảo",
    "A" * 4_000,
    "Nguyễn " * 1_500,
    "",
    " ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_ever_code(text: str) -> None:
    body = (
        Heading(1, text), Paragraph(text), Bullets((text,)), Note(text),
        Paragraph((Figure(text, text), Bold(text))), Table((text, "b"), ((text, "c"),), caption=text, note=text),
    )  # fmt: skip
    paper = Paper(
        issuing_parent=text, issuing_body=text, symbol=text, place=text, title=text, kind=text, body=body,
        addressees=(text, text), recipients=(text,), signer_authority=(text,), signer_title=text, signer_name=text,
    )  # fmt: skip
    word = docx.Document(io.BytesIO(render_docx(paper)))
    said = re.sub(r"\s", "", "".join(p.text for p in word.paragraphs))
    assert re.sub(r"\s", "", clean(text)) in said
    assert count_pages(render_pdf(paper)) >= 1


def test_an_official_letter_has_its_subject_under_the_number() -> None:
    letter = dataclasses.replace(
        PAPER,
        kind="",
        title="mời tập huấn tiêm chủng",
        draft=False,
        number="",
        date=None,
        dated_in=dt.date(2026, 6, 3),
    )
    for name, content in (("a.docx", render_docx(letter)), ("a.pdf", render_pdf(letter))):
        lines = read_text(name, content).split("\n")
        assert "Số: …/BC-TYT" in lines
        assert "V/v mời tập huấn tiêm chủng" in lines
        assert "Đồng Vân, ngày … tháng 6 năm 2026" in lines
        assert "DỰ THẢO" not in lines


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2026, 1, 9), "X, ngày 09 tháng 01 năm 2026"),
        (dt.date(2026, 3, 10), "X, ngày 10 tháng 3 năm 2026"),
        (None, "X, ngày … tháng … năm …"),
    ],
)
def test_dates_have_the_statutory_zeros(day, shown) -> None:
    assert Paper(issuing_body="A", symbol="B", place="X", title="T", body=(), date=day).date_line == shown


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("UBND XÃ ĐỒNG VÂN", ["UBND XÃ ĐỒNG VÂN"]),
        ("ỦY BAN NHÂN DÂN PHƯỜNG HOA LƯ", ["ỦY BAN NHÂN DÂN", "PHƯỜNG HOA LƯ"]),
        ("", []),
    ],
)
def test_long_names_of_offices_break_at_the_place(name, lines) -> None:
    assert letterhead_lines(name) == lines


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": (), "rows": ()},
        {"columns": ("a",), "rows": (("1", "2"),)},
        {"columns": ("a",), "rows": (), "widths": (1, 2)},
        {"columns": ("a",), "rows": (), "align": "x"},
        {"columns": ("a",), "rows": (), "total": ("1", "2")},
        {"columns": ("a",), "rows": (), "widths": (0,)},
    ],
)
def test_a_table_that_does_not_fit_is_no_table(wrong) -> None:
    with pytest.raises(ValueError, match=r"table|Alignments"):
        Table(**wrong)


def test_a_table_longer_than_a_page_repeats_its_headings() -> None:
    rows = tuple((str(n), f"Người thứ {n}") for n in range(120))
    pdf = render_pdf(dataclasses.replace(PAPER, body=(Table(("Số thứ tự", "Tên người bệnh"), rows),)))
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert sum("Tên người bệnh" in page for page in pages) >= 3
