"""The very first page of a new home: which commune this is, and the first account. It is gone once an account exists."""

import hmac
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tramyte.engine import clock
from tramyte.engine.access.actions import create_user
from tramyte.engine.access.models import User
from tramyte.engine.access.operator import operator
from tramyte.engine.places.actions import record_unit
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.national import NEW_SINCE, load_units
from tramyte.engine.places.queries import by_code, units_of, valid_on
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean, fold
from tramyte.web import setup_code

ROLES = {"director": "Giám đốc trạm y tế", "admin": "Quản trị hệ thống"}
LEVELS = (("Xã ", "xã"), ("Phường ", "phường"), ("Đặc khu ", "đặc khu"), ("Thị trấn ", "thị trấn"))
SHOWN = 8


@dataclass(frozen=True)
class Office:
    """A unit that every commune has and that reports know by its code."""

    code: str
    name: str


OFFICES = (Office("ubnd", "Ủy ban nhân dân {level}"), Office("vhxh", "Phòng Văn hóa - Xã hội"), Office("tyt", "Trạm Y tế {level}"))


@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Say what a new home needs, and make its first account for whoever can read the code on the machine itself."""
    if User.objects.exists():
        return redirect("home")
    refused: Refused | None = None
    if request.method == "POST":
        try:
            user, password, commune = _begin(request.POST)
            answer = render(request, "registration/first_password.html", {"account": user, "password": password, "commune": commune})
            answer["Cache-Control"] = "no-store"
            return answer
        except Refused as error:
            refused = error
    context = {"refused": refused, "typed": request.POST, "roles": ROLES, "where": setup_code.path(settings.HOME)}
    setup_code.of(settings.HOME)  # lies on the disk before anybody is told to read it
    return render(request, "registration/first_run.html", context, status=refused.status if refused else 200)


def _begin(typed: Any) -> tuple[User, str, Place]:
    """The first account with its one-time password, in the commune with the offices that reports know."""
    given = clean(typed.get("setup_code", ""))
    if not given or not hmac.compare_digest(given.encode(), setup_code.of(settings.HOME).encode()):
        raise Refused("bad_code", "Mã cài đặt không đúng. Mã hiện trong cửa sổ lệnh đang chạy tramyte serve, và nằm trong tệp ghi ở trên.", field="setup_code")
    role = typed.get("role", "")
    if role not in ROLES:
        raise Refused("bad_role", "Hãy chọn vai trò của tài khoản đầu tiên.", field="role")
    load_units()
    commune = _commune(clean(typed.get("commune", "")))
    with transaction.atomic():
        if User.objects.exists():
            raise Refused("begun", "Đã có người tạo tài khoản đầu tiên. Hãy tải lại trang để đăng nhập.", status=409)
        units = _offices(commune)
        user, password = create_user(
            by=operator(), username=typed.get("username", ""), full_name=typed.get("full_name", ""), role=role, place=commune,
            unit=units["tyt"] if role == "director" else None, reason="tài khoản đầu tiên, lúc cài đặt")
    setup_code.forget(settings.HOME)
    return user, password, commune


def _offices(commune: Place) -> dict[str, OrgUnit]:
    level = next((words for prefix, words in LEVELS if commune.name.startswith(prefix)), "xã")
    there = {unit.code: unit for unit in units_of(commune, clock.today())}
    since = min(NEW_SINCE, clock.today())
    return {one.code: there.get(one.code) or record_unit(
        by=operator(), place=commune, code=one.code, name=one.name.format(level=level), valid_from=since) for one in OFFICES}


def _commune(words: str) -> Place:
    """The commune with this code, or with this name when only one is called so ("Xã Đồng Vân, Ninh Bình" tells two apart)."""
    if words.isdecimal():
        found = by_code(words, clock.today())
        if found is None or found.kind != Place.COMMUNE:
            raise Refused("no_commune", f"Không có xã, phường nào mang mã {words[:10]}. Mã có 5 chữ số theo danh mục từ 01/7/2025; có thể gõ tên thay cho mã.", field="commune")
        return found
    name, _, province = (part.strip() for part in words.partition(","))
    wanted, within = fold(name), fold(province)
    rows = Place.objects.filter(valid_on(clock.today()), kind=Place.COMMUNE).select_related("parent") if wanted else []
    alike = [row for row in rows if wanted in {fold(row.name), _bare(row.name)} and within in fold(str(row.parent))]
    if len(alike) == 1:
        return alike[0]
    if not alike:
        raise Refused("no_commune", f"Không có xã, phường nào tên “{words[:60]}”. Hãy gõ tên sau sắp xếp 01/7/2025, hoặc mã 5 chữ số." if words else
                      "Hãy ghi tên hoặc mã xã, phường của trạm.", field="commune")
    told = "; ".join(f"{row.code} {row.name}, {row.parent}" for row in alike[:SHOWN])
    raise Refused("many_communes", f"Có {len(alike)} nơi tên này: {told}{'…' if len(alike) > SHOWN else ''}. Hãy gõ mã, hoặc thêm tên tỉnh sau dấu phẩy.", field="commune")


def _bare(name: str) -> str:
    """The folded name without its level: "dong van" for "Xã Đồng Vân"."""
    return fold(next((name.removeprefix(prefix) for prefix, _ in LEVELS if name.startswith(prefix)), name))
