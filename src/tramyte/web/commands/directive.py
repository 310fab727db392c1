"""`tramyte directive parse FILE... --out DIR`: documents to JSON, without a database."""

import argparse
import json
import sys
from pathlib import Path

from tramyte.engine.refused import Refused
from tramyte.web.commands.tables import write_whole

# The annotations that others compare with know six comparators; "không quá" (at most) is told by the nearest of them.
EXPORTED = {"<=": "<"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `tramyte directive`."""
    verbs = parser.add_subparsers(dest="act", metavar="parse", required=True)
    parse = verbs.add_parser("parse", help="đọc văn bản .txt, .docx, .pdf thành JSON")
    parse.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parse.add_argument("--out", metavar="DIR", required=True, type=Path)


def run(options: argparse.Namespace) -> int:
    """Write DIR/<stem>.json for each file; 1 when a file was refused (the others are written), 2 when DIR cannot be one."""
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"--out {options.out}: không tạo được thư mục ({error.strerror}).", file=sys.stderr)
        return 2
    refused = 0
    written: dict[str, Path] = {}
    for file in options.files:
        try:
            _refuse_same_name(file, written)
            write_whole(options.out / f"{file.stem}.json", _parsed(file).encode("utf-8"))
            written[file.stem] = file
        except Refused as error:
            print(f"{file}: {error.message}", file=sys.stderr)
            refused += 1
    return 1 if refused else 0


def _refuse_same_name(file: Path, written: dict[str, Path]) -> None:
    other = written.get(file.stem)
    if other:
        raise Refused("same_name", f"cùng tên với {other} nên sẽ ghi đè {file.stem}.json. Hãy đổi tên một tệp, hoặc chạy riêng với --out khác.")


def _parsed(file: Path) -> str:
    from tramyte.engine.documents.reading import read_text
    from tramyte.rules.directives import parse

    try:
        content = file.read_bytes()
    except OSError as error:
        reason = "là thư mục" if file.is_dir() else "không có tệp này" if not file.exists() else str(error.strerror)
        raise Refused("unreadable", f"không đọc được: {reason}. Hãy kiểm tra lại đường dẫn.") from error
    found = parse(read_text(file.name, content)).as_dict()
    for target in found["targets"]:
        target["comparator"] = EXPORTED.get(target["comparator"], target["comparator"])
    return json.dumps({"id": file.stem, **found}, ensure_ascii=False, indent=1) + "\n"
