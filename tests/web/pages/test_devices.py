"""What the page of an account shows of devices: the browser of a session in words, the square that a telephone scans."""

import re

import pytest

from tramyte.web.pages.devices import device_icon, device_words
from tramyte.web.pages.squares import qr_svg


@pytest.mark.parametrize(("agent", "words", "icon"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "Chrome trên máy tính Windows", "world"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge trên máy tính Windows", "world"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/126.0 Chrome/120.0 Safari/537.36", "Cốc Cốc trên máy tính Windows", "world"),
    ("Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36", "Samsung Internet trên điện thoại Android", "device-mobile"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1", "Chrome trên iPhone", "device-mobile"),
    ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 Zalo android/24", "Zalo trên điện thoại Android", "device-mobile"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15", "Safari trên máy Mac", "world"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox trên máy tính Linux", "world"),
    ("curl/8.5.0", "Thiết bị chưa rõ", "world"), ("", "Thiết bị chưa rõ", "world"), ("<b>Windows</b>", "Trình duyệt trên máy tính Windows", "world"),
])
def test_a_browser_in_words(agent, words, icon):
    assert (device_words(agent), device_icon(agent)) == (words, icon)


def test_the_qr_code_is_one_path_without_style_or_script():
    import qrcode

    drawn = qr_svg("otpauth://totp/tramyte:lan?secret=JBSWY3DPEHPK3PXP", 'Mã "QR"')
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data("otpauth://totp/tramyte:lan?secret=JBSWY3DPEHPK3PXP")
    code.make(fit=True)
    squares = {(int(x) - 4, int(y) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)}
    assert squares == {(x, y) for y, row in enumerate(code.get_matrix()) for x, dark in enumerate(row) if dark}
    assert "style=" not in drawn and "<script" not in drawn and "&quot;QR&quot;" in drawn
