"""The pages of agreements, of requests and of everything held on one person."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.consent import actions
from tramyte.care.consent.forms import AnswerForm, ConsentForm, LimitForm, RequestForm
from tramyte.care.consent.models import Consent, DataRequest
from tramyte.care.consent.purposes import BY_LAW, KINDS, SOURCE
from tramyte.care.consent.queries import limits, requests_of, standing
from tramyte.care.people.entry_views import form_page, writes
from tramyte.care.people.views import sees, the_person
from tramyte.engine import clock
from tramyte.engine.access.rights import may, require, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, not_found

RIGHTS = "Đồng ý và quyền về dữ liệu"


@require_safe
def rights(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Đồng ý và quyền về dữ liệu of one person; that it was opened is logged."""
    found = the_person(request.user, id)
    chain.record_view(by=request.user, row=found, note="đồng ý và quyền về dữ liệu")
    return render(request, "consent/rights.html", {
        "person": found, "answers": standing(found, clock.today()), "requests": requests_of(request.user, found), "by_law": BY_LAW, "source": SOURCE,
        "may_write": may(request.user, actions.WRITE), "may_answer": may(request.user, actions.ANSWER), "today": clock.today()})


@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi đồng ý hoặc không đồng ý."""
    writes(request.user)
    found = the_person(request.user, id)
    wanted = {"purpose": request.GET.get("muc-dich", ""), "given_on": f"{clock.today():%d/%m/%Y}"}
    form = ConsentForm(request.POST or None, request.FILES or None, initial=wanted)

    def write(given: dict[str, Any]) -> str:
        file = given.pop("file")
        made = actions.record_consent(by=request.user, person=found, file=_kept(file) if file else "", **given)
        return f"Đã ghi: {made}."

    return form_page(request, found, form, write, title="Ghi đồng ý hoặc không đồng ý", button="Lưu quyết định", back="person-rights", crumb=RIGHTS)


def _kept(file: Any) -> str:
    """The digest of a kept scan. Raises Refused for what is neither a picture nor PDF."""
    from tramyte.engine.documents import files, sniffing

    content = file.read()
    sniffing.check_size(file.name or "", content)
    if sniffing.kind_of(content) not in {"pdf", "image"}:
        raise Refused("file_wrong_type", f"Tệp {sniffing.short(file.name or '')} không phải ảnh hay PDF. Hãy chụp hoặc quét phiếu rồi gửi lại.", field="file")
    return files.keep(content)


def _consent(request: HttpRequest, id: uuid.UUID) -> Consent:
    sees(request.user)
    row = visible(request.user, Consent.objects.select_related("person")).filter(pk=id).first()
    if row is None:
        raise not_found("phiếu đồng ý này")
    return row


@require_POST
def withdraw(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Rút lại sự đồng ý, as of today."""
    row = _consent(request, id)
    actions.withdraw_consent(by=request.user, id=row.pk, on=clock.today())
    messages.success(request, f"Đã ghi rút lại: {row.get_purpose_display()}.", extra_tags="toast")
    return redirect("person-rights", row.person_id)


@require_safe
def evidence(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The scanned sheet of an agreement; that it was taken out is logged."""
    from tramyte.engine.documents import files, sniffing

    row = _consent(request, id)
    if not row.file:
        raise not_found("bản quét của phiếu này")
    content = files.content_of(row.file)
    chain.record_view(by=request.user, row=row.person, note=f"bản quét phiếu đồng ý {row.given_on:%d/%m/%Y}")
    ending, kind = sniffing.scan_type(content)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="phieu-dong-y.{ending}"'})


@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi yêu cầu của người dân về dữ liệu."""
    writes(request.user)
    found = the_person(request.user, id)
    form = RequestForm(request.POST or None, initial={"received_on": f"{clock.today():%d/%m/%Y}"})

    def write(given: dict[str, Any]) -> str:
        made = actions.record_request(by=request.user, person=found, **given)
        return f"Đã ghi yêu cầu, trả lời chậm nhất {made.answer_by:%d/%m/%Y}."

    return form_page(request, found, form, write, title="Ghi yêu cầu về dữ liệu cá nhân", button="Lưu yêu cầu", back="person-rights", crumb=RIGHTS)


@require_http_methods(["GET", "HEAD", "POST"])
def data_request(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One request: answer it, note that it is carried out."""
    sees(request.user)
    row = visible(request.user, DataRequest.objects.select_related("person__hamlet")).filter(pk=id, entered_in_error=False).first()
    if row is None:
        raise not_found("yêu cầu này")
    form = AnswerForm(request.POST if request.POST.get("do") == "answer" else None, initial={"on": f"{clock.today():%d/%m/%Y}"})
    if request.method == "POST" and (said := _acted(request, row, form)):
        messages.success(request, said, extra_tags="toast")
        return redirect("data-request", row.pk)
    chain.record_view(by=request.user, row=row.person, note="yêu cầu về dữ liệu")
    return render(request, "consent/request.html", {
        "person": row.person, "row": row, "form": form, "may_answer": may(request.user, actions.ANSWER), "today": clock.today()}, status=422 if form.is_bound else 200)


def _acted(request: HttpRequest, row: DataRequest, form: AnswerForm) -> str:
    """What was done by the button pressed; empty when the form says what is wrong."""
    if request.POST.get("do") == "done":
        actions.finish_request(by=request.user, id=row.pk)
        return "Đã ghi thực hiện xong."
    if not form.is_valid():
        return ""
    try:
        actions.answer_request(by=request.user, id=row.pk, **form.cleaned_data)
    except Refused as refused:
        if refused.status in {403, 404, 409}:
            raise
        form.refuse(refused)
        return ""
    return "Đã ghi trả lời."


@require_safe
def export(request: HttpRequest, id: uuid.UUID, form: str) -> HttpResponse:
    """Everything held on one person, as JSON or PDF; that it was taken out is logged."""
    from tramyte.care.consent import holding

    require(request.user, actions.ANSWER)
    found = the_person(request.user, id)
    chain.record(by=request.user, action="export_person", row=found, note=f"bản trích dữ liệu cá nhân, {form.upper()}")
    if form == "json":
        content, kind = json.dumps(holding.as_data(found, clock.now()), ensure_ascii=False, indent=1, default=str).encode(), "application/json; charset=utf-8"
    else:
        from tramyte.engine.documents.pdf import render_pdf

        content, kind = render_pdf(holding.as_paper(found, clock.today())), "application/pdf"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="du-lieu-ca-nhan.{form}"'})


@require_safe
def time_limits(request: HttpRequest) -> HttpResponse:
    """Thời hạn trả lời yêu cầu: what holds today, with source."""
    sees(request.user)
    return render(request, "consent/limits.html", {"limits": limits(clock.today()).values(), "may_answer": may(request.user, actions.ANSWER)})


@require_http_methods(["GET", "HEAD", "POST"])
def time_limit(request: HttpRequest, kind: str) -> HttpResponse:
    """Set the time for one kind of request from a day on."""
    require(request.user, actions.ANSWER)
    sees(request.user)
    if kind not in KINDS:
        raise not_found("loại yêu cầu này")
    held = limits(clock.today())[kind]
    form = LimitForm(request.POST or None, initial={
        "answer_days": held.answer_days, "done_days": held.done_days, "valid_from": f"{clock.today():%d/%m/%Y}", "verified": "1" if held.checked else "0"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_limit(by=request.user, kind=kind, **form.cleaned_data)
            messages.success(request, f"Đã lưu thời hạn: {held.title}.", extra_tags="toast")
            return redirect("request-limits")
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.refuse(refused)
    return render(request, "consent/limit.html", {"form": form, "held": held}, status=422 if request.method == "POST" else 200)
