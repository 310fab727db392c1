"""What in a pregnancy and in its findings asks for more care; never a diagnosis.

Limits: blood pressure 140/90 and 160/110 mmHg (hypertension, severe), haemoglobin below 110 g/l, in the second term 105, below
70 severe (WHO 2011 and 2024), fetal heart 110 to 160 a minute (FIGO 2015), age below 18 or from 35, height below 145 cm, from
the fifth birth on, presentation from 36 weeks on, 41 weeks and more, fundal height more than 3 cm from the weeks between 24 and
36 weeks. Source: the "thai nghén nguy cơ cao" of the national guidelines (QĐ 4128/QĐ-BYT 2016), not compared with the original.
"""

from dataclasses import dataclass
from decimal import Decimal

from tramyte.rules.pregnancy.visits import term_of

PROTEIN = ("1+", "2+", "3+")
OVERDUE = 41 * 7  # days of gestation from which a pregnancy is overdue
FUNDAL_WEEKS, FUNDAL_APART = range(24, 37), 3


@dataclass(frozen=True)
class Risk:
    """A risk: its code, what a page says, and whether it is a danger that asks for a doctor today."""

    code: str
    words: str
    danger: bool = False


RISKS = {risk.code: risk for risk in (
    Risk("young", "mẹ dưới 18 tuổi"), Risk("old", "mẹ từ 35 tuổi"), Risk("short", "mẹ thấp dưới 145 cm"), Risk("parity", "đã đẻ từ 4 lần"),
    Risk("scar", "sẹo mổ lấy thai"), Risk("twins", "đa thai"), Risk("illness", "bệnh nền"), Risk("anaemia", "thiếu máu"),
    Risk("severe_anaemia", "thiếu máu nặng", True), Risk("pressure", "huyết áp cao"), Risk("severe_pressure", "huyết áp rất cao", True),
    Risk("preeclampsia", "nghi tiền sản giật: huyết áp cao và protein niệu", True), Risk("protein", "protein niệu"),
    Risk("fetal_heart", "tim thai ngoài 110–160", True), Risk("lie", "ngôi thai bất thường"), Risk("fundal", "chiều cao tử cung lệch tuổi thai"),
    Risk("hiv", "HIV dương tính"), Risk("syphilis", "giang mai dương tính"), Risk("hepatitis_b", "viêm gan B dương tính"),
    Risk("overdue", "quá ngày dự sinh từ 1 tuần", True), Risk("bleeding", "ra máu, đau bụng hoặc dấu hiệu nguy hiểm khác", True),
)}


@dataclass(frozen=True)
class Finding:
    """What is known at one visit, None or "" where not asked. Gestation in days, age in years, height and fundal height in cm.

    haemoglobin: g/l; fetal_heart: a minute; presentation: head, breech, transverse, other; protein: "" neg trace 1+ 2+ 3+;
    tests: "" neg pos.
    """

    days: int
    age: int | None = None
    height_cm: Decimal | float | None = None
    births: int | None = None
    scar: bool | None = None
    fetuses: int | None = None
    illness: str = ""
    systolic: int | None = None
    diastolic: int | None = None
    haemoglobin: int | None = None
    anaemia: bool | None = None
    protein: str = ""
    fetal_heart: int | None = None
    presentation: str = ""
    fundal_cm: Decimal | float | None = None
    hiv: str = ""
    syphilis: str = ""
    hepatitis_b: str = ""
    danger: bool | None = None


def risks_of(found: Finding) -> list[Risk]:
    """The risks that a finding shows, dangers first, else in the order of RISKS."""
    codes = {*_of_mother(found), *_of_blood(found), *_of_child(found)}
    return sorted((risk for code, risk in RISKS.items() if code in codes), key=lambda risk: not risk.danger)


def _of_mother(found: Finding) -> set[str]:
    asked = {
        "young": found.age is not None and found.age < 18, "old": found.age is not None and found.age >= 35,
        "short": found.height_cm is not None and found.height_cm < 145, "parity": (found.births or 0) >= 4, "scar": bool(found.scar),
        "twins": (found.fetuses or 1) > 1, "illness": bool(found.illness), "hiv": found.hiv == "pos", "syphilis": found.syphilis == "pos",
        "hepatitis_b": found.hepatitis_b == "pos", "bleeding": bool(found.danger), "overdue": found.days >= OVERDUE,
    }
    return {code for code, shown in asked.items() if shown}


def _of_blood(found: Finding) -> set[str]:
    codes: set[str] = set()
    systolic, diastolic, protein = found.systolic or 0, found.diastolic or 0, found.protein in PROTEIN
    high = systolic >= 140 or diastolic >= 90
    if high:
        codes.add("severe_pressure" if systolic >= 160 or diastolic >= 110 else "pressure")
    if protein:
        codes.add("preeclampsia" if high and found.days >= 140 else "protein")
    if found.haemoglobin is not None and found.haemoglobin < 70:
        codes.add("severe_anaemia")
    elif found.anaemia or (found.haemoglobin is not None and found.haemoglobin < (105 if term_of(found.days) == 2 else 110)):
        codes.add("anaemia")
    return codes


def _of_child(found: Finding) -> set[str]:
    codes: set[str] = set()
    if found.fetal_heart is not None and not 110 <= found.fetal_heart <= 160:
        codes.add("fetal_heart")
    if found.presentation in {"breech", "transverse", "other"} and found.days >= 252:
        codes.add("lie")
    weeks = found.days // 7
    single = (found.fetuses or 1) == 1
    if found.fundal_cm is not None and single and weeks in FUNDAL_WEEKS and abs(float(found.fundal_cm) - weeks) > FUNDAL_APART:
        codes.add("fundal")
    return codes
