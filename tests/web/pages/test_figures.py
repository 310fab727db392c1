"""Số liệu chỉ tiêu: figures of any kept period, by hamlet with interval, against the level given; no person, no private figure of a hamlet."""

import re

import pytest

from tramyte.care.maternal.year import PRIVATE_LISTS
from tramyte.care.people.models import Person, Residence
from tramyte.engine import clock
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.indicators.models import Result
from tramyte.governance.targets.models import Target

pytestmark = pytest.mark.django_db
NOW, PAST = "2026-06", "2026-05"


@pytest.fixture
def counted(cast):
    """Figures of stunting, of tests for HIV and of the sex ratio in two hamlets, this month and the last."""
    results.refresh(["DD02", "BM03", "DS01"])
    Result.objects.all().delete()
    for code, place, period, met, all_ in (
            ("DD02", 0, NOW, 3, 12), ("DD02", 1, NOW, 0, 5), ("DD02", 0, PAST, 4, 11), ("BM03", 0, NOW, 1, 2), ("DS01", 0, NOW, 2, 2), ("DS01", 1, NOW, 1, 4)):
        Result.objects.create(
            indicator=code, place=cast.hamlets[place], period=period, group_kind="", group="", numerator=met, denominator=all_, unknown=0, definition_version=INDICATORS[code].version,
            as_of=clock.today(), computed_at=clock.now(), watermark=0)
    return cast


def cells(page: str, heading: str) -> list[str]:
    """The words of the row that begins with a heading."""
    row = next(one for one in re.findall(r"<tr>(.*?)</tr>", page, re.S) if heading in one.split("</th>")[0])
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<td.*?</td>", row, re.S)]


def test_prevalence_by_hamlet_with_interval_and_their_sum(counted, enter):
    page = enter("officer").get("/chi-tieu/so-lieu/DD02/").content.decode()
    assert cells(page, str(counted.commune))[:2] == ["17", "3"]
    first, second = (cells(page, str(hamlet)) for hamlet in counted.hamlets[:2])
    assert first[:3] == ["12", "3", "0"] and first[3].startswith("25,0") and "8,9" in first[3], "Wilson: 8,9 to 53,2 %"
    assert second[:2] == ["5", "0"]
    assert cells(page, "05/2026")[:2] == ["11", "4"]


def test_the_level_given_stands_beside_the_figure(counted, enter):
    Target.objects.create(place=counted.commune, indicator="DD02", comparator="<", value=16, unit="%", phrase="Thấp còi dưới 16%", year=2026, given_on="2026-01-15", confirmed_on="2026-01-15", confirmed_by=counted.officer)
    page = enter("chairman").get("/chi-tieu/so-lieu/").content.decode()
    assert "17,6" in cells(page, "DD02")[3] and "&lt; 16,0" in cells(page, "DD02")[4] and "chưa đạt" in cells(page, "DD02")[4]


def test_another_period_and_one_that_is_not_kept(counted, enter):
    client = enter("officer")
    assert cells(client.get("/chi-tieu/so-lieu/?ky=2026-05").content.decode(), "DD02")[:2] == ["11", "4"]
    assert cells(client.get("/chi-tieu/so-lieu/DD02/?ky=2026-Q2").content.decode(), str(counted.commune))[:2] == ["17", "3"], "a quarter as its last month stands"
    for asked in ("2027-01", "2019-05", "abc"):
        answer = client.get(f"/chi-tieu/so-lieu/?ky={asked}")
        assert answer.status_code == 404 and "năm nay và năm trước" in answer.content.decode()
    assert client.get("/chi-tieu/so-lieu/DD99/").status_code == 404


def test_a_month_without_data_says_so(counted, enter):
    assert cells(enter("officer").get("/chi-tieu/so-lieu/DD02/?ky=2025-03").content.decode(), str(counted.commune))[0] == "không có đối tượng"


def test_few_births_are_said_and_no_infinity_is_a_number(counted, enter):
    page = enter("officer").get("/chi-tieu/so-lieu/DS01/").content.decode()
    assert "Ít trẻ nên chưa kết luận được" in page and "∞" in page and "inf" not in re.sub(r"<[^>]+>", "", page).split()


def test_what_only_some_may_see_of_a_hamlet_is_not_told_to_others(counted, enter):
    for role in ("chairman", "officer"):
        client = enter(role)
        page = client.get("/chi-tieu/so-lieu/BM03/").content.decode()
        assert cells(page, str(counted.commune))[:2] == ["2", "1"] and "Theo thôn" not in page
        code = counted.hamlets[0].code
        assert client.get(f"/chi-tieu/so-lieu/BM03/?thon={code}").status_code == 404
        assert not PRIVATE_LISTS & set(re.findall(r"so-lieu/(\w+)/", client.get(f"/chi-tieu/so-lieu/?thon={code}").content.decode()))
    assert "Theo thôn" in enter("nurse").get("/chi-tieu/so-lieu/BM03/").content.decode()


def test_no_name_for_figures_only_and_the_way_to_the_list_for_others(counted, enter):
    person = Person.objects.create(full_name="Nguyễn Thị Kín", birth_date="2024-01-05", sex="F", hamlet=counted.hamlets[0])
    Residence.objects.create(person=person, place=counted.hamlets[0], kind="permanent", start="2024-01-05")
    results.refresh(["DD07"])
    for role in ("chairman", "officer"):
        page = enter(role).get("/chi-tieu/so-lieu/DD07/").content.decode()
        assert "Nguyễn Thị Kín" not in page and "Danh sách có tên" not in page
    assert "/dinh-duong/danh-sach/DD07/" in enter("nurse").get("/chi-tieu/so-lieu/DD07/").content.decode()


def test_the_worker_of_a_hamlet_sees_the_own_hamlet(counted, enter):
    page = enter("village_worker").get("/chi-tieu/so-lieu/DD02/").content.decode()
    assert cells(page, str(counted.hamlets[0]))[:2] == ["12", "3"] and str(counted.hamlets[1]) not in page
