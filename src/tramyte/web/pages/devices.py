"""What a browser says of itself (User-Agent), in words a person recognizes."""

import re

BROWSERS = (
    (r"coc_coc_browser", "Cốc Cốc"), (r"Zalo", "Zalo"), (r"FBAN|FBAV", "Facebook"), (r"Edg(e|A|iOS)?/", "Edge"), (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"), (r"Firefox|FxiOS", "Firefox"), (r"CriOS|Chrom(e|ium)/", "Chrome"), (r"Safari", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"), (r"iPad", "iPad"), (r"Android", "điện thoại Android"), (r"CrOS", "Chromebook"), (r"Windows", "máy tính Windows"),
    (r"Mac OS X|Macintosh", "máy Mac"), (r"Linux|X11", "máy tính Linux"),
)
HANDHELD = ("iPhone", "iPad", "điện thoại Android")


def device_words(agent: str) -> str:
    """"Chrome trên máy tính Windows"; what is unknown is called so."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return f"{browser} trên {system}"
    return browser or (f"Trình duyệt trên {system}" if system else "Thiết bị chưa rõ")


def device_icon(agent: str) -> str:
    """A telephone or a browser."""
    return "device-mobile" if _first(SYSTEMS, agent) in HANDHELD else "world"


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((words for pattern, words in table if re.search(pattern, agent)), "")
