"""One box that finds people: by words in any order, tones or none, year, hamlet, number, telephone, initials."""

import contextlib
import datetime
import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, IntegerField, Q, When
from django.db.models.expressions import RawSQL

from tramyte.care.people.merges import WITHIN
from tramyte.care.people.models import Coverage, Identifier, Merge, Person, SearchText
from tramyte.care.people.queries import people, presence
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, visible
from tramyte.engine.actions.bulk import insert_values
from tramyte.engine.places.models import Place
from tramyte.rules.identity import CardText, check_phone, insurance_code, is_temporary_number, parse_card_text
from tramyte.rules.identity.names import FAMILY_NAMES
from tramyte.rules.text import clean, fold, initials

MATCHING = {
    "sqlite": "SELECT rowid FROM people_words WHERE people_words MATCH %s",
    "postgresql": "SELECT id FROM people_searchtext WHERE array_to_tsvector(string_to_array(text, ' ')) @@ %s::tsquery",
}
BROAD = 4000  # matches that are put in order for a text of few letters, which thousands fit
MOST_WORDS, LONGEST_WORD, LONGEST_QUERY = 12, 40, 300
LOOKED_AT = 40  # rows fetched in the order of names, then put into the order of fitness
READ = ("full_name", "search", "birth_date", "birth_precision", "sex", "died_on", "relation", "phone", "entered_in_error", "hamlet__name", "hamlet__code", "household__number")
MOST_PLACES = 300  # of more places than these the people are narrowed by their hamlet alone
SHORTEST_PIECE = 4  # digits of a number by whose end somebody is looked for
BACKWARDS = "x"  # before the digits of a number that is kept backwards too, so that its end is a beginning
Row = tuple[uuid.UUID, str, str]  # person, folded name, words
# Signs of two scripts became letters in Unicode 7 and 8; SQLite's index parts words at them as before.
_SIGNS = re.compile(r"[\W_\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]+")
_DAY = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_NUMBER = re.compile(r"\+?[\d\s.\-]{9,25}")
_CARD = re.compile(r"[A-Za-z]{2}\s?[1-5][\d\s.\-]{8,20}")


class Term(NamedTuple):
    """One word to look for: a beginning of a word, or a whole one."""

    text: str
    whole: bool = False


Terms = list[list[Term]]  # all groups must fit, by any of their words


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `exact`: the text was a whole number that belongs to the one person found.

    `card`: what the text said when it was the scanned code of an identity card.
    """

    people: list[Person]
    exact: bool = False
    more: bool = False
    card: CardText | None = None


def find_people(user: User, text: str, limit: int = 20) -> Found:
    """The people this user may see who fit every word of the text, best first. At most three queries; any text is safe.

    Every word must begin a word of the person. Names with the tones as typed come first, then whole words before
    beginnings, then who stays here before who left or died, then by name. Numbers may hold blanks, and may have lost
    a leading zero. Each person found carries `presence`: see `queries.PRESENCE`. A scanned identity card finds by its
    number, else by the old number, else who has its name (tones off) and birth date.
    """
    if card := parse_card_text(text):
        return _by_card(user, card, limit)
    numbers = number_forms(text)
    words = [] if numbers else query_words(text)
    rows: dict[uuid.UUID, Row] = {}
    for terms in _ways(numbers, words):
        rows = {row[0]: row for row in _matching(user, terms, _typed_name(words))} | rows
        if len(rows) > limit:  # enough that fit better than those of the next way
            break
    known = _people(list(rows))
    best = sorted(rows.values(), key=lambda row: (*_fitness(row, words), known[row[0]].presence != "here", row[1]))
    exact = len(best) == 1 and (is_temporary_number(text) or any(number in best[0][2].split() for number in numbers))
    return Found([known[row[0]] for row in best[:limit]], exact, len(best) > limit)


def _ways(numbers: list[str], words: list[str]) -> list[Terms]:
    """What is asked in turn until enough people are found: the tones as typed, else all words but the last whole; then beginnings of all."""
    if numbers or not words:
        return [[[Term(number) for number in numbers]]] if numbers else []
    plain = [_forms(fold(word), last=word is words[-1]) for word in words]
    if any(fold(word) != word for word in words):
        toned = [[Term(word, whole=forms[0].whole)] if fold(word) != word else forms for word, forms in zip(words, plain, strict=True)]
        return [toned, plain]
    whole = [[Term(form.text, whole=form.text.isalpha()) for form in forms] for forms in plain[:-1]]
    return [[*whole, plain[-1]], plain] if len(words) > 1 else [plain]


def _forms(word: str, *, last: bool) -> list[Term]:
    """How a folded word may be kept: as it begins, and a piece of a number also as it ends, read backwards.

    A year, and a family name that is followed by more, are whole: hundreds of thousands bear the names that begin so.
    """
    year = len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")
    number = word.isascii() and word.isdigit() and len(word) >= SHORTEST_PIECE and not year
    family = len(word) >= 4 and word in FAMILY_NAMES and not last
    return [Term(word), Term(BACKWARDS + word[::-1])] if number else [Term(word, whole=year or family)]


def _by_card(user: User, card: CardText, limit: int) -> Found:
    for number in filter(None, (card.number, card.old_number)):
        if rows := _matching(user, [[Term(number)]], ""):
            exact = len(rows) == 1 and number in rows[0][2].split()
            known = _people([row[0] for row in rows])
            return Found(list(known.values())[:limit], exact, len(rows) > limit, card)
    if not (card.name and card.birth_date):
        return Found([], card=card)
    alike = people().filter(search=fold(card.name), birth_date=card.birth_date)
    known = _people(list(visible(user, alike).order_by("pk").values_list("pk", flat=True)[: limit + 1]))
    return Found(list(known.values())[:limit], more=len(known) > limit, card=card)


def _people(ids: list[uuid.UUID]) -> dict[uuid.UUID, Person]:
    rows = Person.objects.select_related("hamlet", "household").only(*READ).annotate(presence=presence(clock.today()))
    return rows.in_bulk(ids) if ids else {}


def matching_texts(text: str) -> Q | None:
    """The condition on `SearchText` that the text asks for; None when it asks for nothing."""
    numbers, words = number_forms(text), query_words(text)
    if not numbers and not words:
        return Q(pk__in=[]) if text.strip() else None
    terms = _ways(numbers, words)[-1]
    return _fitting(terms, BROAD if len(terms) == 1 and all(len(term.text) <= 4 for term in terms[0]) else None)


def _fitting(terms: Terms, most: int | None) -> Q:
    statement = MATCHING[connection.vendor] + (f" LIMIT {most}" if most else "")
    return Q(id__in=RawSQL(statement, [_expression(terms)]))  # constants with one parameter


def _matching(user: User, terms: Terms, name: str) -> list[Row]:
    """Some of the user's people who fit, the nearest by name first; of very many that fit any BROAD are looked at."""
    within = places(user, SearchText.guard.view, personal=True)
    here = [[Term(mark(place), whole=True) for place in within]] if len(within) <= MOST_PLACES else []
    rows = visible(user, SearchText.objects.filter(_fitting([*terms, *here], BROAD)))
    if name:  # a name typed from its beginning, then one typed from its middle to its end, then the alphabet
        near = Case(When(name__startswith=name, then=0), When(name__endswith=f" {name}", then=1), default=2, output_field=IntegerField())
        rows = rows.order_by(near, "name", "id")
    return list(rows.values_list("person_id", "name", "text")[:LOOKED_AT])


def _expression(terms: Terms) -> str:
    """A query of this database's word index: any of each group, all of the groups; words are letters and digits."""
    sqlite = connection.vendor == "sqlite"
    shown = '"{}"{}' if sqlite else "'{}'{}"
    groups = ((shown.format(term.text, "" if term.whole else "*" if sqlite else ":*") for term in group) for group in terms if group)
    return (" AND " if sqlite else " & ").join(f"({(' OR ' if sqlite else ' | ').join(group)})" for group in groups)


def _fitness(row: Row, words: Sequence[str]) -> tuple[int, int, bool]:
    """Words of the name with their tones, then without, then the name as typed from its beginning."""
    _, name, text = row
    named, kept = name.split(), text.split()
    toned = sum(word in (named if word == fold(word) else kept) for word in words)
    return -toned, -sum(fold(word) in named for word in words), not name.startswith(_typed_name(words))


def _typed_name(words: Sequence[str]) -> str:
    return " ".join(fold(word) for word in words if not word.isdigit())


def query_words(text: str) -> list[str]:
    """The words of a query, small letters with their tones, without signs; a day becomes yyyymmdd."""
    text = _DAY.sub(lambda day: f"{day[3]}{int(day[2]):02d}{int(day[1]):02d}", clean(text[:LONGEST_QUERY]))
    words = [part for part in _SIGNS.split(text.casefold()) if part and fold(part)]
    return [word[:LONGEST_WORD] for word in words if " " not in fold(word)][:MOST_WORDS]


def number_forms(text: str) -> list[str]:
    """The forms under which a typed or scanned number is kept; empty when the text is no identity, card or telephone number.

    A scanned citizen card (`number|old number|name|...`) counts as its first number.
    """
    typed = text[:LONGEST_QUERY].split("|")[0].strip()
    if not (typed.isascii() and (_NUMBER.fullmatch(typed) or _CARD.fullmatch(typed))):
        return []
    bare = re.sub(r"[\s.\-+]", "", typed).casefold()
    if len(bare) < 9 or _DAY.fullmatch(typed) or is_temporary_number(typed):  # two words that look like a card when all are digits
        return []
    forms = [bare, f"0{bare}"] if bare.isdigit() else [bare, *([insurance_code(bare)] if len(bare) == 15 else [])]
    with contextlib.suppress(ValueError):  # most numbers are no telephone numbers
        forms.append(check_phone(typed))
    return list(dict.fromkeys(forms))


class Named(NamedTuple):
    """What of a person its words are made of. search: the folded name. hamlet: its key."""

    full_name: str
    search: str
    birth_date: datetime.date
    birth_precision: str
    hamlet: uuid.UUID
    phone: str


def search_words(person: Person, hamlet: str, numbers: Iterable[str], former: Iterable[str] = ()) -> str:
    """The text a person is found by: see `SearchText`. former: words of records that were merged into this one."""
    named = Named(person.full_name, person.search or fold(person.full_name), person.birth_date, person.birth_precision, person.hamlet_id, person.phone)
    return words_of(named, hamlet, numbers, former)


def words_of(person: Named, hamlet: str, numbers: Iterable[str], former: Iterable[str] = ()) -> str:
    """As `search_words` for somebody who is no row of a model."""
    words = [*person.search.split(), *_parts(clean(person.full_name).casefold()), fold(initials(person.full_name)).replace(" ", "")]
    day = person.birth_date.isoformat()
    words += [day[:4], *_words_of_place(hamlet)]
    if person.birth_precision == "day":
        words.append(day.replace("-", ""))
    words.append(mark(person.hamlet))
    for number in (*numbers, person.phone):
        words += _parts(number.casefold())  # a temporary number has two parts
        bare = insurance_code(number) if len(number) == 15 else number
        if bare is not number:
            words.append(bare)
        if len(bare) >= 9 and bare.isdigit():
            words.append(BACKWARDS + bare[::-1])
    return " ".join(filter(None, dict.fromkeys([*words, *former])))


@lru_cache(maxsize=1024)
def _words_of_place(name: str) -> tuple[str, ...]:
    return tuple(fold(name).split())


def _parts(text: str) -> list[str]:
    """The words between signs and blanks; one word alone is the usual case and is not looked through."""
    return [text] if text.isalnum() else _SIGNS.split(text)


@lru_cache(maxsize=1024)
def mark(place: uuid.UUID) -> str:
    """The word by which the index knows the people of a hamlet, so that it does not walk through those of the whole province."""
    return f"hz{place.hex[-10:]}"


def enter(new: Sequence[Person], numbers: Mapping[uuid.UUID, Iterable[str]]) -> None:
    """Make people who were just inserted findable, by these numbers of theirs. Two queries."""
    hamlets = dict(Place.objects.filter(pk__in={person.hamlet_id for person in new}).order_by().values_list("pk", "name"))  # a new hamlet has no other names yet
    enter_words([
        (person.pk, person.hamlet_id, person.search, search_words(person, hamlets[person.hamlet_id], numbers.get(person.pk, ())))
        for person in new])


def enter_words(rows: Sequence[tuple[uuid.UUID | str, uuid.UUID | str, str, str]]) -> None:
    """Keep the words of people who were just inserted: key, the hamlet's key, folded name, words. One query."""
    insert_values(SearchText, ("person_id", "hamlet_id", "name", "text"), rows)


def leave(gone: Collection[uuid.UUID]) -> None:
    """Let people who were just entered in error be found no longer."""
    SearchText.objects.filter(person__in=gone).delete()


def _stored_numbers(ids: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, list[str]]:
    """Every number, ended ones too, of these people."""
    numbers: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for model, field in ((Identifier, "value"), (Coverage, "card_number")):
        rows = model.objects.filter(Q(entered_in_error=False) | Q(error_reason=WITHIN), person__in=ids).order_by("pk")
        for owner, number in rows.values_list("person_id", field):
            numbers[owner].append(number)
    return numbers


def _former_words(ids: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, list[str]]:
    """The words of the records that were merged into these people, through however many merges."""
    words: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    owner = {id: id for id in ids}  # whoever was merged, to the one who is found by it
    todo = list(ids)
    while todo:
        merges = Merge.objects.filter(survivor__in=todo, undone_at=None).select_related("lesser").order_by("pk")
        todo = []
        for merge in merges:
            owner[merge.lesser_id] = owner[merge.survivor_id]
            words[owner[merge.lesser_id]] += search_words(merge.lesser, "", ()).split()
            todo.append(merge.lesser_id)
    return words


def refresh(person_ids: Iterable[uuid.UUID]) -> None:
    """Bring the search texts of these people up to date; actions call it in their transaction. Few queries for any number."""
    wanted = list(dict.fromkeys(person_ids))
    for begin in range(0, len(wanted), 500):
        _refresh_some(wanted[begin:begin + 500])


def _refresh_some(ids: list[uuid.UUID]) -> None:
    people = Person.objects.filter(pk__in=ids, entered_in_error=False).select_related("hamlet")
    SearchText.objects.filter(person__in=ids, person__entered_in_error=True).delete()
    numbers, former = _stored_numbers(ids), _former_words(ids)
    texts = [
        SearchText(
            person_id=person.pk, hamlet_id=person.hamlet_id, name=person.search, text=search_words(person, " ".join((person.hamlet.name, *person.hamlet.aliases)), numbers[person.pk], former[person.pk]))
        for person in people]
    SearchText.objects.bulk_create(texts, batch_size=200, update_conflicts=True, unique_fields=["person"], update_fields=["hamlet", "name", "text"])
