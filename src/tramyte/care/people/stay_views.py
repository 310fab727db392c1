"""Sửa nơi ở ghi nhầm: a residence, or only its end, taken back with a reason."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tramyte.care.people import actions
from tramyte.care.people.entry_views import form_page, writes
from tramyte.care.people.models import Residence
from tramyte.care.people.typed import ReasonForm
from tramyte.care.people.views import the_person
from tramyte.engine.refused import not_found
from tramyte.engine.registers.fields import offer

WHOLE = ("whole", "bỏ cả nơi ở này: ghi nhầm người, nhầm thôn hoặc nhầm ngày đầu")
END = ("end", "bỏ ngày cuối: người này vẫn còn ở đây")


class MistakeForm(ReasonForm):
    """What is wrong about a residence, and why."""

    what = forms.ChoiceField(label="Bỏ gì", widget=forms.RadioSelect)
    field_order = ("what", "reason")

    def __init__(self, stay: Residence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [END, WHOLE] if stay.end and not stay.ended_by else [WHOLE]
        offer(self, "what", choices)
        self.initial.setdefault("what", choices[0][0])


@require_http_methods(["GET", "HEAD", "POST"])
def residence_mistake(request: HttpRequest, id: uuid.UUID, residence: uuid.UUID) -> HttpResponse:
    """Take back a residence that was entered in error, or the last day of one that goes on."""
    writes(request.user)
    found = the_person(request.user, id)
    stay = found.residences.filter(pk=residence, entered_in_error=False).select_related("place").first()
    if stay is None:
        raise not_found("nơi ở này")

    def write(given: dict[str, Any]) -> str:
        if given["what"] == END[0]:
            actions.cancel_end(by=request.user, id=stay.pk, reason=given["reason"])
            return f"Đã bỏ ngày cuối: vẫn ở {stay.place}."
        actions.retract(by=request.user, model=Residence, id=stay.pk, reason=given["reason"])
        return f"Đã bỏ nơi ở ghi nhầm tại {stay.place}."

    days = f"từ {stay.start:%d/%m/%Y}" + (f" đến {stay.end:%d/%m/%Y}" if stay.end else "")
    return form_page(
        request, found, MistakeForm(stay, request.POST or None), write, title=f"Sửa nơi ở ghi nhầm: {stay.get_kind_display()} {stay.place} {days}", button="Bỏ phần ghi nhầm")
