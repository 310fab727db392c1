"""Targets set by hand, corrected with a reason, withdrawn; history, figures, home and the chairman's page follow."""

import datetime

import pytest
from django.urls import reverse

from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.indicators import targets as goals
from tramyte.engine.refused import Refused
from tramyte.governance.targets.actions import end_target, set_target
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import in_force, rows_for

DAY = datetime.date
TODAY = DAY(2026, 6, 3)
TYPED = {"phrase": "Tỷ lệ tham gia BHYT đạt từ 97% trở lên", "indicator": "BH01", "comparator": ">=", "value": "97", "unit": "%", "year": "2026", "due_on": "30/11/2026"}
REVIEWER = ["officer", "director"]


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("role", REVIEWER)
def test_a_target_is_set_by_hand(cast, people, role):
    made = set_target(by=cast.users[role], **TYPED)
    assert (made.place, made.indicator, made.value, made.deadline) == (cast.commune, "BH01", 97, DAY(2026, 11, 30))
    assert (made.directive, made.given_on, made.source) == (None, TODAY, "giao trực tiếp ngày 03/06/2026")
    assert (made.confirmed_by, made.confirmed_on) == (cast.users[role], TODAY)
    assert goals.goal("BH01", "00001", 2026).source == "giao trực tiếp ngày 03/06/2026"


def test_one_that_nothing_measures_shows_no_figure(cast):
    made = set_target(by=cast.officer, phrase="Giảm số vụ ngộ độc thực phẩm", comparator="<=", value="2", unit="vụ")
    assert (made.indicator, made.year, made.deadline) == ("", 2026, DAY(2026, 12, 31))
    assert rows_for(cast.officer)[0].standing.state.slug == "unrecorded"


def test_one_of_a_directive_counts_from_its_day(cast, issued):
    made = set_target(by=cast.officer, **{**TYPED, "directive": str(issued.pk)})
    assert (made.source, made.set_on, made.given_on) == (str(issued), DAY(2026, 5, 29), None)
    printed = Target.objects.get(indicator="BH01", obligation__isnull=False)
    assert in_force([made, printed])[made.pk] == printed, "98 of the same day is stricter than 97"


@pytest.mark.parametrize(("changes", "field"), [
    ({"phrase": " "}, "phrase"), ({"value": ""}, "value"), ({"value": "chín mươi"}, "value"), ({"comparator": "≥"}, "comparator"), ({"year": "26"}, "year"),
    ({"due_on": "31/02/2026"}, "due_on"), ({"due_on": "30/11/2027"}, "due_on"), ({"due_on": "01/06/2026"}, "due_on"), ({"year": "2025", "due_on": ""}, "year"),
    ({"given_on": "01/07/2026"}, "given_on"), ({"indicator": "KHONG"}, "indicator"), ({"unit": "người"}, "indicator"), ({"unit": "x" * 31}, "unit"),
])
def test_what_makes_no_sense_is_refused_at_its_field(cast, changes, field):
    with pytest.raises(Refused) as refused:
        set_target(by=cast.officer, **{**TYPED, **changes})
    assert refused.value.field == field
    assert not Target.objects.exists()


@pytest.mark.parametrize("role", ["nurse", "village_worker", "chairman", "unit", "supervisor", "admin"])
def test_only_those_who_write_targets_set_correct_and_end_them(cast, make_target, role):
    target = make_target()
    for act in (lambda by: set_target(by=by, **TYPED), lambda by: set_target(by=by, id=target.pk, value="1", reason="x"), lambda by: end_target(by=by, id=target.pk, reason="x")):
        with pytest.raises(Refused) as refused:
            act(cast.users[role])
        assert refused.value.status in (403, 404)


def test_a_correction_keeps_the_old_level_the_reason_and_who(cast, target):
    set_target(by=cast.officer, id=target.pk, seen_version=1, value="95,5", due_on="30/11/2026", reason="Công văn 215 điều chỉnh")
    target.refresh_from_db()
    assert (target.value, target.due_on, target.version) == (95.5, DAY(2026, 11, 30), 2)
    entry = AuditEntry.objects.get(action="correct_target")
    assert (entry.username, entry.note, entry.before, entry.after) == (
        "officer", "Công văn 215 điều chỉnh", {"value": 98.0, "due_on": "2026-12-31"}, {"value": 95.5, "due_on": "2026-11-30"})
    assert rows_for(cast.officer)[0].standing.level.value == 95.5


@pytest.mark.parametrize(("changes", "code"), [
    ({"value": "95"}, "reason"), ({"value": "95", "reason": "  "}, "reason"), ({"reason": "không đổi gì"}, "same"), ({"unit": "người", "reason": "x"}, "other_unit"),
    ({"value": "", "reason": "x"}, "no_value"), ({"value": "95", "reason": "x", "seen_version": 7}, "conflict"),
])
def test_a_correction_that_cannot_stand_is_refused(cast, target, changes, code):
    with pytest.raises(Refused) as refused:
        set_target(by=cast.officer, id=target.pk, **changes)
    assert refused.value.code == code


def test_the_words_of_a_reviewed_target_stay_as_printed(cast, issued):
    target = Target.objects.get(indicator="BH01")
    with pytest.raises(Refused) as refused:
        set_target(by=cast.officer, id=target.pk, phrase="khác", reason="x")
    assert refused.value.code == "printed"
    assert set_target(by=cast.officer, id=target.pk, value="97", reason="Điều chỉnh").value == 97


def test_a_withdrawn_target_leaves_the_figures_and_stays_readable(cast, enter, target):
    ended = end_target(by=cast.officer, id=target.pk, reason="Cấp trên bỏ chỉ tiêu")
    assert (ended.state, ended.ended_on, ended.ended_reason) == (Target.REVOKED, TODAY, "Cấp trên bỏ chỉ tiêu")
    assert rows_for(cast.officer) == []
    assert goals.goal("BH01", "00001", 2026) is None
    shown = text(enter("officer").get(reverse("target", args=[target.pk])))
    assert "Cấp trên bỏ chỉ tiêu" in shown
    assert "Sửa mức giao" not in shown
    for act in (lambda: end_target(by=cast.officer, id=target.pk, reason="lại"), lambda: set_target(by=cast.officer, id=target.pk, value="1", reason="x")):
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.code, refused.value.status) == ("ended", 409)


def test_the_form_adds_a_target_and_keeps_what_was_typed(cast, enter, people):
    client = enter("officer")
    assert "Thêm chỉ tiêu" in text(client.get("/chi-tieu/"))
    assert client.get("/chi-tieu/moi/").status_code == 200
    refused = client.post("/chi-tieu/moi/", {**TYPED, "value": "nhiều"})
    assert refused.status_code == 422
    assert "không phải số" in text(refused)
    assert TYPED["phrase"] in text(refused)
    made = client.post("/chi-tieu/moi/", {**TYPED, "directive": "", "given_on": "01/06/2026", "note": ""}, follow=True)
    assert "giao trực tiếp ngày 01/06/2026" in text(made).lower()
    assert "66,7\u00a0%" in text(made)


def test_the_form_corrects_and_the_page_tells_the_history(cast, enter, target):
    client, address = enter("officer"), reverse("target-edit", args=[target.pk])
    form = client.get(address)
    assert 'value="98"' in text(form)
    same = {name: getattr(target, name) for name in ("phrase", "comparator", "unit", "year")}
    typed = {**same, "version": 1, "directive": "", "given_on": "", "value": "95,5", "due_on": "31/12/2026", "note": "", "reason": ""}
    assert "lý do" in text(client.post(address, typed))
    done = text(client.post(address, {**typed, "reason": "Công văn 215"}, follow=True))
    assert "mức giao ≥\u00a098\u00a0% thành ≥\u00a095,5\u00a0%" in done
    assert "Công văn 215" in done
    assert "≥\u00a095,5\u00a0%" in text(client.get("/chi-tieu/"))
    ended = text(client.post(reverse("target-end", args=[target.pk]), {"reason": "Bỏ", "version": 2}, follow=True))
    assert "Hết hiệu lực" in ended


def test_a_large_level_survives_the_form(cast, enter, make_target):
    target = make_target("", value=30216.0, unit="người")
    client, address = enter("officer"), reverse("target-edit", args=[target.pk])
    assert 'value="30.216"' in text(client.get(address))
    client.post(address, {"phrase": target.phrase, "directive": "", "comparator": ">=", "value": "30.216", "unit": "người", "year": "2026", "due_on": "30/11/2026", "reason": "x"})
    target.refresh_from_db()
    assert (target.value, target.due_on) == (30216, DAY(2026, 11, 30))


def test_a_foreign_directive_is_no_source(cast, enter):
    answer = enter("officer").post("/chi-tieu/moi/", {**TYPED, "directive": "01890000-0000-7000-8000-000000000000"})
    assert answer.status_code == 404


def test_home_and_the_chairmans_page_follow_at_once(cast, enter, people, make_target):
    target = make_target(due_on=DAY(2026, 5, 31), given_on=DAY(2026, 1, 5))
    client = enter("chairman")
    assert "≥\u00a098\u00a0%" in text(client.get("/"))
    set_target(by=cast.officer, id=target.pk, value="99", reason="Điều chỉnh")
    assert "≥\u00a099\u00a0%" in text(client.get("/"))
    assert "≥\u00a099\u00a0%" in text(client.get("/dieu-hanh/"))
    end_target(by=cast.officer, id=target.pk, reason="Bỏ")
    assert "≥\u00a099\u00a0%" not in text(client.get("/"))
