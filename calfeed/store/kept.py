"""The catalogue that a published generation was made from, kept in the state folder under the generation's id.

events.toml is for editing: half an edit, or one that no build has taken in, must change no page. So pages are made
from this copy; without one (a new clone) from events.toml.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import msgspec

from calfeed.model import Catalogue
from calfeed.store.disk import replace_file


class _Named(msgspec.Struct, frozen=True):
    """generation.json, of which the id is wanted."""

    id: str


log = logging.getLogger(__name__)

FOLDER = "catalogues"
# As many as generations are on disk: the live one and the previous one.
COPIES = 2


def keep(catalogue: Catalogue, generation: str, state: Path) -> None:
    """Keep what the generation with this id was made from, and forget older ones.

    Never raises: a copy that cannot be written is done without."""
    path = _path(generation, state)
    octets = msgspec.json.encode(catalogue)
    try:
        if not path.exists() or path.read_bytes() != octets:
            replace_file(path, octets)
        others = sorted(set(path.parent.glob("*.json")) - {path}, key=lambda copy: copy.stat().st_mtime)
        for copy in others[: 1 - COPIES]:
            copy.unlink()
    except OSError as error:
        log.warning("no copy of the catalogue is kept: %s", error.strerror)


def kept(generation: str, state: Path) -> Catalogue | None:
    """The catalogue that the generation was made from; None where no copy is there, whole, and of this form."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(_path(generation, state).read_bytes(), type=Catalogue)
    return None


def published(feeds: Path, state: Path) -> Catalogue | None:
    """The catalogue that the published generation was made from; the newest copy where its own is not there. None where
    none was ever kept."""
    copies: list[Path] = []
    with suppress(OSError, msgspec.DecodeError):
        copies.append(_path(msgspec.json.decode((feeds / "generation.json").read_bytes(), type=_Named).id, state))
    with suppress(OSError):
        copies += sorted((state / FOLDER).glob("*.json"), key=lambda copy: copy.stat().st_mtime, reverse=True)
    found = (kept(copy.stem, state) for copy in copies)
    return next((catalogue for catalogue in found if catalogue is not None), None)


def _path(generation: str, state: Path) -> Path:
    return state / FOLDER / f"{generation}.json"
