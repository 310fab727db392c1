"""`tramyte directive parse` without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tramyte.web.commands.main import main

SRC = Path(__file__).parents[3] / "src"


def test_files_are_written_and_refusals_named(tmp_path, plan_text, capsys):
    (tmp_path / "kh 87.2026.txt").write_text(plan_text(), encoding="utf-8")
    (tmp_path / "cu.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    out = tmp_path / "ra"
    files = [str(tmp_path / name) for name in ("kh 87.2026.txt", "cu.doc", "khong-co.txt")]
    assert main(["directive", "parse", *files, "--out", str(out)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and "cu.doc" in said[0] and "khong-co.txt" in said[1]
    assert [file.name for file in out.iterdir()] == ["kh 87.2026.json"]
    found = json.loads((out / "kh 87.2026.json").read_text(encoding="utf-8"))
    for part in ("tasks", "reporting", "targets", "legal_bases", "unassigned"):
        for one in found[part]:
            assert 0 <= one["span"][0] < one["span"][1] <= len(found["text"])
    assert found["number"] == "87/KH-UBND" and found["tasks"][0]["units"] == ["Trạm Y tế xã"]


def test_two_files_of_one_name_do_not_overwrite(tmp_path, plan_text, capsys):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(plan_text(), encoding="utf-8")
    assert main(["directive", "parse", str(tmp_path / "a/x.txt"), str(tmp_path / "b/x.txt"), "--out", str(tmp_path / "ra")]) == 1
    assert "cùng tên" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["directive"], ["directive", "parse"], ["directive", "parse", "x.txt"]])
def test_wrong_usage_is_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_a_file_in_place_of_the_folder_is_wrong_usage(tmp_path, plan_text, capsys):
    (tmp_path / "x.txt").write_text(plan_text(), encoding="utf-8")
    assert main(["directive", "parse", str(tmp_path / "x.txt"), "--out", str(tmp_path / "x.txt")]) == 2


def test_the_command_touches_no_database(tmp_path, plan_text):
    (tmp_path / "x.txt").write_text(plan_text(), encoding="utf-8")
    code = ("import sys; from tramyte.web.commands.main import main; "
            f"assert main(['directive', 'parse', {str(tmp_path / 'x.txt')!r}, '--out', {str(tmp_path / 'ra')!r}]) == 0; print('django.db' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SRC), "PATH": ""})
    assert done.stdout.strip() == "False"


def test_at_most_is_exported_as_the_comparator_others_know(tmp_path, plan_text):
    from tramyte.rules.directives import parse

    text = plan_text().replace("đạt từ 98% trở lên", "không quá 2%")
    assert "<=" in [target.comparator for target in parse(text).targets], "the review keeps the sign as printed"
    (tmp_path / "kh.txt").write_text(text, encoding="utf-8")
    assert main(["directive", "parse", str(tmp_path / "kh.txt"), "--out", str(tmp_path / "ra")]) == 0
    found = json.loads((tmp_path / "ra" / "kh.json").read_text(encoding="utf-8"))
    assert {target["comparator"] for target in found["targets"]} <= {"=", ">=", ">", "<", "~", "reduce"}
    assert "<" in [target["comparator"] for target in found["targets"]]
