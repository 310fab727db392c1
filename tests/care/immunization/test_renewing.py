"""What is stored of doses and next doses equals what the rules say, whatever happened: random histories, the day, the demo."""

import datetime
import uuid

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tramyte.care.immunization import actions, courses, renewing
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.forecasting import subjects
from tramyte.care.immunization.matching import foresee
from tramyte.care.immunization.models import Course, Immunization, Recommendation, Vaccine, Waiting
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.access.operator import operator
from tramyte.engine.facts import following
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused

TODAY = datetime.date(2026, 6, 3)
CODES = ("HEPB", "BCG", "DPT-VGB-HIB", "OPV", "IPV", "MEASLES", "MR", "JE", "PCV", "ROTA", "DPT", "DPT-VGB-HIB-IPV", "UV", "FLU")
DAYS = st.integers(0, 900)
DEED = st.one_of(
    st.tuples(st.just("dose"), st.integers(0, 2), st.sampled_from(CODES), DAYS, st.sampled_from(["import", "elsewhere"])),
    st.tuples(st.just("many"), st.integers(0, 2), st.sampled_from(CODES), DAYS, st.sampled_from(["import", "elsewhere"])),
    st.tuples(st.just("list"), st.integers(0, 2), st.lists(st.tuples(st.sampled_from(CODES), DAYS), min_size=4, max_size=8, unique=True)),
    st.tuples(st.just("cancel"), st.integers(0, 9)), st.tuples(st.just("change"), st.integers(0, 9), DAYS),
    st.tuples(st.just("not_given"), st.integers(0, 2), st.sampled_from(["refused", "deferred", "contraindicated"]), st.sampled_from(["", "DTP", "MEASLES"]), DAYS),
    st.tuples(st.just("born"), st.integers(0, 2), DAYS), st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 2)), st.tuples(st.just("part")),
    st.tuples(st.just("begin"), st.sampled_from(["PCV", "ROTA"]), st.booleans()), st.tuples(st.just("died"), st.integers(0, 2), DAYS))


def stored(key):
    rows = Recommendation.objects.filter(person=key).order_by("group")
    doses = Immunization.objects.filter(person=key, entered_in_error=False).order_by("on", "pk")
    course = Course.objects.filter(person=key).values_list(*courses.COLUMNS).first()
    return list(rows.values_list(*renewing.ROW)), course, list(doses.values_list("counts_as", "verdict", "verdict_text"))


def afresh(key):
    found = subjects([key], clock.today())
    if not found:
        return [], None, []
    plan = found[0].plan(clock.today())
    return sorted(renewing.rows_of(found[0], plan)), courses.course_of(found[0], plan), renewing.judgements(plan)


class Histories(TestCase):
    """Every deed through its action; a refused one changes nothing."""

    def setUp(self):
        install()
        province = Place.objects.create(code="37", name="Tỉnh", kind="province", valid_from=datetime.date(2025, 7, 1), source="bịa")
        commune = Place.objects.create(code="00001", name="Xã", kind="commune", parent=province, valid_from=datetime.date(2025, 7, 1), source="bịa")
        self.hamlet = Place.objects.create(code="00001.01", name="Thôn", kind="hamlet", parent=commune, valid_from=datetime.date(2025, 7, 1), source="bịa")
        self.by, self.vaccines = operator(), {row.code: row for row in Vaccine.objects.all()}
        borns = (datetime.date(2024, 1, 31), datetime.date(2025, 10, 1), datetime.date(2010, 5, 1))
        self.people = [
            people.register_person(by=self.by, full_name=f"Nguyễn Thị {name}", birth_date=born, sex="F", hamlet=self.hamlet, since=born, confirmed=True).pk
            for name, born in zip(("An", "Bình", "Cúc"), borns, strict=True)]
        self.merge = None

    def do(self, deed, *words):
        doses = list(Immunization.objects.filter(entered_in_error=False).order_by("pk"))
        if deed in ("cancel", "change"):
            if doses:
                dose = doses[words[0] % len(doses)]
                if deed == "cancel":
                    actions.cancel_immunization(by=self.by, id=dose.pk, reason="nhầm")
                else:
                    actions.record_immunization(by=self.by, id=dose.pk, on=TODAY - datetime.timedelta(words[1]))
        elif deed == "part":
            if self.merge:
                people.unmerge_persons(by=self.by, id=self.merge)
                self.merge = None
        elif deed == "begin":
            made = actions.record_activation(by=self.by, place=self.hamlet.parent, group=words[0], valid_from=TODAY - datetime.timedelta(len(doses)), source="KH 1")
            if words[1]:
                actions.cancel_activation(by=self.by, id=made.pk, reason="nhầm")
        else:
            self.about(deed, Person.objects.get(pk=self.people[words[0]]), *words[1:])

    def about(self, deed, person, *words):
        if deed in ("dose", "many"):
            fields = {"person": person, "vaccine": self.vaccines[words[0]], "on": TODAY - datetime.timedelta(words[1]), "source": words[2]}
            if deed == "dose":
                actions.record_immunization(by=self.by, **fields)
            else:
                actions.check_immunization(fields, by=self.by)
                if not Immunization.objects.filter(person=person, vaccine=fields["vaccine"], on=fields["on"], entered_in_error=False).exists():
                    actions.record_immunizations([(None, fields)], by=self.by, import_id=uuid.uuid4())
        elif deed == "list":
            self.list(person, words[0])
        elif deed == "not_given":
            on = TODAY - datetime.timedelta(words[2])
            actions.record_not_given(by=self.by, person=person, kind=words[0], group=words[1], on=on, until=on + datetime.timedelta(40), reason="sốt")
        elif deed == "born":
            people.change_person(by=self.by, id=person.pk, birth_date=TODAY - datetime.timedelta(words[0]))
        elif deed == "died":
            people.record_death(by=self.by, person=person.pk, on=TODAY - datetime.timedelta(words[0]), cause="viêm phổi")
        elif person.pk != self.people[words[0]] and self.merge is None:
            self.merge = people.merge_persons(by=self.by, survivor=person.pk, lesser=self.people[words[0]], confirmed=True).pk

    def list(self, person, doses):
        """Several doses of one person in one chunk of an import, judged before they are stored."""
        items = [(None, {"person": person, "vaccine": self.vaccines[code], "on": TODAY - datetime.timedelta(ago)}) for code, ago in doses]
        for _, fields in items:
            actions.check_immunization(fields, by=self.by)
        foresee([fields for _, fields in items])
        held = set(Immunization.objects.filter(person=person, entered_in_error=False).values_list("vaccine__code", "on"))
        if held.isdisjoint((fields["vaccine"].code, fields["on"]) for _, fields in items):
            actions.record_immunizations(items, by=self.by, import_id=uuid.uuid4())

    @settings(max_examples=12, derandomize=True)
    @drawn(st.lists(DEED, min_size=3, max_size=14))
    def test_stored_equals_computed(self, deeds):
        done = 0
        for deed in deeds:
            try:
                self.do(*deed)
                done += 1
            except Refused:
                continue
        following.settle()
        assert not Waiting.objects.exists()
        for key in self.people:
            assert stored(key) == afresh(key), (deeds, done)


def test_days_pass_and_the_nightly_job_follows(cast, child, give, monkeypatch):
    boy = child()
    give(boy, "DPT-VGB-HIB", "2026-05-20")
    assert Recommendation.objects.get(person=boy, group="DTP").status == "not_due"
    monkeypatch.setenv("TRAMYTE_AS_OF", "2026-08-01")
    assert renewing.everybody(clock.today()) == [boy.pk]
    from tramyte.engine.jobs.models import Job
    from tramyte.engine.jobs.work import Progress

    progress = Progress(Job.objects.create(task=renewing.JOB, title="x"))
    assert renewing.renew_job(progress) == {"people": 1, "changed": 1}
    assert Recommendation.objects.get(person=boy, group="DTP").status == "overdue"
    assert renewing.renew_job(progress)["changed"] == 0


def test_grown_people_cost_one_question(cast, child, django_assert_max_num_queries):
    woman = child("Nguyễn Thị Lớn", born=datetime.date(1980, 1, 1), sex="F")
    with django_assert_max_num_queries(2):  # one more where pregnancies are kept
        assert renewing.renew([woman.pk]) == 0
    boy = child()
    with django_assert_max_num_queries(11):
        renewing.renew([boy.pk])


def test_a_child_born_before_the_books_is_followed_once_it_has_a_dose(cast, child, give):
    actions.set_programme(by=cast.director, place=cast.commune, born_from=datetime.date(2026, 2, 1))
    boy = child()
    assert not Recommendation.objects.filter(person=boy).exists()
    give(boy, "BCG", "2026-01-12")
    assert Recommendation.objects.filter(person=boy).exists()


def test_a_pregnancy_asks_for_tetanus(cast, child):
    from tramyte.care.maternal.actions import register_pregnancy

    woman = child("Lê Thị Hòa", born=datetime.date(1996, 1, 1), sex="F")
    assert not Recommendation.objects.filter(person=woman).exists()
    register_pregnancy(by=cast.nurse, person=woman, lmp=datetime.date(2026, 3, 1))
    assert Recommendation.objects.get(person=woman).dose == "UV1"
