"""A new commune's hamlets, facilities and units come from spreadsheets, all of a file or nothing."""

import pytest

from tramyte.engine.access.operator import operator
from tramyte.engine.access.rights import visible
from tramyte.engine.places.lists import load_file
from tramyte.engine.places.models import Facility, OrgUnit, Place
from tramyte.engine.refused import Refused

HAMLETS = "Mã xã,Mã thôn,Tên thôn,Từ ngày\n00001,00001.04,Thôn Mới,01/08/2025\n00001,00001.05,Thôn Bãi,\n"


def load(which, text):
    return load_file(which, by=operator(), name=f"{which}.csv", content=text.encode("utf-8-sig"))


def test_hamlets_are_written_once(cast):
    assert load("hamlets", HAMLETS) == 2
    assert load("hamlets", HAMLETS) == 0
    new = Place.objects.get(code="00001.04")
    assert (new.name, new.parent, str(new.valid_from), new.path) == ("Thôn Mới", cast.commune, "2025-08-01", f"{cast.commune.path}{new.pk.hex}/")
    assert new in visible(cast.director, Place.objects.all())
    assert new not in visible(cast.stranger, Place.objects.all())


def test_facilities_and_units(cast):
    assert load("facilities", "Mã địa bàn,Loại,Mã cơ sở,Tên cơ sở\n00001.01,trường học,TH1,Trường A\n") == 1
    assert load("units", "Mã địa bàn,Mã,Tên đơn vị\n00001,phunu,Hội Phụ nữ xã\n") == 1
    assert Facility.objects.get(code="TH1").kind == "school"
    assert OrgUnit.objects.get(code="phunu").place == cast.commune


@pytest.mark.parametrize(("which", "text", "words"), [
    ("hamlets", "Mã xã,Tên thôn\n00001,A\n", "thiếu cột Mã thôn"),
    ("hamlets", HAMLETS + "00001,00001.06,\n", "dòng 4: thiếu Tên thôn"),
    ("hamlets", HAMLETS + "77777,77777.01,Lạ\n", "không có địa bàn mã 77777"),
    ("hamlets", HAMLETS + "00001,x,Lạ\n", "Mã thôn phải bắt đầu"),
    ("hamlets", HAMLETS + "00001,00001.07,Lạ,31/31/2025\n", "31/31/2025"),
    ("facilities", "Mã địa bàn,Loại,Mã cơ sở,Tên cơ sở\n00001,chợ,C,Chợ\n", "loại “chợ” không có"),
])
def test_a_fault_is_named_and_nothing_is_written(cast, which, text, words):
    before = Place.objects.count(), Facility.objects.count()
    with pytest.raises(Refused, match=words.replace("(", r"\(")):
        load(which, text)
    assert (Place.objects.count(), Facility.objects.count()) == before
