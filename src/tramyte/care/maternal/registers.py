"""The books of mothers: A3 antenatal contacts, A4 births, A5.1 family planning, A5.2 abortions, who is followed, screenings."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from tramyte.care.maternal import actions, columns
from tramyte.care.maternal.book import (
    BORN,
    CARD,
    HAMLET,
    HIDDEN,
    JOB,
    NAME,
    PEOPLE,
    PERSON,
    SOMEBODY,
    SOURCE,
    STATES,
    UNCHECKED,
    Mothers,
    by_state,
)
from tramyte.care.maternal.models import (
    ATTENDANTS,
    PLACES,
    Abortion,
    AntenatalContact,
    Delivery,
    FamilyPlanning,
    Newborn,
    PostnatalContact,
    Pregnancy,
    Screening,
)
from tramyte.care.people.birth_doses import with_birth_doses
from tramyte.care.people.keys import PersonKey
from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.narrowing import Filter

CONTACTS = AntenatalContact.objects.filter(entered_in_error=False)


class Followed(Mothers):
    """Theo dõi thai sản: one line is one pregnancy, with the day of the next visit; at first those that go on."""

    slug = "pregnancies"
    title = "Sổ theo dõi thai sản"
    unit = "thai kỳ"
    model = Pregnancy
    record, record_many, cancel, check = actions.register_pregnancy, actions.register_pregnancies, actions.cancel_pregnancy, actions.check_pregnancy
    identity = ("person", "lmp")
    write, load = "maternal.write", "people.import"
    order = ("next_due", "due_on")
    source = "Sổ do trạm đặt; bốn lần khám trong ba thời kỳ theo QĐ 4128/QĐ-BYT ngày 29/7/2016"
    note = UNCHECKED
    entry = "pregnancy-new"
    paper = "A3"
    filters = (Filter("state", "Tình trạng", STATES, by_state, "open"),)
    columns = (
        HIDDEN, NAME, BORN, HAMLET,
        Column("person.phone", "Điện thoại", hidden=True, masked=True),
        Column("registered_on", "Ngày đăng ký", hidden=True),
        Column("lmp", "Kỳ kinh cuối", hidden=True, aliases=("Ngày đầu kỳ kinh cuối", "KKCC"), width=1.1),
        Column("scan_on", "Ngày siêu âm", hidden=True),
        Column("scan_days", "Tuổi thai siêu âm", read=columns.scan, stored="scan_days", field=columns.gestation_field(), hidden=True),
        Column("person.weeks", "Tuần thai nay", read=columns.today_weeks, width=0.8),
        Column("person.next", "Hẹn khám", read=lambda row: row.next_due, stored="next_due", width=1.1),
        Column("person.due", "Dự kiến sinh", read=lambda row: row.due_on, stored="due_on"),
        Column("gravida", "Lần có thai", hidden=True, width=0.7),
        Column("para", "PARA", hidden=True, width=0.6),
        Column("caesarean", "Mổ lấy thai cũ", hidden=True, width=0.7),
        Column("illness", "Bệnh nền", hidden=True),
        Column("height_cm", "Cao (cm)", hidden=True, width=0.6),
        Column("fetuses", "Số thai", hidden=True, width=0.5),
        Column("person.contacts", "Số lần khám", read=columns.contact_count, width=0.7),
        Column("person.risks", "Nguy cơ", read=columns.risk_words, width=2.4),
        Column("person.outcome", "Kết thúc", read=lambda row: row.get_outcome_display(), stored="outcome", hidden=True),
        Column("person.ended", "Ngày kết thúc", read=lambda row: row.ended_on, stored="ended_on", hidden=True),
        Column("note", "Ghi chú", hidden=True, bulk=True),
    )
    example = {
        **SOMEBODY, "registered_on": "10/03/2026", "lmp": "05/01/2026", "scan_on": "", "scan_days": "", "gravida": "2", "para": "1001", "caesarean": "Không", "illness": "",
        "height_cm": "154", "fetuses": "1", "note": "Hẹn siêu âm 22 tuần",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """With the contacts of each."""
        return super().base(user).prefetch_related(Prefetch("contacts", CONTACTS))


class Contacts(Mothers):
    """Sổ khám thai (A3/CSYT): one line is one antenatal contact."""

    slug = "antenatal-contacts"
    title = "Sổ khám thai"
    form_code = "A3/CSYT"
    unit = "lần khám"
    model = AntenatalContact
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_contact, actions.record_contacts, actions.cancel_contact, actions.check_contact
    undo, restored = actions.undo_contacts, actions.contact_restored
    identity = ("person", "on")
    write, load = "maternal.write", "people.import"
    order = ("-on", "person__search")
    source = SOURCE
    note = UNCHECKED
    paper = "A3"
    columns = (
        Column("on", "Ngày khám", width=1.1), NAME, Column("person.birth_year", "Năm sinh", read=lambda row: row.person.birth_date.year, stored="person.birth_date", width=0.6),
        HIDDEN, CARD, HAMLET, JOB, PEOPLE,
        Column("para", "PARA", read=columns.of_pregnancy("para"), stored="pregnancy.para", field=columns.text(4), hidden=True, width=0.6),
        Column("illness", "Tiền sử, bệnh nền", read=columns.of_pregnancy("illness"), stored="pregnancy.illness", field=columns.text(), hidden=True, width=1.2, aliases=("Tiền sử sức khỏe & sản khoa",)),
        Column("lmp", "Ngày đầu kỳ kinh cuối", read=columns.of_pregnancy("lmp"), stored="pregnancy.lmp", field=columns.day(), hidden=True, width=1.1, aliases=("KKCC", "Kỳ kinh cuối")),
        Column("pregnancy.weeks", "Tuần thai", read=columns.gestation, stored="gestation", width=1.1),
        Column("pregnancy.due_on", "Dự kiến ngày sinh", width=1.1),
        Column("gravida", "Lần có thai thứ mấy", read=columns.of_pregnancy("gravida"), stored="pregnancy.gravida", field=columns.whole(1, 25), hidden=True, width=0.6),
        Column("weight_kg", "Trọng lượng mẹ (kg)", hidden=True, width=0.7),
        Column("height_cm", "Chiều cao mẹ (cm)", read=columns.of_pregnancy("height_cm"), stored="pregnancy.height_cm", field=columns.centimetres(), hidden=True, width=0.7),
        Column("systolic", "HA tâm thu", width=0.6, aliases=("Huyết áp tâm thu",)),
        Column("diastolic", "HA tâm trương", width=0.7, aliases=("Huyết áp tâm trương",)),
        Column("fundal_cm", "Chiều cao tử cung", hidden=True, width=0.6),
        Column("pelvis", "Khung chậu", hidden=True, width=0.7),
        Column("anaemia", "Thiếu máu", hidden=True, width=0.6),
        Column("protein", "Protein niệu", hidden=True, width=0.6),
        Column("hiv", "XN HIV", hidden=True, width=0.6),
        Column("syphilis", "XN giang mai", hidden=True, width=0.6),
        Column("hepatitis_b", "XN viêm gan B", hidden=True, width=0.6),
        Column("other_tests", "XN khác", hidden=True, width=0.8),
        Column("outlook", "Tiên lượng đẻ", filter=True, width=0.7),
        Column("tetanus", "Số mũi UV đã tiêm", hidden=True, width=0.5),
        Column("iron", "Uống sắt, folic", hidden=True, width=0.6),
        Column("fetal_heart", "Tim thai", hidden=True, width=0.5),
        Column("lie", "Ngôi thai", hidden=True, width=0.6),
        Column("pregnancy.term", "Thuộc 3 thời kỳ", read=lambda row: row.term, stored="term", width=0.6),
        Column("examiner", "Người khám", hidden=True, bulk=True),
        Column("note", "Ghi chú", hidden=True, bulk=True),
    )
    example = {
        "person": "037196000001", "person.full_name": "Nguyễn Thị Mận", "on": "10/03/2026", "para": "1001", "illness": "", "lmp": "05/01/2026", "gravida": "2", "weight_kg": "52,5", "height_cm": "154", "systolic": "110", "diastolic": "70",
        "fundal_cm": "", "pelvis": "thường", "anaemia": "Không", "protein": "âm tính", "hiv": "âm tính", "syphilis": "âm tính", "hepatitis_b": "âm tính",
        "other_tests": "nhóm máu O", "outlook": "thường", "tetanus": "1", "iron": "Có", "fetal_heart": "150", "lie": "",
        "examiner": "Lê Thị Lan", "note": "Ăn thêm bữa",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """With the pregnancy of each."""
        return super().base(user).select_related("pregnancy")


class Births(Mothers):
    """Sổ đẻ (A4/CSYT): one line is one child of a birth."""

    slug = "births"
    title = "Sổ đẻ"
    form_code = "A4/CSYT"
    unit = "trẻ"
    model = Newborn
    date = "on"
    record, record_many, cancel, undo = actions.record_newborn, actions.record_newborns, actions.cancel_newborn, actions.undo_newborns
    identity = ("mother", "on", "order")
    write, load = "maternal.write", "people.import"
    order = ("-on", "mother__search", "order")
    source = SOURCE
    note = UNCHECKED
    paper = "A3"
    columns = (
        Column("mother.full_name", "Họ tên mẹ", search="mother.search", agree=True, width=2, aliases=("Họ và tên mẹ", "Họ và tên")),
        Column("mother.birth_date", "Ngày sinh mẹ", agree=True, aliases=("Năm sinh",), width=1.1),
        Column("mother", "Số định danh", by=PersonKey(), search=True, masked=True, hidden=True, width=1.5, aliases=("Số định danh/BHYT", "Số CCCD", "CCCD")),
        Column("mother.hamlet", "Thôn", filter=True, width=1.2, aliases=("Địa chỉ",)),
        Column("mother.occupation", "Nghề nghiệp", hidden=True),
        Column("mother.ethnicity", "Dân tộc", hidden=True, width=0.6),
        Column("delivery.managed", "Được quản lý thai", read=columns.managed, hidden=True, width=0.6),
        Column("delivery.tetanus", "Tiêm UV đủ", read=columns.tetanus, hidden=True, width=0.7),
        Column("delivery.visits", "Số lần khám thai; đủ 4 lần 3 kỳ", read=columns.visits, hidden=True, width=0.9),
        Column("delivery.hiv", "XN HIV", read=columns.hiv, hidden=True, width=0.7),
        Column("para", "Đủ tháng, non, sẩy phá, con hiện có", read=lambda row: row.delivery.pregnancy.para, stored="delivery.pregnancy.para", field=columns.text(4), hidden=True, width=0.8, aliases=("PARA",)),
        Column("mode", "Cách thức đẻ", read=columns.delivery_words("mode"), field=columns.words_choice(Delivery.MODES)),
        Column("complications", "Tai biến sản khoa", read=columns.of_delivery("complications"), stored="delivery.complications", field=columns.text(), hidden=True),
        Column("delivery.mother_died", "Mẹ tử vong", read=columns.mother_died, hidden=True, width=0.6),
        Column("weeks", "Tuổi thai (tuần)", read=columns.weeks, stored="delivery.gestation", field=columns.whole(20, 45), width=0.6),
        Column("on", "Ngày đẻ", width=1.1),
        Column("at", "Giờ đẻ", field=columns.hour(), hidden=True, width=0.6),
        Column("place", "Nơi đẻ", read=columns.delivery_words("place"), field=columns.words_choice(PLACES, required=True)),
        Column("site", "Tên cơ sở", read=columns.of_delivery("site"), stored="delivery.site", field=columns.text(100), hidden=True),
        Column("order", "Con thứ", hidden=True, width=0.5, help="của cuộc đẻ này"),
        Column("name", "Tên con", read=columns.child_name, field=columns.text(100), hidden=True, width=1.4),
        Column("national_id", "Số định danh của con", read=columns.child_number, field=columns.number_field(), hidden=True, masked=True, width=1.2),
        Column("sex", "Giới con", filter=True, width=0.6),
        Column("weight_g", "Cân nặng (g)", field=columns.GramsField(label="Cân nặng (g)", required=False), width=0.7, aliases=("Cân nặng",)),
        Column("length_cm", "Dài (cm)", hidden=True, width=0.6),
        Column("state", "Tình trạng con", filter=True),
        Column("breastfed", "Bú sữa mẹ trong giờ đầu", hidden=True, width=0.7),
        Column("vitamin_k", "Vitamin K1", hidden=True, width=0.6),
        Column("hepatitis_b_at", "Giờ tiêm VGB", read=columns.hepatitis_cell, field=columns.dose_field(), hidden=True, width=1.1, help="Ngày, giờ, số lô nếu tiêm tại trạm: 05/03/2026 07:30 lô B2601."),
        Column("delivery.hepatitis_b", "VGB ≤ 24 giờ", read=columns.hepatitis_b, hidden=True, width=0.7),
        Column("delivery.first_week", "Khám sau đẻ tuần 1", read=columns.seen_in(0, 7), hidden=True),
        Column("delivery.later", "Khám 7-42 ngày", read=columns.seen_in(8, 42), hidden=True),
        Column("attendant", "Người đỡ đẻ", read=columns.delivery_words("attendant"), field=columns.words_choice(ATTENDANTS), hidden=True),
        Column("attendant_name", "Họ tên người đỡ", read=columns.of_delivery("attendant_name"), stored="delivery.attendant_name", field=columns.text(100), hidden=True),
        Column("note", "Ghi chú", read=columns.of_delivery("note"), stored="delivery.note", field=columns.text(), hidden=True),
    )
    example = {
        "mother": "037196000001", "mother.full_name": "Nguyễn Thị Mận", "mother.birth_date": "05/03/1996", "para": "1001", "mode": "đẻ thường", "complications": "", "weeks": "39",
        "on": "10/03/2026", "at": "07:30", "place": "bệnh viện", "site": "Bệnh viện đa khoa tỉnh", "order": "1", "name": "Lê Thị Hoa", "national_id": "", "sex": "Nữ", "weight_g": "3200",
        "length_cm": "49", "state": "khỏe mạnh", "breastfed": "Có", "vitamin_k": "Có", "hepatitis_b_at": "10/03/2026 12:00 lô B2601",
        "attendant": "nữ hộ sinh, điều dưỡng", "attendant_name": "Trần Thị Sen", "note": "",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """With birth, pregnancy, contacts before and after, and the child."""
        after = PostnatalContact.objects.filter(entered_in_error=False)
        rows = super().base(user).select_related("delivery__pregnancy", "child").prefetch_related(
            Prefetch("delivery__pregnancy__contacts", CONTACTS), Prefetch("delivery__postnatal", after), "child__identifiers")
        return with_birth_doses(rows, "child")


def _method(code: str, heading: str, *, stop: bool = False, width: float = 0.6) -> Column:
    return Column(f"person.{code}{'_out' if stop else ''}", heading, read=columns.method(code, stop=stop), hidden=True, width=width)


class Planning(Mothers):
    """Sổ cung cấp biện pháp tránh thai (A5.1/CSYT): one line is one method given, given again or stopped on a day."""

    slug = "family-planning"
    title = "Sổ cung cấp biện pháp tránh thai"
    form_code = "A5.1/CSYT"
    unit = "lượt"
    model = FamilyPlanning
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_planning, actions.record_plannings, actions.cancel_planning, actions.check_planning
    identity = ("person", "on", "method")
    write, load = "maternal.write", "people.import"
    order = ("-on", "person__search")
    source = SOURCE
    note = UNCHECKED
    paper = "A3"
    columns = (
        Column("on", "Ngày", width=1.1), NAME, BORN, PERSON, HAMLET, PEOPLE,
        Column("boys", "Số con trai", hidden=True, width=0.6), Column("girls", "Số con gái", hidden=True, width=0.6),
        Column("method", "Biện pháp", filter=True, width=1.4), Column("act", "Việc", filter=True, width=1.2),
        Column("quantity", "Số lượng", width=0.7), Column("until", "Dùng đến ngày", width=1.1),
        Column("stock_out", "Hết hàng", field=columns.yes_no(), filter=True, width=0.6), Column("why", "Lý do ngừng", filter=True, hidden=True),
        _method("iud", "Đặt DCTC"), _method("iud", "Tháo DCTC", stop=True), _method("male_sterilization", "Triệt sản nam"), _method("female_sterilization", "Triệt sản nữ"),
        _method("implant", "Thuốc cấy"), _method("injection", "Thuốc tiêm"), _method("pill", "Viên uống"), _method("condom", "Bao cao su"),
        Column("complications", "Tai biến", hidden=True), Column("provider", "Người thực hiện", hidden=True, bulk=True), Column("note", "Ghi chú", hidden=True, bulk=True),
    )
    example = {
        **SOMEBODY, "on": "10/03/2026", "boys": "1", "girls": "1", "method": "viên uống", "act": "bắt đầu, đặt", "quantity": "3", "until": "02/06/2026", "stock_out": "Không", "why": "",
        "complications": "", "provider": "Lê Thị Lan", "note": "vỉ 28 viên",
    }


class Abortions(Mothers):
    """Sổ phá thai (A5.2/CSYT): one line is one abortion."""

    slug = "abortions"
    title = "Sổ phá thai"
    form_code = "A5.2/CSYT"
    unit = "ca"
    model = Abortion
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_abortion, actions.record_abortions, actions.cancel_abortion, actions.check_abortion
    identity = ("person", "on")
    write, load = "maternal.write", "people.import"
    order = ("-on", "person__search")
    source = SOURCE
    note = UNCHECKED
    paper = "A3"
    columns = (
        Column("on", "Ngày", width=1.1), NAME, BORN, PERSON, CARD, HAMLET, PEOPLE, JOB,
        Column("marital", "Tình trạng hôn nhân", hidden=True), Column("living", "Số con hiện có", hidden=True, width=0.7),
        Column("lmp", "Ngày đầu KKCC", hidden=True, aliases=("Kỳ kinh cuối",), width=1.1), Column("person.weeks", "Tuần thai", read=columns.gestation, stored="gestation", width=1),
        Column("method", "Phương pháp phá thai", filter=True, width=1.3), Column("result", "Kết quả", filter=True), Column("complications", "Tai biến", hidden=True),
        Column("provider", "Người thực hiện", hidden=True, bulk=True), Column("recheck_on", "Khám lại sau 2 tuần", hidden=True, width=1.1), Column("note", "Ghi chú", hidden=True, bulk=True),
    )
    example = {
        **SOMEBODY, "on": "10/03/2026", "marital": "có chồng", "living": "2", "lmp": "25/01/2026", "method": "phá thai bằng thuốc", "result": "sạch, an toàn", "complications": "",
        "provider": "Trần Văn Hùng", "recheck_on": "24/03/2026", "note": "đã tư vấn tránh thai",
    }


class Screenings(Mothers):
    """Sổ sàng lọc, tư vấn dân số: prenatal and newborn screening, premarital examination, counselling of adolescents."""

    slug = "screenings"
    title = "Sổ sàng lọc, tư vấn dân số"
    unit = "lượt"
    model = Screening
    date = "on"
    record, record_many, cancel, check = actions.record_screening, actions.record_screenings, actions.cancel_screening, actions.check_screening
    identity = ("person", "on", "kind")
    write, load = "maternal.write", "people.import"
    order = ("-on", "person__search")
    source = "QĐ 1999/QĐ-TTg năm 2020 (mở rộng tầm soát); Thông tư 34/2017/TT-BYT (tư vấn trước sàng lọc); mẫu sổ do trạm đặt"
    note = UNCHECKED
    columns = (
        Column("on", "Ngày", width=1.1), NAME, BORN, PERSON, HAMLET,
        Column("kind", "Loại", filter=True, width=1.6), Column("site", "Nơi làm", hidden=True, bulk=True), Column("diseases", "Số bệnh tầm soát", width=0.7),
        Column("counselled", "Đã tư vấn trước", hidden=True, width=0.7), Column("result", "Kết quả", filter=True), Column("note", "Nội dung, ghi chú", hidden=True, bulk=True, width=1.6),
    )
    example = {
        **SOMEBODY, "on": "10/03/2026", "kind": "khám sức khỏe trước kết hôn", "site": "Bệnh viện đa khoa tỉnh", "diseases": "", "counselled": "Có", "result": "bình thường",
        "note": "Xét nghiệm tan máu bẩm sinh",
    }
