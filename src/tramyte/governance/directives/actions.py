"""The only writers of directives: review, correction, acceptance, issuing, revoking."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, require
from tramyte.engine.actions.writing import change_many, fetch, store
from tramyte.engine.audit import chain
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right
from tramyte.governance.directives import becoming
from tramyte.governance.directives.fields import MADE, UNCLEAR, chosen, corrected, doubt_of, typed_day
from tramyte.governance.directives.learning import learn_name
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import obligations_of, unit_names, units_around
from tramyte.governance.directives.receiving import (
    INCOMING,
    WRITE,
    Duplicate,
    a_day,
    a_unit,
    incoming_fields,
    receive_directive,
    refuse_duplicate,
)
from tramyte.governance.directives.units import UnitNames, is_group, key
from tramyte.rules.text import clean, fold

__all__ = [
    "Duplicate", "accept_all", "accept_obligation", "add_obligation", "add_unit", "correct_directive", "correct_obligation",
    "drop_obligation", "give_owner", "issue_directive", "receive_directive", "relate_directive", "reopen_obligation",
    "revoke_directive", "select_text",
]

Id = uuid.UUID | str
ENDED = "Văn bản đã hết hiệu lực nên không sửa được nữa."
TYPED = {"kind": "Tên loại", "number": "Số, ký hiệu", "issuing_body": "Cơ quan ban hành", "title": "Trích yếu", "signer": "Người ký"}


@dataclass(frozen=True)
class Accepted:
    """What `accept_all` did: how many were accepted, the marks that still need a person, the accepted duties without a period."""

    accepted: int
    left: list[str]
    unclear: list[str] = field(default_factory=list)


# ---- the document


@transaction.atomic
def correct_directive(*, by: User, id: Id, seen_version: int | None = None, **fields: Any) -> Directive:
    """Change the header as read (`kind`, `number`, `dated_on`, `issuing_body`, `title`, `signer`) or the incoming fields."""
    row = fetch(Directive, id, by=by, permission=WRITE, seen_version=seen_version)
    before = row.plain()
    incoming = {name: fields.pop(name) for name in INCOMING if name in fields}
    if incoming:
        known = {name: getattr(row, name) for name in INCOMING}
        for name, value in incoming_fields(row.place, {**known, **incoming}).items():
            setattr(row, name, value)
    if "dated_on" in fields:
        row.dated = typed_day(fields.pop("dated_on"), "dated_on", "Ngày văn bản") or ""
        row.dated_on = a_day(row.dated)
    for name, value in fields.items():
        if name not in TYPED:
            raise TypeError(f"a directive has no field {name}")
        setattr(row, name, clean(str(value or "")))
    refuse_duplicate(row)
    return store(row, by=by, permission=WRITE, action="correct_directive", before=before)


@transaction.atomic
def relate_directive(*, by: User, id: Id, earlier: Id | None, relation: str = "", seen_version: int | None = None) -> Directive:
    """Note that a directive amends, replaces or revokes an earlier one (or, with earlier None, that it does not)."""
    row = fetch(Directive, id, by=by, permission=WRITE, seen_version=seen_version)
    before = row.plain()
    row.earlier = fetch(Directive, earlier, by=by, permission="directives.view") if earlier else None
    row.relation = chosen(relation, Directive.RELATIONS, "relation", "Quan hệ") if earlier else ""
    row.header = {**row.header, "related_settled": True}
    if row.earlier and row.earlier.pk == row.pk:
        raise Refused("itself", "Một văn bản không thể thay thế chính nó. Hãy chọn văn bản trước đó.", field="earlier")
    stored = store(row, by=by, permission=WRITE, action="relate_directive", before=before)
    if stored.state == Directive.ISSUED:
        _end_earlier(stored, by)
    return stored


@transaction.atomic
def issue_directive(*, by: User, id: Id, seen_version: int | None = None) -> Directive:
    """Turn the accepted obligations into tasks, duties and targets, and end the earlier directive it replaces or revokes.

    Refused while tasks, duties or targets wait for a decision; work without a unit may wait and be given later.
    """
    row = fetch(Directive, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.state != Directive.REVIEWING:
        raise Refused("state", f"Văn bản này {row.get_state_display()}, không giao việc lần nữa. Hãy mở trang văn bản để xem nhiệm vụ.")
    waiting = obligations_of(row).filter(state=Obligation.PENDING).exclude(kind=Obligation.UNASSIGNED).values_list("mark", flat=True)
    if waiting:
        raise Refused("pending", f"Còn {len(waiting)} mục chưa xem: {', '.join(waiting[:8])}. Hãy nhận hoặc bỏ từng mục rồi giao việc.")
    before = row.plain()
    row.state, row.issued_on = Directive.ISSUED, clock.today()
    stored = store(row, by=by, permission=WRITE, action="issue_directive", before=before)
    for obligation in obligations_of(row).filter(state=Obligation.ACCEPTED):
        _become(obligation, by)
    _end_earlier(stored, by)
    return stored


@transaction.atomic
def revoke_directive(*, by: User, id: Id, reason: str, on: Any = None, seen_version: int | None = None) -> Directive:
    """End a directive on a day (today when not told): its open tasks, duties and targets are closed by their topics."""
    row = fetch(Directive, id, by=by, permission=WRITE, seen_version=seen_version)
    why = clean(reason)
    if not why:
        raise Refused("reason", "Hãy ghi lý do hết hiệu lực, ví dụ số văn bản thay thế.", field="reason")
    if row.state == Directive.REVOKED:
        raise Refused("state", "Văn bản này đã hết hiệu lực từ trước.")
    before = row.plain()
    ended = a_day(typed_day(on, "on", "Hết hiệu lực từ ngày")) or clock.today()
    if ended > clock.today():
        raise Refused("future", f"Ngày {ended:%d/%m/%Y} chưa đến. Hãy ghi hết hiệu lực khi đến ngày đó; đến lúc ấy nhiệm vụ vẫn còn giá trị.", field="on")
    row.state, row.revoked_reason, row.revoked_on = Directive.REVOKED, why[:300], ended
    stored = store(row, by=by, permission=WRITE, action="revoke_directive", before=before)
    for close in becoming.revokers:
        close(stored, by)
    return stored


def _end_earlier(row: Directive, by: User) -> None:
    if row.earlier and row.relation in ("replaces", "revokes") and row.earlier.state != Directive.REVOKED:
        revoke_directive(by=by, id=row.earlier_id, reason=f"{row.get_relation_display()} bởi {row}")


def _become(obligation: Obligation, by: User) -> None:
    """Have the upper topic make what an accepted obligation asks for, and keep the link; once."""
    make = becoming.makers.get(obligation.kind)
    if make is None or obligation.became:
        return
    made = make(obligation, by)
    if made:
        before = obligation.plain()
        obligation.became = [{"model": fact._meta.label_lower, "id": str(fact.pk)} for fact in made]
        store(obligation, by=by, permission=WRITE, action="carry_out_obligation", before=before)


# ---- one obligation


def _open(id: Id, by: User, seen_version: int | None) -> tuple[Obligation, dict[str, Any]]:
    """The obligation to change with its values before; Refused when it was carried out or its directive has ended."""
    row = fetch(Obligation, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.directive.state == Directive.REVOKED:
        raise Refused("state", ENDED)
    if row.became:
        raise Refused("carried_out", f"{row.mark} đã thành việc rồi. Hãy sửa ở trang nhiệm vụ, chỉ tiêu hoặc báo cáo của nó.")
    return row, row.plain()


@transaction.atomic
def correct_obligation(*, by: User, id: Id, seen_version: int | None = None, kind: str = "", **fields: Any) -> Obligation:
    """Change an obligation's fields (see `fields.py`), or its kind, keeping the words that both kinds have."""
    row, before = _open(id, by, seen_version)
    if kind and kind != row.kind:
        _change_kind(row, chosen(kind, Obligation.KINDS, "kind", "Loại"))
    if "owners" in fields:
        fields["owners"] = _owners(row.directive, fields["owners"])
    row.fields = corrected(row.kind, row.fields, fields)
    row.text = row.fields.get("text") or row.fields.get("phrase") or row.text
    row.doubt = doubt_of(row.kind, row.fields)
    stored = store(row, by=by, permission=WRITE, action="correct_obligation", before=before)
    if "owners" in fields:
        _learn(stored, by)
        _match_again(stored, by)
    return stored


def _learn(row: Obligation, by: User) -> None:
    """Keep a printed name that a person gave to a unit as the unit's alias, so that the next document matches by itself."""
    names = unit_names(row.directive.place)
    for owner in row.fields.get("owners", []):
        unit = next((unit for unit in names.units if str(unit.pk) == owner["unit"]), None)
        if unit:
            learn_name(unit, owner["name"], names, by)


def _match_again(row: Obligation, by: User) -> None:
    """Give the other waiting tasks of the document that print the same name the unit that was chosen here."""
    chosen_here = {owner["name"]: owner["unit"] for owner in row.fields.get("owners", []) if owner["unit"]}
    waiting = obligations_of(row.directive).filter(kind=Obligation.TASK, state=Obligation.PENDING).exclude(doubt="").exclude(pk=row.pk)
    for other in waiting:
        owners = [{**owner, "unit": owner["unit"] or chosen_here.get(owner["name"])} for owner in other.fields["owners"]]
        if owners != other.fields["owners"]:
            before = other.plain()
            other.fields = {**other.fields, "owners": owners}
            other.doubt = doubt_of(other.kind, other.fields)
            store(other, by=by, permission=WRITE, action="match_unit", before=before)


def _change_kind(row: Obligation, kind: str) -> None:
    shared = {
        "text": row.text, "phrase": row.text, "owners": row.fields.get("owners"), "deadline": row.fields.get("deadline"),
        "due_on": row.fields.get("due_on") or row.fields.get("deadline"),
    }
    blank = MADE[kind]({}, UnitNames([], ""))
    row.kind, row.mark = kind, _next_mark(row.directive, kind)
    row.fields = {**blank, **{name: value for name, value in shared.items() if name in blank and value}}


def _next_mark(directive: Directive, kind: str) -> str:
    letter = Obligation.LETTERS[kind]
    used = directive.obligations.filter(mark__startswith=letter).values_list("mark", flat=True)
    return f"{letter}{max((int(mark[1:]) for mark in used), default=0) + 1}"


def _owners(directive: Directive, owners: Any) -> list[dict[str, Any]]:
    """Owners from unit ids, units, printed names, or {"name", "unit"} objects; foreign units are refused."""
    names = unit_names(directive.place)
    known = {str(unit.pk): unit for unit in names.units}
    cleaned: list[dict[str, Any]] = []
    for owner in owners or []:
        given = owner if isinstance(owner, dict) else {"unit": getattr(owner, "pk", owner)}
        wanted = str(given.get("unit") or "")
        printed = clean(str(given.get("name") or ("" if wanted in known else wanted)))[:150]
        unit = known.get(wanted) or names.match(printed)
        if not unit and not printed:
            a_unit(directive.place, wanted, "owners")
        if (unit or printed) and all(str(unit.pk if unit else None) != one["unit"] for one in cleaned):
            cleaned.append({"name": printed or str(unit), "unit": str(unit.pk) if unit else None})
    return cleaned


@transaction.atomic
def accept_obligation(*, by: User, id: Id, seen_version: int | None = None, unclear: bool = False) -> Obligation:
    """Accept an obligation as its fields now stand; in an issued directive it is carried out at once.

    A duty that does not say how often to report is refused, so that a person chooses; `unclear` takes it as it is.
    """
    row, before = _open(id, by, seen_version)
    if _unclear(row) and not unclear:
        raise Refused(
            "no_period", f"{row.mark} chưa rõ bao lâu báo cáo một lần. Hãy chọn kỳ báo cáo; chỉ báo cáo khi được yêu cầu thì chọn “đột xuất”.", field="period")
    if row.kind == Obligation.UNASSIGNED:
        raise Refused("no_unit", f"{row.mark} chưa có đơn vị. Hãy chọn đơn vị để giao, hoặc bỏ mục này.", field="owners")
    if row.kind == Obligation.TASK and not any(owner["unit"] for owner in row.fields["owners"]):
        raise Refused("no_unit", f"{row.mark} chưa chọn được đơn vị trong xã. Hãy chọn đơn vị, hoặc thêm đơn vị mới.", field="owners")
    row.state = Obligation.ACCEPTED
    stored = store(row, by=by, permission=WRITE, action="accept_obligation", before=before)
    if stored.directive.state == Directive.ISSUED:
        _become(stored, by)
    return stored


@transaction.atomic
def drop_obligation(*, by: User, id: Id, seen_version: int | None = None) -> Obligation:
    """Leave an obligation out: it is no work for this commune, or was read wrongly."""
    row, before = _open(id, by, seen_version)
    row.state = Obligation.DROPPED
    return store(row, by=by, permission=WRITE, action="drop_obligation", before=before)


@transaction.atomic
def reopen_obligation(*, by: User, id: Id, seen_version: int | None = None) -> Obligation:
    """Take an acceptance or a drop back, while nothing was made of it."""
    row, before = _open(id, by, seen_version)
    row.state = Obligation.PENDING
    return store(row, by=by, permission=WRITE, action="reopen_obligation", before=before)


@transaction.atomic
def give_owner(*, by: User, id: Id, unit: Any, due_on: Any = None, seen_version: int | None = None) -> Obligation:
    """Make a task of work that the document gives to nobody: its unit, with a deadline if wanted, and accept it."""
    row, _ = _open(id, by, seen_version)
    owner = a_unit(row.directive.place, unit, "unit")
    if owner is None:
        raise Refused("no_unit", "Hãy chọn đơn vị được giao.", field="unit")
    given = {"due_on": due_on} if due_on else {}
    correct_obligation(by=by, id=row.pk, kind=Obligation.TASK, owners=[owner], **given)
    return accept_obligation(by=by, id=row.pk)


@transaction.atomic
def add_obligation(*, by: User, directive: Id, kind: str, start: int | None = None, end: int | None = None, text: str = "") -> Obligation:
    """Add what the machine did not see: by selected characters of the text, or by typed words."""
    owner = fetch(Directive, directive, by=by, permission=WRITE)
    if owner.state == Directive.REVOKED:
        raise Refused("state", "Văn bản đã hết hiệu lực nên không thêm được nữa.")
    chosen(kind, Obligation.KINDS, "kind", "Loại")
    first, last, words = _selected(owner, start, end, text)
    item = {"text": words, "phrase": words}
    fields = MADE[kind](item, unit_names(owner.place))
    row = Obligation(
        directive=owner, kind=kind, mark=_next_mark(owner, kind), order=_order_at(owner, first), start=first, end=last, text=words,
        found={}, fields=fields, doubt=doubt_of(kind, fields),
    )
    return store(row, by=by, permission=WRITE, action="add_obligation")


@transaction.atomic
def select_text(*, by: User, id: Id, start: int | None = None, end: int | None = None, text: str = "", seen_version: int | None = None) -> Obligation:
    """Choose the words of an obligation again: by selected characters of the text, or by words that stand in it."""
    row, before = _open(id, by, seen_version)
    row.start, row.end, row.text = _selected(row.directive, start, end, text)
    row.fields = {**row.fields, ("text" if "text" in row.fields else "phrase"): row.text}
    return store(row, by=by, permission=WRITE, action="select_text", before=before)


def _selected(directive: Directive, start: int | None, end: int | None, text: str) -> tuple[int | None, int | None, str]:
    if start is None or end is None:
        words = clean(text)
        if not words:
            raise Refused("no_text", "Hãy bôi đen chữ trong văn bản, hoặc gõ nội dung của mục.", field="text")
        at = directive.text.find(words)
        return (at, at + len(words), words) if at >= 0 else (None, None, words[:5000])
    first, last = sorted((start, end))
    if not 0 <= first < last <= len(directive.text) or last - first > 5000:
        raise Refused("bad_span", "Đoạn chữ đã chọn nằm ngoài văn bản hoặc quá dài (tối đa 5.000 ký tự). Hãy chọn lại.", field="text")
    words = clean(directive.text[first:last])
    if not words:
        raise Refused("no_text", "Đoạn đã chọn không có chữ. Hãy chọn lại.", field="text")
    return first, last, words


def _order_at(directive: Directive, start: int | None) -> int:
    rows = obligations_of(directive)
    before = rows.filter(start__lte=start) if start is not None else rows
    last = before.order_by("-order").values_list("order", flat=True).first() or 0
    return last + 1


@transaction.atomic
def accept_all(*, by: User, id: Id, add_units: bool = False) -> Accepted:
    """Accept every waiting task, duty and target; with `add_units` unknown single units are added to the commune's list.

    Tasks whose unit is unknown stay waiting and are named in the answer; so are the duties whose period is still to be chosen.
    """
    directive = fetch(Directive, id, by=by, permission=WRITE)
    ready, left = [], []
    for row in obligations_of(directive).select_for_update().filter(state=Obligation.PENDING).exclude(kind=Obligation.UNASSIGNED):
        if add_units and row.kind == Obligation.TASK and _add_missing_units(row, by):
            row.refresh_from_db()
        unowned = row.kind == Obligation.TASK and not any(owner["unit"] for owner in row.fields["owners"])
        (left if unowned else ready).append(row)
    _accept_many(directive, ready, by)
    return Accepted(len(ready), [row.mark for row in left], [row.mark for row in ready if _unclear(row)])


def _accept_many(directive: Directive, rows: list[Obligation], by: User) -> None:
    if rows and directive.state == Directive.REVOKED:
        raise Refused("state", ENDED)
    changes = [(row, row.plain()) for row in rows]
    for row in rows:
        row.directive, row.state = directive, Obligation.ACCEPTED
    change_many(changes, ("state",), by=by, permission=WRITE, action="accept_obligation")
    for row in rows if directive.state == Directive.ISSUED else ():
        _become(row, by)


def _unclear(row: Obligation) -> bool:
    return row.kind == Obligation.DUTY and row.fields["period"] in UNCLEAR and not row.fields["due_on"]


def _add_missing_units(row: Obligation, by: User) -> bool:
    missing = [owner["name"] for owner in row.fields["owners"] if not owner["unit"] and not is_group(owner["name"])]
    for name in missing:
        add_unit(by=by, name=name, place=row.directive.place)
    if missing:
        correct_obligation(by=by, id=row.pk, owners=[{"name": owner["name"]} for owner in row.fields["owners"]])
    return bool(missing)


# ---- units


@transaction.atomic
def add_unit(*, by: User, name: str, place: Place) -> OrgUnit:
    """A new unit of the commune, by the name a document prints; the unit that already has this name is answered instead."""
    require(by, WRITE)
    commune = commune_of(place)
    if commune.pk not in places(by, WRITE):
        raise no_right()
    printed = clean(name)[:150]
    if not fold(printed):
        raise Refused("empty", "Hãy ghi tên đơn vị.", field="name")
    units = units_around(commune)
    known = next((unit for unit in units if key(unit.name, str(commune)) == key(printed, str(commune))), None)
    if known:
        return known
    codes = {unit.code for unit in OrgUnit.objects.filter(place=commune)}
    base = fold(printed).replace(" ", "-")[:26]
    code = next(code for n in range(1, 1000) if (code := base if n == 1 else f"{base}-{n}") not in codes)
    unit = OrgUnit.objects.create(place=commune, code=code, name=printed[:1].upper() + printed[1:], valid_from=clock.today())
    chain.record(by=by, action="add_unit", row=unit, after=unit.plain())
    return unit
