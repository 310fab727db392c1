"""The signs of an adverse event and what makes one severe, by code and in words; what is typed in words is read back into codes.

What makes an event severe follows Nghị định 165/2026/NĐ-CP Điều 2 khoản 7 in substance; not compared word for word with the text.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tramyte.rules.text import clean, fold

SIGNS = {
    "fever": "sốt dưới 39 °C", "high_fever": "sốt từ 39 °C", "local": "sưng, đỏ, đau chỗ tiêm", "fussy": "quấy khóc", "crying": "khóc thét từ 3 giờ", "rash": "phát ban, mày đay",
    "vomiting": "nôn, tiêu chảy", "tired": "mệt, bú kém", "node": "sưng hạch", "abscess": "áp xe chỗ tiêm", "fainting": "ngất", "seizure": "co giật", "hypotonic": "giảm trương lực, giảm đáp ứng",
    "breathless": "khó thở, tím tái", "anaphylaxis": "phản vệ"}
GRAVE = frozenset({"seizure", "hypotonic", "breathless", "anaphylaxis"})  # asked about when nothing says that the event is severe
SEVERE = {
    "death": "tử vong", "life": "đe dọa tính mạng", "hospital": "phải nhập viện hoặc kéo dài nằm viện", "disability": "để lại di chứng, tàn tật", "other": "tình trạng nặng khác theo bác sĩ"}
# Said of a reaction in words, without tones; "không co giật" says the contrary.
SAID_SEVERE = re.compile(r"(?<!khong )(?<!ko )\b(nang|phan ve|soc|co giat|kho tho|tim tai|ngung tho|ngung tim|hon me|nhap vien|cap cuu|tu vong)\b")
SOURCE = "NĐ 165/2026/NĐ-CP Điều 2 khoản 7; chưa đối chiếu nguyên văn"
LONGEST = 30  # days after a dose beyond which the link must be explained


@dataclass(frozen=True)
class Reporting:
    """Within how many hours a severe event is reported to Sở Y tế and CDC tỉnh, from a day on. verified: read in the text of the source."""

    since: datetime.date
    hours: int
    source: str
    verified: bool = False


# The newest first.
REPORTING = (
    Reporting(datetime.date(2026, 7, 1), 24, "TT 13/2026/TT-BYT Điều 15"),
    Reporting(datetime.date(2019, 1, 1), 24, "TT 34/2018/TT-BYT (đã hết hiệu lực)"),
)


def reporting_on(day: datetime.date) -> Reporting:
    """The rule of a day; before all of them the oldest."""
    return next((one for one in REPORTING if one.since <= day), REPORTING[-1])


def sounds_severe(words: str) -> bool:
    """Whether the words of who saw a reaction call it severe or name a grave sign: taken as severe until somebody who examined says otherwise."""
    return bool(SAID_SEVERE.search(fold(words)))


def joined(codes: Iterable[str], known: Mapping[str, str]) -> str:
    """Codes as they are stored, in the order of the list, each between blanks: " fever local "."""
    found = set(codes)
    return f" {' '.join(code for code in known if code in found)} " if found & known.keys() else ""


def words_of(stored: str, text: str, known: Mapping[str, str]) -> str:
    """Stored codes and free text in words, parted by "; "."""
    return "; ".join(filter(None, [*(known[code] for code in stored.split() if code in known), text]))


def read(words: str, known: Mapping[str, str]) -> tuple[str, str]:
    """What `words_of` gave, or somebody typed, as (stored codes, free text): parts that are the words of a code, with or without tones."""
    by_words = {fold(label): code for code, label in known.items()}
    codes, rest = [], []
    for part in filter(None, (clean(one) for one in words.split(";"))):
        code = by_words.get(fold(part))
        (codes if code else rest).append(code or part)
    return joined(codes, known), "; ".join(rest)
