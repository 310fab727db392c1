"""`tramyte audit verify`."""

import argparse
import json
import sys


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("what", choices=["verify"])
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Prove the whole chain; 0 whole, 1 broken."""
    from tramyte.web.commands.main import start_django

    start_django()
    from tramyte.engine.audit import chain

    verdict = chain.verify()
    if options.json:
        print(json.dumps({"entries": verdict.entries, "broken_at": verdict.broken_at, "reason": verdict.reason, "head": verdict.head}, ensure_ascii=False))
    text = f"Nhật ký bị sửa: {verdict.reason}." if verdict.broken_at else f"Nhật ký toàn vẹn: {verdict.entries} dòng, mã cuối {verdict.head[:16]}."
    print(text, file=sys.stderr)
    return 1 if verdict.broken_at else 0
