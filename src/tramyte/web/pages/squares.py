"""A QR code drawn on a page, by the server."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tramyte.engine.documents.qr import qr_path


def qr_svg(text: str, label: str) -> SafeString:
    """The QR code of a text, with `label` for whoever does not see it. Raises ValueError for a text that is too long."""
    path, side = qr_path(text)
    return format_html(
        '<svg class="qr" width="{3}" height="{3}" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        side, label, path, 4 * side)
