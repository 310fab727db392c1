"""What the fields of a form say in their own words."""

import pytest
from django import forms

from tramyte.care.people.typed import Typed
from tramyte.engine.registers.fields import DayField, TextField, YesNoField, required_words


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
