"""Inviting to a session: a list for the village health worker of each hamlet on A4, and a short message for each household."""

import datetime
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tramyte.care.immunization.models import Recommendation
from tramyte.care.immunization.queries import DOSES
from tramyte.care.people.columns import shown_birth
from tramyte.care.vaccination.models import Attendee, Session
from tramyte.engine import clock
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import stations_of
from tramyte.rules.text import clean

LONGEST = 160  # letters of one SMS without tones
DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
COLUMNS = (("Số", 0.5), ("Họ và tên", 2.0), ("Ngày sinh", 1.0), ("Mẹ, người chăm sóc", 1.6), ("Hộ", 0.6), ("Điện thoại", 1.1), ("Mũi cần tiêm", 2.4), ("Ghi chú", 1.4), ("Đã báo", 0.6))


@dataclass
class Invited:
    """The people of one household in a session. number: the smallest on its invitations."""

    people: list[Attendee] = field(default_factory=list)
    phone: str = ""

    @property
    def number(self) -> int:
        """Where it stands in the list."""
        return self.people[0].number


def households(people: Sequence[Attendee]) -> list[Invited]:
    """The people of a session by household, who has none alone; with the first telephone number that is known."""
    found: dict[uuid.UUID, Invited] = {}
    for one in people:
        found.setdefault(one.person.household_id or one.person.pk, Invited()).people.append(one)
    for home in found.values():
        home.phone = next(filter(None, (phone_of(one) for one in home.people)), "")
    return list(found.values())


def phone_of(one: Attendee) -> str:
    """The person's own telephone number, else the mother's."""
    return one.person.phone or (one.person.mother.phone if one.person.mother else "")


def message(home: Invited, session: Session) -> str:
    """The text for a household: who, when, where; no vaccine and no illness is named. Without tones, so that it is one SMS (160 letters)."""
    when = f"{session.starts.replace(':', 'h')} {DAYS[session.on.weekday()]} {session.on:%d/%m/%Y}"
    names = [one.person.full_name for one in home.people]
    short = [name.split()[-1] for name in names]
    for who in (", ".join(names), ", ".join(short), f"{short[0]} và {len(short) - 1} người khác" if len(short) > 1 else short[0]):
        for told in (f"Mời {who} đến tiêm chủng lúc {when} tại {session.site}. Mang theo sổ tiêm.", f"Mời {who} tiêm chủng {when}, {session.site}."):
            if len(plain := without_tones(told)) <= LONGEST:
                return plain
    return without_tones(f"Mời {short[0][:20]} tiêm chủng {when}, {session.site}")[:LONGEST]


def without_tones(text: str) -> str:
    """The letters without their marks, capitals kept: what every telephone shows."""
    letters = unicodedata.normalize("NFD", clean(text).replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn" and letter.isascii())


def messages(people: Sequence[Attendee], session: Session) -> list[tuple[Invited, str]]:
    """Each household with its text, by number."""
    return [(home, message(home, session)) for home in households(people)]


def printed_invitations(session: Session, people: Sequence[Attendee], due: Mapping[uuid.UUID, Sequence[Recommendation]], hamlets: Sequence[Place]) -> bytes:
    """The lists of these hamlets as one PDF, A4 across: whom the village health worker calls, with room to tick."""
    from tramyte.engine.documents import book

    by_hamlet: defaultdict[uuid.UUID, list[Attendee]] = defaultdict(list)
    for one in people:
        by_hamlet[one.person.hamlet_id].append(one)
    rows: list[list[str]] = []
    groups: list[tuple[int, str]] = []
    for hamlet in hamlets:
        if mine := by_hamlet.get(hamlet.pk):
            groups.append((len(rows), f"{hamlet.name}: {len(mine)} người"))
            rows += [_cells(one, due.get(one.person_id, ())) for one in mine]
    station = stations_of(session.place, session.on).filter(kind="station").first()
    columns = [book.Column(heading, width=width, align="r" if heading == "Số" else "l") for heading, width in COLUMNS]
    subtitle = f"{DAYS[session.on.weekday()]} ngày {session.on:%d/%m/%Y}, từ {session.starts.replace(':', ' giờ ')}, tại {session.site}"
    signature = book.Signature((("Y tế thôn", ""), ("Người lập", "")))
    return book.render_book(
        "DANH SÁCH MỜI TIÊM CHỦNG", subtitle, "", columns, rows, groups if len(groups) > 1 else (), as_of=clock.now(), unit=station.name if station else "", signature=signature)


def _cells(one: Attendee, due: Sequence[Recommendation]) -> list[str]:
    person = one.person
    doses = ", ".join(dict.fromkeys(DOSES.get(row.dose, row.dose) for row in due))
    notes = [str(one.get_origin_display())] if one.origin == "carried" else []
    notes += dict.fromkeys(str(row.get_reason_display()) for row in due if row.reason == "refused")
    return [
        str(one.number), person.full_name, shown_birth(person), person.mother.full_name if person.mother else "", person.household.number if person.household else "",
        phone_of(one), doses, ", ".join(notes), "☐"]


def day_words(on: datetime.date) -> str:
    """ "Thứ Sáu 05/06/2026". """
    return f"{DAYS[on.weekday()]} {on:%d/%m/%Y}"
