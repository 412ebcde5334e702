"""What follows the last item of a calendar and is none: contact data, remarks, running text."""

from __future__ import annotations

from collections.abc import Sequence

from calfeed.extract.dated import DateWords
from calfeed.extract.headings import groups, is_imprint, is_prose
from calfeed.extract.joining import is_address
from calfeed.extract.lines import Line
from calfeed.model import BlockKind


def closing_start(lines: Sequence[Line], dates: DateWords) -> int:
    """Where the imprint or the running text begins that follows the last item; len(lines) where there is none."""
    marked = max((at for at, line in enumerate(lines) if line.marker or line.kind is BlockKind.ROW), default=0)
    dated = max((at for at, line in enumerate(lines) if dates.ends(line.text) and not is_imprint(line.text)), default=0)
    at = 0
    for group in groups(lines):
        for place, line in enumerate(group, start=at):
            if place <= marked or not place:
                continue
            if place == at and place > dated:
                if is_imprint(line.text) or is_prose(group, dates) or _is_note(group, lines[place - 1]):
                    return place
            elif place > at and is_imprint(line.text) and not is_address(line.text):
                return place
        at += len(group)
    return len(lines)


def _is_note(group: Sequence[Line], before: Line) -> bool:
    """Whether undated lines at the end are a remark: they follow a table, or close with a full stop."""
    if group[0].marker:
        return False
    return before.kind is BlockKind.ROW or (len(group[0].text.split()) > 2 and group[-1].text.endswith((".", "。")))
