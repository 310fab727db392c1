"""Items of work: sentences with an action, the units in charge, whom they work with, and by when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tramyte.rules.directives import units
from tramyte.rules.directives.dates import PERIODIC, RECURRENCE, Today, When, loose, when
from tramyte.rules.directives.outline import Item, chain
from tramyte.rules.directives.verbs import ACTION, CLOSING, FOREIGN, LEAD, NARRATIVE, ORDER, PAST

CLOSED = frozenset({"aims", "targets", "situation", "frame", "ask"})
LIMIT = 2000
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-ZĐÀ-Ỹ])")
_ABBREVIATED = re.compile(r"(?:^|\s|\()(?:TS|BS|ThS|PGS|GS|Tp|TP|TT|KT|TM|Q|P|tr|Th|ĐT|St|Mr|CKI|CKII|đ/c)\.$")
_SAME = re.compile(r"(?:hoàn thành\s+(?:trước|trong|xong|chậm|vào|đến|việc)|thời (?:gian|hạn)|kinh phí|nội dung|sản phẩm|trường hợp|nếu|việc|địa điểm|\()", re.I)
_WITH = re.compile(r"phối\s+hợp(?:\s+(?:chặt\s+chẽ|hiệu\s+quả|đồng\s+bộ|thường\s+xuyên))?\s*(?:,\s*hỗ\s+trợ\s*)?(?:\s+(?:với|cùng(?:\s+với)?))?\s+", re.I)
_MODAL = re.compile(r"\s*(?:cần|phải|có trách nhiệm|tiếp tục|khẩn trương|tập trung|chủ động|tăng cường|nghiêm túc|chịu trách nhiệm|sớm|đẩy mạnh|rà soát|tham mưu|phối hợp|chủ trì)(?!\w)", re.I)
_NOUN_CYCLE = re.compile(r"(?:kế hoạch|chương trình|dự toán|nghị quyết|ngân sách|chỉ tiêu|kinh phí|báo cáo công tác|phát triển)[^,;.]{0,45}$", re.I)
_REGULAR = re.compile(r"^\W*(?:thường xuyên|liên tục)|(?:thời gian[^.;]{0,25}|\(|,\s+)thường xuyên\W*$", re.I)
_ASKS = re.compile(r"(?:yêu cầu|đề nghị|có ý kiến|chỉ đạo)[^.]{0,150}:$", re.I)
_OCCASION = re.compile(r"(?:Thực hiện|Căn cứ|Theo|Để|Nhằm|Xét|Tiếp theo|Sau khi|Phúc đáp|Triển khai)\s")
_OPENED = re.compile(r"(?:Riêng|Đồng thời|Ngoài ra)\s+$")
_ISSUER = re.compile(r"\s*(?:yêu cầu|đề nghị|giao|chỉ thị|phân công)\s+", re.I)


_TOPIC = re.compile(r"(?:[^:.;,()]{4,70}|(?:Về|Đối với|Liên quan)\s[^:;]{4,220}):\s+(?=[A-ZĐÀ-Ỹ])")


@dataclass(frozen=True, slots=True)
class Work:
    """A task or an unassigned piece of work inside an item: offsets into the item's text."""

    start: int
    end: int
    units: list[str]
    coordinating: list[str]
    when: When | None
    recurrence: str | None
    explicit: bool


def sentences(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a paragraph; very long ones are cut so that reading stays linear."""
    last = start
    for gap in _SENTENCE.finditer(text, start):
        if _ABBREVIATED.search(text[max(last, gap.start() - 6):gap.start()]):
            continue
        yield from _pieces(last, gap.start())
        last = gap.end()
    if last < len(text):
        yield from _pieces(last, len(text))


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, LIMIT):
        yield at, min(end, at + LIMIT)


@dataclass(frozen=True, slots=True)
class Said:
    """Who does a sentence, as it says itself: names, where the work begins, whether an order said so."""

    names: list[str]
    verb_at: int
    ordered: bool


def subject(text: str, at: int) -> Said | None:
    """Units that the sentence itself puts in charge ("Giao X ...", "X chủ trì ...", "UBND tỉnh yêu cầu X ...")."""
    order = ORDER.match(text, at)
    if order:
        led = units.leading(text, order.end()) or units.unheard(text, order.end())
        if led and re.match(r"(?:phân công|ủy quyền)", order["verb"], re.I) and led[0][0][:1].islower():
            return None
        return Said(led[0], led[1], True) if led and (led[2] or led[1] < len(text)) else None
    led = units.leading(text, at)
    if not led or not led[2]:
        return None
    issuer = _ISSUER.match(text, led[1])
    if issuer:
        inner = units.leading(text, issuer.end())
        return Said(inner[0], inner[1], True) if inner else None
    if text[led[1]:led[1] + 1] == ":":
        return Said(led[0], led[1] + 1, False)
    if FOREIGN.match(text, led[1]) and not re.match(r"(?:thống nhất|báo cáo)\s+(?!với|đánh giá|chủ trương)", text[led[1]:]):
        return None
    return Said(led[0], led[1], False)


def groups(text: str, start: int) -> list[tuple[int, int]]:
    """The pieces of work of a paragraph: a later sentence starts a new one when it begins with an action or a unit."""
    found: list[tuple[int, int]] = []
    for begin, end in sentences(text, start):
        lead = LEAD.match(text, begin)
        at = lead.end() if lead else _past_occasion(text, begin, end)
        new = not found or (not _SAME.match(text, at) and (ACTION.match(text, at) or subject(text[at:end], 0)))
        if new:
            found.append((at, end))
        else:
            found[-1] = (found[-1][0], end)
        found[-1:] = list(_divided(text, *found[-1]))
    return found


def _past_occasion(text: str, begin: int, end: int) -> int:
    """Where the order begins after "Thực hiện Công văn số ..., " and the like; the beginning when there is none."""
    if not _OCCASION.match(text, begin):
        return begin
    for comma in re.finditer(r",\s+", text[begin:min(end, begin + 900)]):
        led = units.leading(text, begin + comma.end())
        if led and led[2] and _ISSUER.match(text, led[1]) and subject(text, begin + comma.end()):
            return begin + comma.end()
    return begin


def _divided(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divides at a semicolon after which another unit is put in charge."""
    last = start
    for gap in re.finditer(r";\s+(?:đồng thời,?\s+)?", text[start:end]):
        at = start + gap.end()
        clause_end = text.find(";", at, end)
        clause = text[at:clause_end if clause_end > 0 else end]
        if len(clause) > 15 and not units.is_heading(text[last:start + gap.start()]) and (ORDER.match(clause) or units.ANY_HEAD.match(clause)) and subject(clause[:600], 0):
            yield last, start + gap.start()
            last = at
    yield last, end


def coordination(text: str) -> list[str]:
    """Units after "phối hợp với"."""
    names: list[str] = []
    for found in _WITH.finditer(text):
        led = units.leading(text, found.end())
        if led:
            names.extend(name for name in led[0] if name not in names)
    return names


def recurrence(text: str, deadline: When | None, label: str | None) -> str | None:
    """How often the work returns: daily, weekly, monthly, quarterly, annual, regular or periodic (unspecified)."""
    if label and _REGULAR.search(label):
        return "regular"
    stop = deadline.at if deadline else len(text)
    kinds: list[str] = []
    for found in RECURRENCE.finditer(label or text):
        if not label and (found.start() > stop or _NOUN_CYCLE.search(text[max(0, found.start() - 70):found.start()])):
            continue
        if not label and re.search(r"(?:sơ|tổng) kết\s+$", text[:found.start()], re.I):
            continue
        if found.lastgroup and found.lastgroup not in kinds:
            kinds.append(found.lastgroup)
    if len(kinds) == 1:
        return kinds[0] if kinds[0] != "semiannual" or re.search(r"định kỳ|hằng|hàng|báo cáo|lần", text, re.I) else None
    if kinds:
        return "periodic (unspecified)"
    return "periodic (unspecified)" if _is_periodic(text) else "regular" if _REGULAR.search(text[-60:]) and not _REGULAR.match(text[-60:]) else None


def _is_periodic(text: str) -> bool:
    for found in PERIODIC.finditer(text):
        before = text[max(0, found.start() - 60):found.start()]
        if not before.strip() or re.search(r"[,;.]\s*$", before):
            return True
        after = text[found.end():found.end() + 20]
        if (re.search(r"báo cáo|tổng hợp", before, re.I) and not re.search(r"khám|sức khỏe", before, re.I)) or re.match(r"\s*(?:tổng hợp|báo cáo|kiểm tra|rà soát|đánh giá|tổ chức)", after):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """What the headings of an item say: units, partners, time, theme and whether the body has begun."""

    units: list[str]
    with_: list[str]
    time: str | None
    theme: str | None
    lent: bool = False


def context(items: Sequence[Item], i: int, addressees: Sequence[str] = ()) -> Context:
    """Inherited along the outline, the innermost heading that names units winning.

    Below an order that names nobody ("đề nghị thực hiện các nội dung sau:") the addressees are in charge.
    """
    names: list[str] = []
    partners: list[str] = []
    time: str | None = None
    for place in chain(items, i):
        names = names or place.own
        partners = partners or place.with_
        time = time or place.time
        if names and place.rank <= 4:
            break
    lent = not names
    if lent and any(place.kind == "umbrella" and _ASKS.search(place.piece.text[-200:]) for place in chain(items, i)[1:]):
        names = [name for one in addressees for name in units.split_units(one)]
    return Context(names, partners, time, items[i].theme, lent)


def works(item: Item, ctx: Context, today: Today, *, begun: bool, news: bool) -> list[Work]:
    """Tasks (with units) and unassigned work (without) of one item."""
    text = item.piece.text
    found: list[Work] = []
    own_prefix = item.work_at and item.work_at < len(text)
    start = _skip(text, item.work_at if item.work_at < len(text) else 0)
    if item.heading and not own_prefix:
        return found
    if CLOSING.match(text) and item.parent < 0:
        return found
    current: list[str] | None = None
    for begin, end in groups(text, start):
        body = text[begin:end]
        if len(body) < 8 or (item.parent < 0 and CLOSING.match(body)):
            continue
        said = subject(body, 0)
        if not _allowed(item, ctx, said, body, begun=begun, news=news):
            continue
        names = said.names if said else current or ctx.units
        if said and item.kind == "para" and news:
            current = said.names
        opened = _OPENED.search(text, max(start, begin - 12), begin)
        found.append(_work(body, opened.start() if opened else begin, end, names, ctx, today, said))
    return found


def _skip(text: str, start: int) -> int:
    """Past white space and past a short topic before a colon ("Công tác tuyên truyền: Tăng cường ...")."""
    while start < len(text) and text[start] in " :-–":
        start += 1
    topic = _TOPIC.match(text, start)
    if topic and not ACTION.match(text, start) and (ACTION.match(text, topic.end()) or ORDER.match(text, topic.end()) or units.HEAD.match(text, topic.end())):
        return topic.end()
    return start


def _allowed(item: Item, ctx: Context, said: Said | None, body: str, *, begun: bool, news: bool) -> bool:
    if ctx.theme in CLOSED:
        return ctx.theme == "ask" and said is not None and said.ordered and bool(re.match(r"(?:giao|phân công)\b", body, re.I))
    if news or not begun:
        said_now = said is not None and (said.ordered or bool(_MODAL.match(body, said.verb_at)))
        return news and not PAST.search(body[:160]) and (said_now or bool(re.match(r"(?:xây dựng|phối hợp|tập trung|tiếp tục|rà soát|chủ động)", body)))
    if ctx.theme == "funding":
        return said is not None
    if said:
        return said.ordered or not (item.kind == "para" and (PAST.search(body) or NARRATIVE.match(item.piece.text)))
    if re.match(r"(?:Thời gian|Địa điểm|Kinh phí|Thành phần|Hình thức)\b[^.]{0,30}:|(?:Mọi )?(?:[Tt]hông tin|[Cc]hi tiết|[Đđ]ầu mối)[^.:;]{0,60}liên hệ", body):
        return False
    if item.kind == "para" and (item.parent < 0 or (not ctx.units and NARRATIVE.match(item.piece.text))):
        return False
    if ctx.units:
        return not PAST.match(body) and (not ctx.lent or bool(ACTION.match(body)))
    return bool(ACTION.match(body)) and not NARRATIVE.match(body) and not PAST.search(body[:120])


def _work(body: str, begin: int, end: int, names: list[str], ctx: Context, today: Today, said: Said | None) -> Work:
    partners = coordination(body) or ctx.with_
    time = when(body, today)
    label = ctx.time
    if time is None and label:
        day = loose(label, today)
        time = When(day, None, label.strip(" .;"), 0, 0) if day or re.search(r"\d|thường xuyên|hằng|hàng", label, re.I) else None
    again = recurrence(body, time if time and time.end else None, label if label and not (time and time.deadline) else None)
    return Work(begin, end, list(names), list(partners), time, again, said is not None)
