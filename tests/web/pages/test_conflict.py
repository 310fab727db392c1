"""Two people change one row at once: the second is told by whom and when, sees both versions, keeps what is chosen, loses nothing."""

import datetime
import re

import pytest
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry

D = datetime.date


@pytest.fixture
def person(cast):
    return actions.register_person(
        by=cast.nurse, full_name="Nguyễn Thị Mận", birth_date=D(1956, 3, 5), sex="F", hamlet=cast.hamlets[0], phone="0912345678", occupation="Nông dân")


@pytest.fixture
def address(person):
    return reverse("person-edit", args=[person.pk])


def sent(page: str) -> dict[str, str]:
    """What a browser would send from the form of this page with nothing changed."""
    form = page[page.index('<form class="card form"'):]
    typed = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', form))
    return typed | dict(re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)"[^>]* checked', form))


def versions(page: str) -> dict[str, tuple[list[str], bool]]:
    """By label of a line: the cells of both versions, and whether it is marked as differing."""
    lines = {}
    for marked, line in re.findall(r'<tr( class="differs")?>(<th scope="row">.*?)</tr>', page, re.DOTALL):
        label, *cells = (" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL))
        lines[label.removesuffix(" Khác")] = (cells, bool(marked))
    return lines


@pytest.fixture
def late(enter, address, cast):
    """Two open the form; the clinician saves another job and sex. What the nurse then gets for a telephone and a birth date typed otherwise."""
    seen = sent(enter("clinician").get(address).content.decode())
    assert enter("clinician").post(address, seen | {"occupation": "Giáo viên", "sex": "M"}).status_code == 302
    nurse = enter("nurse")  # who had opened the form before
    return nurse, nurse.post(address, seen | {"phone": "0987 654 321", "birth": "5/3/1956"})


def test_the_second_sees_both_versions_with_only_what_differs_marked(late, person, cast):
    _, answer = late
    text = answer.content.decode()
    assert answer.status_code == 409 and "Hai bản khác nhau" in text and cast.clinician.full_name in text
    lines = versions(text)
    assert {label for label, (_, differs) in lines.items() if differs} == {"Giới tính", "Điện thoại", "Nghề nghiệp"}
    assert lines["Giới tính"][0] == ["Nam", "Nữ"] and lines["Điện thoại"][0] == ["0912345678", "0987 654 321"] and lines["Ngày sinh"][0] == ["05/03/1956", "5/3/1956"]
    person.refresh_from_db()
    assert (person.phone, person.occupation, person.sex) == ("0912345678", "Giáo viên", "M")
    assert AuditEntry.objects.filter(action="view", username="nurse", object_id=str(person.pk), note="hai bản khác nhau").count() == 1


def chosen(page: str, *stored: str) -> dict[str, str]:
    """What the page of two versions sends: one's own values, save for the named fields."""
    form = page[page.index('action="'):]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    radios = re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)"( checked)?', form)
    return hidden | {name: value for name, value, own in radios if bool(own) != (name in stored)}


@pytest.mark.parametrize(("stored", "kept"), [
    ((), ("0987654321", "Nông dân", "F")),
    (("occupation", "sex"), ("0987654321", "Giáo viên", "M")),
    (("occupation", "sex", "phone"), ("0912345678", "Giáo viên", "M")),
])
def test_what_is_chosen_is_saved_over_the_version_that_was_seen(late, address, person, stored, kept):
    nurse, answer = late
    assert nurse.post(address, chosen(answer.content.decode(), *stored)).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.occupation, person.sex) == kept and person.birth_date == D(1956, 3, 5)


def test_a_third_writer_in_between_is_told_again(late, address, person, cast):
    nurse, answer = late
    choice = chosen(answer.content.decode())
    actions.change_person(by=cast.director, id=person.pk, ethnicity="Mường")
    again = nurse.post(address, choice)
    text = again.content.decode()
    assert again.status_code == 409 and cast.director.full_name in text and versions(text)["Dân tộc"] == (["Mường", "Kinh"], True)
    assert nurse.post(address, chosen(text, "ethnicity")).status_code == 302
    person.refresh_from_db()
    assert (person.ethnicity, person.phone) == ("Mường", "0987654321")


def test_the_book_of_residents_answers_a_conflict_the_same_way(enter, person, cast):
    address = reverse("register-edit", args=["residents", person.pk])
    nurse = enter("nurse")
    typed = sent(nurse.get(address).content.decode())
    actions.change_person(by=cast.clinician, id=person.pk, occupation="Giáo viên")
    chain.record(by=cast.director, action="view_number", row=person)  # a look is no change
    answer = nurse.post(address, typed | {"phone": "0987654321"})
    text = answer.content.decode()
    assert answer.status_code == 409 and cast.clinician.full_name in text and cast.director.full_name not in text
    assert {label for label, (_, differs) in versions(text).items() if differs} == {"Điện thoại", "Nghề nghiệp"}
    assert nurse.post(address, chosen(text, "occupation")).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.occupation) == ("0987654321", "Giáo viên")
