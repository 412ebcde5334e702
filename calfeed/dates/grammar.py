"""The grammar: every kind of date expression is a row of grammar.txt, where its form is told.

Two tables are applied one after the other. "dates" makes dates, times, recurrences, counts and durations of lexemes;
"parts" narrows or moves those: "early" June, the "first week of" June, "two days after" 5 June. `spans` then joins them
to ranges and lists. To add a kind of expression, add a row with its examples; to add words, edit languages/*.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from calfeed.dates import days, numeric, parts, recurrence, relative, times, units
from calfeed.dates.notation import Builder, Item, Notation, Scene, Table, applied

_SECTION = re.compile(r"\[(\w+)\]")


class Production(NamedTuple):
    """A row as grammar.txt has it."""

    name: str
    builder: str
    pattern: str
    examples: tuple[str, ...]


class Source(NamedTuple):
    """What grammar.txt holds: sets of kinds, patterns with a name, and the rows of each table."""

    sets: dict[str, str]
    patterns: dict[str, str]
    dates: tuple[Production, ...]
    parts: tuple[Production, ...]


@lru_cache(maxsize=1)
def source() -> Source:
    """The grammar as it is written."""
    text = resources.files("calfeed").joinpath("dates/grammar.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    blocks: dict[str, list[list[str]]] = {}
    section = ""
    for line in lines:
        if found := _SECTION.fullmatch(line):
            section = found[1]
            blocks[section] = []
        elif line.startswith(" "):
            blocks[section][-1].append(line.strip())
        else:
            blocks[section].append([line])
    sets, patterns = (dict(_definition(block) for block in blocks[name]) for name in ("sets", "patterns"))
    dates, parts = (tuple(_production(block) for block in blocks[name]) for name in ("dates", "parts"))
    return Source(sets, patterns, dates, parts)


def _definition(block: list[str]) -> tuple[str, str]:
    name, _, meaning = " ".join(block).partition(" = ")
    return name, meaning


def _production(block: list[str]) -> Production:
    name, _, builder = block[0].partition(": ")
    pattern = " ".join(line for line in block[1:] if not line.startswith(">"))
    examples = [line[1:] for line in block[1:] if line.startswith(">")]
    return Production(name, builder, pattern, tuple(one.strip() for line in examples for one in line.split("; ")))


def _builder(name: str) -> Builder:
    """The function of a name. Raises LookupError for one that there is none of."""
    for module in (days, numeric, units, parts, relative, recurrence, times):
        if found := getattr(module, name, None):
            return found  # type: ignore[no-any-return]
    raise LookupError(f"grammar.txt names the builder {name}, and there is none.")


@lru_cache(maxsize=1)
def tables() -> tuple[Table, Table]:
    """Both tables, compiled."""
    written = source()
    notation = Notation(written.sets, written.patterns)
    dates, parts = (
        notation.table([(row.name, row.pattern, _builder(row.builder)) for row in rows])
        for rows in (written.dates, written.parts)
    )
    return dates, parts


def parsed(scene: Scene, items: list[Item]) -> list[Item]:
    """Lexemes with dates, times and all that is said of them made into nodes."""
    dates, parts = tables()
    return applied(parts, scene, applied(dates, scene, items))
