"""The menu: what a role may open, grouped; folded groups stay folded but never hide the page one is on."""

import re

import pytest

GROUP = re.compile(r'<details class="t-group" data-group="programmes"( open)?>.*?</details>', re.DOTALL)


def menu(enter, username, address="/", closed=""):
    client = enter(username)
    client.cookies["closed"] = closed
    page = client.get(address).content.decode()
    return page[page.index('id="menu"'):page.index("</nav>", page.index('id="menu"'))]


def test_the_programmes_stand_under_one_heading(enter):
    found = menu(enter, "nurse")
    group = GROUP.search(found)
    assert group and group[1] and found.count("<details") == 1
    inside = re.findall(r"<span>(.*?)</span>", group[0])
    assert inside[0] == "Chương trình" and {"Tiêm chủng", "Thai sản, dân số", "Dinh dưỡng trẻ em"} <= set(inside)
    assert "Người dân" not in inside and "Chỉ tiêu" not in inside


@pytest.mark.parametrize("username", ["chairman", "admin"])
def test_few_lines_need_no_heading(enter, username):
    assert "<details" not in menu(enter, username)


@pytest.mark.parametrize(("address", "closed", "open_", "current"), [
    ("/", "programmes", False, "Việc hôm nay"), ("/", "khac", True, "Việc hôm nay"),
    ("/dinh-duong/", "programmes", True, "Dinh dưỡng trẻ em"), ("/tiem-chung/buoi/", "programmes", True, "Buổi tiêm"), ("/tiem-chung/", "", True, "Tiêm chủng"),
])
def test_a_folded_group_opens_for_the_page_one_is_on(enter, address, closed, open_, current):
    found = menu(enter, "nurse", address, closed)
    assert bool(GROUP.search(found)[1]) == open_
    assert re.findall(r'title="([^"]*)" aria-current="page"', found) == [current]
