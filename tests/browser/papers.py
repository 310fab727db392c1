"""Directives as they come into an office: in Word with a letterhead table, in PDF, as text to paste."""

import io
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared/directives/2026-06-vinh-am-ke-hoach-nghi-quyet-72.txt"
OWN_FOLDER = ROOT / "tests/rules/directives/documents"
FONTS = ROOT / "src/tramyte/engine/documents/fonts"

# A plan of our own with one of each: target, unassigned work, tasks with unit and deadline, reporting duty.
OWN_PLAN = """ỦY BAN NHÂN DÂN
XÃ ĐỒNG VÂN

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 61/KH-UBND

Đồng Vân, ngày 02 tháng 6 năm 2026

KẾ HOẠCH
Mở rộng bảo hiểm y tế và sàng lọc sức khỏe 6 tháng cuối năm 2026

Ủy ban nhân dân xã ban hành Kế hoạch như sau:

I. MỤC TIÊU

- Tỷ lệ dân số tham gia bảo hiểm y tế đạt từ 98% trở lên vào cuối năm 2026.
- 100% các thôn có lịch truyền thông hằng tháng.

II. NHIỆM VỤ, GIẢI PHÁP

- Đưa chỉ tiêu bảo hiểm y tế vào chương trình công tác của xã.
- Huy động nguồn xã hội hóa để hỗ trợ người khó khăn đóng bảo hiểm y tế.
- Biểu dương thôn làm tốt trên hệ thống loa truyền thanh.

III. TỔ CHỨC THỰC HIỆN

1. Phòng Văn hóa - Xã hội

- Theo dõi, đôn đốc các thôn; trình danh sách hộ cần hỗ trợ trước ngày 30 tháng 6 năm 2026.

2. Trạm Y tế xã

- Lập danh sách người chưa có thẻ theo từng thôn, hoàn thành trước ngày 20 tháng 6 năm 2026.
- Tổ chức khám sàng lọc tại các điểm trạm, xong trước ngày 30 tháng 9 năm 2026.

3. Công an xã

- Cung cấp biến động nhân khẩu cho Trạm Y tế xã hằng tháng.

Trạm Y tế xã báo cáo kết quả về Ủy ban nhân dân xã (qua Phòng Văn hóa - Xã hội) trước ngày 10 tháng 12 năm 2026.

Nơi nhận:
- Các đơn vị có tên;
- Lưu: VT.

CHỦ TỊCH

Đỗ Văn Thành
"""

PDF = """
#set page(paper: "a4", margin: (top: 2cm, bottom: 2cm, left: 3cm, right: 2cm), numbering: "1")
#set text(font: "Tinos", size: 13pt, lang: "vi", hyphenate: false)
#for line in json(bytes(sys.inputs.data)) [#par[#line]]
"""


def own_document(name: str) -> str:
    """The text of one of the project's own test documents."""
    return (OWN_FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def as_word(text: str, path: Path) -> Path:
    """The text as .docx; its head stands in a table of two cells, as offices write it."""
    from docx import Document

    paper = Document()
    lines = [line for line in text.splitlines() if line.strip()]
    split = next((number for number, line in enumerate(lines) if line.startswith("CỘNG HÒA")), 0)
    title = next(number for number, line in enumerate(lines) if line.strip() == "KẾ HOẠCH")
    head = paper.add_table(1, 2)
    number = [line for line in lines[split:title] if line.startswith("Số:")]
    head.cell(0, 0).text = "\n".join([*lines[:split], *number])
    head.cell(0, 1).text = "\n".join(line for line in lines[split:title] if not line.startswith("Số:"))
    for line in lines[title:]:
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    path.write_bytes(out.getvalue())
    return path


def as_pdf(text: str, path: Path) -> Path:
    """The text as .pdf with real letters."""
    import typst

    lines = [line for line in text.splitlines() if line.strip()]
    path.write_bytes(typst.compile(PDF.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs={"data": json.dumps(lines)}))
    return path


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page of a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as paper:
        return [page.get_textpage().get_text_range() for page in paper]


def word_text(content: bytes) -> str:
    """The words of a .docx with its tables."""
    from docx import Document

    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])
