"""The catalogue as dated versions, and what a station does of it."""

import datetime

import pytest

from tramyte.engine.access.operator import operator
from tramyte.engine.refused import Refused
from tramyte.station.techniques import codes, queries
from tramyte.station.techniques.actions import cancel_station_technique, record_station_technique
from tramyte.station.techniques.models import StationTechnique, Technique, TechniqueList

SINCE = datetime.date(2025, 7, 1)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def technique(cast):
    codes.load_short(by=operator(), valid_from=SINCE)
    return Technique.objects.get(code="TYT.003")


def test_the_short_catalogue_is_sound():
    lines = codes.read_lines(codes.SHORT.name, codes.SHORT.read_bytes())
    assert 100 <= len(lines) <= 150
    assert len({code for code, _, _ in lines}) == len({name for _, name, _ in lines}) == len(lines)


def test_a_catalogue_twice_changes_nothing_and_a_new_one_ends_the_old(cast, technique):
    made, count = codes.load_short(by=operator())
    assert (count, TechniqueList.objects.count(), made.verified) == (0, 1, False)
    content = "Mã,Tên kỹ thuật,Nhóm\n1.1,Đo huyết áp,Khám\n1.2,Khâu vết thương,Ngoại\n".encode()
    new, count = codes.load_file(by=operator(), name="dm.csv", content=content, source="QĐ 1", valid_from=day("2026-01-01"))
    assert (count, new.source) == (2, "QĐ 1")
    assert queries.catalogue(day("2025-12-31")) == made and queries.catalogue(day("2026-01-01")) == new
    assert queries.techniques(day("2026-06-01")).count() == 2
    with pytest.raises(Refused, match="hiệu lực từ 01/01/2026"):
        codes.load_file(by=operator(), name="dm.csv", content=content + b"1.3,Khac,\n", valid_from=day("2025-12-01"))


@pytest.mark.parametrize(("content", "words"), [
    ("Mã,Giá\n1,2\n", "thiếu cột"), ("Mã,Tên kỹ thuật\n,Đo\n", "dòng 2"), (f"Mã,Tên kỹ thuật\n{'1' * 21},Đo\n", "20 ký tự"),
])
def test_a_bad_list_says_where(cast, content, words):
    with pytest.raises(Refused, match=words):
        codes.load_file(by=operator(), name="dm.csv", content=content.encode())
    assert not TechniqueList.objects.exists()


@pytest.mark.shared
def test_the_long_list_is_taken(cast, shared):
    file = shared / "data" / "services" / "dvkt_commune_level.csv"
    _, count = codes.load_file(by=operator(), name=file.name, content=file.read_bytes())
    assert count == 862


def test_a_station_line_lives_and_is_read_by_day(cast, technique):
    row = record_station_technique(by=cast.director, facility=cast.station, technique=technique, approved_on=SINCE, performed_from=day("2025-08-01"))
    assert queries.performed(cast.station, day("2026-06-03")).get() == row
    assert not queries.performed(cast.station, day("2025-07-31")).exists() and queries.approved(cast.station, day("2025-07-31")).exists()
    record_station_technique(by=cast.director, id=row.pk, seen_version=1, performed_until=day("2026-05-31"), reason="thiếu máy")
    assert not queries.performed(cast.station, day("2026-06-03")).exists()
    cancel_station_technique(by=cast.director, id=row.pk, reason="nhầm trạm")
    assert not queries.approved(cast.station, day("2026-06-03")).exists()


@pytest.mark.parametrize(("fields", "field"), [
    ({"approved_on": day("2026-06-04")}, "approved_on"), ({"performed_from": day("2026-06-04")}, "performed_from"),
    ({"withdrawn_on": day("2025-06-30")}, "withdrawn_on"), ({"performed_until": day("2026-01-01")}, "performed_from"),
    ({"performed_from": day("2026-01-01"), "performed_until": day("2025-12-31")}, "performed_until"),
])
def test_days_in_a_wrong_order_are_refused(cast, technique, fields, field):
    with pytest.raises(Refused) as refused:
        record_station_technique(**{"by": cast.director, "facility": cast.station, "technique": technique, "approved_on": SINCE, **fields})
    assert refused.value.field == field and not StationTechnique.objects.exists()


@pytest.mark.parametrize("role", ["nurse", "officer", "chairman", "supervisor", "stranger", "admin"])
def test_others_may_not_write(cast, technique, role):
    with pytest.raises(Refused):
        record_station_technique(by=cast.users[role], facility=cast.station, technique=technique, approved_on=SINCE)
    assert not StationTechnique.objects.exists()
