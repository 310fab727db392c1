"""The period picker: every period by a link that keeps the rest of the address, a range of days, the period before and after."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tramyte.engine.refused import Refused
from tramyte.engine.registers import picker, registry
from tramyte.rules.calendar import Period

periods = st.one_of(
    st.builds(Period.year, st.integers(1901, 2198)), st.builds(Period.half, st.integers(1901, 2198), st.integers(1, 2)),
    st.builds(Period.quarter, st.integers(1901, 2198), st.integers(1, 4)), st.builds(Period.month, st.integers(1901, 2198), st.integers(1, 12)))


@given(periods)
def test_the_following_period_is_the_one_whose_previous_this_is(period):
    assert picker.following(period).previous() == period and picker.following(period).kind == period.kind


def picked(query):
    return picker.picker(registry.get("checkups"), QueryDict(query))


def test_links_keep_the_rest_of_the_address_and_drop_page_and_range():
    found = picked("kind=periodic&sort=-on&from=01/01/2026&to=02/01/2026&page=7&as=pdf")
    assert found["words"] == "từ 01/01/2026 đến 02/01/2026" and (found["from"], found["to"]) == ("01/01/2026", "02/01/2026")
    links = [found["whole"], *(one["url"] for kind in ("years", "halves", "quarters", "months") for one in found[kind])]
    for link in links:
        params = QueryDict(link[1:])
        assert (params["kind"], params["sort"]) == ("periodic", "-on") and not {"from", "to", "page", "as"} & params.keys()
    assert found["kept"] == [("kind", "periodic"), ("sort", "-on")]
    assert QueryDict(found["months"][2]["url"][1:])["period"] == "2026-03"


@pytest.mark.parametrize(("query", "words", "before", "after"), [
    ("period=2026-01", "Tháng 1 năm 2026", "2025-12", "2026-02"), ("period=2026-Q4", "Quý IV năm 2026", "2026-Q3", "2027-Q1"), ("period=2024", "Năm 2024", "2023", "2025"),
    ("period=2026-H2", "6 tháng cuối năm 2026", "2026-H1", "2027-H1")])
def test_the_period_before_and_after(query, words, before, after):
    found = picked(query)
    assert found["words"] == words and QueryDict(found["before"]["url"][1:])["period"] == before and QueryDict(found["after"]["url"][1:])["period"] == after
    assert [one["url"] for kind in ("years", "halves", "quarters", "months") for one in found[kind] if one["current"]] == [f"?period={query[7:]}"]


def test_without_a_period_the_whole_book_and_this_year():
    found = picked("")
    assert (found["words"], found["before"], found["asked"], found["year"], found["date"], found["whole"]) == ("Mọi ngày", None, False, 2026, "Ngày khám", "?view=0")
    assert picker.picker(registry.get("households"), QueryDict("")) is None


@pytest.mark.parametrize("query", ["period=thang", "period=2026-13", "from=32/01/2026"])
def test_a_period_that_cannot_be_read_is_refused(query):
    with pytest.raises(Refused):
        picked(query)


def test_a_far_period_is_told_by_its_name(cast, enter):
    page = enter("nurse").get("/so/checkups/", {"period": "2019-Q2"})
    assert page.status_code == 200 and "Kỳ: <b>Quý II năm 2019</b>" in page.content.decode()
    assert enter("nurse").get("/so/checkups/", {"period": "2019-Q9"}).status_code == 422
