"""Numbers, names and birth dates: what is accepted, what is said."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.identity import (
    check_birth_date,
    check_insurance_number,
    check_name,
    check_national_id,
    check_phone,
    insurance_code,
    national_id_kind,
    national_id_warnings,
    parse_national_id,
)

TODAY = date(2026, 6, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("099056000123", "099056000123"),
        (" 099 056 000 123 ", "099056000123"),
        ("099.056.000.123", "099056000123"),
        ("'099056000123", "099056000123"),
        ("199056000123.0", "199056000123"),
        ("161234567", "161234567"),
    ],
)
def test_national_id(text: str, expected: str) -> None:
    assert check_national_id(text) == expected
    assert national_id_kind(expected) == ("cccd" if len(expected) == 12 else "cmnd")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "để trống"),
        ("99056000123", "có 11 chữ số.*mất một số 0 ở đầu"),
        ("1056000123", "có 10 chữ số.*mất hai số 0 ở đầu"),
        ("61234567", "có 8 chữ số.*mất một số 0"),
        ("0990560001234", "có 13 chữ số"),
        ("O99056000123", "không phải chữ số"),
        ("9.9056E+10", "dạng số"),
        ("9,90E10", "dạng số"),
        ("=1+1", "không phải chữ số"),
        ("٠99056000123", "không phải chữ số"),
        ("1" * 10_000, "có 10000 chữ số"),
    ],
)
def test_national_id_refused(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part) as caught:
        check_national_id(text)
    assert len(str(caught.value)) < 260


@pytest.mark.parametrize(
    ("national_id", "birth", "sex", "count"),
    [
        ("099056000123", date(1956, 3, 5), "M", 0),
        ("099156000123", date(1956, 3, 5), "F", 0),
        ("099226000123", date(2026, 3, 5), "M", 0),
        ("099326000123", date(2026, 3, 5), "F", 0),
        ("099056000123", date(1957, 3, 5), "M", 1),
        ("099056000123", date(1956, 3, 5), "F", 1),
        ("099056000123", date(2056, 3, 5), "F", 2),
        ("000056000123", date(1956, 3, 5), "M", 1),
        ("099056000123", None, "", 0),
        ("161234567", date(1956, 3, 5), "F", 0),
    ],
)
def test_national_id_warnings(national_id: str, birth: date | None, sex: str, count: int) -> None:
    assert len(national_id_warnings(national_id, birth, sex)) == count


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("037056001234", ("037", "Ninh Bình", "M", 1956, "001234")),
        ("001 301 123456", ("001", "Hà Nội", "F", 2001, "123456")),
        ("079409000001", ("079", "Thành phố Hồ Chí Minh", "M", 2109, "000001")),
        ("099956000123", ("099", "", "F", 2356, "000123")),
        ("161234567", None),
    ],
)
def test_the_parts_of_a_national_id(text: str, parts: tuple[str, str, str, int, str] | None) -> None:
    found = parse_national_id(text)
    told = found and (found.province_code, found.province, found.sex, found.birth_year, found.serial)
    assert told == parts


def test_a_wrong_national_id_has_no_parts() -> None:
    with pytest.raises(ValueError, match="có 11 chữ số"):
        parse_national_id("37056001234")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3720123456", "3720123456"),
        ("gd4 37 3720123456", "GD4373720123456"),
        ("HT2373720123456", "HT2373720123456"),
        ("HT-2-37-37.2012.3456", "HT2373720123456"),
    ],
)
def test_insurance_number(text: str, expected: str) -> None:
    assert check_insurance_number(text) == expected
    assert insurance_code(expected) == "3720123456"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "để trống"),
        ("372012345", "mất số 0"),
        ("GD9373720123456", "mức hưởng"),
        ("1D4373720123456", "2 chữ cái"),
        ("GD437372012345", "có 14 ký tự"),
        ("không có", "có 7 ký tự"),
        ("3,72E+09", "dạng số"),
    ],
)
def test_insurance_number_refused(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        check_insurance_number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0912345678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("+84(0)912.345.678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("0912-345-678", "0912345678"),
        ("0843456789", "0843456789"),
        ("02293 871 234", "02293871234"),
        ("01234567890", "0834567890"),
        ("+84 168 123 4567", "0381234567"),
        ("84 199 123 4567", "0591234567"),
    ],
)
def test_phone(text: str, expected: str) -> None:
    assert check_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("912345678", "mất số 0"),
        ("01114567890", "từ năm 2018"),
        ("0412345678", "không đúng"),
        ("113", "không đúng"),
        ("0912 345 67a", "không phải chữ số"),
        ("", "để trống"),
    ],
)
def test_phone_refused(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        check_phone(text)


@pytest.mark.parametrize("name", ["Nguyễn Văn An", "H'Hen Niê", "Y-Blim", "Lê T. Hoa", "Ksor H’Bia"])
def test_name(name: str) -> None:
    assert check_name(f"  {name} ") == name


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("", "để trống"),
        ("---", "không có chữ cái"),
        ("Nguyễn Văn 4n", "“4”"),
        ("=HYPERLINK(1)", "“=”"),
        ("A" * 10_000, "dài 10000 ký tự"),
        ("<b>An</b>", "“<”"),
    ],
)
def test_name_refused(name: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        check_name(name)


def test_birth_date_bounds() -> None:
    for day in (TODAY, date(1906, 6, 3)):
        assert check_birth_date(day, TODAY) == day
    with pytest.raises(ValueError, match="tương lai"):
        check_birth_date(date(2026, 6, 4), TODAY)
    with pytest.raises(ValueError, match="120 năm"):
        check_birth_date(date(1906, 6, 2), TODAY)


@given(
    st.sampled_from([check_national_id, check_insurance_number, check_phone, check_name]),
    st.one_of(st.text(st.characters()), st.text("0123456789 .+-eEGD4", max_size=18)),
)
def test_checks_are_idempotent_and_fail_only_with_a_sentence(check: Callable[[str], str], text: str) -> None:
    try:
        value = check(text)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert check(value) == value
