"""`tramyte report`: a report of a period and place as Word, PDF or spreadsheet."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tramyte.web.commands.main import start_django

ENDINGS = (".docx", ".pdf", ".xlsx")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("name", metavar="NAME", help="báo cáo: six-months, annual, quarterly, monthly")
    parser.add_argument("--period", required=True, help="kỳ: 2026, 2026-H1, 2026-Q3 hoặc 2026-10")
    parser.add_argument("--place", metavar="CODE", required=True, help="mã xã, như 00001")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="tệp .docx, .pdf hoặc .xlsx")
    parser.add_argument("--as-of", metavar="DATE", help="ngày tính, dạng 2026-06-03")


def run(options: argparse.Namespace) -> int:
    """Write the file. The report that was written for the period, as it stands; when there is none, today's draft, not kept.

    2 with a sentence for an unknown report or ending; Refused for an unknown place, a wrong period or an unwritable file.
    """
    start_django(options.as_of)
    from tramyte.governance.reports.forms import FORMS, listed

    if options.name not in FORMS:
        print(f"Không có báo cáo “{options.name[:30]}”. Các báo cáo đang có: {listed()}.", file=sys.stderr)
        return 2
    if options.out.suffix.lower() not in ENDINGS:
        print(f"--out: tệp phải có đuôi {', '.join(ENDINGS)}.", file=sys.stderr)
        return 2
    from tramyte.governance.reports.papers import MAKERS

    report = _report(options)
    content = MAKERS[options.out.suffix.lower()[1:]][0](report)
    _write(options.out, content)
    state = report.get_state_display().lower() if report.created_at else "bản nháp, chưa lưu trong phần mềm"
    print(f"Đã ghi {options.out} ({report}, số liệu tính đến {report.as_of:%d/%m/%Y}, {state}).")
    return 0


def _report(options: argparse.Namespace) -> Any:
    from django.db import connection

    from tramyte.engine.places.models import Place
    from tramyte.engine.refused import Refused
    from tramyte.governance.reports.forms import form_named
    from tramyte.governance.reports.spans import span_of
    from tramyte.governance.reports.unkept import report_for

    if "reports_report" not in connection.introspection.table_names():
        raise Refused("no_database", "Thư mục dữ liệu chưa có cơ sở dữ liệu. Hãy chạy: tramyte demo (dữ liệu thử) hoặc tramyte migrate.")
    try:
        period = span_of(options.period)
    except ValueError as error:
        raise Refused("bad_period", str(error)) from error
    form = form_named(options.name, period)
    place = Place.objects.filter(code=options.place).order_by("-valid_from").first()
    if place is None or place.kind != Place.COMMUNE:
        raise Refused("no_place", f"--place: không có xã, phường nào mang mã {options.place[:20]}. Mã xã có 5 chữ số, như 00001.")
    return report_for(form, period, place)


def _write(path: Path, content: bytes) -> None:
    from tramyte.engine.refused import Refused

    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused("not_written", f"Không ghi được tệp {path}: {error.strerror or error}. Hãy chọn thư mục khác hoặc đóng tệp đang mở.") from error
