"""The form in which a campaign is planned: a name, and a day for each hamlet."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from tramyte.care.growth.actions import PLAN
from tramyte.care.growth.models import Campaign, CampaignDay
from tramyte.care.growth.queries import campaigns
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import own_place, places
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import not_found
from tramyte.engine.registers.fields import DayField, TextField


class DaysForm(forms.Form):
    """A campaign; a hamlet without a day takes no part."""

    name = TextField(label="Tên đợt", max_length=100)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, hamlets: Sequence[Place], row: Campaign | None, data: Any = None) -> None:
        held: dict[uuid.UUID, datetime.date] = {}
        if row is not None:
            held = dict(CampaignDay.objects.filter(campaign=row, entered_in_error=False).values_list("hamlet", "on"))
        today = clock.today()
        start = {"name": row.name if row else f"Cân đo trẻ dưới 5 tuổi tháng {today.month}/{today.year}", "seen_version": row.version if row else None}
        super().__init__(data, initial=start | {str(one.pk): f"{held[one.pk]:%d/%m/%Y}" for one in hamlets if one.pk in held}, use_required_attribute=False)
        self.hamlets = hamlets
        for one in hamlets:
            self.fields[str(one.pk)] = DayField(label=one.name, required=False, widget=forms.DateInput)

    def days(self) -> list[tuple[Place, datetime.date]]:
        """The hamlets that take part with their days."""
        return [(one, on) for one in self.hamlets if (on := self.cleaned_data[str(one.pk)])]

    @property
    def laid(self) -> list[Any]:
        """The fields of the hamlets."""
        return [self[str(one.pk)] for one in self.hamlets]


def plan_of(user: User) -> tuple[Place, list[Place]]:
    """The commune of a user and its hamlets where the user may plan."""
    commune = commune_of(own_place(user))
    rows = Place.objects.filter(parent=commune, kind=Place.HAMLET, valid_to=None, pk__in=places(user, PLAN, personal=True))
    return commune, list(rows.order_by("code"))


def campaign_of(user: User, id: uuid.UUID) -> Campaign:
    """A campaign of the user's commune. Raises Refused 404."""
    found = campaigns(user).filter(pk=id).first()
    if found is None:
        raise not_found("đợt cân đo này")
    return found
