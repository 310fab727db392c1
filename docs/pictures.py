"""`make docs`: take the pictures of README and of the user guide from a fresh demo commune, as a user sees it.

Writes docs/pictures/*.png and docs/huong-dan/pictures/SLUG.png (one for each page of the guide). Needs Chromium, and
tests/browser on PYTHONPATH: its stage serves the commune.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import papers
import stage
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PEOPLE = 12_000
LARGEST = 250 * 1024


@contextmanager
def commune() -> Iterator[Callable[[str], stage.Visitor]]:
    """A demo commune; answers a function that signs a login in, once."""
    with stage.served(PEOPLE) as made, sync_playwright() as playwright:
        browser, known = stage.launch(playwright), {}

        def signed_in(username: str) -> stage.Visitor:
            if username not in known:
                known[username] = stage.visitor(browser, made, username)
            return known[username]
        yield signed_in
        browser.close()


def take(visitor: stage.Visitor, *names: str) -> None:
    """One picture of what the visitor sees, kept under these names; a page with a fault gives none."""
    page = visitor.page
    page.wait_for_load_state("networkidle")
    assert not visitor.faults, visitor.faults
    content = page.screenshot()
    assert len(content) <= LARGEST, f"{names}: {len(content) // 1024} KB"
    for name in names:
        target = HERE / f"{name}.png"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        print(f"docs/{name}.png {len(content) // 1024} KB")


def of_the_officer(officer: stage.Visitor) -> None:
    """A directive under review, and a target with its hamlets."""
    officer.goes("/chi-dao/moi/")
    officer.page.get_by_label("Hoặc dán nội dung").fill(papers.OWN_PLAN)
    officer.clicks("Đọc văn bản")
    take(officer, "pictures/van-ban", "huong-dan/pictures/van-ban")
    officer.goes("/chi-tieu/")
    take(officer, "pictures/bang-chi-tieu")
    officer.page.locator("table.tg tbody tr").filter(has_text=re.compile("bảo hiểm y tế")).filter(has=officer.page.locator("td b")).first.get_by_role("link").first.click()
    officer.page.wait_for_load_state("load")
    take(officer, "pictures/chi-tieu", "huong-dan/pictures/chi-tieu")
    officer.goes("/nhiem-vu/")
    take(officer, "huong-dan/pictures/nhiem-vu")


def of_the_nurse(nurse: stage.Visitor) -> None:
    """Work of the day, the named list, a person, the books."""
    nurse.goes("/")
    take(nurse, "pictures/viec-hom-nay", "huong-dan/pictures/bat-dau")
    nurse.page.keyboard.press("/")
    nurse.page.keyboard.type("nguyen van an 1956")
    nurse.page.locator("[data-found] a").first.wait_for()
    take(nurse, "huong-dan/pictures/tim-nguoi")
    nurse.page.locator("[data-found] a").first.click()
    nurse.page.wait_for_load_state("load")
    take(nurse, "pictures/ho-so")
    nurse.goes("/so/checkups/")
    take(nurse, "huong-dan/pictures/kham-suc-khoe")


def of_one_person(nurse: stage.Visitor) -> None:
    """A person's health record and rights, a visit to the household, the list of cards to renew."""
    nurse.goes("/tim/?q=nguyen van an 1956")
    person = nurse.page.locator('main a[href^="/nguoi-dan/"]').first.get_attribute("href") or ""
    nurse.goes(f"{person}ho-so-suc-khoe/")
    take(nurse, "huong-dan/pictures/ho-so-suc-khoe")
    nurse.goes(person)
    nurse.page.locator('a[href^="/nguoi-dan/ho/"]').first.click()
    nurse.clicks("Thăm hộ")
    take(nurse, "huong-dan/pictures/tham-ho")
    nurse.goes("/nguoi-dan/bhyt/?trong=60")
    take(nurse, "huong-dan/pictures/bao-hiem")


def of_mothers_and_children(nurse: stage.Visitor) -> None:
    """A vaccination table at work, the nutrition of the hamlets, a pregnancy under care."""
    nurse.goes("/dinh-duong/")
    take(nurse, "huong-dan/pictures/dinh-duong")
    nurse.goes("/thai-san/").page.locator("main table a").first.click()
    nurse.page.wait_for_load_state("load")
    take(nurse, "huong-dan/pictures/ba-me-tre-em")
    nurse.goes("/tiem-chung/buoi/").page.get_by_role("link", name="Mở buổi").click()
    nurse.page.wait_for_url(re.compile("#mo-buoi"))
    nurse.page.keyboard.press("m")
    nurse.page.wait_for_url(re.compile("/ban/$"))
    for number in range(1, 7):
        nurse.page.keyboard.type(str(number))
        nurse.page.keyboard.press("Enter")
        nurse.page.locator(".t-board-said", has_text=f"thứ tự {number}.").wait_for()
    nurse.page.keyboard.press("Escape")
    for _ in range(2):
        name = nurse.page.locator(".t-panel h2 a").inner_text()
        nurse.page.keyboard.type("368")
        nurse.page.keyboard.press("Enter")
        nurse.page.locator(".t-board-said", has_text=f"Đã tiêm {name}").wait_for()
    take(nurse, "pictures/buoi-tiem", "huong-dan/pictures/tiem-chung")


def of_doubles(nurse: stage.Visitor) -> None:
    """Two records of one man side by side, after somebody entered him once more."""
    page = nurse.page
    nurse.goes("/tim/?q=nguyen van an 1956")
    first = page.locator('main a[href^="/nguoi-dan/"]').first.get_attribute("href") or ""
    nurse.goes(f"{first}sua/")
    known = {label: page.get_by_label(label, exact=True).first.input_value() for label in ("Họ và tên", "Ngày sinh")}
    nurse.goes("/nguoi-dan/moi/")
    nurse.expected = {422}
    for label, text in {**known, "Điện thoại": "0501 234 567", "Nghề nghiệp": "Thợ mộc"}.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Nam", exact=True).check()
    page.get_by_label("Thôn", exact=True).select_option(label="Thôn Đông Hạ")
    page.keyboard.press("Control+Enter")
    page.locator("[name=confirmed]").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/nguoi-dan/.{36}/$"))
    second, nurse.expected = page.url.split("/")[-2], set()
    nurse.goes("/nguoi-dan/nghi-trung/").clicks("Tìm hồ sơ trùng")
    page.get_by_text(re.compile("Tìm thấy .* cặp")).first.wait_for(timeout=240_000)
    nurse.goes("/nguoi-dan/nghi-trung/")
    page.locator(f"a[href*='{second}']", has_text="So hai hồ sơ").first.click()
    page.wait_for_load_state("load")
    take(nurse, "huong-dan/pictures/trung-ho-so")


def of_the_books(nurse: stage.Visitor) -> None:
    """A book with its columns to choose from, and one's own account."""
    nurse.goes("/so/residents/").clicks("Cột", exact=True)
    take(nurse, "huong-dan/pictures/so")
    nurse.goes("/tai-khoan/")
    take(nurse, "huong-dan/pictures/tai-khoan")


def of_the_house(director: stage.Visitor) -> None:
    """What the director alone keeps: rights of a person, a hamlet's change, connected programs."""
    director.goes("/tim/?q=nguyen van an 1956")
    person = director.page.locator('main a[href^="/nguoi-dan/"]').first.get_attribute("href")
    director.goes(f"{person}quyen/")
    take(director, "huong-dan/pictures/quyen-du-lieu")
    director.goes("/he-thong/dia-ban/").page.locator("main a.who").first.click()
    director.clicks("Đổi tên, chuyển xã, nhập thôn").clicks("Nhập vào thôn khác")
    take(director, "huong-dan/pictures/dia-ban")
    director.goes("/he-thong/ung-dung/moi/")
    for label, words in (("Tên ứng dụng", "HIS bệnh viện huyện"), ("Ai phụ trách", "anh Nam, 0912 345 678")):
        director.page.get_by_label(label).fill(words)
    director.page.get_by_label("Xem chỉ tiêu, số liệu tổng hợp").check()
    director.clicks("Nối và tạo khóa").clicks("Đã chép khóa")
    take(director, "huong-dan/pictures/ung-dung")


def of_the_director(director: stage.Visitor, tmp: Path) -> None:
    """An import looked at before it is written, the techniques, a report, the accounts."""
    director.goes("/so/residents/nhap/")
    director.page.locator("input[type=file]").set_input_files(str(tmp))
    director.page.get_by_role("button", name=re.compile("Xem trước")).click()
    director.page.wait_for_load_state("load")
    take(director, "huong-dan/pictures/nhap-excel")
    director.goes("/so/station-techniques/")
    take(director, "huong-dan/pictures/ky-thuat")
    director.goes("/he-thong/tai-khoan/")
    take(director, "huong-dan/pictures/quan-tri")
    director.goes("/bao-cao/").clicks("6 tháng đầu năm 2026")
    director.clicks("Lập báo cáo")
    take(director, "pictures/bao-cao", "huong-dan/pictures/bao-cao")


def of_the_chairman(chairman: stage.Visitor) -> None:
    """The one page."""
    chairman.goes("/dieu-hanh/")
    take(chairman, "pictures/dieu-hanh", "huong-dan/pictures/chu-tich")


def residents_file(folder: Path) -> Path:
    """A spreadsheet of invented residents as a hamlet sends it, with lines that cannot be taken."""
    path = folder / "thon-dong-ha.csv"
    lines = [
        "Họ và tên,Giới tính,Ngày sinh,Thôn,Số hộ,Số định danh cá nhân,Số điện thoại",
        "Trần Thị Hạt,Nữ,12/04/1988,Thôn Đông Hạ,0901,099188000451,0501234567",
        "Lê Văn Kê,Nam,30/02/1990,Thôn Đông Hạ,0901,099090000452,",
        "Đặng Thị Lụa,Nữ,1954,Thôn Vân Sơn,0902,09915400045,",
        "Phạm Văn Mây,Nam,05/03/2019,Thôn Vân Sơn,0902,,",
        "Vũ Thị Nếp,Nữ,17/09/2027,Thôn Vân Sơn,0903,,",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def main() -> int:
    """Take them all. Answers 1 when there is no browser."""
    if stage.ABSENT:
        print(stage.ABSENT, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, commune() as people:
        for part in (of_the_nurse, of_one_person, of_the_books, of_mothers_and_children, of_doubles):
            part(people("dieuduong"))
        of_the_chairman(people("chutich"))
        of_the_officer(people("vanhoa"))
        of_the_house(people("giamdoc"))
        of_the_director(people("giamdoc"), residents_file(Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
