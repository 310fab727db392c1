"""Dates, deadlines and recurrences as they are written in directives."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = r"(?P<d>\d{1,2})"
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_NUMERIC = r"(?P<d1>\d{1,2})\s?[/.-]\s?(?P<m1>\d{1,2})(?:\s?[/.-]\s?(?P<y1>(?:19|20)\d{2}))?(?![/\d.-]*\d)"
_WORDS = r"(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})(?:\s*(?:năm|/)\s*(?P<y2>(?:19|20)\d{2}))?"
_MONTH = r"(?P<wk>tuần\s+(?:đầu|thứ\s+nhất)\s+(?:của\s+)?)?tháng\s+(?:\d{1,2}\s*(?:[-–]\s*|(?:,|và|đến)\s*(?=\d{1,2}\s*(?:/|năm)\s*\d{4})))?(?P<m3>\d{1,2})(?!\d)(?:\s*(?:năm|[/-])\s*(?P<y3>(?:19|20)\d{2}))?(?!\s*(?:đầu|cuối)\b)"
_QUARTER = r"[Qq]uý\s+(?:(?:I{1,3}|IV|[1-4])\s*(?:[-–]|(?:,|và|đến)\s)\s*(?:[Qq]uý\s+)?)?(?P<q>I{1,3}|IV|[1-4])\b(?:\s*(?:năm|[/-])?\s*(?P<y4>(?:19|20)\d{2}))?"
_HALF = r"(?P<half>6|sáu|06)\s+tháng\s+(?P<hp>đầu|cuối)\s+năm(?:\s+(?P<y5>(?:19|20)\d{2}))?"
_YEAREND = r"(?:(?:cuối|hết)\s+)?năm\s+(?P<y6>(?:19|20)\d{2})(?!\s*[-–]\s*\d)|cuối\s+năm(?P<ye>)|năm\s+nay(?P<yn>)|hết\s+năm(?P<yh>)"
_POINT = (
    rf"(?:(?:ngày\s+)?{_NUMERIC}|(?:ngày\s+)?{_WORDS}|{_HALF}|(?:cuối\s+|hết\s+)?{_MONTH}|(?:cuối\s+|hết\s+)?{_QUARTER}|{_YEAREND})"
)
_HOUR = r"(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{1,2}\s*(?:phút)?)?,?\s*(?:thứ\s+\w+,?\s*)?)?"
_TRIGGER = (
    r"(?:(?:thời\s+(?:gian|hạn)(?:\s+(?:hoàn\s+thành|thực\s+hiện|gửi|báo\s+cáo|xong))?|hạn\s+(?:hoàn\s+thành|gửi|cuối)|tiến\s+độ|hoàn\s+thành|xong)"
    r"\s*[:\-(]?\s*)?"
    r"(?:xong\s+|hoàn\s+thành\s+)?(?P<word>trước|chậm\s+nhất|muộn\s+nhất|không\s+(?:muộn|chậm)\s+hơn|trong|ngay\s+trong|từ\s+nay\s+đến|"
    r"đến\s+hết|đến|hết|vào|hoàn\s+thành|xong|thời\s+(?:gian|hạn)(?:\s+hoàn\s+thành)?\s*:)"
    r"\s+(?:là\s+|vào\s+|đến\s+|trước\s+|hết\s+|trong\s+)*"
)
DEADLINE = re.compile(_TRIGGER + _HOUR + _POINT, re.I)
POINT = re.compile(_HOUR + _POINT, re.I)
RANGE = re.compile(
    r"từ\s+(?:ngày\s+)?(?P<a>\d{1,2}(?:\s?/\s?\d{1,2})?(?:\s?/\s?\d{4})?)\s*(?:đến|-|–)\s*(?:hết\s+)?(?:ngày\s+)?"
    r"(?P<b>\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{4})?)|"
    r"từ\s+(?P<ma>tháng\s+\d{1,2}(?:/\d{4})?)\s*(?:đến|-|–)\s*(?:hết\s+)?(?P<mb>tháng\s+\d{1,2}(?:/\d{4}|\s+năm\s+\d{4})?)",
    re.I,
)
WITHIN = re.compile(
    r"trong\s+(?:vòng|thời\s+hạn)\s+(?P<n>\d{1,3})\s+(?P<unit>ngày(?P<work>\s+làm\s+việc)?|tuần|tháng)"
    r"[^.;]{0,30}?(?:kể\s+)?từ\s+(?:ngày|khi)\s+(?P<base>ký|ban\s+hành|nhận)",
    re.I,
)
_ENDS = re.compile(r":\s*(?P<time>(?:Quý|Tháng)\s+[^:;,.]{1,25}?)\W*$")
_BRACKETED = re.compile(r"\((?:trong\s+|vào\s+)?(?P<time>(?:tháng|quý)\s+(?:\d{1,2}|[IV]+)(?:(?:\s*(?:,|và|-|–|đến)\s*(?:tháng\s+|quý\s+)?(?:\d{1,2}|[IV]+))*)(?:\s*(?:/|năm)\s*\d{4})?)\)", re.I)
AGAIN = re.compile(r"\s*,?\s*(?:(?:hằng|hàng|mỗi)\s+(?:năm|tháng|quý|tuần|ngày)|của\s+tháng|tháng\s+(?:cuối|sau|kế|đầu)|đầu\s+(?:quý|tháng)|cuối\s+quý)", re.I)
RECURRENCE = re.compile(
    r"(?P<daily>(?:hằng|hàng|mỗi)\s+ngày)|(?P<weekly>(?:hằng|hàng|mỗi)\s+tuần|(?<=báo\scáo\s)tuần(?!\s+\d))|(?P<monthly>(?:hằng|hàng|mỗi)\s+tháng|(?<=báo\scáo\s)tháng(?!\s+\d)|(?<=định\skỳ\s)tháng(?!\s+\d))|"
    r"(?P<quarterly>(?:hằng|hàng|mỗi)\s+quý|(?<=báo\scáo\s)quý(?!\s+[IV\d])|(?<=định\skỳ\s)quý(?!\s+[IV\d])|(?<=tháng,\s)quý(?!\s+[IV\d])|định\s+kỳ\s+(?:03|3|ba)\s+tháng)|"
    r"(?P<semiannual>(?:định\s+kỳ\s+|hằng\s+|hàng\s+)?(?:6|06|sáu)\s+tháng(?!\s+(?:đầu|cuối)\s+năm\s+\d|\s+tuổi)(?:\s+(?:một|1)\s+lần)?)|"
    r"(?P<annual>(?:hằng|hàng|mỗi)\s+năm(?!\s+học)|cả\s+năm|(?<=tháng,\s)(?:(?:một|0?1)\s+)?năm\b|(?<=tháng\svà\s)năm\b|(?<=báo\scáo\s)năm(?!\s+\d)|định\s+kỳ\s+năm)",
    re.I,
)
PERIODIC = re.compile(r"định\s+kỳ(?!\s+(?:cho|miễn)\b)", re.I)


@dataclass(frozen=True, slots=True)
class Today:
    """What the document says of its own time: the day, or the month, or the year it was written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    received: date | None = None

    @classmethod
    def of(cls, iso: str | None, fallback_year: int | None = None, received: date | None = None) -> "Today":
        """From an ISO day, `YYYY-MM` or `YYYY`, and the day of arrival."""
        numbers = [int(part) for part in iso.split("-")] if iso else [fallback_year]
        year, month, day = [*numbers, None, None][:3]
        return cls(year, month, day, received)

    def as_date(self) -> date | None:
        """The day when it is whole."""
        if self.year and self.month and self.day:
            return real(self.year, self.month, self.day)
        return None

    def year_of(self, month: int) -> int | None:
        """The year of a month written without one: this year, or the next when it is long past."""
        if self.year and self.month and month < self.month - 1:
            return self.year + 1
        return self.year


@dataclass(frozen=True, slots=True)
class When:
    """The time of a task: ISO deadline and start, the phrase and where it stands in its sentence."""

    deadline: str | None
    start: str | None
    phrase: str
    at: int
    end: int


def real(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last(year: int, month: int) -> date | None:
    return real(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 and 1 <= year <= 9999 else None


def resolve(found: re.Match[str], today: Today) -> date | None:
    """The last day that a matched point of time names."""
    got = found.groupdict()
    for day, month, year in (("d1", "m1", "y1"), ("d2", "m2", "y2")):
        if got.get(day):
            named = int(got[month])
            return real(int(got[year] or today.year_of(named) or 0), named, int(got[day])) if got[year] or today.year else None
    if got.get("m3"):
        year_no = got["y3"] or today.year_of(int(got["m3"]))
        last = _last(int(year_no), int(got["m3"])) if year_no else None
        return last.replace(day=7) if last and got["wk"] else last
    if got.get("q"):
        quarter = {"I": 1, "II": 2, "III": 3, "IV": 4}.get(got["q"].upper()) or int(got["q"])
        year_no = got["y4"] or today.year
        return _last(int(year_no), quarter * 3) if year_no else None
    if got.get("half"):
        year_no = got["y5"] or today.year
        return _last(int(year_no), 6 if got["hp"].lower() == "đầu" else 12) if year_no else None
    year_no = got.get("y6") or today.year
    return _last(int(year_no), 12) if year_no else None


def loose(phrase: str, today: Today) -> str | None:
    """ISO day of a bare phrase such as a table cell "Tháng 8/2025", "30/9" or "Quý III/2025"."""
    span = RANGE.search(phrase)
    points = list(POINT.finditer(phrase[:300], span.start("b") if span and span.group("b") else 0))
    day = resolve(points[-1], today) if points else None
    return day.isoformat() if day else None


def _weak(found: re.Match[str], sentence: str) -> bool:
    """Whether the match is no deadline: a bare "đến năm", a goal, a repeated day, a cited document, an age."""
    word = re.sub(r"\s+", " ", found["word"].lower())
    got = found.groupdict()
    before = sentence[max(0, found.start() - 25):found.start()].lower()
    if AGAIN.match(sentence, found.end()) or (word in ("đến", "đến hết", "hết") and before.endswith(("tính ", "kể "))):
        return True
    if re.search(r"giai đoạn\s*$|phấn đấu\s*$|mục tiêu\s*$|tầm nhìn\s*$", before):
        return word in ("đến", "đến hết", "hết", "trong")
    if got.get("y6") or got.get("yn") is not None:
        strong = re.search(r"hoàn thành|xong|cuối|hết", found.group(0).lower())
        return word in ("đến", "vào") and not strong
    return False


def _repeats(sentence: str, found: re.Match[str]) -> bool:
    """Whether a day without a year belongs to a report or act that returns each year or half-year."""
    got = found.groupdict()
    later = sentence[found.end():found.end() + 60].split(";")[0]
    if re.search(r"(?:hằng|hàng)\s+năm(?!\s+học)", later, re.I) and not re.search(r"báo cáo|trước", later) and found["word"].lower() in ("vào", "trong", "đến"):
        return True
    if re.search(r"báo cáo (?:năm|quý|tháng|6 tháng)\s*\(?$", sentence[:found.start()]):
        return True
    if any(got.get(key) for key in ("y1", "y2", "y3", "y4", "y5", "y6")):
        return False
    clause = sentence[sentence.rfind(";", 0, found.start()) + 1:found.start()]
    return bool(RECURRENCE.search(clause) and re.search(r"báo cáo|định kỳ|sơ kết|tổng kết", clause.lower()))


def when(sentence: str, today: Today) -> When | None:
    """The deadline of a piece of work, with the phrase that says so; None when it has none."""
    span = RANGE.search(sentence)
    if span and not AGAIN.match(sentence, span.end()) and not _earlier(sentence, span.start(), today):
        ranged = _range(span, today)
        if ranged:
            return ranged
    inside = WITHIN.search(sentence)
    if inside:
        base = today.received if inside["base"].lower() == "nhận" else today.as_date()
        day = _later(base, inside) if base else None
        return When(day.isoformat() if day else None, None, inside.group(0), inside.start(), inside.end())
    best: When | None = None
    most = -1
    for found in DEADLINE.finditer(sentence):
        if _weak(found, sentence) or _repeats(sentence, found):
            continue
        day = resolve(found, today)
        if day is None:
            continue
        if found["word"].lower() == "trước" and found.groupdict().get("y6"):
            day = _last(day.year - 1, 12) or day
        weight = _weight(found, sentence)
        if best is None or weight > most:
            most, best = weight, When(day.isoformat(), None, found.group(0).strip(" (,:-"), found.start(), found.end())
    return best or _named_apart(sentence, today)


def _named_apart(sentence: str, today: Today) -> When | None:
    """A time beside the sentence: "(tháng 5 và tháng 10/2026)", or ": Quý II/2026" at its end."""
    months = _BRACKETED.search(sentence)
    if months:
        named = loose(months["time"], today)
        return When(named, None, months["time"], months.start("time"), months.end("time")) if named else None
    ended = _ENDS.search(sentence[-60:])
    named = loose(ended["time"], today) if ended else None
    return When(named, None, ended["time"], len(sentence), len(sentence)) if ended and named else None


def _earlier(sentence: str, at: int, today: Today) -> bool:
    """Whether a clause before the span of days already limits the work ("Phê duyệt trước ngày ...; tổ chức từ ... đến ...")."""
    cut = sentence.rfind(";", 0, at)
    return cut > 0 and any(
        _weight(found, sentence) >= 2 and not _weak(found, sentence) and resolve(found, today) for found in DEADLINE.finditer(sentence, 0, cut)
    )


def _weight(found: re.Match[str], sentence: str) -> int:
    """How surely a date is the end of the work: said to finish it, a plain limit, a mere time, the day of a report."""
    if re.search(r"hoàn thành|xong|thời (?:gian|hạn)|hạn", sentence[max(0, found.start() - 14):found.end()], re.I):
        return 3
    comma = max(sentence.rfind(mark, 0, found.start()) for mark in ",;")
    if comma > 0 and re.search(r"báo cáo", sentence[comma:found.start()], re.I):
        return 0
    return 1 if found["word"].lower() in ("đến", "vào", "trong") else 2


def _range(span: re.Match[str], today: Today) -> When | None:
    if span.group("ma"):
        end, start = POINT.search(span["mb"]), POINT.search(span["ma"])
        last = resolve(end, today) if end else None
        first = resolve(start, Today(last.year)) if start and last else None
        begin = first.replace(day=1) if first else None
    else:
        end = POINT.search(span["b"])
        last = resolve(end, today) if end else None
        begin = _start(span["a"], last) if last else None
    if not last:
        return None
    return When(last.isoformat(), begin.isoformat() if begin else None, span.group(0), span.start(), span.end())


def _start(text: str, last: date) -> date | None:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    month = numbers[1] if len(numbers) > 1 else last.month
    year = numbers[2] if len(numbers) > 2 else last.year - (month > last.month)
    return real(year, month, numbers[0])


def _later(base: date, inside: re.Match[str]) -> date:
    number = int(inside["n"])
    if inside["work"]:
        day = base
        while number:
            day += timedelta(days=1)
            number -= day.weekday() < 5
        return day
    return base + timedelta(days=number * {"ngày": 1, "tuần": 7, "tháng": 30}[inside["unit"].lower().split()[0]])
