"""The paper form of the personal health record as data: its parts, what each asks, and the words it answers with.

Source: Quyết định 831/QĐ-BYT ngày 11/3/2017, mẫu hồ sơ quản lý sức khỏe cá nhân, phần A và phần B; the order and the words are
those of the form, chưa đối chiếu văn bản gốc.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tramyte.care.people.models import Person
from tramyte.rules.calendar import age_years

Choices = tuple[tuple[str, str], ...]

OTHER = "other"  # the code that says nothing without words beside it
EARLIEST_REPRODUCTIVE, REPRODUCTIVE_AGE = 10, 15  # WHO counts births from 10 years of age on; the record lacks them from 15 on

ALLERGENS: Choices = (("medication", "thuốc"), ("chemical", "hóa chất, mỹ phẩm"), ("food", "thực phẩm"), (OTHER, "khác"))
ILLNESSES: Choices = (
    ("heart", "bệnh tim mạch"), ("hypertension", "tăng huyết áp"), ("diabetes", "đái tháo đường"), ("stomach", "bệnh dạ dày"),
    ("lung", "bệnh phổi mạn tính"), ("asthma", "hen suyễn"), ("goitre", "bệnh bướu cổ"), ("hepatitis", "viêm gan"),
    ("congenital_heart", "tim bẩm sinh"), ("mental", "tâm thần"), ("autism", "tự kỷ"), ("epilepsy", "động kinh"), ("cancer", "ung thư"),
    ("tuberculosis", "lao"), (OTHER, "bệnh khác"))
DISABILITIES: Choices = (
    ("hearing", "thính lực"), ("vision", "thị lực"), ("arm", "tay"), ("leg", "chân"), ("spine", "cong vẹo cột sống"), ("cleft", "khe hở môi, vòm miệng"),
    (OTHER, "khuyết tật khác"))
IN_FAMILY: Choices = (*((f"allergy_{code}", f"dị ứng {words}") for code, words in ALLERGENS), *ILLNESSES)
CLINICAL_STATUS: Choices = (("active", "đang mắc"), ("resolved", "đã khỏi"))
HABIT: Choices = (("never", "không"), ("yes", "có"), ("often", "thường xuyên"), ("stopped", "đã bỏ"))
FINDINGS: Choices = (("present", "có, ghi bên dưới"), ("none", "đã hỏi: không có"), ("unknown", "đã hỏi: không rõ"))


@dataclass(frozen=True)
class Question:
    """One answer that the form has room for.

    kind: choice, yes_no, whole (from `low` to `high`), number, day (a day, a month or a year) or text. unit: printed after it.
    """

    code: str
    label: str
    kind: str = "text"
    choices: Choices = ()
    unit: str = ""
    low: float = 0
    high: float = 0
    span: int = 4

    def words(self, value: str) -> str:
        """A stored value as a reader sees it."""
        if self.kind == "yes_no":
            return {"1": "có", "0": "không"}.get(value, value)
        shown = dict(self.choices).get(value, value.replace(".", ",") if self.kind in {"whole", "number"} else value)
        return f"{shown} {self.unit}".strip() if shown else ""


@dataclass(frozen=True)
class Part:
    """A part of the form that is asked about and saved by itself.

    slug: in addresses and rows.  number: as printed.  title: its heading.  lacks: how "Còn thiếu" names it, "" when it may stay unasked.
    questions: single answers.  model: "AllergyIntolerance", ... when the part is a list, with `choices` of what is listed.
    none: what a stated absence reads.  lasting: an answer that changes was wrong before (a birth weight); else it was true in its time.
    """

    slug: str
    number: str
    title: str
    lacks: str = ""
    questions: tuple[Question, ...] = ()
    model: str = ""
    choices: Choices = ()
    none: str = "Không có"
    detail: str = "Mô tả rõ"
    lasting: bool = False

    @cached_property
    def by_code(self) -> Mapping[str, Question]:
        """Its questions by code."""
        return {question.code: question for question in self.questions}

    def asked_of(self, person: Person, as_of: datetime.date) -> bool:
        """Whether the part asks this person on a day: the reproductive one asks women and girls from ten years of age on."""
        return self.slug != "reproductive" or (person.sex == "F" and age_years(person.birth_date, as_of) >= EARLIEST_REPRODUCTIVE)

    def expected_of(self, person: Person, as_of: datetime.date) -> bool:
        """Whether the record lacks something while nobody asked about this part; of girls below fifteen nothing reproductive."""
        grown = self.slug != "reproductive" or age_years(person.birth_date, as_of) >= REPRODUCTIVE_AGE
        return bool(self.lacks) and self.asked_of(person, as_of) and grown


ADDRESS = (
    Question("blood_abo", "Nhóm máu ABO", "choice", (("A", "A"), ("B", "B"), ("AB", "AB"), ("O", "O")), span=6),
    Question("blood_rh", "Nhóm máu Rh", "choice", (("+", "Rh+"), ("-", "Rh−")), span=6),
    Question("birth_province", "Nơi đăng ký khai sinh (tỉnh)"), Question("nationality", "Quốc tịch"), Question("religion", "Tôn giáo"),
    Question("id_issued_on", "Ngày cấp CCCD", "day"), Question("id_issued_at", "Nơi cấp CCCD", span=8),
    Question("permanent_address", "Thường trú: số nhà, thôn, xã, tỉnh", span=6), Question("present_address", "Nơi ở hiện tại, nếu khác", span=6),
    Question("landline", "Điện thoại cố định", span=6), Question("email", "Thư điện tử", span=6),
    Question("mother_name", "Họ và tên mẹ", span=6), Question("father_name", "Họ và tên bố", span=6),
    Question("carer_name", "Người chăm sóc chính", span=6), Question("carer_relation", "Quan hệ với người này", span=3), Question("carer_phone", "Điện thoại người chăm sóc", span=3),
)
BIRTH = (
    Question("delivery", "Cách đẻ", "choice", (("vaginal", "đẻ thường"), ("caesarean", "đẻ mổ")), span=6),
    Question("preterm", "Đẻ thiếu tháng", "yes_no", span=6), Question("asphyxia", "Bị ngạt lúc đẻ", "yes_no", span=6),
    Question("birth_weight", "Cân nặng lúc đẻ", "whole", unit="g", low=300, high=7000, span=3), Question("birth_length", "Chiều dài lúc đẻ", "number", unit="cm", low=20, high=65, span=3),
    Question("defect", "Dị tật bẩm sinh (ghi rõ)", span=6), Question("birth_other", "Vấn đề khác lúc sinh", span=6),
)
RISKS = (
    Question("smoking", "Hút thuốc lá, thuốc lào", "choice", HABIT, span=6), Question("drugs", "Sử dụng ma túy", "choice", HABIT, span=6),
    Question("alcohol", "Uống rượu bia", "choice", HABIT, span=6), Question("glasses", "Số ly, cốc mỗi ngày", "number", unit="ly", low=0.1, high=60, span=6),
    Question("activity", "Hoạt động thể lực", "choice", HABIT[:3], span=6),
    Question("toilet", "Loại hố xí của gia đình", "choice", (("flush", "xả nước"), ("two_vaults", "hai ngăn"), ("bucket", "hố xí thùng"), ("none", "không có hố xí")), span=6),
    Question("exposure", "Yếu tố tiếp xúc nghề nghiệp, môi trường sống (hóa chất, bụi, ồn, vi rút...)", span=8), Question("exposure_time", "Thời gian tiếp xúc"),
    Question("risk_other", "Nguy cơ khác", span=12),
)


def _times(code: str, label: str) -> Question:
    return Question(code, label, "whole", unit="lần", high=30, span=3)


REPRODUCTIVE = (
    Question("contraception", "Biện pháp tránh thai đang dùng", span=6), Question("last_pregnancy", "Kỳ có thai cuối cùng", "day", span=6),
    _times("pregnancies", "Số lần có thai"), _times("miscarriages", "Số lần sảy thai"), _times("abortions", "Số lần phá thai"), _times("births", "Số lần sinh đẻ"),
    _times("vaginal_births", "Đẻ thường"), _times("caesareans", "Đẻ mổ"), _times("difficult_births", "Đẻ khó"), _times("term_births", "Đẻ đủ tháng"),
    _times("preterm_births", "Đẻ non"), Question("living_children", "Số con hiện sống", "whole", unit="con", high=30, span=3),
    Question("gynaecology", "Bệnh phụ khoa", span=6),
)

PARTS = (
    Part("particulars", "A", "Thông tin hành chính bổ sung", questions=ADDRESS, lasting=True),
    Part("birth", "B1", "Tình trạng lúc sinh", "tình trạng lúc sinh", BIRTH, none="Không có gì đặc biệt", lasting=True),
    Part("risk", "B2", "Yếu tố nguy cơ đối với sức khỏe", "yếu tố nguy cơ", RISKS, none="Không có nguy cơ nào"),
    Part("allergy", "B3", "Tiền sử dị ứng", "dị ứng", model="AllergyIntolerance", choices=ALLERGENS, none="Không có dị ứng", detail="Dị ứng với gì, biểu hiện"),
    Part("illness", "B3", "Tiền sử bệnh tật", "bệnh tật", model="Condition", choices=ILLNESSES, none="Không mắc bệnh nào trong mẫu"),
    Part("disability", "B4", "Khuyết tật", "khuyết tật", model="Condition", choices=DISABILITIES, none="Không có khuyết tật"),
    Part("operation", "B5", "Tiền sử phẫu thuật", "phẫu thuật", model="Procedure", none="Chưa phẫu thuật lần nào", detail="Bộ phận, lý do phẫu thuật"),
    Part("family", "B6", "Tiền sử gia đình", "tiền sử gia đình", model="FamilyMemberHistory", choices=IN_FAMILY, none="Trong gia đình không ai mắc"),
    Part("reproductive", "B7", "Sức khỏe sinh sản và kế hoạch hóa gia đình", "sức khỏe sinh sản", REPRODUCTIVE, none="Chưa có thai, không tránh thai"),
    Part("other", "B8", "Vấn đề khác", questions=(Question("other_matters", "Vấn đề khác", span=12),), none="Không có vấn đề khác"),
)
BY_SLUG = {part.slug: part for part in PARTS}
