"""data/events.toml <-> Catalogue: text that people edit, written back without touching what did not change.

In: the file's text, or a catalogue. Out: a `Stored` catalogue, or the new text. `parse`, `complete` and `render` are
pure; `load` and `save` add the disk. Must not know: sources, documents, how events come about.

The text is cut into pieces at its `[[edition]]` and `[[event]]` headers, and each piece is read by itself: a piece
whose event is unchanged is written back byte for byte, so comments, spacing and the order of keys stay.
"""

from __future__ import annotations

from pathlib import Path

from calfeed.errors import CatalogueError, Spot
from calfeed.model import Catalogue
from calfeed.store.completing import complete
from calfeed.store.decisions import load_decisions, save_decisions
from calfeed.store.disk import replace_file
from calfeed.store.kept import keep, kept, published
from calfeed.store.reading import Stored, parse
from calfeed.store.rendering import render
from calfeed.store.suggestions import Suggestion, suggest, suggestions

__all__ = [
    "Stored",
    "Suggestion",
    "complete",
    "keep",
    "kept",
    "load",
    "load_catalogue",
    "load_decisions",
    "parse",
    "published",
    "render",
    "save",
    "save_decisions",
    "suggest",
    "suggestions",
]

MAX_BYTES = 256 * 2**20


def load(path: Path, *, strict: bool = True) -> Stored:
    """Read the catalogue at `path`; an empty one where there is no file yet. Unless `strict`, an event that cannot be
    read is set aside, in `bad` and `faults`.

    Raises CatalogueError that names file, line, column, field and what was expected."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CatalogueError(f"the catalogue has more than {MAX_BYTES // 2**20} MiB.", spot=Spot(path))
        octets = path.read_bytes()
    except FileNotFoundError:
        return Stored(source=str(path), octets=None, catalogue=Catalogue())
    except OSError as error:
        raise CatalogueError(f"the catalogue cannot be read: {error.strerror}.", spot=Spot(path)) from error
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise CatalogueError(
            "the catalogue is not UTF-8 text.",
            spot=Spot(path, line=line),
            mend="Save it as UTF-8; nothing was changed.",
        ) from error
    return parse(text, source=path, octets=octets, strict=strict)


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue at `path`, without the events that their editor has not finished."""
    return load(path).catalogue


def save(stored: Stored, catalogue: Catalogue, path: Path) -> bool:
    """Write `catalogue` over the file that `stored` was read from; whether that changed a byte.

    The file is exchanged whole: after an error, or a kill at any moment, it is the old one or the new one.

    Raises CatalogueError where the file was changed since it was read, or cannot be written."""
    octets = _encode(render(stored, catalogue), path)
    if octets == stored.octets:
        return False
    try:
        replace_file(path, octets, expected=stored.octets)
    except OSError as error:
        raise CatalogueError(
            f"the catalogue cannot be written: {error.strerror or error}.",
            spot=Spot(path),
            mend="No event is lost: free space or restore access, then try again.",
        ) from error
    return True


def _encode(text: str, path: Path) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CatalogueError(
            f"an event holds half a character ({text[error.start]!r}), which no file can store.", spot=Spot(path)
        ) from error
