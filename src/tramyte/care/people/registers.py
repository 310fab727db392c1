"""The books of people: residents, households, insurance cards."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from tramyte.care.people import actions, columns
from tramyte.care.people.keys import HamletKey, PersonKey
from tramyte.care.people.matching import match_residents
from tramyte.care.people.models import Coverage, Household, Person, SearchText
from tramyte.care.people.queries import PRESENCE, living, place_of_stay, presence, stays
from tramyte.care.people.search import matching_texts
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.places.models import Place
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.narrowing import Filter
from tramyte.engine.registers.register import Register
from tramyte.rules.identity import check_insurance_number

SOURCE = "Luật Cư trú 2020, Điều 9, 36; mẫu sổ do trạm đặt"


def by_presence(rows: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
    """Of these people those who are here, away, left or died today; `all` leaves nobody out."""
    day = clock.today()
    if value == "all":
        return rows
    if value == "here":  # the form that an index answers; the same people as `queries.staying`
        return rows.filter(living(day), Exists(stays(day).filter(person=OuterRef("pk"))))
    return rows.alias(presence=presence(day)).filter(presence=value)


class Residents(Register):
    """Sổ quản lý nhân khẩu: one line is one person, with household, residence, numbers and the last card."""

    slug = "residents"
    title = "Sổ quản lý nhân khẩu"
    model = Person
    record = actions.record_resident
    record_many = actions.record_residents
    cancel = actions.cancel_resident
    undo, restored = actions.undo_import, actions.resident_restored
    check = actions.check_resident
    match = match_residents
    identity = ("full_name", "birth", "sex", "national_id")
    write, load = "people.write", "people.import"
    source = SOURCE
    unit = "người"
    order = ("search", "birth_date")
    entry = "person-new"
    filters = (Filter("presence", "Tình trạng cư trú", (*PRESENCE.items(), ("all", "tất cả")), by_presence, "here"),)
    columns = (
        Column("full_name", "Họ và tên", search="search", field=columns.name_field(), width=2, aliases=("Họ tên", "Họ, chữ đệm và tên")),
        Column("birth", "Ngày sinh", read=columns.shown_birth, field=columns.birth_field(), aliases=("Năm sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh")),
        Column("sex", "Giới tính", filter=True, aliases=("Giới",), width=0.6),
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, aliases=("Thôn/ấp", "Địa bàn", "Tổ dân phố", "Xóm", "Ấp")),
        Column("household_number", "Số hộ", read=columns.shown_household, field=columns.text_field(20), width=0.6, aliases=("Hộ số", "Mã hộ")),
        Column("relation", "Quan hệ với chủ hộ", aliases=("Quan hệ", "Quan hệ chủ hộ")),
        Column("residence", "Cư trú", read=columns.shown_residence, field=columns.residence_field(), aliases=("Loại cư trú", "Tình trạng cư trú")),
        Column("since", "Ở từ ngày", read=columns.shown_since, field=columns.day_field(), hidden=True, aliases=("Cư trú từ ngày",)),
        Column("ethnicity", "Dân tộc", filter=True, hidden=True),
        Column("occupation", "Nghề nghiệp", hidden=True),
        Column("phone", "Điện thoại", field=columns.phone_field(), hidden=True, masked=True, aliases=("Số điện thoại", "SĐT")),
        Column("national_id", "Số định danh", read=columns.shown_national, field=columns.national_field(), hidden=True, masked=True, width=1.4,
               aliases=("Số định danh cá nhân", "CCCD", "Số CCCD", "Số CCCD/CMND", "CCCD/CMND", "CMND")),
        Column("card_number", "Số thẻ BHYT", read=columns.shown_card, field=columns.card_field(), hidden=True, masked=True, width=1.5, aliases=("Mã thẻ BHYT", "Thẻ BHYT", "Mã số BHXH")),
        Column("card_start", "BHYT từ ngày", read=columns.shown_card_start, field=columns.day_field(), hidden=True),
        Column("card_end", "Hạn thẻ BHYT", read=columns.shown_card_end, field=columns.day_field(), aliases=("BHYT đến ngày", "Hạn thẻ")),
    )
    example = {
        "full_name": "Nguyễn Văn An", "birth": "12/05/1956", "sex": "Nam", "hamlet": "Thôn Đông Hạ", "household_number": "0412", "relation": "Chủ hộ",
        "residence": "thường trú", "since": "01/01/2020", "ethnicity": "Kinh", "occupation": "nông dân", "phone": "0912345678",
        "national_id": "037056001234", "card_number": "GD4370100123456", "card_start": "01/01/2026", "card_end": "31/12/2026",
    }

    def address(self, row: Any) -> str:
        """The person's page."""
        return reverse("person", args=[row.pk])

    def base(self, user: User) -> "QuerySet[Any]":
        """Also what the columns of household, numbers, residence and card read."""
        return super().base(user).select_related("household").prefetch_related("identifiers", "coverages", "residences")

    def rows(self, user: User, params: Any) -> "QuerySet[Any]":
        """The search of the top bar serves here too; a hamlet of those who are here is where they stay today.

        The place of stay is worked out only for those who have a residence there.
        """
        text, hamlet = str(params.get("q", "")), str(params.get("hamlet", ""))
        at = hamlet if self.filters[0].asked(params) == "here" else ""
        rest = {name: value for name, value in params.items() if name != "q" and not (at and name == "hamlet")}
        found = super().rows(user, rest)
        if at:
            day, places = clock.today(), Place.objects.filter(code=at).values("pk")
            found = found.filter(pk__in=stays(day).filter(place__in=places).values("person")).alias(stay=place_of_stay(day)).filter(stay__in=places)
        fitting = matching_texts(text)
        return found if fitting is None else found.filter(pk__in=SearchText.objects.filter(fitting).values("person"))

    def count(self, user: User, params: Any) -> int:
        """Who is here is counted against the stays of all at once: half the time of a question for each person."""
        if self.filters[0].asked(params) != "here" or params.get("hamlet") or params.get("q"):
            return super().count(user, params)
        day, everybody = clock.today(), self.rows(user, {**dict(params.items()), self.filters[0].name: "all"})
        return everybody.filter(living(day), pk__in=stays(day).values("person")).count()


class Households(Register):
    """Sổ hộ gia đình: one line is one household."""

    slug = "households"
    title = "Sổ hộ gia đình"
    model = Household
    record = actions.record_household
    record_many = actions.record_households
    cancel = actions.cancel_household
    identity = ("hamlet", "number")
    write, load = "people.write", "people.import"
    source = SOURCE
    unit = "hộ"
    order = ("hamlet", "number")
    columns = (
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, aliases=("Thôn/ấp", "Địa bàn", "Tổ dân phố", "Xóm", "Ấp")),
        Column("number", "Số hộ", search=True, aliases=("Hộ số", "Mã hộ")),
        Column("address", "Địa chỉ", search=True, width=3),
    )
    example = {"hamlet": "Thôn Đông Hạ", "number": "0412", "address": "Xóm Đình, ngõ 3"}

    def address(self, row: Any) -> str:
        """The household's page."""
        return reverse("household", args=[row.pk])


class Coverages(Register):
    """Sổ theo dõi thẻ BHYT: one line is one period of one person's insurance."""

    slug = "coverages"
    title = "Sổ theo dõi thẻ BHYT"
    model = Coverage
    date = "end"
    record = actions.record_coverage
    record_many = actions.record_coverages
    cancel = actions.cancel_coverage
    identity = ("person", "start")
    write, load = "people.write", "people.import"
    source = "Luật Bảo hiểm y tế, Điều 12, 16; số thẻ theo Quyết định 1351/QĐ-BHXH (2015)"
    unit = "thẻ"
    order = ("end", "person__search")
    columns = (
        Column("person", "Số định danh", by=PersonKey(), search=True, masked=True, width=1.4, aliases=("Số định danh cá nhân", "CCCD", "Số CCCD")),
        Column("person.full_name", "Họ và tên", search="person.search", width=2, aliases=("Họ tên",)),
        Column("person.birth_date", "Ngày sinh"),
        Column("person.hamlet", "Thôn", filter=True),
        Column("card_number", "Số thẻ BHYT", search=True, masked=True, field=columns.CheckedField(check_insurance_number), width=1.5, aliases=("Mã thẻ BHYT", "Thẻ BHYT")),
        Column("group", "Nhóm đối tượng", filter=True, hidden=True, width=0.7),
        Column("facility_code", "Nơi đăng ký KCB ban đầu", hidden=True),
        Column("start", "Giá trị từ ngày", aliases=("Từ ngày",)),
        Column("end", "Giá trị đến ngày", aliases=("Đến ngày", "Hạn thẻ")),
    )
    example = {
        "person": "037056001234", "person.full_name": "Nguyễn Văn An", "person.birth_date": "12/05/1956", "card_number": "GD4370100123456", "group": "GD",
        "facility_code": "37001", "start": "01/01/2026", "end": "31/12/2026",
    }

    def address(self, row: Any) -> str:
        """The page of the card's owner."""
        return reverse("person", args=[row.person_id])
