"""Vietnamese text as it is kept (NFC, clean) and as it is searched (folded)."""

from tramyte.rules.text.folding import clean, fold, nfc
from tramyte.rules.text.names import initials, name_key, similar

__all__ = ["clean", "fold", "initials", "name_key", "nfc", "similar"]
