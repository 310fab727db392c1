"""How hamlets and people are named in the cells of registers."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from tramyte.care.people.models import Identifier, Person
from tramyte.care.people.queries import PRESENCE, people
from tramyte.care.people.search import find_people, number_forms
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, visible
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.text import clean, fold

GENERIC = ("to dan pho", "khu dan cu", "khu pho", "thon", "xom", "ap", "ban", "khom", "khu", "buon", "lang", "tdp", "to")


def bare_hamlet(text: str) -> str:
    """The folded name of a hamlet without the word for hamlet: "Thôn Đông Hạ" gives "dong ha"."""
    folded = fold(text)
    for word in GENERIC:
        if folded.startswith(f"{word} "):
            return folded.removeprefix(f"{word} ")
    return folded


class HamletKey:
    """A hamlet named by its name, with or without tones and the word thôn, or by its code."""

    search: tuple[str, ...] = ("name__icontains",)
    prefetch: tuple[str, ...] = ()

    def shown(self, row: Any) -> str:
        """Its name."""
        return str(row.name)

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """One query; refuses an unknown name and one that two hamlets bear."""
        hamlets = self._within(user, permission)
        known: defaultdict[str, set[Place]] = defaultdict(set)
        for hamlet in hamlets:
            for name in (hamlet.code, hamlet.name, *hamlet.aliases):
                known[fold(name)].add(hamlet)
                known[bare_hamlet(name)].add(hamlet)
        return [self._one(cells[""], known, hamlets) for cells in typed]

    def _one(self, text: str, known: dict[str, set[Place]], hamlets: Iterable[Place]) -> Any:
        found = known.get(fold(text)) or known.get(bare_hamlet(text)) or set()
        if len(found) == 1:
            return next(iter(found))
        if found:
            return Refused("ambiguous", f"Có {len(found)} thôn tên “{text[:60]}”. Hãy ghi mã thôn thay cho tên.")
        names = ", ".join(hamlet.name for hamlet in list(hamlets)[:6])
        return Refused("unknown", f"Không có thôn “{text[:60]}” trong phạm vi của bạn. Các thôn: {names}.")

    def suggest(self, user: User, permission: str, text: str) -> list[tuple[str, str]]:
        """Hamlets whose name holds the text."""
        return [(row.name, row.code) for row in self._within(user, permission) if fold(text) in fold(row.name)][:10]

    def _within(self, user: User, permission: str) -> list[Place]:
        return list(Place.objects.filter(pk__in=places(user, permission, personal=True), kind=Place.HAMLET, valid_to=None))


class PersonKey:
    """A person named by an identity or card number, or by "name, birth date".

    Dotted columns `full_name` and `birth_date` beside it help when the number is missing.
    """

    search: tuple[str, ...] = ("search__contains", "identifiers__value__startswith")
    prefetch: tuple[str, ...] = ("identifiers",)

    def shown(self, row: Any) -> str:
        """The present identity number, else the insurance code, else name and birth date."""
        held = {number.kind: number.value for number in row.identifiers.all() if number.valid_to is None and not number.entered_in_error}
        for kind in ("national", "insurance", "old_national"):
            if kind in held:
                return str(held[kind])
        return f"{row.full_name}, {row.birth_date:%d/%m/%Y}"

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """At most three queries for any number of lines."""
        by_number = self._by_number(user, permission, {form for cells in typed for form in _forms(cells.get("", ""))})
        unnumbered = [cells for cells in typed if not any(by_number.get(form) for form in _forms(cells.get("", "")))]
        named = {(fold(name), day) for cells in unnumbered for name, day in _names(cells)}
        by_name = self._by_name(user, permission, named)
        return [self._one(cells, by_number, by_name) for cells in typed]

    def _by_number(self, user: User, permission: str, numbers: set[str]) -> dict[str, set[Person]]:
        found: defaultdict[str, set[Person]] = defaultdict(set)
        if numbers:
            held = list(Identifier.objects.filter(value__in=numbers, entered_in_error=False).order_by().values_list("value", "person_id"))
            rows = {row.pk: row for row in visible(user, people().filter(pk__in={key for _, key in held}), permission).select_related("hamlet")}
            for value, key in held:
                if key in rows:
                    found[value].add(rows[key])
        return found

    def _by_name(self, user: User, permission: str, named: set[tuple[str, datetime.date]]) -> dict[tuple[str, datetime.date], set[Person]]:
        found: defaultdict[tuple[str, datetime.date], set[Person]] = defaultdict(set)
        if named:
            rows = people().filter(search__in={name for name, _ in named}, birth_date__in={day for _, day in named})
            for row in visible(user, rows, permission).select_related("hamlet"):
                found[row.search, row.birth_date].add(row)
        return found

    def _one(self, cells: dict[str, str], by_number: dict[str, set[Person]], by_name: dict[tuple[str, datetime.date], set[Person]]) -> Any:
        text = cells.get("", "")
        numbered = {person for form in _forms(text) for person in by_number.get(form, ())}
        named = {person for name, day in _names(cells) for person in by_name.get((fold(name), day), ())}
        found = numbered or named
        if len(found) == 1:
            return next(iter(found))
        shown = clean(text or cells.get("full_name", ""))[:60]
        if found:
            return Refused("ambiguous", f"Có {len(found)} người ứng với “{shown}”. Hãy ghi số định danh đủ 12 chữ số.")
        return Refused("unknown", f"Không có ai ứng với “{shown}” trong phạm vi của bạn. Hãy kiểm tra số định danh, hoặc thêm người vào sổ nhân khẩu trước.")

    def suggest(self, user: User, permission: str, text: str) -> list[tuple[str, str]]:
        """The first people that the search box would show."""
        found = find_people(user, text, 10).people
        return [(self.shown(person), f"{person.full_name}, {person.birth_date:%d/%m/%Y}, {person.hamlet}{_gone(person)}") for person in found]


_forms = lru_cache(maxsize=1 << 13)(number_forms)  # asked three times of each number of a long list


def _gone(person: Any) -> str:
    return "" if person.presence == "here" else f", {PRESENCE[person.presence]}"


def _names(cells: dict[str, str]) -> list[tuple[str, datetime.date]]:
    """Name and birth date of a line: from the columns beside, else from "name, birth date"."""
    name, _, born = cells.get("", "").rpartition(",")
    name, born = cells.get("full_name") or name, cells.get("birth_date") or born
    if not (name and born):
        return []
    try:
        return [(name, parse_partial_date(born)[0])]
    except ValueError:
        return []


def present_numbers(person: Person) -> dict[str, Identifier]:
    """The numbers a person has now, by kind; reads prefetched `identifiers` when there."""
    rows = [row for row in person.identifiers.all() if row.valid_to is None and not row.entered_in_error]
    return {row.kind: row for row in rows}


