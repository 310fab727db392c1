"""Recording, confirming, changing and cancelling measurements; campaigns."""

import datetime
from decimal import Decimal

import pytest

from tramyte.care.growth.actions import (
    cancel_measurement,
    plan_campaign,
    record_measurement,
    record_measurements,
)
from tramyte.care.growth.models import CampaignDay, GrowthMeasurement
from tramyte.care.growth.words import state_of
from tramyte.care.people.models import Merge, Person
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

BORN = datetime.date(2025, 3, 12)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def child(cast):
    return Person.objects.create(full_name="Nguyễn Minh Khôi", birth_date=BORN, sex="M", hamlet=cast.hamlets[0])


def measure(cast, child, on="2026-05-15", **fields):
    return record_measurement(**{"by": cast.nurse, "person": child, "on": day(on), **fields})


def test_scores_bands_and_age_are_kept_with_the_measurement(cast, child):
    row = measure(cast, child, weight_kg=Decimal("9.8"), height_cm=Decimal("77.5"), muac_cm=Decimal("14.2"))
    row.refresh_from_db()
    assert (row.age_days, row.position, row.setting) == (429, "L", "station")
    assert (row.z_weight, row.z_length, row.z_wasting) == (Decimal("-0.29"), Decimal("-0.26"), Decimal("-0.23"))
    assert (row.weight_band, row.length_band, row.wasting_band, row.acute, row.doubtful, row.words) == (0, 0, 0, "", "", "bình thường")
    assert row.due_on == day("2026-11-15") and row.rules_version == "who2006-1"
    assert AuditEntry.objects.get(object_id=str(row.pk)).username == "nurse"


@pytest.mark.parametrize(("fields", "code", "field", "words"), [
    ({"on": day("2026-06-04")}, "future", "on", "chưa đến"),
    ({"on": day("2025-03-11")}, "before_birth", "on", "trước ngày sinh 12/03/2025"),
    ({"on": None}, "missing", "on", "Thiếu"),
    ({"person": None}, "missing", "person", "Thiếu"),
    ({"weight_kg": None}, "nothing", "weight_kg", "ít nhất cân nặng"),
    ({"weight_kg": Decimal("98")}, "implausible", "weight_kg", "Có phải 9,8 kg (quên dấu phẩy)"),
    ({"weight_kg": Decimal("9800")}, "implausible", "weight_kg", "ghi theo gam"),
    ({"weight_kg": Decimal("40")}, "implausible", "weight_kg", "quá cao so với tuổi"),
    ({"height_cm": Decimal("775")}, "implausible", "height_cm", "77,5 cm"),
    ({"height_cm": Decimal("0.78")}, "implausible", "height_cm", "ghi theo mét"), ({"height_cm": Decimal("7.8")}, "implausible", "height_cm", "Có phải 78 cm (thừa dấu phẩy)"),
    ({"height_cm": Decimal("77"), "position": "H"}, "implausible", "position", "dưới 24 tháng thì đo nằm"),
    ({"weight_kg": Decimal("77"), "height_cm": Decimal("9.8")}, "implausible", "weight_kg", "đổi chỗ"),
    ({"muac_cm": Decimal("142")}, "implausible", "muac_cm", "14,2 cm"),
    ({"follow_up_on": day("2026-05-01")}, "follow_up", "follow_up_on", "trước ngày cân đo"),
    ({"weight_kg": Decimal("9800"), "confirmation": "đã cân lại"}, "invalid", "weight_kg", "từ 0,3 đến 60"),
])
def test_what_cannot_be_or_is_odd_is_said_as_a_nurse_in_charge_would(cast, child, fields, code, field, words):
    with pytest.raises(Refused) as refused:
        record_measurement(**{"by": cast.nurse, "person": child, "on": day("2026-05-15"), "weight_kg": Decimal("9.8"), **fields})
    assert (refused.value.code, refused.value.field) == (code, field) and words in refused.value.message
    assert not GrowthMeasurement.objects.exists()


def test_95_kg_at_three_months_is_asked_again_and_never_dropped(cast, child):
    with pytest.raises(Refused, match="95 kg lúc 3 tháng tuổi không thể đúng"):
        measure(cast, child, "2025-06-20", weight_kg=Decimal("95"))


def test_every_doubt_is_told_before_one_reason_settles_them_all(cast, child):
    with pytest.raises(Refused) as caught:
        measure(cast, child, weight_kg=Decimal("95"), muac_cm=Decimal("145"))
    assert "Cân nặng 95 kg" in caught.value.message and "Vòng cánh tay 145 cm" in caught.value.message


def test_a_confirmed_measurement_without_a_class_is_not_called_normal(cast, child):
    row = measure(cast, child, weight_kg=Decimal("30"), height_cm=Decimal("76"), confirmation="đã cân lại")
    assert state_of(row)["kind"] == "unk" and state_of(row)["text"] == "Số đo lạ không xếp loại, số khác bình thường"


def test_a_confirmed_measurement_is_kept_but_no_figure_knows_its_score(cast, child):
    odd = {"weight_kg": Decimal("24"), "height_cm": Decimal("77")}
    with pytest.raises(Refused, match="Xác nhận số đo lạ"):
        measure(cast, child, **odd)
    row = measure(cast, child, **odd, confirmation="cân lại hai lần, bác sĩ Hùng")
    assert (row.doubtful, row.weight_band, row.z_weight, row.length_band) == ("zbmi zwei zwfl", None, None, 0)
    standing = measure(cast, child, "2026-05-20", height_cm=Decimal("76"), position="H", confirmation="trẻ không chịu nằm")
    lying = measure(cast, child, "2026-05-20", id=standing.pk, height_cm=Decimal("76.7"), position="L", confirmation="x")
    assert standing.z_length == lying.z_length  # 0,7 cm


@pytest.mark.parametrize(("then", "now", "field", "words"), [
    ({"height_cm": 80}, {"height_cm": Decimal("78.9")}, "height_cm", "Trẻ không thấp đi"),
    ({"weight_kg": Decimal("9.8")}, {"weight_kg": Decimal("14.9")}, "weight_kg", "tăng vọt"),
    ({"weight_kg": Decimal("11.5")}, {"weight_kg": Decimal("7.9")}, "weight_kg", "tụt hẳn"),
])
def test_what_contradicts_the_last_time_is_asked_again(cast, child, then, now, field, words):
    measure(cast, child, "2026-04-01", **then)
    with pytest.raises(Refused) as refused:
        measure(cast, child, **now)
    assert refused.value.code == "implausible" and refused.value.field == field and words in refused.value.message and "01/04/2026" in refused.value.message
    assert measure(cast, child, **now, confirmation="đo lại ba lần").pk


def test_half_a_centimetre_less_may_be_the_board(cast, child):
    measure(cast, child, "2026-04-01", height_cm=Decimal("78.5"))
    assert measure(cast, child, height_cm=Decimal("78")).pk


@pytest.mark.parametrize(("fields", "words"), [
    ({"oedema": True}, ("severe", -3, -3)), ({"muac_cm": Decimal("11.4")}, ("severe", 0, 0)), ({"muac_cm": Decimal("12.4")}, ("moderate", 0, 0)),
    ({"muac_cm": Decimal("12.5")}, ("", 0, 0)), ({"weight_kg": Decimal("8.0")}, ("moderate", -2, -2)), ({"weight_kg": Decimal("7.3")}, ("severe", -2, -3)),
])
def test_acute_malnutrition_by_oedema_arm_or_weight_for_length(cast, child, fields, words):
    row = measure(cast, child, **{"weight_kg": Decimal("9.8"), "height_cm": Decimal("77.5"), **fields})
    assert (row.acute, row.weight_band, row.wasting_band) == words
    assert (row.due_on - row.on).days == {"severe": 7, "moderate": 31, "": 184}[row.acute]


def test_faltering_follows_the_weighing_before_whatever_the_order_of_writing(cast, child):
    last = measure(cast, child, "2026-05-15", weight_kg=Decimal("9.0"))
    assert last.trend == ""
    first = measure(cast, child, "2026-01-15", weight_kg=Decimal("9.1"))
    last.refresh_from_db()
    assert (first.trend, last.trend, last.version) == ("", "flat", 2) and last.due_on == day("2026-06-15")
    between = measure(cast, child, "2026-04-20", weight_kg=Decimal("8.8"))
    last.refresh_from_db()
    assert (between.trend, last.trend) == ("falling", "gaining")
    cancel_measurement(by=cast.nurse, id=between.pk, reason="nhầm trẻ")
    last.refresh_from_db()
    assert last.trend == "flat" and AuditEntry.objects.filter(action="follow_measurement", object_id=str(last.pk)).count() == 3


def test_a_fall_of_one_line_is_faltering_even_when_weight_rose(cast, child):
    measure(cast, child, "2025-09-12", weight_kg=Decimal("8.9"))
    row = measure(cast, child, "2026-05-15", weight_kg=Decimal("9.0"))
    assert row.trend == "falling"


def test_the_dead_the_merged_the_undated_and_the_old_are_not_measured(cast, child):
    survivor = Person.objects.create(full_name="Nguyễn Minh Khôi A", birth_date=BORN, sex="M", hamlet=cast.hamlets[0])
    for changes, code, words in (
        ({"died_on": day("2026-05-01")}, "after_death", "đã mất ngày 01/05/2026"), ({"birth_precision": "month"}, "birth_unknown", "mới biết tháng và năm"),
        ({"birth_date": day("2021-05-14")}, "too_old", "đã đủ 5 tuổi"), ({"entered_in_error": True}, "merged", "đã được gộp vào hồ sơ của Nguyễn Minh Khôi A"),
    ):
        if code == "merged":
            Merge.objects.create(survivor=survivor, lesser=child, made_by="nurse")
        Person.objects.filter(pk=child.pk).update(**{"died_on": None, "birth_precision": "day", "birth_date": BORN, **changes})
        with pytest.raises(Refused) as refused:
            measure(cast, Person.objects.get(pk=child.pk), weight_kg=Decimal("9.8"))
        assert refused.value.code == code and words in refused.value.message


def test_twice_on_one_day_is_refused_until_the_first_is_cancelled(cast, child):
    row = measure(cast, child, weight_kg=Decimal("9.8"))
    with pytest.raises(Refused, match="đã có lần cân đo"):
        measure(cast, child, weight_kg=Decimal("9.9"))
    with pytest.raises(Refused, match="lý do"):
        cancel_measurement(by=cast.nurse, id=row.pk, reason=" ")
    cancel_measurement(by=cast.nurse, id=row.pk, seen_version=1, reason="nhầm trẻ")
    assert measure(cast, child, weight_kg=Decimal("9.9")).version == 1


def test_a_chunk_is_one_audit_entry_and_knows_trends(cast, child):
    items = [(None, {"person": child, "on": day(f"2025-{month:02d}-12"), "weight_kg": Decimal(kilos)}) for month, kilos in ((6, "6.4"), (5, "5.6"), (4, "4.5"), (7, "6.4"))]
    rows = record_measurements(items, by=cast.nurse)
    assert [row.trend for row in rows] == ["gaining", "gaining", "", "flat"] and AuditEntry.objects.count() == 1
    with pytest.raises(Refused):
        record_measurements([(None, {"person": child, "on": day("2025-08-12"), "weight_kg": Decimal("64")})], by=cast.nurse)
    with pytest.raises(Refused):
        record_measurements([(None, {"person": child, "on": day("2025-08-12"), "weight_kg": Decimal("7")})], by=cast.stranger)


@pytest.mark.parametrize("role", ["stranger", "officer", "chairman", "admin", "supervisor"])
def test_others_may_not_write(cast, child, role):
    with pytest.raises(Refused) as refused:
        record_measurement(by=cast.users[role], person=child, on=day("2026-05-15"), weight_kg=Decimal("9.8"))
    assert refused.value.status in {403, 404} and not GrowthMeasurement.objects.exists()


def test_the_village_worker_measures_the_own_hamlet_only(cast, child):
    assert record_measurement(by=cast.village_worker, person=child, on=day("2026-05-15"), weight_kg=Decimal("9.8")).pk
    other = Person.objects.create(full_name="Bùi Thị Na", birth_date=BORN, sex="F", hamlet=cast.hamlets[1])
    with pytest.raises(Refused):
        record_measurement(by=cast.village_worker, person=other, on=day("2026-05-15"), weight_kg=Decimal("9.8"))


def plan(cast, **fields):
    days = [(cast.hamlets[0], day("2026-06-01")), (cast.hamlets[1], day("2026-06-02"))]
    return plan_campaign(**{"by": cast.nurse, "place": cast.commune, "name": "Cân đo tháng 6/2026", "days": days, **fields})


def test_a_campaign_is_a_name_with_hamlets_and_days(cast, child):
    made = plan(cast)
    assert (made.starts_on, made.ends_on, made.days.count()) == (day("2026-06-01"), day("2026-06-02"), 2)
    changed = plan(cast, id=made.pk, seen_version=1, days=[(cast.hamlets[0], day("2026-06-03"))])
    assert (changed.starts_on, CampaignDay.objects.filter(entered_in_error=False).count()) == (day("2026-06-03"), 1)
    measure(cast, child, "2026-06-03", weight_kg=Decimal("10"), campaign=made)
    with pytest.raises(Refused, match="đã có trẻ được cân đo"):
        plan(cast, id=made.pk, days=[(cast.hamlets[1], day("2026-06-03"))])


@pytest.mark.parametrize(("fields", "code"), [({"days": []}, "no_hamlet"), ({"name": " "}, "invalid")])
def test_a_campaign_needs_a_name_and_hamlets_of_the_commune(cast, fields, code):
    with pytest.raises(Refused) as refused:
        plan(cast, **fields)
    assert refused.value.code == code
    with pytest.raises(Refused, match="không thuộc"):
        plan(cast, days=[(cast.other_hamlet, day("2026-06-01"))])
    with pytest.raises(Refused):
        plan(cast, by=cast.village_worker)
    plan(cast)
    with pytest.raises(Refused, match="đã có đợt cân đo mang tên này"):
        plan(cast)
