"""Objects of every kind in four places: the own hamlet and commune, the next hamlet, a sibling commune, a commune of another province."""

import datetime

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.places.models import Facility, OrgUnit, Place, PlaceChange

DAY = datetime.date
AT = datetime.datetime(2026, 6, 3, 0, 15, tzinfo=datetime.UTC)
SINCE = DAY(2025, 7, 1)
# The person of each place. Their marks (name, numbers) may stand in an answer only for whoever may see them.
NAMES = {"own": "Kha Thị Riêng Tư", "beside": "Kha Thị Thôn Bên", "sibling": "Kha Thị Liền Kề", "foreign": "Kha Thị Phương Xa"}
NUMBERS = {where: number for number, where in enumerate(NAMES, 1)}


def marks(where):
    """The texts that tell the person of a place: name, identity number, insurance number, telephone."""
    number = NUMBERS[where]
    return (NAMES[where], f"{37156000000 + number:012d}", f"43701{number:08d}", f"091234560{number}")


def build(cast):
    """Answers place -> kind -> object; "beside" has only what tells about people. Figures are computed."""
    from tramyte.engine.indicators import results
    from tramyte.station.techniques.actions import load_techniques

    load_techniques(by=cast.director, lines=[("TYT.001", "Đo huyết áp", "Khám bệnh")], name="Danh mục", source="bịa", valid_from=SINCE)
    far = Place.objects.create(code="79", name="Tỉnh Xa", kind="province", valid_from=SINCE, source="bịa")
    away = Place.objects.create(code="00099", name="Xã Viễn", kind="commune", parent=far, valid_from=SINCE, source="bịa")
    hamlet = Place.objects.create(code="00099.01", name="Thôn Một", kind="hamlet", parent=away, valid_from=SINCE, source="bịa")
    other = _worker(away)
    made = {
        "own": _all("own", cast.commune, cast.hamlet, cast.units["tyt"], cast.station, cast.director, cast.nurse),
        "beside": _people("beside", cast.hamlets[1]),
        "sibling": _all("sibling", cast.other_commune, cast.other_hamlet, _unit(cast.other_commune), _station(cast.other_commune), _worker(cast.other_commune), cast.stranger),
        "foreign": _all("foreign", away, hamlet, _unit(away), _station(away), other, other),
    }
    results.refresh()
    return made


def _worker(commune):
    worker = User.objects.create(username=f"o-{commune.code}", full_name="Người Làm Ở Đó")
    Assignment.objects.create(user=worker, role="nurse", place=commune, valid_from=SINCE)
    return worker


def _unit(commune):
    return OrgUnit.objects.create(place=commune, code="tyt", name="Trạm Y tế xã", valid_from=SINCE)


def _station(commune):
    return Facility.objects.create(place=commune, kind="station", code=f"{commune.code}-tram", name="Trạm", valid_from=SINCE)


def _all(where, commune, hamlet, unit, station, worker, colleague):
    from tramyte.engine.jobs.models import Job
    from tramyte.station.techniques.models import StationTechnique, Technique

    assignment = Assignment.objects.create(user=worker, role="director" if where == "own" else "nurse", place=hamlet, valid_from=SINCE)
    technique = StationTechnique.objects.create(facility=station, technique=Technique.objects.get(), approved_on=SINCE)
    return {
        **(people := _people(where, hamlet)), **_stock(where, hamlet, station), **_session(where, commune, hamlet, station, people["person"]), **_steering(where, commune, hamlet, unit, worker), **_cold(where, station), "station_technique": technique, "hamlet": hamlet, "user": worker,
        "place_change": PlaceChange.objects.create(kind="renamed", before=hamlet, after=hamlet, on=SINCE, old_name=hamlet.name, new_name=hamlet.name, source="bịa"),
        "client": _client(where, commune), "job": Job.objects.create(task="verify_audit", title="Kiểm tra", by=worker),
        "assignment": assignment, **_beyond(assignment, hamlet, colleague),
    }


def _client(where, commune):
    from tramyte.engine.clients.models import Client

    made = Client.objects.create(name=f"Phần mềm {where}", contact="anh Nam, 0900000000", prefix=where, digest="0" * 64, permissions=["figures.view"], valid_until=DAY(2026, 12, 31))  # of a granter nobody knows
    made.places.set([commune])
    return made


def _beyond(assignment, hamlet, colleague):
    from tramyte.engine.access.models import Delegation, Opening

    return {
        "delegation": Delegation.objects.create(assignment=assignment, taker=colleague, permissions=[], valid_from=SINCE, valid_to=DAY(2026, 6, 30), reason="nghỉ phép"),
        "opening": Opening.objects.create(user=colleague, subject=assignment.pk, place=hamlet, home=hamlet, kind="other", words="cần xem gấp", opened_at=AT, until=AT),
    }


def _people(where, hamlet):
    from tramyte.care.checkups.models import Checkup
    from tramyte.care.consent.models import Consent, DataRequest
    from tramyte.care.health_record.models import Condition
    from tramyte.care.people import models

    name, national, insurance, phone = marks(where)
    house = models.Household.objects.create(hamlet=hamlet, number=f"{NUMBERS[where]:04d}")
    person = models.Person.objects.create(full_name=name, birth_date=DAY(1956, 3, 5), sex="F", hamlet=hamlet, household=house, phone=phone)
    double, merged = (models.Person.objects.create(full_name=name, birth_date=DAY(1956, 3, 5), sex="F", hamlet=hamlet, entered_in_error=gone) for gone in (False, True))
    dead = models.Person.objects.create(full_name=name, birth_date=DAY(1940, 3, 5), sex="F", hamlet=hamlet, died_on=DAY(2026, 2, 3))
    return {
        "household": house, "person": person, "double": double,
        "pair": models.DuplicatePair.objects.create(one=person, other=double, score=0.9, evidence=["trùng ngày sinh"]),
        "insurance_list": models.InsuranceList.objects.create(place=hamlet.parent, by=User.objects.first(), file_name="danh-sach.xlsx", digest="0" * 64, on=DAY(2026, 5, 1)),
        "merge": models.Merge.objects.create(survivor=person, lesser=merged, made_by="nurse"),
        "identifier": models.Identifier.objects.create(person=person, kind="national", value=national),
        "coverage": models.Coverage.objects.create(person=person, card_number=f"GD{insurance}", group="GD", start=DAY(2025, 1, 1), end=DAY(2025, 12, 31)),
        "residence": models.Residence.objects.create(person=person, place=hamlet, kind="permanent", start=DAY(1956, 3, 5)),
        "death": models.Death.objects.create(person=dead, on=DAY(2026, 2, 3), age_days=31_382, age_group="older"),
        "condition": Condition.objects.create(person=person, code="hypertension", onset=DAY(2019, 1, 1), onset_precision="year", on=DAY(2026, 2, 3)),
        "checkup": Checkup.objects.create(person=person, on=DAY(2026, 2, 3), age_days=25_537, kind=Checkup._meta.get_field("kind").choices[0][0]),
        **_growth(where, name, hamlet),
        **_mothers(person),
        **_doses(person),
        "consent": Consent.objects.create(person=person, purpose="reminders", decision="permit", given_on=DAY(2026, 2, 3), evidence="paper", evidence_note="phiếu 1"),
        "data_request": DataRequest.objects.create(
            person=person, kind="copy", received_on=DAY(2026, 6, 1), words="Xin bản sao", answer_by=DAY(2026, 6, 3), done_by=DAY(2026, 6, 11)),
    }


def _doses(person):
    from tramyte.care.adverse_events.models import AdverseEvent, SuspectDose
    from tramyte.care.immunization.catalogue import install, vaccine_id
    from tramyte.care.immunization.models import Immunization, NotGiven, SchoolReview

    install()
    dose = Immunization.objects.create(person=person, vaccine_id=vaccine_id("UV"), on=DAY(2026, 2, 3), source="import", age_days=25_537)
    event = AdverseEvent.objects.create(person=person, onset_on=DAY(2026, 2, 3), discovered_at=AT, signs=" seizure ", severe=True, severe_for=" hospital ")
    SuspectDose.objects.create(event=event, immunization=dose)
    return {
        "immunization": dose, "reaction": event,
        "not_given": NotGiven.objects.create(person=person, kind="refused", on=DAY(2026, 2, 3), reason="sợ phản ứng"),
        "school_review": SchoolReview.objects.create(person=person, school_year=2025, level="primary", on=DAY(2026, 2, 3), result="complete"),
    }


def _stock(where, hamlet, station):
    from tramyte.care.immunization.catalogue import vaccine_id
    from tramyte.care.immunization.models import Activation, VaccineLot, VaccineProduct

    product = VaccineProduct.objects.create(vaccine_id=vaccine_id("UV"), name=f"Uốn ván {where}")
    return {
        "vaccine_lot": VaccineLot.objects.create(product=product, facility=station, number=f"U{where}", expires_on=DAY(2027, 1, 1)),
        "activation": Activation.objects.create(place=hamlet, group="PCV", valid_from=DAY(2026, 1, 1), source="bịa"),
    }


def _session(where, commune, hamlet, station, person):
    from tramyte.care.vaccination.models import Attendee, Session, SessionHamlet

    made = Session.objects.create(place=commune, facility=station, site=f"Nhà văn hóa {where}", on=DAY(2026, 6, 3), state=Session.OPEN)
    return {
        "session": made, "session_hamlet": SessionHamlet.objects.create(session=made, hamlet=hamlet), "attendee": Attendee.objects.create(session=made, person=person, number=1)}


def _cold(where, station):
    from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading

    fridge = StorageEquipment.objects.create(facility=station, code=f"TL-{where}", name="Tủ lạnh", kind="fridge", in_use_from=SINCE)
    outside = Excursion.objects.create(equipment=fridge, on=DAY(2026, 6, 1), part="am", celsius=9)
    return {
        "storage_equipment": fridge, "excursion": outside,
        "temperature": TemperatureReading.objects.create(equipment=fridge, on=DAY(2026, 6, 1), part="am", celsius=9, confirmed=True, state="high", excursion=outside),
    }


def _growth(where, name, hamlet):
    """A young child who was measured, and a campaign that comes to its hamlet."""
    from tramyte.care.growth.models import Campaign, CampaignDay, GrowthMeasurement
    from tramyte.care.people.models import Person, Residence

    young = Person.objects.create(full_name=name, birth_date=DAY(2025, 3, 12), sex="M", hamlet=hamlet)
    Residence.objects.create(person=young, place=hamlet, kind="permanent", start=DAY(2025, 3, 12))
    campaign = Campaign.objects.create(place=hamlet.parent, name=f"Cân đo {where}", starts_on=DAY(2026, 6, 1), ends_on=DAY(2026, 6, 3))
    return {
        **({} if where == "beside" else {"campaign": campaign}),  # a campaign is the commune's, not a hamlet's
        "young": young, "campaign_day": CampaignDay.objects.create(campaign=campaign, hamlet=hamlet, on=DAY(2026, 6, 1)),
        "growth": GrowthMeasurement.objects.create(person=young, on=DAY(2026, 5, 15), weight_kg=9.8, age_days=429, due_on=DAY(2026, 11, 15), rules_version="who2006-1"),
    }


def _mothers(person):
    from tramyte.care.maternal import models

    days = {"since": DAY(2025, 7, 1), "due_on": DAY(2026, 4, 7), "dated_by": "lmp", "lmp": DAY(2025, 7, 1)}
    pregnancy = models.Pregnancy.objects.create(person=person, outcome="delivered", ended_on=DAY(2026, 4, 1), registered_on=DAY(2025, 9, 1), **days)
    birth = models.Delivery.objects.create(person=person, pregnancy=pregnancy, on=DAY(2026, 4, 1), place="hospital", gestation=274)
    return {
        "pregnancy": pregnancy, "newborn": models.Newborn.objects.create(mother=person, delivery=birth, on=DAY(2026, 4, 1), sex="F"),
        "antenatal": models.AntenatalContact.objects.create(person=person, pregnancy=pregnancy, on=DAY(2025, 9, 1), gestation=62, term=1),
        "planning": models.FamilyPlanning.objects.create(person=person, on=DAY(2026, 5, 20), method="iud"),
        "abortion": models.Abortion.objects.create(person=person, on=DAY(2024, 5, 20), method="medical"),
        "screening": models.Screening.objects.create(person=person, on=DAY(2025, 10, 20), kind="prenatal"),
    }


def _steering(where, commune, hamlet, unit, writer):
    from tramyte.engine.documents import files
    from tramyte.governance.directives.models import Directive, Obligation
    from tramyte.governance.reports.models import Duty, Report, ReportPeriod
    from tramyte.governance.targets.models import Target
    from tramyte.governance.tasks.models import Milestone, ProgressNote, Task

    number = NUMBERS[where]
    text = f"Trạm Y tế xã rà soát số {number}."
    proof = files.keep(text.encode())
    directive = Directive.objects.create(
        place=commune, kind="Kế hoạch", number=f"{number}/KH-UBND", text=text, digest=proof, text_digest=f"{number:064d}", arrived_on=DAY(2026, 5, 4))
    obligation = Obligation.objects.create(directive=directive, kind="unassigned", mark="P1", order=10, text=text, found={}, fields={"text": text})
    task = Task.objects.create(place=hamlet, unit=unit, title="Rà soát", due_on=DAY(2026, 6, 20))
    duty = Duty.objects.create(place=commune, unit=unit, period_kind="semester", phrase="Báo cáo 6 tháng", starts_on=DAY(2026, 1, 1))
    period = ReportPeriod.objects.create(place=commune, duty=duty, period="2026-H1", due_on=DAY(2026, 6, 9), ends_on=DAY(2026, 6, 9))
    return {
        "directive": directive, "obligation": obligation, "task": task, "period": period, "duty": duty,
        "milestone": Milestone.objects.create(task=task, title="Xong danh sách"),
        "note": ProgressNote.objects.create(task=task, author=writer, on=DAY(2026, 6, 1), text="Đang làm", evidence_name="anh.txt", evidence_digest=proof),
        "target": Target.objects.create(
            place=commune, phrase="bảo hiểm y tế đạt từ 98%", indicator="BH01", comparator=">=", value=98, unit="%", year=2026, due_on=DAY(2026, 12, 31),
            confirmed_by=writer, confirmed_on=DAY(2026, 5, 4)),
        "report": Report.objects.create(
            place=commune, period=period, unit=unit, form="six-months", title="Kết quả công tác y tế", as_of=DAY(2026, 6, 3), computed_at=AT, symbol="BC-TYT", created_by=writer,
            sections=[{"key": "khac", "title": "I. KHÁC", "text": "Đang làm.", "drafted": "Đang làm.", "version": 1, "edited_by": "", "edited_at": ""}]),
    }
