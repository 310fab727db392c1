"""The own account: signing in with a code, sessions, proof before changes, passwords explained, rules of the house."""

import re
import time

import pytest
from argon2 import PasswordHasher
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tramyte.engine.access import sealing, second_step
from tramyte.engine.access.models import SecondStep, SignInNotice, Sitting, User
from tramyte.engine.audit.models import AuditEntry
from tramyte.web.pages import attempts

PASSWORD, CHOSEN = "mat-khau-thu-nghiem", "cau-long-xanh-2026"
NEAR = (-60, -30, 0, 30, 60)


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture(autouse=True)
def quick_digests(monkeypatch):
    """Recovery codes are digested at the least cost."""
    monkeypatch.setattr(second_step, "_argon", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def stepped(cast):
    """The nurse with a second step set up ten minutes ago: secret, recovery codes."""
    secret, ago = sealing.new_secret(), time.time() - 600
    return secret, second_step.set_up_second_step(by=cast.nurse, secret=secret, code=sealing.code_at(secret, ago), at=ago)


def right(secret, later=0):
    return sealing.code_at(secret, time.time() + later)


def wrong(secret):
    now = time.time()
    near = {sealing.code_at(secret, now + drift) for drift in NEAR}
    return next(code for code in (f"{n:06d}" for n in range(9)) if code not in near)


def password_typed(client, username="nurse", **more):
    return client.post(reverse("login"), {"username": username, "password": PASSWORD, **more})


def stale(client):
    """The proof of this session is older than it may be."""
    session = client.session
    session["proved"] = int(time.time()) - 3600
    session.save()


# signing in

def test_without_a_second_step_nothing_changes(cast, client):
    assert password_typed(client).url == "/" and client.get("/").status_code == 200


def test_the_password_alone_opens_nothing(stepped, client):
    answer = password_typed(client, next="/nguoi-dan/")
    assert answer.url == reverse("login-step") and "_auth_user_id" not in client.session
    assert client.get("/").url.startswith(reverse("login")) and "Lê Thị Lan" in text(client.get(answer.url))


def test_the_code_lets_in_where_one_wanted_to_go(stepped, client):
    secret, _ = stepped
    key = password_typed(client, next="/nguoi-dan/").cookies["sessionid"].value
    answer = client.post(reverse("login-step"), {"code": right(secret)})
    assert answer.url == "/nguoi-dan/" and client.session.session_key != key and "waiting" not in client.session
    entry = AuditEntry.objects.get(action="sign_in", username="nurse")
    assert "mã ứng dụng" in entry.note and "127.0.0.1" in entry.note


def test_a_used_code_does_not_let_in_twice(stepped, client):
    secret, _ = stepped
    code = right(secret)
    for status in (302, 422):
        visitor = Client()
        password_typed(visitor)
        assert visitor.post(reverse("login-step"), {"code": code}).status_code == status


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(stepped, client):
    _, codes = stepped
    password_typed(client)
    assert client.post(reverse("login-step"), {"code": codes[0]}).url == "/" and "còn 9 mã" in text(client.get("/"))
    other = Client()
    password_typed(other)
    answer = other.post(reverse("login-step"), {"code": codes[0]})
    assert answer.status_code == 422 and "đã dùng rồi" in text(answer)


def test_the_last_recovery_codes_ask_for_new_ones(stepped, client, cast):
    _, codes = stepped
    cast.nurse.recovery_codes.filter(first__gte=4).delete()
    password_typed(client)
    client.post(reverse("login-step"), {"code": codes[0]})
    assert "chỉ còn 3 mã" in text(client.get("/"))
    cast.nurse.recovery_codes.filter(first__gte=2).delete()
    last = Client()
    password_typed(last)
    last.post(reverse("login-step"), {"code": codes[1]})
    assert "mã khôi phục cuối cùng" in text(last.get("/"))


def test_wrong_codes_lock_the_name_like_wrong_passwords(stepped, client, enter, cast):
    secret, _ = stepped
    password_typed(client)
    answers = [client.post(reverse("login-step"), {"code": wrong(secret)}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429] and "Còn thử được 4 lần" in text(answers[0]) and "Tạm khóa" in text(answers[4])
    assert client.post(reverse("login-step"), {"code": right(secret)}).status_code == 429
    assert password_typed(Client()).status_code == 429
    attempt = AccessAttempt.objects.get()
    assert wrong(secret) not in attempt.post_data and AuditEntry.objects.filter(action="wrong_code", username="nurse").count() == 5
    keeper = Client()
    keeper.force_login(cast.director, backend="django.contrib.auth.backends.ModelBackend")
    assert "Tạm khóa vì sai nhiều lần" in text(keeper.get(reverse("system-user", args=[cast.nurse.pk])))
    keeper.post(reverse("system-user-act", args=[cast.nurse.pk]), {"do": "forgive"})
    assert client.post(reverse("login-step"), {"code": right(secret)}).status_code == 302 and "gõ sai mã bước hai 5 lần" in text(client.get("/"))
    assert AuditEntry.objects.filter(action="release_sign_in", username="director").exists()


def test_a_right_password_does_not_wipe_out_wrong_codes(stepped):
    secret, _ = stepped
    for n in range(5):
        visitor = Client()
        password_typed(visitor)
        answer = visitor.post(reverse("login-step"), {"code": wrong(secret)})
        assert answer.status_code == (429 if n == 4 else 422)


@pytest.mark.parametrize(("field", "value"), [("at", 0), ("hash", "khác"), ("user", "01890000-0000-7000-8000-000000000000")])
def test_the_password_is_remembered_ten_minutes_and_only_if_unchanged(stepped, client, field, value):
    secret, _ = stepped
    password_typed(client)
    session = client.session
    session["waiting"] = {**session["waiting"], field: value}
    session.save()
    assert client.post(reverse("login-step"), {"code": right(secret)}).url == f"{reverse('login')}?late=1"
    assert "Hãy gõ lại mật khẩu" in text(client.get(f"{reverse('login')}?late=1"))


def test_the_page_of_codes_is_for_who_waits(cast, client, enter):
    assert client.get(reverse("login-step")).url == f"{reverse('login')}?late=1"
    assert enter("nurse").get(reverse("login-step")).url == "/"


@pytest.mark.parametrize(("rows", "status"), [(0, 302), (attempts.MOST_OF_A_NAME - 1, 302), (attempts.MOST_OF_A_NAME, 429)])
def test_one_name_from_many_addresses_is_limited(cast, client, rows, status):
    for n in range(rows):
        AccessAttempt.objects.create(username="nurse", ip_address=f"10.0.0.{n}", user_agent="x", failures_since_start=1)
    assert password_typed(client).status_code == status
    assert ("nurse" in attempts.locked_names()) == (status == 429)


def test_one_address_for_many_names_is_limited(cast, client):
    for n in range(attempts.MOST_OF_AN_ADDRESS):
        AccessAttempt.objects.create(username=f"ai{n}", ip_address="127.0.0.1", user_agent="x", failures_since_start=1)
    assert password_typed(client).status_code == 429


# obligatory and advised

def test_who_must_have_a_second_step_is_led_to_it(cast, client):
    second_step.set_step_roles(by=cast.director, place=cast.commune, roles={"nurse"})
    password_typed(client)
    assert client.get("/").url == client.get("/nguoi-dan/").url == reverse("account-step")
    assert client.get("/tim/?q=lan", headers={"HX-Request": "true"})["HX-Redirect"] == reverse("account-step")
    page = text(client.get(reverse("account-step")))
    assert "bắt buộc có bước hai" in page
    secret = re.search(r'translate="no">([A-Z2-7 ]{39})<', page).group(1).replace(" ", "")
    answer = client.post(reverse("account-step"), {"code": right(secret)})
    codes = re.findall(r"<li>(\d{4} \d{4} \d{4} \d{4})</li>", text(answer))
    assert len(codes) == 10 and "no-store" in answer["Cache-Control"] and client.get("/").status_code == 200
    assert not any(code in text(client.get(reverse("account"))) for code in codes)
    refused = client.post(reverse("account-step-off"))
    assert refused.status_code == 409 and "bắt buộc" in text(refused) and second_step.has_step(cast.nurse)


@pytest.mark.parametrize(("username", "told"), [("director", True), ("admin", True), ("nurse", False), ("chairman", False)])
def test_who_manages_accounts_is_reminded_after_the_sign_in(cast, client, username, told):
    password_typed(client, username)
    assert ("nên cần có bước hai" in text(client.get("/"))) == told


def test_the_reset_by_the_director_is_told_at_the_next_sign_in_once(stepped, cast, client):
    keeper = Client()
    keeper.force_login(cast.director, backend="django.contrib.auth.backends.ModelBackend")
    page = text(keeper.get(reverse("system-user", args=[cast.nurse.pk])))
    assert "Đặt lại bước hai" in page and "Còn <b class=\"num\">10</b>" in page
    keeper.post(reverse("system-user-act", args=[cast.nurse.pk]), {"do": "reset_step"})
    again = keeper.post(reverse("system-user-act", args=[cast.nurse.pk]), {"do": "reset_step"})
    assert again.status_code == 409 and "chưa cài bước hai" in text(again)
    assert password_typed(client).url == "/" and "đã đặt lại bước hai" in text(client.get("/"))
    client.logout()
    password_typed(client)
    assert "đã đặt lại bước hai" not in text(client.get("/")) and SignInNotice.objects.count() == 1


def test_rules_are_set_on_the_page_of_the_house(cast, enter):
    client = enter("director")
    assert client.post(reverse("system-sign-in"), {"place": str(cast.commune.pk), "role": ["director", "admin"]}).url == reverse("system-sign-in")
    shown = text(client.get(reverse("system-sign-in")))
    assert shown.count(" checked>") == 2 and "Nhật ký" in shown
    assert "Đặt vai trò bắt buộc có bước hai" in text(client.get(reverse("system-audit")))
    for bad in ({"place": str(cast.other_commune.pk)}, {"place": ""}, {}):
        assert client.post(reverse("system-sign-in"), bad).status_code == 404
    assert client.post(reverse("system-sign-in"), {"place": str(cast.commune.pk), "role": "vua"}).status_code == 422
    assert enter("nurse").get(reverse("system-sign-in")).status_code == 403


# setting up and proof

def test_a_wrong_first_code_keeps_the_same_secret(cast, enter):
    client = enter("nurse")
    first = re.search(r'translate="no">([A-Z2-7 ]{39})<', text(client.get(reverse("account-step")))).group(1)
    answer = client.post(reverse("account-step"), {"code": wrong(first.replace(" ", ""))})
    assert answer.status_code == 422 and first in text(answer) and "Giờ máy chủ đang là" in text(answer) and not SecondStep.objects.exists()
    assert first.replace(" ", "") not in str(list(Session.objects.values())) and first.replace(" ", "") not in str(dict(client.session))


@pytest.mark.parametrize("name", ["account-step", "account-step-off", "account-codes", "account-sessions"])
def test_changes_ask_for_proof_when_the_sign_in_is_long_ago(stepped, cast, enter, name):
    client = enter("nurse")
    stale(client)
    back = reverse("account-step") if name == "account-step" else reverse("account")
    answer = client.post(reverse(name), {"do": "others"})
    assert answer.url.startswith(reverse("account-prove")) and back.strip("/").split("/")[-1] in answer.url and second_step.codes_left(cast.nurse) == 10


def test_the_proof_is_password_and_code(stepped, cast, enter):
    secret, _ = stepped
    client = enter("nurse")
    stale(client)
    url, ways = reverse("account-prove"), ({"password": "sai", "code": right(secret)}, {"password": PASSWORD, "code": wrong(secret)}, {"password": PASSWORD})
    for given in ways:
        assert client.post(url, given).status_code == 422
    assert AccessAttempt.objects.get().failures_since_start == 3
    assert client.post(url, {"password": PASSWORD, "code": right(secret), "next": reverse("account-step")}).url == reverse("account-step")
    assert client.post(reverse("account-step-off")).url == reverse("account") and not second_step.has_step(cast.nurse)


def test_without_a_second_step_the_password_proves_and_wrong_ones_lock(cast, enter):
    client = enter("nurse")
    stale(client)
    url = reverse("account-prove")
    assert client.post(url, {"password": PASSWORD, "next": "//xa.example/"}).url == reverse("account")
    statuses = [client.post(url, {"password": "sai"}).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429] and client.post(url, {"password": PASSWORD}).status_code == 429


def test_new_recovery_codes_need_a_second_step(cast, enter):
    answer = enter("nurse").post(reverse("account-codes"))
    assert answer.status_code == 409 and "Hãy cài bước hai trước" in text(answer)


def test_a_secret_of_another_key_is_said_in_words(stepped, cast, client):
    secret, _ = stepped
    password_typed(client)
    SecondStep.objects.update(secret="hỏng")
    answer = client.post(reverse("login-step"), {"code": right(secret)})
    assert answer.status_code == 409 and "mã khôi phục" in text(answer)


# sessions

def test_every_sign_in_is_a_session_of_the_list_and_can_be_ended(cast):
    here, there = Client(), Client(headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"})
    for visitor in (here, there):
        password_typed(visitor)
    shown = text(here.get(reverse("account")))
    assert "Safari trên iPhone" in shown and shown.count("phiên này</span>") == 1 and "127.0.0.1" in shown
    row = Sitting.objects.get(key=there.session.session_key)
    assert here.post(reverse("account-sessions"), {"sitting": str(row.pk)}).url == reverse("account")
    assert there.get("/").url.startswith(reverse("login")) and here.get("/").status_code == 200
    assert here.post(reverse("account-sessions"), {"sitting": str(row.pk)}).status_code == 409
    assert AuditEntry.objects.filter(action="end_sitting", username="nurse").count() == 1


def test_all_others_are_ended_at_once(cast):
    visitors = [Client() for _ in range(3)]
    for visitor in visitors:
        password_typed(visitor)
    visitors[0].post(reverse("account-sessions"), {"do": "others"})
    assert "Đã đóng 2 phiên khác" in text(visitors[0].get(reverse("account"))) and [visitor.get("/").status_code for visitor in visitors] == [200, 302, 302]


@pytest.mark.parametrize("wanted", ["reset", "reset_step", "lock"])
def test_what_the_director_does_ends_the_sessions_at_once(stepped, cast, enter, wanted):
    there = Client()
    there.force_login(cast.nurse, backend="django.contrib.auth.backends.ModelBackend")
    enter("director").post(reverse("system-user-act", args=[cast.nurse.pk]), {"do": wanted})
    assert not Sitting.objects.filter(user=cast.nurse).exists() and there.get("/").status_code == 302


def test_signing_out_leaves_the_list(cast, client):
    password_typed(client)
    client.post(reverse("logout"))
    assert not Sitting.objects.exists() and AuditEntry.objects.filter(action="sign_out", username="nurse").count() == 1


@pytest.mark.parametrize(("field", "seconds", "over"), [("seen", 46 * 60, True), ("seen", 44 * 60, False), ("begun", 12 * 3600 + 60, True), ("begun", 12 * 3600 - 60, False)])
def test_idle_and_long_sessions_end(cast, client, field, seconds, over):
    password_typed(client)
    client.get("/")
    session = client.session
    session[field] = int(time.time()) - seconds
    session.save()
    answer = client.get("/")
    assert (answer.status_code == 302) == over
    if over:
        assert "Phiên trước đã tự đóng" in text(client.get(answer.url)) and not Sitting.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_ten_sessions(cast, client, django_assert_max_num_queries):
    password_typed(client)
    client.get("/")
    for sessions in (1, 11):
        with django_assert_max_num_queries(14):
            assert text(client.get(reverse("account"))).count("vào lúc <span") == sessions
        for _ in range(10):
            password_typed(Client())


# the password

def test_the_rules_stand_there_before_typing(cast, enter):
    page = text(enter("nurse").get(reverse("password_change")))
    assert "Ít nhất 10 ký tự" in page and "tên xã" in page and "chưa đạt" not in page


@pytest.mark.parametrize(("new", "again", "said"), [
    ("ngan", "ngan", "quá ngắn"), ("0912345678", "0912345678", "chỉ toàn chữ số"), ("matkhau2026", "matkhau2026", "ai cũng thử trước"),
    ("lethilan1980", "lethilan1980", "họ tên"), (CHOSEN, "khac-han-2026", "không giống nhau"), (PASSWORD, PASSWORD, "trùng mật khẩu hiện nay"), ("", "", "Hãy gõ mật khẩu mới"),
])
def test_what_a_new_password_breaks_is_explained(cast, enter, new, again, said):
    answer = enter("nurse").post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": again})
    assert answer.status_code == 422 and said in text(answer) and User.objects.get(pk=cast.nurse.pk).check_password(PASSWORD)
    assert not AccessAttempt.objects.exists()


def test_a_changed_password_ends_every_other_session_and_keeps_this_one(cast):
    here, there = Client(), Client()
    for visitor in (here, there):
        password_typed(visitor)
    answer = here.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": CHOSEN, "new_password2": CHOSEN})
    assert "Đã đóng 1 phiên khác" in text(here.get(answer.url)) and there.get("/").status_code == 302
    assert Sitting.objects.get().key == here.session.session_key and "Đổi lần cuối" in text(here.get(reverse("account")))


@pytest.mark.parametrize("chosen", [" Cầu lông xanh 2026 ", "đom đóm " * 16 + "bay"])
def test_a_password_is_taken_as_typed_with_blanks_at_its_ends_and_a_hundred_letters(cast, enter, chosen):
    given = {"old_password": PASSWORD, "new_password1": chosen, "new_password2": chosen}
    assert enter("nurse").post(reverse("password_change"), given).status_code == 302
    for typed, right in ((chosen + "x", False), (chosen[:-1], False), (chosen.swapcase(), False), (chosen, True)):
        assert (Client().post(reverse("login"), {"username": "nurse", "password": typed}).status_code == 302) is right, typed


def test_wrong_old_passwords_count(cast, enter):
    client = enter("nurse")
    given = {"old_password": "sai", "new_password1": CHOSEN, "new_password2": CHOSEN}
    statuses = [client.post(reverse("password_change"), given).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]
    assert client.post(reverse("password_change"), {**given, "old_password": PASSWORD}).status_code == 429
    assert CHOSEN not in AccessAttempt.objects.get().post_data


# small parts

def run(*words):
    from tramyte.web.commands.main import main

    return main(["user", *words])


def test_the_command_line_lets_somebody_in_whom_nobody_else_can_help(stepped, cast, client, capsys):
    AccessAttempt.objects.create(username="nurse", ip_address="10.0.0.1", user_agent="x", failures_since_start=9)
    assert run("release", "nurse") == 0
    password = capsys.readouterr().out.strip()
    assert client.post(reverse("login"), {"username": "nurse", "password": password}).url == "/" and not AccessAttempt.objects.exists()
    assert client.get("/").url == reverse("password_change") and AuditEntry.objects.filter(action="reset_second_step", username="he-thong").exists()
    assert run("release", "khongco") == 1 and "khongco" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        run("add", "moi")
    assert "--name" in capsys.readouterr().err
