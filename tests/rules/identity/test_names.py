"""Names in parts, keyboards and tones."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.identity import PersonName, parse_name
from tramyte.rules.identity.names import called_words, is_syllable, tone_key, typed_key
from tramyte.rules.text import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyễn Thị Thu Hà", PersonName("Nguyễn", ("Thị", "Thu"), "Hà")),
        ("  nguyễn   an ", PersonName("nguyễn", (), "an")),
        ("Thu Bích Nguyễn", PersonName("Nguyễn", ("Thu",), "Bích")),
        ("Hoàng Anh Vũ", PersonName("Hoàng", ("Anh",), "Vũ")),
        ("H'Hen Niê", PersonName("Niê", (), "H'Hen")),
        ("An", PersonName("", (), "An")),
        ("", PersonName("", (), "")),
        ("CB Lò Thị Ánh", PersonName("Lò", ("Thị",), "Ánh", True)),
        ("Con bà Vàng Thị Hoa", PersonName("Vàng", ("Thị",), "Hoa", True)),
        ("con gái của chị Lê Mai", PersonName("Lê", (), "Mai", True)),
        ("Trẻ sơ sinh", PersonName("", (), "", True)),
        ("Sơ sinh con mẹ Hà Thị Lý", PersonName("Hà", ("Thị",), "Lý", True)),
        ("Cao Bá Quát", PersonName("Cao", ("Bá",), "Quát")),
        ("Bé Văn Con", PersonName("Bé", ("Văn",), "Con")),
    ],
)
def test_a_name_in_parts(text: str, expected: PersonName) -> None:
    assert parse_name(text) == expected


@pytest.mark.parametrize("word", ["nguyen", "thinh", "quynh", "giang", "gi", "yen", "nghia", "khuya", "oanh", "truong", "ly", "uy"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["", "ngnyen", "thinb", "ksor", "houg", "mal", "nguyeen", "hj", "d", "aanh"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nguyeenx", "nguyen"),
        ("nguyeexn", "nguyen"),
        ("nguyeen", "nguyen"),
        ("ddoof", "do"),
        ("dduwcs", "duc"),
        ("vawn", "van"),
        ("huwu", "huu"),
        ("hoangf", "hoang"),
        ("traanf", "tran"),
        ("truwowngf", "truong"),
        ("nguye6n4", "nguyen"),
        ("thuyr", "thuy"),
        ("nguyen", "nguyen"),
        ("sang", "sang"),
        ("ksor", "ksor"),
        ("thinb", "thinb"),
    ],
)
def test_what_the_keyboard_left(typed: str, meant: str) -> None:
    assert typed_key(typed) == meant


@pytest.mark.parametrize(("one", "two"), [("HOÀ", "Hòa"), ("Thuỷ", "Thủy"), ("Huỳnh", "Hùynh"), ("Nguyễn  Văn", "nguyễn văn")])
def test_the_place_of_a_tone_does_not_matter(one: str, two: str) -> None:
    assert tone_key(one) == tone_key(two) == tone_key(unicodedata.normalize("NFD", two))


@pytest.mark.parametrize(("one", "two"), [("Hoa", "Hoà"), ("Hùng", "Hưng"), ("Đạt", "Dạt"), ("Trân", "Trần")])
def test_the_tone_itself_matters(one: str, two: str) -> None:
    assert tone_key(one) != tone_key(two)


@given(st.text(max_size=30))
def test_any_text_is_taken_and_keys_are_stable(text: str) -> None:
    assert parse_name(text).unnamed == called_words(text)[1]
    assert tone_key(tone_key(text)) == tone_key(text)
    for word in fold(text).split():
        assert typed_key(typed_key(word)) == typed_key(word)
        assert is_syllable(typed_key(word)) or typed_key(word) == word
