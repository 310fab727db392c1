"""An import through its pages, in the background, beside other writers, and on the command line."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tramyte.care.checkups.models import Checkup
from tramyte.engine.audit import chain
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job
from tramyte.engine.registers import loading, registry, staging
from tramyte.engine.registers.models import Import

URL = "/so/checkups/nhap/"
HEAD = "Số định danh,Ngày khám,Hình thức,Kết luận\n"


def lines(*days, words="ổn"):
    return (HEAD + "".join(f"037056000123,{day}/05/2026,khám sàng lọc,{words}\n" for day in days)).encode()


def upload(client, content, name="kham.csv"):
    return client.post(URL, {"file": SimpleUploadedFile(name, content)})


def test_upload_preview_apply_undo(enter, person):
    client = enter("nurse")
    there = upload(client, lines("01", "02", "99"))
    assert there.status_code == 302 and not Checkup.objects.exists()
    page = client.get(there.url).content.decode()
    assert "chưa ghi gì vào sổ" in page and "Ô B4" in page and "Nhập 2 dòng đạt" in page
    assert client.get(f"{there.url}loi.xlsx").content[:2] == b"PK"
    assert client.post(there.url, {"do": "apply"}).status_code == 302
    assert Checkup.objects.count() == 2 and "Hoàn tác cả lần nhập" in client.get(there.url).content.decode()
    row = Checkup.objects.order_by("on").first()
    history = client.get(f"/so/checkups/{row.pk}/lich-su/").content.decode()
    assert "Nhập từ tệp" in history and "Lê Thị Lan" in history
    assert client.post(there.url, {"do": "apply"}).status_code == 409
    client.post(f"/so/checkups/{row.pk}/", {"person": "037056000123", "on": "01/05/2026", "kind": "screening", "conclusion": "sửa", "seen_version": "1"})
    assert "giữ nguyên" in client.post(there.url, {"do": "undo"}, follow=True).content.decode()
    assert Checkup.objects.filter(entered_in_error=False).get() == row
    assert chain.verify().broken_at is None


def test_an_update_is_told_and_taken_back(enter, person):
    client = enter("nurse")
    client.post(upload(client, lines("01")).url, {"do": "apply"})
    there = upload(client, lines("01", words="tăng huyết áp"))
    assert "ổn → tăng huyết áp" in client.get(there.url).content.decode()
    client.post(there.url, {"do": "apply"})
    row = Checkup.objects.get()
    assert (row.conclusion, row.version) == ("tăng huyết áp", 2)
    client.post(there.url, {"do": "undo"})
    row.refresh_from_db()
    assert (row.conclusion, row.version, row.entered_in_error) == ("ổn", 3, False)


def test_an_empty_cell_erases_nothing(cast, person):
    register = registry.get("checkups")
    for words, verdict in (("ổn", "created"), ("", "duplicate")):
        load = staging.stage(register, cast.nurse, "a.csv", lines("01", words=words))
        assert load.rows.get().verdict == verdict
        loading.apply(register, cast.nurse, load)
    assert Checkup.objects.get().conclusion == "ổn"


def test_what_was_written_since_the_preview_counts(cast, person):
    register = registry.get("checkups")
    first, second = (staging.stage(register, cast.nurse, f"{n}.csv", lines("01", "02", words=f"bản {n}")) for n in (1, 2))
    loading.apply(register, cast.nurse, first)
    loading.apply(register, cast.nurse, second)
    assert staging.summary(second)["updated"] == 2 and Checkup.objects.count() == 2


def test_many_lines_go_to_the_worker(cast, person, monkeypatch):
    monkeypatch.setattr(loading, "IN_BACKGROUND", 1)
    register = registry.get("checkups")
    load = staging.stage(register, cast.nurse, "a.csv", lines("01", "02", "03"))
    loading.begin(register, cast.nurse, load)
    assert load.state == "running" and not Checkup.objects.exists()
    job = Job.objects.get(pk=load.job)
    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.total, Checkup.objects.count()) == ("finished", 3, 3, 3)


@pytest.fixture
def command(cast, person, capsys, monkeypatch, tmp_path):
    from tramyte.web.commands import main

    monkeypatch.setattr(main, "start_django", lambda as_of=None: None)

    def run(*words):
        status = main.main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err
    run.folder = tmp_path
    return run


def test_the_command_line_keeps_its_contract(command):
    file = command.folder / "kham.csv"
    file.write_bytes(lines("01", "02", "99"))
    status, out, err = command("import", "checkups", file, "--dry-run", "--json")
    told = json.loads(out)
    assert status == 1 and told["import_id"] == "" and "ô B4" in err and not Import.objects.exists() and not Checkup.objects.exists()
    assert [row["verdict"] for row in told["rows"]] == ["created", "created", "refused"] and set(told["rows"][0]) == {"row", "verdict", "reason", "cell"}
    status, out, _ = command("import", "checkups", file, "--json")
    assert status == 1 and json.loads(out)["created"] == 2 and Checkup.objects.count() == 2
    status, out, _ = command("import", "checkups", file, "--json")
    assert json.loads(out)["duplicate"] == 2 and Checkup.objects.count() == 2
    for ending in ("csv", "xlsx", "json", "pdf"):
        assert command("export", "checkups", command.folder / f"ra.{ending}")[0] == 0
        assert (command.folder / f"ra.{ending}").stat().st_size > 100
    status, out, _ = command("import", "checkups", command.folder / "ra.xlsx", "--json")
    assert status == 0 and json.loads(out)["duplicate"] == 2


@pytest.mark.parametrize(("words", "sentence"), [
    (("import", "nothing", "a.csv"), "a.csv"), (("import", "checkups", "khong-co.csv"), "Không đọc được"), (("export", "nothing", "a.csv"), "Không có sổ"),
    (("export", "checkups", "a.exe"), "đuôi"), (("export", "checkups", "/khong/co/a.csv"), "Không ghi được"), (("codes", "load", "techniques", "khong-co.csv"), "Không đọc được"),
])
def test_the_command_line_refuses_with_a_sentence(command, words, sentence):
    status, _, err = command(*words)
    assert status == 1 and "Traceback" not in err and (sentence in err or "Không có sổ" in err)


def test_codes_are_loaded_once(command):
    file = command.folder / "dm.csv"
    file.write_text("Mã,Tên kỹ thuật,Nhóm\n1,Đo huyết áp,Khám\n", encoding="utf-8")
    assert "Đã nạp 1" in command("codes", "load", "techniques", file, "--valid-from", "2026-01-01")[2]
    assert "không đổi gì" in command("codes", "load", "techniques", file)[2]
    assert command("codes", "load", "techniques", file, "--valid-from", "hôm qua")[0] == 1


def test_an_interrupted_undo_goes_on_from_its_page(enter, person, monkeypatch):
    client = enter("nurse")
    there = upload(client, lines("01", "02", "03"))
    client.post(there.url, {"do": "apply"})
    monkeypatch.setattr(loading, "FIRST", 1)
    monkeypatch.setattr(loading, "SMALLEST", 1)
    real, calls = loading._take_back, []

    def stops(*arguments):
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return real(*arguments)

    monkeypatch.setattr(loading, "_take_back", stops)
    with pytest.raises(KeyboardInterrupt):
        client.post(there.url, {"do": "undo"})
    monkeypatch.setattr(loading, "_take_back", real)
    assert Checkup.objects.filter(entered_in_error=False).count() == 2
    page = client.get(there.url).content.decode()
    assert "Đang hoàn tác" in page and "còn 2 dòng chưa hoàn tác" in page and "Hoàn tác tiếp 2 dòng" in page
    assert "Đã hoàn tác 2 dòng" in client.post(there.url, {"do": "undo"}, follow=True).content.decode()
    assert not Checkup.objects.filter(entered_in_error=False).exists() and Import.objects.get().state == "undone"
