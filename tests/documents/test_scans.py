"""A program that recognises words slowly gets the whole picture all the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from calfeed.documents import scans

SLOW = """#!{python}
import sys, time
time.sleep(2.5)
print(len(sys.stdin.buffer.read()))
"""


def test_a_picture_that_is_taken_slowly_is_given_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text(SLOW.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    waited: list[int] = []
    assert scans._run((), b"x" * 5_000_000, lambda: waited.append(1)) == "5000000\n"
    assert waited
