"""`tramyte outbreaks`: the command line on good and bad files."""

import csv
import json

import pytest

from tramyte.web.commands.main import main

EARS = {"earsC_C1": {"method": "C1", "baseline": 3, "minSigma": 0, "alpha": 0.001}}
RULE = {"vn_tt15": {"endemic": True, "epidemic_years": []}}
HEAD = "series,freq,t,observed\n"


def run(folder, table, params=EARS, name="in.csv"):
    """(exit code, rows of the output or None) of the verb on these texts."""
    source, given, target = folder / name, folder / "params.json", folder / "out.csv"
    source.write_bytes(table if isinstance(table, bytes) else table.encode())
    given.write_text(params if isinstance(params, str) else json.dumps(params), encoding="utf-8")
    code = main(["outbreaks", str(source), str(target), "--params", str(given)])
    if not target.exists():
        return code, None
    with target.open(encoding="utf-8", newline="") as file:
        return code, list(csv.DictReader(file))


def lines(series, counts, freq=52, first=1):
    return "".join(f"{series},{freq},{first + place},{count}\n" for place, count in enumerate(counts))


def test_rows_come_per_algorithm_in_the_order_of_the_input(tmp_path, capsys):
    table = "series,ghi chú,freq,t,observed,state\nb,x,52,2,3,1\n" + "".join(f"b,x,52,{t},3,\n" for t in (1, 4, 3)) + 'b,"y, z",52,5,9,TRUE\n'
    params = EARS | {"earsC_C2": {"method": "C2", "baseline": 3}} | {"earsC_same": EARS["earsC_C1"]}
    code, rows = run(tmp_path, table, params)
    assert code == 0 and capsys.readouterr().err == ""
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[0] == "series,algorithm,t,upper,alarm,ghi chú,state"
    assert [(row["algorithm"], row["t"], row["upper"], row["alarm"], row["ghi chú"]) for row in rows] == [
        ("earsC_C1", "4", "3", "0", "x"), ("earsC_C1", "5", "3", "1", "y, z"),
        ("earsC_same", "4", "3", "0", "x"), ("earsC_same", "5", "3", "1", "y, z"),
    ]


def test_many_series_of_unlike_length_and_frequency(tmp_path):
    table = HEAD + lines("a", [1, 2, 3, 4]) + lines("c", [5, 5, 5, 5, 50], 12, first=7) + lines("d", [1, 1]) + lines("e", [2, 4, 6, 4], 365)
    code, rows = run(tmp_path, table)
    assert code == 0
    assert [(row["series"], row["t"], row["alarm"]) for row in rows] == [("a", "4", "0"), ("c", "10", "0"), ("c", "11", "1"), ("e", "4", "0")]
    assert float(rows[3]["upper"]) == pytest.approx(4 + 3.0902323 * 2)


def test_farrington_covers_the_last_two_years(tmp_path):
    params = {"farringtonFlexible_x": {"b": 3, "thresholdMethod": "nbPlugin", "alpha": 0.01, "limit54": [5, 4], "range": "last 2 years"}}
    table = HEAD + lines("a", [3] * 299 + [40]) + lines("b", [9] * 60, 12) + lines("sparse", [0] * 300)
    code, rows = run(tmp_path, table, params)
    assert code == 0
    last = {row["series"]: row for row in rows}
    assert [(name, sum(row["series"] == name for row in rows)) for name in last] == [("a", 104), ("b", 22), ("sparse", 104)]
    # Poisson of mean 3: 8 is its 99 % point. Months: b*12 + w + 1 = 38 is never the first.
    assert (last["a"]["upper"], last["a"]["alarm"]) == ("8", "1") and next(row["t"] for row in rows if row["series"] == "b") == "39"
    assert (last["sparse"]["upper"], last["sparse"]["alarm"]) == ("", "0")


def test_a_population_column_serves_as_offset(tmp_path, capsys):
    params = {"farringtonFlexible_p": {"b": 3, "populationOffset": True, "thresholdMethod": "nbPlugin"}}
    table = "series,freq,t,observed,population\n" + "".join(f"a,52,{t},{t // 20 + 5},{(t // 20 + 5) * 100}\n" for t in range(1, 301))
    assert run(tmp_path, table, params)[0] == 0
    code, rows = run(tmp_path, HEAD + lines("a", [5] * 300), params)
    assert code == 1 and rows == []
    assert "population" in capsys.readouterr().err


def test_a_population_that_nobody_asks_for_is_passed_on(tmp_path):
    code, rows = run(tmp_path, "series,freq,t,observed,population\n" + "".join(f"a,52,{t},2,nhiều\n" for t in range(1, 5)))
    assert code == 0 and [(row["upper"], row["population"]) for row in rows] == [("2", "nhiều")]


def test_the_statutory_rule_by_day(tmp_path, capsys):
    days = [f"A,{year}-03-{day:02d},{2 if day == 10 else 0}," for year in (2021, 2022) for day in range(1, 32)]
    # Two Marches of two cases: mean 2, SD 0. Then three in a week of 2023.
    gap = [f"A,{year}-{month:02d}-{day:02d},0," for year in (2021, 2022) for month in range(4, 13) for day in range(1, 32 if month in (5, 7, 8, 10, 12) else 31)]
    winter = [f"A,{year}-{month:02d}-{day:02d},0," for year in (2022, 2023) for month in (1, 2) for day in range(1, 32 if month == 1 else 29)]
    new = ["A,01/03/2023,2,", "A,2023-03-02,1,"]
    code, rows = run(tmp_path, "series,date,observed,khác\n" + "\n".join(days + gap + winter + new) + "\n", RULE)
    assert code == 0, capsys.readouterr().err
    assert list(rows[0]) == ["series", "algorithm", "date", "cumulative_week", "cumulative_month", "upper_alert", "upper_outbreak", "alarm", "khác"]
    assert len(rows) == len(days + gap + winter + new)
    assert [rows[-2][name] for name in ("date", "cumulative_week", "cumulative_month", "upper_outbreak", "alarm")] == ["01/03/2023", "2", "2", "2", "1"]
    assert [rows[-1][name] for name in ("date", "cumulative_week", "cumulative_month", "upper_outbreak", "alarm")] == ["2023-03-02", "3", "3", "2", "2"]
    assert rows[0]["upper_outbreak"] == "" and rows[0]["alarm"] == "0"


@pytest.mark.parametrize(("table", "alarms"), [
    ("series,date,observed,linked\nA,2026-06-01,9,2\nA,2026-06-02,9,1\nA,2026-06-03,9,2\n", ["0", "1", "2"]),
    ("series,date,observed,linked\nA,2026-06-01,9,\nA,2026-06-02,9,\n", ["0", "0"]),
    ("series,date,observed\nA,2026-06-01,2\nA,2026-06-02,1\nA,2026-06-03,2\n", ["0", "1", "2"]),
])
def test_linked_cases_count_when_the_disease_is_not_endemic(tmp_path, table, alarms):
    code, rows = run(tmp_path, table, {"vn_tt15": {"endemic": False}})
    assert code == 0 and [row["alarm"] for row in rows] == alarms
    assert {(row["upper_alert"], row["upper_outbreak"]) for row in rows} == {("3", "5")}


@pytest.mark.parametrize(("bad", "said"), [
    ("a,52,4\n", "dòng 5: có 3 ô"),
    ("a,52,4,-1\n", "dòng 5: observed = '-1' phải là số nguyên"),
    ("a,52,4,2.5\n", "dòng 5: observed = '2.5'"),
    ("a,52,4,nhiều\n", "dòng 5: observed = 'nhiều'"),
    ("a,52,4,inf\n", "dòng 5: observed"),
    ("a,52,4,1e12\n", "dòng 5: observed"),
    ("a,52,,3\n", "dòng 5: t = ''"),
    ("a,52,0,3\n", "dòng 5: t = '0'"),
    ("a,52,x,3\n", "dòng 5: t = 'x'"),
    ("a,53,4,3\n", "dòng 5: freq = '53' không có"),
    ("a,,4,3\n", "dòng 5: freq = ''"),
    (",52,4,3\n", "dòng 5: series để trống"),
    ("a,52,3,7\n", "dòng 5: chuỗi a đã có t = 3 ở dòng 4"),
])
def test_a_bad_row_is_refused_by_its_line_and_the_rest_is_done(tmp_path, capsys, bad, said):
    code, rows = run(tmp_path, HEAD + lines("a", [1, 2, 3]) + bad + lines("b", [2, 2, 2, 5]))
    assert code == 1
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert [(row["series"], row["upper"], row["alarm"]) for row in rows] == [("b", "2", "1")]


def test_an_empty_count_is_unknown_and_no_error(tmp_path, capsys):
    code, rows = run(tmp_path, HEAD + lines("a", [1, 2, 3, 4, "", 4, 4, 4, 4]))
    assert code == 0 and capsys.readouterr().err == ""
    assert [(row["t"], row["upper"] == "", row["alarm"]) for row in rows] == [
        ("4", False, "0"), ("5", False, ""), ("6", True, ""), ("7", True, ""), ("8", True, ""), ("9", False, "0"),
    ]


def test_a_refused_count_leaves_its_week_unknown(tmp_path, capsys):
    code, rows = run(tmp_path, HEAD + lines("a", [4, 4, 4, "x", 4, 4, 4, 9]))
    assert code == 1 and capsys.readouterr().err.count("\n") == 1
    assert [(row["t"], row["upper"], row["alarm"]) for row in rows] == [("5", "", ""), ("6", "", ""), ("7", "", ""), ("8", "4", "1")]


@pytest.mark.parametrize(("table", "said", "left"), [
    (lines("a", [1, 2, 3]) + lines("a", [5, 5, 5, 6], first=5), "chuỗi a: thiếu 1 kỳ (t = 4), được coi là chưa biết", ["5", "6", "7", "8"]),
    (lines("a", [1, 2, 3]) + lines("a", [4], first=900_000_000), "chuỗi a: thiếu 899999996 kỳ giữa t = 1 và t = 900000000", []),
    (lines("a", [1, 2]) + lines("a", [1, 2], 12, first=3), "chuỗi a: có nhiều freq [12, 52]", []),
])
def test_a_series_that_does_not_hold_together_is_told_once(tmp_path, capsys, table, said, left):
    code, rows = run(tmp_path, HEAD + table + lines("b", [2, 2, 2, 5]))
    error = capsys.readouterr().err
    assert code == 1 and said in error and error.count("\n") == 1
    assert [row["t"] for row in rows if row["series"] == "a"] == left
    assert [row["alarm"] for row in rows if row["series"] == "b"] == ["1"]


@pytest.mark.parametrize(("row", "said"), [
    ("A,2026-02-30,1,0", "không có ngày 30"),
    ("A,,1,0", "để trống"),
    ("A,2026-06-02,1,2", "linked = 2 nhiều hơn observed = 1"),
    ("A,2026-06-02,1,-1", "linked = '-1'"),
    ("A,2026-06-01,1,0", "chuỗi A đã có ngày 01/06/2026 ở dòng 2"),
])
def test_bad_days_are_refused_by_their_line(tmp_path, capsys, row, said):
    code, rows = run(tmp_path, f"series,date,observed,linked\nA,2026-06-01,3,3\n{row}\n", {"vn_tt15": {"endemic": False}})
    error = capsys.readouterr().err
    assert code == 1 and "dòng 3" in error and said in error
    assert [row["alarm"] for row in rows] == ["1"]


@pytest.mark.parametrize(("params", "said"), [
    ("", "không phải JSON đúng, sai ở dòng 1"),
    ('{"earsC_C1": ', "không phải JSON đúng"),
    ("[]", "phải là một đối tượng JSON"),
    ("{}", "không có thuật toán nào dùng được"),
    ('{"rki1": {}}', "rki1: không có thuật toán này"),
    ('{"earsC_a": {}, "earsC_a": {}}', "tên lặp lại earsC_a"),
    ("[" * 100_000, "không dùng được"),
    (EARS | RULE, "vn_tt15 cần số liệu theo ngày"),
])
def test_without_a_usable_parameter_file_nothing_is_written(tmp_path, capsys, params, said):
    code, rows = run(tmp_path, HEAD + lines("a", [1, 2, 3, 4]), params)
    error = capsys.readouterr().err
    assert code == 1 and rows is None and said in error and "Traceback" not in error


def test_another_algorithm_is_refused_and_the_rest_is_done(tmp_path, capsys):
    params = {"rki1": {"b": 0}, "earsC_bad": {"alpha": 3}, "farringtonFlexible_wide": {"w": 30}} | EARS
    code, rows = run(tmp_path, HEAD + lines("a", [2, 2, 2, 5]), params)
    error = capsys.readouterr().err
    assert code == 1 and [row["algorithm"] for row in rows] == ["earsC_C1"]
    assert "rki1: không có thuật toán" in error and "earsC_bad: alpha = 3" in error and "farringtonFlexible_wide, freq 52: w=30" in error


@pytest.mark.parametrize(("table", "said"), [
    ("", "trống"),
    ("series,t,observed\na,1,2\n", "thiếu cột freq"),
    ("series,series,freq,t,observed\n", "cột lặp lại: series"),
])
def test_a_file_that_is_no_table_writes_nothing(tmp_path, capsys, table, said):
    code, rows = run(tmp_path, table)
    assert code == 1 and rows is None and said in capsys.readouterr().err


def test_a_table_without_rows_says_so(tmp_path, capsys):
    code, rows = run(tmp_path, HEAD)
    assert code == 1 and rows == [] and "không có dòng số liệu nào" in capsys.readouterr().err


def test_a_missing_file_is_a_sentence(tmp_path, capsys):
    target = tmp_path / "out.csv"
    assert main(["outbreaks", str(tmp_path / "no.csv"), str(target), "--params", str(tmp_path / "no.json")]) == 1
    assert "không có tệp này" in capsys.readouterr().err and not target.exists()


def test_an_output_that_cannot_be_written_leaves_nothing(tmp_path, capsys):
    (tmp_path / "out.csv").mkdir()
    source, given = tmp_path / "in.csv", tmp_path / "params.json"
    source.write_text(HEAD + lines("a", [1, 2, 3, 4]), encoding="utf-8")
    given.write_text(json.dumps(EARS), encoding="utf-8")
    assert main(["outbreaks", str(source), str(tmp_path / "out.csv"), "--params", str(given)]) == 1
    assert "Không ghi được tệp" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv", "params.json"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read(tmp_path, encoding):
    table = (HEAD + lines("Sốt xuất huyết", ["2.0", 2, 2, 5])).replace(",", ";")
    code, _ = run(tmp_path, table.encode(encoding))
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert code == 0 and text == "series;algorithm;t;upper;alarm\nSốt xuất huyết;earsC_C1;4;2;1\n"
