"""Hamlets that get another name, come to another commune or are taken into another, and back."""

import datetime

import pytest
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.people import actions
from tramyte.care.people.keys import HamletKey
from tramyte.care.people.models import Household, Person, Residence
from tramyte.care.people.queries import place_of_stay, staying
from tramyte.care.people.search import find_people
from tramyte.engine.access.models import Assignment
from tramyte.engine.access.rights import places
from tramyte.engine.places import changes
from tramyte.engine.places.actions import record_hamlet
from tramyte.engine.places.models import Place, PlaceChange
from tramyte.engine.places.queries import origins
from tramyte.engine.refused import Refused

DAY = datetime.date
ON, EVE = DAY(2026, 4, 1), DAY(2026, 3, 31)
LAW = "Nghị quyết 12/NQ-HĐND"


@pytest.fixture
def neighbour(cast):
    """The director works in both communes."""
    Assignment.objects.create(user=cast.director, role="director", place=cast.other_commune, valid_from=DAY(2025, 7, 1))
    return cast.other_commune


def moved(cast, to, **fields):
    return changes.move_hamlet(by=cast.director, id=cast.hamlets[0].pk, commune=to, code=f"{to.code}.07", on=ON, source=LAW, **fields)


def stay(person, day):
    """The code of the place of stay on a day, empty for nobody's."""
    found = staying(day).annotate(stay=place_of_stay(day)).filter(pk=person.pk).values_list("stay", flat=True).first()
    return Place.objects.get(pk=found).code if found else ""


def test_a_new_name_keeps_the_old_one_as_an_alias(cast, register):
    hamlet, person = cast.hamlets[0], register(residence="permanent", since=DAY(2020, 1, 1))
    change = changes.rename_hamlet(by=cast.director, id=hamlet.pk, name="Thôn Thống Nhất", on=ON, source=LAW)
    assert all(find_people(cast.nurse, f"nguyen van a {name}", 5).people == [person] for name in ("thong nhat", "dong ha"))
    hamlet.refresh_from_db()
    assert (hamlet.name, hamlet.aliases) == ("Thôn Thống Nhất", ["Thôn Đông Hạ"])
    typed = [{"": "thon dong ha"}, {"": "Thống Nhất"}, {"": "00001.01"}]
    assert HamletKey().find(cast.nurse, "people.write", typed) == [hamlet] * 3
    changes.undo_change(by=cast.director, id=change.pk)
    hamlet.refresh_from_db()
    assert (hamlet.name, hamlet.aliases) == ("Thôn Đông Hạ", [])
    assert found_by(cast, "dong ha") == [person] and not found_by(cast, "thong nhat")


def found_by(cast, hamlet):
    return find_people(cast.nurse, f"nguyen van a {hamlet}", 5).people


@pytest.mark.parametrize(("names", "finds", "misses"), [
    ({"aliases": ["Xóm Chùa", "Thôn 3"]}, ("xom chua", "dong ha"), "xom dinh"), ({"name": "Thôn Đông Hà", "aliases": []}, ("dong ha",), "xom chua"),
])
def test_names_written_by_hand_find_the_people_too(cast, register, names, finds, misses):
    """The director corrects a hamlet's name or other names on its page; who lives there is found by them at once."""
    hamlet, person = cast.hamlets[0], register(residence="permanent", since=DAY(2020, 1, 1))
    kept = {"parent": hamlet.parent, "code": hamlet.code, "name": hamlet.name, "aliases": ["Xóm Chùa"], "valid_from": hamlet.valid_from}
    record_hamlet(by=cast.director, id=hamlet.pk, **kept)
    assert found_by(cast, "xom chua") == [person]
    record_hamlet(by=cast.director, id=hamlet.pk, **{**kept, **names})
    assert all(found_by(cast, name) == [person] for name in finds) and not found_by(cast, misses)


def test_writing_a_hamlet_without_another_name_reads_nobody_again(cast, monkeypatch):
    hamlet = cast.hamlets[0]
    monkeypatch.setattr("tramyte.care.people.search.refresh", lambda ids: pytest.fail("nothing to read again"))
    record_hamlet(by=cast.director, id=hamlet.pk, parent=hamlet.parent, code=hamlet.code, name=hamlet.name, valid_from=DAY(2025, 7, 2))


def test_people_follow_a_hamlet_to_another_commune(cast, neighbour, register):
    person, gone = register(residence="permanent", since=DAY(2020, 1, 1)), register("Trần Văn B", residence="permanent", since=DAY(2020, 1, 1))
    actions.record_death(by=cast.nurse, person=gone, on=DAY(2026, 2, 1))
    change = moved(cast, neighbour)
    person.refresh_from_db()
    gone.refresh_from_db()
    assert (stay(person, EVE), stay(person, ON)) == ("00001.01", "00002.07")
    assert person.hamlet == gone.hamlet == change.after and change.after.parent == neighbour
    assert change.before.valid_to == EVE and changes.former_communes(neighbour).count() == 0
    assert [found.pk for found in find_people(cast.stranger, "nguyen van a 1956", 5).people] == [person.pk]
    assert not find_people(cast.nurse, "nguyen van a 1956", 5).people
    with pytest.raises(Refused, match="đã hết hiệu lực"):
        moved(cast, neighbour)


def test_its_village_worker_follows(cast, neighbour):
    change = moved(cast, neighbour)
    held = Assignment.held(cast.village_worker, DAY(2026, 6, 3))
    assert [row.place for row in held] == [change.after]
    assert [row.place for row in Assignment.held(cast.village_worker, EVE)] == [change.before]


def test_taken_into_another_hamlet_with_clashing_household_numbers(cast, register):
    mine, theirs = (Household.objects.create(hamlet=hamlet, number="0001") for hamlet in cast.hamlets[:2])
    person = register(residence="permanent", since=DAY(2020, 1, 1))
    Person.objects.filter(pk=person.pk).update(household=mine)
    change = changes.absorb_hamlet(by=cast.director, id=cast.hamlets[0].pk, into=cast.hamlets[1], on=ON, source=LAW)
    mine.refresh_from_db()
    assert (mine.hamlet, mine.number) == (cast.hamlets[1], "0001-2") and stay(person, ON) == "00001.02"
    assert HamletKey().find(cast.nurse, "people.write", [{"": "Đông Hạ"}]) == [cast.hamlets[1]]
    changes.undo_change(by=cast.director, id=change.pk)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.hamlet, mine.number, theirs.number) == (cast.hamlets[0], "0001", "0001") and stay(person, ON) == "00001.01"


def test_what_was_written_meanwhile_is_not_lost_by_undoing(cast, neighbour, register):
    person = register(residence="permanent", since=DAY(2020, 1, 1))
    change = moved(cast, neighbour)
    born = register("Nguyễn Văn Con", "05/05/2026", by=cast.director, hamlet=change.after, residence="permanent", since=DAY(2026, 5, 5))
    left = Residence.objects.get(person=person, place=change.after)
    actions.end_residence(by=cast.director, id=left.pk, end=DAY(2026, 5, 20))
    changes.undo_change(by=cast.director, id=change.pk)
    assert (stay(born, DAY(2026, 6, 1)), stay(person, DAY(2026, 5, 20)), stay(person, DAY(2026, 5, 21))) == ("00001.01", "00001.01", "")
    assert not Residence.objects.filter(place=change.after, entered_in_error=False).exists()
    again = moved(cast, neighbour)
    assert again.after.code == change.after.code and stay(born, DAY(2026, 6, 1)) == "00002.07"


def test_the_last_change_is_undone_first(cast, neighbour):
    first = changes.rename_hamlet(by=cast.director, id=cast.hamlets[0].pk, name="Thôn Mới", on=ON, source=LAW)
    second = moved(cast, neighbour)
    with pytest.raises(Refused, match="Hãy hoàn tác lần đó trước"):
        changes.undo_change(by=cast.director, id=first.pk)
    changes.undo_change(by=cast.director, id=second.pk)
    changes.undo_change(by=cast.director, id=first.pk)
    with pytest.raises(Refused):
        changes.undo_change(by=cast.director, id=first.pk)


@pytest.mark.parametrize(("act", "code"), [
    (lambda cast, far: changes.rename_hamlet(by=cast.director, id=cast.hamlets[0].pk, name=" thôn đông hạ", on=ON, source=LAW), "same"),
    (lambda cast, far: changes.rename_hamlet(by=cast.director, id=cast.hamlets[0].pk, name="Thôn Mới", on=DAY(2026, 6, 4), source=LAW), "future"),
    (lambda cast, far: changes.rename_hamlet(by=cast.director, id=cast.hamlets[0].pk, name="Thôn Mới", on=ON, source=" "), "no_source"),
    (lambda cast, far: moved(cast, cast.commune), "same_commune"),
    (lambda cast, far: changes.move_hamlet(by=cast.director, id=cast.hamlets[0].pk, commune=far, code="00001.07", on=ON, source=LAW), "code"),
    (lambda cast, far: changes.move_hamlet(by=cast.director, id=cast.hamlets[0].pk, commune=far, code="00002.01", on=ON, source=LAW), "taken"),
    (lambda cast, far: changes.move_hamlet(by=cast.director, id=cast.hamlets[0].pk, commune=far, code="00002.07", on=DAY(2025, 7, 1), source=LAW), "order"),
    (lambda cast, far: changes.absorb_hamlet(by=cast.director, id=cast.hamlets[0].pk, into=cast.hamlets[0], on=ON, source=LAW), "bad_target"),
    (lambda cast, far: changes.absorb_hamlet(by=cast.director, id=cast.hamlets[0].pk, into=cast.other_hamlet, on=ON, source=LAW), "bad_target"),
    (lambda cast, far: changes.rename_hamlet(by=cast.nurse, id=cast.hamlets[0].pk, name="Thôn Mới", on=ON, source=LAW), "not_found"),
    (lambda cast, far: changes.rename_hamlet(by=cast.director, id=cast.commune.pk, name="Xã Mới", on=ON, source=LAW), "not_found"),
])
def test_what_is_refused_changes_nothing(cast, neighbour, act, code):
    before = list(Place.objects.order_by("pk").values())
    with pytest.raises(Refused) as refused:
        act(cast, neighbour)
    assert refused.value.code == code and list(Place.objects.order_by("pk").values()) == before and not PlaceChange.objects.exists()


def test_a_commune_of_which_one_may_write_only_the_old_one(cast):
    with pytest.raises(Refused) as refused:
        moved(cast, cast.other_commune)
    assert refused.value.status == 403 and not PlaceChange.objects.exists()
    assert cast.other_commune.pk not in places(cast.director, "places.write")


def state():
    """All rows that a change may touch, without housekeeping."""
    skipped = {"version", "updated_at", "created_at"}
    held = {}
    for model in (Place, Person, Household, Residence, Assignment):
        rows = model.objects.filter(entered_in_error=False)
        names = [field.attname for field in model._meta.concrete_fields if field.name not in skipped and not isinstance(field, models.JSONField)]
        held[model] = sorted(rows.values_list(*names), key=str)
    return held


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["rename", "move", "absorb"]), min_size=1, max_size=3), st.integers(0, 3))
@pytest.mark.django_db(transaction=True)
def test_undoing_everything_gives_everything_back(cast, neighbour, register, acts, people):
    from django.db import transaction

    with transaction.atomic():
        for n in range(people):
            register(f"Nguyễn Văn {chr(65 + n)}", since=DAY(2020 + n, 1, 1), residence="permanent" if n % 2 else "temporary")
        before, made = state(), []
        for number, act in enumerate(acts):
            hamlet, day = changes.living(cast.commune).first(), DAY(2026, 2 + number, 1)
            if act == "rename":
                made.append(changes.rename_hamlet(by=cast.director, id=hamlet.pk, name=f"Thôn Mới {number}", on=day, source=LAW))
            elif act == "move":
                made.append(changes.move_hamlet(by=cast.director, id=hamlet.pk, commune=neighbour, code=f"00002.1{number}", on=day, source=LAW))
            elif (into := changes.living(cast.commune).exclude(pk=hamlet.pk).first()) is not None:
                made.append(changes.absorb_hamlet(by=cast.director, id=hamlet.pk, into=into, on=day, source=LAW))
        for change in reversed(made):
            changes.undo_change(by=cast.director, id=change.pk)
        assert state() == before
        transaction.set_rollback(True)


def test_former_communes_of_hamlets(cast):
    from tramyte.engine.places.models import Succession

    old = Place.objects.create(code="13579", name="Xã Vân Cũ", kind="commune", parent=cast.province, valid_from=DAY(2000, 1, 1), valid_to=DAY(2025, 6, 30), source="bịa")
    with pytest.raises(Refused, match="không nằm trong các xã đã nhập"):
        changes.set_origin(by=cast.director, hamlet=cast.hamlets[0], former=old)
    Succession.objects.create(predecessor=old, successor=cast.commune, whole=True, on=DAY(2025, 7, 1), source="bịa")
    changes.set_origin(by=cast.director, hamlet=cast.hamlets[0], former=old)
    changes.set_origin(by=cast.director, hamlet=cast.hamlets[0], former=old)
    assert origins(changes.living(cast.commune)) == {"00001.01": ("13579", "Xã Vân Cũ")}
    changes.set_origin(by=cast.director, hamlet=cast.hamlets[0], former=None)
    assert origins(changes.living(cast.commune)) == {}


def test_the_cost_does_not_grow_with_the_people(cast, neighbour, register, django_assert_max_num_queries):
    for n in range(12):
        register(f"Nguyễn Văn {chr(65 + n)}", residence="permanent", since=DAY(2020, 1, 1))
    with django_assert_max_num_queries(110):
        moved(cast, neighbour)


def test_figures_by_former_commune_come_from_the_same_rows(cast, register, enter, tmp_path):
    from tramyte.engine.facts import parquet
    from tramyte.engine.indicators import INDICATORS, asking, results
    from tramyte.engine.indicators.duck import Duck
    from tramyte.engine.indicators.figures import Atlas
    from tramyte.engine.indicators.native import Native
    from tramyte.engine.places.models import Succession
    from tramyte.governance.targets.models import Target
    from tramyte.rules.calendar import Period

    old = [Place.objects.create(code=f"1357{n}", name=f"Xã Cũ {n}", kind="commune", parent=cast.province, valid_from=DAY(2000, 1, 1), valid_to=DAY(2025, 6, 30), source="bịa") for n in range(2)]
    for one, hamlet in zip(old, cast.hamlets, strict=False):
        Succession.objects.create(predecessor=one, successor=cast.commune, whole=True, on=DAY(2025, 7, 1), source="bịa")
        changes.set_origin(by=cast.director, hamlet=hamlet, former=one)
    for n in range(6):
        register(f"Nguyễn Văn {chr(65 + n)}", hamlet=cast.hamlets[n % 3], residence="permanent", since=DAY(2020, 1, 1))
    results.refresh()
    wanted = {"": 2, "13570": 2, "13571": 2}
    assert {one.group: one.denominator for one in results.breakdown("BH01", cast.commune, "old_commune")} == wanted
    parquet.write(tmp_path / "facts")
    duck = Duck(tmp_path / "facts")
    for engine in (Native(), duck):
        found = asking.figures(engine, INDICATORS["BH01"], Period.parse("2026-05"), DAY(2026, 6, 3), Atlas(engine.spots()), "00001", "old_commune")
        assert {one.group: one.denominator for one in found} == wanted
        assert [one.group_name for one in found] == ["Chưa rõ xã cũ", "Xã Cũ 0", "Xã Cũ 1"]
    duck.close()
    target = Target.objects.create(
        place=cast.commune, phrase="bảo hiểm y tế đạt từ 98%", indicator="BH01", comparator=">=", value=98, unit="%", year=2026, due_on=DAY(2026, 12, 31),
        confirmed_by=cast.officer, confirmed_on=DAY(2026, 5, 4))
    page = enter("officer").get(f"/chi-tieu/{target.pk}/").content.decode()
    assert "Theo xã cũ" in page and "Xã Cũ 1" in page
