"""Why a dose counts or not and why a group stands where it stands: codes, each with its Vietnamese sentence."""

from datetime import date

VALID, NOT_VALID, EXTRANEOUS = "Valid", "Not Valid", "Extraneous"

# Reasons of a dose. The first seven are the words of CDC's CDSi.
TOO_YOUNG = "Age: Too Young"
TOO_OLD = "Age: Too Old"
TOO_SOON = "Interval: too short"
LIVE_CONFLICT = "Live Virus Conflict"
INADVERTENT = "Inadvertent Vaccine"
WRONG_PRODUCT = "Not a preferable or allowable vaccine"
ALREADY_COMPLETE = "Series Already Complete"
BIRTH_ON_TIME = "Birth dose: on time"
BIRTH_LATE = "Birth dose: late"
BIRTH_UNKNOWN = "Birth dose: hours unknown"
BIRTH_BEFORE = "Birth dose: before birth"
OTHER_ANTIGEN = "Other antigen"

# Status of a group.
DUE, NOT_DUE, OVERDUE = "due", "not_due", "overdue"
COMPLETE, CONTRAINDICATED, AGED_OUT = "complete", "contraindicated", "aged_out"

# Why a group has this status, beyond its dates.
REFUSED, DEFERRED = "refused", "deferred"

SENTENCES = {
    TOO_YOUNG: "Tiêm khi chưa đủ tuổi tối thiểu ({day}); phải tiêm lại mũi này.",
    TOO_OLD: "Tiêm khi đã quá tuổi của mũi này (phải trước {day}); không tính.",
    TOO_SOON: "Cách mũi trước chưa đủ khoảng tối thiểu (sớm nhất {day}); phải tiêm lại mũi này.",
    LIVE_CONFLICT: "Cách vắc xin sống khác chưa đủ khoảng tối thiểu (sớm nhất {day}); phải tiêm lại mũi này.",
    INADVERTENT: "Vắc xin tiêm nhầm cho lứa tuổi hoặc giới này; không tính.",
    WRONG_PRODUCT: "Vắc xin này không dùng được cho mũi đến lượt; không tính.",
    ALREADY_COMPLETE: "Đã đủ mũi; mũi này là mũi thừa.",
    BIRTH_ON_TIME: "Mũi sơ sinh trong thời hạn giờ sau sinh.",
    BIRTH_LATE: "Mũi sơ sinh tiêm muộn: vẫn ghi nhận, không tính chỉ tiêu đúng giờ.",
    BIRTH_UNKNOWN: "Không rõ giờ sinh hoặc giờ tiêm nên chưa biết có đúng thời hạn giờ hay không. Hãy bổ sung giờ.",
    BIRTH_BEFORE: "Giờ tiêm trước giờ sinh. Hãy sửa giờ sinh hoặc giờ tiêm.",
    OTHER_ANTIGEN: "Vắc xin phòng bệnh khác, lịch này không xét.",
    DUE: "Đến lượt tiêm từ {day}.",
    NOT_DUE: "Chưa đến lượt; sớm nhất {day}.",
    OVERDUE: "Trễ hẹn từ {day}; tiêm bù, không tiêm lại từ đầu.",
    COMPLETE: "Đã đủ mũi.",
    CONTRAINDICATED: "Chống chỉ định, ghi ngày {day}.",
    AGED_OUT: "Đã quá tuổi của mũi còn thiếu.",
    REFUSED: "Gia đình từ chối ngày {day}; cần tư vấn lại.",
    DEFERRED: "Tạm hoãn ngày {day}; khám lại trước khi tiêm.",
}


def sentence(reason: str, day: date | None) -> str:
    """The Vietnamese sentence of a reason, with the day that it names."""
    return SENTENCES[reason].format(day=f"{day.day:02}/{day.month:02}/{day.year}" if day else "")
