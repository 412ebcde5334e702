"""What follows the last item of a calendar and is none: contact data, remarks, running text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from calfeed.extract.dated import DateWords
from calfeed.extract.headings import groups, is_imprint, is_prose
from calfeed.extract.joining import is_address
from calfeed.extract.lines import Line
from calfeed.model import BlockKind

_SENTENCE_WORDS = 5


def closing_start(lines: Sequence[Line], dates: DateWords) -> int:
    """Where the imprint or the running text begins that follows the last item; len(lines) where there is none."""
    marked = max((at for at, line in enumerate(lines) if line.marker or line.kind is BlockKind.ROW), default=0)
    dated = _last_dated(lines, dates)
    at = 0
    for group in groups(lines):
        for place, line in enumerate(group, start=at):
            if place <= marked or not place:
                continue
            if place == at and place > dated:
                words = list(takewhile(lambda other: not is_imprint(other.text), group))
                if not words or is_prose(words, dates) or _is_note(words, lines[place - 1], dates):
                    return place
            elif place > at and is_imprint(line.text) and not is_address(line.text):
                # Where all items have marks or dates, the lines above belong to the imprint: whose it is.
                shaped = marked or all(dates.has_date(item.text) for item in lines[:at])
                return at if at > max(dated, marked) and shaped else place
        at += len(group)
    return len(lines)


def _last_dated(lines: Sequence[Line], dates: DateWords) -> int:
    """The last line that ends with a date and stands in no imprint, whose date would be that of its printing."""
    last = at = 0
    for group in groups(lines):
        ends = 0 if at and is_imprint(group[0].text) and not is_address(group[0].text) else len(group)
        for place, line in enumerate(group[:ends], start=at):
            if dates.ends(line.text) and not is_imprint(line.text):
                last = place
        at += len(group)
    return last


def _is_note(group: Sequence[Line], before: Line, dates: DateWords) -> bool:
    """Whether undated lines at the end are a remark: they follow a table, or close with a full stop."""
    if group[0].marker:
        return False
    sentence = any(len(x.text.split()) >= _SENTENCE_WORDS and x.text.endswith((".", "。")) for x in group)
    if sentence and not any(dates.starts(line.text) or dates.ends(line.text) for line in group):
        return True
    return before.kind is BlockKind.ROW or (len(group[0].text.split()) > 2 and group[-1].text.endswith((".", "。")))
