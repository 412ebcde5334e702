"""The tables of words.toml, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from msgspec import Struct


class Words(Struct, frozen=True, kw_only=True):
    """What words.toml holds: `heads` by language, what is left over around a date, `letters` of other scripts."""

    heads: dict[str, tuple[str, ...]]
    ends: tuple[str, ...]
    starts: tuple[str, ...]
    bracketed: tuple[str, ...]
    pending: tuple[str, ...]
    letters: dict[int, str]


@cache
def words() -> Words:
    table = tomllib.loads(resources.files("calfeed.normalise").joinpath("words.toml").read_text("utf-8"))
    pairs = [pair.partition("=") for line in table["letters"].values() for pair in line.split()]
    leftovers = {name: tuple(found) for name, found in table["leftovers"].items()}
    return Words(
        heads={lang: tuple(found) for lang, found in table["heads"].items()},
        letters={ord(letter): latin for letter, _, latin in pairs},
        **leftovers,
    )
