"""data/suggested.toml: what calfeed read and is not sure of, for an editor to decide. Nothing in it is published.

The file is calfeed's own and is written anew with each import: a source's suggestions replace those of its last
edition.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import tomlkit

from calfeed.errors import CatalogueError, Spot
from calfeed.model import Proposal, Value
from calfeed.store.disk import replace_file

_HEAD = "What calfeed is not sure of; nothing here is published. Written anew by each import."


class Suggestion(Value, frozen=True, kw_only=True):
    """An entry that an editor decides on. `days`: its periods, "2027-05-03..2027-05-05", a side empty where it is open.
    `confidence` is the probability of an event, `why` the evidence for it in words, `where` its place in the source."""

    source: str
    title: str
    entry: str
    days: tuple[str, ...] = ()
    place: str | None = None
    where: str = ""
    confidence: float = 0.0
    why: tuple[str, ...] = ()


def suggestions(path: Path) -> tuple[Suggestion, ...]:
    """The suggestions in a file; none where there is none, or where it was damaged: the next import writes it anew."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert(told.get("suggestion", []), tuple[Suggestion, ...])
    except (OSError, ValueError, msgspec.ValidationError):
        return ()


def suggest(source: str, proposals: Sequence[Proposal], path: Path) -> None:
    """Put the suggestions of a source's new edition in the place of its old ones.

    Raises CatalogueError where the file cannot be written."""
    old = suggestions(path)
    new = (*(one for one in old if one.source != source), *_made(source, proposals))
    if new == old:
        return
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    tables = tomlkit.aot()
    for one in new:
        table = tomlkit.table()
        for name, value in msgspec.to_builtins(one).items():
            table.add(name, value)
        tables.append(table)
    document.add("suggestion", tables)
    try:
        replace_file(path, tomlkit.dumps(document).encode("utf-8", "replace"))
    except OSError as error:
        raise CatalogueError(
            f"the suggestions cannot be written: {error.strerror or error}.", spot=Spot(path)
        ) from error


def _made(source: str, proposals: Iterable[Proposal]) -> Iterable[Suggestion]:
    for proposal in proposals:
        drafts = next(iter(proposal.drafts.values()))
        periods = [draft.period for draft in drafts if draft.period]
        yield Suggestion(
            source=source,
            title=drafts[0].title,
            entry=proposal.entry.text,
            days=tuple(f"{period.start or ''}..{period.end or ''}" for period in periods),
            place=drafts[0].place,
            where=str(proposal.entry.where),
            confidence=proposal.entry.confidence,
            why=proposal.entry.why,
        )
