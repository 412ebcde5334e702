"""A source's bytes -> what calfeed reads in them, in a process of its own that can be ended (faults 23, 40, 45-49).

    bytes --documents.read_tree--> tree --extract.survey--> entries --normalise.propose_all--> proposals

In: a source, its bytes, settings, the instant. Out: a `SourceReading`. Reading, searching for dates and naming fields
all happen in the child: whatever a document does to them becomes one DocumentError, and the other sources go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from calfeed.assistant import Answer, ask, merge, pages_of
from calfeed.documents import Progress, read_tree
from calfeed.documents.child import Limits, apart
from calfeed.documents.tree import Tree
from calfeed.errors import DocumentError, Spot
from calfeed.extract import Survey, read_weights, survey
from calfeed.fetch import Fetched
from calfeed.model import Edition, Proposal
from calfeed.normalise import propose_all
from calfeed.normalise.activities import with_activities
from calfeed.settings import Settings, Source

# What a document may hold: more is no programme, and would be a file that nobody can edit (fault 45).
MAX_ENTRIES = 20_000


class SourceReading(Struct, frozen=True, kw_only=True):
    """What calfeed reads in a source: `accepted` become events, `suggested` are for an editor to decide, `left` counts
    the texts with a date that are no event's. `assistant` says what a language model was asked, "" for nothing."""

    edition: Edition
    accepted: tuple[Proposal, ...]
    suggested: tuple[Proposal, ...] = ()
    left: int = 0
    assistant: str = ""


class _Asked(Struct, frozen=True, kw_only=True):
    """All that the child needs to know."""

    source: Source
    content: bytes
    name: str
    media_type: str | None
    settings: Settings
    edition: Edition
    answer: Answer | None = None


def read_source(
    source: Source,
    fetched: Fetched,
    settings: Settings,
    *,
    known: Sequence[Edition],
    now: datetime,
    limits: Limits | None = None,
    asking: bool = False,
) -> SourceReading:
    """The edition that a source's bytes are, and what calfeed reads in it, within `limits`.

    With `asking`, the settings' language model is asked about it; what it answered once counts in any case.

    Bytes that were read before are read as of that day, so that a text without a year keeps the year that it had.

    Raises DocumentError for what is no document, and for one that could not be read to its end."""
    assert fetched.content is not None
    asked = _Asked(
        source=source,
        content=fetched.content,
        name=fetched.name,
        media_type=fetched.media_type,
        settings=settings,
        edition=_edition(source, fetched.content, known, now),
    )
    told = ""
    if settings.assistant is not None:
        octets = apart(f"{__name__}:pages_here", msgspec.msgpack.encode(asked), source=source.name, limits=limits)
        pages = msgspec.msgpack.decode(octets, type=tuple[str, ...])
        given = ask(pages, settings.assistant, settings.answers_path, today=now.date(), remote=asking)
        asked, told = replace(asked, answer=given.answer), given.told
    answer = apart(f"{__name__}:read_here", msgspec.msgpack.encode(asked), source=source.name, limits=limits)
    try:
        return replace(msgspec.msgpack.decode(answer, type=SourceReading), assistant=told)
    except msgspec.MsgspecError as error:
        raise DocumentError(f"this document was not read: {error}.", spot=Spot(source.name)) from error


def _tree(asked: _Asked, progress: Progress) -> Tree:
    source = asked.source
    return read_tree(
        asked.content,
        source=source.name,
        media_type=asked.media_type,
        name=asked.name,
        lang=source.language,
        progress=progress,
    )


def surveyed(
    tree: Tree, source: Source, settings: Settings, *, reference: date, tick: Callable[[], None] | None = None
) -> Survey:
    """What the document reader sees in a source's tree, with what the settings say of it; `reference` is the day of
    reading, `tick` is called while it goes on."""
    return survey(
        tree,
        settings.sections,
        reference=reference,
        settings=settings.dates,
        lang=source.language,
        zone=source.timezone or settings.site.timezone,
        places=settings.places,
        tick=tick,
    )


def pages_here(argument: bytes, progress: Progress) -> bytes:
    """What a language model is shown of a source: made in the child, too."""
    return msgspec.msgpack.encode(pages_of(_tree(msgspec.msgpack.decode(argument, type=_Asked), progress)))


def read_here(argument: bytes, progress: Progress) -> bytes:
    """What `read_source` runs in its child."""
    asked = msgspec.msgpack.decode(argument, type=_Asked)
    source, settings = asked.source, asked.settings
    tree = _tree(asked, progress)
    reference = day_of(asked.edition)
    found = surveyed(tree, source, settings, reference=reference, tick=lambda: progress(0, 0))
    read = found.entries
    if asked.answer is not None and settings.assistant is not None:
        trusting = settings.assistant.trusting
        read = merge(found, asked.answer, source=source.name, bar=read_weights(), trusting=trusting).entries
    entries = [replace(entry, source=source.id) for entry in read]
    if len(entries) > MAX_ENTRIES:
        raise DocumentError(
            f"this document has {len(entries)} entries, {MAX_ENTRIES} are read.", spot=Spot(source.name)
        )
    accepted = [entry for entry in entries if not entry.suggested]
    suggested = [entry for entry in entries if entry.suggested]
    reading = SourceReading(
        edition=asked.edition,
        accepted=with_activities(propose_all(accepted, settings, source=source, reference=reference), settings),
        suggested=propose_all(suggested, settings, source=source, reference=reference),
        left=sum(bool(left.part.dated) for left in found.left),
    )
    return msgspec.msgpack.encode(reading)


def day_of(edition: Edition) -> date:
    """The day as of which an edition's dates are read."""
    return edition.published or edition.read.date()


def _edition(source: Source, content: bytes, known: Sequence[Edition], now: datetime) -> Edition:
    digest = hashlib.sha256(content).hexdigest()
    current = {edition.source: edition for edition in known}.get(source.id)
    old = current if current and current.digest == digest else None
    return Edition(
        source=source.id,
        digest=digest,
        read=old.read if old else max(now.replace(microsecond=0), current.read if current else now),
        title=source.title,
        published=source.published,
    )
