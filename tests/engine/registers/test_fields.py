"""What the fields of a form say in their own words."""

import re

import pytest
from django import forms
from django.core.validators import MaxValueValidator

from tramyte.care.people.typed import Typed
from tramyte.engine.refused import Refused
from tramyte.engine.registers.fields import (
    TAMPERED,
    DayField,
    NumberField,
    TextField,
    WholeField,
    YesNoField,
    cleaned,
    offer,
    offered,
    required_words,
)
from tramyte.web.templatetags.tramyte import fault


@pytest.mark.parametrize(("field", "words"), [
    (TextField(label="Họ và tên"), "Hãy ghi họ và tên."), (TextField(label="CMND cũ"), "Hãy ghi CMND cũ."), (DayField(label="Từ ngày"), "Hãy ghi ngày ở ô “Từ ngày”, ví dụ 05/03/2026."),
    (forms.ChoiceField(label="Thôn"), "Hãy chọn thôn."), (YesNoField(label="Tử vong mẹ"), "Hãy chọn tử vong mẹ."), (forms.FileField(label="Tệp danh sách"), "Hãy chọn tệp danh sách."),
])
def test_an_empty_field_says_what_to_do(field, words):
    assert required_words(field) == words


def test_a_form_says_it_by_the_label_that_the_page_shows():
    class Form(Typed):
        number = TextField(label="Số")

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["number"].label = "Số thẻ"
            self.fields["added"] = forms.ChoiceField(label="Loại thẻ", choices=[("1", "một")])

    assert Form({}).errors == {"number": ["Hãy ghi số thẻ."], "added": ["Hãy chọn loại thẻ."]}


@pytest.mark.parametrize(("field", "typed", "words"), [
    (WholeField(min_value=1, max_value=20), "99", "Số lớn nhất là 20, ở đây ghi 99. Hãy kiểm tra lại."), (WholeField(min_value=1, max_value=20), "0", "Số nhỏ nhất là 1, ở đây ghi 0. Hãy kiểm tra lại."),
    (WholeField(), "9" * 5000, f"Số “{'9' * 18}…” quá dài. Hãy kiểm tra lại."), (WholeField(validators=[MaxValueValidator(5, "Nhiều nhất 5 bàn.")]), "6", "Nhiều nhất 5 bàn."),
    (NumberField(max_digits=4, decimal_places=1), "36,85", "Nhiều nhất 1 chữ số sau dấu phẩy. Hãy làm tròn rồi ghi lại."), (NumberField(max_digits=4, decimal_places=1), "12345", "Nhiều nhất 4 chữ số. Hãy kiểm tra lại."),
    (TextField(max_length=5), "Đồng Vân", "Nhiều nhất 5 ký tự, ở đây có 8. Hãy ghi ngắn lại."),
])
def test_a_number_or_text_out_of_bounds_says_what_to_do(field, typed, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        cleaned(field, typed)
    assert str(refused.value) == words


@pytest.mark.parametrize("forged", ["abc", "1.5", "9" * 5000])
def test_what_the_page_keeps_for_itself_is_named_when_it_was_changed(forged):
    class Form(Typed):
        seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    form = Form({"seen_version": forged})
    assert form.errors == {"seen_version": [TAMPERED]} and fault(form["seen_version"]) == TAMPERED
    assert Form({"seen_version": ""}).is_valid() and Form({"seen_version": "3"}).is_valid()


def test_a_refusal_at_a_field_names_it_once():
    class Form(Typed):
        celsius = NumberField(label="Nhiệt độ (°C)")

    form = Form({"celsius": "99"})
    assert form.is_valid()
    form.refuse(Refused("bad", "Nhiệt độ (°C): Hãy xem lại nhiệt kế.", field="celsius"))
    assert form.errors == {"celsius": ["Hãy xem lại nhiệt kế."]}


def test_a_field_takes_what_is_offered_and_tells_it_with_groups_opened():
    class Form(Typed):
        hamlet = forms.ChoiceField(label="Thôn")

    form = Form({"hamlet": "2"})
    offer(form, "hamlet", ((code, f"Thôn {code}") for code in "12"))
    assert form.is_valid() and offered(form.fields["hamlet"]) == [("1", "Thôn 1"), ("2", "Thôn 2")]
    offer(form, "hamlet", [("Nhóm", [("3", "Thôn 3")]), (4, "Thôn 4")])
    assert offered(form.fields["hamlet"]) == [("3", "Thôn 3"), ("4", "Thôn 4")]
