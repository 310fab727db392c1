"""The units of Vietnam through time."""

import csv
import datetime

import pytest

from tramyte.engine.places.models import Place, Succession
from tramyte.engine.places.national import load_units
from tramyte.engine.places.queries import below, by_code, commune_of, hamlets_of


@pytest.fixture
def national(db):
    return load_units()


def test_todays_and_yesterdays_units_are_loaded_once(national):
    today = Place.objects.filter(valid_to=None)
    assert (today.filter(kind="province").count(), today.filter(kind="commune").count()) == (34, 3321)
    assert Place.objects.filter(kind="commune").exclude(valid_to=None).count() > 10_000
    assert load_units() == 0


def test_a_merged_commune_knows_its_origins(national):
    merged = by_code("11887", datetime.date(2026, 1, 1))
    assert merged.name == "Xã Vĩnh Am" and merged.parent.name == "Thành phố Hải Phòng"
    origins = {link.predecessor.name for link in merged.origins.select_related("predecessor")}
    assert origins == {"Xã Tam Cường", "Xã Cao Minh", "Xã Liên Am"}


def test_a_code_is_read_by_the_day(national):
    assert by_code("11887", datetime.date(2025, 6, 30)) is None or by_code("11887", datetime.date(2025, 6, 30)).name != "Xã Vĩnh Am"


@pytest.mark.shared
def test_units_and_successions_equal_the_shared_list(national, shared):
    with (shared / "data/admin/communes_2025.csv").open(encoding="utf-8") as file:
        expected = {row["commune_code"]: row["province_code"] for row in csv.DictReader(file)}
    found = dict(Place.objects.filter(kind="commune", valid_to=None).values_list("code", "parent__code"))
    assert found == expected
    with (shared / "data/admin/old_to_new_communes.csv").open(encoding="utf-8") as file:
        pairs = {(row["old_commune_code"], row["new_commune_code"], row["how"] == "whole") for row in csv.DictReader(file)}
    ours = set(Succession.objects.values_list("predecessor__code", "successor__code", "whole"))
    assert len(pairs - ours) <= len(pairs) // 100, sorted(pairs - ours)[:10]


def test_places_below_and_above(cast):
    assert {p.code for p in below(cast.commune)} == {"00001", "00001.01", "00001.02", "00001.03"}
    assert cast.other_hamlet not in below(cast.commune)
    assert [p.name for p in hamlets_of(cast.commune, datetime.date(2026, 1, 1))] == ["Thôn Đông Hạ", "Thôn Vân Sơn", "Thôn Trung Lập"]
    assert not hamlets_of(cast.commune, datetime.date(2025, 6, 30))
    assert commune_of(cast.hamlets[0]) == cast.commune
