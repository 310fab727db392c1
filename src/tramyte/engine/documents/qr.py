"""A QR code as an SVG path: for pages and for paper, without script or picture file."""

QUIET = 4  # the standard's empty margin, in squares


def qr_path(text: str) -> tuple[str, int]:
    """The dark squares of the QR code of a text as an SVG path of unit squares, and the side of the whole with its margin.

    Raises ValueError for a text that is too long.
    """
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return path, len(rows) + 2 * QUIET


def qr_file(text: str) -> str:
    """The QR code of a text as the content of an SVG file."""
    path, side = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>')
