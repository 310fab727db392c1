"""Whatever the text, the parser answers, and every span stands where its words are."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tramyte.rules.directives import parse
from tramyte.rules.directives.lines import normalize

TEXTS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "documents").glob("*.txt"))]
FRAGMENTS = st.sampled_from([
    "Sở Y tế", "chủ trì, phối hợp với", "báo cáo", "trước ngày", "30/02", "10 tháng 6", "hằng quý", "1.", "a)", "- ", "+ ", "I. ", "Điều 3.", "\n", "|", "\t", "98,5%", "từ", "trở lên",
    "Nơi nhận:", "TM. ỦY BAN", "KẾ HOẠCH", "Kính gửi:", "Số:", "/KH-UBND", ":", ";", "./.", "năm 2030", "(qua", ")", "**", "giảm", "0000", "9" * 30, "tháng 13", "quý IV", "từ nay đến cuối năm",
    "trong vòng 99 ngày kể từ ngày ký", "ngày 31/12/9999", "20%", "01 lần/năm", "Căn cứ", "số 1/KH-UBND", "PHỤ LỤC", "TT\tNội dung\tChủ trì\tThời gian", "mục tiêu", "các cơ quan, đơn vị",
])


def words(text):
    return re.findall(r"\w+", text)


def holds(parsed, first=3):
    """Every span lies in the text and begins with the item's words (page numbers between lines are skipped); the whole is JSON."""
    made = parsed.as_dict()
    json.dumps(made)
    for key, field in (("tasks", "text"), ("targets", "phrase"), ("reporting", "phrase"), ("unassigned", "text"), ("legal_bases", "number")):
        for item in made[key]:
            start, end = item["span"]
            assert 0 <= start <= end <= len(parsed.text)
            inside = words(re.sub(r"[*|\\\u200b\u200c\u200d\ufeff\xad]", "", parsed.text[start:end]))
            if key != "legal_bases":
                assert inside[:first] == words(item[field])[:first]
    return made


@given(st.text(max_size=400))
def test_any_characters(text):
    parsed = parse(text)
    assert parsed.text == normalize(text)
    holds(parsed)


@given(st.lists(FRAGMENTS, max_size=60), st.sampled_from(["", " ", "\n"]))
@settings(max_examples=300, deadline=None)
def test_any_words_of_directives(parts, glue):
    holds(parse(glue.join(parts)), first=1)


@given(st.sampled_from(TEXTS), st.integers(0, 6000), st.integers(0, 6000))
@settings(max_examples=60, deadline=None)
def test_any_part_of_a_document(text, start, end):
    holds(parse(text[start:end]))


@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_shuffled_lines(text, random):
    lines = text.split("\n")
    random.shuffle(lines)
    holds(parse("\n".join(lines)), first=1)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.strip()[:30])
def test_spans_of_our_documents(text):
    made = holds(parse(text))
    assert made["document_type"]


@pytest.mark.parametrize("text", TEXTS[:6], ids=lambda text: text.strip()[:30])
def test_decomposed_letters_and_other_line_ends_change_nothing(text):
    base = parse(text).as_dict()
    assert parse(unicodedata.normalize("NFD", text).replace("\n", "\r\n")).as_dict() == base


@pytest.mark.parametrize("unit", [
    "a", " ", "\n", "(", "|", "1 ", "1.", "báo cáo ", "Sở Y tế, ", "đạt 95% ", "trước ngày ", "số 1/KH-UBND ", "- Rà soát trước ngày 5/6.\n", "Đơn vị thực hiện: Sở Y tế\n", "AB CD ", "Nơi nhận:\n",
    "Kính gửi: Sở Y tế;\n", "I. MỤC TIÊU\n", "- a:\n+ b:\n", "từ ", "gửi ",
])
def test_long_texts_end(unit):
    """Half a million characters of one thing; a quadratic pattern would never come back."""
    parsed = parse(unit * (100_000 // len(unit)))
    assert len(parsed.text) > 90_000
