"""The programme at a glance: entries as lines, their periods as bars on an axis of years.

Places are per cent of the axis, so that a line is as wide as its column and is never distorted. Pure: the words of the
page come in from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calfeed.web.pages.index import NO_ACCENT, Headed, Index, Item
from calfeed.web.pages.shapes import EXACT, LOOSE, MANY, OPEN

# More lines than this are no glance: the groups then stand alone, each with a link to its own page.
MOST_LINES = 160
MOST_GROUPS = 40
MOST_BARS = 36
MOST_UNITS = 60
# A few lines are shown at once; more begin folded, each group with its sum.
OPEN_LINES = 14
# A shorter span than this share of the axis is drawn as a mark, which cannot get too thin to be seen.
MARK = 2.7
# What has no end is drawn this much longer than the unit that it begins in, and fades out over it.
TAIL = 9.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: `x` and `width` in per cent from the left, `middle` between them. `mark`: draw a point."""

    x: float
    width: float
    middle: float
    mark: bool
    shape: str
    loose: bool
    open_left: bool
    open_right: bool
    cancelled: bool
    accent: str
    uid: str
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of the axis in a group of too many events to draw each; `level` from 1 to 4 says how many there are."""

    x: float
    width: float
    level: int


@dataclass(frozen=True, slots=True)
class Line:
    """An entry: the page of its first event, its dates in words, a bar for each."""

    uid: str
    title: str
    lang: str | None
    whens: tuple[str, ...]
    accent: str
    cancelled: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading. `count` are its events, `bars` all of them in one line; where these are too many,
    `cells` say how many there are when, and there are no bars and no lines."""

    heading: str
    count: int
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    heading: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A unit of the axis: `x` is where it begins, `middle` where its name stands, in per cent."""

    name: str
    x: float
    middle: float
    major: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """`today` is its place on the axis, None outside; `shapes` are those in use, for the legend; `open` says whether
    the groups begin unfolded; `left_out` counts groups beyond the most that one page shows."""

    themes: tuple[Theme, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[float, ...]
    today: float | None
    shapes: frozenset[str]
    open: bool
    left_out: int


class Axis:
    """Whole years from `first` to `last`, as a line from 0 to 100, or from 100 to 0 where text runs right to left."""

    def __init__(self, first: int, last: int, *, rtl: bool) -> None:
        self.years = range(first, last + 1)
        self.begin = date(first, 1, 1).toordinal()
        self.days = date(last, 12, 31).toordinal() + 1 - self.begin
        self.rtl = rtl

    def place(self, ordinal: int) -> float:
        share = min(max((ordinal - self.begin) / self.days * 100, 0.0), 100.0)
        return round(100 - share if self.rtl else share, 2)

    def stretch(self, first: date, last: date) -> tuple[float, float]:
        """Where a span begins on the left and how wide it is; both days are included."""
        one, other = self.place(first.toordinal()), self.place(last.toordinal() + 1)
        return min(one, other), round(abs(other - one), 2)


def draw(
    bits: int,
    index: Index,
    *,
    years: tuple[int, int],
    today: date,
    rtl: bool,
    months: Sequence[str],
    words: Callable[[Item], str],
    other: str,
) -> Timeline:
    """The timeline of a set of events over `years`, the first and the last.

    `months` are short names of the twelve months, `words` gives an item's dates in words, `other` heads what stands
    under no heading."""
    axis = Axis(*years, rtl=rtl)
    dated = bits & index.dated
    rows = len({item.row for item in index.members(dated)}) if dated.bit_count() <= MOST_LINES * 3 else MOST_LINES + 1
    groups = [headed for headed in index.headed if headed.bits & dated]
    units = _units(axis, index) if rows > MOST_LINES else []
    themes: dict[str, list[Group]] = {}
    shapes: set[str] = set()
    for headed in groups[:MOST_GROUPS]:
        bits = headed.bits & dated
        if units:
            group = Group(headed.activity or other, bits.bit_count(), cells=_cells(bits, units))
            shapes.add(MANY)
        else:
            group = _group(headed, bits, index, axis, words, other)
        themes.setdefault(headed.theme, []).append(group)
        shapes |= {bar.shape for bar in group.bars}
        shapes |= {OPEN for bar in group.bars if bar.open_left or bar.open_right}
        shapes |= {LOOSE for bar in group.bars if bar.loose}
    ticks, lines = _ticks(axis, months)
    now = today.toordinal()
    return Timeline(
        themes=tuple(Theme(theme, tuple(members)) for theme, members in themes.items()),
        ticks=ticks,
        lines=lines,
        today=axis.place(now) if axis.begin <= now < axis.begin + axis.days else None,
        shapes=frozenset(shapes),
        open=rows <= OPEN_LINES,
        left_out=max(len(groups) - MOST_GROUPS, 0),
    )


def _group(headed: Headed, bits: int, index: Index, axis: Axis, words: Callable[[Item], str], other: str) -> Group:
    alike = [item for item, of_look in headed.looks if of_look & bits]
    # What is drawn last lies on top: the shortest, which would be hidden behind a year.
    bars = sorted((bar for item in alike for bar in _bars(item, axis)), key=lambda bar: -bar.width)
    rows: dict[tuple[object, ...], list[Item]] = {}
    for item in index.members(bits):
        rows.setdefault(item.row, []).append(item)
    lines = tuple(_line(row, axis, words) for row in rows.values())
    return Group(headed.activity or other, bits.bit_count(), tuple(bars[-MOST_BARS:]), lines)


def _units(axis: Axis, index: Index) -> list[tuple[float, float, int]]:
    """What many events are counted in, years or the months of one: place, width, the events touching it."""
    if len(axis.years) == 1:
        firsts = [date(axis.years[0], month, 1) for month in range(1, 13)]
        days = [(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)) for first in firsts]
    else:
        days = [(date(year, 1, 1), date(year, 12, 31)) for year in axis.years]
    return [(*axis.stretch(first, last), index.touching(first, last)) for first, last in days[-MOST_UNITS:]]


def _cells(bits: int, units: Sequence[tuple[float, float, int]]) -> tuple[Cell, ...]:
    counts = [(x, width, (bits & touching).bit_count()) for x, width, touching in units]
    most = max((count for _, _, count in counts), default=0)
    return tuple(Cell(x, width, -(-4 * count // most)) for x, width, count in counts if count)


def _line(row: list[Item], axis: Axis, words: Callable[[Item], str]) -> Line:
    head = row[0]
    accents = {item.accent for item in row}
    return Line(
        uid=head.event.uid,
        title=head.short,
        lang=head.event.lang,
        whens=tuple(dict.fromkeys(words(item) for item in row)),
        accent=accents.pop() if len(accents) == 1 else NO_ACCENT,
        cancelled=all(item.cancelled for item in row),
        bars=tuple(bar for item in row for bar in _bars(item, axis))[:MOST_BARS],
    )


def _bars(item: Item, axis: Axis) -> Iterable[Bar]:
    open_start, open_end = item.opens
    for first, last in item.spans:
        if last.toordinal() < axis.begin or first.toordinal() >= axis.begin + axis.days:
            continue
        x, width = axis.stretch(first, last)
        to_left, to_right = (open_end, open_start) if axis.rtl else (open_start, open_end)
        if to_left:
            x, width = round(max(x - TAIL, 0), 2), round(width + x - max(x - TAIL, 0), 2)
        if to_right:
            width = round(min(width + TAIL, 100 - x), 2)
        yield Bar(
            x=x,
            width=width,
            middle=round(x + width / 2, 2),
            mark=item.shape == EXACT and width < MARK,
            shape=item.shape,
            loose=item.loose,
            open_left=to_left,
            open_right=to_right,
            cancelled=item.cancelled,
            accent=item.accent,
            uid=item.event.uid,
            title=item.short,
        )


def _ticks(axis: Axis, months: Sequence[str]) -> tuple[tuple[Tick, ...], tuple[float, ...]]:
    """Names on the axis and places of its finer lines: months of one year, quarters of a few, else years or more."""
    if len(axis.years) == 1:
        starts = [date(axis.years[0], month, 1) for month in range(1, 13)]
        names, step = list(months), 31
    else:
        every = max(1, len(axis.years) // 12 + (len(axis.years) > 12))
        starts = [date(year, 1, 1) for year in axis.years if (year - axis.years[0]) % every == 0]
        names, step = [str(start.year) for start in starts], 365 * every
    ticks = []
    for start, name in zip(starts, names, strict=True):
        at = start.toordinal()
        middle = axis.place(min(at + step // 2, axis.begin + axis.days))
        ticks.append(Tick(name, axis.place(at), middle, start.month == 1))
    quarters = [date(year, month, 1) for year in axis.years for month in (4, 7, 10)] if 1 < len(axis.years) <= 5 else []
    return tuple(ticks), tuple(axis.place(day.toordinal()) for day in quarters)
