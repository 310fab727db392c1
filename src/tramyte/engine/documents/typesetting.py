"""The one door to typst: our templates, our fonts, content as data.

User text reaches typst only as JSON in `sys.inputs`, so it cannot be code. System fonts are ignored and
warnings are errors: a page either looks as designed or is not made.
"""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from tramyte.engine.documents.paper import clean

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATES = HERE / "templates"
# Signs of the design that Inter and Tinos lack, and the nearest that Inter has.
_SIGNS = str.maketrans({"✕": "✗", "☐": "□", "☑": "■"})


class TypesettingError(RuntimeError):
    """A template failed or warned: a defect of ours, not of the user's input."""


def typeset(
    template: str, data: dict[str, Any], *, made_at: dt.datetime | None = None, tagged: bool = True
) -> bytes:
    """The PDF of `templates/<template>` filled with `data`; the same input gives the same bytes.

    made_at: the creation moment written into the file; the start of 2026 without one. tagged: with the
    structure that screen readers use; long registers leave it out, where it is most of the file. Raises
    TypesettingError.
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
            pdf_tags=tagged,
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


def printable(text: str, longest: int = 40) -> str:
    """A text fit for a page: clean, signs that our fonts have, and words above `longest` letters allowed to
    break.
    """
    words = clean(text).translate(_SIGNS).split(" ")
    return " ".join(word if len(word) <= longest else _breakable(word, longest) for word in words)


def _breakable(word: str, longest: int) -> str:
    step = longest // 2
    return "\u200b".join(word[at : at + step] for at in range(0, len(word), step))
