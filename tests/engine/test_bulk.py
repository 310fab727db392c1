"""Rows inserted in bulk are the rows that `save` would have stored."""

import contextlib
import datetime
import gc
import hashlib
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.models import Person
from tramyte.engine.actions import filling
from tramyte.engine.actions.bulk import insert, insert_values, know_sizes, update_values
from tramyte.engine.actions.models import new_id
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.registers.models import Picked


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
    know_sizes()
    asked = "SELECT count(*) FROM sqlite_stat1" if connection.vendor == "sqlite" else "SELECT reltuples FROM pg_class WHERE relname = 'places_place'"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone()[0] > 0


def test_keys_may_be_given_as_digits_and_what_is_not_named_gets_its_default(cast):
    key = new_id()
    named = insert_values(Person, ("id", "full_name", "search", "birth_date", "sex", "hamlet_id"), [
        (key.hex, "Lê Thị Én", "le thi en", datetime.date(1960, 3, 1), "F", cast.hamlets[0].pk.hex)])
    row = Person.objects.get(pk=key)
    assert (row.full_name, row.hamlet, row.version, row.ethnicity, row.mother_id, row.entered_in_error) == ("Lê Thị Én", cast.hamlets[0], 1, "Kinh", None, False)
    assert row.created_at is not None and [column[0] for column in named][1:3] == ["Lê Thị Én", "le thi en"]


def test_what_is_alike_in_all_rows_is_stored_in_all_and_answered_for_all(cast):
    key, born = cast.hamlets[0].pk, datetime.date(1960, 3, 1)
    rows = [(new_id().hex, name, "le thi", born, "F", key) for name in ("Lê Thị Én", "Lê Thị Nụ")]
    named = insert_values(Person, ("id", "full_name", "search", "birth_date", "sex", "hamlet_id"), rows)
    assert [len(column) for column in named] == [2] * 6 and list(named[2]) == ["le thi", "le thi"]
    stored = Person.objects.filter(pk__in=[row[0] for row in rows]).order_by("full_name").values_list("full_name", "search", "birth_date", "hamlet")
    assert list(stored) == [("Lê Thị Nụ", "le thi", born, key), ("Lê Thị Én", "le thi", born, key)]
    picked = ("residents", cast.users["nurse"].pk, new_id())
    insert_values(Picked, ("register", "owner_id", "object_id"), [picked])  # one row: everything in it is alike
    assert Picked.objects.get(object_id=picked[2]).owner == cast.users["nurse"]


def test_each_row_gets_values_of_its_own(cast):
    born, made = datetime.date(1960, 3, 1), [new_id() for _ in range(3)]
    insert_values(Person, ("id", "full_name", "search", "birth_date", "sex", "hamlet_id"), [(key, "Lê Thị Én", "le thi en", born, "F", cast.hamlets[0].pk) for key in made])
    update_values(Person, ("full_name", "hamlet_id", "died_on", "version"), [
        (made[0], "Lê Thị Hoa", cast.hamlets[1].pk, None, 2), (made[1], "Lê “Thị” %s; Nụ", cast.hamlets[0].pk, datetime.date(2026, 1, 5), 3)])
    update_values(Person, ("full_name",), [])
    rows = [(row.full_name, row.hamlet, row.died_on, row.version, row.birth_date) for row in map(Person.objects.in_bulk(made).get, made)]
    assert rows == [
        ("Lê Thị Hoa", cast.hamlets[1], None, 2, born), ("Lê “Thị” %s; Nụ", cast.hamlets[0], datetime.date(2026, 1, 5), 3, born),
        ("Lê Thị Én", cast.hamlets[0], None, 1, born)]


def test_an_empty_table_gets_its_indexes_when_it_is_filled(cast):
    before = filling._indexes(Checkup)
    assert len(before) > 2
    with filling.indexed_afterwards([Checkup]):
        assert filling._indexes(Checkup) == []
        person = Person.objects.create(full_name="Lê Văn Ba", birth_date=datetime.date(1960, 3, 1), sex="M", hamlet=cast.hamlets[0])
        insert_values(Checkup, ("id", "person_id", "on", "kind", "age_days"), [(new_id().hex, person.pk, datetime.date(2026, 1, n), "periodic", 0) for n in (5, 6)])
    assert filling._indexes(Checkup) == before
    with filling.indexed_afterwards([Checkup]):  # no longer empty: it keeps them
        assert filling._indexes(Checkup) == before


def test_a_filling_that_leads_nowhere_is_taken_back(db, cast):
    found = Checkup.objects.count()
    with pytest.raises(IntegrityError), filling.filling():
        insert_values(Checkup, ("id", "person_id", "on", "kind", "age_days"), [(new_id(), new_id(), datetime.date(2026, 1, 5), "periodic", 0)])
        connection.check_constraints()
    assert Checkup.objects.count() == found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", [False, True])
def test_after_a_filling_everything_is_kept_as_before(broken):
    def kept():
        if connection.vendor != "sqlite":
            return gc.isenabled(), ""
        with connection.cursor() as cursor:
            return gc.isenabled(), cursor.execute("PRAGMA journal_mode").fetchone()[0], cursor.execute("PRAGMA foreign_keys").fetchone()[0]

    before = kept()
    with contextlib.suppress(ZeroDivisionError), filling.filling():
        assert not gc.isenabled()
        assert broken == 0 or 1 / 0
    assert kept() == before and before[0]


def test_any_text_is_stored_as_it_was_given(cast):
    texts = ["một\thai", "một\nhai", "một\\hai", r"\N", r"\x41", "\\.", "một\rhai", "", "'\"{},đ", "một\x1fhai"]
    keys = [new_id() for _ in texts]
    insert_values(Person, ("id", "full_name", "search", "birth_date", "sex", "hamlet_id", "died_on"), [
        (key, text, text, datetime.date(1960, 3, 1), "F", cast.hamlets[0].pk, datetime.date(2020, 1, 1) if n % 2 else None)
        for n, (key, text) in enumerate(zip(keys, texts, strict=True))])
    stored = Person.objects.in_bulk(keys)
    assert [(stored[key].full_name, stored[key].search, bool(stored[key].died_on)) for key in keys] == [(text, text, bool(n % 2)) for n, text in enumerate(texts)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_digest_of_a_row_is_of_its_values_one_after_the_other(cast, count):
    rows = [Person(full_name=f"Lê Thị Én {n % 2}", birth_date=datetime.date(1960, 3, 1), sex="F", hamlet=cast.hamlets[n % 2]) for n in range(count)]
    insert(rows)
    names = [field.attname for field in Person._meta.concrete_fields if field.attname not in ("version", "created_at", "updated_at")]
    assert chain._digests(rows) == {
        str(row.pk): hashlib.sha256("\x1f".join(str(getattr(row, name)) for name in names).encode()).hexdigest()[:16] for row in rows}
