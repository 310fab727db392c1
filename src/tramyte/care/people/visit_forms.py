"""What is typed on a visit to a household."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tramyte.care.people import columns
from tramyte.care.people.models import SEXES, Person
from tramyte.care.people.typed import Typed, hamlet_choices
from tramyte.engine.access.models import User
from tramyte.engine.places.models import Place
from tramyte.engine.registers.fields import DayField, TextField


class MemberForm(Typed):
    """A form that knows the people of the household."""

    def __init__(self, members: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        self.members = {str(person.pk): person for person in members}
        super().__init__(*args, **kwargs)


class BirthForm(MemberForm):
    """A newborn; mothers to choose from are the women of the household."""

    full_name = columns.name_field()
    birth_date = DayField(label="Ngày sinh", widget=forms.DateInput)
    sex = forms.ChoiceField(label="Giới tính", choices=SEXES, widget=forms.RadioSelect)
    mother = forms.ChoiceField(label="Mẹ", required=False)
    relation = TextField(label="Quan hệ với chủ hộ", required=False, max_length=30)
    confirmed = forms.BooleanField(label="Đã xem: không phải trẻ đã có trong sổ", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].label = "Họ và tên trẻ"
        self.fields["full_name"].help_text = "Chưa đặt tên thì ghi tên mẹ, ví dụ Con Bà Mận."
        women = [(key, person.full_name) for key, person in self.members.items() if person.sex == "F"]
        self.fields["mother"].choices = [("", "chưa rõ hoặc ở hộ khác"), *women]  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_mother(self) -> Person | None:
        """The person herself."""
        return self.members.get(self.cleaned_data["mother"])


class DepartureForm(Typed):
    """From when somebody is not here, and whether for good."""

    on = DayField(label="Không còn ở từ ngày", widget=forms.DateInput)
    away = forms.ChoiceField(label="Loại", choices=[("", "chuyển đi hẳn"), ("1", "đi vắng, sẽ về")], required=False, widget=forms.RadioSelect)
    reason = TextField(label="Lý do", required=False, max_length=60, help_text="Ví dụ: theo chồng, đi làm, đi học.")

    def clean_away(self) -> bool:
        """Whether the person comes back."""
        return bool(self.cleaned_data["away"])


class StayForm(Typed):
    """A temporary stay in a hamlet."""

    place = forms.ChoiceField(label="Tạm trú tại thôn")
    start = DayField(label="Từ ngày", widget=forms.DateInput)
    end = DayField(label="Đến hết ngày", required=False, widget=forms.DateInput)
    reason = TextField(label="Lý do", required=False, max_length=60)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = hamlet_choices(user)  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_place(self) -> Place:
        """The place itself."""
        return Place.objects.get(pk=self.cleaned_data["place"])


class HeadForm(Typed):
    """What the former head is to the new one."""

    former_relation = TextField(label="Chủ hộ cũ là gì của chủ hộ mới", required=False, max_length=30, help_text="Ví dụ: bố, mẹ, chồng.")


class SplitForm(MemberForm):
    """Who goes into a household of their own, its number, and who is its head."""

    number = TextField(label="Số hộ mới", max_length=20)
    address = TextField(label="Địa chỉ", required=False, max_length=200)
    people = forms.MultipleChoiceField(label="Người tách sang hộ mới", widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label="Chủ hộ mới")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, person.full_name) for key, person in self.members.items()]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]  # it is a choice field
        self.fields["head"].choices = [("", "Chọn chủ hộ"), *choices]  # type: ignore[attr-defined]  # it is a choice field

    def pairs(self) -> list[tuple[Person, str]]:
        """Members with their relation to the new head; that of the others is to be asked."""
        head = self.cleaned_data["head"]
        chosen = dict.fromkeys([head, *self.cleaned_data["people"]])
        return [(self.members[key], "Chủ hộ" if key == head else "") for key in chosen]
