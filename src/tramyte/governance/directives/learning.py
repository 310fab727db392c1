"""Keeping the printed name that a person gave to a unit, so that the next document matches by itself."""

from tramyte.engine.access.models import User
from tramyte.engine.audit import chain
from tramyte.engine.places.models import OrgUnit
from tramyte.governance.directives.units import UnitNames, is_group


def learn_name(unit: OrgUnit, name: str, names: UnitNames, by: User) -> None:
    """Make a printed name an alias of a unit, unless it means several units or already fits one."""
    if is_group(name) or names.match(name) is not None:
        return
    before = unit.plain()
    unit.aliases = [*unit.aliases, name]
    unit.save(update_fields=["aliases", "updated_at"])
    chain.record(by=by, action="learn_unit_name", row=unit, before=before, after=unit.plain())
