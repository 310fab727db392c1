"""Hepatitis B at birth: recorded once, in the form of the birth or among the doses, judged by the clock, shown in both places."""

import datetime

import pytest
from django.urls import reverse

from tramyte.care.immunization import actions as doses
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Immunization, Recommendation, Vaccine
from tramyte.care.immunization.queries import balance_of
from tramyte.care.maternal import actions
from tramyte.care.maternal.models import Newborn
from tramyte.care.people.birth_times import birth_times
from tramyte.engine import clock
from tramyte.engine.refused import Refused

pytestmark = pytest.mark.django_db
AS_OF = datetime.date(2026, 6, 3)
BORN = AS_OF - datetime.timedelta(2)  # 01/06/2026
GIRL = {"sex": "F", "weight_g": 3200}
IN_TIME, LATE, UNKNOWN = "trong thời hạn", "tiêm muộn", "Không rõ giờ"


@pytest.fixture
def owner(cast, woman):
    install()
    return actions.register_pregnancy(by=cast.nurse, person=woman(), lmp=BORN - datetime.timedelta(273), registered_on=BORN - datetime.timedelta(100))


@pytest.fixture
def lot(cast):
    """Two doses in stock."""
    install()
    product = doses.record_product(by=cast.nurse, vaccine=Vaccine.objects.get(code="HEPB"), name="VGB 1 liều", manufacturer="VABIOTECH", doses_per_vial=1)
    return doses.record_lot(by=cast.nurse, product=product, facility=cast.station, number="VGB26", expires_on=datetime.date(2027, 1, 1), received=2, received_on=datetime.date(2026, 1, 1))


@pytest.fixture
def born(cast, owner):
    """Write the birth, or correct it."""
    def of(baby=None, **fields):
        held = Newborn.objects.filter(entered_in_error=False).first()
        told = {"person": owner.person, "on": BORN, "at": "07:30", "place": "hospital", "site": "Bệnh viện tỉnh", **fields}
        line = {**GIRL, **(baby or {}), **({"id": held.pk} if held else {})}
        return actions.record_delivery(by=cast.nurse, id=held.delivery_id if held else None, newborns=[line], **told).newborns.get()
    return of


def the_dose():
    return Immunization.objects.get(entered_in_error=False)


@pytest.mark.parametrize(("at", "given", "said"), [
    ("07:30", "02/06/2026 07:30", IN_TIME), ("07:30", "02/06/2026 07:31", LATE), ("07:30", "01/06/2026 07:30", IN_TIME), ("07:30", "02/06/2026", UNKNOWN),
    ("", "02/06/2026 07:30", UNKNOWN), ("", "01/06/2026", IN_TIME), ("", "03/06/2026 07:30", LATE), ("00:00", datetime.datetime(2026, 6, 1, 17, 0, tzinfo=datetime.UTC), IN_TIME),
])
def test_the_clock_says_whether_it_was_within_a_day(born, at, given, said):
    born({"hepatitis_b_at": given, "hepatitis_b_lot": "H77"}, at=at)
    dose = the_dose()
    assert said in dose.verdict_text and (dose.source, dose.site, dose.lot_number, dose.lot) == ("elsewhere", "Bệnh viện tỉnh", "H77", None)


def test_the_hour_of_birth_is_known_to_other_topics_and_judges_anew(born):
    baby = born({"hepatitis_b_at": "02/06/2026 08:00"})
    assert birth_times([baby.child_id, baby.mother_id]) == {baby.child_id: datetime.datetime(2026, 6, 1, 7, 30, tzinfo=clock.ZONE)}
    assert LATE in the_dose().verdict_text
    born(at="09:00")
    assert IN_TIME in the_dose().verdict_text and Newborn.objects.get().at == "09:00"


def test_a_dose_of_the_station_leaves_its_lot_and_comes_back(cast, lot, born):
    with pytest.raises(Refused, match="phải có số lô") as refused:
        born({"hepatitis_b_at": "01/06/2026 09:00"}, place="station")
    assert refused.value.field == "0-hepatitis_b_lot" and not Newborn.objects.exists()
    with pytest.raises(Refused, match="Kho vắc xin không có lô"):
        born({"hepatitis_b_at": "01/06/2026 09:00", "hepatitis_b_lot": "XX"}, place="station")
    baby = born({"hepatitis_b_at": "01/06/2026 09:00", "hepatitis_b_lot": "vgb26"}, place="station")
    assert balance_of(lot) == 1 and the_dose().lot == lot and baby.birth_dose == the_dose().pk
    born({"hepatitis_b_at": "01/06/2026 10:00", "hepatitis_b_lot": "VGB26"}, place="station")
    assert (the_dose().at, balance_of(lot)) == ("10:00", 1)
    actions.cancel_newborn(by=cast.nurse, id=baby.pk, reason="nhầm sản phụ")
    assert not Immunization.objects.filter(entered_in_error=False).exists() and balance_of(lot) == 2


def test_a_dose_that_was_recorded_first_is_the_one_that_the_birth_shows(cast, owner, born):
    baby = born()
    made = doses.record_immunization(by=cast.nurse, person=baby.child, vaccine=Vaccine.objects.get(code="HEPB"), on=BORN, at="09:15", source="import", site="Trạm Y tế xã")
    born({"hepatitis_b_at": "01/06/2026 09:30", "hepatitis_b_lot": "H8"})
    held = the_dose()
    assert (held.pk, held.at, held.lot_number, held.source, held.site) == (made.pk, "09:30", "H8", "import", "Trạm Y tế xã")
    born({"weight_g": 3300})
    assert the_dose().version == held.version, "a line that says nothing of the dose leaves it alone"
    born({"hepatitis_b_at": "", "hepatitis_b_lot": ""})
    assert not Immunization.objects.filter(entered_in_error=False).exists()
    actions.cancel_newborn(by=cast.nurse, id=Newborn.objects.get().pk, reason="nhầm sản phụ")


@pytest.mark.parametrize(("baby", "said"), [
    ({"hepatitis_b_at": "01/06/2026 07:00"}, "trước giờ sinh"), ({"hepatitis_b_at": "31/05/2026"}, "trước giờ sinh"), ({"hepatitis_b_at": "04/06/2026 07:00"}, "chưa đến"),
    ({"hepatitis_b_lot": "H7", "hepatitis_b_at": ""}, "chưa ghi giờ tiêm"), ({"state": "stillborn", "hepatitis_b_at": "01/06/2026 08:00"}, "đã chết"),
])
def test_doses_that_cannot_be(born, baby, said):
    with pytest.raises(Refused, match=said) as refused:
        born(baby)
    assert refused.value.field == "0-hepatitis_b_at" and not Immunization.objects.exists()


def test_a_late_first_dose_is_no_birth_dose(cast, woman):
    install()
    with pytest.raises(Refused, match="không còn là mũi sơ sinh"):
        actions.record_delivery(
            by=cast.nurse, person=woman(), on=datetime.date(2026, 5, 1), place="home", weeks=39, newborns=[{**GIRL, "hepatitis_b_at": "30/05/2026 08:00"}])


def test_the_birth_moves_with_its_dose_or_says_why_not(cast, born):
    born({"hepatitis_b_at": "01/06/2026 09:00"})
    with pytest.raises(Refused, match="trước giờ sinh"):
        born(on=BORN + datetime.timedelta(1))
    born({"hepatitis_b_at": "02/06/2026 09:00"}, on=BORN + datetime.timedelta(1))
    assert (the_dose().on, the_dose().age_days) == (BORN + datetime.timedelta(1), 0)


def test_typed_once_and_shown_in_the_book_the_card_and_the_list_of_what_comes(cast, enter, owner):
    page = enter("nurse")
    sent = {
        "babies": "1", "on": "01/06/2026", "at": "7h30", "place": "hospital", "0-sex": "F", "0-weight_g": "3200", "0-state": "well", "0-hepatitis_b_at": "1/6/2026 9h15", "0-hepatitis_b_lot": "H77"}
    assert page.post(reverse("delivery", args=[owner.pk]), sent).status_code == 302
    child = Newborn.objects.get().child
    assert "01/06/2026 09:15 (≤ 24 giờ)" in page.get(reverse("pregnancy", args=[owner.pk])).content.decode()
    assert "01/06/2026 09:15" in page.get(reverse("person", args=[child.pk])).content.decode()
    book = page.get(reverse("register", args=["births"]), {"as": "csv", "columns": "hepatitis_b_at,delivery.hepatitis_b"}).content.decode()
    assert "01/06/2026 09:15 lô H77" in book and "≤ 24 giờ" in book
    assert not Recommendation.objects.filter(person=child, dose="HEPB0").exists() and Recommendation.objects.filter(person=child).exists()
    shown = page.get(reverse("delivery", args=[owner.pk])).content.decode()
    assert 'value="01/06/2026 09:15"' in shown and 'value="H77"' in shown
    assert page.post(reverse("delivery", args=[owner.pk]), {**sent, "seen_version": "1", "0-weight_g": "3100"}).status_code == 302
    assert (the_dose().version, Newborn.objects.get().weight_g) == (1, 3100)


def test_tetanus_at_a_contact_is_typed_once(cast, enter, owner):
    """The lot typed at the contact is the dose: in her card, out of the stock, counted, and the next one asked for."""
    product = doses.record_product(by=cast.nurse, vaccine=Vaccine.objects.get(code="UV"), name="VAT", manufacturer="IVAC", doses_per_vial=20)
    lot = doses.record_lot(by=cast.nurse, product=product, facility=cast.station, number="UV26", expires_on=datetime.date(2027, 1, 1), received=20, received_on=datetime.date(2026, 1, 1))
    page, address = enter("nurse"), reverse("antenatal-new", args=[owner.pk])
    shown = page.post(address, {"on": "10/03/2026", "tetanus_lot": "XX"})
    assert shown.status_code == 422 and "Kho vắc xin không có lô XX" in shown.content.decode()
    assert page.post(address, {"on": "10/03/2026", "tetanus_lot": "uv26"}).status_code == 302
    made, held = Immunization.objects.get(), owner.contacts.get()
    assert (made.person, made.on, made.lot, made.gestation_days, held.tetanus) == (owner.person, datetime.date(2026, 3, 10), lot, held.gestation, 1)
    assert 'value="UV26"' in page.get(f"{address}?lan={held.pk}").content.decode()
    assert page.post(f"{address}?lan={held.pk}", {"on": "10/03/2026", "tetanus_lot": "UV26", "tetanus": "1", "weight_kg": "55", "seen_version": "1"}).status_code == 302
    assert Immunization.objects.count() == 1 and balance_of(lot) == 19
    assert page.post(address, {"on": "10/04/2026"}).status_code == 302 and owner.contacts.get(on=datetime.date(2026, 4, 10)).tetanus == 1
    assert page.post(address, {"on": "09/03/2026"}).status_code == 302 and owner.contacts.get(on=datetime.date(2026, 3, 9)).tetanus is None
    told = page.get(reverse("pregnancy", args=[owner.pk])).content.decode()
    coming = Recommendation.objects.get(person=owner.person, group="UV")
    assert 'id="uon-van"' in told and "10/03/2026" in told and f"{coming.due_on:%d/%m/%Y}" in told and "Quá hẹn" in told


def test_tetanus_of_a_list_knows_how_far_the_woman_was(cast, owner):
    """A dose of an old book is told of the pregnancy as one typed by hand; another vaccine of the list is not asked about."""
    lines = [(None, {"person": owner.person, "vaccine": Vaccine.objects.get(code=code), "on": day}) for code, day in (
        ("UV", datetime.date(2026, 3, 10)), ("UV", datetime.date(2019, 3, 10)), ("FLU", datetime.date(2026, 3, 10)))]
    rows = doses.record_immunizations(lines, by=cast.director)
    kept = [Immunization.objects.get(pk=row.pk).gestation_days for row in rows]
    assert kept == [owner.gestation(datetime.date(2026, 3, 10)), None, None] and kept[0] > 0
