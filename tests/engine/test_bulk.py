"""Rows inserted in bulk are the rows that `save` would have stored."""

import datetime
from decimal import Decimal

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.models import Person
from tramyte.engine.actions.bulk import insert, know_sizes
from tramyte.engine.places.models import Place


def test_bulk_equals_save(cast):
    born = datetime.date(1956, 2, 29)
    one = Person(full_name="Nguyễn Văn An", search="nguyen van an", birth_date=born, sex="M", hamlet=cast.hamlets[0])
    insert([one])
    saved = Person.objects.create(full_name="Nguyễn Văn An", birth_date=born, sex="M", hamlet=cast.hamlets[0])
    assert {**Person.objects.get(pk=one.pk).plain(), "id": 0} == {**Person.objects.get(pk=saved.pk).plain(), "id": 0}
    checkup = Checkup(person=one, on=born, kind="periodic", weight_kg=Decimal("61.5"), age_days=0)
    insert([checkup])
    assert Checkup.objects.get(pk=checkup.pk).weight_kg == Decimal("61.5")
    place = Place(kind="hamlet", code="00001.09", name="Thôn Mới", parent=cast.commune, path="x/", aliases=["Xóm 9"], valid_from=born, source="thử")
    insert([place])
    assert Place.objects.get(pk=place.pk).aliases == ["Xóm 9"]
    insert([])


def test_the_database_knows_its_sizes_after_many_rows(cast):
    from django.db import connection

    know_sizes()
    asked = "SELECT count(*) FROM sqlite_stat1" if connection.vendor == "sqlite" else "SELECT count(*) FROM pg_statistic"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone()[0] > 0
