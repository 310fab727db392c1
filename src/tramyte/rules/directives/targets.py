"""Figures to reach: phrase, comparator, value, unit and year of each."""

import itertools
import re
from dataclasses import dataclass

_NUM = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d{1,3})?|một|hai|ba|bốn|năm(?=\s+(?:bác|nhân|câu|mô))|(?<=\s)không\s+(?=ca\b))"
_NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5}
_BEFORE = (
    (">=", r"ít\s+nhất|tối\s+thiểu|không\s+(?:thấp|ít|nhỏ)\s+hơn|không\s+dưới|≥|>=|từ"),
    ("<=", r"không\s+(?:vượt\s+)?quá|không\s+(?:cao|lớn|nhiều)\s+hơn|tối\s+đa|nhiều\s+nhất|≤|<="),
    (">", r"trên|hơn|cao\s+hơn|lớn\s+hơn|vượt|>"),
    ("<", r"dưới|thấp\s+hơn|nhỏ\s+hơn|<"),
    ("~", r"khoảng|xấp\s+xỉ|~|chừng"),
)
_COMPARE = re.compile("|".join(f"(?P<c{i}>{pattern})" for i, (_, pattern) in enumerate(_BEFORE)), re.I)
FIGURE = re.compile(
    rf"(?P<range>(?:từ\s+)?(?P<low>\d+(?:[.,]\d+)?)\s*%?\s*(?:đến|-|–)\s*(?P<high>\d+(?:[.,]\d+)?)\s*(?=%|‰)|(?:(?<=đạt\s)(?P<got>)(?:từ\s+)?|từ\s+|(?<![\w/.,-])(?=\d{{1,2}}\s*[-–]\s*\d{{1,2}}\s+(?:lần|đợt|buổi|lớp)(?!\w)))(?P<few>\d{{1,4}}(?:,\d+)?)\s*(?:đến|-|–)\s*(?P<many>\d{{1,4}}(?:,\d+)?)(?(got)(?=\s+[^\W\d])|(?=\s+(?!tuổi|tháng|ngày|giờ|năm|phút|tuần)[^\W\d])))|(?<![\w/.,-])(?P<num>{_NUM})(?!\d|/(?!1(?:00|\.000|0\.000|00\.000)\b|\d+\s+(?:xã|phường|trạm|thôn|huyện|bệnh viện|cơ sở|đơn vị|trường))|[.,]\d|-\w|[a-zA-Z])", re.I)
_UNIT = re.compile(r"\s*(?P<unit>%o|%|‰|‰o|điểm\s+%|điểm\s+phần\s+trăm)|\s*(?P<noun>(?:[^\W\d]+/)?[^\W\d][\w/.]*(?:\s+[^\W\d][\w/.]*){0,5})")
_PER = re.compile(r"(?P<unit>/1[\d.]*0+(?=\s*(?:$|[,;.)]))|/1[\d.]*0+\s+[^\W\d]\w*(?:\s(?!và|trở|vào|trong|theo|so)[^\W\d]\w*){0,2})(?P<noun>(?!))?")
_RATE = re.compile(r"\s*(?:/|trên|cho)\s*(?P<per>(?:\d[\d.]*|một|1)?\s*(?:vạn\s+)?(?:dân|người|trẻ|bé|phụ nữ|ca|bà mẹ|năm|tháng|ngày|tuần|quý|trạm|thôn|xã|hộ|lượt|đẻ)[\w ]{0,14}?)(?=$|[,;.()]|\s+(?:trở|và|đến|được|vào|trong|theo|so)\b|\s*$)")
_NOT_BEFORE = re.compile(
    r"(?:năm|tháng|ngày|quý|số|khoản|Điều|mục|phụ lục|biểu|thứ|khóa|nhóm|(?<!nâng )cấp|hạng|loại|giai đoạn|so với|mức|thời kỳ|nhiệm kỳ|học kỳ|phần|chương|bảng|mẫu|cột|tuổi từ|lúc|giờ|trong vòng|trong thời hạn|bão|lần|tầng|QĐ|tuần|đợt|kỳ|vitamin)"
    r"\s*(?:thứ\s*)?$|/\s*$", re.I)
_NOT_AFTER = re.compile(
    r"\s*(?:tháng(?:\s+tuổi|\s+đầu|\s+cuối|/|,|\s+năm|\s+\d)|tuổi|giờ|phút|/\d|-\d|quý|năm\s+(?:qua|liền|một lần|1 lần|đầu|cuối|tuổi)|(?-i:-?[A-ZĐ]{2})|khâu|trong\s+\d|cấp\b|năm\b(?!\s*$)|lần\s+thứ|tháng\b|mùa|nguyên tắc|nhóm\b|mục tiêu|giải pháp|nhiệm vụ)", re.I)
_AGE = re.compile(r"(?:từ|dưới|trên|đủ|đến|-|–|và)\s*(?:\d+\s*(?:đến|-|–)\s*)?$", re.I)
_AIM = re.compile(r"phấn đấu|bảo đảm|đảm bảo|đạt|duy trì|chỉ tiêu|tối thiểu|ít nhất|giảm|hoàn thành|không quá|không vượt|tối đa|100\s*%|giữ vững|nâng tỷ lệ|nâng tỉ lệ", re.I)
_PAST = re.compile(r"(?<!\w)(?:đã|ước đạt|hiện nay|hiện có|hiện còn|mới đạt|tính đến|lũy kế|cùng kỳ|hiện đang|hiện tại|thực hiện năm|kết quả năm)(?!\w)", re.I)
_YEAR = re.compile(r"(?<!so với )(?<!so với năm )(?<!so với cuối )(?:(?:đến|hết|cuối|trong|vào|từ)\s+)*(?:hết\s+|cuối\s+)?(?:năm|tháng\s+\d{1,2}/|tháng\s+\d{1,2}\s+năm|/\d{1,2}/|quý\s+\w+/|(?<=\()|(?<=đến))\s?(?P<y>(?:19|20)\d{2})(?!\s*[-–]\s*\d)", re.I)
_BASELINE = re.compile(r"so với(?: cuối)?(?: năm)?(?: gốc)? \d{4}|so với (?:cùng kỳ|kết quả|thực hiện|hiện nay)(?: năm)?(?: trước| \d{4})?|\((?:năm|kết quả|thực hiện|hiện|so với|tương đương|từ|tăng|giảm|cùng kỳ|đạt|vượt)[^()]{0,120}\)|từ\s+\d+(?:[.,]\d+)?\s*%\s*(?:\(?(?:năm|cuối năm)\s+\d{4}\)?\s+)(?=lên|xuống|tăng|giảm)", re.I)
_GROWTH = re.compile(r"(?<=\d)(?:[^;\d]{0,60}),\s+(?P<gone>(?:tăng|giảm|vượt|cao hơn|thấp hơn)\s+(?:thêm\s+)?\d[\d.,]*\s*(?:%|‰|điểm\s*(?:%|phần trăm)|(?:[^\W\d]+\s){1,3}?)\s*so với[^,;()]*)", re.I)
_STEPS = re.compile(r"\(năm 20\d\d\s*(?::|đạt|là)[^()]*\)", re.I)
QUALITY = re.compile(r"(?:đạt|giữ vững|duy trì)\s+(?:(?:và\s+)?(?:duy trì|giữ vững|đạt)\s+)?(?:đầy đủ |các |Bộ |danh hiệu )?(?:tiêu chí|tiêu chuẩn|chuẩn)\b", re.I)


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure in one sentence: offsets of its phrase and what it asks for."""

    start: int
    end: int
    comparator: str
    value: float | int | None
    unit: str | None
    year: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class _Figure:
    start: int
    end: int
    value: float | int
    high: float | None
    unit: str | None
    often: bool


def amount(text: str) -> float | int:
    """A printed number: "1.250" is 1250, "98,5" is 98.5."""
    word = _NUMBER_WORDS.get(text.lower())
    if word is not None:
        return word
    plain = text.replace(".", "") if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text) else text
    value = float(plain.replace(",", "."))
    return int(value) if value.is_integer() else value


def find(sentence: str, heading_year: int | None, *, strict: bool, doc_year: int | None) -> list[Goal]:
    """Goals of one sentence; outside a section of targets (`strict`) only figures that are clearly asked for."""
    masked = _masked(sentence, doc_year)
    if _PAST.search(masked) and not re.search(r"phấn đấu|đến năm|đến hết", sentence, re.I):
        return []
    goals: list[Goal] = []
    lead_year = None
    for start, end in _clauses(masked):
        clause = masked[start:end]
        figures = _figures(clause, strict)
        year_here = _own_year(clause, doc_year)
        step = bool(_STEPS.match(clause))
        lead_year = lead_year if step else year_here or lead_year
        goals.extend(_clause_goals(clause, start, figures, (year_here if step else lead_year) or heading_year))
        if not figures and not strict and QUALITY.search(clause):
            goals.append(Goal(start, end, "=", None, "đạt/không đạt", lead_year or heading_year, "qualitative"))
    return [goal for goal in goals if not (goal.year and doc_year and goal.year < doc_year)]


def _masked(sentence: str, doc_year: int | None) -> str:
    """The sentence with what it only compares with made dots: past results and growth; figures of years to come stay."""
    def hide(found: re.Match[str]) -> str:
        years = [int(y) for y in re.findall(r"(?<!\d)20\d\d(?!\d)", found.group(0))]
        ahead = found.group(0).startswith("(năm") and years and doc_year and min(years) >= doc_year
        return found.group(0) if ahead else "·" * len(found.group(0))

    grown = _GROWTH.sub(lambda m: m.group(0)[:m.start("gone") - m.start()] + "·" * len(m["gone"]), sentence)
    return _BASELINE.sub(hide, grown)


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = {0, len(text), *(m.end() for m in re.finditer(r";\s*", text))}
    for steps in _STEPS.finditer(text):
        if re.search(r"\d\s*%", text[max(cut for cut in cuts if cut <= steps.start()):steps.start()]):
            cuts.update((steps.start(), steps.end()))
    return [(a, b) for a, b in itertools.pairwise(sorted(cuts)) if b > a]


def _year(clause: str) -> int | None:
    found = _YEAR.search(clause)
    return int(found["y"]) if found else None


def _own_year(clause: str, doc_year: int | None) -> int | None:
    return _year(clause) or (doc_year if re.search(r"cuối năm(?! \d)|hết năm(?! \d)|năm nay|cả năm", clause, re.I) else None)


def _figures(clause: str, strict: bool) -> list[_Figure]:
    found: list[_Figure] = []
    for match in FIGURE.finditer(clause):
        figure = _figure(clause, match, strict)
        if figure and not (strict and figure.unit != "%" and not _compared(clause, figure)):
            found.append(figure)
    if strict and found and not _AIM.search(clause) and not any(_compared(clause, f) for f in found):
        return []
    return found


def _compared(clause: str, figure: _Figure) -> bool:
    return bool(re.search(r"(?:mỗi [^,;]{2,30} có|ít nhất|tối thiểu|không quá|không vượt quá|tối đa|đạt|≥|≤|(?:còn|xuống) dưới|xuống còn)\s*(?:từ\s+|trên\s+|khoảng\s+)?$", clause[max(0, figure.start - 30):figure.start], re.I))


def _figure(clause: str, match: re.Match[str], strict: bool) -> _Figure | None:
    before = clause[max(0, match.start() - 34):match.start()]
    after = clause[match.end():match.end() + 60]
    part = re.match(r"/\d[\d.]*(?=\s+(?:xã|phường|trạm|thôn|huyện|bệnh viện|cơ sở|đơn vị|trường))", after) if not strict else None
    after = after[part.end():] if part else after
    unit = _UNIT.match(after) or _PER.match(after)
    percent = bool(unit and unit["unit"])
    if match["range"]:
        return _ranged(match, unit)
    word = match["num"]
    if not word[0].isdigit() and not re.search(r"(?:ít nhất|tối thiểu|có|(?:ít nhất|tối thiểu)\s+(?:mỗi|hằng|hàng)\s+năm)\s*$", before):
        return None
    if not percent and re.search(r"không (?:để|có)(?!\w)[^,;]*$", clause[:match.start()], re.I):
        return None
    yearly = re.search(r"(?:mỗi|hằng|hàng) năm\s*$", before) and after.lstrip().startswith("lần")
    if not percent and not yearly and (_NOT_BEFORE.search(before) or _excluded(clause, before, after, match)):
        return None
    bare = re.match(r"(?P<u>(?:[Ss]ố|[Tt]ỷ số|[Tt]ỷ suất|[Tt]ổng tỷ suất|[Cc]hỉ số)\s.{3,90}?)(?:\s*:|\s+đạt|\s+là)\s*(?:trên |dưới |≥ ?|tối thiểu |ít nhất )?$", clause[:match.start()].strip(" -+") + " ")
    if not unit and bare and not strict:
        return _Figure(match.start(), match.end(), amount(word), None, re.sub(r"^[Ss]ố\s+", "", bare["u"]), False)
    if not unit or (unit["noun"] and _is_rate_base(before, unit["noun"], word)):
        return None
    rate = _RATE.match(after, unit.end() if percent else _noun_end(unit))
    name = "%" if percent and unit["unit"] == "%" else unit["unit"] or unit["noun"][: _noun_end(unit) - unit.start("noun")]
    every = re.search(r"(?<!\w)(?:mỗi|mọi|từng)\s+(?P<per>[^\W\d]\w*(?:\s(?!có|ít|tối|đạt|đều|được)[^\W\d]\w*){0,2})\s+(?:\w+\s+){0,3}$", clause[max(0, match.start() - 60):match.start()], re.I)
    if every and not rate and not percent:
        name = f"{name.strip(' .')}/{every['per']}"
    if rate:
        name = f"{name.strip()}/{rate['per'].strip()}"
    elif yearly:
        name = "lần/năm"
    often = bool(re.match(r"\s*lần\s*/|\s*lần\s+(?:trong|một|mỗi)", after))
    return _Figure(match.start(), match.end(), amount(word), None, name.strip(" .") or None, often)


def _ranged(match: re.Match[str], unit: re.Match[str] | None) -> _Figure:
    """"95 - 97%" or "từ 4 đến 5 bác sĩ": the lower figure, and how far it goes."""
    if match["few"]:
        name = unit["noun"][:_noun_end(unit) - unit.start("noun")].strip(" .") if unit and unit["noun"] else None
        return _Figure(match.start(), match.end(), amount(match["few"]), float(amount(match["many"])), name, False)
    return _Figure(match.start(), match.end(), amount(match["low"]), float(amount(match["high"])), "%", False)


def _noun_end(unit: re.Match[str]) -> int:
    """The unit word without the words that go on with the sentence."""
    noun = unit["noun"]
    stop = re.search(r"\s+(?:trở|và|trên|được|tham|theo|mỗi|trong|có|đối|đến|vào|tại|cho|tổ|là|mới|ở|đạt|khi|đã|với|của|làm|từ|liên|so)(?!\w)", noun)
    return unit.start("noun") + (stop.start() if stop else len(noun))


def _is_rate_base(before: str, noun: str, number: str) -> bool:
    return bool(re.search(r"(?:trên|/|cho)\s*$", before) and re.fullmatch(r"10*(?:\.000)*|một", number) and re.match(r"(?:dân|người dân|vạn|trẻ đẻ|bé gái|phụ nữ|trẻ sinh)", noun))


def _excluded(clause: str, before: str, after: str, match: re.Match[str]) -> bool:
    if re.match(r"\s*tuổi", after) and not re.search(r"tuổi thọ|tuổi kết hôn", clause, re.I):
        return True
    if re.match(r"\s*tháng\s+tuổi|\s*(?:đến|-|–)\s*\d+\s*(?:tháng\s+)?tuổi", after):
        return True
    if re.search(r"(?:dưới|trên)\s*$", before) and re.match(r"\s*(?:đến|-|–)?\s*\d*\s*tuổi", after) and "thọ" not in clause.lower():
        return True
    asked = re.search(r"(?:ít nhất|tối thiểu|không quá|tối đa|(?:còn|xuống) dưới|xuống còn)\s*$", before, re.I) or re.search(r"số năm", clause, re.I)
    return bool(_NOT_AFTER.match(after) and not asked and not re.match(r"\s*tuổi", after))


def _comparator(clause: str, left: int, figure: _Figure) -> str:
    before = clause[left:figure.start].lower()
    after = re.split(r"\d", clause[figure.end:figure.end + 45].lower())[0]
    near = before[-26:]
    found = None
    for match in _COMPARE.finditer(near):
        if not re.fullmatch(r"\s*(?:là|từ|trên|đạt|mức|thêm|(?:mỗi|hằng|hàng) năm)?\s*", near[match.end():]) or (match.start() and near[match.start() - 1].isalnum()):
            continue
        found = found or next(name for i, (name, _) in enumerate(_BEFORE) if match[f"c{i}"])
        if found == ">=":
            break
    if re.search(r"(?:^|%|\w)\s*(?:[\w/ ]{0,30})?trở lên", after) and not re.match(r"[^,;]{0,40}tuổi trở lên", after):
        return ">="
    if "trở xuống" in after:
        return "<="
    reduced = re.search(r"(?<!\w)giảm(?!\w)(?P<gap>.{0,90})$", before)
    if reduced and not re.search(r"xuống|(?<!\w)còn(?!\w)|,|^\s(?:nghèo|thiểu)", reduced["gap"]) and (
        re.fullmatch(r"\s*(?:ít nhất|tối thiểu|trên|khoảng|thêm|từ|bình quân|trung bình|hằng năm|mỗi năm|được|dưới|hơn|\s)*", reduced["gap"]) or found in (None, ">=")
    ):
        return "reduce"
    if found == ">" and re.search(r"không để(?!\w)[^,;]*$", before):
        return "<="
    return found or "="


def _clause_goals(clause: str, offset: int, figures: list[_Figure], year: int | None) -> list[Goal]:
    goals: list[Goal] = []
    left = 0
    figures = _main_figures(clause, figures)
    for n, figure in enumerate(figures):
        right = _boundary(clause, figure.end, figures[n + 1].start) if n + 1 < len(figures) else len(clause)
        segment = clause[left:right]
        comparator = _comparator(clause, left, figure)
        if figure.high is not None and comparator == "=":
            comparator = ">="
        if goals and goals[-1].comparator == "reduce" and comparator == "=" and re.fullmatch(r"\s*và\s+", clause[left:figure.start]):
            comparator = "reduce"
        here = _year(segment) or year
        note = f"đến {figure.high:g}{'%' if figure.unit == '%' else ''}" if figure.high is not None else None
        begin, stop = _trim(clause, left, right)
        goals.append(Goal(offset + begin, offset + stop, comparator, figure.value, figure.unit, here, note))
        left = right
    return goals


def _main_figures(clause: str, figures: list[_Figure]) -> list[_Figure]:
    """One figure a phrase: the percentage where there is one, else the first; "01 lần/năm" beside another says only how often."""
    kept: list[_Figure] = []
    for figure in figures:
        if not kept:
            kept.append(figure)
        elif _boundary(clause, kept[-1].end, figure.start) == len(clause):
            if figure.unit == "%" and kept[-1].unit != "%":
                kept[-1] = figure
        elif not figure.often:
            kept.append(figure)
    return kept


def _boundary(clause: str, end: int, following: int) -> int:
    """Where the phrase of one figure ends and that of the next begins; the clause's end when they share a phrase."""
    cut = None
    for match in re.finditer(r",\s+|\s+và\s+|\s+(?=đến năm)", clause[end:following]):
        if match.group(0).strip() != "và" or cut is None:
            cut = end + match.start()
    return cut if cut is not None else len(clause)


def _trim(clause: str, left: int, right: int) -> tuple[int, int]:
    begin = re.compile(r"(?:\s|[(,;:.+-]|và\s|trong đó:?\s)*").match(clause, left)
    left = begin.end() if begin else left
    while right > left and (clause[right - 1] in " ,;.:" or (clause[right - 1] == ")" and "(" not in clause[left:right])):
        right -= 1
    return left, max(right, left + 1)
