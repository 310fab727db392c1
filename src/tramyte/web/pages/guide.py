"""Hướng dẫn: the user guide of docs/huong-dan, shown inside the product."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from tramyte.engine.refused import not_found

INSIDE = Path(__file__).parents[1] / "guide"  # where the wheel puts docs/huong-dan
CHECKOUT = Path(__file__).parents[4] / "docs" / "huong-dan"
# The pages in reading order; each is the file SLUG.md and, when there, the picture pictures/SLUG.png.
PAGES = (
    "bat-dau", "tai-khoan", "van-ban", "chi-tieu", "tim-nguoi", "tham-ho", "ho-so-suc-khoe", "trung-ho-so", "bao-hiem", "quyen-du-lieu", "so", "nhap-excel", "tiem-chung", "kham-suc-khoe", "ba-me-tre-em", "dinh-duong", "ky-thuat", "dia-ban", "nhiem-vu", "bao-cao", "chu-tich", "quan-tri", "ung-dung",
)


@dataclass(frozen=True)
class Page:
    """A page of the guide: slug, title (its first heading), first sentence, body as HTML, whether it has a picture."""

    slug: str
    title: str
    lead: str
    body: SafeString
    picture: bool


def folder() -> Path:
    """Where the guide's files are: inside the installed package, else in the checkout."""
    return INSIDE if INSIDE.is_dir() else CHECKOUT


@cache
def read_page(slug: str) -> Page | None:
    """One page of the guide; None for an unknown one. Raw HTML in the text is shown as text."""
    if slug not in PAGES:
        return None
    from markdown_it import MarkdownIt

    text = (folder() / f"{slug}.md").read_text(encoding="utf-8")
    heading, _, rest = text.partition("\n")
    paragraphs = [part.strip() for part in rest.split("\n\n") if part.strip()]
    lead = paragraphs[0] if paragraphs else ""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render("\n\n".join(paragraphs[1:]))
    html = re.sub(r'href="([a-z-]+)\.md"', r'href="../\1/"', html).replace("<table>", '<table class="tbl">')
    return Page(slug, heading.lstrip("# ").strip(), lead, mark_safe(html), (folder() / "pictures" / f"{slug}.png").is_file())


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The list of the guide's pages."""
    return render(request, "guide/contents.html", {"pages": [read_page(slug) for slug in PAGES]})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the guide."""
    found = read_page(slug)
    if found is None:
        raise not_found("trang hướng dẫn này")
    place = PAGES.index(slug)
    near = {"previous": read_page(PAGES[place - 1]) if place else None, "following": read_page(PAGES[place + 1]) if place + 1 < len(PAGES) else None}
    return render(request, "guide/page.html", {"page": found, "pages": [read_page(one) for one in PAGES], **near})


@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of a page."""
    found = read_page(slug)
    if found is None or not found.picture:
        raise not_found("hình này")
    return HttpResponse((folder() / "pictures" / f"{slug}.png").read_bytes(), content_type="image/png")
