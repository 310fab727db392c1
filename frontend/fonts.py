"""Make the web fonts: subsets of Inter (screen) and Tinos (paper preview) as woff2.

Sources are the Debian packages fonts-inter and fonts-croscore; needs fonttools with brotli. The result is
committed. Inter is kept static, one file a weight: Debian has no variable Inter, and a variable font becomes
Type 3 in a PDF. Signs that Inter lacks (✕ ☐) are drawn by icons on the screen.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from fontTools import subset

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "tramyte" / "web" / "static" / "tramyte" / "fonts"
INTER = Path("/usr/share/fonts/opentype/inter")
CROSCORE = Path("/usr/share/fonts/truetype/croscore")

FONTS = {
    "inter-400.woff2": INTER / "Inter-Regular.otf",
    "inter-500.woff2": INTER / "Inter-Medium.otf",
    "inter-600.woff2": INTER / "Inter-SemiBold.otf",
    "inter-700.woff2": INTER / "Inter-Bold.otf",
    "tinos-400.woff2": CROSCORE / "Tinos-Regular.ttf",
    "tinos-700.woff2": CROSCORE / "Tinos-Bold.ttf",
}

FEATURES = ["calt", "case", "ccmp", "cv05", "kern", "locl", "mark", "mkmk", "tnum", "liga"]

SIGNS = "←→↑↓↗↘≥≤≠≈±×÷−–—…·•“”‘’‰°²³½µ₫✓✗▲△▼●○■□"


def vietnamese_letters() -> str:
    """The 134 Vietnamese letters with marks, precomposed: đ Đ and 12 vowels with 0 to 5 tones, both cases."""
    tones = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
    vowels = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones}
    marked = sorted(letter for letter in letters | {"đ"} if not letter.isascii())
    return "".join(marked) + "".join(letter.upper() for letter in marked)


def code_points() -> set[int]:
    """Code points of the subset: Basic Latin, Latin-1, Vietnamese, combining tones, spaces and signs."""
    latin = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    tones = {0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323, 0x2009, 0x202F, 0x2022}
    return latin | tones | {ord(sign) for sign in vietnamese_letters() + SIGNS}


def make(source: Path, target: Path) -> None:
    """Write the subset of one font file as woff2."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.desubroutinize = True
    options.hinting = source.suffix == ".ttf"
    options.notdef_outline = True
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points())
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def main() -> None:
    """Write every font of FONTS."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, source in FONTS.items():
        make(source, TARGET / name)


if __name__ == "__main__":
    main()
