"""The Vietnamese schedule as shipped (data/vietnam.json): the version in force on a day, with a station's parameters."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tramyte.rules.forecast.durations import read_duration
from tramyte.rules.forecast.model import Schedule
from tramyte.rules.forecast.reading import BadSchedule, read_schedule


class BadParameter(ValueError):
    """A parameter that the schedule does not have or a value that is out of range; the text is a Vietnamese sentence."""


@lru_cache(maxsize=1)
def _shipped() -> Any:
    return json.loads((files(__package__) / "data" / "vietnam.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def cdsi_rules() -> Any:
    """What CDC's schedule says beyond its ages and intervals: the `rules` for `read_schedule`."""
    return json.loads((files(__package__) / "data" / "cdsi_rules.json").read_text(encoding="utf-8"))


def default_parameters() -> dict[str, Any]:
    """The parameters of the Vietnamese schedule and their values when nothing is said.

    grace_days: 0 to 30, taken off minimum ages and intervals when judging doses (never off the distance of live
    vaccines). month_interval: "28_days" or "calendar", for intervals that the text gives as one month.
    live_interval_days: 0 to 90. birth_dose_hours: 1 to 168. overdue_after: a duration after the recommended day, for doses
    whose text states no latest day. max_ages: code of a dose -> age from which it is not given ("24 weeks").
    """
    return dict(_shipped()["parameters"])


def versions() -> list[dict[str, Any]]:
    """The versions in order: version, valid_from, valid_to (ISO days, None: open), source, verified."""
    return [dict(version) for version in _shipped()["versions"]]


def vietnam(as_of: date, parameters: Mapping[str, Any] | None = None) -> Schedule:
    """The Vietnamese schedule in force on a day. Raises BadParameter, and BadSchedule for a day before the first version."""
    day = as_of.isoformat()
    for version in reversed(_shipped()["versions"]):
        if version["valid_from"] <= day:
            return _built(version["version"], json.dumps(parameters, sort_keys=True) if parameters else "{}")
    first = date.fromisoformat(_shipped()["versions"][0]["valid_from"])
    raise BadSchedule(f"chưa có lịch tiêm chủng cho ngày {as_of:%d/%m/%Y}; lịch sớm nhất có từ {first:%d/%m/%Y}")


@lru_cache(maxsize=256)
def _built(version: str, parameters: str) -> Schedule:
    shipped = _shipped()
    head = next(one for one in shipped["versions"] if one["version"] == version)
    chosen = {**shipped["parameters"], **_checked(json.loads(parameters), shipped["parameters"])}
    groups = {code: _set_group(group, chosen) for code, group in shipped["groups"].items()}
    known = {dose["code"] for group in groups.values() for series in group["series"] for dose in series["doses"]}
    if unknown := sorted(set(chosen["max_ages"]) - known):
        raise BadParameter(f"tham số max_ages: lịch không có mũi {', '.join(unknown)}")
    live = {**shipped["live"], "interval": f"{chosen['live_interval_days']} days"}
    return read_schedule({**head, "products": shipped["products"], "live": live, "groups": groups})


def _set_group(group: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    series = [{**one, "doses": [_set_dose(dose, chosen) for dose in one["doses"]]} for one in group["series"]]
    return {**group, "series": series}


def _set_dose(dose: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    grace = f" - {chosen['grace_days']} days" if chosen["grace_days"] else ""
    intervals = []
    for interval in dose.get("intervals", ()):
        length = interval["calendar"] if "calendar" in interval and chosen["month_interval"] == "calendar" else interval["min"]
        intervals.append({**interval, "min": length, "abs_min": length + grace})
    found = {**dose, "intervals": intervals, "max_age": chosen["max_ages"].get(dose["code"], dose.get("max_age"))}
    if "min_age" in dose:
        found["abs_min_age"] = dose["min_age"] if dose["min_age"] == "0 days" else dose["min_age"] + grace
    if "hours" in dose:
        found["hours"] = chosen["birth_dose_hours"]
    found["overdue_after"] = chosen["overdue_after"]
    return found


_RANGES = {"grace_days": (0, 30), "live_interval_days": (0, 90), "birth_dose_hours": (1, 168)}


def _checked(given: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    for name, value in given.items():
        if name not in known:
            raise BadParameter(f"không có tham số {name}; có: {', '.join(sorted(known))}")
        if name in _RANGES:
            low, high = _RANGES[name]
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise BadParameter(f"tham số {name} phải là số nguyên từ {low} đến {high}, không phải {value}")
    if given.get("month_interval", "calendar") not in ("28_days", "calendar"):
        raise BadParameter("tham số month_interval phải là 28_days hoặc calendar")
    ages = given.get("max_ages", {})
    if not isinstance(ages, Mapping):
        raise BadParameter('tham số max_ages phải là đối tượng {"ROTA1": "20 weeks"}')
    for age in [*ages.values(), given.get("overdue_after", "1 month")]:
        try:
            read_duration(age)
        except (ValueError, AttributeError) as error:
            raise BadParameter(f"tham số tuổi hay khoảng cách sai: {age}. Ví dụ đúng: 20 weeks") from error
    return given
