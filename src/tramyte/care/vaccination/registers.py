"""The books of sessions: the diary TC-BUOI, a line for each lot of a session, and the list of sessions. Written on the pages of a session."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from tramyte.care.vaccination.models import Attendee, Session, SessionDose, SessionLot, Vial
from tramyte.care.vaccination.queries import Tally, tally_of
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.register import Register

SOURCE = "TT 34/2018/TT-BYT (đã hết hiệu lực), TT 13/2026/TT-BYT Điều 12; cột theo nguồn thứ cấp, chưa đối chiếu văn bản gốc"
PEOPLE = Attendee.objects.filter(entered_in_error=False)
VIALS = Vial.objects.filter(entered_in_error=False).order_by("opened", "pk")


def _tally(row: Any) -> Tally:
    session = row if isinstance(row, Session) else row.session
    return tally_of(session.people.all())


def _count(name: str) -> Callable[[Any], int]:
    """A number of the people of the session; reads prefetched rows."""
    def count(row: Any) -> int:
        return int(getattr(_tally(row), name))

    return count


def put_off(row: Any) -> str:
    """How many were put off or may never get it, and why: "2: sốt 38,2 °C; ho". """
    people = (row if isinstance(row, Session) else row.session).people.all()
    why = [one.why for one in people if one.outcome in ("deferred", "contraindicated")]
    return f"{len(why)}: {'; '.join(dict.fromkeys(why))}" if why else "0"


def reactions(row: Any) -> str:
    """The reactions within the half hour; "không" when there was none."""
    people = (row if isinstance(row, Session) else row.session).people.all()
    found = [one.reaction for one in people if one.reaction]
    return f"{len(found)}: {'; '.join(dict.fromkeys(found))}" if found else "không" if any(one.left for one in people) else ""


def vaccine_lot(row: SessionLot) -> str:
    """Product, lot and expiry."""
    return f"{row.lot.product} - {row.lot} - {row.lot.expires_on:%d/%m/%Y}"


def opened(row: SessionLot) -> str:
    """The hours at which vials of several doses were opened."""
    return ", ".join(f"{one.opened.astimezone(clock.ZONE):%H:%M}" for one in row.session.vials.all() if one.lot_id == row.lot_id and one.doses > 1)


def shot(row: SessionLot) -> int:
    """How many doses of the lot were given."""
    vials = {one.pk for one in row.session.vials.all() if one.lot_id == row.lot_id}
    return sum(1 for one in row.session.vials.all() if one.pk in vials for dose in one.given.all() if not dose.immunization.entered_in_error)


class Diary(Register):
    """Nhật ký buổi tiêm chủng (TC-BUOI): one line is one lot in one session."""

    slug = "vaccination-diary"
    title = "Nhật ký buổi tiêm chủng (TC-BUOI)"
    paper_title = "Nhật ký buổi tiêm chủng"
    form_code = "TC-BUOI"
    unit = "dòng"
    model = SessionLot
    read_only = True
    date = "session__on"
    order = ("-session__on", "lot__product__name")
    paper = "A3"
    source = SOURCE
    note = "Cột theo nguồn thứ cấp, chưa đối chiếu văn bản gốc. Mỗi dòng một lô của một buổi, ghi ở trang của buổi tiêm."
    columns = (
        Column("session.on", "Ngày buổi", width=1.1),
        Column("session.site", "Điểm tiêm", search=True, width=1.5),
        Column("session.expected", "Số đối tượng dự kiến", read=_count("expected"), width=0.7),
        Column("session.screener", "Người khám sàng lọc", hidden=True, width=1.2),
        Column("session.injector", "Người tiêm", hidden=True, width=1.2),
        Column("lot.words", "Vắc xin - lô - HSD - SĐK", read=vaccine_lot, stored="lot.product.name", width=2.4),
        Column("received", "Số liều nhận", width=0.7),
        Column("used", "Số liều dùng", width=0.7),
        Column("wasted", "Số liều hủy", width=0.7),
        Column("session.opened", "Giờ mở lọ (pha hồi chỉnh ≤6h)", read=opened, hidden=True, width=1.0),
        Column("session.temperature", "Nhiệt độ bảo quản", hidden=True, width=0.8),
        Column("session.shot", "Số tiêm được", read=shot, width=0.7),
        Column("session.put_off", "Số hoãn và lý do", read=put_off, hidden=True, width=1.6),
        Column("session.reactions", "Phản ứng tại điểm (30 phút)", read=reactions, hidden=True, width=1.3),
        Column("session.recorder", "Người ghi", hidden=True, width=1.1),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """Lots of sessions that were held, with the people and vials that the columns count."""
        given = Prefetch("given", SessionDose.objects.filter(entered_in_error=False).select_related("immunization"))
        rows = super().base(user).filter(session__entered_in_error=False).select_related("session", "lot__product")
        return rows.prefetch_related(Prefetch("session__people", PEOPLE), Prefetch("session__vials", VIALS.prefetch_related(given)))

    def address(self, row: Any) -> str:
        """The page of the session."""
        return reverse("vaccination", args=[row.session_id])


class Sessions(Register):
    """Sổ các buổi tiêm chủng: one line is one session."""

    slug = "vaccination-sessions"
    title = "Sổ các buổi tiêm chủng"
    unit = "buổi"
    model = Session
    read_only = True
    date = "on"
    order = ("-on",)
    paper = "A4"
    source = SOURCE
    note = "Cột của sổ do trạm đặt, chưa đối chiếu văn bản gốc."
    columns = (
        Column("on", "Ngày tiêm", width=1.1),
        Column("site", "Nơi tiêm", search=True, width=1.8),
        Column("state", "Tình trạng", filter=True, width=1.0),
        Column("place.expected", "Dự kiến", read=_count("expected"), width=0.7),
        Column("place.came", "Đến", read=_count("came"), width=0.6),
        Column("place.given", "Tiêm được", read=_count("given"), width=0.7),
        Column("place.deferred", "Tạm hoãn", read=_count("deferred"), width=0.7),
        Column("place.contraindicated", "Chống chỉ định", read=_count("contraindicated"), width=0.8),
        Column("place.missed", "Vắng", read=_count("missed"), width=0.6),
        Column("place.reactions", "Phản ứng tại điểm", read=reactions, hidden=True, width=1.4),
        Column("injector", "Người tiêm", hidden=True, width=1.2),
        Column("reason", "Lý do đổi, hủy", hidden=True, width=1.4),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """With the people that the columns count."""
        return super().base(user).prefetch_related(Prefetch("people", PEOPLE))

    def address(self, row: Any) -> str:
        """The page of the session."""
        return reverse("vaccination", args=[row.pk])
