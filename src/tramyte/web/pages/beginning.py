"""What a new commune still lacks, as steps on Việc hôm nay of those who can do something about it."""

from typing import Any

from django.urls import reverse

from tramyte.care.people.models import Person
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import may, places
from tramyte.engine.places.models import Facility, OrgUnit, Place
from tramyte.governance.directives.models import Directive

WRITE = "places.write"


def steps_of(user: User) -> list[dict[str, Any]]:
    """The steps of a new commune, each done or with what to do; empty once hamlets, a station, accounts and people are there.

    Keys: title, note, done, url, action (url is empty where another role must do it).
    """
    if not may(user, WRITE):
        return []
    own = places(user, WRITE)
    hamlets = Place.objects.filter(pk__in=own, kind=Place.HAMLET, valid_to=None).count()
    stations = Facility.objects.filter(place__in=own, kind="station", valid_to=None).count()
    accounts = Assignment.objects.filter(place__in=own, entered_in_error=False, user__is_active=True).values("user").distinct().count()
    people = Person.objects.filter(hamlet__in=own).exists()
    if hamlets and stations and accounts > 1 and people:
        return []
    units = OrgUnit.objects.filter(place__in=own, valid_to=None).count()
    directives = Directive.objects.filter(place__in=own, entered_in_error=False).exists()
    where = reverse("system-places")
    return [
        _step("Ghi các thôn", f"{hamlets} thôn" if hamlets else "Người dân, danh sách và y tế thôn đều gắn với thôn.", bool(hamlets), f"{where}?danh-sach=hamlets", "Ghi thôn"),
        _step("Ghi trạm y tế, điểm trạm, trường học", f"{stations} trạm y tế" if stations else "Kỹ thuật và thiết bị đứng theo trạm, điểm trạm.", bool(stations),
              f"{where}?danh-sach=facilities", "Ghi cơ sở"),
        _step("Xem lại các đơn vị của xã", f"{units} đơn vị; nhiệm vụ và báo cáo giao cho đơn vị.", units > 3, f"{where}?danh-sach=units", "Ghi đơn vị"),
        _step("Tạo tài khoản cho mọi người", f"{accounts} tài khoản", accounts > 1, reverse("system-users") if may(user, "users.manage") else "", "Tạo tài khoản",
              "do giám đốc trạm hoặc người quản trị làm"),
        _step("Nhập danh sách người dân", "Từ tệp Excel của Công an xã hoặc phần mềm cũ; xem trước từng dòng." if not people else "đã có người dân", people,
              reverse("register-import", args=["residents"]) if may(user, "people.import") else "", "Nhập từ tệp", "do nhân viên trạm làm"),
        _step("Nhập văn bản chỉ đạo đầu tiên", "Kế hoạch, chỉ thị năm nay: máy tách nhiệm vụ, chỉ tiêu, báo cáo." if not directives else "đã có văn bản", directives,
              reverse("directive-new") if may(user, "directives.write") else "", "Nhập văn bản", "do Phòng Văn hóa - Xã hội làm"),
    ]


def _step(title: str, note: str, done: bool, url: str, action: str, others: str = "") -> dict[str, Any]:
    return {"title": title, "note": note if url or done else f"{note.rstrip('.')} ({others}).", "done": done, "url": url, "action": action}
