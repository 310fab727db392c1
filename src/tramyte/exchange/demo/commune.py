"""The invented commune itself: its place among the real units, hamlets, facilities, offices and users."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.operator import operator
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Facility, OrgUnit, Place
from tramyte.engine.places.national import NEW_SINCE, load_units
from tramyte.exchange.demo.shapes import HamletSpec

CODE, NAME, PROVINCE = "00001", "Xã Đồng Vân", "37"
SOURCE = "Xã bịa để trình diễn"
PASSWORD = "dong-van-2026"
HAMLETS = (
    ("Thôn Đông Hạ", 1.2), ("Thôn Đông Thượng", 1.0), ("Thôn Vân Sơn", 1.1), ("Thôn Vân Trung", 0.9), ("Thôn Trung Lập", 1.0),
    ("Thôn Phú Lương", 0.8), ("Thôn An Cư", 0.9), ("Thôn An Lạc", 0.7), ("Thôn Quyết Tiến", 1.1), ("Thôn Bến Chợ", 1.3),
    ("Thôn Gò Đình", 0.6), ("Thôn Suối Ngang", 0.5),
)
SITES = ((0, "Trạm Y tế xã Đồng Vân", "station"), (2, "Điểm trạm Vân Sơn", "site"), (8, "Điểm trạm Quyết Tiến", "site"))
UNITS = (
    ("ubnd", "Ủy ban nhân dân xã", ["UBND xã", "Ủy ban nhân dân xã Đồng Vân", "Ủy ban nhân dân các xã, phường"]),
    ("vhxh", "Phòng Văn hóa - Xã hội", ["Phòng VH-XH", "Phòng Văn hóa và Xã hội"]),
    ("kinhte", "Phòng Kinh tế", []),
    ("tyt", "Trạm Y tế xã", ["Trạm Y tế", "Trạm Y tế các xã, phường", "TYT xã"]),
    ("congan", "Công an xã", []),
    ("mttq", "Ủy ban Mặt trận Tổ quốc và các đoàn thể", ["Mặt trận Tổ quốc", "các đoàn thể", "Ủy ban Mặt trận Tổ quốc xã"]),
    ("truonghoc", "Các trường học", ["trường học"]),
    ("thon", "Các thôn", ["các trưởng thôn", "trưởng thôn"]),
)
USERS = (
    ("giamdoc", "Nguyễn Thị Hạnh", "director", "tyt"),
    ("bacsi", "Trần Văn Hùng", "clinician", "tyt"),
    ("dieuduong", "Lê Thị Lan", "nurse", "tyt"),
    ("vanhoa", "Vũ Quang Huy", "officer", "vhxh"),
    ("chutich", "Đỗ Văn Thành", "chairman", "ubnd"),
    ("congan", "Bùi Văn Công", "unit", "congan"),
    ("kinhte", "Phạm Thị Ngân", "unit", "kinhte"),
    ("soyte", "Hoàng Thị Thu", "supervisor", ""),
    ("quantri", "Quản trị hệ thống", "admin", ""),
)
VILLAGE_WORKERS = (
    "Phạm Thị Mơ", "Nguyễn Thị Thắm", "Đinh Văn Lực", "Trần Thị Nụ", "Lê Thị Hòa", "Vũ Thị Sen", "Hoàng Văn Tám",
    "Bùi Thị Xuân", "Đỗ Thị Lý", "Phạm Văn Thao", "Ngô Thị Vân", "Hà Thị Mận",
)


@dataclass
class Commune:
    """What the rest of the demo stands on; `hamlets` in the order of `HAMLETS`."""

    province: Place
    commune: Place
    hamlets: list[Place]
    facilities: list[Facility]
    users: dict[str, User]

    def specs(self) -> Sequence[HamletSpec]:
        """The hamlets as the generator of people wants them."""
        return [HamletSpec(name, weight) for name, weight in HAMLETS]


def build(as_of: datetime.date) -> Commune:
    """Store the units of Vietnam, the invented commune in its province, and its users."""
    load_units()
    since = min(NEW_SINCE, as_of)
    province = Place.objects.get(code=PROVINCE, kind=Place.PROVINCE, valid_to=None)
    commune = Place.objects.create(kind=Place.COMMUNE, code=CODE, name=NAME, parent=province, valid_from=since, source=SOURCE)
    hamlets = [
        Place.objects.create(kind=Place.HAMLET, code=f"{CODE}.{n:02d}", name=name, parent=commune, valid_from=since, source=SOURCE)
        for n, (name, _) in enumerate(HAMLETS, 1)
    ]
    made = Commune(province, commune, hamlets, _facilities(commune, hamlets, since), {})
    _people_of_offices(made, since)
    chain.record(by=operator(), action="demo", row=commune, after={"name": NAME}, note=SOURCE)
    return made


def _facilities(commune: Place, hamlets: list[Place], since: datetime.date) -> list[Facility]:
    made: list[Facility] = []
    for n, (hamlet, name, kind) in enumerate(SITES):
        place, parent = (hamlets[hamlet], made[0]) if made else (commune, None)
        code = f"{PROVINCE}001" if not made else f"{PROVINCE}001-{n}"
        made.append(Facility.objects.create(place=place, kind=kind, code=code, name=name, parent=parent, valid_from=since))
    return made


def _people_of_offices(made: Commune, since: datetime.date) -> None:
    units = {
        code: OrgUnit.objects.create(
            place=made.commune, code=code, name=name, aliases=aliases, valid_from=since, facility=made.facilities[0] if code == "tyt" else None)
        for code, name, aliases in UNITS
    }
    password = _hashed()
    for username, name, role, unit in USERS:
        place = made.province if role == "supervisor" else made.commune
        _user(made, username, name, password, role, place, units.get(unit), since)
    for n, (name, hamlet) in enumerate(zip(VILLAGE_WORKERS, made.hamlets, strict=True), 1):
        _user(made, f"thon{n:02d}", name, password, "village_worker", hamlet, None, since)


def _hashed() -> str:
    user = User()
    user.set_password(PASSWORD)
    return user.password


def _user(
    made: Commune, username: str, name: str, password: str, role: str, place: Place, unit: OrgUnit | None, since: datetime.date,
) -> None:
    user = User.objects.create(username=username, full_name=name, password=password)
    Assignment.objects.create(user=user, role=role, place=place, unit=unit, valid_from=since)
    made.users[username] = user
