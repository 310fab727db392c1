"""Lists as they come: which sheet, which heading row, which column, what is set aside, what is corrected and remembered."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tramyte.engine.refused import Refused
from tramyte.engine.registers import loading, registry, staging, taking, wizard
from tramyte.engine.registers.layout import Target
from tramyte.engine.registers.models import Import

URL = "/so/residents/nhap/"
HEAD = ("Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Số định danh")
ROWS = (("Nguyễn Văn An", "05/03/1956", "Nam", "Đông Hạ", "037056001234"), ("Trần Thị Bình", "01/02/1960", "Nữ", "Vân Sơn", "037160001235"), ("Lê Văn Cường", "1970", "Nam", "Trung Lập", ""))


def text(*rows, sign=",", encoding="utf-8-sig"):
    return "\n".join(sign.join(row) for row in rows).encode(encoding)


def book(*sheets, merged=()):
    """A workbook of (name, rows); `merged`: ranges of the last sheet with their text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, rows in sheets:
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell:
                        page.write_string(at, column, cell)
        for *corners, words in merged:
            page.merge_range(*corners, words)
    return buffer.getvalue()


def residents():
    return registry.get("residents")


def guessed(user, content, name="ds.csv"):
    """Heading -> (target, how)."""
    found = wizard.propose(residents(), user, name, content)
    return {one.heading: (one.target, one.how) for one in found.guesses}


def begun(user, content, name="ds.csv", sender=""):
    return wizard.begin(residents(), user, name, content, sender)


def verdicts(load):
    return [(row.number, row.verdict) for row in load.rows.all()]


def confirmed(user, load, **targets):
    layout = wizard.answers(load, residents(), {f"cot-{letter}": target for letter, target in targets.items()})
    wizard.confirm(residents(), user, load, layout)
    load.refresh_from_db()
    return load


# ---- which column is what

@pytest.mark.parametrize(("heading", "path"), [
    ("HỌ VÀ TÊN", "full_name"), ("Họ tên người tham gia", "full_name"), ("Họ, chữ đệm và tên khai sinh", "full_name"), ("HoTen", "full_name"), ("Năm sinh", "birth"),
    ("NTNS", "birth"), ("Ngày sinh (dd/mm/yyyy)", "birth"), ("Phái", "sex"), ("Thôn, xóm", "hamlet"), ("Số CCCD/ĐDCN", "national_id"), ("Số CMND *", "national_id"), ("SĐT", "phone"),
    ("Mã thẻ", "card_number"), ("Giá trị thẻ đến", "card_end"), ("QH với chủ hộ", "relation"), ("Hộ khẩu số", "household_number"),
])
def test_headings_are_known_by_what_people_write(cast, heading, path):
    assert guessed(cast.nurse, text((heading, "Ghi chú"), ("a", "b"), sign=";"))[heading] == (path, "name")


@pytest.mark.parametrize("heading", ["Họ và tên chủ hộ", "Họ tên mẹ", "Số điện thoại người thân", "Ghi chú"])
def test_a_heading_of_somebody_else_is_not_the_lines(cast, heading):
    assert guessed(cast.nurse, text((heading, "Thôn"), ("x1", "y"), ("x2", "y")))[heading] == ("", "")


def test_values_tell_what_a_strange_heading_is(cast):
    strange = text(("A1", "B1", "C1", "D1", "E1", "F1", "STT"), *((*row, f"091234567{n}", str(n)) for n, row in enumerate(ROWS)), ("Phạm Thị Dung", "02/02/1980", "Nữ", "Đông Hạ", "037180001111", "0912345679", "4"))
    found = guessed(cast.nurse, strange)
    assert {heading: target for heading, (target, _) in found.items()} == {
        "A1": "full_name", "B1": "birth", "C1": "sex", "D1": "hamlet", "E1": "national_id", "F1": "phone", "STT": ""}
    assert {how for target, how in found.values() if target} == {"example"}
    load = begun(cast.nurse, strange)
    assert load.state == "choosing" and not load.rows.exists()  # a guess is not taken without somebody's word
    assert [verdict for _, verdict in verdicts(confirmed(cast.nurse, load))] == ["created"] * 4


def test_a_repeated_heading_is_asked_about_and_refused_on_the_command_line(cast):
    content = text((*HEAD, "Thôn"), (*ROWS[0], "Vân Sơn"))
    assert guessed(cast.nurse, content)["Thôn (2)"] == ("", "double")
    with pytest.raises(Refused, match="hai cột “Thôn”"):
        staging.try_out(residents(), cast.nurse, "a.csv", content)


@pytest.mark.parametrize(("head", "row", "told"), [
    (("Họ đệm", "Tên", "Ngày sinh", "Giới tính", "Thôn"), ("Nguyễn Văn", "An", "05/03/1956", "Nam", "Đông Hạ"), {"full_name": "Nguyễn Văn An"}),
    (("Họ và tên", "Ngày", "Tháng", "Năm", "Giới tính", "Thôn"), ("Lê An", "5", "3", "1956", "Nam", "Đông Hạ"), {"birth": "05/03/1956"}),
    (("Họ và tên", "Ngày sinh", "Tháng sinh", "Năm sinh", "Giới tính", "Thôn"), ("Lê An", "", "", "1956", "Nam", "Đông Hạ"), {"birth": "1956"}),
    (("Họ và tên", "Ngày sinh", "Nam", "Nữ", "Thôn"), ("Lê An", "1956", "", "x", "Đông Hạ"), {"sex": "Nữ"}),
    (("Họ và tên", "Nam", "Nữ", "Thôn"), ("Lê An", "", "1956", "Đông Hạ"), {"sex": "Nữ", "birth": "1956"}),
])
def test_columns_that_belong_together_are_put_together(cast, head, row, told):
    [line] = staging.try_out(residents(), cast.nurse, "a.csv", text(head, row))
    assert line.verdict == "created", line.reason
    assert {path: line.cells[path] for path in told} == told


def test_a_wrong_cell_is_named_by_the_column_in_which_it_stands(cast):
    lines = staging.try_out(residents(), cast.nurse, "a.csv", text(("Họ và tên", "Nam", "Nữ", "Thôn"), ("Lê An", "", "31/02/1956", "Đông Hạ"), ("Lê Ba", "30/02/1956", "", "Đông Hạ")))
    assert [(line.verdict, line.cell) for line in lines] == [("refused", "C2"), ("refused", "B3")]


def test_two_columns_for_one_number_give_the_first_that_is_filled(cast):
    load = begun(cast.nurse, text(("Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "CCCD", "CMND"), (*ROWS[0], "168123456"), (*ROWS[2][:4], "", "168123457")))
    assert load.state == "choosing"
    confirmed(cast.nurse, load, E="national_id", F="national_id")
    assert [row.cells["national_id"] for row in load.rows.all()] == ["037056001234", "168123457"]


@pytest.mark.parametrize("written", ["", "birth", "birth#year", "sex=M", "birth&sex=M"])
def test_a_target_is_read_as_it_is_written(written):
    target = Target.read(written)
    again = target.path + (f"#{target.part}" if target.part else "")
    if target.marks:
        again += ("&" if target.path else "") + "=".join(target.marks)
    assert again == written


# ---- sheets, headings, letters

def test_headings_over_two_rows_on_the_second_sheet(cast):
    rows = [("DANH SÁCH",), (), ("", "", "Năm sinh", "", "", ""), ("", "", "Nam", "Nữ", "", ""), ("1", "Lê An", "", "1956", "Đông Hạ"), ("2", "Lê Bình", "1957", "", "Vân Sơn")]
    content = book(("Bìa", [("Xã Đồng Vân",)]), ("DS", rows), merged=((2, 2, 2, 3, "Năm sinh"), (2, 0, 3, 0, "STT"), (2, 1, 3, 1, "Họ và tên"), (2, 4, 3, 4, "Thôn")))
    lines = staging.try_out(residents(), cast.nurse, "a.xlsx", content)
    assert [(line.number, line.verdict, line.cells["birth"], line.cells["sex"]) for line in lines] == [(5, "created", "1956", "Nữ"), (6, "created", "1957", "Nam")]


def test_a_line_of_totals_hides_no_years_of_birth_of_men_and_women(cast):
    rows = [("", "", "Năm sinh", "", ""), ("", "", "Nam", "Nữ", ""), ("1", "Lê An", "", "1956", "Đông Hạ"), ("2", "Lê Bình", "12/03/1957", "", "Vân Sơn"), ("Cộng", "", "1", "1", "")]
    content = book(("DS", rows), merged=((0, 2, 0, 3, "Năm sinh"), (0, 0, 1, 0, "STT"), (0, 1, 1, 1, "Họ và tên"), (0, 4, 1, 4, "Thôn")))
    lines = staging.try_out(residents(), cast.nurse, "a.xlsx", content)
    assert [(line.verdict, line.cells["birth"], line.cells["sex"]) for line in lines][:2] == [("created", "1956", "Nữ"), ("created", "12/03/1957", "Nam")]


def test_sheets_alike_are_asked_about(cast, enter):
    content = book(("Đông Hạ", [HEAD, ROWS[0]]), ("Vân Sơn", [HEAD, ROWS[1]]))
    client = enter("nurse")
    there = client.post(URL, {"file": SimpleUploadedFile("thon.xlsx", content)}).url
    assert client.get(there).url.endswith("/trang/")
    page = client.get(f"{there}trang/").content.decode()
    assert "Trang “Đông Hạ”" in page and "Trang “Vân Sơn”" in page and "máy đoán" in page
    assert client.post(f"{there}trang/", {}).status_code == 422
    assert client.post(f"{there}trang/", {"at": "1:1"}).url.endswith("/cot/")
    client.post(f"{there}cot/", {"do": "confirm"})
    load = Import.objects.get()
    assert load.sheet == "Vân Sơn" and load.rows.get().cells["full_name"] == "Trần Thị Bình"
    loading.apply(residents(), cast.nurse, load)
    second = begun(cast.nurse, content)  # the other sheet of the file that is written already
    wizard.place(residents(), cast.nurse, second, "Đông Hạ", 1, 1)
    assert verdicts(confirmed(cast.nurse, second)) == [(2, "created")]


@pytest.mark.parametrize(("sign", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), ("\t", "utf-8"), (",", "utf-16-le"), (";", "cp1258")])
def test_text_files_of_every_kind(cast, sign, encoding):
    rows = [HEAD, *ROWS]
    if encoding == "cp1258":
        rows = [tuple(to_1258(cell) for cell in row) for row in rows]
    lines = staging.try_out(residents(), cast.nurse, "ds.txt", text(*rows, sign=sign, encoding=encoding))
    assert [line.verdict for line in lines] == ["created"] * 3 and lines[0].cells["full_name"] == "Nguyễn Văn An"


def to_1258(cell):
    """Windows-1258 has no letters with a second mark: the tone stands behind."""
    import unicodedata

    out = ""
    for letter in cell:
        try:
            letter.encode("cp1258")
            out += letter
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark != tone)) + tone
    return out


def test_a_workbook_in_old_letters_is_refused_with_a_sentence(cast):
    content = book(("DS", [("Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "Th«n"), ("NguyÔn V¨n Anh", "1956", "Nam", "§«ng H¹"), ("TrÇn ThÞ Bèn", "1957", "N÷", "§«ng H¹")]))
    with pytest.raises(Refused, match="TCVN3"):
        begun(cast.nurse, content, "a.xlsx")


# ---- what is no line of the book

def test_totals_groups_and_signatures_are_set_aside(cast):
    rows = [HEAD, ("", "", "", "", ""), *ROWS, ("Tổng cộng: 3 người",), (), ("", "", "", "Đồng Vân, ngày 01 tháng 6 năm 2026"), ("", "", "", "TRƯỞNG THÔN"), ("", "", "", "Bùi Văn Công")]
    taken = taking.take(residents(), "a.xlsx", book(("DS", rows), merged=((1, 0, 1, 4, "Thôn Đông Hạ"),)))
    assert [line.number for line in taken.lines] == [3, 4, 5]
    assert [(number, sentence.split()[0]) for number, sentence, _ in taken.aside] == [(2, "Dòng"), (6, "Dòng"), (8, "Phần"), (9, "Phần"), (10, "Phần")]


@pytest.mark.parametrize("last", [("Tống Công Minh", "1956", "Nam", "Đông Hạ"), ("Trương Văn A", "", "", ""), ("Kỳ Anh", "1990", "", "")])
def test_a_person_is_not_set_aside(cast, last):
    taken = taking.take(residents(), "a.csv", text(HEAD, *ROWS, (*last, "")))
    assert [line.number for line in taken.lines] == [2, 3, 4, 5] and not taken.aside
