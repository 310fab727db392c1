"""Paper books of registers and the one-page summary."""

import dataclasses
import datetime as dt
from pathlib import Path

import pypdfium2
import pytest

from tramyte.engine.documents import book as books
from tramyte.engine.documents.book import Column, Signature, render_book, render_page
from tramyte.engine.documents.paper import Bold
from tramyte.engine.documents.pdf_reading import count_pages
from tramyte.engine.documents.reading import read_text
from tramyte.engine.documents.summary import Decisions, Grid, Points, Section, Summary
from tramyte.engine.documents.typesetting import TypesettingError, printable, typeset

AS_OF = dt.datetime(2026, 6, 3, 7, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))
COLUMNS = (
    Column("STT", 0.5, "c"),
    Column("Họ và tên", 2.4),
    Column("Thôn", 1.2, group="Địa chỉ"),
    Column("Số nhà", 1, group="Địa chỉ"),
    Column("Chẩn đoán", 2),
)
ROWS = [[str(n), f"Người {n}", "Đông Hạ", "12", "Viêm họng cấp"] for n in range(1, 91)]


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def book(**changes) -> bytes:
    given = {
        "title": "SỔ KHÁM BỆNH", "subtitle": "Tháng 5 năm 2026", "form_code": "Mẫu A1", "columns": COLUMNS, "rows": ROWS,
        "groups": [(0, "Thôn Đông Hạ")], "as_of": AS_OF, "unit": "TRẠM Y TẾ XÃ ĐỒNG VÂN",
        "signature": Signature((("Người lập", ""), ("Trạm trưởng", "Nguyễn Thị Hạnh")), "Đồng Vân, ngày 03 tháng 6 năm 2026"),
    }  # fmt: skip
    return render_book(**{**given, **changes})


def test_every_page_of_a_book_has_headings_numbers_and_its_number() -> None:
    texts = pages(book())
    assert len(texts) >= 3
    for at, text in enumerate(texts, 1):
        assert f"Trang {at}/{len(texts)}" in text
        assert "Số liệu tính đến 07:15 ngày 03/06/2026" in text
    for text in texts:
        for part in ("Họ và tên", "Địa chỉ", "Số nhà", "(1)", "(5)"):
            assert part in text
    assert "Thôn Đông Hạ" in texts[0]
    assert "Nguyễn Thị Hạnh" in texts[-1]
    assert "(Ký, ghi rõ họ tên)" in texts[-1]


@pytest.mark.parametrize("count", [1, 2, *range(30, 60, 3)])
def test_a_signature_never_stands_alone_on_a_sheet(count) -> None:
    rows = [[f"Người số {n}", "", "", "", ""] for n in range(count)]
    texts = pages(book(rows=rows, groups=[], landscape=False))
    assert "(Ký, ghi rõ họ tên)" in texts[-1] and f"Người số {count - 1}" in texts[-1]


def test_a_book_is_read_back_row_by_row() -> None:
    lines = read_text("so.pdf", book(rows=ROWS[:3])).split("\n")
    assert "1 | Người 1 | Đông Hạ | 12 | Viêm họng cấp" in lines


def test_a_book_of_many_columns_goes_on_in_a_second_part_with_the_names() -> None:
    wide = (*COLUMNS[:2], *(Column(f"Mũi thứ {n}") for n in range(20)))
    texts = pages(book(columns=wide, rows=[["1", "Trần Văn Bé", *["05/03/2026"] * 20]], groups=()))
    assert len(texts) == 2
    assert all("Trần Văn Bé" in text for text in texts)
    assert "Phần 2/2" in texts[1]
    assert "(22)" in texts[1]
    assert sum(text.count("05/03/2026") for text in texts) == 20


@pytest.mark.parametrize(
    ("paper", "landscape", "size"),
    [("A4", True, (842, 595)), ("A5", False, (420, 595)), ("A3", True, (1191, 842))],
)
def test_papers(paper, landscape, size) -> None:
    document = pypdfium2.PdfDocument(book(paper=paper, landscape=landscape, rows=ROWS[:2]))
    assert tuple(round(side) for side in document[0].get_size()) == size
    document.close()


def test_an_empty_book_says_so() -> None:
    assert "Chưa có dòng nào" in pages(book(rows=[], groups=()))[0]


def test_a_book_too_long_is_refused(monkeypatch, refusal) -> None:
    monkeypatch.setattr(books, "MAX_ROWS", 50)
    code, message = refusal(book)
    assert code == "book_too_long"
    assert "Hãy lọc" in message


@pytest.mark.parametrize("wrong", [{"paper": "B5"}, {"rows": [["1"]]}])
def test_wrong_calls_are_errors(wrong) -> None:
    with pytest.raises(ValueError, match="book"):
        book(**wrong)


def test_books_and_pages_are_the_same_bytes_twice() -> None:
    assert book() == book()
    assert render_page(SUMMARY) == render_page(SUMMARY)


SUMMARY = Summary(
    issuer="ỦY BAN NHÂN DÂN XÃ ĐỒNG VÂN",
    prepared_by="Trạm Y tế xã lập",
    day="Thứ Tư 03/06/2026",
    basis="dân số 30.216",
    title="Tình hình y tế xã tháng 6 năm 2026",
    lead=("3 chỉ tiêu đã đạt, ", Bold("1 khó đạt"), "."),
    sections=(
        Section(
            "1. Chỉ tiêu",
            Grid(
                ("Chỉ tiêu", "Giao", "Đạt", "Trạng thái"),
                (
                    ("Khám sức khỏe", "100 %", (Bold("37,8 %"),), (Bold("✕ Khó đạt"),)),
                    ("Thấp còi", "≤ 15 %", "16,5 %", "▲ Nguy cơ"),
                    ("Tiêm đủ", "≥ 95 %", "92,4 %", "↗ Dự báo đạt"),
                    ("Kỹ thuật", "≥ 55 %", "55,6 %", "✓ Đã đạt"),
                ),
                "lrrl",
                marked=(0,),
                total=("Tổng", "", "", ""),
            ),
        ),
        Section("2. Nhiệm vụ", Points(("Một việc",)), half=True),
        Section("3. Dịch bệnh", Points(((Bold("Tay chân miệng: "), "1 ổ dịch."),)), half=True),
        Section("4. Việc chờ quyết", Decisions(("Thêm 3 buổi khám.",))),
    ),
    as_of=AS_OF,
    check_code="DV-0306-0715-8C41",
)


def test_the_page_says_when_from_where_and_that_nobody_is_named() -> None:
    (text,) = pages(render_page(SUMMARY))
    for part in (
        "Tính đến 07:15 ngày 03/06/2026", "Mã đối chiếu: DV-0306-0715-8C41", "không có thông tin cá nhân", "1/1",
        "✗ Khó đạt", "▲ Nguy cơ", "↗ Dự báo đạt", "✓ Đã đạt", "□ Đồng ý", "Ý kiến khác:", "2. Nhiệm vụ", "3. Dịch bệnh",
    ):  # fmt: skip
        assert part in text, part


def test_the_page_is_set_in_static_inter_only() -> None:
    import pypdfium2.raw as pdfium

    names = set()
    document = pypdfium2.PdfDocument(render_page(SUMMARY))
    for item in document[0].get_objects():
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            buffer = (pdfium.c_char * 200)()
            pdfium.FPDFFont_GetBaseFontName(pdfium.FPDFTextObj_GetFont(item.raw), buffer, 200)
            names.add(buffer.value.decode().split("+")[-1])
    document.close()
    assert {name.removesuffix("-Identity-H") for name in names} == {"Inter-Regular", "Inter-SemiBold"}


def test_a_page_with_too_much_goes_on_with_page_numbers() -> None:
    rows = tuple((f"Chỉ tiêu {n}", "1", "2", "3") for n in range(70))
    long = dataclasses.replace(SUMMARY, sections=(Section("1. Chỉ tiêu", Grid(("a", "b", "c", "d"), rows)),))
    texts = pages(render_page(long))
    assert len(texts) > 1
    assert f"1/{len(texts)}" in texts[0]


def test_hostile_texts_stay_texts_in_books_and_pages() -> None:
    bad = '#panic() $x$ *a* "); [\\'
    text = read_text(
        "so.pdf",
        book(
            title=bad,
            subtitle=bad,
            form_code=bad,
            unit=bad,
            rows=[["1", bad, "A" * 5_000, bad, bad]],
            groups=[(0, bad)],
        ),
    )
    assert text.count("#panic()") >= 5
    page = dataclasses.replace(
        SUMMARY, title=bad, issuer=bad, check_code=bad, lead=bad, sections=(Section(bad, Points((bad,))),)
    )
    assert "#panic()" in pages(render_page(page))[0]
    assert count_pages(render_page(page)) == 1


def test_a_template_that_fails_is_an_error_of_ours() -> None:
    with pytest.raises(TypesettingError, match=r"book\.typ"):
        typeset("book.typ", {})


def test_printable_breaks_long_words_only() -> None:
    assert printable("Nguyễn Văn A") == "Nguyễn Văn A"
    assert printable("x" * 41).replace("\u200b", "") == "x" * 41
    assert "\u200b" in printable("x" * 41)


WEIGHED = (Column("STT", 0.5, "c"), Column("Loại", 2), Column("Cân (kg)", 1, "r", total=True), Column("Số túi", 1, "r", total=True), Column("Ghi chú", 2))


def sums(pdf: bytes) -> list[tuple[str, ...]]:
    """The numbers of each page's two last lines: of the page, and since the first line."""
    found = []
    for text in pages(pdf):
        lines = [" ".join(line.split()) for line in text.splitlines()]
        found += [tuple(words.split(" ")[at] for words in lines if words.startswith(begin) for at in (-2, -1)) for begin in ("Cộng trang", "Lũy kế")]
    return [found[at] + found[at + 1] for at in range(0, len(found), 2)]


def test_each_page_has_its_sum_and_the_sum_so_far() -> None:
    rows = [[str(n), "lây nhiễm", f"{n},5" if n % 2 else "", str(n * 100), ""] for n in range(1, 61)]
    found = [one for one in sums(book(columns=WEIGHED, rows=rows, groups=[(0, "Tháng 5"), (30, "Tháng 6")])) if one]
    assert len(found) >= 2 and found[-1][2:] == ("915,0", "183.000")
    amount = [tuple(float(text.replace(".", "").replace(",", ".")) for text in one) for one in found]
    for at, (weight, bags, weight_so_far, bags_so_far) in enumerate(amount):
        assert weight_so_far == sum(one[0] for one in amount[:at + 1]) == weight + (amount[at - 1][2] if at else 0)
        assert bags_so_far == sum(one[1] for one in amount[:at + 1])


@pytest.mark.parametrize(("cells", "words"), [
    (["1", "2,25", "0,5"], "3,75"), (["1.234", "10"], "1.244"), (["−", "", "chữ", "7"], "7"), (["-3", "1,5"], "−1,5"), (["0,1"] * 10, "1,0"), (["999999999999"] * 3, "2.999.999.999.997"),
])
def test_sums_are_exact(cells, words) -> None:
    [[*_, so_far]] = [
        line.split() for text in pages(book(columns=(Column("a"), Column("b", total=True)), rows=[["x", cell] for cell in cells], groups=())) for line in text.splitlines()
        if line.startswith("Lũy kế")]
    assert so_far == words


def test_a_book_without_sums_has_no_foot() -> None:
    assert not any("Lũy kế" in text for text in pages(book()))


def test_parts_side_by_side_have_their_own_sums() -> None:
    wide = (*COLUMNS[:2], *(Column(f"Loại thứ {n}", total=n == 18) for n in range(20)))
    texts = pages(book(columns=wide, rows=[["1", "Trần Văn Bé", *["12.345.678"] * 20]] * 3, groups=()))
    assert len(texts) == 2 and "Lũy kế" not in texts[0] and "37.037.034" in texts[1]


def test_the_head_names_who_keeps_the_book_and_the_end_who_signs() -> None:
    first, *_, last = pages(book(over="Ủy ban nhân dân xã Đồng Vân"))
    assert "ỦY BAN NHÂN DÂN XÃ ĐỒNG VÂN" in first and "TRẠM Y TẾ XÃ ĐỒNG VÂN" in first and "Mẫu A1" in first and "Tháng 5 năm 2026" in first
    assert last.index("ngày 03 tháng 6 năm 2026") < last.index("Trạm trưởng") < last.index("Nguyễn Thị Hạnh")


GOLDEN = Path(__file__).parent / "golden" / "book.txt"


def test_the_book_is_as_it_was_looked_at() -> None:
    """Every word of a book in its order, as the page was once looked at on paper; `golden/book.txt` is rewritten by hand alone."""
    rows = [[str(n), ("lây nhiễm", "thông thường")[n % 2], f"{n},5", str(n), "" if n % 3 else "đã bàn giao"] for n in range(1, 46)]
    made = pages(book(title="Sổ theo dõi chất thải y tế", columns=WEIGHED, rows=rows, groups=[(0, "Tháng 5")], over="Ủy ban nhân dân xã Đồng Vân", paper="A5"))
    text = "\n\n".join("\n".join(" ".join(line.split()) for line in page.splitlines()) for page in made)
    assert text == GOLDEN.read_text(encoding="utf-8").rstrip("\n")
