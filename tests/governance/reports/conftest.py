"""A commune with an issued plan, a few stored figures and the six-month report it asks for."""

import datetime

import pytest

AS_OF = datetime.date(2026, 6, 3)
AT = datetime.datetime(2026, 6, 3, 0, 15, tzinfo=datetime.UTC)
# Met, counted and unknown by hamlet.
COUNTS = {"BH01": [(180, 200, 0), (90, 120, 5), (140, 150, 0)], "SK01": [(150, 200, 0), (100, 120, 0), (150, 150, 0)]}


def keep_figures(cast, counts=COUNTS, month="2026-06"):
    """Store figures as the indicator engine would."""
    from tramyte.engine.indicators import INDICATORS
    from tramyte.engine.indicators.models import Result, Standing

    for code, rows in counts.items():
        version = INDICATORS[code].version
        Standing.objects.update_or_create(
            indicator=code, defaults={"definition_version": version, "as_of": AS_OF, "computed_at": AT, "watermark": 1, "stale": False})
        for hamlet, (met, counted, unsure) in zip(cast.hamlets, rows, strict=True):
            Result.objects.update_or_create(
                indicator=code, period=month, place=hamlet, group_kind="", group="",
                defaults={"definition_version": version, "as_of": AS_OF, "numerator": met, "denominator": counted, "unknown": unsure,
                          "computed_at": AT, "watermark": 1})


@pytest.fixture
def counts():
    """What `figures` stores: by indicator, met, counted and unknown of each hamlet."""
    return COUNTS


@pytest.fixture
def keep(cast):
    """Store other figures: `keep({"BH01": [(met, counted, unknown), ...]})`."""
    return lambda other: keep_figures(cast, other)


@pytest.fixture
def figures(cast):
    """Stored figures of two indicators."""
    keep_figures(cast)


@pytest.fixture
def bound(cast, figures, issued):
    """The plan with its two targets tied to what measures them; nothing else measures anything."""
    from tramyte.governance.targets.models import Target

    for phrase, code in (("bảo hiểm y tế", "BH01"), ("hồ sơ sức khỏe", "SK01")):
        Target.objects.filter(directive=issued, phrase__icontains=phrase).update(indicator=code, confirmed_on=AS_OF, confirmed_by=cast.officer)
    return issued


@pytest.fixture
def half(bound):
    """The period of the six-month report."""
    from tramyte.governance.reports.models import ReportPeriod

    return ReportPeriod.objects.get(period="2026-H1")


@pytest.fixture
def report(cast, half):
    """The six-month report as the director opened it."""
    from tramyte.governance.reports.actions import open_report

    return open_report(by=cast.director, period=half.pk)


@pytest.fixture
def locked(cast, report):
    """The report, sent, approved and locked."""
    from tramyte.governance.reports.actions import approve_report, lock_report, submit_report

    submit_report(by=cast.director, id=report.pk)
    approve_report(by=cast.officer, id=report.pk)
    return lock_report(by=cast.officer, id=report.pk)
