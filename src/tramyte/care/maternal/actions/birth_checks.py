"""What is checked of a birth and of each child before they are stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from tramyte.care.maternal.models import Delivery, Newborn
from tramyte.care.people.models import Identifier, Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.rules.identity import check_national_id
from tramyte.rules.pregnancy import LONGEST, VIABLE, weeks_words
from tramyte.rules.text import clean

HEAVIEST, LIGHTEST, KILOGRAMS = 7000, 300, 100
USUAL = range(1000, 5501)  # grams; outside is asked again


def check_birth(row: Delivery, days: int | None = None, *, confirmed: bool = False) -> None:
    """The gestation of a birth: 20 to 45 weeks."""
    days = row.gestation if days is None else days
    if days < 0:
        raise Refused("before_begin", f"Ngày đẻ {row.on:%d/%m/%Y} trước ngày đầu của thai. Hãy kiểm tra lại ngày đẻ hoặc kỳ kinh cuối.", field="on")
    if days < VIABLE:
        raise Refused(
            "too_early", f"Ngày {row.on:%d/%m/%Y} thai mới {weeks_words(days)}. Trước 20 tuần là sảy thai hoặc phá thai: hãy ghi kết thúc thai kỳ là sảy thai, hoặc ghi Sổ phá thai."
            " Thai chết lưu từ 20 tuần thì ghi ở đây, tình trạng con là chết.", field="on")
    if days > LONGEST:
        raise Refused("too_long", f"Ngày {row.on:%d/%m/%Y} thai đã {weeks_words(days)}, quá 45 tuần. Hãy kiểm tra lại ngày đẻ hoặc kỳ kinh cuối.", field="on")


def one_number_each(newborns: Sequence[Mapping[str, Any]]) -> None:
    """Refuse twins with one identity number, and a number that another person has."""
    seen: set[str] = set()
    for at, given in enumerate(newborns):
        if not (typed := str(given.get("national_id") or "")):
            continue
        try:
            number = check_national_id(typed)
        except ValueError as error:
            raise Refused("invalid", str(error), field=f"{at}-national_id") from error
        if number in seen:
            raise Refused("one_number", f"Hai con cùng ghi số định danh {number}: mỗi trẻ có số riêng, sinh đôi cũng vậy. Hãy xem lại giấy khai sinh; chưa có thì để trống, máy cấp số tạm.", field=f"{at}-national_id")
        seen.add(number)
        taken = Identifier.objects.filter(value=number, valid_to=None, entered_in_error=False, person__entered_in_error=False)
        if given.get("id"):
            taken = taken.exclude(person__births=given["id"])
        owner = taken.select_related("person").first()
        if owner is not None and owner.person_id != getattr(given.get("found"), "pk", None):
            raise Refused("number_taken", f"Số định danh {number} đang là của {owner.person}. Hãy kiểm tra lại số của trẻ.", field=f"{at}-national_id")


def one_name_each(row: Delivery, newborns: Sequence[Mapping[str, Any]]) -> None:
    """Ask again about a name that two children of this birth bear, or that a living brother or sister has; one kept as it was is no news."""
    siblings = {one.pk: one for one in Person.objects.filter(mother=row.person, entered_in_error=False)}
    lines = {line.pk: line for line in Newborn.objects.filter(delivery=row, entered_in_error=False, child__isnull=False)}
    told = [clean(str(given.get("name") or "")).casefold() for given in newborns]
    named = {line.child_id for key, line in lines.items() if key not in {given.get("id") for given, name in zip(newborns, told, strict=True) if name}}
    others = {one.full_name.casefold() for key, one in siblings.items() if key in named or (one.birth_date != row.on and one.is_alive)}
    for at, (given, name) in enumerate(zip(newborns, told, strict=True)):
        line = lines.get(given.get("id"))
        kept = line is not None and line.child_id in siblings and siblings[line.child_id].full_name.casefold() == name
        if name and not kept and (name in others or name in told[:at]):
            raise Refused("ask_name", f"Tên “{given['name']}” trùng tên anh, chị, em cùng mẹ. Hãy xem lại; đúng là cùng tên thì đánh dấu “Đã kiểm tra lại” rồi lưu.", field=f"{at}-name")


def check_baby(baby: Newborn, at: int, *, by: User, confirmed: bool) -> None:
    """Weight and days of one child. Refusals name the field as "0-weight_g"."""
    if not baby.sex:
        raise Refused("missing", "Chưa ghi giới của con. Hãy chọn nam hoặc nữ.", field=f"{at}-sex")
    if baby.weight_g is not None:
        _check_weight(baby.weight_g, f"{at}-weight_g", confirmed)
    if baby.id_issued_on is not None and baby.id_issued_on > clock.today():
        raise Refused("future", f"Ngày cấp căn cước của mẹ {baby.id_issued_on:%d/%m/%Y} chưa đến. Hãy kiểm tra lại.", field="id_issued_on")
    if baby.certificate_on is not None and not baby.on <= baby.certificate_on <= clock.today():
        raise Refused("certificate", f"Ngày cấp giấy chứng sinh {baby.certificate_on:%d/%m/%Y} phải từ ngày đẻ đến hôm nay. Hãy kiểm tra lại.", field="certificate_on")


def _check_weight(grams: int, field: str, confirmed: bool) -> None:
    if grams < KILOGRAMS:
        likely = f"Nếu trẻ nặng {grams} kg thì ghi {grams}000." if grams < 8 else f"Trẻ mới đẻ không nặng {grams} kg; nếu là {grams / 10:.1f} kg thì ghi {grams}00.".replace(".", ",", 1)
        raise Refused("kilograms", f"Cân nặng ghi bằng gam, không phải kg: “{grams}” gam thì quá nhẹ. {likely}", field=field)
    if grams > HEAVIEST or grams < LIGHTEST:
        shown = f"{grams / 1000:.1f}".replace(".", ",")
        raise Refused("weight", f"Cân nặng {grams} gam là {shown} kg: trẻ mới đẻ không thể nặng như vậy. Hãy cân hoặc xem lại phiếu; ví dụ 3,2 kg ghi 3200.", field=field)
    if grams not in USUAL and not confirmed:
        raise Refused("ask_weight", f"Cân nặng {grams} gam là hiếm gặp. Hãy xem lại cân; đúng thì đánh dấu “Đã kiểm tra lại” rồi lưu.", field=field)
