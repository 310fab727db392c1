"""Where the upper topics say what becomes of an accepted obligation.

Directives know neither tasks, targets nor reports (imports run reports -> targets -> tasks -> directives), so those
register here, from `AppConfig.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tramyte.engine.actions.models import Fact

if TYPE_CHECKING:
    from tramyte.engine.access.models import User
    from tramyte.governance.directives.models import Directive, Obligation

Make = Callable[["Obligation", "User"], Sequence[Fact]]
Revoked = Callable[["Directive", "User"], None]
PanelRows = Callable[["Directive", "User"], dict[str, Any]]


@dataclass(frozen=True)
class Panel:
    """A part of the document page: its template and the function that answers the template's variables."""

    order: int
    template: str
    context: PanelRows


@dataclass(frozen=True)
class Binding:
    """How targets are tied to indicators, as the targets topic knows it.

    choices: (code, title) pairs to choose from.  suggest: the code that fits a target's fields best, or "".
    facts: a sentence about the present value for chosen fields ("Hiện đạt 92,4 % (158/171), còn thiếu 5."), or "".
    """

    choices: Callable[["Directive"], list[tuple[str, str]]]
    suggest: Callable[[dict[str, Any]], str]
    facts: Callable[["Directive", dict[str, Any]], str]


makers: dict[str, Make] = {}
revokers: list[Revoked] = []
panels: list[Panel] = []
bindings: list[Binding] = []


def on_accept(kind: str, make: Make) -> None:
    """Register what is made of an accepted obligation of a kind ("task", "duty", "target") when its directive is issued.

    `make(obligation, by)` runs inside the transaction of the issuing action and answers the stored facts.
    """
    makers[kind] = make


def on_revoke(close: Revoked) -> None:
    """Register what must happen when a directive is no longer in force: `close(directive, by)`, in the same transaction."""
    if close not in revokers:
        revokers.append(close)


def on_show(order: int, template: str, context: PanelRows) -> None:
    """Register a panel of the document page; `context(directive, user)` answers the template's variables."""
    if all(panel.template != template for panel in panels):
        panels.append(Panel(order, template, context))
        panels.sort(key=lambda panel: panel.order)


def bind_targets(binding: Binding) -> None:
    """Register how targets are tied to indicators; a later call replaces the earlier."""
    bindings[:] = [binding]


def indicator_choices(directive: "Directive") -> list[tuple[str, str]]:
    """The indicators a target may be tied to; empty when the targets topic is absent."""
    return bindings[0].choices(directive) if bindings else []


def suggested_indicator(fields: dict[str, Any]) -> str:
    """The code of the indicator that fits a target best, or an empty string."""
    return bindings[0].suggest(fields) if bindings else ""


def indicator_facts(directive: "Directive", fields: dict[str, Any]) -> str:
    """What is known today about the indicator of a target, as one sentence, or an empty string."""
    return bindings[0].facts(directive, fields) if bindings and fields.get("indicator") else ""
