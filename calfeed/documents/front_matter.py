"""Front matter: the fields that stand before a text in Markdown, AsciiDoc and the like, as notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from calfeed.documents.tree import Node, NodeKind
from calfeed.model import Where

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_FIELD = re.compile(r"[ \t]*(?:- +)?([A-Za-z_][\w .-]{0,60}?)[ \t]*(?::(?=\s|$)|=(?= ))[ \t]*(.*)$")
_MAX_LINES = 400


def front_matter(lines: Sequence[str]) -> tuple[int, tuple[Node, ...]]:
    """How many lines a text's front matter has (0: it has none), and its fields: notes with the key as label.

    YAML between `---` and TOML between `+++` are read alike, a field a line; what follows a field without a key of
    its own belongs to it. Empty fields are left out.
    """
    closing = _FENCES.get(lines[0].strip()) if lines else None
    if not closing:
        return 0, ()
    end = next((at for at, line in enumerate(lines[1:_MAX_LINES], start=1) if line.strip() in closing), 0)
    if not end or not any(_FIELD.match(line) for line in lines[1:end]):
        return 0, ()
    fields: list[tuple[str, list[str], int, int]] = []
    for number, line in enumerate(lines[1:end], start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if field := _FIELD.match(line):
            fields.append((field[1], [_value(field[2])], number, number))
        elif fields:
            key, values, first, _ = fields[-1]
            fields[-1] = (key, [*values, _value(line.strip().removeprefix("- "))], first, number)
        else:
            fields.append(("", [_value(line)], number, number))
    notes = tuple(
        Node(kind=NodeKind.NOTE, label=key, text=text, where=Where(lines=(first, last)))
        for key, values, first, last in fields
        if (text := " ".join(filter(None, values)))
    )
    return end + 1, notes


def _value(text: str) -> str:
    text = " ".join(text.split())
    if text in ("|", ">", "|-", ">-", "[]", "{}", "null", "~"):
        return ""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
