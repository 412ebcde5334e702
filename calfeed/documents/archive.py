"""ZIP packages (DOCX, XLSX, ODT, ODS) looked at before any of it is unpacked: no bomb, no path out of the package.

Limits are of what the archive's own directory says; a member that unpacks to more than it says is cut by zipfile's
CRC check.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from calfeed.errors import DocumentError, Spot

MAX_MEMBERS = 5_000
# Unpacked, in bytes: of all members, and of one that is XML (which a parser turns into ten times as much memory).
MAX_UNPACKED = 200 * 2**20
MAX_XML = 30 * 2**20
# What unpacking a damaged archive raises.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


def checked(content: bytes, *, source: str) -> zipfile.ZipFile:
    """The archive, once its directory was found sane. Raises DocumentError where it is not."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DocumentError(
            f"this file is cut or damaged: its ZIP package cannot be opened ({error}).",
            spot=Spot(source),
            mend="Open it in the program that made it, save it anew and give that.",
        ) from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _refused(source, f"its package has {len(members):,} members, more than {MAX_MEMBERS:,}")
    if any(".." in PurePosixPath(m.filename).parts or m.filename.startswith(("/", "\\")) for m in members):
        raise _refused(source, "its package has a member whose name leads out of it")
    if any(member.flag_bits & 0x1 for member in members):
        raise DocumentError("this document is protected by a password.", spot=Spot(source), mend="Save it without one.")
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED:
        raise _refused(
            source, f"its package unpacks to {total / 2**20:,.0f} MiB, more than {MAX_UNPACKED // 2**20} MiB"
        )
    large = next((m for m in members if m.filename.endswith((".xml", ".rels")) and m.file_size > MAX_XML), None)
    if large:
        raise _refused(source, f"its part {large.filename} unpacks to {large.file_size / 2**20:,.0f} MiB")
    return archive


def member(archive: zipfile.ZipFile, name: str, *, source: str) -> bytes | None:
    """A member's bytes, None where there is no such. Raises DocumentError where it is damaged or unpacks to too
    much.
    """
    try:
        with archive.open(name) as stream:
            content = stream.read(MAX_XML + 1)
    except KeyError:
        return None
    except DAMAGE as error:
        raise _refused(source, f"its part {name} is damaged ({error})") from error
    if len(content) > MAX_XML:
        raise _refused(source, f"its part {name} unpacks to more than {MAX_XML // 2**20} MiB")
    return content


def xml_of(archive: zipfile.ZipFile, name: str, *, source: str) -> Any:
    """The root element of a member, None where there is no such. No entity is resolved, and nothing is loaded.

    Raises SyntaxError where it is no XML, ModuleNotFoundError where lxml is not installed.
    """
    from lxml import etree

    content = member(archive, name, source=source)
    if content is None:
        return None
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _refused(source: str, why: str) -> DocumentError:
    return DocumentError(
        f"this file is not read: {why}.",
        spot=Spot(source),
        mend="Open it in the program that made it, save the part that holds the programme and give that.",
    )
