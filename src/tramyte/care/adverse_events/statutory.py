"""What the statutory form of a severe adverse event says (TC-AEFI, 19 fields), read from an event whose doses were fetched."""

import datetime
from collections.abc import Callable

from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import doses_of
from tramyte.care.immunization.books import address as home
from tramyte.care.immunization.books import phone as telephone
from tramyte.care.immunization.models import Immunization
from tramyte.care.people.models import Person
from tramyte.engine import clock


def _each(read: Callable[[Immunization], str]) -> Callable[[AdverseEvent], str]:
    """A reader: what each dose says, once, parted by "; "."""
    return lambda event: "; ".join(filter(None, dict.fromkeys(read(dose) for dose in doses_of(event))))


vaccines = _each(lambda dose: str(dose.vaccine))
lots = _each(lambda dose: dose.lot_number)
expiry = _each(lambda dose: f"{dose.lot.expires_on:%d/%m/%Y}" if dose.lot else "")
makers = _each(lambda dose: dose.lot.product.manufacturer if dose.lot else "")
given = _each(lambda dose: f"{dose.on:%d/%m/%Y}{f' {dose.at}' if dose.at else ''}")


def given_on(event: AdverseEvent) -> datetime.date | None:
    """The day of the last dose."""
    return max((dose.on for dose in doses_of(event)), default=None)


def age(event: AdverseEvent) -> str:
    """The age on the day it began, in words: days under a month, months under six years, years."""
    born, on = event.person.birth_date, event.onset_on
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return f"{(on - born).days} ngày" if months < 1 else f"{months} tháng" if months < 72 else f"{months // 12} tuổi"


def address(event: AdverseEvent) -> str:
    """Hamlet and household."""
    return home(event.person)


def phone(event: AdverseEvent) -> str:
    """The person's telephone, else the mother's."""
    return telephone(event.person)


def reported(event: AdverseEvent) -> str:
    """When it was reported, in words."""
    return f"{event.reported_at.astimezone(clock.ZONE):%H:%M %d/%m/%Y}" if event.reported_at else ""


def onset(event: AdverseEvent) -> str:
    """Day and hour it began."""
    return f"{event.onset_at + ' ' if event.onset_at else ''}{event.onset_on:%d/%m/%Y}"


def ended(event: AdverseEvent) -> str:
    """How it ended, and when."""
    return f"{event.get_outcome_display()}{f' ngày {event.outcome_on:%d/%m/%Y}' if event.outcome_on else ''}"


def concluded(event: AdverseEvent) -> str:
    """The cause, and who concluded it."""
    return ", ".join(filter(None, [str(event.get_cause_display()) if event.cause else "", event.cause_text]))


def fields(event: AdverseEvent) -> dict[str, str]:
    """The 19 fields of the form in its order, "" for what is not known."""
    person: Person = event.person
    return {
        "Họ tên": person.full_name, "Tuổi": age(event), "Giới": str(person.get_sex_display()), "Địa chỉ": address(event), "Điện thoại": phone(event), "Ngày giờ tiêm": given(event),
        "Vắc xin": vaccines(event), "Số đăng ký": event.registration, "Số lô": lots(event), "Hạn dùng": expiry(event), "Nhà sản xuất": makers(event), "Nơi cung cấp": event.supplier,
        "Điều kiện bảo quản": event.storage, "Ngày giờ xuất hiện": onset(event), "Triệu chứng": event.signs_words, "Xử trí/điều trị": event.treatment, "Kết quả": ended(event),
        "Nguyên nhân (kết luận)": concluded(event), "Toàn bộ vắc xin/lô/đối tượng trong buổi": event.session}


def lacking(event: AdverseEvent) -> list[str]:
    """The names of the fields that are empty, and the hour it began when only the day is known. The cause may come later."""
    empty = [name for name, value in fields(event).items() if not value and name != "Nguyên nhân (kết luận)"]
    return [*empty, *([] if event.onset_at else ["Giờ xuất hiện"])]
