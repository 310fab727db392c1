"""Lists of the insurance agency on pages: choose a file, look at the differences, write chosen kinds, take the whole back."""

import datetime
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tramyte.care.people import actions
from tramyte.care.people.actions.batches import IMPORT
from tramyte.care.people.actions.insurance_lists import WRITABLE
from tramyte.care.people.insurance_list import HEADINGS, LARGEST, take_list
from tramyte.care.people.models import InsuranceLine, InsuranceList
from tramyte.care.people.renewal_views import group_words
from tramyte.care.people.typed import Typed
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place, may, places, visible
from tramyte.engine.audit import chain
from tramyte.engine.jobs.models import Job
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.engine.registers.fields import DayField, offer
from tramyte.engine.registers.output import MIME

PAGE = 50
MARKS = {
    "new": ("ok", "plus"), "changed": ("blue", "refresh"), "lost": ("late", "minus"), "unchanged": ("off", "check"), "unmatched": ("due", "user-x"),
    "ambiguous": ("unk", "git-compare"), "refused": ("late", "ban")}
SAID = {
    "new": "người có thẻ mà sổ chưa ghi", "changed": "đổi hạn, số thẻ, nhóm hoặc nơi đăng ký", "lost": "đang có thẻ trong sổ mà không có trong danh sách",
    "unchanged": "sổ đã đúng", "unmatched": "có trong danh sách mà không thấy trong sổ", "ambiguous": "phải có người xem", "refused": "ô sai, thiếu"}
SHEET = (
    ("Dòng", "number"), ("Kết quả", "text"), ("Họ và tên", "text"), ("Ngày sinh", "text"), ("Thôn", "text"), ("Số thẻ BHYT", "text"), ("Nhóm", "text"),
    ("Nơi ĐK KCB", "text"), ("Từ ngày", "date"), ("Đến ngày", "date"), ("Khác gì, vì sao", "text"))


class ListForm(Typed):
    """A file of the insurance agency and what it claims to be."""

    file = forms.FileField(label="Tệp danh sách (.xlsx, .csv)")
    on = DayField(label="Danh sách tính đến ngày", widget=forms.DateInput)
    whole = forms.BooleanField(label="Danh sách đủ mọi người có thẻ: ai không có tên là đã mất thẻ", required=False)
    hamlets = forms.MultipleChoiceField(label="Danh sách đủ của các thôn", required=False, widget=forms.CheckboxSelectMultiple, help_text="Không chọn thôn nào là cả xã.")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Place.objects.filter(pk__in=places(user, IMPORT, personal=True), kind=Place.HAMLET, valid_to=None).order_by("code")
        offer(self, "hamlets", [(row.code, row.name) for row in rows])

    def clean_on(self) -> datetime.date:
        """Not after today."""
        day: datetime.date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(f"Ngày {day:%d/%m/%Y} ở tương lai. Hãy ghi ngày cơ quan BHXH lập danh sách.")
        return day


def _loads(user: User) -> None:
    sees(user)
    if not may(user, IMPORT):
        raise no_right("Tài khoản này không có quyền nhập danh sách. Hãy nhờ trạm y tế nhập.")


@require_http_methods(["GET", "HEAD", "POST"])
def insurance_lists(request: HttpRequest) -> HttpResponse:
    """Danh sách của cơ quan BHXH: those compared before, and a new file; it is compared, a long one as a job, and nothing is written."""
    _loads(request.user)
    form = ListForm(request.user, request.POST or None, request.FILES or None, initial={"on": f"{clock.today():%d/%m/%Y}"})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("insurance-list", _compared(request, form.cleaned_data).pk)
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.add_error("file", refused.message)
    earlier = visible(request.user, InsuranceList.objects.select_related("by"), IMPORT)[:20]
    wanted = [texts[0] for texts in HEADINGS.values()]
    return render(request, "people/insurance_lists.html", {"form": form, "earlier": earlier, "wanted": wanted}, status=422 if request.method == "POST" else 200)


def _compared(request: HttpRequest, given: dict[str, Any]) -> InsuranceList:
    file, place = given.pop("file"), home_place(request.user)
    assert place is not None  # whoever may import holds a place
    if file.size > LARGEST:
        raise Refused("too_large", f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB. Hãy chia thành nhiều tệp theo thôn rồi nhập từng tệp.")
    return take_list(by=request.user, place=commune_of(place), name=file.name or "", content=file.read(), **given)


@require_http_methods(["GET", "HEAD", "POST"])
def insurance_list(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The differences by kind (`loai`) and hamlet (`thon`); `as=xlsx` exports them; POST `do` apply, undo or compare."""
    _loads(request.user)
    load = visible(request.user, InsuranceList.objects.select_related("by", "place"), IMPORT).filter(pk=id).first()
    if load is None:
        raise not_found("danh sách này")
    if request.method == "POST":
        _act(request, load)
        return redirect("insurance-list", load.pk)
    kind, code = request.GET.get("loai", ""), request.GET.get("thon", "")
    rows = load.lines.select_related("hamlet", "person").order_by("number", "name", "pk")
    rows = rows.filter(kind=kind) if kind in MARKS else rows.exclude(kind="unchanged")
    if code:
        rows = rows.filter(hamlet=None) if code == "-" else rows.filter(hamlet__code=code)
    if request.GET.get("as"):
        return _file(request, load, rows, kind)
    chain.record(by=request.user, action="list", row=load, note="khác biệt của danh sách thẻ BHYT")
    return render(request, "people/insurance_list.html", _context(request, load, rows, kind, code))


def _context(request: HttpRequest, load: InsuranceList, rows: "QuerySet[InsuranceLine]", kind: str, code: str) -> dict[str, Any]:
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counted = {(row["hamlet"], row["kind"]): row["count"] for row in load.lines.order_by().values("hamlet", "kind").annotate(count=Count("pk"))}
    totals = {name: sum(count for (_, other), count in counted.items() if other == name) for name in MARKS}
    hamlets = [*Place.objects.filter(pk__in={key for key, _ in counted if key}).order_by("code"), *([None] if any(key is None for key, _ in counted) else [])]
    job = Job.objects.filter(pk=load.job).first() if load.job else None
    return {
        "load": load, "page": page, "kind": kind if kind in MARKS else "", "code": code, "job": job, "total": sum(totals.values()),
        "tabs": [{"kind": name, "label": words, "said": SAID[name], "count": totals[name], "state": MARKS[name][0], "icon": MARKS[name][1]} for name, words in InsuranceLine.KINDS if totals[name] or name in WRITABLE],
        "by_hamlet": [(place, [(name, counted.get((place.pk if place else None, name), 0)) for name in MARKS]) for place in hamlets],
        "heads": [words for _, words in InsuranceLine.KINDS], "choices": [(name, words, totals[name]) for name, words in InsuranceLine.KINDS if name in WRITABLE],
        "written": load.lines.filter(done=True).count(), "writable": sum(totals[name] for name in WRITABLE), "applied": [dict(InsuranceLine.KINDS)[name] for name in load.applied],
        "lines": [(line, *MARKS[line.kind], group_words(line.card_number, line.group, load.on)) for line in page]}


def _act(request: HttpRequest, load: InsuranceList) -> None:
    try:
        if request.POST.get("do") == "undo":
            actions.begin_undo(by=request.user, id=load.pk)
        elif request.POST.get("do") == "apply":
            actions.begin_list(by=request.user, id=load.pk, kinds=request.POST.getlist("kinds"))
        elif request.POST.get("do") == "compare":
            actions.begin_comparison(by=request.user, id=load.pk)
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        messages.error(request, refused.message)


def _file(request: HttpRequest, load: InsuranceList, rows: "QuerySet[InsuranceLine]", kind: str) -> HttpResponse:
    from tramyte.engine.documents import spreadsheet

    words = dict(InsuranceLine.KINDS)
    table = [
        [line.number or None, words[line.kind], line.name, line.birth, line.hamlet.name if line.hamlet else "", line.card_number, line.group, line.facility_code,
         line.start, line.end, line.reason] for line in rows]
    chain.record(by=request.user, action="export_xlsx", model="people.insuranceline", object_id=str(load.pk), note=f"{words.get(kind, 'mọi khác biệt')}: {len(table)} dòng")
    columns = [spreadsheet.SheetColumn(heading, kind=form) for heading, form in SHEET]
    answer = HttpResponse(spreadsheet.write_xlsx(columns, table, title=f"So danh sách thẻ BHYT: {load.file_name}", sheet="Khác biệt"), content_type=MIME["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="so-the-bhyt-{kind or "khac-biet"}-{load.on:%Y%m%d}.xlsx"'
    return answer
