"""An empty home says what to do: the first page with commune and account, then the steps on Việc hôm nay."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from tramyte.care.people.models import Person
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.audit import chain
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.web import setup_code
from tramyte.web.pages import first_run


def text(answer):
    return answer.content.decode()


@pytest.fixture
def land(db, monkeypatch):
    """A small land instead of the 3,321 communes: two of one name in two provinces, one phường."""
    monkeypatch.setattr(first_run, "load_units", lambda: 0)
    since = "2025-07-01"
    made = {}
    for code, name in (("31", "Thành phố Hải Phòng"), ("37", "Tỉnh Ninh Bình")):
        made[code] = Place.objects.create(code=code, name=name, kind="province", valid_from=since, source="bịa")
    for code, name, province in (("00001", "Xã Đồng Vân", "37"), ("00002", "Xã Bình Sơn", "37"), ("00003", "Xã Bình Sơn", "31"), ("00004", "Phường Hoa Lư", "37")):
        made[code] = Place.objects.create(code=code, name=name, kind="commune", parent=made[province], valid_from=since, source="bịa")
    yield made
    setup_code.forget(settings.HOME)


def typed(**changes):
    return {"setup_code": setup_code.of(settings.HOME), "commune": "Xã Đồng Vân", "full_name": "Lê Thị Lan", "username": "lethilan", "role": "director", **changes}


@pytest.mark.parametrize("address", ["/", "/dang-nhap/", "/nhiem-vu/", "/he-thong/"])
def test_every_page_of_an_empty_home_leads_to_the_first(land, client, address):
    shown = text(client.get(address, follow=True))
    assert "Bắt đầu với một xã mới" in shown
    assert str(setup_code.path(settings.HOME)) in shown
    assert setup_code.of(settings.HOME) not in shown, "only who can read the machine's own files knows it"


def test_the_first_account_is_made_and_signs_in(land, client):
    answer = client.post("/bat-dau/", typed())
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    password = re.search(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", text(answer))[0]
    held = Assignment.objects.get()
    assert (held.user.username, held.role, held.place, held.unit.code) == ("lethilan", "director", land["00001"], "tyt")
    assert {unit.code: unit.name for unit in OrgUnit.objects.all()} == {"ubnd": "Ủy ban nhân dân xã", "vhxh": "Phòng Văn hóa - Xã hội", "tyt": "Trạm Y tế xã"}
    assert not setup_code.path(settings.HOME).exists()
    assert chain.verify().broken_at is None
    assert client.post(reverse("login"), {"username": "lethilan", "password": password}).status_code == 302
    assert client.get("/bat-dau/").status_code == 302
    assert client.post("/bat-dau/", typed(username="kesau")).status_code == 302
    assert User.objects.count() == 1


@pytest.mark.parametrize(("changes", "words"), [
    ({"setup_code": ""}, "Mã cài đặt không đúng"), ({"setup_code": "sai-sai-sai"}, "Mã cài đặt không đúng"), ({"role": "chairman"}, "Hãy chọn vai trò"),
    ({"commune": ""}, "Hãy ghi tên hoặc mã xã"), ({"commune": "Xã Không Có"}, "Không có xã, phường nào tên"), ({"commune": "99999"}, "Không có xã, phường nào mang mã"),
    ({"commune": "37"}, "Không có xã, phường nào mang mã"), ({"commune": "Bình Sơn"}, "00002 Xã Bình Sơn, Tỉnh Ninh Bình"), ({"username": "Lê"}, "Tên đăng nhập gồm"),
    ({"full_name": ""}, "Hãy ghi họ và tên"),
])
def test_what_is_wrong_is_said_and_nothing_is_made(land, client, changes, words):
    answer = client.post("/bat-dau/", typed(**changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert (User.objects.count(), OrgUnit.objects.count()) == (0, 0)


@pytest.mark.parametrize(("words", "code"), [
    ("00004", "00004"), ("hoa lu", "00004"), ("Phường Hoa Lư", "00004"), ("Bình Sơn, Hải Phòng", "00003"), ("xã bình sơn, ninh bình", "00002"),
])
def test_a_commune_is_found_by_code_name_and_province(land, client, words, code):
    client.post("/bat-dau/", typed(commune=words, role="admin"))
    assert Assignment.objects.get().place.code == code


def test_a_ward_has_the_offices_of_a_ward(land, client):
    client.post("/bat-dau/", typed(commune="00004"))
    assert OrgUnit.objects.get(code="tyt").name == "Trạm Y tế phường"


def test_the_first_home_page_says_each_step_and_marks_what_is_done(land, client):
    client.post("/bat-dau/", typed())
    user = User.objects.get()
    User.objects.update(must_change_password=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    shown = text(client.get("/"))
    for step in ("Ghi các thôn", "Ghi trạm y tế", "Tạo tài khoản cho mọi người", "Nhập danh sách người dân", "Nhập văn bản chỉ đạo"):
        assert step in shown
    client.post(reverse("system-place-new", args=["hamlets"]), {"place": str(land["00001"].pk), "code": "00001.01", "name": "Thôn Một"})
    assert "1 thôn" in text(client.get("/")), "a step shows at once, not after the next composing"


def test_a_commune_at_work_sees_no_first_steps(cast, enter):
    assert "Bắt đầu với xã này" in text(enter("director").get("/"))
    assert "Bắt đầu với xã này" not in text(enter("nurse").get("/")), "they can do nothing about it"
    Person.objects.create(full_name="Nguyễn Văn An", birth_date="1970-01-01", sex="M", hamlet=cast.hamlet)
    assert "Bắt đầu với xã này" not in text(enter("director").get("/"))
