"""How alike two texts are: the words' pairs of characters, in any script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_EDGES = " \t.,:;()[]-–—•"


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A text without what re-typing changes: case, width, spacing, the punctuation around it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", " ", folded).strip(_EDGES)


@lru_cache(maxsize=65536)
def _pairs(text: str) -> frozenset[str]:
    text = f" {plain(text)} "
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def likeness(one: str, other: str) -> float:
    """Sørensen's coefficient of the two sets of character pairs: 0 for nothing in common, 1 for the same."""
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
