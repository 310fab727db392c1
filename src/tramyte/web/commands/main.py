"""`tramyte COMMAND`: find the verb, read its options, run it."""

import argparse
import datetime
import importlib
import os
import sys
from collections.abc import Sequence

import django

from tramyte import __version__
from tramyte.engine.clock import AS_OF
from tramyte.engine.refused import Refused
from tramyte.web import demo_notes, home
from tramyte.web.commands.speech import speak_vietnamese

# Verb -> what it does. The module `tramyte.web.commands.<verb>` is only imported when it is asked for.
VERBS = {
    "audit": "kiểm tra chuỗi nhật ký (audit verify)",
    "demo": "tạo dữ liệu trình diễn: một xã bịa cùng người dân và văn bản",
    "directive": "đọc văn bản chỉ đạo thành nhiệm vụ, chỉ tiêu, báo cáo (directive parse)",
    "export": "xuất một sổ ra tệp",
    "facts": "xuất các bảng dữ kiện ra Parquet",
    "import": "nhập một sổ từ tệp",
    "indicators": "tính chỉ tiêu",
    "migrate": "tạo hoặc nâng cấp cơ sở dữ liệu (có sao lưu trước)",
    "report": "lập báo cáo ra Word, PDF hoặc Excel",
    "growth": "tính điểm z tăng trưởng của trẻ theo chuẩn WHO, hoặc tỷ lệ suy dinh dưỡng của một cuộc điều tra",
    "forecast": "xét các mũi tiêm đã có và tính ngày các mũi tiếp theo",
    "outbreaks": "tìm thời điểm vượt ngưỡng cảnh báo dịch trong các chuỗi số ca",
    "clusters": "tìm cụm ca bệnh theo nơi và thời gian",
    "match": "tìm các hồ sơ có thể là cùng một người",
    "codes": "nạp danh mục (codes load)",
    "backup": "sao lưu toàn bộ dữ liệu ra một tệp",
    "restore": "khôi phục từ một bản sao lưu",
    "serve": "chạy máy chủ web và tiến trình việc nền",
    "user": "tạo tài khoản (user add), mở lại cho người không vào được (user release)",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 refused with a sentence, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    speak_vietnamese()
    parser = argparse.ArgumentParser(prog="tramyte", description="Phần mềm trạm y tế xã.")
    parser.add_argument("--version", action="version", version=__version__, help="hiện số phiên bản rồi thôi")
    verbs = parser.add_subparsers(dest="verb", metavar="LỆNH", required=True, title="các lệnh")
    for verb, text in VERBS.items():
        sub = verbs.add_parser(verb, help=text, description=text)
        if words[:1] == [verb]:
            module(verb).arguments(sub)
    options = parser.parse_args(words)
    return _run(options)


def module(verb: str):
    """The module of a verb; `import` is a Python keyword, so its file is import_."""
    return importlib.import_module(f"tramyte.web.commands.{verb}_" if verb == "import" else f"tramyte.web.commands.{verb}")


def _run(options: argparse.Namespace) -> int:
    try:
        return int(module(options.verb).run(options))
    except Refused as refused:
        print(refused.message, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except (OSError, *_database_errors()) as error:
        return _stopped(error)
    except KeyboardInterrupt:
        return 130


def _database_errors() -> tuple[type[Exception], ...]:
    """The errors of a database, when a command has come to use one: the others stay quick."""
    if "django.db" not in sys.modules:
        return ()
    from django.db import DatabaseError, InterfaceError

    return DatabaseError, InterfaceError


def _stopped(error: Exception) -> int:
    """1 with a sentence for a trouble of the machine; an error of ours is shown whole."""
    from tramyte.engine.trouble import trouble_of

    refused = trouble_of(error)
    if refused is None and isinstance(error, OSError) and error.filename:
        refused = Refused("no_file", f"Không đọc hoặc ghi được {error.filename}: {error.strerror}. Hãy kiểm tra đường dẫn và quyền.")
    if refused is None:
        raise error
    print(refused.message, file=sys.stderr)
    return 1


def start_django(as_of: str | None = None) -> None:
    """Set the day to work with, then load Django.

    The day is `as_of`, else `TRAMYTE_AS_OF`, else the as-of day of a demo home, else the calendar's.
    Raises Refused for something that is not an ISO date.
    """
    day = as_of or os.environ.get(AS_OF) or demo_notes.read(home.folder()).get("as_of")
    if day:
        try:
            datetime.date.fromisoformat(day)
        except ValueError as error:
            raise Refused("bad_date", f"--as-of: '{day}' không phải ngày dạng 2026-06-03.") from error
        os.environ[AS_OF] = day
    django.setup()
