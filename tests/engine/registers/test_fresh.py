"""Lines judged just now are written as they were judged; whatever happens in between has them judged again."""

import datetime

import pytest
from tests.engine.registers.test_import_pages import lines

from tramyte.care.checkups.actions import record_checkup
from tramyte.engine.audit import chain
from tramyte.engine.registers import correcting, loading, registry, staging
from tramyte.engine.registers.models import Import


@pytest.fixture
def staged(cast, person, monkeypatch):
    """An import of three lines, and how many lines were judged after its preview."""
    judged, judge = [], loading.judge

    def counted(register, user, lines, *others, **named):
        judged.extend(lines)
        judge(register, user, lines, *others, **named)

    load = staging.stage(registry.get("checkups"), cast.nurse, "a.csv", lines("01", "02", "03"))
    monkeypatch.setattr(loading, "judge", counted)
    return load, judged


def apply(cast, load):
    loading.apply(registry.get("checkups"), cast.nurse, load)
    return staging.summary(load)


def test_what_was_judged_just_now_is_not_judged_again(cast, staged):
    load, judged = staged
    assert apply(cast, load)["created"] == 3 and not judged and load.rows.filter(done=True).count() == 3


def test_another_object_of_the_import_judges_again(cast, staged):
    load, judged = staged
    assert apply(cast, Import.objects.get(pk=load.pk))["created"] == 3 and len(judged) == 3


def test_what_anybody_wrote_counts(cast, person, staged):
    load, judged = staged
    record_checkup(by=cast.director, person=person, on=datetime.date(2026, 5, 2), kind="screening", conclusion="ổn")
    found = apply(cast, load)
    assert len(judged) == 3 and found["created"] == 2 and found["created"] + found["duplicate"] + found["updated"] == 3


def test_a_look_changes_nothing(cast, person, staged):
    load, judged = staged
    chain.record_view(by=cast.director, row=person)
    assert apply(cast, load)["created"] == 3 and not judged


def test_a_corrected_cell_counts(cast, staged):
    load, judged = staged
    correcting.correct(registry.get("checkups"), cast.nurse, Import.objects.get(pk=load.pk), 2, {"conclusion": "tăng huyết áp"})
    apply(cast, load)
    assert len(judged) == 3 and sorted(registry.get("checkups").base(cast.nurse).values_list("conclusion", flat=True)) == ["tăng huyết áp", "ổn", "ổn"]


def test_cut_off_and_gone_on_with(cast, staged):
    load, judged = staged

    def cut(done):
        raise InterruptedError

    with pytest.MonkeyPatch.context() as patch, pytest.raises(InterruptedError):
        patch.setattr(loading, "FIRST", 1)
        loading.apply(registry.get("checkups"), cast.nurse, load, cut)
    written = load.rows.filter(done=True).count()
    assert written == 1 and apply(cast, load)["created"] == 3 and len(judged) == 2


def test_taken_back_and_done_again(cast, staged):
    load, judged = staged
    apply(cast, load)
    load.refresh_from_db()
    loading.undo(registry.get("checkups"), cast.nurse, load)
    load.refresh_from_db()
    loading.redo(registry.get("checkups"), cast.nurse, load)
    assert len(judged) == 6 and load.rows.filter(done=True).count() == 3 and registry.get("checkups").base(cast.nurse).count() == 3
