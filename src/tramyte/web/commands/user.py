"""`tramyte user add`: the first sign-in of a station, and any later one; `tramyte user release`: back in when nobody else can help."""

import argparse
import sys

from tramyte.engine.refused import Refused


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    acts = parser.add_subparsers(dest="what", metavar="VIỆC", required=True)
    add, release = acts.add_parser("add", help="tạo tài khoản"), acts.add_parser("release", help="gỡ bước hai, mở khóa đăng nhập, đặt mật khẩu dùng một lần")
    for one in (add, release):
        one.add_argument("username", metavar="USERNAME", help="tên đăng nhập, ví dụ lethilan")
    add.add_argument("--name", required=True, help="họ và tên")
    add.add_argument("--role", required=True, help="vai trò, ví dụ director, nurse, village_worker, officer, chairman")
    add.add_argument("--place", required=True, metavar="CODE", help="mã địa bàn: xã 5 chữ số, thôn như 00001.01")
    add.add_argument("--unit", metavar="NAME", help="đơn vị, ví dụ 'Trạm Y tế xã'; được tạo nếu xã chưa có")


def run(options: argparse.Namespace) -> int:
    """Create or release the user and print the one-time password."""
    from tramyte.web.commands.main import start_django

    start_django()
    return _release(options.username) if options.what == "release" else _add(options)


def _release(username: str) -> int:
    """Take away the second step, the lock and the password of somebody who cannot sign in and whom nobody else can help."""
    from axes.utils import reset

    from tramyte.engine.access.actions import reset_password
    from tramyte.engine.access.models import User
    from tramyte.engine.access.operator import operator
    from tramyte.engine.access.second_step import has_step, release_sign_in, reset_second_step

    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise Refused("no_user", f"Không có tài khoản {username}. Hãy kiểm tra lại tên đăng nhập.")
    keeper = operator()
    if has_step(user):
        reset_second_step(by=keeper, id=user.pk)
    release_sign_in(by=keeper, id=user.pk)
    reset(username=user.username.lower())
    user, password = reset_password(by=keeper, id=user.pk)
    print(password)
    print(f"Đã gỡ bước hai và mở khóa đăng nhập của {user.username} ({user.full_name}). Mật khẩu trên chỉ dùng một lần: lần đăng nhập đầu phải đổi.", file=sys.stderr)
    return 0


def _add(options: argparse.Namespace) -> int:
    from django.db import transaction

    from tramyte.engine.access.actions import create_user
    from tramyte.engine.access.operator import operator
    from tramyte.engine.places.national import load_units
    from tramyte.web import storage

    storage.upgrade(lambda text: print(text, file=sys.stderr))
    load_units()
    with transaction.atomic():
        place = _place(options.place)
        unit = _unit(place, options.unit) if options.unit else None
        user, password = create_user(by=operator(), username=options.username, full_name=options.name, role=options.role, place=place, unit=unit, reason="bằng lệnh tramyte user add")
    print(password)
    print(f"Đã tạo tài khoản {user.username} ({user.full_name}) ở {place}. Mật khẩu trên chỉ dùng một lần: lần đăng nhập đầu phải đổi.", file=sys.stderr)
    return 0


def _place(code):
    from tramyte.engine import clock
    from tramyte.engine.places.queries import by_code

    place = by_code(code, clock.today())
    if place is None:
        raise Refused("no_place", f"Không có địa bàn mã {code} đang hiệu lực. Mã xã có 5 chữ số theo danh mục từ 01/7/2025; mã thôn như 00001.01.")
    return place


def _unit(place, name):
    """The commune's unit with this code or name; made when there is none, since a fresh home has no units."""
    from tramyte.engine import clock
    from tramyte.engine.access.operator import operator
    from tramyte.engine.audit import chain
    from tramyte.engine.places.models import OrgUnit
    from tramyte.engine.places.queries import commune_of, units_of
    from tramyte.rules.text import fold

    commune, wanted = commune_of(place), fold(name)
    for unit in units_of(commune, clock.today()):
        if wanted in {fold(unit.code), fold(unit.name), *(fold(alias) for alias in unit.aliases)}:
            return unit
    made = OrgUnit(place=commune, code="".join(word[:1] for word in wanted.split())[:30], name=" ".join(name.split())[:150], valid_from=clock.today())
    if OrgUnit.objects.filter(place=commune, code=made.code, valid_to=None).exists():
        made.code = f"{made.code}-{made.pk.hex[-6:]}"[:30]
    made.save(force_insert=True)
    chain.record(by=operator(), action="add_unit", row=made, after=made.plain())
    return made
