"""One way to write a file: whole, beside the old one, synced, then exchanged."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from calfeed.errors import CatalogueError, Spot


def replace_file(path: Path, octets: bytes, *, expected: bytes | bool | None = True) -> None:
    """Put `octets` in the place of the file at `path`.

    `expected` is what the file held when it was read (None: there was none): where it holds something else by now,
    CatalogueError is raised and it stays; True overwrites whatever is there. Raises OSError after removing its
    temporary file: the old file is intact. A sync that failed counts as a failure and is not tried again: the kernel
    may have dropped the pages.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if expected is not True and _content(path) != expected:
            raise CatalogueError(
                "the file was changed by somebody else in the meantime.",
                spot=Spot(path),
                mend="Nothing was written; run the command again.",
            )
        _write(temporary, octets, _mode(path))
        os.rename(temporary, path)  # noqa: PTH104  one name for the tests of failing calls
        os.fsync(folder)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    finally:
        os.close(folder)


def _write(path: Path, octets: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        rest = memoryview(octets)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o666
