"""Two records of one person: merged with nothing lost, parted exactly as they were."""

import datetime

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.checkups.actions import record_checkup
from tramyte.care.checkups.models import Checkup
from tramyte.care.people import actions
from tramyte.care.people.actions.moving import pointers
from tramyte.care.people.models import Coverage, Death, DuplicatePair, Identifier, Person, Residence
from tramyte.care.people.queries import merged_into, people, staying
from tramyte.care.people.search import find_people
from tramyte.engine import clock
from tramyte.engine.access.operator import operator
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.indicators import results
from tramyte.engine.indicators.models import Outcome, Result
from tramyte.engine.refused import Refused

D = datetime.date
KIND = Checkup._meta.get_field("kind").choices[0][0]


def state():
    """Every stored fact of a person, whatever its model, and the words to find people by."""
    models = {field.model for field in pointers()} | {Person}
    rows = {str(row.pk): row.plain() for model in models for row in model.objects.all()}
    texts = apps.get_model("people.SearchText").objects.values_list("person", "hamlet", "name", "text")
    return rows, {row[0]: (*row[1:3], frozenset(row[3].split())) for row in texts}


def figures():
    """The stored outcomes and figures, without when they were computed; a cell without anybody is no cell."""
    outcomes = set(Outcome.objects.values_list("indicator", "subject", "place", "met", "reason", "due_on"))
    cells = Result.objects.exclude(denominator=0).values_list("indicator", "place", "period", "group_kind", "group", "numerator", "denominator", "unknown")
    return outcomes, set(cells)


@pytest.fixture
def two(register, cast):
    """The same woman twice: with all her facts, and as somebody typed her without tones, in another hamlet."""
    home = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="0412")
    kept = register("Nguyễn Thị Mận", "05/03/1956", "F", national_id="037156001234", household=home, relation="chủ hộ", since=D(2010, 1, 1))
    actions.record_coverage(by=cast.nurse, person=kept, card_number="GD4370100123456", start=D(2025, 1, 1), end=D(2025, 12, 31))
    gone = register("Nguyen Thi Man", "05/03/1956", "F", national_id="037156001243", phone="0912345678", occupation="nông dân", hamlet=cast.hamlets[1], since=D(2015, 6, 1))
    actions.record_coverage(by=cast.nurse, person=gone, card_number="GD4370100123457", start=D(2026, 1, 1), end=D(2026, 12, 31))
    actions.record_entry(by=cast.nurse, person=gone, kind="opened", on=D(2024, 5, 5))
    record_checkup(by=cast.nurse, person=gone, on=D(2026, 2, 3), kind=KIND)
    register("Trần Văn Con", "05/03/1980", mother=gone)
    return kept, gone


def merge(cast, kept, gone, **more):
    return actions.merge_persons(by=cast.nurse, survivor=kept, lesser=gone, **more)


def test_everything_moves_and_the_fuller_value_stays(cast, two):
    kept, gone = two
    merge(cast, kept, gone)
    kept.refresh_from_db()
    assert (kept.full_name, kept.phone, kept.occupation, kept.household.number) == ("Nguyễn Thị Mận", "0912345678", "nông dân", "0412")
    assert kept.coverages.count() == 2 and kept.record_entries.count() == 1 and kept.checkups.count() == 1 and kept.children.count() == 1
    assert not any(field.model.objects.filter(**{field.attname: gone.pk}).exists() for field in pointers())
    numbers = {row.value: row.valid_to for row in kept.identifiers.filter(kind="national")}
    assert numbers == {"037156001234": None, "037156001243": clock.today() - datetime.timedelta(days=1)}
    stays = list(kept.residences.order_by("start").values_list("place", "start", "end"))
    assert stays == [(cast.hamlets[0].pk, D(2010, 1, 1), D(2015, 5, 31)), (cast.hamlets[1].pk, D(2015, 6, 1), None)]
    assert kept.hamlet == cast.hamlets[1], "she stays where she went last"
    assert merged_into(gone.pk) == kept and chain.verify().broken_at is None
    assert AuditEntry.objects.filter(action="merge_persons", object_id__in=[str(kept.pk), str(gone.pk)]).count() == 2


def test_chosen_values_win(cast, two):
    kept, gone = two
    merge(cast, kept, gone, take={"national", "full_name"})
    kept.refresh_from_db()
    assert (kept.full_name, kept.phone) == ("Nguyen Thi Man", "")
    assert kept.identifiers.get(kind="national", valid_to=None).value == "037156001243"


def test_counts_and_figures_follow_and_come_back(cast, two):
    results.refresh()
    before, counted = figures(), (people().count(), staying(clock.today()).count())
    made = merge(cast, *two)
    assert (people().count(), staying(clock.today()).count()) == (counted[0] - 1, counted[1] - 1)
    assert not Outcome.objects.filter(subject=two[1].pk).exists()
    merged = figures()
    results.refresh()
    assert figures() == merged, "after the merge as a full refresh says"
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert figures() == before


def test_parting_brings_both_back_as_they_were(cast, two):
    before = state()
    made = merge(cast, *two)
    assert state() != before
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert state() == before
    assert chain.verify().broken_at is None


def test_what_came_later_stays_with_the_survivor(cast, two):
    kept, gone = two
    made = merge(cast, kept, gone)
    card = actions.record_coverage(by=cast.nurse, person=kept, card_number="GD4370100123456", start=D(2027, 1, 1), end=D(2027, 12, 31))
    actions.change_person(by=cast.nurse, id=kept.pk, phone="0987654321")
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    kept.refresh_from_db()
    card.refresh_from_db()
    assert (card.person_id, kept.phone, kept.occupation) == (kept.pk, "0987654321", "")
    assert gone.coverages.count() == 1 and Person.objects.get(pk=gone.pk).phone == "0912345678"


def test_the_search_finds_the_old_name_and_numbers(cast, two):
    kept, gone = two
    Person.objects.filter(pk=gone.pk).update(full_name="Lê Thị Khác", search="le thi khac")
    made = merge(cast, kept, gone)
    for text in ("lê thị khác", "037156001243", "037156001234", "0912345678", "GD4370100123457", "nguyen thi man"):
        assert [row.pk for row in find_people(cast.nurse, text).people] == [kept.pk], text
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert [row.pk for row in find_people(cast.nurse, "lê thị khác").people] == [gone.pk]


def test_a_fact_that_both_have_counts_once(cast, register):
    kept, gone = register(national_id="037056001234", since=D(2020, 1, 1)), register(since=D(2020, 1, 1))
    Identifier.objects.create(person=gone, kind="national", value="037056001234")
    for person in (kept, gone):
        actions.record_coverage(by=cast.nurse, person=person, card_number="GD4370100123456", start=D(2026, 1, 1), end=D(2026, 12, 31))
    before = state()
    made = merge(cast, kept, gone)
    for model in (Coverage, Identifier, Residence):
        assert model.objects.filter(entered_in_error=False, **({"kind": "national"} if model is Identifier else {})).count() == 1, model
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert state() == before


@pytest.mark.parametrize("take", [("died_on",), ()])
@pytest.mark.parametrize("dead", ["survivor", "lesser", "both"])
def test_one_death_at_most(cast, two, dead, take):
    kept, gone = two
    for person, on in ((kept, D(2026, 5, 1)), (gone, D(2026, 5, 2))):
        if dead == "both" or (person is kept) == (dead == "survivor"):
            actions.record_death(by=cast.nurse, person=person, on=on)
    before = state()
    made = merge(cast, kept, gone, take=take, confirmed=True)
    kept.refresh_from_db()
    wanted = {"survivor": (D(2026, 5, 1), None), "lesser": (None, D(2026, 5, 2)), "both": (D(2026, 5, 1), D(2026, 5, 2))}[dead][bool(take)]
    assert kept.died_on == wanted
    assert list(Death.objects.filter(entered_in_error=False).values_list("person", "on")) == ([(kept.pk, wanted)] if wanted else [])
    assert not wanted or not kept.residences.filter(end=None, entered_in_error=False).exists()
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert state() == before


def test_merges_are_parted_in_their_turn(cast, two, register):
    kept, gone = two
    third, fourth = register("Nguyễn Thị Mận", "05/03/1956", "F"), register("Nguyễn Mận", "05/03/1956", "F")
    states = [state()]
    steps = []
    for survivor, lesser in ((kept, gone), (kept, third), (fourth, kept)):
        steps.append(merge(cast, survivor, lesser))
        states.append(state())
    assert merged_into(gone.pk) == fourth
    assert [row.pk for row in find_people(cast.nurse, "0912345678").people] == [fourth.pk]
    for at in (0, 1):
        with pytest.raises(Refused) as refused:
            actions.unmerge_persons(by=cast.nurse, id=steps[at].pk)
        assert refused.value.code == "later_merge"
    for made in reversed(steps):
        states.pop()
        actions.unmerge_persons(by=cast.nurse, id=made.pk)
        assert state() == states[-1]
    with pytest.raises(Refused, match="đã được tách"):
        actions.unmerge_persons(by=cast.nurse, id=steps[0].pk)


def refusal(cast, kept, gone, **more):
    before = state()
    with pytest.raises(Refused) as refused:
        merge(cast, kept, gone, **more)
    assert state() == before
    return refused.value


def test_refusals(cast, two, register):
    kept, gone = two
    man = register("Nguyễn Văn Mận", "05/03/1956", "M")
    child = Person.objects.get(full_name="Trần Văn Con")
    assert refusal(cast, kept, kept).code == "same"
    assert "khác giới tính" in refusal(cast, kept, man).message
    assert refusal(cast, child, gone, confirmed=True).code == "mother"
    assert refusal(cast, kept, gone, seen_version=kept.version + 1).code == "conflict"
    actions.record_death(by=cast.nurse, person=man, on=D(2026, 5, 1))
    assert "đã mất" in refusal(cast, kept, man).message
    merge(cast, kept, gone)
    assert "đã được gộp vào hồ sơ của Nguyễn Thị Mận" in refusal(cast, man, gone, confirmed=True).message
    merge(cast, man, kept, confirmed=True)
    assert refusal(cast, man, kept, confirmed=True).code == "merged"


def test_people_of_other_places(cast, two, register):
    kept, gone = two
    away = register("Nguyễn Thị Mận", "05/03/1956", "F", by=cast.stranger, hamlet=cast.other_hamlet)
    assert refusal(cast, kept, away).status == 404
    for user in ("stranger", "village_worker", "officer"):  # the worker's hamlet holds one of the two
        with pytest.raises(Refused) as refused:
            actions.merge_persons(by=cast.users[user], survivor=kept, lesser=gone)
        assert refused.value.status in {403, 404}
    with pytest.raises(Refused) as refused:
        actions.merge_persons(by=operator(), survivor=kept, lesser=away)
    assert refused.value.code == "other_commune"
    made = merge(cast, kept, gone)
    with pytest.raises(Refused):
        actions.unmerge_persons(by=cast.stranger, id=made.pk)


def test_a_pair_that_was_decided_never_comes_back(cast, two, register):
    kept, gone = two
    twin = register("Nguyễn Thị Mơ", "05/03/1956", "F")
    one, other = sorted((kept.pk, twin.pk))
    hamlets = [hamlet.pk for hamlet in cast.hamlets]

    def proposed(*pairs):
        return actions.propose_pairs(by=cast.nurse, hamlets=hamlets, found={tuple(sorted(pair)): (0.9, ["trùng ngày sinh"]) for pair in pairs})

    assert proposed((one, other), (kept.pk, gone.pk)) == 2
    assert proposed((one, other)) == 0 and DuplicatePair.objects.count() == 1, "what is proposed no more goes"
    pair = DuplicatePair.objects.get()
    with pytest.raises(Refused):
        actions.dismiss_pair(by=cast.stranger, id=pair.pk)
    actions.dismiss_pair(by=cast.nurse, id=pair.pk)
    assert proposed((one, other)) == 0
    with pytest.raises(Refused, match="không phải một người"):
        actions.dismiss_pair(by=cast.nurse, id=pair.pk)
    made = merge(cast, gone, kept)
    assert proposed((gone.pk, twin.pk)) == 0, "nor with the record it was merged into"
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert proposed((kept.pk, gone.pk)) == 0, "nor one that was parted"


FACTS = st.lists(st.tuples(st.sampled_from(["card", "number", "stay", "away", "entry", "checkup", "phone"]), st.booleans(), st.integers(0, 3)), max_size=8)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(facts=FACTS, swap=st.booleans())
def test_whatever_two_records_hold_parting_undoes_merging(cast, facts, swap):
    with transaction.atomic():
        pair = [actions.register_person(
            by=cast.nurse, full_name=name, birth_date=D(1956, 3, 5), sex="F", hamlet=cast.hamlets[at], since=D(2010 + at, 1, 1), confirmed=True)
            for at, name in enumerate(("Lê Thị Na", "Le Thi Na"))]
        for kind, second, n in facts:
            _add(cast, pair[second], kind, n)
        before, counted = state(), staying(clock.today()).count()
        made = merge(cast, *(reversed(pair) if swap else pair))
        assert staying(clock.today()).count() < counted or counted < 2, "one person is here once, or away as one record says"
        actions.unmerge_persons(by=cast.nurse, id=made.pk)
        assert state() == before
        transaction.set_rollback(True)


def _add(cast, person, kind, n):
    try:
        with transaction.atomic():
            if kind == "card":
                actions.record_coverage(by=cast.nurse, person=person, card_number=f"GD437010012345{n}", start=D(2020 + n, 1, 1), end=D(2020 + n, 12, 31))
            elif kind == "number":
                actions.record_identifier(by=cast.nurse, person=person, kind="national", value=f"03715600123{n}")
            elif kind in {"stay", "away"}:
                place = cast.hamlets[n % 3]
                actions.record_residence(by=cast.nurse, person=person, place=place, kind="temporary" if kind == "stay" else "absent", start=D(2020 + n, 2, 1))
            elif kind == "entry":
                actions.record_entry(by=cast.nurse, person=person, kind="opened" if n < 2 else "updated", on=D(2024, 1, 1 + n))
            elif kind == "checkup":
                record_checkup(by=cast.nurse, person=person, on=D(2025, 1, 1 + n), kind=KIND)
            else:
                actions.change_person(by=cast.nurse, id=person.pk, phone=f"091234567{n}", occupation=["", "nông dân"][n % 2])
    except Refused:
        pass


def test_one_stay_in_one_place_goes_on_from_the_earlier_day(cast, register):
    kept, gone = register(since=D(2015, 6, 1)), register(since=D(2010, 1, 1))
    before = state()
    made = merge(cast, kept, gone)
    assert list(kept.residences.filter(entered_in_error=False).values_list("start", "end")) == [(D(2010, 1, 1), None)]
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert state() == before
