"""Somebody sets up a second step, signs in by a code of the phone and by a recovery code, and signs another session out."""

import re
import time

import pytest
import stage

from tramyte.engine.access.sealing import code_at

WHO = "kinhte"


def types_password(browser, commune) -> stage.Visitor:
    """A new window in which the password was right."""
    made = stage.visitor(browser, commune)
    made.goes("/dang-nhap/")
    made.page.get_by_label("Tên đăng nhập", exact=True).fill(WHO)
    made.page.get_by_label("Mật khẩu", exact=True).fill(commune.password)
    return made.clicks("Đăng nhập", exact=True)


def types_code(person: stage.Visitor, code: str) -> None:
    person.page.get_by_label("Mã 6 số").fill(code)
    person.clicks("Vào", exact=True)


@pytest.fixture(scope="module")
def phone(browser, commune):
    """What the phone and the paper of this person hold: the secret and ten recovery codes; the window where they were made."""
    person = stage.visitor(browser, commune, WHO)
    person.page.get_by_label(re.compile("^Tài khoản: ")).click()
    person.clicks("Tài khoản của tôi")
    assert "Chưa cài" in person.text()
    person.looks()
    person.clicks("Cài bước hai")
    person.looks()
    secret = person.page.locator(".key").inner_text().replace(" ", "")
    assert person.page.locator("svg.qr path").count() == 1
    person.expected.add(422)
    person.page.get_by_label("Mã 6 số").fill("12345")
    person.clicks("Cài bước hai", exact=True)
    assert "Chưa cài được" in person.text()
    person.looks()
    person.page.get_by_label("Mã 6 số").fill(code_at(secret, time.time()))
    person.clicks("Cài bước hai", exact=True)
    codes = person.page.locator(".keys-list li").all_inner_texts()
    assert len(codes) == 10
    person.looks()
    person.clicks("Đã cất giữ")
    assert "Còn 10 trong 10 mã" in person.text()
    return {"secret": secret, "codes": codes, "person": person}


def test_the_next_sign_in_asks_for_the_code(browser, commune, phone):
    person = types_password(browser, commune)
    assert "Gõ mã trong ứng dụng" in person.text()
    person.looks()
    person.expected.add(422)
    types_code(person, "000 000")
    assert "Còn thử được" in person.text()
    person.looks()
    types_code(person, code_at(phone["secret"], time.time() + 30))  # a phone that is a little fast; the set-up took this step's code
    person.page.wait_for_url(re.compile("/$"))
    assert "Việc hôm nay" in person.text()
    person.page.get_by_label(re.compile("^Tài khoản: ")).click()
    person.clicks("Đăng xuất")
    assert "/dang-nhap/" in person.page.url
    person.page.context.close()


def test_a_recovery_code_works_once(browser, commune, phone):
    person = types_password(browser, commune)
    types_code(person, phone["codes"][4])
    assert "còn 9 mã" in person.text()
    person.page.context.close()
    again = types_password(browser, commune)
    again.expected.add(422)
    types_code(again, phone["codes"][4])
    assert "đã dùng rồi" in again.text()
    types_code(again, phone["codes"][5])
    assert "còn 8 mã" in again.text()
    phone["second"] = again


def test_another_session_is_signed_out(phone):
    person, second = phone["person"], phone["second"]
    second.goes("/tai-khoan/")
    second.looks()
    person.goes("/tai-khoan/")
    rows = person.page.locator("ul.t-list > li").filter(has_text="dùng lần cuối")
    rows.first.get_by_role("button", name=re.compile("^Đóng phiên")).click()
    person.page.wait_for_load_state("load")
    person.clicks("Đóng các phiên khác")
    person.page.get_by_role("dialog").get_by_role("button", name="Đóng các phiên khác").click()
    person.page.wait_for_load_state("load")
    assert person.page.locator("ul.t-list > li").count() == 1
    second.goes("/")
    assert "/dang-nhap/" in second.page.url
    person.looks()


def test_the_director_resets_it_and_the_person_reads_of_it(browser, commune, phone, people_of):
    director = people_of("giamdoc").goes("/he-thong/dang-nhap/")
    director.looks()
    director.goes("/he-thong/tai-khoan/")
    director.page.locator("tr").filter(has_text=WHO).get_by_role("link").first.click()
    director.clicks("Đặt lại bước hai")
    director.page.get_by_role("dialog").get_by_role("button", name="Đặt lại bước hai").click()
    director.page.wait_for_load_state("load")
    assert "Chưa cài" in director.text()
    director.looks()
    person = types_password(browser, commune)
    assert "đã đặt lại bước hai" in person.text()
    person.goes("/mat-khau/").looks()
    person.page.context.close()
