"""What stands around every page: the menu of what this user may open, the place, the day."""

import os
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from tramyte.engine import clock
from tramyte.engine.access.lent import Lent
from tramyte.engine.access.models import Assignment
from tramyte.engine.access.rights import assignments, home_place, may, sees_people, unit_of
from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.queries import commune_of
from tramyte.governance.tasks.queries import unread_count
from tramyte.web import storage


@dataclass(frozen=True)
class Item:
    """One line of the menu. `people`: only for those who may see persons."""

    label: str
    icon: str
    name: str
    permission: str
    people: bool = False
    part: str = ""


@dataclass(frozen=True)
class Shown:
    """A line of the menu as a page shows it."""

    label: str
    url: str
    icon: str
    current: bool
    count: int = 0


MENU = (
    Item("Việc hôm nay", "home", "home", ""),
    Item("Người dân", "users", "people", "people.view", people=True, part="/nguoi-dan/"),
    Item("Tiêm chủng", "vaccine", "immunization", "people.view", people=True, part="/tiem-chung/"),
    Item("Phản ứng sau tiêm", "first-aid-kit", "reactions", "reactions.view", people=True, part="/phan-ung/"),
    Item("Nhiệt độ vắc xin", "thermometer", "cold-chain", "vaccines.view", part="/day-chuyen-lanh/"),
    Item("Khám sức khỏe", "stethoscope", "register:checkups", "people.view", people=True),
    Item("Thai sản, dân số", "baby-carriage", "maternal", "maternal.view", people=True, part="/thai-san/"),
    Item("Dinh dưỡng trẻ em", "salad", "nutrition", "people.view", people=True, part="/dinh-duong/"),
    Item("Kỹ thuật của trạm", "packages", "register:station-techniques", "techniques.view"),
    Item("Chỉ đạo - Nhiệm vụ", "gavel", "directives", "directives.view", part="/chi-dao/"),
    Item("Nhiệm vụ", "checklist", "tasks", "tasks.view", part="/nhiem-vu/"),
    Item("Chỉ tiêu", "target-arrow", "targets", "figures.view", part="/chi-tieu/"),
    Item("Báo cáo", "file-text", "reports", "reports.view", part="/bao-cao/"),
    Item("Điều hành một trang", "layout-dashboard", "overview", "overview.view"),
    Item("Hướng dẫn", "help", "guide", "", part="/huong-dan/"),
    Item("Hệ thống", "settings", "system", "audit.view", part="/he-thong/"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of `base.html`: menu, shell_place, shell_unit, shell_role, today, as_of_fixed, clock_behind, unread, lent."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": [], "today": clock.today()}
    place, unit = home_place(user), unit_of(user)
    return {
        "menu": [shown for item in MENU if (shown := _shown(item, request))],
        "shell_place": str(commune_of(place)) if place else "",
        "shell_unit": str(unit) if unit else (str(place) if place else ""),
        "today": clock.today(),
        "as_of_fixed": clock.AS_OF in os.environ,
        "clock_behind": storage.clock_went_back() is not None,
        "unread": unread_count(user),
        "shell_role": ", ".join(dict.fromkeys(_role(held) for held in assignments(user))),
        "lent": [held for held in assignments(user) if isinstance(held, Lent)],
    }


def _role(held: Assignment | Lent) -> str:
    title = ROLES[held.role].title
    return f"thay mặt {held.giver.full_name} ({title})" if isinstance(held, Lent) else title


def _shown(item: Item, request: HttpRequest) -> Shown | None:
    if item.permission and not may(request.user, item.permission):
        return None
    if item.people and not sees_people(request.user):
        return None
    try:
        name, _, argument = item.name.partition(":")
        url = reverse(name, args=[argument] if argument else [])
    except NoReverseMatch:
        return None
    current = request.path == url or bool(item.part and request.path.startswith(item.part))
    return Shown(item.label, url, item.icon, current)
