"""A calendar section's lines -> its items.

Items are marked (a bullet, a number, one space more than other lines) or not; they run over several lines, stand in
sub-lists and tables, and end before the imprint. Every line with words ends up in an item, in a heading over items,
or among the leftovers: none is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from calfeed.extract.closing import closing_start
from calfeed.extract.dated import YEAR, DateWords
from calfeed.extract.headings import groups, is_imprint
from calfeed.extract.joining import fits, is_address, last_word, open_end, rejoin, small_start
from calfeed.extract.lines import Line, span
from calfeed.extract.tables import DATE, EVENT, cells_of, is_header
from calfeed.extract.words import words
from calfeed.model import BlockKind, Where

# Words alone between blank lines: how justified text comes out of a PDF. A line of it has at most so many words.
_SCATTERED_WORDS = 2
_MIN_SCATTERED = 2
_YEAR_ALONE = re.compile(rf"{YEAR}:?")
_MAX_SCATTERED = 50
_DAY_MARK = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.?")
# "No events are planned in this period": a statement, where more words are a title.
_FEW_WORDS = 7
# Lists set in further than this are read as if they were not.
_MAX_DEPTH = 5


class Item(Struct, frozen=True, kw_only=True):
    """An item: its words, its lines, the headings within the calendar above it, and its cells by the column's role."""

    text: str
    where: Where
    headings: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    damage: tuple[str, ...] = ()


class Leftover(Struct, frozen=True, kw_only=True):
    """Lines of a calendar that are no item: `why` is heading, header, imprint or text."""

    text: str
    where: Where
    why: str


class _Open(Struct):
    """An item under way."""

    lines: list[Line]
    depth: int
    children: list[_Open]
    scattered: bool = False
    heading: bool = False

    def text(self, vocabulary: frozenset[str]) -> str:
        if self.scattered:
            return _collected(self.lines, vocabulary)
        return rejoin([line.text for line in self.lines], vocabulary)


class Calendar(Struct, frozen=True, kw_only=True):
    """What a calendar section holds."""

    items: tuple[Item, ...]
    leftovers: tuple[Leftover, ...]


def calendar_of(
    lines: Sequence[Line], dates: DateWords, measure: int, vocabulary: frozenset[str] = frozenset()
) -> Calendar:
    """Read a calendar section's lines; `measure` is the width of the document's text in characters."""
    kept, leftovers = _without_imprint(lines, dates)
    if months := any(dates.is_month(_alone(line)) for line in kept):
        kept = _with_days(kept)
    style = _Style(kept, dates, months=months)
    opened: list[_Open] = []
    items: list[Item] = []
    headings: list[tuple[int, str]] = []

    def add(item: Item) -> None:
        above = (*(text for _, text in headings), *item.headings)
        if _says_nothing(item.text):
            leftovers.append(Leftover(text=item.text, where=item.where, why="text"))
            return
        columns = item.columns
        if style.days and DATE not in columns:
            columns = {**columns, **_day_of_month(item.text, above, dates)}
        items.append(replace(item, headings=above, columns=columns))

    def close() -> None:
        for item, heading in _closed(opened, dates, vocabulary):
            if heading:
                leftovers.append(Leftover(text=item.text, where=item.where, why="heading"))
            else:
                add(item)
        opened.clear()

    for place, line in enumerate(kept):
        following = kept[place + 1] if place + 1 < len(kept) else None
        if line.kind is BlockKind.ROW and not (style.days and dates.is_month(_alone(line))):
            close()
            if is_header(line, following):
                leftovers.append(Leftover(text=line.text, where=line.where, why="header"))
            else:
                text, columns = cells_of(line, dates)
                add(Item(text=text, where=line.where, columns=columns))
        elif line.kind is BlockKind.HEADING or _is_subheading(
            line, following, opened, style, dates, under_heading=bool(headings)
        ):
            close()
            level = line.level or 99
            headings = [(rank, text) for rank, text in headings if rank < level]
            headings.append((level, _alone(line).strip().rstrip(":：")))
            leftovers.append(Leftover(text=_alone(line), where=line.where, why="heading"))
        else:
            _take(line, (kept[at] for at in range(place + 1, len(kept))), opened, style, dates, measure)
    close()
    return Calendar(items=tuple(items), leftovers=tuple(leftovers))


def _alone(line: Line) -> str:
    """A line's text; of a row with one cell, that cell's."""
    filled = [cell for cell in line.cells if cell]
    return filled[0] if len(filled) == 1 else line.text


class _Style:
    """How a calendar sets off its items."""

    def __init__(self, lines: Sequence[Line], dates: DateWords, *, months: bool) -> None:
        texts = [line for line in lines if line.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)]
        self.marked = any(line.marker for line in texts)
        first = texts[0] if texts else None
        # Without markers, the first line shows the column in which items start.
        self.start = first.indent if first is not None else 0
        self.indented = len({line.indent for line in texts}) > 1
        self.margin = min((line.indent for line in texts), default=0)
        opening = [line for line in texts if self.opens(line)]
        # Under the names of months, days of a month open the items.
        days = sum(bool(dates.day_lead(line.text)) for line in lines)
        self.days = months and days * 2 > sum(not dates.is_month(_alone(line)) for line in lines)
        blocks = [] if self.marked else groups(texts)
        # Blank lines part the items, each of several lines.
        self.spaced = len(blocks) > 1 and len(blocks) * 2 > len(texts)
        # A date alone opens each item; a year alone heads several.
        self.date_heads = sum(_opens_with_date(block, dates) for block in blocks) > 1
        # Each block is an item: its title, and below it when.
        several = [block for block in blocks if len(block) > 1]
        self.date_below = len(several) > 1 and all(
            _has_date_below(block, dates) for block in several if _dated(block, dates)
        )
        self.date_below &= len(several) * 2 > len(blocks) and any(_has_date_below(block, dates) for block in several)
        if opening:
            self.date_first = sum(dates.starts(line.text) for line in opening) * 2 > len(opening)
        else:
            bodies = [line.text for line in texts if not dates.only(line.text)]
            starting = [text for text in bodies if dates.starts(text)]
            self.date_first = bodies[:1] == starting[:1] and len(starting) * 2 > sum(map(dates.ends, bodies))

    def opens(self, line: Line) -> bool:
        """Whether a line's marker or column says that an item starts here."""
        if self.marked:
            return bool(line.marker)
        return self.indented and line.indent == self.start and self.start > self.margin


def _with_days(lines: Sequence[Line]) -> list[Line]:
    """The lines with days that look like numbers of a list ("5. Lesung") as words, unless they count the lines."""
    numbers = [int(line.marker.rstrip(".")) for line in lines if _DAY_MARK.fullmatch(line.marker)]
    if numbers == list(range(1, len(numbers) + 1)):
        return list(lines)
    return [
        replace(line, text=f"{line.marker} {line.text}", marker="") if _DAY_MARK.fullmatch(line.marker) else line
        for line in lines
    ]


def _says_nothing(text: str) -> bool:
    """Whether an item only says that there is none: "None planned for 2016."."""
    said = text.casefold().strip(" .-–—")
    if said in words().nothing:
        return True
    return said.startswith(tuple(f"{phrase} " for phrase in words().nothing)) and (
        ":" not in said and len(said.split()) <= _FEW_WORDS
    )


def _day_of_month(text: str, headings: Sequence[str], dates: DateWords) -> dict[str, str]:
    """The columns of an item that begins with days of the month that stands above it; {} where it does not."""
    lead = dates.day_lead(text)
    if not lead or not headings or not dates.is_month(headings[-1]):
        return {}
    title = text[len(lead) :].lstrip(" \t:|,.–—-")
    return {DATE: lead.rstrip("."), EVENT: title} if title else {}


def _opens_with_date(block: Sequence[Line], dates: DateWords) -> bool:
    """Whether a block is a date on a line of its own, and below it what happens then."""
    first, *others = (line.text for line in block)
    return dates.only(first) and bool(others) and not any(dates.has_date(text) for text in others)


def _dated(block: Sequence[Line], dates: DateWords) -> bool:
    return any(dates.has_date(line.text) for line in block)


def _has_date_below(block: Sequence[Line], dates: DateWords) -> bool:
    """Whether a block is a title without a date, and below it one line that has one."""
    first, *others = (line.text for line in block)
    dated = [text for text in others if dates.has_date(text)]
    # "Family Saturday" is a title.
    titled = not dates.has_date(first) or not any(letter.isdigit() for letter in first)
    return titled and len(dated) == 1 and ":" not in dated[0].rstrip(":")


def _date_below(lines: Sequence[Line], dates: DateWords) -> int | None:
    """Which line of an item is its whole date, the lines above it being its title; None where the text runs on."""
    dated = [at for at, line in enumerate(lines) if dates.has_date(line.text)]
    if len(dated) != 1 or not dated[0] or not dates.only(lines[dated[0]].text):
        return None
    at = dated[0]
    broken = any(open_end(line.text) or line.text[-1:].isdigit() for line in lines[:at])
    goes_on = any(small_start(line.text) for line in lines[1:]) or last_word(lines[at - 1].text) in words().date_words
    return None if broken or goes_on or any(line.gap for line in lines[1:]) else at


def _take(
    line: Line, following: Iterable[Line], opened: list[_Open], style: _Style, dates: DateWords, measure: int
) -> None:
    """Give a line to the item that it belongs to, or let it open one."""
    depth = line.indent if line.marker else style.start
    if style.opens(line):
        parent = _parent(opened, line, style)
        (parent.children if parent else opened).append(_Open([line], line.indent, []))
        return
    current = _innermost(opened)
    if current is None:
        opened.append(_Open([line], depth, []))
    elif _is_scattered(line, following, current, style, dates):
        current.lines.append(line)
        current.scattered = current.scattered or line.gap
    elif _goes_on(line, current, style, dates, measure):
        current.lines.append(line)
    elif _is_set_in(line, opened[-1], style, dates):
        opened[-1].children.append(_Open([line], line.indent, []))
    else:
        opened.append(_Open([line], opened[-1].depth, []))


def _is_set_in(line: Line, item: _Open, style: _Style, dates: DateWords) -> bool:
    """Whether an unmarked line stands under an undated one, being set further in."""
    above = item.lines[0]
    if style.marked or above.marker or line.indent <= above.indent + 1:
        return False
    return not dates.has_date(_gist(item.lines))


def _parent(opened: list[_Open], line: Line, style: _Style) -> _Open | None:
    """The item under which a marked line stands, being set further in."""
    if not style.marked or not opened:
        return None
    if _is_lettered_below(line, opened[-1]):
        return opened[-1]
    candidate: _Open | None = opened[-1]
    parent: _Open | None = None
    depth = 0
    while candidate is not None and line.indent > candidate.depth + 1 and depth < _MAX_DEPTH:
        parent = candidate
        depth += 1
        candidate = candidate.children[-1] if candidate.children else None
    return parent


def _is_lettered_below(line: Line, item: _Open) -> bool:
    """Whether "a)" stands under "3)" or under an item that ends with a colon, in whatever column."""
    kinds = [marker.strip("().").isalpha() for marker in (line.marker, item.lines[0].marker)]
    above = item.lines[0].marker
    return kinds == [True, False] and (above.strip("().").isdigit() or item.lines[-1].text.endswith((":", "：")))


def _innermost(opened: list[_Open]) -> _Open | None:
    current = opened[-1] if opened else None
    while current is not None and current.children:
        current = current.children[-1]
    return current


def _goes_on(line: Line, current: _Open, style: _Style, dates: DateWords, measure: int) -> bool:
    """Whether an unmarked line continues the item before it."""
    before = current.lines[-1]
    text = _gist(current.lines)
    if style.days and dates.day_lead(line.text):
        return False
    if current.scattered and line.gap:
        return False
    if style.date_below:
        return not line.gap
    if style.date_heads:
        return not line.gap and not dates.only(line.text)
    if open_end(before.text) or (small_start(line.text) and not line.gap):
        return True
    if is_address(line.text) and not line.gap:
        return True
    complete = dates.ends(text)
    starts = dates.starts(line.text)
    if starts and dates.starts(text) and not dates.only(text) and not dates.only(line.text):
        return False
    if style.date_first:
        if starts:
            return False
        # A date alone on its line: what follows is what happens then.
        return dates.only(text) or (not line.gap and (style.marked or not fits(before.width, line.text, measure)))
    if line.gap:
        return starts and not complete and dates.only(line.text)
    if starts:
        return not complete or dates.only(line.text)
    if complete:
        return False
    if style.spaced and current.lines[0].gap and dates.ends(line.text) and not dates.has_date(text):
        return True
    if line.indent > current.lines[0].indent and not line.marker:
        return True
    return not fits(before.width, line.text, measure)


def _gist(lines: Sequence[Line]) -> str:
    """How an item begins and ends: enough to see where its date stands, however many lines it has."""
    parts = lines if len(lines) <= 4 else (*lines[:2], *lines[-2:])
    return rejoin([line.text for line in parts])


def _is_scattered(line: Line, following: Iterable[Line], current: _Open, style: _Style, dates: DateWords) -> bool:
    """Whether a line is one of the words that the extraction of justified text left alone between blank lines."""
    if line.marker or (dates.ends(_gist(current.lines)) and not current.scattered):
        return False
    count = 0
    for other in islice(chain((line,) if line.gap else (), following), _MAX_SCATTERED):
        if other.marker or other.kind is not BlockKind.PARAGRAPH or not other.gap:
            break
        if len(other.text.split()) > _SCATTERED_WORDS:
            break
        count += 1
    if current.scattered and line.gap:
        return count >= 1
    if not line.gap:
        return is_address(line.text) and count >= _MIN_SCATTERED
    if style.marked or style.indented:
        return count >= _MIN_SCATTERED
    # Without marks, short items look like scattered words; an address that came too early tells them.
    return count >= _MIN_SCATTERED and is_address(current.lines[-1].text)


def _collected(lines: Sequence[Line], vocabulary: frozenset[str]) -> str:
    """The words of a scattered item in order: an address or date that the extraction put before them goes last."""
    first = next((at for at, line in enumerate(lines) if at and line.gap), len(lines))
    start, early, words = list(lines[:1]), list(lines[1:first]), list(lines[first:])
    if early and (all(is_address(line.text) for line in early) or words[-1].text.endswith((":", "："))):
        ordered = [*start, *words, *early]
    else:
        ordered = list(lines)
    return rejoin([line.text for line in ordered], vocabulary)


def _is_subheading(
    line: Line, following: Line | None, opened: list[_Open], style: _Style, dates: DateWords, *, under_heading: bool
) -> bool:
    """Whether an unmarked line heads the items below it ("2014", "Africa"): it stands before a marked one."""
    if line.marker or following is None or following.kind is BlockKind.HEADING:
        return False
    current = _innermost(opened)
    if style.days and dates.is_month(_alone(line)):
        return True
    if not style.marked:
        # Without markers, only a date that lacks a day can head others that are dated themselves.
        if _YEAR_ALONE.fullmatch(line.text) and (":" in following.text or dates.has_date(following.text)):
            return line.gap or current is None or under_heading
        alone = line.gap or current is None
        year = dates.only(line.text) and len(line.text.split()) <= 2 and not any(c in line.text for c in ",;-–")
        return alone and year and dates.has_date(following.text) and not dates.only(following.text)
    if not following.marker and following.kind is not BlockKind.ROW:
        return False
    if (
        current is not None
        and not line.gap
        and (open_end(current.lines[-1].text) or line.indent > current.lines[0].indent)
    ):
        return False
    if current is not None and not line.gap:
        complete = dates.ends(_gist(current.lines))
        if not complete or (dates.ends(line.text) and not dates.only(line.text)):
            return False
        return dates.only(line.text) or not small_start(line.text)
    if current is not None and (open_end(current.lines[-1].text) or small_start(line.text)):
        return False
    return dates.only(line.text) or not dates.ends(line.text)


def _closed(opened: Sequence[_Open], dates: DateWords, vocabulary: frozenset[str]) -> list[tuple[Item, bool]]:
    """The items with what their parents say: (item, whether it is only a heading of others)."""
    found: list[tuple[Item, bool]] = []
    for item in opened:
        text = item.text(vocabulary)
        damage = tuple(dict.fromkeys(note for line in item.lines for note in line.damage))
        where = span(item.lines)
        if item.scattered:
            damage = (*damage, f"the text was put together from scattered lines ({where})")
        if not item.children:
            columns: dict[str, str] = {}
            if not item.lines[0].marker and _opens_with_date(item.lines, dates):
                columns = {DATE: item.lines[0].text, EVENT: rejoin([x.text for x in item.lines[1:]], vocabulary)}
            elif (under := _date_below(item.lines, dates)) is not None:
                others = [line.text for at, line in enumerate(item.lines) if at != under]
                columns = {DATE: item.lines[under].text, EVENT: ", ".join(others)}
            found.append((Item(text=text, where=where, columns=columns, damage=damage), False))
            continue
        below = _closed(item.children, dates, vocabulary)
        dated = any(dates.has_date(child.text) for child, _ in below)
        own = dates.has_date(text)
        closed = not text.rstrip().endswith((":", "："))
        if own and not dated and closed:
            lines = [*item.lines, *(line for child in item.children for line in _all_lines(child))]
            whole = rejoin([text + ":", *("; ".join(child.text for child, _ in below),)], vocabulary)
            found.append((Item(text=whole, where=span(lines), damage=damage), False))
            continue
        head = text.rstrip(" :：")
        # A dated item with dated ones below it is an event itself, unless its colon says that it only leads to them.
        found.append((Item(text=text if own and closed else head, where=where, damage=damage), not (own and closed)))
        for child, heading in below:
            said = child.text if heading or (own and dated) else f"{head}: {child.text}"
            above = (head, *child.headings) if own and dated else child.headings
            found.append((Item(text=said, where=child.where, headings=above, damage=child.damage), heading))
    return found


def _all_lines(item: _Open) -> list[Line]:
    return [*item.lines, *(line for child in item.children for line in _all_lines(child))]


def _without_imprint(lines: Sequence[Line], dates: DateWords) -> tuple[list[Line], list[Leftover]]:
    """The lines up to the imprint or the running text that follow the last item."""
    start = closing_start(lines, dates)
    why = "imprint" if start < len(lines) and is_imprint(lines[start].text) else "text"
    return list(lines[:start]), [Leftover(text=line.bare, where=line.where, why=why) for line in lines[start:]]
