"""The cold chain: what is asked again, what out of range brings with it, what is missing, the sheet of a month, the pages."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tramyte.engine import clock
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Facility
from tramyte.engine.refused import Refused
from tramyte.station.cold_chain import actions, queries
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading, TemperatureRule
from tramyte.station.cold_chain.months import month_at, month_of
from tramyte.station.cold_chain.rule import degrees, range_words, rule_on, state_of

TODAY = datetime.date(2026, 6, 3)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def fridge(cast):
    """A refrigerator of the station, in use since 1 May."""
    return actions.record_equipment(by=cast.nurse, facility=cast.station, code="TL-01", name="Tủ lạnh phòng tiêm", kind="fridge", in_use_from=datetime.date(2026, 5, 1))


@pytest.fixture
def read(cast, fridge):
    """Write a reading: `read("9.4", part="pm", confirmed=True)`."""
    return lambda celsius="4.5", on=TODAY, part="am", **fields: actions.record_reading(by=cast.nurse, equipment=fridge, on=on, part=part, celsius=Decimal(celsius), **fields)


@pytest.mark.parametrize(("fields", "field", "words"), [
    ({"celsius": "45"}, "confirmed", "ngoài khoảng +2 đến +8 °C"), ({"celsius": "94"}, "celsius", "Có phải 9,4 °C (quên dấu phẩy)"), ({"celsius": "1.9"}, "confirmed", "Hãy đọc lại nhiệt kế"),
    ({"on": TODAY + DAY}, "on", "chưa đến"), ({"on": datetime.date(2026, 4, 30)}, "on", "dùng từ 01/05/2026"), ({"at": "25:00"}, "at", "giờ và phút"), ({"part": ""}, "part", "Chưa ghi buổi"),
])
def test_what_is_odd_is_asked_again(read, fields, field, words):
    with pytest.raises(Refused) as refused:
        read(**fields)
    assert words in refused.value.message.replace("\u00a0", " ") and refused.value.field == field and not TemperatureReading.objects.exists()


def test_no_afternoon_is_written_in_the_morning(read, monkeypatch):
    monkeypatch.delenv("TRAMYTE_AS_OF")
    monkeypatch.setattr(clock, "now", lambda: datetime.datetime(2026, 6, 3, 8, 15, tzinfo=clock.ZONE))
    with pytest.raises(Refused, match="Bây giờ mới 08:15"):
        read(part="pm")
    assert read().part == "am" and queries.due_parts(TODAY) == ["am"]
    monkeypatch.setattr(clock, "now", lambda: datetime.datetime(2026, 6, 3, 13, 0, tzinfo=clock.ZONE))
    assert queries.due_parts(TODAY) == ["am", "pm"] and queries.due_parts(TODAY + DAY) == []


def test_the_second_of_a_part_is_the_first(read):
    read()
    with pytest.raises(Refused, match="Buổi đó đã có nhiệt độ"):
        read("5")


def test_out_of_range_opens_one_excursion_until_somebody_acts(read, cast):
    first = read("9.4", TODAY - DAY, "am", confirmed=True)
    second = read("8.1", TODAY - DAY, "pm", confirmed=True)
    assert (first.state, second.excursion) == ("high", first.excursion) and Excursion.objects.count() == 1 and list(queries.open_excursions()) == [first.excursion]
    for fields, words in (({"action": ""}, "Chưa ghi đã làm gì"), ({"vaccines": "held"}, "vắc xin nào, lô nào"), ({"acted_on": TODAY - 2 * DAY}, "trước ngày nhiệt độ"), ({"acted_on": TODAY + DAY}, "hôm nay"), ({"vaccines": "x"}, "Chưa chọn")):
        with pytest.raises(Refused, match=words):
            actions.act_on_excursion(by=cast.nurse, id=first.excursion_id, **{"action": "đóng cửa tủ", "vaccines": "kept", "acted_on": TODAY, **fields})
    actions.act_on_excursion(by=cast.nurse, id=first.excursion_id, action="đóng cửa tủ", vaccines="kept", acted_on=TODAY)
    again = read("1.5", TODAY, "am", confirmed=True)
    assert again.excursion != first.excursion and Excursion.objects.count() == 2 and chain.verify().reason == ""


def test_a_number_put_right_takes_its_excursion_away(read, cast):
    row = read("9.4", confirmed=True)
    fixed = actions.record_reading(by=cast.nurse, id=row.pk, celsius=Decimal("4.9"))
    assert (fixed.state, fixed.excursion, fixed.confirmed) == ("", None, False) and not queries.excursions().exists()
    other = read("9.4", part="pm", confirmed=True)
    actions.cancel_reading(by=cast.nurse, id=other.pk, reason="đọc nhầm tủ")
    assert not queries.open_excursions().exists()


def test_a_reading_moved_to_other_equipment_leaves_the_excursion_of_the_first(fridge, read, cast):
    other = actions.record_equipment(by=cast.nurse, facility=cast.station, code="TL-02", name="Tủ hai", kind="fridge", in_use_from=datetime.date(2026, 5, 1))
    row = actions.record_reading(by=cast.nurse, id=read("9.4", confirmed=True).pk, equipment=other)
    assert [one.equipment for one in queries.open_excursions()] == [other] and row.excursion.equipment == other


def test_many_lines_bring_the_same_as_one_by_one(fridge, cast):
    lines = [(None, {"equipment": fridge, "on": TODAY - n * DAY, "part": "am", "celsius": Decimal("9") if n == 2 else Decimal(4), "confirmed": n == 2}) for n in range(6)]
    rows = actions.record_readings(lines, by=cast.nurse)
    assert [row.on for row in rows] == [fields["on"] for _, fields in lines] and [row.state for row in rows] == ["", "", "high", "", "", ""]
    assert queries.open_excursions().count() == 1 and all(row.reader == cast.nurse.full_name for row in rows)


def test_what_is_missing_is_said_in_sentences(fridge, read, cast):
    assert queries.missing_readings(cast.station, TODAY) == ["Chưa ghi nhiệt độ buổi sáng ngày 03/06/2026 của TL-01 Tủ lạnh phòng tiêm."]
    assert len(queries.missing_readings(cast.station, TODAY - DAY)) == 2 and queries.missing_readings(cast.station, TODAY + DAY) == []
    read()
    actions.record_equipment(by=cast.nurse, facility=cast.station, code="PH-1", name="Phích", kind="carrier", daily=False, in_use_from=datetime.date(2026, 5, 1))
    assert queries.missing_readings(cast.station, TODAY) == []
    assert "chưa khai tủ lạnh" in queries.missing_readings(cast.site, TODAY)[0]
    actions.record_equipment(by=cast.nurse, id=fridge.pk, in_use_until=datetime.date(2026, 6, 1))
    assert [gap[1] for gap in queries.missing([StorageEquipment.objects.get(pk=fridge.pk)], TODAY - 4 * DAY, TODAY)] == [datetime.date(2026, 5, n) for n in (30, 30, 31, 31)] + [datetime.date(2026, 6, 1)] * 2


def test_a_rule_follows_another_and_the_last_goes_on(cast):
    assert range_words(rule_on(TODAY)).replace("\u00a0", " ") == "+2 đến +8 °C" and not rule_on(TODAY).verified and rule_on(datetime.date(2028, 1, 1)) == rule_on(TODAY)
    with pytest.raises(Refused, match="phải dưới"):
        actions.set_temperature_rule(by=cast.nurse, low=Decimal(8), high=Decimal(2), valid_from=datetime.date(2027, 7, 1), source="TT mới")
    made = actions.set_temperature_rule(by=cast.nurse, low=Decimal(-5), high=Decimal(7), valid_from=datetime.date(2027, 7, 1), source="TT mới", verified=True)
    assert rule_on(datetime.date(2027, 6, 30)) != made == rule_on(datetime.date(2027, 7, 1)) and range_words(made).replace("\u00a0", " ") == "−5 đến +7 °C"
    with pytest.raises(Refused, match="từ một ngày sau đó"):
        actions.set_temperature_rule(by=cast.nurse, low=Decimal(2), high=Decimal(8), valid_from=TODAY, source="cũ")


@given(st.decimals(-40, 60, places=1))
def test_a_temperature_is_within_or_on_one_side(celsius):
    rule = TemperatureRule(low=Decimal(2), high=Decimal(8))
    assert state_of(celsius, rule) == ("" if 2 <= celsius <= 8 else "low" if celsius < 2 else "high")
    assert Decimal(degrees(celsius).removesuffix("\u00a0°C").replace("−", "-").replace(",", ".")) == celsius


def test_the_sheet_of_a_month(fridge, read):
    read("9.4", datetime.date(2026, 6, 1), "am", confirmed=True)
    read("4.5", datetime.date(2026, 6, 1), "pm", note="tủ đầy")
    sheet = month_of(fridge, month_at("2026-06"))
    assert len(sheet.days) == 30 and sheet.absent == 3 and len(sheet.outside) == 1 and sheet.days[0].notes[0] == "tủ đầy" and "chưa ghi đã làm gì" in sheet.days[0].notes[1]
    assert "1 lần ngoài khoảng" in sheet.said and sheet.svg.count("<circle") == 1 and sheet.svg.count('stroke="#B42318"') == 1
    with pytest.raises(Refused, match="không phải là tháng"):
        month_at("13/2026")


# ---- pages


def cell(fridge, part):
    return f"{fridge.pk}-{part}"


def test_a_day_is_typed_in_one_go_and_nothing_typed_is_lost(fridge, enter, cast):
    client = enter("nurse")
    assert "Chưa ghi" in client.get("/day-chuyen-lanh/").content.decode()
    answer = client.post("/day-chuyen-lanh/", {cell(fridge, "am"): "9,4", cell(fridge, "pm"): "bốn", "ngay": "02/06/2026"})
    body = answer.content.decode()
    assert answer.status_code == 422 and "Chưa lưu 2 nhiệt độ" in body and "không phải là số" in body and 'value="9,4"' in body and "Đã đọc lại nhiệt kế, đúng 9,4" in body
    answer = client.post("/day-chuyen-lanh/", {cell(fridge, "am"): "9,4", f"{cell(fridge, 'am')}-ok": "1", cell(fridge, "pm"): "4,5 °C", "ngay": "02/06/2026"})
    assert answer.status_code == 302 and answer["Location"] == f"/day-chuyen-lanh/ngoai-khoang/{Excursion.objects.get().pk}/"
    assert client.post(answer["Location"], {"action": "đóng cửa tủ", "vaccines": "kept", "acted_on": "02/06/2026"}).status_code == 302
    assert client.post("/day-chuyen-lanh/", {cell(fridge, "am"): "", "ngay": "02/06/2026"}).status_code == 422
    assert client.post("/day-chuyen-lanh/", {cell(fridge, "am"): "4,6"}).status_code == 302 and TemperatureReading.objects.get(on=TODAY).reader == cast.nurse.full_name
    assert client.get("/day-chuyen-lanh/?ngay=04/06/2026").status_code == 422 and client.get("/day-chuyen-lanh/?ngay=xx").status_code == 422


def test_the_hour_is_that_of_the_entry_only_in_its_own_part_of_the_day(fridge, enter, monkeypatch):
    monkeypatch.delenv("TRAMYTE_AS_OF")
    monkeypatch.setattr(clock, "now", lambda: datetime.datetime(2026, 6, 3, 14, 5, tzinfo=clock.ZONE))
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    enter("nurse").post("/day-chuyen-lanh/", {cell(fridge, "am"): "4,5", cell(fridge, "pm"): "5"})
    assert list(TemperatureReading.objects.order_by("part").values_list("part", "at")) == [("am", ""), ("pm", "14:05")]


def test_another_entry_meanwhile_is_a_conflict(fridge, read, enter, cast):
    row = read()
    actions.record_reading(by=cast.director, id=row.pk, celsius=Decimal(5))
    answer = enter("nurse").post("/day-chuyen-lanh/", {cell(fridge, "am"): "6", f"{cell(fridge, 'am')}-version": "1"})
    assert answer.status_code == 422 and "vừa sửa mục này trước bạn" in answer.content.decode() and TemperatureReading.objects.get().celsius == 5


def test_home_tells_whoever_keeps_vaccine(fridge, read, enter):
    assert "Thiếu 3 lần ghi nhiệt độ tủ vắc xin" in enter("nurse").get("/").content.decode() and "nhiệt độ tủ" not in enter("chairman").get("/").content.decode()
    read("9.4", confirmed=True)
    body = enter("nurse").get("/").content.decode()
    assert "1 lần nhiệt độ vắc xin ngoài khoảng" in body and "Thiếu 2 lần ghi" in body


def test_pages_cost_the_same_for_one_and_for_many(fridge, read, cast, enter):
    client = enter("nurse")
    pages = ("/day-chuyen-lanh/", f"/day-chuyen-lanh/thiet-bi/{fridge.pk}/", "/")
    read()
    for page in pages:
        client.get(page)
    few = [_count(client, page) for page in pages]
    for n in range(5):
        StorageEquipment.objects.create(facility=cast.station, code=f"TL-1{n}", name="Tủ", kind="fridge", in_use_from=datetime.date(2026, 5, 1))
    TemperatureReading.objects.bulk_create([TemperatureReading(equipment=one, on=TODAY - DAY, part="am", celsius=4) for one in StorageEquipment.objects.all()])
    client.get("/")  # composed anew: something was written
    assert [_count(client, page) for page in pages] == few


def _count(client, page):
    with CaptureQueriesContext(connection) as queries_:
        assert client.get(page).status_code == 200
    return len(queries_)


def test_the_printed_sheet_is_one_page_in_tinos(fridge, read, enter):
    import pypdfium2

    read("9.4", datetime.date(2026, 6, 1), "am", confirmed=True, at="07:10")
    document = pypdfium2.PdfDocument(enter("nurse").get(f"/day-chuyen-lanh/thiet-bi/{fridge.pk}/thang.pdf?thang=2026-05").content)
    assert len(document) == 1
    document.close()
    document = pypdfium2.PdfDocument(enter("nurse").get(f"/day-chuyen-lanh/thiet-bi/{fridge.pk}/thang.pdf").content)
    text = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    assert all(words in text for words in ("SỔ THEO DÕI NHIỆT ĐỘ BẢO QUẢN VẮC XIN", "Tháng 6 năm 2026", "9,4*", "thiếu", "Người theo dõi", "chưa đối chiếu văn bản gốc"))


def test_a_stranger_sees_nothing(fridge, enter, cast):
    Facility.objects.create(place=cast.other_commune, kind="station", code="37002", name="Trạm xa", valid_from=datetime.date(2025, 7, 1))
    assert "TL-01" not in enter("stranger").get("/day-chuyen-lanh/").content.decode()
    assert enter("stranger").get(f"/day-chuyen-lanh/thiet-bi/{fridge.pk}/").status_code == 404
