"""The report of immunization of a month or year, as the law asks for it: doses, coverage, reactions, use of vaccine."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.immunization.models import Immunization, NotGiven, StockMovement
from tramyte.care.immunization.queries import DOSES
from tramyte.care.vaccination.models import Session
from tramyte.engine.indicators import INDICATORS, results
from tramyte.governance.reports import figures as marks
from tramyte.governance.reports.composing import Composition, Scope, door
from tramyte.governance.reports.drafting import BLANK
from tramyte.rules.calendar import add_months

YEAR, SIX = 365, 2192  # days of age that part the groups
COVERAGE = ("TC01", "TC02", "TC03", "TC04", "TC05", "TC06", "TC07", "TC08", "TC09", "TC11", "TC10", "TC12")
MONTHS = 24
BOOK = "Sổ mũi tiêm chủng"
# What the counts of this report are called in the spreadsheet of figures.
WORDS = {
    "under1": "dưới 1 tuổi", "to5": "1 đến dưới 6 tuổi", "over": "từ 6 tuổi", "given": "tổng số mũi", "elsewhere": "tiêm nơi khác", "year": "cộng dồn trong năm", "before": "tồn đầu kỳ",
    "came": "nhập", "used": "đã tiêm", "wasted": "hao phí, hủy", "returned": "trả lại, chuyển đi", "left": "tồn cuối kỳ", "sessions": "buổi tiêm", "people": "người được tiêm",
    "pregnant": "mũi uốn ván cho phụ nữ có thai", "events": "phản ứng", "severe": "tai biến nặng", "died": "tử vong", "refused": "từ chối", "deferred": "tạm hoãn", "contraindicated": "chống chỉ định",
}


@dataclass
class Draft:
    """What is gathered while a report is composed."""

    scope: Scope
    now: datetime.datetime
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, marks.Reference] = field(default_factory=dict)

    @property
    def start(self) -> datetime.date:
        """The first day of the period."""
        return self.scope.period.start

    @property
    def yearly(self) -> bool:
        """Whether the period is the year, so that nothing is to be summed beyond it."""
        return self.scope.period.kind == "year"

    def count(self, key: str, book: str, url: str, label: str = "", **counts: int) -> str:
        """Keep the reference of a book's counts, with what is counted of it; answers its key."""
        self.figures[key] = marks.of_list(book, url, self.scope.as_of, self.now, **counts)
        self.figures[key]["title"] = label or book
        return key

    def books(self, slug: str, extra: str = "", since: datetime.date | None = None) -> str:
        """The address of a register within the period, or since an earlier day."""
        span = f"?from={since or self.start:%d/%m/%Y}&to={self.scope.as_of:%d/%m/%Y}"
        return door("register", slug, query=f"{span}{extra}")


def compose(scope: Scope, now: datetime.datetime) -> Composition:
    """The drafted report; some ten queries."""
    draft = Draft(scope, now)
    texts = {"doses": _doses(draft), "coverage": _coverage(draft), "reactions": _reactions(draft), "stock": _stock(draft), "problems": _problems(scope)}
    sections = [
        {"key": key, "title": title, "text": texts[key], "drafted": texts[key], "version": 1, "edited_by": "", "edited_at": ""} for key, title in scope.form.sections]
    return Composition(sections, draft.tables, draft.figures, scope.as_of, now)


def _inside(scope: Scope, at: str) -> Q:
    return Q(**{f"{at}__path__startswith": scope.place.path}, entered_in_error=False)


def _day(on: datetime.date) -> str:
    return f"{on:%d/%m/%Y}"


def _mark(key: str, part: str) -> str:
    return f"{{{{{key}.{part}}}}}"


# ---- I


def _doses(draft: Draft) -> str:
    scope, place = draft.scope, str(draft.scope.place)
    span = f"Số liệu tính từ ngày {_day(draft.start)} đến ngày {_day(scope.as_of)}, mọi mũi tiêm, liều uống của người dân {place[:1].lower()}{place[1:]}."
    early = f" Báo cáo lập trước khi hết kỳ (ngày {_day(scope.period.end)})." if scope.as_of < scope.period.end else ""
    lines = [*_given_by_dose(draft), _summary(draft)]
    return "\n".join([span + early, lines[-1], *lines[:-1]])


def _summary(draft: Draft) -> str:
    scope = draft.scope
    rows = Immunization.objects.filter(_inside(scope, "person__hamlet"), on__range=(draft.start, scope.as_of))
    told = rows.aggregate(given=Count("pk"), people=Count("person", distinct=True), pregnant=Count("pk", filter=Q(vaccine__code="UV", gestation_days__isnull=False)))
    held = Session.objects.filter(place=scope.place, entered_in_error=False, state=Session.CLOSED, on__range=(draft.start, scope.as_of)).count()
    doses = draft.count("MT", BOOK, draft.books("immunizations"), **told)
    sessions = draft.count("BT", "Sổ buổi tiêm chủng", draft.books("vaccination-sessions"), sessions=held)
    return (
        f"Trong kỳ đã ghi {_mark(doses, 'given')} mũi tiêm cho {_mark(doses, 'people')} người, trong đó {_mark(doses, 'pregnant')} mũi uốn ván cho phụ nữ có thai; "
        f"đã tổ chức và đóng {_mark(sessions, 'sessions')} buổi tiêm.")


def _given_by_dose(draft: Draft) -> list[str]:
    """The table of doses: a line for each dose of the schedule, of each vaccine those that settle none."""
    rows = _counted_doses(draft)
    if not rows:
        return ["Trong kỳ và từ đầu năm chưa ghi mũi tiêm nào."]
    heads = ["Mũi tiêm, liều uống", "Dưới 1 tuổi", "1 đến dưới 6 tuổi", "Từ 6 tuổi", "Tổng trong kỳ", "Trong đó tiêm nơi khác", "Cộng dồn năm"]
    parts = ["under1", "to5", "over", "given", "elsewhere", "year"]
    if draft.yearly:
        heads, parts = heads[:-1], parts[:-1]
    lines = []
    for (order, label, vaccine, code), counts in sorted(rows.items()):
        key, chosen = f"MT-{order}-{code or 'KHAC'}", f"&vaccine={vaccine}"
        draft.count(key, BOOK, draft.books("immunizations", chosen), label, **{part: counts[part] for part in parts if part != "year"})
        draft.count(f"{key}-NAM", BOOK, draft.books("immunizations", chosen, since=draft.start.replace(month=1, day=1)), label, year=counts["year"])
        lines.append([label, *(_mark(f"{key}-NAM" if part == "year" else key, part) for part in parts)])
    draft.tables["doses"] = {"columns": heads, "rows": lines, "widths": [3.6, *[1.1] * len(parts)], "align": "l" + "r" * len(parts), "once": True}
    return ["{{table:doses}}"]


def _counted_doses(draft: Draft) -> dict[tuple[str, str, str, str], dict[str, int]]:
    scope, within = draft.scope, Q(on__gte=draft.start)
    rows = Immunization.objects.filter(_inside(scope, "person__hamlet"), on__range=(datetime.date(draft.start.year, 1, 1), scope.as_of)).order_by()
    counted = rows.values("vaccine", "vaccine__code", "vaccine__name", "counts_as").annotate(
        under1=Count("pk", filter=within & Q(age_days__lt=YEAR)), to5=Count("pk", filter=within & Q(age_days__gte=YEAR, age_days__lt=SIX)), over=Count("pk", filter=within & Q(age_days__gte=SIX)),
        given=Count("pk", filter=within), elsewhere=Count("pk", filter=within & Q(source="elsewhere")), year=Count("pk"))
    known, found = list(DOSES), {}
    for row in counted:
        code = next(iter(row["counts_as"].split()), "")
        order = f"{known.index(code):02d}" if code in known else "99"
        label = DOSES.get(code) or f"{row['vaccine__name']}: mũi ngoài lịch, mũi không tính"
        if code and row["vaccine__code"] not in code and not code.startswith(("DPT4", "TD", "UV")):
            label, order = f"{label} ({row['vaccine__name']})", f"{order}-{row['vaccine__code']}"
        key = (order if code else f"99-{row['vaccine__code']}", label, str(row["vaccine"]), code)
        sums = found.setdefault(key, defaultdict(int))
        for part in ("under1", "to5", "over", "given", "elsewhere", "year"):
            sums[part] += row[part]
    return found


# ---- II


def _coverage(draft: Draft) -> str:
    """The indicators as the month of the last day stood, with what the month added where they grow within the year."""
    scope = draft.scope
    month = f"{scope.period.end:%Y-%m}"
    last = f"{add_months(scope.period.end.replace(day=1), -1):%Y-%m}" if scope.period.end.month > 1 else ""
    rows, told = [], results.series([code for code in COVERAGE if code in INDICATORS], scope.place, MONTHS)
    for code in COVERAGE:
        figures = {figure.period: figure for figure in told.get(code, [])}
        figure = figures.get(month)
        if figure is None or not figure.denominator:
            continue
        one, before = INDICATORS[code], figures.get(last)
        reference = marks.of_indicator(figure, one, str(scope.place), door("immunization-coverage", query=f"?chi-tieu={code}"))
        added = figure.numerator - (before.numerator if before else 0)
        reference["parts"]["month"] = marks.number(added)
        draft.figures[code] = reference
        rows.append([one.title, *(_mark(code, part) for part in (["denominator", "numerator", "value"] if draft.yearly else ["denominator", "month", "numerator", "value"]))])
    if not rows:
        return "Chưa có số liệu chỉ tiêu tiêm chủng của kỳ này."
    heads = ["Chỉ tiêu", "Đối tượng", *([] if draft.yearly else ["Đạt thêm trong tháng"]), "Đạt cộng dồn", "Tỷ lệ"]
    draft.tables["coverage"] = {"columns": heads, "rows": rows, "widths": [4.4, *[1.3] * (len(heads) - 1)], "align": "l" + "r" * (len(heads) - 1)}
    said = "Đối tượng là trẻ đang ở tại địa bàn đủ tuổi của chỉ tiêu trong năm (đủ 1 tuổi, 24 tháng, 3 tuổi), trẻ sinh trong năm với viêm gan B sơ sinh và BCG; cộng dồn từ đầu năm."
    return f"{said}\n{{{{table:coverage}}}}"


# ---- III


def _reactions(draft: Draft) -> str:
    scope, span = draft.scope, (draft.start, draft.scope.as_of)
    events = AdverseEvent.objects.filter(_inside(scope, "person__hamlet"), onset_on__range=span).aggregate(
        events=Count("pk"), severe=Count("pk", filter=Q(severe=True)), died=Count("pk", filter=Q(outcome="died")))
    refused = NotGiven.objects.filter(_inside(scope, "person__hamlet"), on__range=span).aggregate(
        **{kind: Count("pk", filter=Q(kind=kind)) for kind in ("refused", "deferred", "contraindicated")})
    seen = draft.count("PU", "Sổ phản ứng sau tiêm", draft.books("reactions"), **events)
    kept = draft.count("KT", "Sổ từ chối, tạm hoãn, chống chỉ định", draft.books("doses-not-given"), **refused)
    return (
        f"Ghi nhận {_mark(seen, 'events')} trường hợp phản ứng sau tiêm, trong đó {_mark(seen, 'severe')} tai biến nặng, {_mark(seen, 'died')} tử vong.\n"
        f"Không tiêm: {_mark(kept, 'refused')} lần gia đình từ chối, {_mark(kept, 'deferred')} lần tạm hoãn, {_mark(kept, 'contraindicated')} lần chống chỉ định.")


# ---- IV


def _stock(draft: Draft) -> str:
    rows = _moved(draft)
    if not rows:
        return "Trong kỳ kho vắc xin của trạm không có nhập, xuất và không còn tồn."
    parts = ["before", "came", "used", "wasted", "returned", "left"]
    lines = []
    for code, name, counts in rows:
        key = draft.count(f"VX-{code}", "Sổ kho vắc xin theo lô", door("register", "vaccine-lots"), name, **counts)
        lines.append([name, *(_mark(key, part) for part in parts)])
    draft.tables["stock"] = {
        "columns": ["Vắc xin (liều)", "Tồn đầu kỳ", "Nhập", "Đã tiêm", "Hao phí, hủy", "Trả, chuyển", "Tồn cuối kỳ"], "rows": lines, "widths": [3.2, *[1.1] * 6], "align": "lrrrrrr", "once": True}
    return "Số liều theo sổ kho của trạm và các điểm trạm:\n{{table:stock}}"


def _moved(draft: Draft) -> list[tuple[str, str, dict[str, int]]]:
    """Of each vaccine that moved or is left: code, name, and the doses at the beginning, by kind within the period, and at the end."""
    within, signed = Q(on__gte=draft.start), Case(*(When(kind=kind, then=F("doses") * sign) for kind, sign in StockMovement.SIGN.items()), default=Value(0), output_field=IntegerField())
    rows = StockMovement.objects.filter(_inside(draft.scope, "lot__facility__place"), on__lte=draft.scope.as_of).order_by("lot__product__vaccine__code")
    sums = rows.values("lot__product__vaccine__code", "lot__product__vaccine__name").annotate(
        before=Coalesce(Sum(signed, filter=~within), 0), left=Coalesce(Sum(signed), 0),
        **{name: Coalesce(Sum("doses", filter=within & Q(kind=kind)), 0) for name, kind in (("came", "received"), ("used", "used"), ("wasted", "wasted"), ("returned", "returned"))})
    found = [(row.pop("lot__product__vaccine__code"), row.pop("lot__product__vaccine__name"), row) for row in map(dict, sums)]
    return [one for one in found if _any(one[2].values())]


def _any(counts: Iterable[int]) -> bool:
    return any(counts)


# ---- V


def _problems(scope: Scope) -> str:
    to = scope.to[0] if scope.to else "cấp trên"
    return f"Tồn tại, nguyên nhân: {BLANK}\nKiến nghị: {BLANK}\nTrên đây là báo cáo kết quả tiêm chủng {scope.period.title[:1].lower()}{scope.period.title[1:]}. Kính gửi {to}."
