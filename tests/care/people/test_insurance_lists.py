"""Lists of the insurance agency: what differs, what is written and taken back; whose card ends soon."""

import datetime
import io

import pytest
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.care.people.insurance_list import take_list
from tramyte.care.people.models import (
    Coverage,
    Identifier,
    InsuranceFile,
    InsuranceLine,
    InsuranceList,
    Person,
)
from tramyte.care.people.renewal_views import counts, ending
from tramyte.engine.documents.spreadsheet import SheetColumn, write_csv, write_xlsx
from tramyte.engine.jobs.models import Job
from tramyte.engine.refused import Refused

D = datetime.date
ON = D(2026, 6, 1)
HEADS = ("Mã thẻ", "Họ tên", "Ngày sinh", "CCCD", "Thôn", "Thẻ từ ngày", "Thẻ đến ngày", "Nơi ĐK KCB")


@pytest.fixture
def card(register, cast):
    """A person with a card: `card("Nguyễn Văn A", "0100000001")`, valid for 2026 unless told."""
    def made(name, code, born="12/05/1956", start=D(2026, 1, 1), end=D(2026, 12, 31), group="GD4", **fields):
        person = register(name, born, insurance_number=code, **fields)
        if end:
            actions.record_coverage(by=fields.get("by", cast.nurse), person=person, card_number=f"{group}37{code}", start=start, end=end, facility_code="37001")
        return person
    return made


def a_file(*rows, heads=HEADS):
    return write_csv([SheetColumn(head) for head in heads], [list(row) for row in rows])


def line(number="", name="", born="", national="", hamlet="", start="01/01/2026", end="31/12/2026", facility="37001"):
    return (number, name, born, national, hamlet, start, end, facility)


def compared(cast, *rows, **options):
    return take_list(by=cast.nurse, place=cast.commune, name="thẻ.csv", content=a_file(*rows), on=ON, **options)


def kinds(load):
    return [(row.number, row.kind) for row in load.lines.all()]


@pytest.mark.parametrize(("row", "kind", "reason"), [
    (line("GD4370100000001", "Nguyễn Văn An", "12/05/1956"), "unchanged", ""),
    (line("0100000001", "Nguyễn Văn An", "12/05/1956"), "unchanged", ""),
    (line("0100000001", "NGUYEN VAN AN"), "unchanged", ""),
    (line("0100000099", "Nguyễn Văn An", "12/05/1956", "037056001234"), "changed", "số thẻ GD4370100000001 → 0100000099"),
    (line("0100000099", "Nguyễn Văn An", "12/05/1956"), "changed", "số thẻ"),
    (line("0100000099", "Nguyễn Văn An", "1956"), "changed", "số thẻ"),
    (line("GD4370100000001", "Nguyễn Văn An", end="30/06/2027"), "changed", "đến ngày 31/12/2026 → 30/06/2027"),
    (line("HN2370100000001", "Nguyễn Văn An"), "changed", "nhóm GD → HN"),
    (line("0100000001", "Nguyễn Văn An", facility="37002"), "changed", "nơi KCB 37001 → 37002"),
    (line("0100000001", "Nguyễn Văn An", start="01/01/2027", end="31/12/2027"), "new", "Thẻ trước hết hạn 31/12/2026"),
    (line("0100000002", "Trần Thị Bình"), "new", "chưa có thẻ"),
    (line("0100000098", "Không Có Ai", "01/01/1960"), "unmatched", "Không có ai"),
    (line("0100000001", "Trần Thị Khác Hẳn", "01/01/1999"), "ambiguous", "Số này trong sổ là của Nguyễn Văn An"),
    (line("0100000001", "Nguyễn Văn An", "12/05/1956", "037160001111"), "ambiguous", "Số thẻ là của Nguyễn Văn An"),
    (line("0100000097", "Lê Văn Cường", "1970"), "ambiguous", "Có 2 người"),
    (line("0100000097", "Lê Văn Cường", "1970", hamlet="Vân Sơn"), "new", ""),
    (line("0100000001", "Nguyễn Văn An", end="31/12/2025"), "refused", "đứng trước ngày đầu"),
    (line("0100000001", "Nguyễn Văn An", end="31/02/2026"), "refused", ""),
    (line("12345", "Nguyễn Văn An"), "refused", "5 ký tự"),
    (line("", "Nguyễn Văn An", "12/05/1956"), "refused", "Thiếu số thẻ"),
])
def test_one_line_and_what_it_is(card, register, cast, row, kind, reason):
    card("Nguyễn Văn An", "0100000001", national_id="037056001234")
    card("Trần Thị Bình", "0100000002", "01/01/1960", end=None, national_id="037160001111", sex="F")
    register("Lê Văn Cường", "01/01/1970", birth_precision="year")
    register("Lê Văn Cường", "05/09/1970", hamlet=cast.hamlets[1])
    load = compared(cast, row)
    found = load.lines.get()
    assert (found.kind, reason in found.reason) == (kind, True), found.reason
    assert not Coverage.objects.exclude(version=1).exists() and Coverage.objects.count() == 1


def test_totals_and_the_signature_are_no_lines_of_the_list(card, cast):
    card("Nguyễn Văn An", "0100000001")
    total, signed = (["", words, *[""] * (len(line("", "")) - 2)] for words in ("Tổng cộng: 1 người", "Giám đốc BHXH"))
    load = compared(cast, line("0100000001", "Nguyễn Văn An"), total, signed)
    assert [row.kind for row in load.lines.all()] == ["unchanged"]


def test_lost_are_those_of_a_whole_list_in_its_hamlets_who_are_not_named(card, register, cast):
    card("Nguyễn Văn An", "0100000001")
    card("Có Trong Sách", "0100000002", "02/02/1960")
    card("Ở Thôn Khác", "0100000003", "03/03/1960", hamlet=cast.hamlets[1])
    card("Hết Hạn Rồi", "0100000004", "04/04/1960", start=D(2025, 1, 1), end=D(2026, 5, 31))
    card("Xã Khác", "0100000005", "05/05/1960", hamlet=cast.other_hamlet, by=cast.stranger)
    card("Còn Ngờ", "0100000006", "06/06/1960")
    rows = [line("0100000002", "Có Trong Sách"), line("0100000006", "Người Hoàn Toàn Khác", "01/01/2000")]
    assert kinds(compared(cast, *rows)) == [(2, "unchanged"), (3, "ambiguous")]
    part = compared(cast, *rows, whole=True, hamlets=[cast.hamlets[0].code])
    assert [row.name for row in part.lines.filter(kind="lost")] == ["Nguyễn Văn An"]
    whole = compared(cast, *rows, whole=True)
    assert sorted(row.name for row in whole.lines.filter(kind="lost")) == ["Nguyễn Văn An", "Ở Thôn Khác"]


def test_a_second_line_of_one_person_is_left_to_somebody(card, cast):
    card("Nguyễn Văn An", "0100000001")
    load = compared(cast, line("0100000001", "Nguyễn Văn An"), line("GD4370100000001", "Nguyễn Văn An"), line("0100000001", "Nguyễn Văn An", start="01/01/2027", end="31/12/2027"))
    assert kinds(load) == [(2, "unchanged"), (3, "ambiguous"), (4, "new")]


def test_a_former_name_finds_the_record_that_took_it_in(register, cast):
    kept, gone = register("Nguyễn Thị Mận", "01/02/1960", "F"), register("Nguyễn Thị Mơ", "01/02/1960", "F")
    actions.merge_persons(by=cast.nurse, survivor=kept, lesser=gone, take=[])
    found = compared(cast, line("0100000009", "Nguyễn Thị Mơ", "01/02/1960")).lines.get()
    assert (found.kind, found.person_id) == ("new", kept.pk)


@pytest.mark.parametrize("content", [b"", b"abc", b"\x00\x01\x02", a_file(("x",), heads=("Cột lạ",)), a_file(line(), heads=HEADS)])
def test_a_file_that_is_no_list_is_refused_with_a_sentence(cast, content):
    with pytest.raises(Refused) as caught:
        take_list(by=cast.nurse, place=cast.commune, name="x.csv", content=content, on=ON)
    assert caught.value.message.endswith(".") and not InsuranceList.objects.exists()


def state():
    rows = [tuple(sorted((name, value) for name, value in card.plain().items() if name not in {"import_id"})) for card in Coverage.objects.filter(entered_in_error=False).order_by("person_id", "start")]
    return rows, sorted(Identifier.objects.filter(entered_in_error=False).values_list("person_id", "kind", "value"))


@pytest.fixture
def mixed(card, register, cast):
    """A stored commune and a whole list that brings every kind of change."""
    card("Đổi Hạn", "0100000001", "01/01/1951")
    card("Đổi Thẻ", "0100000002", "02/01/1952")
    card("Mất Thẻ", "0100000003", "03/01/1953")
    card("Mất Thẻ Mới", "0100000004", "04/01/1954", start=ON)
    card("Chưa Có", "0100000005", "05/01/1955", end=None)
    register("Chưa Mã", "06/01/1956")
    rows = [
        line("0100000001", "Đổi Hạn", end="31/12/2027"), line("HN2370100000002", "Đổi Thẻ", start="01/05/2026", end="30/04/2027"),
        line("0100000005", "Chưa Có"), line("DN4370100000006", "Chưa Mã", "06/01/1956")]
    return compared(cast, *rows, whole=True)


def test_chosen_kinds_are_written_and_the_whole_is_taken_back_as_it_was(mixed, cast):
    before = state()
    assert sorted(row.kind for row in mixed.lines.all()) == ["changed", "changed", "lost", "lost", "new", "new"]
    InsuranceList.objects.filter(pk=mixed.pk).update(applied=["new", "changed", "lost"], state="running")
    mixed.refresh_from_db()
    assert actions.apply_list(by=cast.nurse, load=mixed) == 6 and actions.apply_list(by=cast.nurse, load=mixed) == 0
    def held(name):
        return [(card.card_number, card.start, card.end) for card in Coverage.objects.filter(person__full_name=name, entered_in_error=False).order_by("start")]
    assert held("Đổi Hạn") == [("GD4370100000001", D(2026, 1, 1), D(2027, 12, 31))]
    assert held("Đổi Thẻ") == [("GD4370100000002", D(2026, 1, 1), D(2026, 4, 30)), ("HN2370100000002", D(2026, 5, 1), D(2027, 4, 30))]
    assert held("Mất Thẻ") == [("GD4370100000003", D(2026, 1, 1), D(2026, 5, 31))] and held("Mất Thẻ Mới") == []
    assert held("Chưa Mã") == [("DN4370100000006", D(2026, 1, 1), D(2026, 12, 31))]
    assert Identifier.objects.get(person__full_name="Chưa Mã").value == "0100000006"
    assert set(Coverage.objects.filter(import_id=mixed.pk).values_list("person__full_name", flat=True)) == {"Đổi Thẻ", "Chưa Có", "Chưa Mã"}
    InsuranceList.objects.filter(pk=mixed.pk).update(state="undoing")
    assert actions.undo_list(by=cast.nurse, load=mixed) == (6, 0)
    assert state() == before and not mixed.lines.filter(done=True).exists()


def test_only_the_chosen_kinds(mixed, cast):
    InsuranceList.objects.filter(pk=mixed.pk).update(applied=["new"])
    mixed.refresh_from_db()
    assert actions.apply_list(by=cast.nurse, load=mixed) == 2
    assert Coverage.objects.filter(entered_in_error=False).count() == 6


def test_what_somebody_changed_meanwhile_is_not_written_over(mixed, cast):
    changed = Coverage.objects.get(person__full_name="Đổi Hạn")
    actions.record_coverage(by=cast.nurse, id=changed.pk, person=changed.person_id, card_number=changed.card_number, start=changed.start, end=D(2026, 11, 30))
    actions.renew_coverage(by=cast.nurse, person=Person.objects.get(full_name="Chưa Có"), card_number="0100000005", start=D(2026, 3, 1))
    InsuranceList.objects.filter(pk=mixed.pk).update(applied=["new", "changed", "lost"])
    mixed.refresh_from_db()
    assert actions.apply_list(by=cast.nurse, load=mixed) == 4
    doubtful = mixed.lines.filter(kind="ambiguous")
    assert sorted(row.name for row in doubtful) == ["Chưa Có", "Đổi Hạn"] and all("đã đổi sau khi so" in row.reason for row in doubtful)
    assert Coverage.objects.get(pk=changed.pk).end == D(2026, 11, 30)


def test_undoing_leaves_what_was_changed_since(mixed, cast):
    InsuranceList.objects.filter(pk=mixed.pk).update(applied=["new", "changed", "lost"])
    mixed.refresh_from_db()
    actions.apply_list(by=cast.nurse, load=mixed)
    for name, end in (("Mất Thẻ", D(2026, 5, 20)), ("Đổi Thẻ", D(2027, 3, 31))):
        row = Coverage.objects.filter(person__full_name=name, entered_in_error=False).order_by("-start").first()
        actions.record_coverage(by=cast.nurse, id=row.pk, person=row.person_id, card_number=row.card_number, start=row.start, end=end)
    assert actions.undo_list(by=cast.nurse, load=mixed) == (4, 2)
    assert Coverage.objects.filter(entered_in_error=False, end__in=[D(2026, 5, 20), D(2027, 3, 31), D(2026, 4, 30)]).count() == 3


def test_from_the_file_to_the_book_and_back_by_the_pages(card, cast, enter, django_capture_on_commit_callbacks, monkeypatch):
    card("Nguyễn Văn An", "0100000001")
    client = enter("nurse")
    content = io.BytesIO(write_xlsx([SheetColumn(head) for head in HEADS], [list(line("0100000001", "Nguyễn Văn An", end="31/12/2027")), list(line("0100000007", "Ai Đó", "1/1/1960"))]))
    content.name = "the.xlsx"
    page = client.post(reverse("insurance-lists"), {"file": content, "on": "01/06/2026"}, follow=True)
    load, text = InsuranceList.objects.get(), page.content.decode()
    assert "đến ngày 31/12/2026 → 31/12/2027" in text and "Không có ai trong sổ" in text and "chưa ghi gì vào sổ" in text
    address = reverse("insurance-list", args=[load.pk])
    assert "Chưa chọn loại nào" in client.post(address, {"do": "apply"}, follow=True).content.decode()
    client.post(address, {"do": "apply", "kinds": ["changed", "lost", "unmatched"]})
    job = Job.objects.get()
    from tramyte.engine.jobs import work
    work.run_job.func(str(job.pk))
    assert Coverage.objects.get().end == D(2027, 12, 31) and InsuranceList.objects.get().applied == ["changed", "lost"]
    assert "đã ghi 1 dòng" in client.get(address).content.decode()
    assert client.post(address, {"do": "apply", "kinds": ["changed"]}).status_code == 302 and Job.objects.count() == 1
    client.post(address, {"do": "undo"})
    work.run_job.func(str(Job.objects.exclude(pk=job.pk).get().pk))
    assert Coverage.objects.get().end == D(2026, 12, 31) and "đã hoàn tác" in client.get(address).content.decode()
    sheet = client.get(address, {"as": "xlsx", "loai": "unmatched"})
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"


def test_a_long_list_is_compared_by_the_worker(card, cast, enter, monkeypatch):
    """The page tells how far it is; the differences are those of a short list, and the file does not stay."""
    from tramyte.care.people import insurance_list
    from tramyte.engine.jobs import work

    card("Nguyễn Văn An", "0100000001")
    rows = [line("0100000001", "Nguyễn Văn An", end="31/12/2027"), line("0100000007", "Ai Đó", "1/1/1960")]
    at_once = compared(cast, *rows, whole=True)
    monkeypatch.setattr(insurance_list, "IN_BACKGROUND", 1)
    monkeypatch.setattr(insurance_list, "TOLD", 1)
    client, content = enter("nurse"), io.BytesIO(a_file(*rows))
    content.name = "dai.csv"
    there = client.post(reverse("insurance-lists"), {"file": content, "on": "01/06/2026", "whole": "1"}).url
    load = InsuranceList.objects.get(file_name="dai.csv")
    page = client.get(there).content.decode()
    assert (load.state, load.lines.count()) == ("comparing", 0) and "đang đọc tệp" in page and 'http-equiv="refresh"' in page and "Xuất" not in page
    assert client.post(there, {"do": "apply", "kinds": ["new"]}).status_code == 302 and InsuranceList.objects.get(pk=load.pk).state == "comparing"
    job = Job.objects.get()
    work.run_job.func(str(job.pk))
    job.refresh_from_db()
    load.refresh_from_db()
    assert (job.state, job.done, job.total, load.state) == ("finished", 2, 2, "compared") and not InsuranceFile.objects.exists()
    own = ("number", "kind", "person", "name", "birth", "card_number", "start", "end", "reason", "coverage", "version")
    assert list(load.lines.values(*own)) == list(at_once.lines.values(*own))
    assert "đến ngày 31/12/2026 → 31/12/2027" in client.get(there).content.decode()
    client.post(there, {"do": "compare"})
    assert Job.objects.count() == 1, "what was compared is not compared again"


def test_a_long_list_that_cannot_be_compared_says_why_and_can_be_tried_again(cast, enter, monkeypatch):
    from tramyte.care.people import insurance_list
    from tramyte.engine.jobs import work

    monkeypatch.setattr(insurance_list, "IN_BACKGROUND", 0)
    client, content = enter("nurse"), io.BytesIO(a_file(line("0100000007", "Ai Đó", "1/1/1960")))
    content.name = "dai.csv"
    wrong = io.BytesIO(a_file(("x",), heads=("Cột lạ",)))
    wrong.name = "la.csv"
    answer = client.post(reverse("insurance-lists"), {"file": wrong, "on": "01/06/2026"})
    assert answer.status_code == 422 and not InsuranceList.objects.exists(), "what the top of the file shows is told at once"
    there = client.post(reverse("insurance-lists"), {"file": content, "on": "01/06/2026"}).url
    with monkeypatch.context() as patched:
        def refuses(*arguments):
            raise Refused("bad", "Tệp hỏng ở giữa.")
        patched.setattr(insurance_list, "compare", refuses)
        work.run_job.func(str(Job.objects.get().pk))
    page = client.get(there).content.decode()
    assert "Tệp hỏng ở giữa." in page and "So lại" in page and 'http-equiv="refresh"' not in page
    client.post(there, {"do": "compare"})
    work.run_job.func(str(Job.objects.filter(state="waiting").get().pk))
    assert InsuranceList.objects.get().state == "compared" and InsuranceLine.objects.get().kind == "unmatched"


@pytest.mark.parametrize(("typed", "group", "facility"), [
    ({"card_number": "0100000001", "group": "HN", "facility_code": "37002"}, "HN", "37002"),
    ({"card_number": "0100000001"}, "GD", "37001"),
    ({"card_number": "TE1 37 0100000001", "group": "GD"}, "TE", "37001")])
def test_a_renewal_keeps_or_changes_group_and_facility(card, enter, typed, group, facility):
    person = card("Nguyễn Văn An", "0100000001", end=D(2026, 6, 30))
    answer = enter("nurse").post(reverse("coverage-renew", args=[person.pk]), {"start": "01/07/2026", "end": "30/06/2027", **typed})
    made = Coverage.objects.get(end=D(2027, 6, 30))
    assert answer.status_code == 302 and (made.group, made.facility_code) == (group, facility)


@pytest.mark.parametrize(("user", "status"), [("director", 200), ("village_worker", 403), ("stranger", 404), ("chairman", 403), ("officer", 403)])
def test_who_sees_a_list(mixed, enter, user, status):
    client = enter(user)
    assert client.get(reverse("insurance-list", args=[mixed.pk])).status_code == status
    assert client.get(reverse("insurance-lists")).status_code == (200 if status == 404 else status)


def test_a_list_page_costs_few_queries(mixed, enter, django_assert_max_num_queries):
    client = enter("nurse")
    client.get(reverse("insurance-list", args=[mixed.pk]))
    with django_assert_max_num_queries(20):
        client.get(reverse("insurance-list", args=[mixed.pk]))


@pytest.fixture
def ends(card, cast):
    """People whose cards end, from the working day 03/06/2026, in so many days."""
    day = D(2026, 6, 3)
    made = {n: card(f"Người {chr(65 + index)}", f"01000000{index:02d}", f"{index + 1:02d}/01/1960", start=D(2025, 7, 1), end=day + datetime.timedelta(days=n)) for index, n in enumerate((-1, 0, 30, 31, 60, 90, 91))}
    actions.renew_coverage(by=cast.nurse, person=made[31])
    made["none"] = card("Không Thẻ", "0100000055", "09/09/1960", end=None, hamlet=cast.hamlets[1])
    return made


@pytest.mark.parametrize(("tab", "expected"), [("30", [0, 30]), ("60", [0, 30, 60]), ("90", [0, 30, 60, 90]), ("het", [-1]), ("chua", ["none"])])
def test_whose_card_ends(ends, cast, tab, expected):
    names = {person.pk: n for n, person in ends.items()}
    assert [names[person.pk] for person in ending(cast.nurse, tab, D(2026, 6, 3))] == expected
    lines = counts(cast.nurse, D(2026, 6, 3))
    assert sum(row["counts"][tab] for row in lines) == len(expected) and [str(row["place"]) for row in lines] == ["Thôn Đông Hạ", "Thôn Vân Sơn"]


def test_the_renewal_page_its_files_and_who_may_see_it(ends, enter, cast, django_assert_max_num_queries):
    client = enter("nurse")
    client.get(reverse("insurance"))
    with django_assert_max_num_queries(12):
        text = client.get(reverse("insurance"), {"trong": "60"}).content.decode()
    assert "3 người hết hạn trong 60 ngày tới" in text and "GD · hộ gia đình tự đóng · 80\u00a0%" in text and "0100000000" not in text
    assert "Không có ai trong danh sách này" in client.get(reverse("insurance"), {"trong": "30", "thon": cast.hamlets[1].code}).content.decode()
    for form, head in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf")):
        assert client.get(reverse("insurance"), {"trong": "90", "as": form}).content.startswith(head)
    assert client.get(reverse("insurance"), {"trong": "abc"}).status_code == 422
    assert client.get(reverse("insurance"), {"thon": "xyz"}).status_code == 404
    assert enter("chairman").get(reverse("insurance")).status_code == 403
    assert "Không Thẻ" not in enter("village_worker").get(reverse("insurance"), {"trong": "chua"}).content.decode()
    assert InsuranceLine.objects.count() == 0
