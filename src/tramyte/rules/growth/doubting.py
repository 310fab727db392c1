"""What a nurse in charge would ask to be measured or looked at again before a measurement is written down.

Nothing here forbids: a doubted measurement is kept as soon as somebody says that it was looked at again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tramyte.rules.growth.scores import DAYS_PER_MONTH, OLDEST_CHILD, STANDING_FROM, score

LYING, STANDING = "L", "H"
SHRINK = 0.5  # cm that may be an error of measuring
LEAP = 3.0  # SD between two measurements within a year
LIMITS = {"zlen": "flen", "zwei": "fwei", "zwfl": "fwfl", "zbmi": "fbmi", "zac": "fac"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement of one child. sex: 1 boy, 2 girl; kg and cm, None when not measured; position "L", "H" or ""."""

    sex: int
    age_days: int
    weight_kg: float | None = None
    height_cm: float | None = None
    position: str = ""
    muac_cm: float | None = None
    oedema: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier measurement said: the day in words, corrected length (cm) and z-scores, None where there is none; days ago."""

    on: str
    days_ago: int
    length_cm: float | None
    z_length: float | None
    z_weight: float | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question about one value. code: what is odd; field: weight_kg, height_cm, position or muac_cm; sentence: to the person who typed it."""

    code: str
    field: str
    sentence: str


def doubts(now: Measured, scored: Mapping[str, float | None], flagged: frozenset[str], before: Before | None = None) -> list[Doubt]:
    """The questions that a measurement raises, the most telling first; empty for one that may be written.

    scored: z-scores by name (zlen, zwei, zwfl, zac) and clenhei, None where there is none; flagged: names of those
    WHO calls implausible. before: the last measurement of the child, if any.
    Source: WHO's limits of implausible z-scores (Anthro); WHO, Training course on child growth assessment, 2008, module B
    (lying below two years, standing from there); the limits SHRINK and LEAP are ours.
    """
    found = list(_swapped(now, flagged))
    if not found:
        found = [*_units(now, flagged), *_position(now)]
        found += _apart(_extremes(now, scored, flagged), found)
    if before is not None:
        found += _apart(_against(scored, before), found)
    return found


def _apart(more: Iterator[Doubt], found: list[Doubt]) -> list[Doubt]:
    """Further doubts about values that nothing was said of yet."""
    named = {one.field for one in found}
    return [one for one in more if one.field not in named]


def age_words(days: int) -> str:
    """"3 tháng" or "12 ngày"."""
    months = int(days / DAYS_PER_MONTH)
    return f"{months} tháng" if months else f"{days} ngày"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _plausible(now: Measured, **values: float | None) -> bool:
    """Whether these values of weight or length would be usual for the child's sex and age: within 4 SD."""
    given = {name: value for name, value in values.items() if value is not None}
    found = score("who2006", now.sex, age_days=now.age_days, **given)
    names = [{"weight": "zwei", "lenhei": "zlen", "armc": "zac"}[name] for name in given]
    return all(abs(float(found[name][0])) <= 4 for name in names)


def _swapped(now: Measured, flagged: frozenset[str]) -> Iterator[Doubt]:
    if flagged & {"zwei", "zlen"} and now.weight_kg and now.height_cm and _plausible(now, weight=now.height_cm, lenhei=now.weight_kg):
        yield Doubt("swapped", "weight_kg", f"Cân nặng {_number(now.weight_kg)} và chiều cao {_number(now.height_cm)} có vẻ ghi đổi chỗ cho nhau. Hãy xem lại phiếu rồi ghi đúng ô.")


def _units(now: Measured, flagged: frozenset[str]) -> Iterator[Doubt]:
    """A decimal comma left out or put in, grams for kilograms, metres or millimetres for centimetres."""
    kinds = (
        ("zwei", "weight_kg", "weight", now.weight_kg, "kg", "Cân nặng", ((10, "quên dấu phẩy"), (1000, "ghi theo gam"), (0.1, "thừa dấu phẩy"))),
        ("zlen", "height_cm", "lenhei", now.height_cm, "cm", "Chiều dài, chiều cao", ((10, "quên dấu phẩy"), (0.01, "ghi theo mét"), (0.1, "thừa dấu phẩy"))),
        ("zac", "muac_cm", "armc", now.muac_cm, "cm", "Vòng cánh tay", ((10, "quên dấu phẩy hoặc ghi theo mm"),)),
    )
    for flag, field, name, value, unit, words, slips in kinds:
        if flag not in flagged or not value:
            continue
        for factor, slip in slips:
            if _plausible(now, **{name: value / factor}):
                right = f"{_number(value / factor)} {unit}"
                yield Doubt("unit", field, f"{words} {_number(value)} {unit} lúc {age_words(now.age_days)} tuổi không thể đúng. Có phải {right} ({slip})? Hãy xem lại số trên cân, thước.")
                break


def _position(now: Measured) -> Iterator[Doubt]:
    if now.height_cm is not None and now.position == STANDING and now.age_days < STANDING_FROM:
        yield Doubt("position", "position", f"Trẻ {age_words(now.age_days)}, dưới 24 tháng thì đo nằm. Nếu đã đo nằm, hãy chọn Nằm; nếu quả thật đo đứng, ghi lý do xác nhận: hệ thống cộng 0,7 cm.")


def _extremes(now: Measured, scored: Mapping[str, float | None], flagged: frozenset[str]) -> Iterator[Doubt]:
    """z-scores that WHO calls implausible and for which no slip of the pen was found."""
    kinds = (
        ("zwei", "weight_kg", now.weight_kg, "kg", "Cân nặng", "tuổi và giới"), ("zlen", "height_cm", now.height_cm, "cm", "Chiều dài, chiều cao", "tuổi và giới"),
        ("zwfl", "weight_kg", now.weight_kg, "kg", "Cân nặng", "chiều cao"), ("zac", "muac_cm", now.muac_cm, "cm", "Vòng cánh tay", "tuổi và giới"),
    )
    seen: set[str] = set()
    for flag, field, value, unit, words, against in kinds:
        z = scored.get(flag)
        if flag in flagged and value is not None and field not in seen:
            seen.add(field)
            side = "quá thấp" if z is not None and z < 0 else "quá cao"
            yield Doubt("implausible", field, f"{words} {_number(value)} {unit} lúc {age_words(now.age_days)} tuổi {side} so với {against} (z {_number(z or 0)}). Hãy cân đo lại, xem lại ngày sinh và có đúng trẻ này không.")


def _against(scored: Mapping[str, float | None], before: Before) -> Iterator[Doubt]:
    """Compared with the last time: a child does not shrink, and does not leap from one line to another."""
    length = scored.get("clenhei")
    if length is not None and before.length_cm is not None and length < before.length_cm - SHRINK:
        yield Doubt("shrunk", "height_cm", f"Chiều cao lần này {_number(length)} cm, thấp hơn lần {before.on} ({_number(before.length_cm)} cm). Trẻ không thấp đi: hãy đo lại, hoặc sửa lần trước nếu lần trước sai.")
    if before.days_ago > 366:
        return
    for name, field, words, was in (("zwei", "weight_kg", "Cân nặng", before.z_weight), ("zlen", "height_cm", "Chiều cao", before.z_length)):
        z = scored.get(name)
        if z is not None and was is not None and abs(z - was) >= LEAP:
            way = "tăng vọt" if z > was else "tụt hẳn"
            yield Doubt("leap", field, f"{words} {way} so với lần {before.on}: z từ {_number(was)} đến {_number(z)}. Có ghi nhầm trẻ khác không? Hãy xem lại.")


def outside(age_days: int) -> bool:
    """Whether the child is too old for the standard: 60 months and more."""
    return age_days / DAYS_PER_MONTH >= OLDEST_CHILD
