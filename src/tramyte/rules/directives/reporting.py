"""Reports that somebody owes: who, how often, to whom, by when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tramyte.rules.directives import units
from tramyte.rules.directives.dates import (
    AGAIN,
    DEADLINE,
    PERIODIC,
    POINT,
    RECURRENCE,
    WITHIN,
    Today,
    resolve,
    when,
)
from tramyte.rules.directives.verbs import ORDER

_VERB = re.compile(r"(?<!\w)(?:báo\s+cáo|phản\s+ánh|gửi(?=\s+(?:(?-i:[A-ZĐ])|.{0,200}?(?<!\w)(?:về|cho|đến|tới)\s))|thông\s+tin\s+(?:về|kịp))(?!\w)", re.I)
_NOUN = re.compile(
    r"(?:hệ thống|nghe|đã có|phần mềm|mẫu|theo|chế độ|thời hạn|biểu mẫu|nộp|căn cứ|các|tại|nội dung|dữ liệu|quy định|chất lượng|thông tin,|số liệu|bản|xem|qua|đã|trên đây là|ghi chép,|"
    r"thống kê,|sổ sách,|phát hiện,|công tác|hình thức|thành phần|yêu cầu)\s*$", re.I)
_RECEIVER = re.compile(
    r"(?:(?<!\w)(?:báo\s+cáo,\s+(?:đề\s+xuất|kiến\s+nghị|xin\s+ý\s+kiến)|báo\s+cáo|trình|gửi)\s+(?:(?:kết\s+quả|tình\s+hình|tiến\s+độ|số\s+liệu|danh\s+sách|văn\s+bản|bằng\s+văn\s+bản|ngay|kịp\s+thời|nhanh)\s+)?|(?<!\w)(?:về|cho|với|lên|tới|đến|gửi)\s+)"
    r"(?:về\s+|cho\s+|với\s+|lên\s+|đến\s+)?", re.I)
_AFTER_NAME = re.compile(
    r"\s*(?:,|;|\.|:|\btrước\b|\bđể\b|\btheo\b|\bkết quả\b|\btình hình\b|\bthực trạng\b|\bxem xét\b|\bnhững\b|\bcác (?:vấn đề|khó|nội|trường hợp)|\bviệc\b|\bkịp thời\b|\bchậm nhất\b|\bvào\b|\bqua\b|\bđịnh kỳ\b|"
    r"\bhằng\b|\bhàng\b|\btrong\b|\btiến độ\b|\btổng hợp\b|\bhoặc\b|\bnếu\b|\bkhi\b|\bban hành\b|\bquyết định\b|\bxin\b|\bchỉ đạo\b|\bsau\b|\btại\b|\bsố (?:liệu|lượng|\d)|\bcho ý kiến\b|\bcấp trên\b|\bmỗi\b|\bngay\b|\bbằng\b|\bvề\b|\btrình\b|\bgồm\b|\btừ\b|\bnội dung\b|\bphê duyệt\b|\bthống nhất\b|\bđồng thời\b|\bđược\b)", re.I)
_TROUBLE = re.compile(r"khó khăn|vướng mắc|phát sinh|đột xuất|khi có yêu cầu|bất thường|vượt thẩm quyền|ngay khi|kể từ khi|sau (?:mỗi|từng) ", re.I)
_COMPLETE = re.compile(r"(?:lập|xây dựng|chuẩn bị|hoàn thiện|hoàn thành|tổng hợp|thống kê|biểu)\b.{0,200}\bgửi|báo cáo chi tiết|gửi báo cáo|danh sách.{0,120}gửi", re.I)
_RULED = re.compile(r"theo (?:đúng )?quy định(?: hiện hành)?", re.I)
_DAY_OF = re.compile(r"(?:trước|vào|chậm nhất(?: là)?|muộn nhất(?: là)?)\s+(?:\d{1,2}\s*(?:giờ|h)\s*\d{0,2}\s*)?ngày\s+(?P<d>\d{1,2})(?!\s*(?:/|\.|-|tháng)\s*\d)(?:\s+(?:của\s+)?(?:(?:hằng|hàng|mỗi|cuối)\s+)?(?:tháng|quý)(?:\s+(?:cuối|sau|đầu|kế tiếp|của))*(?:\s+quý)?)?", re.I)
_HOUR_OF = re.compile(r"(?:trước|vào|lúc|chậm nhất)\s+\d{1,2}\s*(?:giờ|h)\s*(?:\d{1,2})?(?:\s+(?:thứ\s+\w+|hằng ngày|hàng ngày|mỗi ngày))?|(?:vào\s+)?(?:chiều |sáng )?thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])(?:\s+(?:hằng|hàng)\s+tuần)?", re.I)
_CUT = re.compile(r"(;\s*(?:đồng thời\s+)?|,\s+(?:và\s+)?(?=báo cáo (?:tổng kết|kết thúc|sơ kết)(?!\w)))")
_CONTACT = re.compile(r"(?P<via>\((?:qua|thông qua) [^(),;]*)[,;]\s*(?:email|thư điện tử|hộp thư|điện thoại|ĐT|số máy|địa chỉ)[^()]*\)?", re.I)
_ORDER = ("daily", "weekly", "monthly", "quarterly", "semiannual", "annual")


@dataclass(frozen=True, slots=True)
class Found:
    """A duty inside one sentence: offsets of its clause and what it says."""

    start: int
    end: int
    who: list[str]
    period: str
    to: list[str]
    due_phrase: str | None
    due_month: int | None
    due_day: int | None
    due_on: str | None


def find(sentence: str, who: Sequence[str], today: Today) -> list[Found]:
    """Every duty that one sentence states; `who` are the units already in charge of it."""
    found: list[Found] = []
    start = 0
    for piece in _CUT.split(sentence):
        end = start + len(piece)
        verb = _duty_verb(piece)
        if verb is not None:
            found.extend(_duties(piece, start, end, list(who), verb, today))
        start = end
    return [found[n] if found[n].to or not _shared(sentence, found, n) else replace(found[n], to=found[n + 1].to) for n in range(len(found))]


def _shared(sentence: str, found: Sequence[Found], n: int) -> bool:
    """Whether two reports parted by a comma have one receiver, named at the end."""
    return n + 1 < len(found) and ";" not in sentence[found[n].start:found[n + 1].start]


def _duty_verb(clause: str) -> int | None:
    for verb in _VERB.finditer(clause):
        before = clause[max(0, verb.start() - 18):verb.start()]
        after = clause[verb.end():verb.end() + 40].lower()
        if verb.group(0).lower().startswith("báo"):
            if re.match(r"\s+viên|,\s*(?:tham mưu|đề xuất)\s+(?:cấp có|cơ quan)|\s+(?:trực tuyến|đúng hạn|thống kê\s+y tế)", after):
                continue
            if re.search(r"\b(?:nội dung|bản|dự thảo|gửi|lập|chuẩn bị|xây dựng|hoàn thiện)\s+$", before.lower()) and not re.search(r"(?<!\w)(?:gửi|về|cho)(?!\w)", clause):
                continue
            if _NOUN.search(before) and not re.search(r"(?<!\w)gửi(?!\w)|thực hiện chế độ", clause):
                continue
        if re.search(r"đôn đốc (?:các|việc)?[^,;]{0,60}$", clause[:verb.start()], re.I) and "tổng hợp" not in clause:
            continue
        return verb.start()
    return None


def _receivers(clause: str, verb: int) -> list[str]:
    """The first named receiver at or after the verb, with its "(qua ...)"."""
    for found in _RECEIVER.finditer(clause, max(0, verb - 1)):
        at = found.end()
        if re.match(r"(?:báo cáo\s+)?(?:kết quả|việc|công tác)\s", clause[at:at + 20]):
            continue
        if not units.ANY_HEAD.match(clause, at) and not re.match(r"cấp (?:trên|có thẩm quyền)", clause[at:]):
            continue
        return _named(clause, at)
    advised = re.search(r"tham mưu(?: cho)?\s+(?=[A-ZĐ])", clause[:verb])
    led = units.leading(clause, advised.end()) if advised else None
    return led[0] if led else []


def _named(clause: str, at: int) -> list[str]:
    depth, i, stop = 0, at, min(len(clause), at + 260)
    end = stop
    while i < stop:
        ch = clause[i]
        depth += (ch == "(") - (ch == ")")
        if depth == 0 and i > at:
            cut = _AFTER_NAME.match(clause, i)
            if cut and clause[i - 1:i] != "(" and not _goes_on(clause, i, cut):
                end = i
                break
        i += 1
    text = re.sub(r"\s*\([^()]*(?:điện thoại|số máy|email|ĐT)[^()]*\)?", "", _CONTACT.sub(r"\g<via>)", clause[at:end])).strip(" ,.;:")
    through = re.match(r"\s*,?\s*(qua\s+[A-ZĐ][^;.,]{3,80})", clause[end:])
    via = re.search(r"\s*\([^()]*\)\s*$", text)
    if via and re.match(r"\s*\((?!qua|thông qua|Phòng|Văn phòng|đồng thời)", via.group(0)):
        text = text[:via.start()]
    names = units.split_units(text)
    if through and names and not via:
        names[-1] = f"{names[-1]} ({_cut_after(through.group(1))})"
    return [name for name in names if len(name) < 200]


def _cut_after(text: str) -> str:
    cut = re.search(r"\s(?:để|trước|theo|tổng hợp|chậm nhất|vào|kết quả)\b", text)
    return text[:cut.start()] if cut else text


def _goes_on(clause: str, i: int, cut: re.Match[str]) -> bool:
    """A comma inside a list of receivers, or "tổng hợp" inside a name."""
    return (cut.group(0).strip() == "," and bool(units.ANY_HEAD.match(clause[i + 1:].lstrip()))) or (clause[i - 1].isalnum() and clause[i].isalnum())


def _periods(clause: str) -> list[tuple[str, int, int]]:
    found = []
    for match in RECURRENCE.finditer(clause):
        if re.search(r"(?:kế hoạch|chương trình|dự toán|kinh phí|nhiệm vụ|phát triển .{0,30}|sức khỏe|định kỳ khám)\s*$", clause[:match.start()], re.I):
            continue
        found.append((match.lastgroup or "annual", match.start(), match.end()))
    return found


def _duties(clause: str, start: int, end: int, who: list[str], verb: int, today: Today) -> list[Found]:
    to = _receivers(clause, verb)
    periods = _periods(clause)
    own = _subject(clause, verb) or who
    due = when(clause[verb:], today) or when(clause, today)
    trouble = bool(_TROUBLE.search(clause))
    if periods:
        return _periodic(clause, start, end, own, to, periods, verb, today)
    if trouble and not due:
        inside = re.search(r"trong vòng \d+ (?:giờ|ngày|phút)|ngay khi", clause, re.I)
        return [Found(start, end, own, "ad hoc", to, inside.group(0) if inside else None, None, None, None)]
    if PERIODIC.search(clause):
        ruled = _RULED.search(clause)
        return [Found(start, end, own, "periodic (unspecified)", to, ruled.group(0) if ruled else None, None, None, None)]
    day = _DAY_OF.search(clause)
    if due or WITHIN.search(clause):
        return [Found(start, end, own, "one-off", to, due.phrase if due else None, None, None, due.deadline if due else None)]
    if day and re.search(r"tháng|quý", day.group(0)):
        period = "quarterly" if "quý" in day.group(0) else "monthly"
        return [Found(start, end, own, period, to, day.group(0), None, int(day["d"]), None)]
    if not to:
        return []
    once = _COMPLETE.search(clause) or (re.search(r"xem xét|quyết định|cho ý kiến", clause[verb:], re.I) or (verb < 12 and not re.search(r"tổng hợp|kết quả|tình hình|theo quy định", clause, re.I)))
    period = "one-off" if once else "unspecified"
    ruled = _RULED.search(clause)
    return [Found(start, end, own, period, to, ruled.group(0) if ruled else None, None, None, None)]


def _subject(clause: str, verb: int) -> list[str]:
    """Units that the clause itself makes the subject of the report."""
    commas = [gap.end() for gap in re.finditer(r",\s+", clause[:verb])]
    for at in (0, *commas[::-1][:4]):
        asked = ORDER.match(clause, at)
        called = units.leading(clause, asked.end()) if asked else None
        if called and called[2]:
            return called[0]
        led = units.leading(clause, at)
        if led and led[2]:
            order = re.match(r"\s*(?:yêu cầu|đề nghị|giao)\s+", clause[led[1]:])
            inner = units.leading(clause, led[1] + order.end()) if order else led
            return inner[0] if inner else []
    return []


def _periodic(clause: str, start: int, end: int, who: list[str], to: list[str], periods: list[tuple[str, int, int]], verb: int, today: Today) -> list[Found]:
    dues = _dues(clause, today)
    dues = [due for due in dues if due[4] >= verb] or dues
    found: list[Found] = []
    firsts: dict[str, tuple[str, int, int]] = {}
    for one in periods:
        firsts.setdefault(one[0], one)
    single = list(firsts.values())
    for n, (period, at, _stop) in enumerate(single):
        following = single[n + 1][1] if n + 1 < len(single) else len(clause)
        near = [due for due in dues if at <= due[4] < following]
        if len(dues) == len(single):
            chosen = dues[n]
        elif near and len(single) > 1 and len(dues) > 1:
            chosen = near[0]
        else:
            chosen = dues[0] if dues and (len(single) == 1 or n == len(single) - 1) else (None, None, None, None, -1)
        apart = len(single) > 1 and len(near) == 1
        begin = len(re.sub(r"[Đđ]ịnh kỳ\s+$", "", clause[:at])) if apart else 0
        finish = _phrase_end(clause, near[0], following) if apart else len(clause)
        found.append(Found(start + begin, start + finish if apart else end, who, period, to, *chosen[:4]))
    return found


def _phrase_end(clause: str, due: "Due", following: int) -> int:
    end = due[4] + len(due[0] or "")
    return min(following, end + 1 if clause[end:end + 1] == ")" else end)


Due = tuple[str | None, int | None, int | None, str | None, int]


def _dues(clause: str, today: Today) -> list[Due]:
    """Printed due days in order: phrase, month, day, one date, place."""
    found: list[Due] = []
    for match in DEADLINE.finditer(clause):
        found.append(_due(match, match.group(0).strip(" ("), today))
        last = match.end()
        chained = re.match(r"\s*(?:,|và)\s+(?=(?:ngày\s+)?\d{1,2}(?:/|\s+tháng))", clause[last:])
        if chained:
            again = POINT.match(clause, last + chained.end())
            if again:
                found.append(_due(again, again.group(0), today))
    for day in _DAY_OF.finditer(clause):
        if not any(due[4] <= day.start() <= due[4] + len(due[0] or "") for due in found):
            found.append((day.group(0), None, int(day["d"]), None, day.start()))
    hour = _HOUR_OF.search(clause)
    if not found and hour:
        found.append((hour.group(0).strip(), None, None, None, hour.start()))
    return sorted(found, key=lambda due: due[4])


def _due(match: re.Match[str], phrase: str, today: Today) -> Due:
    got = match.groupdict()
    day, month = got.get("d1") or got.get("d2"), got.get("m1") or got.get("m2")
    year = got.get("y1") or got.get("y2")
    again = AGAIN.match(match.string, match.end())
    if again:
        phrase = match.string[match.start():again.end()].strip(" (")
    if day and month and not year:
        return phrase, int(month), int(day), None, match.start()
    full = resolve(match, today)
    if again and day:
        return phrase, int(month) if month else None, int(day), None, match.start()
    return phrase, None, None, full.isoformat() if full and year else None, match.start()

