"""The book of check-ups."""

from tramyte.care.checkups import actions
from tramyte.care.checkups.models import Checkup
from tramyte.care.people.keys import PersonKey
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.register import Register


class CheckupBook(Register):
    """Sổ theo dõi khám sức khỏe: one line is one check-up or screening of one person on one day."""

    slug = "checkups"
    title = "Sổ theo dõi khám sức khỏe"
    unit = "lượt khám"
    model = Checkup
    date = "on"
    same_day = True
    record, record_many, cancel, check = actions.record_checkup, actions.record_checkups, actions.cancel_checkup, actions.check_checkup
    identity = ("person", "on", "kind")
    write, load = "care.write", "people.import"
    order = ("-on", "person__search")
    paper = "A3"
    source = "Thông tư 32/2023/TT-BYT (khám sức khỏe định kỳ); cột của trạm, chưa đối chiếu văn bản gốc"
    columns = (
        Column("person", "Số định danh", by=PersonKey(), search=True, masked=True, width=1.6, aliases=("Số CCCD", "CCCD", "Mã định danh")),
        Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2.2, aliases=("Họ tên",)),
        Column("person.birth_date", "Ngày sinh", search=True, agree=True),
        Column("person.hamlet", "Thôn", filter=True, width=1.4, aliases=("Thôn/ấp", "Tổ dân phố")),
        Column("on", "Ngày khám", aliases=("Ngày",)),
        Column("kind", "Hình thức", filter=True, width=1.6),
        Column("site", "Nơi khám", width=1.6, hidden=True, bulk=True),
        Column("health_class", "Phân loại sức khỏe", filter=True, aliases=("Phân loại",), bulk=True),
        Column("systolic", "Huyết áp tâm thu", width=0.8, hidden=True, help="mmHg"),
        Column("diastolic", "Huyết áp tâm trương", width=0.8, hidden=True, help="mmHg"),
        Column("weight_kg", "Cân nặng (kg)", width=0.8, hidden=True),
        Column("height_cm", "Chiều cao (cm)", width=0.8, hidden=True),
        Column("glucose", "Đường huyết (mmol/L)", width=0.8, hidden=True),
        Column("conclusion", "Kết luận", width=2.4, hidden=True, bulk=True),
    )
    example = {
        "person": "037056000123", "person.full_name": "Nguyễn Thị Mận", "person.birth_date": "05/03/1956", "person.hamlet": "Thôn Đông Hạ",
        "on": "15/04/2026", "kind": "khám sức khỏe định kỳ", "site": "Trạm Y tế xã", "health_class": "loại II", "systolic": "130",
        "diastolic": "80", "weight_kg": "52,5", "height_cm": "154", "glucose": "5,4", "conclusion": "Theo dõi huyết áp",
    }
