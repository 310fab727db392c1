"""Taking documents in: what is stored, what is refused, what is noticed."""

import datetime

import pytest

from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.governance.directives.actions import (
    Duplicate,
    issue_directive,
    receive_directive,
    relate_directive,
)
from tramyte.governance.directives.deadlines import excludes_day, last_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import earlier_of, next_arrival_number
from tramyte.governance.directives.review_page import duty_day, lines_of, target_words
from tramyte.governance.directives.units import UnitNames, is_group, key


def test_a_plan_becomes_a_header_and_obligations(received):
    assert str(received) == "Kế hoạch 87/KH-UBND ngày 29/05/2026"
    assert received.state == Directive.REVIEWING and received.arrived_on == datetime.date(2026, 6, 3)
    marks = list(received.obligations.values_list("mark", flat=True))
    assert {"C1", "C2", "P1", "N1", "N2", "N3", "N4", "B1"} <= set(marks)
    for item in received.obligations.all():
        assert received.text[item.start:item.end].strip(), item.mark


def test_fields_are_ready_to_be_corrected(item, cast):
    first = item("N1").fields
    assert first["owners"] == [{"name": "Trạm Y tế xã", "unit": str(cast.units["tyt"].pk)}]
    assert first["deadline"] == "2026-06-15" and first["due_on"] == "2026-06-14"
    assert item("N4").doubt == "Chưa khớp đơn vị trong xã: Hội Phụ nữ xã"
    assert item("C1").fields["due_on"] == "2026-12-31" and target_words(item("C1").fields) == "≥\u00a098\u00a0%"
    assert duty_day(item("B1").fields) == "chậm nhất 09/06"


def test_a_report_that_is_also_a_task_is_one_obligation(received):
    assert not [o.mark for o in received.obligations.filter(kind=Obligation.TASK) if "báo cáo năm" in o.text]
    assert received.obligations.filter(kind=Obligation.DUTY).exists()


@pytest.mark.parametrize(("phrase", "out"), [
    ("trước ngày 10/6", True), ("xong trước ngày 01/7/2026", True), ("trước ngày 10 tháng 6", True), ("trước 15/6", True),
    ("trước ngày 15 hằng tháng", True), ("trước 17 giờ ngày 10/6", False), ("chậm nhất ngày 10/6", False), ("trong tháng 7/2026", False),
    ("trước tháng 12/2026", False), ("trước 10 ngày", False), ("", False), (None, False),
])
def test_before_a_day_leaves_the_day_out(phrase, out):
    assert excludes_day(phrase) is out
    assert last_day(datetime.date(2026, 6, 10), phrase) == datetime.date(2026, 6, 9 if out else 10)


def test_the_same_words_are_refused_with_a_link_to_the_first(cast, received, plan_text):
    with pytest.raises(Duplicate) as refused:
        receive_directive(by=cast.officer, text=plan_text() + "\n\n")
    assert refused.value.first == received and "đã có" in refused.value.message


def test_the_same_number_day_and_body_are_refused(cast, received, plan_text):
    with pytest.raises(Duplicate):
        receive_directive(by=cast.officer, text=plan_text(opening="Thực hiện chỉ đạo của cấp trên, Ủy ban nhân dân xã ban hành Kế hoạch như sau:"))
    assert Directive.objects.count() == 1


def test_another_commune_may_have_the_same_document(cast, received, plan_text):
    from tramyte.engine.access.models import Assignment, User

    other = User.objects.create(username="officer2", full_name="Cán bộ xã khác")
    Assignment.objects.create(user=other, role="officer", place=cast.other_commune, valid_from=datetime.date(2025, 7, 1))
    assert receive_directive(by=other, text=plan_text()).place == cast.other_commune


def test_a_newer_one_that_replaces_is_noticed_and_ends_the_earlier(cast, issued, plan_text):
    text = plan_text(number="95", day="30", opening="Kế hoạch này thay thế Kế hoạch số 87/KH-UBND ngày 29/5/2026 của Ủy ban nhân dân xã.")
    newer = receive_directive(by=cast.officer, text=text)
    [offer] = earlier_of(newer)
    assert (offer.directive, offer.relation) == (issued, "replaces")
    relate_directive(by=cast.officer, id=newer.pk, earlier=issued.pk, relation="replaces")
    for one in newer.obligations.all():
        one.state = Obligation.DROPPED
        one.save()
    issue_directive(by=cast.officer, id=newer.pk)
    issued.refresh_from_db()
    assert issued.state == Directive.REVOKED and "95/KH-UBND" in issued.revoked_reason
    assert set(issued.tasks.values_list("state", flat=True)) == {"cancelled"}


def test_not_related_is_remembered(cast, received):
    row = relate_directive(by=cast.officer, id=received.pk, earlier=None)
    assert row.header["related_settled"] is True


@pytest.mark.parametrize("who", ["nurse", "chairman", "unit", "village_worker", "supervisor", "stranger", "admin"])
def test_only_the_officer_takes_documents_in(cast, plan_text, who):
    with pytest.raises(Refused) as refused:
        receive_directive(by=cast.users[who], text=plan_text())
    assert refused.value.status == 403 and not Directive.objects.exists()


@pytest.mark.parametrize(("given", "code"), [
    ({"text": "  \n "}, "empty"), ({"name": "a.doc", "content": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600}, None),
    ({"name": "x.exe", "content": b"MZ\x90\x00" + b"\0" * 200}, "file_wrong_type"), ({"name": "x.pdf", "content": b"%PDF-1.4 broken"}, "file_damaged"),
    ({"text": "x", "arrived_on": "2026-06-04"}, "future"), ({"text": "x", "arrived_on": "31/02/2026"}, "bad_date"),
    ({"text": "x", "due_on": "01/06/2026"}, "before"), ({"text": "x", "lead_unit": "00000000-0000-0000-0000-000000000000"}, "unknown_unit"),
    ({"text": "a " * 210_000}, "too_long"),
])
def test_bad_input_gets_a_sentence_and_leaves_nothing(cast, given, code):
    with pytest.raises(Refused) as refused:
        receive_directive(by=cast.officer, **given)
    assert code is None or refused.value.code == code
    assert refused.value.message.endswith(".") and not Directive.objects.exists()


def test_incoming_fields_are_kept(cast, plan_text):
    row = receive_directive(
        by=cast.officer, text=plan_text(), arrival_number="12", arrived_on="01/06/2026", due_on="10/06/2026", lead_unit=str(cast.units["vhxh"].pk),
        coordinating="Trạm Y tế; Công an xã", instruction="Giao Phòng VH-XH chủ trì.")
    assert (row.arrival_number, row.lead_unit, row.coordinating) == ("12", cast.units["vhxh"], ["Trạm Y tế", "Công an xã"])
    assert next_arrival_number(cast.commune, 2026) == "13" and next_arrival_number(cast.commune, 2027) == "1"
    assert chain.verify().broken_at is None


@pytest.mark.parametrize(("printed", "code"), [
    ("Trạm Y tế", "tyt"), ("Trạm y tế xã Đồng Vân", "tyt"), ("TYT xã", "tyt"), ("Phòng VH-XH", "vhxh"), ("Phòng Văn hóa - Xã hội xã", "vhxh"),
    ("UBND xã", "ubnd"), ("Công an", "congan"), ("các thôn", None), ("Thủ trưởng các đơn vị", None), ("Hội Nông dân", None), ("", None),
])
def test_printed_names_match_units(cast, printed, code):
    names = UnitNames(cast.units.values(), str(cast.commune))
    assert names.match(printed) == (cast.units[code] if code else None)


def test_groups_and_keys():
    assert is_group("Các phòng chuyên môn") and not is_group("Công an xã")
    assert key("UBND xã Đồng Vân", "Xã Đồng Vân") == key("Ủy ban nhân dân xã")


def test_every_character_of_the_text_is_shown_once(received):
    lines = lines_of(received.text, list(received.obligations.all()))
    shown = "".join(piece.text for line in lines for piece in line.pieces)
    assert "".join(shown.split()) == "".join(received.text.split())
    for line in lines:
        for piece in line.pieces:
            assert received.text[piece.start:piece.start + len(piece.text)] == piece.text
