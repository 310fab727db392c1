"""The six steps of the main job, from a directive to named people and the report, each by the person who does it."""

import re
import sqlite3
from pathlib import Path

import papers
import pytest

BHYT = re.compile("bảo hiểm y tế")


def names_of(commune) -> list[str]:
    """The full names of the people in the demo, read behind the server's back."""
    with sqlite3.connect(f"file:{commune.home}/tramyte.sqlite3?mode=ro", uri=True) as base:
        return sorted({name for (name,) in base.execute("SELECT full_name FROM people_person")})


def logins_of(commune) -> set[str]:
    with sqlite3.connect(f"file:{commune.home}/tramyte.sqlite3?mode=ro", uri=True) as base:
        return {name for (name,) in base.execute("SELECT full_name FROM access_user")}


def number(text: str) -> int:
    return int(text.replace(".", ""))


def opens_coverage(person) -> None:
    """To the page of the target that the coverage indicator measures, through the table of targets."""
    person.goes("/").clicks("Chỉ tiêu", exact=True)
    row = person.page.locator("table.tg tbody tr").filter(has_text=BHYT).filter(has=person.page.locator("td b")).first
    row.get_by_role("link").first.click()
    person.page.wait_for_url(re.compile("/chi-tieu/.{36}/"))


def figures_of(person) -> tuple[int, int]:
    """Numerator and denominator of the coverage target, as the page shows them."""
    opens_coverage(person)
    found = re.search(r"([\d.]+)/([\d.]+) người", person.text())
    return number(found.group(1)), number(found.group(2))


# 1. A fresh machine

def test_the_terminal_gives_the_address_and_the_logins(commune):
    assert f"http://localhost:{commune.url.rpartition(':')[2]}/" in commune.said
    for login in ("giamdoc", "dieuduong", "vanhoa", "chutich", "thon01"):
        assert login in commune.said
    assert str(commune.home) in commune.said


def test_the_sign_in_page_shows_the_logins_of_the_demo(browser, commune):
    import stage

    guest = stage.visitor(browser, commune).goes("/")
    assert "Tài khoản của bản demo" in guest.text() and commune.password in guest.text()
    guest.page.get_by_role("button", name="vanhoa", exact=True).click()
    assert guest.page.get_by_label("Tên đăng nhập", exact=True).input_value() == "vanhoa"
    guest.looks()


# 2. The officer takes a directive

def reads(officer, *, file: Path | None = None, text: str = "") -> None:
    officer.goes("/chi-dao/").clicks("Nhập văn bản")
    if file:
        officer.page.get_by_label("Tệp văn bản").set_input_files(str(file))
    else:
        officer.page.get_by_label("Hoặc dán nội dung").fill(text)
    officer.clicks("Đọc văn bản")
    officer.page.wait_for_url(re.compile("/ra-soat/"))


def sees_text_beside_items(officer) -> None:
    page, item = officer.page, officer.page.locator("#open")
    mark = page.locator("article.doc mark.now")
    assert mark.count() >= 1 and item.is_visible()
    assert mark.first.bounding_box()["x"] < item.bounding_box()["x"]


def corrects_one(officer) -> None:
    """The deadline of the first task is another day; what was typed is what is accepted."""
    officer.page.locator("article.doc mark sup a", has_text="N1").first.click()
    officer.page.locator("#open").get_by_text("N1").first.wait_for()
    officer.page.locator("#open").get_by_label("Hạn (chậm nhất)").fill("25/06/2026")
    if not officer.page.locator("#open select[name=owner_unit]").first.input_value():
        officer.page.locator("#open select[name=owner_unit]").first.select_option(label="Trạm Y tế xã")
    officer.clicks("Lưu", exact=True)
    assert officer.page.locator("#open").get_by_label("Hạn (chậm nhất)").input_value() == "25/06/2026"


def waiting(officer, tab: str) -> int:
    """The count on a tab of the review."""
    return int(re.search(r"\d+", officer.page.get_by_role("link", name=re.compile(tab)).first.inner_text()).group())


def gives_an_owner(officer) -> None:
    """Work without a unit is kept and gets one."""
    officer.page.get_by_role("link", name=re.compile("Chưa có đơn vị")).click()
    before = waiting(officer, "Chưa có đơn vị")
    officer.page.locator("#open").get_by_label("Giao cho đơn vị").select_option(label="Phòng Văn hóa - Xã hội")
    officer.page.locator("#open").get_by_role("button", name=re.compile("Giao việc")).click()
    officer.page.wait_for_load_state("load")
    assert waiting(officer, "Chưa có đơn vị") == before - 1


def accepts_the_rest_and_issues(officer) -> None:
    officer.page.get_by_role("link", name=re.compile("Chờ rà soát")).click()
    officer.page.get_by_text("thêm cả đơn vị mới").click()
    officer.clicks("Nhận cả")
    for _ in range(12):
        if not waiting(officer, "Chờ rà soát"):
            break
        # "các đơn vị được giao nhiệm vụ" is no unit of the commune: such work stays open and a person chooses
        officer.page.get_by_role("link", name=re.compile("Chờ rà soát")).click()
        officer.page.locator("#open").get_by_label(re.compile("Thêm đơn vị|Chọn đơn vị")).select_option(label="Trạm Y tế xã")
        officer.page.locator("#open").get_by_role("button", name=re.compile("^Nhận")).click()
        officer.page.wait_for_load_state("load")
    assert waiting(officer, "Chờ rà soát") == 0
    officer.clicks("Giao việc")
    officer.page.wait_for_url(re.compile("/chi-dao/.{36}/$"))


@pytest.mark.shared
def test_officer_takes_the_real_plan_from_word(people_of, shared, tmp_path):
    officer = people_of("vanhoa")
    reads(officer, file=papers.as_word(papers.REAL.read_text(encoding="utf-8"), tmp_path / "vinh-am.docx"))
    assert "Đã đọc xong" in officer.text() and "Vĩnh Am, ngày" in officer.text()
    sees_text_beside_items(officer)
    corrects_one(officer)
    gives_an_owner(officer)
    accepts_the_rest_and_issues(officer)
    said = officer.text()
    assert all(words in said for words in ("Nhiệm vụ", "Chỉ tiêu", "Việc văn bản không nêu đơn vị", "25/06/2026"))
    officer.looks()


def test_officer_takes_a_plan_of_the_commune_from_word(people_of, tmp_path):
    officer = people_of("vanhoa")
    reads(officer, file=papers.as_word(papers.OWN_PLAN, tmp_path / "ke-hoach-61.docx"))
    sees_text_beside_items(officer)
    officer.looks()
    corrects_one(officer)
    gives_an_owner(officer)
    officer.looks()
    accepts_the_rest_and_issues(officer)
    officer.looks()
    said = officer.text()
    assert "Kế hoạch 61/KH-UBND" in said and "25/06/2026" in said and "Đỗ Văn Thành" in said


def test_officer_pastes_a_directive_and_leaves_it_for_later(people_of):
    officer = people_of("vanhoa")
    reads(officer, text=papers.own_document("chi-thi-xa-chien-dich-he"))
    assert "trên 90% số hộ" in officer.text()
    officer.clicks("Lưu, làm sau")
    assert "Đang rà soát" in officer.text()
    officer.looks()


def test_officer_uploads_a_pdf(people_of, tmp_path):
    officer = people_of("vanhoa")
    reads(officer, file=papers.as_pdf(papers.own_document("thong-bao-xa-ket-luan-giao-ban"), tmp_path / "ket-luan.pdf"))
    assert "3.400 hồ sơ sức khỏe điện tử" in officer.text()
    officer.page.locator("#open").wait_for()


def test_the_same_words_in_another_file_are_noticed(people_of):
    officer = people_of("vanhoa").goes("/chi-dao/moi/")
    officer.expected = {409, 422}
    officer.page.get_by_label("Hoặc dán nội dung").fill(papers.OWN_PLAN)
    officer.clicks("Đọc văn bản")
    assert "Chưa lưu được" in officer.text() and "61/KH-UBND" in officer.text()
    officer.looks()
    officer.expected = set()


# 3. Chỉ tiêu

def test_officer_sees_figures_by_hamlet_and_no_names(people_of, commune):
    officer = people_of("vanhoa").goes("/chi-tieu/")
    officer.looks()
    assert all(words in officer.text() for words in ("Giao", "Hiện đạt", "Còn thiếu", "Trạng thái", "Chưa ghi nhận trong hệ thống"))
    opens_coverage(officer)
    said = officer.text()
    assert re.search(r"Còn thiếu [\d.]+ người", said) and "Theo thôn" in said and "An Lạc" in said and "Dự báo" in said
    officer.looks()
    people = set(names_of(commune)) - logins_of(commune)
    officer.expected = {403}
    for address in (officer.page.url, officer.page.url + "danh-sach/"):
        html = officer.goes(address).page.content()
        assert not [name for name in people if name in html], address
    assert "Danh sách này có tên người" in officer.text()
    officer.looks()
    officer.expected = set()


def test_officer_exports_the_targets(people_of):
    officer = people_of("vanhoa").goes("/chi-tieu/")
    with officer.page.expect_download() as kept:
        officer.page.get_by_role("link", name="Xuất XLSX").click()
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(kept.value.path()).get_sheet_by_index(0).to_python()
    assert any(BHYT.search(str(cell)) for row in rows for cell in row)
    pages = papers.pdf_pages(officer.fetches(officer.page.get_by_role("link", name="In", exact=True).get_attribute("href") and "/chi-tieu/xuat/pdf/"))
    assert BHYT.search(pages[0])


def test_officer_assigns_a_hamlet_to_its_village_worker(people_of):
    officer = people_of("vanhoa")
    opens_coverage(officer)
    row = officer.page.locator("#giao tbody tr").filter(has_text="Đông Hạ")
    row.get_by_role("combobox").select_option(label="Phạm Thị Mơ")
    row.get_by_role("button", name="Giao thôn này").click()
    officer.page.wait_for_load_state("load")
    assert "Phạm Thị Mơ" in officer.page.locator("#giao tbody tr").filter(has_text="Đông Hạ").locator("td").nth(1).inner_text()
    worker = people_of("thon01").goes("/nhiem-vu/?cua-toi=1")
    assert "Đông Hạ" in worker.text()
    worker.looks()


def test_nurse_sees_the_names_and_prints_them(people_of):
    nurse = people_of("dieuduong")
    opens_coverage(nurse)
    nurse.clicks("Mở danh sách")
    assert "Nguyễn Văn An" in nurse.text() and "lần mở này được ghi nhật ký" in nurse.text()
    nurse.looks()
    href = nurse.page.get_by_role("link", name="In danh sách").get_attribute("href")
    address = nurse.page.url.split("?")[0].replace(nurse.url, "")
    pages = papers.pdf_pages(nurse.fetches(href if href.startswith("/") else address + href))
    assert "Nguyễn Văn An" in " ".join(pages) and "1956" in " ".join(pages)


def test_village_worker_sees_only_the_own_hamlet(people_of):
    worker = people_of("thon01")
    opens_coverage(worker)
    worker.clicks("Mở danh sách")
    places = set(worker.page.locator("table tbody tr td:nth-child(4)").all_inner_texts())
    assert places == {"Thôn Đông Hạ"}
    worker.looks()


# 4. One card renewed

def test_nurse_renews_a_card_with_the_keyboard_and_the_figure_moves(people_of):
    nurse = people_of("dieuduong")
    met, all_people = figures_of(nurse)
    nurse.clicks("Mở danh sách")
    listed = number(re.search(r"([\d.]+) người chưa có thẻ", nurse.text()).group(1))
    nurse.goes("/")
    keys, page = nurse.page.keyboard, nurse.page
    keys.press("/")
    keys.type("nguyen van an 1956")
    page.locator("[data-found] a", has_text="Nguyễn Văn An").wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url(re.compile("/nguoi-dan/.{36}/$"))
    assert "Nguyễn Văn An" in nurse.text() and "Hết hạn BHYT 30/04/2026" in nurse.text() and "70 tuổi" in nurse.text()
    nurse.looks()
    keys.press("g")
    page.wait_for_url(re.compile("/gia-han/"))
    page.get_by_label("Giá trị từ ngày").fill("01/06/2026")
    page.get_by_label("Giá trị đến hết ngày").fill("31/05/2027")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile("/nguoi-dan/.{36}/(#bhyt)?$"))
    assert "Đã gia hạn thẻ BHYT đến 31/05/2027" in nurse.text()
    nurse.looks()
    assert figures_of(nurse) == (met + 1, all_people)
    nurse.clicks("Mở danh sách")
    assert number(re.search(r"([\d.]+) người chưa có thẻ", nurse.text()).group(1)) == listed - 1
    assert "Nguyễn Văn An" not in " ".join(nurse.page.locator("table tbody th").all_inner_texts())


# 5. The six-month report

def test_director_sends_the_six_month_report(people_of):
    director = people_of("giamdoc").goes("/")
    director.looks()
    director.clicks("Báo cáo", exact=True)
    director.looks()
    line = director.page.locator("tr", has_text="6 tháng đầu năm 2026")
    assert "09/06/2026" in line.first.inner_text()  # "trước ngày 10 tháng 6"
    line.first.get_by_role("link").first.click()
    director.page.wait_for_load_state("load")
    assert "trước ngày 10 tháng 6" in director.text()
    director.looks()
    director.clicks("Lập báo cáo")
    director.page.wait_for_url(re.compile("/bao-cao/.{36}/$"))
    said = director.text()
    assert "Tỷ lệ bao phủ bảo hiểm y tế" in said and "Nhiệm vụ quá hạn" in said and "Nguồn số liệu" in said
    assert re.search(r"[\d.]+/[\d.]+ \d+,\d%", said)
    director.looks()
    fills_the_blanks(director)
    director.clicks("Gửi báo cáo")
    assert "Đang chờ duyệt" in director.text()
    director.looks()
    keeps_the_files(director)


def fills_the_blanks(director) -> None:
    """The causes are a person's words; figures in the text stay tied to their lists; a slow save of itself is waited for."""
    director.clicks("Sửa mục IV")
    director.page.evaluate(
        "() => { const sent = fetch; window.fetch = (...words) => sent(...words).then("
        "answer => new Promise(done => setTimeout(() => done(answer), 1500))) }")
    editor = director.page.locator("[data-section] [contenteditable], [data-section] textarea:visible").first
    editor.click()
    director.page.keyboard.press("Control+A")
    director.page.keyboard.type("Một số hộ đi làm ăn xa nên chưa gia hạn thẻ kịp thời.")
    with director.page.expect_request(re.compile("/muc/problems/")):
        pass  # it saves itself; the person clicks before the answer is there
    with director.page.expect_navigation():
        director.clicks("Lưu mục này")
    assert "Một số hộ đi làm ăn xa" in director.text()


def keeps_the_files(director) -> None:
    with director.page.expect_download() as kept:
        director.page.get_by_role("link", name="Word", exact=True).click()
    word = papers.word_text(Path(kept.value.path()).read_bytes())
    pdf = "\n".join(papers.pdf_pages(director.fetches(director.page.get_by_role("link", name="PDF", exact=True).get_attribute("href"))))
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TRẠM Y TẾ XÃ", "Một số hộ đi làm ăn xa"):
        assert words in word and words in " ".join(pdf.split())
    assert "bảo hiểm y tế" in word


# 6. The chairman

def test_chairman_sees_and_prints_one_page(people_of, commune):
    chairman = people_of("chutich").goes("/")
    chairman.looks()
    chairman.clicks("Điều hành một trang")
    said = chairman.text()
    assert all(words in said for words in ("Chờ quyết định", "Nhiệm vụ theo đơn vị", "Quá hạn", "Bao phủ bảo hiểm y tế", "Báo cáo phải gửi"))
    chairman.looks()
    people = set(names_of(commune)) - logins_of(commune)
    html = chairman.page.content()
    assert not [name for name in people if name in html]
    pages = papers.pdf_pages(chairman.fetches(chairman.page.get_by_role("link", name="In một trang A4").get_attribute("href")))
    assert len(pages) == 1
    assert "ảo hiểm y tế" in pages[0] and not [name for name in people if name in pages[0]]
