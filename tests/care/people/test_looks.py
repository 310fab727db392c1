"""Who looked at a record: found whatever row was opened, told to whoever answers for personal data."""

import datetime

from tramyte.care.people.looks import views_of
from tramyte.care.people.models import Coverage, Household, Person

DAY = datetime.date


def test_looks_at_a_person_a_card_and_the_household_are_found(cast, enter, django_assert_max_num_queries):
    house = Household.objects.create(hamlet=cast.hamlet, number="0007")
    person, other = (Person.objects.create(full_name=name, birth_date=DAY(1956, 3, 5), sex="F", hamlet=cast.hamlet, phone="0912345678") for name in ("Kha Thị Một", "Kha Thị Hai"))
    Person.objects.filter(pk=person.pk).update(household=house)
    card = Coverage.objects.create(person=person, card_number="GD4370100000001", group="GD", start=DAY(2026, 1, 1), end=DAY(2026, 12, 31))
    client = enter("nurse")
    for address in (f"/nguoi-dan/{person.pk}/", f"/nguoi-dan/{person.pk}/dien-thoai/", f"/nguoi-dan/{person.pk}/sua/", f"/so/coverages/{card.pk}/", f"/nguoi-dan/ho/{house.pk}/", f"/nguoi-dan/{other.pk}/"):
        assert client.get(address).status_code == 200
    person.refresh_from_db()
    assert [(entry.action, entry.username) for entry in views_of(person)] == [(action, "nurse") for action in ("view", "view", "view", "view_number", "view")]
    assert views_of(other).count() == 1
    assert client.get(f"/nguoi-dan/{person.pk}/ai-da-xem/").status_code == 403
    client.get("/so/residents/?as=csv")
    page = enter("director").get(f"/nguoi-dan/{person.pk}/ai-da-xem/").content.decode()
    assert page.count("Lê Thị Lan") == 6 and "Xem đủ số" in page and "Sổ quản lý nhân khẩu: 0 dòng" in page
