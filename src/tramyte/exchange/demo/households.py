"""People put together into households: couples of like age, children with their mothers, elders with their sons."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date

from tramyte.exchange.demo.draws import Draws
from tramyte.exchange.demo.figures import HOUSEHOLD_SIZE, MARRIED_MEN, PYRAMID, on_curve, shares

YEAR = 365.25
HOUSE, OWN = True, False


@dataclass(slots=True)
class Couple:
    """A married couple with the children who live with them, by index; `sons` are couples who live with them too."""

    man: int
    wife: int
    children: list[int] = field(default_factory=list)
    sons: list["Couple"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a household: person, relation to the head, whether the person bears the name of the house."""

    person: int
    relation: str
    bears_name: bool


@dataclass(slots=True)
class Draft:
    """People before they have names: sex, birth (ordinal day) and mother by index; households of members, head first.

    today: the ordinal of the as-of day.
    """

    today: int
    sex: list[str] = field(default_factory=list)
    birth: list[int] = field(default_factory=list)
    mother: list[int | None] = field(default_factory=list)
    houses: list[list[Member]] = field(default_factory=list)

    def add(self, sex: str, birth: int) -> int:
        """A new person; gives the index."""
        self.sex.append(sex)
        self.birth.append(birth)
        self.mother.append(None)
        return len(self.sex) - 1

    def age(self, person: int) -> float:
        """Age in years on the as-of day."""
        return (self.today - self.birth[person]) / YEAR


def draft_households(draws: Draws, people: int, as_of: date) -> Draft:
    """So many people by the pyramid of `figures`, in households of 3.6 on average."""
    draft = Draft(as_of.toordinal())
    _fill_pyramid(draft, draws, people)
    couples = _marry(draft, draws)
    singles = _give_children(draft, draws, couples)
    roots = _join_generations(draft, draws, couples)
    lonely = _balance(draft, draws, roots, singles, max(1, round(people / HOUSEHOLD_SIZE)))
    draft.houses = [_members(draft, draws, couple) for couple in roots]
    heads = len(draft.houses)
    for person in lonely:
        draft.houses.append([Member(person, "Chủ hộ", HOUSE)])
    _take_in(draft, draws, singles, heads)
    return draft


def _fill_pyramid(draft: Draft, draws: Draws, people: int) -> None:
    cells = [share for group in PYRAMID for share in group]
    for cell, count in enumerate(shares(people, cells)):
        low, oldest = cell // 2 * 5, cell // 2 == len(PYRAMID) - 1
        for _ in range(count):
            draw = draws.random()
            age = low + (14 * draw * draw if oldest else 5 * draw)
            draft.add("MF"[cell % 2], draft.today - int(age * YEAR))


def _marry(draft: Draft, draws: Draws) -> list[Couple]:
    """Men meet the next free woman about two years younger, oldest first."""
    wives = sorted(
        (birth, i) for i, birth in enumerate(draft.birth) if draft.sex[i] == "F" and draft.age(i) >= 19
    )
    seekers = []
    for i, birth in enumerate(draft.birth):
        age = draft.age(i)
        if draft.sex[i] == "M" and age >= 22 and draws.chance(on_curve(MARRIED_MEN, age)):
            seekers.append((birth + int(draws.bell(2.3, 1.6) * YEAR), i))
    couples, at = [], 0
    for wished, man in sorted(seekers):
        while at < len(wives) and wives[at][0] < wished - 3 * YEAR:
            at += 1
        if at < len(wives) and wives[at][0] <= wished + 4 * YEAR:
            couples.append(Couple(man, wives[at][1]))
            at += 1
    return couples


def _give_children(draft: Draft, draws: Draws, couples: list[Couple]) -> list[int]:
    """Unmarried people under 30 go to a mother 19 to 41 years older; gives those who stay without a family."""
    married = {x for couple in couples for x in (couple.man, couple.wife)}
    by_wife = sorted(couples, key=lambda couple: (draft.birth[couple.wife], couple.wife))
    births = [draft.birth[couple.wife] for couple in by_wife]
    singles = []
    for child, birth in enumerate(draft.birth):
        if child in married:
            continue
        age = draft.age(child)
        leaves = age >= 30 or (age >= 19 and draws.chance(0.12))
        couple = None if leaves else _mother(draws, by_wife, births, birth)
        if couple is None:
            singles.append(child)
        else:
            couple.children.append(child)
            draft.mother[child] = couple.wife
    return singles


def _mother(draws: Draws, by_wife: list[Couple], births: list[int], birth: int) -> Couple | None:
    for _ in range(4):
        wished = birth - int(min(max(draws.bell(27.0, 4.6), 19.0), 41.0) * YEAR)
        at = bisect_left(births, wished)
        near = [by_wife[i] for i in range(max(0, at - 2), min(len(births), at + 3))]
        near = [
            c
            for c, i in zip(near, range(max(0, at - 2), at + 3), strict=False)
            if 19 <= (birth - births[i]) / YEAR <= 42
        ]
        near = [couple for couple in near if len(couple.children) < 4]
        if near:
            return min(near, key=lambda couple: len(couple.children))
    return None


def _join_generations(draft: Draft, draws: Draws, couples: list[Couple]) -> list[Couple]:
    """Some couples of 55 and over live with a son's family; gives the couples that head a household."""
    young = sorted((draft.birth[c.man], i) for i, c in enumerate(couples) if draft.age(c.man) < 52)
    births = [birth for birth, _ in young]
    joined: set[int] = set()
    for couple in couples:
        if draft.age(couple.man) < 55 or not young or not draws.chance(0.34):
            continue
        wished = draft.birth[couple.wife] + int((22 + 12 * draws.random()) * YEAR)
        at = min(bisect_left(births, wished), len(young) - 1)
        born, number = young[at]
        if number not in joined and 19 <= (born - draft.birth[couple.wife]) / YEAR <= 40:
            joined.add(number)
            son = couples[number]
            couple.sons.append(son)
            draft.mother[son.man] = couple.wife
    return [couple for i, couple in enumerate(couples) if i not in joined]


def _balance(draft: Draft, draws: Draws, roots: list[Couple], singles: list[int], houses: int) -> list[int]:
    """Takes from the singles those who live alone, so that the number of households comes out; grown children too."""
    adults = draws.shuffled([person for person in singles if draft.age(person) >= 18])
    lonely = sorted(adults[: max(houses - len(roots), 0)])
    missing = houses - len(roots) - len(lonely)
    living_alone = set(lonely)
    singles[:] = [person for person in singles if person not in living_alone]
    for couple in roots:
        if missing <= 0:
            break
        if couple.children and draft.age(couple.children[0]) >= 22:
            lonely.append(couple.children.pop(0))
            missing -= 1
    if not roots and not lonely and singles:
        lonely.append(singles.pop())
    return lonely


def _members(draft: Draft, draws: Draws, couple: Couple) -> list[Member]:
    if draws.chance(0.16):
        members = [Member(couple.wife, "Chủ hộ", OWN), Member(couple.man, "Chồng", HOUSE)]
    else:
        members = [Member(couple.man, "Chủ hộ", HOUSE), Member(couple.wife, "Vợ", OWN)]
    members += [Member(child, "Con", HOUSE) for child in couple.children]
    for son in couple.sons:
        members += [Member(son.man, "Con", HOUSE), Member(son.wife, "Con dâu", OWN)]
        members += [Member(child, "Cháu", HOUSE) for child in son.children]
    return members


def _take_in(draft: Draft, draws: Draws, singles: list[int], heads: int) -> None:
    """Those left live with relatives: elders with people a generation younger."""
    for person in singles:
        house = draft.houses[draws.between(0, max(heads, 1) - 1)]
        house.append(relative(draft, person, house[0].person))


def relative(draft: Draft, person: int, head: int) -> Member:
    """The person as a relative of the head by the difference of their ages."""
    older = (draft.birth[head] - draft.birth[person]) / YEAR
    if older >= 18:
        return Member(person, "Bố" if draft.sex[person] == "M" else "Mẹ", draft.sex[person] == "M")
    if older > -18:
        return Member(person, "Anh chị em", HOUSE)
    return Member(person, "Cháu", HOUSE)
