"""A QR code as one SVG path: drawn on the server, without script, style or picture file."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # the standard's empty margin, in squares


def qr_svg(text: str, label: str) -> SafeString:
    """The QR code of a text, with `label` for whoever does not see it. Raises ValueError for a text that is too long."""
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    side = len(rows) + 2 * QUIET
    return format_html(
        '<svg class="qr" width="{3}" height="{3}" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        side, label, path, 4 * side)
