"""Hamlets, facilities and units: written and corrected by form, loaded from files, by those who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.documents.spreadsheet import read_table
from tramyte.engine.places.models import Facility, OrgUnit, Place

HOME = "/he-thong/dia-ban/"
WRITERS = ("admin", "director", "officer")


def text(answer):
    return answer.content.decode()


def csv(words, name="thon.csv"):
    return SimpleUploadedFile(name, words.encode("utf-8-sig"))


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize(("which", "words"), [("hamlets", "Thôn Đông Hạ"), ("facilities", "Điểm trạm Vân Sơn"), ("units", "Công an xã"), ("rác", "Thôn Đông Hạ")])
def test_the_lists_show_what_there_is(cast, enter, role, which, words):
    shown = text(enter(role).get(HOME, {"danh-sach": which}))
    assert words in shown
    assert "Thôn Xa" not in shown


def test_a_hamlet_is_added_with_the_next_code(cast, enter):
    client, address = enter("admin"), reverse("system-place-new", args=["hamlets"])
    assert 'value="00001.04"' in text(client.get(address))
    answer = client.post(address, {"place": str(cast.commune.pk), "code": "00001.04", "name": "Thôn  Bãi", "valid_from": "01/08/2025", "valid_to": ""})
    assert answer.url == f"{HOME}?danh-sach=hamlets"
    made = Place.objects.get(code="00001.04")
    assert (made.name, made.parent, made.kind, str(made.valid_from)) == ("Thôn Bãi", cast.commune, "hamlet", "2025-08-01")
    assert AuditEntry.objects.filter(object_id=str(made.pk), username="admin").exists()
    again = client.post(address, {"place": str(cast.commune.pk), "code": "00001.05", "name": "Thôn Sau", "next": "1"})
    assert again.url == address


def test_a_facility_in_a_hamlet_and_a_unit_with_other_names(cast, enter):
    client = enter("director")
    client.post(reverse("system-place-new", args=["facilities"]), {"place": str(cast.hamlet.pk), "kind": "school", "code": "TH1", "name": "Trường A"})
    assert Facility.objects.get(code="TH1").place == cast.hamlet
    client.post(reverse("system-place-new", args=["units"]), {"place": str(cast.commune.pk), "code": "phunu", "name": "Hội Phụ nữ", "aliases": "Hội LHPN xã; ; Hội phụ nữ xã"})
    assert OrgUnit.objects.get(code="phunu").aliases == ["Hội LHPN xã", "Hội phụ nữ xã"]
    client.post(reverse("system-place-new", args=["units"]), {"place": str(cast.commune.pk), "code": "", "name": "Đoàn Thanh niên xã"})
    assert OrgUnit.objects.filter(code="doan-thanh-nien-xa").exists()


@pytest.mark.parametrize(("which", "changes", "words"), [
    ("hamlets", {"name": " "}, "Hãy ghi tên thôn"), ("hamlets", {"code": ""}, "Hãy ghi mã thôn"), ("hamlets", {"code": "00001.01"}, "đang dùng cho Thôn Đông Hạ"),
    ("hamlets", {"code": "99999.01"}, "Mã thôn phải bắt đầu"), ("hamlets", {"place": "rác"}, "Hãy chọn địa bàn"), ("hamlets", {"origin": "rác"}, "Xã cũ đã chọn không có"), ("hamlets", {"valid_from": "31/02/2025"}, "Từ ngày"),
    ("hamlets", {"valid_from": "02/01/2026", "valid_to": "01/01/2026"}, "Ngày kết thúc trước"), ("facilities", {"code": "C1", "kind": "chợ"}, "Mục đã chọn không có"),
    ("units", {"code": "tyt"}, "đang dùng cho Trạm Y tế xã"), ("units", {"code": "x" * 31}, "30"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, enter, which, changes, words):
    counts = Place.objects.count(), Facility.objects.count(), OrgUnit.objects.count()
    typed = {"place": str(cast.commune.pk), "code": "00001.09", "name": "Tên Riêng Biệt", "kind": "site", **changes}
    answer = enter("admin").post(reverse("system-place-new", args=[which]), typed)
    assert answer.status_code == 422
    assert words in text(answer)
    assert typed["name"].strip() in text(answer)
    assert counts == (Place.objects.count(), Facility.objects.count(), OrgUnit.objects.count())


def test_a_name_is_corrected_and_a_hamlet_ends(cast, enter):
    client, address = enter("admin"), reverse("system-place", args=["hamlets", cast.hamlet.pk])
    assert "Thôn Đông Hạ" in text(client.get(address))
    client.post(address, {"version": "1", "name": "Thôn Đông Hạ Mới", "valid_from": "01/07/2025", "valid_to": "31/05/2026", "code": "00001.77"})
    cast.hamlet.refresh_from_db()
    assert (cast.hamlet.name, cast.hamlet.code, str(cast.hamlet.valid_to)) == ("Thôn Đông Hạ Mới", "00001.01", "2026-05-31")
    late = client.post(address, {"version": "1", "name": "Khác", "valid_from": "01/07/2025"})
    assert late.status_code == 409


@pytest.mark.parametrize("role", ["admin", "director"])
def test_what_lies_elsewhere_is_not_there(cast, enter, role):
    client = enter(role)
    assert client.get(reverse("system-place", args=["hamlets", cast.other_hamlet.pk])).status_code == 404
    assert client.get(reverse("system-place", args=["units", cast.hamlet.pk])).status_code == 404
    assert client.get("/he-thong/dia-ban/tinh/moi/").status_code == 404


def test_a_file_is_loaded_whole_or_not_at_all(cast, enter):
    client, address = enter("admin"), reverse("system-places-load", args=["hamlets"])
    bad = client.post(address, {"file": csv("Mã xã,Mã thôn,Tên thôn\n00001,00001.04,Thôn Bãi\n00001,x,Lạ\n")})
    assert bad.status_code == 422
    assert "dòng 3" in text(bad)
    assert not Place.objects.filter(code="00001.04").exists()
    good = client.post(address, {"file": csv("Mã xã,Mã thôn,Tên thôn\n00001,00001.04,Thôn Bãi\n00001,00001.01,Thôn Đông Hạ\n")}, follow=True)
    assert "Đã ghi 1 thôn mới" in text(good)
    assert "Thôn Bãi" in text(good)


@pytest.mark.parametrize(("file", "words"), [
    (None, "Hãy chọn tệp"), (csv("", "rong.csv"), "rong.csv"), (csv("Mã xã,Mã thôn,Tên thôn\n00002,00002.09,Thôn Lấn\n"), "địa bàn"), (csv("Mã xã,Tên thôn\n00001,A\n"), "thiếu cột Mã thôn"),
])
def test_a_file_that_cannot_be_taken_gets_a_sentence(cast, enter, file, words):
    answer = enter("admin").post(reverse("system-places-load", args=["hamlets"]), {"file": file} if file else {})
    assert answer.status_code == 422
    assert words in text(answer)


@pytest.mark.parametrize("which", ["hamlets", "facilities", "units"])
def test_the_template_can_be_loaded_as_it_is(cast, enter, which):
    client = enter("admin")
    answer = client.get(reverse("system-places-template", args=[which]))
    assert read_table("mau.xlsx", answer.content).rows
    loaded = client.post(reverse("system-places-load", args=[which]), {"file": SimpleUploadedFile("mau.xlsx", answer.content)}, follow=True)
    assert loaded.status_code == 200


@pytest.mark.parametrize("role", ["nurse", "clinician", "chairman", "unit", "village_worker", "supervisor"])
def test_others_write_none(cast, enter, role):
    client = enter(role)
    for address in (HOME, reverse("system-place-new", args=["units"]), reverse("system-places-load", args=["units"])):
        assert client.get(address).status_code == 403
