"""The commands that a page of docs/ tells its reader to type, with what the page says they print.

A block of indented lines that begins with `$ ` is typed at a prompt: each `$ ` line is a command, the lines up to the
next one are its output, where a line `...` stands for any lines. "Save it as `NAME`" before a block makes a file of it.
`calfeed serve`, `calfeed desk` and `calfeed try` go on until their page answers.
`python -m tests.acceptance.told docs/tutorial.md` writes the outputs of today into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
INDENT = "    "
SERVERS = ("calfeed serve", "calfeed desk", "calfeed try")
_SAVED = re.compile(r"[Ss]ave (?:it|this) as `([\w./-]+)`")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*")


class Step(NamedTuple):
    """A file to write (`command` is empty) or a command to type, with its expected output and its line in the page."""

    line: int
    command: str
    lines: tuple[str, ...]
    file: str = ""


def steps(page: str) -> Iterator[Step]:
    """What a reader of a page does, in order."""
    saved, first = "", 0
    block: list[str] = []
    for number, line in enumerate([*page.splitlines(), "end"], start=1):
        if line.startswith(INDENT) or (not line and block):
            first = first if block else number
            block.append(line.removeprefix(INDENT))
            continue
        while block and not block[-1]:
            block.pop()
        if block and block[0].startswith("$ "):
            yield from _typed(block, first)
        elif block and saved:
            yield Step(first, "", tuple(block), saved)
        if block:
            saved = ""
        block = []
        if found := _SAVED.search(line):
            saved = found[1]


def _typed(block: list[str], first: int) -> Iterator[Step]:
    starts = [at for at, line in enumerate(block) if line.startswith("$ ")]
    for at, end in zip(starts, [*starts[1:], len(block)], strict=True):
        yield Step(first + at, block[at][2:], tuple(block[at + 1 : end]))


class Reader:
    """Somebody who types what a page tells, in an empty folder, with calfeed on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "TZ": "UTC",
        }

    def does(self, step: Step) -> tuple[str, ...]:
        """What stands on the terminal after a step."""
        if step.file:
            (self.folder / step.file).write_text("\n".join(step.lines) + "\n", "utf-8")
            return step.lines
        if step.command.startswith("cd "):
            self.folder = (self.folder / step.command[3:].strip()).resolve()
            return ()
        if step.command.startswith(SERVERS):
            return self._served(step.command)
        done = subprocess.run(
            ["sh", "-c", step.command], cwd=self.folder, env=self.environment, input="y\n", capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        return tuple(line.rstrip() for line in (done.stdout + done.stderr).rstrip("\n").splitlines())

    def _served(self, command: str) -> tuple[str, ...]:
        running = subprocess.Popen(
            shlex.split(command), cwd=self.folder, env=self.environment | {"PYTHONUNBUFFERED": "1"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert running.stdout is not None
        try:
            first = running.stdout.readline().rstrip()
            if address := _ADDRESS.search(first):
                until = time.monotonic() + 60
                while time.monotonic() < until:
                    with suppress(OSError), urllib.request.urlopen(address[0], timeout=5):
                        return (first,)
                    time.sleep(0.1)
            return (first, "no page answered")
        finally:
            running.terminate()
            running.wait(20)


def fits(told: tuple[str, ...], seen: tuple[str, ...]) -> bool:
    """Whether an output is the one that a page tells, `...` standing for any lines."""
    if not told:
        return True
    parts = [re.escape(line.rstrip()) if line.strip() != "..." else "(?:.*\n)*?.*" for line in told]
    return re.fullmatch("\n".join(parts), "\n".join(seen)) is not None


def rewritten(page: str) -> str:
    """The page with the outputs of today; commands that tell none, and outputs with `...`, stay as they are."""
    lines = page.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(Path(folder))
        shift = 0
        for step in list(steps(page)):
            seen = reader.does(step)
            if step.file or not step.lines or any(line.strip() == "..." for line in step.lines):
                continue
            start = step.line + shift
            lines[start : start + len(step.lines)] = [f"{INDENT}{line}".rstrip() for line in seen]
            shift += len(seen) - len(step.lines)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(rewritten(path.read_text("utf-8")), "utf-8")
