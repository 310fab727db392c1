"""The books of people: residents, households, insurance cards, deaths."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from tramyte.care.people import actions, columns
from tramyte.care.people.keys import HamletKey, PersonKey
from tramyte.care.people.matching import match_residents
from tramyte.care.people.models import Coverage, Death, DuplicatePair, Household, Person, SearchText
from tramyte.care.people.queries import PRESENCE, living, place_of_stay, presence, stays
from tramyte.care.people.search import matching_texts
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.narrowing import Filter
from tramyte.engine.registers.register import Register
from tramyte.rules.identity import check_insurance_number

SOURCE = "Luật Cư trú 2020, Điều 9, 36; mẫu sổ do trạm đặt"


AGES = (("all", "mọi tuổi"), ("newborn", "dưới 28 ngày"), ("infant", "dưới 1 tuổi"), ("child", "dưới 5 tuổi"))
UNCHECKED = "Cột và thứ tự của sổ dựng theo trí nhớ, chưa đối chiếu văn bản gốc."


def by_age_group(rows: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
    """Of these deaths those of newborns, of infants (newborns too), of children below five (infants too)."""
    if value == "all":
        return rows
    return rows.filter(age_group__in={"newborn": ["newborn"], "infant": ["newborn", "infant"], "child": ["newborn", "infant", "child"]}[value])


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
    check, warn = actions.check_resident, actions.resident_warnings
    match = match_residents
    identity = ("full_name", "birth", "sex", "national_id")
    write, load = "people.write", "people.import"
    source = SOURCE
    unit = "người"
    order = ("search", "birth_date")
    paper = "A3"
    entry = "person-new"
    filters = (Filter("presence", "Tình trạng cư trú", (*PRESENCE.items(), ("all", "tất cả")), by_presence, "here"),)
    columns = (
        Column("full_name", "Họ và tên", search="search", field=columns.name_field(), width=2, aliases=("Họ tên", "Họ, chữ đệm và tên")),
        Column("birth", "Ngày sinh", read=columns.shown_birth, stored="birth_date", field=columns.birth_field(), aliases=("Năm sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh")),
        Column("sex", "Giới tính", filter=True, aliases=("Giới",), width=0.6),
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, width=1.7, aliases=("Thôn/ấp", "Địa bàn", "Tổ dân phố", "Xóm", "Ấp")),
        Column("household_number", "Số hộ", read=columns.shown_household, stored="household.number", field=columns.text_field(20), width=0.6, aliases=("Hộ số", "Mã hộ")),
        Column("relation", "Quan hệ với chủ hộ", aliases=("Quan hệ", "Quan hệ chủ hộ")),
        Column("residence", "Cư trú", read=columns.shown_residence, field=columns.residence_field(), aliases=("Loại cư trú", "Tình trạng cư trú")),
        Column("since", "Ở từ ngày", read=columns.shown_since, field=columns.day_field(), hidden=True, aliases=("Cư trú từ ngày",)),
        Column("ethnicity", "Dân tộc", filter=True, hidden=True, bulk=True),
        Column("occupation", "Nghề nghiệp", hidden=True, bulk=True),
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

    def kin(self, row: Any) -> "Iterable[Fact]":
        """Numbers, residences and insurance periods, taken back ones too."""
        return (*row.identifiers.all(), *row.residences.all(), *row.coverages.all())

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
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, width=1.7, aliases=("Thôn/ấp", "Địa bàn", "Tổ dân phố", "Xóm", "Ấp")),
        Column("number", "Số hộ", search=True, aliases=("Hộ số", "Mã hộ")),
        Column("address", "Địa chỉ", search=True, width=3, bulk=True),
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
        Column("facility_code", "Nơi đăng ký KCB ban đầu", hidden=True, bulk=True),
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


class Deaths(Register):
    """Sổ theo dõi nguyên nhân tử vong (A6/CSYT): one line is one death."""

    slug = "deaths"
    title = "Sổ tử vong"
    form_code = "A6/CSYT"
    paper_title = "Sổ theo dõi nguyên nhân tử vong"
    paper = "A3"
    model = Death
    date = "on"
    record, record_many, cancel, check = actions.record_death, actions.record_deaths, actions.cancel_death, actions.check_death
    restored = actions.death_restored
    identity = ("person",)
    write, load = "people.write", "people.import"
    source = "Thông tư 37/2019/TT-BYT, sổ A6/CSYT theo dõi nguyên nhân tử vong; chưa đối chiếu văn bản gốc"
    note = UNCHECKED
    unit = "ca"
    order = ("-on", "person__search")
    filters = (Filter("age", "Tuổi khi chết", AGES, by_age_group, "all"),)
    columns = (
        Column("person", "Số định danh", by=PersonKey(), search=True, masked=True, hidden=True, width=1.5, aliases=("Số định danh cá nhân", "Số CCCD", "CCCD")),
        Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên",)),
        Column("person.sex", "Giới", hidden=True, width=0.6),
        Column("person.birth_date", "Ngày sinh", width=1.1),
        Column("person.age_at_death", "Tuổi khi chết", read=columns.shown_age_at_death, width=0.8),
        Column("person.ethnicity", "Dân tộc", hidden=True, width=0.7),
        Column("person.occupation", "Nghề nghiệp", hidden=True),
        Column("person.household.address", "Địa chỉ", hidden=True, width=1.5),
        Column("person.hamlet", "Thôn", filter=True, width=1.1),
        Column("on", "Ngày tử vong", width=1.1, aliases=("Ngày chết", "Ngày mất")),
        Column("at", "Giờ tử vong", field=columns.hour_field(), hidden=True, width=0.7),
        Column("setting", "Nơi tử vong", filter=True, bulk=True),
        Column("cause", "Nguyên nhân tử vong", search=True, width=3.6, aliases=("Nguyên nhân chết", "Nguyên nhân")),
        Column("icd10", "Mã ICD-10", search=True, field=columns.icd10_field(), width=0.8, aliases=("ICD-10", "ICD10")),
        Column("maternal", "Tử vong mẹ", filter=True, hidden=True, width=0.7),
        Column("person.child", "Tử vong trẻ <1/<5", read=columns.shown_child, hidden=True, width=0.9),
        Column("attended", "Được CSYT chăm sóc trước chết", hidden=True, width=0.9, bulk=True),
        Column("informant", "Nguồn thông tin", hidden=True, bulk=True),
        Column("certified_by", "Người xác nhận nguyên nhân", hidden=True, bulk=True),
        Column("recorder", "Người ghi", hidden=True),
        Column("note", "Ghi chú", hidden=True),
    )
    example = {
        "person": "037056001234", "person.full_name": "Nguyễn Văn An", "on": "14/04/2026", "at": "07:30", "setting": "tại nhà",
        "cause": "Suy tim; nhồi máu cơ tim", "icd10": "I21.9", "maternal": "Không", "attended": "Có", "informant": "gia đình",
        "certified_by": "BS Trần Văn Hùng", "recorder": "Lê Thị Lan", "note": "mất trong khi ngủ",
    }

    def address(self, row: Any) -> str:
        """The page of the person who died."""
        return reverse("person", args=[row.person_id])

    def base(self, user: User) -> "QuerySet[Any]":
        """Deaths of people that the registry still holds."""
        return super().base(user).filter(person__entered_in_error=False)


class Pairs(Register):
    """Sổ hồ sơ nghi trùng: one line is two records that may be one person, with what was decided."""

    slug = "duplicate-pairs"
    title = "Sổ hồ sơ nghi trùng"
    model = DuplicatePair
    read_only = True
    source = "Sổ do trạm đặt"
    unit = "cặp"
    order = ("state", "-score")
    columns = (
        Column("one.full_name", "Hồ sơ thứ nhất", search="one.search", width=2),
        Column("one.birth_date", "Ngày sinh thứ nhất"),
        Column("one.hamlet", "Thôn thứ nhất", filter=True, width=1.4),
        Column("other.full_name", "Hồ sơ thứ hai", search="other.search", width=2),
        Column("other.birth_date", "Ngày sinh thứ hai"),
        Column("other.hamlet", "Thôn thứ hai", width=1.4),
        Column("evidence", "Lý do", read=lambda row: ", ".join(row.evidence), width=3),
        Column("state", "Trạng thái", filter=True),
    )

    def address(self, row: Any) -> str:
        """The page that compares the two, while they wait."""
        return reverse("persons-merge", args=[row.one_id, row.other_id]) if row.state == "proposed" else ""

    def base(self, user: User) -> "QuerySet[Any]":
        """Pairs of which the reader may see both records."""
        return super().base(user).filter(other__hamlet__in=places(user, self.guard.view, personal=True))
