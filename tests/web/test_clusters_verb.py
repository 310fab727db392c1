"""`tramyte clusters`: what it writes, and a sentence for every bad file or option."""

import json
import subprocess
import sys

import pytest

from tramyte.web.commands.main import main

HEAD = "id,x,y,cases,population\n"
# A row of ten communes with a cluster at d and e, which lie nearer to each other than to c and f.
PLACES = {name: at + 0.4 * (name == "d") for at, name in enumerate("abcdefghij")}
ROWS = [f"{name},{x},0,{9 if name in 'de' else 1},100" for name, x in PLACES.items()]
PLAIN = HEAD + "\n".join(ROWS) + "\n"
WEEKS = "id,x,y,cases,population,time\n" + "".join(f"{name},{x},0,{6 if name in 'de' and week > 3 else 1},100,{week}\n" for name, x in PLACES.items() for week in range(1, 6))


@pytest.fixture
def clusters(tmp_path, capsys):
    """Run the verb on a text: (exit code, clusters or None when nothing was written, standard error)."""
    def ran(text, *words, model="poisson"):
        source, target = tmp_path / "in.csv", tmp_path / "out.json"
        target.unlink(missing_ok=True)
        if text is not None:
            source.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = main(["clusters", str(source), str(target), "--model", model, "--simulations", "99", *words])
        said = capsys.readouterr().err
        assert "Traceback" not in said and not list(tmp_path.glob(".out*"))
        return code, json.loads(target.read_text(encoding="utf-8"))["clusters"] if target.exists() else None, said
    return ran


def test_space(clusters):
    code, found, said = clusters(PLAIN)
    assert (code, said) == (0, "")
    first = found[0]
    assert list(first) == ["members", "centre", "radius", "cases", "expected", "rr", "llr", "p_mc"]
    assert sorted(first["members"]) == ["d", "e"] and first["centre"] == first["members"][0]
    assert (first["cases"], first["expected"], first["p_mc"]) == (18, pytest.approx(26 / 5), 0.01)
    assert first["rr"] == pytest.approx(18 / 200 / (8 / 800))
    members = [name for one in found for name in one["members"]]
    assert len(members) == len(set(members)) and [one["llr"] for one in found] == sorted((one["llr"] for one in found), reverse=True)


def test_expected_cases_and_semicolons_and_other_columns(clusters):
    text = "tên;" + PLAIN.replace("\n", ";expected\n", 1).replace(",", ";").replace(";100\n", ";100;2.6\n")
    text = "\n".join(line if at == 0 else f"Xã {at};{line}" for at, line in enumerate(text.strip().split("\n")))
    code, found, said = clusters(text.encode("utf-16"))
    assert (code, said) == (0, "")
    assert sorted(found[0]["members"]) == ["d", "e"] and found[0]["rr_adjusted"] == pytest.approx(18 / 5.2 / (8 / 20.8))


@pytest.mark.parametrize("model", ["space-time-poisson", "space-time-permutation", "expectation-poisson"])
def test_space_and_time(clusters, model):
    code, found, said = clusters(WEEKS, "--prospective", "--max-duration", "3", model=model)
    assert (code, said) == (0, "")
    first = found[0]
    assert sorted(first["members"]) == ["d", "e"] and (first["start"], first["end"], first["cases"]) == (4, 5, 24)
    assert all(one["end"] == 5 and one["start"] >= 3 for one in found)


@pytest.mark.parametrize(("week", "start", "end"), [
    (lambda n: f"2026-03-{6 * n:02d}", "2026-03-24", "2026-03-30"), (lambda n: f"2026/3/{6 * n}", "2026-03-24", "2026-03-30"),
    (lambda n: f"202603{6 * n:02d}", "2026-03-24", "2026-03-30"), (lambda n: f"2025-{n + 7:02d}", "2025-11", "2025-12"),
])
def test_days_and_months(clusters, week, start, end):
    head, *rows = WEEKS.strip().split("\n")
    text = "\n".join([head, *(f"{row[:-1]}{week(int(row[-1]))}" for row in rows)])
    code, found, _ = clusters(text, model="space-time-poisson")
    assert code == 0 and (found[0]["start"], found[0]["end"]) == (start, end)


def test_lines_of_single_cases_add_up_and_places_without_cases_need_no_time(clusters):
    places = [f"{name},{x},0,0,,\n" for name, x in PLACES.items()]
    singles = [f"{name},{PLACES[name]},0,1,,2026-06-{day:02d}\n" for day, names in ((1, "aeh"), (2, "dddddj"), (3, "bg")) for name in names]
    code, found, said = clusters("id,x,y,cases,population,time\n" + "".join(places + singles), "--max-duration", "1", model="space-time-permutation")
    assert (code, said) == (0, "")
    assert (found[0]["members"], found[0]["cases"], found[0]["start"]) == (["d"], 5, "2026-06-02")
    assert found[0]["expected"] == pytest.approx(5 * 6 / 11) and found[0]["rr"] == pytest.approx(11 / 6)


def test_space_alone_takes_all_times_together(clusters):
    code, found, _ = clusters(WEEKS)
    assert code == 0 and "start" not in found[0]
    assert (sorted(found[0]["members"]), found[0]["cases"]) == (["d", "e"], 30)


def test_longitude_and_latitude(clusters):
    text = HEAD + "\n".join(f"{name},{105 + x / 100},21,{9 if name in 'de' else 1},100" for name, x in PLACES.items())
    code, found, _ = clusters(text, "--longlat", "--max-distance", "1.2")
    assert code == 0 and found[0]["radius"] == pytest.approx(0.6238, abs=1e-3)
    code, found, said = clusters(text + "\nk,21,105,1,100\n", "--longlat")
    assert code == 1 and "dòng 12: y = 105 phải từ -90 đến 90 (--longlat: x là kinh độ, y là vĩ độ)" in said and sorted(found[0]["members"]) == ["d", "e"]


def test_an_empty_column_is_an_absent_one(clusters):
    for text in (PLAIN, WEEKS):
        head, *rows = text.strip().split("\n")
        assert clusters("\n".join([f"{head},expected", *(f"{row}," for row in rows)])) == clusters(text)
    code, found, said = clusters("\n".join([f"{HEAD.strip()},expected", *(f"{row},{2.6 if at else ''}" for at, row in enumerate(ROWS))]))
    assert code == 1 and "dòng 2: thiếu expected" in said and sorted(found[0]["members"]) == ["d", "e"]


def test_limits_replace_the_half_of_the_people(clusters):
    most = {words: max(len(one["members"]) for one in clusters(HEAD + "a,0,0,9,10\nb,1,0,9,10\nc,2,0,9,10\nd,90,0,1,10\n", *words)[1]) for words in ((), ("--nearest", "3"), ("--max-distance", "2"), ("--nearest", "3", "--max-share", "0.5"))}
    assert list(most.values()) == [2, 3, 3, 2]


@pytest.mark.parametrize("text", [HEAD + "a,0,0,5,10\n", HEAD + "a,0,0,1,10\nb,1,1,0,10\n", HEAD + "a,0,0,0,0\nb,1,1,0,0\n"])
def test_nothing_to_find_is_an_empty_list(clusters, text):
    assert clusters(text) == (0, [], "")


BAD_ROWS = [
    ("k,1,1,-1,100", "cases = -1 phải từ 0 đến 10000000"), ("k,1,1,nan,100", "cases = 'nan' không phải số"), ("k,1,1,1e99,100", "cases = 1e99 phải từ 0"),
    ('k,"1,5",1,1,100', "x = '1,5' không phải số (dùng dấu chấm cho phần lẻ)"), ("k,,1,1,100", "thiếu x"), ("k,1,,1,100", "thiếu y"),
    ("k,1,1,,100", "thiếu cases"), (",1,1,1,100", "thiếu id"), ("k,1,1,1", "có 4 ô, dòng đầu có 5 cột"), ("k,1e300,1,1,100", "x = 1e300 phải từ"),
    ("k,1,1,1,-5", "population = -5 phải từ 0"), ("k,1,1,1,", "nơi k không có population"), ("k,1,1,1,0", "nơi k có ca bệnh nhưng population bằng 0"),
    ("a,5,5,1,100", "nơi a có tọa độ khác với dòng trước"), ("a,0,0,1,200", "nơi a cùng thời gian đã có với population hoặc expected khác"),
    ("k,１,1,1,100", "x = '１' không phải số"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS)
def test_a_bad_row_is_told_by_its_line_and_the_rest_is_scanned(clusters, row, reason):
    code, found, said = clusters(PLAIN + row + "\n")
    assert code == 1 and f"in.csv, dòng 12: {reason}" in said and said.count("\n") == 1
    assert found == clusters(PLAIN + ("k,1,1,0,0\n" if row == "k,1,1,1,0" else ""))[1]


@pytest.mark.parametrize(("row", "model", "reason"), [
    ("k,0,0,1.5,100,3", "space-time-permutation", "cases = 1.5: mô hình space-time-permutation cần số ca nguyên"),
    ("k,0,0,1,100,", "space-time-poisson", "thiếu time"), ("k,0,0,1,100,tuần 3", "space-time-poisson", "time = 'tuần 3' không phải số nguyên"),
    ("k,0,0,1,100,2026-02-30", "space-time-poisson", "time = '2026-02-30' không phải"),
    ("k,0,0,1,100,2026-02-03", "space-time-poisson", "time = '2026-02-03' khác kiểu với các dòng trước"),
])
def test_a_bad_time_is_told(clusters, row, model, reason):
    code, found, said = clusters(WEEKS + row + "\n", model=model)
    assert code == 1 and f"dòng 52: {reason}" in said and found == clusters(WEEKS, model=model)[1]


@pytest.mark.parametrize(("text", "model", "words", "reason"), [
    (None, "poisson", (), "không có tệp này"), ("", "poisson", (), "trống"), (HEAD, "poisson", (), "không có dòng nào dùng được"),
    (HEAD + "a,0,0,x,1\n", "poisson", (), "không có dòng nào dùng được"), ("id,x,cases,population\na,1,1,1\n", "poisson", (), "thiếu cột y"),
    ("id,x,y,cases\na,1,1,1\n", "poisson", (), "thiếu cột population hoặc expected"), (PLAIN, "space-time-poisson", (), "thiếu cột time"),
    ("id,x,y,cases,population,time\na,1,1,0,5,\n", "space-time-permutation", (), "không có thời gian nào trong cột time"),
    (PLAIN, "expectation-poisson", ("--prospective",), "không có thời gian nào trong cột time"),
    (WEEKS + "k,0,0,1,1,99999\n", "space-time-poisson", (), "Cột time trải quá rộng"),
    (WEEKS + "".join(f"{n},9,9,0,1,\n" for n in range(250)) + "k,0,0,1,1,99999\n", "space-time-poisson", (), "261 nơi x 99999 thời điểm"),
    ("id,x,y,cases,expected\na,0,0,2,9e6\nb,1,0,1,9e6\n", "expectation-poisson", (), "vượt quá 10000000"),
    (bytes(range(256)) * 9, "poisson", (), "thiếu cột"),
])
def test_a_file_that_cannot_be_scanned_writes_nothing(clusters, text, model, words, reason):
    code, found, said = clusters(text, *words, model=model)
    assert (code, found) == (1, None) and reason in said


@pytest.mark.parametrize(("words", "model", "reason"), [
    (("--nearest", "3", "--max-distance", "2"), "poisson", "không đi cùng nhau"), (("--prospective",), "poisson", "không xét thời gian"),
    (("--max-duration", "3"), "poisson", "không xét thời gian"), (("--max-share", "0"), "poisson", "--max-share 0.0"), (("--max-share", "nan"), "poisson", "--max-share nan"),
    (("--nearest", "0"), "poisson", "--nearest 0"), (("--max-distance", "-1"), "poisson", "--max-distance -1"), (("--simulations", "0"), "poisson", "--simulations 0"),
    (("--seed", "-1"), "poisson", "--seed -1"), (("--max-duration", "0"), "space-time-poisson", "--max-duration 0"),
])
def test_options_that_do_not_go_together_are_wrong_usage(clusters, words, model, reason):
    code, found, said = clusters(WEEKS, *words, model=model)
    assert (code, found) == (2, None) and reason in said


def test_an_unknown_model_is_wrong_usage(clusters):
    with pytest.raises(SystemExit) as stopped:
        clusters(PLAIN, model="bernoulli")
    assert stopped.value.code == 2


def test_a_folder_that_is_not_there_is_told(tmp_path, capsys):
    (tmp_path / "in.csv").write_text(PLAIN, encoding="utf-8")
    assert main(["clusters", str(tmp_path / "in.csv"), str(tmp_path / "no" / "o.json"), "--model", "poisson"]) == 1
    assert "Không ghi được tệp" in capsys.readouterr().err


def test_the_verb_starts_no_django(tmp_path):
    (tmp_path / "in.csv").write_text(PLAIN, encoding="utf-8")
    code = (
        "import sys; from tramyte.web.commands.main import main\n"
        f"assert main(['clusters', {str(tmp_path / 'in.csv')!r}, {str(tmp_path / 'o.json')!r}, '--model', 'poisson']) == 0\n"
        "from django.apps import apps; assert not apps.ready and 'scipy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.shared
def test_the_shared_counties(clusters, shared):
    code, found, said = clusters((shared / "truth/spatial/set_A/pennLC_adjusted_data.csv").read_bytes())
    assert (code, said) == (0, "") and found[0]["members"] == ["delaware", "philadelphia"]
    assert (found[0]["llr"], found[0]["rr"]) == pytest.approx((17.6628831254, 1.119597616), abs=1e-6)
