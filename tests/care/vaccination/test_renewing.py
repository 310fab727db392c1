"""The board that renews itself: what makes it ask for more, what it costs while nothing changes, who stays at the table; and the numbers to call."""

import datetime
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from session_steps import at, counted, doses_of, let_time_pass

from tramyte.care.immunization.models import Immunization
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.models import Attendee, Vial
from tramyte.care.vaccination.queries import pulse_of
from tramyte.engine.audit.models import AuditEntry

ITSELF = {"HTTP_HX_REQUEST": "true", "HTTP_X_RENEW": "1"}
FIRST, SECOND = "Trần Hà My", "Nguyễn Minh Khôi"


def asks(client, session, **more):
    return client.get(f"/tiem-chung/buoi/{session.pk}/ban/", more, **ITSELF)


def served(client, session, name, **fields):
    doses = {"give": ["OPV"], "lot-OPV": str(doses_of("OPV")[0].lot)}
    return client.post(f"/tiem-chung/buoi/{session.pk}/ban/{at(session, name).pk}/", {"temperature": "368", **doses, **fields}, HTTP_HX_REQUEST="true")


def test_every_change_of_a_session_changes_its_pulse(morning, cast):
    row, seen = at(morning, FIRST), [pulse_of(morning.pk)]
    steps = (
        lambda: actions.receive(by=cast.nurse, id=row.pk),
        lambda: actions.undo_receive(by=cast.nurse, id=row.pk),
        lambda: actions.screen(by=cast.nurse, id=row.pk, temperature=37, vaccines=["OPV"]),
        lambda: actions.give(by=cast.nurse, id=row.pk, doses=doses_of("OPV")),
        lambda: actions.discard_vial(by=cast.nurse, id=Vial.objects.get().pk, reason="rơi vỡ"),
        lambda: actions.release(by=cast.nurse, id=row.pk, early=True),
        lambda: actions.add_person(by=cast.nurse, session=morning.pk, person=people.register_person(
            by=cast.director, full_name="Đỗ Văn Nam", birth_date=datetime.date(2026, 3, 1), sex="M", hamlet=cast.hamlets[0], confirmed=True).pk),
        lambda: actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning)),
    )
    for step in steps:
        step()
        seen.append(pulse_of(morning.pk))
    assert seen == sorted(set(seen)) and len(seen) == len(steps) + 1


def test_an_unchanged_board_costs_one_small_query_more_than_to_know_who_asks(morning, cast, enter):
    client = enter("nurse")
    actions.receive(by=cast.nurse, id=at(morning, FIRST).pk)
    asks(client, morning)
    written, seen = AuditEntry.objects.count(), {"phien": pulse_of(morning.pk), "nguoi": at(morning, FIRST).pk}
    with CaptureQueriesContext(connection) as made:
        answer = asks(client, morning, **seen)
    assert answer.status_code == 204 and not answer.content and AuditEntry.objects.count() == written
    own = [query["sql"] for query in made if "vaccination_" in query["sql"] and "SUM" not in query["sql"]]
    assert len(own) == 1 and "vaccination_session" in own[0] and len(made) <= 7, [query["sql"][:140] for query in made]


def test_a_changed_board_is_shown_whole_with_the_child_who_is_at_the_table(morning, cast, enter):
    client, seen = enter("nurse"), pulse_of(morning.pk)
    for name in (FIRST, SECOND):
        actions.receive(by=cast.nurse, id=at(morning, name).pk)
    body = asks(client, morning, phien=seen, nguoi=at(morning, SECOND).pk).content.decode()
    assert f"Khám sàng lọc và tiêm {SECOND}" in body and f'data-next="{at(morning, FIRST).pk}"' in body and f'phien={pulse_of(morning.pk)}"' in body and "<html" not in body
    assert AuditEntry.objects.filter(action="view", note="bàn tiêm", object_id=str(at(morning, SECOND).person_id)).exists()


def test_a_child_served_at_another_table_stays_on_the_screen_with_the_way_to_the_next(morning, cast, enter):
    client, first = enter("nurse"), at(morning, FIRST)
    for name in (FIRST, SECOND):
        actions.receive(by=cast.nurse, id=at(morning, name).pk)
    actions.screen(by=cast.nurse, id=first.pk, temperature=37, vaccines=["OPV"])
    actions.give(by=cast.nurse, id=first.pk, doses=doses_of("OPV"))
    body = asks(client, morning, phien="0", nguoi=first.pk).content.decode()
    assert "Tiêm lúc" in body and f"Người sau: {SECOND}" in body and "Khám sàng lọc và tiêm" not in body
    gone = asks(client, morning, phien="0", nguoi=morning.pk).content.decode()
    assert f"Khám sàng lọc và tiêm {SECOND}" in gone


def test_the_end_of_a_watch_leaves_the_table_as_it_is(morning, cast, enter):
    client = enter("nurse")
    served(client, morning, FIRST)
    let_time_pass(morning)
    actions.receive(by=cast.nurse, id=at(morning, SECOND).pk)
    url = f"/tiem-chung/buoi/{morning.pk}/ban/{at(morning, FIRST).pk}/"
    body = client.post(url, {"act": "release", "nguoi": at(morning, FIRST).pk}, HTTP_HX_REQUEST="true").content.decode()
    assert f"{FIRST} về, không phản ứng" in body and f'data-child="{at(morning, FIRST).pk}"' in body


def test_the_same_act_sent_twice_is_one_dose(morning, enter):
    client = enter("nurse")
    assert served(client, morning, FIRST).status_code == 200
    again = served(client, morning, FIRST)
    assert again.status_code == 422 and f"{FIRST} đã được tiêm lúc" in again.content.decode()
    assert Immunization.objects.filter(person=at(morning, FIRST).person, vaccine__code="OPV").count() == 1 and Vial.objects.get().given.count() == 1


@pytest.mark.parametrize(("itself", "kept"), [(True, True), (False, False)])
def test_a_board_that_renews_itself_does_not_keep_the_session_of_somebody_who_left(morning, enter, itself, kept):
    client = enter("nurse")
    asks(client, morning)
    session, then = client.session, int(time.time()) - 30 * 60
    session["seen"] = then
    session.save()
    client.get(f"/tiem-chung/buoi/{morning.pk}/ban/", {"phien": pulse_of(morning.pk)}, **(ITSELF if itself else {}))
    assert (client.session["seen"] == then) == kept


def test_the_number_of_an_absent_family_is_shown_on_one_press_and_logged(morning, cast, child, enter):
    client, absent = enter("nurse"), at(morning, SECOND).person
    mother = child("Lò Thị Mẩy", born=datetime.date(1999, 1, 2), sex="F", phone="0912345678")
    Person.objects.filter(pk=absent.pk).update(mother=mother)
    actions.close_session(by=cast.nurse, id=morning.pk, counts=counted(morning))
    body, url = client.get("/tiem-chung/buoi/vang-mat/").content.decode(), f"/nguoi-dan/{absent.pk}/dien-thoai/"
    assert Attendee.objects.get(person=absent).came is None and "0912345678" not in body and f'hx-get="{url}"' in body
    assert '<a class="num" href="tel:0912345678">' in client.get(url, HTTP_HX_REQUEST="true").content.decode()
    assert AuditEntry.objects.filter(action="view_number", object_id=str(mother.pk), note=f"điện thoại, để gọi cho {absent}").count() == 1
    Person.objects.filter(pk=absent.pk).update(phone="0987654321")
    assert "0987654321" in client.get(url, HTTP_HX_REQUEST="true").content.decode()
    assert AuditEntry.objects.filter(action="view_number", object_id=str(absent.pk), note="điện thoại").count() == 1


def test_the_page_of_a_planned_session_asks_for_itself_and_is_answered_when_something_changed(plan, child, cast, enter):
    child(FIRST)
    session, client = plan(), enter("nurse")
    page = f"/tiem-chung/buoi/{session.pk}/"
    assert f'hx-get="{page}?phien={pulse_of(session.pk)}"' in client.get(page).content.decode()
    written, seen = AuditEntry.objects.count(), pulse_of(session.pk)
    assert client.get(page, {"phien": seen}, **ITSELF).status_code == 204 and AuditEntry.objects.count() == written
    child(SECOND)
    actions.refresh_list(by=cast.nurse, id=session.pk)
    listed = client.get(page, {"phien": seen}, **ITSELF).content.decode()
    assert SECOND in listed and f"phien={pulse_of(session.pk)}" in listed and AuditEntry.objects.filter(note="danh sách buổi tiêm").count() == 2
    seen = pulse_of(session.pk)
    actions.open_session(by=cast.nurse, id=session.pk, screener="Hùng", injector="Lan", recorder="Lan", staff=3)
    opened = client.get(page, {"phien": seen}, **ITSELF).content.decode()
    assert "Vào bàn tiêm" in opened and "Mở buổi, vào bàn tiêm" not in opened
    actions.close_session(by=cast.nurse, id=session.pk, counts={})
    assert "data-renew" not in client.get(page).content.decode()
