"""Every page of the menu is sound for whoever may open it: axe, console, policy, requests, 1366x768 and 360x740."""

import pytest

PAGES = [
    ("giamdoc", ["/", "/nguoi-dan/", "/nguoi-dan/moi/", "/so/residents/", "/so/households/", "/so/residents/nhap/", "/he-thong/",
                 "/he-thong/tai-khoan/", "/he-thong/tai-khoan/moi/", "/he-thong/nhat-ky/", "/he-thong/viec/", "/he-thong/ung-dung/", "/he-thong/ung-dung/moi/", "/he-thong/ung-dung/tai-lieu/", "/mat-khau/", "/huong-dan/", "/huong-dan/bat-dau/"]),
    ("bacsi", ["/", "/so/checkups/", "/so/checkups/moi/", "/so/coverages/", "/so/station-techniques/", "/tim/?q=nguyen", "/tim/?q=khong-co-ai"]),
    ("thon01", ["/", "/nguoi-dan/", "/chi-tieu/", "/nhiem-vu/", "/nhiem-vu/nhac-viec/"]),
    ("vanhoa", ["/", "/chi-dao/", "/nhiem-vu/", "/nhiem-vu/moi/", "/bao-cao/", "/chi-tieu/?xep=van-ban"]),
    ("soyte", ["/", "/chi-tieu/", "/bao-cao/"]),
    ("quantri", ["/", "/he-thong/"]),
]


@pytest.mark.parametrize(("login", "path"), [(login, path) for login, paths in PAGES for path in paths])
def test_a_page_is_sound(people_of, login, path):
    people_of(login).goes(path).looks()


def test_the_menu_offers_only_what_may_be_opened(people_of):
    """Greyed-out entries and 403 after a click do not exist: each entry of each role's menu opens."""
    for login in ("giamdoc", "dieuduong", "thon01", "vanhoa", "chutich", "soyte", "quantri"):
        visitor = people_of(login).goes("/")
        for href in [link.get_attribute("href") for link in visitor.page.locator("#menu a").all()]:
            visitor.fetches(href)
