"""An import after its lines were judged: corrected in place, remembered for the sender, written, undone and done again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.engine.registers.test_import_wizard import (
    HEAD,
    ROWS,
    URL,
    begun,
    confirmed,
    residents,
    text,
    verdicts,
)

from tramyte.care.people.models import Person
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job
from tramyte.engine.refused import Refused
from tramyte.engine.registers import correcting, guessing, loading, wizard
from tramyte.engine.registers.layout import Layout
from tramyte.engine.registers.models import Import, ImportFile, ImportMatch

# ---- corrected in place

BAD = (*ROWS, ("Phạm Văn Em", "31/02/1988", "Nam", "Đông Hạ", ""), ("Hà Thị Giang", "1990", "Nữ", "Đông Hạa", ""), ("Hà Thị Hương", "1991", "Nữ", "Đông Hạa", ""))


@pytest.fixture
def load(cast):
    return begun(cast.nurse, text(HEAD, *BAD), sender="Công an xã")


def test_a_corrected_cell_is_judged_again_and_its_original_kept(load, cast):
    assert verdicts(load)[3] == (5, "refused")
    [row] = correcting.correct(residents(), cast.nurse, load, 5, {"birth": "30/02/1988"})
    assert (row.verdict, row.cell, row.original) == ("refused", "B5", {"birth": "31/02/1988"})
    [row] = correcting.correct(residents(), cast.nurse, load, 5, {"birth": "28/02/1988"})
    assert (row.verdict, row.reason, row.original) == ("created", "", {"birth": "31/02/1988"})
    loading.apply(residents(), cast.nurse, load)
    assert Person.objects.get(full_name="Phạm Văn Em").birth_date.isoformat() == "1988-02-28"
    assert load.rows.get(number=5).original == {"birth": "31/02/1988"}
    with pytest.raises(Refused, match="đã được ghi"):
        correcting.correct(residents(), cast.nurse, Import.objects.get(), 5, {"birth": "1989"})


def test_all_cells_that_say_the_same_are_corrected_at_once(load, cast):
    assert correcting.alike_counts(list(load.rows.all()), load) == {6: 2, 7: 2}
    rows = correcting.correct(residents(), cast.nurse, load, 6, {"hamlet": "Đông Hạ"}, alike=True)
    assert [(row.number, row.verdict) for row in rows] == [(6, "created"), (7, "created")]


def test_a_correction_finds_and_frees_doubles(load, cast):
    correcting.correct(residents(), cast.nurse, load, 5, {"full_name": "Lê Văn Cường", "birth": "1970", "hamlet": "Trung Lập"})
    assert load.rows.get(number=5).verdict == "duplicate"
    correcting.take_back(residents(), cast.nurse, load, 5)
    row = load.rows.get(number=5)
    assert (row.verdict, row.original, row.cells["full_name"]) == ("refused", {}, "Phạm Văn Em")
    correcting.correct(residents(), cast.nurse, load, 4, {"full_name": "Phạm Văn Em", "birth": "1988", "hamlet": "Đông Hạ"})
    correcting.correct(residents(), cast.nurse, load, 5, {"birth": "1988"})
    assert dict(verdicts(load))[5] == "duplicate"
    correcting.correct(residents(), cast.nurse, load, 4, {"full_name": "Phạm Văn Én", "birth": "1977"})
    assert dict(verdicts(load))[5] == "created"


def test_corrections_outlive_another_match_of_the_columns(load, cast):
    correcting.correct(residents(), cast.nurse, load, 5, {"birth": "28/02/1988"})
    confirmed(cast.nurse, load, E="")
    row = load.rows.get(number=5)
    assert (row.verdict, row.original) == ("created", {"birth": "31/02/1988"}) and "national_id" not in load.rows.get(number=2).cells


def test_lines_corrected_after_writing_are_written_too(load, cast):
    loading.begin(residents(), cast.nurse, load)
    assert load.state == "finished" and load.rows.filter(done=True).count() == 3
    correcting.correct(residents(), cast.nurse, load, 5, {"birth": "28/02/1988"})
    loading.begin(residents(), cast.nurse, load)
    assert load.rows.filter(done=True).count() == 4 and Person.objects.count() == 4


def test_unseen_characters_stay_refused_until_their_cell_is_corrected(cast):
    load = begun(cast.nurse, text(HEAD, ("Lê\x02 An", "1956", "Nam", "Đông Hạ", "12")))
    [row] = correcting.correct(residents(), cast.nurse, load, 2, {"national_id": ""})
    assert row.verdict == "refused" and row.path == "full_name"
    [row] = correcting.correct(residents(), cast.nurse, load, 2, {"full_name": "Lê Văn An"})
    assert row.verdict == "created"


def test_a_day_of_a_spreadsheet_is_shown_as_people_write_it(cast, enter):
    load = begun(cast.nurse, text(HEAD, ("Lê Văn An", "1956-03-05", "Nam", "Đông Hạ", "12")))
    client = enter("nurse")
    page = client.get(f"{URL}{load.pk}/").content.decode()
    assert load.rows.get().verdict == "refused" and "05/03/1956" in page and "1956-03-05" not in page
    columns = client.get(f"{URL}{load.pk}/cot/").content.decode()
    assert "05/03/1956" in columns and "1956-03-05" not in columns
    client.post(f"{URL}{load.pk}/dong/2/", {"o-national_id": ""})
    row = load.rows.get()
    assert (row.verdict, row.original, row.cells["birth"]) == ("created", {"national_id": "12"}, "1956-03-05")


# ---- remembered, unfinished, undone and done again

def test_a_match_is_remembered_for_the_sender_and_forgotten_when_asked(cast, enter):
    strange = ("A1", "B1", "C1", "D1", "E1")
    load = confirmed(cast.nurse, begun(cast.nurse, text(("Danh sách tháng 5",), strange, *ROWS), sender="Công an xã"), E="")
    assert ImportMatch.objects.get().sender == "Công an xã" and load.rows.count() == 3
    again = begun(cast.nurse, text(("Danh sách tháng 6",), ("",), strange, *BAD), sender="công an xã")
    assert again.state == "staged" and again.layout["targets"] == {"A": "full_name", "B": "birth", "C": "sex", "D": "hamlet", "E": ""}
    assert begun(cast.nurse, text(strange, ROWS[0])).sender == "Công an xã"  # known by its headings when nobody named it
    assert begun(cast.nurse, text(strange, ROWS[1]), sender="Trường học").state == "choosing"
    client = enter("nurse")
    assert "Quên cách khớp cột của Công an xã" in client.get(URL).content.decode()
    client.post(f"{URL}khop/{ImportMatch.objects.get().pk}/quen/")
    assert "Quên cách khớp cột" not in client.get(URL).content.decode()
    assert begun(cast.nurse, text(strange, ROWS[2]), sender="Công an xã").state == "choosing"


def test_a_dropped_list_leaves_no_match_behind(cast, enter):
    strange, client = ("A1", "B1", "C1", "D1", "E1"), enter("nurse")
    load = confirmed(cast.nurse, begun(cast.nurse, text(strange, *ROWS), sender="Công an xã"), E="")
    assert ImportMatch.objects.filter(entered_in_error=False).count() == 1
    client.post(f"{URL}{load.pk}/", {"do": "drop"})
    assert "Quên cách khớp cột" not in client.get(URL).content.decode()
    again = begun(cast.nurse, text(strange, *ROWS), sender="Công an xã")
    assert again.pk != load.pk and again.state == "choosing" and "sender" not in again.layout["how"].values()


def test_a_dropped_list_gives_the_match_of_the_kept_one_back(cast, enter):
    strange = ("A1", "B1", "C1", "D1", "E1")
    kept = confirmed(cast.nurse, begun(cast.nurse, text(strange, *ROWS), sender="Công an xã"), E="")
    loading.begin(residents(), cast.nurse, kept)
    wrong = begun(cast.nurse, text(strange, *BAD), sender="Công an xã")
    wrong = confirmed(cast.nurse, wrong, E="phone")
    assert ImportMatch.objects.get().targets[4] == "phone"
    wizard.drop(wrong)
    assert ImportMatch.objects.get(entered_in_error=False).targets == [*kept.layout["targets"].values()]


def test_nobody_of_another_commune_forgets_ours(cast, enter):
    confirmed(cast.nurse, begun(cast.nurse, text(HEAD, *ROWS), sender="Công an xã"))
    assert enter("stranger").post(f"{URL}khop/{ImportMatch.objects.get().pk}/quen/").status_code == 404


def test_what_is_unfinished_is_listed_goes_on_and_may_be_dropped(cast, enter):
    client = enter("nurse")
    there = client.post(URL, {"file": SimpleUploadedFile("la.csv", text(("A1", "B1", "C1", "D1"), *(row[:4] for row in ROWS)))}).url
    assert client.get(there, follow=True).request["PATH_INFO"].endswith("/cot/")
    client.post(f"{there}cot/", {"cot-A": "", "sender": "Thôn Đông Hạ"}, headers={"HX-Request": "true"})
    load = Import.objects.get()
    assert (load.layout["targets"]["A"], load.sender, load.state) == ("", "Thôn Đông Hạ", "choosing")
    missing = client.post(f"{there}cot/", {"do": "confirm"})
    assert missing.status_code == 422 and "Chưa có cột nào cho: Họ và tên" in missing.content.decode()
    page = client.get(URL).content.decode()
    assert "Đang dở" in page and "la.csv" in page and "Làm tiếp" in page
    assert begun(cast.nurse, text(("A1", "B1", "C1", "D1"), *(row[:4] for row in ROWS))).pk == load.pk  # the same file is opened again
    client.post(there, {"do": "drop"})
    assert not ImportFile.objects.exists() and "Đang dở" not in client.get(URL).content.decode()


def test_an_undone_import_is_done_again(load, cast, enter):
    client = enter("nurse")
    there = f"{URL}{load.pk}/"
    client.post(there, {"do": "apply"})
    assert not ImportFile.objects.exists()  # a list of people does not stay when its lines are in the book
    client.post(there, {"do": "undo"})
    assert not Person.objects.filter(entered_in_error=False).exists() and "Nhập lại lần này" in client.get(there).content.decode()
    client.post(there, {"do": "redo"})
    assert Person.objects.filter(entered_in_error=False).count() == 3 and Import.objects.get().state == "finished"
    assert client.post(there, {"do": "redo"}).status_code == 409
    client.post(there, {"do": "undo"})
    assert not Person.objects.filter(entered_in_error=False).exists()


def test_doing_again_looks_who_came_since(load, cast):
    loading.apply(residents(), cast.nurse, load)
    load.refresh_from_db()
    loading.undo(residents(), cast.nurse, load)
    other = begun(cast.nurse, text(HEAD, ROWS[0]), name="khac.csv")
    loading.apply(residents(), cast.nurse, other)
    loading.begin_redo(residents(), cast.nurse, load)
    assert Person.objects.filter(entered_in_error=False).count() == 3 and load.rows.get(number=2).verdict == "duplicate"


def test_long_lists_are_judged_undone_and_done_again_by_the_worker(cast, monkeypatch):
    monkeypatch.setattr(wizard, "IN_BACKGROUND", 2)
    monkeypatch.setattr(loading, "IN_BACKGROUND", 2)
    load = begun(cast.nurse, text(HEAD, *BAD))

    def runs(state):
        load.refresh_from_db()
        job = Job.objects.get(pk=load.job)
        run_job.call(str(job.pk))
        job.refresh_from_db()
        load.refresh_from_db()
        assert (job.state, load.state) == ("finished", state), job.message
    assert load.state == "judging"
    runs("staged")
    loading.begin(residents(), cast.nurse, load)
    runs("finished")
    assert loading.begin_undo(residents(), cast.nurse, load) is None
    runs("undone")
    loading.begin_redo(residents(), cast.nurse, load)
    runs("finished")
    assert Person.objects.filter(entered_in_error=False).count() == 3


# ---- the pages

def test_a_cell_is_corrected_in_the_preview(load, cast, enter):
    client = enter("nurse")
    there = f"{URL}{load.pk}/"
    page = client.get(there).content.decode()
    assert "Ô B5" in page and 'name="o-birth"' in page and "cả 2 dòng ghi như thế" in page and "bỏ qua" not in page
    part = client.post(f"{there}dong/5/", {"o-birth": "28/02/1988"}, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<tr id="dong-5"') and "trong tệp: 31/02/1988" in part and "Nhập 4 dòng đạt" in part
    form = client.get(f"{there}dong/6/").content.decode()
    assert "Đông Hạa" in form and "Trung Lập" in form
    assert client.post(f"{there}dong/6/", {"o-hamlet": "Trung Lập"}).url.endswith("#dong-6")
    assert client.post(f"{there}dong/7/", {"o-hamlet": "x" * 2000}).status_code == 422
    assert client.get(f"{there}dong/99/").status_code == 404
    assert client.get(f"{there}?verdict=refused").content.decode().count('<tr id="dong-') == 1


def test_a_page_of_the_preview_costs_few_queries(load, cast, enter, django_assert_max_num_queries):
    client = enter("nurse")
    client.get(f"{URL}{load.pk}/")
    with django_assert_max_num_queries(20):
        client.get(f"{URL}{load.pk}/")


def test_others_do_not_open_it(load, enter):
    client = enter("director")
    for part in ("", "trang/", "cot/", "dong/5/", "loi.xlsx"):
        assert client.get(f"{URL}{load.pk}/{part}").status_code == 404, part


def test_a_layout_is_kept_as_it_is_written(load):
    layout = Layout(**load.layout)
    assert layout.stored == load.layout and guessing.missing(residents(), layout.targets.values()) == []


LOST = (
    ("Nguyễn Văn An", "05/03/1956", "Nam", "Đông Hạ", "37056001234", "912345678"), ("Trần Thị Bình", "1021960", "Nữ", "Vân Sơn", "1160001235", ""),
    ("Lê Văn Cường", "1970", "Nam", "Trung Lập", "0370700012", ""), ("Phạm Thị Dung", "1971", "Nữ", "Trung Lập", "", "0912345677"))


@pytest.mark.parametrize("background", [False, True])
def test_zeros_that_a_spreadsheet_took_are_given_back_at_once(cast, enter, monkeypatch, background):
    client = enter("nurse")
    file = SimpleUploadedFile("ds.csv", text((*HEAD, "Điện thoại"), *LOST))
    there = client.post(URL, {"file": file}).url
    load = Import.objects.get()
    assert [verdict for _, verdict in verdicts(load)] == ["refused", "refused", "refused", "created"]
    assert "3 dòng có số mất số 0 ở đầu" in client.get(there).content.decode()
    if background:
        monkeypatch.setattr(wizard, "IN_BACKGROUND", 2)
    told = client.post(there, {"do": "zeros"}, follow=True).content.decode()
    assert "Đã thêm số 0 ở đầu trong 3 dòng" in told
    if background:
        run_job.call(str(Job.objects.get().pk))
    rows = {row.number: row for row in load.rows.all()}
    assert [rows[n].verdict for n in (2, 3, 4, 5)] == ["created"] * 4, [rows[n].reason for n in (2, 3, 4)]
    assert rows[2].cells["national_id"] == "037056001234" and rows[2].cells["phone"] == "0912345678"
    assert rows[3].cells["birth"] == "01021960" and rows[3].cells["national_id"] == "001160001235"
    assert rows[2].original == {"national_id": "37056001234", "phone": "912345678"} and not rows[5].original
    load.refresh_from_db()
    loading.apply(residents(), cast.nurse, load)
    assert Person.objects.filter(identifiers__value="037056001234").exists()
    load.refresh_from_db()
    with pytest.raises(Refused, match="đã ghi"):
        wizard.give_zeros(residents(), cast.nurse, load)
