"""Text: folding, cleaning, keys of names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.text import clean, fold, initials, name_key, nfc, similar

anything = st.text(st.characters(), max_size=40)  # lone surrogates too
vietnamese = st.text(st.sampled_from("aăâeêioôơuưyđAĐĂỆỮỐặẫọíỹ xN\u0301\u0323-.,'"), max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyễn Văn An", "nguyen van an"),
        ("  ĐỖ   THỊ  Én ", "do thi en"),
        ("Hoà Bình", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        ("Ðặng Ðình", "dang dinh"),
        ("H'Hen Niê", "h hen nie"),
        ("Xã Đồng Vân, tỉnh Ninh Bình", "xa dong van tinh ninh binh"),
        ("12/KH-UBND", "12 kh ubnd"),
        ("ＡＮ", "an"),
        ("An\u200b Khang\ufeff", "an khang"),
        ("Ước", "uoc"),
        ("", ""),
        ("...", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_all_vietnamese_letters_fold_to_ascii() -> None:
    vowels = "aăâeêioôơuưy"
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = [nfc(v + m) for v in vowels for m in marks] + ["đ"]
    assert len(set(letters)) == 73
    assert {fold(case) for x in letters for case in (x, x.upper())} <= set("aeiouyd")


@given(anything)
def test_fold_is_idempotent_and_never_fails(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "  " not in fold(text)
    assert fold(text) == fold(text).strip()


@given(st.one_of(anything, vietnamese))
def test_fold_does_not_depend_on_the_normal_form_or_on_cleaning(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(vietnamese)
def test_fold_does_not_depend_on_case_or_on_cleaning(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(clean(text))


@given(anything)
def test_clean_is_idempotent_and_storable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned == nfc(cleaned)
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in cleaned)
    cleaned.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An\x00 Khang", "An Khang"),
        ("Nguyễn\tVăn\r\nAn", "Nguyễn Văn An"),
        ("a\u00a0b", "a b"),
        ("e\u0302\u0301", "ế"),
        ("x\ud800y", "xy"),
        ("\x07", ""),
        ("a\x0bb", "a b"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_initials_and_key() -> None:
    assert initials("Nguyễn Văn An") == "NVA"
    assert initials("đỗ thị én") == "ĐTÉ"
    assert initials(" ") == ""
    assert name_key("Nguyễn Văn An") == name_key("AN nguyen  van") == "an nguyen van"


@given(anything, anything)
def test_similar_is_symmetric_and_bounded(first: str, second: str) -> None:
    assert 0 <= similar(first, second) <= 1
    assert similar(first, second) == similar(second, first)


def test_similar_orders_names() -> None:
    same = similar("Nguyễn Văn An", "nguyen van an")
    near = similar("Nguyễn Văn An", "Nguyễn Văn Ân B")
    far = similar("Nguyễn Văn An", "Lê Thị Bích")
    assert same == 1 > near > 0.7 > far
    assert similar("", "") == 0
