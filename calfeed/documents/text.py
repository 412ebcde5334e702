"""Plain text and Markdown: lines -> blocks.

Only what the characters themselves say is decided here: headings that are marked as such (`#`, underlines), table
rows (tabs, pipes), paragraphs with their lines as they stood. What an unmarked line is, a heading or an item, depends
on the sections around it and is left to extraction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from calfeed.documents.columns import aligned_cells
from calfeed.documents.decode import PAGE_BREAK
from calfeed.documents.furniture import without_furniture
from calfeed.model import Block, BlockKind, Where

_HASH_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t#]*$")
_UNDERLINE = re.compile(r"(=+|-+|~+)$")
_MARKDOWN_RULE = re.compile(r"([-*_=][ \t]*){3,}$")
_TABLE_RULE = re.compile(r"\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?$")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_STRESS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """The blocks of a text, in order; `lines` are cleaned, and line 1 is the first of them."""
    found: list[Block] = []
    paragraph: list[tuple[int, str]] = []
    header: tuple[str, ...] = ()
    numbered = without_furniture(lines)
    aligned = aligned_cells(numbered)
    for position, (number, line) in enumerate(numbered):
        text = line.strip()
        following_number, below = numbered[position + 1] if position + 1 < len(numbered) else (0, "")
        following = below.strip()
        if not text or (_MARKDOWN_RULE.match(text) and not paragraph):
            found.extend(_paragraph(paragraph))
            # A blank line ends a table, unless a row of the same columns follows.
            goes_on = len(header) == len(aligned.get(following_number, ())) > 0
            header = header if text or goes_on else ()
            paragraph = []
        elif (marked := _HASH_HEADING.match(text)) and not line.startswith(" " * 4):
            found.extend(_paragraph(paragraph))
            paragraph = []
            found.append(_heading(marked[2], len(marked[1]), (number, number)))
        elif paragraph and _is_underline(text, paragraph):
            titled = (
                paragraph[-2:] if len(paragraph) == 2 and len(text) >= len(paragraph[0][1].strip()) else paragraph[-1:]
            )
            found.extend(_paragraph(paragraph[: -len(titled)]))
            heading = " ".join(part.strip() for _, part in titled)
            found.append(_heading(heading, 1 if text[0] == "=" else 2, (titled[0][0], number)))
            paragraph = []
        elif _TABLE_RULE.match(text) and "|" in text:
            continue
        elif cells := _cells(line, len(header)) or aligned.get(number, ()):
            found.extend(_paragraph(paragraph))
            paragraph = []
            if number in aligned and not any(cells):
                continue
            starts = not header and (_TABLE_RULE.match(following) is not None or _no_digit(cells))
            if starts or len(cells) != len(header):
                header = cells if starts else ()
            found.append(_row(cells, () if starts else header, number))
        else:
            header = ()
            paragraph.append((number, line.expandtabs(4)))
    found.extend(_paragraph(paragraph))
    return tuple(found)


def _paragraph(numbered: list[tuple[int, str]]) -> list[Block]:
    if not numbered:
        return []
    lines = tuple(_plain(line) for _, line in numbered)
    where = Where(lines=(numbered[0][0], numbered[-1][0]))
    text = " ".join(line.strip() for line in lines)
    return [Block(kind=BlockKind.PARAGRAPH, text=text, where=where, lines=lines)]


def _heading(text: str, level: int, lines: tuple[int, int]) -> Block:
    return Block(kind=BlockKind.HEADING, text=_plain(text).strip(), where=Where(lines=lines), level=level)


def _row(cells: tuple[str, ...], columns: tuple[str, ...], number: int) -> Block:
    return Block(
        kind=BlockKind.ROW,
        text=" | ".join(cells),
        where=Where(lines=(number, number)),
        cells=cells,
        columns=columns,
    )


def _plain(line: str) -> str:
    """The line without Markdown's emphasis; a link keeps its words and its address."""
    if "[" in line:
        line = _LINK.sub(lambda link: link[1] if link[2] in link[1] else f"{link[1]} ({link[2]})", line)
    if "**" in line or "__" in line:
        line = _EMPHASIS.sub(r"\2", line)
    if line.count("*") > 1:
        line = _STRESS.sub(r"\1", line)
    return line.replace(PAGE_BREAK, "")


def _is_underline(text: str, paragraph: list[tuple[int, str]]) -> bool:
    """Whether `text` underlines the line above it, being at least half as long."""
    over = paragraph[-1][1].strip()
    return bool(_UNDERLINE.match(text)) and len(text) >= max(3, len(over) // 2)


def _cells(line: str, expected: int) -> tuple[str, ...]:
    """The cells of a table's row, () where the line is none; `expected` is how many the rows above have, 0 for none."""
    text = line.strip(" ")
    if expected and line.count("\t") == expected - 1:
        return tuple(_plain(part).strip() for part in line.split("\t"))
    if text.count("|") >= 2 or (" | " in text):
        parts = text.strip("|").split("|")
    elif "\t" in text.strip("\t"):
        parts = re.split(r"\t+", text.strip("\t"))
        if len(parts[0].strip()) <= 3 and not parts[0].strip().isalnum():
            return ()  # a bullet and its text
    else:
        return ()
    cells = tuple(_plain(part).strip() for part in parts)
    return cells if len(cells) >= 2 and sum(map(bool, cells)) >= 2 else ()


def _no_digit(cells: tuple[str, ...]) -> bool:
    return not any(letter.isdigit() for cell in cells for letter in cell)
