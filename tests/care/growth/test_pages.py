"""The pages of nutrition: counts by hamlet, lists, the grid line by line, charts, print; queries bounded."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.growth.actions import cancel_measurement, plan_campaign, record_measurement
from tramyte.care.growth.charts import charts_of
from tramyte.care.growth.models import Campaign, GrowthMeasurement
from tramyte.care.people.models import Household, Person, Residence
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.indicators import results

DAY = datetime.date(2026, 6, 3)
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def hamlet(cast):
    """Two children of one household in the first hamlet, and a day of a campaign there."""
    house = Household.objects.create(hamlet=cast.hamlets[0], number="0412")
    for name, born, sex in (("Nguyễn Minh Khôi", "2025-03-12", "M"), ("Nguyễn Hà My", "2026-02-03", "F")):
        person = Person.objects.create(full_name=name, birth_date=born, sex=sex, hamlet=cast.hamlets[0], household=house)
        Residence.objects.create(person=person, place=cast.hamlets[0], kind="permanent", start=born)
    made = plan_campaign(by=cast.nurse, place=cast.commune, name="Cân đo tháng 6", days=[(cast.hamlets[0], DAY)])
    return made.days.get()


def child(name="Nguyễn Minh Khôi"):
    return Person.objects.get(full_name=name)


def send(client, hamlet, person, **fields):
    return client.post(f"/dinh-duong/can-do/{hamlet.pk}/{person.pk}/", {"on": "03/06/2026", **fields}, **FRAGMENT)


def test_a_line_is_saved_with_its_class_and_changed_again(hamlet, enter):
    client = enter("village_worker")
    page = client.get(f"/dinh-duong/can-do/{hamlet.pk}/").content.decode()
    assert page.index("Nguyễn Hà My") < page.index("Nguyễn Minh Khôi") and "chưa cân đo" in page and page.count("name=\"feeding\"") == 1
    answer = send(client, hamlet, child(), weight_kg="8,3", height_cm="75")
    assert answer.status_code == 200 and "Suy dinh dưỡng nhẹ cân" not in answer.content.decode() and "Đã lưu" in answer.content.decode()
    row = GrowthMeasurement.objects.get()
    assert (row.campaign_id, row.setting, row.position, row.oedema, row.weight_kg) == (hamlet.campaign_id, "campaign", "L", False, Decimal("8.3"))
    again = send(client, hamlet, child(), weight_kg="7,3", height_cm="75", id=row.pk, seen_version=1)
    assert "gầy còm" in again.content.decode() and GrowthMeasurement.objects.get().version == 2


def test_vitamin_a_is_ticked_in_the_same_line_from_six_months_on(hamlet, enter):
    client = enter("village_worker")
    page = client.get(f"/dinh-duong/can-do/{hamlet.pk}/").content.decode()
    assert page.count('name="vitamin_a"') == 1 and "Vit. A" in page, "one of the two is younger than six months"
    send(client, hamlet, child(), weight_kg="8,3", vitamin_a="1")
    assert GrowthMeasurement.objects.get().vitamin_a is True
    send(client, hamlet, child(), weight_kg="8,3", id=GrowthMeasurement.objects.get().pk, seen_version=1)
    assert GrowthMeasurement.objects.get().vitamin_a is None


@pytest.mark.parametrize(("fields", "status", "words"), [
    ({"weight_kg": "83"}, 422, "Có phải 8,3 kg (quên dấu phẩy)"), ({"weight_kg": "tám"}, 422, "không phải là số"), ({}, 422, "Chưa có số đo nào"),
    ({"weight_kg": "8,3", "height_cm": "75", "position": "H"}, 422, "dưới 24 tháng thì đo nằm"), ({"weight_kg": "8,3", "on": "04/06/2026"}, 422, "chưa đến"),
])
def test_what_is_odd_is_asked_again_and_nothing_typed_is_lost(hamlet, enter, fields, status, words):
    answer = send(enter("nurse"), hamlet, child(), **fields)
    body = answer.content.decode()
    assert answer.status_code == status and words in body and not GrowthMeasurement.objects.exists()
    assert all(f'value="{value}"' in body for name, value in fields.items() if name in ("weight_kg", "height_cm"))


def test_a_reason_settles_a_doubt(hamlet, enter):
    client = enter("nurse")
    assert "Xác nhận, lưu" in send(client, hamlet, child(), weight_kg="21").content.decode()
    assert send(client, hamlet, child(), weight_kg="21", confirmation="đã cân lại").status_code == 200
    assert GrowthMeasurement.objects.get().confirmation == "đã cân lại"


def test_a_reason_holds_for_the_numbers_it_was_given_for_and_no_others(hamlet, enter):
    client = enter("nurse")
    body = send(client, hamlet, child(), weight_kg="21", confirmation="đã cân lại").content.decode()
    assert 'name="confirmed"' in body and 'name="confirmation"' not in body
    row = GrowthMeasurement.objects.get()
    known = {"id": row.pk, "seen_version": 1, "confirmed": "1"}
    other = send(client, hamlet, child(), weight_kg="31", **known)
    assert other.status_code == 422 and "Xác nhận, lưu" in other.content.decode() and GrowthMeasurement.objects.get().weight_kg == 21
    assert send(client, hamlet, child(), weight_kg="21", vitamin_a="1", **known).status_code == 200
    row.refresh_from_db()
    assert (row.vitamin_a, row.confirmation) == (True, "đã cân lại")


def test_without_scripts_the_line_is_a_page(hamlet, enter):
    client = enter("nurse")
    url = f"/dinh-duong/can-do/{hamlet.pk}/{child().pk}/"
    assert "Có phải 8,3 kg" in client.post(url, {"on": "03/06/2026", "weight_kg": "83"}).content.decode()
    assert client.post(url, {"on": "03/06/2026", "weight_kg": "8,3"}).status_code == 302


def test_another_entry_meanwhile_is_a_conflict(hamlet, cast, enter):
    record_measurement(by=cast.nurse, person=child(), on=DAY, weight_kg=Decimal("8.3"))
    answer = send(enter("nurse"), hamlet, child(), weight_kg="8,4")
    body = answer.content.decode()
    assert answer.status_code == 422 and "vừa được ghi từ nơi khác, ngày 03/06/2026: 8,3 kg" in body, "both versions are seen"
    assert 'value="8,4"' in body and GrowthMeasurement.objects.get().weight_kg == Decimal("8.3")


def test_a_line_changed_or_cancelled_meanwhile_is_a_conflict_that_says_what_is_stored(hamlet, cast, enter):
    client = enter("nurse")
    row = record_measurement(by=cast.nurse, person=child(), on=DAY, weight_kg=Decimal("8.3"))
    record_measurement(by=cast.nurse, id=row.pk, weight_kg=Decimal("8.5"))
    stale = send(client, hamlet, child(), weight_kg="8,4", id=row.pk, seen_version=1)
    assert stale.status_code == 422 and "8,5 kg" in stale.content.decode() and GrowthMeasurement.objects.get().weight_kg == Decimal("8.5")
    cancel_measurement(by=cast.nurse, id=row.pk, reason="ghi nhầm trẻ")
    gone = send(client, hamlet, child(), weight_kg="8,4", id=row.pk, seen_version=3)
    assert gone.status_code == 422 and "vừa bị đánh dấu ghi nhầm" in gone.content.decode() and 'name="id"' not in gone.content.decode()
    assert send(client, hamlet, child(), weight_kg="8,4").status_code == 200


def test_one_child_is_written_from_its_page_at_the_station_and_the_class_is_said_at_once(hamlet, enter):
    client = enter("nurse")
    page = client.get(f"/dinh-duong/tre/{child().pk}/").content.decode()
    url = f"/so/growth/moi/?person={child().pk}&setting=station"
    assert url.replace("&", "&amp;") in page
    form = client.get(url).content.decode()
    assert re.search(r'name="setting" value="station"[^>]* checked', form)
    [typed] = re.findall(r'name="person" value="([^"]+)"', form)
    fields = {"person": typed, "on": f"{DAY:%d/%m/%Y}", "setting": "station", "weight_kg": "7,3", "height_cm": "75"}
    told = client.post("/so/growth/moi/", fields, follow=True).content.decode()
    assert "Đã lưu. Nguyễn Minh Khôi, 14 tháng: CN/T −" in told and "gầy còm" in told and "Cân đo lại trước ngày 10/06/2026" in told
    assert "setting=home" in enter("village_worker").get(f"/dinh-duong/tre/{child().pk}/").content.decode()


def test_a_child_whose_measuring_is_overdue_is_marked_on_its_chart(hamlet, cast, enter):
    client = enter("nurse")
    record_measurement(by=cast.nurse, person=child(), on=datetime.date(2025, 10, 3), weight_kg=Decimal("8.3"))
    assert "Đã quá hạn cân đo" in client.get(f"/dinh-duong/tre/{child().pk}/").content.decode()
    record_measurement(by=cast.nurse, person=child(), on=DAY, weight_kg=Decimal("9.8"))
    assert "Đã quá hạn cân đo" not in client.get(f"/dinh-duong/tre/{child().pk}/").content.decode()


def test_the_grid_asks_as_few_questions_for_fifty_children_as_for_two(hamlet, cast, enter):
    client, url = enter("nurse"), f"/dinh-duong/can-do/{hamlet.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(48):
        person = Person.objects.create(full_name=f"Trẻ {n}", birth_date="2024-01-05", sex="F", hamlet=cast.hamlets[0])
        Residence.objects.create(person=person, place=cast.hamlets[0], kind="permanent", start="2024-01-05")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(url).context["lines"]) == 50
    assert len(many) <= len(few) + 1


def test_counts_and_lists_follow_the_stored_results(hamlet, cast, enter):
    record_measurement(by=cast.nurse, person=child(), on=DAY, weight_kg=Decimal("7.3"), height_cm=Decimal("68"))
    results.refresh()
    client = enter("nurse")
    page = client.get("/dinh-duong/").content.decode()
    assert "/dinh-duong/danh-sach/DD02/?thon=00001.01" in page and "Cân đo tháng 6" in page
    listed = client.get("/dinh-duong/danh-sach/DD02/?thon=00001.01").content.decode()
    assert "Nguyễn Minh Khôi" in listed and "Thấp còi mức nặng, đo 03/06/2026" in listed and "Nguyễn Hà My" not in listed
    assert "Nguyễn Hà My" in client.get("/dinh-duong/danh-sach/DD07/").content.decode()
    assert AuditEntry.objects.filter(action="list").count() == 2
    assert client.get("/dinh-duong/danh-sach/XX/").status_code == 404 and client.get("/dinh-duong/danh-sach/DD01/?thon=xyz").status_code == 404
    assert enter("chairman").get("/dinh-duong/").status_code == 403


def test_the_charts_the_table_and_the_print(hamlet, cast, enter):
    for on, kilos, cm in (("2025-09-10", "7.9", "67"), ("2026-05-15", "9.8", "77.5")):
        record_measurement(by=cast.nurse, person=child(), on=datetime.date.fromisoformat(on), weight_kg=Decimal(kilos), height_cm=Decimal(cm))
    client = enter("nurse")
    page = client.get(f"/dinh-duong/tre/{child().pk}/").content.decode()
    assert page.count("<svg class=\"t-growth\"") == 4 and "15/05/2026" in page and "Nguyễn Hà My" in page and "CN/T" in page
    for query, sheets in (("", 1), ("?ca-ho=1", 2)):
        answer = client.get(f"/dinh-duong/tre/{child().pk}/bieu-do.pdf{query}")
        import pypdfium2

        assert len(pypdfium2.PdfDocument(answer.content)) == sheets
    person = client.get(f"/nguoi-dan/{child().pk}/").content.decode()
    assert "9,8 kg · 77,5 cm nằm" in person and "Mở biểu đồ tăng trưởng" in person
    old = Person.objects.create(full_name="Bùi Văn Cả", birth_date="1956-01-01", sex="M", hamlet=cast.hamlets[0])
    assert client.get(f"/dinh-duong/tre/{old.pk}/").status_code == 404


def test_points_lie_where_the_curves_say(hamlet, cast):
    """A child on the median stands on the green line; an implausible weight is a hollow point."""
    person = child()
    rows = [GrowthMeasurement(person=person, on=datetime.date(2026, 3, 12), age_days=365, weight_kg=Decimal("9.65"), height_cm=Decimal("75.7"), position="L"),
            GrowthMeasurement(person=person, on=datetime.date(2026, 4, 12), age_days=396, weight_kg=Decimal("40"))]
    weights, lengths, by_length, _ = charts_of(person, rows, 24)
    assert [point.doubtful for point in weights.points] == [False, True] and len(lengths.points) == len(by_length.points) == 1
    assert weights.svg.count('fill="#FFFFFF" stroke="#B42318"') == 1 and 'role="img"' in weights.svg and "z 0" in weights.points[0].words


def test_a_campaign_is_planned_on_its_page(hamlet, cast, enter):
    client, field = enter("nurse"), str(cast.hamlets[1].pk)
    assert client.post("/dinh-duong/dot/moi/", {"name": "Đợt 12", field: "31/02/2026"}).status_code == 422
    assert "Chưa chọn thôn nào" in client.post("/dinh-duong/dot/moi/", {"name": "Đợt 12"}).content.decode()
    assert client.post("/dinh-duong/dot/moi/", {"name": "Đợt 12", field: "01/12/2026"}).status_code == 302
    assert Campaign.objects.get(name="Đợt 12").days.get().hamlet == cast.hamlets[1]
    assert enter("village_worker").get("/dinh-duong/dot/moi/").status_code == 403
