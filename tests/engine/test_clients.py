"""Connected applications: what may be granted, to whom, and what is kept of a key."""

import datetime

import pytest

from tramyte.engine.access import actions
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import may, places, visible
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.clients.actions import adopt_client, create_client, revoke_client
from tramyte.engine.clients.models import Client
from tramyte.engine.clients.queries import (
    acting,
    client_of,
    grantable,
    managed_by,
    offered,
    personal_permissions,
    stopped,
)
from tramyte.engine.refused import Refused

DAY = datetime.date


def connect(by, where, *permissions, name="HIS", **changes):
    """A program of these places, with its key."""
    return create_client(**{"by": by, "name": name, "contact": "anh Nam, 0912345678", "where": where, "permissions": permissions, "valid_until": DAY(2026, 12, 31), **changes})


def test_of_a_key_only_prefix_and_digest_are_kept(cast):
    client, key = connect(cast.director, [cast.commune], "figures.view")
    assert key.startswith(f"tramyte_{client.prefix}_") and len(key) > 50
    kept = str(Client.objects.values().get()) + str(list(AuditEntry.objects.values()))
    assert key not in kept and key.rpartition("_")[2] not in kept
    assert client.digest not in str(list(AuditEntry.objects.values()))
    assert client_of(key) == client
    entry = AuditEntry.objects.get(action="create_client")
    assert entry.username == "director" and entry.after["places"] == "Xã Đồng Vân" and entry.after["permissions"] == "['figures.view']"


def test_two_keys_differ(cast):
    made = [connect(cast.director, [cast.commune], "figures.view", name=f"HIS {n}") for n in range(2)]
    assert made[0][0].prefix != made[1][0].prefix and made[0][0].digest != made[1][0].digest


@pytest.mark.parametrize(("changes", "code"), [
    ({"name": "x"}, "bad_name"), ({"name": "a" * 61}, "bad_name"), ({"contact": "an"}, "no_contact"),
    ({"valid_until": None}, "bad_end"), ({"valid_until": DAY(2026, 6, 2)}, "bad_end"), ({"valid_until": DAY(2028, 6, 4)}, "bad_end"),
    ({"where": []}, "no_place"), ({"permissions": []}, "no_permission"), ({"permissions": ["users.manage"]}, "no_permission"), ({"permissions": ["khong.co"]}, "no_permission"),
])
def test_what_is_not_granted(cast, changes, code):
    with pytest.raises(Refused) as refused:
        connect(cast.director, changes.pop("where", [cast.commune]), "figures.view", **changes)
    assert refused.value.code == code and not Client.objects.exists()


@pytest.mark.parametrize("until", [DAY(2026, 6, 3), DAY(2028, 6, 3)])
def test_a_key_lasts_from_today_up_to_two_years(cast, until):
    assert connect(cast.director, [cast.commune], "figures.view", valid_until=until)[0].valid_until == until


def test_names_are_used_once(cast):
    connect(cast.director, [cast.commune], "figures.view")
    with pytest.raises(Refused, match="Đã có ứng dụng"):
        connect(cast.director, [cast.commune], "figures.view", name="his")


@pytest.mark.parametrize(("who", "permission", "where"), [
    ("nurse", "figures.view", "commune"),  # may not manage at all
    ("admin", "figures.view", "commune"), ("admin", "people.view", "commune"),  # manages, but does not hold it
    ("director", "figures.view", "other_commune"), ("director", "figures.view", "province"),  # outside
])
def test_nobody_grants_what_they_do_not_hold_there(cast, who, permission, where):
    with pytest.raises(Refused) as refused:
        connect(getattr(cast, who), [getattr(cast, where)], permission)
    assert refused.value.status == 403 and not Client.objects.exists()


def test_who_sees_only_figures_grants_no_person(cast):
    """A manager whose right to people comes from a figures-only role cannot hand persons on."""
    Assignment.objects.create(user=cast.admin, role="chairman", place=cast.commune, valid_from=DAY(2025, 7, 1))
    admin = type(cast.admin).objects.get(pk=cast.admin.pk)
    assert "figures.view" in grantable(admin) and not set(grantable(admin)) & personal_permissions()
    client, _ = connect(admin, [cast.commune], "figures.view")
    assert client.permissions == ["figures.view"]


def test_a_program_holds_exactly_what_was_granted(cast):
    from tramyte.care.people.models import Person

    for hamlet in (*cast.hamlets[:2], cast.other_hamlet):
        Person.objects.create(full_name="Nguyễn Văn An", birth_date=DAY(1956, 5, 12), sex="M", hamlet=hamlet)
    reader = acting("HIS", [cast.hamlets[0]], ["people.view"])
    assert may(reader, "people.view") and not may(reader, "people.write") and not may(reader, "figures.view")
    assert places(reader, "people.view", personal=True) == {cast.hamlets[0].pk}
    assert [person.hamlet for person in visible(reader, Person.objects.all())] == [cast.hamlets[0]]
    counter = acting("Số liệu", [cast.commune], ["figures.view"])
    assert not visible(counter, Person.objects.all()) and not places(counter, "figures.view", personal=True)


def test_permissions_offered_are_those_the_interface_asks_for():
    assert {"people.view", "people.write", "care.write", "figures.view", "techniques.view", "techniques.write"} <= set(offered())
    assert not {"users.manage", "audit.view", "reports.approve"} & set(offered())
    assert personal_permissions() >= {"people.view", "people.write", "care.write"} and "figures.view" not in personal_permissions()


def test_programs_are_managed_where_all_their_places_are(cast):
    mine, _ = connect(cast.director, cast.hamlets[:2], "figures.view")
    Assignment.objects.create(user=cast.stranger, role="director", place=cast.other_commune, valid_from=DAY(2025, 7, 1))
    other = type(cast.stranger).objects.get(pk=cast.stranger.pk)
    theirs, _ = connect(other, [cast.other_commune], "figures.view", name="Của xã bên")
    assert list(managed_by(cast.director)) == list(managed_by(cast.admin)) == [mine] and list(managed_by(other)) == [theirs]
    theirs.places.add(cast.hamlets[0])
    assert list(managed_by(cast.director)) == [mine]


def test_revoking_ends_it_once_with_a_reason(cast):
    client, key = connect(cast.director, [cast.commune], "figures.view")
    for by, reason, status in ((cast.director, " ", 422), (cast.stranger, "x", 403), (cast.nurse, "x", 403)):
        with pytest.raises(Refused) as refused:
            revoke_client(by=by, id=client.pk, reason=reason)
        assert refused.value.status == status
    revoke_client(by=cast.admin, id=client.pk, reason="khóa bị lộ")
    with pytest.raises(Refused) as again:
        revoke_client(by=cast.director, id=client.pk, reason="x")
    assert again.value.status == 409
    with pytest.raises(Refused, match="thu hồi"):
        client_of(key)
    entry = AuditEntry.objects.get(action="revoke_client")
    assert (entry.username, entry.note) == ("admin", "khóa bị lộ") and entry.after["revoked_reason"] == "khóa bị lộ"


# -- the granter ----------------------------------------------------------------------------------


def refused_code(key):
    with pytest.raises(Refused) as refused:
        client_of(key)
    return refused.value.code


def account_closed(cast):
    actions.set_active(by=cast.admin, id=cast.director.pk, active=False)


def role_taken(cast):
    actions.end_assignment(by=cast.admin, id=Assignment.objects.get(user=cast.director).pk, reason="nghỉ hưu")


def only_a_hamlet_left(cast):
    Assignment.objects.filter(user=cast.director).update(place=cast.hamlet)


def only_nursing_left(cast):
    Assignment.objects.filter(user=cast.director).update(role="nurse")


@pytest.mark.parametrize("happens", [account_closed, role_taken, only_a_hamlet_left, only_nursing_left])
def test_a_key_stops_with_its_granter_and_is_taken_over_with_a_reason(cast, happens):
    made, key = connect(cast.director, [cast.commune], "people.view", "figures.view")
    assert client_of(key) == made
    happens(cast)
    assert refused_code(key) == "stopped_key"
    next = User.objects.create(username="moi", full_name="Phan Văn Mới")
    Assignment.objects.create(user=next, role="director", place=cast.commune, valid_from=DAY(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        adopt_client(by=next, id=made.pk, reason=" ")
    assert refused.value.field == "reason"
    with pytest.raises(Refused) as refused:
        adopt_client(by=cast.admin, id=made.pk, reason="nhận bàn giao")
    assert refused.value.status == 403, "nobody hands on what they do not hold"
    adopt_client(by=next, id=made.pk, reason="nhận bàn giao")
    assert client_of(key).granted_by == next
    assert AuditEntry.objects.get(action="adopt_client").note == "nhận bàn giao"


def test_a_key_that_works_is_nobodys_to_take(cast):
    made, _ = connect(cast.director, [cast.commune], "figures.view")
    with pytest.raises(Refused) as refused:
        adopt_client(by=cast.director, id=made.pk, reason="nhận bàn giao")
    assert refused.value.status == 409


def test_a_key_of_a_hamlet_goes_on_while_its_granter_keeps_the_hamlet(cast):
    _, key = connect(cast.director, [cast.hamlet], "people.view")
    only_a_hamlet_left(cast)
    assert client_of(key).name == "HIS"


def test_each_granter_is_asked_for_once(cast, django_assert_max_num_queries):
    for number in range(5):
        connect(cast.director, [cast.commune], "figures.view", name=f"HIS {number}")
    User.objects.filter(pk=cast.director.pk).update(is_active=False)
    rows = list(Client.objects.select_related("granted_by").prefetch_related("places"))
    with django_assert_max_num_queries(2):
        assert len(stopped(rows)) == 5
