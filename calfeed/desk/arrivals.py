"""Documents that people handed over: kept by their digest until their letter is answered, and then with their source.

`var/desk/documents/<sha256>` holds the bytes as they came, which are never served under a type that a browser runs;
`var/desk/letters/<id>.json` what is known of one that waits for an answer.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path, PurePosixPath

import msgspec
import tomlkit
from msgspec.structs import replace

from calfeed.errors import CalfeedError, DocumentError, Spot
from calfeed.fetch import Fetched
from calfeed.model import Instant, Value
from calfeed.normalise import slug
from calfeed.settings import FILE_NAME, Settings, Source, load_settings
from calfeed.store.disk import replace_file

DOCUMENTS = "documents"
LETTERS = "letters"
_ID = re.compile(r"[0-9a-f]{16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Arrival(Value, frozen=True, kw_only=True):
    """A document that waits: who brought it when, and the source that it is taken for. `known`: the settings have that
    source; `alike` of its `entries` entries were known from there, where calfeed found it by them."""

    id: str
    digest: str
    name: str
    media_type: str | None = None
    by: str
    at: Instant
    source: str
    title: str
    url: str | None = None
    known: bool = False
    alike: int = 0
    entries: int = 0


class Arrivals:
    """The documents of a desk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep the bytes of a document; their digest."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._folder / DOCUMENTS / digest
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(path, content)
        return digest

    def content(self, digest: str) -> bytes | None:
        """The bytes with that digest, None where they are not kept."""
        if not _DIGEST.fullmatch(digest):
            return None
        try:
            return (self._folder / DOCUMENTS / digest).read_bytes()
        except OSError:
            return None

    def add(self, arrival: Arrival) -> None:
        replace_file(self._path(arrival.id), msgspec.json.encode(arrival))

    def named(self, name: str) -> Arrival | None:
        """The document that waits under an id."""
        if not _ID.fullmatch(name):
            return None
        try:
            return msgspec.json.decode(self._path(name).read_bytes(), type=Arrival)
        except (OSError, msgspec.DecodeError):
            return None

    def waiting(self) -> list[Arrival]:
        """All that wait for an answer, the newest first."""
        names = (path.stem for path in (self._folder / LETTERS).glob("*.json"))
        found = [arrival for name in names if (arrival := self.named(name)) is not None]
        return sorted(found, key=lambda arrival: arrival.at, reverse=True)

    def answered(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def fetched(self, arrival: Arrival) -> Fetched:
        """The document as if it was fetched. Raises DocumentError where its bytes are gone."""
        content = self.content(arrival.digest)
        if content is None:
            raise DocumentError("the document is not kept any more.", mend="Hand it over again.")
        return Fetched(content=content, name=arrival.name, media_type=arrival.media_type)

    def _path(self, name: str) -> Path:
        path = self._folder / LETTERS / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def new_id() -> str:
    return secrets.token_hex(8)


def file_name(sent: str) -> str:
    """The name of an uploaded file without folders and odd letters; "document" where nothing is left."""
    name = PurePosixPath(sent.replace("\\", "/")).name
    return re.sub(r"[^\w .()+-]", "_", name).strip(". ")[:120] or "document"


def new_source(name: str, settings: Settings, *, url: str | None = None) -> Source:
    """A source of its own for a document under a new name."""
    title = PurePosixPath(name).stem or name
    made = base = slug(title)[:100].strip("-") or "document"
    number = 2
    while settings.source(made):
        made, number = f"{base}-{number}", number + 1
    if url:
        return Source(id=made, title=title, url=url)
    return Source(id=made, title=title, path=f"data/sources/{made}{PurePosixPath(name).suffix.lower()}")


def source_of(arrival: Arrival, settings: Settings) -> Source:
    """The source that a document is an edition of, as the settings have it or would have it."""
    known = settings.source(arrival.source)
    if known is not None:
        return known
    source = new_source(arrival.name, settings, url=arrival.url)
    return replace(source, id=arrival.source, title=arrival.title)


def place(arrival: Arrival, content: bytes, settings: Settings, source: Source) -> Settings:
    """Put an accepted document where its source is read from; a new source is written into calfeed.toml, whose new
    settings are given back. Raises CalfeedError where that file cannot be written."""
    if source.path is not None:
        path = Path(settings.folder, source.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)
    if settings.source(source.id):
        return settings
    file = Path(settings.folder, FILE_NAME)
    try:
        document = tomlkit.parse(file.read_text("utf-8-sig") if file.exists() else "")
        table = tomlkit.table()
        table.update(
            {"id": source.id, "title": source.title} | ({"path": source.path} if source.path else {"url": source.url})
        )
        known = document.setdefault("sources", tomlkit.aot())
        known.append(table)
        replace_file(file, tomlkit.dumps(document).encode("utf-8"))
    except (OSError, ValueError) as error:
        raise CalfeedError(
            "the new source cannot be written into the settings.", spot=Spot(file), mend="Nothing was changed."
        ) from error
    return load_settings(file)
