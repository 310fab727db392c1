"""What a visit to a household writes beside the single actions: a birth, somebody leaving, another head."""

import datetime
import uuid

from django.db import transaction

from tramyte.care.people.actions import checks
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.deaths import BEARING_AGES
from tramyte.care.people.actions.persons import issue_temporary, register_person
from tramyte.care.people.actions.residences import (
    close_residence,
    end_residence,
    follow_residence,
    record_residence,
)
from tramyte.care.people.models import HEAD, Household, Person
from tramyte.care.people.queries import holding, people, presence, present_residence
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import store
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_years
from tramyte.rules.text import clean


@transaction.atomic
def record_birth(
    *, by: User, household: Household | uuid.UUID, full_name: str, birth_date: datetime.date, sex: str, mother: Person | None = None,
    relation: str = "", residence: str = "permanent", id: uuid.UUID | None = None, confirmed: bool = False,
) -> Person:
    """Enter a newborn who lives in the household from the day of birth, known by a temporary number.

    residence: permanent or temporary. mother: also one who stays elsewhere. Raises Refused: a birth to come, a mother who is no woman or was of no
    age to bear, a likely duplicate.
    """
    home, key, born = checks.a_household(household, by), id or new_id(), checks.a_day(birth_date, "birth_date", "Ngày sinh")
    _may_bear(mother, born)
    made = register_person(
        by=by, id=key, full_name=full_name, birth_date=birth_date, sex=sex, hamlet=home.hamlet, household=home, relation=relation, mother=mother,
        residence=residence, since=birth_date, confirmed=confirmed)
    issue_temporary(by=by, person=made, newborn=True)
    return made


def _may_bear(mother: Person | None, born: datetime.date) -> None:
    """Refuse a mother who is no woman, or whose age at the birth is a slip of the pen."""
    if mother is None:
        return
    if mother.sex != "F" or mother.birth_date >= born:
        raise Refused("invalid", "Mẹ phải là nữ và sinh trước con. Hãy chọn lại mẹ.", field="mother")
    if (age := age_years(mother.birth_date, born)) not in BEARING_AGES:
        raise Refused("invalid", f"Mẹ được chọn {age} tuổi khi sinh con. Hãy chọn lại mẹ, hoặc sửa ngày sinh của mẹ.", field="mother")


@transaction.atomic
def record_departure(*, by: User, person: Person | uuid.UUID, on: datetime.date, away: bool = False, reason: str = "") -> Person:
    """Record that somebody is not here from a day on: gone for good (every stay ends the day before), or away for a while."""
    owner = checks.a_person(person, by)
    checks.not_later_than_today(checks.a_day(on, "on", "Ngày đi"), "on", "Ngày đi")
    if away:
        present = present_residence(owner, on)
        if present is None:
            raise Refused("not_here", "Người này không ở đây vào ngày đó nên không ghi đi vắng. Hãy kiểm tra lại ngày.", field="on")
        record_residence(by=by, person=owner, place=present.place, kind="absent", start=on, reason=reason)
        return Person.objects.get(pk=owner.pk)
    last = on - datetime.timedelta(days=1)
    rows = list(owner.residences.filter(holding(on), start__lte=last))
    if not rows:
        raise Refused("not_here", "Không có nơi ở nào đang mở trước ngày đó. Hãy kiểm tra lại ngày đi.", field="on")
    for row in rows:
        end_residence(by=by, id=row.pk, end=last, reason=reason or "chuyển đi")
    return Person.objects.get(pk=owner.pk)


@transaction.atomic
def record_return(*, by: User, person: Person | uuid.UUID, on: datetime.date) -> Person:
    """Record that somebody who was away is back from a day on: every absence open on it ends the day before.

    Raises Refused: the dead, a day to come, a day on which the person was not away, or before the absence began.
    """
    owner = checks.a_person(person, by)
    if owner.died_on:
        raise Refused("died", f"Người này đã mất ngày {owner.died_on:%d/%m/%Y} nên không ghi đã về.", field="on")
    checks.not_later_than_today(checks.a_day(on, "on", "Ngày về"), "on", "Ngày về")
    rows = list(owner.residences.filter(holding(on), kind="absent").select_related("place"))
    if not rows:
        raise Refused("not_away", "Không có lần đi vắng nào đang mở vào ngày đó. Hãy xem mục Cư trú của hồ sơ rồi kiểm tra lại ngày về.", field="on")
    for row in rows:
        if row.start >= on:
            raise Refused("invalid", f"Đi vắng ghi từ {row.start:%d/%m/%Y}: ngày về phải sau ngày đó. Không đi thì bấm Ghi nhầm ở mục Cư trú của hồ sơ.", field="on")
        close_residence(row, on - datetime.timedelta(days=1), row.reason, by)
    follow_residence(owner, by)
    return Person.objects.get(pk=owner.pk)


@transaction.atomic
def change_head(*, by: User, household: Household | uuid.UUID, head: Person | uuid.UUID, former_relation: str = "") -> Person:
    """Make a member the head of the household; the former head gets the relation to the new one."""
    home, chosen = checks.a_household(household, by), checks.a_person(head, by)
    if chosen.household_id != home.pk or not chosen.is_alive:
        raise Refused("not_member", "Chủ hộ mới phải là người còn sống trong hộ. Hãy chọn lại.", field="head")
    if people().filter(pk=chosen.pk).annotate(presence=presence(clock.today())).filter(presence="left").exists():
        raise Refused("left", f"{chosen.full_name} đã chuyển đi nên không làm chủ hộ ở đây được. Hãy chọn người đang ở, hoặc ghi nơi ở trước nếu đã về.", field="head")
    for row in home.members.filter(relation__iexact=HEAD, entered_in_error=False).exclude(pk=chosen.pk):
        former = checks.a_person(row, by)
        before, former.relation = former.plain(), clean(former_relation)
        store(former, by=by, permission=WRITE, action="change_head", before=before)
    before, chosen.relation = chosen.plain(), HEAD.capitalize()
    return store(chosen, by=by, permission=WRITE, action="change_head", before=before)
