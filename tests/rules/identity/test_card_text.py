"""The text of a scanned identity card: what is read, what is said about contradictions, and that no text breaks it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.identity import CardText, is_temporary_number, parse_card_text, temporary_number

BORN, ISSUED = date(1956, 5, 12), date(2021, 1, 1)
WHOLE = CardText("037056001234", "161234567", "Nguyễn Văn An", BORN, "day", "M", "Thôn Đông Hạ, Đồng Vân, Ninh Bình", ISSUED)
PLAIN = "037056001234|161234567|Nguyễn Văn An|12051956|Nam|Thôn Đông Hạ, Đồng Vân, Ninh Bình|01012021"


@pytest.mark.parametrize(("text", "changed"), [
    (PLAIN, {}),
    (f"  {PLAIN}\r\n", {}),
    (f"{PLAIN}\t", {}),
    (PLAIN.replace("|", "¦"), {}),
    (PLAIN.replace("|", "｜"), {}),
    (PLAIN.replace("12051956", "12/05/1956").replace("01012021", "01/01/2021"), {}),
    (PLAIN + "|||Nguyễn Văn Bố|Trần Thị Mẹ", {}),
    (PLAIN.replace("161234567", ""), {"old_number": ""}),
    (PLAIN.replace("161234567|", ""), {"old_number": ""}),
    (PLAIN.replace("161234567", "037056001234"), {"old_number": ""}),
    (PLAIN.replace("Nguyễn Văn An", "Nguyen Van An"), {"name": "Nguyen Van An"}),
    (PLAIN.replace("Nguyễn Văn An", "NGUYỄN VĂN AN"), {}),
    (PLAIN.replace("Nguyễn Văn An", "nguyễn văn an"), {}),
    (PLAIN.replace("Nguyễn Văn An", "nGUYỄN vĂN aN"), {}),
    (PLAIN.replace("Nguyễn Văn An", "Nguyễn Văn An"), {}),
    (PLAIN.replace("Nam", "NAM"), {}),
    (PLAIN.replace("Nam", ""), {"sex": ""}),
    (PLAIN.replace("12051956", "00001956"), {"birth_date": date(1956, 1, 1), "precision": "year"}),
    (PLAIN.replace("12051956", "00051956"), {"birth_date": date(1956, 5, 1), "precision": "month"}),
    (PLAIN.rsplit("|", 1)[0], {"issued_on": None}),
    (PLAIN.rsplit("|", 2)[0], {"issued_on": None, "address": ""}),
    ("037056001234||Nguyễn Văn An", {"old_number": "", "birth_date": None, "sex": "", "address": "", "issued_on": None}),
    ("161234567|1|Nguyễn Văn An|12051956|Nam", {"number": "", "address": "", "issued_on": None}),
])
def test_what_is_read(text, changed):
    given_fields = {name: getattr(WHOLE, name) for name in WHOLE.__slots__ if name != "faults"}
    found = parse_card_text(text)
    assert {name: getattr(found, name) for name in given_fields} == given_fields | changed


@pytest.mark.parametrize(("text", "birth"), [
    (PLAIN, "12/05/1956"), (PLAIN.replace("12051956", "00051956"), "05/1956"), (PLAIN.replace("12051956", "00001956"), "1956"), (PLAIN.replace("12051956", ""), "")])
def test_the_birth_date_as_typed(text, birth):
    assert parse_card_text(text).birth == birth


@pytest.mark.parametrize(("text", "said"), [
    (PLAIN, ()),
    (PLAIN.replace("161234567|", "|"), ()),
    (PLAIN.replace("12051956", "12051957"), ("ghi năm sinh 1956, khác năm sinh đã nhập 1957",)),
    (PLAIN.replace("Nam", "Nữ"), ("ghi giới tính nam",)),
    (PLAIN.replace("Nam", "Nu").replace("1956|", "1966|"), ("năm sinh 1956", "giới tính nam")),
    (PLAIN.replace("037056", "098056"), ("098, không phải mã tỉnh nào",)),
    (PLAIN.replace("037056", "000056"), ("000, không phải mã tỉnh nào",)),
    (PLAIN.replace("01012021", "01011950"), ("Ngày cấp thẻ 01/01/1950 không sau ngày sinh 12/05/1956",)),
    (PLAIN.replace("01012021", "31022021"), ("không có trên lịch",)),
    (PLAIN.replace("12051956", "45451956"), ("Không đọc được ngày sinh “45451956”",)),
    (PLAIN.replace("Nam", "???"), ("Không đọc được giới tính",)),
    (PLAIN.replace("161234567", "1612"), ("không có 9 chữ số",)),
    (PLAIN.replace("037056001234", "37056001234"), ("có 11 chữ số",)),
    (PLAIN.replace("Nguyễn Văn An", "Nguy?n V?n An"), ("có ký tự “?”",)),
])
def test_what_is_said(text, said):
    faults = parse_card_text(text).faults
    assert len(faults) == len(said)
    for fault, part in zip(faults, said, strict=True):
        assert part in fault


@pytest.mark.parametrize("text", [
    "", "|", "||||||", "037056001234", "Nguyễn Văn An|1956|Nam", "GD4370100123456|Nguyễn|1956", "1|2|3", "037056001234|x", "٠٣٧٠٥٦٠٠١٢٣٤||Nguyễn Văn An|12051956"])
def test_other_texts_are_no_card(text):
    assert parse_card_text(text) is None


PIECES = st.one_of(st.text(max_size=20), st.sampled_from(["037056001234", "161234567", "Nguyễn Văn An", "12051956", "Nam", "Nữ", "", "00000000", "99999999", "²³"]))


@given(st.lists(PIECES, max_size=9), st.sampled_from(["|", "¦", "\r|", "｜"]))
def test_no_text_fails(pieces, bar):
    card = parse_card_text(bar.join(pieces))
    assert card is None or (card.number or (card.name and card.birth_date))
    if card:
        assert not card.number or len(card.number) == 12
        assert all(fault.endswith(".") for fault in card.faults)


@given(st.text(max_size=700))
def test_no_other_text_fails(text):
    parse_card_text(text)


@pytest.mark.parametrize(("newborn", "day", "number"), [(True, date(2026, 5, 1), "TS260501-12AB34CD"), (False, date(2026, 6, 3), "TX260603-12AB34CD")])
def test_temporary_numbers_have_one_pattern(newborn, day, number):
    assert temporary_number("0189000012ab34cd", day, newborn=newborn) == number
    assert is_temporary_number(number) and is_temporary_number(number.lower())


@pytest.mark.parametrize("text", ["", "TS260501", "TS260501-12AB34CG", "037056001234", "TT260501-12AB34CD"])
def test_other_texts_are_no_temporary_numbers(text):
    assert not is_temporary_number(text)
