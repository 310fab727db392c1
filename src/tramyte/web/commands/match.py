"""`tramyte match RECORDS.csv OUT.csv`: which records may be one person, without a database."""

import argparse
import sys
from pathlib import Path

from tramyte.engine.refused import Refused
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.identity.linkage import VIETNAMESE, Proposal, propose
from tramyte.web.commands.tables import Table, read_table, tell, write_table

NEEDED = ("rec_id", "ho_ten", "ngay_sinh")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `tramyte match`."""
    columns = ", ".join(("rec_id", *VIETNAMESE.columns()))
    parser.add_argument("source", metavar="RECORDS.csv", type=Path, help=f"các cột {columns}")
    parser.add_argument("target", metavar="OUT.csv", type=Path, help="các cặp: rec_a, rec_b, score, evidence")


def run(options: argparse.Namespace) -> int:
    """Write OUT.csv; 1 when a row or a birth date was refused (the rest is compared)."""
    table = read_table(options.source, NEEDED)
    if absent := [name for name in VIETNAMESE.columns() if name not in table.names]:
        print(f"{table.path}: không có cột {', '.join(absent)}, coi như để trống.", file=sys.stderr)
    if not table.rows:
        table.complaints.append(f"{table.path}: không có hồ sơ nào.")
    _keep_known(table)
    _complain_of_dates(table)
    ids = table.column("rec_id")
    try:
        found = propose({name: table.column(name) for name in VIETNAMESE.columns()})
    except ValueError as error:
        raise Refused("alike", f"{table.path}: {error}") from error
    write_table(options.target, ("rec_a", "rec_b", "score", "evidence"), [_row(ids, one) for one in found])
    return tell(table.complaints)


def _keep_known(table: Table) -> None:
    """Only the first record of each rec_id."""
    seen: dict[str, int] = {}
    wanted = []
    for at, record in enumerate(table.column("rec_id")):
        first = seen.setdefault(record, at)
        if not record:
            table.complain(at, "để trống rec_id. Hãy ghi mã hồ sơ, mỗi hồ sơ một mã.")
        elif first != at:
            table.complain(at, f"rec_id “{record[:40]}” đã có ở dòng {table.lines[first]}. Mỗi hồ sơ phải có một mã riêng.")
        wanted.append(record != "" and first == at)
    table.keep(wanted)


def _complain_of_dates(table: Table) -> None:
    for at, text in enumerate(table.column("ngay_sinh")):
        try:
            if text:
                parse_partial_date(text)
        except ValueError as error:
            table.complain(at, f"{error} Hồ sơ này được so như không rõ ngày sinh.")


def _row(ids: list[str], one: Proposal) -> tuple[str, str, str, str]:
    first, second = sorted((ids[one.a], ids[one.b]))
    return first, second, f"{one.score:.6f}", ", ".join(one.evidence)
