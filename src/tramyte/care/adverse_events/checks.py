"""What is checked of an adverse event; each refusal says what a good nurse in charge would say."""

import datetime
from collections.abc import Sequence
from typing import Any

from tramyte.care.adverse_events import signs
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import present
from tramyte.care.immunization.actions.checks import check_hour
from tramyte.care.immunization.models import Immunization
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused


def check_event(fields: dict[str, Any], *, by: User) -> None:
    """The days of an event that need no query. Raises Refused with the field at fault."""
    today, onset, given = clock.today(), fields.get("onset_on"), fields.get("given_on")
    if onset and onset > today:
        raise Refused("future", f"Ngày xuất hiện {onset:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Hãy xem lại ngày.", field="onset_on")
    if onset:
        check_hour(onset, fields.get("onset_at") or "", field="onset_at", label="Giờ xuất hiện")
    if given and onset and onset < given:
        raise Refused("before_dose", _too_early(onset, given), field="onset_on")
    ended = fields.get("outcome_on")
    if ended and ended > today:
        raise Refused("future", f"Ngày có kết quả {ended:%d/%m/%Y} chưa đến. Chưa khỏi thì chọn “đang theo dõi”.", field="outcome_on")
    if ended and onset and ended < onset:
        raise Refused("order", f"Ngày có kết quả {ended:%d/%m/%Y} trước ngày xuất hiện {onset:%d/%m/%Y}. Hãy kiểm tra lại hai ngày.", field="outcome_on")


def _too_early(onset: datetime.date, given: datetime.date) -> str:
    return f"Dấu hiệu xuất hiện {onset:%d/%m/%Y}, trước khi tiêm {given:%d/%m/%Y}: không phải phản ứng của mũi này. Hãy xem lại ngày, hoặc ghi vào lượt khám bệnh."


def check_doses(event: AdverseEvent, doses: Sequence[Immunization]) -> None:
    """Refuse doses of somebody else, doses that count no more, and a link in time that cannot be or must be explained."""
    if not doses:
        raise Refused("no_dose", "Chưa chọn mũi tiêm nào. Hãy chọn mũi nghi gây phản ứng; mũi chưa có trong sổ thì ghi mũi tiêm trước.", field="doses")
    for dose in doses:
        if dose.person_id != event.person_id:
            raise Refused("other_person", f"Mũi {dose.vaccine} ngày {dose.on:%d/%m/%Y} là của người khác, không phải của {event.person}. Hãy chọn lại mũi tiêm.", field="doses")
        if dose.entered_in_error:
            raise Refused("dose_in_error", f"Mũi {dose.vaccine} ngày {dose.on:%d/%m/%Y} đã bị đánh dấu ghi nhầm. Hãy chọn mũi khác.", field="doses")
        if event.onset_on < dose.on:
            raise Refused("before_dose", _too_early(event.onset_on, dose.on), field="onset_on")
        if event.onset_on == dose.on and dose.at and event.onset_at and event.onset_at < dose.at:
            raise Refused("before_dose", f"Dấu hiệu lúc {event.onset_at}, trước giờ tiêm {dose.at}. Hãy xem lại giờ xuất hiện hoặc giờ tiêm.", field="onset_at")
    last = max(dose.on for dose in doses)
    if (event.onset_on - last).days > signs.LONGEST and not event.word:
        raise Refused(
            "late_onset", f"Dấu hiệu xuất hiện {(event.onset_on - last).days} ngày sau mũi gần nhất ({last:%d/%m/%Y}). Nếu vẫn cho là liên quan, hãy ghi vì sao, ví dụ “sưng hạch sau BCG, "
            "bác sĩ bệnh viện kết luận”.", field="word")


def check_whole(event: AdverseEvent) -> None:
    """Refuse what contradicts itself."""
    if not event.signs and not event.signs_text:
        raise Refused("no_sign", "Chưa ghi dấu hiệu nào. Hãy chọn hoặc ghi điều đã thấy, ví dụ “sốt 38,5 °C”.", field="signs")
    if not event.severe and (grave := [signs.SIGNS[code] for code in event.signs.split() if code in signs.GRAVE]) and not event.word:
        raise Refused(
            "grave", f"{grave[0].capitalize()} thường là tai biến nặng. Hãy chọn nặng vì sao; nếu bác sĩ đã khám và cho là không nặng, ghi lời bác sĩ vào ô “Vì sao”.", field="severe_for")
    if event.outcome == "died" and " death " not in event.severe_for:
        raise Refused("death", "Kết quả là tử vong thì đây là tai biến nặng vì tử vong. Hãy chọn “tử vong” ở phần nặng vì; ghi cả sổ tử vong.", field="severe_for")
    if event.person.died_on and event.onset_on > event.person.died_on:
        raise Refused("after_death", f"{event.person} đã mất ngày {event.person.died_on:%d/%m/%Y}, trước ngày xuất hiện. Hãy kiểm tra lại người hoặc ngày.", field="onset_on")
    if event.discovered_at > present() + datetime.timedelta(minutes=5):
        raise Refused("future", f"Lúc trạm biết ({event.discovered_at.astimezone(clock.ZONE):%H:%M %d/%m/%Y}) chưa đến. Hãy xem lại giờ.", field="discovered_at")
    if event.discovered_at.astimezone(clock.ZONE).date() < event.onset_on:
        raise Refused("order", f"Trạm không thể biết trước khi dấu hiệu xuất hiện {event.onset_on:%d/%m/%Y}. Hãy xem lại hai ngày.", field="discovered_at")
