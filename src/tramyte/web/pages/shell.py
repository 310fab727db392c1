"""What stands around every page: the menu of what this user may open, the place, the day."""

import os
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tramyte.engine import clock
from tramyte.engine.access.lent import Lent
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import assignments, home_place, may, sees_people, unit_of
from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.queries import commune_of
from tramyte.governance.tasks.queries import unread_count
from tramyte.web import storage


@dataclass(frozen=True)
class Item:
    """One line of the menu. `people`: only for those who may see persons. `part`: what the addresses of its pages begin with."""

    label: str
    icon: str
    name: str
    permission: str
    people: bool = False
    part: str = ""
    group: str = ""


@dataclass(frozen=True)
class Shown:
    """A line of the menu as a page shows it."""

    label: str
    url: str
    icon: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Block:
    """Lines of the menu that stand together: under a heading that folds them, or without one."""

    lines: list[Shown]
    key: str = ""
    label: str = ""
    icon: str = ""
    open: bool = True


GROUPS = {"programmes": ("Chương trình", "heartbeat")}
FEW = 2  # lines that need no heading
CLOSED = "closed"  # the cookie with the keys of the groups that somebody folded
MENU = (
    Item("Việc hôm nay", "home", "home", ""),
    Item("Người dân", "users", "people", "people.view", people=True, part="/nguoi-dan/"),
    Item("Khám sức khỏe", "stethoscope", "register:checkups", "people.view", people=True),
    Item("Tiêm chủng", "vaccine", "immunization", "people.view", people=True, part="/tiem-chung/", group="programmes"),
    Item("Buổi tiêm", "calendar-event", "vaccinations", "care.write", people=True, part="/tiem-chung/buoi/", group="programmes"),
    Item("Phản ứng sau tiêm", "first-aid-kit", "reactions", "reactions.view", people=True, part="/phan-ung/", group="programmes"),
    Item("Nhiệt độ vắc xin", "thermometer", "cold-chain", "vaccines.view", part="/day-chuyen-lanh/", group="programmes"),
    Item("Thai sản, dân số", "baby-carriage", "maternal", "maternal.view", people=True, part="/thai-san/", group="programmes"),
    Item("Dinh dưỡng trẻ em", "salad", "nutrition", "people.view", people=True, part="/dinh-duong/", group="programmes"),
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
        "menu": _blocks(request),
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


def _blocks(request: HttpRequest) -> list[Block]:
    """What this user may open, the lines of a group together under its heading, unless they are few."""
    allowed = [(item, url) for item in MENU if (url := _address(item, request.user))]
    current = _current(request.path, allowed)
    closed = request.COOKIES.get(CLOSED, "").split(".")
    blocks = []
    for key, members in groupby(allowed, key=lambda one: one[0].group):
        lines = [Shown(item.label, url, item.icon, item is current) for item, url in members]
        if key and len(lines) > FEW:
            label, icon = GROUPS[key]
            blocks.append(Block(lines, key, label, icon, key not in closed or any(line.current for line in lines)))
        else:
            blocks.append(Block(lines))
    return blocks


def _address(item: Item, user: User) -> str:
    """Where a line leads; empty for who may not open it."""
    if (item.permission and not may(user, item.permission)) or (item.people and not sees_people(user)):
        return ""
    name, _, argument = item.name.partition(":")
    return reverse(name, args=[argument] if argument else [])


def _current(path: str, allowed: list[tuple[Item, str]]) -> Item | None:
    """The line of the page at this address: its own, else the one that tells most of the address."""
    near = [(len(item.part), item) for item, url in allowed if path == url or (item.part and path.startswith(item.part))]
    own = next((item for item, url in allowed if path == url), None)
    return own or max(near, key=lambda one: one[0], default=(0, None))[1]
