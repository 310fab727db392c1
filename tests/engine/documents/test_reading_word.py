"""Word files: order of tables, list numbers, notes, text boxes, tracked changes."""

import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tramyte.engine.documents.docx_numbering import spelled
from tramyte.engine.documents.reading import read_text
from tramyte.engine.refused import Refused

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LETTERHEAD = [
    [
        "UBND XÃ ĐỒNG VÂN\nTRẠM Y TẾ XÃ\n\nSố: 12/KH-TYT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nĐồng Vân, ngày 05 tháng 3 năm 2026",
    ]
]
SIGNATURE = [["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nĐỗ Văn Thành"]]


def read(body: str, make, **parts: str) -> list[str]:
    return [line for line in read_text("a.docx", make.package(body, **parts)).split("\n") if line]


def test_letterhead_and_signature_are_read_column_by_column(make) -> None:
    body = make.table(LETTERHEAD) + make.paragraph("KẾ HOẠCH") + make.table(SIGNATURE)
    assert read(body, make) == [
        "UBND XÃ ĐỒNG VÂN",
        "TRẠM Y TẾ XÃ",
        "Số: 12/KH-TYT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Đồng Vân, ngày 05 tháng 3 năm 2026",
        "KẾ HOẠCH",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Đỗ Văn Thành",
    ]


def test_a_letterhead_of_two_rows_is_still_read_by_columns(make) -> None:
    rows = [
        ["UBND XÃ A\nTRẠM Y TẾ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["Số: 01/BC-TYT", "A, ngày 01 tháng 02 năm 2026"],
    ]
    assert read(make.table(rows, bordered=True), make) == [
        "UBND XÃ A",
        "TRẠM Y TẾ",
        "Số: 01/BC-TYT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "A, ngày 01 tháng 02 năm 2026",
    ]


def test_a_data_table_is_read_row_by_row(make) -> None:
    rows = [["TT", "Nhiệm vụ", "Đơn vị"], ["1", "Rà soát\nhộ nghèo", "Trạm Y tế"], ["2", "Báo cáo", ""]]
    assert read(make.table(rows, bordered=True), make) == [
        "TT | Nhiệm vụ | Đơn vị",
        "1 | Rà soát hộ nghèo | Trạm Y tế",
        "2 | Báo cáo |",
    ]
    assert read(make.table(rows), make)[0] == "TT | Nhiệm vụ | Đơn vị"


def test_assignments_in_a_borderless_table_without_headings_stay_lines(make) -> None:
    rows = [
        ["1. Trạm Y tế xã:", "- Chủ trì rà soát.\n- Báo cáo trước ngày 10/6."],
        ["2. Công an xã:", "- Phối hợp."],
    ]
    assert read(make.table(rows), make) == [
        "1. Trạm Y tế xã:",
        "- Chủ trì rà soát.",
        "- Báo cáo trước ngày 10/6.",
        "2. Công an xã:",
        "- Phối hợp.",
    ]


NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
<w:lvl w:ilvl="4"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%5"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_automatic_numbers_become_visible(make) -> None:
    def item(text: str, level: int, num: int = 1) -> str:
        return make.paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')

    body = (
        item("Mục đích", 0) + item("Yêu cầu", 1) + item("Rõ việc", 2) + item("Rõ người", 2) + item("ghi đủ", 3)
        + item("Tiến độ", 1) + item("Rõ hạn", 2) + item("sâu", 4) + item("Tổ chức", 0) + item("Việc", 1)
        + item("", 1) + item("Việc hai", 1) + item("Khác", 0, 2) + item("Tắt", 0, 0)
    )  # fmt: skip
    assert read(body, make, numbering=NUMBERING) == [
        "I. Mục đích", "1. Yêu cầu", "a) Rõ việc", "b) Rõ người", "- ghi đủ", "2. Tiến độ", "a) Rõ hạn", "1.2.1 sâu",
        "II. Tổ chức", "1. Việc", "2. Việc hai", "V. Khác", "Tắt",
    ]  # fmt: skip


def test_numbers_and_capitals_come_from_styles_too(make) -> None:
    styles = f"""<w:styles {W}><w:style w:styleId="Muc"><w:rPr><w:caps/></w:rPr>
    <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="Con"><w:basedOn w:val="Muc"/></w:style></w:styles>"""
    body = make.paragraph("mục đích", '<w:pStyle w:val="Con"/>')
    assert read(body, make, numbering=NUMBERING, styles=styles) == ["I. MỤC ĐÍCH"]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (4, "upperRoman", "IV"),
        (9, "lowerRoman", "ix"),
        (28, "lowerLetter", "bb"),
        (3, "decimalZero", "03"),
        (3, "other", "3"),
    ],
)
def test_number_formats(number: int, form: str, shown: str) -> None:
    assert spelled(number, form) == shown


def test_notes_boxes_changes_and_hidden_text(make) -> None:
    footnotes = f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>Theo số liệu quý I.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    body = (
        '<w:p><w:r><w:t>Đạt 95%</w:t><w:footnoteReference w:id="2"/></w:r>'
        "<w:ins><w:r><w:t xml:space='preserve'> năm 2026</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> năm 2025</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t> bỏ</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>, xem thêm</w:t></w:r></w:hyperlink>"
        "<w:r><w:tab/><w:t>cột</w:t><w:noBreakHyphen/><w:t>hai</w:t></w:r></w:p>"
        "<w:p><w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>HỎA TỐC</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert read(body, make, footnotes=footnotes) == [
        "Đạt 95%[1] năm 2026, xem thêm\tcột-hai",
        "HỎA TỐC",
        "Trong khung",
        "[1] Theo số liệu quý I.",
    ]


def test_a_text_box_kept_twice_is_read_once(make) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>KHẨN</w:t></w:r></w:p></w:txbxContent>"
    body = f"<w:p><w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    assert read(body, make) == ["KHẨN"]


def test_a_letterhead_in_the_page_header_is_read_first(make) -> None:
    header = f"<w:hdr {W}>{make.table(LETTERHEAD)}</w:hdr>"
    assert read(make.paragraph("KẾ HOẠCH"), make, header1=header)[0] == "UBND XÃ ĐỒNG VÂN"
    plain = f"<w:hdr {W}>{make.paragraph('Trang 2')}</w:hdr>"
    assert read(make.paragraph("KẾ HOẠCH"), make, header1=plain) == ["KẾ HOẠCH"]


def test_what_python_docx_writes_is_read() -> None:
    document = docx.Document()
    document.add_paragraph("Một")
    document.add_table(2, 2, style="Table Grid").cell(1, 1).text = "Hai"
    document.add_paragraph("Ba", style="List Number")
    document.add_paragraph("Bốn", style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_text("a.docx", buffer.getvalue()).split("\n") == [
        "Một",
        "",
        " | Hai",
        "",
        "1. Ba",
        "",
        "- Bốn",
        "",
    ]


@pytest.mark.parametrize(
    "document",
    [
        "not xml",
        "<a/>",
        f'<!DOCTYPE a [<!ENTITY b "c">]><w:document {W}><w:body/></w:document>',
        f"<w:document {W}><w:body>" + "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000 + "</w:body></w:document>",
    ],
    ids=["text", "other", "entities", "deep"],
)
def test_broken_packages_are_refused(document: str, refusal) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", document)
    assert refusal(read_text, "a.docx", out.getvalue())[0] in ("file_damaged", "file_empty")


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 2_000), noise=st.binary(max_size=40))
def test_damaged_bytes_never_give_a_traceback(cut: int, noise: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("Kế hoạch")
    buffer = io.BytesIO()
    document.save(buffer)
    content = buffer.getvalue()
    at = len(content) * cut // 2_000
    for broken in (content[:at] + noise, content[:at] + noise + content[at + len(noise) :]):
        try:
            read_text("a.docx", broken)
        except Refused as refused:
            assert refused.message
