"""The board of a session in progress: who waits, the person at the table with the doses and lots, who is watched, the vials."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.care.immunization.models import Immunization, Recommendation, Vaccine, VaccineLot
from tramyte.care.immunization.models.doses import STATION
from tramyte.care.immunization.queries import DOSES
from tramyte.care.people.search import find_people
from tramyte.care.vaccination.cautions import another_day, old_vials
from tramyte.care.vaccination.models import Attendee, Session
from tramyte.care.vaccination.queries import (
    Opened,
    Tally,
    doses_due,
    lost_by_lot,
    lots_for,
    people_of,
    pulse_of,
    tally_of,
    vials_of,
)
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.rules.screening import LIVE, NEWBORN, SIGNS, Judgement
from tramyte.rules.text import fold

TABLES = {"": "Khám và tiêm", "kham": "Chỉ khám", "tiem": "Chỉ tiêm"}
FOUND = 8  # people offered for a text that is not on the list
EARLIER = 6  # earlier doses shown


@dataclass(frozen=True)
class Offer:
    """A dose that is due. lots: (lot, words), the one to take first first; word: why a dose that will not count is given.

    remark: that the family refused it or that it was put off, with the day; a refused one is ticked by hand.
    """

    code: str
    name: str
    label: str
    lots: Sequence[tuple[VaccineLot, str]]
    chosen: str = ""
    ticked: bool = True
    word: str = ""
    remark: str = ""

    @property
    def live(self) -> bool:
        """Whether it is a live vaccine."""
        return self.code in LIVE


@dataclass
class Panel:
    """The person at the table. typed: what the fields hold; fault, at: a refusal and its field; asked: a judgement that waits for its day."""

    row: Attendee
    offers: Sequence[Offer]
    earlier: Sequence[Immunization]
    typed: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    at: str = ""
    asked: Judgement | None = None

    @property
    def newborn(self) -> bool:
        """Whether the weight must be known."""
        return (self.row.session.on - self.row.person.birth_date).days < NEWBORN

    @property
    def reactions(self) -> list[Immunization]:
        """Earlier doses after which something was noted."""
        return [one for one in self.earlier if one.reaction]

    @property
    def given(self) -> list[Immunization]:
        """What was given in this session, by the doses of its day."""
        return [one for one in self.earlier if one.on == self.row.session.on and one.source == STATION] if self.row.given else []

    @property
    def signs(self) -> list[dict[str, Any]]:
        """The lines of the check list as the form shows them."""
        ticked, days = self.typed.get("signs", ()), self.typed.get("days", {})
        return [{"sign": one, "ticked": one.code in ticked, "day": days.get(one.code, "")} for one in SIGNS]

    @property
    def opened(self) -> bool:
        """Whether the check list stands open."""
        return bool(self.typed.get("signs")) or self.at in ("why", "signs")


@dataclass(frozen=True)
class Board:
    """All that the page of a session in progress shows. pulse: as `pulse_of` said before anything was read, so that nothing later is missed."""

    session: Session
    people: Sequence[Attendee]
    panel: Panel | None
    vials: Sequence[Opened]
    table: str
    now: datetime.datetime
    pulse: int

    @property
    def tally(self) -> Tally:
        """How the session stands."""
        return tally_of(self.people)

    @property
    def waiting(self) -> list[Attendee]:
        """Who came and is not done, in the order of coming."""
        return sorted((one for one in self.people if one.came and not one.is_done), key=lambda one: one.turn or 0)

    @property
    def following(self) -> Attendee | None:
        """Who comes to this table after the person who is at it, as the queue stands."""
        at = self.panel.row.pk if self.panel else None
        return next_of([one for one in self.people if one.pk != at], self.table)

    @property
    def expected(self) -> list[Attendee]:
        """Who has not come yet, by number."""
        return [one for one in self.people if not one.came and not one.outcome]

    @property
    def done(self) -> list[Attendee]:
        """Who is done at the table, the last first."""
        return sorted((one for one in self.people if one.is_done), key=lambda one: one.given or one.screened or self.now, reverse=True)

    @property
    def watched(self) -> list[Attendee]:
        """Who is in the half hour, the first to leave first."""
        return sorted((one for one in self.people if one.given and not one.left), key=lambda one: one.given or self.now)

    @property
    def open_vials(self) -> list[Opened]:
        """Vials with something left, single doses left out."""
        return [one for one in self.vials if one.left]

    @property
    def warnings(self) -> list[str]:
        """A session of another day, and vials whose hours are over."""
        return [*another_day(self.session, clock.today()), *old_vials(self.vials, self.now)]


def board_of(user: User, session: Session, *, table: str = "", chosen: uuid.UUID | None = None) -> Board:
    """The board with the one who was chosen at the table, else the next. A fixed number of queries."""
    pulse, people, vials = pulse_of(session.pk), list(people_of(session)), vials_of(session)
    row = next((one for one in people if one.pk == chosen), None) or next_of(people, table)
    return Board(session, people, panel_of(user, session, row, vials) if row else None, vials, table, clock.now(), pulse)


def next_of(people: Sequence[Attendee], table: str) -> Attendee | None:
    """Who comes next at a table that screens, gives, or does both."""
    waiting = sorted((one for one in people if one.came and not one.is_done), key=lambda one: one.turn or 0)
    fit = {"kham": lambda one: not one.outcome, "tiem": lambda one: one.outcome == "eligible"}.get(table, lambda one: True)
    return next((one for one in waiting if fit(one)), None)


def panel_of(user: User, session: Session, row: Attendee, vials: Sequence[Opened]) -> Panel:
    """Somebody with the doses that are due and the lots to take them from. Four queries."""
    due = doses_due([row.person_id], session.on, session.wanted).get(row.person_id, [])
    earlier = list(Immunization.objects.filter(person=row.person_id, entered_in_error=False).select_related("vaccine").order_by("-on", "-pk"))
    row.session = session
    offers = [] if row.given else offers_of(due, lots_for(user, session), vials)
    return Panel(row, offers, earlier, {"temperature": row.temperature, "weight": row.weight_kg, "signs": row.findings.split(), "why": row.why if "other" in row.findings else ""})


def offers_of(due: Sequence[Recommendation], lots: Sequence[VaccineLot], vials: Sequence[Opened]) -> list[Offer]:
    """The doses that are due with their lots: those of an opened vial first, then the first to expire. One query."""
    now, lost = clock.now(), lost_by_lot(vials, clock.now())
    lots = [lot for lot in lots if lot.left > lost[lot.pk]]
    open_left: dict[uuid.UUID, int] = {}
    for one in vials:
        if one.usable(now):
            open_left[one.vial.lot_id] = open_left.get(one.vial.lot_id, 0) + one.left
    names = dict(Vaccine.objects.filter(code__in=[row.vaccine for row in due]).values_list("code", "name"))
    made = []
    for row in {row.vaccine: row for row in reversed(due)}.values():
        own = [lot for lot in lots if lot.product.vaccine.code == row.vaccine]
        own.sort(key=lambda lot: lot.pk not in open_left)
        made.append(Offer(row.vaccine, names.get(row.vaccine, row.vaccine), DOSES.get(row.dose, row.dose), [(lot, lot_words(lot, open_left.get(lot.pk, 0), lost[lot.pk])) for lot in own],
            ticked=bool(own) and row.reason != "refused", remark=remark(row)))
    return made[::-1]


def remark(row: Recommendation) -> str:
    """ "gia đình từ chối 12/03/2026"; "" where nothing was said."""
    if row.reason not in ("refused", "deferred"):
        return ""
    return f"{row.get_reason_display()} {row.event_on:%d/%m/%Y}" if row.event_on else str(row.get_reason_display())


def lot_words(lot: VaccineLot, opened: int, lost: int = 0) -> str:
    """ "DV2603 · lọ mở còn 17 · hạn 03/01/27"; lost: doses thrown away that leave the books at closing. """
    left = f"lọ mở còn {opened}" if opened else f"kho còn {lot.left - lost}"
    return f"{lot.number} · {left} · hạn {lot.expires_on:%d/%m/%y}"


# ---- the box of reception


@dataclass(frozen=True)
class Sought:
    """What a text in the box of reception leads to: one on the list, several to choose from, people who are not on it, or nobody (unknown: the text)."""

    one: Attendee | None = None
    listed: Sequence[Attendee] = ()
    others: Sequence[Any] = ()
    unknown: str = ""


def seek(user: User, session: Session, text: str) -> Sought:
    """Look for a number of the list, else for words of a name on it, else among everybody. Raises Refused when nobody is found."""
    words, people = fold(text).split(), list(people_of(session))
    if not words:
        raise Refused("empty", "Hãy gõ số trên giấy mời, hoặc một phần tên.", field="q")
    if len(words) == 1 and words[0].isdigit() and len(words[0]) <= 4:
        found = next((one for one in people if one.number == int(words[0])), None)
        if found is None:
            raise Refused("no_number", f"Danh sách không có số {words[0]}; số lớn nhất là {max((one.number for one in people), default=0)}. Hãy gõ tên.", field="q")
        return Sought(found)
    fits = [one for one in people if not one.came and all(_begins(one, word) for word in words)]
    if len(fits) == 1:
        return Sought(fits[0], fits)
    listed = {one.person_id for one in people}
    others = [] if fits else [person for person in find_people(user, text, FOUND).people if person.pk not in listed and not person.entered_in_error]
    if not fits and not others:
        raise Refused("nobody", f"Không thấy ai tên “{text[:40]}” chưa đến. Hãy bớt chữ, gõ số định danh; chưa có trong sổ thì bấm “Thêm người mới”, rồi gõ lại tên ở đây.", field="q")
    return Sought(None, fits[:FOUND], others)


def _begins(one: Attendee, word: str) -> bool:
    return any(part.startswith(word) for part in one.person.search.split())
