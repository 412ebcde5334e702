"""Values -> TOML text, in the shape that is pleasant to edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from calfeed.model import Edition, Event, FormerFeed

WIDTH = 110
# What an editor looks at first; names that are not here follow in the model's order.
ORDER = (
    "uid", "title", "period", "facets", "place", "country", "status", "lang", "note", "url",
    "reading", "review", "alternatives", "edited", "removed",
)  # fmt: skip
# Tables of their own below the event's keys; facets only where they are too long for a line.
TABLES = ("facets", "provenance", "revision")
ARRAYS_OF_TABLES = ("history",)
PACKED = ("instances",)
# Characters that TOML forbids in a string, and those that would not be seen or would turn the line around.
_ESCAPED = re.compile(r"[\x00-\x1f\"\\\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SHORT = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def table_of(value: Event | Edition | FormerFeed) -> dict[str, Any]:
    """The TOML table of a value: what has its default is left out."""
    built: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(date, datetime))
    first = {name: built[name] for name in ORDER if name in built}
    return first | {name: item for name, item in built.items() if name not in first}


def piece_of(kind: str, table: Mapping[str, Any]) -> str:
    """The text of an edition or event: `[[kind]]`, its keys, and its tables."""
    lines = [f"[[{kind}]]", *_lines(name_and for name_and in table.items() if not stands_apart(*name_and))]
    for name in TABLES:
        if stands_apart(name, table.get(name)):
            lines += ["", f"[{kind}.{name}]", *_lines(table[name].items())]
    for name in ARRAYS_OF_TABLES:
        for item in table.get(name, ()):
            lines += ["", f"[[{kind}.{name}]]", *_lines(item.items())]
    return "\n".join(lines) + "\n"


def inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key(name)} = {inline(item)}" for name, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(inline(item) for item in value)}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def value_text(name: str, value: Any) -> str:
    """A value as it stands behind `name = `: a list that is too long for a line has one item a line, of the many
    instances of a recurrence as many as a line holds."""
    text = inline(value)
    if not isinstance(value, list | tuple) or not value or len(name) + len(text) <= WIDTH:
        return text
    items = (f"{inline(item)}," for item in value)
    lines = _filled(items) if name in PACKED else items
    return "[\n" + "".join(f"  {line}\n" for line in lines) + "]"


def _filled(items: Iterable[str]) -> Iterator[str]:
    """Lines of items, no longer than the width where an item itself is not."""
    line = ""
    for item in items:
        if line and len(line) + len(item) >= WIDTH:
            yield line
            line = ""
        line = f"{line} {item}" if line else item
    yield line


def string(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def key(name: str) -> str:
    return name if _BARE.fullmatch(name) else string(name)


def stands_apart(name: str, value: Any) -> bool:
    """Whether a field is written as a table of its own."""
    if name == "facets":
        return value is not None and len(inline(value)) > WIDTH
    return name in ARRAYS_OF_TABLES or (name in TABLES and value is not None)


def _lines(items: Any) -> list[str]:
    return [f"{key(name)} = {value_text(name, value)}" for name, value in items]


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}"
