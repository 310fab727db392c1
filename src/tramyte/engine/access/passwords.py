"""What a new password must not be, each rule with the sentence shown before typing and the one that explains a breach.

Django's validators do the judging where they can; ours fold tones and know the words of a Vietnamese station. Length counts,
kinds of letters do not (OWASP ASVS 5.0, 6.2.5).
"""

import re
from typing import Any

from django.contrib.auth import password_validation as djangos
from django.core.exceptions import ValidationError

from tramyte.engine.access.models import Assignment, User
from tramyte.rules.text import fold

# What people choose first, without tones and blanks. Longer words stand first so that they are taken off whole.
COMMONPLACE = sorted((
    "matkhau", "matkhaumoi", "khongcomatkhau", "password", "pass", "passwd", "dangnhap", "login", "welcome", "xinchao", "bimat", "letmein", "secret",
    "tramyte", "trungtamyte", "benhvien", "suckhoe", "yte", "tyt", "ttyt", "ubnd", "uyban", "thiennguyen", "tramxa", "soyte", "boyte",
    "giamdoc", "bacsi", "ysi", "yta", "dieuduong", "nuhosinh", "duocsi", "quantri", "quantrivien", "admin", "administrator", "root", "user", "test", "demo",
    "nhanvien", "canbo", "xaphuong", "phuong", "huyen", "tinh", "thon", "vietnam", "hanoi", "saigon", "hochiminh", "tphcm",
    "anhyeuem", "emyeuanh", "iloveyou", "yeuem", "yeuanh", "conyeu", "meyeu", "giadinh", "hanhphuc", "chucmungnammoi", "maimai", "thanhcong",
    "abc", "abcd", "abcde", "abcdef", "abcxyz", "qwe", "qwer", "qwerty", "qwertyuiop", "asd", "asdf", "asdfgh", "zxc", "zxcv", "zxcvbn", "qaz", "qazwsx", "aaa", "xxx",
), key=len, reverse=True)
FEWEST_OWN = 5  # letters that must be left when the guessable ones are taken off


class Long(djangos.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        """What a short password breaks."""
        return f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự. Ghép ba, bốn tiếng không liên quan với nhau thì dễ nhớ mà khó đoán."

    def get_help_text(self) -> str:
        """The rule."""
        return f"Ít nhất {self.min_length} ký tự; dài hơn thì tốt hơn, dùng được cả dấu cách và chữ có dấu."


class Uncommon(djangos.CommonPasswordValidator):
    """None of the 20,000 passwords most often stolen."""

    def get_error_message(self) -> str:
        """What a common password breaks."""
        return "Mật khẩu này nằm trong danh sách 20.000 mật khẩu hay bị lộ nhất, máy dò thử trước tiên. Hãy chọn mật khẩu khác."

    def get_help_text(self) -> str:
        """The rule."""
        return "Không nằm trong 20.000 mật khẩu hay bị lộ nhất."


class NotOnlyDigits(djangos.NumericPasswordValidator):
    """Not a number: telephone, identity card, birthday."""

    def get_error_message(self) -> str:
        """What a number breaks."""
        return "Mật khẩu chỉ toàn chữ số, như số điện thoại hay ngày sinh, dò rất nhanh. Hãy thêm chữ."

    def get_help_text(self) -> str:
        """The rule."""
        return "Không chỉ toàn chữ số."


class NotTheName(djangos.UserAttributeSimilarityValidator):
    """Not close to the user's name or user name, with or without tones, in any order of its parts."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "full_name"))

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is the name again."""
        if not user:
            return
        super().validate(password, user)
        plain = User(username=fold(user.username), full_name=fold(user.full_name))
        super().validate(fold(password), plain)
        if _left_over(password, [*fold(user.full_name).split(), fold(user.username)]) < FEWEST_OWN:
            raise ValidationError(self.get_error_message(), code="password_too_similar")

    def get_error_message(self) -> str:
        """What a name breaks."""
        return "Mật khẩu gần giống họ tên hoặc tên đăng nhập của bạn; người quen đoán được. Hãy dùng những tiếng không liên quan tới tên."

    def get_help_text(self) -> str:
        """The rule."""
        return "Không giống họ tên, tên đăng nhập của bạn (có dấu hay không dấu)."


class NotCommonplace:
    """Not put together from what everybody at a station would try: matkhau, tramyte, the commune's name, a year."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when, without such words, hardly a letter is left."""
        if _left_over(password, [*_places_of(user), *COMMONPLACE]) < FEWEST_OWN:
            text = ("Mật khẩu ghép từ những chữ ai cũng thử trước: “matkhau”, “tramyte”, tên xã, tên thôn, năm. "
                    "Hãy thêm vài tiếng của riêng bạn, ví dụ tên một vật và một màu.")
            raise ValidationError(text, code="password_commonplace")

    def get_help_text(self) -> str:
        """The rule."""
        return "Không ghép từ chữ ai cũng đoán: “matkhau”, “tramyte”, “giamdoc”, tên xã, tên thôn, năm."


def _places_of(user: Any) -> list[str]:
    """The names of the places and units that the user has, had or will have, folded, without blanks and without the words thôn, xã, tỉnh."""
    if not isinstance(user, User) or user._state.adding:
        return []
    held = Assignment.objects.filter(user=user, entered_in_error=False).select_related("place__parent", "unit")  # also those to come: an account is made before its first day
    names = [str(name) for one in held for name in (one.place.name, one.place.parent and one.place.parent.name, one.unit and one.unit.name) if name]
    kinds = re.compile(r"^(xa|phuong|thi tran|dac khu|thon|ap|ban|to dan pho|khu pho|tinh|thanh pho|tram y te) ")
    found = {text.replace(" ", "") for name in names for text in (fold(name), kinds.sub("", fold(name)), kinds.sub("", kinds.sub("", fold(name))))}
    return sorted(found, key=len, reverse=True)


def _left_over(password: str, words: list[str]) -> int:
    """How many letters are left when such words are taken off; many when the password holds none of them."""
    letters = re.sub(r"[^a-z]", "", fold(password))
    rest = letters
    for word in words:
        if len(word) > 1:
            rest = rest.replace(word, " ")
    rest = rest.replace(" ", "")
    return FEWEST_OWN if rest == letters else len(rest)
