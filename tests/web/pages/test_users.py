"""Accounts: creating, roles, one-time passwords, locking; sign-in and change of password; the command line."""

import datetime
import re

import pytest
from django.urls import reverse

from tramyte.engine.access import actions
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused
from tramyte.web import demo_notes

PASSWORD = "mat-khau-thu-nghiem"
OTHERS = ("clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor")


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("by", ["director", "admin"])
def test_a_new_user_signs_in_once_with_the_password_and_must_change_it(cast, client, by):
    user, password = actions.create_user(by=cast.users[by], username="LeThiNga", full_name="Lê  Thị Nga", role="nurse", place=cast.commune, unit=cast.units["tyt"], reason="nhận việc mới")
    assert (user.username, user.full_name, user.must_change_password) == ("lethinga", "Lê Thị Nga", True)
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password) and password not in str(list(AuditEntry.objects.values()))
    assert client.post(reverse("login"), {"username": "lethinga", "password": password}).status_code == 302
    assert client.get("/").url == reverse("password_change")
    chosen = "cau-long-xanh-2026"
    answer = client.post(reverse("password_change"), {"old_password": password, "new_password1": chosen, "new_password2": chosen})
    assert answer.url == reverse("password_change_done")
    assert client.get("/").status_code == 200 and not User.objects.get(pk=user.pk).must_change_password


@pytest.mark.parametrize(("fields", "code"), [
    ({"username": "Lê Nga"}, "bad_username"), ({"username": "ab"}, "bad_username"), ({"username": "NURSE"}, "taken"), ({"full_name": " "}, "bad_name"),
    ({"role": "king"}, "bad_role"), ({"place": None}, "no_place"), ({"place": "other_commune"}, "no_right"), ({"place": "province"}, "no_right"),
    ({"role": "village_worker"}, "no_hamlet"), ({"reason": " "}, "no_reason"),
])
def test_what_is_wrong_is_refused_and_nothing_is_stored(cast, fields, code):
    given = {"username": "lethinga", "full_name": "Lê Thị Nga", "role": "nurse", "place": "commune", "reason": "nhận việc mới", **fields}
    given["place"] = getattr(cast, given["place"]) if given["place"] else None
    count = User.objects.count()
    with pytest.raises(Refused) as refused:
        actions.create_user(by=cast.director, **given)
    assert refused.value.code == code and User.objects.count() == count


@pytest.mark.parametrize("role", OTHERS)
def test_others_manage_nobody(cast, role):
    for act in (
        lambda by: actions.create_user(by=by, username="abc", full_name="Ai Đó", role="nurse", place=cast.commune, reason="nhận việc mới"),
        lambda by: actions.reset_password(by=by, id=cast.clinician.pk), lambda by: actions.set_active(by=by, id=cast.clinician.pk, active=False),
    ):
        with pytest.raises(Refused) as refused:
            act(cast.users[role])
        assert refused.value.status == 403
    assert User.objects.get(pk=cast.clinician.pk).check_password(PASSWORD)


@pytest.mark.parametrize(("username", "status"), [("stranger", 404), ("supervisor", 404)])
def test_users_of_other_places_are_out_of_reach(cast, enter, username, status):
    client = enter("director")
    id = cast.users[username].pk
    assert client.get(reverse("system-user", args=[id])).status_code == status
    assert client.post(reverse("system-user-act", args=[id]), {"do": "reset"}).status_code == status
    assert cast.users[username].full_name not in text(client.get(reverse("system-users")))


def test_a_user_who_also_works_elsewhere_is_managed_from_above(cast):
    Assignment.objects.create(user=cast.nurse, role="nurse", place=cast.other_commune, valid_from=datetime.date(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        actions.reset_password(by=cast.director, id=cast.nurse.pk)
    assert refused.value.status == 403


def test_a_reset_shows_the_password_once_and_ends_the_old_one(cast, enter, client):
    answer = enter("director").post(reverse("system-user-act", args=[cast.nurse.pk]), {"do": "reset"})
    password = re.search(r"(?<![\w-])([a-z2-9]{4}-){3}[a-z2-9]{4}(?![\w-])", text(answer)).group()
    nurse = User.objects.get(pk=cast.nurse.pk)
    assert nurse.check_password(password) and nurse.must_change_password and answer["Cache-Control"] == "no-store"


def test_a_locked_user_is_out_until_opened(cast, enter):
    client = enter("director")
    url = reverse("system-user-act", args=[cast.nurse.pk])
    client.post(url, {"do": "lock"})
    assert not User.objects.get(pk=cast.nurse.pk).is_active
    assert "Đã khóa" in text(client.get(reverse("system-users")))
    client.post(url, {"do": "unlock"})
    assert User.objects.get(pk=cast.nurse.pk).is_active
    assert client.post(reverse("system-user-act", args=[cast.director.pk]), {"do": "lock"}).status_code == 409


def test_roles_are_added_and_ended(cast, enter):
    client, url = enter("director"), reverse("system-user-act", args=[cast.nurse.pk])
    typed = {"do": "assign", "role": "village_worker", "place": str(cast.hamlets[1].pk), "valid_to": "30/06/2026", "reason": "thôn thiếu người"}
    refused = client.post(url, {**typed, "reason": ""})
    assert refused.status_code == 422 and "Hãy ghi lý do" in text(refused) and "30/06/2026" in text(refused), "what was typed stays"
    client.post(url, typed)
    added = Assignment.objects.get(user=cast.nurse, role="village_worker")
    assert added.valid_to == datetime.date(2026, 6, 30)
    assert client.post(url, typed).status_code == 422
    refused = client.post(url, {"do": "end", "assignment": str(added.pk)})
    assert refused.status_code == 422 and "Hãy ghi lý do" in text(refused)
    client.post(url, {"do": "end", "assignment": str(added.pk), "reason": "thôn có người mới"})
    added.refresh_from_db()
    assert added.entered_in_error and added.error_reason == "thôn có người mới"
    assert set(AuditEntry.objects.filter(object_id=str(added.pk)).values_list("note", flat=True)) == {"thôn thiếu người", "thôn có người mới"}
    old = Assignment.objects.get(user=cast.nurse, role="nurse")
    actions.end_assignment(by=cast.director, id=old.pk, reason="chuyển công tác")
    old.refresh_from_db()
    assert old.valid_to == datetime.date(2026, 6, 2) and "chưa có vai trò" in text(client.get(reverse("system-users")))
    with pytest.raises(Refused) as refused:
        actions.end_assignment(by=cast.director, id=Assignment.objects.get(user=cast.director).pk, reason="nghỉ việc")
    assert refused.value.code == "own_right"


def test_the_form_keeps_what_was_typed(cast, enter):
    answer = enter("director").post(reverse("system-user-new"), {"username": "nurse", "full_name": "Lê Thị Nga", "role": "nurse", "place": str(cast.commune.pk), "reason": "nhận việc mới"})
    assert answer.status_code == 422 and "Lê Thị Nga" in text(answer) and "đã có người dùng" in text(answer)
    assert enter("director").post(reverse("system-user-new"), {"place": "rác"}).status_code == 422
    made = enter("director").post(reverse("system-user-new"), {"username": "lethinga", "full_name": "Lê Thị Nga", "role": "nurse", "place": str(cast.commune.pk), "reason": "nhận việc mới"})
    assert "Đã tạo tài khoản" in text(made) and made["Cache-Control"] == "no-store"


def test_the_sign_in_counts_what_is_left_and_the_director_opens_the_lock(cast, client, enter):
    url = reverse("login")
    wrong = {"username": "nurse", "password": "sai-mat-khau"}
    assert "Còn thử được 4 lần" in text(client.post(url, wrong))
    assert "Còn thử được 3 lần" in text(client.post(url, wrong))
    for _ in range(3):
        last = client.post(url, wrong)
    assert last.status_code == 429 and "Tạm khóa đăng nhập" in text(last)
    assert client.post(url, {"username": "nurse", "password": PASSWORD}).status_code == 429
    keeper = enter("director")
    assert "Tạm khóa vì sai nhiều lần" in text(keeper.get(reverse("system-users")))
    keeper.post(reverse("system-user-act", args=[cast.nurse.pk]), {"do": "forgive"})
    keeper.logout()
    assert client.post(url, {"username": "nurse", "password": PASSWORD}).status_code == 302


def test_a_demo_home_lists_its_accounts(client, cast, monkeypatch):
    monkeypatch.setattr(demo_notes, "read", lambda home: {"password": "chung-2026", "logins": [{"username": "giamdoc", "role": "Giám đốc trạm y tế", "name": "Nguyễn Thị Hạnh"}]})
    shown = text(client.get(reverse("login")))
    assert "giamdoc" in shown and "Nguyễn Thị Hạnh" in shown and "chung-2026" in shown


def test_a_real_home_lists_none(client, db):
    assert "bản demo" not in text(client.get(reverse("login")))


def test_the_shell_names_the_role_and_counts_unread_reminders(cast, enter):
    from tramyte.governance.tasks.models import Reminder

    Reminder.objects.create(place=cast.commune, user=cast.nurse, text="Sắp đến hạn")
    shown = text(enter("nurse").get("/"))
    assert "Điều dưỡng, nữ hộ sinh, dược sĩ" in shown and "1 chưa đọc" in shown


def run(*words):
    from tramyte.web.commands.main import main

    return main(["user", *words])


def test_the_command_line_makes_the_first_user(cast, capsys, monkeypatch):
    from tramyte.web import storage

    monkeypatch.setattr(storage, "upgrade", lambda say: None)
    monkeypatch.setattr("tramyte.engine.places.national.load_units", lambda: 0)
    done = run("add", "hanh", "--name", "Nguyễn Thị Hạnh", "--role", "director", "--place", "00001", "--unit", "Trạm Y tế xã")
    password = capsys.readouterr().out.strip()
    made = User.objects.get(username="hanh")
    assert done == 0 and made.check_password(password) and Assignment.objects.get(user=made).unit == cast.units["tyt"]
    assert run("add", "hoa", "--name", "Lê Thị Hoa", "--role", "unit", "--place", "00001", "--unit", "Hội Nông dân xã") == 0
    assert Assignment.objects.get(user__username="hoa").unit.name == "Hội Nông dân xã"
    for words, said in ((("--role", "king", "--place", "00001"), "vai trò"), (("--role", "nurse", "--place", "99999"), "99999")):
        capsys.readouterr()
        assert run("add", "khac", "--name", "Ai Đó", *words) == 1
        assert said in capsys.readouterr().err
    assert not User.objects.filter(username="khac").exists()
