"""What the books of mothers share."""

import datetime
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from tramyte.care.maternal import columns
from tramyte.care.maternal.models import Newborn, Pregnancy
from tramyte.care.maternal.queries import at_risk, going_on, left
from tramyte.care.people.keys import PersonKey
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.register import Register

SOURCE = "Thông tư 23/2025/TT-BYT, phụ lục III (tên sổ); cột theo Thông tư 27/2014 và 37/2019/TT-BYT, dựng theo trí nhớ"
MONTH = datetime.timedelta(days=30)
UNCHECKED = "Cột và thứ tự của sổ dựng theo trí nhớ, chưa đối chiếu văn bản gốc."
PERSON = Column("person", "Số định danh", by=PersonKey(), search=True, masked=True, width=1.5, aliases=("Số định danh cá nhân", "Số CCCD", "CCCD"))
HIDDEN = replace(PERSON, hidden=True)  # in wide books the name leads to the person
NAME = Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên", "Họ tên mẹ"))
BORN = Column("person.birth_date", "Ngày sinh", agree=True, aliases=("Năm sinh",), width=1.1)
HAMLET = Column("person.hamlet", "Thôn", filter=True, width=1.3, aliases=("Địa chỉ",))
JOB = Column("person.occupation", "Nghề nghiệp", hidden=True)
PEOPLE = Column("person.ethnicity", "Dân tộc", hidden=True, width=0.7)
CARD = Column("person.card", "Số thẻ BHYT", read=columns.card_of, hidden=True, masked=True, width=1.2)
SOMEBODY = {"person": "037196000001", "person.full_name": "Nguyễn Thị Mận", "person.birth_date": "05/03/1996"}
STATES = (("open", "đang mang thai"), ("late", "quá hẹn khám"), ("risk", "có nguy cơ"), ("near", "dự sinh trong 30 ngày"), ("left", "đã chuyển đi, chưa ghi kết thúc"), ("ended", "đã kết thúc"), ("all", "tất cả"))


def by_state(rows: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
    """Of these pregnancies those that go on, whose visit is late, that carry risks, near their end, or ended."""
    day = clock.today()
    alive = going_on(day)
    narrow = {
        "open": alive, "late": alive & Q(next_due__lt=day), "risk": alive & at_risk(day), "left": left(day), "ended": ~Q(outcome=""),
        "near": alive & Q(due_on__range=(day, day + MONTH)), "all": Q()}
    return rows.filter(narrow[value])


class Mothers(Register):
    """What the books of mothers share: the person first, the person's page behind the first cell."""

    def address(self, row: Any) -> str:
        """The pregnancy of the line, else the person's page."""
        owner = row if isinstance(row, Pregnancy) else row.delivery.pregnancy if isinstance(row, Newborn) else getattr(row, "pregnancy", None)
        return reverse("pregnancy", args=[owner.pk]) if owner else reverse("person", args=[row.person_id]) + "#thai-san"

    def base(self, user: User) -> "QuerySet[Any]":
        """Lines of people whom the registry still holds, with what the shown cells read."""
        who = "mother" if self.model is Newborn else "person"
        return super().base(user).filter(**{f"{who}__entered_in_error": False})
