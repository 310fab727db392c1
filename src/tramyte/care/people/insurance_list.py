"""What differs between a list of the insurance agency and the cards that are stored; writes nothing into the book."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tramyte.care.people import columns
from tramyte.care.people.actions.insurance import insurance_checked
from tramyte.care.people.actions.insurance_lists import Tell, begin_comparison, keep_lines, keep_list
from tramyte.care.people.keys import bare_hamlet
from tramyte.care.people.models import Coverage, Identifier, InsuranceList, Merge
from tramyte.care.people.queries import people
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.jobs.work import Progress
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.engine.registers.set_aside import told_apart
from tramyte.rules.calendar import parse_date, parse_partial_date
from tramyte.rules.identity import check_insurance_number, check_national_id, insurance_code
from tramyte.rules.text import clean, fold, similar

LARGEST = 20 * 1024 * 1024
IN_BACKGROUND = 2000  # rows of a file; more than these are compared by the job worker
LOOKED_AT, TOLD = 50, 500  # lines read to see whether it is such a list; lines between two words on the progress
ALIKE = 0.6  # names less alike than this are not taken for one person on a number alone
HEADINGS = {
    "card_number": ("Số thẻ BHYT", "Mã thẻ BHYT", "Mã thẻ", "Số thẻ", "Thẻ BHYT", "Mã số BHXH", "Mã BHXH", "Số sổ BHXH"),
    "end": ("Giá trị đến ngày", "Đến ngày", "Hạn thẻ", "Hạn thẻ BHYT", "Hạn sử dụng", "Thẻ đến ngày", "Hạn thẻ đến", "Giá trị sử dụng đến"),
    "start": ("Giá trị từ ngày", "Từ ngày", "Thẻ từ ngày", "Hạn thẻ từ", "Giá trị sử dụng từ", "Giá trị sử dụng"),
    "full_name": ("Họ và tên", "Họ tên", "Họ, chữ đệm và tên", "Tên người tham gia"),
    "birth": ("Ngày sinh", "Năm sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh"),
    "national_id": ("Số định danh", "Số định danh cá nhân", "CCCD", "Số CCCD", "Số CCCD/CMND", "CCCD/CMND", "CMND", "Số CMND"),
    "hamlet": ("Thôn", "Thôn/ấp", "Địa bàn", "Tổ dân phố", "Xóm", "Ấp", "Địa chỉ"),
    "group": ("Nhóm đối tượng", "Đối tượng", "Mã đối tượng", "Nhóm"),
    "facility_code": ("Nơi đăng ký KCB ban đầu", "Nơi ĐK KCB", "Nơi ĐKKCB", "Mã nơi KCB", "Nơi KCBBĐ", "Mã KCB"),
}
KNOWN = [text for texts in HEADINGS.values() for text in texts]
REQUIRED = {"card_number": "Số thẻ BHYT", "end": "Giá trị đến ngày"}


class Known(NamedTuple):
    """Somebody who is stored. key: 32 hex digits."""

    key: str
    name: str
    folded: str
    birth: datetime.date
    precision: str
    hamlet: str
    died_on: datetime.date | None


class Card(NamedTuple):
    """A stored card. key: 32 hex digits."""

    key: str
    number: str
    group: str
    facility: str
    start: datetime.date
    end: datetime.date
    version: int


@dataclass(slots=True)
class Line:
    """One line of the list while it is compared. `kind` and `reason` as in `InsuranceLine`."""

    number: int
    card_number: str = ""
    start: datetime.date | None = None
    end: datetime.date | None = None
    group: str = ""
    facility_code: str = ""
    name: str = ""
    birth: str = ""
    person: Known | None = None
    card: Card | None = None
    national_id: str = ""
    hamlet: str = ""
    kind: str = ""
    reason: str = ""

    def meets(self, other: "Line | Card") -> bool:
        """Whether both hold on some day."""
        return bool(self.start and self.end and other.start and other.end and self.start <= other.end and other.start <= self.end)

    def settle(self, kind: str, reason: str) -> None:
        """Say what the line is, once."""
        if not self.kind:
            self.kind, self.reason = kind, reason


@dataclass
class Stored:
    """Everybody in reach and what they are found by. Numbers that were ended count too, names of merged records too."""

    people: dict[str, Known]
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    nationals: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: dict[tuple[str, datetime.date], set[str]] = field(default_factory=lambda: defaultdict(set))
    in_year: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    cards: dict[str, list[Card]] = field(default_factory=lambda: defaultdict(list))


def take_list(
    *, by: User, place: Place, name: str, content: bytes, on: datetime.date, whole: bool = False, hamlets: Sequence[str] = (),
) -> InsuranceList:
    """Take a list in and compare every line with what is stored: at once when they are few, else as a job with its progress.

    on: the day for which the list speaks. whole: who has a valid card on that day, stays in one of the hamlets (codes; none:
    everywhere) and is not in the list counts as `lost`. Raises Refused for a file that cannot be read.
    """
    from tramyte.engine.documents.spreadsheet import peek

    if len(content) > LARGEST:
        raise Refused("too_large", f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB. Hãy chia thành nhiều tệp theo thôn rồi nhập từng tệp.")
    many = max(sheet.height for sheet in peek(name, content, known=KNOWN)) > IN_BACKGROUND
    load = InsuranceList(place=place, by=by, file_name=name, on=on, whole=whole, hamlets=list(hamlets))
    if many:
        read_list(name, content, on, limit=LOOKED_AT)
    lines = [] if many else differences(by, load, content)
    load = keep_list(by=by, place=place, file_name=name, content=content, on=on, whole=whole, hamlets=hamlets)
    if many:
        begin_comparison(by=by, id=load.pk)
    else:
        keep_lines(load, lines)
    return load


def differences(by: User, load: InsuranceList, content: bytes, progress: Progress | None = None) -> list[tuple[Any, ...]]:
    """Every line of a list with what it is, as the values of `InsuranceLine`. Raises Refused for a file that cannot be read."""
    places = {hamlet.pk.hex: hamlet for hamlet in Place.objects.filter(kind=Place.HAMLET)}
    lines = read_list(load.file_name, content, load.on)
    if progress:
        progress.of(len(lines))
    stored, wanted = _stored(by), {key for key, hamlet in places.items() if not load.hamlets or hamlet.code in load.hamlets}
    compare(lines, stored, {key: hamlet.name for key, hamlet in places.items()}, progress.step if progress else None)
    named = {bare_hamlet(hamlet.name): key for key, hamlet in places.items()}
    return [_row(line, named) for line in (*lines, *(_lost(lines, stored, load.on, wanted) if load.whole else ()))]


def read_list(name: str, content: bytes, on: datetime.date, limit: int | None = None) -> list[Line]:
    """The lines of a file, or only so many; a line that cannot be read is `refused` already. Raises Refused for the file as a whole."""
    from tramyte.engine.documents.spreadsheet import read_table

    sheet = read_table(name, content, known=KNOWN, limit=limit)
    wanted = {fold(text): path for path, texts in HEADINGS.items() for text in texts}
    paths: dict[str, str] = {}
    for heading in sheet.headings:
        path = wanted.get(fold(heading)) or wanted.get(fold(heading.rsplit(" / ", 1)[-1]))
        if path and path not in paths:
            paths[path] = heading
    if missing := [words for path, words in REQUIRED.items() if path not in paths]:
        raise Refused("missing_heading", f"Tệp thiếu cột: {', '.join(missing)}. Hãy kiểm tra dòng tiêu đề của danh sách rồi chọn lại tệp.")
    memo: dict[tuple[str, str], Any] = {}
    lines, apart = [], told_apart(sheet.rows, {row.number_in_file: sum(bool(row.cells[heading]) for heading in paths.values()) for row in sheet.rows})
    for row in sheet.rows:
        cells = {path: clean(row.cells[heading]) for path, heading in paths.items()}
        if row.number_in_file not in apart and any(cells[path] for path in ("card_number", "full_name", "national_id") if path in cells):
            lines.append(_line(row.number_in_file, cells, on, memo))
    if not lines:
        raise Refused("no_rows", "Tệp không có dòng nào dưới dòng tiêu đề. Hãy kiểm tra lại tệp đã chọn.")
    return lines


def _line(number: int, cells: dict[str, str], on: datetime.date, memo: dict[tuple[str, str], Any]) -> Line:
    line = Line(number, name=cells.get("full_name", "")[:120], birth=_once(memo, "birth", cells.get("birth", ""), _birth_words), hamlet=cells.get("hamlet", ""))
    line.facility_code, line.group = cells.get("facility_code", "").split(" ")[0][:10], cells.get("group", "")[:2].upper()
    for path, rule in (("card_number", check_insurance_number), ("national_id", check_national_id), ("start", parse_date), ("end", parse_date)):
        text = cells.get(path, "")
        try:
            setattr(line, path, _once(memo, path, text, rule) if text else getattr(line, path))
        except ValueError as error:
            line.settle("refused", str(error))
    line.card_number = line.card_number or cells.get("card_number", "")[:30]
    for path, words in REQUIRED.items():
        if not cells.get(path):
            line.settle("refused", f"Thiếu {words.lower()}. Hãy bổ sung trong tệp rồi nhập lại dòng này.")
    if not line.kind:
        line.start = line.start or min(on, line.end or on)
        line.group = line.card_number[:2] if len(line.card_number) == 15 else line.group if line.group.isalpha() and len(line.group) == 2 else ""
        if fault := insurance_checked(line.card_number, line.start, line.end):
            line.settle("refused", fault)
    return line


def _birth_words(text: str) -> str:
    """A birth date as it is shown; what cannot be read stays as it is."""
    try:
        day, precision = parse_partial_date(text)
    except ValueError:
        return text[:20]
    return columns.BIRTH_SHOWN[precision].format(day)


def _once(memo: dict[tuple[str, str], Any], path: str, text: str, rule: Callable[[str], Any]) -> Any:
    """The days of a list repeat: one parse for all."""
    if path not in ("start", "end", "birth"):
        return rule(text)
    if (path, text) not in memo:
        memo[path, text] = rule(text)
    return memo[path, text]


def compare(lines: Sequence[Line], stored: Stored, hamlets: dict[str, str], tell: Tell | None = None) -> None:
    """Give every line its person and its kind. tell: is told now and then how many lines are through."""
    met: dict[str, list[Line]] = defaultdict(list)
    for at, line in enumerate(lines, 1):
        if tell and not at % TOLD:
            tell(at)
        if line.kind:
            continue
        _find(line, stored, hamlets)
        if line.person is None:
            continue
        twice = next((one for one in met[line.person.key] if one.meets(line)), None)
        met[line.person.key].append(line)
        if twice:
            line.settle("ambiguous", f"Dòng {twice.number} của danh sách cũng ghi người này, trùng thời gian. Hãy xem lại hai dòng.")
        else:
            _differ(line, stored.cards.get(line.person.key, []))


def _find(line: Line, stored: Stored, hamlets: dict[str, str]) -> None:
    """The one person of a line: by card, by identity number, by name and birth date, of several by the hamlet too."""
    by_card, by_number = stored.codes.get(insurance_code(line.card_number), set()), stored.nationals.get(line.national_id, set())
    numbered = by_card & by_number or by_card or by_number
    if by_card and by_number and not by_card & by_number:
        line.settle("ambiguous", f"Số thẻ là của {_names(by_card, stored)}, số định danh là của {_names(by_number, stored)}. Hãy xem lại hai hồ sơ.")
        return
    found = numbered or _by_name(line, stored)
    if len(found) > 1:
        near = {key for key in found if bare_hamlet(hamlets.get(stored.people[key].hamlet, "")) in fold(line.hamlet)} if line.hamlet else set()
        found = near if len(near) == 1 else found
    if not found:
        line.settle("unmatched", "Không có ai trong sổ mang số này, hoặc cùng họ tên và ngày sinh. Hãy thêm người vào sổ nhân khẩu, hoặc sửa số.")
    elif len(found) > 1:
        line.settle("ambiguous", f"Có {len(found)} người ứng với dòng này: {_names(found, stored)}. Hãy bổ sung số định danh.")
    else:
        _take(line, stored.people[next(iter(found))], bool(numbered))


def _take(line: Line, person: Known, numbered: bool) -> None:
    line.person = person
    if numbered and line.name and not _agrees(line, person):
        line.settle("ambiguous", f"Số này trong sổ là của {person.name}, sinh {person.birth:%d/%m/%Y}; danh sách ghi {line.name}, {line.birth or 'không có ngày sinh'}. Hãy kiểm tra số.")
    elif person.died_on and line.start and line.start > person.died_on:
        line.settle("ambiguous", f"Sổ ghi {person.name} đã mất ngày {person.died_on:%d/%m/%Y}. Hãy kiểm tra lại, hoặc báo cơ quan BHXH giảm thẻ.")


def _agrees(line: Line, person: Known) -> bool:
    """Whether the name is alike, or the year of birth is the same and a part of the name too."""
    folded = fold(line.name)
    if folded == person.folded or similar(folded, person.folded) >= ALIKE:
        return True
    return str(person.birth.year) in line.birth and bool(set(folded.split()) & set(person.folded.split()))


def _by_name(line: Line, stored: Stored) -> set[str]:
    if not (line.name and line.birth):
        return set()
    try:
        day, precision = parse_partial_date(line.birth)
    except ValueError:
        return set()
    name = fold(line.name)
    found = stored.named.get((name, day), set()) if precision == "day" else set()
    if found:
        return found
    year = stored.in_year.get((name, day.year), set())
    return year if precision != "day" else {key for key in year if stored.people[key].precision != "day"}


def _names(keys: Iterable[str], stored: Stored) -> str:
    shown = [f"{stored.people[key].name} ({stored.people[key].birth:%d/%m/%Y})" for key in sorted(keys)[:3]]
    return ", ".join(shown)


def _differ(line: Line, cards: Sequence[Card]) -> None:
    """Compare the card of the list with the stored ones of its person."""
    assert line.start and line.end
    over = [card for card in cards if line.meets(card)]
    if len(over) > 1:
        line.settle("ambiguous", f"Trong sổ có {len(over)} kỳ thẻ trùng thời gian với dòng này. Hãy mở hồ sơ để sửa trước.")
    elif not over:
        last = max(cards, key=lambda card: card.end, default=None)
        line.settle("new", f"Thẻ trước hết hạn {last.end:%d/%m/%Y}." if last and last.end < line.start else "Trong sổ chưa có thẻ cho thời gian này.")
    else:
        line.card = over[0]
        words = "; ".join(_differences(line, over[0]))
        line.settle("changed" if words else "unchanged", words or "Trong sổ đã có đúng thẻ này.")


def _differences(line: Line, card: Card) -> Iterable[str]:
    if line.card_number not in (card.number, insurance_code(card.number)):  # the code alone says nothing against the card
        yield f"số thẻ {card.number} → {line.card_number}"
    if line.start != card.start:
        yield f"từ ngày {card.start:%d/%m/%Y} → {line.start:%d/%m/%Y}"
    if line.end != card.end:
        yield f"đến ngày {card.end:%d/%m/%Y} → {line.end:%d/%m/%Y}"
    if line.group and line.group != card.group:
        yield f"nhóm {card.group or '–'} → {line.group}"
    if line.facility_code and line.facility_code != card.facility:
        yield f"nơi KCB {card.facility or '–'} → {line.facility_code}"


def _lost(lines: Sequence[Line], stored: Stored, on: datetime.date, hamlets: set[str]) -> Iterable[Line]:
    """A line for each valid card whose owner stays in one of the hamlets and is not in the list."""
    named = {line.person.key for line in lines if line.person}
    # Whoever a doubtful line may mean is not lost.
    for line in lines:
        if line.person is None and line.kind != "unmatched":
            code = line.card_number[-10:]
            named |= stored.codes.get(code, set()) | stored.nationals.get(line.national_id, set()) | _by_name(line, stored)
    for key, person in stored.people.items():
        if key in named or person.hamlet not in hamlets or (person.died_on and person.died_on <= on):
            continue
        for card in stored.cards.get(key, ()):
            if card.start <= on <= card.end:
                yield Line(
                    0, card.number, name=person.name, birth=columns.BIRTH_SHOWN[person.precision].format(person.birth), group=card.group, facility_code=card.facility,
                    start=card.start, end=card.end, kind="lost", reason=f"Thẻ đến {card.end:%d/%m/%Y} không có trong danh sách.", person=person, card=card)


def _row(line: Line, named: dict[str, str]) -> tuple[Any, ...]:
    """The values of `InsuranceLine` in the order of `keep_lines`."""
    person, card = line.person, line.card
    hamlet = person.hamlet if person else named.get(bare_hamlet(line.hamlet.split(",")[0]), "")
    return (
        line.number, line.kind, uuid.UUID(hamlet) if hamlet else None, uuid.UUID(person.key) if person else None, line.name, line.birth,
        line.card_number[:30], line.group, line.facility_code, line.start, line.end, line.reason[:500],
        uuid.UUID(card.key) if card else None, card.version if card else None)


def _stored(by: User) -> Stored:
    """Everybody of the user's places with numbers and cards. Five queries."""
    rows = tuples(visible(by, people(), "people.import").order_by(), "pk", "full_name", "search", "birth_date", "birth_precision", "hamlet_id", "died_on")
    found = Stored({hex_of(row[0]): Known(hex_of(row[0]), row[1], row[2], row[3], row[4], hex_of(row[5]), row[6]) for row in rows})
    for known in found.people.values():
        found.named[known.folded, known.birth].add(known.key)
        found.in_year[known.folded, known.birth.year].add(known.key)
    for owner, kind, value in tuples(Identifier.objects.filter(entered_in_error=False).exclude(kind="temporary").order_by(), "person_id", "kind", "value"):
        if (key := hex_of(owner)) in found.people:
            (found.codes if kind == "insurance" else found.nationals)[value].add(key)
    fields = ("person_id", "pk", "card_number", "group", "facility_code", "start", "end", "version")
    for owner, pk, *card in tuples(Coverage.objects.filter(entered_in_error=False).order_by(), *fields):
        if (key := hex_of(owner)) in found.people:
            found.cards[key].append(Card(hex_of(pk), *card))
            found.codes[insurance_code(card[0])].add(key)
    _former(found)
    return found


def _former(found: Stored) -> None:
    """People are also found by the names of the records that were merged into them."""
    into = {hex_of(lesser): hex_of(survivor) for lesser, survivor in tuples(Merge.objects.filter(undone_at=None).order_by(), "lesser_id", "survivor_id")}
    names = tuples(Merge.objects.filter(undone_at=None).order_by(), "lesser_id", "lesser__search", "lesser__birth_date")
    for lesser, name, born in names:
        key = hex_of(lesser)
        while key in into:
            key = into[key]
        if key in found.people:
            found.named[name, born].add(key)
            found.in_year[name, born.year].add(key)
