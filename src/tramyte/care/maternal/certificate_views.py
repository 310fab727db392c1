"""Giấy chứng sinh of one child: what it says, what it lacks, the paper, the file for social insurance."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.maternal import actions
from tramyte.care.maternal.certificate import (
    FIELDS,
    certificate_faults,
    certificate_file,
    certificate_values,
)
from tramyte.care.maternal.forms import CertificateForm
from tramyte.care.maternal.models import Newborn
from tramyte.care.maternal.printing import print_faults, printed_certificate
from tramyte.care.maternal.views import sees_mothers
from tramyte.care.maternal.writing_views import writes_mothers
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, not_found


def the_newborn(user: User, id: uuid.UUID) -> Newborn:
    """One line of the book of births that this user may see. Raises Refused 403 or 404."""
    sees_mothers(user, "maternal.private")
    rows = visible(user, Newborn.objects.filter(entered_in_error=False, mother__entered_in_error=False))
    found = rows.select_related("delivery__pregnancy", "mother__hamlet__parent__parent", "mother__household__hamlet", "child").filter(pk=id).first()
    if found is None:
        raise not_found("trẻ này trong Sổ đẻ")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The fields with what is lacking, and the form of those that only the certificate has."""
    writes_mothers(request.user)
    row = the_newborn(request.user, id)
    form = CertificateForm(row, request.POST or None, _usual(request.user, row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_certificate(by=request.user, id=row.pk, **form.given())
            messages.success(request, "Đã lưu giấy chứng sinh.", extra_tags="toast")
            return redirect("birth-certificate", row.pk)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.refuse(refused)
    chain.record_view(by=request.user, row=row.mother, note="giấy chứng sinh")
    values = certificate_values(row)
    context = {"unprinted": print_faults(row), "row": row, "person": row.mother, "form": form, "values": [(field.name, values[field.name], field.required) for field in FIELDS], "faults": certificate_faults(values)}
    return render(request, "maternal/certificate.html", context, status=422 if request.method == "POST" else 200)


def _usual(user: User, row: Newborn) -> dict[str, str]:
    """What a certificate not yet written begins with: this user as the writer, book and head of station as on the last one."""
    if row.certificate_writer:
        return {}
    last = visible(user, Newborn.objects.filter(entered_in_error=False).exclude(head_code="")).order_by("-certificate_on", "-id").first()
    return {"certificate_writer": user.full_name} | ({"head_code": last.head_code, "certificate_book": last.certificate_book} if last else {})


@require_safe
def certificate_xml(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The file, when nothing is lacking; else the page that says what is. That it was taken is logged."""
    row = the_newborn(request.user, id)
    values = certificate_values(row)
    if faults := certificate_faults(values):
        messages.error(request, f"Giấy chứng sinh chưa đủ để xuất: {'; '.join(faults)}. Hãy ghi đủ rồi xuất lại.")
        return redirect("birth-certificate", row.pk)
    chain.record_view(by=request.user, row=row.mother, note="xuất giấy chứng sinh XML9")
    return HttpResponse(certificate_file(values), content_type="application/xml", headers={"Content-Disposition": f'attachment; filename="xml9-{row.pk}.xml"'})


@require_safe
def certificate_print(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The paper, when what it cannot be without is written; else the page that says what is lacking. That it was printed is logged."""
    row = the_newborn(request.user, id)
    if faults := print_faults(row):
        messages.error(request, f"Giấy chứng sinh chưa in được vì thiếu {', '.join(faults)}. Hãy ghi đủ rồi in.")
        return redirect("birth-certificate", row.pk)
    chain.record_view(by=request.user, row=row.mother, note=f"in giấy chứng sinh{f', cấp lại lần {row.copies}' if row.copies else ''}")
    return HttpResponse(printed_certificate(row, clock.now()), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="chung-sinh-{row.pk}.pdf"'})


@require_POST
def certificate_again(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Note that it is issued again; the paper says so."""
    writes_mothers(request.user)
    row = the_newborn(request.user, id)
    try:
        actions.reissue_certificate(by=request.user, id=row.pk, reason=request.POST.get("reason", ""))
        messages.success(request, "Đã ghi cấp lại; giấy in từ nay mang dòng “Cấp lại”.", extra_tags="toast")
    except Refused as refused:
        if refused.status in {403, 404, 409}:
            raise
        messages.error(request, refused.message)
    return redirect("birth-certificate", row.pk)
