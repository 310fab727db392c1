"""What the machine itself refuses: a full disk, a busy, read-only, damaged or absent database, as sentences."""

import errno

from django.db import DatabaseError, InterfaceError, OperationalError

from tramyte.engine.refused import Refused

UNSAVED = "Việc vừa làm chưa được lưu; dữ liệu đã lưu trước đó vẫn còn nguyên."
SENTENCES = {
    "disk_full": (507, f"Ổ đĩa của máy chủ đã đầy. {UNSAVED} Hãy báo người quản trị dọn bớt chỗ rồi làm lại."),
    "busy": (503, f"Dữ liệu đang bận vì một việc khác đang ghi. {UNSAVED} Hãy đợi một phút rồi làm lại."),
    "read_only": (503, f"Máy chủ không có quyền ghi dữ liệu. {UNSAVED} Hãy báo người quản trị sửa quyền của thư mục dữ liệu rồi làm lại."),
    "damaged": (503, "Tệp dữ liệu bị hỏng. Việc vừa làm chưa được lưu. Hãy ngừng nhập, giữ nguyên máy và báo người quản trị khôi phục từ bản sao lưu."),
    "no_connection": (503, f"Mất kết nối với cơ sở dữ liệu. {UNSAVED} Hãy thử lại sau một phút; nếu vẫn vậy, báo người quản trị."),
    "old_data": (503, "Cơ sở dữ liệu chưa được tạo hoặc chưa nâng cấp cho bản này. Hãy báo người quản trị chạy: tramyte migrate"),
}
# Words of SQLite's messages; it gives no other sign through Django.
SQLITE = (
    ("disk is full", "disk_full"), ("disk i/o error", "disk_full"), ("is locked", "busy"), ("readonly", "read_only"),
    ("malformed", "damaged"), ("not a database", "damaged"), ("unable to open", "no_connection"),
    ("no such table", "old_data"), ("no such column", "old_data"),
)
# Classes and codes of PostgreSQL's SQLSTATE.
STATES = (
    ("53100", "disk_full"), ("25006", "read_only"), ("40", "busy"), ("55P03", "busy"), ("53", "busy"),
    ("XX001", "damaged"), ("XX002", "damaged"), ("42P01", "old_data"), ("42703", "old_data"),
    ("08", "no_connection"), ("57P", "no_connection"), ("3D000", "no_connection"), ("28", "no_connection"),
)
ERRNO = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EROFS: "read_only"}


def trouble_of(error: BaseException | None) -> Refused | None:
    """The refusal that tells of a trouble of disk or database: status 503, or 507 for a full disk; None for any other error."""
    code = ""
    if isinstance(error, OSError):
        code = ERRNO.get(error.errno or 0, "")
    elif isinstance(error, DatabaseError | InterfaceError):
        code = _of_database(error)
    if not code:
        return None
    status, message = SENTENCES[code]
    return Refused(code, message, status=status)


def _of_database(error: Exception) -> str:
    state = getattr(error.__cause__, "sqlstate", None)
    if state:
        return next((code for start, code in STATES if state.startswith(start)), "")
    words = str(error).lower()
    found = next((code for sign, code in SQLITE if sign in words), "")
    lost = isinstance(error, InterfaceError) or (isinstance(error, OperationalError) and "connect" in words)
    return found or ("no_connection" if lost else "")
