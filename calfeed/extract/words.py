"""The tables of words.toml, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from msgspec import Struct


class Words(Struct, frozen=True, kw_only=True):
    """What words.toml holds, folded for comparison; `columns` maps a column's name in a document to its role."""

    connectives: frozenset[str]
    beside_section_names: frozenset[str]
    date_words: frozenset[str]
    imprint: tuple[str, ...]
    nothing: tuple[str, ...]
    columns: dict[str, str]


@cache
def words() -> Words:
    table = tomllib.loads(resources.files("calfeed.extract").joinpath("words.toml").read_text("utf-8"))
    return Words(
        connectives=frozenset(table["connectives"].split()),
        beside_section_names=frozenset(table["beside_section_names"].split()),
        date_words=frozenset(table["date_words"].split()),
        imprint=tuple(phrase.casefold() for phrase in table["imprint"]),
        nothing=tuple(phrase.casefold() for phrase in table["nothing"]),
        columns={name: role for role, names in table["columns"].items() for name in names.split()},
    )
