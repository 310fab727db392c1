"""Files as stations send them: each fault gets its sentence and its cell, and nothing is half-written."""

import io

import pytest
import xlsxwriter

from tramyte.care.checkups.models import Checkup
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused
from tramyte.engine.registers import registry, staging

HEAD = "Số định danh,Họ và tên,Ngày sinh,Ngày khám,Hình thức,Huyết áp tâm thu,Kết luận"
GOOD = "037056000123,Nguyễn Thị Mận,05/03/1956,05/03/2026,khám sức khỏe định kỳ,130,"


def csv(*lines, head=HEAD):
    return "\n".join((head, *lines)).encode("utf-8-sig")


def judged(cast, content, name="kham.csv"):
    entries = AuditEntry.objects.count()
    lines = staging.try_out(registry.get("checkups"), cast.nurse, name, content)
    assert not Checkup.objects.exists() and AuditEntry.objects.count() == entries
    return lines


@pytest.mark.parametrize(("line", "cell", "words"), [
    (GOOD.replace("05/03/2026", "31/02/2026"), "D2", "Tháng 2 năm 2026 không có ngày 31"),
    (GOOD.replace("05/03/2026", "03/04/26"), "D2", "hai chữ số của năm"),
    (GOOD.replace("05/03/2026", "hôm qua"), "D2", "Không đọc được ngày"),
    (GOOD.replace("05/03/2026", "46086"), "D2", "số thứ tự ngày của Excel"),
    (GOOD.replace("05/03/2026", "04/06/2026"), "D2", "chưa đến; hôm nay là 03/06/2026"),
    (GOOD.replace("05/03/2026", "04/03/1956"), "D2", "trước ngày sinh"),
    (GOOD.replace("05/03/2026", ""), "D2", "Hãy ghi ngày ở ô"),
    (GOOD.replace("khám sức khỏe định kỳ", "khám chơi"), "E2", "Hãy ghi một trong: khám sức khỏe định kỳ, khám sàng lọc"),
    (GOOD.replace("130", "1300"), "F2", "từ 50 đến 300"),
    (GOOD.replace("130", "cao"), "F2", "không phải là số nguyên"),
    (GOOD.replace("130", "=120+10"), "F2", "công thức"),
    (GOOD.replace("037056000123", "037056000999"), "A2", "Không có ai"),
    (GOOD.replace("khám sức khỏe định kỳ", ""), "E2", "Hãy chọn"),
    (GOOD.replace("037056000123", "3.7056E+10"), "A2", "Không có ai"),
    (GOOD.replace("Nguyễn Thị Mận", "Trần Văn Khác"), "B2", "khác tệp"),
    (GOOD.replace("05/03/1956", "06/03/1956"), "C2", "khác tệp"),
    (GOOD.replace("Nguyễn Thị Mận", "M" * 10_000), "B2", "10000 ký tự"),
    (GOOD + "x" * 201, "G2", "200"),
    (GOOD.replace("05/03/2026", "05/03\x01/2026"), "D2", "ký tự điều khiển"),
    (GOOD.replace("sức", "s\x07ức"), "E2", "ký tự điều khiển"),
    (GOOD.replace("130", "13\x1f0"), "F2", "ký tự điều khiển"),
    (GOOD + "khỏe\x7f", "G2", "ký tự điều khiển"),
    (GOOD.replace("Mận", "Mận\x9b"), "B2", "ký tự điều khiển"),
])
def test_a_wrong_cell_is_named(cast, person, line, cell, words):
    [only] = judged(cast, csv(line)) if "037056000123" in line else judged(cast, csv(line.replace("Nguyễn Thị Mận,05/03/1956", ",")))
    assert (only.verdict, only.cell) == ("refused", cell), only.reason
    assert words in only.reason and len(only.reason) < 400


@pytest.mark.parametrize("place", range(7))
def test_no_control_character_is_taken_out_in_silence(cast, person, place):
    cells = GOOD.split(",")
    cells[place] = f"{cells[place][:3]}\x02{cells[place][3:]}"
    [only] = judged(cast, csv(",".join(cells)))
    assert (only.verdict, only.cell) == ("refused", f"{'ABCDEFG'[place]}2") and "ký tự điều khiển" in only.reason
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for number, line in enumerate((HEAD.split(","), cells)):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text)
    [only] = judged(cast, book.getvalue(), "kham.xlsx")
    assert (only.verdict, only.cell) == ("refused", f"{'ABCDEFG'[place]}2"), only.reason


def test_blanks_that_programs_leave_are_no_fault(cast, person):
    [only] = judged(cast, csv(GOOD.replace("Nguyễn Thị Mận", "\ufeffNguyễn\xa0Thị\u200b Mận\xad ")))
    assert only.verdict == "created", only.reason


def test_the_fifth_of_march_is_not_the_third_of_may(cast, person):
    [only] = judged(cast, csv(GOOD))
    assert only.verdict == "created" and only.fields["on"].isoformat() == "2026-03-05"


@pytest.mark.parametrize("typed", ["5/3/2026", "05-03-2026", "5.3.2026", "2026-03-05", "ngày 05 tháng 3 năm 2026"])
def test_dates_as_people_type_them(cast, person, typed):
    [only] = judged(cast, csv(GOOD.replace("05/03/2026", typed)))
    assert only.fields["on"].isoformat() == "2026-03-05"


@pytest.mark.parametrize("line", [
    GOOD.replace("037056000123", ""), GOOD.replace("Nguyễn Thị Mận", "NGUYEN THI MAN"), GOOD.replace("05/03/1956", "1956"),
    GOOD.replace("khám sức khỏe định kỳ", "KHAM SUC KHOE DINH KY"), GOOD.replace("130", "130.0"),
    GOOD.replace("037056000123", "37056000123"), GOOD.replace("037056000123", "037 056 000 123"),
])
def test_what_a_person_would_understand_is_taken(cast, person, line):
    [only] = judged(cast, csv(line))
    assert only.verdict == "created", (only.cell, only.reason)


def test_the_same_line_twice_counts_once(cast, person):
    first, second = judged(cast, csv(GOOD, GOOD))
    assert (first.verdict, second.verdict) == ("created", "duplicate") and "dòng 2" in second.reason


def test_control_characters_do_not_reach_the_book(cast, person):
    [only] = judged(cast, csv(GOOD + "theo\x07 dõi"))
    assert only.verdict == "refused" or only.fields["conclusion"] == "theo dõi"


@pytest.mark.parametrize(("content", "name", "words"), [
    (csv(GOOD, head=HEAD.replace("Ngày khám", "Hôm")), "a.csv", "thiếu cột: Ngày khám"),
    (csv(GOOD, head=HEAD.replace("Kết luận", "Ngày khám")), "a.csv", "hai cột “Ngày khám”"),
    (csv(), "a.csv", "không có dòng nào"),
    (b"", "a.csv", ""),
    (b"%PDF-1.7 nothing", "a.xlsx", ""),
    (b"PK\x03\x04broken", "a.xlsx", ""),
    ("Một trang viết linh tinh\nkhông có bảng".encode(), "a.csv", "tiêu đề"),
])
def test_a_file_that_cannot_be_taken_says_why(cast, person, content, name, words):
    with pytest.raises(Refused) as refused:
        judged(cast, content, name)
    assert words in refused.value.message and refused.value.status == 422


def test_merged_headings_over_two_rows_and_a_title_are_read(cast, person):
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("Khám")
    page.merge_range(0, 0, 0, 4, "DANH SÁCH KHÁM SỨC KHỎE")
    page.merge_range(2, 0, 3, 0, "Số định danh")
    page.merge_range(2, 1, 2, 2, "Lượt khám")
    page.write_row(3, 1, ["Ngày khám", "Hình thức"])
    page.write_row(4, 0, ["037056000123", "32/03/2026", "khám sàng lọc"])
    book.close()
    [only] = judged(cast, buffer.getvalue(), "kham.xlsx")
    assert (only.verdict, only.cell) == ("refused", "B5")


def test_a_page_keeps_nothing_of_a_bad_file(enter, person):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = enter("nurse")
    answer = client.post("/so/checkups/nhap/", {"file": SimpleUploadedFile("a.csv", b"x")})
    assert answer.status_code == 422 and "Chưa nhận tệp" in answer.content.decode()
    assert client.post("/so/checkups/nhap/", {}).status_code == 422
