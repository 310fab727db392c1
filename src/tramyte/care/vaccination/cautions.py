"""What a good nurse-in-charge would point out about a session; nothing here ever stops it."""

import datetime
from collections.abc import Sequence

from tramyte.care.vaccination.models import Session
from tramyte.care.vaccination.queries import Opened, Tally
from tramyte.care.vaccination.stock import Need
from tramyte.engine import clock
from tramyte.station.cold_chain.models import Excursion
from tramyte.station.cold_chain.queries import PARTS, missing_readings, open_excursions
from tramyte.station.cold_chain.rule import degrees

# TT 34/2018/TT-BYT (no longer in force) and NĐ 104/2016/NĐ-CP Điều 9-11: limits that stay as advice.
A_TABLE, ONE_VACCINE, STAFF = 50, 100, 3


def cautions(session: Session, tally: Tally, found: Sequence[Need], vials: Sequence[Opened] = ()) -> list[str]:
    """Everything worth a word, in sentences, a wrong day and the stock first."""
    said = [*another_day(session, clock.today()), *(need.sentence for need in found if need.sentence)]
    return [*said, *crowded(session, tally.expected, len(found)), *_staff(session), *_cold(session), *old_vials(vials, clock.now())]


def another_day(session: Session, today: datetime.date) -> list[str]:
    """A session of a day that has passed: what is written in it bears that day."""
    if session.on >= today or session.state not in (Session.PLANNED, Session.OPEN):
        return []
    said = f"Buổi này của ngày {session.on:%d/%m/%Y}, hôm nay là {today:%d/%m/%Y}: mũi ghi ở đây mang ngày {session.on:%d/%m/%Y}."
    return [f"{said} {'Tiêm hôm nay thì đóng buổi này, lập buổi mới.' if session.is_open else 'Tiêm hôm nay thì bấm “Đổi ngày” trước khi mở buổi.'}"]


def crowded(session: Session, expected: int, vaccines: int) -> list[str]:
    """More people than the tables may serve: 50 each, 100 where there is one vaccine only."""
    most = (ONE_VACCINE if vaccines == 1 or len(session.wanted) == 1 else A_TABLE) * session.tables
    if expected <= most:
        return []
    return [f"Danh sách có {expected} người, quá mức {most} người cho {session.tables} bàn tiêm một buổi. Hãy thêm bàn, hoặc chia thôn sang buổi khác."]


def old_vials(vials: Sequence[Opened], now: datetime.datetime) -> list[str]:
    """Opened vials with something in them whose hours are over."""
    late = [one for one in vials if one.left and one.vial.usable_until and now > one.vial.usable_until]
    return [
        f"Lọ {one.vial.lot.product}, lô {one.vial.lot}, mở lúc {one.vial.opened.astimezone(clock.ZONE):%H:%M} đã quá giờ dùng. Bỏ lọ này, không tiêm tiếp {one.left} liều còn lại."
        for one in late]


def _staff(session: Session) -> list[str]:
    if session.staff is None or session.staff >= STAFF:
        return []
    return [f"Buổi tiêm chỉ có {session.staff} nhân viên y tế, nên có ít nhất {STAFF}, trong đó có bác sĩ hoặc y sĩ (vùng khó khăn ít nhất 2)."]


def _cold(session: Session) -> list[str]:
    """What the temperature log of the store lacks on the day (of a day to come nothing is asked yet), and times out of range about which nothing was done."""
    lacking = missing_readings(session.facility, session.on) if session.on <= clock.today() else []
    return [*(outside(one) for one in open_excursions().filter(equipment__facility=session.facility_id).order_by("on", "pk")), *lacking]


def outside(one: Excursion) -> str:
    """A time out of range that nobody has dealt with, in a sentence."""
    return f"{one.equipment}: {degrees(one.celsius)} lúc {PARTS[one.part]} {one.on:%d/%m/%Y}, ngoài khoảng, chưa ghi xử trí. Chưa lấy vắc xin trong đó ra tiêm; ghi xử trí ở Nhiệt độ vắc xin."
