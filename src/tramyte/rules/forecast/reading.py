"""Schedules from JSON: antigen group -> series -> doses, with or without a head (version, validity, source)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from tramyte.rules.forecast.durations import read_duration
from tramyte.rules.forecast.model import (
    FOUR_WEEKS,
    Condition,
    DoseRule,
    Group,
    Interval,
    Live,
    Schedule,
    Series,
    Skip,
)
from tramyte.rules.forecast.rows import is_rows, series_of_rows

Json = Mapping[str, Any]
T = TypeVar("T")


class BadSchedule(ValueError):
    """A file that is no schedule; the text is a Vietnamese sentence that says where."""


def read_schedule(data: object, *, name: str = "", rules: Json | None = None) -> Schedule:
    """A schedule from parsed JSON.

    data: {group: [series]}, {group: {sheet: rows}} (the tabular form of a CDSi workbook), or an object with `groups` and a
    head (version, valid_from, valid_to, source, products, live). rules: what the file itself does not say: skips by
    series and dose, products given by mistake, live products (see data/cdsi_rules.json).
    Raises BadSchedule.
    """
    if not isinstance(data, Mapping) or not data:
        raise BadSchedule("không phải một lịch tiêm chủng: phải là đối tượng JSON {nhóm: [phác đồ, ...]}")
    groups = data.get("groups", data)
    head = data if "groups" in data else {}
    extra = rules or {}
    if not isinstance(groups, Mapping) or not groups:
        raise BadSchedule("không có nhóm vắc xin nào")
    found = {str(code): _at(f"nhóm {code}", _group, str(code), group, extra) for code, group in groups.items()}
    return _at("phần đầu của lịch", _head, head, name, found, extra)


def _head(head: Json, name: str, found: dict[str, Group], extra: Json) -> Schedule:
    return Schedule(
        version=str(head.get("version", name)), source=str(head.get("source", name)), groups=found,
        valid_from=_day(head.get("valid_from")), valid_to=_day(head.get("valid_to")),
        products=dict(head.get("products", {})), live=_live(head.get("live", extra.get("live"))),
        other_antigens=frozenset(extra.get("other_antigens", ())), takers=_takers(found),
        windowed=frozenset(product for group in found.values() for product in group.counts),
    )


def _takers(groups: Mapping[str, Group]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, group in groups.items():
        for product in group.products:
            found[product] = (*found.get(product, ()), code)
    return found


def _group(code: str, data: Any, extra: Json) -> Group:
    if isinstance(data, Mapping) and is_rows(data):
        data = {"series": series_of_rows(data)}
    if isinstance(data, list):
        data = {"series": data}
    if not isinstance(data, Mapping) or not isinstance(data.get("series"), list):
        raise BadSchedule(f"nhóm {code}: phải là danh sách các phác đồ")
    counts = {
        product: (read_duration(window.get("from")), read_duration(window.get("before")))
        for product, window in data.get("counts", {}).items()
    }
    series = tuple(_at(f"nhóm {code}, phác đồ thứ {n}", _series, one, extra) for n, one in enumerate(data["series"], 1))
    return Group(
        code, str(data.get("name", code)), series, tuple(data.get("antigens", ())), needs=str(data.get("needs", "")),
        counts=counts, branched=any(one.branch for one in series), history=str(data.get("history", "")),
        asked_before=read_duration(data.get("asked_before")),
    )


def _at(where: str, read: Callable[..., T], *given: Any) -> T:
    """Read a part; a fault becomes a sentence that says where."""
    try:
        return read(*given)
    except BadSchedule:
        raise
    except (LookupError, AttributeError, TypeError, ValueError) as error:
        reason = f"thiếu {error}" if isinstance(error, KeyError) else "một dòng thiếu ô" if isinstance(error, IndexError) else str(error)
        raise BadSchedule(f"{where}: {reason}") from error


def _series(data: Any, extra: Json) -> Series:
    name = str(data["name"])
    own = _shaped(extra.get("series", {}).get(name, {}), extra.get("shapes", {}))
    doses = tuple(_at(f"phác đồ “{name}”, mũi thứ {n}", _dose, n, one, own) for n, one in enumerate(data["doses"], 1))
    if not doses:
        raise BadSchedule(f"phác đồ “{name}” không có mũi nào")
    return Series(
        name, doses, standard=data.get("type", "Standard") == "Standard" and not own.get("asked_only"), default=bool(data.get("default")),
        sexes=_sexes(data.get("gender") or ()), min_start=read_duration(data.get("min_age_to_start")),
        max_start=read_duration(data.get("max_age_to_start")), branch=str(data.get("branch", "")),
    )


def _shaped(part: Json, shapes: Json) -> dict[str, Any]:
    """A part of the rules with the shape it is `like` filled in below its own values, at every depth."""
    shape = _shaped(shapes[part["like"]], shapes) if "like" in part else {}
    found: dict[str, Any] = dict(shape)
    for key, value in part.items():
        if isinstance(value, Mapping):
            below = found.get(key, {})
            found[key] = {**below, **_shaped(value, shapes)}
        elif key != "like":
            found[key] = value
    return found


def _sexes(words: Any) -> frozenset[str]:
    """M, F and "" (not known) from the words of the file."""
    known = {"male": "M", "female": "F", "unknown": ""}
    return frozenset(known[word.lower()] for word in _list(words) if word.lower() in known)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"“{value}” phải là danh sách")
    return list(value)


def _number(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"“{value}” phải là số nguyên")
    return value


def _dose(number: int, data: Any, own: Json) -> DoseRule:
    extra = {**own.get("all", {}), **own.get("doses", {}).get(str(number), {})}
    data = {**data, **extra.get("set", {})}
    stated, before = data.get("conditional_skip"), extra.get("before", {})
    skips = stated if isinstance(stated, list) else extra.get("skips", ())
    codes = [str(code) for code in _list(data["cvx"])] + list(extra.get("also", ()))
    return DoseRule(
        number=number, code=str(data.get("code", "")), label=str(data.get("label", data.get("dose", number))),
        products=frozenset(codes), product=str(data.get("product", "")),
        floor_age=read_duration(data.get("abs_min_age")), former_floor=read_duration(before.get("abs_min_age")),
        former_until=_day(before.get("day")), min_age=read_duration(data.get("min_age")),
        rec_earliest=read_duration(data.get("rec_age_earliest")), rec_latest=read_duration(data.get("rec_age_latest")),
        rec_after=read_duration(data.get("overdue_after")), max_age=read_duration(data.get("max_age")),
        target_before=read_duration(data.get("target_before")),
        intervals=tuple(_interval(one, extra) for one in data.get("intervals", ())),
        skips=tuple(_skip(one) for one in skips),
        inadvertent=tuple(
            (frozenset(one["products"]), read_duration(one.get("from")), read_duration(one.get("before")))
            for one in extra.get("inadvertent", ())
        ),
        recurring=bool(data.get("recurring")), done_by=frozenset(extra.get("done_by", ())), hours=_number(data.get("hours")),
        source=str(data.get("source", "")), verified=bool(data.get("verified")),
    )


def _interval(data: Json, extra: Json) -> Interval:
    """An interval; one that runs from an observation about the patient (from nothing here) never binds."""
    stated = data.get("abs_min")
    dated = extra.get("dated", {}).get(stated, {})
    return Interval(
        from_previous=data.get("from_previous") == "Y",
        from_dose=int(data["from_dose"]) if data.get("from_dose") else None,
        from_recent=frozenset(str(data.get("from_recent") or "").replace(";", " ").split()),
        floor=read_duration(extra.get("floors", {}).get(stated, stated)), least=read_duration(data.get("min")),
        rec_earliest=read_duration(data.get("rec_earliest")), rec_latest=read_duration(data.get("rec_latest")),
        first=_day(dated.get("first")), last=_day(dated.get("last")),
        next_pregnancy=bool(data.get("next_pregnancy")),
    )


def _skip(data: Json) -> Skip:
    when = data.get("when", "both")
    return Skip(tuple(_condition(one) for one in data["all"]), when != "forecast", when != "evaluation")


def _condition(data: Json) -> Condition:
    return Condition(
        age_from=read_duration(data.get("age_from")), age_before=read_duration(data.get("age_before")),
        since_previous=read_duration(data.get("since_previous")),
        more_than=_number(data.get("more_than")), fewer_than=_number(data.get("fewer_than")),
        counted_from=read_duration(data.get("counted_from")), counted_before=read_duration(data.get("counted_before")),
        products=frozenset(data.get("products", ())), valid_only=bool(data.get("valid_only", True)),
    )


def _live(data: Json | None) -> Live:
    if not data:
        return Live()
    floor = read_duration(data.get("interval")) or FOUR_WEEKS
    return Live(frozenset(data.get("products", ())), frozenset(data.get("repeats", ())), floor)


def _day(text: str | None) -> date | None:
    return _at(f"ngày “{text}”", date.fromisoformat, text) if text else None
