"""Secrets of the second step: made, sealed by the home's key, and read as codes of six digits.

Source: RFC 6238 (TOTP) with SHA-1, 30 seconds and 6 digits, what every authenticator application understands.
"""

import base64
import secrets
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from tramyte.engine.refused import Refused

if TYPE_CHECKING:  # 9 MB, imported where they are used
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS, DIGITS, DRIFT = 30, 6, 1
PURPOSE = "tramyte.second-step"


def new_secret() -> str:
    """A fresh secret of 160 bits in base32, 32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def seal(text: str) -> str:
    """A text that only this home's secret key opens again."""
    return _box().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The text behind `seal`. Raises Refused when it was sealed by another key: a backup was restored without its secret-key."""
    from cryptography.fernet import InvalidToken

    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, ValueError) as error:
        text = ("Máy chủ đã đổi khóa bí mật nên không đọc được mã của ứng dụng trên điện thoại. "
                "Hãy dùng một mã khôi phục, hoặc nhờ giám đốc trạm đặt lại bước hai.")
        raise Refused("key_changed", text, status=409) from error


def matching_step(secret: str, code: str, at: float) -> int | None:
    """The 30-second step that six digits belong to at a moment (seconds since 1970), one step early or late allowed; None for none."""
    from cryptography.hazmat.primitives.twofactor import InvalidToken

    codes, now = _codes(secret), int(at) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        try:
            codes.verify(code.encode("ascii", "replace"), step * STEP_SECONDS)
            found = step
        except InvalidToken:
            continue
    return found


def code_at(secret: str, at: float) -> str:
    """The six digits that an application shows at a moment."""
    return _codes(secret).generate(int(at)).decode("ascii")


def address_of(secret: str, account: str, issuer: str) -> str:
    """The otpauth:// address that an application reads from a QR code."""
    return _codes(secret).get_provisioning_uri(account, issuer)


def _codes(secret: str) -> "TOTP":
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)


def _box() -> "Fernet":
    from cryptography.fernet import Fernet

    key = salted_hmac(PURPOSE, "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
