"""What goes wrong in an office: each is met with a page or a sentence in Vietnamese, and nothing is lost."""

import json

import pytest
import stage

NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def officer(people_of):
    """The officer, who expects to be refused."""
    made = people_of("vanhoa")
    made.faults.clear()
    made.expected = {403, 404, 409, 413, 422, 429}
    yield made
    made.expected = set()
    made.faults.clear()


def test_an_unknown_address_is_a_page_in_vietnamese(officer):
    officer.goes("/khong-co-trang-nay/")
    assert "Không có trang này" in officer.text() and "Về Việc hôm nay" in officer.text()
    officer.looks()


def test_the_id_of_somebody_else_is_refused(officer, people_of):
    for path in (f"/chi-dao/{NOBODY}/", f"/bao-cao/{NOBODY}/", f"/nhiem-vu/{NOBODY}/", f"/chi-tieu/{NOBODY}/"):
        officer.goes(path)
        assert "Mã 404" in officer.text(), path
    officer.goes(f"/nguoi-dan/{NOBODY}/")
    assert "Mã 403" in officer.text() and "chỉ xem số liệu" in officer.text()
    officer.looks()


def test_a_tampered_form_is_refused_in_vietnamese(officer):
    officer.goes("/nhiem-vu/moi/")
    officer.page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => { field.value = 'x'.repeat(64) })")
    officer.page.locator("main form button.btn-primary").first.click()
    officer.page.wait_for_load_state("load")
    assert "Biểu mẫu đã cũ hoặc không gửi từ trang này" in officer.text() and "Traceback" not in officer.text()
    officer.looks()


def test_an_old_word_file_is_told_what_to_do(officer, tmp_path):
    old = tmp_path / "ke-hoach.doc"
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))
    officer.goes("/chi-dao/moi/")
    officer.page.get_by_label("Ý kiến chỉ đạo").fill("Trạm Y tế tham mưu.")
    officer.page.get_by_label("Tệp văn bản").set_input_files(str(old))
    officer.clicks("Đọc văn bản")
    assert "Chưa lưu được" in officer.text() and ".docx" in officer.text()
    assert officer.page.get_by_label("Ý kiến chỉ đạo").input_value() == "Trạm Y tế tham mưu."
    officer.looks()


def test_a_file_of_50_mb_is_told_so_in_its_place(officer, tmp_path):
    large = tmp_path / "ban-quet.pdf"
    with large.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        out.truncate(50 * 2**20)
    officer.goes("/chi-dao/moi/")
    officer.page.get_by_label("Tệp văn bản").set_input_files(str(large))
    officer.clicks("Đọc văn bản")
    assert "50 MB" in officer.text() and "20 MB" in officer.text()
    assert officer.page.locator(".bad #f-file").count() == 1


def test_a_spreadsheet_that_is_none_is_told_so(people_of, tmp_path):
    nurse = people_of("dieuduong").goes("/so/residents/nhap/")
    nurse.expected = {422}
    picture = tmp_path / "anh.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    nurse.page.locator("input[type=file]").set_input_files(str(picture))
    nurse.clicks("Xem trước")
    assert "anh.xlsx" in nurse.text() or "không phải" in nurse.text(), nurse.text()
    nurse.looks()
    nurse.expected = set()


def test_an_idle_session_ends_and_goes_on_where_it_was(browser, commune):
    worker = stage.visitor(browser, commune, "bacsi")
    assert "Việc hôm nay" in worker.text()
    worker.page.context.clear_cookies(name="sessionid")
    worker.goes("/chi-tieu/")
    assert "Đăng nhập" in worker.text() and "/dang-nhap/?next=%2Fchi-tieu%2F" in worker.page.url
    worker.page.get_by_label("Tên đăng nhập", exact=True).fill("bacsi")
    worker.page.get_by_label("Mật khẩu", exact=True).fill(commune.password)
    worker.clicks("Đăng nhập", exact=True)
    assert "Bảng chỉ tiêu" in worker.text()
    worker.page.context.close()


def test_going_back_to_a_saved_form_brings_no_old_value_over_a_colleagues(browser, commune, people_of):
    mine, other = people_of("dieuduong"), people_of("bacsi")
    line = mine.fetches("/so/checkups/?as=json")
    address = f"/so/checkups/{json.loads(line)['rows'][0]['id']}/"
    for person, site in ((mine, "Nhà văn hóa"), (other, "Trường học")):
        person.goes(address).page.locator("[name=site]").fill(site)
        person.page.keyboard.press("Control+Enter")
        person.page.wait_for_url("**/so/checkups/")
    mine.page.go_back()
    assert mine.page.locator("[name=site]").input_value() == "Trường học", "the browser would put the old value into the new form"


def test_what_was_typed_before_the_session_ended_meets_what_a_colleague_saved(browser, commune, people_of):
    other = people_of("bacsi")
    line = other.fetches("/so/residents/?as=json")
    address = f"/nguoi-dan/{json.loads(line)['rows'][0]['id']}/sua/"
    person = stage.visitor(browser, commune, "dieuduong")
    person.goes(address).page.locator("[name=occupation]").fill("thợ mộc")
    person.page.get_by_text("Nháp giữ lúc").wait_for()
    person.page.context.clear_cookies(name="sessionid")
    other.goes(address).page.locator("[name=occupation]").fill("giáo viên")
    other.page.keyboard.press("Control+Enter")
    other.page.wait_for_url("**/nguoi-dan/*/")
    person.page.keyboard.press("Control+Enter")
    person.page.get_by_label("Tên đăng nhập", exact=True).fill("dieuduong")
    person.page.get_by_label("Mật khẩu", exact=True).fill(commune.password)
    person.clicks("Đăng nhập", exact=True)
    assert person.page.locator("[name=occupation]").input_value() == "thợ mộc" and "Đã mở lại nháp" in person.text()
    person.expected.add(409)
    person.clicks("Lưu thông tin")
    assert "Hai bản khác nhau" in person.text() and "thợ mộc" in person.text() and "giáo viên" in person.text()
    person.looks()
    person.page.context.close()


def test_five_wrong_passwords_lock_the_login(browser, commune):
    guest = stage.visitor(browser, commune)
    guest.expected = {403, 429}
    for tried in range(1, 6):
        guest.goes("/dang-nhap/")
        guest.page.get_by_label("Tên đăng nhập", exact=True).fill("congan")
        guest.page.get_by_label("Mật khẩu", exact=True).fill("sai-mat-khau-roi")
        guest.clicks("Đăng nhập", exact=True)
        if tried < 5:
            assert "Sai tên đăng nhập hoặc mật khẩu" in guest.text()
    assert "Tạm khóa đăng nhập" in guest.text() and "15 phút" in guest.text()
    guest.looks()
    guest.goes("/dang-nhap/")
    guest.page.get_by_label("Tên đăng nhập", exact=True).fill("congan")
    guest.page.get_by_label("Mật khẩu", exact=True).fill(commune.password)
    guest.clicks("Đăng nhập", exact=True)
    assert "Tạm khóa đăng nhập" in guest.text()


def test_nothing_of_this_is_a_traceback_and_refusals_are_logged(commune):
    log = (commune.home / "tramyte.log").read_text(encoding="utf-8")
    assert "Traceback" not in log, log[log.index("Traceback"):][:2000]
    assert "refused for Vũ Quang Huy" in log


def test_the_audit_chain_is_whole_after_all_of_it(commune):
    done = stage.run_tramyte(commune.home, "audit", "verify")
    assert done.returncode == 0, done.stderr
