"""The wheel runs the same without a checkout: built, installed in an empty environment, demo, serve."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def packages(python) -> str:
    """Where a Python keeps its packages."""
    return subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True).stdout.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.wheel
def test_the_built_wheel_makes_a_demo_and_serves_it(tmp_path):
    """Dependencies come from this environment (a .pth file); tramyte itself only from the wheel."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT], check=True, capture_output=True)
    wheel = next(tmp_path.glob("tramyte-*.whl"))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    Path(packages(python), "dependencies.pth").write_text(f"{packages(sys.executable)}\n", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TRAMYTE", "DATABASE_URL", "DJANGO", "PYTHONPATH"))}
    env["TRAMYTE_HOME"] = str(tmp_path / "home")

    def tramyte(*words):
        return subprocess.run([python, "-m", "tramyte", *words], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    where = subprocess.run([python, "-c", "import tramyte; print(tramyte.__file__)"], env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(tmp_path / "venv") in where.stdout
    made = tramyte("demo", "--people", "300", "--as-of", "2026-06-03")
    assert made.returncode == 0, made.stderr
    again = tramyte("demo", "--people", "300")
    assert again.returncode == 1 and "Traceback" not in again.stderr
    port = free_port()
    server = subprocess.Popen([python, "-m", "tramyte", "serve", "--port", str(port)], env=env, cwd=tmp_path, stderr=subprocess.DEVNULL)
    try:
        assert "đăng nhập" in wait_for(f"http://127.0.0.1:{port}/dang-nhap/").lower()
        style = wait_for(f"http://127.0.0.1:{port}/dang-nhap/").split('rel="stylesheet" href="')[1].split('"')[0]
        assert wait_for(f"http://127.0.0.1:{port}{style}")
    finally:
        server.terminate()
        server.wait(15)


def wait_for(url: str) -> str:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")
