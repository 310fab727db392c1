"""What is chosen in no list: forged, or offered no longer. Every form says what, where and what to do, in Vietnamese."""

import re

import pytest
from django import forms
from django.utils.translation import override

from tramyte.care.people.typed import Typed
from tramyte.engine.registers import registry
from tramyte.engine.registers.fields import ChoiceField, RowField, RowsField, field_for, offered, speak

FORGED = ("forged", "-9", "9" * 30, "01890000-0000-7000-8000-000000000000", "<script>", "{}")
CHOICES = [
    pytest.param(book, column, id=f"{book.slug}-{column.path}") for book in registry.registers() for column in book.own
    if isinstance(field_for(column), forms.ChoiceField)]
KINDS = (forms.ChoiceField, forms.TypedChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.ModelMultipleChoiceField)


def of_django(message):
    """Whether Django speaks, in its English or its Vietnamese, or a code or a name of a program shows through."""
    said = {str(words) for kind in KINDS for code, words in kind.default_error_messages.items() if code != "required"}
    with override("en"):
        said |= {str(words) for kind in KINDS for words in kind.default_error_messages.values()}
    beginnings = {re.split(r"%\(|\. ", words)[0] for words in said} - {"", "“"}
    return any(words in message for words in beginnings) or re.search(r"\b(valid|value|choice|None|True|False)\b", message)


def faults(form, name):
    assert not form.is_valid() and name in form.errors, f"{name} took what is in no list"
    return form.errors[name]


def test_the_test_knows_the_words_of_django():
    for field, value in ((forms.ChoiceField(choices=[("1", "một")]), "2"), (forms.MultipleChoiceField(choices=[("1", "một")]), ["2"]), (forms.MultipleChoiceField(), "2")):
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(value)
        assert of_django(refused.value.messages[0])
        with override("en"), pytest.raises(forms.ValidationError) as refused:
            field.clean(value)
        assert of_django(refused.value.messages[0])
    assert CHOICES


@pytest.mark.django_db
@pytest.mark.parametrize(("book", "column"), CHOICES)
def test_a_forged_choice_in_a_book_is_answered_in_words(book, column, cast):
    for forged in FORGED:
        form = book.form(cast.director, {column.path: forged})
        [message] = faults(form, column.path)
        assert not of_django(message) and re.search(r"không có|không còn", message) and "Hãy" in message, message
        assert any(words in message for code, words in offered(form.fields[column.path]) if code), message


def _own_forms(kind):
    for one in kind.__subclasses__():
        if one.__module__.startswith("tramyte."):
            yield one
        yield from _own_forms(one)


def test_every_choice_of_every_form_speaks_for_itself():
    wrong = []
    for form in {*_own_forms(forms.Form)}:
        for name, field in form.base_fields.items():
            if isinstance(field, ChoiceField) or not isinstance(field, forms.ChoiceField):
                continue
            begun = [vars(one)["__init__"].__code__.co_names for one in form.__mro__ if one.__module__.startswith("tramyte.") and "__init__" in vars(one)]
            if not issubclass(form, Typed) and not any("speak" in names for names in begun):
                wrong.append(f"{form.__module__}.{form.__name__}.{name}")
    assert not wrong


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [*KINDS[:3], RowField, RowsField])
@pytest.mark.parametrize("value", [*FORGED, [], ["forged"], ["1", "forged"], "\x00"])
def test_each_kind_of_choice_says_what_to_do(kind, value, cast):
    from tramyte.engine.places.models import Place

    field = kind(label="Thôn", **({"queryset": Place.objects.all()} if issubclass(kind, forms.ModelChoiceField) else {"choices": [("1", "một")]}))
    speak(field)
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(value)
    [message] = refused.value.messages
    assert not of_django(message) and "Hãy" in message
