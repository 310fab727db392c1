"""Small server-made SVG drawings: the bar with a tick and the sparkline. No inline style."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .words import SIGNS, as_decimal, number_words, target_words

WIDTH, HEIGHT = 110, 28


def share(value: Decimal, largest: Decimal) -> str:
    """Part of the whole width, 0 to 100, as `37.8%`."""
    part = max(Decimal(0), min(Decimal(100), 100 * value / largest)) if largest > 0 else Decimal(0)
    return f"{part:.2f}%"


def scale_end(target: Decimal | None, operator: str, largest: Decimal | None) -> Decimal:
    """Where the scale ends: as told, twice the target when less is better, else 100."""
    if largest is not None:
        return largest
    if target and SIGNS.get(operator) in {"≤", "<"}:
        return 2 * target
    return Decimal(100)


def bar(
    value: object, target: object = None, operator: str = "ge", *, kind: str = "", largest: object = None,
    css: str = "", label: str = "",
) -> SafeString:  # fmt: skip
    """A bar of `value` with a tick at `target`; both in the same unit, empty values draw nothing."""
    amount, goal = as_decimal(value), as_decimal(target)
    end = scale_end(goal, str(operator), as_decimal(largest))
    fill = tick = SafeString("")
    if amount is not None:
        fill = format_html('<rect class="fill" y="3" width="{}" height="8" rx="2"></rect>', share(amount, end))
    if goal is not None:
        # the tick is 2 wide and must stay inside when the target is the end of the scale
        shift = "translate(-2 0)" if goal >= end else "translate(-1 0)"
        tick = format_html(
            '<rect class="tick" x="{}" width="2" height="14" transform="{}"></rect>', share(goal, end), shift
        )
    said = label or number_words(value)
    if not label and goal is not None:
        said = f"{said}, mức giao {target_words(target, str(operator), '')}"
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><rect class="track" y="3" width="100%" height="8" rx="2"></rect>'
        "{}{}</svg>",
        " ".join(part for part in ("bar", kind, css) if part), said, fill, tick,
    )  # fmt: skip


def runs(values: list[Decimal | None]) -> list[list[tuple[int, Decimal]]]:
    """Stretches of points without a gap, each with its slot number."""
    found: list[list[tuple[int, Decimal]]] = [[]]
    for slot, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((slot, value))
    return [run for run in found if run]


def sparkline(points: object, target: object = None, forecast: object = None, slots: int = 13) -> SafeString:
    """A line of the last `slots` points; None is a gap. The drawing is hidden from screen readers: say it in words."""
    source = points if isinstance(points, Iterable) and not isinstance(points, str) else []
    values = [as_decimal(point) for point in source][-slots:]
    goal, ahead = as_decimal(target), as_decimal(forecast)
    known = [value for value in (*values, goal, ahead) if value is not None]
    if not any(value is not None for value in values):
        return SafeString("")
    low, high = min(known), max(known)
    height = (high - low) or Decimal(1)

    def x(slot: int) -> str:
        return f"{2 + slot * (WIDTH - 8) / max(1, slots - 1):.1f}"

    def y(value: Decimal) -> str:
        return f"{HEIGHT - 4 - float((value - low) / height) * (HEIGHT - 8):.1f}"

    lines = format_html_join(
        "", '<polyline class="line" points="{}"></polyline>',
        ((" ".join(f"{x(slot)},{y(value)}" for slot, value in run),) for run in runs(values)),
    )  # fmt: skip
    slot, last = runs(values)[-1][-1]
    dot = format_html('<circle class="now" cx="{}" cy="{}" r="3.5"></circle>', x(slot), y(last))
    rule = SafeString("")
    if goal is not None:
        rule = format_html('<line class="goal" x1="0" x2="{}" y1="{}" y2="{}"></line>', WIDTH, y(goal), y(goal))
    future = SafeString("")
    if ahead is not None and slot < slots - 1:
        future = format_html(
            '<line class="ahead" x1="{}" y1="{}" x2="{}" y2="{}"></line><circle class="then" cx="{}" cy="{}" r="3">'
            "</circle>",
            x(slot), y(last), x(slots - 1), y(ahead), x(slots - 1), y(ahead),
        )  # fmt: skip
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true">{}{}{}{}</svg>',
        WIDTH, HEIGHT, rule, lines, future, dot,
    )  # fmt: skip
