"""The book of illnesses and disabilities that the health records hold."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tramyte.care.health_record import actions, importing
from tramyte.care.health_record.form import ILLNESSES
from tramyte.care.health_record.models import Condition
from tramyte.care.health_record.queries import since_words
from tramyte.care.people.keys import PersonKey
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import ChoiceField, TextField
from tramyte.engine.registers.register import Register


class Conditions(Register):
    """Sổ theo dõi bệnh tật: one line is one illness of one person, as the health record holds it."""

    slug = "conditions"
    title = "Sổ theo dõi bệnh tật"
    unit = "dòng"
    model = Condition
    date = "on"
    record, record_many, undo = actions.record_condition, importing.record_conditions, importing.undo_conditions
    cancel, check = actions.cancel_condition, actions.check_condition
    identity = ("person", "code", "detail")
    write, load = "people.write", "people.import"
    order = ("code", "person__search")
    source = "Quyết định 831/QĐ-BYT (2017), phần B mục 3; cột của trạm, chưa đối chiếu văn bản gốc"
    columns = (
        Column("person", "Số định danh", by=PersonKey(), search=True, masked=True, width=1.5, aliases=("Số CCCD", "CCCD", "Số định danh cá nhân")),
        Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên",)),
        Column("person.birth_date", "Ngày sinh", agree=True),
        Column("person.sex", "Giới tính", width=0.6),
        Column("person.hamlet", "Thôn", filter=True),
        Column("code", "Bệnh", filter=True, field=ChoiceField(choices=[*ILLNESSES]), width=1.5, aliases=("Tên bệnh",)),
        Column("detail", "Mô tả rõ", search=True, width=2, help="Bệnh khác thì ghi tên bệnh."),
        Column("status", "Tình trạng", filter=True, width=1.2),
        Column("since", "Từ khi nào", read=since_words, stored="onset", field=TextField(required=False, max_length=20), aliases=("Năm phát hiện", "Ngày phát hiện")),
        Column("person.asked_on", "Ngày hỏi", read=lambda row: row.on, hidden=True),
    )
    example = {
        "person": "037056000123", "person.full_name": "Nguyễn Thị Mận", "person.birth_date": "05/03/1956", "code": "tăng huyết áp",
        "detail": "đang uống thuốc", "status": "đang mắc", "since": "2019",
    }

    def address(self, row: Any) -> str:
        """The part of the person's record."""
        return reverse("health-record", args=[row.person_id]) + "#illness"

    def base(self, user: Any) -> "QuerySet[Any]":
        """Illnesses, not disabilities, of people that the registry still holds."""
        return super().base(user).filter(category="illness", person__entered_in_error=False)
