"""The web fonts hold every Vietnamese letter and the signs the pages write."""

import struct
import unicodedata
from pathlib import Path

import pytest

brotli = pytest.importorskip("brotli", reason="needs brotli to read woff2 files")

FONTS = Path(__file__).resolve().parents[2] / "src" / "tramyte" / "web" / "static" / "tramyte" / "fonts"
SIGNS = "←→↑↓↗≥≤≠≈±×−–—…·•“”₫°✓✗▲△"
PAPER_SIGNS = "≥≤−–—…“”₫°"
KNOWN = (
    "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX "
    "vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar fdsc "
    "feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
)
TAGS = [KNOWN[at : at + 4] for at in range(0, len(KNOWN), 5)]


def base128(data: bytes, at: int) -> tuple[int, int]:
    """A UIntBase128 of WOFF2 section 4.1 and the place after it."""
    value = 0
    while True:
        byte = data[at]
        value, at = value << 7 | byte & 0x7F, at + 1
        if not byte & 0x80:
            return value, at


def tables(path: Path) -> dict[str, bytes]:
    """The tables of a woff2 file by tag (glyf and loca stay transformed)."""
    data = path.read_bytes()
    assert data[:4] == b"wOF2"
    count, size = struct.unpack_from(">H", data, 12)[0], struct.unpack_from(">I", data, 20)[0]
    at, entries = 48, []
    for _ in range(count):
        flags, at = data[at], at + 1
        tag = TAGS[flags & 63] if flags & 63 != 63 else data[at : at + 4].decode()
        at += 4 if flags & 63 == 63 else 0
        length, at = base128(data, at)
        version = flags >> 6
        if (version != 3) if tag in ("glyf", "loca") else (version != 0):
            length, at = base128(data, at)
        entries.append((tag, length))
    stream, found, start = brotli.decompress(data[at : at + size]), {}, 0
    for tag, length in entries:
        found[tag] = stream[start : start + length]
        start += length
    return found


def covered(cmap: bytes) -> set[int]:
    """Code points of the format 4 and 12 subtables."""
    points: set[int] = set()
    for index in range(struct.unpack_from(">H", cmap, 2)[0]):
        at = struct.unpack_from(">I", cmap, 8 + 8 * index)[0]
        form = struct.unpack_from(">H", cmap, at)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", cmap, at + 12)[0]):
                first, last, _ = struct.unpack_from(">III", cmap, at + 16 + 12 * group)
                points |= set(range(first, last + 1))
        elif form == 4:
            points |= segments(cmap, at)
    return points


def segments(cmap: bytes, at: int) -> set[int]:
    """Code points of one format 4 subtable."""
    double = struct.unpack_from(">H", cmap, at + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", cmap, at + 14)
    starts = struct.unpack_from(f">{double // 2}H", cmap, at + 16 + double)
    return {point for first, last in zip(starts, ends, strict=True) if first != 0xFFFF for point in range(first, last + 1)}


def vietnamese() -> str:
    """The 134 letters with marks: đ, and twelve vowels with up to five tones, in both cases, precomposed."""
    tones = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    marked = "".join(sorted(letter for letter in letters if not letter.isascii()))
    return marked + marked.upper()


def test_there_are_134_letters_with_marks():
    assert len(set(vietnamese())) == len(vietnamese()) == 134
    assert set("ăâđêôơưẠẾỘỮỹ") <= set(vietnamese())


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_inter_covers_vietnamese_and_signs(weight):
    found = tables(FONTS / f"inter-{weight}.woff2")
    points = covered(found["cmap"])
    assert [letter for letter in vietnamese() + SIGNS if ord(letter) not in points] == []
    assert 0x2610 not in points  # a sign that Inter lacks: the reader of this test does read the table
    assert struct.unpack_from(">H", found["OS/2"], 4)[0] == weight
    assert b"tnum" in found["GSUB"]


@pytest.mark.parametrize("weight", [400, 700])
def test_tinos_covers_vietnamese(weight):
    points = covered(tables(FONTS / f"tinos-{weight}.woff2")["cmap"])
    assert [letter for letter in vietnamese() + PAPER_SIGNS if ord(letter) not in points] == []


def test_fonts_are_small_and_have_their_licences():
    assert all(file.stat().st_size < 60_000 for file in FONTS.glob("*.woff2"))
    for name in ("Inter", "Tinos"):
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"{name}.LICENSE.txt").read_text(encoding="utf-8")
