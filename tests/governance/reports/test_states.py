"""Steps of a report by role, what is refused and how; a locked report never changes."""

import pytest
from django.db import IntegrityError, connection, transaction

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.governance.reports import actions
from tramyte.governance.reports.models import Report

EVERYBODY = ("director", "clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor", "admin", "stranger")
WRITERS = {"director", "clinician", "officer"}
STEPS = {
    "edit": lambda user, id: actions.edit_section(by=user, id=id, section="problems", text="Lời mới"),
    "refresh": lambda user, id: actions.refresh_figures(by=user, id=id),
    "submit": lambda user, id: actions.submit_report(by=user, id=id),
    "return": lambda user, id: actions.return_report(by=user, id=id, reason="Thiếu nguyên nhân"),
    "approve": lambda user, id: actions.approve_report(by=user, id=id),
    "lock": lambda user, id: actions.lock_report(by=user, id=id),
}
# State, and step -> who may take it there (the director sent it).
ALLOWED = {
    "draft": {"edit": WRITERS, "refresh": WRITERS, "submit": WRITERS},
    "submitted": {"return": {"officer", "chairman"}, "approve": {"officer", "chairman"}},
    "returned": {"edit": WRITERS, "refresh": WRITERS, "submit": WRITERS},
    "approved": {"lock": {"director", "officer", "chairman"}},
    "locked": {},
}


def bring_to(cast, report, state):
    if state == "draft":
        return
    actions.submit_report(by=cast.director, id=report.pk)
    if state == "returned":
        actions.return_report(by=cast.officer, id=report.pk, reason="Thiếu nguyên nhân")
    if state in ("approved", "locked"):
        actions.approve_report(by=cast.officer, id=report.pk)
    if state == "locked":
        actions.lock_report(by=cast.officer, id=report.pk)


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.django_db
def test_who_may_take_which_step(cast, report, state):
    bring_to(cast, report, state)
    for step, take in STEPS.items():
        for name in EVERYBODY:
            before = Report.objects.get(pk=report.pk).plain()
            mark = transaction.savepoint()
            if name in ALLOWED[state].get(step, set()):
                take(cast.users[name], report.pk)
            else:
                with pytest.raises(Refused) as refused:
                    take(cast.users[name], report.pk)
                assert refused.value.status in (403, 404, 409), (step, name)
                assert Report.objects.get(pk=report.pk).plain() == before
            transaction.savepoint_rollback(mark)


@pytest.mark.django_db
def test_nobody_approves_what_they_sent_and_a_colleague_may(cast, report):
    actions.submit_report(by=cast.clinician, id=report.pk)
    with pytest.raises(Refused, match="không có quyền"):
        actions.approve_report(by=cast.clinician, id=report.pk)
    approved = actions.approve_report(by=cast.director, id=report.pk)
    assert approved.number == "1" and approved.issued_on.isoformat() == "2026-06-03"


@pytest.mark.django_db
def test_an_officer_who_sent_it_waits_for_the_chairman(cast, report):
    actions.submit_report(by=cast.officer, id=report.pk)
    with pytest.raises(Refused, match="không tự duyệt"):
        actions.approve_report(by=cast.officer, id=report.pk)
    actions.approve_report(by=cast.chairman, id=report.pk)


@pytest.mark.django_db
def test_returning_needs_a_reason_and_sending_again_is_counted(cast, report):
    actions.submit_report(by=cast.director, id=report.pk)
    with pytest.raises(Refused, match="lý do"):
        actions.return_report(by=cast.officer, id=report.pk, reason="  ")
    returned = actions.return_report(by=cast.officer, id=report.pk, reason="Mục IV chưa nêu nguyên nhân.")
    assert returned.state == "returned" and returned.return_reason == "Mục IV chưa nêu nguyên nhân."
    assert actions.submit_report(by=cast.director, id=report.pk).submissions == 2


@pytest.mark.parametrize(("given", "wanted"), [("", "1"), ("41", "41"), ("041", "41"), ("0", None), ("4/1", None), ("x", None)])
@pytest.mark.django_db
def test_the_number_of_a_report(cast, report, given, wanted):
    actions.submit_report(by=cast.director, id=report.pk)
    if wanted is None:
        with pytest.raises(Refused, match="phải là số"):
            actions.approve_report(by=cast.officer, id=report.pk, number=given)
    else:
        assert actions.approve_report(by=cast.officer, id=report.pk, number=given).number == wanted


@pytest.mark.django_db
def test_a_locked_report_is_refused_by_every_road(cast, locked):
    was = Report.objects.get(pk=locked.pk)
    assert was.digest == was.content_digest()
    row = Report.objects.get(pk=locked.pk)
    row.title = "khác"
    for road in (row.save, row.delete, lambda: Report.objects.filter(pk=row.pk).update(title="khác"), lambda: Report.objects.filter(pk=row.pk).delete(),
                 lambda: Report.objects.bulk_update([row], ["title"])):
        with pytest.raises(Refused, match="đã khóa"), transaction.atomic():
            road()
    with pytest.raises(IntegrityError, match="locked report"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_report SET title = 'khác'")
    now = Report.objects.get(pk=locked.pk)
    assert now.plain() == was.plain() and now.digest == now.content_digest()
    assert chain.verify().broken_at is None


@pytest.mark.django_db
def test_a_supplement_stands_beside_the_locked_report(cast, locked):
    assert actions.open_report(by=cast.director, period=locked.period_id).pk == locked.pk
    more = actions.open_report(by=cast.director, period=locked.period_id, supplement=True)
    assert more.sequence == 2 and "bổ sung lần 1" in str(more) and more.state == "draft"
    with pytest.raises(Refused, match="chưa khóa"):
        actions.open_report(by=cast.director, period=locked.period_id, supplement=True)


@pytest.mark.django_db
def test_a_duty_of_another_unit_is_written_by_it_or_by_the_synthesizing_office(cast, half):
    half.duty.unit = cast.units["congan"]
    half.duty.save()
    with pytest.raises(Refused, match="Công an xã"):
        actions.open_report(by=cast.director, period=half.pk)
    assert actions.open_report(by=cast.officer, period=half.pk).unit == cast.units["congan"]


@pytest.mark.django_db
def test_two_editors_of_one_section_are_told_and_of_two_sections_are_not(cast, report):
    actions.edit_section(by=cast.clinician, id=report.pk, section="problems", text="Bản của bác sĩ", seen_version=1)
    with pytest.raises(Refused) as refused:
        actions.edit_section(by=cast.director, id=report.pk, section="problems", text="Bản của giám đốc", seen_version=1)
    assert refused.value.code == "conflict" and "Trần Văn Hùng" in refused.value.message
    actions.edit_section(by=cast.director, id=report.pk, section="plans", text="Kế hoạch", seen_version=1)
    texts = {one["key"]: one["text"] for one in Report.objects.get(pk=report.pk).sections}
    assert texts["problems"] == "Bản của bác sĩ" and texts["plans"] == "Kế hoạch"


@pytest.mark.django_db
def test_another_communes_users_find_nothing(cast, report, client):
    station_head = User.objects.create(username="xa", full_name="Giám đốc xã khác")
    Assignment.objects.create(user=station_head, role="director", place=cast.other_commune, valid_from="2025-07-01")
    client.force_login(station_head, backend="django.contrib.auth.backends.ModelBackend")
    for address in (f"/bao-cao/{report.pk}/", f"/bao-cao/{report.pk}/tep/xlsx/", f"/bao-cao/ky/{report.period_id}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/bao-cao/{report.pk}/lam/", {"do": "submit"}).status_code == 404
    assert "6 tháng" not in client.get("/bao-cao/?trang-thai=tat-ca").content.decode()
