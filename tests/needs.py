"""What a test needs from the machine: where it is missing the test says so, and under CI=true that is a failure."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def need(present: bool, what: str) -> None:
    """Go on if `present`; else leave the test out, or fail it where nothing may be left out."""
    if present:
        return
    if os.environ.get("CI"):
        pytest.fail(f"needs {what}", pytrace=False)
    pytest.skip(f"needs {what}")


def need_program(name: str, package: str) -> str:
    """The path of a program, which Debian has in `package`."""
    path = shutil.which(name)
    need(path is not None, f"{name} (Debian: apt install {package})")
    assert path is not None
    return path


def shared(*parts: str) -> Path:
    """A file of the folder beside this repository that holds the full programme; without it the test is left out."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip("needs the folder ../shared with the full programme")
    return path
