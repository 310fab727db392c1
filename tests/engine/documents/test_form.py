"""A statutory form filled in: every kind of block, text that cannot become code, pages and fonts."""

import datetime as dt

import pypdfium2
import pytest

from tramyte.engine.documents.book import Signature
from tramyte.engine.documents.form import Blank, Boxes, Line, Remark, Section, Table, render_form

AS_OF = dt.datetime(2026, 6, 3, 7, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))
HOSTILE = ["#set page(fill: red)", "$x^2$", "*đậm* _nghiêng_ `mã` <nhãn> @trích", "\\ ] [ \" // /* */", "☐ ☑ ✕", "Đ" * 200]


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def form(words: str = "Lê Thị Lan", rows: int = 2) -> bytes:
    return render_form(
        "PHIẾU THỬ", [
            Section("A. HÀNH CHÍNH", [Line((Blank("Họ và tên", words, 2), Blank("Mã hộ"))), Boxes("Giới tính", (("Nam", False), ("Nữ", True)), Blank("Ngày sinh", "1956"))], big=True),
            Section("B. TIỀN SỬ", [Table(("Bệnh", "Mô tả"), tuple((f"Bệnh {n}", words) for n in range(rows)), (1, 2)), Remark("Đã hỏi: không có.")])],
        unit="Trạm Y tế xã", form_code="Mẫu 1", foot="in lúc 07:15", signature=Signature((("Người khai", ""), ("Người lập", "Lê Thị Lan")), "Ngày 03 tháng 6 năm 2026"), as_of=AS_OF)


def test_every_block_is_printed_and_the_same_input_gives_the_same_bytes():
    made = form()
    (page,) = text_of(made)
    for words in ("PHIẾU THỬ", "Họ và tên: Lê Thị Lan", "Giới tính: Nam x Nữ", "Ngày sinh: 1956", "Bệnh 1", "Đã hỏi: không có.", "Ngày 03 tháng 6 năm 2026", "Trang 1/1", "in lúc 07:15"):
        assert words in page, page
    assert made == form()


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_person_typed_is_never_read_as_code(words):
    (page,) = text_of(form(words))
    if not words.startswith(("☐", "Đ")):
        assert " ".join(words.split()) in page


def test_a_long_table_goes_on_over_pages_under_its_heading():
    pages = text_of(form(rows=90))
    assert len(pages) > 1 and all("Mô tả" in page for page in pages[:-1]) and f"Trang {len(pages)}/{len(pages)}" in pages[-1]


def test_the_fonts_are_embedded_and_ours():
    assert b"Tinos" in form() and b"Arial" not in form()
