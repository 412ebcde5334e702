"""What is installed from a wheel works without the checkout that it was built of."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked as an installer does it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "calfeed", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_calendar_is_made_with_nothing_but_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = "import calfeed; print(calfeed.__file__)"
    environment = {"PYTHONPATH": str(installed)}
    told = subprocess.run(
        [sys.executable, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith(str(installed))
    run(installed, tmp_path, "init")
    run(installed, tmp_path, "import", "--yes", "example.txt")
    run(installed, tmp_path, "build", "--quiet")
    assert b"BEGIN:VEVENT" in (tmp_path / "feeds/all.ics").read_bytes()


def test_it_brings_its_manual(installed: Path) -> None:
    pages = {path.name for path in installed.rglob("share/man/man1/*.1")}
    assert {"calfeed.1", "calfeed-serve.1", "calfeed-import.1"} <= pages


def test_the_manual_says_what_the_commands_say() -> None:
    told = {path.name: path.read_text("utf-8") for path in (ROOT / "deploy/man").glob("*.1")}
    done = subprocess.run(
        [sys.executable, "-c", "import json, runpy; print(json.dumps(runpy.run_path('scripts/man.py')['pages']()))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    import json

    assert json.loads(done.stdout) == told, "call `make man`"
