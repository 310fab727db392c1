"""`make check`: are there known vulnerabilities in the locked dependencies? Where nobody can be asked it says so and passes.

Exit 1 when a locked version has a known vulnerability that a later version mends; 0 otherwise.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST = 18  # seconds
ASK = ("-m", "pip_audit", "-r", str(ROOT / "requirements.txt"), "--disable-pip", "--require-hashes", "-f", "json", "--timeout", "5", "--progress-spinner", "off")


def judge(report: dict) -> tuple[list[str], bool]:
    """Sentences on a report, and whether it fails: for vulnerabilities that have a mending version. Others are told and pass."""
    packages = report["dependencies"]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    found = [(one, fault) for one in packages for fault in one.get("vulns", [])]
    lines = [
        f"{one['name']} {one['version']}: {fault['id']}, {'mended in ' + ', '.join(fault['fix_versions']) if fault['fix_versions'] else 'no version mends it yet'}"
        for one, fault in found]
    if skipped:
        lines.append("not audited: service not reachable" if len(skipped) == len(packages) else f"not audited: {len(skipped)} of {len(packages)} packages are unknown to the service")
    return lines, any(fault["fix_versions"] for _, fault in found)


def main() -> int:
    """Ask, tell on standard error, answer the exit code."""
    try:
        done = subprocess.run([sys.executable, *ASK], capture_output=True, text=True, timeout=LONGEST, check=False)
        lines, failed = judge(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        lines, failed = ["not audited: service not reachable"], False
    for line in lines:
        print(f"dependencies: {line}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
