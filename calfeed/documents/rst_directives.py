"""Directives and roles of reStructuredText that docutils does not know, or should not act on: their words are kept.

Sphinx and its extensions have hundreds. Before parsing, each name that docutils has no use for here is rewritten to
`calfeed-block` or `calfeed-role`, which keep arguments, options and content as text. Tables in CSV are read here too:
docutils would take the cell "D. A." for a list. Nothing includes a file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles

_DIRECTIVE = re.compile(
    r"^([ \t]*(?:\.\. |- +|\* +)*\.\. (?:\|[^|\n]+\| )?)([A-Za-z][\w.:+-]*)(::(?=\s|$))", re.MULTILINE
)
_ROLE = re.compile(r":([A-Za-z][\w:.+-]*):(?=`[^`\n])")
# A link that leads nowhere, as converters write it.
_NOWHERE = re.compile(r"`([^`<>\n]{1,300}?) <>`__?")
_TITLED = re.compile(r"(.*\S)\s*<([^<>]*)>\s*$", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?|mailto|ftp):", re.IGNORECASE)
# What docutils reads well: content as in print.
_KNOWN = frozenset((
    "table", "list-table", "note", "tip", "hint", "important", "warning", "caution", "danger", "attention", "error",
    "admonition", "topic", "sidebar", "line-block", "parsed-literal", "figure", "image", "container", "compound",
    "epigraph", "highlights", "pull-quote", "rubric", "class", "replace", "unicode", "date", "role", "default-role",
    "math", "code", "meta",
))  # fmt: skip
_KNOWN_ROLES = frozenset((
    "emphasis", "strong", "literal", "subscript", "superscript", "sub", "sup", "title-reference", "title", "t", "code",
    "math", "abbreviation", "ab", "acronym", "ac",
))  # fmt: skip
_OWN = {"csv-table": "calfeed-csv", "raw": "calfeed-raw", "sourcecode": "code", "code-block": "code"}
# Lists of other documents: a table of contents, whose words stand elsewhere.
_CONTENTS = frozenset(("toctree", "contents", "index", "include", "literalinclude", "sectnum", "target-notes"))


def tolerant(text: str) -> str:
    """The text with each directive and role that docutils does not know renamed to one that keeps its words."""
    _register()
    text = _NOWHERE.sub(r"\1", _DIRECTIVE.sub(_renamed, text))
    return _ROLE.sub(lambda role: role[0] if role[1].lower() in _KNOWN_ROLES else ":calfeed-role:", text)


def _renamed(directive: re.Match[str]) -> str:
    name = directive[2].lower()
    if name in _KNOWN or (" |" in directive[1] or ".. |" in directive[1]):
        return directive[0]
    if name in _CONTENTS:
        return f"{directive[1]}calfeed-contents{directive[3]}"
    return f"{directive[1]}{_OWN.get(name, 'calfeed-block')}{directive[3]}"


class _AnyOption:
    """An option specification that takes every option as it stands."""

    def __getitem__(self, name: str) -> Any:
        return lambda value: value or ""


class Block(Directive):
    """An unknown directive: its argument as a paragraph, its options as fields, its content as in print."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption()  # type: ignore[assignment]
    has_content = True

    def run(self) -> Sequence[nodes.Node]:
        found: list[nodes.Node] = []
        if self.arguments:
            found.append(self._paragraph(self.arguments[0], self.lineno))
        fields = nodes.field_list()
        for name, value in self.options.items():
            if value:
                body = nodes.field_body("", self._paragraph(value, self.lineno))
                fields += nodes.field("", nodes.field_name("", name), body)
        if fields.children:
            found.append(fields)
        held = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, held)
        return [*found, *held.children]

    def _paragraph(self, text: str, line: int) -> nodes.paragraph:
        inline, _ = self.state.inline_text(text, line)
        made = nodes.paragraph(text, "", *inline)
        made.line = line
        return made


class Contents(Directive):
    """A list of other documents: its lines as they stand, apart from the text."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption()  # type: ignore[assignment]
    has_content = True

    def run(self) -> Sequence[nodes.Node]:
        words = " ".join([*self.arguments, *self.content]).strip()
        made = nodes.decoration("", nodes.footer("", nodes.paragraph(words, words)))
        made.line = self.lineno
        return [made] if words else []


class Raw(Directive):
    """Raw output: HTML is read by its own reader, anything else is for no reader."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption()  # type: ignore[assignment]
    has_content = True

    def run(self) -> Sequence[nodes.Node]:
        text = "\n".join(self.content)
        made = nodes.raw("", text, format=(self.arguments or [""])[0])
        made.line = self.content_offset + 1
        return [made]


class CsvTable(Directive):
    """A table in CSV, each cell a text of one paragraph. Files and addresses are not read."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption()  # type: ignore[assignment]
    has_content = True

    def run(self) -> Sequence[nodes.Node]:
        named = str(self.options.get("delim") or ",")
        delimiter = {"tab": "\t", "space": " "}.get(named.lower()) or named
        reader = csv.reader(
            (f"{line}\n" for line in self.content), delimiter=delimiter[:1], skipinitialspace=True, strict=False
        )
        rows: list[tuple[int, list[str]]] = []
        try:
            first = 1
            for row in reader:
                rows.append((self.content_offset + first, row))
                first = reader.line_num + 1
        except csv.Error:
            return [nodes.literal_block("", "\n".join(self.content))]
        header = csv.reader([str(self.options.get("header") or "")], skipinitialspace=True)
        head = [(self.lineno, row) for row in header if row]
        count = self.options.get("header-rows", "0")
        heads = int(count) if count.isascii() and count.isdigit() else 0
        head, body = [*head, *rows[:heads]], rows[heads:]
        group = nodes.tgroup("", cols=max((len(row) for _, row in [*head, *body]), default=0))
        if head:
            group += nodes.thead("", *(self._row(*row) for row in head))
        group += nodes.tbody("", *(self._row(*row) for row in body if any(cell.strip() for cell in row[1])))
        made = nodes.table("", group)
        made.line = self.lineno
        if self.arguments:
            made.insert(0, nodes.title("", self.arguments[0]))
        return [made]

    def _row(self, line: int, cells: Sequence[str]) -> nodes.row:
        row = nodes.row()
        for cell in cells:
            inline, _ = self.state.inline_text(cell.strip(), line)
            paragraph = nodes.paragraph(cell, "", *inline)
            paragraph.line = line
            row += nodes.entry("", paragraph)
        return row


def _role(
    name: str, rawtext: str, text: str, lineno: int, inliner: object, options: object = None, content: object = None
) -> tuple[list[nodes.reference], list[nodes.reference]]:
    """An unknown role: the words that it shows."""
    titled = _TITLED.match(text)
    words, target = (titled[1], titled[2]) if titled else (text.lstrip("~!"), "")
    if _ADDRESS.match(target):
        return [nodes.reference(rawtext, words, refuri=target)], []
    return [nodes.reference(rawtext, words)], []


@cache
def _register() -> None:
    directives.register_directive("calfeed-block", Block)
    directives.register_directive("calfeed-contents", Contents)
    directives.register_directive("calfeed-raw", Raw)
    directives.register_directive("calfeed-csv", CsvTable)
    roles.register_local_role("calfeed-role", _role)
