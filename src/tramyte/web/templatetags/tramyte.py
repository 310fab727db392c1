"""The tag library `tramyte`: icons, numbers, dates, states, small drawings. How to use: docs/how-to/make-a-page.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tramyte.rules.pregnancy import weeks_words

from . import drawing, words

register = template.Library()

DEADLINE_ICONS = {"late": "alert-triangle", "due": "clock", "off": "calendar", "unk": "help", "ok": "check"}
MESSAGE_KINDS = {"success": "ok", "warning": "due", "error": "late"}
MESSAGE_ICONS = {"ok": "circle-check", "due": "alert-triangle", "late": "alert-circle", "unk": "git-compare"}
STATE_ICONS = {
    "late": "alert-triangle", "due": "clock", "ok": "check", "unk": "help", "off": "calendar", "blue": "info-circle",
    "alarm": "alert-octagon",
}  # fmt: skip


# ---- files


@register.simple_tag
def asset(path: str) -> str:
    """Address of a file under static/tramyte; also works when the manifest of static files is missing."""
    try:
        return static(f"tramyte/{path}")
    except ValueError:
        # error pages must come out even when the static files were never collected
        from django.conf import settings

        return f"{settings.STATIC_URL}tramyte/{path}"


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "", label: str = "") -> SafeString:
    """One icon of the sprite; hidden from screen readers unless it has a label."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" width="{}" height="{}" {}><use href="{}#{}"></use></svg>',
        f"ti {css}".strip(), size, size, said, asset("vendor/icons.svg"), name,
    )  # fmt: skip


# ---- numbers


@register.filter
def number(value: object) -> str:
    """30216 → 30.216."""
    return words.number_words(value)


@register.filter
def decimal(value: object, places: int = 1) -> str:
    """-3.24 → −3,2."""
    return words.decimal_words(value, places)


@register.filter
def percent(value: object, places: int = 1) -> str:
    """37.83 (percent points) → 37,8 %."""
    return words.percent_words(value, places)


@register.filter
def ratio(numerator: object, denominator: object) -> str:
    """7 of 10 → 7/10; 158 of 171 → 92,4 %."""
    return words.ratio_words(numerator, denominator)


@register.filter
def money(value: object) -> str:
    """687500 → 687.500 đ."""
    text = words.decimal_words(value, 0)
    return text if text == words.NOTHING else f"{text}{words.SPACE}đ"


@register.filter
def comparator(value: object, operator: str) -> str:
    """98 with "ge" → ≥ 98 %."""
    return words.target_words(value, operator)


@register.simple_tag
def target(value: object, operator: str = "ge", unit: str = "%") -> str:
    """98 "ge" "%" → ≥ 98 %; 2 "le" "ca" → ≤ 2 ca."""
    return words.target_words(value, operator, unit)


# ---- days


def local(value: date | datetime) -> date | datetime:
    """The value in the local time zone when it is a moment with a zone."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """→ 03/06/2026."""
    return words.day_words(local(value) if value else None)


@register.filter
def day_short(value: date | datetime | None) -> str:
    """→ 03/06, for tight tables of the current year."""
    return local(value).strftime("%d/%m") if value else words.NOTHING


@register.filter
def weeks(value: int | None) -> str:
    """A gestation in days → 24 tuần 3 ngày."""
    return weeks_words(value) if value is not None else words.NOTHING


@register.filter
def month(value: date | datetime | None) -> str:
    """→ 06/2026."""
    return local(value).strftime("%m/%Y") if value else words.NOTHING


@register.filter
def hour(value: datetime | None) -> str:
    """→ 07:15."""
    return local(value).strftime("%H:%M") if value else words.NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """→ 02/06/2026, 16:40."""
    return local(value).strftime("%d/%m/%Y, %H:%M") if value else words.NOTHING


@register.filter
def weekday(value: date | datetime | None) -> str:
    """→ Thứ Tư 03/06/2026."""
    if not value:
        return words.NOTHING
    value = local(value)
    return f"{words.WEEKDAYS[value.weekday()]} {words.day_words(value)}"


@register.filter
def minutes(value: timedelta | None) -> str:
    """A length of time in whole minutes, at least one: 15 phút."""
    if value is None:
        return words.NOTHING
    return f"{words.number_words(max(1, -(-int(value.total_seconds()) // 60)))}{words.SPACE}phút"


@register.filter
def birth(value: date | None, precision: str = "day") -> str:
    """A birth date as far as it is known: 03/09/1959, 07/1948, 1954."""
    return words.birth_words(value, precision)


@register.simple_tag
def age(value: date | None, precision: str, today: date, long: bool = False) -> str:
    """Age in words: 12 ngày, 11 tháng, 64 tuổi, ≈ 72 tuổi; `long=True` adds days to months."""
    return words.age_words(value, precision, today, long=long)


@register.filter
def late(due: date | None, today: date) -> str:
    """→ Trễ 9 ngày, Hôm nay, Còn 6 ngày."""
    return words.late_words(due, today)


@register.filter
def late_kind(due: date | None, today: date) -> str:
    """→ late, due, off or unk: the kind of state chip for a deadline."""
    return words.late_kind(due, today)


@register.filter
def masked(value: str | None, kind: str = "") -> str:
    """Identity, card or phone number with its middle hidden."""
    return words.masked_words(value, kind)


# ---- states


@register.inclusion_tag("components/state.html")
def state(kind: str, text: str, icon: str = "", bare: bool = False) -> dict[str, Any]:
    """State chip; the icon follows the kind unless it is told."""
    return {"kind": kind, "text": text, "icon": icon or STATE_ICONS.get(kind, "circle"), "bare": bare}


@register.inclusion_tag("components/state.html")
def deadline(due: date | None, today: date, done: bool = False) -> dict[str, Any]:
    """State chip of a deadline: Xong, Trễ n ngày, Hôm nay, Còn n ngày, Chưa có hạn."""
    kind = "ok" if done else words.late_kind(due, today)
    text = "Xong" if done else words.late_words(due, today) if due else "Chưa có hạn"
    return {"kind": kind, "text": text, "icon": DEADLINE_ICONS[kind]}


@register.filter
def fault(field: BoundField) -> str:
    """The first fault of a field with its label (of one among several alike: what it is `called`), unless the sentence begins with it."""
    text, label = str(field.errors[0]), str(getattr(field.field, "called", field.label))
    return text if text.casefold().startswith(label.casefold()) else f"{label}: {text}"


@register.filter
def message_kind(tags: str) -> str:
    """Class of a Django message from its tags: ok, due, late or nothing."""
    return next((MESSAGE_KINDS[tag] for tag in str(tags).split() if tag in MESSAGE_KINDS), "")


@register.filter
def message_icon(kind: str) -> str:
    """Icon of a message of this kind."""
    return MESSAGE_ICONS.get(kind, "info-circle")


# ---- drawings


@register.simple_tag
def bar(
    value: object, target: object = None, operator: str = "ge", kind: str = "", largest: object = None, css: str = "",
    label: str = "",
) -> SafeString:  # fmt: skip
    """Progress bar with a tick at the target, as SVG; for "le" the scale ends at twice the target."""
    return drawing.bar(value, target, operator, kind=kind, largest=largest, css=css, label=label)


@register.simple_tag
def sparkline(points: object, target: object = None, forecast: object = None, slots: int = 13) -> SafeString:
    """Small line of up to `slots` points with a dotted target and a hollow forecast at the end, as SVG."""
    return drawing.sparkline(points, target, forecast, slots)


# ---- addresses and forms


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, request: HttpRequest | None = None, **changes: object) -> str:
    """The present query with some parameters changed; an empty value drops one. Begins with "?"."""
    query = (request or context["request"]).GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def widget_type(field: BoundField) -> str:
    """How field.html draws a field: radio, checks, check, hidden or input."""
    kinds: list[tuple[type[widgets.Widget], str]] = [
        (widgets.CheckboxSelectMultiple, "checks"),
        (widgets.RadioSelect, "radio"),
        (widgets.CheckboxInput, "check"),
        (widgets.HiddenInput, "hidden"),
    ]
    return next((name for kind, name in kinds if isinstance(field.field.widget, kind)), "input")


def control_class(widget: widgets.Widget) -> str:
    """Class names of an input, select or text area."""
    given = str(widget.attrs.get("class", ""))
    base = "form-select" if isinstance(widget, widgets.Select) else "form-control"
    numeric = " num" if isinstance(widget, widgets.NumberInput | widgets.DateTimeBaseInput) else ""
    return f"{base}{numeric} {given}".strip()


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a bound field with classes, ARIA attributes and what a date field needs."""
    widget = field.field.widget
    ticked = isinstance(widget, widgets.CheckboxInput)
    attrs: dict[str, Any] = {} if ticked else {"class": control_class(widget)}
    described = [f"{field.auto_id}_help"] if field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        described.insert(0, f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if isinstance(widget, widgets.DateInput) and widget.input_type == "text":
        attrs |= {"data-date": "", "inputmode": "numeric", "autocomplete": "off", "placeholder": "dd/mm/yyyy"}
    return field.as_widget(attrs=attrs)


@register.filter
def get_item(mapping: Mapping[Any, Any] | None, key: object) -> Any:
    """The value of a mapping under a key that is only known in the template; None when it is not there."""
    return mapping.get(key) if mapping else None
