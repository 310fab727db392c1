"""The outline of the body: items with their level, heading, theme, responsible units and labels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tramyte.rules.directives import units
from tramyte.rules.directives.header import TYPES
from tramyte.rules.directives.lines import MARK, Line, Piece, continues, join, terminated
from tramyte.rules.directives.verbs import ACTION, CLOSING, ORDER

RANKS = {"part": 0.0, "caps": 0.5, "capital": 1.0, "roman": 2.0, "article": 3.0, "number": 4.0, "multi": 5.0, "paren": 7.0, "letter": 8.0, "dash": 9.0, "plus": 10.0, "star": 11.0}
LOOSE = 8.7
_THEMES = (
    ("assign", re.compile(r"tổ chức thực hiện|phân công|trách nhiệm của|giao nhiệm vụ|trách nhiệm thực hiện|^trách nhiệm|tổ chức triển khai|triển khai thực hiện$")),
    ("report", re.compile(r"chế độ (?:thông tin,? )?báo cáo|^(?:thông tin|công tác),? báo cáo|^báo cáo$")),
    ("aims", re.compile(r"mục đích|^(?:các )?yêu cầu(?: chung)?$|quan điểm|nguyên tắc|ý nghĩa|phạm vi|đối tượng|sự cần thiết|cơ sở pháp lý|^căn cứ")),
    ("situation", re.compile(r"^kết quả|kết quả (?:thực hiện|đạt được|công tác)|tình hình thực hiện|đánh giá (?:chung|kết quả|tình hình)")),
    ("targets", re.compile(r"mục tiêu|chỉ tiêu|tầm nhìn đến")),
    ("work", re.compile(r"nhiệm vụ|giải pháp|phương hướng|nội dung|hoạt động|biện pháp")),
    ("situation", re.compile(r"tình hình|thực trạng|kết quả|đánh giá(?! tác động)|tồn tại|hạn chế|nguyên nhân|đặc điểm|bối cảnh|thuận lợi|khó khăn|bài học")),
    ("funding", re.compile(r"^(?:nguồn )?kinh phí|nguồn lực (?:tài chính|thực hiện)|^dự toán|nguồn vốn|cơ chế tài chính|kinh phí thực hiện")),
    ("frame", re.compile(r"^(?:thời gian|địa điểm|thành phần|tiến độ|lộ trình|khái toán|hiệu lực|giải thích từ ngữ|nội dung$)")),
    ("ask", re.compile(r"^(?:kiến nghị|đề xuất|những kiến nghị|một số kiến nghị)")),
)
_LABEL_LEAD = re.compile(
    r"^\(?\s*(?:-\s*)?(?:(?:các )?(?:cơ quan|đơn vị|bộ phận|phòng, ban)(?:, đơn vị)?\s+(?:được giao\s+)?(?P<lead>chủ trì(?: thực hiện)?|thực hiện|tham mưu|đầu mối)|(?P<lead2>chủ trì(?: thực hiện)?|phân công(?: thực hiện)?|trách nhiệm(?: thực hiện)?|người (?:thực hiện|phụ trách)|giao))"
    r"\s*:\s*", re.I)
_LABEL_HELP = re.compile(r"^\(?\s*(?:(?:các )?(?:cơ quan|đơn vị)(?:, đơn vị)?\s+phối hợp(?: thực hiện)?|phối hợp(?: thực hiện)?)\s*:\s*", re.I)
_LABEL_TIME = re.compile(r"^\(?\s*(?:thời (?:gian|hạn|điểm)(?: (?:hoàn thành|thực hiện|triển khai|báo cáo))?|hoàn thành|tiến độ(?: thực hiện)?|hạn hoàn thành)\s*:\s*", re.I)
_LABEL_OTHER = re.compile(r"^\(?\s*(?:sản phẩm(?: đầu ra)?|kết quả(?: đạt được| đầu ra)?|kinh phí|địa điểm|ghi chú|số lượng|đối tượng|thành phần)\s*:\s*", re.I)
_TRAILING = re.compile(r"\s*\(\s*(?=(?:(?:cơ quan|đơn vị)\s+(?:chủ trì|thực hiện|phối hợp)|chủ trì|phân công)\s*:)[^()]{3,400}(?:\([^()]*\)[^()]*)*\)\s*[.;]?\s*$", re.I)
_RESET = re.compile(rf"^(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC|(?:{TYPES.upper()}))\b[^a-zà-ỹ]{{0,200}}$")
_TYPE_ONLY = re.compile(rf"^(?:{TYPES.upper()})$")
_PARTING = re.compile(r"^(?:Trên đây|Trong quá trình|Quá trình|Nhận được|Căn cứ (?:nội dung )?(?:Kế hoạch|Thông báo|Chỉ thị|Công văn|Nghị quyết) này|(?:Chỉ thị|Quyết định|Kế hoạch|Thông báo|Công điện|Nghị quyết|Chương trình) này|Văn phòng .{0,60}thông báo|Nội dung vượt|Những (?:nội dung|vấn đề|khó khăn)|Nếu (?:có|gặp)|Có vướng mắc|\[\d+\])")
_NOTE = re.compile(r"\(\d{1,2}\)(?=\s)")
_BARE_LABELS = re.compile(r"^(?:trách nhiệm của|đối với|về phía|giao(?: nhiệm vụ)?(?: cho)?|đề nghị|yêu cầu|phân công|nhiệm vụ của|chỉ đạo(?=[^.;:]{3,120}:$))\s+", re.I)
_CASE = re.compile(r"Đối với\s+(?P<who>[^:;.]{3,150}):")
_NO_BODY = re.compile(r"(?:Công tác|Về|Nội dung|Một số|Những|Việc|Thời|Nếu|Khi|Tổng|Danh mục|Biểu|Ghi chú|Lưu ý)\b")


@dataclass(slots=True)
class Item:
    """A paragraph or row in its place; `parent` is an index into the outline, -1 at the root."""

    piece: Piece
    kind: str
    rank: float
    parent: int
    first_child: int = -1
    theme: str | None = None
    own: list[str] = field(default_factory=list)
    with_: list[str] = field(default_factory=list)
    time: str | None = None
    label: bool = False
    heading: bool = False
    work_at: int = 0
    row: tuple[Piece, ...] = ()
    marker: str = ""


def build(lines: Sequence[Line], width: int) -> list[Item]:
    """Items in reading order with parents, themes, units and labels settled."""
    items: list[Item] = []
    stack: list[int] = []
    for piece, row in _paragraphs(lines, width):
        _place(items, stack, piece, row)
    for i, item in enumerate(items):
        _settle(items, i, item)
    _name_the_rest(items)
    return items


def _name_the_rest(items: Sequence[Item]) -> None:
    """Among headings that are units, one that only its place shows to be a unit ("5. Hạt Kiểm lâm") is a unit too."""
    known = {item.parent for item in items if item.own and item.kind in ("number", "multi", "letter", "roman") and item.theme == "assign"}
    for i, item in enumerate(items):
        text = item.piece.text
        if item.parent not in known or item.own or item.kind not in ("number", "multi", "letter", "roman") or ACTION.match(text) or _NO_BODY.match(text) or ORDER.match(text):
            continue
        colon = text.find(":")
        name = text[:colon] if colon > 0 else text
        below = i + 1 < len(items) and items[i + 1].parent == i and not items[i + 1].label
        if not text[:1].isupper() or len(name.split()) > 12 or name[-1:] in ".;" or "." in name or _theme(name) or _theme(text):
            continue
        if below and colon in (-1, len(text) - 1):
            item.own, item.work_at, item.heading, item.theme = [name.strip()], len(text), True, "assign"
        elif 0 < colon < len(text) - 1 and ACTION.match(text[colon + 1:].lstrip()):
            item.own, item.work_at, item.theme = [name.strip()], colon + 1, "assign"


def _paragraphs(lines: Sequence[Line], width: int) -> list[tuple[Piece, tuple[Piece, ...]]]:
    found: list[tuple[Piece, tuple[Piece, ...]]] = []
    parts: list[Piece] = []
    before = ""
    marked = terminated(lines)
    for line in lines:
        if line.table:
            if parts:
                found.append((join(parts), ()))
            parts, before = [], ""
            found.append((line.piece, line.columns))
            continue
        caps = _RESET.match(line.piece.text) or _TYPE_ONLY.match(before)
        if parts and not caps and continues(before, line, width, parts[0].text if marked else "") and not _heads(before):
            parts.append(line.piece)
        else:
            if parts:
                found.append((join(parts), ()))
            parts = [line.piece]
        before = line.piece.text
    if parts:
        found.append((join(parts), ()))
    return found


def _heads(before: str) -> bool:
    """Whether the line before is a heading in capitals, which running text never continues."""
    return before.upper() == before and len(before) > 6 and bool(MARK.match(before)) and not before.endswith(("-", ","))


def _place(items: list[Item], stack: list[int], piece: Piece, row: tuple[Piece, ...]) -> None:
    text = piece.text
    if _RESET.match(text) and not row:
        stack.clear()
        _push(items, stack, Item(piece, "caps", -2.0, -1), lasting=True)
        return
    if row:
        items.append(Item(piece, "row", 20.0, stack[-1] if stack else -1, row=row))
        return
    mark = MARK.match(text)
    if mark and mark.lastgroup and not _PARTING.match(text) and not _is_footnote(items, text):
        kind = mark.lastgroup
        rank = RANKS[kind] + (mark.group(0).count(".") * 0.1 if kind == "multi" else 0.0)
        body = piece.cut(mark.end())
        if kind in ("star", "plus") and (units.is_heading(body.text) or (body.text.endswith(":") and not any(items[i].kind == "dash" for i in stack))):
            rank = 8.8
        while stack and items[stack[-1]].rank >= rank:
            stack.pop()
        _push(items, stack, Item(body, kind, rank, -1, marker=mark.group(0).strip()), lasting=True)
        return
    _place_loose(items, stack, piece)


def _is_footnote(items: Sequence[Item], text: str) -> bool:
    """Whether "(1) ..." explains a "(1)" inside a sentence above it; otherwise it is an item of a list."""
    sign = _NOTE.match(text)
    return bool(sign and any(item.piece.text.find(sign.group(0), 1) > 0 for item in items[-60:]))


def _place_loose(items: list[Item], stack: list[int], piece: Piece) -> None:
    """A paragraph without a mark: a heading in capitals, an umbrella sentence, or plain text."""
    text = piece.text
    named = items and items[-1].kind in ("number", "multi", "letter") and units.is_heading(_BARE_LABELS.sub("", items[-1].piece.text))
    closes = not text.endswith(":") and any(CLOSING.match(text[:cut]) for cut in (len(text), text.find(". ") + 1) if cut)
    if not named and (closes or _PARTING.match(text) or _is_footnote(items, text)):
        stack.clear()
        items.append(Item(piece, "para", LOOSE, -1))
        return
    if text.upper() == text and 6 < len(text) < 160 and re.search(r"[A-ZĐÀ-Ỹ]{3}", text):
        while stack and items[stack[-1]].rank >= RANKS["caps"]:
            stack.pop()
        _push(items, stack, Item(piece, "caps", RANKS["caps"], -1), lasting=True)
        return
    titled = text[-1:] not in ".;!?" and len(text) < 130
    umbrella = text.endswith(":") or (titled and (units.is_heading(_BARE_LABELS.sub("", text)) or _theme(text) in ("targets", "work", "assign")))
    if umbrella and not _label(text):
        while stack and (items[stack[-1]].rank > LOOSE or items[stack[-1]].kind == "umbrella"):
            stack.pop()
        rank = (items[stack[-1]].rank if stack else -3.0) + 0.05
        _push(items, stack, Item(piece, "umbrella", rank, -1), lasting=True)
        return
    while stack and items[stack[-1]].rank > LOOSE:
        stack.pop()
    _push(items, stack, Item(piece, "para", LOOSE, -1), lasting=False)


def _push(items: list[Item], stack: list[int], item: Item, lasting: bool) -> None:
    if stack:
        item.parent = stack[-1]
    items.append(item)
    if lasting:
        stack.append(len(items) - 1)


def _label(text: str) -> bool:
    return bool((_LABEL_LEAD.match(text) and units.ANY_HEAD.search(text[:120])) or _LABEL_HELP.match(text) or _LABEL_TIME.match(text) or _LABEL_OTHER.match(text))


def _theme(text: str) -> str | None:
    return _theme_of(text.lower().strip(" .:;")[:160])


@lru_cache(maxsize=2048)
def _theme_of(bare: str) -> str | None:
    return next((name for name, pattern in _THEMES if pattern.search(bare)), None)


_INSURANCE = re.compile(r"(?:Về )?(?:Bảo hiểm xã hội|BHXH)(?: (?:bắt buộc|tự nguyện))?", re.I)


def _settle(items: list[Item], i: int, item: Item) -> None:
    """Decides whether the item is a label, a heading (then its theme and units) or work."""
    text = item.piece.text
    parent = items[item.parent] if item.parent >= 0 else None
    item.theme = parent.theme if parent else None
    if item.kind == "row":
        return
    if _label(text) and item.kind not in ("caps", "roman", "part"):
        item.label = True
        _apply_label(items, i, item)
        return
    if parent and parent.first_child < 0:
        parent.first_child = i
    _trailing(item)
    _own_units(item)
    if item.theme == "targets" and item.heading and item.own and _INSURANCE.fullmatch(item.piece.text.strip(" .:;")):
        item.own = []
    shaped = item.kind in ("caps", "roman", "part", "capital", "umbrella") or (item.kind in ("number", "multi", "letter", "star", "plus", "dash", "paren", "article") and (len(text) < 160 and text[-1:] not in ".;"))
    if shaped and not (item.own and item.work_at < len(text)):
        named = "assign" if item.own else _umbrella_theme(item) if item.kind == "umbrella" else _theme(text)
        if named and (named != "work" or item.theme in (None, "work", "situation", "caps") or item.kind in ("roman", "caps", "part")) and _may_retheme(item, named):
            item.theme = named


def _umbrella_theme(item: Item) -> str | None:
    """A sentence that orders opens work; a short one may name any section; a long one names none."""
    text = item.piece.text
    if item.theme is None and re.search(r"yêu cầu|đề nghị|kết luận|chỉ đạo|chỉ thị|nhiệm vụ|giải pháp|phân công", text[-160:].lower()):
        return "work"
    return _theme(text) if len(text) <= 160 else None


def _may_retheme(item: Item, named: str) -> bool:
    """A low bullet such as "- Đánh giá kết quả" is work, not a section."""
    if item.theme == "situation" and item.kind not in ("caps", "part", "umbrella"):
        return False
    if item.kind in ("dash", "plus", "star", "letter", "paren"):
        return named in ("targets", "assign") and item.piece.text.endswith(":")
    if item.kind in ("number", "multi") and item.theme in ("assign", "work", "report"):
        return named in ("targets", "assign", "report", "aims", "funding") and len(item.piece.text.split()) < 14
    return True


def _own_units(item: Item) -> None:
    """Units printed as the heading of the item: alone, or before a colon; `work_at` is where the work begins."""
    text = item.piece.text
    bare = _BARE_LABELS.match(text)
    start = bare.end() if bare else 0
    body = text[start:]
    item.work_at = len(text) if text.endswith(":") else 0
    case = _CASE.match(text)
    if case and units.ANY_HEAD.match(case["who"]) and not re.match(r"các trường hợp", case["who"]):
        item.own, item.work_at, item.heading = units.split_units(case["who"]), case.end(), case.end() == len(text)
        return
    if units.is_heading(body) and (item.kind not in ("para",) or text.endswith(":")):
        item.own, item.work_at, item.heading = units.split_units(re.sub(r"[\s:.;]+$", "", body)), len(text), True
        return
    led = units.leading(text, start)
    if led and not led[2]:
        return
    if led and text[led[1]:led[1] + 1] == ":":
        item.own, item.work_at = led[0], led[1] + 1
        return
    if text.endswith(":"):
        _umbrella_units(item)


def _umbrella_units(item: Item) -> None:
    """Units that the last sentence of an umbrella ("... yêu cầu X thực hiện:") puts in charge."""
    text = item.piece.text
    last = max(text.rfind(". ", 0, len(text) - 1) + 1, len(text) - 700, 0)
    sentence = text[last:]
    item.heading = True
    found = None
    for order in ORDER.finditer(sentence):
        led = units.leading(sentence, order.end())
        if led:
            found = led[0]
    if found is None:
        bare = sentence.lstrip()
        led = units.leading(sentence, len(sentence) - len(bare))
        if led and led[2] and re.match(r"(?:chủ trì|có trách nhiệm|chịu trách nhiệm|thực hiện|phối hợp|tập trung|khẩn trương|tiếp tục|căn cứ|triển khai|tổ chức|chỉ đạo|tham mưu|cần|phải)", sentence[led[1]:]):
            found = led[0]
    if found:
        item.own = found
    item.work_at = last if last and not found else len(text)


def _trailing(item: Item) -> None:
    """Takes "(Cơ quan chủ trì: X; cơ quan phối hợp: Y; ...)" at the end of the item as labels."""
    found = _TRAILING.search(item.piece.text[-600:])
    if not found:
        return
    at = max(0, len(item.piece.text) - 600) + found.start()
    inside = item.piece.text[at:].strip(" ().;")
    item.piece = item.piece.cut(0, at)
    _read_label(item, inside)


def _apply_label(items: list[Item], i: int, label: Item) -> None:
    """Labels speak of the item above them: the heading when it has one below the chapter level, else the item before."""
    target = items[label.parent] if label.parent >= 0 else None
    if target is None or target.rank <= RANKS["roman"] or target.kind == "umbrella":
        before = next((one for one in reversed(items[max(0, i - 12):i]) if not one.label), None)
        target = before
    if target is not None and not target.row:
        _read_label(target, label.piece.text)


def _read_label(target: Item, text: str) -> None:
    for part in re.split(r"[;.]\s*(?=(?:[Cc]ác )?(?:[Cc]ơ quan|[Đđ]ơn vị|[Pp]hối hợp|[Cc]hủ trì|[Tt]hời|[Hh]oàn thành|[Ss]ản phẩm)\b[^:;]{0,40}:)", text):
        part = part.strip(" ().;")
        lead, helper, timed = _LABEL_LEAD.match(part), _LABEL_HELP.match(part), _LABEL_TIME.match(part)
        if lead:
            named = part[lead.end():]
            split = re.split(r"[,;.]?\s*(?:chủ trì[,;]?\s*)?phối hợp(?: với)?\s*:?\s*", named, maxsplit=1)
            target.own = units.split_units(split[0].strip(" .;"))
            if len(split) > 1:
                target.with_ = units.split_units(split[1].strip(" .;"))
        elif helper:
            target.with_ = units.split_units(part[helper.end():].strip(" .;"))
        elif timed:
            target.time = part[timed.end():]


def chain(items: Sequence[Item], i: int) -> list[Item]:
    """The item and its headings, innermost first."""
    found = []
    while i >= 0:
        found.append(items[i])
        i = items[i].parent
    return found
