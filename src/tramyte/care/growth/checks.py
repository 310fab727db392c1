"""What is asked before a measurement is written: what cannot be is refused, what is odd is asked again."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.scoring import SEXES, Scored, score_all, settle_position
from tramyte.care.people.models import Person
from tramyte.care.people.queries import merged_into
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_days

MEASURED = ("weight_kg", "height_cm", "muac_cm")
GIVEN = ("person", "on", *MEASURED, "position", "oedema", "feeding", "follow_up_on", "confirmation")
FEEDING_UNTIL = 731  # days: nobody is asked about the milk of older children
DOUBTFUL = "implausible"
ASK = "Nếu đã cân đo lại và đúng như vậy, hãy ghi lý do vào ô “Xác nhận số đo lạ”."


def check_measurement(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a measurement, without a query. Raises Refused with the field at fault.

    Odd values are refused with `implausible` until `confirmation` says why they are right. A person found by the
    register's key brings the earlier measurements as `past`: they are compared too.
    """
    if fields.get("person") is None or fields.get("on") is None:
        return
    row = GrowthMeasurement(**{name: value for name in GIVEN if (value := fields.get(name)) is not None})
    prepare(row)
    doubt(row, score_all([row])[0], getattr(row.person, "past", ()))


def prepare(row: GrowthMeasurement) -> None:
    """Refuse what cannot be, and reckon age and position. One query only for a person whose record is no longer in use."""
    if row.person_id is None or row.on is None:
        raise Refused("missing", "Thiếu trẻ hoặc ngày cân đo. Hãy ghi đủ rồi lưu lại.", field="person" if row.person_id is None else "on")
    _person(row.person)
    _day(row.person, row.on)
    if all(getattr(row, name) is None for name in MEASURED) and row.oedema is None:
        raise Refused("nothing", "Chưa có số đo nào. Hãy ghi ít nhất cân nặng, chiều cao hoặc vòng cánh tay.", field="weight_kg")
    row.age_days = age_days(row.person.birth_date, row.on)
    _age(row)
    settle_position(row)


def _person(person: Person) -> None:
    if person.entered_in_error:
        into = merged_into(person.pk)
        said = f"đã được gộp vào hồ sơ của {into}; hãy ghi vào hồ sơ đó" if into else "đã bị đánh dấu ghi nhầm; hãy chọn đúng trẻ"
        raise Refused("merged", f"Hồ sơ của {person} {said}.", field="person")
    if person.birth_precision != "day":
        known = "năm" if person.birth_precision == "year" else "tháng và năm"
        raise Refused("birth_unknown", f"Ngày sinh của {person} mới biết {known}, lệch một tháng là xếp loại sai. Hãy ghi đủ ngày sinh trong hồ sơ rồi ghi cân đo.", field="person")
    if person.sex not in SEXES:
        raise Refused("no_sex", f"Chưa rõ giới tính của {person}. Hãy ghi giới tính trong hồ sơ trước.", field="person")


def _day(person: Person, on: datetime.date) -> None:
    today = clock.today()
    if on > today:
        raise Refused("future", f"Ngày cân đo {on:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Hãy ghi ngày đã cân.", field="on")
    if on < person.birth_date:
        raise Refused("before_birth", f"Ngày cân đo {on:%d/%m/%Y} trước ngày sinh {person.birth_date:%d/%m/%Y} của {person}. Hãy xem lại hai ngày, và có đúng trẻ này không.", field="on")
    if person.died_on and on > person.died_on:
        raise Refused("after_death", f"{person} đã mất ngày {person.died_on:%d/%m/%Y}. Hãy kiểm tra lại trẻ hoặc ngày cân đo.", field="on")


def _age(row: GrowthMeasurement) -> None:
    from tramyte.rules.growth.doubting import outside

    if outside(row.age_days):
        raise Refused("too_old", f"{row.person} đã đủ 5 tuổi vào ngày {row.on:%d/%m/%Y}. Sổ này theo dõi trẻ dưới 5 tuổi; số đo của trẻ lớn ghi ở sổ khám sức khỏe.", field="on")
    if row.feeding and row.age_days >= FEEDING_UNTIL:
        raise Refused("feeding", "Trẻ đã đủ 24 tháng nên không hỏi mục bú mẹ. Hãy để trống mục này.", field="feeding")
    if row.follow_up_on and row.follow_up_on < row.on:
        raise Refused("follow_up", f"Ngày hẹn {row.follow_up_on:%d/%m/%Y} trước ngày cân đo {row.on:%d/%m/%Y}. Hãy ghi ngày hẹn sắp tới.", field="follow_up_on")


def doubt(row: GrowthMeasurement, scored: Scored, past: Sequence[GrowthMeasurement]) -> None:
    """Raise Refused `implausible` at the value for what a nurse in charge would ask again, unless the row is confirmed."""
    from tramyte.rules.growth.doubting import Measured, doubts

    if row.confirmation.strip():
        return
    numbers = {name: None if (value := getattr(row, name)) is None else float(value) for name in MEASURED}
    now = Measured(SEXES[row.person.sex], row.age_days, position=row.position, oedema=bool(row.oedema), **numbers)
    found = doubts(now, scored.values, scored.flagged, _before(row, past))
    if found:
        raise Refused(DOUBTFUL, f"{' '.join(one.sentence for one in found)} {ASK}", field=found[0].field)


def _before(row: GrowthMeasurement, past: Sequence[GrowthMeasurement]) -> Any:
    """The last earlier measurement as the rules compare it; the last known length may be of a day before that."""
    from tramyte.rules.growth.doubting import Before

    earlier = sorted((one for one in past if one.on < row.on and one.pk != row.pk and not one.entered_in_error), key=lambda one: one.on, reverse=True)
    if not earlier:
        return None
    last, tall = earlier[0], next((one for one in earlier if one.height_cm is not None), None)
    return Before(
        f"{last.on:%d/%m/%Y}", (row.on - last.on).days, corrected_length(tall) if tall else None,
        None if last.z_length is None else float(last.z_length), None if last.z_weight is None else float(last.z_weight))


def corrected_length(row: GrowthMeasurement) -> float:
    """The length as the table of the age wants it (cm): 0,7 more or less where the child was measured the other way."""
    return float(score_all([row])[0].values["clenhei"] or 0.0)


def past_of(persons: Sequence[Person]) -> Mapping[Any, list[GrowthMeasurement]]:
    """What was measured of these children so far, by key. One query for each 500."""
    from tramyte.care.growth.scoring import by_person

    rows: list[GrowthMeasurement] = []
    keys = list(dict.fromkeys(person.pk for person in persons))
    for begin in range(0, len(keys), 500):
        rows += GrowthMeasurement.objects.filter(person__in=keys[begin:begin + 500], entered_in_error=False).select_related("person")
    return by_person(rows)
