"""`tramyte forecast`: what it writes, and a sentence for every bad line or file."""

import json
import subprocess
import sys

import pytest

from tramyte.web.commands.main import main

CASE = {"id": "a", "dob": "2025-01-10", "sex": "F", "assessment_date": "2025-05-01", "doses": [{"date": "2025-03-10", "product": "DPT-VGB-HIB"}]}
OWN = {"POL": [{"name": "Two", "type": "Standard", "default": True, "gender": [], "doses": [
    {"dose": "Dose 1", "abs_min_age": "6 weeks - 4 days", "min_age": "6 weeks", "rec_age_earliest": "2 months", "rec_age_latest": "3 months + 4 weeks", "intervals": [], "cvx": ["10", "02"]},
    {"dose": "Dose 2", "intervals": [{"from_previous": "Y", "abs_min": "4 weeks - 4 days", "min": "4 weeks"}], "cvx": ["10"]}]}]}
POLIO = {"id": 7, "dob": "2025-01-10", "sex": "M", "assessment_date": "2025-05-01", "group": "POL", "doses": [{"date": "2025-03-10", "cvx": "10"}]}


def line(case=CASE, **changes):
    return json.dumps({name: value for name, value in {**case, **changes}.items() if value is not None}, ensure_ascii=False)


@pytest.fixture
def ran(tmp_path, capsys):
    """Run the verb on lines: (exit code, answers or None when nothing was written, standard error)."""
    def run(text, schedule=None):
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        target.unlink(missing_ok=True)
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        words = []
        if schedule is not None:
            (tmp_path / "own.json").write_text(schedule if isinstance(schedule, str) else json.dumps(schedule), encoding="utf-8")
            words = ["--schedule", str(tmp_path / "own.json")]
        code = main(["forecast", str(source), str(target), *words])
        said = capsys.readouterr().err
        assert "Traceback" not in said and not list(tmp_path.glob(".out*"))
        return code, [json.loads(one) for one in target.read_text(encoding="utf-8").splitlines()] if target.exists() else None, said
    return run


def test_the_vietnamese_schedule(ran):
    code, (answer,), said = ran(line(group="DTP"))
    assert (code, said) == (0, "")
    assert list(answer) == ["id", "doses", "forecast", "forecasts"]
    (dose,) = answer["doses"]
    assert (dose["date"], dose["product"], dose["status"], dose["reason"]) == ("2025-03-10", "DPT-VGB-HIB", "Valid", None)
    assert [one["group"] for one in dose["groups"]] == ["DTP", "HEPB", "HIB"]
    by_group = {one["group"]: one for one in answer["forecasts"]}
    assert set(by_group) == {"HEPB0", "BCG", "DTP", "HEPB", "HIB", "OPV", "IPV", "MEASLES", "JE"}
    found = by_group["DTP"]
    assert {name: found[name] for name in ("status", "series_status", "forecast_dose", "earliest", "recommended", "past_due", "dose", "product", "verified")} == {
        "status": "due", "series_status": "Not complete", "forecast_dose": "2", "earliest": "2025-04-07", "recommended": "2025-04-10", "past_due": "2025-05-09",
        "dose": "DPT-VGB-HIB2", "product": "DPT-VGB-HIB", "verified": True}
    assert found["reason_vi"] == "Đến lượt tiêm từ 07/04/2025." and found["source"]
    assert answer["forecast"]["earliest"] == "2025-04-07"
    assert by_group["HEPB0"]["status"] == "aged_out" and by_group["HEPB0"]["earliest"] is None


def test_moments_events_activation_and_parameters(ran):
    case = line(
        born_at="2025-01-10T08:30:00+07:00", activated=["ROTA"], parameters={"month_interval": "calendar"},
        doses=[{"at": "2025-01-11T08:31:00+07:00", "product": "HEPB"}, {"date": "2025-03-10", "product": "dpt-vgb-hib"}, {"date": "2025-04-09", "product": "DPT-VGB-HIB"}],
        events=[{"kind": "refused", "date": "2025-04-20", "product": "OPV"}, {"kind": "deferred", "date": "2025-04-30", "until": "2025-05-15", "group": "ROTA"}])
    code, (answer,), said = ran(case)
    assert (code, said) == (0, "")
    assert [(one["status"], one["reason"]) for one in answer["doses"]] == [("Valid", "Birth dose: late"), ("Valid", None), ("Not Valid", "Interval: too short")]
    assert "10/04/2025" in answer["doses"][2]["reason_vi"]
    by_group = {one["group"]: one for one in answer["forecasts"]}
    assert (by_group["OPV"]["status"], by_group["OPV"]["reason"]) == ("overdue", "refused") and "20/04/2025" in by_group["OPV"]["reason_vi"]
    assert (by_group["ROTA"]["status"], by_group["ROTA"]["earliest"], by_group["ROTA"]["reason"]) == ("not_due", "2025-05-15", "deferred")


def test_moments_are_told_by_the_clock_of_hanoi(ran):
    doses = [{"at": "2025-01-10T20:00:00Z", "product": "HEPB"}]
    _, (answer,), _ = ran(line(born_at="2025-01-09T19:30:00Z", doses=doses))
    assert (answer["doses"][0]["date"], answer["doses"][0]["reason"]) == ("2025-01-11", "Birth dose: late")


def test_events_without_a_date(ran):
    _, (answer,), _ = ran(line(dob="2000-05-05", doses=[], events=[{"kind": "pregnancy", "history": "B"}, {"kind": "contraindicated", "product": "MR"}]))
    by_group = {one["group"]: one for one in answer["forecasts"]}
    assert (by_group["UV"]["status"], by_group["UV"]["dose"], by_group["UV"]["earliest"]) == ("due", "UV-B1", "2025-05-01")


@pytest.mark.parametrize(("word", "group"), [("DTP", "DTP"), ("hepb", "HEPB"), ("Rotavirus", "ROTA"), ("DPT-VGB-HIB2", "DTP"), ("MR", "MEASLES"), ("IPV", "IPV")])
def test_a_group_by_its_antigen_product_or_dose(ran, word, group):
    code, (answer,), said = ran(line(group=word, activated=["Rota"]))
    assert (code, said) == (0, "")
    found = next(one for one in answer["forecasts"] if one["group"] == group)
    assert {name: found[name] for name in answer["forecast"]} == answer["forecast"]


def test_a_refused_birth_dose_is_no_word_about_the_later_doses(ran):
    _, (answer,), _ = ran(line(events=[{"kind": "refused", "date": "2025-05-01", "product": "HEPB"}, {"kind": "contraindicated", "date": "2025-05-01", "product": "DPT-VGB-HIB"}]))
    by_group = {one["group"]: (one["status"], one["reason"]) for one in answer["forecasts"]}
    assert by_group["HEPB"] == by_group["DTP"] == by_group["HIB"] == ("contraindicated", "contraindicated")
    assert by_group["OPV"] == ("overdue", "overdue")


def test_a_schedule_of_ones_own(ran):
    code, (answer,), said = ran(line(POLIO), OWN)
    assert (code, said) == (0, "")
    assert answer == {"id": 7, "doses": [{"date": "2025-03-10", "cvx": "10", "status": "Valid", "reason": None, "reason_vi": None}],
                      "forecast": {"series_status": "Not complete", "forecast_dose": "2", "earliest": "2025-04-07", "recommended": "2025-04-07", "past_due": None, "series": "Two"}}
    code, (answer,), _ = ran(line(POLIO, series="Two", doses=[]), OWN)
    assert answer["forecast"]["earliest"] == "2025-02-21" and answer["forecast"]["past_due"] == "2025-05-07"
    code, (answer,), _ = ran(line(POLIO, group=None, doses=[{"date": "2025-03-10", "cvx": 10}, {"date": "2025-04-10", "cvx": "10"}]), OWN)
    assert answer["forecasts"][0]["series_status"] == "Complete" and answer["forecasts"][0]["forecast_dose"] == "-"


@pytest.mark.parametrize(("changes", "said"), [
    ({"id": None}, "thiếu id"), ({"dob": None}, "thiếu dob"), ({"dob": ""}, "thiếu dob"), ({"assessment_date": None}, "thiếu assessment_date"),
    ({"dob": "2025-02-30"}, "dob 2025-02-30 không phải ngày có thật"), ({"dob": "10/01/2025"}, "không phải ngày"), ({"dob": "20250110"}, "không phải ngày"),
    ({"dob": 20250110}, "không phải ngày"), ({"dob": "2025-06-01"}, "dob 01/06/2025 sau ngày đánh giá 01/05/2025"), ({"dob": "1890-01-01"}, "trước"),
    ({"dob": "1900-01-01", "assessment_date": "2031-05-01", "doses": []}, "130 năm"), ({"assessment_date": "2017-01-01", "dob": "2016-01-01", "doses": []}, "chưa có lịch"),
    ({"sex": "X"}, "sex phải là M hoặc F"), ({"doses": "x"}, "doses phải là danh sách"), ({"doses": [5]}, "mục thứ 1: phải là một đối tượng"),
    ({"doses": [{"date": "2025-01-09", "product": "BCG"}]}, "mũi thứ 1: date 09/01/2025 trước ngày sinh 10/01/2025"),
    ({"doses": [{"date": "2025-05-02", "product": "BCG"}]}, "mũi thứ 1: date 02/05/2025 sau ngày đánh giá 01/05/2025"),
    ({"doses": [{"date": "2025-04-31", "product": "BCG"}]}, "không phải ngày có thật"), ({"doses": [{"product": "BCG"}]}, "mũi thứ 1: thiếu date"),
    ({"doses": [{"date": "2025-03-10", "product": "XYZ"}]}, "lịch không có vắc xin XYZ; có: BCG"), ({"doses": [{"date": "2025-03-10", "cvx": "10"}]}, "vắc xin (trống)"),
    ({"doses": [{"date": "2025-03-10", "at": "2025-03-11T08:00", "product": "BCG"}]}, "không cùng ngày với date"),
    ({"doses": [{"date": "2025-03-10", "at": "sáng", "product": "BCG"}]}, "không phải thời điểm"), ({"born_at": "2025-01-11T08:00"}, "không cùng ngày với dob"),
    ({"born_at": "2025-01-10T08:30", "doses": [{"at": "2025-01-10T08:29", "product": "HEPB"}]}, "trước giờ sinh"),
    ({"events": [{"kind": "nope", "date": "2025-03-10"}]}, "sự kiện thứ 1: kind phải là"), ({"events": [{"kind": "refused"}]}, "thiếu date"),
    ({"events": [{"kind": "deferred", "date": "2025-03-10", "until": "2025-03-01"}]}, "until 01/03/2025 trước"),
    ({"events": [{"kind": "pregnancy", "date": "2025-03-10", "history": "D"}]}, "history phải là A, B hoặc C"),
    ({"events": [{"kind": "refused", "date": "2025-03-10", "product": "XYZ"}]}, "lịch không có nhóm XYZ"), ({"activated": ["ABC"]}, "lịch không có nhóm ABC"), ({"activated": "ROTA"}, "activated phải là danh sách"), ({"parameters": {"nope": 1}}, "không có tham số nope"),
    ({"parameters": [1]}, "parameters phải là đối tượng"), ({"group": "FLU"}, "lịch không có nhóm FLU"),
])
def test_a_bad_case_is_refused_by_its_line_and_the_rest_is_answered(ran, changes, said):
    code, answers, errors = ran("\n".join([line(), line(**changes), line(id="z")]))
    assert code == 1 and [one["id"] for one in answers] == ["a", "z"]
    assert "in.jsonl, dòng 2: " in errors and said in errors and errors.count("\n") == 1


@pytest.mark.parametrize(("changes", "said"), [
    ({"group": "FLU"}, "lịch không có nhóm FLU; có: POL"), ({"series": "Three"}, "nhóm POL không có phác đồ Three"), ({"series": "Two", "group": None}, "phải có group"),
    ({"doses": [{"date": "2025-03-10", "cvx": "polio"}]}, "mã cvx phải là 1 đến 3 chữ số"), ({"parameters": {"grace_days": 4}}, "chỉ dùng với lịch Việt Nam"),
])
def test_a_bad_case_for_a_schedule_of_ones_own(ran, changes, said):
    code, answers, errors = ran(line(POLIO, **changes), OWN)
    assert (code, answers) == (1, []) and said in errors


def test_lines_that_are_no_json(ran):
    code, answers, said = ran(line().encode() + b'\n{"id":\n[1]\n\n{"id": "\xff"}\n' + line(id="\ud800").encode("utf-8", "backslashreplace") + b"\n" + json.dumps({**CASE, "id": "\ud800"}).encode())
    assert code == 1 and answers[0]["id"] == "a" and answers[-1]["id"] == "\ud800"
    assert [part.split(":")[0] for part in said.split("dòng ")[1:]][:3] == ["2", "3", "5"]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_is_refused_and_nothing_is_written(ran, content):
    code, answers, said = ran(content)
    assert (code, answers) == (1, None) and "trống" in said


@pytest.mark.parametrize(("schedule", "said"), [
    ("", "không phải JSON"), ("{", "không phải JSON"), ("[" * 100_000, "lồng quá sâu"), ([], "không phải một lịch"), ({"POL": 1}, "nhóm POL"),
    ({"POL": [{"name": "x", "doses": [{"cvx": ["10"], "min_age": "soon"}]}]}, "“soon”"),
])
def test_a_wrong_schedule_is_refused_and_nothing_is_written(ran, schedule, said):
    code, answers, errors = ran(line(POLIO), schedule)
    assert (code, answers) == (1, None) and said in errors and "own.json" in errors


def test_absent_files_and_wrong_usage(tmp_path, capsys):
    (tmp_path / "in.jsonl").write_text(line(), encoding="utf-8")
    for words in (["absent.jsonl", "out.jsonl"], ["in.jsonl", "out.jsonl", "--schedule", "absent.json"], ["in.jsonl", "no/out.jsonl"], [".", "out.jsonl"]):
        assert main(["forecast", *(word if word == "--schedule" else str(tmp_path / word) for word in words)]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(SystemExit) as stopped:
        main(["forecast"])
    assert stopped.value.code == 2


def test_the_verb_starts_neither_the_database_nor_numpy(tmp_path):
    (tmp_path / "in.jsonl").write_text(line(), encoding="utf-8")
    code = ("import sys; from tramyte.web.commands.main import main; "
            f"assert main(['forecast', {str(tmp_path / 'in.jsonl')!r}, {str(tmp_path / 'out.jsonl')!r}]) == 0; "
            "print(sorted({'django.db', 'numpy', 'polars', 'duckdb'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
