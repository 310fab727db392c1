"""The judgement on a report of vulnerabilities; asking itself needs a network and is left to `make check`."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import dependencies


def _package(name, **more):
    return {"name": name, "version": "1.0", **more}


FINE, SKIPPED = _package("a", vulns=[]), {"name": "b", "skip_reason": "not found"}
MENDED, OPEN = _package("c", vulns=[{"id": "X-1", "fix_versions": ["1.1"]}]), _package("d", vulns=[{"id": "X-2", "fix_versions": []}])


@pytest.mark.parametrize(("packages", "failed", "said"), [
    ([FINE], False, []), ([SKIPPED], False, ["not audited: service not reachable"]), ([FINE, SKIPPED], False, ["not audited: 1 of 2 packages are unknown to the service"]),
    ([MENDED, FINE], True, ["c 1.0: X-1, mended in 1.1"]), ([OPEN], False, ["d 1.0: X-2, no version mends it yet"]),
])
def test_only_what_can_be_mended_fails(packages, failed, said):
    assert dependencies.judge({"dependencies": packages}) == (said, failed)


@pytest.mark.parametrize("trouble", ["slow", "silent"])
def test_where_nobody_can_be_asked_it_says_so_and_passes(monkeypatch, capsys, trouble):
    def run(*args, **kwargs):
        if trouble == "slow":
            raise subprocess.TimeoutExpired("pip_audit", 1)
        return subprocess.CompletedProcess(args, 1, "", "ConnectionError")

    monkeypatch.setattr(dependencies.subprocess, "run", run)
    assert dependencies.main() == 0
    assert capsys.readouterr().err == "dependencies: not audited: service not reachable\n"
