"""Saving the record part by part: what is written, what is refused, and what stays."""

import datetime
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.health_record.actions import (
    Line,
    cancel_condition,
    record_condition,
    record_part,
)
from tramyte.care.health_record.form import BY_SLUG, PARTS
from tramyte.care.health_record.importing import record_conditions, undo_conditions
from tramyte.care.health_record.models import (
    AllergyIntolerance,
    Condition,
    FamilyMemberHistory,
    Observation,
    PartReview,
    Procedure,
)
from tramyte.care.health_record.queries import part_of, record_of
from tramyte.care.people import actions
from tramyte.care.people.models import RecordEntry
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

D = datetime.date
TODAY = D(2026, 6, 3)
PENICILLIN = Line(code="medication", detail="Penicillin, nổi mề đay", since="2015")


def held(person, slug):
    return part_of(person, BY_SLUG[slug])


def test_a_line_is_a_coded_dated_fact(person, save):
    save("allergy", lines=[PENICILLIN])
    save("illness", lines=[Line(code="hypertension", since="03/2019"), Line(code="tuberculosis", since="12/05/1998", status="resolved")], on=D(2026, 5, 20))
    save("operation", lines=[Line(detail="Mổ ruột thừa", since="1998")])
    save("family", lines=[Line(code="diabetes", relative="mẹ")])
    allergy, (high, lung) = AllergyIntolerance.objects.get(), Condition.objects.order_by("code")
    assert (allergy.code, allergy.onset, allergy.onset_precision, allergy.on) == ("medication", D(2015, 1, 1), "year", TODAY)
    assert (high.onset, high.onset_precision, high.status, high.category, high.on) == (D(2019, 3, 1), "month", "active", "illness", D(2026, 5, 20))
    assert (lung.onset, lung.onset_precision, lung.status) == (D(1998, 5, 12), "day", "resolved")
    assert Procedure.objects.get().onset_precision == "year" and FamilyMemberHistory.objects.get().relative == "mẹ"
    assert chain.verify().broken_at is None


def test_not_asked_none_and_not_known_are_three_things(person, save):
    assert (held(person, "allergy").finding, held(person, "allergy").absence) == ("", "")
    save("allergy", finding="none", on=D(2026, 5, 1))
    save("family", finding="unknown")
    assert (held(person, "allergy").finding, held(person, "allergy").absence, held(person, "allergy").last.on) == ("none", "Không có dị ứng", D(2026, 5, 1))
    assert (held(person, "family").finding, held(person, "family").absence) == ("unknown", "Đã hỏi, không rõ")
    save("allergy", lines=[PENICILLIN])
    assert held(person, "allergy").finding == "present" and held(person, "allergy").number == 2, "what is written weighs more than what was denied before"
    assert PartReview.objects.get(part="allergy", number=1).finding == "none", "the earlier answer stays a fact of its day"


def test_a_line_taken_back_stays_with_its_reason(person, save):
    save("allergy", lines=[PENICILLIN])
    row = AllergyIntolerance.objects.get()
    save("allergy", lines=[Line(id=row.pk, wrong="nhầm người")])
    row.refresh_from_db()
    assert (row.entered_in_error, row.error_reason) == (True, "nhầm người") and not held(person, "allergy").rows
    assert held(person, "allergy").finding == "", "nothing is known again"
    assert AuditEntry.objects.filter(action="retract", object_id=str(row.pk), note="nhầm người").count() == 1


def test_only_what_changed_is_written(person, save):
    save("illness", lines=[Line(code="hypertension", since="2019"), Line(code="asthma")])
    high, asthma = Condition.objects.filter(code="hypertension").get(), Condition.objects.filter(code="asthma").get()
    save("illness", lines=[Line(id=high.pk, code="hypertension", since="2019", status="active"), Line(id=asthma.pk, code="asthma", detail="nhẹ")])
    high.refresh_from_db(), asthma.refresh_from_db()
    assert (high.version, asthma.version, asthma.detail) == (1, 2, "nhẹ") and held(person, "illness").number == 2


def test_a_changed_habit_was_true_in_its_time_a_changed_birth_weight_was_wrong(person, save):
    save("risk", answers={"smoking": "often", "glasses": "1,5"}, on=D(2024, 5, 1))
    save("risk", answers={"smoking": "stopped", "glasses": "1,5"}, on=D(2026, 5, 1))
    smoking = Observation.objects.filter(code="smoking").order_by("on")
    assert [(row.on, row.value, row.entered_in_error) for row in smoking] == [(D(2024, 5, 1), "often", False), (D(2026, 5, 1), "stopped", False)]
    assert Observation.objects.filter(code="glasses").count() == 1 and held(person, "risk").answers["smoking"].words == "đã bỏ"
    save("birth", answers={"birth_weight": "2300"}, on=D(2024, 5, 1))
    save("birth", answers={"birth_weight": "3200"})
    assert [(row.value, row.entered_in_error) for row in Observation.objects.filter(code="birth_weight").order_by("on")] == [("2300", True), ("3200", False)]
    save("birth", answers={"delivery": "vaginal"})
    assert set(held(person, "birth").answers) == {"delivery"}, "an answer that was left empty counts no more"


@pytest.mark.parametrize(("part", "fields", "code", "words"), [
    ("allergy", {"finding": "present"}, "empty", "đã hỏi: không có"),
    ("allergy", {"lines": [Line(code="other")]}, "invalid", "ghi rõ là gì"),
    ("allergy", {"lines": [Line(detail="tôm")]}, "invalid", "Chưa chọn"),
    ("allergy", {"lines": [Line(code="dust", detail="bụi")]}, "invalid", "chọn trong danh sách"),
    ("allergy", {"lines": [PENICILLIN, Line(code="medication", detail="PENICILLIN, nổi mề day")]}, "twice", "đã có trong phần này"),
    ("illness", {"lines": [Line(code="asthma", since="2027")]}, "future", "sau ngày hỏi"),
    ("illness", {"lines": [Line(code="asthma", since="1955")]}, "before_birth", "05/03/1956"),
    ("illness", {"lines": [Line(code="asthma", since="năm ngoái")]}, "invalid", "năm ngoái"),
    ("operation", {"lines": [Line(since="1998")]}, "invalid", "bộ phận"),
    ("family", {"lines": [Line(code="asthma")]}, "invalid", "Người mắc"),
    ("birth", {"answers": {"birth_weight": "32"}}, "invalid", "300 đến 7000 g"),
    ("birth", {"answers": {"birth_weight": "3,2"}}, "invalid", "số nguyên"),
    ("birth", {"answers": {"birth_weight": "nặng"}}, "invalid", "không phải là số"),
    ("risk", {"answers": {"smoking": "sometimes"}}, "invalid", "không có trong mẫu"),
    ("risk", {"answers": {"exposure": "b" * 201}}, "invalid", "200 ký tự"),
    ("reproductive", {"answers": {"last_pregnancy": "2030"}}, "future", "sau ngày hỏi"),
    ("allergy", {"finding": "none", "on": D(2026, 6, 4)}, "future", "tương lai"),
    ("allergy", {"finding": "none", "on": D(1956, 3, 4)}, "invalid", "trước ngày sinh"),
    ("teeth", {"finding": "none"}, "not_found", "không có phần này"),
])
def test_what_cannot_be_is_refused_and_nothing_is_written(person, save, part, fields, code, words):
    with pytest.raises(Refused, match=words) as refused:
        save(part, **fields)
    assert refused.value.code == code
    models = (PartReview, Observation, AllergyIntolerance, Condition, Procedure, FamilyMemberHistory, RecordEntry)
    assert not any(model.objects.exists() for model in models)


def test_an_absence_is_refused_while_something_is_written(save, person):
    save("allergy", lines=[PENICILLIN])
    with pytest.raises(Refused, match="đang có 1 dòng") as refused:
        save("allergy", finding="none")
    assert refused.value.field == "finding"
    save("allergy", finding="none", lines=[Line(id=AllergyIntolerance.objects.get().pk, wrong="nhầm người")])
    assert held(person, "allergy").finding == "none"


def test_the_second_of_two_writers_is_told(cast, save, person):
    save("allergy", finding="none", seen_version=0)
    with pytest.raises(Refused) as refused:
        save("allergy", lines=[PENICILLIN], seen_version=0, by=cast.clinician)
    assert (refused.value.code, refused.value.status) == ("conflict", 409) and "Lê Thị Lan" in refused.value.message
    save("allergy", lines=[PENICILLIN], seen_version=1, by=cast.clinician)
    assert held(person, "allergy").number == 2


def test_strangers_and_men(cast, save, person):
    with pytest.raises(Refused) as refused:
        save("allergy", finding="none", by=cast.stranger)
    assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        save("allergy", finding="none", by=cast.officer)
    assert refused.value.status in {403, 404}
    man = actions.register_person(by=cast.nurse, full_name="Trần Văn Ba", birth_date=D(1950, 1, 1), sex="M", hamlet=cast.hamlets[0], confirmed=True)
    with pytest.raises(Refused, match="chỉ ghi cho nữ"):
        save("reproductive", person=man, finding="none")
    assert "reproductive" not in record_of(man, TODAY) and set(record_of(person, TODAY)) == {part.slug for part in PARTS}


def test_small_girls_are_not_asked_about_children_of_their_own(cast, save):
    girl, almost = (actions.register_person(
        by=cast.nurse, full_name="Trần Thị Bé", birth_date=born, sex="F", hamlet=cast.hamlets[0], confirmed=True) for born in (D(2016, 6, 3), D(2016, 6, 4)))
    assert "reproductive" in record_of(girl, TODAY) and "reproductive" not in record_of(almost, TODAY), "from the tenth birthday on"
    with pytest.raises(Refused, match="từ 10 tuổi"):
        save("reproductive", person=almost, finding="none")
    save("reproductive", person=girl, answers={"gynaecology": "viêm"})
    actions.change_person(by=cast.nurse, id=girl.pk, birth_date=D(2020, 6, 3))
    girl.refresh_from_db()
    assert "reproductive" in record_of(girl, TODAY), "what is written stays in sight when the birth date is corrected"
    save("reproductive", person=girl, finding="none", answers={"gynaecology": ""})
    assert held(girl, "reproductive").finding == "none"


def test_of_the_dead_nothing_after_the_death(cast, save, person):
    actions.record_death(by=cast.nurse, person=person, on=D(2026, 5, 1))
    with pytest.raises(Refused, match="đã mất ngày 01/05/2026"):
        save("allergy", finding="none")
    assert save("allergy", finding="none", on=D(2026, 4, 30))


def test_the_book_writes_the_same_part(cast, person, save):
    made = record_condition(by=cast.nurse, person=person, code="diabetes", since="2020", detail="típ 2")
    assert (made.onset, made.category, held(person, "illness").number) == (D(2020, 1, 1), "illness", 1)
    changed = record_condition(by=cast.nurse, id=made.pk, seen_version=1, status="resolved")
    assert (changed.version, changed.status, changed.detail, changed.onset_precision) == (2, "resolved", "típ 2", "year")
    with pytest.raises(Refused) as refused:
        record_condition(by=cast.nurse, id=made.pk, seen_version=1, detail="típ 1")
    assert refused.value.status == 409
    other = actions.register_person(by=cast.nurse, full_name="Trần Văn Ba", birth_date=D(1950, 1, 1), sex="M", hamlet=cast.hamlets[0], confirmed=True)
    with pytest.raises(Refused, match="của người khác"):
        record_condition(by=cast.nurse, id=made.pk, person=other)
    with pytest.raises(Refused) as refused:
        record_part(by=cast.nurse, person=other, part="illness", lines=[Line(id=made.pk, code="asthma")])
    assert refused.value.status == 404
    gone = cancel_condition(by=cast.nurse, id=made.pk, reason="nhầm người")
    assert gone.entered_in_error and held(person, "illness").number == 3
    with pytest.raises(Refused, match="lý do"):
        cancel_condition(by=cast.nurse, id=made.pk, reason=" ")


def test_an_import_is_undone_with_what_came_with_it(cast, person, save):
    mark = uuid.uuid4()
    other = actions.register_person(by=cast.nurse, full_name="Trần Văn Ba", birth_date=D(1950, 1, 1), sex="M", hamlet=cast.hamlets[0], confirmed=True)
    save("illness", lines=[Line(code="asthma")], on=D(2026, 5, 1))
    lines = [{"person": person, "code": "diabetes", "since": "2020"}, {"person": person, "code": "hypertension"}, {"person": other, "code": "diabetes"}]
    made = record_conditions([(None, line) for line in lines], by=cast.nurse, import_id=mark)
    assert {row.import_id for row in Condition.objects.filter(pk__in=[row.pk for row in made])} == {mark}
    assert held(person, "illness").number == 3 and other.record_entries.filter(kind="opened", entered_in_error=False).exists()
    first, *rest = [row.pk for row in made]
    assert undo_conditions([first], by=cast.nurse, import_id=mark, reason="hoàn tác") == {first}
    assert held(person, "illness").number == 3, "what came with the lines of a person goes with the last of them"
    assert undo_conditions(rest, by=cast.nurse, import_id=mark, reason="hoàn tác") == set(rest)
    assert [row.code for row in held(person, "illness").rows] == ["asthma"] and held(person, "illness").number == 1
    assert held(other, "illness").finding == "" and not other.record_entries.filter(entered_in_error=False).exists()
    assert list(person.record_entries.filter(entered_in_error=False).values_list("on", flat=True)) == [D(2026, 5, 1)]
    assert save("illness", lines=[Line(code="diabetes")]).number == 4, "no version comes twice"


def test_a_line_changed_since_the_import_stays(cast, person):
    mark = uuid.uuid4()
    (made,) = record_conditions([(None, {"person": person, "code": "diabetes"})], by=cast.nurse, import_id=mark)
    record_condition(by=cast.nurse, id=made.pk, detail="típ 2")
    assert undo_conditions([made.pk], by=cast.nurse, import_id=mark, reason="hoàn tác") == set()
    assert held(person, "illness").rows and person.record_entries.filter(entered_in_error=False).exists()
    with pytest.raises(Refused):
        undo_conditions([made.pk], by=cast.village_worker, import_id=mark, reason="hoàn tác")


def test_a_chunk_of_an_import_says_what_single_savings_would_say(cast, person, django_assert_max_num_queries):
    """Many lines cost as few queries as one; a line that says what the record says already is refused, and nothing is written."""
    people = [actions.register_person(
        by=cast.nurse, full_name=f"Trần Văn {chr(65 + n)}", birth_date=D(1950, 1, 1 + n), sex="M", hamlet=cast.hamlets[0], confirmed=True) for n in range(20)]
    with django_assert_max_num_queries(54):
        made = record_conditions([(None, {"person": one, "code": "diabetes", "since": "03/2020", "status": "resolved"}) for one in people], by=cast.nurse, import_id=uuid.uuid4())
    single = record_condition(by=cast.nurse, person=person, code="diabetes", since="03/2020", status="resolved")
    own = {"id", "person_id", "import_id"}
    assert [{name: value for name, value in row.plain().items() if name not in own} for row in made] == [
        {name: value for name, value in single.plain().items() if name not in own}] * 20
    assert {(held(one, "illness").number, held(one, "illness").finding) for one in (*people, person)} == {(1, "present")}
    assert {one.record_entries.get(entered_in_error=False).kind for one in (*people, person)} == {"opened"}
    assert chain.verify().broken_at is None


@pytest.mark.parametrize(("lines", "word"), [
    ([{"code": "diabetes"}, {"code": "diabetes"}], "đã có"),
    ([{"code": "asthma"}, {"code": "hypertension"}], "đã có"),
    ([{"code": "other"}], "ghi rõ"),
    ([{"code": "asthma"}, {"code": "diabetes", "since": "1901"}], "trước ngày sinh"),
    ([{"code": "asthma"}, {"code": "cold"}], "không còn, trong danh sách"),
])
def test_a_chunk_that_is_refused_writes_nothing(cast, person, save, lines, word):
    save("illness", lines=[Line(code="hypertension")])
    with pytest.raises(Refused, match=word):
        record_conditions([(None, {"person": person, **line}) for line in lines], by=cast.nurse)
    assert [row.code for row in held(person, "illness").rows] == ["hypertension"] and held(person, "illness").number == 1


def test_merging_and_parting_keep_the_records(cast, save, person):
    double = actions.register_person(by=cast.nurse, full_name="Nguyen Thi Man", birth_date=D(1956, 3, 5), sex="F", hamlet=cast.hamlets[0], confirmed=True)
    save("allergy", finding="none")
    save("illness", lines=[Line(code="hypertension")])
    save("allergy", person=double, lines=[PENICILLIN])
    save("illness", person=double, lines=[Line(code="hypertension"), Line(code="asthma")])
    merge = actions.merge_persons(by=cast.nurse, survivor=person, lesser=double)
    both = record_of(person, TODAY)
    assert both["allergy"].finding == "present", "a denial never hides an allergy"
    assert {row.code for row in both["illness"].rows} == {"hypertension", "asthma"}
    save("illness", lines=[Line(code="epilepsy")])
    actions.unmerge_persons(by=cast.nurse, id=merge.pk)
    assert held(person, "allergy").finding == "none" and {row.code for row in held(person, "illness").rows} == {"hypertension", "epilepsy"}
    assert {row.code for row in held(double, "illness").rows} == {"hypertension", "asthma"} and held(double, "allergy").number == 1


STEPS = st.lists(st.tuples(
    st.sampled_from(["add", "take_back", "none", "unknown"]), st.sampled_from(["hypertension", "asthma", "epilepsy"])), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_any_saves_the_part_is_what_was_said(cast, steps):
    person = actions.register_person(by=cast.nurse, full_name="Nguyễn Thị Mơ", birth_date=D(1956, 3, 5), sex="F", hamlet=cast.hamlets[0], confirmed=True)
    kept, stated, count = set(), "", 0
    for step, code in steps:
        rows = {row.code: row.pk for row in held(person, "illness").rows}
        sent = {"add": {"lines": [Line(code=code)]}, "take_back": {"lines": [Line(id=rows.get(code), code=code, wrong="nhầm")]}}.get(step, {"finding": step})
        allowed = {"add": code not in kept, "take_back": code in kept}.get(step, not kept)
        if allowed:
            record_part(by=cast.nurse, person=person, part="illness", **sent)
            kept, stated = {"add": (kept | {code}, "present"), "take_back": (kept - {code}, "present")}.get(step, (kept, step))
            count += 1
        else:
            with pytest.raises(Refused):
                record_part(by=cast.nurse, person=person, part="illness", **sent)
    now = held(person, "illness")
    assert {row.code for row in now.rows} == kept and now.number == count
    assert now.finding == ("present" if kept else "" if stated == "present" else stated)
