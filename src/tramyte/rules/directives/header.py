"""The head of a document: type, number, place and date, issuing body, title, addressees."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tramyte.rules.directives.bases import symbol_of
from tramyte.rules.directives.lines import MARK, Line, bare
from tramyte.rules.directives.model import Header

TYPES = (
    "kế hoạch|chỉ thị|thông báo|quyết định|nghị quyết|công điện|công văn|báo cáo|chương trình hành động|chương trình công tác|chương trình|hướng dẫn|giấy mời|tờ trình|"
    "kết luận|đề án|phương án|quy chế|quy định|thông tư|nghị định|biên bản|thông cáo|dự án|hợp đồng|thư mời|giấy giới thiệu|thông báo kết luận|công điện khẩn|công điện hỏa tốc"
)
_TYPE_LINE = re.compile(rf"^(?P<type>{TYPES})(?P<rest>\s+của\s.*)?\s*:?$", re.I)
SYMBOLS = {
    "KH": "kế hoạch", "CT": "chỉ thị", "TB": "thông báo", "QĐ": "quyết định", "NQ": "nghị quyết", "CĐ": "công điện", "BC": "báo cáo", "CTR": "chương trình", "CTHĐ": "chương trình hành động",
    "HD": "hướng dẫn", "GM": "giấy mời", "TTR": "tờ trình", "KL": "kết luận", "ĐA": "đề án", "PA": "phương án", "TT": "thông tư", "NĐ": "nghị định", "CV": "công văn",
}
_MARKLESS = {bare(name).upper(): name.upper() for name in TYPES.split("|")}
_MOTTO = re.compile(r"CỘNG\s+H(?:OÀ|ÒA|O[AÒ])\s*(?:X[ÃA]\s*HỘI)?|CHỦ\s+NGHĨA\s+VIỆT\s+NAM|Độc\s+lập\s*[-–—]|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM", re.I)
_NUMBER = re.compile(
    r"^\(?(?:Số|SỐ|số)\s*(?:hiệu)?\s*[:.]?\s*(?P<no>\d{1,6}[a-zA-Z]?)?\s*(?P<sym>[-/–][A-ZĐa-zđƯưÔôÂâ0-9&]+(?:[-–/][A-ZĐa-zđƯưÔô0-9&().]+)*)?(?=$|\s|[,;.])"
)
_DATED = re.compile(
    r"(?P<place>[A-ZĐÀ-Ỹ][^,;:.\d|]{1,45}?)\s*,\s*(?:(?:hồi|lúc)\s+\d{1,2}\s*(?:giờ|h|g|:)\s*(?:\d{1,2})?\s*(?:phút)?,?\s*)?(?:ngày|Ngày)\s*(?P<d>\d{1,2})?[\s.…_/]*(?:tháng|/)\s*(?P<m>\d{1,2})?[\s.…_/]*(?:năm|/)\s*(?P<y>(?:19|20)\d{2})"
)
_BODY_START = re.compile(
    r"^(?:Căn cứ|Thực hiện|Thi hành|Triển khai(?=.{150})|Ngày \d|Sáng|Chiều|Trong (?:ngày|thời gian|những|buổi|2|hai)|Kính gửi|Sau khi|Để |Nhằm|Thời gian (?:qua|gần)|Theo |Từ (?:đầu|ngày|năm)|Hiện nay|"
    r"Trên cơ sở|Xét |Qua |Năm \d|Những năm|Vừa qua|Tiếp theo|Ủy ban nhân dân .{0,60}(?:ban hành|xây dựng|yêu cầu|đề nghị|báo cáo|trân trọng)|UBND .{0,60}(?:ban hành|xây dựng|yêu cầu|trân trọng|báo cáo)|"
    r"Chủ tịch .{0,60}(?:yêu cầu|chỉ thị)|Tại |Nghị quyết số|\(?(?:Ban hành )?[Kk]èm theo|CHỦ TỊCH|ỦY BAN|UỶ BAN|HỘI ĐỒNG|BỘ TRƯỞNG|GIÁM ĐỐC|THỦ TƯỚNG|Ban Thường vụ .{0,60}ban hành|Công tác .{60,}|Trước (?:tình|diễn))"
)
_NEVER_BODY = re.compile(r"^(?:[-_=*–—.\s]+|\d+|V/v.*|\(?(?:Ban hành|[Kk]èm theo).*|DỰ THẢO|HỎA TỐC|KHẨN|MẬT|\(?[Dd]ự thảo.*)$")
_ADDRESS = re.compile(r"^\s*(?:Kính gửi|KÍNH GỬI)\s*:?\s*", re.I)
_WIRED = re.compile(r"(?:ĐIỆN|điện)\s*:\s*$")
_LEVELS = "xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu"


@dataclass(frozen=True, slots=True)
class Head:
    """The header, the index of the first body line, and the lines above it in reading order."""

    header: Header
    body_at: int


def read(lines: Sequence[Line], whole: str) -> Head:
    """Reads the head; `whole` is the source text, for names that the head leaves out."""
    zone = [_clipped(line) for line in lines[:70]]
    type_at, kind, rest = _type_line(zone)
    stop = type_at if type_at is not None else _zone_end(zone)
    cells = [text for line in zone[: max(stop, 0) + 1] for text in (line.piece.text, *(cell.text for cell in line.columns)) if text]
    number, symbol = _number(cells)
    place, iso = _place_date(cells)
    title, after = _title(zone, type_at, rest, stop) if type_at is not None else (None, stop)
    if type_at is None and (bare := _bare_title(zone)):
        title, after, stop = bare.title, max(stop, bare.end), bare.start
    letter = _about(zone[:stop + 1])
    if kind is None:
        kind = _kind(number, symbol, letter, zone)
    if kind in ("công văn", None) and letter:
        title = letter
    if kind == "news":
        title, after = _headline(zone)
        place = None
    addressees, after = _addressees(zone, after)
    number_full = symbol_of(f"{number}{symbol or ''}") if number else None
    body = _issuer(zone[:stop], place, whole, kind)
    if kind == "news":
        iso = _news_date(zone, whole)
        place = re.sub(rf"^.*?\b(?:{_LEVELS})\s+", "", body) if body and re.search(rf"\b(?:{_LEVELS})\s", body) else None
    header = Header(kind, number_full, None if number else symbol, iso, place, body, title, addressees)
    return Head(header, after)


def _clipped(line: Line) -> Line:
    """A line that is too long for a head is only looked at from its beginning."""
    return line if len(line.piece.text) <= 2000 else Line(line.piece.cut(0, 2000), line.columns[:8] if line.table else (line.piece.cut(0, 2000),), line.table, line.gap)


def _type_line(zone: Sequence[Line]) -> tuple[int | None, str | None, str | None]:
    for i, line in enumerate(zone[:60]):
        text = re.sub(r"\s+", " ", line.piece.text).strip(" :")
        tight = text.replace(" ", "")
        if 4 < len(tight) < 20 and re.fullmatch(r"(?:\w )+\w", text):
            text = next((t for t in TYPES.upper().split("|") if t.replace(" ", "") == tight), text)
        found = _TYPE_LINE.match(text) or _TYPE_LINE.match(_MARKLESS.get(text, ""))
        if found and text[:4] == text[:4].upper() and not re.match(r"Số", text):
            kind = found["type"].lower()
            kind = "thông báo" if kind == "thông báo kết luận" else "công điện" if kind.startswith("công điện") else kind
            return i, kind, found["rest"]
    return None, None, None


def _zone_end(zone: Sequence[Line]) -> int:
    """Without a type line the head ends before the first line of running text."""
    if zone and len(zone[0].piece.text) > 60 and zone[0].piece.text[-1] in ".;:/" and not zone[0].piece.text.isupper() and not _MOTTO.search(zone[0].piece.text):
        return 0
    for i, line in enumerate(zone):
        text = line.piece.text
        if _ADDRESS.match(text) or (i > 0 and (MARK.match(text) or _BODY_START.match(text)) and not _MOTTO.search(text) and not text.isupper()):
            return i
    return min(len(zone), 1)


def _number(cells: Sequence[str]) -> tuple[str | None, str | None]:
    for text in cells:
        found = _NUMBER.match(text.strip())
        if found and (found["no"] or found["sym"]):
            symbol = re.sub(r"\s+", "", found["sym"]).replace("–", "-").rstrip(".") if found["sym"] else None
            return found["no"], symbol
    return None, None


def _place_date(cells: Sequence[str]) -> tuple[str | None, str | None]:
    for text in [*cells, *(f"{a} {b}" for a, b in itertools.pairwise(cells))]:
        found = _DATED.search(text)
        if not found or len(text) > 160:
            continue
        place = re.sub(r"^.*[/-][A-ZĐ]{2,}\S*\s+", "", found["place"]).strip()
        month, day = found["m"], found["d"]
        if not month or not 1 <= int(month) <= 12:
            return place, found["y"]
        iso = f"{found['y']}-{int(month):02d}"
        return place, f"{iso}-{int(day):02d}" if day and 1 <= int(day) <= 31 else iso
    return None, None


def _title(zone: Sequence[Line], type_at: int, rest: str | None, stop: int) -> tuple[str | None, int]:
    parts = [rest.strip()] if rest else []
    i = type_at + 1
    while i < len(zone) and len(parts) < 12:
        text = zone[i].piece.text
        if (MARK.match(text) and not re.match(r"[-–]", text)) or _ADDRESS.match(text) or _WIRED.search(text) or zone[i].table:
            break
        if parts and (_BODY_START.match(text) or _closed(parts, zone[i])):
            break
        if not parts and re.match(r"(?:CHỦ TỊCH|BỘ TRƯỞNG|Kính gửi)", text):
            break
        parts.append(text)
        i += 1
    title = re.sub(r"\s+", " ", " ".join(parts)).strip(" -_:")
    return title[:700] or None, i


class _Bare(NamedTuple):
    """A title without the line of its type, and where it stands."""

    title: str
    start: int
    end: int


def _bare_title(zone: Sequence[Line]) -> _Bare | None:
    """The capitals under the date, where a website lost the line with the document's type."""
    start = next((i + 1 for i, line in enumerate(zone[:20]) if _DATED.search(line.piece.text)), len(zone))
    parts = list(itertools.takewhile(_is_capitals, (line.piece.text for line in zone[start:])))
    title = re.sub(r"\s+", " ", " ".join(parts)).strip(" -_:")[:700]
    return _Bare(title, start, start + len(parts)) if title else None


def _is_capitals(text: str) -> bool:
    return text.upper() == text and re.search(r"[^\W\d]{3}", text) is not None and not _ADDRESS.match(text) and not MARK.match(text)


def _closed(parts: Sequence[str], line: Line) -> bool:
    """Whether the title already ended before this line."""
    text, before = line.piece.text, parts[-1]
    if text[:1].islower() or text[:1] in "(“\"" or before.endswith((",", "-", "–")):
        return text.startswith("(")
    if before.isupper() or before.upper() == before:
        return text.upper() != text
    if line.gap or text.upper() == text:
        return True
    return len(text) > 120 or text.endswith((".", ":")) or ". " in text or before.endswith((".", ";", ":"))


def _about(zone: Sequence[Line]) -> str | None:
    """The subject of an official letter: "V/v ..." with the lines that go on with it."""
    cells = [(cell.text, line) for line in zone for cell in line.columns if cell.text]
    for i, (text, _) in enumerate(cells):
        found = re.match(r"^\(?(?:V/v|V/V|Về việc|v/v)\s*:?\s*", text)
        if not found:
            continue
        parts = [text[found.end():]]
        for more, line in cells[i + 1:i + 8]:
            if _MOTTO.search(more) or _DATED.search(more) or _ADDRESS.match(more) or _NUMBER.match(more):
                if len(line.columns) > 1:
                    continue
                break
            if (line.gap and not more[:1].islower()) or not (more[:1].islower() or more[:1].isdigit() or not parts[-1].endswith((".", ";"))):
                break
            parts.append(more)
        return re.sub(r"\s+", " ", " ".join(parts)).strip(" .;()") or None
    return None


def _kind(number: str | None, symbol: str | None, letter: str | None, zone: Sequence[Line]) -> str | None:
    formal = any(_MOTTO.search(line.piece.text) for line in zone[:30])
    addressed = any(_ADDRESS.match(line.piece.text) for line in zone)
    for part in re.split(r"[-/]", symbol or ""):
        if part.upper() in SYMBOLS and (formal or number):
            return SYMBOLS[part.upper()]
    if letter or (addressed and (number or symbol or formal)):
        return "công văn"
    if formal or number or addressed:
        return None
    prose = sum(len(line.piece.text) > 80 for line in zone)
    outline = sum(bool(MARK.match(line.piece.text)) for line in zone)
    return "news" if prose >= 3 and outline * 3 < len(zone) else None


def _headline(zone: Sequence[Line]) -> tuple[str | None, int]:
    for i, line in enumerate(zone[:12]):
        text = re.sub(r"^(?:date\s+)?\d{4}-\d\d-\d\d\s+", "", line.piece.text)
        dated = re.match(r"^(?:[Tt]hứ \w+,?\s*|Ngày đăng|Cập nhật|Đăng ngày)?.{0,12}\d{1,2}[/-]\d{1,2}[/-]\d{4}.{0,60}$", text)
        if len(text) >= 25 and not dated and "»" not in text:
            j = i + 1
            while j < min(len(zone), i + 4) and zone[j].piece.text[:1].islower():
                text, j = f"{text} {zone[j].piece.text}", j + 1
            return text.strip(" |"), j
    return None, 0


def _news_date(zone: Sequence[Line], whole: str) -> str | None:
    top = " ".join(line.piece.text for line in zone[:6])
    stamp = re.search(r"\b(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})\b", top)
    printed = re.search(r"\b(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>(?:19|20)\d{2})\b", top)
    held = re.search(r"(?:Sáng|Chiều|Ngày|Tối|sáng|chiều|ngày)\s+(?:ngày\s+)?(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>(?:19|20)\d{2}))?", whole[:6000])
    year = (stamp or printed or {"y": None})["y"]
    best = held if held and (held["y"] or year) else stamp or printed
    if not best:
        return None
    return f"{best['y'] or year}-{int(best['m']):02d}-{int(best['d']):02d}"


def _addressees(zone: Sequence[Line], at: int) -> tuple[list[str], int]:
    """Names after "Kính gửi" or "... ĐIỆN:", and the line after them."""
    for i in range(len(zone)):
        text = zone[i].piece.text
        found, wired = _ADDRESS.match(text), _WIRED.search(text) if text.upper() == text or "điện:" in text else None
        if not found and not wired:
            continue
        parts = [text[found.end():]] if found and text[found.end():].strip(" .") else []
        j = i + 1
        while j < len(zone) and j < i + 30:
            more = zone[j].piece.text
            bullet = re.match(r"^[-–+•]\s*", more)
            open_list = bool(parts) and not zone[j].gap and not _BODY_START.match(more) and not parts[-1].endswith(".") and not MARK.match(more)
            if not bullet and not (open_list or (not parts and not _BODY_START.match(more))):
                break
            if bullet or not parts or parts[-1].endswith(";"):
                parts.append(more[bullet.end():] if bullet else more)
            else:
                parts[-1] += " " + more
            j += 1
        names = [name.strip(" .;:,-–+•") for part in parts for name in re.split(r";\s*", part)]
        return [name for name in names if name], max(at, j)
    return [], at


def _issuer(zone: Sequence[Line], place: str | None, whole: str, kind: str | None) -> str | None:
    names: list[str] = []
    for line in zone:
        for cell in line.columns:
            text = cell.text.strip(" -_*:.")
            if not text or text.startswith("/") or _MOTTO.search(text) or _DATED.search(text) or _NUMBER.match(text) or _NEVER_BODY.match(text):
                continue
            if text.upper() == text and re.search(r"[A-ZĐÀ-Ỹ]{2}", text) and not _TYPE_LINE.match(text):
                names.append(text)
    named = _compose(names, place, whole)
    return named or _from_text(place, whole, kind)


_SUPERIOR = re.compile(rf"^(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|ĐẢNG BỘ|HĐND)\s+(?P<where>(?:{_LEVELS})\s+.+)$", re.I)
_TOP = re.compile(
    r"^(?:ỦY BAN|UỶ BAN|UBND|SỞ|BỘ|TRUNG TÂM|TRẠM|CHÍNH PHỦ|THỦ TƯỚNG|ĐẢNG|HUYỆN|TỈNH ỦY|THÀNH ỦY|THỊ ỦY|VĂN PHÒNG|BAN|PHÒNG|CHI CỤC|CỤC|HỘI|CÔNG AN|BỆNH VIỆN|HĐND|CHI BỘ|TRƯỜNG|VIỆN|BẢO HIỂM)\b", re.I
)


def _compose(names: Sequence[str], place: str | None, whole: str) -> str | None:
    """Stacked lines of the left column as one name; a superior line gives the place only."""
    groups: list[str] = []
    for name in names[:6]:
        alone = re.sub(rf"^(?:{_LEVELS})\s+(?!ỦY|UỶ|ĐOÀN).*", "", name, flags=re.I)
        unit = _TOP.match(name) and not re.match(r"(?:TỈNH|HUYỆN|THÀNH|PHÒNG CHỐNG)\s(?!ỦY|UỶ|ĐOÀN)", name)
        if groups and (not alone or not unit):
            groups[-1] += " " + name
        elif unit:
            groups.append(name)
    if not groups:
        return None
    own = _natural(groups[-1], place, whole)
    if len(groups) > 1:
        over = _SUPERIOR.match(groups[-2])
        if over and not re.search(rf"\b(?:{_LEVELS})\b", own, re.I):
            where = _natural(over["where"], place, whole)
            where = where[:1].lower() + where[1:]
            return f"{own} UBND {where}" if own.startswith("Văn phòng") and "UBND" not in own else f"{own} {where}"
    if re.fullmatch(r"Ủy ban nhân dân(?: (?:tỉnh|xã|huyện|phường|thành phố))?", own) and place:
        return _from_text(place, whole, None) or f"{own} {place}"
    return own


def _natural(name: str, place: str | None, whole: str) -> str:
    """A name in capitals as it is written in running text."""
    plain = re.sub(r"\s+", " ", re.sub(r"(?<=NHÂN DÂN)(?=TỈNH|THÀNH|HUYỆN|QUẬN|THỊ|XÃ|PHƯỜNG)", " ", name[:300])).strip().replace("UỶ", "ỦY")
    for found in re.finditer(re.escape(plain), whole[:60000], re.I):
        if found.group(0).upper() != found.group(0):
            return found.group(0)[:1].upper() + found.group(0)[1:]
    words = plain.lower().split(" ")
    text = " ".join(words)
    where = re.search(rf"\b(?:{_LEVELS})\s+(?P<name>(?!nhân|dân).+)$", text)
    if where:
        text = text[:where.start("name")] + where["name"].title()
    for word, printed in (("ubnd", "UBND"), ("hđnd", "HĐND"), ("y tế", "Y tế"), ("việt nam", "Việt Nam")):
        text = re.sub(rf"\b{word}\b", printed, text)
    return text[:1].upper() + text[1:] if not text.startswith(tuple(_LEVELS.split("|"))) else text


def _from_text(place: str | None, whole: str, kind: str | None) -> str | None:
    """The body that the running text names as acting, for a document without its head."""
    text = re.sub(r"\s+", " ", re.sub(r"[*|]", "", whole[:8000]))
    if kind == "news":
        held = re.search(rf"((?:Đảng ủy|UBND|Ủy ban nhân dân|HĐND|Trạm Y tế|Trung tâm Y tế|Sở Y tế|Huyện ủy|Tỉnh ủy)(?: (?:{_LEVELS}))?(?: [A-ZĐÀ-Ỹ][\w]*){{1,4}})\s+(?:đã |phối hợp |long trọng )?(?:tổ chức|chủ trì|họp)", text)
        return held.group(1) if held else None
    issued = re.search(rf"(?:Ủy ban|Uỷ ban|UBND)\s?(?:nhân dân)? (?P<level>{_LEVELS})(?P<name>(?: [A-ZĐÀ-Ỹ]\w*)+) (?:xây dựng|ban hành|yêu cầu|đề nghị|thông báo|báo cáo)", text)
    if issued:
        return f"Ủy ban nhân dân {issued['level']}{issued['name']}"
    levels = re.findall(rf"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân) ({_LEVELS})\b", text)
    if place and levels:
        level = max(dict.fromkeys(levels), key=levels.count)
        return f"Ủy ban nhân dân {level} {place}"
    return None
