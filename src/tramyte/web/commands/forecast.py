"""`tramyte forecast IN.jsonl OUT.jsonl [--schedule FILE]`: doses judged and the next ones forecast, without a database."""

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tramyte.engine.refused import Refused
from tramyte.rules.forecast import (
    BadParameter,
    BadSchedule,
    Child,
    DoseVerdict,
    Event,
    Given,
    GroupForecast,
    Plan,
    Schedule,
    cdsi_rules,
    forecast,
    read_schedule,
    vietnam,
)
from tramyte.web.commands.tables import read_json_lines, read_text, tell, write_whole

Json = Mapping[str, Any]
_CVX = re.compile(r"\d{1,3}")
_encode = json.JSONEncoder(ensure_ascii=False).encode
_KINDS = ("refused", "deferred", "contraindicated", "pregnancy")
HANOI = timezone(timedelta(hours=7))
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


class _BadCase(ValueError):
    """A case that cannot be judged; the text is the reason, in Vietnamese."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `tramyte forecast`."""
    parser.add_argument("input", metavar="IN.jsonl", type=Path, help="mỗi dòng một trường hợp (JSON)")
    parser.add_argument("output", metavar="OUT.jsonl", type=Path)
    parser.add_argument("--schedule", metavar="FILE", type=Path, help="lịch dạng JSON {nhóm: [phác đồ]}; không có thì dùng lịch Việt Nam")


def run(options: argparse.Namespace) -> int:
    """Write an answer for each case that can be judged; 1 when a line was refused."""
    complaints: list[str] = []
    schedule = _read_schedule(options.schedule) if options.schedule else None
    answers, seen = [], 0
    for line, case in read_json_lines(options.input, complaints):
        seen += 1
        try:
            answers.append(_answer(case, schedule))
        except (_BadCase, BadParameter, BadSchedule) as error:
            complaints.append(f"{options.input}, dòng {line}: {error}.")
    if not seen and not complaints:
        raise Refused("file_empty", f"Tệp {options.input} trống. Mỗi dòng phải là một trường hợp dạng JSON.")
    # a lone surrogate in a name goes out as the escape it came in as
    write_whole(options.output, "".join(answers).encode("utf-8", errors="backslashreplace"))
    return tell(complaints)


def _read_schedule(path: Path) -> Schedule:
    try:
        return read_schedule(json.loads(read_text(path)), name=path.stem, rules=cdsi_rules())
    except BadSchedule as error:
        raise Refused("bad_schedule", f"Tệp lịch {path}: {error}. Hãy kiểm tra lại tệp lịch.") from error
    except (ValueError, RecursionError) as error:
        raise Refused("bad_schedule", f"Tệp lịch {path} không phải JSON ({getattr(error, 'msg', 'lồng quá sâu')}). Hãy kiểm tra lại tệp lịch.") from error


def _answer(case: Json, given: Schedule | None) -> str:
    """The line of the answer. Raises _BadCase."""
    if case.get("id") in (None, ""):
        raise _BadCase("thiếu id")
    as_of = _day(case, "assessment_date", _EARLIEST, _LATEST)
    if given and case.get("parameters"):
        raise _BadCase("parameters chỉ dùng với lịch Việt Nam; hãy bỏ --schedule hoặc bỏ parameters")
    schedule = given or vietnam(as_of, _part(case, "parameters", dict))
    group, series = _wanted(case, schedule, own=given is None)
    plan = forecast(_child(case, schedule, as_of, own=given is None), schedule, as_of, group=group if given else "", series=series)
    found: dict[str, Any] = {"id": case["id"], "doses": [_dose_out(dose, own=given is None) for dose in plan.doses]}
    if group:
        found["forecast"] = _forecast_out(next((one for one in plan.groups if one.group == group), None))
    if not group or not given:
        found["forecasts"] = list(_forecasts_out(plan))
    return _encode(found) + "\n"


def _wanted(case: Json, schedule: Schedule, *, own: bool) -> tuple[str, str]:
    """The group and the series that the case asks for, "" for none."""
    group, series = str(case.get("group") or ""), "" if own else str(case.get("series") or "")
    if group:
        group = _group(group, schedule)
    if series and not group:
        raise _BadCase("có series thì phải có group")
    if series and all(series != one.name for one in schedule.groups[group].series):
        raise _BadCase(f"nhóm {group} không có phác đồ {series}")
    return group, series


def _group(word: str, schedule: Schedule) -> str:
    """The code of a group that is named by its code, or by an antigen, a product or a dose of it."""
    for code in schedule.groups:
        if word.upper() == code.upper():
            return code
    for code, group in schedule.groups.items():
        doses = [name for series in group.series for dose in series.doses for name in (dose.code, dose.product)]
        if word.upper() in {name.upper() for name in (*group.antigens, *doses)}:
            return code
    raise _BadCase(f"lịch không có nhóm {word}; có: {', '.join(schedule.groups)}")


def _child(case: Json, schedule: Schedule, as_of: date, *, own: bool) -> Child:
    born = _day(case, "dob", _EARLIEST, as_of)
    if as_of.year - born.year > 130:
        raise _BadCase(f"dob {born:%d/%m/%Y} cách ngày đánh giá hơn 130 năm")
    sex = str(case.get("sex") or "").upper()
    if sex not in ("", "M", "F"):
        raise _BadCase(f"sex phải là M hoặc F, không phải {case['sex']}")
    born_at = _moment(case, "born_at")
    if born_at and born_at.date() != born:
        raise _BadCase(f"born_at {case['born_at']} không cùng ngày với dob {case['dob']}")
    doses = [_dose(one, n, schedule, born, as_of, own=own) for n, one in enumerate(_objects(case, "doses"), 1)]
    _refuse_before_birth(doses, born_at)
    events = [_event(one, n, schedule, born, as_of) for n, one in enumerate(_objects(case, "events"), 1)]
    activated = frozenset(_group(str(one), schedule) for one in _part(case, "activated", list) or ())
    return Child(born, sex, doses, born_at, events, activated)


def _refuse_before_birth(doses: list[Given], born_at: datetime | None) -> None:
    for number, dose in enumerate(doses, 1):
        if born_at and dose.at and (born_at.tzinfo is None) == (dose.at.tzinfo is None) and dose.at < born_at:
            raise _BadCase(f"mũi thứ {number}: giờ tiêm {dose.at:%H:%M} trước giờ sinh {born_at:%H:%M}")


def _dose(data: Json, number: int, schedule: Schedule, born: date, as_of: date, *, own: bool) -> Given:
    where = f"mũi thứ {number}: "
    at = _moment(data, "at", where)
    if "date" not in data and at:
        data = {**data, "date": at.date().isoformat()}
    day = _day(data, "date", born, as_of, where)
    if at and at.date() != day:
        raise _BadCase(f"{where}at {data['at']} không cùng ngày với date {data['date']}")
    product = str(data.get("product" if own else "cvx") or "").strip()
    if own and product.upper() not in schedule.products:
        raise _BadCase(f"{where}lịch không có vắc xin {product or '(trống)'}; có: {', '.join(schedule.products)}")
    if not own and not _CVX.fullmatch(product):
        raise _BadCase(f"{where}mã cvx phải là 1 đến 3 chữ số, không phải {product or '(trống)'}")
    elsewhere = bool(data.get("elsewhere")) or data.get("programme") == "service"
    return Given(day, product.upper() if own else product.zfill(2), at, elsewhere)


def _event(data: Json, number: int, schedule: Schedule, born: date, as_of: date) -> Event:
    """An event; without a date a pregnancy is of the day of assessment, a contraindication from birth on."""
    where = f"sự kiện thứ {number}: "
    kind = str(data.get("kind") or "")
    if kind not in _KINDS:
        raise _BadCase(f"{where}kind phải là một trong {', '.join(_KINDS)}")
    history = str(data.get("history") or "").upper()
    if history not in ("", "A", "B", "C"):
        raise _BadCase(f"{where}history phải là A, B hoặc C")
    unsaid = {"pregnancy": as_of, "contraindicated": born}.get(kind)
    day = unsaid if unsaid and not data.get("date") else _day(data, "date", _EARLIEST, _LATEST, where)
    until, due_on = (_day(data, name, day, _LATEST, where) if data.get(name) else None for name in ("until", "due_on"))
    about = str(data.get("product") or data.get("group") or "")
    if about and about.upper() not in schedule.products and about not in schedule.takers:
        _group(about, schedule)
    return Event(kind, day, about if about in schedule.groups else about.upper(), until, history, due_on)


def _day(data: Json, name: str, first: date, last: date, where: str = "") -> date:
    text = data.get(name)
    if text in (None, ""):
        raise _BadCase(f"{where}thiếu {name}")
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:
            raise ValueError
    except (ValueError, TypeError):
        raise _BadCase(f"{where}{name} {text} không phải ngày có thật dạng 2026-06-03") from None
    if day < first:
        raise _BadCase(f"{where}{name} {day:%d/%m/%Y} trước {'ngày sinh ' if name == 'date' and first > _EARLIEST else ''}{first:%d/%m/%Y}")
    if day > last:
        raise _BadCase(f"{where}{name} {day:%d/%m/%Y} sau {'ngày đánh giá ' if last < _LATEST else ''}{last:%d/%m/%Y}")
    return day


def _moment(data: Json, name: str, where: str = "") -> datetime | None:
    """A moment as the clock on the wall shows it; one without a zone is taken as it stands."""
    text = data.get(name)
    if text in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(HANOI) if moment.tzinfo else moment
    except (ValueError, TypeError, OverflowError):
        raise _BadCase(f"{where}{name} {text} không phải thời điểm dạng 2026-06-03T14:30") from None


def _part(data: Json, name: str, kind: type) -> Any:
    found = data.get(name)
    if found is not None and not isinstance(found, kind):
        raise _BadCase(f"{name} phải là {'danh sách' if kind is list else 'đối tượng'}")
    return found


def _objects(data: Json, name: str) -> Iterator[Json]:
    for number, one in enumerate(_part(data, name, list) or (), 1):
        if not isinstance(one, dict):
            raise _BadCase(f"{name}, mục thứ {number}: phải là một đối tượng")
        yield one


def _dose_out(dose: DoseVerdict, *, own: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "date": dose.given.day.isoformat(), "product" if own else "cvx": dose.given.product,
        "status": dose.status, "reason": dose.reason or None, "reason_vi": dose.sentence or None,
    }
    if own:
        found["groups"] = [
            {"group": one.group, "dose": one.rule.code if one.rule else None, "status": one.status, "reason": one.reason or None}
            for one in dose.groups
        ]
    return found


def _forecast_out(one: GroupForecast | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "series_status": one.state, "forecast_dose": str(one.number) if one.earliest else "-",
        "earliest": _iso(one.earliest), "recommended": _iso(one.recommended), "past_due": _iso(one.past_due), "series": one.series,
    }


def _forecasts_out(plan: Plan) -> Iterator[dict[str, Any]]:
    for one in plan.groups:
        rule = one.rule
        yield {
            "group": one.group, "name": one.name, "antigens": one.antigens, "status": one.status, **(_forecast_out(one) or {}),
            "target_before": _iso(one.target_before), "dose": rule.code if rule else None, "dose_label": rule.label if rule else None, "product": rule.product if rule else None,
            "reason": one.reason, "reason_vi": one.sentence, "source": rule.source if rule else None, "verified": rule.verified if rule else None,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
