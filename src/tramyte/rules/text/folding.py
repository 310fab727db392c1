"""Normal forms of text: kept, cleaned, folded for search."""

import unicodedata

# Letters that Unicode does not decompose into a base letter and a mark, but that a Vietnamese keyboard or an
# old font conversion puts where đ belongs (U+00F0 eth and U+0256 look the same as đ in many fonts).
_PLAIN = {"đ": "d", "ð": "d", "ɖ": "d"}


def nfc(text: str) -> str:
    """The text in Unicode normal form C, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def _fold_once(text: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = []
    for letter in letters:
        category = unicodedata.category(letter)
        if category[0] == "M" or category == "Cf":
            continue
        kept.append(_PLAIN.get(letter, letter) if letter.isalnum() else " ")
    return "".join(kept)


def _fold_letter(letter: str) -> str:
    folded = _fold_once(letter)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


class _FoldTable(dict[int, str]):
    """A translation table that works out each code point when it is first met, so that folding stays one C call."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_letter(chr(code))
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The text for search: lower case, đ as d, tones and other marks off, all else than letters and digits one space.

    The one function used both for writing search columns and for querying them. Each letter folds by itself, so
    NFC and NFD give the same, folding twice changes nothing, and no text fails. Invisible format characters vanish.
    """
    return " ".join(text.translate(_TABLE).split())


def _is_kept(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs")


def clean(text: str) -> str:
    """The text as it may be stored: NFC, no control, format or surrogate characters, runs of blanks one space.

    Tabs and line ends count as blanks; other control characters are taken out without leaving a space.
    """
    spaced = " ".join(text.split())
    if not spaced.isprintable():
        spaced = "".join(filter(_is_kept, spaced))
    return " ".join(nfc(spaced).split())
