"""The command line with bad input: 1 with a sentence or 2 for wrong usage, never a traceback."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

pytestmark = pytest.mark.sqlite_only

REFUSED, USAGE = 1, 2
CASES = [
    ("nonsense", USAGE), ("", USAGE), ("import", USAGE), ("codes load nope a.csv", USAGE), ("demo --people abc", USAGE), ("serve --port abc", USAGE),
    ("user add", USAGE), ("indicators --period 2026 --engine spark", USAGE), ("report nope --period 2026 --place 00001 --out o.pdf", USAGE),
    ("import nope a.csv", REFUSED), ("import residents absent.csv", REFUSED), ("import residents folder", REFUSED), ("import residents a.csv", REFUSED),
    ("import residents empty.csv", REFUSED), ("import residents bomb.xlsx", REFUSED), ("import residents noise.xlsx", REFUSED),
    ("import immunizations-national a.csv --dry-run", REFUSED), ("import immunization-children a.csv", REFUSED),
    ("export nope o.xlsx", REFUSED), ("export residents o.txt", REFUSED), ("export residents absent/o.xlsx", REFUSED),
    ("export residents o.xlsx --as-of 2026-02-31", REFUSED), ("report six-months --period 2026-H9 --place 00001 --out o.pdf", REFUSED),
    ("report six-months --period 2026-H1 --place 99999 --out o.pdf", REFUSED), ("indicators --period abc", REFUSED),
    ("indicators --period 2026 --code ZZ", REFUSED), ("indicators --period 2026 --place zz", REFUSED),
    ("indicators --period 2026 --engine duckdb --facts absent", REFUSED), ("facts a.csv", REFUSED), ("codes load techniques a.csv", REFUSED),
    ("codes load techniques absent.csv", REFUSED), ("demo --people -5", REFUSED), ("demo --people 100 --as-of xx", REFUSED), ("backup folder", REFUSED),
    ("restore absent.zip", REFUSED), ("restore a.csv", REFUSED), ("user add x --name An --role nurse --place 99999", REFUSED),
    ("directive parse absent.txt --out out", REFUSED), ("directive parse entities.docx --out out", REFUSED), ("directive parse bomb.xlsx --out out", REFUSED),
    ("serve --port 99999", REFUSED),
]
ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "&x;&x;">]><document>&y;</document>'


# One process loads the program once and answers each line in a fork of itself, as a process of its own would.
DRIVER = """
import json, os, sys, tempfile
from tramyte.web.commands.main import main, start_django

start_django()
answers = {}
for line in json.load(sys.stdin):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.exit(main(line.split()))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
        answers[line] = (code, *said)
json.dump(answers, sys.stdout)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with bad files and a migrated home."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "folder").mkdir()
    (folder / "a.csv").write_text("Họ và tên,Ngày sinh\nA,31/02/2026\n", encoding="utf-8")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "noise.xlsx").write_bytes(bytes(range(256)) * 8)
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("[Content_Types].xml", "<Types/>")
        bundle.writestr("xl/workbook.xml", "<workbook/>")
        bundle.writestr("xl/worksheets/sheet1.xml", bytes(600_000_000))
    with zipfile.ZipFile(folder / "entities.docx", "w") as bundle:
        bundle.writestr("[Content_Types].xml", "<Types/>")
        bundle.writestr("word/document.xml", ENTITIES)
    assert _tramyte(folder, "migrate").returncode == 0
    return folder


@pytest.fixture(scope="module")
def answers(place):
    """Line -> code, standard output, standard error."""
    lines = json.dumps([line for line, _ in CASES])
    done = subprocess.run([sys.executable, "-c", DRIVER], cwd=place, env=_environment(place), input=lines, capture_output=True, text=True, timeout=600, check=True)
    return json.loads(done.stdout)


def _environment(folder):
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRAMYTE_AS_OF"}}
    return {**kept, "TRAMYTE_HOME": str(folder / "home")}


def _tramyte(folder, *words):
    return subprocess.run([sys.executable, "-m", "tramyte", *words], cwd=folder, env=_environment(folder), capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(("line", "code"), CASES)
def test_bad_input_gets_a_sentence(answers, line, code):
    ended, out, err = answers[line]
    assert "Traceback" not in err
    assert ended == code, err
    assert err.strip()
    assert "root:" not in out + err


def test_a_home_without_a_database_is_told(place, tmp_path):
    done = _tramyte(tmp_path, "audit", "verify")
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, REFUSED}
    done = _tramyte(tmp_path, "export", "residents", "o.csv")
    assert (done.returncode, "Traceback" in done.stderr) == (REFUSED, False)
    assert "tramyte migrate" in done.stderr
