"""What app.js and charts.js do, in a real browser, under the content policy of the pages, without a server."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Engine
from django.test import RequestFactory

pytestmark = pytest.mark.browser

WEB = Path(__file__).resolve().parents[2] / "src" / "tramyte" / "web"
ORIGIN = "http://tramyte.test"
POLICY = "default-src 'self'; img-src 'self' data:"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
CONTENT = """{% extends "base.html" %}{% block heading %}Mẫu{% endblock %}{% block content %}
<button class="btn" type="button" data-key="n">Thêm người <span class="kbd">N</span></button>
<button class="btn" type="button" data-open="sure">Khóa</button>
{% include "components/confirm.html" with id="sure" title="Khóa?" text="Không sửa được nữa." action="Khóa" danger=True url="/done" %}
<form data-bulk><table class="tbl reg fold"><thead><tr><th class="pick"><input type="checkbox" data-tick-all aria-label="Chọn cả trang"></th>
<th>Tên</th></tr></thead><tbody>{% for name in names %}<tr data-href="/person"><td class="pick"><input type="checkbox" name="id" data-tick
value="{{ forloop.counter }}" aria-label="Chọn {{ name }}"></td><td><a class="who" href="/person">{{ name }}</a></td></tr>{% endfor %}</tbody></table>
{% include "components/bulk.html" with total=38 actions=actions %}</form>
<form class="card form" action="/done" data-draft="shot" data-enter-next><input type="hidden" name="seen_version" value="5"><div class="in grid-f">
{% include "components/field.html" with field=form.day span=4 %}{% include "components/field.html" with field=form.lot span=4 %}</div>
<footer class="row-x save"><button class="btn btn-primary" data-save>Lưu</button><span data-draft-said></span></footer></form>
{% include "components/chart.html" with kind="trend" id="t" data=trend text="Từ 90 lên 92" %}
{% include "components/chart.html" with kind="bars" id="b" data=bars text="Bãi Sậy 70" %}
{% endblock %}{% block scripts %}{% include "components/chart_scripts.html" %}{% endblock %}"""

TWO = """{% extends "base.html" %}{% block heading %}Hai bản khác nhau{% endblock %}{% block content %}
<form action="/done" data-unsaved><button class="btn btn-primary" data-save>Lưu giá trị đã chọn</button><a class="btn" href="/stored" data-stored>Giữ bản đang lưu</a></form>
{% endblock %}"""


class Shot(forms.Form):
    """Two fields."""

    day = forms.DateField(label="Ngày tiêm")
    lot = forms.CharField(label="Số lô", required=False)


def html(source):
    """A page as the server would send it, with its static files under /static/."""
    engine = Engine(dirs=[WEB / "templates"], builtins=["tramyte.web.templatetags.tramyte"])
    context = {
        "request": RequestFactory().get("/"), "user": SimpleNamespace(is_authenticated=True, pk=7, full_name="Hà"),
        "menu": [SimpleNamespace(lines=[SimpleNamespace(label="Việc hôm nay", url="/", icon="home", count=3, current=True)])], "today": date(2026, 6, 3),
        "form": Shot(), "names": ["Đoàn Thị Vân", "Phạm Quang Hợi"], "actions": [{"label": "Giao việc"}],
        "trend": {"labels": ["T1", "T2", "T3"], "actual": [90.1, 92.4, None], "forecast": [None, 92.4, 94], "target": 95, "operator": "ge", "unit": "%"},
        "bars": {"labels": ["Bãi Sậy"], "values": [70], "notes": ["7/10"], "target": 95, "operator": "ge", "unit": "%"},
    }  # fmt: skip
    return engine.from_string(source).render(Context(context))


def answer(route):
    """Play the server: pages from the template above, static files from the disk."""
    address = route.request.url.removeprefix(ORIGIN).split("?")[0]
    if "/tramyte/" in address:
        file = WEB / "static" / "tramyte" / address.split("/tramyte/", 1)[1]
        route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        return
    source = {"/": CONTENT, "/two": TWO}.get(address, '{% extends "base.html" %}{% block heading %}Xong{% endblock %}')
    route.fulfill(body=html(source), content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@pytest.fixture(params=[(1366, 768), (360, 740)], ids=["pc", "phone"])
def page(browser, request):
    """The page of CONTENT; a script error or a breach of the content policy fails the test."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    opened, complaints = context.new_page(), []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    opened.route(f"{ORIGIN}/**", answer)
    opened.goto(f"{ORIGIN}/")
    opened.is_phone = width < 768
    yield opened
    context.close()
    assert complaints == []


def test_slash_searches_and_question_mark_lists_the_keys_of_the_page(page):
    page.evaluate("document.getElementById('menu').insertAdjacentHTML('beforebegin', '<input data-find id=find>')")
    page.keyboard.press("Slash")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Shift+Slash")
    assert not page.evaluate("document.getElementById('keys').open"), "typed into a field, not a command"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+Slash")
    assert "Thêm người" in page.inner_text("#keys")


def test_letters_can_be_turned_off(page):
    page.evaluate("document.querySelector('[data-key=n]').addEventListener('click', () => { window.hits = (window.hits || 0) + 1; })")
    page.keyboard.press("n")
    assert page.evaluate("window.hits") == 1
    page.evaluate("localStorage.setItem('keys-off', '1')")
    page.keyboard.press("n")
    assert page.evaluate("window.hits") == 1


def test_dates_are_completed_on_leaving(page):
    cases = [("3/6", "03/06/2026"), ("0306", "03/06/2026"), ("3.6.25", "03/06/2025"), ("03062026", "03/06/2026"), ("31/2", "31/2"), ("abc", "abc")]
    for typed, left in cases:
        page.fill("#id_day", typed)
        page.focus("#id_lot")
        assert page.input_value("#id_day") == left


def test_draft_is_kept_until_the_save_succeeded(page):
    page.fill("#id_lot", "SOI-2602")
    page.get_by_text("Nháp giữ lúc").wait_for()
    page.reload()
    assert page.input_value("#id_lot") == "SOI-2602"
    page.fill("#id_day", "3/6")
    page.focus("#id_lot")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/done*")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft'))") == []


def test_a_draft_over_an_older_version_is_sent_as_such(page):
    seen = "document.querySelector('form[data-draft] [name=seen_version]').value"
    page.evaluate(f"{seen} = '4'")  # what the page said when it was opened; the server says 5 since
    page.fill("#id_lot", "SOI-2602")
    page.get_by_text("Nháp giữ lúc").wait_for()
    page.reload()
    assert (page.input_value("#id_lot"), page.evaluate(seen)) == ("SOI-2602", "4"), "else the save would overwrite version 5 unseen"
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.evaluate(seen) == "5"


def drafts(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft'))")


def sends_what_another_saved_meanwhile(page) -> None:
    page.evaluate("document.querySelector('form[data-draft]').action = '/two'")
    page.fill("#id_day", "03/06/2026")
    page.fill("#id_lot", "SOI-2602")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/two*")


@pytest.mark.parametrize("choice", ["Lưu giá trị đã chọn", "Giữ bản đang lưu"])
def test_a_draft_stays_until_one_of_two_versions_is_chosen(page, choice):
    sends_what_another_saved_meanwhile(page)
    assert drafts(page) and page.locator("[data-state=draft]").is_visible() and not page.locator("[data-state=ok]").is_visible()
    page.get_by_text(choice).click()
    page.wait_for_url("**/done*" if choice.startswith("Lưu") else "**/stored")
    assert drafts(page) == []


def test_who_leaves_two_versions_unanswered_finds_the_draft_again(page):
    sends_what_another_saved_meanwhile(page)
    page.goto(f"{ORIGIN}/")
    assert page.input_value("#id_lot") == "SOI-2602"


def test_drafts_do_not_outlive_the_sign_out(page):
    page.fill("#id_lot", "SOI-2602")
    page.get_by_text("Nháp giữ lúc").wait_for()
    page.click(".t-drop summary")
    page.click("[data-signout] button")
    page.wait_for_url("**/dang-xuat/")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft'))") == []


def test_enter_goes_to_the_next_field(page):
    page.focus("#id_day")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_lot"


def test_ticked_rows_show_the_bulk_bar(page):
    assert not page.is_visible("[data-bulk-bar]")
    page.check("[data-tick][value='2']")
    assert page.inner_text("[data-bulk-count]") == "1"
    assert page.is_visible("[data-bulk-bar]")
    page.click("[data-bulk-none]")
    assert not page.is_visible("[data-bulk-bar]")


def test_dialog_puts_the_safe_button_first(page):
    page.click("[data-open=sure]")
    assert page.is_visible("#sure")
    assert page.evaluate("document.activeElement.hasAttribute('data-close')")
    page.keyboard.press("Escape")
    assert not page.is_visible("#sure")


def test_menu_is_a_drawer_on_a_phone_and_narrows_on_a_pc(page):
    page.click("[data-menu-button]")
    if page.is_phone:
        assert page.is_visible("#menu a")
        page.keyboard.press("Escape")
        assert not page.is_visible("#menu a")
    else:
        assert page.evaluate("document.body.dataset.choice") == "narrow"
        assert "menu=narrow" in page.evaluate("document.cookie")


def test_charts_are_drawn_as_svg_with_their_target(page):
    page.wait_for_selector("figure[data-chart=trend] svg text")
    assert "Giao ≥ 95" in page.inner_html("figure[data-chart=trend] svg")
    assert "7/10" in page.inner_html("figure[data-chart=bars] svg")


def test_a_second_click_on_save_sends_nothing_again_until_the_page_comes_back(page):
    sent = page.evaluate("""() => {
        const form = document.querySelector("form[data-draft]"), sent = [];
        form.method = "post";
        form.elements.day.value = "03/06/2026";
        document.addEventListener("submit", (event) => { if (!event.defaultPrevented) sent.push(event); event.preventDefault(); });
        const counts = [1, 2].map(() => { form.querySelector("[data-save]").click(); return sent.length; });
        window.dispatchEvent(new Event("pageshow"));
        form.querySelector("[data-save]").click();
        return [...counts, sent.length];
    }""")
    assert sent == [1, 1, 2]


def test_toast_from_the_server_offers_undo(page):
    page.evaluate("document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Đã giao <b>13</b> trẻ.', undo: '/undo'}}))")
    assert "Đã giao <b>13</b> trẻ." in page.inner_text("[data-toasts]")
    assert page.get_attribute("[data-toasts] form", "action") == "/undo"


def test_page_fits_and_axe_finds_nothing(page):
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_selector("figure[data-chart=trend] svg text")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert [(item["id"], item["nodes"][0]["html"]) for item in found.response["violations"]] == []
