"""The foot of a document: recipients (Nơi nhận) and signature."""

import re
from collections.abc import Sequence

from tramyte.rules.directives.lines import Line
from tramyte.rules.directives.model import Signer

_SENT = re.compile(r"^\s*N[ơo]i\s+nhận\s*:?\s*", re.I)
_AUTHORITY = re.compile(r"^(?:(?:TM|T/M|KT|K/T|TL|T/L|TUQ)(?:\s*\.\s*|\s+)|Q\s*\.\s*)[A-ZĐÀ-Ỹ]")
_TITLE = re.compile(
    r"^(?:PHÓ\s+|QUYỀN\s+|Q\.\s*)?(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|CHÁNH THANH TRA|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|BÍ THƯ|TRƯỞNG|HIỆU TRƯỞNG|CỤC TRƯỞNG|CHI CỤC TRƯỞNG|VỤ TRƯỞNG|VIỆN TRƯỞNG|CHÁNH)[A-ZĐÀ-Ỹ ,.\-]*$"
)
_MARKLESS_TITLE = re.compile(r"^(?:PHO\s+)?(?:CHU TICH|GIAM DOC|CHANH VAN PHONG|BI THU|TRUONG (?:PHONG|BAN|TRAM))[A-Z ,.\-]*$")
_NAME = re.compile(r"^(?:(?:BS|ThS|TS|PGS|GS|BSCK\w*|BSCKI+|CK\w+|Bs|Ths)[. ,]*)*(?:[A-ZĐÀ-Ỹ][\w’']*\s+){1,5}[A-ZĐÀ-Ỹ][\w’']*$")
_BULLET = re.compile(r"^\s*[-–—+•]\s*")


def read(lines: Sequence[Line], begin: int) -> tuple[list[str], Signer | None, set[int]]:
    """Recipients and signer of the first foot, and the indices of the lines that belong to any foot."""
    recipients: list[str] = []
    signer: Signer | None = None
    used: set[int] = set()
    i = begin
    while i < len(lines):
        opens = any(_SENT.match(cell.text) for cell in lines[i].columns)
        signs = len(lines[i].piece.text) < 70 and (_AUTHORITY.match(lines[i].piece.text) or (i + 6 >= len(lines) and _TITLE.match(lines[i].piece.text)))
        if not opens and not signs:
            i += 1
            continue
        names, signed, end = _foot(lines, i)
        if not names and not signed:
            i += 1
            continue
        recipients = recipients or names
        signer = signer or signed
        used.update(range(i, end))
        i = max(end, i + 1)
    return recipients, signer, used


def _foot(lines: Sequence[Line], start: int) -> tuple[list[str], Signer | None, int]:
    names: list[str] = []
    authority: list[str] = []
    title: str | None = None
    i, last, listing = start, start, True
    while i < min(len(lines), start + 45):
        whole = lines[i].piece.text
        if title and not listing and _NAME.match(whole) and whole.upper() != whole:
            return names, Signer("; ".join(authority) or None, title, whole), i + 1
        for cell in lines[i].columns or (lines[i].piece,):
            text = cell.text.strip()
            if _capital_title(text):
                title, listing = _signed(text, authority, title), False
                last = i + 1
            elif title and _NAME.match(text) and text.upper() != text:
                return names, Signer("; ".join(authority) or None, title, text), i + 1 + _rest_of_list(lines, i + 1, names)
            elif _BULLET.match(text) or _SENT.match(text):
                names.extend(_listed(text))
                last = i + 1
                listing = True
            elif names and text[:1].islower() and listing:
                names[-1] = f"{names[-1]} {text}".strip(" ;.,")
                last = i + 1
            else:
                inner = _inline_signature(text, authority)
                if inner:
                    return names, Signer("; ".join(authority) or None, *inner), i + 1
        if i > last + 6 or re.match(r"^(?:PHỤ LỤC|KẾ HOẠCH|CHƯƠNG TRÌNH|[IVX]+\.)", whole):
            break
        i += 1
    signer = Signer("; ".join(authority) or None, title, None) if title or authority else None
    return names, signer, last


def _rest_of_list(lines: Sequence[Line], at: int, names: list[str]) -> int:
    """Recipients printed below the name, when two columns became one."""
    count = 0
    while at + count < len(lines) and _BULLET.match(lines[at + count].piece.text) and names and len(lines[at + count].piece.text) < 80 and count < 15:
        if names[-1].startswith("Lưu"):
            break
        names.extend(_listed(lines[at + count].piece.text))
        count += 1
    return count


def _capital_title(text: str) -> bool:
    return text.upper() == text and len(text) < 160 and bool(_AUTHORITY.match(text) or _TITLE.match(text) or _MARKLESS_TITLE.match(text))


def _signed(text: str, authority: list[str], title: str | None) -> str | None:
    """Notes an authority line or a title line; several in one line are divided."""
    for part in re.split(r"\s+(?=(?:KT|TL|TUQ)\.)|(?<=[A-ZĐÀ-Ỹ])\s+(?=PHÓ\s+(?:CHỦ|GIÁM|CHÁNH|BÍ|TRƯỞNG))", text):
        part = part.strip(" *")
        if _AUTHORITY.match(part) and not part.startswith("Q."):
            authority.append(part)
            title = title or None
        elif part:
            title = part
    return title


def _inline_signature(text: str, authority: list[str]) -> tuple[str | None, str] | None:
    """Title and name, and the authority noted, where all stand in one cell."""
    found = re.match(r"^((?:TM|T/M|KT|TL|TUQ|PHÓ|CHỦ|GIÁM|CHÁNH|TRƯỞNG)[A-ZĐÀ-Ỹ ./]{5,140}?)\s+((?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+\s*){2,5})$", text[:250])
    return (_signed(found[1].strip(), authority, None), found[2].strip()) if found else None


def _listed(text: str) -> list[str]:
    body = _SENT.sub("", text)
    parts = re.split(r"(?:;|\.|^)\s*[-–—+•]\s*", body) if _BULLET.search(body) or re.search(r";\s*[-–]", body) else [body]
    found = []
    for part in parts:
        name = re.sub(r"\s+(?:TM|KT|TL)\.\s.*$", "", part).strip(" ;.,-")
        if name and name.upper() not in ("NƠI NHẬN", "NƠI NHẬN:"):
            found.append(name)
    return found
