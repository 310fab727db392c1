"""The book of children's growth."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from tramyte.care.growth import actions
from tramyte.care.growth.checks import check_measurement, past_of
from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.words import verdict
from tramyte.care.people.keys import PersonKey
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import NumberField
from tramyte.engine.registers.narrowing import Filter
from tramyte.engine.registers.register import Register


class ChildKey(PersonKey):
    """A child named as any person; what was measured before comes along as `past`, so that a file is judged against it."""

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """As `PersonKey.find`, with one more query for each 500 children."""
        found = super().find(user, permission, typed)
        children = [one for one in found if isinstance(one, Person)]
        past = past_of(children)
        for child in children:
            child.past = past.get(child.pk, [])  # type: ignore[attr-defined]  # for `checks.check_measurement`, which asks no query
        return found


def _read(name: str) -> Callable[[GrowthMeasurement], Any]:
    """What `rules.growth` reckoned: shown, sorted and filtered, never typed."""
    def read(row: GrowthMeasurement) -> Any:
        value, field = getattr(row, name), GrowthMeasurement._meta.get_field(name)
        return dict(field.flatchoices).get(value, value) if field.flatchoices else value

    return read


def _measured(path: str, heading: str, **options: Any) -> Column:
    """A number of a measurement; whether it can be is said by the rules of growth, which know what was meant, not by a range."""
    return Column(path, heading, field=NumberField(label=heading, required=False, max_digits=7, decimal_places=2), **options)


def _words(row: GrowthMeasurement) -> str:
    words = row.words
    return words[:1].upper() + words[1:]


def _reckoned(name: str, heading: str, **options: Any) -> Column:
    return Column(f"person.{name}", heading, read=_read(name), stored=name, **options)


FOUND = {
    "underweight": ("nhẹ cân", Q(weight_band__lt=0)), "stunted": ("thấp còi", Q(length_band__lt=0)), "wasted": ("gầy còm", Q(wasting_band__lt=0)),
    "overweight": ("thừa cân, béo phì", Q(wasting_band__gt=0)), "acute": ("suy dinh dưỡng cấp", ~Q(acute="")), "severe": ("suy dinh dưỡng cấp nặng", Q(acute="severe")),
    "faltering": ("không tăng cân, tụt kênh", Q(trend__in=["flat", "falling"])), "doubtful": ("số đo lạ đã xác nhận", ~Q(doubtful="")),
}


def by_finding(rows: QuerySet[GrowthMeasurement], value: str) -> QuerySet[GrowthMeasurement]:
    """Of these measurements those that found something."""
    return rows if value == "all" else rows.filter(FOUND[value][1])


class GrowthBook(Register):
    """Sổ theo dõi dinh dưỡng trẻ dưới 5 tuổi: one line is one child measured on one day."""

    slug = "growth"
    title = "Sổ theo dõi tăng trưởng trẻ em"
    unit = "lần cân đo"
    model = GrowthMeasurement
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_measurement, actions.record_measurements, actions.cancel_measurement, check_measurement
    restored = actions.follow_restored
    tell = verdict
    identity = ("person", "on")
    write, load = actions.WRITE, "people.import"
    order = ("-on", "person__search")
    filters = (Filter("found", "Kết luận", (*((name, words) for name, (words, _) in FOUND.items()), ("all", "tất cả")), by_finding, "all"),)
    paper, form_code, paper_title = "A3", "QĐ97-III-01", "Sổ theo dõi dinh dưỡng trẻ dưới 5 tuổi"
    source = "QĐ 97/QĐ-PB ngày 30/6/2026, PL III, sổ 01; cột theo nguồn thứ cấp, chưa đối chiếu văn bản gốc"
    columns = (
        Column("person", "Số định danh", by=ChildKey(), search=True, masked=True, hidden=True, width=1.6, aliases=("Số CCCD", "CCCD", "Mã định danh", "Mã trẻ")),
        Column("person.full_name", "Họ tên", search="person.search", agree=True, width=2.0, aliases=("Họ và tên", "Họ tên trẻ", "Họ và tên trẻ", "Tên trẻ")),
        Column("person.birth_date", "Ngày sinh", search=True, agree=True),
        Column("person.sex", "Giới", filter=True, width=0.6, agree=False, aliases=("Giới tính",)),
        Column("person.hamlet", "Địa chỉ cư trú", filter=True, width=1.3, aliases=("Thôn", "Thôn/ấp", "Tổ dân phố")),
        Column("person.phone", "Điện thoại", masked=True, hidden=True, width=1.0),
        Column("on", "Ngày cân đo", aliases=("Ngày", "Ngày cân", "Ngày đo")),
        Column("setting", "Nơi cân đo", hidden=True, width=0.9),
        _measured("weight_kg", "Cân nặng (kg)", width=0.7, aliases=("Cân nặng", "CN")),
        _measured("height_cm", "Chiều cao/dài (cm)", width=0.8, aliases=("Chiều cao (cm)", "Chiều cao", "Chiều dài (cm)", "Chiều dài nằm/cao đứng", "CC")),
        Column("position", "Tư thế đo", hidden=True, width=0.6, aliases=("Nằm/Đứng", "Tư thế"), help="Dưới 24 tháng đo nằm, từ 24 tháng đo đứng. Để trống là đúng theo tuổi."),
        _measured("muac_cm", "MUAC", width=0.6, aliases=("Vòng cánh tay", "Vòng cánh tay (cm)", "MUAC (cm)"), help="Vòng cánh tay trái, tính bằng cm."),
        Column("oedema", "Phù", hidden=True, width=0.5, aliases=("Phù hai chân",)),
        _reckoned("z_weight", "CN/T (z)", width=0.6),
        _reckoned("z_length", "CC/T (z)", width=0.6),
        _reckoned("z_wasting", "CN/CC (z)", width=0.6),
        _reckoned("trend", "Diễn biến cân nặng", hidden=True, width=0.9),
        Column("person.conclusion", "Kết luận", read=_words, width=2.0),
        Column("feeding", "Bú mẹ", filter=True, hidden=True, aliases=("Bú mẹ trong 24 giờ qua", "Nuôi dưỡng"), help="Hỏi mẹ về 24 giờ qua, trẻ dưới 24 tháng."),
        Column("vitamin_a", "Vitamin A", hidden=True, width=0.6, bulk=True),
        Column("advice", "Tư vấn", hidden=True, width=1.6, aliases=("Tư vấn, điều trị",), bulk=True),
        Column("follow_up_on", "Hẹn khám lại", hidden=True, aliases=("Ngày tái khám", "Ngày hẹn")),
        Column("confirmation", "Xác nhận số đo lạ", hidden=True, width=1.2, aliases=("Đã đo lại",), help="Chỉ ghi khi số đo lạ nhưng đúng: vì sao, ai đo lại."),
    )
    example = {
        "person": "037225000123", "person.full_name": "Nguyễn Minh Khôi", "person.birth_date": "12/03/2025", "person.sex": "Nam", "person.hamlet": "Thôn Đông Hạ",
        "on": "01/06/2026", "setting": "trong đợt cân đo", "weight_kg": "9,8", "height_cm": "77,5", "position": "nằm", "muac_cm": "14,2", "oedema": "Không",
        "feeding": "bú mẹ và ăn, uống thêm", "vitamin_a": "Có", "advice": "Ăn bổ sung 4 bữa một ngày", "follow_up_on": "", "confirmation": "",
    }
