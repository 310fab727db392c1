"""What is typed on the pages of a pregnancy; the actions judge it and answer by the names of the fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from tramyte.care.maternal import columns
from tramyte.care.maternal.models import (
    AntenatalContact,
    BirthPlan,
    Delivery,
    Newborn,
    PostnatalContact,
    Pregnancy,
)
from tramyte.care.people.columns import name_field, national_field
from tramyte.care.people.typed import Typed
from tramyte.engine import clock
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import ChoiceField, DayField, TextField, field_for, offered, typed

Layout = Sequence[tuple[str, Sequence[tuple[str, int]]]]
MOST_BABIES = 6
NOT_OF_LINE = {"hepatitis_b_at", "hepatitis_b_lot", "name", "national_id"}  # told of a newborn, kept among its doses and numbers


class Grouped(Typed):
    """A form about one row of a model, its fields in titled groups of twelve columns.

    layout: (title, (field, width) ...) ...; the fields are those of the model unless the subclass declares them.
    """

    model: type[Any]
    layout: Layout = ()
    confirmed = forms.BooleanField(label="Đã kiểm tra lại, ghi như vậy là đúng", required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, row: Any = None, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None) -> None:
        own = [name for _, group in self.layout for name, _ in group]
        stored = {name: typed(Column(name, model=self.model), row) for name in own if row is not None and self.holds(name)}
        super().__init__(data, initial={**stored, **({"seen_version": row.version} if row is not None else {}), **(initial or {})})
        self.asks = bool(self.data.get("confirmed"))
        for name in own:
            if name not in self.fields:
                self.fields[name] = _compact(Column(name, model=self.model))

    @classmethod
    def holds(cls, name: str) -> bool:
        """Whether a field is one of the model's own."""
        return any(field.name == name for field in cls.model._meta.concrete_fields)

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, int]]]]:
        """The groups as the page draws them."""
        return [(title, [(self[name], span) for name, span in group]) for title, group in self.layout]

    def refuse(self, refused: Any) -> None:
        """Put a refusal at its field; one that asks offers to confirm."""
        self.asks = self.asks or refused.code.startswith("ask_")
        if self.holds(refused.field):  # the field says its name already
            name = str(self.model._meta.get_field(refused.field).verbose_name)
            refused.message = refused.message.removeprefix(f"{name[:1].upper()}{name[1:]}: ")
        super().refuse(refused)

    def given(self) -> dict[str, Any]:
        """The values for the action, with seen_version and whether something unusual was confirmed."""
        return dict(self.cleaned_data)


def _compact(column: Column) -> forms.Field:
    """Three and more choices are picked from a list: the eye finds the next field sooner, and one letter chooses.

    What must be told is never chosen beforehand: a list begins empty unless the model knows the usual value.
    """
    field = field_for(column)
    if isinstance(field, ChoiceField) and len(choices := offered(field)) > 2:
        unsaid = field.required and column.source is not None and not column.source.has_default()
        field.widget = forms.Select(choices=[("", "chọn"), *choices] if unsaid else choices)
    return field


class PregnancyForm(Grouped):
    """What is known when a pregnancy is registered."""

    model = Pregnancy
    scan_weeks = columns.gestation_field()
    height_cm = columns.centimetres()
    layout = (
        ("Tuổi thai", (("registered_on", 3), ("lmp", 3), ("scan_on", 3), ("scan_weeks", 3))),
        ("Tiền sử", (("gravida", 2), ("para", 3), ("fetuses", 2), ("height_cm", 2), ("caesarean", 3), ("illness", 6), ("note", 6))),
    )

    def __init__(self, row: Pregnancy | None = None, data: Mapping[str, Any] | None = None) -> None:
        known = {"scan_weeks": columns.scan(row)} if row is not None else {"registered_on": f"{clock.today():%d/%m/%Y}", "fetuses": 1}
        super().__init__(row, data, known)
        self.fields["scan_weeks"].label, self.fields["height_cm"].label = "Tuổi thai trên siêu âm", "Chiều cao mẹ (cm)"
        self.fields["scan_weeks"].help_text = "Ví dụ 12 tuần 3 ngày, hoặc 12+3."
        self.fields["para"].help_text = "Đủ tháng, đẻ non, sảy hoặc phá, con sống: 1001."

    def refuse(self, refused: Any) -> None:
        """The gestation of the scan is typed in weeks."""
        refused.field = "scan_weeks" if refused.field == "scan_days" else refused.field
        super().refuse(refused)

    def given(self) -> dict[str, Any]:
        """The gestation of the scan under the name of its field."""
        found = super().given()
        return found | {"scan_days": found.pop("scan_weeks")}


class ContactForm(Grouped):
    """The findings of one antenatal contact, in the order in which they are found."""

    model = AntenatalContact
    tetanus_lot = columns.text(40)
    layout = (
        ("Khám", (("on", 2), ("weight_kg", 2), ("systolic", 2), ("diastolic", 2), ("fundal_cm", 2), ("fetal_heart", 2), ("lie", 3), ("pelvis", 3), ("danger", 6))),
        ("Xét nghiệm", (("protein", 3), ("haemoglobin", 2), ("anaemia", 3), ("other_tests", 4), ("hiv", 4), ("syphilis", 4), ("hepatitis_b", 4))),
        ("Dự phòng, kết luận", (("tetanus_lot", 4), ("tetanus", 2), ("iron", 3), ("outlook", 3), ("next_on", 3), ("site", 3), ("examiner", 3), ("note", 3))),
    )
    labels = {
        "weight_kg": "Cân nặng (kg)", "systolic": "HA tâm thu", "diastolic": "HA tâm trương", "fundal_cm": "Cao tử cung (cm)", "fetal_heart": "Tim thai", "haemoglobin": "Hb (g/l)",
        "tetanus": "Số mũi uốn ván", "iron": "Viên sắt, folic", "danger": "Dấu hiệu nguy hiểm"}

    def __init__(self, row: AntenatalContact | None, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(row, data, initial)
        for name, label in self.labels.items():
            self.fields[name].label = label
        self.fields["tetanus_lot"].label, self.fields["tetanus_lot"].help_text = "Tiêm uốn ván lần khám này: số lô", "Không tiêm thì để trống. Mũi vào sổ tiêm, trừ kho."
        self.fields["tetanus"].help_text = "Trống thì máy đếm."


class PlanForm(Grouped):
    """Where and how the birth is to be."""

    model = BirthPlan
    layout = (("", (("on", 3), ("place", 4), ("site", 5), ("transport", 6), ("companion", 6), ("told_dangers", 4), ("note", 8))),)


class PostnatalForm(Grouped):
    """What was found after a birth."""

    model = PostnatalContact
    layout = (
        ("", (("on", 3), ("site", 5), ("mother_seen", 2), ("child_seen", 2))),
        ("Mẹ", (("temperature", 2), ("systolic", 2), ("diastolic", 2), ("mother", 6))),
        ("Con", (("breastfeeding", 4), ("child", 8))),
        ("", (("danger", 4), ("examiner", 4), ("note", 4))),
    )


class EndForm(Typed):
    """How a pregnancy ended without a birth."""

    outcome = forms.ChoiceField(label="Kết thúc", choices=[pair for pair in Pregnancy.OUTCOMES if pair[0] in {"miscarriage", "ectopic", "moved"}], widget=forms.RadioSelect)
    ended_on = DayField(label="Ngày kết thúc", widget=forms.DateInput)
    note = TextField(label="Ghi chú", required=False, max_length=200)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, int]]]]:
        """One group without a title."""
        return [("", [(self["outcome"], 12), (self["ended_on"], 3), (self["note"], 9)])]


class DeliveryForm(Grouped):
    """A birth with its children: each in a group of its own, its fields named "0-sex" and so on."""

    model = Delivery
    babies = 1
    at = columns.hour()
    weeks = columns.whole(20, 45)
    layout = (
        ("Cuộc đẻ", (("on", 3), ("at", 2), ("weeks", 2), ("mode", 5), ("place", 3), ("site", 5), ("attendant", 4), ("attendant_name", 4), ("complications", 4), ("note", 4))),
    )
    of_baby = (
        ("sex", 3), ("weight_g", 2), ("length_cm", 2), ("apgar1", 2), ("apgar5", 3), ("state", 3), ("breastfed", 3), ("vitamin_k", 3), ("hepatitis_b_at", 3), ("hepatitis_b_lot", 3), ("name", 5), ("national_id", 4))

    def __init__(self, row: Delivery | None, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None, *, babies: int = 1, lines: Sequence[Newborn] = ()) -> None:
        self.babies, self.lines = min(max(babies, len(lines), 1), MOST_BABIES), lines
        super().__init__(row, data, {**self._known(), **(initial or {})})
        self.fields["at"].label = "Giờ đẻ"
        self.fields["weeks"].label, self.fields["weeks"].help_text = "Tuổi thai (tuần)", "Trống thì máy tính."
        for at in range(self.babies):
            for name, field in _baby_fields().items():
                self.fields[f"{at}-{name}"] = field
                if self.babies > 1:
                    field.called = f"Con thứ {at + 1}, {field.label}"

    def _known(self) -> dict[str, Any]:
        """The stored lines as they are typed."""
        found = {}
        for at, line in enumerate(self.lines):
            own = {name: typed(Column(name, model=Newborn), line) for name, _ in self.of_baby if name not in NOT_OF_LINE}
            own |= {"hepatitis_b_at": columns.hepatitis_moment(line), "hepatitis_b_lot": columns.hepatitis_lot(line), "name": columns.child_name(line), "national_id": columns.child_number(line)}
            found |= {f"{at}-{name}": value for name, value in own.items()}
        return found

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, int]]]]:
        """The birth, then child after child."""
        title = "Con" if self.babies == 1 else "Con thứ {}"
        return [*super().groups, *((title.format(at + 1), [(self[f"{at}-{name}"], span) for name, span in self.of_baby]) for at in range(self.babies))]

    def given(self) -> dict[str, Any]:
        """The fields of the delivery, and `newborns`."""
        found = super().given()
        babies = []
        for at in range(self.babies):
            one = {name: found.pop(f"{at}-{name}") for name, _ in self.of_baby}
            babies.append(one | {"order": at + 1} | ({"id": self.lines[at].pk} if at < len(self.lines) else {}))
        return found | {"newborns": babies}


def _baby_fields() -> dict[str, forms.Field]:
    made = {name: _compact(Column(name, model=Newborn)) for name in ("sex", "length_cm", "apgar1", "apgar5", "state", "breastfed", "vitamin_k")}
    made["weight_g"] = columns.GramsField(label="Cân nặng (g)", required=False)
    made["hepatitis_b_at"] = columns.moment_field()
    made["hepatitis_b_at"].label, made["hepatitis_b_at"].help_text = "Tiêm viêm gan B lúc", "Ngày và giờ: 05/03/2026 07:30."
    made["hepatitis_b_lot"] = columns.text(40)
    made["hepatitis_b_lot"].label, made["hepatitis_b_lot"].help_text = "Số lô viêm gan B", "Đẻ tại trạm thì lô được trừ kho."
    made["name"], made["national_id"] = name_field(), national_field()
    made["name"].label, made["name"].required, made["name"].help_text = "Họ và tên con", False, "Chưa đặt tên thì để trống, máy ghi “Con Bà …”."
    made["national_id"].label, made["national_id"].help_text = "Số định danh của con", "Chưa có thì để trống, máy cấp số tạm."
    made["length_cm"].label, made["breastfed"].label, made["vitamin_k"].label = "Dài (cm)", "Bú trong giờ đầu", "Vitamin K1"
    return made


class CertificateForm(Grouped):
    """What the certificate says that the book of births does not."""

    model = Newborn
    layout = (
        ("Giấy chứng sinh", (("certificate", 4), ("certificate_book", 4), ("certificate_on", 4), ("certificate_writer", 6), ("head_code", 6))),
        ("Cha, mẹ", (("father", 5), ("id_issued_on", 3), ("id_issued_at", 4))),
    )

    def given(self) -> dict[str, Any]:
        """Nothing here is confirmed."""
        return {name: value for name, value in super().given().items() if name != "confirmed"}
