"""Names compared without tones, case or order."""

from collections import Counter

from tramyte.rules.text.folding import clean, fold


def initials(name: str) -> str:
    """The first letters of the words in capitals: "Nguyễn Văn An" gives "NVA", "Đỗ Thị Én" gives "ĐTÉ"."""
    return "".join(word[0].upper() for word in clean(name).split())


def name_key(name: str) -> str:
    """The folded words in alphabetical order: equal for names that differ only in order, tones, case or blanks."""
    return " ".join(sorted(fold(name).split()))


def _pairs(folded: str) -> Counter[str]:
    padded = f" {folded} "
    return Counter(padded[i : i + 2] for i in range(len(padded) - 1))


def similar(first: str, second: str) -> float:
    """How alike two texts are once folded, from 0 (nothing shared) to 1 (equal); 0 when either is empty.

    The Dice coefficient of letter pairs (Dice 1945, Ecology 26:297): symmetric, and a syllable more or less costs in
    proportion to its length, which suits Vietnamese names of three or four short words.
    """
    one, two = fold(first), fold(second)
    if not one or not two:
        return 0.0
    if one == two:
        return 1.0
    left, right = _pairs(one), _pairs(two)
    return 2 * (left & right).total() / (left.total() + right.total())
