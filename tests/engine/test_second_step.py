"""Second steps: codes of RFC 6238, used once, counted; recovery codes; the rule who must have them; sealed secrets; passwords in words."""

import base64
import datetime

import pytest
from argon2 import PasswordHasher
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tramyte.engine.access import sealing, second_step, sittings
from tramyte.engine.access.models import (
    Assignment,
    RecoveryCode,
    SecondStep,
    SignInNotice,
    Sitting,
    StepRule,
    User,
)
from tramyte.engine.access.operator import operator
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
AT = 1_780_000_000.0
# RFC 6238, appendix B, SHA-1, the last six of eight digits
RFC_CODES = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")]


@pytest.fixture(scope="module", autouse=True)
def quick_digests():
    """Recovery codes are digested at the least cost: that they are is what counts here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_step, "_argon", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def stepped(cast):
    """The nurse with a second step set up at AT, its secret and recovery codes."""
    secret = sealing.new_secret()
    codes = second_step.set_up_second_step(by=cast.nurse, secret=secret, code=sealing.code_at(secret, AT), at=AT)
    return cast.nurse, secret, codes


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def another(*codes):
    """Six digits that are none of these."""
    return next(code for code in (f"{n:06d}" for n in range(9)) if code not in codes)


@pytest.mark.parametrize(("at", "code"), RFC_CODES)
def test_codes_are_those_of_the_standard(at, code):
    assert sealing.code_at(RFC_SECRET, at) == code and sealing.matching_step(RFC_SECRET, code, at) == at // 30


@pytest.mark.parametrize(("late", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_one_step_of_drift_is_tolerated(late, taken):
    now = 30 * 50_000_000 + 15
    code = sealing.code_at(RFC_SECRET, now + late)
    near = {sealing.code_at(RFC_SECRET, now + drift) for drift in (-30, 0, 30)}
    assert taken or code not in near, "these seconds were chosen badly: two steps have one code"
    assert (sealing.matching_step(RFC_SECRET, code, now) is not None) == taken


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_code_or_none(text):
    assert sealing.matching_step(RFC_SECRET, text, AT) in (None, int(AT) // 30 - 1, int(AT) // 30, int(AT) // 30 + 1)


@given(st.text(max_size=80))
def test_a_sealed_text_opens_again_and_does_not_show(text):
    sealed = sealing.seal(text)
    assert sealing.unseal(sealed) == text and (len(text) < 4 or text not in sealed)


def test_another_key_opens_nothing(settings):
    sealed = sealing.seal("bí mật")
    settings.SECRET_KEY = "khóa của máy khác"
    assert refused(lambda: sealing.unseal(sealed)).code == "key_changed"


def test_a_code_is_taken_once(stepped):
    user, secret, _ = stepped
    again = sealing.code_at(secret, AT)
    assert refused(lambda: second_step.use_code(by=user, code=again, at=AT + 5)).code == "used_code"
    later = AT + 60
    code = sealing.code_at(secret, later)
    assert second_step.use_code(by=user, code=f" {code[:3]} {code[3:]} ", at=later) == "app"
    assert refused(lambda: second_step.use_code(by=user, code=code, at=later + 31)).code == "used_code"


def test_an_earlier_code_is_not_taken_after_a_later_one(stepped):
    user, secret, _ = stepped
    second_step.use_code(by=user, code=sealing.code_at(secret, AT + 120), at=AT + 120)
    assert refused(lambda: second_step.use_code(by=user, code=sealing.code_at(secret, AT + 90), at=AT + 120)).code == "used_code"


@pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "٠١٢٣٤٥", "0" * 16, "9" * 16, "1" * 400, "12345\u00b2"])
def test_a_wrong_code_is_refused_in_words_and_counted(stepped, typed):
    user, _, _ = stepped
    error = refused(lambda: second_step.use_code(by=user, code=typed, at=AT + 60))
    assert error.code == "bad_code" and error.message.endswith(".") and SecondStep.objects.get(user=user).wrong == 1


def test_too_many_wrong_ones_from_anywhere_must_rest(stepped):
    user, secret, codes = stepped
    wrong = another(*(sealing.code_at(secret, AT + 60 + drift) for drift in (-30, 0, 30)))
    for _ in range(second_step.MOST_WRONG):
        assert refused(lambda: second_step.use_code(by=user, code=wrong, at=AT + 60)).code == "bad_code"
    for code in (sealing.code_at(secret, AT + 60), codes[0]):
        assert refused(lambda code=code: second_step.use_code(by=user, code=code, at=AT + 60)).status == 429
    later = AT + 60 + second_step.REST.total_seconds() + 1
    assert second_step.use_code(by=user, code=sealing.code_at(secret, later), at=later) == "app"
    assert SecondStep.objects.get(user=user).wrong == 0


def test_the_director_releases_before_the_rest_is_over(stepped, cast):
    user, secret, _ = stepped
    SecondStep.objects.filter(user=user).update(wrong=second_step.MOST_WRONG, wrong_at=datetime.datetime.fromtimestamp(AT, datetime.UTC))
    second_step.release_sign_in(by=cast.director, id=user.pk)
    assert second_step.use_code(by=user, code=sealing.code_at(secret, AT + 60), at=AT + 60) == "app"


def test_each_recovery_code_works_once(stepped):
    user, _, codes = stepped
    assert len(set(codes)) == 10 and all(len(code) == 16 and code.isdigit() for code in codes) and [code[0] for code in codes] == list("0123456789")
    digests = set(RecoveryCode.objects.filter(user=user).values_list("digest", flat=True))
    assert len(digests) == 10 and all(digest.startswith("$argon2id$") for digest in digests) and not any(code in digest for code in codes for digest in digests)
    spaced = " ".join(codes[7][n:n + 4] for n in range(0, 16, 4))
    assert second_step.use_code(by=user, code=spaced, at=AT + 1) == "recovery" and second_step.codes_left(user) == 9
    assert refused(lambda: second_step.use_code(by=user, code=codes[7], at=AT + 2)).code == "used_code"
    renewed = second_step.renew_recovery_codes(by=user)
    assert second_step.codes_left(user) == 10
    assert refused(lambda: second_step.use_code(by=user, code=codes[3], at=AT + 3)).code == "bad_code"
    assert second_step.use_code(by=user, code=renewed[3], at=AT + 4) == "recovery"


def test_recovery_codes_still_work_under_another_key(stepped, settings):
    user, secret, codes = stepped
    settings.SECRET_KEY = "khóa của máy khác"
    assert refused(lambda: second_step.use_code(by=user, code=sealing.code_at(secret, AT + 60), at=AT + 60)).code == "key_changed"
    assert second_step.use_code(by=user, code=codes[0], at=AT + 60) == "recovery"


def test_neither_secret_nor_code_is_kept_in_the_clear_or_audited(stepped):
    user, secret, codes = stepped
    second_step.use_code(by=user, code=codes[1], at=AT + 1)
    kept = str(list(SecondStep.objects.values())) + str(list(RecoveryCode.objects.values())) + str(list(AuditEntry.objects.values()))
    assert not any(text in kept for text in (secret, *codes))
    assert {"set_up_second_step", "use_recovery_code"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_a_wrong_first_code_sets_nothing_up(cast):
    secret = sealing.new_secret()
    wrong = another(*(sealing.code_at(secret, AT + drift) for drift in (-30, 0, 30)))
    assert refused(lambda: second_step.set_up_second_step(by=cast.nurse, secret=secret, code=wrong, at=AT)).code == "bad_code"
    assert not second_step.has_step(cast.nurse) and refused(lambda: second_step.renew_recovery_codes(by=cast.nurse)).code == "no_step"
    assert refused(lambda: second_step.use_code(by=cast.nurse, code=wrong, at=AT)).code == "no_step"


def test_a_new_phone_ends_the_old_one(stepped):
    user, old, codes = stepped
    new = sealing.new_secret()
    second_step.set_up_second_step(by=user, secret=new, code=sealing.code_at(new, AT + 60), at=AT + 60)
    code = sealing.code_at(old, AT + 120)
    near = {sealing.code_at(new, AT + 120 + drift) for drift in (-30, 0, 30)}
    assert code in near or refused(lambda: second_step.use_code(by=user, code=code, at=AT + 120)).code == "bad_code"
    assert refused(lambda: second_step.use_code(by=user, code=codes[0], at=AT + 120)).code == "bad_code"


@pytest.mark.parametrize(("username", "status"), [("clinician", 403), ("nurse", 403), ("officer", 403), ("supervisor", 403), ("admin", 200), ("director", 200)])
def test_only_who_manages_accounts_resets_a_second_step(stepped, cast, username, status):
    user, _, _ = stepped
    if status == 403:
        assert refused(lambda: second_step.reset_second_step(by=cast.users[username], id=user.pk)).status == 403
        assert second_step.has_step(user)
        return
    second_step.reset_second_step(by=cast.users[username], id=user.pk)
    assert not second_step.has_step(user) and not RecoveryCode.objects.exists()
    assert AuditEntry.objects.filter(action="reset_second_step", username=username, object_id=str(user.pk)).exists()
    told = second_step.told_notices(by=user)
    assert cast.users[username].full_name in told[0] and second_step.told_notices(by=user) == [] and SignInNotice.objects.count() == 1
    assert refused(lambda: second_step.reset_second_step(by=cast.users[username], id=user.pk)).code == "no_step"


def test_nobody_resets_oneself_or_a_stranger(cast):
    assert refused(lambda: second_step.reset_second_step(by=cast.director, id=cast.director.pk)).code == "self"
    assert refused(lambda: second_step.reset_second_step(by=cast.director, id=cast.stranger.pk)).status == 404
    assert refused(lambda: second_step.release_sign_in(by=cast.director, id=cast.stranger.pk)).status == 404


def test_by_default_nobody_must_and_who_manages_is_reminded(cast):
    fresh = {name: User.objects.get(pk=user.pk) for name, user in cast.users.items()}
    assert not any(second_step.must_have_step(user) for user in fresh.values())
    assert {name for name, user in fresh.items() if second_step.should_have_step(user)} == {"director", "admin"}


def test_a_rule_counts_in_its_place_and_under_it(cast):
    second_step.set_step_roles(by=cast.director, place=cast.commune, roles={"nurse", "village_worker"})
    fresh = {name: User.objects.get(pk=user.pk) for name, user in cast.users.items()}
    assert {name for name, user in fresh.items() if second_step.must_have_step(user)} == {"nurse", "village_worker"}
    assert refused(lambda: second_step.remove_second_step(by=fresh["nurse"])).code == "must_have"
    entry = AuditEntry.objects.filter(action="set_step_roles").first()
    assert entry.before == {"roles": "không vai trò nào"} and "Điều dưỡng" in entry.after["roles"]
    second_step.set_step_roles(by=cast.director, place=cast.commune, roles={"nurse"})
    second_step.set_step_roles(by=cast.director, place=cast.commune, roles={"nurse"})
    assert list(StepRule.objects.values_list("role", flat=True)) == ["nurse"] and AuditEntry.objects.filter(action="set_step_roles").count() == 2


@pytest.mark.parametrize(("by", "place", "roles", "status"), [
    ("nurse", "commune", {"nurse"}, 403), ("director", "other_commune", {"nurse"}, 404), ("director", "province", {"nurse"}, 404), ("director", "commune", {"king"}, 422)])
def test_a_rule_is_set_by_who_manages_the_place(cast, by, place, roles, status):
    assert refused(lambda: second_step.set_step_roles(by=cast.users[by], place=getattr(cast, place), roles=roles)).status == status
    assert not StepRule.objects.exists()


def test_what_is_free_can_be_turned_off(stepped):
    user, _, _ = stepped
    second_step.remove_second_step(by=user)
    assert not second_step.has_step(user) and second_step.codes_left(user) == 0


def test_the_counts_are_of_the_own_places(stepped, cast):
    counts = second_step.step_counts(cast.director)
    assert counts["nurse"] == (1, 1) and counts["director"] == (1, 0) and "supervisor" not in counts


def test_the_operator_of_the_command_line_reaches_everybody(stepped):
    user, _, _ = stepped
    second_step.reset_second_step(by=operator(), id=user.pk)
    assert not second_step.has_step(user)


# open sessions

def test_a_session_of_somebody_else_cannot_be_ended(cast):
    for user, key in ((cast.nurse, "a"), (cast.nurse, "b"), (cast.director, "c")):
        sittings.begin_sitting(by=user, key=key, address="192.168.1.5", agent="Firefox", longest=3600)
    foreign = Sitting.objects.get(key="c")
    for id in (str(foreign.pk), "", "x", "9" * 30, "٣"):
        assert refused(lambda id=id: sittings.end_sitting(by=cast.nurse, id=id)).code == "gone"
    assert sittings.end_other_sittings(by=cast.nurse, key="a") == 1
    assert set(Sitting.objects.values_list("key", flat=True)) == {"a", "c"} and sittings.end_other_sittings(by=cast.nurse, key="a") == 0


def test_old_sessions_are_cleared_away_at_the_next_sign_in(cast):
    sittings.begin_sitting(by=cast.nurse, key="old", address="", agent="", longest=3600)
    Sitting.objects.update(begun_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    sittings.begin_sitting(by=cast.nurse, key="new", address="", agent="", longest=3600)
    assert list(Sitting.objects.values_list("key", flat=True)) == ["new"]


# passwords in words; the nurse is Lê Thị Lan of Xã Đồng Vân, Tỉnh Ninh Bình, Trạm Y tế xã

@pytest.mark.parametrize(("password", "code"), [
    ("ngan8chu", "password_too_short"), ("0912345678", "password_entirely_numeric"), ("qwertyuiop", "password_too_common"), ("iloveyou123", "password_too_common"),
    ("lethilan1980", "password_too_similar"), ("Lê Thị Lan 80", "password_too_similar"), ("lan-thi-le@@", "password_too_similar"), ("nurse.nurse1", "password_too_similar"),
    ("matkhau2026", "password_commonplace"), ("Mật khẩu 2026", "password_commonplace"), ("dong-van-2026", "password_commonplace"), ("tramytexadongvan", "password_commonplace"),
    ("NinhBinh@1990", "password_commonplace"), ("Giamdoc@12345", "password_commonplace"), ("tytdongvan#1", "password_commonplace"),
])
def test_a_weak_password_is_refused_with_its_reason(cast, password, code):
    with pytest.raises(ValidationError) as caught:
        validate_password(password, User.objects.get(pk=cast.nurse.pk))
    found = {error.code: error.messages[0] for error in caught.value.error_list}
    assert code in found and found[code].endswith(".") and password not in " ".join(found.values())


@pytest.mark.parametrize("password", ["cau-long-xanh-2026", "mưa rào tháng bảy", "ghe go cu ki", "kW7#pq!x2Zrm", "9#4$8@2&1%5", "xe đạp màu cam", "пароль станция", "con trâu tramyte xanh"])
def test_a_good_password_is_taken_whatever_its_letters(cast, password):
    validate_password(password, User.objects.get(pk=cast.nurse.pk))


def test_every_rule_says_itself_before_typing():
    words = [rule.get_help_text() for rule in get_default_password_validators()]
    assert len(words) == 5 == len(set(words)) and all(text.endswith(".") for text in words) and "10" in words[0]


def test_the_hamlet_of_a_village_worker_is_commonplace(cast):
    worker = User.objects.get(pk=cast.village_worker.pk)
    hamlet = Assignment.objects.get(user=worker).place.name
    with pytest.raises(ValidationError):
        validate_password(f"{hamlet} 2026", worker)


def test_a_place_is_commonplace_before_the_first_day_there(cast):
    worker = User.objects.get(pk=cast.village_worker.pk)
    held = Assignment.objects.get(user=worker)
    Assignment.objects.filter(pk=held.pk).update(valid_from=datetime.date(2026, 6, 4))
    with pytest.raises(ValidationError):
        validate_password(f"{held.place.name} 2026", worker)


@given(st.text(max_size=60))
def test_judging_never_breaks(password):
    try:
        validate_password(password, User(username="lethilan", full_name="Lê Thị Lan"))
    except ValidationError as error:
        assert all(text.endswith(".") for text in error.messages)
