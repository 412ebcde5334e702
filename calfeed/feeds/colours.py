"""#rrggbb -> the nearest colour name of CSS3, which is all that COLOR may hold (RFC 7986, 5.9)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def css_name(colour: str) -> str:
    """The name whose red, green and blue are nearest to those of `colour`."""
    wanted = _channels(colour)
    return min(
        _names(), key=lambda name: (sum((a - b) ** 2 for a, b in zip(wanted, _names()[name], strict=True)), name)
    )


@cache
def _names() -> dict[str, tuple[int, int, int]]:
    table = tomllib.loads(resources.files("calfeed.feeds").joinpath("colours.toml").read_text("utf-8"))
    return {name: _channels(code) for name, code in table.items()}


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
