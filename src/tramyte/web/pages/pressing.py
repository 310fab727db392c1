"""What cannot wait for the next composing of Việc hôm nay: asked anew at every look, in a few quick queries."""

import datetime

from django.urls import reverse

from tramyte.care.adverse_events.lists import pressing as severe_events
from tramyte.care.adverse_events.queries import open_events
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, visible
from tramyte.station.cold_chain import queries as cold_chain

BACK = datetime.timedelta(days=1)


def now(user: User) -> list[dict[str, str]]:
    """Notices on top of a user's home page: kind, icon, title, text, url, action. Nothing here names a person."""
    return [*_severe(user), *_temperatures(user), *_follow_ups(user)]


def _severe(user: User) -> list[dict[str, str]]:
    """Severe events after vaccination of which nobody above was told, for whoever is to report them."""
    if not may(user, "reactions.report"):
        return []
    return [{
        "kind": "late", "icon": "urgent", "title": one["title"], "text": "Báo cáo Sở Y tế và CDC tỉnh, dừng lô, hỏi thăm người cùng lô.", "url": reverse("reaction", args=[one["id"]]), "action": "Mở phiếu",
    } for one in severe_events(user)]


def _temperatures(user: User) -> list[dict[str, str]]:
    """Refrigerators out of range of which nobody said what was done, and readings of yesterday and today that are missing."""
    if not may(user, "vaccines.write"):
        return []
    url, today, made = reverse("cold-chain"), clock.today(), []
    if outside := visible(user, cold_chain.open_excursions(), "vaccines.write").count():
        made.append({"kind": "late", "icon": "thermometer", "title": f"{outside} lần nhiệt độ vắc xin ngoài khoảng", "text": "Chưa ghi đã làm gì.", "url": url, "action": "Ghi xử trí"})
    held = list(visible(user, cold_chain.equipment(), "vaccines.write"))
    if held and (missing := cold_chain.missing(held, today - BACK, today)):
        made.append({"kind": "due", "icon": "thermometer", "title": f"Thiếu {len(missing)} lần ghi nhiệt độ tủ vắc xin", "text": _told(missing), "url": url, "action": "Ghi nhiệt độ"})
    return made


def _follow_ups(user: User) -> list[dict[str, str]]:
    """People whose reaction is not over and who are to be asked about by today."""
    count = visible(user, open_events(clock.today()), "reactions.write").count() if may(user, "reactions.write") else 0
    if not count:
        return []
    return [{"kind": "due", "icon": "first-aid-kit", "title": f"{count} người có phản ứng sau tiêm đến hạn hỏi lại", "text": "", "url": reverse("reactions"), "action": "Mở danh sách"}]


def _told(missing: list[cold_chain.Missing]) -> str:
    """The first two by name."""
    named = [f"{one.code} {cold_chain.PARTS[part]} {day:%d/%m}" for one, day, part in missing[:2]]
    return f"{', '.join(named)}{f' và {len(missing) - 2} lần khác' if len(missing) > 2 else ''}."
