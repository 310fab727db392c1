"""The pages of a session: the board with bounded queries, what is asked before it is written, lists, messages, closing, absentees."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from session_steps import DAY, at, let_time_pass

from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.models import Immunization, NotGiven, VaccineLot
from tramyte.care.people.models import Person
from tramyte.care.vaccination import actions, inviting
from tramyte.care.vaccination.cautions import crowded
from tramyte.care.vaccination.models import Attendee, Session, Vial
from tramyte.care.vaccination.queries import Opened, people_of
from tramyte.engine import clock
from tramyte.engine.audit.models import AuditEntry

FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def url(session, rest=""):
    return f"/tiem-chung/buoi/{session.pk}/{rest}"


def ticked(*codes):
    return {"give": list(codes), **{f"lot-{code}": str(VaccineLot.objects.get(product__vaccine__code=code).pk) for code in codes}}


def enters(client, session, name, **fields):
    return client.post(url(session, f"ban/{at(session, name).pk}/"), {"temperature": "368", **ticked("DPT-VGB-HIB", "OPV"), **fields}, **FRAGMENT)


def test_one_enter_screens_gives_and_shows_the_next(morning, enter):
    client = enter("nurse")
    for text in ("2", "khoi"):
        assert "Đã tiếp nhận" in client.post(url(morning, "ban/tiep-nhan/"), {"q": text}, **FRAGMENT).content.decode()
    first = at(morning, "Trần Hà My") if at(morning, "Trần Hà My").turn == 1 else at(morning, "Nguyễn Minh Khôi")
    page = client.get(url(morning, "ban/")).content.decode()
    assert f'aria-label="Khám sàng lọc và tiêm {first.person}"' in page and "data-first" in page and page.count('name="give"') >= 2
    answer = enters(client, morning, str(first.person)).content.decode()
    assert f"Đã tiêm {first.person}: 2 mũi" in answer and f"Khám sàng lọc và tiêm {first.person}" not in answer and "được về" in answer and "<html" not in answer
    row = at(morning, str(first.person))
    assert (str(row.temperature), row.outcome) == ("36.8", "eligible") and Immunization.objects.filter(person=row.person, performer="Lê Thị Lan", on=DAY).count() == 2
    assert AuditEntry.objects.filter(action="view", note="bàn tiêm").exists()


def test_what_is_put_off_is_shown_before_it_is_written(morning, enter):
    client = enter("nurse")
    asked = enters(client, morning, "Trần Hà My", temperature="382")
    body = asked.content.decode()
    assert asked.status_code == 200 and "Tạm hoãn" in body and 'value="10/06/2026"' in body and 'value="382"' in body and not NotGiven.objects.exists()
    answer = enters(client, morning, "Trần Hà My", temperature="382", confirmed="sốt 38,2 °C", until="8/6/2026").content.decode()
    assert "tạm hoãn, sốt 38,2 °C" in answer and NotGiven.objects.get().until == datetime.date(2026, 6, 8)


@pytest.mark.parametrize(("fields", "words"), [
    ({"temperature": ""}, "Chưa ghi thân nhiệt"), ({"temperature": "ba bảy"}, "không phải là số"), ({"temperature": "52"}, "khó có thật"), ({"weight": "95"}, "95,0 kg khó có thật"),
    ({"temperature": "382", "confirmed": "sốt 38,2 °C", "until": "32/13/2026"}, "32/13/2026"), ({"give": []}, "Chưa chọn mũi nào"), ({"signs": ["other"]}, "chưa ghi lý do"),
])
def test_what_is_odd_is_asked_again_and_nothing_typed_is_lost(morning, enter, fields, words):
    answer = enters(enter("nurse"), morning, "Trần Hà My", **fields)
    body = answer.content.decode()
    assert answer.status_code == 422 and words in body and not Immunization.objects.filter(on=DAY).exists() and not at(morning, "Trần Hà My").outcome
    assert all(f'value="{fields[name]}"' in body for name in ("temperature", "weight") if fields.get(name))


@pytest.mark.parametrize(("text", "words"), [("99", "không có số 99"), ("zzz", "Không thấy ai"), ("", "số trên giấy mời"), ("mai phuong", "Không có trong danh sách")])
def test_reception_says_whom_it_does_not_find(morning, child, enter, text, words):
    child("Vũ Mai Phương", born=datetime.date(2019, 1, 2), sex="F")
    assert words in enter("nurse").post(url(morning, "ban/tiep-nhan/"), {"q": text}, **FRAGMENT).content.decode()


def test_the_board_costs_the_same_for_eighty_children(morning, cast, enter):
    client = enter("nurse")
    actions.receive(by=cast.nurse, id=at(morning, "Trần Hà My").pk)
    client.get(url(morning, "ban/"))
    with CaptureQueriesContext(connection) as few:
        client.get(url(morning, "ban/"))
    people = [Person(full_name=f"Trẻ Số {n}", search=f"tre so {n}", birth_date=datetime.date(2026, 3, 20), sex="M", hamlet=cast.hamlets[0]) for n in range(80)]
    Person.objects.bulk_create(people)
    Attendee.objects.bulk_create(Attendee(session=morning, person=person, number=n, turn=n, came=morning.began) for n, person in enumerate(people, 10))
    with CaptureQueriesContext(connection) as many:
        client.get(url(morning, "ban/"))
    assert len(many) <= len(few) <= 32, [query["sql"][:110] for query in many]
    with CaptureQueriesContext(connection) as giving:
        enters(client, morning, "Trần Hà My")
    assert Immunization.objects.filter(on=DAY).count() == 2 and len(giving) <= 260, len(giving)
    with CaptureQueriesContext(connection) as listing:
        client.get(url(morning))
    assert len(listing) <= 45, len(listing)


def test_closing_names_the_lot_that_does_not_balance(morning, cast, enter):
    client = enter("nurse")
    enters(client, morning, "Trần Hà My")
    let_time_pass(morning)
    assert "không phản ứng" in client.post(url(morning, f"ban/{at(morning, 'Trần Hà My').pk}/"), {"act": "release"}, **FRAGMENT).content.decode()
    page = client.get(url(morning, "dong/")).content.decode()
    typed = dict(re.findall(r'name="((?:nhan|dung|huy)-[0-9a-f-]+)" value="(\d+)"', page))
    assert typed[f"huy-{VaccineLot.objects.get(number='OPV01').pk}"] == "19"
    wrong = client.post(url(morning, "dong/"), {**typed, f"huy-{VaccineLot.objects.get(number='OPV01').pk}": "12"})
    assert wrong.status_code == 422 and "còn 7 liều chưa rõ ở đâu" in wrong.content.decode() and 'value="12"' in wrong.content.decode()
    assert client.post(url(morning, "dong/"), typed).status_code == 302 and Session.objects.get().state == "closed"
    absent = client.get("/tiem-chung/buoi/vang-mat/").content.decode()
    assert "Nguyễn Minh Khôi" in absent and "Trần Hà My" not in absent
    assert client.post(f"/tiem-chung/buoi/vang-mat/{at(morning, 'Nguyễn Minh Khôi').pk}/", {"contact": "call", "note": "về quê"}).status_code == 302
    assert "đã gọi điện" in client.get("/tiem-chung/buoi/vang-mat/").content.decode() and "về quê" in client.get("/tiem-chung/buoi/vang-mat/").content.decode()
    diary = client.get("/so/vaccination-diary/", {"as": "csv"}).content.decode("utf-8-sig")
    assert "OPV 20 liều - OPV01 - 30/06/2027" in diary and "20,20,19" in diary.replace(";", ",").replace('"', "")


def test_a_plan_is_made_on_the_page_and_people_are_added_and_taken_off(child, stock, cast, enter):
    first, older = child(), child("Vũ Mai Phương", born=datetime.date(1990, 1, 2), sex="F")
    stock("OPV", 20, 20)
    client = enter("nurse")
    assert "Thôn Đông Hạ (1)" in client.get("/tiem-chung/buoi/moi/").content.decode()
    fields = {"on": "05/06/2026", "starts": "7h30", "facility": cast.station.pk, "tables": "1", "hamlets": [cast.hamlets[0].pk], "vaccines": []}
    assert client.post("/tiem-chung/buoi/moi/", {**fields, "hamlets": []}).status_code == 422
    assert "đã qua" in client.post("/tiem-chung/buoi/moi/", {**fields, "on": "01/06/2026"}).content.decode()
    assert "còn hơn một năm nữa" in client.post("/tiem-chung/buoi/moi/", {**fields, "on": "05/06/2062"}).content.decode() and not Session.objects.exists()
    assert client.post("/tiem-chung/buoi/moi/", fields).status_code == 302
    session = Session.objects.get()
    page = client.get(url(session)).content.decode()
    assert "DPT-VGB-Hib (5 trong 1): cần 1 liều, kho chỉ còn 0 liều" in page and str(first) in page and session.starts == "07:30"
    assert client.post(url(session, "viec/"), {"act": "add", "q": "mai phuong 1990"}).status_code == 302
    assert client.post(url(session, "viec/"), {"act": "remove", "attendee": at(session, str(first)).pk}).status_code == 302
    assert client.post(url(session, "viec/"), {"act": "refresh"}).status_code == 302
    assert [one.person for one in people_of(session)] == [older]
    assert "đã có trong danh sách, số" in client.post(url(session, "viec/"), {"act": "add", "person": older.pk}).content.decode()
    assert "hẹn ngày 05/06/2026, hôm nay 03/06/2026" in client.post(url(session, "viec/"), {"act": "open", "screener": "Hùng", "injector": "Lan", "recorder": "Lan", "staff": "3"}).content.decode()
    assert client.post(url(session, "viec/"), {"act": "move", "on": "03/06/2026", "reason": "trùng ngày họp"}).status_code == 302 and Session.objects.get().on == DAY


def test_opening_keeps_the_doses_that_were_typed_and_takes_no_more_than_the_store_holds(child, stock, plan, enter):
    child()
    lot, session, client = stock("OPV", 40, 20), plan(), enter("nurse")
    fields = {"act": "open", "screener": "Hùng", "injector": "Lan", "recorder": "Lan", "staff": "3"}
    for typed, more, words in (("abc", {}, "“abc” không phải số liều"), ("60", {}, "ghi mang 60 liều, kho chỉ còn 40 liều"), ("7", {"staff": "ba"}, "“ba” không phải là số nguyên")):
        answer = client.post(url(session, "viec/"), {**fields, f"nhan-{lot.pk}": typed, **more})
        assert answer.status_code == 422 and words in answer.content.decode() and f'name="nhan-{lot.pk}" value="{typed}"' in answer.content.decode()
    assert client.post(url(session, "viec/"), {**fields, f"nhan-{lot.pk}": "40"}).status_code == 302


def test_what_the_family_refused_is_said_at_the_table_and_ticked_by_hand(morning, cast, enter):
    row = at(morning, "Trần Hà My")
    immunization.record_not_given(by=cast.nurse, person=row.person, kind="refused", group="", on=datetime.date(2026, 5, 20), reason="lo ngại phản ứng")
    page = enter("nurse").get(url(morning, f"ban/?nguoi={row.pk}")).content.decode()
    assert "gia đình từ chối 20/05/2026" in page and 'value="OPV" checked' not in page
    assert "Chưa chọn mũi nào" in enters(enter("nurse"), morning, "Trần Hà My", give=[]).content.decode()


@pytest.mark.parametrize(("day", "words"), [("31/02/2027", "không có ngày 31"), ("01/01/2020", "phải sau ngày tiêm 03/06/2026"), ("01/01/2099", "không quá hai năm")])
def test_a_wrong_day_of_return_is_asked_again_where_it_was_typed(morning, enter, day, words):
    answer = enters(enter("nurse"), morning, "Trần Hà My", temperature="382", confirmed="sốt 38,2 °C", until=day)
    body = answer.content.decode()
    assert answer.status_code == 422 and words in body and f'name="until" value="{day}"' in body and 'name="confirmed"' in body and not NotGiven.objects.exists()


def test_invitations_and_messages(morning, cast, enter):
    import pypdfium2

    document = pypdfium2.PdfDocument(enter("village_worker").get(f"/tiem-chung/buoi/thon/{morning.hamlets.get().pk}/thu-moi.pdf").content)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "DANH SÁCH MỜI TIÊM CHỦNG" in text and "Trần Hà My" in text and "Thứ Tư ngày 03/06/2026" in text
    assert enter("village_worker").get(url(morning)).status_code in (403, 404)
    page = enter("nurse").get(url(morning, "tin-nhan/"))
    assert "Moi Tran Ha My den tiem chung luc 07h30 Thu Tu 03/06/2026 tai Tram Y te xa Dong Van. Mang theo so tiem." in page.content.decode()
    assert b"Moi Nguyen Minh Khoi" in enter("nurse").get(url(morning, "tin-nhan/"), {"as": "csv"}).content
    assert AuditEntry.objects.filter(action="export_csv", model="vaccination.attendee").exists()


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_a_message_is_one_sms_and_names_no_illness(morning, count):
    row = people_of(morning)[0]
    home = inviting.Invited([Attendee(person=Person(full_name=f"Nguyễn Hoàng Phương Thảo Nguyên {'I' * n}"), number=n) for n in range(1, count + 1)])
    row.session.site = "Nhà văn hóa thôn Đông Thượng, xã Đồng Vân, tỉnh Ninh Bình"
    text = inviting.message(home, row.session)
    assert len(text) <= 160 and text.isascii() and "03/06/2026" in text and "Nha van hoa" in text


@pytest.mark.parametrize(("opened", "hours", "words"), [("07:30", 6, "đến 13:30"), ("07:30", 24, "hết buổi"), ("20:00", 6, "hết buổi")])
def test_until_when_a_vial_may_be_used_is_said(opened, hours, words):
    at = datetime.datetime.combine(DAY, datetime.time.fromisoformat(opened), clock.ZONE)
    assert Opened(Vial(opened=at, usable_until=at + datetime.timedelta(hours=hours), doses=10), 0).until == words


@pytest.mark.parametrize(("expected", "tables", "vaccines", "said"), [(50, 1, 4, False), (51, 1, 4, True), (100, 1, 1, False), (101, 1, 1, True), (100, 2, 4, False), (101, 2, 4, True)])
def test_a_crowd_is_pointed_out(expected, tables, vaccines, said):
    assert bool(crowded(Session(tables=tables, vaccines=""), expected, vaccines)) == said
