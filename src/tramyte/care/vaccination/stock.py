"""The vaccine that a session needs: doses by vaccine, whole vials, and whether the usable lots hold them."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tramyte.care.immunization.models import Vaccine, VaccineLot
from tramyte.care.vaccination.models import Session
from tramyte.care.vaccination.queries import doses_due, lots_for, people_of
from tramyte.engine.access.models import User


@dataclass(frozen=True)
class Taken:
    """What to bring of one lot: vials and the doses in them; `doses`: those that are meant for people."""

    lot: VaccineLot
    vials: int
    doses: int

    @property
    def brought(self) -> int:
        """Doses in the vials, of which those nobody gets are thrown away at the end."""
        return self.vials * self.lot.product.doses_per_vial


@dataclass(frozen=True)
class Need:
    """One vaccine of a session. doses: people who are due; left: doses in usable lots; taken: the lots that cover them, the first to expire first."""

    code: str
    name: str
    doses: int
    left: int
    taken: Sequence[Taken]

    @property
    def short(self) -> int:
        """Doses that the store lacks."""
        return max(0, self.doses - self.left)

    @property
    def brought(self) -> int:
        """Doses in the vials to bring, never more than the store holds."""
        return sum(min(one.brought, one.lot.left) for one in self.taken)

    @property
    def wasted(self) -> int:
        """Doses that opened vials will leave over when everybody comes."""
        return max(0, self.brought - min(self.doses, self.left))

    @property
    def vials(self) -> int:
        """Vials to bring."""
        return sum(one.vials for one in self.taken)

    @property
    def sentence(self) -> str:
        """The warning of a store that does not hold enough; "" when it does."""
        if not self.short:
            return ""
        return f"{self.name}: cần {self.doses} liều, kho chỉ còn {self.left} liều dùng được đến ngày tiêm, thiếu {self.short} liều. Hãy xin thêm, hoặc mời ít người hơn."


def needs(user: User, session: Session, lots: Sequence[VaccineLot] | None = None) -> list[Need]:
    """Of every vaccine that somebody of the session is due for what is needed and what the store holds. Some four queries."""
    persons = people_of(session).filter(given=None).exclude(outcome__in=["deferred", "contraindicated"]).values_list("person", flat=True)
    due = doses_due(list(persons), session.on, session.wanted).values()
    wanted = Counter(code for rows in due for code in {row.vaccine for row in rows})  # one dose settles several groups
    held = lots_for(user, session) if lots is None else lots
    names = dict(Vaccine.objects.filter(code__in=wanted).values_list("code", "name"))
    return [need_of(code, names.get(code, code), doses, held) for code, doses in sorted(wanted.items(), key=lambda item: names.get(item[0], item[0]))]


def need_of(code: str, name: str, doses: int, lots: Iterable[VaccineLot]) -> Need:
    """Cover so many doses from the lots in their order, in whole vials."""
    own = [lot for lot in lots if lot.product.vaccine.code == code]
    taken, missing = [], doses
    for lot in own:
        if missing <= 0:
            break
        some = min(missing, lot.left)
        taken.append(Taken(lot, -(-some // lot.product.doses_per_vial), some))
        missing -= some
    return Need(code, name, doses, sum(lot.left for lot in own), taken)


def to_bring(found: Sequence[Need]) -> dict[uuid.UUID, int]:
    """The doses to bring of each lot, in whole vials as far as the store holds them."""
    return {one.lot.pk: min(one.brought, one.lot.left) for need in found for one in need.taken}
