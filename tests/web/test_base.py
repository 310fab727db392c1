"""The base page: landmarks, menu, banner of the fixed day, account menu; and the components in their states."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.test import RequestFactory

TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "tramyte" / "web" / "templates"
ENGINE = Engine(dirs=[TEMPLATES], builtins=["tramyte.web.templatetags.tramyte"])
USER = SimpleNamespace(is_authenticated=True, pk=1, get_full_name="Trần Thị Thu Hà", get_username="ha")
MENU = [
    SimpleNamespace(lines=[SimpleNamespace(label="Việc hôm nay", url="/", icon="home", count=1051, current=True)]),
    SimpleNamespace(key="programmes", label="Chương trình", icon="heartbeat", open=False, lines=[
        SimpleNamespace(label="Thai sản", url="/thai-san/", icon="baby-carriage", count=0, current=False)]),
]


class Shot(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label="Họ và tên", help_text="Như trên giấy.")
    lot = forms.CharField(label="Số lô", required=False)
    day = forms.DateField(label="Ngày tiêm")
    way = forms.ChoiceField(label="Đường tiêm", choices=[("1", "Dưới da")], widget=forms.RadioSelect)
    who = forms.ChoiceField(label="Người tiêm", choices=[("1", "Hà")])
    fit = forms.BooleanField(label="Đủ điều kiện")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source, **context):
    request = RequestFactory().get("/?q=lan&page=2")
    return ENGINE.from_string(source).render(Context({"request": request, **context}))


def page(**context):
    source = '{% extends "base.html" %}{% block frame %}narrow{% endblock %}{% block heading %}Tên{% endblock %}'
    return render(source, **{"user": USER, "menu": MENU, "today": date(2026, 6, 3), **context})


def test_base_has_the_frame():
    html = page(shell_place="Trạm Y tế xã A", shell_unit="Trạm chính", unread=3)
    assert html.startswith("<!doctype html>")
    assert '<html lang="vi">' in html
    assert '<a class="skip" href="#main">' in html
    assert 'data-menu="narrow"' in html
    assert 'href="/" title="Việc hôm nay" aria-current="page"' in html
    assert "1.051" in html
    assert "<h1>Tên</h1>" in html
    assert 'data-today="2026-06-03"' in html
    assert '<form method="post" action="/dang-xuat/" data-signout>' in html
    assert "Ngày làm việc" not in html


def test_a_group_of_the_menu_folds_and_is_reached_by_keys():
    html = page()
    group = html[html.index('<details class="t-group"'):html.index("</details>", html.index('<details class="t-group"'))]
    assert 'data-group="programmes"><summary title="Chương trình">' in group and 'href="/thai-san/"' in group


def test_fixed_day_is_told():
    assert "Ngày làm việc của bản demo: 03/06/2026" in page(as_of_fixed=True)


def test_names_are_escaped():
    evil = SimpleNamespace(label="<b>x</b>", url="/", icon="home", count=0, current=False)
    assert "&lt;b&gt;x&lt;/b&gt;" in page(menu=[SimpleNamespace(lines=[evil])])
    assert "<b>x</b>" not in page(menu=[SimpleNamespace(lines=[evil])])


def field(name, data=None, **more):
    return render('{% include "components/field.html" %}', field=Shot(data)[name], **more)


def test_field_says_what_is_optional_and_links_its_hint():
    assert "(không bắt buộc)" in field("lot", span=4)
    assert 'class="c-4' in field("lot", span=4)
    html = field("name")
    assert "(không bắt buộc)" not in html
    assert 'aria-describedby="id_name_help"' in html
    assert 'id="id_name_help"' in html


def test_field_with_an_error_has_icon_words_and_repair():
    html = field("day", {"day": "31/02/2026"}, fix="Dùng hôm nay", fix_value="03/06/2026")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_day_error"' in html
    assert 'id="id_day_error"' in html
    assert 'data-fix="03/06/2026"' in html
    assert "#alert-circle" in html
    assert 'value="31/02/2026"' in html


@pytest.mark.parametrize(
    ("name", "expected"),
    [("day", "data-date"), ("way", '<fieldset'), ("who", 'class="form-select"'), ("fit", 'class="check"'), ("secret", 'type="hidden"')],
)
def test_each_kind_of_field_is_drawn(name, expected):
    assert expected in field(name)


def test_error_summary_links_to_the_fields():
    html = render('{% include "components/errors.html" %}', form=Shot({}))
    assert 'role="alert"' in html
    assert 'href="#id_day"' in html
    assert "Những gì đã gõ vẫn được giữ" in html
    assert render('{% include "components/errors.html" %}', form=Shot()).strip() == ""


def test_paging_keeps_the_query():
    html = render('{% include "components/paging.html" with unit="người" %}', page=Paginator(range(1038), 20).page(2))
    assert "21–40" in html
    assert "1.038" in html
    assert "?q=lan&amp;page=3" in html
    assert "Trang 2/52" in html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% state "late" "Quá hạn" %}', "Quá hạn"),
        ('{% include "components/state.html" with kind="ok" icon="check" text="Xong" url="/x" %}', '<a class="st ok" href="/x">'),
        ('{% deadline due today %}', "Còn 6\u00a0ngày"),
        ('{% deadline due today done=True %}', "Xong"),
        ('{% deadline none today %}', "Chưa có hạn"),
        ('{% include "components/bar.html" with value=70 target=95 comparator="ge" %}', 'x="95.00%"'),
        ('{% include "components/sparkline.html" with points=points %}', "polyline"),
        ('{% include "components/message.html" with kind="late" text="Chưa lưu." %}', 'role="alert"'),
        ('{% include "components/empty.html" with title="Trống" url="/a" action="Thêm người" %}', "Thêm người"),
        ('{% include "components/failed.html" with code="7F3A" %}', "7F3A"),
        ('{% include "components/loading.html" with rows="12" %}', 'aria-busy="true"'),
        ('{% include "components/confirm.html" with id="x" title="Khóa?" action="Khóa" danger=True %}', "btn-danger"),
        ('{% include "components/toast.html" with text="Đã giao." undo="/u" %}', "Hoàn tác"),
        ('{% include "components/bulk.html" with total=38 %}', "Chọn cả 38"),
        ('{% include "components/chart.html" with kind="bars" id="c" data=data text="Chữ" %}', 'aria-label="Chữ"'),
    ],
)  # fmt: skip
def test_components_render(source, expected):
    context = {"due": date(2026, 6, 9), "today": date(2026, 6, 3), "none": None, "points": [1, 2], "data": {"values": [1]}}
    assert expected in render(source, **context)


def test_lists_in_components():
    views = [{"label": "Toàn trạm", "url": "?a", "current": True}, {"label": "Của tôi", "url": "?b", "count": 0}]
    assert render('{% include "components/segment.html" %}', views=views).count("aria-current") == 1
    assert '<b class="num">0</b>' in render('{% include "components/tabs.html" %}', tabs=views)
    figures = [{"label": "Hiện đạt", "value": "92,4 %", "url": "/x"}, {"label": "Giao", "value": "≥ 95 %"}]
    assert render('{% include "components/figures.html" %}', figures=figures).count("<b") == 2
    steps = [{"label": "Nháp", "icon": "pencil", "state": "now"}, {"label": "Đã gửi", "icon": "send"}]
    assert 'aria-current="step"' in render('{% include "components/steps.html" %}', steps=steps)
    items = [{"day": date(2026, 5, 25), "title": "Hẹn", "next": True}, {"day": "2025", "title": "Khám"}]
    html = render('{% include "components/timeline.html" %}', items=items)
    assert "25/05/2026" in html
    assert "<time>2025</time>" in html
    chips = [{"label": "Thôn", "value": "Đông Hạ", "url": "?"}]
    assert "Bỏ lọc Thôn" in render('{% include "components/chips.html" with clear="?" total=3 unit="người" %}', chips=chips)
