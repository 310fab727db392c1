"""Named reads of the cold chain."""

import datetime
import os
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.places.models import Facility
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading

PARTS = dict(TemperatureReading.PARTS)
AFTERNOON = datetime.time(13)  # from when an afternoon reading may be asked for
BACK = 7  # days for which a missing reading is still asked for


def equipment() -> QuerySet[StorageEquipment]:
    """All equipment that was not entered in error; narrow with `visible`."""
    return StorageEquipment.objects.filter(entered_in_error=False).select_related("facility").order_by("facility__code", "-daily", "code", "pk")


def in_use(on: datetime.date) -> Q:
    """The condition that equipment is in use on a day."""
    return Q(in_use_from__lte=on) & (Q(in_use_until=None) | Q(in_use_until__gte=on))


def equipment_of(facility: Facility, on: datetime.date) -> QuerySet[StorageEquipment]:
    """What a station or site keeps vaccine in on a day."""
    return equipment().filter(in_use(on), facility=facility)


def readings() -> QuerySet[TemperatureReading]:
    """All readings that were not entered in error, of equipment that was not either."""
    return TemperatureReading.objects.filter(entered_in_error=False, equipment__entered_in_error=False)


def excursions() -> QuerySet[Excursion]:
    """All times out of range that were not entered in error."""
    return Excursion.objects.filter(entered_in_error=False, equipment__entered_in_error=False).select_related("equipment__facility")


def open_excursions() -> QuerySet[Excursion]:
    """Of these those of which nobody has said yet what was done."""
    return excursions().filter(acted_on=None)


def hour_now() -> datetime.time | None:
    """The time of day; None when the day is fixed, for such a day has no hours."""
    return None if os.environ.get(clock.AS_OF) else clock.now().time()


def due_parts(on: datetime.date) -> list[str]:
    """The parts of a day of which a reading should be there by now: both of a day gone by, of today the morning, from 13:00 both.

    On a fixed day (`--as-of`) it is morning.
    """
    today = clock.today()
    if on > today:
        return []
    late = on < today or (hour_now() or datetime.time(0)) >= AFTERNOON
    return [TemperatureReading.MORNING, *([TemperatureReading.AFTERNOON] if late else [])]


Missing = tuple[StorageEquipment, datetime.date, str]


def missing(items: Iterable[StorageEquipment], first: datetime.date, last: datetime.date) -> list[Missing]:
    """(equipment, day, part) of each reading that should be there and is not, by day. One query. Holidays count like any day."""
    asked = [one for one in items if one.daily]
    there = set(readings().filter(equipment__in=asked, on__range=(first, last)).order_by().values_list("equipment", "on", "part"))
    days = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        (one, day, part) for day in days for part in due_parts(day) for one in asked
        if one.in_use_from <= day <= (one.in_use_until or day) and (one.pk, day, part) not in there]


def missing_readings(facility: Facility, on: datetime.date) -> list[str]:
    """What of the temperature log of one station or site is missing on a day, in sentences; empty when all is there. Two queries.

    A facility without equipment that is read daily gives one sentence, for then nothing proves that its vaccine is cold.
    """
    found = [one for one in equipment_of(facility, on) if one.daily]
    if not found:
        return [f"{facility} chưa khai tủ lạnh giữ vắc xin nào nên không có sổ nhiệt độ."]
    return [f"Chưa ghi nhiệt độ buổi {PARTS[part]} ngày {day:%d/%m/%Y} của {one}." for one, day, part in missing(found, on, on)]
