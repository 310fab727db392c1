"""A name that a merged record bore warns like the name of the record that stands for it: while typing, at saving, in imports. The mother of a newborn is found anywhere."""


import pytest
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.care.people.models import Person
from tramyte.care.people.queries import former_identities, possible_duplicates
from tramyte.engine.refused import Refused
from tramyte.engine.registers import registry, staging
from tramyte.rules.calendar import parse_date
from tramyte.rules.identity import Identity


@pytest.fixture
def merged(register, cast):
    """Mận, into whom Mơ and, through her, Mai were merged."""
    kept, other, third = register("Nguyễn Thị Mận", "01/02/1960", "F"), register("Nguyễn Thị Mơ", "03/04/1961", "F"), register("Nguyễn Thị Mai", "05/06/1962", "F")
    actions.merge_persons(by=cast.nurse, survivor=other, lesser=third, take=[])
    actions.merge_persons(by=cast.nurse, survivor=kept, lesser=other, take=[])
    return kept


SAID = [("Nguyễn Thị Mơ", "03/04/1961"), ("Nguyễn Thị Mai", "05/06/1962"), ("Nguyễn Thị Mận", "01/02/1960")]


@pytest.mark.parametrize(("name", "born"), SAID)
def test_typing_and_saving(merged, cast, enter, name, born):
    day = parse_date(born)
    likely = possible_duplicates(Identity(name=name, birth_date=day, sex="F", hamlet="Thôn Đông Hạ"), by=cast.nurse)
    assert [(match.person, match.verdict.kind) for match in likely] == [(merged, "same")]
    page = enter("nurse").get(reverse("person-duplicates"), {"full_name": name, "birth": born, "sex": "F"}).content.decode()
    assert reverse("person", args=[merged.pk]) in page
    with pytest.raises(Refused, match="Nguyễn Thị Mận"):
        actions.register_person(by=cast.nurse, full_name=name, birth_date=day, sex="F", hamlet=cast.hamlets[0])


@pytest.mark.parametrize("more", [0, 30])  # few lines ask for part of the people, many read everybody
def test_imports(merged, cast, more):
    rows = [(name, born, "Nữ", "Thôn Đông Hạ") for name, born in SAID] + [(f"Trần Văn Số {chr(65 + n)}", f"{n + 1:02d}/07/1970", "Nam", "Thôn Đông Hạ") for n in range(more % 26)]
    text = "\n".join(",".join(row) for row in [("Họ và tên", "Ngày sinh", "Giới tính", "Thôn"), *rows])
    lines = staging.try_out(registry.get("residents"), cast.nurse, "dan.csv", text.encode())
    assert [line.verdict for line in lines[3:]] == ["created"] * (more % 26)
    assert all(line.row == merged for line in lines[:3] if line.row is not None)
    assert {line.verdict for line in lines[:3]} <= {"duplicate", "updated"} and len([line for line in lines[:3] if line.verdict == "created"]) == 0


def test_after_parting_the_name_is_its_own_again(register, cast):
    kept, gone = register("Nguyễn Thị Mận", "01/02/1960", "F"), register("Nguyễn Thị Mơ", "03/04/1961", "F")
    made = actions.merge_persons(by=cast.nurse, survivor=kept, lesser=gone, take=[])
    assert [one.name for one in former_identities()[kept.pk]] == ["Nguyễn Thị Mơ"]
    actions.unmerge_persons(by=cast.nurse, id=made.pk)
    assert former_identities() == {}


@pytest.fixture
def birth(cast, enter):
    """Send the form of a birth; answers (status, page, who is there now by that name)."""
    house = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="12")

    def send(**typed):
        answer = enter("nurse").post(reverse("household-act", args=[house.pk, "sinh"]), {"full_name": "Con Bà Mận", "birth_date": "01/05/2026", "sex": "F", **typed})
        return answer.status_code, answer.content.decode(), Person.objects.filter(full_name="Con Bà Mận").first()
    return send


def test_a_mother_of_another_hamlet_is_found(birth, register, cast):
    mother = register("Nguyễn Thị Mận", "01/02/1996", "F", national_id="037196001234", hamlet=cast.hamlets[1])
    status, _, child = birth(elsewhere="037196001234")
    assert status == 302 and child.mother == mother and child.hamlet == cast.hamlets[0]


def test_several_women_who_fit_are_offered(birth, register, cast):
    women = [register("Nguyễn Thị Mận", f"0{n}/02/1996", "F", hamlet=cast.hamlets[n]) for n in (1, 2)]
    register("Nguyễn Thị Mận", "05/05/1996", "M")
    status, page, child = birth(elsewhere="nguyen thi man 1996")
    assert status == 422 and child is None and all(f'value="{woman.pk}"' in page for woman in women) and "Có 2 người" in page
    status, _, child = birth(elsewhere="nguyen thi man 1996", mother=str(women[1].pk))
    assert status == 302 and child.mother == women[1]


@pytest.mark.parametrize(("typed", "said"), [({"elsewhere": "Không Có Ai 1990"}, "Không có người phụ nữ nào"), ({"mother": "x"}, "mother"), ({"mother": "01890000-0000-7000-8000-000000000000"}, "mother")])
def test_who_is_not_there_is_no_mother(birth, typed, said):
    status, page, child = birth(**typed)
    assert status == 422 and said in page and child is None


def test_a_woman_of_another_commune_is_no_choice(birth, register, cast):
    foreign = register("Nguyễn Thị Mận", "01/02/1996", "F", hamlet=cast.other_hamlet, by=cast.stranger)
    status, _, child = birth(mother=str(foreign.pk))
    assert status == 422 and child is None and birth()[0] == 302
