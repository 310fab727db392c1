"""What is typed on the pages of people; rules speak through the fields, actions write."""

from typing import Any

from django import forms

from tramyte.care.people import columns
from tramyte.care.people.actions.insurance import next_end, next_start
from tramyte.care.people.keys import bare_hamlet
from tramyte.care.people.models import SEXES, Coverage, Death, Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places
from tramyte.engine.places.models import Place
from tramyte.engine.registers.fields import DayField, TextField, YesNoField, offer, speak
from tramyte.rules.identity import GROUPS, CardText
from tramyte.rules.text import fold

SPANS = {"birth_date": 3, "card_number": 6, "group": 6, "facility_code": 6, "full_name": 6, "birth": 3, "sex": 3, "hamlet": 4, "household_number": 4, "relation": 4, "since": 4, "residence": 4, "start": 3, "end": 3, "kind": 6, "national_id": 4, "old_number": 4, "temporary": 4, "occupation": 4, "on": 3, "at": 3, "setting": 6, "icd10": 3, "cause": 9, "maternal": 6, "attended": 6, "people": 12}


class Typed(forms.Form):
    """A form whose page lays its fields in twelve columns."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)

    def full_clean(self) -> None:
        """Judge it; a field says what to do in its own words, whatever it was called meanwhile."""
        for field in self.fields.values():
            speak(field)
        super().full_clean()

    @property
    def laid(self) -> list[tuple[Any, int]]:
        """Each field with its width."""
        return [(self[name], SPANS.get(name, 4)) for name in self.fields]

    def refuse(self, refused: Any) -> None:
        """Put a refusal of the action at its field, whose name is not said twice."""
        at = refused.field if refused.field in self.fields else None
        self.add_error(at, refused.message.removeprefix(f"{self.fields[at].label}: ") if at else refused.message)


def hamlet_choices(user: User) -> list[tuple[str, str]]:
    """The hamlets where the user may write."""
    rows = Place.objects.filter(pk__in=places(user, "people.write", personal=True), kind=Place.HAMLET, valid_to=None)
    return [("", "Chọn thôn"), *((str(row.pk), row.name) for row in rows.order_by("code"))]


class PersonForm(Typed):
    """A person; new ones also get hamlet, residence and numbers."""

    full_name = columns.name_field()
    birth = columns.birth_field()
    sex = forms.ChoiceField(label="Giới tính", choices=SEXES, widget=forms.RadioSelect)
    hamlet = forms.ChoiceField(label="Thôn")
    household_number = TextField(label="Số hộ", required=False, max_length=20)
    relation = TextField(label="Quan hệ với chủ hộ", required=False, max_length=30)
    residence = columns.residence_field()
    since = DayField(label="Ở từ ngày", required=False, widget=forms.DateInput, help_text="Để trống là từ hôm nay.")
    national_id = columns.national_field()
    old_number = columns.national_field()
    temporary = forms.BooleanField(label="Chưa có số định danh: cấp số tạm", required=False)
    card_number = columns.card_field()
    phone = columns.phone_field()
    ethnicity = TextField(label="Dân tộc", required=False, max_length=30)
    occupation = TextField(label="Nghề nghiệp", required=False, max_length=60)

    labels = {"full_name": "Họ và tên", "birth": "Ngày sinh", "residence": "Cư trú", "national_id": "Số định danh", "old_number": "Số CMND cũ", "card_number": "Số thẻ BHYT hoặc mã BHXH", "phone": "Điện thoại"}

    def __init__(self, user: User, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = label
        if person is not None:
            for name in ("hamlet", "residence", "since", "national_id", "old_number", "temporary", "card_number"):
                del self.fields[name]
            self.fields["seen_version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        else:
            offer(self, "hamlet", hamlet_choices(user))

    def clean_hamlet(self) -> Place:
        """The place itself."""
        return Place.objects.get(pk=self.cleaned_data["hamlet"])

    def clean_old_number(self) -> str:
        """Nine digits."""
        number: str = self.cleaned_data["old_number"]
        if len(number) == 12:
            raise forms.ValidationError("Số CMND cũ có 9 chữ số. Số 12 chữ số thì ghi ở ô Số định danh.")
        return number


def card_typed(card: CardText, user: User) -> dict[str, str]:
    """What a scanned identity card fills in: its fields, and the hamlet that its address names when only one fits."""
    address = f" {fold(card.address)} "
    named = [key for key, name in hamlet_choices(user)[1:] if f" {bare_hamlet(name)} " in address.replace(",", " ")]
    typed = {
        "full_name": card.name, "birth": card.birth, "sex": card.sex, "national_id": card.number, "old_number": card.old_number,
        "hamlet": named[0] if len(named) == 1 else ""}
    return {name: text for name, text in typed.items() if text}


def person_typed(person: Person) -> dict[str, Any]:
    """What a person would type to get these values."""
    own = {name: getattr(person, name) for name in ("full_name", "sex", "relation", "phone", "ethnicity", "occupation")}
    return own | {"birth": columns.shown_birth(person), "household_number": columns.shown_household(person), "seen_version": person.version}


class RenewalForm(Typed):
    """The next insurance period."""

    card_number = columns.card_field()
    start = DayField(label="Giá trị từ ngày", widget=forms.DateInput)
    end = DayField(label="Giá trị đến hết ngày", widget=forms.DateInput)
    group = forms.ChoiceField(label="Nhóm đối tượng", required=False, help_text="Thẻ 15 ký tự tự nói nhóm.")
    facility_code = TextField(label="Nơi đăng ký KCB ban đầu", required=False, max_length=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(code, f"{code} · {one.title} · {one.rate} %" if one.title else f"{code} · {one.rate} %") for code, one in sorted(GROUPS.items())]
        offer(self, "group", [("", "theo số thẻ"), *groups])
        self.fields["card_number"].label = "Số thẻ BHYT hoặc mã BHXH"
        self.fields["card_number"].required = True


class ResidenceForm(Typed):
    """Where a person lives from a day on."""

    kind = forms.ChoiceField(label="Loại", choices=[("permanent", "thường trú"), ("temporary", "tạm trú"), ("absent", "đi vắng")], widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Thôn")
    start = DayField(label="Từ ngày", widget=forms.DateInput)
    end = DayField(label="Đến hết ngày", required=False, widget=forms.DateInput)
    reason = TextField(label="Lý do", required=False, max_length=60)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", hamlet_choices(user))

    def clean_place(self) -> Place:
        """The place itself."""
        return Place.objects.get(pk=self.cleaned_data["place"])


class LeavingForm(Typed):
    """The last day of a residence."""

    end = DayField(label="Ở đến hết ngày", widget=forms.DateInput)
    reason = TextField(label="Lý do", required=False, max_length=60, help_text="Ví dụ: chuyển đi, về quê.")


class DeathForm(Typed):
    """A death: the day, and what Sổ A6 asks; all but the day may follow later."""

    on = DayField(label="Ngày tử vong", widget=forms.DateInput)
    at = columns.hour_field()
    setting = forms.ChoiceField(label="Nơi tử vong", choices=[("", "chưa rõ"), *Death.SETTINGS], required=False)
    cause = TextField(label="Nguyên nhân tử vong", required=False, max_length=300, help_text="Ghi theo chuỗi, nguyên nhân chính ở cuối.")
    icd10 = columns.icd10_field()
    maternal = YesNoField(label="Tử vong mẹ", required=False, widget=forms.RadioSelect, help_text="Khi mang thai hoặc trong 42 ngày sau khi hết thai nghén.")
    attended = YesNoField(label="Được cơ sở y tế chăm sóc trước khi chết", required=False, widget=forms.RadioSelect)
    informant = TextField(label="Nguồn thông tin", required=False, max_length=100, help_text="Ví dụ: gia đình, y tế thôn, giấy báo tử số 12.")
    certified_by = TextField(label="Người xác nhận nguyên nhân", required=False, max_length=100)
    note = TextField(label="Ghi chú", required=False, max_length=200)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person.sex != "F":
            del self.fields["maternal"]


class NumberForm(Typed):
    """A number to add or to correct."""

    kind = forms.ChoiceField(label="Loại", choices=[("national", "căn cước, 12 chữ số"), ("old_national", "CMND cũ, 9 chữ số"), ("insurance", "mã BHXH"), ("temporary", "số tạm, máy cấp")], widget=forms.RadioSelect)
    value = TextField(label="Số", max_length=30, required=False, help_text="Số cũ vẫn được giữ để tìm; số mới thay cho số cùng loại. Số tạm thì để trống.")

    def clean(self) -> dict[str, Any]:
        """A number is typed for every kind but the temporary one."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") != "temporary" and not given.get("value") and "value" not in self.errors:
            self.add_error("value", "Số để trống. Hãy ghi số trên giấy tờ, hoặc chọn số tạm.")
        return given


class ReasonForm(Typed):
    """Why something is taken back."""

    reason = TextField(label="Lý do", max_length=200)


def renewal_typed(last: Coverage | None) -> dict[str, Any]:
    """The next period as the form offers it."""
    start = next_start(last, clock.today())
    kept = {"card_number": last.card_number, "group": last.group if last.group in GROUPS else "", "facility_code": last.facility_code} if last else {}
    return {**kept, "start": f"{start:%d/%m/%Y}", "end": f"{next_end(start):%d/%m/%Y}"}
