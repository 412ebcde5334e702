"""One way to write a file: whole, beside the old one, synced, then exchanged. Also the exchange of two names."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
from contextlib import suppress
from pathlib import Path

from calfeed.errors import CatalogueError, Spot

_RENAME_NOREPLACE = 1  # renameat2(2)
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
# The temporary files of `replace_file`: the name that they are for, and the process that writes.
_LEFT = re.compile(r"\.(.+)\.(\d+)\.new")
# What a filesystem or kernel without these answers.
NO_EXCHANGE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


def replace_file(path: Path, octets: bytes, *, expected: bytes | bool | None = True) -> None:
    """Put `octets` in the place of the file at `path`.

    `expected` is what the file held when it was read (None: there was none): where it holds something else by now,
    CatalogueError is raised and it stays, also where it was saved at the very moment of the exchange; True overwrites
    whatever is there. Raises OSError after removing its temporary file: the old file is intact. A sync that failed
    counts as a failure and is not tried again: the kernel may have dropped the pages.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not isinstance(expected, bool) and _content(path) != expected:
            raise _changed(path)
        _write(temporary, octets, _mode(path))
        if isinstance(expected, bool):
            os.rename(temporary, path)  # noqa: PTH104  one name for the tests of failing calls
        else:
            _exchange_in(temporary, path, octets, expected)
        os.fsync(folder)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    finally:
        os.close(folder)


def exchange(one: Path, other: Path) -> None:
    """Exchange two names in one step (Linux 3.15, renameat2(2)). Raises OSError."""
    _renameat2(one, other, _RENAME_EXCHANGE)


def _exchange_in(temporary: Path, path: Path, octets: bytes, expected: bytes | None) -> None:
    """Put `temporary`, which holds `octets`, in the place of `path`, if that holds `expected` at this very moment.

    What stood there is looked at after the exchange, when nobody can replace it any more: a save that came in between
    goes back to its place, and so does one that comes while it does."""
    try:
        if expected is None:
            _renameat2(temporary, path, _RENAME_NOREPLACE)
            return
        exchange(temporary, path)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOENT):
            raise _changed(path) from None
        if error.errno not in NO_EXCHANGE:
            raise
        os.rename(temporary, path)  # noqa: PTH104
        return
    put: bytes | None = octets
    out = _content(temporary)
    if out == expected:
        temporary.unlink(missing_ok=True)
        return
    while True:
        # What came out is a save and goes back. What was put there must come out then: else that is a newer save.
        exchange(temporary, path)
        if (came := _content(temporary)) == put:
            break
        put, out = out, came
    raise _changed(path)


def _renameat2(one: Path, other: Path, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(other))
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


def _changed(path: Path) -> CatalogueError:
    return CatalogueError(
        "the file was changed by somebody else in the meantime.",
        spot=Spot(path),
        mend="Nothing was written; run the command again.",
    )


def sweep(folder: Path, *, precious: Path) -> tuple[str, ...]:
    """Remove the temporary files that killed processes left in `folder` and below; what was done, in sentences.

    One of `precious` may be an editor's save that stood there at the moment of an exchange: where it differs from the
    file it is kept under a name of its own. Files of processes that run are left alone. Raises nothing: a disk that
    cannot be written has other news to tell."""
    told = []
    for path in sorted(folder.rglob(".*.new")):
        found = _LEFT.fullmatch(path.name)
        if found is None or Path("/proc", found[2]).exists():
            continue
        with suppress(OSError):
            same = path.with_name(found[1]).resolve() == precious.resolve()
            if same and path.read_bytes() != _content(precious):
                kept = path.with_name(f"{found[1]}.kept-{found[2]}")
                os.rename(path, kept)  # noqa: PTH104  one name for the tests of failing calls
                told.append(f"A save of {precious.name} that was cut short is kept as {kept}: compare the two.")
            else:
                path.unlink()
                told.append(f"{path} was left by a process that was killed; it is removed.")
    return tuple(told)


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
