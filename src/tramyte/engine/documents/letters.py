"""Bytes to Vietnamese text: encodings, old letter sets, control characters."""

import re
import unicodedata

from tramyte.engine.refused import Refused

_TONES_1258 = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
# Letters only Vietnamese has: their presence shows that a text is Unicode.
_OURS = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
# Signs that TCVN3 (.VnTime) puts in the place of letters, none of them a letter of Vietnamese.
_TCVN3 = re.compile("[µ¸¶·¹¨»¾¼½Æ©ÇËÎÏÑªÖ×ØÜÞßäåæçë«¬îïñ®ö÷ûüþ\u00ad]")
# VNI writes a vowel and after it a second letter for the mark; these second letters never occur in
# Vietnamese.
_VNI = re.compile(
    "[aAeEoOuUyYôÔöÖ][øûïäåëüØÛÏÄÅËÜ]|[aAeEoOuUyYôÔöÖ][ùõâáàãêéèÙÕÂÁÀÃÊÉÈ](?![nmtcpiuoy])|[ñÑöÖ]"
)
# In one name: letters no Vietnamese and hardly a foreign name has, or a capital inside a word; and, of VNI, what never
# follows a vowel in Vietnamese.
_NAME_TCVN3 = re.compile("[µ¸¶·¹¨»¾¼½©ªÞßØ×Ö§¬®þæÆ«\u00ad]|(?<=[a-zà-ÿ])[À-ÖØ-Þ]")
_NAME_VNI = re.compile("[aAeE][ùõâáàãêéèúûøïäåëüÙÕÂÁÀÃÊÉÈÚÛØÏÄÅËÜ]|[oOuUyYôÔöÖ][øûïäåëØÛÏÄÅË]")
# Control codes that are neither tab nor an end of line or page.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CONTROL: dict[int, str | None] = dict.fromkeys(
    (*range(9), *range(14, 32), 127, 0xFEFF, 0x200B, 0xFFFE, 0xFFFF, 0xAD)
)
_CONTROL |= {0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x0B: "\n"}


def decode(content: bytes) -> str:
    """The text of a plain-text file: UTF-8 or UTF-16 with or without a mark, windows-1258, else
    windows-1252.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
    if even + odd > len(content[:4096]) // 5:
        return content.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_one_byte(content)


def _decode_one_byte(content: bytes) -> str:
    """windows-1258 when its separate tone marks stand after vowels, as only that encoding has them."""
    western = content.decode("cp1252", errors="replace")
    if old_letters(western):
        return western
    text = content.decode("cp1258", errors="replace")
    marks = [i for i, c in enumerate(text) if c in _TONES_1258]
    after_vowels = sum(1 for i in marks if i and text[i - 1] in _VOWELS)
    return text if marks and after_vowels * 10 >= len(marks) * 9 else western


def old_letters(text: str) -> str:
    """ "TCVN3" or "VNI" when the text is written in that old letter set, else an empty string.

    The test is one of proportion: the set's tell-tale signs are at least 2 % of the letters and outnumber the
    letters that only Unicode Vietnamese has three to one. Fewer than four signs prove nothing.
    """
    counts = {"TCVN3": len(_TCVN3.findall(text)), "VNI": len(_VNI.findall(text))}
    name = max(counts, key=lambda key: counts[key])
    count = counts[name]
    if count < 4 or count <= 3 * len(_OURS.findall(text)):
        return ""
    return name if count * 50 >= sum(map(str.isalpha, text)) else ""


def has_old_letters(name: str) -> bool:
    """Whether a single name holds what only TCVN3 or VNI writes and no Unicode Vietnamese: "NguyÔn ThÞ Hång", "Hoaøng Vaên".

    Stricter than the test of a whole text, for one name has no proportion: "Hoà", "Quân" and "Thuý" are none.
    """
    return not _OURS.search(name) and (_NAME_VNI.search(name) is not None or _NAME_TCVN3.search(name) is not None)


def refuse_old_letters(text: str, where: str) -> None:
    """Raises `file_old_letters` for a text in TCVN3 or VNI; `where` names the file in the sentence."""
    found = old_letters(text)
    if found:
        raise Refused(
            "file_old_letters",
            f"Tệp {where} gõ bằng bảng mã {found} cũ nên chữ có dấu bị sai. "
            f"Hãy dùng Unikey (Ctrl+Shift+F6) chuyển từ {found} sang Unicode, lưu lại rồi tải lên.",
        )


def clean(text: str) -> str:
    """The text in NFC with unix line ends, without control and invisible characters;
    tabs and line ends stay.
    """
    return unicodedata.normalize("NFC", unix_lines(text).translate(_CONTROL))


def unix_lines(text: str) -> str:
    """The text with unix line ends, every other character kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def has_controls(text: str) -> bool:
    """Whether there are control characters, which no keyboard types: where they stand, letters may be lost."""
    return _CONTROLS.search(text) is not None
