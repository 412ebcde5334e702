"""Generation -> a plain folder that any static server can serve: readers see the old one or the new one, never a mix.

A generation is written to a new folder beside the live one, synced, and exchanged with it by one system call. The old
one stays as `.feeds.previous`. Whatever is killed when, the live folder is complete; `repair` tidies the rest.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

from calfeed.errors import PublishError, Spot
from calfeed.feeds.generation import MANIFEST, Generation
from calfeed.publish.manifest import FILE_NAME, DamagedError, Manifest, digests_of, read_manifest
from calfeed.store.disk import NO_EXCHANGE, exchange

PREVIOUS = "previous"
DAMAGED = "damaged"
TRASH = "trash"
NEW = ".new"
# How long one publisher waits for another to finish, in seconds.
PATIENCE = 30.0
# Up to here, files that are taken over from the live generation are read again first; beyond, their sizes must do.
READ_AGAIN = 64_000_000
# Files that are open at once while they are written.
BATCH = 32


def publish(generation: Generation, folder: Path) -> bool:
    """Make `folder` the generation, whole and at once; False where it already was, and then nothing is touched.

    Files that did not change are linked from the live generation, modification times and all. Raises PublishError, with
    the old generation in place and nothing left over, where a call fails; also where the folder has files of others."""
    folder = _real(folder)
    try:
        _check(generation, folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent):
            _clear(folder)
            if _is(generation, folder):
                return False
            _exchange_in(generation, folder)
    except OSError as error:
        raise PublishError(
            f"the feeds could not be written: {error.strerror or error}.",
            spot=Spot(error.filename or folder),
            mend="The feeds published before are still in place. Free space or restore access, then publish again.",
        ) from error
    return True


def is_published(generation: Generation, folder: Path) -> bool:
    """Whether `folder` is this generation, byte for byte."""
    return _is(generation, _real(folder))


def repair(folder: Path) -> tuple[str, ...]:
    """Finish or undo what a killed publisher left, and put the previous generation in the place of a damaged one.

    Called at every start. The result says in sentences what was done, empty where all was well."""
    folder = _real(folder)
    if not folder.parent.is_dir():
        return ()
    try:
        with _alone(folder.parent):
            return (*_clear(folder), *_heal(folder))
    except OSError as error:
        raise PublishError(
            f"the feeds' folder could not be put in order: {error.strerror or error}.",
            spot=Spot(error.filename or folder),
            mend="Give calfeed write access to it and to the folder above it.",
        ) from error


def load(folder: Path) -> Generation:
    """The published generation, each file checked against the manifest; the previous one where that is damaged.

    Reads through one handle of the folder, so an exchange in between cannot mix two. Raises PublishError where neither
    is whole."""
    folder = _real(folder)
    faults = []
    for candidate in (folder, folder, _beside(folder, PREVIOUS)):
        try:
            return _read(candidate)
        except (DamagedError, OSError) as error:
            faults.append(str(error) if isinstance(error, DamagedError) else error.strerror or str(error))
    raise PublishError(
        f"there is no whole generation: {faults[0].rstrip('.')}.", spot=Spot(folder), mend="Run `calfeed build`."
    )


def _exchange_in(generation: Generation, folder: Path) -> None:
    fresh = _beside(folder, f"{generation.id}{NEW}")
    try:
        _write(generation, fresh, folder)
        if folder.exists():
            _swap(fresh, folder)
        else:
            fresh.rename(folder)
            _sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    # The new generation is in place and durable: what fails from here on waits for the next publisher.
    with suppress(OSError):
        if fresh.exists():
            _keep(fresh, folder)


def _write(generation: Generation, fresh: Path, live: Path) -> None:
    """All files of the generation into the new folder `fresh`, synced; what `live` already has is linked."""
    fresh.mkdir()
    same = _unchanged(generation, live)
    written = [path for path in generation.files if path not in same or not _link(f"{live}/{path}", f"{fresh}/{path}")]
    for start in range(0, len(written), BATCH):
        _write_files(fresh, {path: generation.files[path] for path in written[start : start + BATCH]}, live)
    _sync_folder(fresh)


def _unchanged(generation: Generation, live: Path) -> set[str]:
    """The files that `live` has with the digest wanted. A file that was changed behind our back is not one of them."""
    try:
        manifest = _manifest(live)
        sizes = {entry.name: entry.stat().st_size for entry in os.scandir(live)}
    except (DamagedError, OSError):
        return set()
    wanted = digests_of(generation)
    same = {path for path, listed in manifest.files.items() if wanted.get(path) == listed.sha256 and sizes.get(path)}
    if sum(sizes[path] for path in same) > READ_AGAIN:
        return same
    return {path for path in same if _file_digest(live / path) == wanted[path]}


def _link(old: str, new: str) -> bool:
    try:
        os.link(old, new)
    except OSError as error:
        # A filesystem without hard links, or one that has too many of this file.
        if error.errno in (errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EXDEV, errno.ENOENT):
            return False
        raise
    return True


def _write_files(folder: Path, files: Mapping[str, bytes], live: Path) -> None:
    """Write some files, then sync them through the handles that wrote: together that waits for the disk about once.

    The time of modification is Last-Modified over HTTP: whole seconds, and later than that of the file in `live`, so
    that If-Modified-Since never takes other bytes for the same."""
    with ExitStack() as handles:
        opened = []
        for path, octets in files.items():
            file = handles.enter_context((folder / path).open("wb", buffering=0))
            opened.append(file)
            rest = memoryview(octets)
            while rest:
                rest = rest[file.write(rest) or 0 :]
        for file, path in zip(opened, files, strict=True):
            seconds = max(int(time.time()), _seconds(live / path) + 1)
            os.utime(file.fileno(), (seconds, seconds))
            os.fsync(file.fileno())


def _seconds(path: Path) -> int:
    """The time of modification of a file, in whole seconds; before all where there is none."""
    try:
        return int(path.stat().st_mtime)
    except FileNotFoundError:
        return 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`, durably; afterwards the old one stands where `fresh` stood."""
    try:
        exchange(fresh, folder)
    except OSError as error:
        if error.errno not in NO_EXCHANGE:
            raise
        _swap_in_two_steps(fresh, folder)
        return
    try:
        _sync_folder(folder.parent)
    except OSError:
        exchange(fresh, folder)
        raise


def _swap_in_two_steps(fresh: Path, folder: Path) -> None:
    """Without exchange there is a moment without a live folder: `load` reads the previous one then."""
    previous = _beside(folder, PREVIOUS)
    shutil.rmtree(previous, ignore_errors=True)
    folder.rename(previous)
    try:
        fresh.rename(folder)
        _sync_folder(folder.parent)
    except OSError:
        if folder.exists():
            folder.rename(fresh)
        previous.rename(folder)
        raise


def _keep(old: Path, folder: Path) -> None:
    """Make `old` the previous generation of `folder`; the one before it goes."""
    previous, trash = _beside(folder, PREVIOUS), _beside(folder, TRASH)
    if previous.exists():
        previous.rename(trash)
    old.rename(previous)
    shutil.rmtree(trash, ignore_errors=True)


def _clear(folder: Path) -> list[str]:
    """Finish or remove what a killed publisher left; sentences of what was done."""
    done = []
    kept = {_beside(folder, PREVIOUS), _beside(folder, DAMAGED)}
    left_over = [path for path in _all_beside(folder) if path not in kept]
    if not folder.exists():
        # Killed between the two renames: the newest whole generation takes the place.
        for candidate in (*left_over, _beside(folder, PREVIOUS)):
            if _whole(candidate):
                candidate.rename(folder)
                _sync_folder(folder.parent)
                done.append(f"{folder.name}/ was missing: {candidate.name} took its place.")
                break
    for left in left_over:
        if not left.exists():
            continue
        # After an exchange, the old generation stands under the name that the new one had.
        if left.name.endswith(NEW) and left.name != _beside(folder, f"{_id(left)}{NEW}").name and _whole(left):
            _keep(left, folder)
        else:
            shutil.rmtree(left)
        done.append(f"{left.name} was left over.")
    return done


def _heal(folder: Path) -> list[str]:
    """Put the previous generation in the place of a damaged one, which is kept aside."""
    previous, damaged = _beside(folder, PREVIOUS), _beside(folder, DAMAGED)
    if not (folder / MANIFEST).exists() or _whole(folder) or not _whole(previous):
        return []
    shutil.rmtree(damaged, ignore_errors=True)
    for path in previous.iterdir():
        # Its bytes come back: for a client of the damaged one they are new.
        seconds = max(int(time.time()), _seconds(folder / path.name) + 1)
        os.utime(path, (seconds, seconds))
    _swap(previous, folder)
    previous.rename(damaged)
    return [f"{folder.name}/ was damaged: the previous generation took its place, {damaged.name} is what was there."]


def _read(folder: Path) -> Generation:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        octets = _read_at(handle, MANIFEST)
        manifest = read_manifest(octets)
        files = {MANIFEST: octets}
        modified = {MANIFEST: _modified_at(handle, MANIFEST)}
        digests = {MANIFEST: hashlib.sha256(octets).hexdigest()}
        for path, listed in manifest.files.items():
            files[path] = _read_at(handle, path)
            modified[path] = _modified_at(handle, path)
            digests[path] = hashlib.sha256(files[path]).hexdigest()
            if digests[path] != listed.sha256:
                raise DamagedError(f"{path} is not the file that {MANIFEST} lists")
        return Generation(manifest.id, dict(sorted(files.items())), dict(sorted(digests.items())), modified)
    finally:
        os.close(handle)


def _read_at(handle: int, path: str) -> bytes:
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags, dir_fd=handle)) as file:
        return file.read()


def _modified_at(handle: int, path: str) -> datetime:
    return datetime.fromtimestamp(int(os.stat(path, dir_fd=handle).st_mtime), UTC)


def _manifest(folder: Path) -> Manifest:
    return read_manifest((folder / MANIFEST).read_bytes())


def _whole(folder: Path) -> bool:
    try:
        return all(_file_digest(folder / path) == listed.sha256 for path, listed in _manifest(folder).files.items())
    except (DamagedError, OSError):
        return False


def _is(generation: Generation, folder: Path) -> bool:
    """Whether the folder holds the generation already, file by file."""
    try:
        if _manifest(folder).id != generation.id:
            return False
    except (DamagedError, OSError):
        return False
    return len(_unchanged(generation, folder)) == len(generation.files) - 1


def _id(folder: Path) -> str | None:
    try:
        return _manifest(folder).id
    except (DamagedError, OSError):
        return None


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(generation: Generation, folder: Path) -> None:
    """Refuse what would write outside of the folder, or move a folder of somebody else's files away."""
    for path in generation.files:
        if not FILE_NAME.fullmatch(path):
            raise PublishError(f"{path!r} is no name of a published file.", spot=Spot(folder))
    if MANIFEST not in generation.files:
        raise PublishError(f"the generation has no {MANIFEST}.", spot=Spot(folder))
    if folder.exists() and not folder.is_dir():
        raise PublishError(
            "this is a file, not a folder.", spot=Spot(folder), mend="Set another folder as paths.feeds."
        )
    for found in sorted(os.scandir(folder), key=attrgetter("name")) if folder.exists() else ():
        if not found.is_file() or not FILE_NAME.fullmatch(found.name):
            raise PublishError(
                f"the folder has {found.name!r}, which calfeed did not write.",
                spot=Spot(folder),
                mend="The folder is replaced whole: keep other files elsewhere, or set another folder as paths.feeds.",
            )


def _real(folder: Path) -> Path:
    """The folder itself: a symbolic link must not be exchanged with what it points to."""
    return Path(os.path.realpath(folder))


def _beside(folder: Path, name: str) -> Path:
    return folder.with_name(f".{folder.name}.{name}")


def _all_beside(folder: Path) -> list[Path]:
    start = f".{folder.name}."
    return sorted(path for path in folder.parent.iterdir() if path.name.startswith(start) and path.is_dir())


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Hold the folder's lock, which dies with the process; one publisher waits for the other."""
    handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    until = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise PublishError(
                        "another process has been publishing for too long.", spot=Spot(parent), mend="Try again later."
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
