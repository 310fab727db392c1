"""How each sender's lists are matched, remembered from one list to the next."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place
from tramyte.engine.documents.spreadsheet import Peek
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import not_found
from tramyte.engine.registers.guessing import Guess
from tramyte.engine.registers.layout import Layout, Target, fingerprint
from tramyte.engine.registers.models import Import, ImportMatch
from tramyte.engine.registers.register import Register
from tramyte.rules.text import clean, fold

LOOKED_BACK = 50  # lists of a sender that are asked how they were matched
SUGGESTED = ("Công an xã", "Bảo hiểm xã hội", "Trưởng thôn", "Trường học", "Trung tâm y tế", "UBND xã")


def matches(register: Register, user: User) -> "QuerySet[ImportMatch]":
    """What is remembered for this book in the user's commune, the last used first."""
    return ImportMatch.objects.filter(register=register.slug, place=_commune(user), entered_in_error=False)


def names(register: Register, user: User) -> list[str]:
    """The senders to offer: those of earlier lists first."""
    used = Import.objects.filter(register=register.slug, by=user).exclude(sender="").order_by("-created_at").values_list("sender", flat=True)[:50]
    return list(dict.fromkeys([*matches(register, user).values_list("sender", flat=True), *used, *SUGGESTED]))


def recall(register: Register, user: User, sender: str, peeks: Sequence[Peek]) -> tuple[ImportMatch, Peek, tuple[int, int]] | None:
    """What is remembered that fits one of the sheets, with the sheet and where its headings stand.

    Of the sender's own lists when one is named, else of anybody's.
    """
    known = {match.fingerprint: match for match in reversed(matches(register, user)) if not sender or fold(match.sender) == fold(sender)}
    if not known:
        return None
    for one in peeks:
        first = (one.heading_row, one.depth)
        for place in sorted(one.names, key=lambda place: (place != first, place[1], place[0])):
            if match := known.get(fingerprint(one.names[place])):
                return match, one, place
    return None


def answer(match: ImportMatch, register: Register, guesses: Sequence[Guess]) -> None:
    """Put what is remembered in the place of the guesses."""
    said = dict(zip(match.headings, match.targets, strict=True))
    for one in guesses:
        if one.heading in said and (not said[one.heading] or Target.read(said[one.heading]).known_to(register)):
            one.target, one.how = said[one.heading], "sender" if said[one.heading] else ""


def remember(register: Register, user: User, sender: str, layout: Layout) -> None:
    """Keep what the columns say for this sender's next list; does nothing without a sender."""
    if not (sender := clean(sender)[:100]):
        return
    headings = list(layout.heads.values())
    values = {"headings": headings, "targets": [layout.targets.get(letter, "") for letter in layout.heads], "entered_in_error": False, "error_reason": ""}
    known = {"place": _commune(user), "register": register.slug, "sender": sender, "fingerprint": fingerprint(headings)}
    try:
        with transaction.atomic():
            ImportMatch.objects.update_or_create(**known, defaults=values)
    except IntegrityError:  # two windows at once: either is right
        ImportMatch.objects.filter(**known).update(**values)


def unlearn(register: Register, load: Import) -> None:
    """What was remembered from a list that was given up goes; an earlier list of the sender that was kept counts again."""
    layout = Layout(**load.layout)
    if load.by is None or not (sender := clean(load.sender)[:100]):
        return
    mark, place = fingerprint(list(layout.heads.values())), _commune(load.by)
    known = matches(register, load.by).filter(sender=sender, fingerprint=mark)
    if not known.exists():
        return
    kept = Import.objects.filter(register=register.slug, sender=load.sender, by__isnull=False).exclude(pk=load.pk).exclude(state__in=["choosing", "dropped"])
    for earlier in kept.select_related("by").order_by("-created_at")[:LOOKED_BACK]:
        said = Layout(**earlier.layout)
        if earlier.by is not None and fingerprint(list(said.heads.values())) == mark and _commune(earlier.by) == place:
            remember(register, load.by, sender, said)
            return
    known.update(entered_in_error=True, error_reason="bỏ lần nhập")


def forget(register: Register, user: User, id: Any) -> ImportMatch:
    """Remember no longer. Raises Refused (404) for what is not the commune's."""
    found = matches(register, user).filter(pk=id).first()
    if found is None:
        raise not_found("cách khớp cột này")
    found.entered_in_error, found.error_reason = True, "người dùng bỏ"
    found.save(update_fields=["entered_in_error", "error_reason", "updated_at"])
    return found


def _commune(user: User) -> Any:
    place = home_place(user) if not user._state.adding else None
    return commune_of(place) if place is not None else None
