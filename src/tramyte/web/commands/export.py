"""`tramyte export REGISTER FILE`: a whole book as .xlsx, .csv, .json or .pdf, by the ending of the file's name."""

import argparse
from pathlib import Path

from tramyte.engine.refused import Refused
from tramyte.web.commands.tables import write_whole


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after the verb."""
    parser.add_argument("register", metavar="REGISTER", help="mã của sổ, ví dụ checkups")
    parser.add_argument("file", metavar="FILE", type=Path, help="tệp .xlsx, .csv, .json hoặc .pdf")
    parser.add_argument("--as-of", help="ngày làm việc, dạng 2026-06-03")


def run(options: argparse.Namespace) -> int:
    """0 when the file stands whole."""
    from tramyte.web.commands.main import start_django

    start_django(options.as_of)
    from tramyte.engine.access.operator import operator
    from tramyte.engine.registers import output, registry

    register, user = registry.get(options.register), operator()
    form = options.file.suffix.lower().removeprefix(".")
    if form not in output.MIME:
        raise Refused("bad_form", f"Tệp {options.file.name} phải có đuôi .xlsx, .csv, .json hoặc .pdf.")
    rows = list(register.rows(user, {}))
    if form == "json":
        content = output.json_bytes({"register": register.slug, "count": len(rows), "rows": output.json_rows(register.all_columns, rows)})
    elif form == "pdf":
        content = output.book_bytes(register, rows, "")
    else:
        content = output.sheet_bytes(register, rows, form)
    write_whole(options.file, content)
    output.record_output(register, user, form, len(rows), "")
    return 0
