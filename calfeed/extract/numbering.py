"""Numbered outlines: which number follows on a section's own, so that its line is a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from calfeed.extract.lines import Line

_LABEL = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=[^\W\d_])")


def next_number(opener: Line | None, body: Sequence[Line]) -> tuple[int, int] | None:
    """Where the next numbered heading stands below one numbered "1.1.2": its line (first, end), None without one.

    What follows on 1.1.2 is 1.1.3, 1.2 or 2. A section with a single number has none: its items may be numbered too.
    """
    own = _label(opener.bare) if opener is not None else ()
    if len(own) < 2:
        return None
    following = {(*own[:depth], own[depth] + 1) for depth in range(len(own))}
    counted = any(line.marker.strip("().").isdigit() for line in body)
    for at, line in enumerate(body):
        label = _label(line.bare)
        if label in following and (len(label) > 1 or not line.marker or not counted):
            return at, at + 1
    return None


def _label(text: str) -> tuple[int, ...]:
    match = _LABEL.match(text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()
