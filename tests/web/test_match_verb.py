"""`tramyte match`: what it writes, and a sentence for every bad file."""

import csv
import io
import subprocess
import sys

import pytest

from tramyte.web.commands.main import main

HEAD = "rec_id,ho_ten,ngay_sinh,gioi_tinh,cccd,bhyt,sdt,xa,thon,me_ten"
ROWS = (
    "B7,Nguyễn Thị Lan,1970-09-18,F,037170001234,GD4373720123456,0912345678,X1,Thôn 3,Đỗ Thị Cúc",
    "A9,Nguyen Thi Lan,18/09/1970,F,,HT3373720123456,+84912345678,X1,Thôn 3,",
    "C1,Trần Văn Bình,1988-01-02,M,037088000777,,0987654321,X1,Thôn 1,",
    "C2,Lê Quốc Khánh,1991-12-24,M,037091000888,,,X2,Thôn 4,",
)
FOUND = [["rec_a", "rec_b"], ["A9", "B7"]]


def text(*rows, head=HEAD):
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture
def match(tmp_path, capsys):
    """Run the verb on a text: (exit code, rows or None when nothing was written, standard error)."""
    def ran(content):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        target.unlink(missing_ok=True)
        if content is not None:
            source.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = main(["match", str(source), str(target)])
        said = capsys.readouterr().err
        assert "Traceback" not in said and not list(tmp_path.glob(".out*"))
        return code, list(csv.reader(io.StringIO(target.read_text(encoding="utf-8")))) if target.exists() else None, said
    return ran


def test_pairs_with_score_and_evidence(match):
    code, (head, *found), said = match(text(*ROWS))
    assert (code, said, head) == (0, "", ["rec_a", "rec_b", "score", "evidence"])
    ((first, second, score, evidence),) = found
    assert (first, second) == ("A9", "B7") and 0.9 < float(score) <= 1
    assert {"trùng mã số BHXH", "cùng ngày sinh", "tên khác dấu", "cùng số điện thoại", "cùng thôn"} <= set(evidence.split(", "))


def test_other_separators_encodings_and_columns(match):
    odd = text(*(f"{row},ghi chú" for row in ROWS), head=f"{HEAD},khác").replace(",", ";")
    code, rows, said = match(odd.encode("utf-16"))
    assert (code, said) == (0, "") and [row[:2] for row in rows] == FOUND


BAD = (
    ("D1,Lê An", "có 2 ô, dòng đầu có 10 cột"),
    ('D2,"Vũ Bảo,1970-01-02,F,,,,,,', "có dấu ngoặc kép"),
    (",Hồ Cúc,1970-01-02,F,,,,,,", "để trống rec_id"),
    ("B7,Nguyễn Thị Lan,1970-09-18,F,037170001234,,,,,", "rec_id “B7” đã có ở dòng 2"),
    ("D5,Đinh Dung,1970-02-31,F,,,,,,", "Tháng 2 năm 1970 không có ngày 31"),
    ("D6,Mai Giang,hôm qua,F,,,,,,", "Không đọc được ngày “hôm qua”"),
    ("D7,Tạ Hiếu,1/2/70,F,,,,,,", "Ngày “1/2/70” chỉ có hai chữ số của năm"),
    (b"D8,L\xea Khoa,1970-01-02,F,,,,,,".decode("utf-8", "surrogateescape"), "có chữ không phải UTF-8"),
)


def test_bad_rows_are_told_and_the_rest_is_matched(match):
    code, rows, told = match(text(*ROWS, *(row for row, _ in BAD)).encode("utf-8", "surrogateescape"))
    assert code == 1 and [row[:2] for row in rows] == FOUND
    lines = told.rstrip().split("\n")
    assert len(lines) == len(BAD) and all(line.endswith(".") for line in lines)
    for number, (_, said) in enumerate(BAD, start=6):
        assert any(f"dòng {number}: " in line and said in line for line in lines), said


def test_a_wrong_birth_date_does_not_hide_a_record(match):
    code, rows, told = match(text(ROWS[0], ROWS[1].replace("18/09/1970", "31/02/1970"), *ROWS[2:]))
    assert code == 1 and [row[:2] for row in rows] == FOUND
    assert "so như không rõ ngày sinh" in told


@pytest.mark.parametrize(("content", "said"), [
    (None, "không có tệp này"),
    ("", "trống"),
    ("a,b\n1,2\n", "thiếu cột rec_id, ho_ten, ngay_sinh"),
    ("rec_id,ho_ten,ho_ten,ngay_sinh\n", "cột lặp lại: ho_ten"),
])
def test_a_file_that_cannot_be_matched_leaves_nothing(match, content, said):
    code, rows, told = match(content)
    assert (code, rows) == (1, None) and said in told and told.count("\n") == 1


def test_no_records_and_one_record(match):
    code, rows, said = match(text())
    assert (code, rows) == (1, [["rec_a", "rec_b", "score", "evidence"]]) and "không có hồ sơ nào" in said
    assert match(text(ROWS[0])) == (0, [["rec_a", "rec_b", "score", "evidence"]], "")


def test_columns_may_be_absent_but_are_missed_aloud(match):
    code, rows, said = match("rec_id,ho_ten,ngay_sinh\n1,Đinh Thị Ngà,1970-09-18\n2,Dinh Thi Nga,18/9/1970\n")
    assert code == 0 and "không có cột gioi_tinh, cccd, bhyt, sdt, me_ten, xa, thon" in said
    assert [row[:2] for row in rows[1:]] == [["1", "2"]]


def test_wrong_usage_and_no_place_to_write(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["match"])
    assert stopped.value.code == 2
    (tmp_path / "in.csv").write_text(text(*ROWS), encoding="utf-8")
    assert main(["match", str(tmp_path / "in.csv"), str(tmp_path / "không" / "out.csv")]) == 1
    assert "Không ghi được" in capsys.readouterr().err


def test_no_django_is_started(tmp_path):
    (tmp_path / "in.csv").write_text(text(), encoding="utf-8")
    code = (
        "import sys; from tramyte.web.commands.main import main;"
        f"main(['match', {str(tmp_path / 'in.csv')!r}, {str(tmp_path / 'out.csv')!r}]);"
        "assert not {'django.db', 'splink', 'duckdb', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.DEVNULL)
