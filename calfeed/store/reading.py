"""Text -> catalogue: cut into pieces, read with tomllib, turned into values by msgspec."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from calfeed.errors import CatalogueError, Spot
from calfeed.model import Catalogue, Edition, Event, FormerFeed, Precision, Qualifier, Status, Value
from calfeed.settings import nearest, toml_fault
from calfeed.store.places import locate
from calfeed.store.values import misfit

SCHEMA = 1
MEND = "Correct it and try again; nothing was changed."
# Where a piece begins: at its header, with the comment lines that stand directly above it.
_PIECE = re.compile(r"^(?:[ \t]*#[^\n]*\n)*[ \t]*\[\[[ \t]*(?:event|edition|former_feed)[ \t]*\]\]", re.MULTILINE)
_CHOICES: dict[str, type[Precision] | type[Qualifier] | type[Status]] = {
    "precision": Precision,
    "qualifier": Qualifier,
    "status": Status,
}
_T = TypeVar("_T", Edition, FormerFeed, Event)


class Piece(Struct, frozen=True):
    """A stretch of the file that holds one edition or event. `line` is its first line, from 1."""

    kind: str
    text: str
    line: int
    table: dict[str, Any]


class Stored(Struct, frozen=True, kw_only=True):
    """A catalogue as it was read, with the text that it came from.

    `octets` is the file's content, None where there is no file. `pieces` are in the file's order; `unfinished` are
    those of the events that their editor gave no `uid` or no revision yet, which `complete` adds; `bad` those of events
    that cannot be read, and `faults` says why. Neither are in `catalogue`."""

    source: str
    octets: bytes | None
    catalogue: Catalogue
    prologue: str = ""
    pieces: tuple[Piece, ...] = ()
    unfinished: tuple[Piece, ...] = ()
    bad: tuple[Piece, ...] = ()
    faults: tuple[CatalogueError, ...] = ()

    @property
    def unread(self) -> frozenset[str]:
        """The UIDs of events that stand in the file and cannot be read."""
        known = {event.uid for event in self.catalogue.events}
        return frozenset(piece.table["uid"] for piece in self.bad if "uid" in piece.table) - known


def parse(text: str, *, source: str | Path, octets: bytes | None = None, strict: bool = True) -> Stored:
    """Read the catalogue in `text`; `source` is the name that errors give, `octets` the file as it stands on disk.

    Raises CatalogueError for what is no TOML, of another schema, of a wrong type, for two events with one UID and for
    a period that ends before it starts. Unless `strict`, an event with such a mistake is only set aside (fault 22)."""
    prologue, pieces = _cut(text, source)
    _check_prologue(prologue, source)
    editions: list[Edition] = []
    former: list[FormerFeed] = []
    events: list[Event] = []
    unfinished: list[Piece] = []
    bad: list[Piece] = []
    faults: list[CatalogueError] = []
    lines: dict[str, int] = {}
    for piece in pieces:
        if piece.kind == "edition":
            editions.append(_convert(piece, Edition, source))
        elif piece.kind == "former_feed":
            former.append(_convert(piece, FormerFeed, source))
        else:
            try:
                event = _event(piece, lines, source)
            except CatalogueError as error:
                if strict or not _is_named(piece):
                    raise
                bad.append(piece)
                faults.append(error)
            else:
                unfinished += [] if event else [piece]
                events += [event] if event else []
    return Stored(
        source=str(source),
        octets=text.encode("utf-8") if octets is None else octets,
        catalogue=Catalogue(schema=SCHEMA, editions=tuple(editions), former=tuple(former), events=tuple(events)),
        prologue=prologue,
        pieces=pieces,
        unfinished=tuple(unfinished),
        bad=tuple(bad),
        faults=tuple(faults),
    )


def _event(piece: Piece, lines: dict[str, int], source: str | Path) -> Event | None:
    """The event of a piece; None where its editor has not finished it, and nothing else is wrong with it."""
    if "uid" in piece.table:
        _check_uid(piece, lines, source)
    if "uid" in piece.table and "revision" in piece.table:
        return _fit(_convert(piece, Event, source), piece, source)
    _fit(_convert(msgspec.structs.replace(piece, table=_stand_in(piece.table)), Event, source), piece, source)
    return None


def _is_named(piece: Piece) -> bool:
    """Whether it is known which event a piece stands for: one with this UID, or a new one."""
    uid = piece.table.get("uid", "new")
    return isinstance(uid, str) and bool(uid)


def _stand_in(table: dict[str, Any]) -> dict[str, Any]:
    """The table of an unfinished event with stand-ins for what it lacks, so that all else can be checked."""
    past = {"created": "1970-01-01T00:00:00Z", "modified": "1970-01-01T00:00:00Z"}
    return {"uid": "unfinished", "revision": past} | table


def _cut(text: str, source: str | Path) -> tuple[str, tuple[Piece, ...]]:
    """The text before the first header, and the pieces.

    A header inside a multi-line string or array begins no piece. Such a cut shows: the text before it does not parse
    by itself, since what it opened is left open. It is then joined with what follows."""
    starts = [found.start() for found in _PIECE.finditer(text)]
    if not starts:
        return text, ()
    ends = [*starts[1:], len(text)]
    prologue, first = text[: starts[0]], 0
    if not _parses(prologue):
        _check_whole(text, source)
        while not _parses(prologue) and first < len(starts):
            prologue = text[: ends[first]]
            first += 1
    return prologue, tuple(_pieces(text, starts[first:], ends[first:], source))


def _pieces(text: str, starts: list[int], ends: list[int], source: str | Path) -> Iterator[Piece]:
    line, counted = 1, 0
    at = 0
    while at < len(starts):
        start = starts[at]
        line += text.count("\n", counted, start)
        counted = start
        tables: dict[str, Any] | None = None
        while tables is None:
            own = text[start : ends[at]]
            try:
                tables = tomllib.loads(own)
            except tomllib.TOMLDecodeError as error:
                if starts[at] == start:
                    _check_whole(text, source)
                if at + 1 == len(starts):
                    raise _fault(error, source, line) from error
            at += 1
        yield _piece(own, tables, line, source)


def _piece(text: str, tables: dict[str, Any], line: int, source: str | Path) -> Piece:
    kind = next((name for name in ("event", "edition", "former_feed") if isinstance(tables.get(name), list)), "")
    strangers = [name for name in tables if name != kind]
    if strangers or len(tables[kind]) != 1:
        name = strangers[0] if strangers else kind
        header = re.search(rf"^[ \t]*\[+[ \t]*[\"']?{re.escape(name)}", text, re.MULTILINE)
        below = text.count("\n", 0, header.start()) if header else 0
        raise CatalogueError(
            f"the table {name!r} does not belong here: tables of an event stand below its [[event]].",
            spot=Spot(source, line=line + below, field=name),
            mend=MEND,
        )
    return Piece(kind, text, line, tables[kind][0])


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _check_whole(text: str, source: str | Path) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fault(error, source, 1) from error


def _fault(error: tomllib.TOMLDecodeError, source: str | Path, first_line: int) -> CatalogueError:
    what, spot = toml_fault(error, source)
    line = spot.line + first_line - 1 if spot.line else None
    return CatalogueError(what, spot=Spot(source, line=line, column=spot.column), mend=MEND)


def _check_prologue(prologue: str, source: str | Path) -> None:
    try:
        table = tomllib.loads(prologue)
    except tomllib.TOMLDecodeError as error:
        raise _fault(error, source, 1) from error
    schema = table.pop("schema", None)
    line = locate("[[]]\n" + prologue, ("schema",))[0] or None
    spot = Spot(source, line=line, field="schema")
    if type(schema) is not int:
        found = "is missing" if schema is None else f"is {schema!r}"
        raise CatalogueError(f"the schema of this file {found}; `schema = {SCHEMA}` is expected.", spot=spot, mend=MEND)
    if schema != SCHEMA:
        age = "newer" if schema > SCHEMA else "older"
        raise CatalogueError(
            f"the file has schema {schema}, which is {age} than this calfeed reads ({SCHEMA}).",
            spot=spot,
            mend=f"Use the calfeed that wrote it{', or a newer one' if schema > SCHEMA else ''}; nothing was changed.",
        )
    for name in table:
        line = locate("[[]]\n" + prologue, (name,))[0] or None
        raise CatalogueError(
            f"unknown field {name!r}; before the first [[edition]] or [[event]] only `schema` is expected.",
            spot=Spot(source, line=line, field=name),
            mend=MEND,
        )


def _check_uid(piece: Piece, lines: dict[str, int], source: str | Path) -> None:
    uid = piece.table["uid"]
    if not isinstance(uid, str):
        return
    if uid in lines:
        raise CatalogueError(
            f"two events have the UID {uid}: the one here and the one of line {lines[uid]}.",
            spot=Spot(source, line=piece.line + locate(piece.text, ("uid",))[0], field="uid"),
            mend="Delete the `uid` line of the newer one: it is given a UID of its own. Nothing was changed.",
        )
    lines[uid] = piece.line


def _convert(piece: Piece, kind: type[_T], source: str | Path) -> _T:
    try:
        return msgspec.convert(piece.table, kind)
    except msgspec.ValidationError as error:
        raise _misfit(str(error), piece, source) from error


def _fit(event: Event, piece: Piece, source: str | Path) -> Event:
    """The event itself, if a calendar can carry its values."""
    if (wrong := misfit(event)) is None:
        return event
    line, column = locate(piece.text, wrong.path)
    field = ".".join((piece.kind, *wrong.path))
    raise CatalogueError(
        f"{wrong.what}.", spot=Spot(source, line=piece.line + line, column=column + 1, field=field), mend=MEND
    )


def _misfit(message: str, piece: Piece, source: str | Path) -> CatalogueError:
    what, _, place = message.partition(" - at `")
    path: list[str | int] = [int(n) if n else name for n, name in re.findall(r"\[(\d+)\]|([^.\[\]$`]+)", place)]
    unknown = re.search(r"contains unknown field `(.+?)`", what)
    if unknown:
        path.append(unknown[1])
        what = f"unknown field `{unknown[1]}`{nearest(unknown[1], Value)}"
    if "`datetime` with a timezone" in what:
        what = "an instant ends with its zone, such as 2026-11-24T17:00:00Z"
    choices = _CHOICES.get(str(path[-1])) if path else None
    if choices:
        what = f"{what}; expected one of {', '.join(choices)}"
    line, column = locate(piece.text, path)
    field = ".".join([piece.kind, *(str(name) for name in path)])
    return CatalogueError(
        f"{what}.", spot=Spot(source, line=piece.line + line, column=column + 1, field=field), mend=MEND
    )
