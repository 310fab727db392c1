"""What is typed on a visit to a household."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from tramyte.care.people import columns
from tramyte.care.people.models import SEXES, Person
from tramyte.care.people.queries import people
from tramyte.care.people.search import find_people
from tramyte.care.people.typed import ResidenceForm, Typed
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.registers.fields import DayField, TextField, offer

MOST_FOUND = 10  # women who are offered as the mother


class MemberForm(Typed):
    """A form that knows the people of the household."""

    def __init__(self, members: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        self.members = {str(person.pk): person for person in members}
        super().__init__(*args, **kwargs)


class BirthForm(MemberForm):
    """A newborn; the mother is a woman of the household, or one found by what is typed: she may stay elsewhere."""

    full_name = columns.name_field()
    birth_date = DayField(label="Ngày sinh", widget=forms.DateInput)
    sex = forms.ChoiceField(label="Giới tính", choices=SEXES, widget=forms.RadioSelect)
    mother = forms.ChoiceField(label="Mẹ", required=False)
    elsewhere = TextField(label="Mẹ ở hộ khác, thôn khác", required=False, max_length=100, help_text="Gõ số định danh, hoặc họ tên kèm năm sinh.")
    relation = TextField(label="Quan hệ với chủ hộ", required=False, max_length=30)
    confirmed = forms.BooleanField(label="Đã xem: không phải trẻ đã có trong sổ", required=False)

    def __init__(self, user: User, members: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        self.user, self.women = user, {str(person.pk): person for person in members if person.sex == "F"}
        super().__init__(members, *args, **kwargs)
        self.fields["full_name"].label = "Họ và tên trẻ"
        self.fields["full_name"].help_text = "Chưa đặt tên thì ghi tên mẹ, ví dụ Con Bà Mận."
        self._offer(self._chosen())

    def _chosen(self) -> list[Person]:
        """The woman of another household who was chosen among those found before."""
        key = str(self.data.get("mother") or "")
        if not key or key in self.women or not _is_key(key):
            return []
        return list(visible(self.user, people()).filter(pk=key, sex="F").select_related("hamlet"))

    def _offer(self, others: Sequence[Person]) -> None:
        own = [(key, person.full_name) for key, person in self.women.items()]
        found = [(str(person.pk), f"{person.full_name}, sinh {columns.shown_birth(person)}, {person.hamlet}") for person in others]
        self.women |= {str(person.pk): person for person in others}
        offer(self, "mother", [("", "chưa rõ hoặc ở hộ khác"), *own, *found])

    def clean(self) -> dict[str, Any]:
        """The mother herself; several women who fit are offered to choose from."""
        given: dict[str, Any] = super().clean() or {}
        text, chosen = given.pop("elsewhere", ""), self.women.get(given.get("mother") or "")
        if text and chosen is None:
            found = [person for person in find_people(self.user, text, MOST_FOUND).people if person.sex == "F"]
            if len(found) > 1:
                self._offer(found)
                self.add_error("mother", f"Có {len(found)} người ứng với “{text}”. Hãy chọn mẹ trong danh sách này.")
            elif not found:
                self.add_error("elsewhere", f"Không có người phụ nữ nào ứng với “{text}” trong phạm vi của bạn. Hãy gõ số định danh, hoặc để trống rồi ghi sau.")
            chosen = found[0] if len(found) == 1 else None
        return given | {"mother": chosen}


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class DepartureForm(Typed):
    """From when somebody is not here, and whether for good."""

    on = DayField(label="Không còn ở từ ngày", widget=forms.DateInput)
    away = forms.ChoiceField(label="Loại", choices=[("", "chuyển đi hẳn"), ("1", "đi vắng, sẽ về")], required=False, widget=forms.RadioSelect)
    reason = TextField(label="Lý do", required=False, max_length=60, help_text="Ví dụ: theo chồng, đi làm, đi học.")

    def clean_away(self) -> bool:
        """Whether the person comes back."""
        return bool(self.cleaned_data["away"])


class ReturnForm(Typed):
    """Since when somebody who was away is back."""

    on = DayField(label="Đã về, ở nhà từ ngày", widget=forms.DateInput)


class StayForm(ResidenceForm):
    """A temporary stay in a hamlet."""

    kind = None  # a stay is always temporary

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["place"].label = "Tạm trú tại thôn"


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
        offer(self, "people", choices)
        offer(self, "head", [("", "Chọn chủ hộ"), *choices])

    def pairs(self) -> list[tuple[Person, str]]:
        """Members with their relation to the new head; that of the others is to be asked."""
        head = self.cleaned_data["head"]
        chosen = dict.fromkeys([head, *self.cleaned_data["people"]])
        return [(self.members[key], "Chủ hộ" if key == head else "") for key in chosen]
