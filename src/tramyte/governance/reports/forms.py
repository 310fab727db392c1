"""The declared reports: which periods each is for, what it is called and which sections it has."""

from dataclasses import dataclass

from tramyte.engine.refused import Refused
from tramyte.rules.calendar import Period

# Key and heading of each section, in order. What is drafted into each: `drafting.py`.
SECTIONS = (
    ("direction", "I. TÌNH HÌNH CHUNG, CÔNG TÁC CHỈ ĐẠO"),
    ("targets", "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU"),
    ("tasks", "III. KẾT QUẢ THỰC HIỆN NHIỆM VỤ"),
    ("problems", "IV. TỒN TẠI, NGUYÊN NHÂN"),
    ("plans", "V. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI"),
    ("requests", "VI. KIẾN NGHỊ, ĐỀ XUẤT"),
)
IMMUNIZATION = (
    ("doses", "I. KẾT QUẢ TIÊM CHỦNG"),
    ("coverage", "II. TỶ LỆ ĐẠT THEO ĐỐI TƯỢNG"),
    ("reactions", "III. PHẢN ỨNG SAU TIÊM, TRƯỜNG HỢP KHÔNG TIÊM"),
    ("stock", "IV. SỬ DỤNG VẮC XIN"),
    ("problems", "V. TỒN TẠI, KIẾN NGHỊ"),
)


@dataclass(frozen=True)
class Law:
    """When a report is due by law, for which no directive is needed: the fields of `Duty` that decide days, whom it goes to, and where it is said."""

    period_kind: str
    due_day: int
    due_phrase: str
    source: str
    due_month: int | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A declared report. kind: the kind of period it is for ("half", "year", "quarter", "month", "week", "day": see `spans`).

    subject: its subject line without the period. law: of a report that the law asks for; others are written because a directive asks.
    """

    slug: str
    name: str
    kind: str
    sections: tuple[tuple[str, str], ...] = SECTIONS
    subject: str = "Kết quả công tác y tế"
    law: Law | None = None


TO = ("Trung tâm Kiểm soát bệnh tật tỉnh",)
ARTICLE = "TT 13/2026/TT-BYT Điều 15 (kỳ và hạn của cơ sở tiêm chủng; mẫu bảng và nơi nhận chưa đối chiếu văn bản gốc)"
FORMS = {form.slug: form for form in (
    Form("six-months", "Báo cáo 6 tháng", "half"),
    Form("annual", "Báo cáo năm", "year"),
    Form("quarterly", "Báo cáo quý", "quarter"),
    Form("monthly", "Báo cáo tháng", "month"),
    Form("weekly", "Báo cáo tuần", "week"),
    Form("ad-hoc", "Báo cáo đột xuất", "day"),
    Form("immunization-monthly", "Báo cáo tiêm chủng tháng", "month", IMMUNIZATION, "Kết quả tiêm chủng", Law("monthly", 3, "trước ngày 03 của tháng tiếp theo", ARTICLE, to=TO)),
    Form("immunization-annual", "Báo cáo tiêm chủng năm", "year", IMMUNIZATION, "Kết quả tiêm chủng", Law("annual", 13, "trước ngày 13 tháng 01 của năm tiếp theo", ARTICLE, 1, TO)),
)}
EXAMPLES = {"half": "2026-H1", "year": "2026", "quarter": "2026-Q2", "month": "2026-05", "week": "2026-W23", "day": "2026-06-09"}


def listed() -> str:
    """The slugs with their names, as a sentence shows them."""
    return "; ".join(f"{form.slug} ({form.name}, kỳ như {EXAMPLES[form.kind]})" for form in FORMS.values())


def form_for(period: Period) -> Form:
    """The report of the work as a whole that is written for a period."""
    return next(form for form in FORMS.values() if form.kind == period.kind and form.law is None)


def form_named(slug: str, period: Period) -> Form:
    """The report with a slug, proved to fit the period; Refused with the slugs there are."""
    form = FORMS.get(slug)
    if form is None:
        raise Refused("no_report", f"Không có báo cáo “{slug[:30]}”. Các báo cáo đang có: {listed()}.")
    if form.kind != period.kind:
        raise Refused("wrong_period", f"{form.name} ({slug}) không lập cho kỳ {period.code}. Hãy ghi kỳ như {EXAMPLES[form.kind]}.")
    return form


def title_of(period: Period, form: Form) -> str:
    """The subject line: "Kết quả công tác y tế 6 tháng đầu năm 2026"."""
    words = period.title
    return f"{form.subject} {words[:1].lower()}{words[1:]}"
