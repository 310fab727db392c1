"""The pages of roles, delegation and emergency openings, as their users meet them."""

import datetime
import re

import pytest

from tramyte.care.health_record.actions import Line, record_part
from tramyte.care.people.actions import create_household
from tramyte.care.people.models import Identifier, Person
from tramyte.engine.access.models import Assignment, Delegation, Opening, User
from tramyte.engine.audit.models import AuditEntry

DAY = datetime.date
NUMBER = "037156000777"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def outside(cast):
    """Somebody of the neighbouring commune with a number."""
    person = Person.objects.create(full_name="Kha Thị Liền Kề", birth_date=DAY(1956, 1, 1), sex="F", hamlet=cast.other_hamlet, phone="0912345678")
    Identifier.objects.create(person=person, kind="national", value=NUMBER)
    return person


def test_a_role_is_given_and_taken_back_with_a_reason(cast, enter):
    client = enter("director")
    page = text(client.get("/he-thong/phan-quyen/"))
    assert "Lê Thị Lan" in page and "Xã Đồng Vân" in page and "Ngô Văn Minh" not in page
    given = {"user": cast.nurse.pk, "role": "village_worker", "place": cast.hamlet.pk, "valid_from": "03/06/2026", "valid_to": "30/06/2026"}
    refused = client.post("/he-thong/phan-quyen/", given)
    assert refused.status_code == 422 and "Hãy ghi lý do" in text(refused) and "30/06/2026" in text(refused)
    assert client.post("/he-thong/phan-quyen/", {**given, "reason": "trực thay thôn"}).status_code == 302
    row = Assignment.objects.get(user=cast.nurse, role="village_worker")
    assert row.valid_to == DAY(2026, 6, 30)
    assert client.post(f"/he-thong/phan-quyen/{row.pk}/thu-hoi/", {"reason": "x"}).status_code == 422
    assert client.post(f"/he-thong/phan-quyen/{row.pk}/thu-hoi/", {"reason": "thôn có người mới"}).status_code == 302
    row.refresh_from_db()
    assert row.entered_in_error and row.error_reason == "thôn có người mới"
    assert set(AuditEntry.objects.filter(object_id=str(row.pk)).values_list("note", flat=True)) == {"trực thay thôn", "thôn có người mới"}


def test_what_each_role_may_is_a_table_in_words(enter):
    page = text(enter("director").get("/he-thong/phan-quyen/bang/"))
    assert "Xem hồ sơ người dân" in page and "Chủ tịch, Phó Chủ tịch UBND xã" in page and "chỉ số liệu" in page


def test_a_part_is_lent_shown_to_both_and_taken_back(cast, enter):
    client = enter("director")
    source = Assignment.objects.get(user=cast.director)
    typed = {"assignment": source.pk, "taker": cast.nurse.pk, "permissions": ["reports.approve"], "valid_from": "03/06/2026", "valid_to": "", "reason": "nghỉ phép năm"}
    refused = client.post("/uy-quyen/", typed)
    assert refused.status_code == 422 and "luôn có hạn" in text(refused)
    assert client.post("/uy-quyen/", {**typed, "valid_to": "10/06/2026"}).status_code == 302
    assert "Bạn đã ủy quyền cho Lê Thị Lan đến hết 10/06/2026" in text(client.get("/"))
    assert "thay mặt Nguyễn Thị Hạnh đến hết 10/06/2026" in text(enter("nurse").get("/"))
    assert "Duyệt, trả lại và khóa báo cáo" in text(client.get("/uy-quyen/"))
    assert "nghỉ phép năm" not in text(enter("clinician").get("/uy-quyen/")), "it is nobody else's business"
    row = Delegation.objects.get()
    assert enter("clinician").post(f"/uy-quyen/{row.pk}/thu-hoi/", {"reason": "đã đi làm lại"}).status_code == 404
    assert enter("director").post(f"/uy-quyen/{row.pk}/thu-hoi/", {"reason": "đã đi làm lại"}).status_code == 302
    assert "thay mặt" not in text(enter("nurse").get("/"))


def test_somebody_of_another_place_is_opened_looked_at_and_reviewed(cast, enter, outside):
    client, url = enter("nurse"), f"/nguoi-dan/{outside.pk}/"
    assert client.get(url).status_code == 404
    typed = {"number": NUMBER, "kind": "emergency", "words": "hôn mê, cần biết dị ứng thuốc"}
    for wrong, said in (({"words": "xem"}, "Hãy ghi rõ lý do"), ({"kind": ""}, "Hãy chọn một lý do"), ({"number": "037156000999"}, "Không thấy đúng một người"), ({"number": ""}, "Hãy gõ số định danh")):
        refused = client.post("/mo-khan-cap/", {**typed, **wrong})
        assert refused.status_code == 422 and said in text(refused), wrong
    assert AuditEntry.objects.filter(action="miss_emergency", username="nurse").count() == 1
    assert client.post("/mo-khan-cap/", typed).headers["Location"] == url
    page = text(client.get(url))
    assert "Kha Thị Liền Kề" in page and "Mở khẩn cấp đến" in page and f"{url}sua/" not in page
    assert "dị ứng thuốc" in AuditEntry.objects.filter(action="view", username="nurse", object_id=str(outside.pk)).first().note
    assert client.get(f"{url}dien-thoai/").status_code == 200
    assert client.get(f"{url}sua/").status_code == 404, "looking is not writing"
    assert "Kha Thị" not in text(client.get("/so/residents/"))
    assert enter("clinician").get(url).status_code == 404
    assert "1 lần mở khẩn cấp chờ soát" in text(enter("director").get("/"))
    listed = text(enter("director").get("/he-thong/mo-khan-cap/"))
    assert "dị ứng thuốc" in listed and "Kha Thị" not in listed, "the reviewer of the other place sees the reason, not the person"
    row = Opening.objects.get()
    assert enter("director").post(f"/he-thong/mo-khan-cap/{row.pk}/", {"verdict": "justified"}).status_code == 302
    assert "chờ soát" not in text(enter("director").get("/"))
    Opening.objects.update(until=row.opened_at)
    assert enter("nurse").get(url).status_code == 404


def open_record(enter, outside, who="nurse"):
    client = enter(who)
    client.post("/mo-khan-cap/", {"number": NUMBER, "kind": "emergency", "words": "hôn mê, cần biết dị ứng thuốc"})
    return client, f"/nguoi-dan/{outside.pk}/"


def test_every_link_of_a_record_opened_in_an_emergency_leads_somewhere(cast, enter, outside):
    record_part(by=cast.stranger, person=outside, part="allergy", lines=[Line(code="medication", detail="Penicillin, sốc")])
    home = create_household(by=cast.stranger, hamlet=outside.hamlet, number="0077", members=[(Person.objects.get(pk=outside.pk), "Chủ hộ")])
    client, url = open_record(enter, outside)
    page = client.get(url).content.decode()
    body = page.split("<main", 1)[1].split("</main>", 1)[0]
    links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', body)}
    assert f"{url}ho-so-suc-khoe/" in links and all(client.get(link).status_code == 200 for link in links), links
    assert "Hộ 0077" in page and str(home.pk) not in page and "/moi/" not in body
    record = client.get(f"{url}ho-so-suc-khoe/").content.decode()
    assert "Penicillin, sốc" in record and "Mở khẩn cấp đến" in record and "hx-get" not in record.split("<main", 1)[1] and "mau-831.pdf" not in record
    assert "mở khẩn cấp" in AuditEntry.objects.filter(action="view", username="nurse", note__startswith="hồ sơ sức khỏe").first().note
    assert client.get(f"{url}ho-so-suc-khoe/allergy/").status_code == 404 and client.get(f"{url}ho-so-suc-khoe/mau-831.pdf").status_code == 404
    assert enter("clinician").get(f"{url}ho-so-suc-khoe/").status_code == 404


def test_an_opening_that_was_not_justified_ends_at_once(cast, enter, outside):
    client, url = open_record(enter, outside)
    row = Opening.objects.get()
    enter("director").post(f"/he-thong/mo-khan-cap/{row.pk}/", {"verdict": "unjustified", "words": "không phải cấp cứu, chỉ tò mò"})
    assert client.get(url).status_code == 404 and client.get(f"{url}ho-so-suc-khoe/").status_code == 404
    assert Opening.objects.get().until == Opening.objects.get().reviewed_at


def test_who_is_of_the_own_place_is_opened_in_the_ordinary_way(cast, enter, outside):
    Person.objects.filter(pk=outside.pk).update(hamlet=cast.hamlet)
    answer = enter("nurse").post("/mo-khan-cap/", {"full_name": "kha thi lien ke", "birth": "01/01/1956", "kind": "emergency", "words": "hôn mê, cần biết dị ứng thuốc"})
    assert answer.headers["Location"] == f"/nguoi-dan/{outside.pk}/" and not Opening.objects.exists()


def test_the_last_manager_is_told_what_to_do(cast, enter):
    User.objects.filter(pk=cast.admin.pk).update(is_active=False)
    director = Assignment.objects.get(user=cast.director)
    Assignment.objects.create(user=cast.clinician, role="admin", place=cast.commune, valid_from=DAY(2025, 7, 1), valid_to=DAY(2026, 7, 1))
    answer = enter("clinician").post(f"/he-thong/phan-quyen/{director.pk}/thu-hoi/", {"reason": "nghỉ việc"})
    assert answer.status_code == 409 and "người cuối cùng quản lý tài khoản" in text(answer)
