"""The pages of immunization that are no register: who is due, one person's card, a lot, how the commune carries it out."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.immunization import actions
from tramyte.care.immunization.cards import new_dose
from tramyte.care.immunization.models import Activation, Programme, StockMovement, VaccineLot, VaccineProduct
from tramyte.care.immunization.plans import plans_of
from tramyte.care.immunization.queries import moved
from tramyte.care.immunization.typed import ActivationForm, MovementForm, ProductForm, ProgrammeForm, StopForm
from tramyte.care.people.models import Person
from tramyte.care.people.views import the_person
from tramyte.engine import clock
from tramyte.engine.access.rights import may, own_place, require, visible
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.forecast import versions

WRITE, STOCK = "care.write", "vaccines.write"


@require_safe
def card(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Phiếu tiêm chủng of one person. That it was opened is logged."""
    person = the_person(request.user, id)
    chain.record_view(by=request.user, row=person, note="phiếu tiêm chủng")
    plans = plans_of(person, clock.today())
    source = next((one for one in versions() if one["version"] == plans.schedule), None)
    return render(request, "immunization/card.html", {
        "person": person, "plans": plans, "may_write": may(request.user, WRITE) and person.is_alive, "new_dose": new_dose(person), "source": source})


@require_safe
def card_print(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The card as the paper book, PDF. That it was printed is logged."""
    from tramyte.care.immunization.printing import printed_card

    person: Person = the_person(request.user, id)
    chain.record_view(by=request.user, row=person, note="in phiếu tiêm chủng")
    answer = HttpResponse(printed_card(person, clock.now(), clock.today()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="phieu-tiem-chung-{person.pk}.pdf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def lot(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One lot: what is left, every line of the store, and what may be written: came, went, stop, use again."""
    found = visible(request.user, VaccineLot.objects.filter(entered_in_error=False)).filter(pk=id).select_related("product__vaccine", "facility").first()
    if found is None:
        raise not_found("lô vắc xin")
    move, stop = MovementForm(), StopForm()
    if request.method == "POST":
        require(request.user, STOCK)
        move, stop, done = _written(request, found)
        if done:
            return redirect("vaccine-lot", id=found.pk)
    rows = found.movements.filter(entered_in_error=False)
    counts = moved([found.pk]).get(found.pk, {})
    left = sum(count * StockMovement.SIGN[kind] for kind, count in counts.items())
    context = {
        "lot": found, "rows": rows[:200], "left": left, "counts": [(words, counts.get(kind, 0)) for kind, words in StockMovement.KINDS], "move": move, "stop": stop,
        "may_write": may(request.user, STOCK), "today": clock.today(), "late": found.expires_on < clock.today()}
    return render(request, "immunization/lot.html", context, status=422 if move.errors or stop.errors else 200)


def _written(request: HttpRequest, found: VaccineLot) -> tuple[MovementForm, StopForm, bool]:
    """Do what was sent; the forms to show again when it was refused."""
    act = request.POST.get("act", "")
    move = MovementForm(request.POST if act == "move" else None)
    stop = StopForm(request.POST if act != "move" else None)
    form = move if act == "move" else stop
    if not form.is_valid():
        return move, stop, False
    given, by = form.cleaned_data, request.user
    try:
        if act == "move":
            actions.move_stock(by=by, lot=found, **given)
        elif act == "stop":
            actions.stop_lot(by=by, id=found.pk, on=clock.today(), reason=given["reason"])
        else:
            actions.resume_lot(by=by, id=found.pk, reason=given["reason"])
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        form.refuse(refused)
        return move, stop, False
    messages.success(request, "Đã ghi vào sổ kho.", extra_tags="toast")
    return move, stop, True


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest) -> HttpResponse:
    """How the user's commune carries the programme out: whom it follows, the parameters of the schedule, what was begun."""
    require(request.user, "vaccines.view")
    place = commune_of(own_place(request.user))
    begun = request.POST.get("act") == "activation"
    form = ProgrammeForm(request.POST if request.method == "POST" and not begun else None, initial=_typed(Programme.objects.filter(place=place).first()))
    activation = ActivationForm(request.POST if begun else None)
    if request.method == "POST":
        require(request.user, STOCK)
        if _set(request, place, activation if begun else form, begun):
            messages.success(request, "Đã lưu. Lịch hẹn của trẻ được tính lại ngay.", extra_tags="toast")
            return redirect("immunization-programme")
    context = {
        "form": form, "activation": activation, "place": place, "may_write": may(request.user, STOCK), "versions": _versions(), "today": clock.today(),
        "begun": Activation.objects.filter(place=place, entered_in_error=False)}
    return render(request, "immunization/programme.html", context, status=422 if form.errors or activation.errors else 200)


def _set(request: HttpRequest, place: Place, form: ProgrammeForm | ActivationForm, begun: bool) -> bool:
    """Do what was sent; False when it was refused, which the form then says."""
    if not form.is_valid():
        return False
    try:
        if begun:
            actions.record_activation(by=request.user, place=place, **form.cleaned_data)
        elif isinstance(form, ProgrammeForm):
            actions.set_programme(by=request.user, place=place, **form.chosen())
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        form.refuse(refused)
        return False
    return True


@require_POST
def activation_cancel(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Take a beginning back that was entered in error."""
    actions.cancel_activation(by=request.user, id=id, reason="ghi nhầm, bỏ ở trang Thiết lập")
    messages.success(request, "Đã bỏ. Lịch hẹn của trẻ được tính lại ngay.", extra_tags="toast")
    return redirect("immunization-programme")


def _typed(held: Programme | None) -> dict[str, Any]:
    values = dict((held or Programme()).all_parameters)
    born: datetime.date | None = held.born_from if held else None
    return {**values, "born_from": born}


@require_http_methods(["GET", "HEAD", "POST"])
def products(request: HttpRequest) -> HttpResponse:
    """The products that makers sell, and a form for a new one or, with `sua`, for one that is there."""
    require(request.user, "vaccines.view")
    rows = list(VaccineProduct.objects.filter(entered_in_error=False).select_related("vaccine"))
    chosen = next((row for row in rows if str(row.pk) == request.GET.get("sua", "")), None)
    shown = {name: getattr(chosen, name) for name in ("name", "manufacturer", "doses_per_vial", "open_hours")} | {"vaccine": chosen.vaccine_id} if chosen else {"doses_per_vial": 1}
    form = ProductForm(request.POST or None, initial=shown)
    if request.method == "POST":
        require(request.user, STOCK)
        if form.is_valid():
            try:
                actions.record_product(by=request.user, id=chosen.pk if chosen else None, **form.cleaned_data)
                messages.success(request, "Đã lưu sản phẩm vắc xin.", extra_tags="toast")
                return redirect("vaccine-products")
            except Refused as refused:
                if refused.status in {403, 404}:
                    raise
                form.refuse(refused)
    context = {"form": form, "rows": rows, "chosen": chosen, "may_write": may(request.user, STOCK)}
    return render(request, "immunization/products.html", context, status=422 if form.errors else 200)


def _versions() -> list[dict[str, Any]]:
    """The versions of the schedule with their days as dates, the newest first."""
    days = ("valid_from", "valid_to")
    return [{**one, **{name: one[name] and datetime.date.fromisoformat(one[name]) for name in days}} for one in reversed(versions())]
