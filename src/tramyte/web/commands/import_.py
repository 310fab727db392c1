"""`tramyte import REGISTER FILE`: judge a file, then write what was accepted; verdicts as JSON."""

import argparse
import gc
import json
import sys
from pathlib import Path

from tramyte.engine.refused import Refused


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after the verb."""
    parser.add_argument("register", metavar="REGISTER", help="mã của sổ, ví dụ checkups")
    parser.add_argument("file", metavar="FILE", type=Path, help="tệp .xlsx, .xls, .ods hoặc .csv")
    parser.add_argument("--dry-run", action="store_true", help="chỉ xét từng dòng, không ghi gì")
    parser.add_argument("--json", action="store_true", help="in kết quả từng dòng dạng JSON")
    parser.add_argument("--as-of", help="ngày làm việc, dạng 2026-06-03")


def run(options: argparse.Namespace) -> int:
    """1 when a line was refused, 0 otherwise."""
    from tramyte.web.commands.main import start_django

    start_django(options.as_of)
    gc.set_threshold(100_000, 50, 100)  # rows by the ten thousand live at once: walk over them seldom
    from tramyte.engine.access.operator import operator
    from tramyte.engine.registers import loading, registry, staging

    register, user = registry.get(options.register), operator()
    if not register.loaded_by(user):
        raise Refused("not_loaded", f"{register.title} không nhận tệp nhập: dòng của sổ này được ghi ở nơi khác. {register.note}".strip())
    content = content_of(options.file)
    if options.dry_run:
        lines = staging.try_out(register, user, options.file.name, content)
        result = staging.told("", [(line.number, line.verdict, line.reason, line.warning, line.cell) for line in lines])
    else:
        load = staging.stage(register, user, options.file.name, content)
        loading.apply(register, user, load)
        result = staging.told(str(load.pk), list(load.rows.values_list("number", "verdict", "reason", "warning", "cell")))
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    for row in result["rows"]:
        if row["verdict"] == "refused":
            where = f"ô {row['cell']}" if row["cell"] else f"dòng {row['row']}"
            print(f"{options.file.name}, {where}: {row['reason']}", file=sys.stderr)
    if not options.json:
        print(f"Thêm {result['created']}, cập nhật {result['updated']}, trùng {result['duplicate']}, không nhận {result['refused']}.")
    return 1 if result["refused"] else 0


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises Refused with the sentence when it cannot be read."""
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise Refused("not_a_file", f"{path} là thư mục, không phải tệp. Hãy ghi đường dẫn tới một tệp.") from None
    except OSError as error:
        raise Refused("unreadable", f"Không đọc được tệp {path}: {error.strerror}. Hãy kiểm tra đường dẫn và quyền đọc.") from error
