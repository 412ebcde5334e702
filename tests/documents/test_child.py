"""Whatever a parser does in its child, the parent gets an answer or one clear error, in time."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from calfeed.documents.child import Limits, apart
from calfeed.errors import DocumentError
from tests.documents.apart import escape

FUNCTIONS = "tests.documents.apart"


def run(name: str, argument: bytes = b"", limits: Limits | None = None, **more: object) -> bytes:
    return apart(f"{FUNCTIONS}:{name}", argument, source="a.pdf", limits=limits, **more)  # type: ignore[arg-type]


def test_the_answer_and_the_progress_come_back() -> None:
    steps: list[tuple[int, int]] = []
    assert run("echo", b"abc" * 100_000, progress=lambda done, total: steps.append((done, total))) == b"cba" * 100_000
    assert steps == [(1, 2), (2, 2)]


def test_an_error_keeps_its_words() -> None:
    with pytest.raises(DocumentError, match=r"a\.pdf, line 3: this is no programme\. Give another\."):
        run("refuse")


@pytest.mark.parametrize(
    ("name", "argument", "limits", "words"),
    [
        ("fail", b"", Limits(), r"its reader failed \(ValueError"),
        ("crash", b"", Limits(), r"ended with signal 6 \(SIGABRT\)"),
        ("hang", b"", Limits(silence=0.5), "for 0.5 seconds it was not read any further"),
        ("hang", b"", Limits(total=0.5), "takes more than 0.5 seconds"),
        ("bomb", b"900000000", Limits(), "more memory than the 512 MiB"),
        ("bomb", b"2000000", Limits(answer=1_000_000), "larger than 0 MiB"),
    ],
)
def test_a_bad_parser_is_one_error(name: str, argument: bytes, limits: Limits, words: str) -> None:
    started = time.monotonic()
    with pytest.raises(DocumentError, match=words):
        run(name, argument, limits)
    assert time.monotonic() - started < 5


def test_slow_work_that_tells_its_progress_is_not_stopped() -> None:
    assert run("work", limits=Limits(silence=1.0)) == b"done"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's confinement is Linux's")
def test_a_parser_that_was_taken_over_reaches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "calfeed.toml"
    secret.write_text("token")
    assert run("escape", str(secret).encode()).decode().split() == []
    assert secret.read_text() == "token"
    # The same attempts succeed where nothing confines them.
    assert {"read", "list", "write", "remove", "datagram"} <= set(escape(str(secret).encode(), print).decode().split())
