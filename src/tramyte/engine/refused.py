"""The one family of refusals: what an action, an import or a reader says when it will not do something."""


class Refused(Exception):
    """Something was not done, with the sentence that the user reads.

    code: a short English slug, stable, for programs (`no_right`, `bad_date`, `conflict`, ...).
    message: a Vietnamese sentence that says what is wrong, where, and what to do next.
    field: the name of the field at fault, or an empty string.
    status: the HTTP status the web answers with (422 wrong input, 403 no right, 404 not there, 409 conflict).
    """

    def __init__(self, code: str, message: str, *, field: str = "", status: int = 422) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.status = status


def no_right(message: str = "") -> Refused:
    """The refusal for an act outside a user's rights or places."""
    text = message or "Tài khoản này không có quyền làm việc đó. Hãy hỏi giám đốc trạm hoặc người quản trị."
    return Refused("no_right", text, status=403)


def not_found(what: str = "mục này") -> Refused:
    """The refusal for something that is not there, or not there for this user."""
    return Refused("not_found", f"Không tìm thấy {what} trong phạm vi của bạn. Hãy kiểm tra lại đường dẫn.", status=404)
