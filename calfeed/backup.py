"""One archive of all that cannot be made again: settings, catalogue, documents, and what the service remembers.

The feeds are left out: `calfeed build` makes them of the catalogue, byte for byte. An archive holds a manifest with the
SHA-256 of each file; it is read back after it was written, and wholly checked before anything is restored.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from calfeed import store
from calfeed.errors import CalfeedError, Spot
from calfeed.settings import FILE_NAME, Settings, load_settings
from calfeed.store.disk import replace_file

MANIFEST = "manifest.json"
FORM = 1
# What belongs to processes that run, or is made anew.
LEFT_OUT = (".lock", ".tmp", "~")


class BackupError(CalfeedError):
    """An archive cannot be written, or is not what it should be."""

    code = "backup"


class Manifest(Struct, frozen=True, kw_only=True):
    """`files` maps each path, relative to the site's folder, to the SHA-256 of its bytes; `made` is UTC."""

    form: int
    made: datetime
    files: dict[str, str]


def write_backup(settings: Settings, folder: Path, *, now: datetime) -> Path:
    """Write an archive of the site to `folder` and check it; its path. `now` is UTC and names it.

    Raises BackupError where it cannot be written or does not read back, CatalogueError where the catalogue is broken:
    a backup of that would be none."""
    store.load(settings.catalogue_path)
    files = {name: path.read_bytes() for name, path in _files(settings)}
    manifest = Manifest(form=FORM, made=now, files={name: _digest(octets) for name, octets in files.items()})
    packed = _packed({MANIFEST: msgspec.json.format(msgspec.json.encode(manifest))} | files, now)
    target = folder / f"calfeed-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    try:
        replace_file(target, packed)
        _unpacked(target)
    except OSError as error:
        raise BackupError(
            f"the archive cannot be written: {error.strerror}.", spot=Spot(target), mend="Choose another folder."
        ) from error
    return target


def restore_backup(archive: Path, folder: Path, *, over: bool = False) -> tuple[str, ...]:
    """Put the files of an archive into `folder`; their names. Nothing is written before all of it was checked.

    `over` lets it replace a site that is there. SEQUENCE and LAST-MODIFIED go on from what was published since.
    Raises BackupError."""
    files = _unpacked(archive)
    if (folder / FILE_NAME).exists() and not over:
        raise BackupError(
            "there is a site in this folder already; nothing was written.",
            spot=Spot(folder / FILE_NAME),
            mend="Choose an empty folder, or replace it with --over.",
        )
    try:
        for name, octets in files.items():
            replace_file(folder / name, octets)
    except OSError as error:
        raise BackupError(f"{name} cannot be written: {error.strerror}.", spot=Spot(folder)) from error
    store.load(load_settings(folder / FILE_NAME).catalogue_path)
    return tuple(files)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Name and path of each file of the site, in order; a document outside of its folder is not its own."""
    root = Path(settings.folder).resolve()
    data, state = settings.catalogue_path.parent, settings.state_path
    found = {root / FILE_NAME, *(path for folder in (data, state) for path in folder.rglob("*"))}
    found |= {root / source.path for source in settings.sources if source.path}
    for path in sorted(path.resolve() for path in found):
        if path.is_file() and path.is_relative_to(root) and not path.name.endswith(LEFT_OUT):
            yield path.relative_to(root).as_posix(), path


def _packed(files: dict[str, bytes], now: datetime) -> bytes:
    """A gzipped tar of the files; the same files at the same instant give the same bytes."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, octets in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(octets), int(now.timestamp()), 0o600
            archive.addfile(member, io.BytesIO(octets))
    return gzip.compress(plain.getvalue(), mtime=int(now.timestamp()))


def _unpacked(archive: Path) -> dict[str, bytes]:
    """The files of an archive, each the one that its manifest names. Raises BackupError for any other."""
    try:
        with tarfile.open(archive, "r:gz") as opened:
            held = {member.name: opened.extractfile(member) for member in opened.getmembers() if member.isfile()}
            files = {name: stream.read() for name, stream in held.items() if stream}
        manifest = msgspec.json.decode(files.pop(MANIFEST), type=Manifest)
    except FileNotFoundError as error:
        raise BackupError("there is no such archive.", spot=Spot(archive)) from error
    except (OSError, EOFError, KeyError, tarfile.TarError, msgspec.DecodeError) as error:
        raise BackupError("this is no whole archive of calfeed.", spot=Spot(archive), mend="Take another.") from error
    if manifest.form != FORM:
        raise BackupError(f"the archive has form {manifest.form}, {FORM} is read.", spot=Spot(archive))
    for name in {*files, *manifest.files}:
        parts = PurePosixPath(name)
        safe = not parts.is_absolute() and ".." not in parts.parts
        if not safe or name not in files or _digest(files[name]) != manifest.files.get(name):
            raise BackupError(
                f"{name[:100]!r} is not what the manifest says.", spot=Spot(archive), mend="Take another."
            )
    return files


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()
