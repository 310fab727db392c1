"""`tramyte growth`: columns and rows as they came, bad input by its line, whole files or none."""

import csv
import subprocess
import sys
from functools import partial

import pytest

from tramyte.web.commands.main import main
from tramyte.web.commands.tables import read_parts

Z2006 = ["clenhei", "cbmi", "zlen", "flen", "zwei", "fwei", "zwfl", "fwfl", "zbmi", "fbmi", "zhc", "fhc", "zac", "fac", "zts", "fts", "zss", "fss"]
Z2007 = ["cbmi", "zhfa", "fhfa", "zwfa", "fwfa", "zbfa", "fbfa"]


def growth(tmp_path, text, *options, encoding="utf-8"):
    """Exit code and rows of OUT.csv (None when there is no file)."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    code = main(["growth", str(source), str(target), *options])
    if not target.exists():
        return code, None
    with target.open(encoding="utf-8", newline="") as file:
        return code, list(csv.reader(file, delimiter=";" if b";" in source.read_bytes() else ","))


def test_scores_follow_the_columns_that_came(tmp_path, capsys):
    text = 'id,sex,age_days,weight,lenhei,measure,headc,armc,triskin,subskin,oedema,"ghi, chú",\n7,1,731,12.0,88.5,,47.2,15.4,7.2,5.5,n," hai\ndòng",\n3,2,,,,,,,,,,"",x\n'
    code, rows = growth(tmp_path, text)
    assert code == 0 and capsys.readouterr().err == ""
    assert rows[0] == [*["id", "sex", "age_days", "weight", "lenhei", "measure", "headc", "armc", "triskin", "subskin", "oedema"], "ghi, chú", "", *Z2006]
    assert rows[1] == [*["7", "1", "731", "12.0", "88.5"], "", *["47.2", "15.4", "7.2", "5.5", "n"], " hai\ndòng", "", *["88.5", "15.321267835", "0.45", "0", "-0.11", "0", "-0.54", "0", "-0.58", "0", "-0.77", "0", "0.21", "0", "-0.32", "0", "-0.42", "0"]]
    assert rows[2] == ["3", "2", *[""] * 10, "x", *[""] * 18]


def test_school_children(tmp_path):
    code, rows = growth(tmp_path, "sex,age_months,height,weight\n1,100,100,30\nf,110,90,40\n", "--standard", "who2007")
    assert code == 0 and rows[0][4:] == Z2007
    assert [row[5:] for row in rows[1:]] == [["-5.04", "0", "0.87", "0", "5.03", "1"], ["-7.06", "1", "1.78", "0", "7.37", "1"]]
    assert growth(tmp_path, "sex,age_months,lenhei,weight\n1,100,100,30\n", "--standard", "who2007")[1][1][4:] == rows[1][4:]


@pytest.mark.parametrize(("written", "as_if"), [
    ("m,400,10,76,L,n", "1,400,10,76,l,N"), ("Nam,400,10,76,nằm,không", "1,400,10,76,L,n"), ("Nữ,400,10,76,Đứng,có", "2,400,10,76,H,y"), (" F , 400 , 10 , 76 , H , y ", "2,400,10,76,H,y"),
    ("2.0,400.0,1e1,76,NA,NaN", "2,400,10,76,,"), ("NA,400,10,76,L,n", ",400,10,76,L,n"),
])
def test_the_same_written_otherwise(tmp_path, written, as_if):
    head = "sex,age_days,weight,lenhei,measure,oedema\n"
    results = [growth(tmp_path, head + row + "\n") for row in (written, as_if)]
    assert results[0][0] == results[1][0] == 0 and results[0][1][1][6:] == results[1][1][1][6:]


BAD = "sex,age_days,weight,lenhei,measure,oedema\n1,400,10,76,L,n\n{}\n2,400,10,76,L,n\n"


@pytest.mark.parametrize(("row", "said"), [
    ("x,400,10,76,L,n", "cột sex: không hiểu “x”"), ("1,abc,10,76,L,n", "cột age_days: “abc” không phải số"), ("1,400,inf,76,L,n", "cột weight: “inf”"), ("1,400,1e999,76,L,n", "1e999"),
    ('1,400,"10,5",76,L,n', "dấu chấm"), ("1,400,10,76,X,n", "cột measure: không hiểu “X”"), ("1,400,10,76,L,maybe", "cột oedema"), ("1,400,10,76,L", "có 5 ô"),
    ("1,400,10,76,L,n,", "có 7 ô"), ('1,400,"10,76,L,n', "dấu ngoặc kép"),
])
def test_a_bad_row_is_told_and_the_others_are_scored(tmp_path, capsys, row, said):
    code, rows = growth(tmp_path, BAD.format(row))
    told = capsys.readouterr().err
    assert code == 1 and len(rows) == 3 and [cells[0] for cells in rows] == ["sex", "1", "2"]
    assert told.count("\n") == 1 and "in.csv, dòng 3: " in told and said in told


def test_rows_in_another_encoding_are_refused(tmp_path, capsys):
    code, rows = growth(tmp_path, b"sex,weight,t\xc3\xaan\n1,10,\xc4\x90\xc3\xb4ng\n1,10,\xd0\xf4ng\n2,9,B\xc3\xacnh\n")
    assert code == 1 and [row[2] for row in rows] == ["tên", "Đông", "Bình"] and "dòng 3: có chữ không phải UTF-8" in capsys.readouterr().err
    assert growth(tmp_path, "sex,weight,tên\n1,10,Đông\n", encoding="utf-16")[1][1][2] == "Đông"


def test_numbers_that_cannot_be_true_have_no_score(tmp_path, capsys):
    code, rows = growth(tmp_path, "sex,age_days,weight,lenhei\n1,400,-3,76\n1,-1,10,76\n1,400,10,76\n")
    assert code == 0 and [row[8] for row in rows] == ["zwei", "", "", "0.09"]
    assert "dòng 2 và 1 dòng khác: có số đo bằng 0 hoặc âm, hoặc tuổi âm" in capsys.readouterr().err


def test_computed_columns_are_computed_anew(tmp_path):
    _, rows = growth(tmp_path, "zwei,sex,age_days,weight\n99,1,400,10\n")
    assert rows[0] == ["sex", "age_days", "weight", *Z2006] and rows[1][:3] == ["1", "400", "10"] and rows[1][7] == "0.09"


@pytest.mark.parametrize(("text", "options", "code"), [
    ("", (), 1), ("\n", (), 1), ("id,weight\n1,2\n", (), 1), ("sex,sex\n1,2\n", (), 1), (b"\xff\xfe\xfa", (), 1), (b"s\xe9x\n1\n", (), 1), ("sex,weight\n", ("--by", "sex"), 2),
    ("sex\n", ("--prevalence", "--by", "xã"), 1), ("sex\n", ("--prevalence", "--weight", "sw"), 1), ("sex\n", ("--cluster", "c"), 2),
])
def test_files_that_are_none(tmp_path, capsys, text, options, code):
    assert growth(tmp_path, text, *options) == (code, None)
    assert capsys.readouterr().err.count("\n") == 1


def test_wrong_words(tmp_path):
    for words in (["growth"], ["growth", "a.csv"], ["growth", "a", "b", "--standard", "x"]):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 2
    assert main(["growth", str(tmp_path / "absent.csv"), str(tmp_path / "out.csv")]) == 1
    (tmp_path / "in.csv").write_text("sex\n1\n", encoding="utf-8")
    assert main(["growth", str(tmp_path / "in.csv"), str(tmp_path / "no" / "out.csv")]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_an_empty_list_of_children(tmp_path):
    assert growth(tmp_path, "sex,weight\n") == (0, [["sex", "weight", *Z2006]])
    code, rows = growth(tmp_path, "sex,weight,xã\n", "--prevalence", "--by", "xã")
    assert code == 0 and [row[0] for row in rows] == ["Group", "All"] and rows[1][2] == "0"


SURVEY = "sex,age_months,weight,lenhei,oedema,xã,sw,cụm,tầng\n" + "".join(
    f"{1 + n % 2},{n % 58},{3.4 + n % 58 * 0.22 + n % 7 * 0.4:.1f},{50 + 7.6 * (n % 58) ** 0.5 + n % 5 - 2:.1f},{'y' if n % 50 == 0 else 'n'},{'AB'[n % 3 == 0]},{1 + n % 4},{n % 6},{n % 2}\n" for n in range(240)
)


def test_prevalence(tmp_path):
    code, rows = growth(tmp_path, SURVEY, "--prevalence", "--by", "xã,age_group,sex,xã+sex", "--weight", "sw", "--cluster", "cụm", "--strata", "tầng")
    assert code == 0 and len(rows[0]) == 1 + 4 * 31 + 2 + 8
    assert [row[0] for row in rows] == [
        "Group", "All", "xã: A", "xã: B", "age_group: 00-05 mo", "age_group: 06-11 mo", "age_group: 12-23 mo", "age_group: 24-35 mo", "age_group: 36-47 mo", "age_group: 48-59 mo",
        "sex: 1", "sex: 2", "xã+sex: A.1", "xã+sex: A.2", "xã+sex: B.1", "xã+sex: B.2",
    ]
    table = {row[0]: dict(zip(rows[0][1:], map(float, row[1:]), strict=True)) for row in rows[1:]}
    assert table["All"]["HAZ_unwpop"] == 240 and table["All"]["HAZ_pop"] == 600
    assert table["xã: A"]["WAZ_unwpop"] + table["xã: B"]["WAZ_unwpop"] == table["All"]["WAZ_unwpop"]
    assert table["All"]["WA_3_ll"] < table["All"]["WA_3_r"] < table["All"]["WA_3_ul"] and table["All"]["WA_3_r"] >= 2
    simple = growth(tmp_path, SURVEY, "--prevalence")[1]
    assert len(simple) == 2 and float(simple[1][1]) == float(simple[1][2]) == 240


def test_a_survey_without_weights_is_told(tmp_path, capsys):
    code, rows = growth(tmp_path, "sex,weight,age_days,sw,c\n1,10,400,2,a\n1,10,400,,a\n1,10,400,-1,a\n2,9,400,1,\n2,9,400,0,b\n", "--prevalence", "--weight", "sw", "--cluster", "c")
    told = capsys.readouterr().err
    assert code == 1 and [f"dòng {line}: cột" in told for line in (2, 3, 4, 5, 6)] == [False, True, True, True, False]
    assert dict(zip(*rows, strict=True))["WAZ_unwpop"] == "1"


def test_a_large_file_comes_in_parts(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("tramyte.web.commands.growth.read_parts", partial(read_parts, size=2))
    code, rows = growth(tmp_path, "id,sex,age_days,weight\n" + "".join(f"{n},1,400,{n + 5}\n" for n in range(7)) + "x\n")
    assert code == 1 and [row[0] for row in rows] == ["id", *map(str, range(7))] and rows[7][8] == "0.96" and "dòng 9" in capsys.readouterr().err


def test_the_verb_loads_no_database():
    code = "import sys; from tramyte.web.commands.main import main\ntry: main(['growth', '-h'])\nexcept SystemExit: pass\nprint(sorted({'django.db', 'polars', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.endswith("[]\n")
