"""Adverse events: what is asked again, what follows from a severe one, and that a dose shows what its events say."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.care.adverse_events import actions, lists, signs
from tramyte.care.adverse_events.models import AdverseEvent, FollowUp, SuspectDose
from tramyte.care.adverse_events.queries import given_of, open_events, present, waiting
from tramyte.care.immunization.actions import cancel_immunization, record_immunization
from tramyte.care.immunization.models import Immunization
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused

ONSET = datetime.date(2026, 6, 1)
HOUR = datetime.timedelta(hours=1)


def record(cast, dose, **fields):
    return actions.record_event(by=cast.nurse, **{"person": dose.person, "doses": [dose.pk], "onset_on": ONSET, "onset_at": "20:00", "signs": "fever", **fields})


def refusal(cast, dose, **fields):
    with pytest.raises(Refused) as refused:
        record(cast, dose, **fields)
    return refused.value


def test_an_ordinary_reaction_is_shown_by_its_dose_and_asked_about_the_next_day(cast, dose, enter):
    given = dose()
    event = record(cast, given, signs="fever local", signs_text="bú ít hơn")
    assert (event.severe, event.outcome, event.follow_up_on) == (False, "ongoing", datetime.date(2026, 6, 4))
    given.refresh_from_db()
    assert given.reaction == "sốt dưới 39 °C; sưng, đỏ, đau chỗ tiêm; bú ít hơn" and event.session == "01/06/2026: DPT-VGB-Hib (5 trong 1) lô 5T2601: 1 người"
    assert "người có phản ứng sau tiêm đến hạn" not in enter("nurse").get("/").content.decode()
    actions.record_event(by=cast.nurse, id=event.pk, follow_up_on=datetime.date(2026, 6, 3))
    event.refresh_from_db()
    assert "1 người có phản ứng sau tiêm đến hạn hỏi lại" in enter("nurse").get("/").content.decode() and "đến hạn hỏi lại" not in enter("village_worker").get("/").content.decode()
    assert list(open_events()) == [event] and not waiting().exists() and SuspectDose.objects.count() == 1
    assert chain.verify().reason == ""


@pytest.mark.parametrize(("fields", "field", "words"), [
    ({"onset_on": datetime.date(2026, 5, 31)}, "onset_on", "trước khi tiêm 01/06/2026"),
    ({"onset_at": "07:00"}, "onset_at", "trước giờ tiêm 08:30"),
    ({"onset_on": datetime.date(2026, 6, 4)}, "onset_on", "chưa đến"),
    ({"signs": "", "signs_text": ""}, "signs", "Chưa ghi dấu hiệu nào"),
    ({"signs": "seizure"}, "severe_for", "Co giật thường là tai biến nặng"),
    ({"outcome": "died"}, "severe_for", "nặng vì tử vong"),
    ({"severe_for": "rất nặng"}, "severe_for", "không nằm trong các lý do nặng"),
    ({"outcome": "recovered", "outcome_on": datetime.date(2026, 5, 1)}, "outcome_on", "trước ngày xuất hiện"),
    ({"doses": []}, "doses", "Chưa chọn mũi tiêm nào"),
    ({"doses": None, "given_on": datetime.date(2026, 5, 30)}, "given_on", "không có mũi nào"),
    ({"doses": None, "given_on": ONSET, "vaccines": "BCG"}, "vaccines", "Ngày đó có: DPT-VGB-Hib"),
    ({"doses": None, "given_on": ONSET, "vaccines": "Vắc xin lạ"}, "vaccines", "Không có vắc xin"),
])
def test_what_is_odd_is_asked_again(cast, dose, fields, field, words):
    refused = refusal(cast, dose(), **fields)
    assert words in refused.message and refused.field == field and not AdverseEvent.objects.exists()


def test_a_dose_of_somebody_else_and_one_long_ago_are_asked_again(cast, dose, child):
    mine, other = dose(), dose(child("Nguyễn Hà My"), at="09:00")
    assert "của người khác" in refusal(cast, mine, doses=[other.pk]).message
    old = dose(child("Nguyễn An Nhiên", birth_date=datetime.date(2026, 1, 2)), on="2026-04-20")
    assert "42 ngày sau mũi gần nhất" in refusal(cast, old).message
    assert record(cast, old, word="bác sĩ bệnh viện kết luận").word


def test_a_second_reaction_of_the_day_is_the_first(cast, dose):
    given = dose()
    record(cast, given)
    assert "đã có phản ứng bắt đầu ngày đó" in refusal(cast, given, signs="rash").message


def test_a_severe_one_waits_for_its_report_by_the_clock(cast, dose, enter):
    event = record(cast, dose(), signs="high_fever seizure", severe_for=["hospital"], discovered_at=present() - 3 * HOUR)
    assert event.severe and list(waiting()) == [event] and event.follow_up_on == datetime.date(2026, 6, 3)
    assert lists.hours_words(event, event.discovered_at + 4 * HOUR) == "Còn 20 giờ 0 phút để báo cáo"
    assert lists.hours_words(event, event.discovered_at + 26 * HOUR) == "Quá hạn báo cáo 2 giờ 0 phút"
    for name, shown in (("director", True), ("clinician", True), ("nurse", False), ("chairman", False)):
        assert ("Tai biến nặng sau tiêm 01/06/2026" in enter(name).get("/").content.decode()) == shown, name
    with pytest.raises(Refused, match="không có quyền"):
        actions.report_event(by=cast.nurse, id=event.pk, to="Sở Y tế", at=present())
    for fields, words in (({"to": " "}, "cho ai"), ({"at": present() + 2 * HOUR}, "chưa đến"), ({"at": present() - 9 * HOUR}, "trước lúc trạm biết")):
        with pytest.raises(Refused, match=words):
            actions.report_event(by=cast.director, id=event.pk, **{"to": "Sở Y tế, CDC tỉnh", "at": present(), **fields})
    done = actions.report_event(by=cast.director, id=event.pk, to="Sở Y tế, CDC tỉnh", at=present(), how="điện thoại")
    assert done.reported_by == cast.director.full_name and not waiting().exists()
    assert "Tai biến nặng" not in enter("director").get("/").content.decode()


def test_an_ordinary_one_is_not_reported(cast, dose):
    event = record(cast, dose())
    with pytest.raises(Refused, match="không báo cáo riêng"):
        actions.report_event(by=cast.director, id=event.pk, to="Sở Y tế", at=present())


def test_a_lot_is_stopped_and_whoever_had_it_is_listed(cast, dose, child, lot):
    event = record(cast, dose(), signs="anaphylaxis", severe_for="life")
    friend = dose(child("Nguyễn Hà My"), on="2026-05-20", at="09:00")
    dose(child("Nguyễn Cũ Kỹ", birth_date=datetime.date(2026, 1, 2)), on="2026-04-01")
    stopped = actions.stop_lot_of(by=cast.nurse, id=event.pk, lot=lot.pk)
    assert stopped.stopped_on == datetime.date(2026, 6, 3) and "tai biến nặng" in stopped.stop_reason
    assert [one.person for one in given_of(stopped)] == [event.person, friend.person]
    with pytest.raises(Refused, match="đã dừng từ 03/06/2026"):
        actions.stop_lot_of(by=cast.nurse, id=event.pk, lot=lot.pk)
    with pytest.raises(Refused, match="Không tìm thấy"):
        actions.stop_lot_of(by=cast.nurse, id=event.pk, lot=event.pk)


def test_a_follow_up_closes_and_a_mistake_leaves_the_dose(cast, dose):
    given = dose()
    event = record(cast, given)
    still = actions.follow_event(by=cast.nurse, id=event.pk, on=datetime.date(2026, 6, 2), note="còn sốt", outcome="ongoing")
    assert still.follow_up_on == datetime.date(2026, 6, 3)
    closed = actions.follow_event(by=cast.nurse, id=event.pk, on=datetime.date(2026, 6, 3), note="hết sốt", outcome="recovered")
    assert (closed.outcome, closed.outcome_on, closed.follow_up_on) == ("recovered", datetime.date(2026, 6, 3), None) and FollowUp.objects.count() == 2
    assert not open_events().exists()
    actions.cancel_event(by=cast.nurse, id=event.pk, reason="nhầm cháu")
    given.refresh_from_db()
    assert given.reaction == "" and SuspectDose.objects.filter(entered_in_error=True).count() == 1


def test_a_reaction_noted_with_a_dose_is_an_event_and_the_event_is_what_counts(cast, dose):
    given = dose()
    record_immunization(by=cast.nurse, id=given.pk, reaction="quấy khóc; không bú")
    event = AdverseEvent.objects.get()
    assert event.from_dose and (event.signs, event.signs_text) == (" fussy ", "không bú") and chain.verify().reason == ""
    record_immunization(by=cast.nurse, id=given.pk, reaction="sốt dưới 39 °C")
    event.refresh_from_db()
    assert event.signs == " fever " and AdverseEvent.objects.count() == 1
    actions.record_event(by=cast.nurse, id=event.pk, signs="fever rash")
    record_immunization(by=cast.nurse, id=given.pk, reaction="gõ lại ở mũi tiêm")
    given.refresh_from_db()
    assert given.reaction == "sốt dưới 39 °C; phát ban, mày đay"


@pytest.mark.parametrize(("words", "severe"), [
    ("phản ứng nặng, đã xử trí", True), ("phan ve do 2", True), ("sốc, tím tái", True), ("co giật", True), ("sốt 38,5, không co giật", False), ("ko kho tho, quay khoc", False),
    ("sốt nhẹ", False), ("sưng đau chỗ tiêm", False), ("đã chuyển cấp cứu", True)])
def test_words_that_call_a_reaction_severe_begin_the_hours_of_reporting(cast, dose, words, severe):
    given = dose()
    record_immunization(by=cast.nurse, id=given.pk, reaction="quấy khóc")
    event = AdverseEvent.objects.get()
    assert not event.severe and event.follow_up_on == datetime.date(2026, 6, 4)
    record_immunization(by=cast.nurse, id=given.pk, reaction=words)
    event.refresh_from_db()
    given.refresh_from_db()
    assert (event.severe, event.waits_for_report, waiting().exists(), given.reaction.endswith("(nặng)")) == (severe,) * 4
    record_immunization(by=cast.nurse, id=given.pk, reaction=given.reaction.replace(words, "đỡ hơn"))
    event.refresh_from_db()
    given.refresh_from_db()
    assert event.severe == severe and given.reaction == ("đỡ hơn (nặng)" if severe else "đỡ hơn"), "words take no severity away"


def test_words_of_an_old_book_stay_words(cast, dose):
    dose(source="import", reaction="sốt nhẹ", lot_number="")
    assert not AdverseEvent.objects.exists()


def test_a_cancelled_dose_cannot_be_chosen(cast, dose):
    given = dose()
    cancel_immunization(by=cast.nurse, id=given.pk, reason="nhầm trẻ")
    assert "ghi nhầm" in refusal(cast, Immunization.objects.get(pk=given.pk)).message


@given(st.sets(st.sampled_from(sorted(signs.SIGNS))), st.text(alphabet="abcdêốt 123", max_size=20))
def test_words_are_read_back(codes, text):
    stored, rest = signs.joined(codes, signs.SIGNS), " ".join(text.split())
    assert signs.read(signs.words_of(stored, rest, signs.SIGNS), signs.SIGNS) == (stored, rest)
