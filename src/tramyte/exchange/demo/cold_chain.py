"""Two refrigerators read twice a day for two years: near 5 °C, a little warmer in summer afternoons, a few times out of range, a few readings forgotten."""

import datetime
from decimal import Decimal

from tramyte.engine.access.operator import operator
from tramyte.engine.actions.writing import store_values
from tramyte.exchange.demo.commune import Commune
from tramyte.exchange.demo.draws import Draws
from tramyte.exchange.demo.records import Ids
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading

DAYS, FORGOTTEN, AWAY = 730, 0.004, 45  # an excursion some forty-five days is the youngest, so that the last month is calm
EQUIPMENT = (("TL-01", "Tủ lạnh vắc xin, phòng tiêm", "fridge", True), ("TL-02", "Tủ lạnh dự phòng, kho dược", "fridge", True), ("PH-01", "Phích vắc xin đi điểm trạm", "carrier", False))
OUTSIDE = (("9.6", "mất điện đêm; chạy máy phát, 40 phút sau về 6 °C", "kept", ""), ("1.4", "núm chỉnh bị xoay; chỉnh lại, làm nghiệm pháp lắc", "held", "DPT-VGB-Hib 20 liều, để riêng ngăn dưới, đã hỏi CDC tỉnh"),
           ("11.2", "cửa tủ đóng không kín; chuyển vắc xin sang tủ TL-02", "moved", "toàn bộ vắc xin của tủ, sang TL-02"))
READERS = ("Lê Thị Lan", "Trần Văn Hùng")
NAMES = ("id", "equipment_id", "on", "part", "at", "celsius", "reader", "confirmed", "state", "excursion_id")


def store_cold_chain(made: Commune, seed: int, as_of: datetime.date) -> int:
    """Write equipment, readings and what was done when out of range; answers how many readings. This morning's are still to be made."""
    ids, draws, since = Ids(seed + 7, as_of), Draws(seed, "cold chain"), as_of - datetime.timedelta(days=DAYS)
    keys = [ids() for _ in EQUIPMENT]
    _write(StorageEquipment, ("id", "facility_id", "code", "name", "kind", "daily", "in_use_from"), [
        (key, made.facilities[0].pk, code, name, kind, daily, since) for key, (code, name, kind, daily) in zip(keys, EQUIPMENT, strict=True)])
    wrong = {(n % 2, draws.between(60, DAYS - AWAY)): (ids(), case) for n, case in enumerate(OUTSIDE)}
    excursions = [_excursion(key, keys[at], since + datetime.timedelta(days=day), case) for (at, day), (key, case) in wrong.items()]
    _write(Excursion, ("id", "equipment_id", "on", "part", "celsius", "action", "vaccines", "vaccines_note", "acted_on", "acted_by"), excursions)
    rows = []
    for at, key in enumerate(keys[:2]):
        for day in range(DAYS):
            for part in ("am", "pm"):
                held = wrong.get((at, day)) if part == "am" else None
                if held is None and draws.chance(FORGOTTEN):
                    continue
                rows.append((ids(), key, since + datetime.timedelta(days=day), part, _hour(draws, part), *_read(draws, day, part, held)))
    _write(TemperatureReading, NAMES, rows)
    return len(rows)


def _hour(draws: Draws, part: str) -> str:
    return f"{7 if part == 'am' else 16:02d}:{draws.between(0, 45):02d}"


def _read(draws: Draws, day: int, part: str, held: tuple[object, tuple[str, ...]] | None) -> tuple[object, ...]:
    """celsius, reader, confirmed, state, excursion."""
    reader = READERS[day % 7 > 4]
    if held:
        value = Decimal(held[1][0])
        return value, reader, True, "high" if value > 8 else "low", held[0]
    warm = 8 * (182 - abs(day % 365 - 182)) // 182  # tenths of a degree, most in the middle of the year that began at `day` 0
    tenths = 43 + warm + (5 if part == "pm" else 0) + round(draws.bell(0, 5))
    return Decimal(min(max(tenths, 22), 78)) / 10, reader, False, "", None


def _excursion(key: object, equipment: object, on: datetime.date, case: tuple[str, ...]) -> tuple[object, ...]:
    celsius, action, vaccines, note = case
    return key, equipment, on, "am", Decimal(celsius), action, vaccines, note, on, READERS[0]


def _write(model: type, names: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    store_values(model, names, rows, by=operator(), permission="vaccines.write", action="import")
