"""Catalogue -> text: unchanged events as they stood, changed ones edited in place, new ones in their order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, Item, Table

from calfeed.model import Catalogue, Edition, Event, FormerFeed
from calfeed.store.reading import SCHEMA, Piece, Stored
from calfeed.store.writing import ARRAYS_OF_TABLES, TABLES, piece_of, stands_apart, table_of, value_text

# What stands in the file, each with a header of its own.
Stands = Edition | FormerFeed | Event

PROLOGUE = f"""\
# The events of this calendar. Edit them freely: docs/editors.md tells how, `calfeed check` looks for mistakes.

schema = {SCHEMA}
"""
# Comment and blank lines at the end of a piece, behind its last key.
_TRAILER = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?\n)*(?:^[ \t]*(?:#[^\n]*)?)?\Z", re.MULTILINE)
_HEAD = re.compile(r"(?:[ \t]*(?:#[^\n]*+|\r)?\n)*")


def render(stored: Stored, catalogue: Catalogue) -> str:
    """The text of the file that holds `catalogue`, where it held `stored` before.

    Time and memory grow with the file's length plus the number of changed events. A comment stays with the event that
    it stands in or directly above; where an event leaves, the comments behind it stay. What could not be read stays as
    it stands, whatever the catalogue has under its UID."""
    old = dict(_named(stored))
    unread = stored.unread
    parts: list[tuple[str, int | None]] = [(stored.prologue or PROLOGUE, -1)]
    kept: set[tuple[str, str]] = set()
    values: tuple[Stands, ...] = (*catalogue.editions, *catalogue.former, *catalogue.events)
    for value in values:
        kind = _kind(value)
        if kind == "event" and _name(value) in unread:
            continue
        kept.add((kind, _name(value)))
        if (kind, _name(value)) not in old:
            parts.append((piece_of(kind, table_of(value)), None))
            continue
        index, before = old[kind, _name(value)]
        piece = stored.pieces[index]
        parts.append((piece.text if before == value else _edited(piece, table_of(before), table_of(value)), index))
    unfinished = {id(piece) for piece in stored.unfinished}
    for index, piece in enumerate(stored.pieces):
        if id(piece) in unfinished:
            parts.append((piece.text, index))
    for piece in stored.bad:
        index = next(at for at, other in enumerate(stored.pieces) if other is piece)
        parts.insert(_place(parts, index), (piece.text, index))
    left = sorted(index for name, (index, _) in old.items() if name not in kept)
    parts += [(text, None) for text in (_comments(stored.pieces[index].text) for index in left) if text]
    return _join(parts, stored)


def _place(parts: list[tuple[str, int | None]], index: int) -> int:
    """Where the piece that stood at `index` of the file belongs among the parts: behind what stood before it."""
    before = [at for at, (_, other) in enumerate(parts) if other is not None and other < index]
    return before[-1] + 1


def _named(stored: Stored) -> Iterator[tuple[tuple[str, str], tuple[int, Stands]]]:
    """Each finished piece's kind and name, with its index and its value."""
    unfinished = {id(piece) for piece in (*stored.unfinished, *stored.bad)}
    values: dict[str, Iterator[Stands]] = {
        "edition": iter(stored.catalogue.editions),
        "former_feed": iter(stored.catalogue.former),
        "event": iter(stored.catalogue.events),
    }
    for index, piece in enumerate(stored.pieces):
        if id(piece) not in unfinished:
            value = next(values[piece.kind])
            yield (piece.kind, _name(value)), (index, value)


def _name(value: Stands) -> str:
    match value:
        case Event():
            return value.uid
        case FormerFeed():
            return value.slug
        case Edition():
            return value.source


def _kind(value: Stands) -> str:
    return "event" if isinstance(value, Event) else "edition" if isinstance(value, Edition) else "former_feed"


def _join(parts: list[tuple[str, int | None]], stored: Stored) -> str:
    """One text. Pieces (with their index in the file) that were neighbours keep what was between them; between all
    others stands a blank line."""
    whole: list[str] = []
    for (text, index), (_, following) in zip(parts, [*parts[1:], ("", None)], strict=True):
        neighbours = index is not None and following == index + 1
        whole.append(text if neighbours else text.rstrip("\n") + "\n\n")
    last, index = parts[-1]
    whole[-1] = last if index == len(stored.pieces) - 1 else last.rstrip("\n") + "\n"
    joined = "".join(whole)
    return re.sub(r"\r?\n", "\r\n", joined) if b"\r\n" in (stored.octets or b"")[:4096] else joined


def _comments(text: str) -> str:
    trailer = _TRAILER.search(text)
    return trailer[0].lstrip("\n") if trailer and "#" in trailer[0] else ""


def _edited(piece: Piece, old: dict[str, Any], new: dict[str, Any]) -> str:
    """The piece with the values of `new` instead of `old`: edited in place, so that its comments and order stay.

    A piece that stands exactly as calfeed writes it has nothing to keep, and is simply written anew."""
    trailer = _TRAILER.search(piece.text)
    cut = trailer.start() if trailer else len(piece.text)
    body = piece.text[:cut].replace("\r\n", "\n")
    head = _HEAD.match(body)
    above = head[0] if head else ""
    if body == above + piece_of(piece.kind, old):
        return above + piece_of(piece.kind, new) + piece.text[cut:]
    meant = tomllib.loads(piece_of(piece.kind, new))
    try:
        document = tomlkit.parse(body)
        array = document[piece.kind]
        assert isinstance(array, AoT)
        _update(array[0], piece.table, meant[piece.kind][0])
        text = tomlkit.dumps(document)
        if tomllib.loads(text) != meant:
            raise ValueError("the edited text says something else")
    except Exception:
        text = above + piece_of(piece.kind, new)
    return (text if text.endswith("\n") else text + "\n") + piece.text[cut:]


def _update(into: Table, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for name in [name for name in old if name not in new]:
        into.remove(name)
    for name, value in new.items():
        if name in old and old[name] == value:
            continue
        if name in TABLES and isinstance(into.get(name), Table):
            _update(into[name], old[name], value)
        elif name in ARRAYS_OF_TABLES and isinstance(into.get(name), AoT) and value[: len(old[name])] == old[name]:
            for item in value[len(old[name]) :]:
                into[name].append(_table(item))
        elif name in ARRAYS_OF_TABLES:
            into[name] = _tables(value)
        elif stands_apart(name, value) and name not in old:
            into[name] = _table(value)
        elif name in old:
            into[name] = _item(name, value)
        else:
            into.append(name, _item(name, value))


def _item(name: str, value: Any) -> Item:
    return tomlkit.value(value_text(name, value))


def _table(fields: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for name, value in fields.items():
        table.append(name, _item(name, value))
    return table


def _tables(items: list[Mapping[str, Any]]) -> AoT:
    array = tomlkit.aot()
    for item in items:
        array.append(_table(item))
    return array
