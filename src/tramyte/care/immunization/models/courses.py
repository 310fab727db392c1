"""How far each child has come through the doses of the programme, stored flat so that figures need no reckoning."""

from django.db import models

from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard


class Course(models.Model):
    """The day of each dose of the programme that counts for a child, null until it is given; derived by `courses` from all doses.

    dpt: the dose against diphtheria, tetanus, pertussis, whichever product gave it. birth_dose: what the dose of hepatitis B
    vaccine at birth was worth by the clock, or by the days where an hour is not known. full_on: the day on which the last dose
    of the full set (`full.full_set`) was given. late_on: the first day on which a dose of that set was late. lacks: what is
    missing of it, in words.
    """

    stays_on_merge = True  # derived anew from the doses

    BIRTH_DOSES = [
        ("clock", "trong 24 giờ, theo giờ"), ("day", "trong ngày sinh, chưa ghi giờ"), ("unsure", "hôm sau, chưa ghi đủ giờ"), ("late", "sau 24 giờ")]

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="course", verbose_name="người dân")
    hepb0 = models.DateField("viêm gan B sơ sinh", null=True)
    birth_dose = models.CharField("viêm gan B trong 24 giờ", max_length=6, choices=BIRTH_DOSES, blank=True)
    bcg = models.DateField("BCG", null=True)
    dpt1 = models.DateField("DPT-VGB-Hib 1", null=True)
    dpt2 = models.DateField("DPT-VGB-Hib 2", null=True)
    dpt3 = models.DateField("DPT-VGB-Hib 3", null=True)
    opv1 = models.DateField("OPV 1", null=True)
    opv2 = models.DateField("OPV 2", null=True)
    opv3 = models.DateField("OPV 3", null=True)
    ipv1 = models.DateField("IPV 1", null=True)
    ipv2 = models.DateField("IPV 2", null=True)
    measles1 = models.DateField("sởi 1", null=True)
    mr = models.DateField("MR", null=True)
    dpt4 = models.DateField("DPT 4", null=True)
    je1 = models.DateField("VNNB 1", null=True)
    je2 = models.DateField("VNNB 2", null=True)
    je3 = models.DateField("VNNB 3", null=True)
    full_on = models.DateField("đủ mũi từ ngày", null=True)
    late_on = models.DateField("trễ hẹn từ ngày", null=True)
    lacks = models.CharField("còn thiếu", max_length=120, blank=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        verbose_name = "tiến độ tiêm chủng"
        default_permissions = ()
