"""The one door to typst: our templates, our fonts, content as data.

User text reaches typst only as JSON in `sys.inputs`, so it cannot be code. System fonts are ignored and warnings are errors:
a page either looks as designed or is not made.
"""

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from tramyte.engine.documents.paper import clean

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATES = HERE / "templates"
_LONG_WORD = re.compile(r"\S{41,}")
# Signs of the design that Inter and Tinos lack, and the nearest that Inter has.
_SIGNS = str.maketrans({"✕": "✗", "☐": "□", "☑": "■"})


class TypesettingError(RuntimeError):
    """A template failed or warned: a defect of ours, not of the user's input."""


def typeset(template: str, data: dict[str, Any], *, made_at: dt.datetime | None = None) -> bytes:
    """The PDF of `templates/<template>` filled with `data`; the same input gives the same bytes.

    made_at: the creation moment written into the file; the start of 2026 without one. Raises TypesettingError.
    """
    import typst

    moment = made_at or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise TypesettingError(f"{template}: {error}") from error
    if warnings:
        raise TypesettingError(f"{template}: {warnings[0]}")
    return bytes(pdf)


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def printable(text: str) -> str:
    """A text fit for a page: clean, signs that our fonts have, and words above 40 letters allowed to break."""
    return _LONG_WORD.sub(_breakable, clean(text).translate(_SIGNS))


def _breakable(found: re.Match[str]) -> str:
    word = found.group()
    return "\u200b".join(word[at : at + 20] for at in range(0, len(word), 20))
