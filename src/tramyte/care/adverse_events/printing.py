"""The statutory form of a severe adverse event (phiếu báo cáo tai biến nặng sau tiêm chủng) on A4; of an ordinary one the same sheet under its own title."""

import datetime

from tramyte.care.adverse_events import signs, statutory
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import doses_of
from tramyte.care.immunization.models import Immunization
from tramyte.care.people.columns import shown_birth
from tramyte.engine import clock
from tramyte.engine.documents.book import Signature
from tramyte.engine.documents.form import Blank, Boxes, Line, Remark, Section, Table, render_form
from tramyte.engine.places.queries import commune_of, stations_of

SEVERE, ORDINARY = "PHIẾU BÁO CÁO TAI BIẾN NẶNG SAU TIÊM CHỦNG", "PHIẾU GHI NHẬN PHẢN ỨNG SAU TIÊM CHỦNG"
COLUMNS = ("Ngày giờ tiêm", "Vắc xin, mũi", "Số lô", "Hạn dùng", "Nhà sản xuất", "Nơi tiêm")
WIDTHS = (1.2, 1.9, 0.9, 1.0, 1.2, 1.5)


def printed_event(event: AdverseEvent, at: datetime.datetime) -> bytes:
    """The form as PDF, as the event stands at a moment."""
    commune = commune_of(event.person.hamlet)
    station = stations_of(commune, event.onset_on).filter(kind="station").first()
    rule = signs.reporting_on(event.onset_on)
    sections = [_person(event), _doses(event), _course(event), *([_report(event)] if event.severe else [])]
    return render_form(
        SEVERE if event.severe else ORDINARY, sections, unit=station.name if station else f"Trạm Y tế {commune.name}", form_code="Theo các trường TC-AEFI",
        subtitle=f"Báo cáo Sở Y tế và CDC tỉnh trong {rule.hours} giờ ({rule.source}; chưa đối chiếu văn bản gốc)" if event.severe else "",
        foot=f"In lúc {at:%H:%M} ngày {at:%d/%m/%Y}. Có thông tin sức khỏe cá nhân: chỉ gửi nơi có thẩm quyền.",
        signature=Signature((("Người lập phiếu", event.writer), ("Giám đốc trạm y tế", "")), f"{commune.name}, ngày {at.day} tháng {at.month} năm {at.year}"), as_of=at)


def _person(event: AdverseEvent) -> Section:
    person = event.person
    return Section("1. Người được tiêm chủng", [
        Line((Blank("Họ và tên", person.full_name.upper(), 1.8), Blank("Giới", str(person.get_sex_display()), 0.6))),
        Line((Blank("Ngày sinh", shown_birth(person)), Blank("Tuổi khi xuất hiện", statutory.age(event)))),
        Line((Blank("Địa chỉ", f"{statutory.address(event)}, {commune_of(person.hamlet).name}", 1.8), Blank("Điện thoại", statutory.phone(event), 0.9))),
        *([Line((Blank("Họ tên mẹ", person.mother.full_name),))] if person.mother else []),
    ])


def _doses(event: AdverseEvent) -> Section:
    return Section("2. Vắc xin đã tiêm", [
        Table(COLUMNS, tuple(_dose(dose) for dose in doses_of(event)), WIDTHS, 10.0),
        Line((Blank("Số đăng ký", event.registration), Blank("Nơi cung cấp", event.supplier))),
        Line((Blank("Điều kiện bảo quản", event.storage),)),
        Line((Blank("Buổi tiêm (vắc xin, lô, số người)", event.session),)),
    ])


def _dose(dose: Immunization) -> tuple[str, ...]:
    number = f" (mũi {dose.dose_number})" if dose.dose_number else ""
    lot = dose.lot
    return (
        f"{dose.on:%d/%m/%Y}{f' {dose.at}' if dose.at else ''}", f"{dose.vaccine}{number}", dose.lot_number, f"{lot.expires_on:%d/%m/%Y}" if lot else "",
        lot.product.manufacturer if lot else "", dose.site or (str(lot.facility) if lot else str(dose.get_source_display())))


def _course(event: AdverseEvent) -> Section:
    severe = Boxes("Nặng vì", tuple((words, code in event.severe_for.split()) for code, words in signs.SEVERE.items()))
    blocks = [
        Line((Blank("Xuất hiện lúc", statutory.onset(event)), Blank("Trạm biết lúc", f"{event.discovered_at.astimezone(clock.ZONE):%H:%M %d/%m/%Y}"))),
        Line((Blank("Triệu chứng", event.signs_words),)), *([severe] if event.severe else []),
        Line((Blank("Xử trí, điều trị", event.treatment),)), Line((Blank("Kết quả", statutory.ended(event)),)), Line((Blank("Nguyên nhân (kết luận)", statutory.concluded(event)),)),
        *([Line((Blank("Vì sao cho là liên quan", event.word),))] if event.word else []),
        *(Line((Blank(f"Theo dõi {one.on:%d/%m/%Y}", one.note),)) for one in event.follow_ups.filter(entered_in_error=False)),
    ]
    return Section("3. Diễn biến", blocks)


def _report(event: AdverseEvent) -> Section:
    if event.reported_at is None:
        return Section("4. Báo cáo", [Remark(f"Chưa báo cáo. Hạn báo cáo: {event.report_until.astimezone(clock.ZONE):%H:%M ngày %d/%m/%Y}.")])
    return Section("4. Báo cáo", [
        Line((Blank("Lúc", statutory.reported(event), 0.8), Blank("Cho", event.reported_to, 1.8))), Line((Blank("Cách báo cáo", event.reported_how), Blank("Người báo cáo", event.reported_by)))])
