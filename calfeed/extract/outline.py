"""Lines -> activities: which headings stand above which sections.

An activity is what stands under one heading: its sections ("Background", "Target audience", "Calendar of events").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from calfeed.extract.dated import DateWords
from calfeed.extract.headings import (
    Heading,
    Ranks,
    column_width,
    groups,
    is_prose,
    join,
    mark_title,
    may_be_heading,
    style_of,
    tail,
    title_share,
)
from calfeed.extract.joining import fits, rejoin
from calfeed.extract.lines import Line
from calfeed.extract.numbering import next_number
from calfeed.extract.sections import CALENDAR, SectionName, SectionNames
from calfeed.extract.tables import names_dates
from calfeed.model import BlockKind

# The part of an activity that only introduces it: what several activities may each have while they share the rest.
BACKGROUND = "background"


class Section(Struct, frozen=True, kw_only=True):
    """A section's lines under the headings above it, outermost first. `name` is None for text without a section."""

    path: tuple[Heading, ...]
    name: SectionName | None
    lines: tuple[Line, ...]


class _Chunk(Struct):
    """What stands between two lines that are known to open something."""

    name: SectionName | None
    opener: Line | None
    body: list[Line]
    heads: list[Line]  # that stand before the chunk


def sections_of(
    lines: Sequence[Line], names: SectionNames, dates: DateWords, measure: int, vocabulary: frozenset[str]
) -> list[Section]:
    """Every section of a document, in order, and the text between them."""
    chunks = _chunks(lines, names, dates)
    _free_title(chunks, dates)
    capitals = _capitals_alone(chunks)
    opened: list[_Chunk] = []
    for place, chunk in enumerate(chunks):
        following = chunks[place + 1] if place + 1 < len(chunks) else None
        opened.extend(_split(chunk, following, dates, measure, capitals=capitals))
    _merge_empty(opened)
    width = column_width([chunk.heads for chunk in opened if chunk.heads], measure)
    stacks = [join(chunk.heads, width, vocabulary) for chunk in opened]
    mark_title(stacks, lines)
    ranks = Ranks([stack for stack in stacks if stack])
    found: list[Section] = []
    path: tuple[Heading, ...] = ()
    introduced: Heading | None = None
    for chunk, stack in zip(opened, stacks, strict=True):
        plain = len(stack) == 1 and ranks.of(stack[0]) is None
        for place, (heading, sibling) in enumerate(pairwise(stack), 1):
            if (rank := ranks.of(heading)) is not None and rank == ranks.of(sibling):
                path = ranks.place(path, stack[:place])
                found.append(Section(path=path, name=None, lines=()))
        if stack and plain and introduced is not None:
            # A heading over text alone, before the next heading: a theme with an introduction.
            path = (*(heading for heading in path if ranks.of(heading) is not None), introduced, *stack)
        elif stack:
            path = ranks.place(path, stack)
        if stack or chunk.name is not None:
            introduced = stack[0] if plain and chunk.name is None and chunk.body else None
        found.append(Section(path=path, name=chunk.name, lines=tuple(chunk.body)))
    return found


def _chunks(lines: Sequence[Line], names: SectionNames, dates: DateWords) -> list[_Chunk]:
    """Cut at the lines that say themselves what they are: names of sections, marked headings."""
    chunks = [_Chunk(None, None, [], [])]
    for line in lines:
        name = names.find(line)
        current = chunks[-1]
        if name is not None and name.rest and not line.gap and _is_label(current, dates):
            name = None
        if name is not None:
            chunks.append(_Chunk(name, line, [], []))
            if name.rest:
                rest = Line(text=name.rest, where=line.where, margin=line.width - len(name.rest), gap=True)
                chunks[-1].body.append(rest)
        elif line.kind is BlockKind.ROW and not in_calendar(current) and names_dates(line):
            # A table with a column of dates is a calendar of its own.
            chunks.append(_Chunk(SectionName(canonical=CALENDAR, heading=""), line, [line], []))
        elif line.kind is BlockKind.HEADING and not _inside_calendar(line, current):
            if current.body or current.name is not None or not current.heads:
                chunks.append(_Chunk(None, line, [], []))
            chunks[-1].heads.append(line)
        else:
            current.body.append(line)
    return chunks


def _merge_empty(chunks: list[_Chunk]) -> None:
    """Give headings over nothing to the chunk that follows: they stand above its own."""
    for at in range(len(chunks) - 1, 0, -1):
        before = chunks[at - 1]
        if before.name is None and not before.body and before.heads:
            chunks[at].heads[:0] = before.heads
            del chunks[at - 1]


def _is_label(chunk: _Chunk, dates: DateWords) -> bool:
    """Whether "Audience: teachers" is said of the item above it in a calendar, not of the next activity."""
    if chunk.name is None or chunk.name.canonical != CALENDAR or not chunk.body:
        return False
    stacked = groups(chunk.body)
    return len(stacked) == 1 or not all(
        may_be_heading(line, dates) and not dates.ends(line.text) for line in stacked[-1]
    )


def in_calendar(chunk: _Chunk) -> bool:
    return chunk.name is not None and chunk.name.canonical == CALENDAR


def _inside_calendar(line: Line, chunk: _Chunk) -> bool:
    """Whether a marked heading divides the calendar it stands in ("2014" under "Calendar"), being below it."""
    if chunk.name is None or chunk.name.canonical != CALENDAR or chunk.opener is None:
        return False
    return bool(chunk.opener.level) and line.level > chunk.opener.level


def _split(chunk: _Chunk, following: _Chunk | None, dates: DateWords, measure: int, *, capitals: bool) -> list[_Chunk]:
    """Part a chunk where unmarked headings stand in it; those at its end go to the chunk that follows."""
    found = [chunk]
    if in_calendar(chunk):
        while (end := _end(found[-1], dates, measure, capitals=capitals)) is not None:
            first, second = end
            found.append(_Chunk(None, None, found[-1].body[second:], found[-1].body[first:second]))
            found[-2].body = found[-2].body[:first]
    else:
        found = _styled(chunk, dates, measure)
    last = found[-1]
    if following is not None and (following.name is not None or not following.heads):
        after = last.name.canonical if last.name else None
        start = tail(last.body, dates, measure, whole=last.name is None, after=after)
        following.heads[:0] = last.body[start:]
        last.body = last.body[:start]
    return found


def _styled(chunk: _Chunk, dates: DateWords, measure: int) -> list[_Chunk]:
    """Part running text at numbered headings and headings in capitals that stand alone between blank lines."""
    found = [chunk]
    bodies = groups(chunk.body)
    if len(bodies) < 2:
        return found
    chunk.body = []
    for place, group in enumerate(bodies):
        style = style_of(group[0])
        titled = len(group) > 1 and style not in ("plain", "letter") and _leading_headings(group, dates, measure)
        if titled:
            found.append(_Chunk(None, None, list(group[titled:]), list(group[:titled])))
            continue
        alone = len(group) <= 2 and all(may_be_heading(line, dates) for line in group)
        counted = style not in ("plain", "letter") and not (style == "number 1" and _numbered_list(bodies, place))
        if alone and counted and place + 1 < len(bodies) and len(group[0].text.split()) <= 12:
            found.append(_Chunk(None, None, [], list(group)))
        else:
            found[-1].body.extend(group)
    return found


def _numbered_list(bodies: Sequence[Sequence[Line]], place: int) -> bool:
    beside = [bodies[at] for at in (place - 1, place + 1) if 0 <= at < len(bodies)]
    return any(style_of(group[0]) == "number 1" for group in beside)


def _end(chunk: _Chunk, dates: DateWords, measure: int, *, capitals: bool) -> tuple[int, int] | None:
    """Where a calendar ends because the next heading follows: the heading's lines (first, end), else None."""
    if not in_calendar(chunk):
        return None
    ends = (
        next_number(chunk.opener, chunk.body),
        _theme_start(chunk.body, dates) if capitals else None,
        _calendar_end(chunk.body, dates, measure),
    )
    return min((end for end in ends if end is not None), default=None)


def _free_title(chunks: list[_Chunk], dates: DateWords) -> None:
    """Take the document's title for what it is, though it is written like a calendar's ("Fixtures 2024")."""
    calendars = [chunk for chunk in chunks if in_calendar(chunk)]
    if len(calendars) < 2 or len(chunks) < 2 or calendars[0] is not chunks[1]:
        return
    title, opening = chunks[1], chunks[0]
    if title.opener is None or title.opener.kind is not BlockKind.PARAGRAPH or len(groups(opening.body)) > 1:
        return
    if title.name is None or title.name.rest or (opening.body and title.opener.gap) or opening.heads:
        return
    if any(line.marker or line.kind is BlockKind.ROW or dates.has_date(line.text) for line in title.body):
        return
    opening.body = [*opening.body, title.opener, *title.body]
    del chunks[1]


def _capitals_alone(chunks: Sequence[_Chunk]) -> bool:
    """Whether a line in capitals heads something before the first calendar: then others head what follows."""
    for chunk in chunks:
        if in_calendar(chunk):
            return False
        if any(len(group) == 1 and style_of(group[0]) == "caps" for group in groups(chunk.body)):
            return True
    return False


def _theme_start(body: Sequence[Line], dates: DateWords) -> tuple[int, int] | None:
    """Where a heading in capitals stands alone after a calendar's items."""
    stacked = groups(body)
    marked = max((at for at, line in enumerate(body) if line.marker or line.kind is BlockKind.ROW), default=-1)
    at = 0
    for place, group in enumerate(stacked):
        line = group[0]
        alone = len(group) == 1 and style_of(line) == "caps" and may_be_heading(line, dates)
        if place and at > marked and alone and not line.indent and not dates.has_date(line.text):
            below = stacked[place + 1] if place + 1 < len(stacked) else []
            titled = len(below) > 1 and may_be_heading(below[0], dates) and below[-1].text.endswith((".", "。"))
            return at, at + 1 + titled
        at += len(group)
    return None


def _calendar_end(body: Sequence[Line], dates: DateWords, measure: int) -> tuple[int, int] | None:
    """Where a calendar ends because a heading and running text follow: the heading's lines (first, end), else None."""
    at = 0
    stacked = groups(body)
    for place, group in enumerate(stacked):
        if place and is_prose(group, dates):
            count = _leading_headings(group, dates, measure)
            if count:
                return at, at + count
            above = stacked[place - 1]
            if place >= 2 and len(above) <= 3 and all(may_be_heading(line, dates) for line in above):
                return at - len(above), at
        at += len(group)
    return None


def _leading_headings(group: Sequence[Line], dates: DateWords, measure: int) -> int:
    """How many lines at the start of a group are a heading over the running text that follows."""
    count = 0
    for line, following in pairwise(group):
        titled = title_share(line.text) >= 0.6
        short = fits(line.width, following.text, measure - 4) and not count and not following.text[:1].islower()
        if line.marker or not may_be_heading(line, dates) or not (titled or short):
            break
        count += 1
    return count if is_prose(group[count:], dates) else 0


def text_of(section: Section, vocabulary: frozenset[str]) -> str:
    """A section's words, rejoined."""
    return rejoin([line.text for line in section.lines], vocabulary)
