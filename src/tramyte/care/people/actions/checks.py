"""What is checked before a fact about a person is stored; each refusal names its field."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from tramyte.care.people.models import Household, Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.writing import fetch
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.identity import check_birth_date, check_name, check_phone
from tramyte.rules.text import clean

WRITE = "people.write"
T = TypeVar("T")


def checked(field: str, check: Callable[..., T], *values: Any) -> T:
    """The value a rule answers; its ValueError becomes the refusal of this field."""
    try:
        return check(*values)
    except ValueError as error:
        raise Refused("invalid", str(error), field=field) from error


def person_fields(given: dict[str, Any]) -> dict[str, Any]:
    """The own fields of a person, cleaned and checked; fields that are absent stay absent."""
    fields = {name: clean(value) if isinstance(value, str) else value for name, value in given.items()}
    if "full_name" in fields:
        fields["full_name"] = checked("full_name", check_name, given["full_name"])
    if "birth_date" in fields:
        fields["birth_date"] = checked("birth_date", check_birth_date, a_day(fields["birth_date"], "birth_date", "Ngày sinh"), clock.today())
    if fields.get("phone"):
        fields["phone"] = checked("phone", check_phone, fields["phone"])
    if "hamlet" in fields:
        check_hamlet(fields["hamlet"])
    if "ethnicity" in fields:
        fields["ethnicity"] = fields["ethnicity"] or ""
    return fields


def a_day(value: Any, field: str, label: str) -> datetime.date:
    """The value when it is a calendar day; else Refused."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise Refused("invalid", f"{label} để trống. Hãy nhập ngày/tháng/năm, ví dụ 05/03/2026.", field=field)


def not_later_than_today(day: datetime.date, field: str, label: str) -> None:
    """Refuse a day that has not come."""
    if day > clock.today():
        raise Refused("future", f"{label} {day:%d/%m/%Y} ở tương lai (hôm nay {clock.today():%d/%m/%Y}). Hãy kiểm tra lại.", field=field)


def in_order(start: datetime.date, end: datetime.date | None, field: str = "end") -> None:
    """Refuse a period that ends before it begins."""
    if end is not None and end < start:
        raise Refused("end_before_start", f"Ngày cuối {end:%d/%m/%Y} đứng trước ngày đầu {start:%d/%m/%Y}. Hãy đổi lại một trong hai ngày.", field=field)


def check_hamlet(place: Place | None) -> Place:
    """The place when it is a hamlet: people and households live in hamlets."""
    if place is None or place.kind != Place.HAMLET:
        raise Refused("not_hamlet", "Nơi ở phải là một thôn, ấp hoặc tổ dân phố. Hãy chọn thôn trong danh sách.", field="hamlet")
    return place


def a_person(person: Person | uuid.UUID | str, by: User) -> Person:
    """The person, fetched anew and locked, within the user's rights."""
    return fetch(Person, person.pk if isinstance(person, Person) else person, by=by, permission=WRITE)


def a_household(household: Household | uuid.UUID | str, by: User) -> Household:
    """The household, within the user's rights."""
    found = visible(by, Household.objects.filter(entered_in_error=False), WRITE).filter(pk=household.pk if isinstance(household, Household) else household).first()
    if found is None:
        raise not_found("hộ gia đình")
    return found
