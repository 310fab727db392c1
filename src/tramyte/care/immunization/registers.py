"""The books of immunization: doses, doses not given, products, lots, what a place has begun; and the paper books A2.1 to A2.3, which show them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tramyte.care.immunization import actions, books, national
from tramyte.care.immunization.actions import school
from tramyte.care.immunization.columns import (
    doses_field,
    first_received,
    group_field,
    hour_field,
    received_day_field,
    shown_group,
    shown_left,
    shown_verdict,
    source_field,
)
from tramyte.care.immunization.keys import ChildKey, ProductKey, VaccineKey
from tramyte.care.immunization.matching import foresee, match_doses
from tramyte.care.immunization.models import Immunization, NotGiven, SchoolReview, VaccineLot
from tramyte.care.people.columns import shown_national
from tramyte.care.people.keys import HamletKey
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column, FieldKey
from tramyte.engine.registers.register import Register

BOOK_NOTE = "Mẫu sổ dựng theo trí nhớ, chưa đối chiếu văn bản gốc; mũi nào tính cho cột nào do lịch tiêm chủng xét."
UNCHECKED = "Cột của sổ do trạm đặt, chưa đối chiếu văn bản gốc."


class Doses(Register):
    """Sổ mũi tiêm chủng: one line is one dose of one person."""

    slug = "immunizations"
    title = "Sổ mũi tiêm chủng"
    unit = "mũi"
    model = Immunization
    date = "on"
    same_day = True
    record, record_many, cancel = actions.record_immunization, actions.record_immunizations, actions.cancel_immunization
    check, match, foresee, undo = actions.check_immunization, match_doses, foresee, actions.undo_import
    identity = ("person", "vaccine", "on")
    write, load = "care.write", "people.import"
    order = ("-on", "person__search")
    paper = "A3"
    source = "QĐ 3891/QĐ-BYT ngày 18/12/2025 (dữ liệu tiêm chủng); mẫu sổ do trạm đặt"
    note = UNCHECKED
    columns = (
        Column("person", "Số định danh", by=ChildKey(), search=True, masked=True, hidden=True, width=1.5, aliases=("Số CCCD", "CCCD", "Mã định danh", "Số định danh cá nhân", "Mã đối tượng")),
        Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên", "Họ tên trẻ", "Họ và tên trẻ")),
        Column("person.birth_date", "Ngày sinh", search=True, agree=True, width=1.1),
        Column("person.hamlet", "Thôn", filter=True, width=1.4, aliases=("Thôn/ấp", "Tổ dân phố")),
        Column("vaccine", "Vắc xin", by=VaccineKey(), filter=True, width=1.8, aliases=("Tên vắc xin", "Loại vắc xin")),
        Column("on", "Ngày tiêm", width=1.1, aliases=("Ngày", "Ngày tiêm chủng")),
        Column("at", "Giờ tiêm", field=hour_field(), hidden=True, width=0.7),
        Column("dose_number", "Mũi thứ", width=0.6, aliases=("Mũi", "Mũi số", "Lần", "Liều thứ")),
        Column("source", "Nguồn", field=source_field(), filter=True, width=1.2),
        Column("vaccine.verdict", "Theo lịch", read=shown_verdict, stored="verdict", width=1.8),
        Column("lot_number", "Số lô", hidden=True, bulk=False, aliases=("Lô", "Lô vắc xin")),
        Column("site", "Nơi tiêm", hidden=True, bulk=True, width=1.5, aliases=("Cơ sở tiêm", "Cơ sở tiêm chủng", "Đơn vị tiêm")),
        Column("performer", "Người tiêm", hidden=True, bulk=True, width=1.2),
        Column("reaction", "Phản ứng sau tiêm", hidden=True, width=1.4, aliases=("Phản ứng",), help="Ghi ở đây thì vào sổ phản ứng; đã có phiếu phản ứng thì sửa ở phiếu đó."),
        Column("word", "Lý do ghi mũi không đúng lịch", hidden=True, width=1.4),
        Column("note", "Ghi chú", hidden=True, bulk=True, width=1.2),
    )
    example = {
        "person": "037226001234", "person.full_name": "Nguyễn Minh Khôi", "person.birth_date": "10/01/2026", "person.hamlet": "Thôn Đông Hạ", "vaccine": "BCG (lao)",
        "on": "12/01/2026", "at": "08:30", "dose_number": "1", "source": "chép từ sổ, danh sách cũ", "lot_number": "B2512", "site": "Trạm Y tế xã", "performer": "Lê Thị Lan",
        "reaction": "quấy khóc", "word": "theo sổ giấy", "note": "cân nặng 3,4 kg",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """Doses of people that the registry still holds."""
        return super().base(user).filter(person__entered_in_error=False)

    def address(self, row: Any) -> str:
        """The person's immunization card."""
        return reverse("immunization-card", args=[row.person_id])


class NationalRecords(Register):
    """Dữ liệu tiêm chủng theo QĐ 3891: one line is one dose with the mandatory fields of the national record; written in the book of doses."""

    slug = "immunizations-national"
    title = "Dữ liệu tiêm chủng theo QĐ 3891/QĐ-BYT"
    unit = "mũi"
    model = Immunization
    read_only = True
    date = "on"
    order = ("-on", "person__search")
    paper = "A3"
    source = national.SOURCE
    note = "Trường chưa có dữ liệu để trống. Nhập tệp dạng này ở Sổ mũi tiêm chủng."
    columns = (
        Column("person.national_id", "Số định danh cá nhân", read=national.national_id, masked=True, width=1.5),
        Column("person.full_name", "Họ và tên", search="person.search", width=2.2),
        Column("person.birth_date", "Ngày sinh", width=1.1),
        Column("person.sex", "Giới tính", width=0.6),
        Column("person.ethnicity_code", "Mã dân tộc", read=national.ethnicity_code, width=0.6),
        *(Column(f"person.{name}_{level}", f"{words} {where}", read=read, hidden=True, width=0.8)
          for name, where, kind in (("permanent", "thường trú", "permanent"), ("temporary", "tạm trú", "temporary"), ("present", "nơi ở hiện tại", ""), ("born", "khai sinh", None),
                                    ("native", "quê quán", None))
          for level, words in (("commune", "Mã xã"), ("province", "Mã tỉnh"))
          for read in ((national.stay(kind, level),) if kind is not None else (national.unknown,))),
        Column("vaccine", "Vắc xin", by=VaccineKey(), filter=True, width=1.8),
        Column("on", "Ngày tiêm", width=1.1),
        Column("dose_number", "Mũi thứ", width=0.6),
        Column("site", "Cơ sở tiêm", width=1.5),
        Column("vaccine.antigens", "Kháng nguyên", width=1.2),
        Column("person.hamlet", "Thôn", filter=True, hidden=True, width=1.2),
        Column("at", "Giờ tiêm", hidden=True, width=0.6),
        Column("lot_number", "Số lô", hidden=True),
        Column("reaction", "Phản ứng sau tiêm", hidden=True, width=1.4),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """Doses of people that the registry still holds, with their addresses."""
        return national.with_addresses(super().base(user).filter(person__entered_in_error=False))

    def address(self, row: Any) -> str:
        """The person's immunization card."""
        return reverse("immunization-card", args=[row.person_id])


class NotGivenBook(Register):
    """Sổ từ chối, tạm hoãn, chống chỉ định tiêm: one line is one time that doses were not given."""

    slug = "doses-not-given"
    title = "Sổ từ chối, tạm hoãn, chống chỉ định tiêm"
    unit = "lần"
    model = NotGiven
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_not_given, actions.record_not_given_many, actions.cancel_not_given, actions.check_not_given
    identity = ("person", "kind", "group", "on")
    write, load = "care.write", "people.import"
    order = ("-on", "person__search")
    source = "QĐ 1575/QĐ-BYT ngày 27/3/2023 (khám sàng lọc); mẫu sổ do trạm đặt"
    note = UNCHECKED
    columns = (
        Column("person", "Số định danh", by=ChildKey(), search=True, masked=True, hidden=True, width=1.5, aliases=("Số CCCD", "CCCD", "Mã định danh")),
        Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên",)),
        Column("person.birth_date", "Ngày sinh", search=True, agree=True, width=1.1),
        Column("person.hamlet", "Thôn", filter=True, width=1.4, aliases=("Thôn/ấp",)),
        Column("kind", "Việc", filter=True, width=1.2),
        Column("group", "Nhóm vắc xin", read=shown_group, stored="group", field=group_field(), width=1.6),
        Column("on", "Ngày ghi", width=1.1, aliases=("Ngày",)),
        Column("until", "Đến ngày", width=1.1, aliases=("Hẹn lại",)),
        Column("reason", "Lý do", search=True, width=2.6, bulk=True),
    )
    example = {
        "person": "037226001234", "person.full_name": "Nguyễn Minh Khôi", "person.birth_date": "10/01/2026", "person.hamlet": "Thôn Đông Hạ", "kind": "tạm hoãn",
        "group": "Bạch hầu, ho gà, uốn ván", "on": "12/03/2026", "until": "19/03/2026", "reason": "sốt 38 độ",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """Of people that the registry still holds."""
        return super().base(user).filter(person__entered_in_error=False)

    def address(self, row: Any) -> str:
        """The person's immunization card."""
        return reverse("immunization-card", args=[row.person_id])


class Lots(Register):
    """Sổ kho vắc xin theo lô: one line is one lot in one store, with what came first and what is left."""

    slug = "vaccine-lots"
    title = "Sổ kho vắc xin theo lô"
    unit = "lô"
    model = VaccineLot
    record, record_many, cancel, check = actions.record_lot, actions.receive_lots, actions.cancel_lot, actions.check_lot
    identity = ("facility", "product", "number")
    write, load = "vaccines.write", "vaccines.write"
    order = ("expires_on",)
    source = "NĐ 104/2016/NĐ-CP Điều 9 đến 11 (bảo quản vắc xin); mẫu sổ do trạm đặt"
    note = UNCHECKED
    columns = (
        Column("product", "Sản phẩm", by=ProductKey(), filter=True, width=1.8, aliases=("Tên vắc xin", "Tên thương mại")),
        Column("product.vaccine", "Vắc xin", width=1.8),
        Column("facility", "Nơi giữ", by=FieldKey("code", "name"), filter=True, width=1.5, aliases=("Mã cơ sở", "Kho")),
        Column("number", "Số lô", search=True, aliases=("Lô",)),
        Column("expires_on", "Hạn dùng", aliases=("HSD", "Hạn sử dụng")),
        Column("received", "Số liều nhập lần đầu", read=lambda row: first_received(row)[0], field=doses_field(), aliases=("Số liều nhập", "Số liều")),
        Column("received_on", "Ngày nhập kho", read=lambda row: first_received(row)[1], field=received_day_field(), aliases=("Ngày nhập",)),
        Column("product.left", "Còn (liều)", read=shown_left),
        Column("product.stopped", "Dừng dùng từ", read=lambda row: row.stopped_on, stored="stopped_on"),
    )
    example = {
        "product": "BCG 10 liều", "facility": "37001", "number": "B2512", "expires_on": "30/06/2027", "received": "100", "received_on": "05/01/2026",
    }

    def address(self, row: Any) -> str:
        """The page of the lot: what came and went, and its stop."""
        return reverse("vaccine-lot", args=[row.pk])

    def base(self, user: User) -> "QuerySet[Any]":
        """With the movements that the columns add up."""
        return super().base(user).prefetch_related("movements")


class ChildrenBook(Register):
    """Sổ tiêm chủng cơ bản cho trẻ em (A2.1): one line is one child under five, a column for each dose."""

    slug = "immunization-children"
    title = "Sổ tiêm chủng cơ bản cho trẻ em (A2.1/CSYT)"
    paper_title = "Sổ tiêm chủng cơ bản cho trẻ em"
    form_code = "A2.1/CSYT"
    unit = "trẻ"
    model = Person
    read_only = True
    date = "birth_date"
    order = ("-birth_date", "search")
    paper = "A3"
    source = "Thông tư 37/2019/TT-BYT, sổ A2.1/CSYT; cột dựng từ trí nhớ, chưa đối chiếu văn bản gốc"
    note = BOOK_NOTE
    columns = (
        Column("full_name", "Họ tên trẻ", search="search", width=1.8),
        Column("national_id", "Mã định danh", read=shown_national, masked=True, hidden=True, width=1.3),
        Column("sex", "Giới", filter=True, width=0.5),
        Column("birth_date", "Ngày sinh", width=1),
        Column("ethnicity", "Dân tộc", hidden=True, width=0.6),
        Column("mother.full_name", "Họ tên mẹ/người giám hộ", hidden=True, width=1.4),
        Column("phone", "Số điện thoại", read=books.phone, masked=True, hidden=True, width=1.1),
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, width=1.1),
        Column("household.address", "Địa chỉ", hidden=True, width=1.3),
        Column("hepb0", "VGB sơ sinh", read=books.birth_dose, width=1.2),
        Column("bcg", "BCG", read=books.dose("BCG")),
        *(Column(f"penta{n}", f"DPT-VGB-Hib {n}", read=books.dose(f"DPT-VGB-HIB{n}")) for n in (1, 2, 3)),
        *(Column(f"opv{n}", f"OPV {n}", read=books.dose(f"OPV{n}")) for n in (1, 2, 3)),
        *(Column(f"ipv{n}", f"IPV {n}", read=books.dose(f"IPV{n}")) for n in (1, 2)),
        Column("measles", "Sởi 1", read=books.dose("MEASLES1")),
        Column("mr", "MR (18 th)", read=books.dose("MR")),
        Column("dpt4", "DPT 4", read=books.dose("DPT4")),
        Column("tetanus", "UV mẹ", read=books.mothers_tetanus, hidden=True),
        Column("full", "Ngày tiêm chủng đầy đủ", read=books.fully_on),
        Column("reactions", "Phản ứng sau tiêm", read=books.reactions(*books.BASIC), hidden=True, width=1.3),
        Column("remarks", "Ghi chú", read=books.remarks(*books.BASIC), hidden=True, width=1.3),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """Children under five with their doses."""
        return books.with_doses(books.children(super().base(user)))

    def address(self, row: Any) -> str:
        """The child's immunization card."""
        return reverse("immunization-card", args=[row.pk])


class OthersBook(Register):
    """Sổ tiêm viêm não Nhật Bản và vắc xin khác (A2.2): one line is one person with such a dose."""

    slug = "immunization-others"
    title = "Sổ tiêm VNNB và vắc xin khác (A2.2/CSYT)"
    paper_title = "Sổ tiêm viêm não Nhật Bản và vắc xin khác"
    form_code = "A2.2/CSYT"
    unit = "người"
    model = Person
    read_only = True
    date = "birth_date"
    order = ("-birth_date", "search")
    paper = "A3"
    source = "Thông tư 37/2019/TT-BYT, sổ A2.2/CSYT; cột dựng từ trí nhớ, chưa đối chiếu văn bản gốc"
    note = BOOK_NOTE
    columns = (
        Column("full_name", "Họ tên", search="search", width=1.8),
        Column("sex", "Giới", filter=True, width=0.5),
        Column("birth_date", "Ngày sinh", width=1),
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, width=1.1),
        Column("household.address", "Địa chỉ", hidden=True, width=1.3),
        *(Column(f"je{n}", f"VNNB {n}", read=books.dose(f"JE{n}")) for n in (1, 2, 3)),
        *(Column(f"rota{n}", f"Rota {n}", read=books.dose(f"ROTA{n}")) for n in (1, 2)),
        Column("pcv", "PCV 1-3", read=books.dose("PCV1", "PCV2", "PCV3", "PCV4"), width=1.2),
        Column("td", "Td", read=books.dose("TD7")),
        *(Column(f"hpv{n}", f"HPV {n}", read=books.dose(f"HPV{n}")) for n in (1, 2)),
        Column("others", "Tả/Thương hàn", read=books.plain("CHOLERA", "TYPHOID")),
        Column("reactions", "Phản ứng", read=books.reactions(*books.OTHERS), hidden=True, width=1.3),
        Column("remarks", "Ghi chú", read=books.remarks(*books.OTHERS), hidden=True, width=1.3),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """People with such a dose."""
        return books.with_doses(books.others(super().base(user)))

    def address(self, row: Any) -> str:
        """The person's immunization card."""
        return reverse("immunization-card", args=[row.pk])


class TetanusBook(Register):
    """Sổ tiêm vắc xin uốn ván cho phụ nữ (A2.3): one line is one woman with a dose, or pregnant."""

    slug = "immunization-women"
    title = "Sổ tiêm vắc xin uốn ván cho phụ nữ (A2.3/YTCS)"
    paper_title = "Sổ tiêm vắc xin uốn ván cho phụ nữ"
    form_code = "A2.3/YTCS"
    unit = "phụ nữ"
    model = Person
    read_only = True
    date = "birth_date"
    order = ("search", "birth_date")
    paper = "A4"
    source = "Thông tư 37/2019/TT-BYT, sổ A2.3/YTCS; cột dựng từ trí nhớ, chưa đối chiếu văn bản gốc"
    note = BOOK_NOTE
    columns = (
        Column("full_name", "Họ tên", search="search", width=1.8),
        Column("birth_date", "Ngày sinh", width=1),
        Column("hamlet", "Thôn", by=HamletKey(), filter=True, width=1.1),
        Column("household.address", "Địa chỉ", hidden=True, width=1.3),
        Column("earlier", "Tiền sử mũi UV trước", read=books.earlier_tetanus),
        Column("months", "Tháng thai lúc tiêm", read=books.months_pregnant, width=0.8),
        *(Column(f"uv{n}", f"UV{n}", read=books.tetanus(n)) for n in (1, 2, 3, 4, 5)),
        Column("reactions", "Phản ứng", read=books.reactions(*books.TETANUS), hidden=True, width=1.3),
        Column("remarks", "Ghi chú", read=books.remarks(*books.TETANUS), hidden=True, width=1.3),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """Women with a tetanus dose, and those who are pregnant."""
        return books.with_doses(books.women(super().base(user)))

    def address(self, row: Any) -> str:
        """The woman's immunization card."""
        return reverse("immunization-card", args=[row.pk])


class SchoolReviews(Register):
    """Sổ rà soát tiền sử tiêm chủng khi nhập học: one line is one child at one level in one school year."""

    slug = "school-reviews"
    title = "Sổ rà soát tiền sử tiêm chủng khi nhập học"
    unit = "trẻ"
    model = SchoolReview
    date = "on"
    same_day = True
    record, record_many, cancel, check = school.record_school_review, school.record_school_reviews, school.cancel_school_review, school.check_school_review
    identity = ("person", "school_year", "level")
    write, load = "care.write", "people.import"
    order = ("-on", "person__search")
    source = "NĐ 165/2026/NĐ-CP Điều 5 khoản 3; mẫu sổ do trạm đặt"
    note = "Kết quả và mũi còn thiếu do lịch tiêm chủng xét vào ngày ghi."
    columns = (
        Column("person", "Số định danh", by=ChildKey(), search=True, masked=True, hidden=True, width=1.5, aliases=("Số CCCD", "CCCD", "Mã định danh")),
        Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên", "Họ tên trẻ", "Họ và tên trẻ")),
        Column("person.birth_date", "Ngày sinh", search=True, agree=True, width=1.1),
        Column("person.hamlet", "Thôn", filter=True, width=1.4, aliases=("Thôn/ấp",)),
        Column("school_year", "Năm học từ năm", width=0.8, aliases=("Năm học",)),
        Column("level", "Cấp học", filter=True, width=0.9),
        Column("school", "Trường, lớp", search=True, width=1.6, bulk=True, aliases=("Trường", "Lớp")),
        Column("on", "Ngày rà soát", width=1.1, aliases=("Ngày",)),
        Column("person.result", "Kết quả", read=lambda row: row.get_result_display(), stored="result", width=1.2),
        Column("person.missing", "Mũi còn thiếu", read=lambda row: row.missing, width=2.2),
        Column("advised", "Đã tư vấn tiêm bù", width=0.8),
        Column("note", "Ghi chú", hidden=True, bulk=True, width=1.2),
    )
    example = {
        "person": "037222001234", "person.full_name": "Nguyễn Minh Khôi", "person.birth_date": "10/01/2022", "person.hamlet": "Thôn Đông Hạ", "school_year": "2025", "level": "mầm non",
        "school": "Trường mầm non Đồng Vân, lớp 3 tuổi A", "on": "09/09/2025", "advised": "Có", "note": "mẹ hẹn tiêm bù tháng 9",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """Of people that the registry still holds."""
        return super().base(user).filter(person__entered_in_error=False)

    def address(self, row: Any) -> str:
        """The child's immunization card."""
        return reverse("immunization-card", args=[row.person_id])
