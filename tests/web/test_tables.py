"""Reading and writing of the stand-alone verbs: the bad files that people have."""

import pytest

from tramyte.engine.refused import Refused
from tramyte.web.commands import tables


def test_a_table_keeps_the_order_and_says_where_each_row_stood(tmp_path):
    file = tmp_path / "in.csv"
    file.write_bytes('\ufeffid,ghi chú\n1,"hai\ndòng"\n\n2, cuối \n'.encode())
    table = tables.read_table(file, ["id"])
    assert table.names == ["id", "ghi chú"] and table.lines == [3, 5]
    assert table.column("ghi chú") == ["hai\ndòng", "cuối"] and table.column("khác") == ["", ""]
    assert table.complaints == []


@pytest.mark.parametrize(("content", "said"), [
    (b"a,b\n1,2\n3\n4,5\n", "dòng 3: có 1 ô, dòng đầu có 2 cột"),
    (b"a,b\n1,2\n\xd0\xe1,3\n4,5\n", "dòng 3: có chữ không phải UTF-8"),
    (b'a,b\n1,2\n3,4,5\n4,5\n', "dòng 3: có 3 ô"),
    (b'a,b\n1,2\n3,"x\n4,5\n', "dòng 3: có dấu ngoặc kép"),
    (b'a,b\n1,2\n"3"x,1\n4,5\n', "dòng 3: có dấu ngoặc kép"),
    (b'a,b\n1,2\n4,5\n"', "dòng 4: có dấu ngoặc kép"),
])
def test_a_bad_row_is_refused_and_the_rest_is_read(tmp_path, content, said):
    file = tmp_path / "in.csv"
    file.write_bytes(content)
    table = tables.read_table(file)
    assert table.rows == [["1", "2"], ["4", "5"]]
    assert len(table.complaints) == 1 and said in table.complaints[0]


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"\n\n", "file_empty"), (b"a,a\n1,2\n", "twice"), (b"a,b\n", "no_column"), (b'"', "file_empty"), (b"a\xff,c\n", "no_text")])
def test_a_file_that_is_no_table_is_refused(tmp_path, content, code):
    file = tmp_path / "in.csv"
    file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        tables.read_table(file, ["c"])
    assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_marks_and_delimiters_are_noticed(tmp_path, encoding, delimiter):
    file = tmp_path / "in.csv"
    file.write_text(f"tên{delimiter}số\nĐông Hạ{delimiter}3\n", encoding=encoding)
    table = tables.read_table(file)
    assert table.rows == [["Đông Hạ", "3"]] and table.delimiter == delimiter


def test_a_large_table_comes_in_parts(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text('a,b\n' + '1,2\n' * 5 + '3\n"6,7\n' + '8,9\n', encoding="utf-8")
    parts = list(tables.read_parts(file, size=2))
    assert [part.rows for part in parts] == [[["1", "2"]] * 2, [["1", "2"]] * 2, [["1", "2"], ["8", "9"]], []]
    assert [part.lines for part in parts] == [[2, 3], [4, 5], [6, 9], []]
    assert [complaint.split(": ")[0].rsplit(" ", 1)[1] for part in parts for complaint in part.complaints] == ["7", "8"]


def test_json_lines_are_refused_by_their_line(tmp_path):
    file, complaints = tmp_path / "in.jsonl", []
    file.write_bytes(b'{"id": 1}\n[1]\n{"id":\n\n{"id": "\xff"}\n' + b"[" * 100_000 + b'\n{"id": 2}\n')
    assert list(tables.read_json_lines(file, complaints)) == [(1, {"id": 1}), (7, {"id": 2})]
    assert [line.split(": ")[0].rsplit(" ", 1)[1] for line in complaints] == ["2", "3", "5", "6"]
    assert tables.tell(complaints) == 1 and tables.tell([]) == 0


def test_files_appear_whole_or_not_at_all(tmp_path):
    tables.write_table(tmp_path / "out.csv", ["a", "b"], [["1", "x,y"]])
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == 'a,b\n1,"x,y"\n'
    with pytest.raises(Refused):
        tables.write_whole(tmp_path / "none" / "out.csv", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Refused):
        tables.write_whole(tmp_path / "folder", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "out.csv"]
