"""A publisher killed at every system call, or refused it: readers find a whole generation, and the next start repairs.

strace attaches to a forked publisher and injects a signal or an error into the n-th call of a name.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from calfeed.errors import PublishError
from calfeed.feeds import Generation
from calfeed.publish import load, publish, repair
from tests.needs import need_program
from tests.publish.test_publish import NEW, OLD, content

# The calls that change what is on the disk, or say that it is there to stay.
WRITING = ("mkdir", "openat", "write", "link", "linkat", "fsync", "rename", "renameat2", "unlink", "unlinkat", "rmdir")
WHOLE = (dict(OLD.files), dict(NEW.files))
DONE, REFUSED, CRASHED = 0, 1, 2


def in_place(generation: Generation, folder: Path) -> None:
    """What must not be done, to see that the sweep would find it."""
    for path, octets in generation.files.items():
        (folder / path).write_bytes(octets)


def run(folder: Path, *options: str, publisher: Callable[[Generation, Path], object] = publish) -> tuple[int, str]:
    """Publish NEW in a child under strace: its exit status (negative: the signal), and strace's log."""
    strace = need_program("strace", "strace")
    reading, starting = os.pipe()
    child = os.fork()
    if child == 0:
        status = CRASHED
        try:
            os.close(starting)
            os.read(reading, 1)
            publisher(NEW, folder)
            status = DONE
        except PublishError:
            status = REFUSED
        finally:
            os._exit(status)
    os.close(reading)
    log = folder.parent.parent / "strace.log"
    with subprocess.Popen(
        [strace, "-f", "-o", str(log), *options, "-p", str(child)], stderr=subprocess.PIPE, text=True
    ) as tracer:
        assert tracer.stderr is not None
        attached = tracer.stderr.readline()
        os.write(starting, b"x")
        os.close(starting)
        _, status = os.waitpid(child, 0)
        tracer.wait(30)
    assert "attached" in attached
    return os.waitstatus_to_exitcode(status), log.read_text()


def calls(folder: Path, *options: str) -> Counter[str]:
    """How often an undisturbed publish makes each call."""
    status, log = run(folder, *options)
    assert status == DONE
    return Counter(re.findall(r"^\d+ +(\w+)\(", log, re.MULTILINE))


def fresh(folder: Path) -> Path:
    feeds = folder / "site" / "feeds"
    publish(OLD, feeds)
    return feeds


def check(feeds: Path) -> None:
    """Readers find one whole generation, now and after the next start, which leaves nothing over."""
    assert dict(load(feeds).files) in WHOLE
    repair(feeds)
    assert content(feeds) in WHOLE
    assert {path.name for path in feeds.parent.iterdir()} <= {"feeds", ".feeds.previous"}
    publish(NEW, feeds)
    assert content(feeds) == dict(NEW.files)


def places(folder: Path, names: tuple[str, ...] | None, *options: str) -> list[tuple[str, int]]:
    counted = calls(fresh(folder), *options)
    return [
        (name, nth) for name in sorted(counted) if not names or name in names for nth in range(1, counted[name] + 1)
    ]


def test_killed_at_any_system_call_no_feed_is_torn(tmp_path: Path) -> None:
    swept = places(tmp_path / "count", None)
    assert {"renameat2", "fsync", "write", "link"} <= {name for name, _ in swept}
    killed = 0
    for name, nth in swept:
        feeds = fresh(tmp_path / f"{name}-{nth}")
        status, _ = run(feeds, f"--inject={name}:signal=SIGKILL:when={nth}")
        killed += status == -9
        assert content(feeds) in WHOLE, (name, nth)
        check(feeds)
    # The last calls of a child can be past its last word.
    assert killed >= len(swept) * 0.9


def test_the_sweep_finds_a_publisher_that_writes_in_place(tmp_path: Path) -> None:
    torn = 0
    for nth in range(1, 5):
        feeds = fresh(tmp_path / str(nth))
        run(feeds, f"--inject=openat:signal=SIGKILL:when={nth}", publisher=in_place)
        torn += content(feeds) not in WHOLE
    assert torn


def test_killed_between_two_renames_the_next_start_repairs(tmp_path: Path) -> None:
    unsupported = "--inject=renameat2:error=EINVAL"
    for name, nth in places(tmp_path / "count", WRITING, unsupported):
        if name != "renameat2":
            feeds = fresh(tmp_path / f"{name}-{nth}")
            run(feeds, unsupported, f"--inject={name}:signal=SIGKILL:when={nth}")
            check(feeds)


@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS", "EMFILE", "EDQUOT"])
def test_refused_any_call_the_old_generation_stays(tmp_path: Path, error: str) -> None:
    for name, nth in places(tmp_path / "count", WRITING):
        feeds = fresh(tmp_path / f"{name}-{nth}")
        status, _ = run(feeds, f"--inject={name}:error={error}:when={nth}")
        assert status in (DONE, REFUSED), (name, nth)
        assert content(feeds) == dict(NEW.files if status == DONE else OLD.files), (name, nth)
        check(feeds)
