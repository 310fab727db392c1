"""The only writers of second steps, recovery codes and the rule who must have them.

Moments are given as seconds since 1970 (`at`), so that a test needs no clock. No secret and no code ever reaches the audit.
"""

import datetime
import secrets
import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from tramyte.engine import clock
from tramyte.engine.access import sealing
from tramyte.engine.access.actions import MANAGE, find_user
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import assignments, may, places, require
from tramyte.engine.access.roles import ROLES
from tramyte.engine.access.sign_in_models import RecoveryCode, SecondStep, SignInNotice, StepRule
from tramyte.engine.access.sittings import end_all_sittings
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import ids_below, valid_on
from tramyte.engine.refused import Refused, not_found

if TYPE_CHECKING:  # imported where it is used
    from argon2 import PasswordHasher

CODES, CODE_DIGITS = 10, 16
MOST_WRONG, REST = 10, datetime.timedelta(minutes=15)  # over all addresses; axes counts five from one address
WORTH_TELLING = 5  # so many wrong codes after the right password: the user is told
BAD_CODE = "Mã không đúng. Hãy gõ 6 số đang hiện trong ứng dụng; vẫn sai thì so giờ điện thoại với giờ máy chủ, lệch quá một phút là mã không khớp."


def has_step(user: User) -> bool:
    """Whether the user signs in with a second step."""
    return SecondStep.objects.filter(user=user).exists()


def codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def must_have_step(user: User) -> bool:
    """Whether a rule of the house asks this user's role for a second step."""
    rules = list(StepRule.objects.select_related("place"))
    return any(rule.role == one.role and one.place_id in ids_below([rule.place]) for rule in rules for one in assignments(user))


def should_have_step(user: User) -> bool:
    """Whether this user, who manages accounts, is to be reminded of a second step."""
    return may(user, MANAGE) and not has_step(user)


def set_up_second_step(*, by: User, secret: str, code: str, at: float) -> list[str]:
    """Begin to ask this user for codes of a secret, proved by one of them; an earlier secret ends.

    Answers ten recovery codes, which are kept nowhere. Raises Refused for a code that is not of this secret.
    """
    step = sealing.matching_step(secret, _digits(code), at)
    if step is None:
        raise Refused("bad_code", BAD_CODE, field="code")
    codes, rows = _new_codes(by)
    with transaction.atomic():
        SecondStep.objects.update_or_create(
            user=by, defaults={"secret": sealing.seal(secret), "set_up_at": _moment(at), "used_step": step, "wrong": 0, "wrong_at": None})
        _replace_codes(by, rows)
        chain.record(by=by, action="set_up_second_step", row=by)
    return codes


def renew_recovery_codes(*, by: User) -> list[str]:
    """Ten new recovery codes, kept nowhere; the old ones end. Raises Refused for a user without a second step."""
    codes, rows = _new_codes(by)
    with transaction.atomic():
        if not SecondStep.objects.select_for_update().filter(user=by).exists():
            raise Refused("no_step", "Tài khoản chưa cài bước hai nên chưa có mã khôi phục. Hãy cài bước hai trước.", status=409)
        _replace_codes(by, rows)
        chain.record(by=by, action="renew_recovery_codes", row=by)
    return codes


def use_code(*, by: User, code: str, at: float) -> str:
    """Take a code of the application (6 digits) or a recovery code (16 digits), once; answers "app" or "recovery".

    Every try is counted before it is judged. Raises Refused: `waiting` (429) after too many wrong ones, `used_code`, `bad_code`,
    `key_changed`, `no_step`.
    """
    _count_try(by, at)
    digits = _digits(code)
    try:
        kind = _use_recovery(by, digits, at) if len(digits) == CODE_DIGITS else _use_app(by, digits, at)
    except Refused as refused:
        _note_wrong(by, at, refused)
        raise
    SecondStep.objects.filter(user=by).update(wrong=0, wrong_at=None)
    return kind


def _note_wrong(user: User, at: float, refused: Refused) -> None:
    """Write a wrong code down; after several its user hears of it, for whoever types codes knows the password."""
    chain.record(by=user, action="wrong_code", row=user, note="mã đã dùng" if refused.code == "used_code" else "")
    if SecondStep.objects.filter(user=user, wrong=WORTH_TELLING).exists():
        tell_at_sign_in(user, f"Lúc {_moment(at):%H:%M ngày %d/%m/%Y} có người gõ đúng mật khẩu của bạn rồi gõ sai mã bước hai {WORTH_TELLING} lần. "
                        "Không phải bạn thì đổi mật khẩu ngay và báo giám đốc trạm.")


def _count_try(user: User, at: float) -> None:
    rows, now = SecondStep.objects.filter(user=user), _moment(at)
    rows.filter(wrong_at__lte=now - REST).update(wrong=0)
    if rows.filter(wrong__lt=MOST_WRONG).update(wrong=F("wrong") + 1, wrong_at=now):
        return
    if not rows.exists():
        raise Refused("no_step", "Tài khoản không còn bước hai. Hãy đăng nhập lại.", status=409)
    text = "Đã gõ sai mã nhiều lần nên bước hai tạm khóa 15 phút. Cần vào ngay: nhờ giám đốc trạm mở khóa đăng nhập ở Hệ thống, Tài khoản."
    raise Refused("waiting", text, status=429)


def _use_app(user: User, digits: str, at: float) -> str:
    row = SecondStep.objects.get(user=user)
    step = sealing.matching_step(sealing.unseal(row.secret), digits, at) if len(digits) == sealing.DIGITS else None
    if step is None:
        raise Refused("bad_code", BAD_CODE, field="code")
    # One statement, so that of two requests with the same code only one gets in.
    if not SecondStep.objects.filter(user=user, used_step__lt=step).update(used_step=step):
        raise Refused("used_code", "Mã này đã dùng rồi. Chờ ứng dụng hiện mã mới (mỗi 30 giây) rồi gõ mã đó.", field="code")
    return "app"


def _use_recovery(user: User, digits: str, at: float) -> str:
    row = RecoveryCode.objects.filter(user=user, first=int(digits[0])).first()
    if row is None or not _matches(row.digest, digits):
        raise Refused("bad_code", "Mã khôi phục không đúng. Hãy gõ đủ 16 số của một mã chưa gạch trên tờ đã in.", field="code")
    with transaction.atomic():
        if not RecoveryCode.objects.filter(pk=row.pk, used_at=None).update(used_at=_moment(at)):
            raise Refused("used_code", "Mã khôi phục này đã dùng rồi. Mỗi mã chỉ dùng một lần: hãy gõ mã khác trên tờ đã in.", field="code")
        chain.record(by=user, action="use_recovery_code", row=user, note=f"còn {codes_left(user)} mã")
    return "recovery"


@transaction.atomic
def remove_second_step(*, by: User) -> None:
    """Stop asking oneself for codes. Raises Refused where a rule of the house asks the own role for them."""
    if must_have_step(by):
        text = "Vai trò của bạn bắt buộc có bước hai nên không tắt được. Đổi điện thoại thì bấm Cài lại trên điện thoại khác."
        raise Refused("must_have", text, status=409)
    if _forget(by):
        chain.record(by=by, action="remove_second_step", row=by)


@transaction.atomic
def reset_second_step(*, by: User, id: uuid.UUID | str) -> User:
    """Take away a colleague's second step (lost phone, no recovery code left); the colleague reads of it at the next sign-in.

    Raises Refused for oneself, for somebody outside the own places, and where there is nothing to take away.
    """
    user = find_user(by=by, id=id)
    if user.pk == by.pk:
        raise Refused("self", "Bước hai của chính mình thì tắt ở trang Tài khoản của tôi.", status=409)
    if not _forget(user):
        raise Refused("no_step", f"{user.full_name} chưa cài bước hai nên không có gì để đặt lại.", status=409)
    end_all_sittings(user)
    chain.record(by=by, action="reset_second_step", row=user)
    tell_at_sign_in(user, f"{by.full_name} đã đặt lại bước hai của tài khoản này ngày {clock.now():%d/%m/%Y}. Điện thoại và mã khôi phục cũ hết tác dụng: "
                    "hãy cài lại ở Tài khoản của tôi. Không phải do bạn nhờ thì báo giám đốc trạm ngay.")
    return user


@transaction.atomic
def release_sign_in(*, by: User, id: uuid.UUID | str) -> User:
    """Let a user who typed too many wrong codes or passwords try again at once."""
    user = find_user(by=by, id=id)
    SecondStep.objects.filter(user=user).update(wrong=0, wrong_at=None)
    chain.record(by=by, action="release_sign_in", row=user)
    return user


def ruled_places(user: User) -> list[Place]:
    """The places whose rules this user sets: those of the own assignments that manage accounts."""
    held: dict[uuid.UUID, Place] = {one.place_id: one.place for one in assignments(user) if MANAGE in one.permissions}
    return list(held.values())


@transaction.atomic
def set_step_roles(*, by: User, place: Place | None, roles: set[str]) -> None:
    """Which roles must have a second step in a place and under it; it counts from each one's next sign-in on.

    Raises Refused for an unknown role and for a place that is not one's own to rule.
    """
    require(by, MANAGE)
    if place is None or place.pk not in {one.pk for one in ruled_places(by)}:
        raise not_found("địa bàn này")
    if roles - ROLES.keys():
        raise Refused("bad_role", "Không có vai trò này. Hãy tải lại trang rồi chọn lại.")
    before = set(StepRule.objects.filter(place=place).values_list("role", flat=True))
    if before == roles:
        return
    StepRule.objects.filter(place=place).exclude(role__in=roles).delete()
    StepRule.objects.bulk_create([StepRule(place=place, role=role) for role in sorted(roles - before)])
    chain.record(by=by, action="set_step_roles", row=place, before={"roles": _titles(before)}, after={"roles": _titles(roles)})


def step_counts(by: User) -> dict[str, tuple[int, int]]:
    """For each role in the own places: how many accounts in use have it, and how many of these have a second step."""
    held = Assignment.objects.filter(valid_on(clock.today()), place__in=places(by, MANAGE), entered_in_error=False, user__is_active=True)
    safe = set(SecondStep.objects.values_list("user_id", flat=True))
    users: dict[str, set[uuid.UUID]] = {}
    for role, user in held.values_list("role", "user_id"):
        users.setdefault(role, set()).add(user)
    return {role: (len(ids), len(ids & safe)) for role, ids in users.items()}


def tell_at_sign_in(user: User, text: str) -> None:
    """Leave a sentence that the user reads after the next sign-in."""
    SignInNotice.objects.create(user=user, text=text[:300])


@transaction.atomic
def told_notices(*, by: User) -> list[str]:
    """The sentences left for this user; from now on they count as told."""
    rows = SignInNotice.objects.filter(user=by, told_at=None)
    texts = list(rows.values_list("text", flat=True))
    if texts:
        rows.update(told_at=clock.now())
    return texts


def _titles(roles: set[str]) -> str:
    return ", ".join(ROLES[role].title for role in sorted(roles)) or "không vai trò nào"


def _forget(user: User) -> bool:
    RecoveryCode.objects.filter(user=user).delete()
    return bool(SecondStep.objects.filter(user=user).delete()[0])


def _new_codes(user: User) -> tuple[list[str], list[RecoveryCode]]:
    """Ten codes of 16 digits, each beginning with another digit, and their rows: 15 random digits are 50 bits.

    Digits only: a Vietnamese keyboard driver turns typed letters into others. Digests are made before the transaction begins, for
    they take time; OWASP's least Argon2id is enough for what nobody chose.
    """
    codes = [f"{first}{secrets.randbelow(10 ** (CODE_DIGITS - 1)):0{CODE_DIGITS - 1}d}" for first in range(CODES)]
    return codes, [RecoveryCode(user=user, first=int(code[0]), digest=_argon().hash(code)) for code in codes]


def _replace_codes(user: User, rows: list[RecoveryCode]) -> None:
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(rows)


def _matches(digest: str, code: str) -> bool:
    from argon2.exceptions import VerificationError

    try:
        return bool(_argon().verify(digest, code))
    except VerificationError:
        return False


def _argon() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _digits(code: str) -> str:
    """What was typed without blanks, dots and hyphens; at most 40 characters of it."""
    kept = "".join(letter for letter in code[:40] if letter not in " .-\u00a0")
    return kept if kept.isascii() and kept.isdigit() else ""


def _moment(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, clock.ZONE)
