"""Headings -> slugs: names for addresses and files, stable and in ASCII."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from calfeed.normalise.words import words

MAX_LENGTH = 120
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile("['’ʼ`]")
_DIGEST = 6


def slug(heading: str) -> str:
    """A heading as a slug: "Used Oils" is used-oils, "Отходы" is otkhody.

    In a script without a table here, and cut at MAX_LENGTH, it ends in a short digest of the heading, so that two
    headings never share a slug.
    """
    folded = _APOSTROPHES.sub("", heading.casefold()).translate(words().letters)
    ascii_only = unicodedata.normalize("NFKD", folded)
    lost = sum(letter.isalnum() and not letter.isascii() for letter in ascii_only)
    found = _NO_LETTER.sub("-", ascii_only.encode("ascii", "ignore").decode("ascii") if lost else _plain(ascii_only))
    found = found.strip("-")
    if lost or len(found) > MAX_LENGTH or not found:
        kept = found[: MAX_LENGTH - _DIGEST - 1]
        if len(found) > len(kept):
            kept = kept.rpartition("-")[0] or kept
        digest = sha256(" ".join(heading.casefold().split()).encode()).hexdigest()[:_DIGEST]
        found = f"{kept.strip('-') or 'topic'}-{digest}"
    return found


def _plain(text: str) -> str:
    """The text without combining marks."""
    return "".join(letter for letter in text if not unicodedata.combining(letter))
