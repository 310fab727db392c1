"""What cannot wait on Việc hôm nay: severe reactions to report, refrigerators out of range, readings and follow-ups that are due.

Composed with the page, and anew at the next look after anything of it was written (`moved`), so that a look costs one query.
"""

import datetime
from typing import Any

from django.db.models import Exists, Q
from django.urls import reverse

from tramyte.care.adverse_events.lists import left_words
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import open_events, present, waiting
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, visible
from tramyte.governance.targets.models import Target
from tramyte.station.cold_chain import queries as cold_chain
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading

BACK = datetime.timedelta(days=1)
MOST = 5
Row = dict[str, str]


def rows(user: User, on: datetime.date) -> list[Row]:
    """Notices for a user on a day: kind, icon, title, text, url, action; `until` (ISO) where hours are counted. None names a person."""
    return [*_severe(user), *_temperatures(user, on), *_follow_ups(user, on)]


def shown(kept: list[Row]) -> list[Row]:
    """Kept notices with the hours that are left now."""
    now = present()
    return [row | {"title": f"{row['title']}: {_small(left_words(datetime.datetime.fromisoformat(row['until']), now))}"} if row.get("until") else row for row in kept]


def moved(user: User, since: datetime.datetime) -> bool:
    """Whether anything was written since then that a page must not go on without: a notice here, or the level of a target. One query."""
    late: dict[str, Any] = {"updated_at__gt": since}
    return User.objects.filter(pk=user.pk).filter(
        Q(Exists(Target.objects.filter(**late))) | Q(Exists(AdverseEvent.objects.filter(**late))) | Q(Exists(Excursion.objects.filter(**late)))
        | Q(Exists(StorageEquipment.objects.filter(**late))) | Q(Exists(TemperatureReading.objects.filter(on__gte=clock.today() - BACK, **late)))).exists()


def _severe(user: User) -> list[Row]:
    """Severe events of which nobody above was told, for whoever is to report them."""
    return [{
        "kind": "late", "icon": "urgent", "title": f"Tai biến nặng sau tiêm {event.onset_on:%d/%m/%Y}", "until": event.report_until.isoformat(),
        "text": "Báo cáo Sở Y tế và CDC tỉnh, dừng lô, hỏi thăm người cùng lô.", "url": reverse("reaction", args=[event.pk]), "action": "Mở phiếu",
    } for event in visible(user, waiting(), "reactions.report")[:MOST]]


def _temperatures(user: User, on: datetime.date) -> list[Row]:
    """Refrigerators out of range of which nobody said what was done, and readings of yesterday and today that are missing."""
    if not may(user, "vaccines.write"):
        return []
    url, made = reverse("cold-chain"), []
    if outside := visible(user, cold_chain.open_excursions(), "vaccines.write").count():
        made.append({"kind": "late", "icon": "thermometer", "title": f"{outside} lần nhiệt độ vắc xin ngoài khoảng", "text": "Chưa ghi đã làm gì.", "url": url, "action": "Ghi xử trí"})
    held = list(visible(user, cold_chain.equipment(), "vaccines.write"))
    if held and (missing := cold_chain.missing(held, on - BACK, on)):
        made.append({"kind": "due", "icon": "thermometer", "title": f"Thiếu {len(missing)} lần ghi nhiệt độ tủ vắc xin", "text": _told(missing), "url": url, "action": "Ghi nhiệt độ"})
    return made


def _follow_ups(user: User, on: datetime.date) -> list[Row]:
    """How many are to be asked about by today whose reaction is not over."""
    count = visible(user, open_events(on), "reactions.write").count()
    if not count:
        return []
    return [{"kind": "due", "icon": "first-aid-kit", "title": f"{count} người có phản ứng sau tiêm đến hạn hỏi lại", "text": "", "url": reverse("reactions"), "action": "Mở danh sách"}]


def _told(missing: list[cold_chain.Missing]) -> str:
    """The first two by name."""
    named = [f"{one.code} {cold_chain.PARTS[part]} {day:%d/%m}" for one, day, part in missing[:2]]
    return f"{', '.join(named)}{f' và {len(missing) - 2} lần khác' if len(missing) > 2 else ''}."


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
