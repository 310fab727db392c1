"""Spreadsheets and CSV: headings, dates, numbers, formulas, damage, and exports that no program runs."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from tramyte.engine.documents import sniffing, spreadsheet
from tramyte.engine.documents.spreadsheet import SheetColumn, read_table, write_csv, write_xlsx
from tramyte.engine.documents.spreadsheet_writing import disarmed

KNOWN = ("Họ và tên", "Ngày sinh", "Thôn", "CCCD")


def workbook(fill, *names: str) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheets = [book.add_worksheet(name) for name in names or ("DS",)]
    fill(book, *sheets)
    book.close()
    return buffer.getvalue()


def paper_form(book, sheet) -> None:
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range(2, 0, 2, 6, "DANH SÁCH NHÂN KHẨU")
    for column, heading in ((0, "STT"), (1, "Họ và tên"), (2, "Ngày sinh"), (5, "CCCD")):
        sheet.merge_range(4, column, 5, column, heading)
    sheet.merge_range(4, 3, 4, 4, "Địa chỉ")
    sheet.write_row(5, 3, ["Thôn", "Số nhà"])
    sheet.write_row(6, 0, [f"({n})" for n in range(1, 7)])
    sheet.write_row(7, 0, [1, "Nguyễn\x0b Văn  A"])
    sheet.write_datetime(7, 2, dt.date(1986, 3, 5), day)
    sheet.write_row(7, 3, ["Đông Hạ", 12, 79086001234.0])
    sheet.write_formula(9, 1, '="Trần "&"B"', None, "Trần B")
    sheet.write(9, 2, "05/03/2026")
    sheet.write(9, 5, "079086001234")
    sheet.write(60, 6, "ghi thêm")


@pytest.mark.parametrize("known", [KNOWN, ()], ids=["known", "guessed"])
def test_a_paper_form_with_titles_and_merged_headings(known) -> None:
    sheet = read_table("ds.xlsx", workbook(paper_form), known=known)
    assert sheet.headings == [
        "STT",
        "Họ và tên",
        "Ngày sinh",
        "Địa chỉ / Thôn",
        "Địa chỉ / Số nhà",
        "CCCD",
        "Cột G",
    ]
    assert sheet.heading_row == 6
    assert [row.number_in_file for row in sheet.rows] == [8, 10, 61]
    first, second, third = sheet.rows
    assert first.cells["Họ và tên"] == "Nguyễn Văn A"
    assert first.cells["Ngày sinh"] == "1986-03-05"
    assert first.dates == {"Ngày sinh"}
    assert first.cells["CCCD"] == "79086001234"
    assert first.cells["Địa chỉ / Số nhà"] == "12"
    assert second.cells["Họ và tên"] == "Trần B"
    assert second.cells["Ngày sinh"] == "05/03/2026"
    assert second.dates == frozenset()
    assert second.cells["CCCD"] == "079086001234"
    assert third.cells["Cột G"] == "ghi thêm"


def test_values_come_as_a_person_would_type_them() -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["a", "b", "c", "d", "e", "f", "g"])
        sheet.write_row(1, 0, [1.0, 36.6, 123456789012, 0.00001, True])
        sheet.write_datetime(
            1,
            5,
            dt.datetime(2026, 3, 5, 7, 30),  # noqa: DTZ001 - Excel has no zones
            book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )
        sheet.write_formula(1, 6, "=1/0", None, "#DIV/0!")

    (row,) = read_table("a.xlsx", workbook(fill)).rows
    assert list(row.cells.values()) == [
        "1",
        "36.6",
        "123456789012",
        "0.00001",
        "TRUE",
        "2026-03-05T07:30:00",
        "",
    ]


def test_a_cell_merged_over_rows_counts_for_each() -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["Hộ", "Họ và tên"])
        sheet.merge_range(1, 0, 3, 0, "H12")
        sheet.write_column(1, 1, ["A", "B", "C"])

    assert [row.cells["Hộ"] for row in read_table("a.xlsx", workbook(fill), known=KNOWN).rows] == ["H12"] * 3


def test_repeated_headings_are_told_apart() -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["Mũi", "Mũi", "Mũi"])
        sheet.write_row(1, 0, ["1", "2", "3"])

    assert read_table("a.xlsx", workbook(fill)).rows[0].cells == {"Mũi": "1", "Mũi (2)": "2", "Mũi (3)": "3"}


def test_sheets_are_chosen_by_name_or_the_first_with_text(refusal) -> None:
    def fill(book, empty, full) -> None:
        full.write_row(0, 0, ["Họ và tên", "Thôn"])

    content = workbook(fill, "Trống", "Dữ liệu")
    assert read_table("a.xlsx", content).name == "Dữ liệu"
    assert read_table("a.xlsx", content).sheets == ["Trống", "Dữ liệu"]
    code, message = refusal(read_table, "a.xlsx", content, sheet="Khác")
    assert code == "sheet_missing"
    assert "“Dữ liệu”" in message
    assert refusal(read_table, "a.xlsx", content, sheet="Trống")[0] == "sheet_empty"


CSV = 'Họ và tên;Ngày sinh;Số tiền\nNguyễn Thị Hạnh;05/03/1986;1,5\n\n"Trần; Văn\nB";06/03/1986;2\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_csv_of_any_encoding_and_delimiter(encoding, delimiter) -> None:
    text = CSV.replace("Trần; Văn", "Trần# Văn").replace(";", delimiter).replace("#", delimiter)
    sheet = read_table("a.csv", text.encode(encoding), known=KNOWN)
    assert sheet.headings == ["Họ và tên", "Ngày sinh", "Số tiền"]
    assert [row.number_in_file for row in sheet.rows] == [2, 4]
    assert sheet.rows[0].cells == {
        "Họ và tên": "Nguyễn Thị Hạnh",
        "Ngày sinh": "05/03/1986",
        "Số tiền": "1,5",
    }
    assert sheet.rows[1].cells["Họ và tên"].startswith("Trần")


def test_csv_in_windows_1258_and_with_the_line_that_names_the_delimiter() -> None:
    sheet = read_table("a.csv", "Hoò tên,Sôì tiêÌn\nTrâÌn,1\n".encode("cp1252"))
    assert sheet.headings == ["Ho\u0323 tên".replace("o\u0323", "ọ"), "Số tiền"]
    named = read_table("b.csv", b"sep=;\na;b\n1;2,3\n")
    assert named.rows[0].cells == {"a": "1", "b": "2,3"}
    assert named.heading_row == 2


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("a.xlsx", b"", "file_empty", "trống"),
        ("a.csv", b"\n\n", "file_empty", "trống"),
        ("a.csv", b",,\n,,\n", "sheet_empty", "không có dòng"),
        ("a.xlsx", b"PK\x03\x04 cut", "file_damaged", "hỏng"),
        ("a.xlsx", b"a,b\n1,2", "file_damaged", "hỏng"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "file_wrong_type", ".xlsx"),
        ("a.xlsx", b"%PDF-1.7", "file_wrong_type", "PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "file_wrong_type", "ảnh"),
        ("a.csv", b"a,b\nx,y\n", "sheet_no_headings", "Họ và tên"),
        ("a.csv", "Hä vµ tªn,Ngµy sinh\nNguyÔn V¨n ¸nh,TrÇn ThÞ B×nh\n".encode("cp1252"), "file_old_letters", "Unicode"),
        ("a.csv", b"Th\xc3\xb4n,b\n\"" + b"x" * 200_000 + b'",1\n', "sheet_cell_too_long", "nháy kép"),
        ("a.csv", "Thôn,b\n{},1\n".format("x" * 40_000).encode(), "sheet_cell_too_long", "A2"),
        ("a.csv", ("Thôn" + ",b" * 600).encode(), "sheet_too_wide", "dòng 1"),
    ],
)  # fmt: skip
def test_other_files_are_refused_with_what_to_do(name, content, code, says, refusal) -> None:
    found, message = refusal(read_table, name, content, known=KNOWN)
    assert (found, says in message) == (code, True), message
    assert f"“{name}”" in message


def test_limits_of_size_and_rows(monkeypatch, refusal) -> None:
    assert refusal(read_table, "a.csv", b"a" * (sniffing.MAX_BYTES + 1))[0] == "file_too_large"
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 5)
    assert refusal(read_table, "a.csv", b"a,b\n" + b"1,2\n" * 60)[0] == "sheet_too_long"


def test_a_cell_far_out_is_refused_before_it_fills_the_memory(refusal) -> None:
    content = workbook(lambda book, sheet: sheet.write(0, 0, "Thôn"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data = data.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(name, data)
    code, message = refusal(read_table, "xa.xlsx", out.getvalue())
    assert code == "sheet_too_wide"
    assert "Hãy" in message


COLUMNS = (
    SheetColumn("Họ và tên"), SheetColumn("CCCD"), SheetColumn("Ngày sinh", "date"), SheetColumn("Số", "number"),
    SheetColumn("Lúc", "moment"),
)  # fmt: skip
MOMENT = dt.datetime(2026, 6, 3, 0, 15, tzinfo=dt.UTC)
DATA = [
    ["=cmd|' /C calc'!A0", "079086001234", dt.date(1986, 3, 5), 12.5, MOMENT],
    ["+84901234567", "", dt.date(1899, 1, 2), Decimal("3"), None],
    ["@SUM(1)", None, "không rõ", "nhiều", "sáng"],
    ["-3,2", "x" * 40_000, None, True, None],
]


def test_an_export_is_read_back_as_it_was() -> None:
    sheet = read_table(
        "x.xlsx", write_xlsx(COLUMNS, DATA, title="Danh sách", notes=["Tính đến 03/06/2026"]), known=KNOWN
    )
    assert sheet.headings == [column.heading for column in COLUMNS]
    assert sheet.heading_row == 3
    texts = [list(row.cells.values()) for row in sheet.rows]
    assert texts[0] == ["=cmd|' /C calc'!A0", "079086001234", "1986-03-05", "12.5", "2026-06-03T07:15:00"]
    assert sheet.rows[0].dates == {"Ngày sinh", "Lúc"}
    assert texts[1][:4] == ["+84901234567", "", "02/01/1899", "3"]
    assert texts[2] == ["@SUM(1)", "", "không rõ", "nhiều", "sáng"]
    assert texts[3][0] == "-3,2"
    assert len(texts[3][1]) == 32_767
    assert texts[3][3] == "Có"


def test_no_cell_of_an_export_is_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(COLUMNS, DATA))) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert ">=cmd" not in page
    assert ">'=cmd" in page
    assert write_xlsx(COLUMNS, DATA) == write_xlsx(COLUMNS, DATA)


def test_csv_opens_right_in_excel_and_is_disarmed() -> None:
    content = write_csv(COLUMNS, DATA[:2])
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[1] == "'=cmd|' /C calc'!A0,079086001234,05/03/1986,12.5,03/06/2026 07:15"
    assert lines[2].startswith("+84901234567,,02/01/1899,3,")


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1", "'=1"), ("+cmd", "'+cmd"), ("-x", "'-x"), ("@a", "'@a"), ("\tx", "'\tx"), ("-3,2", "-3,2"), ("+84 90", "'+84 90"), ("an", "an"), ("", "")],
)  # fmt: skip
def test_disarming(text, safe) -> None:
    assert disarmed(text) == safe


@pytest.mark.parametrize("name", ["", "'", "[a]:b*c?d/e\\f", "x" * 99, "Sổ khám"])
def test_any_name_makes_a_sheet(name) -> None:
    assert read_table(
        "a.xlsx", write_xlsx([SheetColumn("a"), SheetColumn("b")], [["1", "2"]], sheet=name)
    ).rows
