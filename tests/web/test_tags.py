"""Numbers, dates, ages and states as the pages write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Engine
from django.test import RequestFactory

from tramyte.web.templatetags import drawing, words
from tramyte.web.templatetags import tramyte as tags

TODAY = date(2026, 6, 3)
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (30216, "30.216"), (0, "0"), (-3, "−3"), (1234567, "1.234.567"), (Decimal("0.50"), "0,5"), (None, "–"),
        ("", "–"), ("abc", "–"), (float("nan"), "–"), ("12", "12"), (1000.25, "1.000,25"),
    ],
)  # fmt: skip
def test_number(value, expected):
    assert words.number_words(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(37.83, "37,8 %"), (100, "100,0 %"), (0, "0,0 %"), (99.95, "100,0 %"), (Decimal("2.25"), "2,3 %"), (-0.04, "0,0 %")],
)
def test_percent_has_one_decimal_and_a_space_that_does_not_break(value, expected):
    assert words.percent_words(value) == expected.replace(" ", NBSP)
    assert words.percent_words(None) == "–"


@pytest.mark.parametrize(
    ("top", "bottom", "expected"),
    [(7, 10, "7/10"), (0, 19, "0/19"), (158, 171, "92,4 %"), (10, 20, "50,0 %"), (3, 0, "–"), (None, 10, "–"), (3, None, "–")],
)
def test_ratio_shows_both_numbers_when_the_denominator_is_small(top, bottom, expected):
    assert words.ratio_words(top, bottom) == expected.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("value", "operator", "unit", "expected"),
    [
        (98, "ge", "%", "≥ 98 %"), (98.5, ">=", "%", "≥ 98,5 %"), (15, "le", "%", "≤ 15 %"), (100, "ge", "%", "100 %"),
        (15, "lt", "%", "< 15 %"), (2, "le", "ca", "≤ 2 ca"), (14, "eq", "", "14"), (None, "ge", "%", "–"),
    ],
)  # fmt: skip
def test_target(value, operator, unit, expected):
    assert words.target_words(value, operator, unit) == expected.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("birth", "precision", "long", "expected"),
    [
        (TODAY, "day", False, "0 ngày"),
        (date(2026, 5, 4), "day", False, "30 ngày"),
        (date(2026, 5, 3), "day", False, "1 tháng"),
        (date(2025, 6, 28), "day", False, "11 tháng"),
        (date(2025, 6, 28), "day", True, "11 tháng 6 ngày"),
        (date(2025, 6, 3), "day", True, "12 tháng"),
        (date(2020, 6, 4), "day", False, "71 tháng"),
        (date(2020, 6, 3), "day", False, "6 tuổi"),
        (date(1961, 8, 12), "day", False, "64 tuổi"),
        (date(1948, 7, 1), "month", False, "77 tuổi"),
        (date(2025, 7, 1), "month", True, "11 tháng"),
        (date(1954, 1, 1), "year", False, "≈ 72 tuổi"),
        (date(2026, 6, 4), "day", False, "–"),
        (None, "day", False, "–"),
    ],
)
def test_age(birth, precision, long, expected):
    assert words.age_words(birth, precision, TODAY, long=long).replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("birth", "today", "expected"),
    [
        (date(2025, 1, 31), date(2025, 3, 1), "1 tháng 1 ngày"),
        (date(2024, 2, 29), date(2025, 2, 28), "11 tháng 30 ngày"),
        (date(2024, 2, 29), date(2025, 3, 1), "12 tháng 1 ngày"),
        (date(2024, 12, 31), date(2025, 3, 30), "2 tháng 30 ngày"),
    ],
)
def test_age_at_the_end_of_a_month(birth, today, expected):
    assert words.age_words(birth, "day", today, long=True).replace(NBSP, " ") == expected


@pytest.mark.parametrize(
    ("due", "text", "kind"),
    [
        (date(2026, 5, 25), "Trễ 9 ngày", "late"), (date(2026, 6, 9), "Còn 6 ngày", "due"), (TODAY, "Hôm nay", "due"),
        (date(2026, 6, 10), "Còn 7 ngày", "due"), (date(2026, 6, 11), "Còn 8 ngày", "off"), (None, "–", "unk"),
    ],
)  # fmt: skip
def test_deadline(due, text, kind):
    assert words.late_words(due, TODAY).replace(NBSP, " ") == text
    assert words.late_kind(due, TODAY) == kind


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("033161001227", "", "033 161 •••• 27"), ("GD4332719123458", "", "GD4 33 2719 •••• 58"),
        ("0912345318", "", "09•• ••• 318"), ("2719123458", "card", "271 ••••• 58"), ("123456789", "identity", "123 •••• 89"),
        ("1234", "identity", "••••"), (None, "", "–"), ("", "card", "–"),
    ],
)  # fmt: skip
def test_masked(value, kind, expected):
    assert words.masked_words(value, kind) == expected


def test_days_and_moments_are_local():
    evening = datetime(2026, 6, 2, 20, 40, tzinfo=UTC)
    assert tags.moment(evening) == "03/06/2026, 03:40"
    assert tags.day(evening) == "03/06/2026"
    assert tags.hour(evening) == "03:40"
    assert tags.weekday(TODAY) == "Thứ Tư 03/06/2026"
    assert tags.month(TODAY) == "06/2026"
    assert tags.day_short(TODAY) == "03/06"
    assert [f(None) for f in (tags.moment, tags.day, tags.hour, tags.weekday, tags.month, tags.day_short)] == ["–"] * 6


@pytest.mark.parametrize(
    ("precision", "expected"), [("day", "03/06/2026"), ("month", "06/2026"), ("year", "2026"), ("", "03/06/2026")]
)
def test_birth_date_as_far_as_it_is_known(precision, expected):
    assert words.birth_words(TODAY, precision) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(900, "15 phút"), (61, "2 phút"), (0, "1 phút")])
def test_minutes(seconds, expected):
    assert tags.minutes(timedelta(seconds=seconds)).replace(NBSP, " ") == expected
    assert tags.minutes(None) == "–"


def test_money():
    assert tags.money(687500) == f"687.500{NBSP}đ"
    assert tags.money(None) == "–"


@pytest.mark.parametrize(
    ("address", "changes", "expected"),
    [
        ("/x?q=lan&page=2", {"page": 3}, "?q=lan&page=3"),
        ("/x?q=lan&page=2", {"page": None}, "?q=lan"),
        ("/x?thon=1&thon=2", {"page": 1}, "?thon=1&thon=2&page=1"),
        ("/x", {"page": ""}, "?"),
    ],
)
def test_query_with_keeps_the_other_parameters(address, changes, expected):
    request = RequestFactory().get(address)
    assert tags.query_with(Context({"request": request}), **changes) == expected
    assert tags.query_with(Context(), request, **changes) == expected


@pytest.mark.parametrize(
    ("value", "target", "operator", "fill", "tick"),
    [
        (70, 95, "ge", "70.00%", "95.00%"), (16.5, 15, "le", "55.00%", "50.00%"), (120, 100, "ge", "100.00%", "100.00%"),
        (-5, None, "ge", "0.00%", None), (None, 95, "ge", None, "95.00%"),
    ],
)  # fmt: skip
def test_bar(value, target, operator, fill, tick):
    svg = drawing.bar(value, target, operator)
    assert (f'class="fill" y="3" width="{fill}"' in svg) == (fill is not None)
    assert (f'class="tick" x="{tick}"' in svg) == (tick is not None)
    assert "style" not in svg
    assert 'aria-label="' in svg


def test_sparkline_breaks_at_gaps_and_draws_the_forecast_at_the_end():
    svg = drawing.sparkline([1, 2, None, 4], target=5, forecast=6)
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 2
    assert 'class="goal"' in svg
    assert drawing.sparkline([None, None]) == drawing.sparkline("") == drawing.sparkline(None) == ""
    assert drawing.sparkline([5]).count("<circle") == 1


def test_icon_is_hidden_unless_it_has_a_label():
    assert 'aria-hidden="true"' in tags.icon("home")
    assert 'aria-label="Nhà &lt;b&gt;"' in tags.icon("home", label="Nhà <b>")
    assert "icons.svg#home" in tags.icon("home")


def test_message_kind():
    assert [tags.message_kind(text) for text in ("success", "toast warning", "error", "info", "")] == ["ok", "due", "late", "", ""]


def test_tags_work_in_a_template():
    engine = Engine(builtins=["tramyte.web.templatetags.tramyte"])
    template = engine.from_string('{{ 37.83|percent }}|{{ 7|ratio:10 }}|{{ d|late:t }}|{% age b "year" t %}|{{ 98|comparator:"ge" }}')
    text = template.render(Context({"d": date(2026, 6, 9), "t": TODAY, "b": date(1954, 1, 1)}))
    assert text.replace(NBSP, " ") == "37,8 %|7/10|Còn 6 ngày|≈ 72 tuổi|≥ 98 %"


@pytest.mark.parametrize(("error", "said"), [("Hãy ghi số.", "PARA: Hãy ghi số."), ("PARA gồm bốn chữ số.", "PARA gồm bốn chữ số.")])
def test_a_fault_names_its_field_once(error, said):
    class Asked(forms.Form):
        para = forms.CharField(label="PARA")

    form = Asked({"para": "1"})
    form.add_error("para", error)
    assert tags.fault(form["para"]) == said
